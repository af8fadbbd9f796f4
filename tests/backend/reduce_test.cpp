// Reductions over every set of dimensions and layout against one element at a time in double.
#include <algorithm>

#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;
Args args(double a = 0) { return Args{{a, 0, 0, 0}}; }

/// The elements that fall into each element of the keepdim output, in row-major order.
std::vector<V> groups(const Tensor& x, const std::vector<int64_t>& dims, DimVector& out_sizes) {
  const DimVector& sizes = impl(x)->sizes;
  out_sizes = sizes;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (dims.empty() || std::find(dims.begin(), dims.end(), static_cast<int64_t>(d)) != dims.end()) out_sizes[d] = 1;
  }
  int64_t count = 1;
  for (const int64_t s : out_sizes) count *= s;
  std::vector<V> result(static_cast<size_t>(count));
  for (int64_t i = 0; i < impl(x)->numel; ++i) {
    int64_t rest = i, at = 0, scale = 1;
    for (size_t d = sizes.size(); d-- > 0;) {
      if (out_sizes[d] != 1) at += rest % sizes[d] * scale;
      scale *= out_sizes[d];
      rest /= sizes[d];
    }
    result[static_cast<size_t>(at)].push_back(get(x, i));
  }
  return result;
}

double reference(ReduceOp op, const V& v, double p) {
  const auto n = static_cast<double>(v.size());
  long double sum = 0, prod = 1, top = -INFINITY, bottom = INFINITY, powers = 0, count = 0;
  bool nan = false;
  for (const double e : v) {
    sum += e;
    prod *= e;
    top = std::max<long double>(top, e);
    bottom = std::min<long double>(bottom, e);
    count += e != 0;
    nan = nan || std::isnan(e);
    const long double a = std::fabs(static_cast<long double>(e));
    powers += p == 0 ? (e != 0) : std::pow(a, static_cast<long double>(p));
  }
  switch (op) {
    case ReduceOp::sum:
    case ReduceOp::nansum: return static_cast<double>(sum);
    case ReduceOp::prod: return static_cast<double>(prod);
    case ReduceOp::mean: return static_cast<double>(sum / n);
    case ReduceOp::max: return nan ? NAN : static_cast<double>(top);
    case ReduceOp::min: return nan ? NAN : static_cast<double>(bottom);
    case ReduceOp::any: return count > 0 ? 1 : 0;
    case ReduceOp::all: return count == n ? 1 : 0;
    case ReduceOp::count_nonzero: return static_cast<double>(count);
    case ReduceOp::var:
    case ReduceOp::std: {
      long double squares = 0;
      for (const double e : v) squares += (e - sum / n) * (e - sum / n);
      const double var = static_cast<double>(squares) / std::max(n - p, 0.0);
      return op == ReduceOp::var ? var : std::sqrt(var);
    }
    case ReduceOp::norm: {
      if (std::isinf(p)) {
        V a;
        for (const double e : v) a.push_back(std::fabs(e));
        return p > 0 ? *std::max_element(a.begin(), a.end()) : *std::min_element(a.begin(), a.end());
      }
      return p == 0 ? static_cast<double>(powers)
                    : static_cast<double>(std::pow(powers, 1 / static_cast<long double>(p)));
    }
    case ReduceOp::logsumexp: {
      long double total = 0;
      for (const double e : v) total += std::exp(e - top);
      return static_cast<double>(top + std::log(total));
    }
  }
  return 0;
}

