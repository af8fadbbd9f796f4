// The vector loops against long double, for each instruction set that this processor has: errors in units of the last
// place, special values, and the same result wherever in a run an element lies.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "backend/cpu/isa/loops.h"
#include "base/cpu_features.h"
#include "hearth/dtype.h"

namespace hearth::cpu {
namespace {

std::vector<Loops> all_loops() {
  std::vector<Loops> all;
#if defined(__x86_64__)
  if (cpu_isa() >= Isa::v2) all.push_back(v2::loops());
  if (cpu_isa() >= Isa::v3) all.push_back(v3::loops());
  if (cpu_isa() >= Isa::v4) all.push_back(v4::loops());
#else
  all.push_back(base::loops());
#endif
  return all;
}
template <class T>
const FloatLoops<T>& of(const Loops& l) {
  if constexpr (std::is_same_v<T, float>) {
    return l.f32;
  } else {
    return l.f64;
  }
}

using L = long double;

/// |got - want| in units of T's last place at want; 0 for equal infinities and NaN against NaN.
template <class T>
double ulps(T got, L want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : 1e30;
  const T rounded = static_cast<T>(want);
  if (got == rounded) return 0;
  if (std::isinf(rounded) || std::isinf(got)) {
    // One off the largest finite value is an error of a last place, not an infinite one.
    const T largest = std::numeric_limits<T>::max();
    return std::fabs(rounded) >= largest && std::fabs(got) >= largest * T(0.9999999) ? 1 : 1e30;
  }
  const T size = std::max(std::fabs(rounded), std::numeric_limits<T>::min());
  const L unit = static_cast<L>(std::nextafter(size, std::numeric_limits<T>::infinity())) - static_cast<L>(size);
  return static_cast<double>(std::fabs(static_cast<L>(got) - want) / unit);
}

struct Case {
  UnaryOp op;
  const char* name;
  std::function<L(L)> exact;
  double low, high;  // where it is sampled
  double limit;      // ulp in float
  double limit64;    // ulp in double
  double s[4] = {0, 0, 0, 0};
};

L sigmoid(L x) { return 1 / (1 + std::exp(-x)); }
L softplus(L x) { return std::log1p(std::exp(x)); }
L phi(L x) { return 0.5L * std::erfc(-x / std::sqrt(2.0L)); }

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {UnaryOp::exp, "exp", [](L x) { return std::exp(x); }, -104, 89, 1.6, 1.0},
      {UnaryOp::exp2, "exp2", [](L x) { return std::exp2(x); }, -126, 127, 1.1, 1.1},
      {UnaryOp::expm1, "expm1", [](L x) { return std::expm1(x); }, -20, 80, 1.1, 1.1},
      {UnaryOp::log, "log", [](L x) { return std::log(x); }, 0, 1e6, 1.1, 1.1},
      {UnaryOp::log2, "log2", [](L x) { return std::log2(x); }, 0, 1e6, 1.1, 1.1},
      {UnaryOp::log10, "log10", [](L x) { return std::log10(x); }, 0, 1e6, 1.1, 1.1},
      {UnaryOp::log1p, "log1p", [](L x) { return std::log1p(x); }, -0.99, 100, 1.1, 1.1},
      {UnaryOp::sqrt, "sqrt", [](L x) { return std::sqrt(x); }, 0, 1e6, 0.51, 0.51},
      {UnaryOp::rsqrt, "rsqrt", [](L x) { return 1 / std::sqrt(x); }, 0.01, 1e6, 1.6, 1.6},
      {UnaryOp::sin, "sin", [](L x) { return std::sin(x); }, -100, 100, 1.1, 1.1},
      {UnaryOp::cos, "cos", [](L x) { return std::cos(x); }, -100, 100, 1.1, 1.1},
      {UnaryOp::tan, "tan", [](L x) { return std::tan(x); }, -10, 10, 1.1, 1.1},
      {UnaryOp::asin, "asin", [](L x) { return std::asin(x); }, -1, 1, 1.1, 1.1},
      {UnaryOp::acos, "acos", [](L x) { return std::acos(x); }, -1, 1, 1.1, 1.1},
      {UnaryOp::atan, "atan", [](L x) { return std::atan(x); }, -20, 20, 1.1, 1.1},
      {UnaryOp::sinh, "sinh", [](L x) { return std::sinh(x); }, -80, 80, 1.1, 1.1},
      {UnaryOp::cosh, "cosh", [](L x) { return std::cosh(x); }, -80, 80, 1.1, 1.1},
      {UnaryOp::tanh, "tanh", [](L x) { return std::tanh(x); }, -12, 12, 4, 1.1},
      {UnaryOp::asinh, "asinh", [](L x) { return std::asinh(x); }, -100, 100, 1.1, 1.1},
      {UnaryOp::acosh, "acosh", [](L x) { return std::acosh(x); }, 1, 100, 1.1, 1.1},
      {UnaryOp::atanh, "atanh", [](L x) { return std::atanh(x); }, -1, 1, 1.1, 1.1},
      {UnaryOp::erf, "erf", [](L x) { return std::erf(x); }, -4, 4, 1.1, 1.1},
      {UnaryOp::erfc, "erfc", [](L x) { return std::erfc(x); }, -4, 9, 1.6, 1.6},
      {UnaryOp::sigmoid, "sigmoid", [](L x) { return sigmoid(x); }, -100, 100, 3, 3},
      {UnaryOp::silu, "silu", [](L x) { return x * sigmoid(x); }, -80, 80, 4, 4},
      {UnaryOp::gelu, "gelu", [](L x) { return x * phi(x); }, -12, 12, 5, 5},
      {UnaryOp::gelu_tanh, "gelu_tanh",
       [](L x) {
         return x / (1 + std::exp(-2 * std::sqrt(2 / 3.14159265358979323846L) * (x + 0.044715L * x * x * x)));
       },
       -5, 8, 50, 50},
      {UnaryOp::softplus, "softplus", [](L x) { return softplus(x); }, -80, 15, 3, 3, {1, 20, 0, 0}},
      {UnaryOp::log_sigmoid, "log_sigmoid", [](L x) { return -softplus(-x); }, -80, 80, 3, 3},
      {UnaryOp::mish, "mish", [](L x) { return x * std::tanh(softplus(x)); }, -80, 20, 6, 6},
      {UnaryOp::reciprocal, "reciprocal", [](L x) { return 1 / x; }, -100, 100, 0.51, 0.51},
      {UnaryOp::elu, "elu", [](L x) { return x > 0 ? x : std::expm1(x); }, -30, 30, 1.6, 1.6, {1, 1, 1, 0}},
  };
  return all;
}

