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

namespace detail {
HEARTH_API void check_dropout(double p);
HEARTH_API void print_dropout(std::ostream& stream, const char* name, const DropoutOptions& options);
}  // namespace detail

/// While training, zeroes elements with probability p and divides the others by 1 - p (Srivastava et al., 2014).
class HEARTH_API DropoutImpl : public Cloneable<DropoutImpl> {
 public:
  explicit DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
  explicit DropoutImpl(const DropoutOptions& options_ = {}) : options(options_) { DropoutImpl::reset(); }
  void reset() override { detail::check_dropout(options.p()); }
  void pretty_print(std::ostream& stream) const override { detail::print_dropout(stream, "Dropout", options); }
  Tensor forward(Tensor input) {
    return options.inplace() ? dropout_(input, options.p(), is_training()) : dropout(input, options.p(), is_training());
  }

  DropoutOptions options;
};
HEARTH_MODULE(Dropout);

/// While training, zeroes whole channels (dimension 1) (Tompson et al., 2015).
class HEARTH_API Dropout2dImpl : public Cloneable<Dropout2dImpl> {
 public:
  explicit Dropout2dImpl(double p) : Dropout2dImpl(Dropout2dOptions(p)) {}
  explicit Dropout2dImpl(const Dropout2dOptions& options_ = {}) : options(options_) { Dropout2dImpl::reset(); }
  void reset() override { detail::check_dropout(options.p()); }
  void pretty_print(std::ostream& stream) const override { detail::print_dropout(stream, "Dropout2d", options); }
  Tensor forward(Tensor input) {
    return options.inplace() ? feature_dropout_(input, options.p(), is_training())
                             : feature_dropout(input, options.p(), is_training());
  }

  Dropout2dOptions options;
};
HEARTH_MODULE(Dropout2d);

}  // namespace hearth::nn
