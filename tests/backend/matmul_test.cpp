// Matrix products and convolutions against the definition, through the table and the reference.
#include "backend/cpu/reference_conv.h"
#include "backend/cpu/reference_matmul.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;
using Matmul = void (*)(const Tensor&, const Tensor&, const Tensor&, const Tensor&, double, double);

/// a [batch, m, k], b [batch, k, n] in any layout.
void check_matmul(Matmul matmul, ScalarType dtype, const Tensor& a, const Tensor& b, bool with_bias, double beta,
                  double alpha) {
  const int64_t batch = impl(a)->sizes[0], m = impl(a)->sizes[1], depth = impl(a)->sizes[2], n = impl(b)->sizes[2];
  const Tensor out = random_tensor({batch, m, n}, dtype, -2, 2, 8);
  const Tensor bias = with_bias ? random_tensor({n}, dtype, -2, 2, 9) : Tensor();
  const V before = values(out), left = values(a), right = values(b);
  matmul(out, a, b, bias, beta, alpha);
  for (int64_t i = 0; i < impl(out)->numel; ++i) {
    const int64_t p = i / (m * n), r = i / n % m, c = i % n;
    double sum = 0, size = 0;
    for (int64_t k = 0; k < depth; ++k) {
      const double term =
          left[static_cast<size_t>((p * m + r) * depth + k)] * right[static_cast<size_t>((p * depth + k) * n + c)];
      sum += term;
      size += std::fabs(term);
    }
    const double want = beta * before[static_cast<size_t>(i)] + alpha * sum + (with_bias ? get(bias, c) : 0);
    ASSERT_NEAR(get(out, i), want, tolerance(dtype) * (std::fabs(want) + std::fabs(alpha) * size * 0.3 + 1e-3))
        << toString(dtype) << " " << m << "x" << n << "x" << depth;
  }
}

TEST(Matmul, ShapesLayoutsAndDtypes) {
  for (const Matmul matmul : {hearth::cpu::reference_matmul, kernels(kCPU).matmul}) {
    for (const ScalarType dtype : all_dtypes()) {
      for (const auto& [m, n, k] :
           {std::array<int64_t, 3>{1, 1, 1}, {3, 5, 7}, {70, 33, 300}, {5, 270, 3}, {2, 3, 0}}) {
        const bool whole = !isFloatingType(dtype);
        const Tensor a = random_tensor({2, m, k}, dtype, -2, 2, 1), b = random_tensor({2, k, n}, dtype, -2, 2, 2);
        if (elementSize(dtype) == 1 && k == 300) continue;  // bytes wrap, double does not
        check_matmul(matmul, dtype, a, b, false, 0, 1);
        check_matmul(matmul, dtype, a, b, true, 0, 1);
        check_matmul(matmul, dtype, a, b, false, 2, whole ? 3 : 0.5);
        const Tensor at = transposed(random_tensor({2, k, m}, dtype, -2, 2, 3), 1, 2),
                     bt = transposed(random_tensor({2, n, k}, dtype, -2, 2, 4), 1, 2);
        check_matmul(matmul, dtype, at, bt, false, 0, 1);
        const Tensor shared = expanded(random_tensor({1, k, n}, dtype, -2, 2, 5), {2, k, n});
        check_matmul(matmul, dtype, a, shared, true, 0, 1);
      }
    }
  }
}

TEST(Matmul, PlainMatricesAndStridedOutput) {
  const Tensor a = random_tensor({4, 3}, kFloat), b = random_tensor({3, 5}, kFloat, -1, 1, 2);
  const Tensor out = transposed(make_tensor({5, 4}, kFloat), 0, 1), flat = make_tensor({4, 5}, kFloat);
  kernels(kCPU).matmul(out, a, b, Tensor(), 0, 1);
  kernels(kCPU).matmul(flat, a, b, Tensor(), 0, 1);
  for (int64_t i = 0; i < 20; ++i) expect_near(get(out, i), get(flat, i), 1e-6);
}

TEST(Matmul, SameBitsForAnyThreads) {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    const Tensor a = random_tensor({1, 200, 150}, dtype), b = random_tensor({1, 150, 300}, dtype, -1, 1, 2);
    expect_same_bits_for_any_threads("matmul", [&] {
      const Tensor out = make_tensor({1, 200, 300}, dtype);
      kernels(kCPU).matmul(out, a, b, Tensor(), 0, 1);
      return out;
    });
  }
}

struct ConvCase {
  std::vector<int64_t> x, w;  // sizes
  ConvParams p;
};
const std::vector<ConvCase>& conv_cases() {
  static const std::vector<ConvCase> all = {{{2, 4, 9}, {6, 2, 3}, {{2}, {1}, {2}, 2}},
                                            {{2, 3, 7, 8}, {4, 3, 3, 2}, {{1, 1}, {0, 0}, {1, 1}, 1}},
                                            {{2, 4, 7, 8}, {4, 1, 3, 3}, {{2, 1}, {1, 2}, {1, 2}, 4}},
                                            {{1, 2, 6, 5}, {3, 2, 1, 1}, {{3, 2}, {0, 0}, {1, 1}, 1}},
                                            {{1, 2, 2, 2}, {3, 2, 3, 3}, {{1, 1}, {2, 2}, {1, 1}, 1}},
                                            {{2, 2, 4, 5, 6}, {2, 2, 2, 3, 2}, {{1, 2, 1}, {1, 0, 1}, {2, 1, 1}, 1}}};
  return all;
}

