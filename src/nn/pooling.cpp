#include "hearth/nn/pooling.h"

#include "base/fail.h"
#include "hearth/nn/functional/pooling.h"
#include "nn/print.h"

namespace hearth::nn {

namespace F = functional;

template <size_t D, class Derived>
void MaxPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "MaxPool", D, "d")("kernel_size", options.kernel_size())("stride", options.stride())(
      "padding", options.padding())("dilation", options.dilation())("ceil_mode", options.ceil_mode());
}
template <size_t D, class Derived>
Tensor MaxPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) return F::max_pool1d(input, options);
  if constexpr (D == 2) return F::max_pool2d(input, options);
  if constexpr (D == 3) return F::max_pool3d(input, options);
}
template <size_t D, class Derived>
std::tuple<Tensor, Tensor> MaxPoolImpl<D, Derived>::forward_with_indices(const Tensor& input) {
  if constexpr (D == 1) return F::max_pool1d_with_indices(input, options);
  if constexpr (D == 2) return F::max_pool2d_with_indices(input, options);
  if constexpr (D == 3) return F::max_pool3d_with_indices(input, options);
}

template <size_t D, class Derived>
void AvgPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "AvgPool", D, "d")("kernel_size", options.kernel_size())("stride", options.stride())("padding",
                                                                                                    options.padding());
}
template <size_t D, class Derived>
Tensor AvgPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) return F::avg_pool1d(input, options);
  if constexpr (D == 2) return F::avg_pool2d(input, options);
  if constexpr (D == 3) return F::avg_pool3d(input, options);
}

template <size_t D, class Derived>
void AdaptiveAvgPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "AdaptiveAvgPool", D, "d")("output_size", options.output_size());
}
template <size_t D, class Derived>
Tensor AdaptiveAvgPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) return F::adaptive_avg_pool1d(input, options);
  if constexpr (D == 2) return F::adaptive_avg_pool2d(input, options);
  if constexpr (D == 3) return F::adaptive_avg_pool3d(input, options);
}

template <size_t D, class Derived>
void AdaptiveMaxPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "AdaptiveMaxPool", D, "d")("output_size", options.output_size());
}
template <size_t D, class Derived>
Tensor AdaptiveMaxPoolImpl<D, Derived>::forward(const Tensor& input) {
  return std::get<0>(forward_with_indices(input));
}
template <size_t D, class Derived>
std::tuple<Tensor, Tensor> AdaptiveMaxPoolImpl<D, Derived>::forward_with_indices(const Tensor& input) {
  if constexpr (D == 1) return F::adaptive_max_pool1d_with_indices(input, options);
  if constexpr (D == 2) return F::adaptive_max_pool2d_with_indices(input, options);
  if constexpr (D == 3) return F::adaptive_max_pool3d_with_indices(input, options);
}

template <size_t D, class Derived>
void MaxUnpoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "MaxUnpool", D, "d")("kernel_size", options.kernel_size())("stride", options.stride())(
      "padding", options.padding());
}
template <size_t D, class Derived>
Tensor MaxUnpoolImpl<D, Derived>::forward(const Tensor& input, const Tensor& indices,
                                          const std::optional<std::vector<int64_t>>& output_size) {
  const auto o = F::MaxUnpoolFuncOptions<D>(options.kernel_size())
                     .stride(options.stride())
                     .padding(options.padding())
                     .output_size(output_size);
  if constexpr (D == 1) return F::max_unpool1d(input, indices, o);
  if constexpr (D == 2) return F::max_unpool2d(input, indices, o);
  if constexpr (D == 3) return F::max_unpool3d(input, indices, o);
}

template <size_t D, class Derived>
void FractionalMaxPoolImpl<D, Derived>::reset() {
  _random_samples = this->register_buffer("_random_samples", options._random_samples());
  if (options.output_size().has_value() == options.output_ratio().has_value())
    fail("[FractionalMaxPool{}d] requires specifying either an output_size or an output_ratio, and not both", D);
  if (!options.output_ratio()) return;
  for (const double ratio : **options.output_ratio())
    if (!(ratio > 0 && ratio < 1))
      fail("[FractionalMaxPool{}d] output_ratio must be between 0 and 1 (got {})", D, ratio);
}
template <size_t D, class Derived>
void FractionalMaxPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "FractionalMaxPool", D, "d");
}
template <size_t D, class Derived>
Tensor FractionalMaxPoolImpl<D, Derived>::forward(const Tensor& input) {
  return std::get<0>(forward_with_indices(input));
}
template <size_t D, class Derived>
std::tuple<Tensor, Tensor> FractionalMaxPoolImpl<D, Derived>::forward_with_indices(const Tensor& input) {
  FractionalMaxPoolOptions<D> o = options;
  o._random_samples(_random_samples);
  if constexpr (D == 2) return F::fractional_max_pool2d_with_indices(input, o);
  if constexpr (D == 3) return F::fractional_max_pool3d_with_indices(input, o);
}

template <size_t D, class Derived>
void LPPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "LPPool", D, "d")("norm_type", options.norm_type())("kernel_size", options.kernel_size())(
      "stride", options.stride())("ceil_mode", options.ceil_mode());
}
template <size_t D, class Derived>
Tensor LPPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) return F::lp_pool1d(input, options);
  if constexpr (D == 2) return F::lp_pool2d(input, options);
}

template class MaxPoolImpl<1, MaxPool1dImpl>;
template class MaxPoolImpl<2, MaxPool2dImpl>;
template class MaxPoolImpl<3, MaxPool3dImpl>;
template class AvgPoolImpl<1, AvgPool1dImpl>;
template class AvgPoolImpl<2, AvgPool2dImpl>;
template class AvgPoolImpl<3, AvgPool3dImpl>;
template class AdaptiveAvgPoolImpl<1, AdaptiveAvgPool1dImpl>;
template class AdaptiveAvgPoolImpl<2, AdaptiveAvgPool2dImpl>;
template class AdaptiveAvgPoolImpl<3, AdaptiveAvgPool3dImpl>;
template class AdaptiveMaxPoolImpl<1, AdaptiveMaxPool1dImpl>;
template class AdaptiveMaxPoolImpl<2, AdaptiveMaxPool2dImpl>;
template class AdaptiveMaxPoolImpl<3, AdaptiveMaxPool3dImpl>;
template class MaxUnpoolImpl<1, MaxUnpool1dImpl>;
template class MaxUnpoolImpl<2, MaxUnpool2dImpl>;
template class MaxUnpoolImpl<3, MaxUnpool3dImpl>;
template class FractionalMaxPoolImpl<2, FractionalMaxPool2dImpl>;
template class FractionalMaxPoolImpl<3, FractionalMaxPool3dImpl>;
template class LPPoolImpl<1, LPPool1dImpl>;
template class LPPoolImpl<2, LPPool2dImpl>;

}  // namespace hearth::nn
