#pragma once

// How any reduction is walked. A kernel K reduces a contiguous row, or the columns of a matrix; the plan brings every
// tensor and set of dimensions to one of the two, shares the work out by shape alone, and merges partial results in
// order, so that the bits don't depend on threads.

#include <vector>

#include "backend/cpu/runs.h"

namespace hearth::cpu {

/// Dimensions of one kind, innermost first, strides in elements.
struct DimList {
  int rank = 0;
  int64_t count = 1;
  Fixed<int64_t, kMaxDims> sizes, in, out;

  void add(int64_t size, int64_t in_stride, int64_t out_stride) {
    count *= size;
    if (size == 1) return;
    int at = rank++;
    for (; at > 0 && in[at - 1] > in_stride; --at) {
      sizes[at] = sizes[at - 1];
      in[at] = in[at - 1];
      out[at] = out[at - 1];
    }
    sizes[at] = size;
    in[at] = in_stride;
    out[at] = out_stride;
  }
  void merge() {
    int last = 0;
    for (int d = 1; d < rank; ++d) {
      if (in[d] == in[last] * sizes[last] && out[d] == out[last] * sizes[last]) {
        sizes[last] *= sizes[d];
        continue;
      }
      ++last;
      sizes[last] = sizes[d];
      in[last] = in[d];
      out[last] = out[d];
    }
    if (rank > 0) rank = last + 1;
    if (rank == 0) {
      rank = 1;
      sizes[0] = 1;
      in[0] = out[0] = 1;
    }
  }
};

/// A place in a DimList that moves on one element at a time.
struct Walk {
  Walk(const DimList& list, int64_t flat) : dims(list) {
    if (dims.count == 0) return;  // nowhere to go
    for (int d = 0; d < dims.rank; ++d) {
      index[d] = flat % dims.sizes[d];
      flat /= dims.sizes[d];
      in += index[d] * dims.in[d];
      out += index[d] * dims.out[d];
    }
  }
  /// Moves n elements along dimension 0, not beyond its end, and on to the next where it is reached.
  void advance(int64_t n) {
    index[0] += n;
    in += n * dims.in[0];
    out += n * dims.out[0];
    for (int d = 0; d < dims.rank && index[d] == dims.sizes[d]; ++d) {
      in -= dims.sizes[d] * dims.in[d];
      out -= dims.sizes[d] * dims.out[d];
      index[d] = 0;
      if (d + 1 == dims.rank) return;
      ++index[d + 1];
      in += dims.in[d + 1];
      out += dims.out[d + 1];
    }
  }
  int64_t left() const { return dims.sizes[0] - index[0]; }  // in dimension 0

  const DimList& dims;
  Fixed<int64_t, kMaxDims> index;
  int64_t in = 0, out = 0;
};

struct ReducePlan {
  DimList kept, reduced;
  bool columns = false;  // the contiguous dimension is kept
  bool strided = false;  // there is none: x must be copied first

