#pragma once

#include <cmath>
#include <mutex>

#include "base/rng.h"

namespace hearth::data {

/// Random numbers of the thread's default generator, for transforms.
class Chance {
 public:
  Chance() : generator_(generator_or_default(nullptr)), lock_(generator_.lock) {}
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(generator_.random() >> 8) * 0x1p-24;
  }
  bool happens(double p) { return uniform(0, 1) < p; }
  /// From low to high, both included.
  int64_t between(int64_t low, int64_t high) {
    const auto n = static_cast<uint64_t>(high - low) + 1;
    return low + static_cast<int64_t>(static_cast<uint64_t>(generator_.random()) * n >> 32);
  }
  double normal() {  // Box and Muller
    const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    return radius * std::cos(uniform(0, 2 * 3.14159265358979323846));
  }
  /// Marsaglia and Tsang, 2000, "A simple method for generating gamma variables".
  double gamma(double shape) {
    if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(0, 1), 1 / shape);
    const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
      const double x = normal(), v = std::pow(1 + c * x, 3);
      if (v > 0 && std::log(1 - uniform(0, 1)) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
    }
  }
  double beta(double a, double b) {
    const double x = gamma(a), y = gamma(b);
    return x + y > 0 ? x / (x + y) : 0.5;
  }

 private:
  GeneratorImpl& generator_;
  std::lock_guard<std::mutex> lock_;
};

}  // namespace hearth::data
