// Matrix products: panels laid out for a tile of registers, and a kernel of dot products that needs no layout.
#include "backend/cpu/isa/gemm.h"

#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

// Rows of a tile; with 2 vectors to a row it fills the registers but for three.
#if defined(__AVX512F__)
constexpr int kRows = 14;
#elif defined(__AVX2__)
constexpr int kRows = 6;
#else
constexpr int kRows = 4;
#endif

template <int... i>
struct Lanes {};
template <int n, int... i>
struct LanesTo : LanesTo<n - 1, n - 1, i...> {};
template <int... i>
struct LanesTo<0, i...> {
  using type = Lanes<i...>;
};

/// a0 b0 a1 b1 … of the lower halves, or of the upper ones.
template <class V, int... i>
HEARTH_INLINE V mix_low(V a, V b, Lanes<i...>) {
  constexpr int n = sizeof...(i);
  return __builtin_shufflevector(a, b, (i / 2 + i % 2 * n)...);
}
template <class V, int... i>
HEARTH_INLINE V mix_high(V a, V b, Lanes<i...>) {
  constexpr int n = sizeof...(i);
  return __builtin_shufflevector(a, b, (n / 2 + i / 2 + i % 2 * n)...);
}

/// A square of lanes x lanes: rows become columns. Each step mixes row i with row i + half.
template <class T, int done = 1>
HEARTH_INLINE void transpose(Vec<T>* v) {
  constexpr int n = lanes<T>;
  if constexpr (done < n) {
    using All = typename LanesTo<n>::type;
    Vec<T> mixed[n];
    for (int i = 0; i < n / 2; ++i) {
      mixed[2 * i] = mix_low(v[i], v[i + n / 2], All());
      mixed[2 * i + 1] = mix_high(v[i], v[i + n / 2], All());
    }
    for (int i = 0; i < n; ++i) v[i] = mixed[i];
    transpose<T, done * 2>(v);
  }
}

/// Lane i: the sum of v[i]'s lanes. The transposition with its rows added on the way.
template <class T, int left = lanes<T>>
HEARTH_INLINE Vec<T> sums_of_lanes(Vec<T>* v) {
  if constexpr (left == 1) {
    return v[0];
  } else {
    using All = typename LanesTo<lanes<T>>::type;
    for (int i = 0; i < left / 2; ++i)
      v[i] = mix_low(v[i], v[i + left / 2], All()) + mix_high(v[i], v[i + left / 2], All());
    return sums_of_lanes<T, left / 2>(v);
  }
}

/// Columns of a square of up to lanes x lanes from lines that run along the depth.
template <class T, int Count, int Width>
HEARTH_INLINE void turn_square(const T* x, int64_t line, T* to) {
  constexpr int L = lanes<T>;
  Vec<T> square[L];
  for (int r = 0; r < Count; ++r) square[r] = load(x + r * line);
  for (int r = Count; r < L; ++r) square[r] = Vec<T>{};
  transpose<T>(square);
  for (int r = 0; r < L; ++r) {
    if constexpr (Count == L) {
      store(to + r * Width, square[r]);
    } else {
      store_part<T>(to + r * Width, square[r], Count);
    }
  }
}

/// One full panel of lines that run along the depth.
template <class T, int Width>
void pack_across(const T* x, int64_t line, int64_t depth, T* to) {
  constexpr int L = lanes<T>;
  int64_t d = 0;
  for (; d + L <= depth; d += L) {
    for (int i = 0; i + L <= Width; i += L) turn_square<T, L, Width>(x + i * line + d, line, to + d * Width + i);
    constexpr int kRest = Width % L, kFrom = Width - kRest;
    if constexpr (kRest > 0) turn_square<T, kRest, Width>(x + kFrom * line + d, line, to + d * Width + kFrom);
  }
  for (; d < depth; ++d)
    for (int64_t i = 0; i < Width; ++i) to[d * Width + i] = x[i * line + d];
}

/// Full panels of lines that lie side by side: row after row, as memory has them.
template <class T>
void pack_along(const T* x, int64_t step, int64_t panels, int64_t depth, int64_t width, T* to) {
  constexpr int64_t L = lanes<T>;
  for (int64_t d = 0; d < depth; ++d) {
    const T* from = x + d * step;
    for (int64_t p = 0; p < panels; ++p, from += width) {
      T* out = to + (p * depth + d) * width;
      int64_t i = 0;
      for (; i + L <= width; i += L) store(out + i, load(from + i));
      if (i < width) store_part<T>(out + i, load_part<T>(from + i, width - i), width - i);
    }
  }
}

