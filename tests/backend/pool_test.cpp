#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;

PoolParams params(std::vector<int64_t> kernel, std::vector<int64_t> stride, std::vector<int64_t> padding = {0, 0},
                  std::vector<int64_t> dilation = {1, 1}) {
  PoolParams p;
  p.kernel = std::move(kernel);
  p.stride = std::move(stride);
  p.padding = std::move(padding);
  p.dilation = std::move(dilation);
  return p;
}

struct Best {
  double value;
  int64_t index;
};
/// The window of output (h, w) of a plane by the definition.
Best window(const Tensor& x, int64_t plane, int64_t h, int64_t w, const PoolParams& p) {
  const int64_t height = impl(x)->sizes[2], width = impl(x)->sizes[3];
  Best best{-INFINITY, -1};
  for (int64_t i = 0; i < p.kernel[0]; ++i) {
    for (int64_t j = 0; j < p.kernel[1]; ++j) {
      const int64_t r = h * p.stride[0] - p.padding[0] + i * p.dilation[0];
      const int64_t c = w * p.stride[1] - p.padding[1] + j * p.dilation[1];
      if (r < 0 || c < 0 || r >= height || c >= width) continue;
      const double v = get(x, (plane * height + r) * width + c);
      if (best.index < 0 || v > best.value || std::isnan(v)) best = {v, r * width + c};
    }
  }
  return best;
}

TEST(MaxPool, AgainstTheDefinition) {
  struct Shape {
    int64_t h, w, oh, ow;
    PoolParams p;
  };
  const std::vector<Shape> shapes = {
      {8, 8, 4, 4, params({2, 2}, {2, 2})},         {9, 7, 4, 3, params({2, 2}, {2, 2})},
      {9, 7, 5, 4, params({2, 2}, {2, 2})},  // ceil_mode: the last cells hang over
      {9, 8, 5, 4, params({3, 3}, {2, 2}, {1, 1})}, {10, 9, 3, 5, params({3, 2}, {3, 1}, {0, 0}, {2, 4})},
      {40, 70, 20, 35, params({2, 2}, {2, 2})}};
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kInt}) {
    for (const Shape& s : shapes) {
      const Tensor x = random_tensor({2, 3, s.h, s.w}, dtype, -5, 5);
      if (isFloatingType(dtype)) {
        set_at(x, 3, NAN);
        set_at(x, 20, -INFINITY);
      }
      const Tensor y = make_tensor({2, 3, s.oh, s.ow}, dtype), at = make_tensor({2, 3, s.oh, s.ow}, kLong);
      const Tensor again = make_tensor({2, 3, s.oh, s.ow}, dtype);
      cpu().max_pool(y, at, x, s.p);
      cpu().max_pool(again, Tensor(), x, s.p);
      for (int64_t i = 0; i < impl(y)->numel; ++i) {
        const int64_t plane = i / (s.oh * s.ow), cell = i % (s.oh * s.ow);
        const Best want = window(x, plane, cell / s.ow, cell % s.ow, s.p);
        expect_near(get(y, i), want.value, 0);
        expect_near(get(again, i), want.value, 0);
        EXPECT_EQ(get(at, i), want.index);
      }
    }
  }
}

TEST(MaxPool, OneAndThreeDimensions) {
  PoolParams p;
  p.kernel = {3};
  p.stride = {2};
  p.padding = {1};
  p.dilation = {1};
  const Tensor x = from_values({1, 5, 2, 4, 3}, {1, 1, 5}, kFloat), y = make_tensor({1, 1, 3}, kFloat),
               at = make_tensor({1, 1, 3}, kLong);
  cpu().max_pool(y, at, x, p);
  EXPECT_EQ(values(y), (V{5, 5, 4}));
  EXPECT_EQ(values(at), (V{1, 1, 3}));
  p.kernel = p.stride = {2, 2, 2};
  p.padding = {0, 0, 0};
  p.dilation = {1, 1, 1};
  const Tensor cube = from_values({0, 1, 2, 3, 4, 9, 6, 7}, {1, 1, 2, 2, 2}, kFloat),
               top = make_tensor({1, 1, 1, 1, 1}, kFloat), place = make_tensor({1, 1, 1, 1, 1}, kLong);
  cpu().max_pool(top, place, cube, p);
  EXPECT_EQ(get(top, 0), 9);
  EXPECT_EQ(get(place, 0), 5);
}

