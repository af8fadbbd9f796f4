#pragma once

#include "hearth/nn/normalization.h"

namespace hearth::nn::functional {

using LocalResponseNormFuncOptions = LocalResponseNormOptions;
struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<int64_t> normalized_shape)  // NOLINT: implicit, as in LibTorch
      : normalized_shape_(std::move(normalized_shape)) {}
  HEARTH_ARG(std::vector<int64_t>, normalized_shape);
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(Tensor, bias);
  HEARTH_ARG(double, eps) = 1e-5;
};
struct RMSNormFuncOptions {
  RMSNormFuncOptions(std::vector<int64_t> normalized_shape)  // NOLINT
      : normalized_shape_(std::move(normalized_shape)) {}
  HEARTH_ARG(std::vector<int64_t>, normalized_shape);
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(std::optional<double>, eps);
};
struct GroupNormFuncOptions {
  GroupNormFuncOptions(int64_t num_groups) : num_groups_(num_groups) {}  // NOLINT
  HEARTH_ARG(int64_t, num_groups);
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(Tensor, bias);
  HEARTH_ARG(double, eps) = 1e-5;
};
struct NormalizeFuncOptions {
  HEARTH_ARG(double, p) = 2.0;
  HEARTH_ARG(int64_t, dim) = 1;
  /// The least norm by which is divided.
  HEARTH_ARG(double, eps) = 1e-12;
  HEARTH_ARG(std::optional<Tensor>, out);
};

inline Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& o) {
  return hearth::layer_norm(input, o.normalized_shape(), o.weight(), o.bias(), o.eps());
}
inline Tensor rms_norm(const Tensor& input, const RMSNormFuncOptions& o) {
  return hearth::rms_norm(input, o.normalized_shape(), o.weight(), o.eps());
}
inline Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& o) {
  return hearth::group_norm(input, o.num_groups(), o.weight(), o.bias(), o.eps());
}
/// input [N, C, …] of at least 3 dimensions.
HEARTH_API Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options);
/// input divided by its p-norm along dim.
HEARTH_API Tensor normalize(const Tensor& input, NormalizeFuncOptions options = {});

}  // namespace hearth::nn::functional
