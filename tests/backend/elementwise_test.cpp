// unary, binary and ternary kernels: every dtype, layout and broadcast against one element at a time.
#include <functional>

#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

Args args(double a = 0, double b = 1, double c = 0, double d = 0) { return Args{{a, b, c, d}}; }
Args whole(int64_t a, int64_t b = 1) { return Args{{a, b, 0, 0}}; }

/// The same shape in different layouts: contiguous, transposed, strided, expanded.
std::vector<Tensor> layouts(ScalarType dtype, unsigned seed) {
  return {random_tensor({6, 10}, dtype, -3, 3, seed), transposed(random_tensor({10, 6}, dtype, -3, 3, seed + 1), 0, 1),
          every_second(random_tensor({6, 20}, dtype, -3, 3, seed + 2), 1),
          expanded(random_tensor({10}, dtype, -3, 3, seed + 3), {6, 10}),
          expanded(random_tensor({6, 1}, dtype, -3, 3, seed + 4), {6, 10})};
}
std::vector<Tensor> outputs(ScalarType dtype) {
  return {make_tensor({6, 10}, dtype), transposed(make_tensor({10, 6}, dtype), 0, 1),
          every_second(make_tensor({6, 20}, dtype), 1)};
}

TEST(Unary, EveryLayoutOfEveryDtype) {
  for (const ScalarType dtype : all_dtypes()) {
    for (const Tensor& x : layouts(dtype, 1)) {
      for (const Tensor& out : outputs(dtype)) {
        cpu().unary(UnaryOp::square, out, x, args());
        for (int64_t i = 0; i < 60; ++i) expect_near(get(out, i), get(x, i) * get(x, i), tolerance(dtype));
      }
    }
  }
}

TEST(Unary, BroadcastsInput) {
  const Tensor x = random_tensor({4, 1}, kFloat), out = make_tensor({3, 4, 5}, kFloat);
  cpu().unary(UnaryOp::neg, out, x, args());
  for (int64_t i = 0; i < 60; ++i) EXPECT_EQ(get(out, i), -broadcast_get(x, {3, 4, 5}, i));
}

TEST(Unary, EmptyAndZeroDim) {
  const Tensor none = make_tensor({0, 3}, kFloat), none_out = make_tensor({0, 3}, kFloat);
  cpu().unary(UnaryOp::exp, none_out, none, args());
  const Tensor one = from_values({2}, {}, kDouble), out = make_tensor({}, kDouble);
  cpu().unary(UnaryOp::square, out, one, args());
  EXPECT_EQ(get(out, 0), 4);
}

TEST(Unary, Integers) {
  const auto run = [](UnaryOp op, const std::vector<double>& x, ScalarType dtype, const Args& a = whole(0)) {
    const Tensor in = tensor1(x, dtype), out = make_tensor({static_cast<int64_t>(x.size())}, dtype);
    cpu().unary(op, out, in, a);
    return values(out);
  };
  using V = std::vector<double>;
  EXPECT_EQ(run(UnaryOp::abs, {-128, -1, 5}, kChar), (V{-128, 1, 5}));
  EXPECT_EQ(run(UnaryOp::neg, {1, 0, 255}, kByte), (V{255, 0, 1}));
  EXPECT_EQ(run(UnaryOp::sign, {-7, 0, 9}, kInt), (V{-1, 0, 1}));
  EXPECT_EQ(run(UnaryOp::bitwise_not, {0, 1}, kLong), (V{-1, -2}));
  EXPECT_EQ(run(UnaryOp::bitwise_not, {0, 1}, kBool), (V{1, 0}));
  EXPECT_EQ(run(UnaryOp::clamp, {-7, 0, 9}, kShort, whole(-2, 3)), (V{-2, 0, 3}));
  EXPECT_EQ(run(UnaryOp::relu, {-7, 0, 9}, kInt), (V{0, 0, 9}));
  EXPECT_EQ(run(UnaryOp::round, {-7, 0, 9}, kInt), (V{-7, 0, 9}));
  EXPECT_THROW(run(UnaryOp::exp, {1}, kInt), DtypeError);
  EXPECT_THROW(run(UnaryOp::neg, {1}, kBool), DtypeError);
}

