#pragma once

// What tests of modules share.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <sstream>
#include <string>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {

template <class T>
std::string text(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

/// Numbers of [low, high) in double, the same each time, never equal and none close to a half.
inline Tensor numbers(IntArrayRef sizes, double low = -2, double high = 2, int64_t seed = 1) {
  Tensor t = empty(sizes, kDouble);
  double* p = t.data_ptr<double>();
  uint64_t state = static_cast<uint64_t>(seed) * 0x9E3779B97F4A7C15ULL + 1;
  for (int64_t i = 0; i < t.numel();) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const double x = low + (high - low) * static_cast<double>(state >> 11) * 0x1p-53;
    if (std::abs(x * 2 - std::round(x * 2)) > 0.02) p[i++] = x;
  }
  return t;
}

inline ::testing::AssertionResult close(const Tensor& got, const Tensor& want, double rtol = 1e-6, double atol = 1e-9) {
  if (got.sizes() != want.sizes())
    return ::testing::AssertionFailure() << "shape " << to_string(got.sizes()) << ", not " << to_string(want.sizes());
  if (allclose(got.detach().to(kDouble), want.detach().to(kDouble), rtol, atol, true))
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "got " << text(got) << "\nexpected " << text(want);
}

/// d(sum of w * f(x)) / dx by central differences, against what backward gives; also of the gradient itself.
inline void check_gradient(const std::function<Tensor(const Tensor&)>& f, const Tensor& at, bool second = true) {
  const auto loss = [&](const Tensor& x) {
    const Tensor y = f(x);
    return (y * y * numbers(y.sizes(), 0.5, 1.5, 3)).sum();
  };
  const auto slope = [&](const Tensor& x0) {
    const AutoGradMode enable(true);
    const Tensor x = x0.requires_grad() ? x0 : x0.detach().clone().requires_grad_();
    const Tensor g = autograd::grad({loss(x)}, {x}, {}, true, true)[0];
    return (g * numbers(g.sizes(), 0.5, 1.5, 4)).sum();
  };
  const auto numeric = [&](const std::function<Tensor(const Tensor&)>& scalar) {
    Tensor x = at.detach().clone(), g = zeros_like(x);
    for (int64_t i = 0; i < x.numel(); ++i) {
      double* p = x.data_ptr<double>();
      const double value = p[i];
      p[i] = value + 1e-6;
      const double above = scalar(x).item<double>();
      p[i] = value - 1e-6;
      const double below = scalar(x).item<double>();
      p[i] = value;
      g.data_ptr<double>()[i] = (above - below) / 2e-6;
    }
    return g;
  };
  const Tensor x = at.detach().clone().requires_grad_();
  loss(x).backward();
  EXPECT_TRUE(close(x.grad(), numeric(loss), 1e-5, 1e-6));
  if (!second) return;
  const Tensor z = at.detach().clone().requires_grad_();
  slope(z).backward();
  EXPECT_TRUE(close(z.grad(), numeric(slope), 2e-5, 1e-5));
}

}  // namespace hearth::nn
