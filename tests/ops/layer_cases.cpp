// Rows of src/ops/fold.cpp, distance.cpp and noise.cpp, and of the poolings and norms that conv_cases.cpp and
// norm_cases.cpp leave.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
using Dims = std::vector<int64_t>;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

void add(Rows& rows, const std::string& name, Function f, Function reference, std::vector<In> samples,
         std::vector<Bad> refused, double loss = 4) {
  Row row;
  row.name = name;
  row.function = std::move(f);
  row.reference = std::move(reference);
  row.samples = std::move(samples);
  row.loss_of_precision = loss;
  row.bad = std::move(refused);
  rows.push_back(row);
}

/// Maxima of x [N, C, H, W] over rectangles given by their bounds.
Tensor maxima(const Tensor& x, const std::vector<std::pair<int64_t, int64_t>>& rows,
              const std::vector<std::pair<int64_t, int64_t>>& cols) {
  std::vector<Tensor> lines;
  for (const auto& [h0, h1] : rows) {
    std::vector<Tensor> cells;
    for (const auto& [w0, w1] : cols) cells.push_back(x.slice(2, h0, h1).slice(3, w0, w1).amax({2, 3}));
    lines.push_back(stack(cells, -1));
  }
  return stack(lines, 2);
}

void add_maxima(Rows& rows) {
  const auto refuse = [](auto f) {
    return std::vector<Bad>{bad<TypeError>("undefined", [f] { f(undefined, 1); }),
                            bad<ShapeError>("dims", [f] { f(ones({2}), 1); }), bad<ValueError>("size", [f] {
                              f(ones({1, 1, 2, 2, 2}), -1);
                            })};
  };
  const auto one = [](const Tensor& x, int64_t n) { return std::get<0>(adaptive_max_pool1d(x, n)); };
  const auto two = [](const Tensor& x, int64_t n) { return std::get<0>(adaptive_max_pool2d(x, n)); };
  const auto three = [](const Tensor& x, int64_t n) { return std::get<0>(adaptive_max_pool3d(x, n)); };
  add(
      rows, "adaptive_max_pool1d", [one](const In& x) { return one(x[0], 3); },
      [](const In& x) {
        return maxima(x[0].unsqueeze(2), {{0, 1}}, {{0, 3}, {2, 5}, {4, 7}}).squeeze(2);
      },
      {{numbers({2, 3, 7})}}, refuse(one));
  add(
      rows, "adaptive_max_pool2d",
      [](const In& x) {
        return std::get<0>(adaptive_max_pool2d(x[0], {2, 3}));
      },
      [](const In& x) {
        return maxima(x[0], {{0, 3}, {2, 5}}, {{0, 2}, {2, 4}, {4, 6}});
      },
      {{numbers({2, 2, 5, 6})}}, refuse(two));
  add(
      rows, "adaptive_max_pool3d",
      [](const In& x) {
        return std::get<0>(adaptive_max_pool3d(x[0], {1, 2, 2}));
      },
      [](const In& x) {
        return maxima(x[0].amax({2}), {{0, 2}, {2, 4}}, {{0, 2}, {2, 4}}).unsqueeze(2);
      },
      {{numbers({1, 2, 3, 4, 4})}}, refuse(three));
  // Samples of 0.5: the cells of 7 places for 3 of size 2 start at 0, 2 and the end.
  const auto samples = [](const Tensor& x, int64_t n) { return full({x.size(0), x.size(1), n}, 0.5, x.options()); };
  add(
      rows, "fractional_max_pool2d",
      [samples](const In& x) { return std::get<0>(fractional_max_pool2d(x[0], 2, 3, samples(x[0].detach(), 2))); },
      [](const In& x) {
        return maxima(x[0], {{0, 2}, {2, 4}, {5, 7}}, {{0, 2}, {2, 4}, {5, 7}});
      },
      {{numbers({2, 2, 7, 7})}},
      {ON(TypeError, "undefined", fractional_max_pool2d(ones({1, 1, 4, 4}), 2, 2, undefined)),
       ON(ShapeError, "samples", fractional_max_pool2d(ones({1, 1, 4, 4}), 2, 2, zeros({1, 1, 3}))),
       ON(ShapeError, "too many", fractional_max_pool2d(ones({1, 1, 4, 4}), 2, 4, zeros({1, 1, 2}))),
       ON(ValueError, "beyond", fractional_max_pool2d(ones({1, 1, 4, 4}), 2, 2, ones({1, 1, 2}))),
       ON(DtypeError, "dtype", fractional_max_pool2d(ones({1, 1, 4, 4}), 2, 2, zeros({1, 1, 2}, kDouble)))});
  add(
      rows, "fractional_max_pool3d",
      [samples](const In& x) {
        return std::get<0>(fractional_max_pool3d(x[0], {2, 2, 2}, {1, 3, 3}, samples(x[0].detach(), 3)));
      },
      [](const In& x) {
        return maxima(x[0].slice(2, 1).amax({2}), {{0, 2}, {2, 4}, {5, 7}}, {{0, 2}, {2, 4}, {5, 7}}).unsqueeze(2);
      },
      {{numbers({1, 2, 3, 7, 7})}},
      {ON(TypeError, "undefined", fractional_max_pool3d(undefined, 2, 2, zeros({1, 1, 3}))),
       ON(ShapeError, "dims", fractional_max_pool3d(ones({4, 4}), 2, 2, zeros({1, 1, 3}))),
       ON(ValueError, "size", fractional_max_pool3d(ones({1, 1, 4, 4, 4}), 2, 0, zeros({1, 1, 3})))});
  const auto places = [](const Dims& sizes, int64_t step) {
    int64_t n = 1;
    for (size_t d = 2; d < sizes.size(); ++d) n *= sizes[d];
    Dims shape(sizes.size(), 1);
    std::copy(sizes.begin() + 2, sizes.end(), shape.begin() + 2);
    return (arange(n, kLong) * step).reshape(shape).expand(sizes).contiguous();
  };
  const auto spread = [](const In& x, const Tensor& at, const Dims& out) {
    Tensor y = zeros({x[0].size(0), x[0].size(1), out[0]}, kDouble);
    return y.index_copy(2, at, x[0].to(kDouble).flatten(2));
  };
  add(
      rows, "max_unpool2d",
      [places](const In& x) {
        return max_unpool2d(x[0], places({2, 2, 2, 3}, 3), {4, 5});
      },
      [spread](const In& x) {
        return spread(x, arange(6, kLong) * 3, {20}).reshape({2, 2, 4, 5});
      },
      {{numbers({2, 2, 2, 3})}},
      {ON(IndexError, "index", max_unpool2d(ones({1, 1, 1, 1}), full({1, 1, 1, 1}, 4, kLong), {2, 2})),
       ON(ShapeError, "shape", max_unpool2d(ones({1, 1, 1, 1}), zeros({1, 1, 1, 2}, kLong), {2, 2})),
       ON(DtypeError, "dtype", max_unpool2d(ones({1, 1, 1, 1}), zeros({1, 1, 1, 1}), {2, 2})),
       ON(TypeError, "undefined", max_unpool2d(undefined, zeros({1, 1, 1, 1}, kLong), {2, 2}))});
  add(
      rows, "max_unpool3d",
      [places](const In& x) {
        return max_unpool3d(x[0], places({1, 2, 2, 2, 1}, 2), {2, 2, 3}, 2, 0);
      },
      [spread](const In& x) {
        return spread(x, arange(4, kLong) * 2, {12}).reshape({1, 2, 2, 2, 3});
      },
      {{numbers({1, 2, 2, 2, 1})}},
      {ON(ValueError, "stride", max_unpool3d(ones({1, 1, 1, 1, 1}), zeros({1, 1, 1, 1, 1}, kLong), 2, 0, 0)),
       ON(ValueError, "padding", max_unpool3d(ones({1, 1, 1, 1, 1}), zeros({1, 1, 1, 1, 1}, kLong), 2, 1, -1)),
       ON(TypeError, "undefined", max_unpool3d(ones({1, 1, 1, 1, 1}), undefined, 2, 1, 0))});
}

