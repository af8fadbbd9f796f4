// Rows of src/ops/conv.cpp and src/ops/pool.cpp. References loop over every output and every place of the kernel.
#include <cmath>
#include <limits>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
using Dims = std::vector<int64_t>;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

/// Everything as two spatial dimensions.
Tensor planar(const Tensor& t) { return t.dim() == 3 ? t.unsqueeze(2) : t; }

struct Geometry {
  Dims stride, padding, dilation;
  int64_t groups = 1;
};

/// x [N, C, H, W], w [O, C / groups, h, w] by seven loops.
Tensor plain_conv(const Tensor& x0, const Tensor& w0, const Tensor& b, const Geometry& g, int64_t rows, int64_t cols) {
  const Tensor x = x0.to(kDouble).contiguous(), w = w0.to(kDouble).contiguous();
  Tensor y = zeros({x.size(0), w.size(0), rows, cols}, kDouble);
  const auto xa = x.accessor<double, 4>();
  const auto wa = w.accessor<double, 4>();
  auto ya = y.accessor<double, 4>();
  const int64_t per_group = w.size(0) / g.groups;
  for (int64_t n = 0; n < x.size(0); ++n)
    for (int64_t o = 0; o < w.size(0); ++o)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) {
          double sum = b.defined() ? b.to(kDouble)[o].item<double>() : 0;
          for (int64_t c = 0; c < w.size(1); ++c)
            for (int64_t p = 0; p < w.size(2); ++p)
              for (int64_t q = 0; q < w.size(3); ++q) {
                const int64_t r = i * g.stride[0] - g.padding[0] + p * g.dilation[0];
                const int64_t s = j * g.stride[1] - g.padding[1] + q * g.dilation[1];
                if (r < 0 || s < 0 || r >= x.size(2) || s >= x.size(3)) continue;
                sum += xa[n][o / per_group * w.size(1) + c][r][s] * wa[o][c][p][q];
              }
          ya[n][o][i][j] = sum;
        }
  return y;
}
/// The transposed convolution: every input spread over its outputs. w [C, O / groups, h, w].
Tensor plain_transposed(const Tensor& x0, const Tensor& w0, const Geometry& g, int64_t rows, int64_t cols) {
  const Tensor x = x0.to(kDouble).contiguous(), w = w0.to(kDouble).contiguous();
  Tensor y = zeros({x.size(0), w.size(1) * g.groups, rows, cols}, kDouble);
  const auto xa = x.accessor<double, 4>();
  const auto wa = w.accessor<double, 4>();
  auto ya = y.accessor<double, 4>();
  const int64_t per_group = w.size(0) / g.groups;
  for (int64_t n = 0; n < x.size(0); ++n)
    for (int64_t c = 0; c < w.size(0); ++c)
      for (int64_t i = 0; i < x.size(2); ++i)
        for (int64_t j = 0; j < x.size(3); ++j)
          for (int64_t o = 0; o < w.size(1); ++o)
            for (int64_t p = 0; p < w.size(2); ++p)
              for (int64_t q = 0; q < w.size(3); ++q) {
                const int64_t r = i * g.stride[0] - g.padding[0] + p * g.dilation[0];
                const int64_t s = j * g.stride[1] - g.padding[1] + q * g.dilation[1];
                if (r < 0 || s < 0 || r >= rows || s >= cols) continue;
                ya[n][c / per_group * w.size(1) + o][r][s] += xa[n][c][i][j] * wa[c][o][p][q];
              }
  return y;
}

std::vector<Bad> conv_refuses(const std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)>& f, Dims x,
                              Dims w) {
  Dims thin = x;
  thin[1] += 1;
  return {bad<TypeError>("undefined", [f, w] { f(undefined, ones(w), undefined); }),
          bad<ShapeError>("channels", [f, thin, w] { f(ones(thin), ones(w), undefined); }),
          bad<DtypeError>("dtypes", [f, x, w] { f(ones(x), ones(w, kDouble), undefined); }),
          bad<ShapeError>("bias", [f, x, w] { f(ones(x), ones(w), ones({17})); })};
}

