// Rows of src/ops/{embedding_bag,sequence,recurrent,attention,clip_grad}.cpp.
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

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double value(const Tensor& t, int64_t i, int64_t j) { return t[i][j].item<double>(); }

/// One step by loops: x [I], h and c [H] are overwritten. gates: 1 tanh, -1 relu, 3 gru, 4 lstm.
void plain_step(int gates, const Tensor& x, std::vector<double>& h, std::vector<double>& c, const In& w) {
  const auto units = static_cast<int64_t>(h.size());
  const auto part = [&](int64_t gate, int64_t u, const Tensor& m, const Tensor& bias, auto&& in) {
    const int64_t line = gate * units + u;
    double sum = bias.defined() ? bias[line].item<double>() : 0;
    for (int64_t i = 0; i < m.size(1); ++i) sum += value(m, line, i) * in(i);
    return sum;
  };
  const std::vector<double> before = h;
  for (int64_t u = 0; u < units; ++u) {
    const auto at = static_cast<size_t>(u);
    const auto from_x = [&](int64_t gate) {
      return part(gate, u, w[0], w[2], [&](int64_t i) { return x[i].item<double>(); });
    };
    const auto from_h = [&](int64_t gate) {
      return part(gate, u, w[1], w[3], [&](int64_t i) { return before[static_cast<size_t>(i)]; });
    };
    const auto both = [&](int64_t gate) { return from_x(gate) + from_h(gate); };
    if (gates == 1) h[at] = std::tanh(both(0));
    if (gates == -1) h[at] = std::max(0.0, both(0));
    if (gates == 3) {
      const double update = sigmoid_of(both(1)), candidate = std::tanh(from_x(2) + sigmoid_of(both(0)) * from_h(2));
      h[at] = (1 - update) * candidate + update * before[at];
    }
    if (gates == 4) {
      c[at] = sigmoid_of(both(1)) * c[at] + sigmoid_of(both(0)) * std::tanh(both(2));
      h[at] = sigmoid_of(both(3)) * std::tanh(c[at]);
    }
  }
}

/// A layer over x [T, N, I] from h and c [N, H]; lengths of the sequences, and whether they run backwards.
In plain_layer(int gates, const Tensor& x, const Tensor& h0, const Tensor& c0, const In& w,
               const std::vector<int64_t>& lengths, bool reverse) {
  const int64_t units = h0.size(1);
  Tensor y = zeros({x.size(0), x.size(1), units}, kDouble), hn = zeros({x.size(1), units}, kDouble),
         cn = zeros({x.size(1), units}, kDouble);
  for (int64_t n = 0; n < x.size(1); ++n) {
    std::vector<double> h, c;
    for (int64_t u = 0; u < units; ++u) {
      h.push_back(value(h0, n, u));
      c.push_back(c0.defined() ? value(c0, n, u) : 0);
    }
    const int64_t length = lengths[static_cast<size_t>(n)];
    for (int64_t i = 0; i < length; ++i) {
      const int64_t t = reverse ? length - 1 - i : i;
      plain_step(gates, x[t][n], h, c, w);
      for (int64_t u = 0; u < units; ++u) y[t][n][u] = h[static_cast<size_t>(u)];
    }
    for (int64_t u = 0; u < units; ++u) {
      hn[n][u] = h[static_cast<size_t>(u)];
      cn[n][u] = c[static_cast<size_t>(u)];
    }
  }
  return {y, hn, cn};
}

struct Kind {
  const char* name;
  int gates;
};
constexpr Kind kKinds[] = {{"rnn_tanh", 1}, {"rnn_relu", -1}, {"gru", 3}, {"lstm", 4}};

/// Inputs of a row: x, h, c, then weights w_ih, w_hh, b_ih, b_hh for each layer and direction.
In recurrent_inputs(int gates, int64_t steps, int64_t batch, int64_t features, int64_t units, int64_t layers,
                    int64_t directions) {
  const int64_t g = std::abs(gates) * units;
  In x{numbers({steps, batch, features}), numbers({layers * directions, batch, units}, -1, 1, 2),
       numbers({layers * directions, batch, units}, -1, 1, 3)};
  for (int64_t i = 0; i < layers * directions; ++i) {
    const int64_t in = i < directions ? features : units * directions;
    const auto seed = static_cast<uint64_t>(10 + 4 * i);
    x.push_back(numbers({g, in}, -0.9, 0.9, seed));
    x.push_back(numbers({g, units}, -0.9, 0.9, seed + 1));
    x.push_back(numbers({g}, -0.5, 0.5, seed + 2));
    x.push_back(numbers({g}, -0.5, 0.5, seed + 3));
  }
  return x;
}
std::vector<Tensor> weights_of(const In& x) { return {x.begin() + 3, x.end()}; }