template <class T>
void pack(const T* x, int64_t line, int64_t step, int64_t count, int64_t depth, int64_t width, T* to) {
  const int64_t full = line == 1 || step == 1 ? count / width : 0;
  if (line == 1) {
    pack_along(x, step, full, depth, width, to);
  } else {
    const auto across = width == kRows ? pack_across<T, kRows> : pack_across<T, 2 * lanes<T>>;
    for (int64_t p = 0; p < full; ++p) across(x + p * width * line, line, depth, to + p * width * depth);
  }
  for (int64_t p = full * width; p < count; p += width) {
    const int64_t n = count - p < width ? count - p : width;
    for (int64_t d = 0; d < depth; ++d)
      for (int64_t i = 0; i < width; ++i) to[p * depth + d * width + i] = i < n ? x[(p + i) * line + d * step] : T(0);
  }
}

/// Rows of a tile of which the first `cols` elements count.
template <class T>
HEARTH_INLINE void finish_row(T* c, const Vec<T>* sum, int64_t cols, int64_t row, const T* bias,
                              const GemmFinish<T>& f) {
  constexpr int64_t L = lanes<T>;
  for (int64_t j = 0; j < 2; ++j) {
    const int64_t n = cols - j * L;
    if (n <= 0) return;
    Vec<T> y = sum[j] * splat(f.alpha);
    if (n >= L) {
      if (f.beta != T(0)) y = fma(splat(f.beta), load(c + j * L), y);
      if (bias != nullptr) y += load(bias + j * L);
      if (f.row_bias != nullptr) y += splat(f.row_bias[row]);
      store(c + j * L, y);
    } else {
      if (f.beta != T(0)) y = fma(splat(f.beta), load_part<T>(c + j * L, n), y);
      if (bias != nullptr) y += load_part<T>(bias + j * L, n);
      if (f.row_bias != nullptr) y += splat(f.row_bias[row]);
      store_part<T>(c + j * L, y, n);
    }
  }
}

template <class T>
void multiply(const T* a, const T* b, T* c, int64_t c_row, int64_t m, int64_t n, int64_t depth,
              const GemmFinish<T>& finish) {
  constexpr int64_t L = lanes<T>;
  for (int64_t i = 0; i < m; i += kRows) {
    const int64_t rows = m - i < kRows ? m - i : kRows;
    for (int64_t j = 0; j < n; j += 2 * L) {
      const T *pa = a + i * depth, *pb = b + j * depth;
      T* to = c + i * c_row + j;
      for (int r = 0; r < kRows; ++r) __builtin_prefetch(to + (r < rows ? r : 0) * c_row, 1);
      Vec<T> sum[kRows][2] = {};
      for (int64_t d = 0; d < depth; ++d, pa += kRows, pb += 2 * L) {
        const Vec<T> b0 = load(pb), b1 = load(pb + L);
        for (int r = 0; r < kRows; ++r) {
          const Vec<T> v = splat(pa[r]);
          sum[r][0] = fma(v, b0, sum[r][0]);
          sum[r][1] = fma(v, b1, sum[r][1]);
        }
      }
      const T* bias = finish.bias != nullptr ? finish.bias + j : nullptr;
      for (int r = 0; r < kRows; ++r)
        if (r < rows) finish_row<T>(to + r * c_row, sum[r], n - j, i + r, bias, finish);
    }
  }
}

/// Rows rows of a, unpacked, times panels of b.
template <class T, int Rows>
void multiply_few(const T* a, int64_t a_row, const T* b, T* c, int64_t c_row, int64_t n, int64_t depth) {
  constexpr int64_t L = lanes<T>, kAhead = 24;
  for (int64_t j = 0; j < n; j += 2 * L, b += depth * 2 * L) {
    Vec<T> sum[Rows][2] = {};
    const T* pb = b;
    for (int64_t d = 0; d < depth; ++d, pb += 2 * L) {
      __builtin_prefetch(pb + kAhead * 2 * L);  // panels are often larger than the L2 cache and read once a step
      __builtin_prefetch(pb + kAhead * 2 * L + L);
      const Vec<T> b0 = load(pb), b1 = load(pb + L);
      for (int r = 0; r < Rows; ++r) {
        const Vec<T> v = splat(a[r * a_row + d]);
        sum[r][0] = fma(v, b0, sum[r][0]);
        sum[r][1] = fma(v, b1, sum[r][1]);
      }
    }
    for (int r = 0; r < Rows; ++r) {
      store_n<T>(c + r * c_row + j, sum[r][0], n - j);
      if (n - j > L) store_n<T>(c + r * c_row + j + L, sum[r][1], n - j - L);
    }
  }
}

/// Dispatches to the count of rows; blocks are as even as they can be.
template <class T, int Rows = kRows>
void multiply_at_most(int64_t rows, const T* a, int64_t a_row, const T* b, T* c, int64_t c_row, int64_t n,
                      int64_t depth) {
  if constexpr (Rows > 1) {
    if (rows < Rows) return multiply_at_most<T, Rows - 1>(rows, a, a_row, b, c, c_row, n, depth);
  }
  multiply_few<T, Rows>(a, a_row, b, c, c_row, n, depth);
}
template <class T>
void multiply_rows(const T* a, int64_t a_row, const T* b, T* c, int64_t c_row, int64_t m, int64_t n, int64_t depth) {
  const int64_t blocks = (m + kRows - 1) / kRows;
  for (int64_t i = 0, block = 0; block < blocks; ++block) {
    const int64_t rows = (m - i) / (blocks - block);
    multiply_at_most<T>(rows, a + i * a_row, a_row, b, c + i * c_row, c_row, n, depth);
    i += rows;
  }
}

