#include "backend/cpu/cpu.h"
#include "backend/cpu/lines.h"

namespace hearth::cpu {
namespace {

template <class T>
struct Found {
  T value;
  int64_t index;
};

/// Whether v at a later place replaces the best so far: NaN is beyond every number, and the first of equals stays.
template <bool largest, class M>
bool better(M v, M best) {
  if (best != best) return false;
  return v != v || (largest ? v > best : v < best);
}

template <bool largest, class T>
Found<T> search(const char* line, int64_t step, int64_t begin, int64_t end) {
  const auto at = [&](int64_t i) { return *reinterpret_cast<const T*>(line + i * step); };
  if constexpr (std::is_floating_point_v<T>) {
    if (step == static_cast<int64_t>(sizeof(T))) {  // the value by vectors, then its place
      const T* x = reinterpret_cast<const T*>(line) + begin;
      const T best = largest ? loops_of<T>().max(x, end - begin) : loops_of<T>().min(x, end - begin);
      int64_t i = begin;
      if (best != best) {
        while (at(i) == at(i)) ++i;
      } else {
        while (at(i) != best) ++i;
      }
      return {at(i), i};
    }
  }
  Found<T> found{at(begin), begin};
  for (int64_t i = begin + 1; i < end; ++i) {
    if (better<largest>(static_cast<Math<T>>(at(i)), static_cast<Math<T>>(found.value))) found = {at(i), i};
  }
  return found;
}

template <bool largest, class T>
void search_lines(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  const int64_t n = line_length(x, dim);
  const Tensor& placed = values.defined() ? values : indices;
  const Lines<3> lines(impl(x)->sizes, dim, {&indices, &placed, &x});
  const int64_t step = lines.step(2);
  const auto store = [&](const Fixed<char*, 3>& p, const Found<T>& found) {
    *reinterpret_cast<int64_t*>(p[0]) = found.index;
    if (values.defined()) *reinterpret_cast<T*>(p[1]) = found.value;
  };
  const Chunks chunks = cut(n, grain_for(0.5));
  if (lines.count() == 1 && chunks.count > 1) {
    std::vector<Found<T>> parts(static_cast<size_t>(chunks.count));
    const char* line = lines.strided().data[2];
    parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
      parts[static_cast<size_t>(chunk)] = search<largest, T>(line, step, begin, end);
    });
    Found<T> found = parts[0];
    for (const Found<T>& part : parts) {
      if (better<largest>(static_cast<Math<T>>(part.value), static_cast<Math<T>>(found.value))) found = part;
    }
    return store(lines.strided().data, found);
  }
  lines.each(static_cast<double>(n) * 0.5 + 10,
             [&](const Fixed<char*, 3>& p) { store(p, search<largest, T>(p[2], step, 0, n)); });
}

}  // namespace

void reduce_index(bool largest, const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  if (impl(indices)->numel == 0) return;
  visit_all(largest ? "max" : "min", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    largest ? search_lines<true, T>(values, indices, x, dim) : search_lines<false, T>(values, indices, x, dim);
  });
}

}  // namespace hearth::cpu
