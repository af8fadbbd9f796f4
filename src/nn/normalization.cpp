#include "hearth/nn/normalization.h"

#include "base/fail.h"
#include "hearth/nn/functional/normalization.h"
#include "hearth/nn/init.h"
#include "nn/print.h"

namespace hearth::nn {

RMSNormImpl::RMSNormImpl(const RMSNormOptions& options_) : options(options_) { RMSNormImpl::reset(); }
void RMSNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight", affine ? hearth::empty(options.normalized_shape()) : Tensor(), affine);
  reset_parameters();
}
void RMSNormImpl::reset_parameters() {
  if (options.elementwise_affine()) init::ones_(weight);
}
void RMSNormImpl::pretty_print(std::ostream& stream) const {
  Line line(stream, "RMSNorm");
  line(IntArrayRef(options.normalized_shape()));
  if (options.eps()) {
    line("eps", *options.eps());
  } else {
    line("eps", "None");
  }
  line("elementwise_affine", options.elementwise_affine());
}
Tensor RMSNormImpl::forward(const Tensor& input) try {
  return rms_norm(input, options.normalized_shape(), weight, options.eps());
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

GroupNormImpl::GroupNormImpl(const GroupNormOptions& options_) : options(options_) { GroupNormImpl::reset(); }
void GroupNormImpl::reset() {
  const int64_t channels = options.num_channels();
  if (options.num_groups() < 1 || channels % options.num_groups() != 0)
    fail("[GroupNorm] num_channels {} must be divisible by num_groups {}", channels, options.num_groups());
  weight = register_parameter("weight", options.affine() ? empty({channels}) : Tensor(), options.affine());
  bias = register_parameter("bias", options.affine() ? empty({channels}) : Tensor(), options.affine());
  reset_parameters();
}
void GroupNormImpl::reset_parameters() {
  if (!options.affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}
void GroupNormImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "GroupNorm")(options.num_groups())(options.num_channels())("eps", options.eps())("affine",
                                                                                                options.affine());
}
Tensor GroupNormImpl::forward(const Tensor& input) try {
  return group_norm(input, options.num_groups(), weight, bias, options.eps());
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

void LocalResponseNormImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "LocalResponseNorm")(options.size())("alpha", options.alpha())("beta", options.beta())("k", options.k());
}
Tensor LocalResponseNormImpl::forward(const Tensor& input) { return functional::local_response_norm(input, options); }

void CrossMapLRN2dImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "CrossMapLRN2d")(options.size())("alpha", options.alpha())("beta", options.beta())("k", options.k());
}

namespace {
/// The mean of x^2 over `size` channels, from `before` before each; those outside count as zeros.
Tensor mean_of_neighbours(const Tensor& x, int64_t size, int64_t before) {
  const int64_t n = x.size(0), c = x.size(1);
  const Tensor squares = (x * x).reshape({n, 1, c, x.numel() / (n * c)});
  const Tensor padded = constant_pad_nd(squares, {0, 0, before, size - 1 - before}, 0);
  return avg_pool2d(padded, {size, 1}, 1).view(x.sizes());
}
}  // namespace

Tensor CrossMapLRN2dImpl::forward(const Tensor& input) {
  if (input.dim() != 4 || options.size() < 1)
    fail<ShapeError>("[CrossMapLRN2d] expected an input [N, C, H, W] and a positive size, but got shape {} and size {}",
                     shape_text(input.sizes()), options.size());
  if (input.numel() == 0) return input;
  // As Torch sums: over (size - 1) / 2 neighbours on each side, and the first channel never leaves the sum.
  const int64_t side = (options.size() - 1) / 2, width = 2 * side + 1;
  Tensor squares = mean_of_neighbours(input, width, side) * static_cast<double>(width);
  if (input.size(1) > side + 1) {
    const int64_t behind = input.size(1) - side - 1;
    const Tensor first = input.narrow(1, 0, 1).square().expand({-1, behind, -1, -1});
    squares = squares + constant_pad_nd(first, {0, 0, 0, 0, side + 1, 0}, 0);
  }
  const double share = options.alpha() / static_cast<double>(options.size());
  return input * (squares * share + static_cast<double>(options.k())).pow(-options.beta());
}

namespace functional {

Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& o) {
  if (input.dim() < 3)
    fail<ShapeError>("[local_response_norm] expected 3D or higher dimensionality input [N, C, …], got shape {}",
                     shape_text(input.sizes()));
  if (o.size() < 1) fail("[local_response_norm] size is {}; it must be positive", o.size());
  if (input.numel() == 0) return input;
  return input / (mean_of_neighbours(input, o.size(), o.size() / 2) * o.alpha() + o.k()).pow(o.beta());
}

Tensor normalize(const Tensor& input, NormalizeFuncOptions o) {
  const Tensor y = input / input.norm(o.p(), o.dim(), /*keepdim=*/true).clamp_min(o.eps());
  if (!o.out()) return y;
  o.out()->resize_(y.sizes());
  return o.out()->copy_(y);
}

}  // namespace functional

}  // namespace hearth::nn
