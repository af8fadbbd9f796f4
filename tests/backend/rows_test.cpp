// Softmax, scans, sorting: everything that works along one dimension.
#include <algorithm>
#include <numeric>

#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;

/// Offsets (row-major element numbers) of the lines of `sizes` along dim.
std::vector<std::vector<int64_t>> lines(const DimVector& sizes, size_t dim) {
  int64_t inner = 1, outer = 1;
  for (size_t d = 0; d < sizes.size(); ++d) (d < dim ? outer : inner) *= d == dim ? 1 : sizes[d];
  std::vector<std::vector<int64_t>> all;
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t i = 0; i < inner; ++i) {
      std::vector<int64_t> line;
      for (int64_t k = 0; k < sizes[dim]; ++k) line.push_back((o * sizes[dim] + k) * inner + i);
      all.push_back(line);
    }
  }
  return all;
}

TEST(Softmax, EveryDimDtypeAndLayout) {
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor base = random_tensor({4, 37, 5}, dtype);
    for (const Tensor& x : {base, transposed(base, 0, 2), every_second(base, 1)}) {
      for (size_t dim = 0; dim < 3; ++dim) {
        const Tensor y = make_tensor(impl(x)->sizes, dtype), l = make_tensor(impl(x)->sizes, dtype),
                     g = random_tensor(impl(x)->sizes, dtype, -1, 1, 4), gx = make_tensor(impl(x)->sizes, dtype),
                     gl = make_tensor(impl(x)->sizes, dtype);
        const auto d = static_cast<int64_t>(dim);
        cpu().softmax(y, x, d, false);
        cpu().softmax(l, x, d, true);
        cpu().softmax_backward(gx, g, y, d, false);
        cpu().softmax_backward(gl, g, l, d, true);
        for (const auto& line : lines(impl(x)->sizes, dim)) {
          long double total = 0, inner = 0, sum = 0;
          for (const int64_t i : line) total += std::exp(static_cast<long double>(get(x, i)));
          for (const int64_t i : line) inner += get(g, i) * get(y, i);
          for (const int64_t i : line) sum += get(g, i);
          for (const int64_t i : line) {
            const double p = static_cast<double>(std::exp(static_cast<long double>(get(x, i))) / total);
            expect_near(get(y, i), p, tolerance(dtype));
            expect_near(get(l, i), get(x, i) - static_cast<double>(std::log(total)), tolerance(dtype));
            expect_near(get(gx, i), get(y, i) * (get(g, i) - static_cast<double>(inner)), 4 * tolerance(dtype),
                        tolerance(dtype));
            expect_near(get(gl, i), get(g, i) - std::exp(get(l, i)) * static_cast<double>(sum), 4 * tolerance(dtype),
                        tolerance(dtype) * 4);
          }
        }
      }
    }
  }
}

TEST(Softmax, ExtremeRows) {
  const double inf = INFINITY;
  const Tensor x = from_values({1000, -1000, -inf, 5, 5, 5, -inf, -inf, -inf, 1, NAN, 2}, {4, 3}, kFloat);
  const Tensor y = make_tensor({4, 3}, kFloat);
  cpu().softmax(y, x, 1, false);
  EXPECT_EQ(get(y, 0), 1);
  EXPECT_EQ(get(y, 2), 0);
  EXPECT_NEAR(get(y, 3), 1.0 / 3, 1e-7);
  for (int64_t i = 6; i < 12; ++i) EXPECT_TRUE(std::isnan(get(y, i)));
  cpu().softmax(y, x, 1, true);
  EXPECT_EQ(get(y, 0), 0);
  EXPECT_EQ(get(y, 1), -2000);
  EXPECT_EQ(get(y, 2), -inf);
  const Tensor one = from_values({3}, {}, kFloat), out = make_tensor({}, kFloat);
  cpu().softmax(out, one, 0, false);
  EXPECT_EQ(get(out, 0), 1);
}

TEST(Softmax, SameBitsForAnyThreads) {
  const Tensor x = random_floats({700, 800});
  for (const int64_t dim : {0, 1}) {
    expect_same_bits_for_any_threads("softmax", [&] {
      const Tensor y = make_tensor({700, 800}, kFloat);
      cpu().softmax(y, x, dim, false);
      return y;
    });
  }
}

TEST(Scan, SumsAndProducts) {
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kLong, kInt}) {
    const Tensor x = random_tensor({3, 8, 2}, dtype, 1, 2.4);
    for (size_t dim = 0; dim < 3; ++dim) {
      const Tensor sum = make_tensor({3, 8, 2}, dtype), prod = make_tensor({3, 8, 2}, dtype);
      cpu().scan(ScanOp::cumsum, sum, Tensor(), x, static_cast<int64_t>(dim));
      cpu().scan(ScanOp::cumprod, prod, Tensor(), x, static_cast<int64_t>(dim));
      for (const auto& line : lines(impl(x)->sizes, dim)) {
        double s = 0, p = 1;
        for (const int64_t i : line) {
          expect_near(get(sum, i), s += get(x, i), tolerance(dtype));
          expect_near(get(prod, i), p *= get(x, i), tolerance(dtype));
        }
      }
    }
  }
}

