// Sums and extremes of a run, and the same down the columns of a matrix.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

/// A lane adds at most this many numbers of T before its sum goes on in double.
constexpr int64_t kPerLane = 32;

/// Sum of f over a run: four chains of vector sums over blocks of fixed length, the blocks added in double.
template <class T, class Map>
HEARTH_INLINE double sum_of(int64_t n, Map f) {
  using V = Vec<T>;
  constexpr int64_t L = lanes<T>, block = 4 * L * kPerLane;
  double total = 0;
  int64_t i = 0;
  for (; i + 4 * L <= n;) {
    const int64_t end = i + block <= n ? i + block : n - (n - i) % (4 * L);
    V a{}, b{}, c{}, d{};
    for (; i < end; i += 4 * L) {
      a += f(i);
      b += f(i + L);
      c += f(i + 2 * L);
      d += f(i + 3 * L);
    }
    total += static_cast<double>(add_lanes<T>((a + b) + (c + d)));
  }
  if (i == n) return total;
  V rest{};
  for (; i + L <= n; i += L) rest += f(i);
  if (i < n) rest += f(i, n - i);
  return total + static_cast<double>(add_lanes<T>(rest));
}

/// f of a stream's vectors; idle lanes of the last one are cleared after f.
template <class T, class Op>
struct Mapped {
  const T* p;
  Op op;
  HEARTH_INLINE Vec<T> operator()(int64_t i) const { return op(load(p + i)); }
  HEARTH_INLINE Vec<T> operator()(int64_t i, int64_t n) const {
    T lane[lanes<T>];
    store(lane, op(load_part<T>(p + i, n)));
    for (int64_t j = n; j < lanes<T>; ++j) lane[j] = 0;
    return load(lane);
  }
};
template <class T, class Op>
HEARTH_INLINE double sum_map(const T* x, int64_t n, Op op) {
  return sum_of<T>(n, Mapped<T, Op>{x, op});
}
template <class T>
struct Products {
  const T* x;
  const T* y;
  HEARTH_INLINE Vec<T> operator()(int64_t i) const { return load(x + i) * load(y + i); }
  HEARTH_INLINE Vec<T> operator()(int64_t i, int64_t n) const {
    return load_part<T>(x + i, n) * load_part<T>(y + i, n);
  }
};

template <class T>
double sum(const T* x, int64_t n) {
  return sum_map(x, n, [](Vec<T> v) { return v; });
}
typedef float HalfF __attribute__((vector_size(sizeof(F) / 2)));
/// As many floats as a vector of doubles has lanes.
HEARTH_INLINE D widened(const float* p) {
  HalfF v;
  __builtin_memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, D);
}
/// In double throughout: squares of floats overflow at 1e19.
HEARTH_INLINE double sum_square_of(const double* x, int64_t n) {
  return sum_map(x, n, [](D v) { return v * v; });
}
HEARTH_INLINE double sum_square_of(const float* x, int64_t n) {
  constexpr int64_t L = lanes<double>;
  double total = 0;
  int64_t i = 0;
  D a{}, b{};
  for (; i + 2 * L <= n; i += 2 * L) {
    const D u = widened(x + i), v = widened(x + i + L);
    a += u * u;
    b += v * v;
  }
  for (; i < n; ++i) total += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return total + add_lanes<double>(a + b);
}
template <class T>
double sum_square(const T* x, int64_t n) {
  return sum_square_of(x, n);
}
template <class T>
double sum_abs(const T* x, int64_t n) {
  return sum_map(x, n, [](Vec<T> v) { return abs(v); });
}
template <class T>
double sum_centered_square(const T* x, int64_t n, double center) {
  const Vec<T> c = splat(static_cast<T>(center));
  return sum_map(x, n, [c](Vec<T> v) { return (v - c) * (v - c); });
}
template <class T>
double sum_exp(const T* x, int64_t n, T center) {
  const Vec<T> c = splat(center);
  return sum_map(x, n, [c](Vec<T> v) { return exp(v - c); });
}
template <class T>
double dot(const T* x, const T* y, int64_t n) {
  return sum_of<T>(n, Products<T>{x, y});
}