  /// out has x's rank with size 1 in `dims` (all of them if empty).
  ReducePlan(const Tensor& out, const Tensor& x, IntArrayRef dims) {
    const TensorImpl &in = *impl(x), &o = *impl(out);
    const size_t rank = in.sizes.size();
    if (rank > kMaxDims) {
      fail<ShapeError>("[reduce] a tensor of {} dimensions is more than the {} that kernels take", rank, kMaxDims);
    }
    Fixed<bool, kMaxDims> reduce;
    std::fill(reduce.begin(), reduce.end(), dims.empty());
    for (const int64_t d : dims) reduce[static_cast<size_t>(d < 0 ? d + static_cast<int64_t>(rank) : d)] = true;
    for (size_t d = 0; d < rank; ++d) {
      if (reduce[d]) {
        reduced.add(in.sizes[d], in.strides[d], 0);
      } else {
        kept.add(in.sizes[d], in.strides[d], o.strides[d]);
      }
    }
    kept.merge();
    for (int d = 0; d < reduced.rank; ++d) reduced.out[d] = reduced.in[d];  // lets merge look at one stride only
    reduced.merge();
    for (int d = 0; d < reduced.rank; ++d) reduced.out[d] = 0;
    columns = reduced.in[0] != 1 && kept.in[0] == 1 && kept.sizes[0] > 1;
    strided = reduced.in[0] != 1 && !columns;
  }
};

/// f(x offset, count) for the runs along the innermost reduced dimension that cover [begin, end) of the reduced space.
template <class F>
void for_reduced(const DimList& reduced, int64_t begin, int64_t end, F&& f) {
  if (reduced.rank == 1) return f(begin * reduced.in[0], end - begin);
  Walk walk(reduced, begin);
  while (begin < end) {
    const int64_t n = std::min(walk.left(), end - begin);
    f(walk.in, n);
    begin += n;
    walk.advance(n);
  }
}

constexpr int64_t kColumns = 512;    // accumulators on the stack
constexpr int64_t kFewOutputs = 16;  // fewer than this are reduced in pieces, so that all threads have work

/// The columns [first, first + n) of one run of outputs over [begin, end) of the reduced space into acc.
template <class K>
void reduce_columns(const K& k, const typename K::T* x, const DimList& reduced, int64_t begin, int64_t end, int64_t n,
                    typename K::Acc* acc, int64_t output) {
  for_reduced(reduced, begin, end,
              [&](int64_t offset, int64_t rows) { k.columns(x + offset, rows, reduced.in[0], n, acc, output); });
}
template <class K>
typename K::Acc reduce_row(const K& k, const typename K::T* x, const DimList& reduced, int64_t begin, int64_t end,
                           int64_t output) {
  if (reduced.rank == 1) return k.row(x + begin, end - begin, output);
  typename K::Acc acc = k.identity();
  for_reduced(reduced, begin, end,
              [&](int64_t offset, int64_t n) { acc = k.merge(acc, k.row(x + offset, n, output)); });
  return acc;
}

/// Outputs [first, last) over [begin, end) of the reduced space; write(output, out offset, accumulator).
template <class K, class Write>
void reduce_outputs(const K& k, const typename K::T* x, const ReducePlan& plan, int64_t first, int64_t last,
                    int64_t begin, int64_t end, Write&& write) {
  Walk walk(plan.kept, first);
  if (!plan.columns) {
    for (; first < last; ++first, walk.advance(1)) {
      write(first, walk.out, reduce_row(k, x + walk.in, plan.reduced, begin, end, first));
    }
    return;
  }
  Fixed<typename K::Acc, kColumns> acc;
  while (first < last) {
    const int64_t n = std::min({walk.left(), last - first, kColumns});
    for (int64_t c = 0; c < n; ++c) acc[c] = k.identity();
    reduce_columns(k, x + walk.in, plan.reduced, begin, end, n, acc.data(), first);
    for (int64_t c = 0; c < n; ++c) write(first + c, walk.out + c * plan.kept.out[0], acc[c]);
    first += n;
    walk.advance(n);
  }
}

/// The whole reduction. Few outputs: the reduced space is cut into chunks with partial results, merged in order;
/// many: the outputs are.
template <class K, class Write>
void reduce_all(const K& k, const typename K::T* x, const ReducePlan& plan, double ns, Write&& write) {
  const int64_t outputs = plan.kept.count, n = plan.reduced.count;
  const Chunks parts = cut(n, grain_for(ns * static_cast<double>(outputs)));
  const bool few = outputs < kFewOutputs || (plan.columns && outputs <= (int64_t{1} << 16));
  if (few && parts.count > 1) {
    // At most 16 partial results an output.
    const Chunks chunks = parts.count <= 16 ? parts : cut(n, (n + 15) / 16);
    std::vector<typename K::Acc> partial(static_cast<size_t>(chunks.count * outputs));
    parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
      typename K::Acc* mine = partial.data() + chunk * outputs;
      reduce_outputs(k, x, plan, 0, outputs, begin, end,
                     [&](int64_t output, int64_t, typename K::Acc acc) { mine[output] = acc; });
    });
    Walk walk(plan.kept, 0);
    for (int64_t output = 0; output < outputs; ++output, walk.advance(1)) {
      typename K::Acc acc = partial[static_cast<size_t>(output)];
      for (int64_t chunk = 1; chunk < chunks.count; ++chunk) {
        acc = k.merge(acc, partial[static_cast<size_t>(chunk * outputs + output)]);
      }
      write(output, walk.out, acc);
    }
    return;
  }
  parallel_for(0, outputs, grain_for(ns * static_cast<double>(n) + 5),
               [&](int64_t first, int64_t last) { reduce_outputs(k, x, plan, first, last, 0, n, write); });
}

}  // namespace hearth::cpu