void add_convs(Rows& rows) {
  Row row;
  row.loss_of_precision = 10;
  row.name = "conv2d";
  const auto conv = [](const Tensor& x, const Tensor& w, const Tensor& b) {
    return conv2d(x, w, b, {2, 1}, {1, 0}, {1, 2}, 2);
  };
  row.function = [conv](const In& x) { return conv(x[0], x[1], x[2]); };
  row.samples = {{numbers({2, 4, 5, 6}), numbers({4, 2, 3, 2}, -1, 1, 2), numbers({4}, -1, 1, 3)},
                 {numbers({1, 2, 3, 4}), numbers({2, 1, 2, 2}, -1, 1, 2), numbers({2}, -1, 1, 3)}};
  row.reference = [](const In& x) {
    const Geometry g{{2, 1}, {1, 0}, {1, 2}, 2};
    const int64_t r = (x[0].size(2) + 2 - x[1].size(2)) / 2 + 1, c = x[0].size(3) - 2 * (x[1].size(3) - 1);
    return plain_conv(x[0], x[1], x[2], g, r, c);
  };
  row.bad = conv_refuses(conv, {2, 4, 5, 6}, {4, 2, 3, 2});
  row.bad.push_back(ON(ShapeError, "too small", conv2d(ones({1, 1, 2, 2}), ones({1, 1, 3, 3}))));
  row.bad.push_back(ON(ValueError, "stride", conv2d(ones({1, 1, 2, 2}), ones({1, 1, 1, 1}), {}, 0)));
  rows.push_back(row);
  row.name = "convolution";
  row.function = [](const In& x) { return convolution(x[0], x[1], x[2], 1, 1, 1, false, 0, 1); };
  row.samples = {{numbers({2, 3, 6, 6}), numbers({4, 3, 3, 3}, -1, 1, 2), numbers({4}, -1, 1, 3)}};
  row.reference = [](const In& x) { return plain_conv(x[0], x[1], x[2], {{1, 1}, {1, 1}, {1, 1}, 1}, 6, 6); };
  rows.push_back(row);
  row.name = "conv2d.same";
  row.function = [](const In& x) { return conv2d(x[0], x[1], x[2], 1, "same"); };
  row.samples = {{numbers({1, 2, 4, 5}), numbers({2, 2, 2, 3}, -1, 1, 2), numbers({2}, -1, 1, 3)}};
  row.reference = [](const In& x) {
    return plain_conv(constant_pad_nd(x[0].to(kDouble), {1, 1, 0, 1}, 0), x[1], x[2], {{1, 1}, {0, 0}, {1, 1}, 1}, 4,
                      5);
  };
  row.bad.push_back(ON(ValueError, "padding word", conv2d(ones({1, 1, 2, 2}), ones({1, 1, 1, 1}), {}, 1, "some")));
  rows.push_back(row);
  row.name = "conv1d";
  const auto conv_1 = [](const Tensor& x, const Tensor& w, const Tensor& b) { return conv1d(x, w, b, 2, 1); };
  row.function = [conv_1](const In& x) { return conv_1(x[0], x[1], x[2]); };
  row.samples = {{numbers({2, 3, 7}), numbers({4, 3, 3}, -1, 1, 2), numbers({4}, -1, 1, 3)}};
  row.reference = [](const In& x) {
    return plain_conv(planar(x[0]), planar(x[1]), x[2], {{1, 2}, {0, 1}, {1, 1}, 1}, 1, 4).squeeze(2);
  };
  row.bad = conv_refuses(conv_1, {2, 3, 7}, {4, 3, 3});
  rows.push_back(row);
  row.name = "conv3d";
  const auto conv_3 = [](const Tensor& x, const Tensor& w, const Tensor& b) { return conv3d(x, w, b); };
  row.function = [conv_3](const In& x) { return conv_3(x[0], x[1], x[2]); };
  row.samples = {{numbers({1, 2, 3, 3, 3}), numbers({2, 2, 2, 2, 2}, -1, 1, 2), numbers({2}, -1, 1, 3)}};
  row.reference = [](const In& x) {  // the depth unrolled into planar convolutions
    std::vector<Tensor> planes;
    for (int64_t d = 0; d < 2; ++d)
      planes.push_back(
          plain_conv(x[0].select(2, d), x[1].select(2, 0), x[2], {{1, 1}, {0, 0}, {1, 1}, 1}, 2, 2) +
          plain_conv(x[0].select(2, d + 1), x[1].select(2, 1), undefined, {{1, 1}, {0, 0}, {1, 1}, 1}, 2, 2));
    return stack(planes, 2);
  };
  row.bad = conv_refuses(conv_3, {1, 2, 3, 3, 3}, {2, 2, 2, 2, 2});
  rows.push_back(row);
}

