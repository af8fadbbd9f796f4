#pragma once

// Optimizers held against their formulas in plain doubles, number by number, for 1,001 steps.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "hearth/hearth.h"
#include "hearth/optim.h"

namespace hearth::optim {

constexpr int kSteps = 1001;

using Numbers = std::vector<double>;

/// A gradient that changes sign and size: of a bowl that shakes.
inline double gradient_at(double x, size_t i, int t) {
  const auto k = static_cast<double>(i);
  return (0.3 + 0.2 * k) * x + 0.3 * std::sin(0.37 * t + k) + 0.01 * std::cos(11.0 * t);
}

inline Numbers numbers_of(const Tensor& t) {
  const Tensor flat = t.detach().contiguous().reshape({-1});
  return Numbers(flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel());
}

/// Gives p its gradient at step t.
inline void set_gradient(const Tensor& p, int t) {
  Numbers g = numbers_of(p);
  for (size_t i = 0; i < g.size(); ++i) g[i] = gradient_at(g[i], i, t);
  p.mutable_grad() = tensor(g, kDouble).reshape(p.sizes());
}

inline Tensor leaf(IntArrayRef sizes) {
  Numbers x;
  for (int64_t i = 0; i < zeros(sizes).numel(); ++i) x.push_back(1.5 * std::cos(2.0 * static_cast<double>(i) + 0.4));
  return tensor(x, kDouble).reshape(sizes).set_requires_grad(true);
}

inline bool close(double got, double want, double relative) {
  return std::abs(got - want) <= relative * std::abs(want) + 1e-14;
}

/// `make(params)` is the optimizer; `step(x, g, t)` moves all numbers of one parameter by their gradients, t from 1.
template <class Make>
void follow(const char* what, Make make, std::function<void(Numbers& x, const Numbers& g, int t)> step,
            std::vector<int64_t> sizes = {5}, double relative = 1e-10) {
  const Tensor p = leaf(sizes);
  auto optimizer = make(std::vector<Tensor>{p});
  Numbers x = numbers_of(p);
  for (int t = 1; t <= kSteps; ++t) {
    set_gradient(p, t);
    Numbers g(x.size());
    for (size_t i = 0; i < x.size(); ++i) g[i] = gradient_at(x[i], i, t);
    optimizer.step();
    step(x, g, t);
    const Numbers got = numbers_of(p);
    for (size_t i = 0; i < x.size(); ++i)
      ASSERT_TRUE(close(got[i], x[i], relative)) << what << ", step " << t << ": " << got[i] << " for " << x[i];
  }
}

/// The same for a formula of one number; m is its memory, which starts as zeros.
using Memory = std::array<double, 4>;
template <class Make>
void follow_each(const char* what, Make make, std::function<double(double x, double g, int t, Memory& m)> step) {
  std::vector<Memory> memory(8, Memory{});
  follow(what, make, [&](Numbers& x, const Numbers& g, int t) {
    for (size_t i = 0; i < x.size(); ++i) x[i] = step(x[i], g[i], t, memory[i]);
  });
}

}  // namespace hearth::optim