/// Random places, small ones near zero of both signs, and the ends.
template <class T>
std::vector<T> samples(const Case& c) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> range(c.low, c.high), power(-30, 0);
  std::vector<T> x = {static_cast<T>(c.low), static_cast<T>(c.high)};
  for (int i = 0; i < 20000; ++i) x.push_back(static_cast<T>(range(random)));
  for (int i = 0; i < 4000; ++i) {
    const double tiny = std::exp2(power(random));
    if (tiny >= c.low && tiny <= c.high) x.push_back(static_cast<T>(tiny));
    if (-tiny >= c.low && -tiny <= c.high) x.push_back(static_cast<T>(-tiny));
  }
  return x;
}

template <class T>
void check_accuracy(const Loops& table, const Case& c) {
  const std::vector<T> x = samples<T>(c);
  std::vector<T> y(x.size());
  ASSERT_TRUE(of<T>(table).unary(c.op, x.data(), y.data(), static_cast<int64_t>(x.size()), c.s)) << c.name;
  double worst = 0;
  T at = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double error = ulps(y[i], c.exact(static_cast<L>(x[i])));
    if (error > worst) {
      worst = error;
      at = x[i];
    }
  }
  EXPECT_LE(worst, sizeof(T) == 4 ? c.limit : c.limit64)
      << c.name << " of " << table.name << (sizeof(T) == 4 ? " float" : " double") << " at " << at;
}

TEST(VectorMath, ErrorsInUlp) {
  for (const Loops& table : all_loops()) {
    for (const Case& c : cases()) {
      check_accuracy<float>(table, c);
      check_accuracy<double>(table, c);
    }
  }
}

template <class T>
T apply(const Loops& table, UnaryOp op, T x, std::vector<double> s = {}) {
  s.resize(4);
  T y = 0;
  EXPECT_TRUE(of<T>(table).unary(op, &x, &y, 1, s.data()));
  return y;
}