TEST(Scan, ExtremesTakeTheLastOfEqualsAndKeepNan) {
  const Tensor x = tensor1({1, 3, 3, 2, NAN, 9}), y = make_tensor({6}, kFloat), at = make_tensor({6}, kLong);
  cpu().scan(ScanOp::cummax, y, at, x, 0);
  expect_values(y, {1, 3, 3, 3, NAN, NAN});
  EXPECT_EQ(values(at), (V{0, 1, 2, 2, 4, 4}));
  cpu().scan(ScanOp::cummin, y, at, tensor1({1, 3, 1, 0, 2, 0}), 0);
  expect_values(y, {1, 1, 1, 0, 0, 0});
  EXPECT_EQ(values(at), (V{0, 0, 2, 3, 3, 5}));
}

TEST(Scan, LogCumSumExp) {
  const Tensor x = tensor1({-INFINITY, -INFINITY, 0, 1000, 1000}, kDouble), y = make_tensor({5}, kDouble);
  cpu().scan(ScanOp::logcumsumexp, y, Tensor(), x, 0);
  expect_values(y, {-INFINITY, -INFINITY, 0, 1000, 1000 + std::log(2.0)}, 1e-14);
  const Tensor whole = make_tensor({1}, kInt);
  EXPECT_THROW(cpu().scan(ScanOp::logcumsumexp, whole, Tensor(), tensor1({1}, kInt), 0), DtypeError);
}

/// Order of PyTorch: NaN above everything.
bool before(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

TEST(Sort, EveryDtypeIsStable) {
  std::vector<ScalarType> dtypes = all_dtypes();
  dtypes.push_back(kBool);
  for (const ScalarType dtype : dtypes) {
    for (const int64_t n : {1, 7, 60, 3000}) {
      const Tensor x = random_tensor({2, n}, dtype, -20, 20);
      if (isFloatingType(dtype) && n > 1) set_at(x, 1, NAN);
      if (isFloatingType(dtype) && n > 1) set_at(x, n - 1, -INFINITY);
      for (const bool descending : {false, true}) {
        const Tensor v = make_tensor({2, n}, dtype), at = make_tensor({2, n}, kLong);
        cpu().sort(v, at, x, 1, descending, true);
        for (int64_t row = 0; row < 2; ++row) {
          std::vector<int64_t> order(static_cast<size_t>(n));
          std::iota(order.begin(), order.end(), 0);
          std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
            const double u = get(x, row * n + a), w = get(x, row * n + b);
            return descending ? before(w, u) : before(u, w);
          });
          for (int64_t i = 0; i < n; ++i) {
            ASSERT_EQ(get(at, row * n + i), order[static_cast<size_t>(i)]) << toString(dtype) << " " << n;
            expect_near(get(v, row * n + i), get(x, row * n + order[static_cast<size_t>(i)]), 0);
          }
        }
      }
    }
  }
}

TEST(Sort, OtherDimsAndZeros) {
  const Tensor x = from_values({3, 0, -0.0, 1, 0, 5}, {3, 2}, kFloat);
  const Tensor v = make_tensor({3, 2}, kFloat), at = make_tensor({3, 2}, kLong);
  cpu().sort(v, at, x, 0, false, true);
  EXPECT_EQ(values(at), (V{1, 0, 2, 1, 0, 2}));  // -0 and 0 are equal and keep their order
  EXPECT_TRUE(std::signbit(get(v, 0)));
  const Tensor zeros = tensor1({0.0, -0.0, 0.0, -0.0}), vz = make_tensor({4}, kFloat), az = make_tensor({4}, kLong);
  cpu().sort(vz, az, zeros, 0, false, true);
  EXPECT_EQ(values(az), (V{0, 1, 2, 3}));
  const Tensor one = from_values({3}, {}, kFloat), v1 = make_tensor({}, kFloat), at1 = make_tensor({}, kLong);
  cpu().sort(v1, at1, one, 0, false, false);
  EXPECT_EQ(get(v1, 0), 3);
}

TEST(TopK, LargestAndSmallest) {
  const Tensor x = from_values({3, 9, 9, NAN, 1, 2, 2, 2}, {2, 4}, kFloat);
  const Tensor v = make_tensor({2, 2}, kFloat), at = make_tensor({2, 2}, kLong);
  cpu().topk(v, at, x, 2, 1, true, true);
  expect_values(v, {NAN, 9, 2, 2});
  EXPECT_EQ(values(at), (V{3, 1, 1, 2}));
  cpu().topk(v, at, x, 2, 1, false, true);
  expect_values(v, {3, 9, 1, 2});
  EXPECT_EQ(values(at), (V{0, 1, 0, 1}));
  const Tensor all = make_tensor({2, 4}, kFloat), all_at = make_tensor({2, 4}, kLong);
  cpu().topk(all, all_at, x, 4, 1, true, true);
  EXPECT_EQ(values(all_at), (V{3, 1, 2, 0, 1, 2, 3, 0}));
  const Tensor columns = make_tensor({1, 4}, kFloat), columns_at = make_tensor({1, 4}, kLong);
  cpu().topk(columns, columns_at, x, 1, 0, false, true);
  expect_values(columns, {1, 2, 2, 2});
}

}  // namespace
}  // namespace hearth::test