Tensor call(int gates, const In& x, int64_t layers, bool both_ways) {
  if (gates == 4) {
    const auto [y, h, c] = lstm(x[0], {x[1], x[2]}, weights_of(x), true, layers, 0, false, both_ways, false);
    return join({y, h, c});
  }
  const auto op = gates == 3   ? [](const Tensor& i, const Tensor& h, TensorList w, int64_t l,
                                  bool b) { return gru(i, h, w, true, l, 0, false, b, false); }
                  : gates == 1 ? [](const Tensor& i, const Tensor& h, TensorList w, int64_t l,
                                    bool b) { return rnn_tanh(i, h, w, true, l, 0, false, b, false); }
                               : [](const Tensor& i, const Tensor& h, TensorList w, int64_t l, bool b) {
                                   return rnn_relu(i, h, w, true, l, 0, false, b, false);
                                 };
  const auto [y, h] = op(x[0], x[1], weights_of(x), layers, both_ways);
  return join({y, h});
}
Tensor call_packed(int gates, const In& x, const Tensor& lengths) {
  const auto [data, sizes] = _pack_padded_sequence(x[0], lengths, false);
  const auto back = [&, s = sizes](const Tensor& y) { return std::get<0>(_pad_packed_sequence(y, s, false, 0, 0)); };
  if (gates == 4) {
    const auto [y, h, c] = lstm(data, sizes, {x[1], x[2]}, weights_of(x), true, 1, 0, false, true);
    return join({back(y), h, c});
  }
  const auto [y, h] = gates == 3   ? gru(data, sizes, x[1], weights_of(x), true, 1, 0, false, true)
                      : gates == 1 ? rnn_tanh(data, sizes, x[1], weights_of(x), true, 1, 0, false, true)
                                   : rnn_relu(data, sizes, x[1], weights_of(x), true, 1, 0, false, true);
  return join({back(y), h});
}

Tensor plain(int gates, const In& raw, int64_t layers, int64_t directions, const std::vector<int64_t>& lengths) {
  In in;
  for (const Tensor& t : raw) in.push_back(wide(t));
  Tensor x = in[0];
  std::vector<Tensor> h, c;
  for (int64_t layer = 0; layer < layers; ++layer) {
    std::vector<Tensor> sides;
    for (int64_t d = 0; d < directions; ++d) {
      const int64_t i = layer * directions + d;
      const auto first = in.begin() + 3 + 4 * i;
      const In got = plain_layer(gates, x, in[1][i], in[2][i], {first, first + 4}, lengths, d == 1);
      sides.push_back(got[0]);
      h.push_back(got[1]);
      c.push_back(got[2]);
    }
    x = cat(sides, 2);
  }
  return gates == 4 ? join({x, stack(h), stack(c)}) : join({x, stack(h)});
}