template <class T>
void check_specials(const Loops& table) {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const auto f = [&](UnaryOp op, T x, std::vector<double> s = {}) { return apply<T>(table, op, x, std::move(s)); };
  for (const UnaryOp op :
       {UnaryOp::exp, UnaryOp::log, UnaryOp::tanh, UnaryOp::sigmoid, UnaryOp::gelu, UnaryOp::gelu_tanh, UnaryOp::silu,
        UnaryOp::mish, UnaryOp::relu, UnaryOp::abs, UnaryOp::sqrt, UnaryOp::round, UnaryOp::square,
        UnaryOp::log_sigmoid, UnaryOp::softsign, UnaryOp::frac, UnaryOp::erf, UnaryOp::hardswish}) {
    EXPECT_TRUE(std::isnan(f(op, nan))) << static_cast<int>(op);
  }
  EXPECT_TRUE(std::isnan(f(UnaryOp::clamp, nan, {-1, 1})));
  EXPECT_TRUE(std::isnan(f(UnaryOp::clamp, T(0), {std::nan(""), 1})));
  EXPECT_TRUE(std::isnan(f(UnaryOp::softplus, nan, {1, 20})));
  EXPECT_TRUE(std::isnan(f(UnaryOp::elu, nan, {1, 1, 1})));
  EXPECT_EQ(f(UnaryOp::exp, inf), inf);
  EXPECT_EQ(f(UnaryOp::exp, -inf), 0);
  EXPECT_EQ(f(UnaryOp::exp, T(0)), 1);
  EXPECT_EQ(f(UnaryOp::log, T(0)), -inf);
  EXPECT_TRUE(std::isnan(f(UnaryOp::log, T(-1))));
  EXPECT_EQ(f(UnaryOp::tanh, inf), 1);
  EXPECT_EQ(f(UnaryOp::tanh, -inf), -1);
  EXPECT_TRUE(std::signbit(f(UnaryOp::tanh, T(-0.0))));
  EXPECT_EQ(f(UnaryOp::sigmoid, inf), 1);
  EXPECT_EQ(f(UnaryOp::sigmoid, -inf), 0);
  EXPECT_EQ(f(UnaryOp::gelu, inf), inf);
  EXPECT_EQ(f(UnaryOp::gelu, T(100)), 100);
  EXPECT_EQ(f(UnaryOp::gelu, T(-100)), 0);
  EXPECT_EQ(f(UnaryOp::mish, T(1000)), 1000);
  EXPECT_EQ(f(UnaryOp::softplus, T(1000), {1, 20}), 1000);
  EXPECT_EQ(f(UnaryOp::round, T(2.5)), 2);
  EXPECT_EQ(f(UnaryOp::round, T(-3.5)), -4);
  EXPECT_TRUE(std::signbit(f(UnaryOp::round, T(-0.4))));
  EXPECT_TRUE(std::signbit(f(UnaryOp::relu, T(-0.0))));
  EXPECT_TRUE(std::signbit(f(UnaryOp::gelu, T(-0.0))));
  EXPECT_EQ(f(UnaryOp::sign, T(-0.0)), 0);
  EXPECT_EQ(f(UnaryOp::sign, T(-3)), -1);
  EXPECT_EQ(f(UnaryOp::nan_to_num, nan, {7, 8, 9}), 7);
  EXPECT_EQ(f(UnaryOp::nan_to_num, inf, {7, 8, 9}), 8);
  EXPECT_EQ(f(UnaryOp::nan_to_num, -inf, {7, 8, 9}), 9);
  EXPECT_EQ(f(UnaryOp::threshold, T(1), {1, 5}), 5);
  EXPECT_EQ(f(UnaryOp::hardshrink, T(0.5), {0.5}), 0);
  EXPECT_EQ(f(UnaryOp::softshrink, T(-2), {0.5}), T(-1.5));
  EXPECT_EQ(f(UnaryOp::hardtanh, T(-2), {-1, 1}), -1);
  EXPECT_EQ(f(UnaryOp::leaky_relu, T(-2), {0.25}), T(-0.5));
}
TEST(VectorMath, SpecialValues) {
  for (const Loops& table : all_loops()) {
    check_specials<float>(table);
    check_specials<double>(table);
  }
}