/// Windows of 2x3, stride {2, 1}, padding {1, 0}, dilation {1, 2}, one by one.
Tensor plain_columns(const Tensor& x0) {
  const Tensor x = constant_pad_nd(x0.to(kDouble), {0, 0, 1, 1}, 0);
  std::vector<Tensor> windows;
  for (int64_t h = 0; h + 2 <= x.size(2); h += 2)
    for (int64_t w = 0; w + 5 <= x.size(3); ++w)
      windows.push_back(x.slice(2, h, h + 2).slice(3, w, w + 5, 2).reshape({x.size(0), x.size(1) * 6}));
  return stack(windows, 2);
}

void add_folds(Rows& rows) {
  add(
      rows, "im2col",
      [](const In& x) {
        return im2col(x[0], {2, 3}, {1, 2}, {1, 0}, {2, 1});
      },
      [](const In& x) { return plain_columns(x[0]); }, {{numbers({2, 3, 4, 6})}},
      {ON(TypeError, "undefined", im2col(undefined, 2, 1, 0, 1)),
       ON(ShapeError, "dims", im2col(ones({2, 2}), 2, 1, 0, 1)),
       ON(ShapeError, "small", im2col(ones({1, 1, 2, 2}), 3, 1, 0, 1)),
       ON(ValueError, "stride", im2col(ones({1, 1, 2, 2}), 1, 1, 0, 0))},
      1);
  // The sum of windows is the transposed map: <col2im(c), v> = <c, im2col(v)> for every unit v.
  add(
      rows, "col2im",
      [](const In& x) {
        return col2im(x[0], {4, 6}, {2, 3}, {1, 2}, {1, 0}, {2, 1});
      },
      [](const In& x) {
        const Tensor units = eye(24, kDouble).reshape({24, 1, 4, 6}), columns = plain_columns(units).reshape({24, -1});
        return x[0].to(kDouble).reshape({4, -1}).matmul(columns.t()).reshape({2, 2, 4, 6});
      },
      {{numbers({2, 12, 6})}},
      {ON(TypeError, "undefined", col2im(undefined, 4, 2, 1, 0, 1)),
       ON(ShapeError, "columns", col2im(ones({1, 4, 8}), 4, 2, 1, 0, 1)),
       ON(ShapeError, "channels", col2im(ones({1, 3, 9}), 4, 2, 1, 0, 1)),
       ON(DtypeError, "integers", col2im(ones({1, 4, 9}, kLong), 4, 2, 1, 0, 1))});
  add(
      rows, "pixel_shuffle", [](const In& x) { return pixel_shuffle(x[0], 2); },
      [](const In& x) {
        std::vector<Tensor> rows_of;
        for (int64_t h = 0; h < 4; ++h) {
          std::vector<Tensor> row;
          for (int64_t w = 0; w < 6; ++w)
            row.push_back(x[0].slice(1, h % 2 * 2 + w % 2, std::nullopt, 4).select(2, h / 2).select(2, w / 2));
          rows_of.push_back(stack(row, -1));
        }
        return stack(rows_of, 2).to(kDouble);
      },
      {{numbers({2, 8, 2, 3})}},
      {ON(TypeError, "undefined", pixel_shuffle(undefined, 2)), ON(ShapeError, "dims", pixel_shuffle(ones({4, 2}), 2)),
       ON(ShapeError, "channels", pixel_shuffle(ones({3, 2, 2}), 2)),
       ON(ValueError, "factor", pixel_shuffle(ones({4, 2, 2}), 0))},
      1);
  add(
      rows, "pixel_unshuffle", [](const In& x) { return pixel_unshuffle(x[0], 2); },
      [](const In& x) {
        std::vector<Tensor> channels;
        for (int64_t c = 0; c < 2; ++c)
          for (int64_t k = 0; k < 4; ++k)
            channels.push_back(x[0].select(1, c).slice(1, k / 2, std::nullopt, 2).slice(2, k % 2, std::nullopt, 2));
        return stack(channels, 1).to(kDouble);
      },
      {{numbers({2, 2, 4, 6})}},
      {ON(TypeError, "undefined", pixel_unshuffle(undefined, 2)),
       ON(ShapeError, "planes", pixel_unshuffle(ones({1, 3, 2}), 2)),
       ON(ValueError, "factor", pixel_unshuffle(ones({1, 2, 2}), -1))},
      1);
  add(
      rows, "channel_shuffle", [](const In& x) { return channel_shuffle(x[0], 3); },
      [](const In& x) {
        return x[0].index_select(1, tensor({0, 2, 4, 1, 3, 5})).to(kDouble);
      },
      {{numbers({2, 6, 2, 2})}},
      {ON(TypeError, "undefined", channel_shuffle(undefined, 2)),
       ON(ShapeError, "channels", channel_shuffle(ones({1, 3, 2}), 2)),
       ON(ValueError, "groups", channel_shuffle(ones({1, 2, 2}), 0))},
      1);
}