void add_transposed(Rows& rows) {
  Row row;
  row.loss_of_precision = 10;
  row.name = "conv_transpose2d";
  const auto f = [](const Tensor& x, const Tensor& w, const Tensor& b) {
    return conv_transpose2d(x, w, b, 2, 1, 1, 2);
  };
  row.function = [f](const In& x) { return f(x[0], x[1], undefined); };
  row.samples = {{numbers({2, 4, 3, 3}), numbers({4, 1, 3, 3}, -1, 1, 2)}};
  row.reference = [](const In& x) { return plain_transposed(x[0], x[1], {{2, 2}, {1, 1}, {1, 1}, 2}, 6, 6); };
  row.bad = conv_refuses(f, {2, 4, 3, 3}, {4, 1, 3, 3});
  row.bad.push_back(
      ON(ValueError, "output padding", conv_transpose2d(ones({1, 1, 2, 2}), ones({1, 1, 2, 2}), {}, 1, 0, 1)));
  rows.push_back(row);
  row.name = "conv_transpose1d";
  const auto f1 = [](const Tensor& x, const Tensor& w, const Tensor& b) { return conv_transpose1d(x, w, b, 2); };
  row.function = [f1](const In& x) { return f1(x[0], x[1], undefined); };
  row.samples = {{numbers({2, 3, 4}), numbers({3, 2, 3}, -1, 1, 2)}};
  row.reference = [](const In& x) {
    return plain_transposed(planar(x[0]), planar(x[1]), {{1, 2}, {0, 0}, {1, 1}, 1}, 1, 9).squeeze(2);
  };
  row.bad = conv_refuses(f1, {2, 3, 4}, {3, 2, 3});
  rows.push_back(row);
  row.name = "conv_transpose3d";
  const auto f3 = [](const Tensor& x, const Tensor& w, const Tensor& b) { return conv_transpose3d(x, w, b); };
  row.function = [f3](const In& x) { return f3(x[0], x[1], undefined); };
  row.samples = {{numbers({1, 2, 1, 2, 2}), numbers({2, 2, 1, 2, 2}, -1, 1, 2)}};
  row.reference = [](const In& x) {
    return plain_transposed(x[0].squeeze(2), x[1].squeeze(2), {{1, 1}, {0, 0}, {1, 1}, 1}, 3, 3).unsqueeze(2);
  };
  row.bad = conv_refuses(f3, {1, 2, 1, 2, 2}, {2, 2, 1, 2, 2});
  rows.push_back(row);
}