template <class T, class Pick>
HEARTH_INLINE T extreme(const T* x, int64_t n, T worst, Pick pick) {
  constexpr int64_t L = lanes<T>;
  Vec<T> a = splat(worst), b = a;
  int64_t i = 0;
  for (; i + 2 * L <= n; i += 2 * L) {
    a = pick(load(x + i), a);
    b = pick(load(x + i + L), b);
  }
  if (i + L <= n) {
    a = pick(load(x + i), a);
    i += L;
  }
  if (i < n) b = pick(load_part<T>(x + i, n - i, worst), b);
  return fold(pick(a, b), pick);
}
/// pick(value, best): the value where it is better or NaN; a NaN once picked stays, since nothing is better than it.
template <class T>
T max(const T* x, int64_t n) {
  return extreme(x, n, static_cast<T>(-__builtin_inf()), [](auto v, auto best) {
    auto m = v > best ? v : best;
    return v == v ? m : v;
  });
}
template <class T>
T min(const T* x, int64_t n) {
  return extreme(x, n, static_cast<T>(__builtin_inf()), [](auto v, auto best) {
    auto m = v < best ? v : best;
    return v == v ? m : v;
  });
}

/// acc[c] += f(x[r][c], c) over the rows: eight rows are added as a tree in T, then go on in double. Walking along
/// the rows, with eight of them at a time, keeps the reads in order.
template <class T, class Op>
HEARTH_INLINE void column_sums(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc, Op op) {
  int64_t r = 0;
  for (; r + 8 <= rows; r += 8, x += 8 * row_stride) {
    const T *x0 = x, *x1 = x0 + row_stride, *x2 = x1 + row_stride, *x3 = x2 + row_stride, *x4 = x3 + row_stride,
            *x5 = x4 + row_stride, *x6 = x5 + row_stride, *x7 = x6 + row_stride;
    HEARTH_INDEPENDENT
    for (int64_t c = 0; c < cols; ++c) {
      const T a = (op(x0[c], c) + op(x1[c], c)) + (op(x2[c], c) + op(x3[c], c));
      const T b = (op(x4[c], c) + op(x5[c], c)) + (op(x6[c], c) + op(x7[c], c));
      acc[c] += static_cast<double>(a + b);
    }
  }
  for (; r < rows; ++r, x += row_stride) {
    HEARTH_INDEPENDENT
    for (int64_t c = 0; c < cols; ++c) acc[c] += static_cast<double>(op(x[c], c));
  }
}
template <class T>
void column_sum(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc) {
  column_sums(x, rows, row_stride, cols, acc, [](T v, int64_t) { return v; });
}
template <class T>
void column_sum_square(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc) {
  for (int64_t r = 0; r < rows; ++r, x += row_stride) {
    HEARTH_INDEPENDENT
    for (int64_t c = 0; c < cols; ++c) acc[c] += static_cast<double>(x[c]) * static_cast<double>(x[c]);
  }
}
template <class T>
void column_sum_centered_square(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc,
                                const double* center) {
  column_sums(x, rows, row_stride, cols, acc, [center](T v, int64_t c) {
    const T d = v - static_cast<T>(center[c]);
    return d * d;
  });
}
template <class T, class Better>
HEARTH_INLINE void column_extremes(const T* x, int64_t rows, int64_t row_stride, int64_t cols, T* acc, Better better) {
  for (int64_t r = 0; r < rows; ++r, x += row_stride) {
    HEARTH_INDEPENDENT
    for (int64_t c = 0; c < cols; ++c) {
      const T v = x[c], old = acc[c];
      const T m = better(v, old) ? v : old;  // a NaN in acc stays
      acc[c] = v == v ? m : v;
    }
  }
}
template <class T>
void column_max(const T* x, int64_t rows, int64_t row_stride, int64_t cols, T* acc) {
  column_extremes(x, rows, row_stride, cols, acc, [](T v, T old) { return v > old; });
}
template <class T>
void column_min(const T* x, int64_t rows, int64_t row_stride, int64_t cols, T* acc) {
  column_extremes(x, rows, row_stride, cols, acc, [](T v, T old) { return v < old; });
}

template <class T>
void add(FloatLoops<T>& table) {
  table.sum = sum<T>;
  table.sum_square = sum_square<T>;
  table.sum_abs = sum_abs<T>;
  table.sum_centered_square = sum_centered_square<T>;
  table.sum_exp = sum_exp<T>;
  table.dot = dot<T>;
  table.max = max<T>;
  table.min = min<T>;
  table.column_sum = column_sum<T>;
  table.column_sum_square = column_sum_square<T>;
  table.column_sum_centered_square = column_sum_centered_square<T>;
  table.column_max = column_max<T>;
  table.column_min = column_min<T>;
}

}  // namespace

void add_reduce(Loops& table) {
  add(table.f32);
  add(table.f64);
}

}  // namespace hearth::cpu::HEARTH_ISA
