// Rows of src/ops/upsample.cpp, pad.cpp and grid_sample.cpp. References are products with a dense matrix for each
// dimension, and loops over every point of a grid.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
using Dims = std::vector<int64_t>;

/// The weight of source place i for output j, of dimensions `in` and `out`.
using Weight = double (*)(int64_t i, int64_t j, int64_t in, int64_t out);

double place_of(int64_t j, int64_t in, int64_t out) {
  return (static_cast<double>(j) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5;
}
double aligned(int64_t j, int64_t in, int64_t out) {
  return out > 1 ? static_cast<double>(j * (in - 1)) / static_cast<double>(out - 1) : 0;
}
double nearest(int64_t i, int64_t j, int64_t in, int64_t out) { return j * in / out == i ? 1 : 0; }
double exact(int64_t i, int64_t j, int64_t in, int64_t out) { return (2 * j + 1) * in / (2 * out) == i ? 1 : 0; }
double tent(double x) { return std::max(0.0, 1 - std::abs(x)); }
double linear(int64_t i, int64_t j, int64_t in, int64_t out) {
  const double at = std::min(std::max(place_of(j, in, out), 0.0), static_cast<double>(in - 1));
  return tent(at - static_cast<double>(i));
}
double linear_aligned(int64_t i, int64_t j, int64_t in, int64_t out) {
  return tent(aligned(j, in, out) - static_cast<double>(i));
}
double keys(double x, double a) {
  x = std::abs(x);
  if (x >= 2) return 0;
  return x <= 1 ? (a + 2) * x * x * x - (a + 3) * x * x + 1 : a * (x * x * x - 5 * x * x + 8 * x - 4);
}
/// Elements beyond the border are those at the border.
double cubic(int64_t i, int64_t j, int64_t in, int64_t out) {
  double sum = 0;
  for (int64_t k = -3; k < in + 3; ++k)
    if (std::min(std::max<int64_t>(k, 0), in - 1) == i)
      sum += keys(place_of(j, in, out) - static_cast<double>(k), -0.75);
  return sum;
}
double wide(int64_t i, int64_t j, int64_t in, int64_t out, double (*filter)(double)) {
  const double step = std::max(1.0, static_cast<double>(in) / static_cast<double>(out));
  double total = 0;
  for (int64_t k = 0; k < in; ++k) total += filter((static_cast<double>(k) - place_of(j, in, out)) / step);
  return filter((static_cast<double>(i) - place_of(j, in, out)) / step) / total;
}
double linear_aa(int64_t i, int64_t j, int64_t in, int64_t out) { return wide(i, j, in, out, tent); }
double cubic_aa(int64_t i, int64_t j, int64_t in, int64_t out) {
  return wide(i, j, in, out, [](double x) { return keys(x, -0.5); });
}
double mirrored(int64_t i, int64_t j, int64_t in, int64_t out) {  // one before, the rest behind
  (void)out;
  const int64_t k = std::abs(j - 1);
  return (k < in ? k : 2 * (in - 1) - k) == i ? 1 : 0;
}
double repeated(int64_t i, int64_t j, int64_t in, int64_t out) {
  (void)out;
  return std::min(std::max<int64_t>(j - 1, 0), in - 1) == i ? 1 : 0;
}
double around(int64_t i, int64_t j, int64_t in, int64_t out) {
  (void)out;
  return (j - 1 + in) % in == i ? 1 : 0;
}

/// x with the last dimensions, as many as `out` has, mapped by their matrices.
Function mapped(Weight weight, Dims out) {
  return [weight, out](const In& x) {
    Tensor y = x[0].to(kDouble);
    for (size_t d = 0; d < out.size(); ++d) {
      const int64_t dim = y.dim() - static_cast<int64_t>(out.size() - d), in = y.size(dim);
      Tensor m = zeros({in, out[d]}, kDouble);
      auto a = m.accessor<double, 2>();
      for (int64_t i = 0; i < in; ++i)
        for (int64_t j = 0; j < out[d]; ++j) a[i][j] = weight(i, j, in, out[d]);
      y = y.movedim(dim, -1).matmul(m).movedim(-1, dim);
    }
    return y;
  };
}

void add_upsamples(Rows& rows) {
  const auto add = [&](const std::string& name, const std::function<Tensor(const Tensor&, IntArrayRef)>& f,
                       Weight weight, Dims in, Dims out) {
    Row row;
    row.name = name;
    row.function = [f, out](const In& x) { return f(x[0], out); };
    row.reference = mapped(weight, out);
    row.samples = {{numbers(in)}};
    row.tolerance = 1e-11;
    row.loss_of_precision = 4;
    Dims wrong = out, flat(in.begin(), in.end() - 1), none = in;
    wrong.push_back(2);
    none[1] = 0;
    row.bad = {bad<TypeError>("undefined", [f, out] { f(undefined, out); }),
               bad<DtypeError>("integers", [f, in, out] { f(ones(in, kLong), out); }),
               bad<ShapeError>("dims", [f, flat, out] { f(ones(flat), out); }),
               bad<ShapeError>("no channels", [f, none, out] { f(ones(none), out); }),
               bad<ValueError>("sizes", [f, in, wrong] { f(ones(in), wrong); }),
               bad<ValueError>("empty", [f, in, out] { f(ones(in), Dims(out.size(), 0)); })};
    rows.push_back(row);
  };
  const Dims line{2, 3, 5}, plane{2, 2, 4, 5}, cube{1, 2, 3, 4, 3};
  using T = const Tensor&;
  using S = IntArrayRef;
  add("upsample_nearest1d", [](T x, S s) { return upsample_nearest1d(x, s); }, nearest, line, {8});
  add("upsample_nearest2d", [](T x, S s) { return upsample_nearest2d(x, s); }, nearest, plane, {3, 9});
  add("upsample_nearest2d.double", [](T x, S s) { return upsample_nearest2d(x, s); }, nearest, plane, {8, 10});
  add("upsample_nearest3d", [](T x, S s) { return upsample_nearest3d(x, s); }, nearest, cube, {5, 2, 4});
  add("_upsample_nearest_exact1d", [](T x, S s) { return _upsample_nearest_exact1d(x, s); }, exact, line, {8});
  add("_upsample_nearest_exact2d", [](T x, S s) { return _upsample_nearest_exact2d(x, s); }, exact, plane, {3, 9});
  add("_upsample_nearest_exact3d", [](T x, S s) { return _upsample_nearest_exact3d(x, s); }, exact, cube, {5, 2, 4});
  add("upsample_linear1d", [](T x, S s) { return upsample_linear1d(x, s, false); }, linear, line, {8});
  add("upsample_linear1d.aligned", [](T x, S s) { return upsample_linear1d(x, s, true); }, linear_aligned, line, {3});
  add("upsample_bilinear2d", [](T x, S s) { return upsample_bilinear2d(x, s, false); }, linear, plane, {3, 9});
  add("upsample_bilinear2d.aligned", [](T x, S s) { return upsample_bilinear2d(x, s, true); }, linear_aligned, plane,
      {7, 1});
  add("upsample_bilinear2d.scale", [](T x, S s) { return upsample_bilinear2d(x, s, false, 0.75, 1.8); }, linear, plane,
      {3, 9});
  add("upsample_trilinear3d", [](T x, S s) { return upsample_trilinear3d(x, s, false); }, linear, cube, {5, 2, 4});
  add("upsample_bicubic2d", [](T x, S s) { return upsample_bicubic2d(x, s, false); }, cubic, plane, {3, 9});
  add("_upsample_bilinear2d_aa", [](T x, S s) { return _upsample_bilinear2d_aa(x, s, false); }, linear_aa, plane,
      {2, 3});
  add("_upsample_bicubic2d_aa", [](T x, S s) { return _upsample_bicubic2d_aa(x, s, false); }, cubic_aa, plane, {2, 7});
}

void add_pads(Rows& rows) {
  const auto add = [&](const std::string& name, const std::function<Tensor(const Tensor&, IntArrayRef)>& f,
                       Weight weight, Dims in, size_t n, std::vector<Bad> more) {
    Dims pad, out;
    for (size_t d = 0; d < n; ++d) {
      out.push_back(in[in.size() - n + d] + 3);
      pad.insert(pad.end(), {1, 2});
    }
    Row row;
    row.name = name;
    row.function = [f, pad](const In& x) { return f(x[0], pad); };
    row.reference = mapped(weight, out);
    row.samples = {{numbers(in)}, {numbers(Dims(in.begin() + 1, in.end()))}};
    row.integer_dtypes = {kLong};
    row.bad = {bad<TypeError>("undefined", [f, pad] { f(undefined, pad); }), bad<ValueError>("odd", [f, in] {
                 f(ones(in), {1, 2, 3});
               })};
    if (name == "pad") {
      row.bad.push_back(bad<NotImplementedError>("dims", [f, pad] { f(ones({3}), pad); }));
    } else {
      row.bad.push_back(bad<ShapeError>("dims", [f, pad] { f(ones({3}), pad); }));
    }
    row.bad.insert(row.bad.end(), more.begin(), more.end());
    rows.push_back(row);
  };
  const Dims line{2, 3, 4}, plane{2, 2, 3, 4}, cube{1, 2, 3, 3, 4};
  using T = const Tensor&;
  using S = IntArrayRef;
  const auto wide_border = [](auto f) { return std::vector<Bad>{bad<ShapeError>("wide", [f] { f(); })}; };
  add(
      "reflection_pad1d", [](T x, S p) { return reflection_pad1d(x, p); }, mirrored, line, 1, wide_border([] {
        reflection_pad1d(ones({1, 3}), {3, 0});
      }));
  add(
      "reflection_pad2d", [](T x, S p) { return reflection_pad2d(x, p); }, mirrored, plane, 2, wide_border([] {
        reflection_pad2d(ones({1, 3, 3}), {0, 0, 0, 3});
      }));
  add(
      "reflection_pad3d", [](T x, S p) { return reflection_pad3d(x, p); }, mirrored, cube, 3, wide_border([] {
        reflection_pad3d(ones({1, 3, 3, 1}), {1, 1, 1, 1, 1, 1});
      }));
  add(
      "replication_pad1d", [](T x, S p) { return replication_pad1d(x, p); }, repeated, line, 1, wide_border([] {
        replication_pad1d(ones({1, 3}), {-2, -1});
      }));
  add(
      "replication_pad2d", [](T x, S p) { return replication_pad2d(x, p); }, repeated, plane, 2, wide_border([] {
        replication_pad2d(ones({1, 0, 3}), {1, 1, 1, 1});
      }));
  add("replication_pad3d", [](T x, S p) { return replication_pad3d(x, p); }, repeated, cube, 3, {});
  add("pad", [](T x, S p) { return pad(x, p, "circular"); }, around, plane, 2,
      {bad<ShapeError>("wide",
                       [] {
                         pad(ones({1, 1, 3}), {4, 0}, "circular");
                       }),
       bad<ValueError>("mode",
                       [] {
                         pad(ones({1, 1, 3}), {1, 1}, "mirror");
                       }),
       bad<ValueError>("value", [] {
         pad(ones({1, 1, 3}), {1, 1}, "reflect", 2.0);
       })});
  Row row = rows.back();
  row.name = "pad.constant";
  row.function = [](const In& x) { return pad(x[0], {1, -1, 0, 2}, "constant", 0.5); };
  row.reference = [](const In& x) {
    const Tensor inner = x[0].to(kDouble).narrow(-1, 0, x[0].size(-1) - 1);
    std::vector<int64_t> column = inner.sizes().vec(), below;
    column.back() = 1;
    const Tensor wide = cat({full(column, 0.5, kDouble), inner}, -1);
    below = wide.sizes().vec();
    below[below.size() - 2] = 2;
    return cat({wide, full(below, 0.5, kDouble)}, -2);
  };
  row.integer_dtypes = {};
  rows.push_back(row);
}

/// The image's element, 0 outside, by torch's padding modes on whole places.
double element(const TensorAccessor<double, 2>& image, int64_t h, int64_t w, int64_t rows, int64_t cols) {
  return h < 0 || w < 0 || h >= rows || w >= cols ? 0 : image[h][w];
}
double bounced(double at, int64_t size) {  // align_corners: between the outermost elements
  const double span = static_cast<double>(size - 1);
  at = std::fmod(std::abs(at), 2 * span);
  return at > span ? 2 * span - at : at;
}
Tensor plain_grid_sample(const Tensor& x0, const Tensor& g0, int64_t mode, bool reflect) {
  const Tensor x = x0.to(kDouble).contiguous(), g = g0.to(kDouble).contiguous();
  const int64_t rows = x.size(2), cols = x.size(3);
  Tensor y = zeros({x.size(0), x.size(1), g.size(1), g.size(2)}, kDouble);
  const auto xa = x.accessor<double, 4>(), ga = g.accessor<double, 4>();
  auto ya = y.accessor<double, 4>();
  for (int64_t n = 0; n < y.size(0); ++n)
    for (int64_t i = 0; i < y.size(2); ++i)
      for (int64_t j = 0; j < y.size(3); ++j) {
        double w = (ga[n][i][j][0] + 1) / 2 * static_cast<double>(cols - 1);
        double h = (ga[n][i][j][1] + 1) / 2 * static_cast<double>(rows - 1);
        if (reflect) h = bounced(h, rows), w = bounced(w, cols);
        for (int64_t c = 0; c < y.size(1); ++c) {
          double sum = 0;
          const auto top = static_cast<int64_t>(std::floor(h)), left = static_cast<int64_t>(std::floor(w));
          for (int64_t a = top - 2; a < top + 4; ++a)
            for (int64_t b = left - 2; b < left + 4; ++b) {
              const double dh = h - static_cast<double>(a), dw = w - static_cast<double>(b);
              const double weight = mode == 0 ? tent(dh) * tent(dw) : keys(dh, -0.75) * keys(dw, -0.75);
              sum += weight * element(xa[n][c], a, b, rows, cols);
            }
          ya[n][c][i][j] = sum;
        }
      }
  return y;
}

void add_grids(Rows& rows) {
  Row row;
  row.dtypes = {kFloat};
  row.loss_of_precision = 4;
  row.samples = {{numbers({2, 3, 4, 5}), numbers({2, 3, 4, 2}, -1.3, 1.3, 5)}};
  const auto refuse = [](std::vector<Bad> more) {
    more.push_back(bad<TypeError>("undefined", [] { grid_sampler(undefined, ones({1, 1, 1, 2}), 0, 0, false); }));
    more.push_back(bad<DtypeError>("dtypes", [] {
      grid_sampler(ones({1, 1, 2, 2}), ones({1, 1, 1, 2}, kDouble), 0, 0, false);
    }));
    return more;
  };
  row.name = "grid_sampler";
  row.function = [](const In& x) { return grid_sampler(x[0], x[1], 0, 0, true); };
  row.reference = [](const In& x) { return plain_grid_sample(x[0], x[1], 0, false); };
  row.bad = refuse({bad<ShapeError>("grid",
                                    [] {
                                      grid_sampler(ones({1, 1, 2, 2}), ones({1, 1, 1, 3}), 0, 0, false);
                                    }),
                    bad<ValueError>("mode",
                                    [] {
                                      grid_sampler(ones({1, 1, 2, 2}), ones({1, 1, 1, 2}), 3, 0, false);
                                    }),
                    bad<ValueError>("border", [] {
                      grid_sampler(ones({1, 1, 2, 2}), ones({1, 1, 1, 2}), 0, 3, false);
                    })});
  rows.push_back(row);
  row.name = "grid_sampler.reflected";
  row.function = [](const In& x) { return grid_sampler(x[0], x[1], 0, 2, true); };
  row.reference = [](const In& x) { return plain_grid_sample(x[0], x[1], 0, true); };
  row.bad = refuse({bad<ShapeError>("empty", [] {
    grid_sampler(ones({1, 1, 0, 2}), ones({1, 1, 1, 2}), 0, 0, false);
  })});
  rows.push_back(row);
  row.name = "grid_sampler.cubic";
  row.function = [](const In& x) { return grid_sampler(x[0], x[1], 2, 0, true); };
  row.reference = [](const In& x) { return plain_grid_sample(x[0], x[1], 2, false); };
  row.bad = refuse({bad<ValueError>("volume", [] {
    grid_sampler(ones({1, 1, 2, 2, 2}), ones({1, 1, 1, 1, 3}), 2, 0, false);
  })});
  rows.push_back(row);
  row.name = "grid_sampler.volume";  // a volume that is the same all along its depth
  row.function = [](const In& x) {
    const Tensor volume = stack({x[0], x[0]}, 2), depth = zeros({2, 3, 4, 1}, x[1].options());
    return grid_sampler(volume, cat({x[1], depth}, -1).unsqueeze(1), 0, 2, true).squeeze(2);
  };
  row.reference = [](const In& x) { return plain_grid_sample(x[0], x[1], 0, true); };
  rows.push_back(row);

  row = Row();
  row.name = "affine_grid_generator";
  row.function = [](const In& x) { return affine_grid_generator(x[0], {2, 1, 3, 4}, true); };
  row.samples = {{numbers({2, 2, 3})}};
  row.reference = [](const In& x) {
    const Tensor t = x[0].to(kDouble).contiguous();
    Tensor y = zeros({2, 3, 4, 2}, kDouble);
    const auto ta = t.accessor<double, 3>();
    auto ya = y.accessor<double, 4>();
    for (int64_t n = 0; n < 2; ++n)
      for (int64_t h = 0; h < 3; ++h)
        for (int64_t w = 0; w < 4; ++w)
          for (int64_t k = 0; k < 2; ++k)
            ya[n][h][w][k] = ta[n][k][0] * (2 * static_cast<double>(w) / 3 - 1) +
                             ta[n][k][1] * static_cast<double>(h - 1) + ta[n][k][2];
    return y;
  };
  row.loss_of_precision = 4;
  row.bad = {bad<TypeError>("undefined",
                            [] {
                              affine_grid_generator(undefined, {1, 1, 2, 2}, true);
                            }),
             bad<ShapeError>("theta",
                             [] {
                               affine_grid_generator(ones({1, 2, 2}), {1, 1, 2, 2}, true);
                             }),
             bad<ValueError>("size",
                             [] {
                               affine_grid_generator(ones({1, 2, 3}), {1, 1, 2}, true);
                             }),
             bad<ValueError>("empty", [] {
               affine_grid_generator(ones({1, 2, 3}), {1, 1, 0, 2}, true);
             })};
  rows.push_back(row);
}

}  // namespace

void add_resample_rows(Rows& rows) {
  add_upsamples(rows);
  add_pads(rows);
  add_grids(rows);
}

}  // namespace hearth::op_table
