#pragma once

#include "hearth/nn/layernorm.h"
#include "hearth/nn/plain.h"

namespace hearth::nn {

struct RMSNormOptions {
  RMSNormOptions(std::vector<int64_t> normalized_shape)  // NOLINT
      : normalized_shape_(std::move(normalized_shape)) {}
  HEARTH_ARG(std::vector<int64_t>, normalized_shape);
  /// None: the smallest step of the dtype at 1.
  HEARTH_ARG(std::optional<double>, eps);
  HEARTH_ARG(bool, elementwise_affine) = true;
};
struct GroupNormOptions {
  GroupNormOptions(int64_t num_groups, int64_t num_channels) : num_groups_(num_groups), num_channels_(num_channels) {}
  HEARTH_ARG(int64_t, num_groups);
  HEARTH_ARG(int64_t, num_channels);
  HEARTH_ARG(double, eps) = 1e-5;
  HEARTH_ARG(bool, affine) = true;
};
struct LocalResponseNormOptions {
  LocalResponseNormOptions(int64_t size) : size_(size) {}  // NOLINT
  /// Over how many neighbouring channels the squares are averaged.
  HEARTH_ARG(int64_t, size);
  HEARTH_ARG(double, alpha) = 1e-4;
  HEARTH_ARG(double, beta) = 0.75;
  HEARTH_ARG(double, k) = 1.;
};
struct CrossMapLRN2dOptions {
  CrossMapLRN2dOptions(int64_t size) : size_(size) {}  // NOLINT
  HEARTH_ARG(int64_t, size);
  HEARTH_ARG(double, alpha) = 1e-4;
  HEARTH_ARG(double, beta) = 0.75;
  HEARTH_ARG(int64_t, k) = 1;
};

/// Divides by the root of the mean of squares over the last dimensions (Zhang and Sennrich, 2019).
class HEARTH_API RMSNormImpl : public Cloneable<RMSNormImpl> {
 public:
  RMSNormImpl(std::vector<int64_t> normalized_shape)  // NOLINT
      : RMSNormImpl(RMSNormOptions(std::move(normalized_shape))) {}
  explicit RMSNormImpl(const RMSNormOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  RMSNormOptions options;
  Tensor weight;  ///< [normalized_shape]; undefined unless elementwise_affine
};
HEARTH_LIBRARY_MODULE(RMSNorm);

/// Normalises [N, C, …] over each of num_groups groups of channels (Wu and He, 2018).
class HEARTH_API GroupNormImpl : public Cloneable<GroupNormImpl> {
 public:
  GroupNormImpl(int64_t num_groups, int64_t num_channels) : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
  explicit GroupNormImpl(const GroupNormOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  GroupNormOptions options;
  Tensor weight, bias;  ///< [num_channels]; undefined unless affine
};
HEARTH_LIBRARY_MODULE(GroupNorm);

/// x / (k + alpha * mean of the squares of neighbouring channels)^beta (Krizhevsky et al., 2012).
class HEARTH_API LocalResponseNormImpl : public Optioned<LocalResponseNormImpl, LocalResponseNormOptions> {
 public:
  LocalResponseNormImpl(int64_t size) : Optioned(LocalResponseNormOptions(size)) {}  // NOLINT
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(LocalResponseNorm);

/// The same for [N, C, H, W], as Torch 7 had it.
class HEARTH_API CrossMapLRN2dImpl : public Optioned<CrossMapLRN2dImpl, CrossMapLRN2dOptions> {
 public:
  CrossMapLRN2dImpl(int64_t size) : Optioned(CrossMapLRN2dOptions(size)) {}  // NOLINT
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(CrossMapLRN2d);

}  // namespace hearth::nn
