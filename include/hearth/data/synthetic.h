#pragma once

#include "hearth/data/dataset.h"

namespace hearth::data::datasets {

/// Sets made by the program from a seed alone. Sample i of a seed is the same whatever the size.
class HEARTH_API Synthetic : public Dataset<Synthetic> {
 public:
  Synthetic(Tensor data, Tensor targets) : data_(std::move(data)), targets_(std::move(targets)) {}
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(data_.size(0)); }
  const Tensor& data() const { return data_; }
  const Tensor& targets() const { return targets_; }

 private:
  Tensor data_, targets_;
};

// Points [N, 2] and a class (int64). Noise is the standard deviation of what is added to each coordinate.

/// Normal clouds of deviation `spread` around centres on [-10, 10] in each of `features` dimensions: data [N,
/// features].
HEARTH_API Synthetic blobs(size_t size, int64_t classes = 3, int64_t features = 2, double spread = 1,
                           uint64_t seed = 0);
/// Two half circles, each reaching into the other.
HEARTH_API Synthetic moons(size_t size, double noise = 0.1, uint64_t seed = 0);
/// A circle of radius 1, and one of radius `inner` in it.
HEARTH_API Synthetic circles(size_t size, double noise = 0.05, double inner = 0.5, uint64_t seed = 0);
/// Arms that wind around each other, from the middle to radius 1.
HEARTH_API Synthetic spirals(size_t size, int64_t arms = 2, double noise = 0.02, uint64_t seed = 0);

// Numbers: targets [N, 1] (float32).

/// y = w x + b + noise: data [N, features] of standard normal numbers; w and b are drawn from [-2, 2].
HEARTH_API Synthetic linear_regression(size_t size, int64_t features = 1, double noise = 0.1, uint64_t seed = 0);
/// y = sin(x) + noise, x between -2π and 2π: data [N, 1].
HEARTH_API Synthetic sine(size_t size, double noise = 0.1, uint64_t seed = 0);

}  // namespace hearth::data::datasets