void add_layers(Rows& rows) {
  for (const Kind& kind : kKinds) {
    Row row;
    const int gates = kind.gates;
    row.name = kind.name;
    row.loss_of_precision = 30;
    row.tolerance = 1e-11;
    row.second = true;
    row.differentiable = {true, true, gates == 4};
    row.samples = {recurrent_inputs(gates, 5, 2, 3, 2, 1, 1), recurrent_inputs(gates, 2, 3, 2, 3, 1, 1)};
    for (In& sample : row.samples)
      if (row.differentiable.size() < sample.size()) row.differentiable.resize(sample.size(), true);
    row.function = [gates](const In& x) { return call(gates, x, 1, false); };
    row.reference = [gates](const In& x) {
      return plain(gates, x, 1, 1, std::vector<int64_t>(static_cast<size_t>(x[0].size(1)), x[0].size(0)));
    };
    row.bad = {bad<ShapeError>("rank",
                               [gates] {
                                 call(gates, {ones({2, 3}), ones({1, 1, 2}), ones({1, 1, 2})}, 1, false);
                               }),
               bad<ValueError>("parameters",
                               [gates] {
                                 call(gates, {ones({2, 1, 3}), ones({1, 1, 2}), ones({1, 1, 2})}, 1, false);
                               }),
               bad<ShapeError>("state",
                               [gates] {
                                 In x = recurrent_inputs(gates, 2, 2, 3, 2, 1, 1);
                                 x[1] = ones({1, 3, 2}, kDouble);
                                 call(gates, x, 1, false);
                               }),
               bad<ShapeError>("features",
                               [gates] {
                                 In x = recurrent_inputs(gates, 2, 2, 3, 2, 1, 1);
                                 x[0] = ones({2, 2, 4}, kDouble);
                                 call(gates, x, 1, false);
                               }),
               bad<DtypeError>("dtype", [gates] {
                 In x = recurrent_inputs(gates, 2, 2, 3, 2, 1, 1);
                 x[0] = x[0].to(kFloat);
                 call(gates, x, 1, false);
               })};
    rows.push_back(row);
    row.name += ".deep";
    row.second = false;
    row.samples = {recurrent_inputs(gates, 3, 2, 2, 2, 2, 2)};
    row.differentiable.resize(3 + 16, true);
    row.function = [gates](const In& x) { return call(gates, x, 2, true); };
    row.reference = [gates](const In& x) { return plain(gates, x, 2, 2, {3, 3}); };
    rows.push_back(row);
    row.name = std::string(kind.name) + ".packed";
    row.second = true;
    row.samples = {recurrent_inputs(gates, 4, 3, 2, 2, 1, 2)};
    row.differentiable.resize(3 + 8, true);
    row.function = [gates](const In& x) { return call_packed(gates, x, tensor({4, 2, 1})); };
    row.reference = [gates](const In& x) { return plain(gates, x, 1, 2, {4, 2, 1}); };
    rows.push_back(row);
  }
}

Tensor call_cell(int gates, const In& x) {
  if (gates == 4) {
    const auto [h, c] = lstm_cell(x[0], {x[1], x[2]}, x[3], x[4], x[5], x[6]);
    return join({h, c});
  }
  return gates == 3   ? gru_cell(x[0], x[1], x[3], x[4], x[5], x[6])
         : gates == 1 ? rnn_tanh_cell(x[0], x[1], x[3], x[4], x[5], x[6])
                      : rnn_relu_cell(x[0], x[1], x[3], x[4], x[5], x[6]);
}

void add_cells(Rows& rows) {
  for (const Kind& kind : kKinds) {
    Row row;
    const int gates = kind.gates;
    row.name = std::string(kind.name) + "_cell";
    row.loss_of_precision = 20;
    row.tolerance = 1e-11;
    In x = recurrent_inputs(gates, 1, 2, 3, 2, 1, 1);
    for (size_t i = 0; i < 3; ++i) x[i] = x[i][0].clone();
    row.samples = {x};
    row.differentiable = {true, true, gates == 4, true, true, true, true};
    row.function = [gates](const In& in) { return call_cell(gates, in); };
    row.reference = [gates](const In& in) {
      In w;
      for (const Tensor& t : in) w.push_back(wide(t));
      const In got = plain_layer(gates, w[0].unsqueeze(0), w[1], w[2], {w.begin() + 3, w.end()}, {1, 1}, false);
      return gates == 4 ? join({got[1], got[2]}) : got[1];
    };
    row.bad = {bad<ShapeError>("rank",
                               [gates, x] {
                                 In in = x;
                                 in[0] = in[0][0];
                                 call_cell(gates, in);
                               }),
               bad<ShapeError>("state",
                               [gates, x] {
                                 In in = x;
                                 in[1] = ones({3, 2}, kDouble);
                                 call_cell(gates, in);
                               }),
               bad<TypeError>("undefined", [gates, x] {
                 In in = x;
                 in[3] = undefined;
                 call_cell(gates, in);
               })};
    rows.push_back(row);
  }
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
  add_layers(rows);
  add_cells(rows);
  add_attention(rows);
  add_clipping(rows);
}

}  // namespace hearth::op_table
