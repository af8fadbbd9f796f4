#include <algorithm>

#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {

namespace {
/// NaN is the largest, as in sorting.
template <class T>
bool is_less(T a, T b) {
  const auto x = static_cast<Math<T>>(a), y = static_cast<Math<T>>(b);
  return x < y || (x == x && y != y);
}

template <class T, class Index>
void search(const Tensor& out, const Tensor& sorted, const Tensor& values, bool right) {
  const int64_t n = impl(sorted)->sizes.back();
  const bool shared = impl(sorted)->sizes.size() == 1;
  const int64_t per_row = impl(values)->sizes.size() == 0 ? 1 : std::max<int64_t>(impl(values)->sizes.back(), 1);
  const auto* table = static_cast<const T*>(impl(sorted)->data());
  const auto* x = static_cast<const T*>(impl(values)->data());
  auto* y = static_cast<Index*>(impl(out)->data());
  parallel_for(0, impl(values)->numel, grain_for(20), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const T* row = shared ? table : table + i / per_row * n;
      const T* place =
          right ? std::upper_bound(row, row + n, x[i], is_less<T>) : std::lower_bound(row, row + n, x[i], is_less<T>);
      y[i] = static_cast<Index>(place - row);
    }
  });
}
}  // namespace

void searchsorted(const Tensor& out, const Tensor& sorted, const Tensor& values, bool right) {
  visit_all("searchsorted", impl(values)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    impl(out)->dtype == kLong ? search<T, int64_t>(out, sorted, values, right)
                              : search<T, int32_t>(out, sorted, values, right);
  });
}

}  // namespace hearth::cpu
