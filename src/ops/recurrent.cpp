// Recurrent layers and cells.
#include "ops/recurrent.h"

#include "base/fail.h"
#include "ops/autocast.h"

namespace hearth {

namespace {

struct Layers {
  RecurrentOp op;
  const char* name;
  bool has_biases;
  int64_t count;
  double dropout;
  bool train, bidirectional;
};

std::vector<RecurrentWeights> weights_of(const Layers& l, TensorList params, int64_t directions) {
  const bool counted = l.count > 0 && l.count <= static_cast<int64_t>(params.size());
  const auto runs = static_cast<size_t>(counted ? l.count * directions : 0),
             least = static_cast<size_t>(l.has_biases ? 4 : 2);
  const size_t each = runs > 0 ? params.size() / runs : 0;
  const bool projected = l.op == RecurrentOp::lstm && each == least + 1;
  if (runs == 0 || params.size() != runs * each || (each != least && !projected))
    fail("[{}] {} parameters for {} layers in {} directions; each needs {}", l.name, params.size(), l.count, directions,
         least);
  std::vector<RecurrentWeights> out(runs);
  for (size_t i = 0; i < runs; ++i) {
    const Tensor* p = params.data() + i * each;
    out[i] = {p[0], p[1], l.has_biases ? p[2] : Tensor(), l.has_biases ? p[3] : Tensor(),
              projected ? p[least] : Tensor()};
  }
  return out;
}

struct Results {
  Tensor y;  // [N, D R]
  RecurrentState last;
};

/// x [N, I] in packed rows; h [L D, B, R], c [L D, B, H].
Results run_layers(const Layers& l, Tensor x, const std::vector<int64_t>& rows, TensorList hx, TensorList params) {
  if (autocast::lowers({&x, params.empty() ? &x : &params[0]}))
    return run_layers(l, autocast::lowered(x), rows, autocast::lowered(hx), autocast::lowered(params));
  const int64_t directions = l.bidirectional ? 2 : 1;
  const auto weights = weights_of(l, params, directions);
  const bool lstm = l.op == RecurrentOp::lstm;
  if (hx.size() != (lstm ? 2U : 1U)) fail("[{}] takes {} initial states, not {}", l.name, lstm ? 2 : 1, hx.size());
  if (!(l.dropout >= 0 && l.dropout <= 1)) fail("[{}] dropout is {} but must be a probability", l.name, l.dropout);
  for (const Tensor& h : hx) {
    checked_impl(l.name, h);
    if (h.dim() != 3 || h.size(0) != l.count * directions || (!rows.empty() && h.size(1) != rows[0]))
      throw ShapeError(
          fmt::format("[{}] an initial state has shape {} but must be [{}, {}, units]", l.name, shape_text(h.sizes()),
                      l.count * directions, rows.empty() ? h.sizes()[std::min<size_t>(1, h.sizes().size())] : rows[0]),
          h.sizes().vec());
  }
  std::vector<Tensor> h, c;
  for (int64_t layer = 0; layer < l.count; ++layer) {
    std::vector<Tensor> sides;
    for (int64_t d = 0; d < directions; ++d) {
      const int64_t i = layer * directions + d;
      const auto [y, last] =
          run_direction(l.name, {l.op, rows, d == 1}, x, {hx[0].select(0, i), lstm ? hx[1].select(0, i) : Tensor()},
                        weights[static_cast<size_t>(i)]);
      sides.push_back(y);
      h.push_back(last.h);
      if (lstm) c.push_back(last.c);
    }
    x = sides.size() > 1 ? cat(sides, 1) : sides[0];
    if (l.dropout > 0 && l.train && layer + 1 < l.count) x = dropout(x, l.dropout, true);
  }
  return {x, {stack(h), lstm ? stack(c) : Tensor()}};
}

Results run_padded(const Layers& l, const Tensor& input, TensorList hx, TensorList params, bool batch_first) {
  checked_impl(l.name, input);
  check_floating(l.name, input);
  if (input.dim() != 3)
    throw ShapeError(
        fmt::format("[{}] input must have 3 dimensions, [T, N, features] or batch first, but its shape is {}", l.name,
                    shape_text(input.sizes())),
        input.sizes().vec());
  const Tensor x = batch_first ? input.transpose(0, 1) : input;
  const int64_t steps = x.size(0), batch = x.size(1);
  if (steps == 0) fail("[{}] expected sequence length to be larger than 0", l.name);
  const std::vector<int64_t> rows(static_cast<size_t>(steps), batch);
  Results r = run_layers(l, x.reshape({steps * batch, x.size(2)}), rows, hx, params);
  r.y = r.y.view({steps, batch, r.y.size(1)});
  if (batch_first) r.y = r.y.transpose(0, 1);
  return r;
}

Results run_packed(const Layers& l, const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params) {
  checked_impl(l.name, data);
  checked_impl(l.name, batch_sizes);
  check_floating(l.name, data);
  if (data.dim() != 2 || batch_sizes.dim() != 1 || batch_sizes.scalar_type() != kLong)
    throw ShapeError(
        fmt::format("[{}] packed data must be [rows, features] with a Long vector of batch sizes, but are "
                    "{} and {} of shape {}",
                    l.name, shape_text(data.sizes()), batch_sizes.scalar_type(), shape_text(batch_sizes.sizes())),
        data.sizes().vec());
  const Tensor sizes = batch_sizes.contiguous();
  std::vector<int64_t> rows(sizes.data_ptr<int64_t>(), sizes.data_ptr<int64_t>() + sizes.numel());
  int64_t total = 0, before = INT64_MAX;
  for (const int64_t n : rows) {
    if (n < 1 || n > before)
      fail("[{}] batch sizes must be positive and never grow, but {} follows {}", l.name, n, before);
    total += before = n;
  }
  if (rows.empty() || total != data.size(0))
    fail<ShapeError>("[{}] batch sizes sum to {} but data has {} rows", l.name, total, data.size(0));
  return run_layers(l, data, rows, hx, params);
}

Tensor run_cell(RecurrentOp op, const char* name, const Tensor& input, TensorList hx, const RecurrentWeights& w,
                Tensor* c) {
  using autocast::lowered;
  if (autocast::lowers({&input, &w.w_ih}))
    return run_cell(op, name, lowered(input), lowered(hx),
                    {lowered(w.w_ih), lowered(w.w_hh), lowered(w.b_ih), lowered(w.b_hh), lowered(w.w_hr)}, c);
  checked_impl(name, input);
  check_floating(name, input);
  for (const Tensor& h : hx) checked_impl(name, h);
  if (hx.size() != (c ? 2U : 1U)) fail("[{}] takes {} states, not {}", name, c ? 2 : 1, hx.size());
  if (input.dim() != 2 || hx[0].dim() != 2 || hx[0].size(0) != input.size(0))
    throw ShapeError(fmt::format("[{}] expected input [N, features] and a state [N, units], but got {} and {}", name,
                                 shape_text(input.sizes()), shape_text(hx[0].sizes())),
                     input.sizes().vec(), hx[0].sizes().vec());
  const auto [y, last] = run_direction(name, {op, {input.size(0)}}, input, {hx[0], c ? hx[1] : Tensor()}, w);
  if (c) *c = last.c;
  return y;
}

}  // namespace

/// Layers of long short-term memory (Hochreiter and Schmidhuber, 1997; gates i, f, g, o) over input [T, N, I], or
/// [N, T, I] with batch_first. hx: h [L D, N, R] and c [L D, N, H] for L layers in D directions. params: for each layer
/// and direction weight_ih, weight_hh, then bias_ih, bias_hh if has_biases, then weight_hr where h is projected to R.
/// dropout falls between layers while training. Gives the last layer's outputs [T, N, D R] and the last h and c.
//:
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params, bool has_biases,
                                        int64_t num_layers, double dropout, bool train, bool bidirectional,
                                        bool batch_first) {
  const Results r = run_padded({RecurrentOp::lstm, "lstm", has_biases, num_layers, dropout, train, bidirectional},
                               input, hx, params, batch_first);
  return {r.y, r.last.h, r.last.c};
}
/// The same over a packed sequence: data [rows, I], and how many sequences each step has.
//:
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params,
                                        bool has_biases, int64_t num_layers, double dropout, bool train,
                                        bool bidirectional) {
  const Results r = run_packed({RecurrentOp::lstm, "lstm", has_biases, num_layers, dropout, train, bidirectional}, data,
                               batch_sizes, hx, params);
  return {r.y, r.last.h, r.last.c};
}
/// Layers of gated recurrent units (Cho et al., 2014; gates r, z, n), as lstm.
//:
std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,
                               int64_t num_layers, double dropout, bool train, bool bidirectional, bool batch_first) {
  const Results r = run_padded({RecurrentOp::gru, "gru", has_biases, num_layers, dropout, train, bidirectional}, input,
                               hx, params, batch_first);
  return {r.y, r.last.h};
}
//:
std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,
                               bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional) {
  const Results r = run_packed({RecurrentOp::gru, "gru", has_biases, num_layers, dropout, train, bidirectional}, data,
                               batch_sizes, hx, params);
  return {r.y, r.last.h};
}
/// Layers of h = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990), as lstm.
//:
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,
                                    int64_t num_layers, double dropout, bool train, bool bidirectional,
                                    bool batch_first) {
  const Results r =
      run_padded({RecurrentOp::rnn_tanh, "rnn_tanh", has_biases, num_layers, dropout, train, bidirectional}, input, hx,
                 params, batch_first);
  return {r.y, r.last.h};
}
//:
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,
                                    bool has_biases, int64_t num_layers, double dropout, bool train,
                                    bool bidirectional) {
  const Results r =
      run_packed({RecurrentOp::rnn_tanh, "rnn_tanh", has_biases, num_layers, dropout, train, bidirectional}, data,
                 batch_sizes, hx, params);
  return {r.y, r.last.h};
}
/// The same with relu.
//:
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,
                                    int64_t num_layers, double dropout, bool train, bool bidirectional,
                                    bool batch_first) {
  const Results r =
      run_padded({RecurrentOp::rnn_relu, "rnn_relu", has_biases, num_layers, dropout, train, bidirectional}, input, hx,
                 params, batch_first);
  return {r.y, r.last.h};
}
//:
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,
                                    bool has_biases, int64_t num_layers, double dropout, bool train,
                                    bool bidirectional) {
  const Results r =
      run_packed({RecurrentOp::rnn_relu, "rnn_relu", has_biases, num_layers, dropout, train, bidirectional}, data,
                 batch_sizes, hx, params);
  return {r.y, r.last.h};
}
/// One step: input [N, I], hx = {h, c} [N, H]; gives the next h and c.
//:
std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh,
                                     const Tensor& b_ih /* = {} */, const Tensor& b_hh /* = {} */) {
  Tensor c;
  const Tensor h = run_cell(RecurrentOp::lstm, "lstm_cell", input, hx, {w_ih, w_hh, b_ih, b_hh, {}}, &c);
  return {h, c};
}
//:
Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                const Tensor& b_ih /* = {} */, const Tensor& b_hh /* = {} */) {
  return run_cell(RecurrentOp::gru, "gru_cell", input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}}, nullptr);
}
//:
Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const Tensor& b_ih /* = {} */, const Tensor& b_hh /* = {} */) {
  return run_cell(RecurrentOp::rnn_tanh, "rnn_tanh_cell", input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}}, nullptr);
}
//:
Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const Tensor& b_ih /* = {} */, const Tensor& b_hh /* = {} */) {
  return run_cell(RecurrentOp::rnn_relu, "rnn_relu_cell", input, {hx}, {w_ih, w_hh, b_ih, b_hh, {}}, nullptr);
}

}  // namespace hearth
