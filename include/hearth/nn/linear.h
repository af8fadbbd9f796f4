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
HEARTH_LIBRARY_MODULE(Identity);

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
HEARTH_LIBRARY_MODULE(Linear);

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
HEARTH_LIBRARY_MODULE(Flatten);

struct UnflattenOptions {
  using namedshape_t = std::vector<std::pair<std::string, int64_t>>;
  UnflattenOptions(int64_t dim, std::vector<int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  UnflattenOptions(const char* dimname, namedshape_t namedshape)
      : UnflattenOptions(std::string(dimname), std::move(namedshape)) {}
  UnflattenOptions(std::string dimname, namedshape_t namedshape)
      : dim_(0), dimname_(std::move(dimname)), namedshape_(std::move(namedshape)) {}
  HEARTH_ARG(int64_t, dim);
  HEARTH_ARG(std::string, dimname);
  HEARTH_ARG(std::vector<int64_t>, sizes);
  HEARTH_ARG(namedshape_t, namedshape);
};

/// One dimension as several.
class HEARTH_API UnflattenImpl : public Cloneable<UnflattenImpl> {
 public:
  UnflattenImpl(int64_t dim, std::vector<int64_t> sizes) : options(dim, std::move(sizes)) {}
  explicit UnflattenImpl(UnflattenOptions options_) : options(std::move(options_)) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  UnflattenOptions options;
};
HEARTH_LIBRARY_MODULE(Unflatten);

struct BilinearOptions {
  BilinearOptions(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  HEARTH_ARG(int64_t, in1_features);
  HEARTH_ARG(int64_t, in2_features);
  HEARTH_ARG(int64_t, out_features);
  HEARTH_ARG(bool, bias) = true;
};

/// input1 [*, in1_features], input2 [*, in2_features] to [*, out_features]: x1 W[o] x2^T + b[o].
class HEARTH_API BilinearImpl : public Cloneable<BilinearImpl> {
 public:
  BilinearImpl(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : BilinearImpl(BilinearOptions(in1_features, in2_features, out_features)) {}
  explicit BilinearImpl(const BilinearOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);

  BilinearOptions options;
  Tensor weight;  ///< [out_features, in1_features, in2_features]
  Tensor bias;    ///< [out_features]; undefined without one
};
HEARTH_LIBRARY_MODULE(Bilinear);

}  // namespace hearth::nn
