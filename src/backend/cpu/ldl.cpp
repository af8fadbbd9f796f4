// Symmetric, indefinite matrices: P L D L^T P^T with the pivots of Bunch and Kaufman (1977), packed as LAPACK does.
#include <cmath>

#include "backend/cpu/matrices.h"

namespace hearth::cpu {

namespace {

/// A row-major matrix.
template <class T>
struct View {
  T& operator()(int64_t i, int64_t j) const { return data[i * columns + j]; }
  void swap_rows(int64_t i, int64_t j) const {
    if (i != j) std::swap_ranges(data + i * columns, data + (i + 1) * columns, data + j * columns);
  }
  T* data;
  int64_t rows, columns;
};
template <class T>
View<T> matrix_of(const Tensor& t, int64_t b) {
  const TensorImpl& i = *impl(t);
  const int64_t rows = i.sizes[i.sizes.size() - 2], columns = i.sizes[i.sizes.size() - 1];
  return {static_cast<T*>(i.data()) + b * rows * columns, rows, columns};
}

/// Which row and column come to place k, and whether their block of D has size 2.
struct Choice {
  int64_t row;
  bool two = false;
};
template <class T>
Choice choose(const View<T>& a, int64_t k) {
  const T alpha = (1 + std::sqrt(T(17))) / 8;  // bounds the growth of elements
  const int64_t n = a.rows;
  const T here = std::abs(a(k, k));
  int64_t best = k;
  T column = 0;
  for (int64_t i = k + 1; i < n; ++i)
    if (std::abs(a(i, k)) > column) {
      column = std::abs(a(i, k));
      best = i;
    }
  if (here >= alpha * column) return {k};
  T row = 0;
  for (int64_t j = k; j < best; ++j) row = std::max(row, std::abs(a(best, j)));
  for (int64_t i = best + 1; i < n; ++i) row = std::max(row, std::abs(a(i, best)));
  if (here >= alpha * column * (column / row)) return {k};
  return {best, !(std::abs(a(best, best)) >= alpha * row)};
}

/// Swaps rows and columns i < j of the lower triangle from column i on; `first` is the first column of the block.
template <class T>
void swap_symmetric(const View<T>& a, int64_t first, int64_t i, int64_t j) {
  for (int64_t r = j + 1; r < a.rows; ++r) std::swap(a(r, i), a(r, j));
  for (int64_t r = i + 1; r < j; ++r) std::swap(a(r, i), a(j, r));
  std::swap(a(i, i), a(j, j));
  if (first < i) std::swap(a(i, first), a(j, first));
}

template <class T>
int32_t factor_one(const View<T>& a, int32_t* pivots) {
  const int64_t n = a.rows;
  int32_t failed = 0;
  for (int64_t k = 0; k < n;) {
    const Choice c = choose(a, k);
    const int64_t last = c.two ? k + 1 : k;
    if (c.row != last) swap_symmetric(a, k, last, c.row);
    const auto pivot = static_cast<int32_t>(c.row + 1);
    if (!c.two) {
      pivots[k] = pivot;
      const T d = a(k, k);
      if (d == 0 && failed == 0) failed = static_cast<int32_t>(k + 1);
      for (int64_t j = k + 1; j < n && d != 0; ++j) {
        const T l = a(j, k) / d;
        for (int64_t i = j; i < n; ++i) a(i, j) -= a(i, k) * l;
      }
      for (int64_t j = k + 1; j < n && d != 0; ++j) a(j, k) /= d;
    } else {
      pivots[k] = pivots[k + 1] = -pivot;
      const T off = a(k + 1, k), d1 = a(k + 1, k + 1) / off, d2 = a(k, k) / off, scale = 1 / (d1 * d2 - 1) / off;
      for (int64_t j = k + 2; j < n; ++j) {
        const T l1 = scale * (d1 * a(j, k) - a(j, k + 1)), l2 = scale * (d2 * a(j, k + 1) - a(j, k));
        for (int64_t i = j; i < n; ++i) a(i, j) -= a(i, k) * l1 + a(i, k + 1) * l2;
        a(j, k) = l1;
        a(j, k + 1) = l2;
      }
    }
    k = last + 1;
  }
  return failed;
}

/// b[i] -= factor * b[j], for rows.
template <class T>
void subtract(const View<T>& b, int64_t i, T factor, int64_t j) {
  for (int64_t c = 0; c < b.columns; ++c) b(i, c) -= factor * b(j, c);
}

template <class T>
void solve_one(const View<T>& b, const View<T>& a, const int32_t* pivots) {
  const int64_t n = a.rows;
  for (int64_t k = 0; k < n;) {  // D^-1 L^-1 P^T b
    if (pivots[k] > 0) {
      b.swap_rows(k, pivots[k] - 1);
      for (int64_t i = k + 1; i < n; ++i) subtract(b, i, a(i, k), k);
      for (int64_t c = 0; c < b.columns; ++c) b(k, c) /= a(k, k);
      k += 1;
    } else {
      b.swap_rows(k + 1, -pivots[k] - 1);
      for (int64_t i = k + 2; i < n; ++i) {
        subtract(b, i, a(i, k), k);
        subtract(b, i, a(i, k + 1), k + 1);
      }
      const T off = a(k + 1, k), d1 = a(k, k) / off, d2 = a(k + 1, k + 1) / off, determinant = d1 * d2 - 1;
      for (int64_t c = 0; c < b.columns; ++c) {
        const T b1 = b(k, c) / off, b2 = b(k + 1, c) / off;
        b(k, c) = (d2 * b1 - b2) / determinant;
        b(k + 1, c) = (d1 * b2 - b1) / determinant;
      }
      k += 2;
    }
  }
  for (int64_t k = n - 1; k >= 0;) {  // P L^-T of that
    const int64_t first = pivots[k] > 0 ? k : k - 1;
    for (int64_t d = first; d <= k; ++d)
      for (int64_t i = k + 1; i < n; ++i) subtract(b, d, a(i, d), i);
    b.swap_rows(k, std::abs(pivots[k]) - 1);
    k = first - 1;
  }
}

}  // namespace

void ldl_factor(const Tensor& ld, const Tensor& pivots, const Tensor& info, const Tensor& x) {
  visit_real("ldl_factor", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    each(x, [&](int64_t b) {
      const View<T> from = matrix_of<T>(x, b), to = matrix_of<T>(ld, b);
      for (int64_t i = 0; i < to.rows; ++i)
        for (int64_t j = 0; j < to.rows; ++j) to(i, j) = j <= i ? from(i, j) : T(0);
      static_cast<int32_t*>(impl(info)->data())[b] =
          factor_one(to, static_cast<int32_t*>(impl(pivots)->data()) + b * to.rows);
    });
  });
}

void ldl_solve(const Tensor& out, const Tensor& ld, const Tensor& pivots, const Tensor& b) {
  visit_real("ldl_solve", impl(ld)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    each(ld, [&](int64_t i) {
      const View<T> from = matrix_of<T>(b, i), to = matrix_of<T>(out, i), a = matrix_of<T>(ld, i);
      std::copy(from.data, from.data + from.rows * from.columns, to.data);
      solve_one(to, a, static_cast<const int32_t*>(impl(pivots)->data()) + i * a.rows);
    });
  });
}

}  // namespace hearth::cpu