TEST(MaxPool, BackwardAddsAtThePlaces) {
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor g = from_values({1, 2, 4, 8}, {1, 1, 2, 2}, dtype), gx = random_tensor({1, 1, 3, 3}, dtype);
    cpu().max_pool_backward(gx, g, from_values({4, 4, 0, 8}, {1, 1, 2, 2}, kLong));
    EXPECT_EQ(values(gx), (V{4, 0, 0, 0, 3, 0, 0, 0, 8}));
  }
}

/// avg_pool's divisor in PyTorch: the window with its padding, what of it is inside, or a number given.
TEST(AvgPool, ForwardAndBackward) {
  for (const ScalarType dtype : float_dtypes()) {
    for (const bool include : {true, false}) {
      for (const int64_t divisor : {0, 5}) {
        PoolParams p = params({3, 3}, {2, 2}, {1, 1});
        p.count_include_pad = include;
        p.divisor_override = divisor;
        const Tensor x = random_tensor({2, 2, 7, 6}, dtype), y = make_tensor({2, 2, 4, 4}, dtype);  // ceil_mode in w
        const Tensor g = random_tensor({2, 2, 4, 4}, dtype, -1, 1, 2), gx = make_tensor({2, 2, 7, 6}, dtype);
        cpu().avg_pool(y, x, p);
        cpu().avg_pool_backward(gx, g, p);
        V want_gx(static_cast<size_t>(impl(gx)->numel), 0.0);
        for (int64_t i = 0; i < impl(y)->numel; ++i) {
          const int64_t plane = i / 16, h0 = i % 16 / 4 * 2 - 1, w0 = i % 4 * 2 - 1;
          const int64_t h1 = std::min<int64_t>(h0 + 3, 8), w1 = std::min<int64_t>(w0 + 3, 7);
          double sum = 0, inside = 0;
          for (int64_t h = std::max<int64_t>(h0, 0); h < std::min<int64_t>(h1, 7); ++h) {
            for (int64_t w = std::max<int64_t>(w0, 0); w < std::min<int64_t>(w1, 6); ++w, ++inside) {
              sum += get(x, (plane * 7 + h) * 6 + w);
            }
          }
          const double by = divisor != 0 ? static_cast<double>(divisor)
                            : include    ? static_cast<double>((h1 - h0) * (w1 - w0))
                                         : inside;
          expect_near(get(y, i), sum / by, tolerance(dtype), tolerance(dtype));
          for (int64_t h = std::max<int64_t>(h0, 0); h < std::min<int64_t>(h1, 7); ++h) {
            for (int64_t w = std::max<int64_t>(w0, 0); w < std::min<int64_t>(w1, 6); ++w) {
              want_gx[static_cast<size_t>((plane * 7 + h) * 6 + w)] += get(g, i) / by;
            }
          }
        }
        for (size_t i = 0; i < want_gx.size(); ++i) {
          expect_near(get(gx, static_cast<int64_t>(i)), want_gx[i], 2 * tolerance(dtype), tolerance(dtype));
        }
      }
    }
  }
}

TEST(AdaptiveAvgPool, ForwardAndBackward) {
  const Tensor x = from_values({1, 2, 3, 4, 5}, {1, 1, 5}, kDouble), y = make_tensor({1, 1, 3}, kDouble);
  cpu().adaptive_avg_pool(y, x);  // cells 0-1, 1-3, 3-4
  expect_values(y, {1.5, 3, 4.5}, 1e-14);
  const Tensor gx = make_tensor({1, 1, 5}, kDouble);
  cpu().adaptive_avg_pool_backward(gx, from_values({2, 3, 4}, {1, 1, 3}, kDouble));
  expect_values(gx, {1, 2, 1, 3, 2}, 1e-14);
  const Tensor image = random_tensor({2, 3, 5, 6}, kFloat), one = make_tensor({2, 3, 1, 1}, kFloat);
  cpu().adaptive_avg_pool(one, image);
  double sum = 0;
  for (int64_t i = 0; i < 30; ++i) sum += get(image, 30 + i);
  expect_near(get(one, 1), sum / 30, 1e-6);
}

TEST(Pool, SameBitsForAnyThreads) {
  const Tensor x = random_floats({8, 16, 60, 61}), g = random_floats({8, 16, 30, 30}, -1, 1, 2);
  const PoolParams p = params({3, 3}, {2, 2}, {1, 1});
  expect_same_bits_for_any_threads("avg_pool_backward", [&] {
    const Tensor gx = make_tensor({8, 16, 60, 61}, kFloat);
    cpu().avg_pool_backward(gx, g, p);
    return gx;
  });
}

}  // namespace
}  // namespace hearth::test