const std::vector<std::vector<int64_t>>& dim_sets() {
  static const std::vector<std::vector<int64_t>> all = {{}, {0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};
  return all;
}
std::vector<Tensor> layouts(ScalarType dtype, double low, double high) {
  const Tensor x = random_tensor({5, 6, 37}, dtype, low, high);
  return {x,
          transposed(x, 0, 2),
          transposed(x, 1, 2),
          every_second(x, 2),
          every_second(x, 0),
          expanded(random_tensor({6, 1}, dtype, low, high), {5, 6, 7}),
          random_tensor({3, 1, 2}, dtype, low, high)};
}
void check(ReduceOp op, ScalarType dtype, ScalarType out_dtype, double p, double low, double high, double relative) {
  for (const Tensor& x : layouts(dtype, low, high)) {
    for (const auto& dims : dim_sets()) {
      DimVector sizes;
      const std::vector<V> group = groups(x, dims, sizes);
      const Tensor out = make_tensor(sizes, out_dtype);
      cpu().reduce(op, out, x, dims, args(p));
      for (size_t i = 0; i < group.size(); ++i) {
        SCOPED_TRACE(std::string(toString(dtype)) + " op " + std::to_string(static_cast<int>(op)) + " p " +
                     std::to_string(p) + " dims " + std::to_string(dims.size()));
        const double want = reference(op, group[i], p);
        expect_near(get(out, static_cast<int64_t>(i)), want, relative, relative * 20);
      }
    }
  }
}

TEST(Reduce, FloatingDtypes) {
  for (const ScalarType dtype : float_dtypes()) {
    const double t = tolerance(dtype);
    check(ReduceOp::sum, dtype, dtype, 0, -3, 3, t);
    check(ReduceOp::nansum, dtype, dtype, 0, -3, 3, t);
    check(ReduceOp::mean, dtype, dtype, 0, -3, 3, t);
    check(ReduceOp::prod, dtype, dtype, 0, 0.97, 1.03, t);
    check(ReduceOp::max, dtype, dtype, 0, -3, 3, 0);
    check(ReduceOp::min, dtype, dtype, 0, -3, 3, 0);
    check(ReduceOp::var, dtype, dtype, 1, -3, 3, 2 * t);
    check(ReduceOp::var, dtype, dtype, 0, -3, 3, 2 * t);
    check(ReduceOp::std, dtype, dtype, 0, -3, 3, 2 * t);
    check(ReduceOp::logsumexp, dtype, dtype, 0, -3, 3, 2 * t);
    for (const double p : {0.0, 1.0, 2.0, 3.0, -1.5, static_cast<double>(INFINITY), -static_cast<double>(INFINITY)}) {
      check(ReduceOp::norm, dtype, dtype, p, 0.1, 1, 4 * t);
    }
  }
}

TEST(Reduce, IntegersAndBool) {
  for (const ScalarType dtype : {kInt, kLong, kShort}) {
    check(ReduceOp::sum, dtype, dtype, 0, -3, 3, 0);
    check(ReduceOp::max, dtype, dtype, 0, -30, 30, 0);
    check(ReduceOp::min, dtype, dtype, 0, -30, 30, 0);
  }
  check(ReduceOp::prod, kLong, kLong, 0, 1, 1.4, 0);
  for (const ScalarType dtype : {kBool, kInt, kFloat, kHalf}) {
    check(ReduceOp::any, dtype, kBool, 0, -3, 3, 0);
    check(ReduceOp::all, dtype, kBool, 0, -3, 3, 0);
    check(ReduceOp::count_nonzero, dtype, kLong, 0, -3, 3, 0);
  }
  check(ReduceOp::max, kBool, kBool, 0, 0, 1, 0);
  check(ReduceOp::min, kBool, kBool, 0, 0, 1, 0);
}

double reduce_all(ReduceOp op, const V& v, ScalarType dtype = kFloat, double p = 0, ScalarType out = kFloat) {
  const Tensor y = make_tensor({1}, out);
  cpu().reduce(op, y, tensor1(v, dtype), {}, args(p));
  return get(y, 0);
}

TEST(Reduce, NanAndInfinity) {
  const double inf = INFINITY;
  EXPECT_TRUE(std::isnan(reduce_all(ReduceOp::max, {1, NAN, 3})));
  EXPECT_TRUE(std::isnan(reduce_all(ReduceOp::min, {NAN, 1, 3})));
  EXPECT_EQ(reduce_all(ReduceOp::logsumexp, {-inf, -inf}), -inf);
  EXPECT_EQ(reduce_all(ReduceOp::logsumexp, {inf, 1}), inf);
  EXPECT_TRUE(std::isnan(reduce_all(ReduceOp::logsumexp, {NAN, 1})));
  EXPECT_NEAR(reduce_all(ReduceOp::logsumexp, {1000, 1000}), 1000.6931472, 1e-4);
  EXPECT_EQ(reduce_all(ReduceOp::nansum, {1, NAN, 3}), 4);
  EXPECT_EQ(reduce_all(ReduceOp::any, {0, NAN}, kFloat, 0, kBool), 1);
  EXPECT_EQ(reduce_all(ReduceOp::all, {NAN, 1}, kFloat, 0, kBool), 1);
  EXPECT_EQ(reduce_all(ReduceOp::norm, {3e30, 4e30}, kFloat, 2), static_cast<double>(5e30F));
  EXPECT_TRUE(std::isnan(reduce_all(ReduceOp::norm, {1, NAN}, kFloat, inf)));
  EXPECT_TRUE(std::isnan(reduce_all(ReduceOp::var, {1}, kFloat, 1)));
}

TEST(Reduce, NothingToReduce) {
  const Tensor none = make_tensor({0, 3}, kFloat), row = make_tensor({1, 3}, kFloat);
  cpu().reduce(ReduceOp::sum, row, none, {0}, args());
  EXPECT_EQ(values(row), (V{0, 0, 0}));
  cpu().reduce(ReduceOp::prod, row, none, {0}, args());
  EXPECT_EQ(values(row), (V{1, 1, 1}));
  cpu().reduce(ReduceOp::mean, row, none, {0}, args());
  EXPECT_TRUE(std::isnan(get(row, 1)));
  cpu().reduce(ReduceOp::logsumexp, row, none, {0}, args());
  EXPECT_EQ(get(row, 1), -INFINITY);
  const Tensor truth = make_tensor({1, 3}, kBool);
  cpu().reduce(ReduceOp::all, truth, none, {0}, args());
  EXPECT_EQ(values(truth), (V{1, 1, 1}));
}

/// A million numbers of one sign: plain float sums are off by 1e-4 and worse.
TEST(Reduce, LargeSumsAreAccurate) {
  const Tensor x = random_floats({1 << 20}, 0, 1);
  const auto* p = static_cast<const float*>(impl(x)->data());
  long double exact = 0;
  for (int64_t i = 0; i < 1 << 20; ++i) exact += p[i];
  const Tensor total = make_tensor({1}, kFloat);
  cpu().reduce(ReduceOp::sum, total, x, {}, args());
  EXPECT_NEAR(get(total, 0), static_cast<double>(exact), static_cast<double>(exact) * 1.2e-7);
  const Tensor matrix = make_alias(x, {1 << 18, 4}, {4, 1}, 0), columns = make_tensor({1, 4}, kFloat);
  cpu().reduce(ReduceOp::sum, columns, matrix, {0}, args());
  for (int64_t c = 0; c < 4; ++c) {
    long double column = 0;
    for (int64_t r = 0; r < 1 << 18; ++r) column += p[r * 4 + c];
    EXPECT_NEAR(get(columns, c), static_cast<double>(column), static_cast<double>(column) * 1.2e-7);
  }
  // A far mean and a small spread: the naive formula would lose all digits.
  const Tensor far = random_floats({100000}, 10000, 10001), var = make_tensor({1}, kFloat);
  cpu().reduce(ReduceOp::var, var, far, {}, args(1));
  DimVector sizes;
  EXPECT_NEAR(get(var, 0), reference(ReduceOp::var, groups(far, {}, sizes)[0], 1), 1e-6);
}

TEST(Reduce, SameBitsForAnyThreads) {
  const Tensor x = random_floats({900, 1100}), wide = random_floats({7, 64, 30, 31});
  for (const ReduceOp op : {ReduceOp::sum, ReduceOp::mean, ReduceOp::var, ReduceOp::norm, ReduceOp::logsumexp,
                            ReduceOp::max, ReduceOp::prod}) {
    for (const std::vector<int64_t>& dims : {std::vector<int64_t>{}, {0}, {1}}) {
      expect_same_bits_for_any_threads("reduce", [&] {
        const Tensor out = make_tensor({dims == std::vector<int64_t>{1} ? int64_t{900} : int64_t{1},
                                        dims == std::vector<int64_t>{0} ? int64_t{1100} : int64_t{1}},
                                       kFloat);
        cpu().reduce(op, out, x, dims, args(2));
        return out;
      });
    }
    expect_same_bits_for_any_threads("reduce channels", [&] {
      const Tensor out = make_tensor({1, 64, 1, 1}, kFloat);
      cpu().reduce(op, out, wide, {0, 2, 3}, args(2));
      return out;
    });
  }
}

TEST(CountNonzero, AnyLayout) {
  for (const ScalarType dtype : {kBool, kFloat, kLong, kHalf}) {
    const Tensor x = random_tensor({40, 50}, dtype, -1, 1), view = transposed(every_second(x, 1), 0, 1);
    int64_t want = 0;
    for (const double v : values(view)) want += v != 0;
    EXPECT_EQ(cpu().count_nonzero(view), want);
  }
  EXPECT_EQ(cpu().count_nonzero(make_tensor({0}, kFloat)), 0);
}

TEST(ReduceIndex, FirstOfEqualsAndNan) {
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kInt}) {
    const Tensor x = from_values({1, 5, 5, 2, 7, 0, 0, 7}, {2, 4}, dtype);
    const Tensor v = make_tensor({2, 1}, dtype), at = make_tensor({2, 1}, kLong);
    cpu().reduce_index(true, v, at, x, 1);
    EXPECT_EQ(values(v), (V{5, 7}));
    EXPECT_EQ(values(at), (V{1, 0}));
    cpu().reduce_index(false, Tensor(), at, x, 1);
    EXPECT_EQ(values(at), (V{0, 1}));
    const Tensor top = make_tensor({1, 4}, dtype), place = make_tensor({1, 4}, kLong);
    cpu().reduce_index(true, top, place, x, 0);
    EXPECT_EQ(values(top), (V{7, 5, 5, 7}));
    EXPECT_EQ(values(place), (V{1, 0, 0, 1}));
  }
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor v = make_tensor({1}, dtype), at = make_tensor({1}, kLong);
    for (const bool largest : {true, false}) {
      cpu().reduce_index(largest, v, at, tensor1({1, NAN, 9, NAN}, dtype), 0);
      EXPECT_TRUE(std::isnan(get(v, 0)));
      EXPECT_EQ(get(at, 0), 1);
    }
  }
  const Tensor one = from_values({4}, {}, kFloat), v = make_tensor({}, kFloat), at = make_tensor({}, kLong);
  cpu().reduce_index(true, v, at, one, 0);
  EXPECT_EQ(get(v, 0), 4);
  EXPECT_EQ(get(at, 0), 0);
}

TEST(ReduceIndex, LongLinesInParallel) {
  const Tensor x = random_floats({300000}), v = make_tensor({1}, kFloat), at = make_tensor({1}, kLong);
  set_at(x, 123456, 10);
  set_at(x, 234567, 10);
  cpu().reduce_index(true, v, at, x, 0);
  EXPECT_EQ(get(at, 0), 123456);
  set_at(x, 200000, NAN);
  cpu().reduce_index(true, v, at, x, 0);
  EXPECT_EQ(get(at, 0), 200000);
}

}  // namespace
}  // namespace hearth::test
