#include "base/fail.h"
#include "hearth/nn/functional/pooling.h"

namespace hearth::nn::functional {

Tensor max_pool1d(const Tensor& input, const MaxPool1dFuncOptions& o) {
  return hearth::max_pool1d(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
Tensor max_pool2d(const Tensor& input, const MaxPool2dFuncOptions& o) {
  return hearth::max_pool2d(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
Tensor max_pool3d(const Tensor& input, const MaxPool3dFuncOptions& o) {
  return hearth::max_pool3d(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& input, const MaxPool1dFuncOptions& o) {
  return hearth::max_pool1d_with_indices(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& input, const MaxPool2dFuncOptions& o) {
  return hearth::max_pool2d_with_indices(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& input, const MaxPool3dFuncOptions& o) {
  return hearth::max_pool3d_with_indices(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
Tensor avg_pool1d(const Tensor& input, const AvgPool1dFuncOptions& o) {
  if (o.divisor_override())
    fail("[avg_pool1d] there is no divisor_override in one dimension (got {})", *o.divisor_override());
  return hearth::avg_pool1d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad());
}
Tensor avg_pool2d(const Tensor& input, const AvgPool2dFuncOptions& o) {
  return hearth::avg_pool2d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                            o.divisor_override());
}
Tensor avg_pool3d(const Tensor& input, const AvgPool3dFuncOptions& o) {
  return hearth::avg_pool3d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                            o.divisor_override());
}

namespace {

/// The wanted sizes, with the input's own where they are left open.
template <size_t D>
std::vector<int64_t> filled(const char* op, const ExpandingArrayWithOptionalElem<D>& wanted, const Tensor& input) {
  if (!input.defined() || static_cast<size_t>(input.dim()) < D)
    fail<ShapeError>("[{}] expected an input [N, C, …] with {} spatial dimensions, but got shape {}", op, D,
                     input.defined() ? shape_text(input.sizes()) : "none");
  std::vector<int64_t> sizes;
  for (size_t d = 0; d < D; ++d)
    sizes.push_back((*wanted)[d].value_or(input.size(static_cast<int64_t>(d) - static_cast<int64_t>(D))));
  return sizes;
}

}  // namespace

std::tuple<Tensor, Tensor> adaptive_max_pool1d_with_indices(const Tensor& input,
                                                            const AdaptiveMaxPool1dFuncOptions& o) {
  return hearth::adaptive_max_pool1d(input, o.output_size());
}
std::tuple<Tensor, Tensor> adaptive_max_pool2d_with_indices(const Tensor& input,
                                                            const AdaptiveMaxPool2dFuncOptions& o) {
  return hearth::adaptive_max_pool2d(input, filled("adaptive_max_pool2d", o.output_size(), input));
}
std::tuple<Tensor, Tensor> adaptive_max_pool3d_with_indices(const Tensor& input,
                                                            const AdaptiveMaxPool3dFuncOptions& o) {
  return hearth::adaptive_max_pool3d(input, filled("adaptive_max_pool3d", o.output_size(), input));
}
Tensor adaptive_max_pool1d(const Tensor& input, const AdaptiveMaxPool1dFuncOptions& o) {
  return std::get<0>(adaptive_max_pool1d_with_indices(input, o));
}
Tensor adaptive_max_pool2d(const Tensor& input, const AdaptiveMaxPool2dFuncOptions& o) {
  return std::get<0>(adaptive_max_pool2d_with_indices(input, o));
}
Tensor adaptive_max_pool3d(const Tensor& input, const AdaptiveMaxPool3dFuncOptions& o) {
  return std::get<0>(adaptive_max_pool3d_with_indices(input, o));
}
Tensor adaptive_avg_pool1d(const Tensor& input, const AdaptiveAvgPool1dFuncOptions& o) {
  return hearth::adaptive_avg_pool1d(input, o.output_size());
}
Tensor adaptive_avg_pool2d(const Tensor& input, const AdaptiveAvgPool2dFuncOptions& o) {
  return hearth::adaptive_avg_pool2d(input, filled("adaptive_avg_pool2d", o.output_size(), input));
}
Tensor adaptive_avg_pool3d(const Tensor& input, const AdaptiveAvgPool3dFuncOptions& o) {
  return hearth::adaptive_avg_pool3d(input, filled("adaptive_avg_pool3d", o.output_size(), input));
}

namespace {

/// The size that was pooled: as asked for, or the smallest that gives the input's.
template <size_t D>
std::vector<int64_t> unpooled(const Tensor& input, const MaxUnpoolFuncOptions<D>& o) {
  const auto rank = input.defined() ? static_cast<size_t>(input.dim()) : 0;
  if (rank != D + 1 && rank != D + 2)
    fail<ShapeError>("[max_unpool{}d] expected an input [N, C, …] or [C, …] with {} spatial dimensions, but got {}", D,
                     D, input.defined() ? shape_text(input.sizes()) : "an undefined tensor");
  std::vector<int64_t> plain, sizes;
  for (size_t d = 0; d < D; ++d)
    plain.push_back((input.sizes()[rank - D + d] - 1) * (*o.stride())[d] + (*o.kernel_size())[d] -
                    2 * (*o.padding())[d]);
  if (!o.output_size()) return plain;
  const std::vector<int64_t>& wanted = *o.output_size();
  if (wanted.size() != D && wanted.size() != D + 1 && wanted.size() != D + 2)
    fail("[max_unpool{}d] output_size {} should have {} or {} elements", D, shape_text(wanted), D, D + 2);
  sizes.assign(wanted.end() - static_cast<int64_t>(D), wanted.end());
  for (size_t d = 0; d < D; ++d) {
    const int64_t least = plain[d] - (*o.stride())[d], most = plain[d] + (*o.stride())[d];
    if (sizes[d] < least || sizes[d] > most)
      fail("[max_unpool{}d] invalid output_size {} (dim {} must be between {} and {})", D, shape_text(wanted), d, least,
           most);
  }
  return sizes;
}

template <size_t D, class F>
auto fractional(const char* op, F&& f, const Tensor& input, const FractionalMaxPoolOptions<D>& o) {
  if (!o.output_size() && !o.output_ratio())
    fail("[{}] requires specifying either an output_size or an output_ratio", op);
  const auto rank = input.defined() ? static_cast<size_t>(input.dim()) : 0;
  if (rank != D + 1 && rank != D + 2)
    fail<ShapeError>("[{}] expected an input [N, C, …] or [C, …] with {} spatial dimensions, but got {}", op, D,
                     input.defined() ? shape_text(input.sizes()) : "an undefined tensor");
  std::vector<int64_t> sizes;
  for (size_t d = 0; d < D; ++d)
    sizes.push_back(o.output_size() ? (**o.output_size())[d]
                                    : static_cast<int64_t>(static_cast<double>(input.sizes()[rank - D + d]) *
                                                           (**o.output_ratio())[d]));
  const int64_t images = rank == D + 1 ? 1 : input.size(0);
  const Tensor samples = o._random_samples().defined()
                             ? o._random_samples()
                             : rand({images, input.sizes()[rank - D - 1], static_cast<int64_t>(D)},
                                    input.options().requires_grad(std::nullopt));
  return f(input, o.kernel_size(), sizes, samples);
}

}  // namespace

Tensor max_unpool1d(const Tensor& input, const Tensor& indices, const MaxUnpool1dFuncOptions& o) {
  std::vector<int64_t> sizes = unpooled(input, o);
  sizes.push_back(1);
  return hearth::max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), sizes).squeeze(-1);
}
Tensor max_unpool2d(const Tensor& input, const Tensor& indices, const MaxUnpool2dFuncOptions& o) {
  return hearth::max_unpool2d(input, indices, unpooled(input, o));
}
Tensor max_unpool3d(const Tensor& input, const Tensor& indices, const MaxUnpool3dFuncOptions& o) {
  return hearth::max_unpool3d(input, indices, unpooled(input, o), o.stride(), o.padding());
}
std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(const Tensor& input,
                                                              const FractionalMaxPool2dFuncOptions& o) {
  return fractional("fractional_max_pool2d", hearth::fractional_max_pool2d, input, o);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(const Tensor& input,
                                                              const FractionalMaxPool3dFuncOptions& o) {
  return fractional("fractional_max_pool3d", hearth::fractional_max_pool3d, input, o);
}
Tensor fractional_max_pool2d(const Tensor& input, const FractionalMaxPool2dFuncOptions& o) {
  return std::get<0>(fractional_max_pool2d_with_indices(input, o));
}
Tensor fractional_max_pool3d(const Tensor& input, const FractionalMaxPool3dFuncOptions& o) {
  return std::get<0>(fractional_max_pool3d_with_indices(input, o));
}

namespace {
/// (sum of x^p)^(1/p) from the mean of x^p over windows of `cells`; the sum counts as positive.
Tensor power_mean(const Tensor& mean, double cells, double p) {
  return (mean.sign() * mean.abs().relu() * cells).pow(1 / p);
}
}  // namespace

Tensor lp_pool1d(const Tensor& input, const LPPool1dFuncOptions& o) {
  return power_mean(hearth::avg_pool1d(input.pow(o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode()),
                    static_cast<double>((*o.kernel_size())[0]), o.norm_type());
}
Tensor lp_pool2d(const Tensor& input, const LPPool2dFuncOptions& o) {
  return power_mean(hearth::avg_pool2d(input.pow(o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode()),
                    static_cast<double>((*o.kernel_size())[0] * (*o.kernel_size())[1]), o.norm_type());
}

}  // namespace hearth::nn::functional
