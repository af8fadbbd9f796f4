#include <cmath>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// A row as C = float or double: memory itself, or halves converted into `buffer`.
template <class T>
const Math<T>* as_row(const T* p, int64_t n, std::vector<Math<T>>& buffer) {
  if constexpr (is_half<T>) {
    buffer.resize(static_cast<size_t>(n));
    halves_to_float(scalar_type_of<T>(), p, buffer.data(), n);
    return buffer.data();
  } else {
    return p;
  }
}
/// f(row to write) and its way into memory.
template <class T, class F>
void write_row(T* p, int64_t n, bool stream, std::vector<Math<T>>& buffer, F&& f) {
  if constexpr (is_half<T>) {
    buffer.resize(static_cast<size_t>(n));
    f(buffer.data());
    float_to_halves(scalar_type_of<T>(), buffer.data(), p, n);
  } else {
    write_streamed(p, n, stream, buffer, f);
  }
}

/// Rows of [rows, cols]: x's last dimensions of as many elements as there are for each mean.
struct Shape {
  Shape(const Tensor& x, const Tensor& mean) : rows(impl(mean)->numel), cols(rows > 0 ? impl(x)->numel / rows : 0) {}
  template <class T>
  bool streams() const {
    const auto row = cols * static_cast<int64_t>(sizeof(T));
    return rows * row >= kStreamBytes && row <= kStreamRowBytes;
  }
  int64_t rows, cols;
};

}  // namespace

void layer_norm(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& x, const Tensor& weight,
                const Tensor& bias, double eps) {
  const Shape s(x, mean);
  visit_floating("layer_norm", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using M = Math<T>;
    constexpr ScalarType type = scalar_type_of<M>();
    const Tensor in = dense(x), w = dense_as(weight, type), b = dense_as(bias, type);
    const DenseOut to(y), m(mean, type), i(invstd, type);
    const T* source = data_of<T>(in);
    T* target = to.data<T>();
    const auto n = static_cast<double>(s.cols);
    const bool stream = s.streams<T>() && target != source;
    parallel_for(0, s.rows, grain_for(n * 0.5 + 10), [&](int64_t begin, int64_t end) {
      std::vector<M> in_buffer, out_buffer;
      for (int64_t r = begin; r < end; ++r) {
        const M* row = as_row(source + r * s.cols, s.cols, in_buffer);
        const double center = loops_of<M>().sum(row, s.cols) / n;
        const double off = center - static_cast<double>(static_cast<M>(center));
        const double squares = loops_of<M>().sum_centered_square(row, s.cols, center) - n * off * off;
        const double variance = squares > 0 || squares != squares ? squares / n : 0.0;
        const M shift = static_cast<M>(center), scale = static_cast<M>(1 / std::sqrt(variance + eps));
        m.data<M>()[r] = shift;
        i.data<M>()[r] = scale;
        write_row(target + r * s.cols, s.cols, stream, out_buffer, [&](M* out) {
          loops_of<M>().layer_norm(row, out, s.cols, shift, scale, data_of<M>(w), data_of<M>(b));
        });
      }
    });
    to.store();
    m.store();
    i.store();
  });
}

void layer_norm_backward(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g, const Tensor& x,
                         const Tensor& weight, const Tensor& mean, const Tensor& invstd) {
  const Shape s(x, mean);
  visit_floating("layer_norm_backward", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using M = Math<T>;
    constexpr ScalarType type = scalar_type_of<M>();
    const Tensor in = dense(x), out = dense(g), w = dense_as(weight, type), m = dense_as(mean, type),
                 i = dense_as(invstd, type);
    const DenseOut to(gx), gw(gweight, type), gb(gbias, type);
    const bool stream = s.streams<T>() && to.data<T>() != data_of<T>(in) && to.data<T>() != data_of<T>(out);
    const bool weights = gweight.defined() || gbias.defined();
    // At most 16 pieces of rows; each has sums of its own for the weights, added in order.
    const auto n = static_cast<double>(s.cols);
    const Chunks chunks = cut(s.rows, std::max(grain_for(n * 0.8 + 10), (s.rows + 15) / 16));
    const auto cols = static_cast<size_t>(s.cols), pieces = static_cast<size_t>(std::max<int64_t>(chunks.count, 1));
    std::vector<double> sums(weights ? 2 * pieces * cols : 0, 0.0);
    parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
      std::vector<M> x_buffer, g_buffer, out_buffer;
      double* mine = weights ? sums.data() + 2 * static_cast<size_t>(chunk) * cols : nullptr;
      for (int64_t r = begin; r < end; ++r) {
        const M* xr = as_row(data_of<T>(in) + r * s.cols, s.cols, x_buffer);
        const M* gr = as_row(data_of<T>(out) + r * s.cols, s.cols, g_buffer);
        const M center = data_of<M>(m)[r], scale = data_of<M>(i)[r];
        if (weights) {
          loops_of<M>().layer_norm_weights(gr, xr, s.cols, center, scale, gweight.defined() ? mine : nullptr,
                                           gbias.defined() ? mine + cols : nullptr);
        }
        if (!gx.defined()) continue;
        write_row(to.data<T>() + r * s.cols, s.cols, stream, out_buffer, [&](M* row) {
          loops_of<M>().layer_norm_backward(gr, xr, row, s.cols, center, scale, data_of<M>(w));
        });
      }
    });
    const auto total = [&](size_t c) {
      double sum = 0;
      for (size_t piece = 0; piece < pieces; ++piece) sum += sums[2 * piece * cols + c];
      return static_cast<M>(sum);
    };
    for (size_t c = 0; c < cols; ++c) {
      if (gweight.defined()) gw.data<M>()[c] = total(c);
      if (gbias.defined()) gb.data<M>()[c] = total(cols + c);
    }
    to.store();
    gw.store();
    gb.store();
  });
}

}  // namespace hearth::cpu
