#include <cmath>

#include "backend/cpu/convert.h"
#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

constexpr double kNsPerByte = 0.05;

constexpr int64_t kTile = 16;

/// Four rows of a tile (kTile elements apart) become columns, in registers.
void transpose_4x4(const uint32_t* from, char* to, int64_t to_step) {
  typedef uint32_t Four __attribute__((vector_size(16)));
  Four a[4];
  for (int i = 0; i < 4; ++i) std::memcpy(&a[i], from + i * kTile, sizeof(Four));
  const Four low01 = __builtin_shufflevector(a[0], a[1], 0, 4, 1, 5);
  const Four low23 = __builtin_shufflevector(a[2], a[3], 0, 4, 1, 5);
  const Four high01 = __builtin_shufflevector(a[0], a[1], 2, 6, 3, 7);
  const Four high23 = __builtin_shufflevector(a[2], a[3], 2, 6, 3, 7);
  const Four rows[4] = {
      __builtin_shufflevector(low01, low23, 0, 1, 4, 5), __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
      __builtin_shufflevector(high01, high23, 0, 1, 4, 5), __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
  for (int i = 0; i < 4; ++i) std::memcpy(to + i * to_step, &rows[i], sizeof(Four));
}

/// A tile of a matrix that is read across its rows, to[r][c] = from[c][r], by way of a buffer: each cache line of both
/// sides is touched once, whatever the distance of rows (powers of two share few places in a cache).
template <class T>
void transpose_tile(const char* from, char* to, int64_t rows, int64_t cols, int64_t from_step, int64_t to_step) {
  alignas(64) T buffer[kTile][kTile];
  if (rows == kTile && cols == kTile) {
    for (int64_t c = 0; c < kTile; ++c) {
      __builtin_prefetch(from + (c + kTile) * from_step);  // the next tile's; past the end it does nothing
      std::memcpy(buffer[c], from + c * from_step, sizeof buffer[c]);
    }
    if constexpr (sizeof(T) == 4) {
      for (int64_t r = 0; r < kTile; r += 4) {
        for (int64_t c = 0; c < kTile; c += 4) transpose_4x4(buffer[c] + r, to + r * to_step + c * 4, to_step);
      }
    } else {
      for (int64_t r = 0; r < kTile; ++r) {
        alignas(64) T line[kTile];
        for (int64_t c = 0; c < kTile; ++c) line[c] = buffer[c][r];
        std::memcpy(to + r * to_step, line, sizeof line);
      }
    }
    return;
  }
  for (int64_t r = 0; r < rows; ++r) {
    auto* out = reinterpret_cast<T*>(to + r * to_step);
    const char* in = from + r * static_cast<int64_t>(sizeof(T));
    for (int64_t c = 0; c < cols; ++c) out[c] = *reinterpret_cast<const T*>(in + c * from_step);
  }
}

/// Dimension 0 is contiguous in out and dimension `d` in x: blocks of tiles over the two (each page that is touched
/// gives several cache lines), the other dimensions outside.
template <class T>
void copy_transposed(const Strided<2>& it, int d) {
  constexpr int64_t kBlock = 4 * kTile;
  const int64_t cols = it.sizes[0], rows = it.sizes[d], from_step = it.strides[1][0], to_step = it.strides[0][d];
  const int64_t col_blocks = (cols + kBlock - 1) / kBlock, row_blocks = (rows + kBlock - 1) / kBlock;
  const int64_t blocks = it.numel / (cols * rows) * row_blocks * col_blocks;
  const auto size = static_cast<int64_t>(sizeof(T));
  parallel_for(0, blocks, grain_for(kBlock * kBlock * 0.1 * sizeof(T)), [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      const int64_t c0 = block % col_blocks * kBlock, r0 = block / col_blocks % row_blocks * kBlock;
      int64_t rest = block / (col_blocks * row_blocks);
      char* to = it.data[0];
      const char* from = it.data[1];
      for (int e = 1; e < it.rank; ++e) {
        if (e == d) continue;
        to += rest % it.sizes[e] * it.strides[0][e];
        from += rest % it.sizes[e] * it.strides[1][e];
        rest /= it.sizes[e];
      }
      for (int64_t r = r0; r < std::min(r0 + kBlock, rows); r += kTile) {
        for (int64_t c = c0; c < std::min(c0 + kBlock, cols); c += kTile) {
          transpose_tile<T>(from + c * from_step + r * size, to + c * size + r * to_step, std::min(kTile, rows - r),
                            std::min(kTile, cols - c), from_step, to_step);
        }
      }
    }
  });
}

/// The dimension in which x is contiguous where out is not, or 0.
int transposed_dim(const Strided<2>& it, int64_t size) {
  if (it.strides[0][0] != size || it.strides[1][0] == size || it.strides[1][0] == 0 || it.sizes[0] < 4) return 0;
  for (int d = 1; d < it.rank; ++d) {
    if (it.strides[1][d] == size && it.sizes[d] >= 4) return d;
  }
  return 0;
}

template <class T>
void copy_step(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    *reinterpret_cast<T*>(to + i * to_step) = *reinterpret_cast<const T*>(from + i * from_step);
  }
}

