#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}  // NOLINT: implicit, as in LibTorch
  /// The probability that an element is zeroed.
  HEARTH_ARG(double, p);
  HEARTH_ARG(bool, inplace) = false;
};
using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

namespace detail {
HEARTH_API void check_dropout(double p);
}

/// What dropouts share.
template <class Derived>
class DropoutImplBase : public Cloneable<Derived> {
 public:
  explicit DropoutImplBase(double p) : DropoutImplBase(DropoutOptions(p)) {}
  explicit DropoutImplBase(const DropoutOptions& options_ = {}) : options(options_) { DropoutImplBase::reset(); }
  void reset() override { detail::check_dropout(options.p()); }

  DropoutOptions options;
};

/// While training, zeroes elements with probability p and divides the others by 1 - p (Srivastava et al., 2014).
class HEARTH_API DropoutImpl : public DropoutImplBase<DropoutImpl> {
 public:
  using DropoutImplBase::DropoutImplBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(Dropout);

/// While training, zeroes whole channels of [N, C, H, W] or [C, H, W] (Tompson et al., 2015).
class HEARTH_API Dropout2dImpl : public DropoutImplBase<Dropout2dImpl> {
 public:
  using DropoutImplBase::DropoutImplBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(Dropout2d);

/// While training, zeroes whole channels of [N, C, D, H, W] or [C, D, H, W].
class HEARTH_API Dropout3dImpl : public DropoutImplBase<Dropout3dImpl> {
 public:
  using DropoutImplBase::DropoutImplBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(Dropout3d);

/// Dropout that keeps SELU's mean and variance (Klambauer et al., 2017).
class HEARTH_API AlphaDropoutImpl : public DropoutImplBase<AlphaDropoutImpl> {
 public:
  using DropoutImplBase::DropoutImplBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(AlphaDropout);

/// The same for whole channels (dimension 1).
class HEARTH_API FeatureAlphaDropoutImpl : public DropoutImplBase<FeatureAlphaDropoutImpl> {
 public:
  using DropoutImplBase::DropoutImplBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(FeatureAlphaDropout);

}  // namespace hearth::nn
