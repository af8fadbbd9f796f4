#include "hearth/data/synthetic.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "base/fail.h"
#include "base/rng.h"
#include "hearth/ops.h"

namespace hearth::data::datasets {

namespace {

constexpr double kPi = std::numbers::pi;

/// The random numbers of one sample, or, where index is -1, of what all samples share.
class Numbers {
 public:
  Numbers(uint64_t seed, int64_t index) { stream_.set_stream(seed, index < 0 ? 1 : 0, static_cast<uint64_t>(index)); }
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(stream_.random() >> 8) * 0x1p-24;
  }
  double normal() {  // Box and Muller
    const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    return radius * std::cos(2 * kPi * uniform(0, 1));
  }
  int64_t below(int64_t n) {
    return static_cast<int64_t>(static_cast<uint64_t>(stream_.random()) * static_cast<uint64_t>(n) >> 32);
  }

 private:
  RandomStream stream_;
};

void check(const char* op, const char* what, double value, double low, double high) {
  if (!(value >= low && value <= high))
    fail("[{}] {} is {}; it must lie between {} and {}", op, what, value, low, high);
}

/// point(numbers, x) writes a sample's coordinates and returns its class.
template <class F>
Synthetic classes_of(size_t size, int64_t features, uint64_t seed, F&& point) {
  const auto n = static_cast<int64_t>(size);
  Tensor data = empty({n, features}), targets = empty({n}, kLong);
  for (int64_t i = 0; i < n; ++i) {
    Numbers numbers(seed, i);
    targets.data_ptr<int64_t>()[i] = point(numbers, data.data_ptr<float>() + i * features);
  }
  return {std::move(data), std::move(targets)};
}
template <class F>
Synthetic numbers_of(size_t size, int64_t features, uint64_t seed, F&& point) {
  const auto n = static_cast<int64_t>(size);
  Tensor data = empty({n, features}), targets = empty({n, 1});
  for (int64_t i = 0; i < n; ++i) {
    Numbers numbers(seed, i);
    targets.data_ptr<float>()[i] = static_cast<float>(point(numbers, data.data_ptr<float>() + i * features));
  }
  return {std::move(data), std::move(targets)};
}

void put(float* x, double a, double b, double noise, Numbers& numbers) {
  x[0] = static_cast<float>(a + noise * numbers.normal());
  x[1] = static_cast<float>(b + noise * numbers.normal());
}

}  // namespace

Example<> Synthetic::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {data_[i], targets_[i]};
}

Synthetic blobs(size_t size, int64_t classes, int64_t features, double spread, uint64_t seed) {
  check("blobs", "classes", static_cast<double>(classes), 1, 1e6);
  check("blobs", "features", static_cast<double>(features), 1, 1e6);
  check("blobs", "spread", spread, 0, 1e6);
  Numbers shared(seed, -1);
  std::vector<double> centres(static_cast<size_t>(classes * features));
  for (double& c : centres) c = shared.uniform(-10, 10);
  return classes_of(size, features, seed, [&](Numbers& numbers, float* x) {
    const int64_t k = numbers.below(classes);
    for (int64_t f = 0; f < features; ++f)
      x[f] = static_cast<float>(centres[static_cast<size_t>(k * features + f)] + spread * numbers.normal());
    return k;
  });
}

Synthetic moons(size_t size, double noise, uint64_t seed) {
  check("moons", "noise", noise, 0, 1e6);
  return classes_of(size, 2, seed, [&](Numbers& numbers, float* x) {
    const int64_t k = numbers.below(2);
    const double angle = numbers.uniform(0, kPi);
    put(x, k == 0 ? std::cos(angle) : 1 - std::cos(angle), k == 0 ? std::sin(angle) : 0.5 - std::sin(angle), noise,
        numbers);
    return k;
  });
}

Synthetic circles(size_t size, double noise, double inner, uint64_t seed) {
  check("circles", "noise", noise, 0, 1e6);
  check("circles", "inner", inner, 0, 1);
  return classes_of(size, 2, seed, [&](Numbers& numbers, float* x) {
    const int64_t k = numbers.below(2);
    const double angle = numbers.uniform(0, 2 * kPi), radius = k == 0 ? 1 : inner;
    put(x, radius * std::cos(angle), radius * std::sin(angle), noise, numbers);
    return k;
  });
}

Synthetic spirals(size_t size, int64_t arms, double noise, uint64_t seed) {
  check("spirals", "arms", static_cast<double>(arms), 1, 100);
  check("spirals", "noise", noise, 0, 1e6);
  return classes_of(size, 2, seed, [&](Numbers& numbers, float* x) {
    const int64_t k = numbers.below(arms);
    const double radius = std::sqrt(numbers.uniform(0, 1));  // evenly over the area
    const double angle = 3 * kPi * radius + 2 * kPi * static_cast<double>(k) / static_cast<double>(arms);
    put(x, radius * std::cos(angle), radius * std::sin(angle), noise, numbers);
    return k;
  });
}

Synthetic linear_regression(size_t size, int64_t features, double noise, uint64_t seed) {
  check("linear_regression", "features", static_cast<double>(features), 1, 1e6);
  check("linear_regression", "noise", noise, 0, 1e6);
  Numbers shared(seed, -1);
  std::vector<double> weights(static_cast<size_t>(features));
  const double bias = shared.uniform(-2, 2);
  for (double& w : weights) w = shared.uniform(-2, 2);
  return numbers_of(size, features, seed, [&](Numbers& numbers, float* x) {
    double y = bias;
    for (int64_t f = 0; f < features; ++f) {
      x[f] = static_cast<float>(numbers.normal());
      y += weights[static_cast<size_t>(f)] * x[f];
    }
    return y + noise * numbers.normal();
  });
}

Synthetic sine(size_t size, double noise, uint64_t seed) {
  check("sine", "noise", noise, 0, 1e6);
  return numbers_of(size, 1, seed, [&](Numbers& numbers, float* x) {
    x[0] = static_cast<float>(numbers.uniform(-2 * kPi, 2 * kPi));
    return std::sin(x[0]) + noise * numbers.normal();
  });
}

}  // namespace hearth::data::datasets