void copy_same(const Tensor& out, const Tensor& x) {
  const TensorImpl &o = *impl(out), &in = *impl(x);
  const auto size = static_cast<int64_t>(elementSize(o.dtype));
  const int64_t grain = grain_for(kNsPerByte * static_cast<double>(size));
  if (o.contiguous && in.contiguous && o.numel == in.numel) {
    auto* to = static_cast<char*>(o.data());
    const auto* from = static_cast<const char*>(in.data());
    if (to == from) return;
    const bool stream = o.numel * size >= kStreamBytes;
    return parallel_for(0, o.numel, grain, [&](int64_t begin, int64_t end) {
      if (stream) return loops().stream_copy(to + begin * size, from + begin * size, (end - begin) * size);
      std::memcpy(to + begin * size, from + begin * size, static_cast<size_t>((end - begin) * size));
    });
  }
  const Strided<2> it({Operand(out), Operand(x)});
  if (const int d = transposed_dim(it, size)) {
    return visit_width(o.dtype, [&](auto tag) { copy_transposed<typename decltype(tag)::type>(it, d); });
  }
  const int64_t to_step = it.strides[0][0], from_step = it.strides[1][0];
  visit_width(o.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_runs(it, grain_for(0.1 * static_cast<double>(size)), [&](const Fixed<char*, 2>& p, int64_t n) {
      if (to_step == size && from_step == size) {
        std::memcpy(p[0], p[1], static_cast<size_t>(n * size));
      } else {
        copy_step<T>(p[0], to_step, p[1], from_step, n);
      }
    });
  });
}

void copy_cast(const Tensor& out, const Tensor& x) {
  const TensorImpl &o = *impl(out), &in = *impl(x);
  const ConvertRun run = convert_run(o.dtype, in.dtype);
  const auto out_size = static_cast<int64_t>(elementSize(o.dtype)),
             in_size = static_cast<int64_t>(elementSize(in.dtype));
  const Strided<2> it({Operand(out), Operand(x)});
  const int64_t to_step = it.strides[0][0], from_step = it.strides[1][0];
  parallel_runs(it, grain_for(0.3), [&](const Fixed<char*, 2>& p, int64_t n) {
    if (to_step == out_size && from_step == in_size) return run(p[1], p[0], n);
    Piece a, y;
    for (int64_t i = 0; i < n; i += kPiece) {
      const int64_t m = std::min(kPiece, n - i);
      run(gathered(p[1] + i * from_step, from_step, in_size, m, a), y.bytes.data(), m);
      scattered(y, p[0] + i * to_step, to_step, out_size, m);
    }
  });
}

}  // namespace

void copy(const Tensor& out, const Tensor& x) {
  if (impl(out)->numel == 0) return;
  impl(out)->dtype == impl(x)->dtype ? copy_same(out, x) : copy_cast(out, x);
}

void fill(const Tensor& out, const Scalar& value) {
  if (impl(out)->numel == 0) return;
  visit_all("fill_", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T number = scalar_as<T>(value);
    const Strided<1> it({Operand(out)});
    const auto size = static_cast<int64_t>(sizeof(T));
    const int64_t step = it.strides[0][0];
    const bool stream = it.numel * size >= kStreamBytes && it.rank == 1;
    parallel_runs(it, grain_for(0.03 * static_cast<double>(size)), [&](const Fixed<char*, 1>& p, int64_t n) {
      if (step == size) {
        if (stream) {
          return write_run(p[0], size, 0, n, true, [&](char* to, int64_t first, int64_t count) {
            if (first == 0) std::fill_n(reinterpret_cast<T*>(to), count, number);
          });
        }
        std::fill_n(reinterpret_cast<T*>(p[0]), n, number);
      } else {
        for (int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(p[0] + i * step) = number;
      }
    });
  });
}

void arange(const Tensor& out, const Scalar& start, const Scalar& step) {
  const TensorImpl& o = *impl(out);
  const int64_t stride = o.numel > 0 ? static_cast<int64_t>(o.strides[0]) : 1;
  visit_numbers("arange", o.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto* y = static_cast<T*>(o.data());
    using C = std::conditional_t<is_float<T>, double, int64_t>;
    const C first = start.to<C>(), by = step.to<C>();
    parallel_for(0, o.numel, grain_for(0.5), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const auto value = static_cast<C>(first + by * static_cast<C>(i));
        y[i * stride] = static_cast<T>(static_cast<Math<T>>(value));
      }
    });
  });
}

void linspace(const Tensor& out, const Scalar& start, const Scalar& end) {
  const TensorImpl& o = *impl(out);
  const int64_t n = o.numel;
  if (n == 0) return;
  const int64_t stride = o.strides[0];
  visit_numbers("linspace", o.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto* y = static_cast<T*>(o.data());
    using C = std::conditional_t<is_float<T>, Math<T>, double>;
    const auto from = static_cast<C>(scalar_as<T>(start)), to = static_cast<C>(scalar_as<T>(end));
    const C step = n > 1 ? (to - from) / static_cast<C>(n - 1) : C(0);
    parallel_for(0, n, grain_for(0.5), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        const C value = i < n / 2 || n == 1 ? from + step * static_cast<C>(i) : to - step * static_cast<C>(n - i - 1);
        y[i * stride] = static_cast<T>(value);
      }
    });
  });
}

}  // namespace hearth::cpu