/// f of every pair of rows of a [N, M] and b [R, M].
Tensor pairs(const Tensor& a, const Tensor& b, double p) {
  Tensor y = zeros({a.size(0), b.size(0)}, kDouble);
  auto ya = y.accessor<double, 2>();
  for (int64_t i = 0; i < a.size(0); ++i)
    for (int64_t j = 0; j < b.size(0); ++j) {
      double sum = 0;
      for (int64_t k = 0; k < a.size(1); ++k)
        sum += std::pow(std::abs(a[i][k].item<double>() - b[j][k].item<double>()), p);
      ya[i][j] = std::pow(sum, 1 / p);
    }
  return y;
}

void add_distances(Rows& rows) {
  const std::vector<Bad> undefined_pair = {ON(TypeError, "undefined", cdist(undefined, ones({2, 2}))),
                                           ON(ShapeError, "columns", cdist(ones({2, 2}), ones({2, 3}))),
                                           ON(ValueError, "p", cdist(ones({2, 2}), ones({2, 2}), -1)),
                                           ON(ValueError, "mode", cdist(ones({2, 2}), ones({2, 2}), 2, 3))};
  const In few{numbers({4, 3}), numbers({5, 3}, -2, 2, 2)}, many{numbers({30, 3}), numbers({4, 3}, -2, 2, 2)};
  add(
      rows, "cdist", [](const In& x) { return cdist(x[0], x[1]); }, [](const In& x) { return pairs(x[0], x[1], 2); },
      {few}, undefined_pair);
  add(
      rows, "cdist.3", [](const In& x) { return cdist(x[0], x[1], 3); },
      [](const In& x) { return pairs(x[0], x[1], 3); }, {few}, undefined_pair, 8);
  add(
      rows, "cdist.1", [](const In& x) { return cdist(x[0], x[1], 1); },
      [](const In& x) { return pairs(x[0], x[1], 1); }, {few}, undefined_pair);
  add(
      rows, "cdist.batches", [](const In& x) { return cdist(x[0], x[1].unsqueeze(0), 1.5).sum(0); },
      [](const In& x) { return pairs(x[0][0], x[1], 1.5) + pairs(x[0][1], x[1], 1.5); },
      {{numbers({2, 4, 3}), numbers({5, 3}, -2, 2, 2)}}, undefined_pair, 16);
  add(
      rows, "cdist.largest", [](const In& x) { return cdist(x[0], x[1], std::numeric_limits<double>::infinity()); },
      [](const In& x) { return (x[0].to(kDouble).unsqueeze(1) - x[1].to(kDouble)).abs().amax({-1}); }, {few},
      undefined_pair);
  add(
      rows, "cdist.products", [](const In& x) { return cdist(x[0], x[1]); },
      [](const In& x) { return pairs(x[0], x[1], 2); }, {many}, undefined_pair, 16);
  add(
      rows, "pdist", [](const In& x) { return pdist(x[0], 2); },
      [](const In& x) {
        const Tensor all = pairs(x[0], x[0], 2);
        std::vector<Tensor> upper;
        for (int64_t i = 0; i < 4; ++i) upper.push_back(all[i].slice(0, i + 1));
        return cat(upper);
      },
      {{numbers({4, 3})}},
      {ON(TypeError, "undefined", pdist(undefined)), ON(ShapeError, "dims", pdist(ones({2}))),
       ON(ValueError, "p", pdist(ones({2, 2}), -1))});
  add(
      rows, "pairwise_distance", [](const In& x) { return pairwise_distance(x[0], x[1], 2, 1e-3); },
      [](const In& x) { return pairs(x[0] + 1e-3, x[1], 2).diagonal(); },
      {{numbers({4, 3}), numbers({4, 3}, -2, 2, 2)}},
      {ON(TypeError, "undefined", pairwise_distance(undefined, ones({2}))),
       ON(ShapeError, "shapes", pairwise_distance(ones({2, 2}), ones({3, 2}))),
       ON(DtypeError, "integers", pairwise_distance(ones({2}, kLong), ones({2}, kLong)))});
  add(
      rows, "cosine_similarity", [](const In& x) { return cosine_similarity(x[0], x[1], 1); },
      [](const In& x) {
        const Tensor a = x[0].to(kDouble), b = x[1].to(kDouble), none = zeros({1, 3}, kDouble);
        return a.matmul(b.t()).diagonal() / (pairs(a, none, 2) * pairs(b, none, 2)).squeeze(1);
      },
      {{numbers({4, 3}), numbers({4, 3}, -2, 2, 2)}},
      {ON(TypeError, "undefined", cosine_similarity(ones({2, 2}), undefined)),
       ON(ShapeError, "shapes", cosine_similarity(ones({2, 2}), ones({2, 3}))),
       ON(IndexError, "dim", cosine_similarity(ones({2, 2}), ones({2, 2}), 2)),
       ON(DtypeError, "integers", cosine_similarity(ones({2, 2}, kLong), ones({2, 2}, kLong)))});
  add(
      rows, "bilinear", [](const In& x) { return bilinear(x[0], x[1], x[2], x[3]); },
      [](const In& in) {
        In x;
        for (const Tensor& t : in) x.push_back(t.to(kDouble));
        std::vector<Tensor> outputs;
        for (int64_t o = 0; o < 2; ++o) outputs.push_back((x[0].matmul(x[2][o]) * x[1]).sum(-1) + x[3][o]);
        return stack(outputs, -1);
      },
      {{numbers({5, 3}), numbers({5, 4}, -1, 1, 2), numbers({2, 3, 4}, -1, 1, 3), numbers({2}, -1, 1, 4)}},
      {ON(TypeError, "undefined", bilinear(undefined, ones({2, 2}), ones({1, 2, 2}))),
       ON(ShapeError, "weight", bilinear(ones({2, 2}), ones({2, 2}), ones({1, 3, 2}))),
       ON(ShapeError, "rows", bilinear(ones({3, 2}), ones({2, 2}), ones({1, 2, 2}))),
       ON(ShapeError, "bias", bilinear(ones({2, 2}), ones({2, 2}), ones({1, 2, 2}), ones({2})))},
      8);
}