/// Over windows of x [N, C, H, W]: fold(values inside, how many places the window has within the padded input).
Tensor plain_pool(const Tensor& x0, Dims kernel, Dims stride, Dims padding,
                  double (*fold)(const std::vector<double>&, double)) {
  const Tensor x = planar(x0).to(kDouble).contiguous();
  const int64_t rows = (x.size(2) + 2 * padding[0] - kernel[0]) / stride[0] + 1,
                cols = (x.size(3) + 2 * padding[1] - kernel[1]) / stride[1] + 1;
  Tensor y = empty({x.size(0), x.size(1), rows, cols}, kDouble);
  const auto xa = x.accessor<double, 4>();
  auto ya = y.accessor<double, 4>();
  for (int64_t n = 0; n < x.size(0); ++n)
    for (int64_t c = 0; c < x.size(1); ++c)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) {
          std::vector<double> inside;
          for (int64_t p = i * stride[0] - padding[0]; p < i * stride[0] - padding[0] + kernel[0]; ++p)
            for (int64_t q = j * stride[1] - padding[1]; q < j * stride[1] - padding[1] + kernel[1]; ++q)
              if (p >= 0 && q >= 0 && p < x.size(2) && q < x.size(3)) inside.push_back(xa[n][c][p][q]);
          ya[n][c][i][j] = fold(inside, static_cast<double>(kernel[0] * kernel[1]));
        }
  return x0.dim() == 3 ? y.squeeze(2) : y;
}
double largest(const std::vector<double>& v, double) { return *std::max_element(v.begin(), v.end()); }
double average(const std::vector<double>& v, double places) {
  double s = 0;
  for (const double x : v) s += x;
  return s / places;
}

std::vector<Bad> pool_refuses(const std::function<Tensor(const Tensor&, int64_t kernel, int64_t padding)>& f,
                              const Dims& x) {
  return {bad<TypeError>("undefined", [f] { f(undefined, 2, 0); }),
          bad<ShapeError>("dims", [f] { f(ones({2}), 2, 0); }), bad<ValueError>("kernel", [f, x] { f(ones(x), 0, 0); }),
          bad<ValueError>("padding", [f, x] { f(ones(x), 2, 2); }),
          bad<ShapeError>("too small", [f, x] { f(ones(x), 50, 0); })};
}

