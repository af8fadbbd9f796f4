// One direction of a recurrent layer: the inputs' part is one matrix product, the rest a kernel over the steps.
#include "base/fail.h"
#include "ops/recurrent.h"

namespace hearth {

int64_t gate_count(RecurrentOp op) { return op == RecurrentOp::lstm ? 4 : op == RecurrentOp::gru ? 3 : 1; }

namespace {

using autograd::Grads;
using autograd::Needs;
using autograd::Saved;
using autograd::SavedOutput;

void expect(const char* name, const char* what, const Tensor& t, const Tensor& like, IntArrayRef sizes) {
  checked_impl(name, t);
  if (t.sizes() != sizes)
    throw ShapeError(
        fmt::format("[{}] {} has shape {} but must be {}", name, what, shape_text(t.sizes()), shape_text(sizes)),
        t.sizes().vec(), sizes.vec());
  if (t.scalar_type() != like.scalar_type())
    throw DtypeError(fmt::format("[{}] {} is {} but the input is {}; convert one of them", name, what, t.scalar_type(),
                                 like.scalar_type()),
                     t.scalar_type(), like.scalar_type());
}

/// The next state of some rows from x, the inputs' part with its biases, in public ops.
RecurrentState next_state(RecurrentOp op, const Tensor& x, const Tensor& w, const Tensor& bias_n,
                          const RecurrentState& now, const Tensor& w_hr) {
  const int64_t units = w.size(0) / gate_count(op);
  const Tensor z = now.h.mm(w.t());
  const auto part = [&](const Tensor& t, int64_t gate) { return t.narrow(1, gate * units, units); };
  if (op == RecurrentOp::rnn_tanh) return {(x + z).tanh(), {}};
  if (op == RecurrentOp::rnn_relu) return {(x + z).relu(), {}};
  if (op == RecurrentOp::gru) {
    const Tensor reset = (part(x, 0) + part(z, 0)).sigmoid(), update = (part(x, 1) + part(z, 1)).sigmoid();
    const Tensor hidden = bias_n.defined() ? part(z, 2) + bias_n : part(z, 2);
    const Tensor candidate = (part(x, 2) + reset * hidden).tanh();
    return {candidate + update * (now.h - candidate), {}};
  }
  const Tensor sum = x + z;
  const Tensor c = part(sum, 1).sigmoid() * now.c + part(sum, 0).sigmoid() * part(sum, 2).tanh();
  const Tensor h = part(sum, 3).sigmoid() * c.tanh();
  return {w_hr.defined() ? h.mm(w_hr.t()) : h, c};
}

/// All steps in public ops: where a second derivative is wanted, and for projections.
std::pair<Tensor, RecurrentState> composed(const Recurrence& r, const Tensor& x, const Tensor& w, const Tensor& bias_n,
                                           RecurrentState state, const Tensor& w_hr) {
  const auto steps = static_cast<int64_t>(r.rows.size());
  const int64_t batch = state.h.size(0);
  std::vector<int64_t> first{0};
  for (const int64_t rows : r.rows) first.push_back(first.back() + rows);
  std::vector<Tensor> y(r.rows.size());
  for (int64_t i = 0; i < steps; ++i) {
    const auto t = static_cast<size_t>(r.reverse ? steps - 1 - i : i);
    const int64_t rows = r.rows[t];
    const auto head = [&](const Tensor& s) { return rows < batch && s.defined() ? s.narrow(0, 0, rows) : s; };
    const auto with_rest = [&](const Tensor& changed, const Tensor& s) {
      return rows < batch && s.defined() ? cat({changed, s.narrow(0, rows, batch - rows)}) : changed;
    };
    const RecurrentState next =
        next_state(r.op, x.narrow(0, first[t], rows), w, bias_n, {head(state.h), head(state.c)}, w_hr);
    y[t] = next.h;
    state = {with_rest(next.h, state.h), with_rest(next.c, state.c)};
  }
  const Tensor all = steps > 0 ? cat(y) : x.new_zeros({0, state.h.size(1)});
  return {all, state};
}

/// Gradients of the inputs x, w, bias_n, h, c through the plain form, so that they have gradients themselves.
Grads composed_grads(const Recurrence& r, const Grads& g, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> in, wanted;
  for (const Tensor& t : inputs) {
    in.push_back(t.defined() ? t.alias() : t);  // a gradient counts one input's own part
    if (t.defined() && t.requires_grad()) wanted.push_back(in.back());
  }
  const auto [y, last] = composed(r, in[0], in[1], in[2], {in[3], in[4]}, {});
  std::vector<Tensor> outputs, grads;
  const Tensor* results[] = {&y, &last.h, &last.c};
  for (size_t i = 0; i < g.size(); ++i) {
    if (!g[i].defined() || !results[i]->requires_grad()) continue;
    outputs.push_back(*results[i]);
    grads.push_back(g[i]);
  }
  Grads out(5);
  if (outputs.empty()) return out;
  const std::vector<Tensor> got = autograd::grad(outputs, wanted, grads, true, true, /*allow_unused=*/true);
  for (size_t i = 0, at = 0; i < 5; ++i)
    if (in[i].defined() && in[i].requires_grad()) out[i] = got[at++];
  return out;
}

Tensor zeros_or_copy(const Tensor& g, const Tensor& like) {
  return g.defined() ? g.clone(MemoryFormat::Contiguous) : zeros_like(like);
}

/// x [N, G H] with its biases, w [G H, H], state [B, H]; float or double.
std::pair<Tensor, RecurrentState> recurrence(const Recurrence& r, const Tensor& x, const Tensor& weight,
                                             const Tensor& bias_n, const RecurrentState& state) {
  const int64_t rows = x.size(0), units = state.h.size(1), gates = x.size(1);
  const ScalarType dtype = x.scalar_type();
  const Tensor w = weight.contiguous();
  const bool lstm = r.op == RecurrentOp::lstm, gru = r.op == RecurrentOp::gru;
  const bool recording = autograd::should_record({&x, &w, &bias_n, &state.h, &state.c});
  Tensor y = make_tensor({rows, units}, dtype);
  const auto own = [](const Tensor& t) { return t.defined() ? t.detach().clone(MemoryFormat::Contiguous) : t; };
  RecurrentState last{own(state.h), own(state.c)};
  RecurrenceTape tape;
  if (recording) {
    tape.before = make_tensor({rows, units}, dtype);
    if (lstm || gru) tape.gates = make_tensor({rows, gates}, dtype);
    if (lstm || gru) tape.cell = make_tensor({rows, units}, dtype);
    if (lstm) tape.tanh_c = make_tensor({rows, units}, dtype);
  }
  if (rows > 0) kernels(x.device()).recurrence(r, y, last.h, last.c, x, w, bias_n, tape);
  if (!recording) return {y, last};
  const auto rule = [&] {
    return [r, tape, x = Saved(x), w = Saved(w), bias_n = Saved(bias_n), h = Saved(state.h), c = Saved(state.c),
            y = lstm || gru ? SavedOutput() : SavedOutput(y), rows, gates, units, gru,
            dtype](const Grads& g, Needs needs) {
      if (GradMode::is_enabled()) return composed_grads(r, g, {*x, *w, *bias_n, *h, *c});
      RecurrenceTape played = tape;
      if (!played.gates.defined()) played.gates = *y;
      const Tensor gy = g[0].defined() ? g[0].contiguous() : zeros({rows, units}, dtype);
      const Tensor gh = zeros_or_copy(g[1], *h),
                   gc = (*c).defined() ? zeros_or_copy(g.size() > 2 ? g[2] : Tensor(), *c) : Tensor();
      const Tensor gx = make_tensor({rows, gates}, dtype), gz = gru ? make_tensor({rows, gates}, dtype) : gx;
      if (rows > 0) kernels(kCPU).recurrence_backward(r, gx, gz, gh, gc, gy, *w, played);
      Grads out(5);
      if (needs[0]) out[0] = gx;
      if (needs[1]) out[1] = gz.t().mm(played.before);
      if (needs[2]) out[2] = gz.narrow(1, 2 * units, units).sum(0);
      if (needs[3]) out[3] = gh;
      if (needs[4]) out[4] = gc;
      return out;
    };
  };
  const char* name = lstm ? "lstm_steps" : gru ? "gru_steps" : "rnn_steps";
  if (lstm) {
    autograd::record(name, {&y, &last.h, &last.c}, {&x, &w, &bias_n, &state.h, &state.c}, rule);
  } else {
    autograd::record(name, {&y, &last.h}, {&x, &w, &bias_n, &state.h, &state.c}, rule);
  }
  return {y, last};
}

}  // namespace

std::pair<Tensor, RecurrentState> run_direction(const char* name, const Recurrence& r, const Tensor& x,
                                                const RecurrentState& state, const RecurrentWeights& w) {
  checked_impl(name, w.w_hh);
  checked_impl(name, w.w_ih);
  const int64_t gates = gate_count(r.op), units = w.w_ih.size(0) / gates, batch = state.h.size(0);
  const int64_t width = w.w_hr.defined() ? w.w_hr.size(0) : units;  // of h
  if (x.size(1) != w.w_ih.size(-1))
    throw ShapeError(fmt::format("[{}] input has {} features (shape {}) but the layer takes {}", name, x.size(1),
                                 shape_text(x.sizes()), w.w_ih.size(-1)),
                     x.sizes().vec(), w.w_ih.sizes().vec());
  expect(name, "weight_ih", w.w_ih, x, {gates * units, x.size(1)});
  expect(name, "weight_hh", w.w_hh, x, {gates * units, width});
  if (w.w_hr.defined()) expect(name, "weight_hr", w.w_hr, x, {width, units});
  expect(name, "the hidden state", state.h, x, {batch, width});
  if (r.op == RecurrentOp::lstm) expect(name, "the cell state", state.c, x, {batch, units});
  Tensor bias, bias_n;
  if (w.b_ih.defined()) {
    expect(name, "bias_ih", w.b_ih, x, {gates * units});
    expect(name, "bias_hh", w.b_hh, x, {gates * units});
    bias = w.b_ih + w.b_hh;
    if (r.op == RecurrentOp::gru) {  // the candidate's is inside the reset gate
      bias = cat({bias.narrow(0, 0, 2 * units), w.b_ih.narrow(0, 2 * units, units)});
      bias_n = w.b_hh.narrow(0, 2 * units, units).contiguous();
    }
  }
  const Tensor parts = linear(x, w.w_ih, bias);
  if (w.w_hr.defined()) return composed(r, parts, w.w_hh, bias_n, state, w.w_hr);
  const ScalarType dtype = x.scalar_type();
  if (!isReducedFloatingType(dtype)) return recurrence(r, parts, w.w_hh, bias_n, state);
  const auto wide = [](const Tensor& t) { return t.defined() ? t.to(kFloat) : t; };
  const auto [y, last] = recurrence(r, wide(parts), wide(w.w_hh), wide(bias_n), {wide(state.h), wide(state.c)});
  return {y.to(dtype), {last.h.to(dtype), last.c.defined() ? last.c.to(dtype) : last.c}};
}

}  // namespace hearth