void add_norms(Rows& rows) {
  const auto normal = [](const Tensor& x, IntArrayRef dims) {
    const Tensor centred = x - x.mean(dims, true);
    return centred / (centred.square().mean(dims, true) + 1e-3).sqrt();
  };
  add(
      rows, "instance_norm", [](const In& x) { return instance_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 1e-3); },
      [normal](const In& x) {
        return normal(x[0].to(kDouble), {2, 3}) * x[1].to(kDouble).reshape({3, 1, 1}) +
               x[2].to(kDouble).reshape({3, 1, 1});
      },
      {{numbers({2, 3, 2, 4}), numbers({3}, 0.5, 1.5, 2), numbers({3}, -1, 1, 3)}},
      {ON(TypeError, "undefined", instance_norm(undefined, {}, {}, {}, {}, true, 0.1, 1e-5)),
       ON(ShapeError, "dims", instance_norm(ones({2, 3}), {}, {}, {}, {}, true, 0.1, 1e-5)),
       ON(ValueError, "one place", instance_norm(ones({2, 3, 1}), {}, {}, {}, {}, true, 0.1, 1e-5)),
       ON(ValueError, "no statistics", instance_norm(ones({2, 3, 4}), {}, {}, {}, {}, false, 0.1, 1e-5))},
      10);
  rows.back().dtypes = {kFloat};
  add(
      rows, "rms_norm", [](const In& x) { return rms_norm(x[0], x[1].sizes(), x[1], 1e-3); },
      [](const In& x) {
        const Tensor a = x[0].to(kDouble);
        return a / (a.square().mean({1, 2}, true) + 1e-3).sqrt() * x[1].to(kDouble);
      },
      {{numbers({2, 3, 4}), numbers({3, 4}, 0.5, 1.5, 2)}},
      {ON(TypeError, "undefined", rms_norm(undefined, {3})), ON(ShapeError, "shape", rms_norm(ones({2, 3}), {2})),
       ON(ShapeError, "weight", rms_norm(ones({2, 3}), {3}, ones({2}))),
       ON(DtypeError, "integers", rms_norm(ones({2, 3}, kLong), {3}))},
      4);
}

