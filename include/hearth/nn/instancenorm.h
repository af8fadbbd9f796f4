#pragma once

#include "hearth/nn/batchnorm.h"

namespace hearth::nn {

struct InstanceNormOptions {
  InstanceNormOptions(int64_t num_features) : num_features_(num_features) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(int64_t, num_features);
  HEARTH_ARG(double, eps) = 1e-5;
  HEARTH_ARG(double, momentum) = 0.1;
  HEARTH_ARG(bool, affine) = false;
  HEARTH_ARG(bool, track_running_stats) = false;
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

namespace detail {
struct HEARTH_API InstanceNormState : NormState {
  explicit InstanceNormState(const InstanceNormOptions& options_) : options(options_) {}
  void register_state(Module& self);
  void print(std::ostream& stream, int rank) const;
  /// `self` is the module whose state this is.
  Tensor run(const Module& self, const Tensor& input, int64_t rank);

  InstanceNormOptions options;
};
}  // namespace detail

/// Normalises each channel of each image by itself (Ulyanov et al., 2016): input [N, C, …] or without N.
template <int D, class Derived>
class InstanceNormImplBase : public Cloneable<Derived>, public detail::InstanceNormState {
 public:
  explicit InstanceNormImplBase(const InstanceNormOptions& options_) : InstanceNormState(options_) {
    register_state(*this);
  }
  void reset() override { register_state(*this); }
  void pretty_print(std::ostream& stream) const override { print(stream, D); }
  Tensor forward(const Tensor& input) { return run(*this, input, D); }
};

class HEARTH_API InstanceNorm1dImpl : public InstanceNormImplBase<1, InstanceNorm1dImpl> {
 public:
  using InstanceNormImplBase::InstanceNormImplBase;
};
class HEARTH_API InstanceNorm2dImpl : public InstanceNormImplBase<2, InstanceNorm2dImpl> {
 public:
  using InstanceNormImplBase::InstanceNormImplBase;
};
class HEARTH_API InstanceNorm3dImpl : public InstanceNormImplBase<3, InstanceNorm3dImpl> {
 public:
  using InstanceNormImplBase::InstanceNormImplBase;
};
HEARTH_LIBRARY_MODULE(InstanceNorm1d);
HEARTH_LIBRARY_MODULE(InstanceNorm2d);
HEARTH_LIBRARY_MODULE(InstanceNorm3d);

}  // namespace hearth::nn
