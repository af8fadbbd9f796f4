// Batch norm, layer norm and nll_loss against their definitions in double.
#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;

struct Channels {
  int64_t n, c, plane;
  int64_t at(int64_t i, int64_t channel, int64_t k) const { return (i * c + channel) * plane + k; }
};

void check_batch_norm(ScalarType dtype, const Channels& s, bool affine) {
  const DimVector sizes = s.plane == 1 ? DimVector{s.n, s.c} : DimVector{s.n, s.c, s.plane};
  const ScalarType stat = dtype == kDouble ? kDouble : kFloat;
  const double t = tolerance(dtype);
  const Tensor x = random_tensor(sizes, dtype, 1, 5), y = make_tensor(sizes, dtype),
               g = random_tensor(sizes, dtype, -1, 1, 2);
  const Tensor w = affine ? random_tensor({s.c}, dtype, 0.5, 2, 3) : Tensor(),
               b = affine ? random_tensor({s.c}, dtype, -1, 1, 4) : Tensor();
  const Tensor mean = make_tensor({s.c}, stat), invstd = make_tensor({s.c}, stat),
               rm = random_tensor({s.c}, stat, 0, 1, 5), rv = random_tensor({s.c}, stat, 1, 2, 6);
  const V old_mean = values(rm), old_var = values(rv);
  cpu().batch_norm(y, mean, invstd, rm, rv, x, w, b, true, 0.1, 1e-5);
  const Tensor gx = make_tensor(sizes, dtype), gw = affine ? make_tensor({s.c}, dtype) : Tensor(),
               gb = affine ? make_tensor({s.c}, dtype) : Tensor();
  cpu().batch_norm_backward(gx, gw, gb, g, x, w, mean, invstd, true);
  const Tensor eval = make_tensor(sizes, dtype), eval_gx = make_tensor(sizes, dtype);
  cpu().batch_norm(eval, mean, invstd, Tensor(), Tensor(), x, w, b, false, 0, 1e-5);
  cpu().batch_norm_backward(eval_gx, Tensor(), Tensor(), g, x, w, mean, invstd, false);
  const auto count = static_cast<double>(s.n * s.plane);
  for (int64_t c = 0; c < s.c; ++c) {
    double m = 0, var = 0, sum = 0, dot = 0;
    const auto each = [&](auto f) {
      for (int64_t i = 0; i < s.n; ++i) {
        for (int64_t k = 0; k < s.plane; ++k) f(s.at(i, c, k));
      }
    };
    each([&](int64_t i) { m += get(x, i) / count; });
    each([&](int64_t i) { var += (get(x, i) - m) * (get(x, i) - m) / count; });
    const double inverse = 1 / std::sqrt(var + 1e-5), scale = affine ? get(w, c) : 1, shift = affine ? get(b, c) : 0;
    each([&](int64_t i) { sum += get(g, i); });
    each([&](int64_t i) { dot += get(g, i) * (get(x, i) - m) * inverse; });
    const auto k = static_cast<size_t>(c);
    expect_near(get(mean, c), m, tolerance(stat));
    expect_near(get(invstd, c), inverse, 4 * tolerance(stat));
    expect_near(get(rm, c), 0.9 * old_mean[k] + 0.1 * m, tolerance(stat));
    expect_near(get(rv, c), 0.9 * old_var[k] + 0.1 * var * count / (count - 1), 4 * tolerance(stat));
    each([&](int64_t i) {
      const double xhat = (get(x, i) - m) * inverse;
      expect_near(get(y, i), xhat * scale + shift, 4 * t, 4 * t);
      expect_near(get(eval, i), xhat * scale + shift, 4 * t, 4 * t);
      expect_near(get(gx, i), scale * inverse * (get(g, i) - sum / count - xhat * dot / count), 4 * t, 4 * t);
      expect_near(get(eval_gx, i), scale * inverse * get(g, i), 4 * t);
    });
    if (affine) {
      expect_near(get(gw, c), dot, 8 * t, 20 * t);
      expect_near(get(gb, c), sum, 8 * t, 20 * t);
    }
  }
}

TEST(BatchNorm, AgainstTheDefinition) {
  for (const ScalarType dtype : float_dtypes()) {
    for (const bool affine : {true, false}) {
      check_batch_norm(dtype, {6, 5, 37}, affine);
      check_batch_norm(dtype, {40, 19, 1}, affine);
      check_batch_norm(dtype, {3, 9, 4}, affine);
    }
  }
  check_batch_norm(kFloat, {9, 2, 5000}, true);  // few channels: cut along the batch as well
  check_batch_norm(kDouble, {9, 2, 5000}, true);
}

TEST(BatchNorm, StridedInputAndThreads) {
  const Tensor base = random_floats({7, 50, 6}), x = transposed(base, 1, 2), flat = make_tensor({7, 6, 50}, kFloat);
  cpu().copy(flat, x);
  const Tensor a = make_tensor({7, 6, 50}, kFloat), b = make_tensor({7, 6, 50}, kFloat), m = make_tensor({6}, kFloat),
               i = make_tensor({6}, kFloat);
  cpu().batch_norm(a, m, i, Tensor(), Tensor(), x, Tensor(), Tensor(), true, 0.1, 1e-5);
  cpu().batch_norm(b, m, i, Tensor(), Tensor(), flat, Tensor(), Tensor(), true, 0.1, 1e-5);
  EXPECT_TRUE(same_bits(a, b));
  for (const int64_t channels : {4, 32}) {
    const Tensor big = random_floats({32, channels, 40, 41}), mean = make_tensor({channels}, kFloat),
                 inv = make_tensor({channels}, kFloat);
    expect_same_bits_for_any_threads("batch_norm", [&] {
      const Tensor y = make_tensor({32, channels, 40, 41}, kFloat);
      cpu().batch_norm(y, mean, inv, Tensor(), Tensor(), big, Tensor(), Tensor(), true, 0.1, 1e-5);
      return y;
    });
    expect_same_bits_for_any_threads("batch_norm_backward", [&] {
      const Tensor gx = make_tensor({32, channels, 40, 41}, kFloat);
      cpu().batch_norm_backward(gx, Tensor(), Tensor(), big, big, Tensor(), mean, inv, true);
      return gx;
    });
  }
}

