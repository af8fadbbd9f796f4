// Recurrent layers. The weights are packed once; a step is one parallel region over units, each part of it a matrix
// product of all rows with the units' columns and then their gates. All cuts follow from the sizes.
#include <algorithm>
#include <cstring>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/own_gemm.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

int64_t gate_count(RecurrentOp op) { return op == RecurrentOp::lstm ? 4 : op == RecurrentOp::gru ? 3 : 1; }

/// A step's place in the packed rows.
struct Step {
  int64_t first, rows;
};
std::vector<Step> steps_of(const Recurrence& r) {
  std::vector<Step> steps;
  int64_t first = 0;
  for (const int64_t rows : r.rows) {
    steps.push_back({first, rows});
    first += rows;
  }
  if (r.reverse) std::reverse(steps.begin(), steps.end());
  return steps;
}

/// How a step is shared out: whole panels of units, at least 10 µs of products each.
struct Cut {
  Cut(int64_t batch, int64_t units, int64_t depth, int64_t width_)
      : width(width_), panels((units + width - 1) / width) {
    const double flops = 2.0 * static_cast<double>(batch) * static_cast<double>(depth) * static_cast<double>(width);
    const auto size = std::clamp(static_cast<int64_t>(2e6 / std::max(flops, 1.0)) + 1, int64_t{1}, panels);
    chunks = {panels, (panels + size - 1) / size, size};
  }
  int64_t width, panels;
  Chunks chunks;
  /// Units of a chunk, the last one's missing ones too.
  int64_t most() const { return chunks.size * width; }
};

/// One direction of a layer, both ways.
template <class T>
class Layer {
 public:
  Layer(const Recurrence& r, const Tensor& h)
      : op_(r.op),
        steps_(steps_of(r)),
        batch_(impl(h)->sizes[0]),
        units_(impl(h)->sizes[1]),
        gates_(gate_count(r.op)) {}