TEST(VectorMath, SubnormalResultsAreNotFlushed) {
  for (const Loops& table : all_loops()) {
    EXPECT_LE(ulps(apply<float>(table, UnaryOp::exp, -100.0F), std::exp(-100.0L)), 1.0) << table.name;
    EXPECT_LE(ulps(apply<float>(table, UnaryOp::sigmoid, -100.0F), std::exp(-100.0L)), 1.0) << table.name;
  }
}

/// An element's result may depend on its value alone: not on its place in a vector, nor on the run's length.
TEST(VectorMath, PlaceInARunDoesNotMatter) {
  for (const Loops& table : all_loops()) {
    for (const Case& c : cases()) {
      std::vector<float> x;
      for (int i = 0; i < 67; ++i) x.push_back(static_cast<float>(c.low + (c.high - c.low) * i / 66));
      std::vector<float> whole(x.size()), part(x.size());
      table.f32.unary(c.op, x.data(), whole.data(), 67, c.s);
      for (const size_t step : {size_t{1}, size_t{3}, size_t{17}}) {
        for (size_t i = 0; i < x.size(); i += step) {
          table.f32.unary(c.op, x.data() + i, part.data() + i, static_cast<int64_t>(std::min(step, x.size() - i)), c.s);
        }
        EXPECT_EQ(std::memcmp(whole.data(), part.data(), sizeof(float) * x.size()), 0) << c.name << " " << table.name;
      }
    }
  }
}

struct BinaryCase {
  BinaryOp op;
  const char* name;
  std::function<L(L, L)> exact;
  double limit;
  double s[4] = {0, 1, 0, 0};
};

TEST(VectorMath, BinaryOps) {
  const std::vector<BinaryCase> all = {
      {BinaryOp::add, "add", [](L a, L b) { return a + b; }, 0.51},
      {BinaryOp::sub, "sub alpha", [](L a, L b) { return a - 2 * b; }, 0.51, {0, 2, 0, 0}},
      {BinaryOp::mul, "mul", [](L a, L b) { return a * b; }, 0.51},
      {BinaryOp::div, "div", [](L a, L b) { return a / b; }, 0.51},
      {BinaryOp::div_trunc, "div_trunc", [](L a, L b) { return std::trunc(static_cast<float>(a / b)); }, 0},
      {BinaryOp::pow, "pow", [](L a, L b) { return std::pow(a, b); }, 1.1},
      {BinaryOp::atan2, "atan2", [](L a, L b) { return std::atan2(a, b); }, 1.1},
      {BinaryOp::hypot, "hypot", [](L a, L b) { return std::hypot(a, b); }, 1.1},
      {BinaryOp::maximum, "maximum", [](L a, L b) { return std::max(a, b); }, 0},
      {BinaryOp::minimum, "minimum", [](L a, L b) { return std::min(a, b); }, 0},
      {BinaryOp::fmax, "fmax", [](L a, L b) { return std::max(a, b); }, 0},
      {BinaryOp::fmin, "fmin", [](L a, L b) { return std::min(a, b); }, 0},
      {BinaryOp::copysign, "copysign", [](L a, L b) { return std::copysign(a, b); }, 0},
      {BinaryOp::relu_backward, "relu_backward", [](L a, L b) { return b > 0 ? a : 0; }, 0},
      {BinaryOp::mse, "mse", [](L a, L b) { return (a - b) * (a - b); }, 2},
      {BinaryOp::smooth_l1,
       "smooth_l1",
       [](L a, L b) {
         const L z = std::fabs(a - b);
         return z < 0.5L ? z * z : z - 0.25L;
       },
       4,
       {0, 0.5, 0, 0}},
      {BinaryOp::huber,
       "huber",
       [](L a, L b) {
         const L z = std::fabs(a - b);
         return z <= 2 ? z * z / 2 : 2 * (z - 1);
       },
       4,
       {0, 2, 0, 0}},
  };
  std::mt19937 random(3);
  std::uniform_real_distribution<float> range(-4, 4);
  std::vector<float> a(1003), b(1003), y(1003);
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = range(random);
    b[i] = range(random);
  }
  for (const Loops& table : all_loops()) {
    for (const BinaryCase& c : all) {
      for (const OneValue one : {OneValue::none, OneValue::a, OneValue::b}) {
        table.f32.binary(c.op, a.data(), b.data(), y.data(), 1003, one, c.s);
        double worst = 0;
        for (size_t i = 0; i < a.size(); ++i) {
          const L u = a[one == OneValue::a ? 0 : i], v = b[one == OneValue::b ? 0 : i];
          const L exact = c.exact(u, v);
          // Differences of near numbers lose digits: errors count in units of the operands there.
          const double error =
              c.limit > 1.5
                  ? static_cast<double>(std::fabs(static_cast<L>(y[i]) - exact) / (1 + std::fabs(exact))) / 2.5e-7
                  : ulps(y[i], exact);
          worst = std::max(worst, error);
        }
        EXPECT_LE(worst, c.limit + 0.1 * (c.op == BinaryOp::sub)) << c.name << " " << table.name;
      }
    }
  }
}

