// Layers that add noise while training.
#include <cmath>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// self where positive, else times a slope: of [lower, upper] for each element at random while training, their middle
/// otherwise (Xu et al., 2015).
//: inplace
Tensor rrelu(const Tensor& self, const Scalar& lower /* = 0.125 */, const Scalar& upper /* = 0.3333333333333333 */,
             bool training /* = false */, std::optional<Generator> generator /* = std::nullopt */) {
  checked_impl("rrelu", self);
  check_floating("rrelu", self);
  const double low = lower.toDouble(), high = upper.toDouble();
  if (!(low <= high)) fail("[rrelu] lower {} is above upper {}; swap them", low, high);
  if (!training) return leaky_relu(self, (low + high) / 2);
  Tensor slope;
  {
    const NoGradGuard no_grad;
    slope = empty(self.sizes(), self.options().requires_grad(std::nullopt)).uniform_(low, high, generator);
    slope.masked_fill_(self.gt(0), 1);
  }
  return self * slope;
}

namespace {

/// What is dropped becomes SELU's lower limit, and all is scaled and shifted so that mean and variance stay
/// (Klambauer et al., 2017). keep_sizes: the shape of the mask, which broadcasts.
Tensor alpha_drop(const char* op, const Tensor& self, double p, bool train, IntArrayRef keep_sizes) {
  checked_impl(op, self);
  if (!(p >= 0 && p <= 1)) fail("[{}] dropout probability has to be between 0 and 1, but got {}", op, p);
  if (!train || p == 0 || self.numel() == 0) return self;
  check_floating(op, self);
  if (p == 1) return self * 0;
  constexpr double limit = 1.7580993408473766;
  const double a = 1 / std::sqrt((limit * limit * p + 1) * (1 - p));
  Tensor keep;
  {
    const NoGradGuard no_grad;
    keep = empty(keep_sizes, self.options().requires_grad(std::nullopt)).bernoulli_(1 - p);
  }
  return self * (keep * a) + ((keep - 1) * (limit * a) + limit * a * p);
}

}  // namespace

/// Elements are dropped with probability p so that SELU's mean and variance stay.
//: inplace
Tensor alpha_dropout(const Tensor& self, double p, bool train) {
  return alpha_drop("alpha_dropout", self, p, train, self.defined() ? self.sizes() : IntArrayRef());
}
/// Whole channels (dimension 1) are.
//: inplace
Tensor feature_alpha_dropout(const Tensor& self, double p, bool train) {
  checked_impl("feature_alpha_dropout", self);
  if (!train) return alpha_drop("feature_alpha_dropout", self, p, train, self.sizes());
  if (self.dim() < 2)
    fail<ShapeError>("[feature_alpha_dropout] channels are dimension 1, but the shape is {}", shape_text(self.sizes()));
  DimVector sizes(static_cast<size_t>(self.dim()), 1);
  sizes[0] = self.size(0);
  sizes[1] = self.size(1);
  return alpha_drop("feature_alpha_dropout", self, p, train, sizes);
}

}  // namespace hearth
