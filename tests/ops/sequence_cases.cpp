// Rows of src/ops/{embedding_bag,sequence,attention,clip_grad}.cpp.
#include <cmath>
#include <limits>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

Tensor wide(const Tensor& t) { return t.defined() ? t.to(kDouble) : t; }

Tensor bag_indices() { return tensor({1, 0, 3, 1, 2, 4, 1}); }
Tensor bag_offsets() { return tensor({0, 2, 2, 6}); }  // the second bag is empty

void add_bags(Rows& rows) {
  Row row;
  row.loss_of_precision = 4;
  for (const int64_t mode : {0, 1, 2}) {
    row.name = std::string("embedding_bag") + (mode == 0 ? "" : mode == 1 ? ".mean" : ".max");
    row.samples = {{numbers({5, 3}), numbers({7}, 0.5, 2, 2)}};
    row.differentiable = {true, mode == 0};
    row.function = [mode](const In& x) {
      return std::get<0>(embedding_bag(x[0], bag_indices(), bag_offsets(), mode == 0, mode, false,
                                       mode == 0 ? x[1] : Tensor(), false, 4));
    };
    if (mode == 0)
      row.function = [](const In& x) {  // scale_grad_by_freq changes the gradient alone: see the module's test
        return std::get<0>(embedding_bag(x[0], bag_indices(), bag_offsets(), false, 0, false, x[1], false, 4));
      };
    row.reference = [mode](const In& x) {
      const Tensor w = wide(x[0]), y = zeros({4, 3}, kDouble);
      const int64_t begin[] = {0, 2, 2, 6, 7};
      for (int64_t b = 0; b < 4; ++b) {
        double count = 0;
        for (int64_t i = begin[b]; i < begin[b + 1]; ++i) {
          const auto row_of = bag_indices()[i].item<int64_t>();
          if (row_of == 4) continue;
          Tensor line = w[row_of];
          if (mode == 0) line = line * wide(x[1])[i];
          y[b] = mode == 2 && count > 0 ? maximum(y[b], line) : mode == 2 ? line : y[b] + line;
          ++count;
        }
        if (mode == 1 && count > 0) y[b] = y[b] / count;
      }
      return y;
    };
    row.bad = {
        ON(IndexError, "index", embedding_bag(ones({3, 2}), tensor({3}), tensor({0}))),
        ON(ValueError, "offsets", embedding_bag(ones({3, 2}), tensor({1, 2}), tensor({1}))),
        ON(ValueError, "mode", embedding_bag(ones({3, 2}), tensor({1}), tensor({0}), false, 3)),
        ON(NotImplementedError, "sparse", embedding_bag(ones({3, 2}), tensor({1}), tensor({0}), false, 0, true)),
        ON(ShapeError, "weights", embedding_bag(ones({3, 2}), tensor({1}), tensor({0}), false, 0, false, ones({2}))),
        ON(DtypeError, "dtype", embedding_bag(ones({3, 2}), ones({1}), tensor({0})))};
    rows.push_back(row);
  }
  row = Row();
  row.name = "embedding_renorm_";
  row.gradient = false;
  row.loss_of_precision = 4;
  row.samples = {{numbers({5, 3}, 1, 2)}};
  row.function = [](const In& x) {
    Tensor w = x[0].clone();
    return embedding_renorm_(w, tensor({{1, 3}, {1, 0}}), 1.5, 2);
  };
  row.reference = [](const In& x) {
    Tensor w = wide(x[0]).clone();
    for (const int64_t i : {0, 1, 3}) {
      const double length = w[i].norm().item<double>();
      if (length > 1.5) w[i] = w[i] * (1.5 / (length + 1e-7));
    }
    return w;
  };
  const auto renorm = [](Tensor w, const Tensor& i, double p) { embedding_renorm_(w, i, 1, p); };
  row.bad = {bad<IndexError>("index",
                             [renorm] {
                               renorm(ones({3, 2}), tensor({3}), 2);
                             }),
             bad<ValueError>("order",
                             [renorm] {
                               renorm(ones({3, 2}), tensor({1}), -1);
                             }),
             bad<ShapeError>("vector", [renorm] { renorm(ones({3}), tensor({1}), 2); })};
  rows.push_back(row);
}