  void forward(const Tensor& y, const Tensor& h, const Tensor& c, const Tensor& x, const Tensor& w,
               const Tensor& bias_n, const RecurrenceTape& tape) {
    const GemmLoops<T>& gemm = gemm_loops<T>();
    const Cut cut(batch_, units_, gates_ * units_, gemm.cols);
    const int64_t padded = cut.panels * cut.width;
    const Buffer<T> packed(packs() ? gates_ * padded * units_ : 0);
    const T* weight = data_of<T>(w);
    parallel_for(0, packs() ? gates_ * cut.panels : 0, grain_for(0.5 * static_cast<double>(cut.width * units_)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t p = begin; p < end; ++p) {
                     const int64_t gate = p / cut.panels, first = p % cut.panels * cut.width;
                     gemm.pack(weight + (gate * units_ + first) * units_, units_, 1,
                               std::min(cut.width, units_ - first), units_, cut.width,
                               packed.data() + (gate * padded + first) * units_);
                   }
                 });
    const Buffer<T> scratch(cut.chunks.count * gates_ * batch_ * cut.most()), other(batch_ * units_);
    T *now = data_of<T>(h), *next = other.data();
    for (const Step& step : steps_) {
      parallel_chunks(cut.chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
        const int64_t u = begin * cut.width, n = std::min(units_, end * cut.width) - u;
        T* z = scratch.data() + chunk * gates_ * batch_ * cut.most();
        for (int64_t gate = 0; gate < gates_; ++gate) {
          if (packs()) {
            gemm.multiply_rows(now, units_, packed.data() + (gate * padded + u) * units_, z + gate * batch_ * n, n,
                               step.rows, n, units_);
          } else {
            gemm.dot(now, units_, weight + (gate * units_ + u) * units_, units_, z + gate * batch_ * n, n, step.rows, n,
                     units_, {T(0), T(1), nullptr, nullptr});
          }
        }
        for (int64_t b = 0; b < step.rows; ++b)
          gates_forward(step.first + b, u, n, z + b * n, batch_ * n, now + b * units_ + u, data_of<T>(y), data_of<T>(x),
                        c.defined() ? data_of<T>(c) + b * units_ + u : nullptr,
                        bias_n.defined() ? data_of<T>(bias_n) + u : nullptr, tape);
        for (int64_t b = 0; b < batch_; ++b)
          std::memcpy(next + b * units_ + u,
                      b < step.rows ? data_of<T>(y) + (step.first + b) * units_ + u : now + b * units_ + u,
                      static_cast<size_t>(n) * sizeof(T));
      });
      std::swap(now, next);
    }
    if (now != data_of<T>(h)) std::memcpy(data_of<T>(h), now, static_cast<size_t>(batch_ * units_) * sizeof(T));
  }

  void backward(const Tensor& gx, const Tensor& gz, const Tensor& gh, const Tensor& gc, const Tensor& g,
                const Tensor& w, const RecurrenceTape& tape) {
    const GemmLoops<T>& gemm = gemm_loops<T>();
    const int64_t depth = gates_ * units_;
    const Cut cut(batch_, units_, depth, gemm.cols);
    const Buffer<T> packed(packs() ? cut.panels * cut.width * depth : 0);
    const T* weight = data_of<T>(w);
    parallel_for(0, packs() ? cut.panels : 0, grain_for(0.5 * static_cast<double>(cut.width * depth)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t p = begin; p < end; ++p)
                     gemm.pack(weight + p * cut.width, 1, units_, std::min(cut.width, units_ - p * cut.width), depth,
                               cut.width, packed.data() + p * cut.width * depth);
                 });
    const Buffer<T> scratch(cut.chunks.count * (batch_ + 1) * cut.most());
    const T* hidden = data_of<T>(op_ == RecurrentOp::gru ? gz : gx);  // gradients that go through w
    Step later{0, 0};
    for (size_t s = steps_.size() + 1; s-- > 0;) {
      const Step step = s > 0 ? steps_[s - 1] : Step{0, 0};  // at last only the first state is left
      parallel_chunks(cut.chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
        const int64_t u = begin * cut.width, n = std::min(units_, end * cut.width) - u;
        T *through = scratch.data() + chunk * (batch_ + 1) * cut.most(), *whole = through + batch_ * n;
        const T* from = hidden + later.first * depth;
        if (later.rows > 0 && packs()) {
          gemm.multiply_rows(from, depth, packed.data() + u * depth, through, n, later.rows, n, depth);
        } else {
          std::fill(through, through + later.rows * n, T(0));
          for (int64_t b = 0; b < later.rows; b += 4)
            loops_of<T>().gemm_block(from + b * depth, depth, 1, weight + u, units_, through + b * n, n,
                                     std::min<int64_t>(4, later.rows - b), n, depth);
        }
        for (int64_t b = 0; b < later.rows; ++b)
          loops_of<T>().axpy(T(1), through + b * n, data_of<T>(gh) + b * units_ + u, n);
        for (int64_t b = 0; b < step.rows; ++b) {
          T* state = data_of<T>(gh) + b * units_ + u;
          const T* own = data_of<T>(g) + (step.first + b) * units_ + u;
          for (int64_t i = 0; i < n; ++i) whole[i] = state[i] + own[i];
          gates_backward(step.first + b, u, n, whole, state, gc.defined() ? data_of<T>(gc) + b * units_ + u : nullptr,
                         data_of<T>(gx), data_of<T>(gz), tape);
        }
      });
      later = step;
    }
  }

 private:
  /// Whether packing the weights pays: they are used once a step.
  bool packs() const { return steps_.size() >= 4; }

  void gates_forward(int64_t row, int64_t u, int64_t n, const T* z, int64_t z_gate, const T* before, T* y, const T* x,
                     T* c, const T* bias_n, const RecurrenceTape& tape) const {
    const FloatLoops<T>& loops = loops_of<T>();
    const int64_t at = row * units_ + u, at_gates = row * gates_ * units_ + u;
    const auto bytes = static_cast<size_t>(n) * sizeof(T);
    const bool taped = tape.before.defined();
    T *gates = taped && tape.gates.defined() ? data_of<T>(tape.gates) + at_gates : nullptr,
      *cell = taped && tape.cell.defined() ? data_of<T>(tape.cell) + at : nullptr;
    if (taped) std::memcpy(data_of<T>(tape.before) + at, before, bytes);
    switch (op_) {
      case RecurrentOp::rnn_tanh:
      case RecurrentOp::rnn_relu: return loops.rnn_gates(op_ == RecurrentOp::rnn_relu, x + at_gates, z, y + at, n);
      case RecurrentOp::lstm:
        if (taped) std::memcpy(cell, c, bytes);
        return loops.lstm_gates(x + at_gates, units_, z, z_gate, c, y + at, gates,
                                taped ? data_of<T>(tape.tanh_c) + at : nullptr, n);
      case RecurrentOp::gru:
        return loops.gru_gates(x + at_gates, units_, z, z_gate, bias_n, before, y + at, gates, cell, n);
    }
  }
  /// state: in, the gradient that came from later steps; out, what does not go through the weights.
  void gates_backward(int64_t row, int64_t u, int64_t n, const T* whole, T* state, T* gc, T* gx, T* gz,
                      const RecurrenceTape& tape) const {
    const FloatLoops<T>& loops = loops_of<T>();
    const int64_t at = row * units_ + u, at_gates = row * gates_ * units_ + u;
    const T* gates = data_of<T>(tape.gates) + at_gates;
    switch (op_) {
      case RecurrentOp::rnn_tanh:
      case RecurrentOp::rnn_relu:
        loops.rnn_gates_backward(op_ == RecurrentOp::rnn_relu, gates, whole, gx + at_gates, n);
        break;
      case RecurrentOp::lstm:
        loops.lstm_gates_backward(gates, units_, data_of<T>(tape.cell) + at, data_of<T>(tape.tanh_c) + at, whole, gc,
                                  gx + at_gates, n);
        break;
      case RecurrentOp::gru:
        return loops.gru_gates_backward(gates, units_, data_of<T>(tape.cell) + at, data_of<T>(tape.before) + at, whole,
                                        state, gx + at_gates, gz + at_gates, n);
    }
    std::fill(state, state + n, T(0));
  }

  RecurrentOp op_;
  std::vector<Step> steps_;
  int64_t batch_, units_, gates_;
};

}  // namespace

void recurrence(const Recurrence& r, const Tensor& y, const Tensor& h, const Tensor& c, const Tensor& x,
                const Tensor& w, const Tensor& bias_n, const RecurrenceTape& tape) {
  if (impl(h)->dtype == kDouble) {
    Layer<double>(r, h).forward(y, h, c, x, w, bias_n, tape);
  } else {
    Layer<float>(r, h).forward(y, h, c, x, w, bias_n, tape);
  }
}

void recurrence_backward(const Recurrence& r, const Tensor& gx, const Tensor& gz, const Tensor& gh, const Tensor& gc,
                         const Tensor& g, const Tensor& w, const RecurrenceTape& tape) {
  if (impl(gh)->dtype == kDouble) {
    Layer<double>(r, gh).backward(gx, gz, gh, gc, g, w, tape);
  } else {
    Layer<float>(r, gh).backward(gx, gz, gh, gc, g, w, tape);
  }
}

}  // namespace hearth::cpu