TEST(Unary, Predicates) {
  const double inf = INFINITY;
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor x = tensor1({1, -1, inf, -inf, NAN, 0, -0.0}, dtype), out = make_tensor({7}, kBool);
    const auto run = [&](UnaryOp op) {
      cpu().unary(op, out, x, args());
      return values(out);
    };
    using V = std::vector<double>;
    EXPECT_EQ(run(UnaryOp::isnan), (V{0, 0, 0, 0, 1, 0, 0}));
    EXPECT_EQ(run(UnaryOp::isinf), (V{0, 0, 1, 1, 0, 0, 0}));
    EXPECT_EQ(run(UnaryOp::isfinite), (V{1, 1, 0, 0, 0, 1, 1}));
    EXPECT_EQ(run(UnaryOp::isposinf), (V{0, 0, 1, 0, 0, 0, 0}));
    EXPECT_EQ(run(UnaryOp::isneginf), (V{0, 0, 0, 1, 0, 0, 0}));
    EXPECT_EQ(run(UnaryOp::logical_not), (V{0, 0, 0, 0, 0, 1, 1}));
    cpu().unary(UnaryOp::signbit, out, x, args());
    EXPECT_EQ(get(out, 1), 1);
    EXPECT_EQ(get(out, 6), 1);
    EXPECT_EQ(get(out, 0), 0);
  }
}

TEST(Unary, RareFunctions) {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    const double t = dtype == kFloat ? 1e-6 : 1e-13;
    const Tensor x = tensor1({0.3, -0.9, 0.999, 1e-3, 1, -1, 2}, dtype), y = make_tensor({7}, dtype);
    cpu().unary(UnaryOp::erfinv, y, x, args());
    for (int i = 0; i < 4; ++i) EXPECT_NEAR(std::erf(get(y, i)), get(x, i), t);
    EXPECT_EQ(get(y, 4), INFINITY);
    EXPECT_EQ(get(y, 5), -INFINITY);
    EXPECT_TRUE(std::isnan(get(y, 6)));
    const Tensor z = tensor1({1, 0.5, 10, -1.5, 100, 0, -2}, dtype);
    cpu().unary(UnaryOp::digamma, y, z, args());
    const std::vector<double> want = {-0.57721566490153286, -1.9635100260214235, 2.2517525890667211,
                                      0.70315664064524319, 4.6001618527380874};
    for (size_t i = 0; i < want.size(); ++i) expect_near(get(y, static_cast<int64_t>(i)), want[i], 3 * t);
    EXPECT_EQ(get(y, 5), -INFINITY);
    EXPECT_TRUE(std::isnan(get(y, 6)));
    cpu().unary(UnaryOp::lgamma, y, z, args());
    expect_near(get(y, 1), 0.57236494292470009, t);
    expect_near(get(y, 4), 359.13420536957540, t);
    cpu().unary(UnaryOp::round_decimals, y, tensor1({1.234, -5.678, 25, 0, 0, 0, INFINITY}, dtype), args(2));
    expect_near(get(y, 0), 1.23, t);
    expect_near(get(y, 1), -5.68, t);
    EXPECT_EQ(get(y, 6), INFINITY);
    cpu().unary(UnaryOp::round_decimals, y, tensor1({1.234, -5.678, 25, 0, 0, 0, 0}, dtype), args(-1));
    EXPECT_EQ(get(y, 2), 20);
  }
}

/// Arithmetic and comparisons over every pair of layouts, dtype by dtype.
TEST(Binary, EveryLayoutOfEveryDtype) {
  for (const ScalarType dtype : all_dtypes()) {
    for (const Tensor& a : layouts(dtype, 1)) {
      for (const Tensor& b : layouts(dtype, 11)) {
        for (const Tensor& out : outputs(dtype)) {
          cpu().binary(BinaryOp::mul, out, a, b, args());
          for (int64_t i = 0; i < 60; ++i) expect_near(get(out, i), get(a, i) * get(b, i), tolerance(dtype));
        }
        for (const Tensor& out : outputs(kBool)) {
          cpu().binary(BinaryOp::lt, out, a, b, args());
          for (int64_t i = 0; i < 60; ++i) EXPECT_EQ(get(out, i), get(a, i) < get(b, i) ? 1 : 0);
        }
      }
    }
  }
}

