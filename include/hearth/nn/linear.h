#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

/// Gives back its input.
class HEARTH_API IdentityImpl : public Cloneable<IdentityImpl> {
 public:
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input) { return input; }
};
HEARTH_MODULE(Identity);

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features) : in_features_(in_features), out_features_(out_features) {}
  HEARTH_ARG(int64_t, in_features);
  HEARTH_ARG(int64_t, out_features);
  HEARTH_ARG(bool, bias) = true;
};

/// input [*, in_features] to [*, out_features]: x W^T + b.
class HEARTH_API LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(int64_t in_features, int64_t out_features) : LinearImpl(LinearOptions(in_features, out_features)) {}
  explicit LinearImpl(const LinearOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LinearOptions options;
  Tensor weight;  ///< [out_features, in_features]
  Tensor bias;    ///< [out_features]; undefined without one
};
HEARTH_MODULE(Linear);

struct FlattenOptions {
  HEARTH_ARG(int64_t, start_dim) = 1;
  HEARTH_ARG(int64_t, end_dim) = -1;
};

/// Dimensions start_dim to end_dim as one.
class HEARTH_API FlattenImpl : public Cloneable<FlattenImpl> {
 public:
  explicit FlattenImpl(const FlattenOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input) { return input.flatten(options.start_dim(), options.end_dim()); }

  FlattenOptions options;
};
HEARTH_MODULE(Flatten);

}  // namespace hearth::nn
