#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "backend/fixed.h"
#include "base/fail.h"
#include "base/threads.h"
#include "hearth/tensor.h"
#include "tensor/impl.h"

namespace hearth {

/// More dimensions than this are refused: the iterator lives on the stack.
constexpr int kMaxDims = 64;

/// One operand of an elementwise loop: a tensor, or one value that all elements share.
struct Operand {
  char* data = nullptr;
  int64_t itemsize = 0;
  IntArrayRef sizes, strides;  // empty for a value

  Operand() = default;
  Operand(const Tensor& t)  // NOLINT: implicit
      : data(static_cast<char*>(impl(t)->data())),
        itemsize(static_cast<int64_t>(elementSize(impl(t)->dtype))),
        sizes(impl(t)->sizes),
        strides(impl(t)->strides) {}
  static Operand value(const void* p) {
    Operand o;
    o.data = static_cast<char*>(const_cast<void*>(p));  // NOLINT: read only
    return o;
  }
};

/// N operands walked together over the shape of operand 0, the output. Inputs are broadcast (right-aligned);
/// dimensions of size 1 are dropped, the rest ordered by the output's strides, innermost first, and merged where all
/// operands allow it.
template <int N>
struct Strided {
  int rank = 0;  // at least 1 unless numel is 0
  int64_t numel = 1;
  Fixed<char*, N> data;
  Fixed<int64_t, kMaxDims> sizes;              // innermost first
  Fixed<Fixed<int64_t, kMaxDims>, N> strides;  // bytes

  explicit Strided(const Fixed<Operand, N>& operands) {
    const IntArrayRef shape = operands[0].sizes;
    if (shape.size() > kMaxDims) {
      fail<ShapeError>("[elementwise] a tensor of {} dimensions is more than the {} that kernels take", shape.size(),
                       kMaxDims);
    }
    for (int i = 0; i < N; ++i) data[i] = operands[i].data;
    for (size_t d = shape.size(); d-- > 0;) {
      numel *= shape[d];
      if (shape[d] == 1) continue;
      sizes[rank] = shape[d];
      for (int i = 0; i < N; ++i) strides[i][rank] = stride_at(operands[i], shape.size() - 1 - d);
      ++rank;
    }
    order();
    merge();
    if (rank == 0) {
      sizes[0] = 1;
      for (int i = 0; i < N; ++i) strides[i][0] = operands[i].itemsize;
      rank = 1;
    }
  }

 private:
  /// Byte stride of an operand in the dimension `from_right`; 0 where it broadcasts.
  static int64_t stride_at(const Operand& o, size_t from_right) {
    if (from_right >= o.sizes.size()) return 0;
    const size_t d = o.sizes.size() - 1 - from_right;
    return o.sizes[d] == 1 ? 0 : o.strides[d] * o.itemsize;
  }
  bool inside(int a, int b) const {  // dimension a belongs further in than b
    for (int i = 0; i < N; ++i) {
      if (strides[i][a] == strides[i][b]) continue;
      if (strides[i][a] == 0 || strides[i][b] == 0) continue;
      return strides[i][a] < strides[i][b];
    }
    return false;
  }
  void order() {
    for (int d = 1; d < rank; ++d) {
      for (int e = d; e > 0 && inside(e, e - 1); --e) {
        std::swap(sizes[e], sizes[e - 1]);
        for (int i = 0; i < N; ++i) std::swap(strides[i][e], strides[i][e - 1]);
      }
    }
  }
  void merge() {
    int last = 0;
    for (int d = 1; d < rank; ++d) {
      bool fits = true;
      for (int i = 0; i < N; ++i) fits = fits && strides[i][d] == strides[i][last] * sizes[last];
      if (fits) {
        sizes[last] *= sizes[d];
        continue;
      }
      ++last;
      sizes[last] = sizes[d];
      for (int i = 0; i < N; ++i) strides[i][last] = strides[i][d];
    }
    if (rank > 0) rank = last + 1;
  }
};

/// f(pointers, n) for the inner runs that cover elements [begin, end); strides[i][0] is the step inside a run.
template <int N, class F>
void for_runs(const Strided<N>& it, int64_t begin, int64_t end, F&& f) {
  Fixed<int64_t, kMaxDims> index;
  Fixed<char*, N> p = it.data;
  int64_t rest = begin;
  for (int d = 0; d < it.rank; ++d) {
    index[d] = rest % it.sizes[d];
    rest /= it.sizes[d];
    for (int i = 0; i < N; ++i) p[i] += index[d] * it.strides[i][d];
  }
  while (begin < end) {
    const int64_t n = std::min(it.sizes[0] - index[0], end - begin);
    f(p, n);
    begin += n;
    if (begin >= end) return;
    for (int i = 0; i < N; ++i) p[i] -= index[0] * it.strides[i][0];
    index[0] = 0;
    for (int d = 1; d < it.rank; ++d) {
      for (int i = 0; i < N; ++i) p[i] += it.strides[i][d];
      if (++index[d] < it.sizes[d]) break;
      for (int i = 0; i < N; ++i) p[i] -= it.sizes[d] * it.strides[i][d];
      index[d] = 0;
    }
  }
}

/// The same over all elements, in parallel chunks worth at least `grain` elements.
template <int N, class F>
void parallel_runs(const Strided<N>& it, int64_t grain, F&& f) {
  if (it.numel == 0) return;
  parallel_for(0, it.numel, grain, [&](int64_t begin, int64_t end) { for_runs(it, begin, end, f); });
}

}  // namespace hearth
