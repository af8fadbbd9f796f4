#pragma once

// Batches of matrices [B…, rows, columns], shared out over the pool; one matrix stays on one thread.

#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {

inline int64_t batch_size(const Tensor& t) {
  const TensorImpl& i = *impl(t);
  int64_t n = 1;
  for (size_t d = 0; d + 2 < i.sizes.size(); ++d) n *= i.sizes[d];
  return n;
}

template <class F>
void each(const Tensor& x, F&& f) {
  const TensorImpl& i = *impl(x);
  const auto m = static_cast<double>(i.sizes[i.sizes.size() - 2]), n = static_cast<double>(i.sizes[i.sizes.size() - 1]);
  parallel_for(0, batch_size(x), grain_for(100 + m * n * std::min(m, n)), [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) f(b);
  });
}

template <class F>
void visit_real(const char* op, ScalarType dtype, F&& f) {
  if (dtype == ScalarType::Float) return f(Tag<float>{});
  if (dtype == ScalarType::Double) return f(Tag<double>{});
  throw DtypeError(
      fmt::format("[{}] takes float and double matrices, not {}; convert with to(kFloat)", op, toString(dtype)), dtype);
}

}  // namespace hearth::cpu