template <class T>
T apply2(const Loops& table, BinaryOp op, T a, T b) {
  T y = 0;
  const double s[4] = {0, 1, 0, 0};
  EXPECT_TRUE(of<T>(table).binary(op, &a, &b, &y, 1, OneValue::none, s));
  return y;
}
TEST(VectorMath, BinarySpecialValues) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  for (const Loops& t : all_loops()) {
    EXPECT_TRUE(std::isnan(apply2(t, BinaryOp::maximum, nan, 1.0F)));
    EXPECT_TRUE(std::isnan(apply2(t, BinaryOp::maximum, 1.0F, nan)));
    EXPECT_TRUE(std::isnan(apply2(t, BinaryOp::minimum, 1.0F, nan)));
    EXPECT_EQ(apply2(t, BinaryOp::fmax, nan, 1.0F), 1);
    EXPECT_EQ(apply2(t, BinaryOp::fmax, 1.0F, nan), 1);
    EXPECT_EQ(apply2(t, BinaryOp::fmin, nan, 1.0F), 1);
    EXPECT_EQ(apply2(t, BinaryOp::logaddexp, -inf, -inf), -inf);
    EXPECT_EQ(apply2(t, BinaryOp::logaddexp, inf, inf), inf);
    EXPECT_EQ(apply2(t, BinaryOp::logaddexp, -inf, 3.0F), 3);
    EXPECT_NEAR(apply2(t, BinaryOp::logaddexp, 1.0F, 2.0F), 2.3132617F, 1e-6);
    EXPECT_NEAR(apply2(t, BinaryOp::logaddexp2, 1.0F, 2.0F), 2.5849625F, 1e-6);
    EXPECT_EQ(apply2(t, BinaryOp::xlogy, 0.0F, 0.0F), 0);
    EXPECT_TRUE(std::isnan(apply2(t, BinaryOp::xlogy, 0.0F, nan)));
    EXPECT_EQ(apply2(t, BinaryOp::heaviside, 0.0F, 5.0F), 5);
    EXPECT_EQ(apply2(t, BinaryOp::pow, -2.0F, 3.0F), -8);
    EXPECT_TRUE(std::isnan(apply2(t, BinaryOp::pow, -2.0F, 0.5F)));
    EXPECT_EQ(apply2(t, BinaryOp::relu_backward, 3.0F, nan), 3);
    EXPECT_EQ(apply2(t, BinaryOp::bce_with_logits, 200.0F, 1.0F), 0);
    EXPECT_EQ(apply2(t, BinaryOp::bce_with_logits, -200.0F, 1.0F), 200);
  }
}

