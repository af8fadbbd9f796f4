#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

struct BatchNormOptions {
  BatchNormOptions(int64_t num_features) : num_features_(num_features) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(int64_t, num_features);
  HEARTH_ARG(double, eps) = 1e-5;
  /// How far the running statistics move to the batch's; none: their plain average over all batches.
  HEARTH_ARG(std::optional<double>, momentum) = 0.1;
  HEARTH_ARG(bool, affine) = true;
  HEARTH_ARG(bool, track_running_stats) = true;
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;

namespace detail {
/// The tensors of norms that may follow the statistics of what they see.
struct HEARTH_API NormState {
  /// Registers and fills them: C channels.
  void register_state(Module& self, int64_t channels, bool affine, bool track);
  void reset_running_stats();
  void reset_parameters();

  Tensor weight, bias;               ///< [C]; undefined unless affine
  Tensor running_mean, running_var;  ///< [C]; undefined unless tracked
  Tensor num_batches_tracked;        ///< 0-dim, int64
};

/// The state and the work that batch norms of all ranks share.
struct HEARTH_API BatchNormState : NormState {
  explicit BatchNormState(const BatchNormOptions& options_) : options(options_) {}
  void register_state(Module& self);
  void print(std::ostream& stream, int rank) const;
  /// `self` is the module whose state this is.
  Tensor run(const Module& self, const Tensor& input, int64_t least_dim, int64_t most_dim);

  BatchNormOptions options;
};
}  // namespace detail

/// Normalises each channel (Ioffe and Szegedy, 2015): input [N, C] or with D spatial dimensions.
template <int D, class Derived>
class BatchNormImplBase : public Cloneable<Derived>, public detail::BatchNormState {
 public:
  explicit BatchNormImplBase(const BatchNormOptions& options_) : BatchNormState(options_) { register_state(*this); }
  void reset() override { register_state(*this); }
  void pretty_print(std::ostream& stream) const override { print(stream, D); }
  Tensor forward(const Tensor& input) { return run(*this, input, D == 1 ? 2 : D + 2, D + 2); }
};

class HEARTH_API BatchNorm1dImpl : public BatchNormImplBase<1, BatchNorm1dImpl> {
 public:
  using BatchNormImplBase::BatchNormImplBase;
};
class HEARTH_API BatchNorm2dImpl : public BatchNormImplBase<2, BatchNorm2dImpl> {
 public:
  using BatchNormImplBase::BatchNormImplBase;
};
class HEARTH_API BatchNorm3dImpl : public BatchNormImplBase<3, BatchNorm3dImpl> {
 public:
  using BatchNormImplBase::BatchNormImplBase;
};
HEARTH_LIBRARY_MODULE(BatchNorm1d);
HEARTH_LIBRARY_MODULE(BatchNorm2d);
HEARTH_LIBRARY_MODULE(BatchNorm3d);

}  // namespace hearth::nn