void add_padding(Rows& rows) {
  Row row;
  row.name = "pad_sequence";
  row.samples = {{numbers({3, 2}), numbers({1, 2}, -2, 2, 2), numbers({2, 2}, -2, 2, 3)}};
  row.function = [](const In& x) { return join({pad_sequence(x), pad_sequence(x, true, 0.5)}); };
  row.reference = [](const In& x) {
    Tensor y = zeros({3, 3, 2}, kDouble), z = full({3, 3, 2}, 0.5, kDouble);
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t t = 0; t < x[static_cast<size_t>(i)].size(0); ++t) {
        y[t][i] = wide(x[static_cast<size_t>(i)])[t];
        z[i][t] = wide(x[static_cast<size_t>(i)])[t];
      }
    return join({y, z});
  };
  row.bad = {ON(ValueError, "empty", pad_sequence({})),
             ON(ShapeError, "features", pad_sequence({ones({2, 3}), ones({2, 4})})),
             ON(TypeError, "undefined", pad_sequence({undefined}))};
  rows.push_back(row);
  row.name = "_pack_padded_sequence";
  row.samples = {{numbers({3, 2, 2})}};
  row.function = [](const In& x) {
    const auto [data, sizes] = _pack_padded_sequence(x[0], tensor({3, 1}), false);
    return join({data, sizes.to(data.scalar_type())});
  };
  row.reference = [](const In& x) {
    const Tensor a = wide(x[0]);
    return join({a[0][0], a[0][1], a[1][0], a[2][0], tensor({2.0, 1.0, 1.0}, kDouble)});
  };
  row.bad = {ON(ValueError, "order", _pack_padded_sequence(ones({3, 2, 2}), tensor({1, 3}), false)),
             ON(ValueError, "length", _pack_padded_sequence(ones({3, 2, 2}), tensor({4, 1}), false)),
             ON(ValueError, "zero", _pack_padded_sequence(ones({3, 2, 2}), tensor({3, 0}), false)),
             ON(ShapeError, "lengths", _pack_padded_sequence(ones({3, 2, 2}), tensor({3}), false))};
  rows.push_back(row);
  row.name = "_pad_packed_sequence";
  row.samples = {{numbers({4, 2})}};
  row.function = [](const In& x) { return std::get<0>(_pad_packed_sequence(x[0], tensor({2, 1, 1}), true, 0.5, 4)); };
  row.reference = [](const In& x) {
    Tensor y = full({2, 4, 2}, 0.5, kDouble);
    const Tensor a = wide(x[0]);
    y[0][0] = a[0], y[1][0] = a[1], y[0][1] = a[2], y[0][2] = a[3];
    return y;
  };
  row.bad = {ON(ShapeError, "rows", _pad_packed_sequence(ones({4, 2}), tensor({2, 1}), true, 0, 0)),
             ON(ShapeError, "growth", _pad_packed_sequence(ones({3, 2}), tensor({1, 2}), true, 0, 0)),
             ON(ValueError, "total", _pad_packed_sequence(ones({4, 2}), tensor({2, 1, 1}), true, 0, 2)),
             ON(TypeError, "undefined", _pad_packed_sequence(undefined, tensor({1}), true, 0, 0))};
  rows.push_back(row);
}

/// Attention by loops over every query.
Tensor plain_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, bool causal,
                       double scale) {
  const int64_t heads = q.size(0), length = q.size(1), keys = k.size(1);
  Tensor y = zeros({heads, length, v.size(2)}, kDouble);
  for (int64_t h = 0; h < heads; ++h)
    for (int64_t i = 0; i < length; ++i) {
      Tensor scores = (wide(k)[h] * wide(q)[h][i]).sum(1) * scale;
      if (mask.defined() && mask.scalar_type() != kBool) scores = scores + wide(mask)[i];
      for (int64_t j = 0; j < keys; ++j) {
        const bool hidden =
            (causal && j > i) || (mask.defined() && mask.scalar_type() == kBool && !mask[i][j].item<bool>());
        if (hidden) scores[j] = -std::numeric_limits<double>::infinity();
      }
      const Tensor p = (scores - scores.max()).exp();
      y[h][i] = (p.unsqueeze(1) * wide(v)[h]).sum(0) / p.sum();
    }
  return y;
}