/// Fused gradients against central differences of the functions themselves in long double.
TEST(VectorMath, FusedGradients) {
  struct Slope {
    BinaryOp op;
    std::function<L(L)> f;
    double s[4] = {0, 0, 0, 0};
  };
  const auto tanh_gelu = [](L x) {
    return 0.5L * x * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846L) * (x + 0.044715L * x * x * x)));
  };
  const std::vector<Slope> all = {
      {BinaryOp::gelu_backward, [](L x) { return x * phi(x); }},
      {BinaryOp::gelu_tanh_backward, tanh_gelu},
      {BinaryOp::silu_backward, [](L x) { return x * sigmoid(x); }},
      {BinaryOp::mish_backward, [](L x) { return x * std::tanh(softplus(x)); }},
      {BinaryOp::elu_backward, [](L x) { return x > 0 ? 1.5L * x : 3 * std::expm1(0.5L * x); }, {0, 2, 1.5, 0.5}},
      {BinaryOp::softplus_backward, [](L x) { return std::log1p(std::exp(2 * x)) / 2; }, {0, 2, 40, 0}},
      {BinaryOp::log_sigmoid_backward, [](L x) { return -softplus(-x); }},
      {BinaryOp::leaky_relu_backward, [](L x) { return x > 0 ? x : x / 4; }, {0, 0.25, 0, 0}},
  };
  for (const Loops& table : all_loops()) {
    for (const Slope& c : all) {
      for (double at = -9.03; at < 9; at += 0.17) {
        const double g = 2, h = 1e-5;
        double y = 0;
        table.f64.binary(c.op, &g, &at, &y, 1, OneValue::none, c.s);
        const double slope = static_cast<double>((c.f(at + h) - c.f(at - h)) / (2 * static_cast<L>(h)));
        EXPECT_NEAR(y, 2 * slope, 1e-8) << static_cast<int>(c.op) << " at " << at << " " << table.name;
        const auto gf = static_cast<float>(g), xf = static_cast<float>(at);
        float yf = 0;
        table.f32.binary(c.op, &gf, &xf, &yf, 1, OneValue::none, c.s);
        EXPECT_NEAR(yf, 2 * slope, 4e-6) << static_cast<int>(c.op) << " at " << at << " " << table.name;
      }
    }
    for (const BinaryOp op : {BinaryOp::gelu_backward, BinaryOp::silu_backward, BinaryOp::mish_backward}) {
      EXPECT_EQ(apply2(table, op, 1.0F, 1e30F), 1) << static_cast<int>(op);
      EXPECT_EQ(apply2(table, op, 1.0F, -1e30F), 0) << static_cast<int>(op);
      EXPECT_TRUE(std::isnan(apply2(table, op, 1.0F, std::numeric_limits<float>::infinity()))) << static_cast<int>(op);
      EXPECT_TRUE(std::isnan(apply2(table, op, 1.0F, std::nanf("")))) << static_cast<int>(op);
    }
    EXPECT_EQ(apply2(table, BinaryOp::gelu_tanh_backward, 1.0F, 1e30F), 1);
    EXPECT_EQ(apply2(table, BinaryOp::gelu_tanh_backward, 1.0F, -1e30F), 0);
  }
}

TEST(VectorMath, HalvesConvertExactly) {
  std::vector<uint16_t> bits(65536), back(65536);
  for (size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<uint16_t>(i);
  std::vector<float> values(65536);
  for (const Loops& table : all_loops()) {
    table.half_to_float(bits.data(), values.data(), 65536);
    table.float_to_half(values.data(), back.data(), 65536);
    for (size_t i = 0; i < bits.size(); ++i) {
      Half h;
      h.x = bits[i];
      const auto expected = static_cast<float>(h);
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(values[i]));
        continue;
      }
      EXPECT_EQ(values[i], expected);
      EXPECT_EQ(back[i], bits[i]);
    }
    table.bfloat16_to_float(bits.data(), values.data(), 65536);
    table.float_to_bfloat16(values.data(), back.data(), 65536);
    for (size_t i = 0; i < bits.size(); ++i) {
      if (!std::isnan(values[i])) {
        EXPECT_EQ(back[i], bits[i]);
      }
    }
  }
}
TEST(VectorMath, HalvesRoundToNearestEven) {
  std::mt19937 random(5);
  std::vector<float> x(4099);
  for (float& v : x) {
    const uint32_t bits = static_cast<uint32_t>(random());
    std::memcpy(&v, &bits, sizeof v);
  }
  std::vector<uint16_t> y(x.size());
  for (const Loops& table : all_loops()) {
    table.float_to_half(x.data(), y.data(), 4099);
    for (size_t i = 0; i < x.size(); ++i) {
      if (!std::isnan(x[i])) {
        EXPECT_EQ(y[i], Half(x[i]).x) << x[i];
      }
    }
    table.float_to_bfloat16(x.data(), y.data(), 4099);
    for (size_t i = 0; i < x.size(); ++i) EXPECT_EQ(y[i], BFloat16(x[i]).x) << x[i];
  }
}

}  // namespace
}  // namespace hearth::cpu