TEST(Binary, BroadcastsBothSides) {
  const Tensor a = random_tensor({4, 1, 7}, kFloat), b = random_tensor({5, 1}, kFloat, -3, 3, 2);
  const Tensor out = make_tensor({4, 5, 7}, kFloat);
  cpu().binary(BinaryOp::sub, out, a, b, args(0, 2));
  for (int64_t i = 0; i < 140; ++i) {
    const double want = broadcast_get(a, {4, 5, 7}, i) - 2 * broadcast_get(b, {4, 5, 7}, i);
    expect_near(get(out, i), want, 2e-6);
  }
  const Tensor one = from_values({3}, {1, 1}, kFloat), two = from_values({4}, {}, kFloat);
  cpu().binary(BinaryOp::add, out, one, two, args());
  for (int64_t i = 0; i < 140; ++i) EXPECT_EQ(get(out, i), 7);
}

TEST(Binary, ScalarOperands) {
  for (const ScalarType dtype : all_dtypes()) {
    const Tensor x = tensor1({1, 2, 3}, dtype), out = make_tensor({3}, dtype);
    cpu().binary(BinaryOp::mul, out, x, Tensor(), whole(5));
    EXPECT_EQ(values(out), (std::vector<double>{5, 10, 15}));
    cpu().binary(BinaryOp::sub, out, Tensor(), x, whole(5));
    EXPECT_EQ(values(out), (std::vector<double>{4, 3, 2}));
    const Tensor single = from_values({2}, {}, dtype), result = make_tensor({}, dtype);
    cpu().binary(BinaryOp::sub, result, Tensor(), single, whole(5));
    EXPECT_EQ(get(result, 0), 3);
    cpu().binary(BinaryOp::sub, result, single, Tensor(), whole(1));
    EXPECT_EQ(get(result, 0), 1);
  }
}

TEST(Binary, InPlace) {
  const Tensor a = random_tensor({100}, kFloat), b = random_tensor({100}, kFloat, -3, 3, 2);
  const std::vector<double> before = values(a);
  cpu().binary(BinaryOp::add, a, a, b, args());
  for (int64_t i = 0; i < 100; ++i) expect_near(get(a, i), before[static_cast<size_t>(i)] + get(b, i), 1e-6);
}

std::vector<double> run2(BinaryOp op, const std::vector<double>& a, const std::vector<double>& b, ScalarType dtype) {
  const Tensor out = make_tensor({static_cast<int64_t>(a.size())}, dtype);
  cpu().binary(op, out, tensor1(a, dtype), tensor1(b, dtype), whole(0));
  return values(out);
}
using V = std::vector<double>;

TEST(Binary, DivisionSigns) {
  const V a = {7, -7, 7, -7}, b = {3, 3, -3, -3};
  for (const ScalarType dtype : {kInt, kLong, kChar, kFloat, kDouble, kHalf}) {
    EXPECT_EQ(run2(BinaryOp::div_floor, a, b, dtype), (V{2, -3, -3, 2}));
    EXPECT_EQ(run2(BinaryOp::div_trunc, a, b, dtype), (V{2, -2, -2, 2}));
    EXPECT_EQ(run2(BinaryOp::remainder, a, b, dtype), (V{1, 2, -2, -1}));
    EXPECT_EQ(run2(BinaryOp::fmod, a, b, dtype), (V{1, -1, 1, -1}));
  }
  EXPECT_EQ(run2(BinaryOp::div_floor, {1, -1}, {0, 0}, kFloat), (V{INFINITY, -INFINITY}));
  EXPECT_TRUE(std::isnan(run2(BinaryOp::remainder, {1}, {0}, kFloat)[0]));
  EXPECT_EQ(run2(BinaryOp::div_trunc, {-128}, {-1}, kChar), (V{-128}));
  EXPECT_EQ(run2(BinaryOp::remainder, {-128}, {-1}, kChar), (V{0}));
}

TEST(Binary, IntegerDivisionByZeroThrowsAndWritesNothing) {
  for (const BinaryOp op : {BinaryOp::div_floor, BinaryOp::div_trunc, BinaryOp::remainder, BinaryOp::fmod}) {
    const Tensor a = tensor1({4, 5, 6}, kInt), b = tensor1({1, 2, 0}, kInt);
    EXPECT_THROW(cpu().binary(op, a, a, b, whole(0)), ValueError);
    EXPECT_EQ(values(a), (V{4, 5, 6}));
    EXPECT_THROW(cpu().binary(op, a, a, Tensor(), whole(0)), ValueError);
    const Tensor none = make_tensor({0}, kInt);
    cpu().binary(op, none, none, Tensor(), whole(0));
  }
}

