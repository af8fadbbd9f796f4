// The gates of recurrent layers, a run of units of one row at a time.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

template <class T>
void rnn_gates(bool relu, const T* x, const T* z, T* h, int64_t n) {
  using V = Vec<T>;
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const V v = load_n(x + i, rest) + load_n(z + i, rest);
    V y = tanh(v);
    if (relu) y = v < k<V>(0) ? k<V>(0) : v;
    store_n<T>(h + i, y, rest);
  }
}

template <class T>
void rnn_gates_backward(bool relu, const T* y, const T* dh, T* gx, int64_t n) {
  using V = Vec<T>;
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const V v = load_n(y + i, rest), g = load_n(dh + i, rest);
    const V rectified = v > k<V>(0) ? g : k<V>(0);
    store_n<T>(gx + i, relu ? rectified : g * (k<V>(1) - v * v), rest);
  }
}

/// i, f, g, o: c = f c + i g, h = o tanh(c).
template <class T>
void lstm_gates(const T* x, int64_t gate, const T* z, int64_t z_gate, T* c, T* h, T* gates, T* tanh_c, int64_t n) {
  using V = Vec<T>;
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const auto sum = [&](int64_t q) { return load_n(x + q * gate + i, rest) + load_n(z + q * z_gate + i, rest); };
    const V in = sigmoid(sum(0)), forget = sigmoid(sum(1)), candidate = tanh(sum(2)), out = sigmoid(sum(3));
    const V cell = forget * load_n(c + i, rest) + in * candidate;
    const V t = tanh(cell);
    store_n<T>(c + i, cell, rest);
    store_n<T>(h + i, out * t, rest);
    if (gates == nullptr) continue;
    store_n<T>(gates + i, in, rest);
    store_n<T>(gates + gate + i, forget, rest);
    store_n<T>(gates + 2 * gate + i, candidate, rest);
    store_n<T>(gates + 3 * gate + i, out, rest);
    store_n<T>(tanh_c + i, t, rest);
  }
}

template <class T>
void lstm_gates_backward(const T* gates, int64_t gate, const T* c, const T* tanh_c, const T* dh, T* gc, T* gx,
                         int64_t n) {
  using V = Vec<T>;
  const V one = k<V>(1);
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const V in = load_n(gates + i, rest), forget = load_n(gates + gate + i, rest);
    const V candidate = load_n(gates + 2 * gate + i, rest), out = load_n(gates + 3 * gate + i, rest);
    const V t = load_n(tanh_c + i, rest), g = load_n(dh + i, rest);
    const V dc = load_n(gc + i, rest) + g * out * (one - t * t);
    store_n<T>(gx + i, dc * candidate * in * (one - in), rest);
    store_n<T>(gx + gate + i, dc * load_n(c + i, rest) * forget * (one - forget), rest);
    store_n<T>(gx + 2 * gate + i, dc * in * (one - candidate * candidate), rest);
    store_n<T>(gx + 3 * gate + i, g * t * out * (one - out), rest);
    store_n<T>(gc + i, dc * forget, rest);
  }
}

/// r, z, n: n' = tanh(x_n + r (z_n + bias_n)), h = (1 - z) n' + z h.
template <class T>
void gru_gates(const T* x, int64_t gate, const T* z, int64_t z_gate, const T* bias_n, const T* h, T* next, T* gates,
               T* hidden_n, int64_t n) {
  using V = Vec<T>;
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const V reset = sigmoid(load_n(x + i, rest) + load_n(z + i, rest));
    const V update = sigmoid(load_n(x + gate + i, rest) + load_n(z + z_gate + i, rest));
    V hidden = load_n(z + 2 * z_gate + i, rest);
    if (bias_n != nullptr) hidden = hidden + load_n(bias_n + i, rest);
    const V candidate = tanh(load_n(x + 2 * gate + i, rest) + reset * hidden);
    store_n<T>(next + i, candidate + update * (load_n(h + i, rest) - candidate), rest);
    if (gates == nullptr) continue;
    store_n<T>(gates + i, reset, rest);
    store_n<T>(gates + gate + i, update, rest);
    store_n<T>(gates + 2 * gate + i, candidate, rest);
    store_n<T>(hidden_n + i, hidden, rest);
  }
}

template <class T>
void gru_gates_backward(const T* gates, int64_t gate, const T* hidden_n, const T* before, const T* dh, T* gh, T* gx,
                        T* gz, int64_t n) {
  using V = Vec<T>;
  const V one = k<V>(1);
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const V reset = load_n(gates + i, rest), update = load_n(gates + gate + i, rest);
    const V candidate = load_n(gates + 2 * gate + i, rest), g = load_n(dh + i, rest);
    const V dn = g * (one - update) * (one - candidate * candidate);
    const V dr = dn * load_n(hidden_n + i, rest) * reset * (one - reset);
    const V du = g * (load_n(before + i, rest) - candidate) * update * (one - update);
    store_n<T>(gx + i, dr, rest);
    store_n<T>(gz + i, dr, rest);
    store_n<T>(gx + gate + i, du, rest);
    store_n<T>(gz + gate + i, du, rest);
    store_n<T>(gx + 2 * gate + i, dn, rest);
    store_n<T>(gz + 2 * gate + i, dn * reset, rest);
    store_n<T>(gh + i, g * update, rest);
  }
}

template <class T>
void add(FloatLoops<T>& table) {
  table.rnn_gates = rnn_gates<T>;
  table.rnn_gates_backward = rnn_gates_backward<T>;
  table.lstm_gates = lstm_gates<T>;
  table.lstm_gates_backward = lstm_gates_backward<T>;
  table.gru_gates = gru_gates<T>;
  table.gru_gates_backward = gru_gates_backward<T>;
}

}  // namespace

void add_recurrent(Loops& table) {
  add(table.f32);
  add(table.f64);
}

}  // namespace hearth::cpu::HEARTH_ISA
