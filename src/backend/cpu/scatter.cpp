#include "backend/cpu/indices.h"
#include "backend/cpu/lines.h"

namespace hearth::cpu {
namespace {

template <class T>
T combine(ScatterOp op, T old, T value) {
  const auto a = static_cast<Math<T>>(old), b = static_cast<Math<T>>(value);
  if constexpr (std::is_same_v<T, bool>) {
    const bool both = op == ScatterOp::multiply || op == ScatterOp::amin;
    return op == ScatterOp::set ? value : both ? old && value : old || value;
  } else if constexpr (std::is_integral_v<T>) {
    switch (op) {
      case ScatterOp::set: return value;
      case ScatterOp::add: return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
      case ScatterOp::multiply: return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
      case ScatterOp::amax: return std::max(a, b);
      case ScatterOp::amin: return std::min(a, b);
    }
  } else {
    switch (op) {
      case ScatterOp::set: return value;
      case ScatterOp::add: return static_cast<T>(a + b);
      case ScatterOp::multiply: return static_cast<T>(a * b);
      case ScatterOp::amax: return a != a ? old : b != b ? value : a > b ? old : value;  // NaN wins
      case ScatterOp::amin: return a != a ? old : b != b ? value : a < b ? old : value;
    }
  }
  return value;
}

const char* name(ScatterOp op) {
  switch (op) {
    case ScatterOp::set: return "scatter";
    case ScatterOp::add: return "scatter_add";
    case ScatterOp::multiply:
    case ScatterOp::amax:
    case ScatterOp::amin: return "scatter_reduce";
  }
  return "scatter";
}

}  // namespace

void gather(const Tensor& out, const Tensor& x, int64_t dim, const Tensor& index) {
  const int64_t size = line_length(x, dim);
  check_indices("gather", index, size);
  if (impl(index)->numel == 0) return;
  const int64_t n = line_length(index, dim);
  const Lines<3> lines(impl(index)->sizes, dim, {&out, &x, &index});
  visit_width(impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    lines.each(static_cast<double>(n) * 2, [&](const Fixed<char*, 3>& p) {
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = wrapped(element<int64_t>(p[2], i, lines.step(2)), size);
        element<T>(p[0], i, lines.step(0)) = element<T>(p[1], at, lines.step(1));
      }
    });
  });
}

/// Lines of out are disjoint, and each is written by one thread in index order.
void scatter(ScatterOp op, const Tensor& out, int64_t dim, const Tensor& index, const Tensor& src) {
  const int64_t size = line_length(out, dim);
  check_indices(name(op), index, size);
  if (impl(index)->numel == 0) return;
  const int64_t n = line_length(index, dim);
  const Lines<3> lines(impl(index)->sizes, dim, {&out, &index, &src});
  visit_all(name(op), impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    lines.each(static_cast<double>(n) * 2, [&](const Fixed<char*, 3>& p) {
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = wrapped(element<int64_t>(p[1], i, lines.step(1)), size);
        T& y = element<T>(p[0], at, lines.step(0));
        y = combine(op, y, element<T>(p[2], i, lines.step(2)));
      }
    });
  });
}

}  // namespace hearth::cpu