TEST(Binary, IntegerOps) {
  EXPECT_EQ(run2(BinaryOp::pow, {2, -2, 1, -1, -1, 5, 3}, {10, 3, -5, -3, -2, -1, 0}, kInt),
            (V{1024, -8, 1, -1, 1, 0, 1}));
  EXPECT_EQ(run2(BinaryOp::gcd, {12, -12, 0, 7}, {18, 18, 5, 0}, kLong), (V{6, 6, 5, 7}));
  EXPECT_EQ(run2(BinaryOp::lcm, {4, -4, 0}, {6, 6, 5}, kLong), (V{12, 12, 0}));
  EXPECT_EQ(run2(BinaryOp::shift_left, {1, 1, 1}, {3, 31, 40}, kInt), (V{8, -2147483648.0, 0}));
  EXPECT_EQ(run2(BinaryOp::shift_right, {-8, 8, -8}, {1, 1, 40}, kInt), (V{-4, 4, -1}));
  EXPECT_EQ(run2(BinaryOp::bitwise_and, {6, 5}, {3, 1}, kByte), (V{2, 1}));
  EXPECT_EQ(run2(BinaryOp::bitwise_xor, {6, 5}, {3, 1}, kShort), (V{5, 4}));
  EXPECT_EQ(run2(BinaryOp::add, {200}, {100}, kByte).size(), 1U);
  EXPECT_EQ(run2(BinaryOp::mul, {65535}, {65535}, kUInt16), (V{1}));
  EXPECT_EQ(run2(BinaryOp::maximum, {1, 5}, {2, 3}, kBFloat16), (V{2, 5}));
}

TEST(Binary, BoolOps) {
  const V a = {0, 0, 1, 1}, b = {0, 1, 0, 1};
  EXPECT_EQ(run2(BinaryOp::mul, a, b, kBool), (V{0, 0, 0, 1}));
  EXPECT_EQ(run2(BinaryOp::bitwise_or, a, b, kBool), (V{0, 1, 1, 1}));
  EXPECT_EQ(run2(BinaryOp::bitwise_xor, a, b, kBool), (V{0, 1, 1, 0}));
  EXPECT_EQ(run2(BinaryOp::pow, a, b, kBool), (V{1, 0, 1, 1}));
  EXPECT_EQ(run2(BinaryOp::logical_and, a, b, kBool), (V{0, 0, 0, 1}));
  const Tensor out = make_tensor({4}, kBool);
  cpu().binary(BinaryOp::add, out, tensor1(a, kBool), tensor1(b, kBool), whole(0));
  EXPECT_EQ(values(out), (V{0, 1, 1, 1}));
}

TEST(Binary, NanComparesFalse) {
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor a = tensor1({NAN, 1, NAN}, dtype), b = tensor1({1, NAN, NAN}, dtype), out = make_tensor({3}, kBool);
    for (const BinaryOp op : {BinaryOp::eq, BinaryOp::lt, BinaryOp::le, BinaryOp::gt, BinaryOp::ge}) {
      cpu().binary(op, out, a, b, args());
      EXPECT_EQ(values(out), (V{0, 0, 0}));
    }
    cpu().binary(BinaryOp::ne, out, a, b, args());
    EXPECT_EQ(values(out), (V{1, 1, 1}));
  }
}

TEST(Binary, NextafterOfHalvesIsTheHalfsOwn) {
  const V y = run2(BinaryOp::nextafter, {1, 1, 0, -1}, {2, 0, -1, 0}, kHalf);
  EXPECT_EQ(y[0], 1 + 0.0009765625);
  EXPECT_EQ(y[1], 1 - 0.00048828125);
  EXPECT_LT(y[2], 0);
  EXPECT_GT(y[3], -1);
}