TEST(LayerNorm, AgainstTheDefinition) {
  for (const ScalarType dtype : float_dtypes()) {
    for (const int64_t cols : {1, 7, 64, 301}) {
      const int64_t rows = 5;
      const double t = tolerance(dtype), n = static_cast<double>(cols);
      const ScalarType stat = dtype == kDouble ? kDouble : kFloat;
      const Tensor x = random_tensor({rows, cols}, dtype, 1, 5), y = make_tensor({rows, cols}, dtype),
                   w = random_tensor({cols}, dtype, 0.5, 2, 3), b = random_tensor({cols}, dtype, -1, 1, 4),
                   g = random_tensor({rows, cols}, dtype, -1, 1, 2), gx = make_tensor({rows, cols}, dtype),
                   gw = make_tensor({cols}, dtype), gb = make_tensor({cols}, dtype), mean = make_tensor({rows}, stat),
                   invstd = make_tensor({rows}, stat);
      cpu().layer_norm(y, mean, invstd, x, w, b, 1e-5);
      cpu().layer_norm_backward(gx, gw, gb, g, x, w, mean, invstd);
      V want_gw(static_cast<size_t>(cols), 0.0), want_gb(static_cast<size_t>(cols), 0.0);
      for (int64_t r = 0; r < rows; ++r) {
        double m = 0, var = 0, sum = 0, dot = 0;
        const auto at = [&](const Tensor& v, int64_t c) { return get(v, r * cols + c); };
        for (int64_t c = 0; c < cols; ++c) m += at(x, c) / n;
        for (int64_t c = 0; c < cols; ++c) var += (at(x, c) - m) * (at(x, c) - m) / n;
        const double inverse = 1 / std::sqrt(var + 1e-5);
        for (int64_t c = 0; c < cols; ++c) {
          const double xhat = (at(x, c) - m) * inverse, gwc = at(g, c) * get(w, c);
          sum += gwc / n;
          dot += gwc * xhat / n;
          want_gw[static_cast<size_t>(c)] += at(g, c) * xhat;
          want_gb[static_cast<size_t>(c)] += at(g, c);
        }
        for (int64_t c = 0; c < cols; ++c) {
          const double xhat = (at(x, c) - m) * inverse;
          expect_near(at(y, c), xhat * get(w, c) + get(b, c), 4 * t, 4 * t);
          if (cols > 1) expect_near(at(gx, c), inverse * (at(g, c) * get(w, c) - sum - xhat * dot), 8 * t, 8 * t);
        }
      }
      for (int64_t c = 0; c < cols; ++c) {
        expect_near(get(gw, c), want_gw[static_cast<size_t>(c)], 8 * t, 8 * t);
        expect_near(get(gb, c), want_gb[static_cast<size_t>(c)], 8 * t, 8 * t);
      }
    }
  }
}

TEST(LayerNorm, SameBitsForAnyThreads) {
  const Tensor x = random_floats({600, 700}), mean = make_tensor({600}, kFloat), inv = make_tensor({600}, kFloat);
  expect_same_bits_for_any_threads("layer_norm", [&] {
    const Tensor y = make_tensor({600, 700}, kFloat);
    cpu().layer_norm(y, mean, inv, x, Tensor(), Tensor(), 1e-5);
    return y;
  });
  expect_same_bits_for_any_threads("layer_norm_backward", [&] {
    const Tensor gw = make_tensor({700}, kFloat);
    cpu().layer_norm_backward(Tensor(), gw, Tensor(), x, x, Tensor(), mean, inv);
    return gw;
  });
}

TEST(NllLoss, ForwardAndBackward) {
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor x = from_values({-1, -2, -3, -4, -5, -6}, {3, 2}, dtype), target = tensor1({1, -100, 0}, kLong),
                 weight = tensor1({2, 0.5}, dtype), out = make_tensor({3}, dtype), total = make_tensor({}, dtype);
    cpu().nll_loss(out, total, x, target, weight, -100);
    EXPECT_EQ(values(out), (V{1, 0, 10}));
    EXPECT_EQ(get(total, 0), 2.5);
    const Tensor gx = random_tensor({3, 2}, dtype);
    cpu().nll_loss_backward(gx, tensor1({1, 1, 3}, dtype), target, weight, -100);
    EXPECT_EQ(values(gx), (V{0, -0.5, 0, 0, -6, 0}));
    cpu().nll_loss(out, total, x, target, Tensor(), -100);
    EXPECT_EQ(values(out), (V{2, 0, 5}));
    EXPECT_EQ(get(total, 0), 2);
  }
  const Tensor x = random_tensor({2, 3}, kFloat), out = tensor1({7, 7}), total = make_tensor({}, kFloat);
  try {
    cpu().nll_loss(out, total, x, tensor1({0, 3}, kLong), Tensor(), -100);
    FAIL();
  } catch (const IndexError& e) {
    EXPECT_EQ(e.index, 3);
    EXPECT_NE(e.msg().find("position 1"), std::string::npos);
  }
  EXPECT_EQ(values(out), (V{7, 7}));
}

}  // namespace
}  // namespace hearth::test