/// Noise is found by what it does to ones (or minus ones) with the same seed.
void add_noise(Rows& rows) {
  const auto seeded = [](auto f) {
    return Function([f](const In& x) {
      manual_seed(7);
      return f(x);
    });
  };
  const std::vector<In> samples = {{numbers({3, 5})}, {numbers({2, 3, 7})}};
  add(rows, "rrelu", seeded([](const In& x) { return rrelu(x[0], 0.1, 0.6, true); }), seeded([](const In& x) {
        const Tensor a = x[0].to(kDouble), slope = -rrelu(-ones_like(x[0]), 0.1, 0.6, true).to(kDouble);
        return a.clamp_min(0) + slope * a.clamp_max(0);
      }),
      samples,
      {ON(TypeError, "undefined", rrelu(undefined)), ON(ValueError, "bounds", rrelu(ones({2}), 0.5, 0.1)),
       ON(DtypeError, "integers", rrelu(ones({2}, kLong)))});
  rows.back().in_place = seeded([](const In& x) { return rrelu_(x[0], 0.1, 0.6, true); });
  rows.back().dtypes = {};  // other dtypes draw other slopes
  add(
      rows, "rrelu.eval", [](const In& x) { return rrelu(x[0], 0.1, 0.6); },
      [](const In& x) { return x[0].to(kDouble).clamp_min(0) + 0.35 * x[0].to(kDouble).clamp_max(0); }, samples,
      {ON(TypeError, "undefined", rrelu(undefined)), ON(ValueError, "bounds", rrelu(ones({2}), 0.5, 0.1)),
       ON(DtypeError, "integers", rrelu(ones({2}, kLong)))});
  for (const bool channels : {false, true}) {
    const auto drop = [channels](const Tensor& x) {
      return channels ? feature_alpha_dropout(x, 0.4, true) : alpha_dropout(x, 0.4, true);
    };
    add(rows, channels ? "feature_alpha_dropout" : "alpha_dropout", seeded([drop](const In& x) { return drop(x[0]); }),
        seeded([drop](const In& x) {
          // Kept elements are scaled by a and shifted by b, dropped ones become c.
          const double limit = 1.7580993408473766, a = 1 / std::sqrt((limit * limit * 0.4 + 1) * 0.6);
          const double b = limit * a * 0.4, c = b - limit * a;
          const Tensor kept = drop(zeros_like(x[0])).to(kDouble).gt(0);
          return where(kept, x[0].to(kDouble) * a + b, full({}, c, kDouble));
        }),
        samples,
        {bad<ValueError>(
             "p",
             [channels] {
               channels ? feature_alpha_dropout(ones({2, 2}), 1.5, true) : alpha_dropout(ones({2}), -1, true);
             }),
         bad<TypeError>("undefined", [drop] { drop(undefined); }),
         channels ? ON(ShapeError, "dims", feature_alpha_dropout(ones({2}), 0.5, true))
                  : ON(DtypeError, "integers", alpha_dropout(ones({2}, kLong), 0.5, true))});
    rows.back().in_place = seeded([channels](const In& x) {
      return channels ? feature_alpha_dropout_(x[0], 0.4, true) : alpha_dropout_(x[0], 0.4, true);
    });
    rows.back().dtypes = {kFloat};
  }
}

}  // namespace

void add_layer_rows(Rows& rows) {
  add_maxima(rows);
  add_folds(rows);
  add_distances(rows);
  add_norms(rows);
  add_noise(rows);
}

}  // namespace hearth::op_table