TEST(Ternary, Where) {
  for (const ScalarType dtype : all_dtypes()) {
    const Tensor c = random_tensor({4, 1}, kBool), a = random_tensor({5}, dtype), b = random_tensor({4, 5}, dtype);
    const Tensor out = make_tensor({4, 5}, dtype), flat = make_tensor({4, 5}, dtype);
    cpu().ternary(TernaryOp::where, out, c, a, b, args());
    for (int64_t i = 0; i < 20; ++i) EXPECT_EQ(get(out, i), get(c, i / 5) != 0 ? get(a, i % 5) : get(b, i));
    const Tensor whole_mask = random_tensor({4, 5}, kBool, 0, 1, 9);
    cpu().ternary(TernaryOp::where, flat, whole_mask, out, b, args());
    for (int64_t i = 0; i < 20; ++i) EXPECT_EQ(get(flat, i), get(whole_mask, i) != 0 ? get(out, i) : get(b, i));
  }
}

TEST(Ternary, Arithmetic) {
  for (const ScalarType dtype : float_dtypes()) {
    for (const Tensor& a : layouts(dtype, 1)) {
      const Tensor b = random_tensor({10}, dtype, -2, 2, 5), c = random_tensor({6, 1}, dtype, 0.5, 2, 6);
      const Tensor out = make_tensor({6, 10}, dtype);
      cpu().ternary(TernaryOp::addcmul, out, a, b, c, args(2));
      for (int64_t i = 0; i < 60; ++i) {
        expect_near(get(out, i), get(a, i) + 2 * get(b, i % 10) * get(c, i / 10), 2 * tolerance(dtype),
                    tolerance(dtype) * 5);
      }
      cpu().ternary(TernaryOp::addcdiv, out, a, b, c, args(2));
      for (int64_t i = 0; i < 60; ++i) {
        expect_near(get(out, i), get(a, i) + 2 * get(b, i % 10) / get(c, i / 10), 2 * tolerance(dtype),
                    tolerance(dtype) * 5);
      }
      cpu().ternary(TernaryOp::lerp, out, a, b, c, args());
      for (int64_t i = 0; i < 60; ++i) {
        const double want = get(a, i) + get(c, i / 10) * (get(b, i % 10) - get(a, i));
        expect_near(get(out, i), want, 2 * tolerance(dtype), tolerance(dtype) * 10);
      }
    }
  }
  const Tensor out = make_tensor({3}, kInt);
  cpu().ternary(TernaryOp::clamp, out, tensor1({-5, 1, 5}, kInt), tensor1({-2, -2, -2}, kInt), tensor1({2, 2, 2}, kInt),
                whole(0));
  EXPECT_EQ(values(out), (V{-2, 1, 2}));
  EXPECT_THROW(cpu().ternary(TernaryOp::lerp, out, out, out, out, whole(0)), DtypeError);
}

TEST(Ternary, ClampByTensorsKeepsNan) {
  const Tensor out = make_tensor({3}, kFloat);
  cpu().ternary(TernaryOp::clamp, out, tensor1({NAN, 0, 0}), tensor1({0, NAN, 0}), tensor1({1, 1, NAN}), args());
  for (int64_t i = 0; i < 3; ++i) EXPECT_TRUE(std::isnan(get(out, i)));
}

TEST(Ternary, MaskedScale) {
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor x = random_tensor({70}, dtype), mask = random_tensor({70}, kBool), out = make_tensor({70}, dtype);
    cpu().ternary(TernaryOp::masked_scale, out, x, mask, Tensor(), args(2));
    for (int64_t i = 0; i < 70; ++i) EXPECT_EQ(get(out, i), get(x, i) * get(mask, i) * 2);
  }
}

TEST(Elementwise, LargeOutputsPastTheCaches) {
  const Tensor x = random_floats({3000, 3001}), out = make_tensor({3000, 3001}, kFloat);
  expect_same_bits_for_any_threads("relu", [&] {
    cpu().unary(UnaryOp::relu, out, x, args());
    return out;
  });
  const auto *p = static_cast<const float*>(impl(x)->data()), *y = static_cast<const float*>(impl(out)->data());
  int64_t wrong = 0;
  for (int64_t i = 0; i < 3000 * 3001; ++i) wrong += y[i] != std::max(p[i], 0.0F);
  EXPECT_EQ(wrong, 0);
  const Tensor row = random_floats({3001}, -1, 1, 5);
  cpu().binary(BinaryOp::add, out, x, row, args());
  const auto* r = static_cast<const float*>(impl(row)->data());
  for (int64_t i = 0; i < 3000 * 3001; ++i) wrong += y[i] != p[i] + r[i % 3001];
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace hearth::test
