// Rows of src/ops/recurrent.cpp.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;

Tensor wide(const Tensor& t) { return t.defined() ? t.to(kDouble) : t; }

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

}  // namespace

void add_recurrent_rows(Rows& rows) {
  add_layers(rows);
  add_cells(rows);
}

}  // namespace hearth::op_table
