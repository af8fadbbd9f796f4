// Batch norm's work on one channel of one plane.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

template <class T>
void affine(const T* x, T* y, int64_t n, T scale, T shift) {
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] * scale + shift;
}

template <class T>
void batch_norm_backward(const T* g, const T* x, T* y, int64_t n, T a, T b, T c, T mean) {
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) y[i] = g[i] * a + ((x[i] - mean) * b + c);
}

template <class T>
void sum_and_dot(const T* g, const T* x, int64_t n, T mean, double* sum, double* dot) {
  constexpr int64_t L = lanes<T>, block = 32 * L;
  const Vec<T> m = splat(mean);
  double total = 0, product = 0;
  int64_t i = 0;
  while (i + 2 * L <= n) {
    const int64_t end = i + block <= n ? i + block : n - (n - i) % (2 * L);
    Vec<T> a{}, b{}, c{}, d{};
    for (; i < end; i += 2 * L) {
      const Vec<T> u = load(g + i), v = load(g + i + L);
      a += u;
      b += v;
      c += u * (load(x + i) - m);
      d += v * (load(x + i + L) - m);
    }
    total += static_cast<double>(add_lanes<T>(a + b));
    product += static_cast<double>(add_lanes<T>(c + d));
  }
  for (; i < n; i += L) {
    const int64_t rest = n - i < L ? n - i : L;
    const Vec<T> u = rest == L ? load(g + i) : load_part<T>(g + i, rest);
    const Vec<T> v = rest == L ? load(x + i) : load_part<T>(x + i, rest, mean);
    total += static_cast<double>(add_lanes<T>(u));
    product += static_cast<double>(add_lanes<T>(u * (v - m)));
  }
  *sum += total;
  *dot += product;
}

template <class T>
void axpy(T alpha, const T* x, T* y, int64_t n) {
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) y[i] += alpha * x[i];
}

template <class T>
void add(FloatLoops<T>& table) {
  table.affine = affine<T>;
  table.batch_norm_backward = batch_norm_backward<T>;
  table.sum_and_dot = sum_and_dot<T>;
  table.axpy = axpy<T>;
}

}  // namespace

void add_norm(Loops& table) {
  add(table.f32);
  add(table.f64);
}

}  // namespace hearth::cpu::HEARTH_ISA