/// Sums of the products of Rows rows of a with half as many rows of b as a vector has lanes.
template <class T, int Rows>
HEARTH_INLINE Vec<T> dot_tile(const T* a, int64_t a_row, const T* b, int64_t b_row, int64_t cols, int64_t depth) {
  constexpr int64_t L = lanes<T>;
  constexpr int kCols = L / 2;
  Vec<T> sum[L] = {};
  const T* line[kCols];  // lines past the last repeat it; their sums are dropped
  for (int j = 0; j < kCols; ++j) line[j] = b + (j < cols ? j : cols - 1) * b_row;
  int64_t d = 0;
  for (; d + L <= depth; d += L) {
    Vec<T> v[Rows];
    for (int r = 0; r < Rows; ++r) v[r] = load(a + r * a_row + d);
    for (int j = 0; j < kCols; ++j) {
      const Vec<T> w = load(line[j] + d);
      for (int r = 0; r < Rows; ++r) sum[r * kCols + j] = fma(v[r], w, sum[r * kCols + j]);
    }
  }
  if (d < depth) {
    Vec<T> v[Rows];
    for (int r = 0; r < Rows; ++r) v[r] = load_part<T>(a + r * a_row + d, depth - d);
    for (int j = 0; j < kCols; ++j) {
      const Vec<T> w = load_part<T>(line[j] + d, depth - d);
      for (int r = 0; r < Rows; ++r) sum[r * kCols + j] = fma(v[r], w, sum[r * kCols + j]);
    }
  }
  return sums_of_lanes<T>(sum);
}

/// n sums into the result; n is a multiple of Step.
template <class T, int Step>
HEARTH_INLINE void put(T* to, const T* sum, int64_t n, T alpha, T beta, const T* bias, T extra) {
  for (int64_t i = 0; i < n; i += Step) {
    T y[Step];
    for (int q = 0; q < Step; ++q) y[q] = alpha * sum[i + q] + (bias[i + q] + extra);
    if (beta != T(0))
      for (int q = 0; q < Step; ++q) y[q] += beta * to[i + q];
    for (int q = 0; q < Step; ++q) to[i + q] = y[q];
  }
}

template <class T>
void dot(const T* a, int64_t a_row, const T* b, int64_t b_row, T* c, int64_t c_row, int64_t m, int64_t n, int64_t depth,
         const GemmFinish<T>& finish) {
  constexpr int64_t kCols = lanes<T> / 2;
  constexpr int64_t kDepth = 4096 / static_cast<int64_t>(sizeof(T));  // so much of kCols rows stays in the L1 cache
  const T zeros[kCols] = {};
  for (int64_t d = 0; d < depth; d += kDepth) {
    const int64_t k = depth - d < kDepth ? depth - d : kDepth;
    const T beta = d == 0 ? finish.beta : T(1);
    for (int64_t j = 0; j < n; j += kCols) {
      const int64_t cols = n - j < kCols ? n - j : kCols;
      for (int64_t i = 0; i < m; i += 2) {
        const T *pa = a + i * a_row + d, *pb = b + j * b_row + d;
        const int64_t rows = m - i < 2 ? 1 : 2;
        T sums[lanes<T>];
        store(sums, rows == 2 ? dot_tile<T, 2>(pa, a_row, pb, b_row, cols, k)
                              : dot_tile<T, 1>(pa, a_row, pb, b_row, cols, k));
        for (int64_t r = 0; r < rows; ++r) {
          T* to = c + (i + r) * c_row + j;
          const T* sum = sums + r * kCols;
          const T extra = d == 0 && finish.row_bias != nullptr ? finish.row_bias[i + r] : T(0);
          const T* bias = d == 0 && finish.bias != nullptr ? finish.bias + j : zeros;
          if (cols == kCols) {
            put<T, kCols>(to, sum, kCols, finish.alpha, beta, bias, extra);
          } else {
            put<T, 1>(to, sum, cols, finish.alpha, beta, bias, extra);
          }
        }
      }
    }
  }
}

template <class T>
void add(GemmLoops<T>& table) {
  table.rows = kRows;
  table.cols = 2 * lanes<T>;
  table.pack = pack<T>;
  table.multiply = multiply<T>;
  table.multiply_rows = multiply_rows<T>;
  table.dot = dot<T>;
}

}  // namespace

GemmTable gemm_table() {
  GemmTable table{};
  add(table.f32);
  add(table.f64);
  return table;
}

}  // namespace hearth::cpu::HEARTH_ISA