void add_pools(Rows& rows) {
  const auto add = [&](const std::string& name, Function f, Function reference, std::vector<In> samples,
                       std::vector<Bad> refused) {
    Row row;
    row.name = name;
    row.function = std::move(f);
    row.reference = std::move(reference);
    row.samples = std::move(samples);
    row.loss_of_precision = 2;
    row.bad = std::move(refused);
    rows.push_back(row);
  };
  const Dims line = {2, 3, 7}, plane = {2, 2, 5, 6}, cube = {1, 2, 3, 4, 4};
  const auto max2 = [](const Tensor& x, int64_t k, int64_t p) { return max_pool2d(x, k, 2, p); };
  const auto ref_max2 = [](const In& x) { return plain_pool(x[0], {2, 2}, {2, 2}, {1, 1}, largest); };
  add(
      "max_pool2d", [max2](const In& x) { return max2(x[0], 2, 1); }, ref_max2, {{numbers(plane)}},
      pool_refuses(max2, plane));
  add(
      "max_pool2d.plain", [](const In& x) { return max_pool2d(x[0], 2); },
      [](const In& x) {
        return plain_pool(x[0], {2, 2}, {2, 2}, {0, 0}, largest);
      },
      {{numbers({2, 3, 8, 8})}, {numbers({1, 1, 40, 38}, -2, 2, 9)}}, pool_refuses(max2, plane));
  add(
      "max_pool2d_with_indices", [](const In& x) { return std::get<0>(max_pool2d_with_indices(x[0], 2, 2, 1)); },
      ref_max2, {{numbers(plane)}}, pool_refuses(max2, plane));
  const auto max1 = [](const Tensor& x, int64_t k, int64_t p) { return max_pool1d(x, k, 1, p); };
  const auto ref_max1 = [](const In& x) { return plain_pool(x[0], {1, 3}, {1, 1}, {0, 1}, largest); };
  add(
      "max_pool1d", [max1](const In& x) { return max1(x[0], 3, 1); }, ref_max1, {{numbers(line)}},
      pool_refuses(max1, line));
  add(
      "max_pool1d_with_indices", [](const In& x) { return std::get<0>(max_pool1d_with_indices(x[0], 3, 1, 1)); },
      ref_max1, {{numbers(line)}}, pool_refuses(max1, line));
  const auto max3 = [](const Tensor& x, int64_t k, int64_t p) { return max_pool3d(x, k, 1, p); };
  const auto ref_max3 = [](const In& x) {
    std::vector<Tensor> planes;
    for (int64_t d = 0; d < 2; ++d)
      planes.push_back(hearth::maximum(plain_pool(x[0].select(2, d), {2, 2}, {1, 1}, {0, 0}, largest),
                                       plain_pool(x[0].select(2, d + 1), {2, 2}, {1, 1}, {0, 0}, largest)));
    return stack(planes, 2);
  };
  add(
      "max_pool3d", [max3](const In& x) { return max3(x[0], 2, 0); }, ref_max3, {{numbers(cube)}},
      pool_refuses(max3, cube));
  add(
      "max_pool3d_with_indices", [](const In& x) { return std::get<0>(max_pool3d_with_indices(x[0], 2, 1)); }, ref_max3,
      {{numbers(cube)}}, pool_refuses(max3, cube));
  const auto avg2 = [](const Tensor& x, int64_t k, int64_t p) { return avg_pool2d(x, k, 2, p); };
  add(
      "avg_pool2d", [avg2](const In& x) { return avg2(x[0], 2, 1); },
      [](const In& x) {
        return plain_pool(x[0], {2, 2}, {2, 2}, {1, 1}, average);
      },
      {{numbers(plane)}}, pool_refuses(avg2, plane));
  const auto avg1 = [](const Tensor& x, int64_t k, int64_t p) { return avg_pool1d(x, k, 1, p); };
  add(
      "avg_pool1d", [avg1](const In& x) { return avg1(x[0], 3, 1); },
      [](const In& x) {
        return plain_pool(x[0], {1, 3}, {1, 1}, {0, 1}, average);
      },
      {{numbers(line)}}, pool_refuses(avg1, line));
  const auto avg3 = [](const Tensor& x, int64_t k, int64_t p) { return avg_pool3d(x, k, 1, p); };
  add(
      "avg_pool3d", [avg3](const In& x) { return avg3(x[0], 2, 0); },
      [](const In& x) {
        std::vector<Tensor> planes;
        for (int64_t d = 0; d < 2; ++d)
          planes.push_back((plain_pool(x[0].select(2, d), {2, 2}, {1, 1}, {0, 0}, average) +
                            plain_pool(x[0].select(2, d + 1), {2, 2}, {1, 1}, {0, 0}, average)) /
                           2);
        return stack(planes, 2);
      },
      {{numbers(cube)}}, pool_refuses(avg3, cube));
  const auto refuse_adaptive = [](auto f) {
    return std::vector<Bad>{bad<TypeError>("undefined", [f] { f(undefined, 1); }),
                            bad<ShapeError>("dims", [f] { f(ones({2}), 1); }), bad<ValueError>("size", [f] {
                              f(ones({1, 1, 2, 2, 2}), -1);
                            })};
  };
  add(
      "adaptive_avg_pool2d",
      [](const In& x) {
        return adaptive_avg_pool2d(x[0], {1, 3});
      },
      [](const In& x) {
        return plain_pool(x[0], {5, 2}, {5, 2}, {0, 0}, average);
      },
      {{numbers(plane)}}, refuse_adaptive([](const Tensor& x, int64_t n) { return adaptive_avg_pool2d(x, n); }));
  add(
      "adaptive_avg_pool1d", [](const In& x) { return adaptive_avg_pool1d(x[0], 3); },
      [](const In& x) {
        return plain_pool(x[0], {1, 3}, {1, 2}, {0, 0}, average);
      },
      {{numbers(line)}}, refuse_adaptive([](const Tensor& x, int64_t n) { return adaptive_avg_pool1d(x, n); }));
  add(
      "adaptive_avg_pool3d", [](const In& x) { return adaptive_avg_pool3d(x[0], 1); },
      [](const In& x) {
        return x[0].mean({2, 3, 4}, true);
      },
      {{numbers(cube)}}, refuse_adaptive([](const Tensor& x, int64_t n) { return adaptive_avg_pool3d(x, n); }));
}

}  // namespace

void add_conv_rows(Rows& rows) {
  add_convs(rows);
  add_transposed(rows);
  add_pools(rows);
}

}  // namespace hearth::op_table
