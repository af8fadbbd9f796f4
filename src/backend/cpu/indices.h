#pragma once

// Index tensors: checked before anything is written, then read as places from 0.

#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {

[[noreturn]] inline void fail_index(const char* op, int64_t index, int64_t size, int64_t position) {
  if (size == 0) {
    throw IndexError(fmt::format("[{}] index {} (element {} of the index tensor) points into a dimension of size 0", op,
                                 index, position),
                     index, size);
  }
  throw IndexError(fmt::format("[{}] index {} (element {} of the index tensor) is out of range for a dimension of size "
                               "{}; valid are {} to {}",
                               op, index, position, size, -size, size - 1),
                   index, size);
}

/// The place that an index in [-size, size) names.
inline int64_t wrapped(int64_t index, int64_t size) { return index < 0 ? index + size : index; }

/// Throws IndexError for the first index out of range, in row-major order.
inline void check_indices(const char* op, const Tensor& index, int64_t size) {
  const Tensor flat = dense(index);
  const int64_t *p = data_of<int64_t>(flat), n = impl(flat)->numel;
  const Chunks chunks = cut(n, grain_for(0.3));
  std::vector<int64_t> bad(static_cast<size_t>(chunks.count), -1);
  parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
    bool fine = true;
    for (int64_t i = begin; i < end; ++i) fine = fine && p[i] >= -size && p[i] < size;
    if (fine) return;
    int64_t i = begin;
    while (p[i] >= -size && p[i] < size) ++i;
    bad[static_cast<size_t>(chunk)] = i;
  });
  for (const int64_t i : bad) {
    if (i >= 0) fail_index(op, p[i], size, i);
  }
}

/// The places that a 0- or 1-dim index tensor names, checked.
inline std::vector<int64_t> places(const char* op, const Tensor& index, int64_t size) {
  check_indices(op, index, size);
  const Tensor flat = dense(index);
  const int64_t* p = data_of<int64_t>(flat);
  std::vector<int64_t> result(static_cast<size_t>(impl(flat)->numel));
  for (size_t i = 0; i < result.size(); ++i) result[i] = wrapped(p[i], size);
  return result;
}

/// A contiguous tensor seen as [outer, size, inner] around dim.
struct Around {
  Around(const Tensor& t, int64_t dim) {
    const DimVector& sizes = impl(t)->sizes;
    for (size_t d = 0; d < sizes.size(); ++d) {
      const auto at = static_cast<int64_t>(d);
      (at < dim ? outer : at > dim ? inner : size) *= sizes[d];
    }
  }
  int64_t outer = 1, size = 1, inner = 1;
};

/// Rows of one kind are written in pieces of the destination, each by one pass over all sources in their order: the
/// same result for any number of threads. f(begin, end) handles destinations in [begin, end).
template <class F>
void by_destination(int64_t destinations, int64_t sources, double ns_per_source, F&& f) {
  // Every piece reads all indices (about 0.5 ns each), so few pieces, and only where the work outweighs that.
  const double total = static_cast<double>(sources) * ns_per_source;
  const int64_t pieces = total < 60000 ? 1 : std::min<int64_t>(destinations, 8);
  if (pieces <= 1) return f(int64_t{0}, destinations);
  parallel_for(0, pieces, 1,
               [&](int64_t begin, int64_t end) { f(begin * destinations / pieces, end * destinations / pieces); });
}

}  // namespace hearth::cpu
