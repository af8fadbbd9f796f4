#include "ops/op_table.h"

#include <cmath>

namespace hearth::op_table {

Tensor numbers(IntArrayRef sizes, double low, double high, uint64_t seed, double apart) {
  Tensor t = empty(sizes, kDouble);
  uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  double* p = t.data_ptr<double>();
  for (int64_t i = 0; i < t.numel();) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const double x = low + (high - low) * static_cast<double>(state >> 11) * 0x1p-53;
    if (std::abs(x * 2 - std::round(x * 2)) < 2 * apart) continue;
    p[i++] = x;
  }
  return t;
}

Tensor join(const std::vector<Tensor>& parts) {
  std::vector<Tensor> flat;
  for (const Tensor& t : parts) flat.push_back(t.reshape({-1}));
  return cat(flat);
}

Function elementwise(double (*f)(double)) {
  return [f](const In& x) {
    const Tensor a = x[0].to(kDouble).contiguous();
    Tensor y = empty(a.sizes(), kDouble);
    for (int64_t i = 0; i < a.numel(); ++i) y.data_ptr<double>()[i] = f(a.data_ptr<double>()[i]);
    return y;
  };
}

namespace {
/// Broadcasting by hand, so that it is not the library that checks itself.
Tensor spread(const Tensor& t, const std::vector<int64_t>& sizes) {
  const Tensor from = t.to(kDouble).contiguous();
  Tensor y = empty(sizes, kDouble);
  const size_t extra = sizes.size() - from.sizes().size();
  for (int64_t i = 0; i < y.numel(); ++i) {
    int64_t rest = i, place = 0, stride = 1;
    for (size_t d = sizes.size(); d-- > 0;) {
      const int64_t c = rest % sizes[d];
      rest /= sizes[d];
      if (d < extra) continue;
      const int64_t s = from.sizes()[d - extra];
      place += (s == 1 ? 0 : c) * stride;
      stride *= s;
    }
    y.data_ptr<double>()[i] = from.data_ptr<double>()[place];
  }
  return y;
}
std::vector<int64_t> common_sizes(const Tensor& a, const Tensor& b) {
  const size_t n = std::max(a.sizes().size(), b.sizes().size());
  std::vector<int64_t> sizes(n);
  for (size_t i = 0; i < n; ++i) {
    const int64_t x = i < a.sizes().size() ? a.sizes()[a.sizes().size() - 1 - i] : 1;
    const int64_t y = i < b.sizes().size() ? b.sizes()[b.sizes().size() - 1 - i] : 1;
    sizes[n - 1 - i] = x == 1 ? y : x;
  }
  return sizes;
}
}  // namespace

Function elementwise(double (*f)(double, double)) {
  return [f](const In& x) {
    const std::vector<int64_t> sizes = common_sizes(x[0], x[1]);
    const Tensor a = spread(x[0], sizes), b = spread(x[1], sizes);
    Tensor y = empty(sizes, kDouble);
    for (int64_t i = 0; i < y.numel(); ++i)
      y.data_ptr<double>()[i] = f(a.data_ptr<double>()[i], b.data_ptr<double>()[i]);
    return y;
  };
}

std::vector<In> unary_samples(double low, double high) {
  return {{numbers({2, 3}, low, high, 1)}, {numbers({}, low, high, 2)},        {numbers({0, 3}, low, high)},
          {numbers({1}, low, high, 3)},    {numbers({5, 1, 7}, low, high, 4)}, {numbers({37}, low, high, 5)}};
}

std::vector<In> binary_samples(double low, double high, double low2, double high2) {
  const auto pair = [&](std::vector<int64_t> a, std::vector<int64_t> b, uint64_t seed) {
    return In{numbers(a, low, high, seed), numbers(b, low2, high2, seed + 100)};
  };
  return {pair({2, 3}, {2, 3}, 1), pair({2, 3}, {3}, 2),       pair({3, 1}, {1, 4}, 3),
          pair({}, {2}, 4),        pair({2, 2}, {}, 5),        pair({}, {}, 6),
          pair({0, 2}, {1, 2}, 7), pair({2, 1, 3}, {2, 1}, 8), pair({17}, {17}, 9)};
}

}  // namespace hearth::op_table