/// y and both gradients by every product of the definition.
struct ByDefinition {
  V y, gx, gw, gb;
};
ByDefinition define(const Tensor& x, const Tensor& w, const Tensor& bias, const Tensor& g, const ConvParams& p) {
  const size_t spatial = impl(x)->sizes.size() - 2;
  const auto size = [&](const Tensor& t, size_t d) { return impl(t)->sizes[d]; };
  ByDefinition r;
  r.y.assign(static_cast<size_t>(impl(g)->numel), 0);
  r.gx.assign(static_cast<size_t>(impl(x)->numel), 0);
  r.gw.assign(static_cast<size_t>(impl(w)->numel), 0);
  r.gb.assign(static_cast<size_t>(size(w, 0)), 0);
  int64_t pixels = 1, cells = 1;
  for (size_t d = 0; d < spatial; ++d) {
    pixels *= size(g, d + 2);
    cells *= size(w, d + 2);
  }
  const int64_t outputs = size(g, 1), group_out = outputs / p.groups, group_in = size(w, 1);
  for (int64_t i = 0; i < impl(g)->numel; ++i) {
    const int64_t n = i / (outputs * pixels), o = i / pixels % outputs;
    r.y[static_cast<size_t>(i)] += get(bias, o);
    r.gb[static_cast<size_t>(o)] += get(g, i);
    for (int64_t c = 0; c < group_in; ++c) {
      for (int64_t cell = 0; cell < cells; ++cell) {
        int64_t place = 0, scale = 1, at = i % pixels, k = cell;
        bool inside = true;
        for (size_t d = spatial; d-- > 0;) {
          const int64_t v = at % size(g, d + 2) * p.stride[d] - p.padding[d] + k % size(w, d + 2) * p.dilation[d];
          inside = inside && v >= 0 && v < size(x, d + 2);
          place += v * scale;
          scale *= size(x, d + 2);
          at /= size(g, d + 2);
          k /= size(w, d + 2);
        }
        if (!inside) continue;
        const int64_t xi = (n * size(x, 1) + o / group_out * group_in + c) * scale + place,
                      wi = (o * group_in + c) * cells + cell;
        r.y[static_cast<size_t>(i)] += get(x, xi) * get(w, wi);
        r.gx[static_cast<size_t>(xi)] += get(g, i) * get(w, wi);
        r.gw[static_cast<size_t>(wi)] += get(g, i) * get(x, xi);
      }
    }
  }
  return r;
}

TEST(Conv, ForwardAndBackwardAgainstTheDefinition) {
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kBFloat16, kLong}) {
    for (const ConvCase& c : conv_cases()) {
      DimVector out;
      out.push_back(c.x[0]);
      out.push_back(c.w[0]);
      for (size_t d = 2; d < c.x.size(); ++d) {
        out.push_back((c.x[d] + 2 * c.p.padding[d - 2] - c.p.dilation[d - 2] * (c.w[d] - 1) - 1) / c.p.stride[d - 2] +
                      1);
      }
      const Tensor x = random_tensor(c.x, dtype, -2, 2, 1), w = random_tensor(c.w, dtype, -2, 2, 2),
                   bias = random_tensor({c.w[0]}, dtype, -2, 2, 3), g = random_tensor(out, dtype, -2, 2, 4);
      const ByDefinition want = define(x, w, bias, g, c.p);
      const double t = tolerance(dtype);
      const auto check = [&](const Tensor& got, const V& expected) {
        for (size_t i = 0; i < expected.size(); ++i)
          expect_near(get(got, static_cast<int64_t>(i)), expected[i], 2 * t, 20 * t);
      };
      for (const bool reference : {true, false}) {
        const Tensor y = make_tensor(out, dtype), gx = make_tensor(c.x, dtype), gw = make_tensor(c.w, dtype),
                     gb = make_tensor({c.w[0]}, dtype);
        (reference ? hearth::cpu::reference_conv : kernels(kCPU).conv)(y, x, w, bias, c.p);
        (reference ? hearth::cpu::reference_conv_backward_input : kernels(kCPU).conv_backward_input)(gx, g, w, c.p);
        (reference ? hearth::cpu::reference_conv_backward_weight : kernels(kCPU).conv_backward_weight)(gw, gb, g, x,
                                                                                                       c.p);
        check(y, want.y);
        check(gx, want.gx);
        check(gw, want.gw);
        check(gb, want.gb);
      }
    }
  }
}

}  // namespace
}  // namespace hearth::test