void add_attention(Rows& rows) {
  Row row;
  row.loss_of_precision = 10;
  row.tolerance = 1e-11;
  row.samples = {{numbers({2, 3, 4}), numbers({2, 5, 4}, -2, 2, 2), numbers({2, 5, 2}, -2, 2, 3)},
                 {numbers({1, 1, 3}), numbers({1, 2, 3}, -2, 2, 2), numbers({1, 2, 3}, -2, 2, 3)}};
  row.name = "scaled_dot_product_attention";
  row.function = [](const In& x) { return scaled_dot_product_attention(x[0], x[1], x[2]); };
  row.reference = [](const In& x) {
    return plain_attention(x[0], x[1], x[2], {}, false, 1 / std::sqrt(static_cast<double>(x[0].size(2))));
  };
  row.bad = {
      ON(ShapeError, "features", scaled_dot_product_attention(ones({2, 3}), ones({2, 4}), ones({2, 4}))),
      ON(ShapeError, "length", scaled_dot_product_attention(ones({2, 3}), ones({2, 3}), ones({3, 3}))),
      ON(ValueError, "dropout", scaled_dot_product_attention(ones({2, 3}), ones({2, 3}), ones({2, 3}), {}, 2)),
      ON(ValueError, "both masks",
         scaled_dot_product_attention(ones({2, 3}), ones({2, 3}), ones({2, 3}), ones({2, 2}), 0, true)),
      ON(ShapeError, "mask", scaled_dot_product_attention(ones({2, 3}), ones({2, 3}), ones({2, 3}), ones({3, 2}))),
      ON(DtypeError, "mask dtype",
         scaled_dot_product_attention(ones({2, 3}), ones({2, 3}), ones({2, 3}), ones({2, 2}, kLong)))};
  rows.push_back(row);
  row.name += ".causal";
  row.samples = {{numbers({2, 4, 3}), numbers({2, 4, 3}, -2, 2, 2), numbers({2, 4, 2}, -2, 2, 3)}};
  row.function = [](const In& x) { return scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, true, 0.7); };
  row.reference = [](const In& x) { return plain_attention(x[0], x[1], x[2], {}, true, 0.7); };
  rows.push_back(row);
  row.name = "scaled_dot_product_attention.bool_mask";
  const Tensor allowed = tensor({{true, false, true}, {true, true, true}, {false, false, true}});
  row.samples = {{numbers({2, 3, 3}), numbers({2, 3, 3}, -2, 2, 2), numbers({2, 3, 2}, -2, 2, 3)}};
  row.function = [allowed](const In& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], allowed, 0, false, 0.7);
  };
  row.reference = [allowed](const In& x) { return plain_attention(x[0], x[1], x[2], allowed, false, 0.7); };
  rows.push_back(row);
  row.name = "scaled_dot_product_attention.added_mask";
  row.samples[0].push_back(numbers({3, 3}, -1, 1, 4));
  row.function = [](const In& x) { return scaled_dot_product_attention(x[0], x[1], x[2], x[3], 0, false, 0.7); };
  row.reference = [](const In& x) { return plain_attention(x[0], x[1], x[2], x[3], false, 0.7); };
  rows.push_back(row);
}

void add_clipping(Rows& rows) {
  Row row;
  row.name = "_total_norm";
  row.gradient = false;
  row.loss_of_precision = 4;
  row.samples = {{numbers({3, 4}), numbers({7}, -3, 3, 2)}};
  constexpr double kOrders[] = {1, 2, 3, std::numeric_limits<double>::infinity()};
  row.function = [kOrders](const In& x) {
    Tensor y = empty({4}, kDouble);
    for (int64_t i = 0; i < 4; ++i) y[i] = _total_norm(x, kOrders[i]);
    return y;
  };
  row.reference = [kOrders](const In& x) {
    const Tensor all = join({wide(x[0]), wide(x[1])}).abs();
    Tensor y = empty({4}, kDouble);
    for (int64_t i = 0; i < 3; ++i) y[i] = all.pow(kOrders[i]).sum().pow(1 / kOrders[i]);
    y[3] = all.max();
    return y;
  };
  row.bad = {ON(TypeError, "undefined", _total_norm({undefined}, 2)),
             ON(ValueError, "order", _total_norm({ones({2})}, -1)),
             ON(DtypeError, "integers", _total_norm({ones({2}, kLong)}, 2))};
  rows.push_back(row);
  row.name = "_scale_";
  row.function = [](const In& x) {
    _scale_(x, 0.5);
    return join(x);
  };
  row.reference = [](const In& x) { return join({wide(x[0]) * 0.5, wide(x[1]) * 0.5}); };
  row.bad = {ON(TypeError, "undefined", _scale_({undefined}, 2)),
             ON(DtypeError, "integers", _scale_({ones({2}, kLong)}, 2)),
             ON(DtypeError, "bools", _scale_({ones({2}, kBool)}, 2))};
  rows.push_back(row);
}

}  // namespace

void add_sequence_rows(Rows& rows) {
  add_bags(rows);
  add_padding(rows);
  add_attention(rows);
  add_clipping(rows);
}

}  // namespace hearth::op_table
