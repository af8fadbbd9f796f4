// Sorting works on keys: unsigned integers in the order of the values, NaN largest, -0 equal to 0. The place comes
// after the key, so that equal values keep their order whatever the algorithm does.
#include <algorithm>
#include <bit>

#include "backend/cpu/cpu.h"
#include "backend/cpu/lines.h"

namespace hearth::cpu {
namespace {

template <class U>
U float_key(U bits, U sign, U infinity) {
  const U magnitude = bits & static_cast<U>(~sign);
  if (magnitude > infinity) return static_cast<U>(~U{0});  // NaN
  if (magnitude == 0) return sign;
  return bits & sign ? static_cast<U>(~bits) : static_cast<U>(bits | sign);
}
template <class T>
auto key_of(T v) {
  if constexpr (std::is_same_v<T, float>) {
    return float_key<uint32_t>(std::bit_cast<uint32_t>(v), 0x80000000U, 0x7f800000U);
  } else if constexpr (std::is_same_v<T, double>) {
    return float_key<uint64_t>(std::bit_cast<uint64_t>(v), uint64_t{1} << 63, uint64_t{0x7ff} << 52);
  } else if constexpr (std::is_same_v<T, Half>) {
    return uint32_t{float_key<uint16_t>(v.x, 0x8000U, 0x7c00U)};
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return uint32_t{float_key<uint16_t>(v.x, 0x8000U, 0x7f80U)};
  } else if constexpr (sizeof(T) == 8) {
    return static_cast<uint64_t>(v) ^ (uint64_t{1} << 63);
  } else {
    return static_cast<uint32_t>(static_cast<int32_t>(v)) ^ 0x80000000U;
  }
}

/// A key and its place in the line, packed where both fit one word.
template <class Key>
struct Item;
template <>
struct Item<uint32_t> {
  uint64_t word;
  Item() = default;
  Item(uint32_t key, int64_t place) : word(uint64_t{key} << 32 | static_cast<uint64_t>(place)) {}
  uint32_t key() const { return static_cast<uint32_t>(word >> 32); }
  int64_t place() const { return static_cast<int64_t>(word & 0xffffffffU); }
  bool operator<(const Item& other) const { return word < other.word; }
};
template <>
struct Item<uint64_t> {
  uint64_t k;
  int64_t p;
  Item() = default;
  Item(uint64_t key, int64_t place) : k(key), p(place) {}
  uint64_t key() const { return k; }
  int64_t place() const { return p; }
  bool operator<(const Item& other) const { return k != other.k ? k < other.k : p < other.p; }
};
/// Lines of more elements than a packed item counts take the wide one.
template <class T>
using KeyOf = decltype(key_of(T{}));
constexpr int64_t kPackedLimit = int64_t{1} << 32;

/// By bytes of the key, least significant first; each pass keeps the order of equals.
template <class I>
void radix_sort(std::vector<I>& items, std::vector<I>& spare) {
  using Key = decltype(items[0].key());
  spare.resize(items.size());
  for (unsigned shift = 0; shift < sizeof(Key) * 8; shift += 8) {
    Fixed<size_t, 257> start{};
    for (const I& item : items) ++start[(item.key() >> shift & 0xff) + 1];
    if (std::any_of(start.begin(), start.end(), [&](size_t n) { return n == items.size(); })) continue;
    for (size_t i = 1; i < 257; ++i) start[i] += start[i - 1];
    for (const I& item : items) spare[start[item.key() >> shift & 0xff]++] = item;
    items.swap(spare);
  }
}

/// The k smallest items, sorted, come first. Few of many: a heap of the best so far, which hardly ever changes.
template <class I>
void first_sorted(std::vector<I>& items, int64_t k) {
  const auto end = items.begin() + k;
  if (k * 8 <= static_cast<int64_t>(items.size())) {
    std::make_heap(items.begin(), end);
    for (auto it = end; it != items.end(); ++it) {
      if (!(*it < items.front())) continue;
      std::pop_heap(items.begin(), end);
      std::swap(*(end - 1), *it);
      std::push_heap(items.begin(), end);
    }
  } else if (end != items.end()) {
    std::nth_element(items.begin(), end, items.end());
  }
  std::sort(items.begin(), end);
}

/// f(line of p, its items in the wanted order) for every line.
template <class T, class Key, class F>
void sort_lines(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim, bool descending,
                int64_t keep, F&& arrange) {
  const int64_t n = line_length(x, dim);
  const Lines<3> lines(impl(x)->sizes, dim, {&values, &indices, &x});
  // Chunks of lines share their buffers.
  const double ns = static_cast<double>(n) * 20;
  const Strided<3>& it = lines.strided();
  parallel_runs(it, grain_for(ns), [&](const Fixed<char*, 3>& p, int64_t count) {
    std::vector<Item<Key>> items, spare;
    for (int64_t line = 0; line < count; ++line) {
      char *to = p[0] + line * it.strides[0][0], *at = p[1] + line * it.strides[1][0],
           *from = p[2] + line * it.strides[2][0];
      items.resize(static_cast<size_t>(n));
      for (int64_t i = 0; i < n; ++i) {
        const auto key = static_cast<Key>(key_of(element<T>(from, i, lines.step(2))));
        items[static_cast<size_t>(i)] = Item<Key>(descending ? static_cast<Key>(~key) : key, i);
      }
      arrange(items, spare);
      // Values are read before they are written: out may be x.
      std::vector<T> sorted(static_cast<size_t>(keep));
      for (int64_t i = 0; i < keep; ++i) {
        sorted[static_cast<size_t>(i)] = element<T>(from, items[static_cast<size_t>(i)].place(), lines.step(2));
      }
      for (int64_t i = 0; i < keep; ++i) {
        element<T>(to, i, lines.step(0)) = sorted[static_cast<size_t>(i)];
        element<int64_t>(at, i, lines.step(1)) = items[static_cast<size_t>(i)].place();
      }
    }
  });
}

template <class F>
void with_keys(const char* op, const Tensor& x, int64_t dim, F&& f) {
  visit_all(op, impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if (line_length(x, dim) >= kPackedLimit) return f(tag, Tag<uint64_t>{});
    f(tag, Tag<KeyOf<T>>{});
  });
}

}  // namespace

void sort(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim, bool descending, bool) {
  if (impl(x)->numel == 0) return;
  const int64_t n = line_length(x, dim);
  with_keys("sort", x, dim, [&](auto tag, auto key) {
    sort_lines<typename decltype(tag)::type, typename decltype(key)::type>(values, indices, x, dim, descending, n,
                                                                           [](auto& items, auto& spare) {
                                                                             if (items.size() < 1024) {
                                                                               std::sort(items.begin(), items.end());
                                                                             } else {
                                                                               radix_sort(items, spare);
                                                                             }
                                                                           });
  });
}

void topk(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim, bool largest, bool) {
  if (impl(values)->numel == 0) return;
  with_keys("topk", x, dim, [&](auto tag, auto key) {
    sort_lines<typename decltype(tag)::type, typename decltype(key)::type>(
        values, indices, x, dim, largest, k, [&](auto& items, auto&) { first_sorted(items, k); });
  });
}

}  // namespace hearth::cpu
