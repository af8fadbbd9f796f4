// 2x2 max pooling, a small matrix product, random words.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

/// A row's elements 2i and 2i + 1 for as many i as a vector has lanes; `n` elements of the row are left.
template <class T>
HEARTH_INLINE void load_pairs(const T* p, int64_t n, Vec<T>& even, Vec<T>& odd) {
  constexpr int64_t L = lanes<T>;
  const Vec<T> a = load_n(p, n);
  Vec<T> b{};
  if (n >= 2 * L) {
    b = load(p + L);
  } else if (n > L) {
    b = load_part<T>(p + L, n - L);
  }
  deinterleave(a, b, even, odd);
}
/// `value` takes the best's place where it is larger or NaN.
template <class V, class I>
HEARTH_INLINE void take_larger(V value, I place, V& best, I& best_place) {
  const I better = (value > best) | (value != value);
  best = better ? value : best;
  best_place = better ? place : best_place;
}
/// 0, 2, 4 …: how far apart the cells of neighbouring outputs lie.
HEARTH_INLINE DI even_numbers() {
  int64_t lane[lanes<double>];
  for (int i = 0; i < lanes<double>; ++i) lane[i] = 2 * i;
  DI v;
  __builtin_memcpy(&v, lane, sizeof v);
  return v;
}
/// index[i] = start + 2 i + place[i] for the first n lanes.
HEARTH_INLINE void store_places(int64_t* index, DI place, int64_t start, int64_t n) {
  const DI wide = place + even_numbers() + start;
  if (n >= lanes<double>) {
    __builtin_memcpy(index, &wide, sizeof wide);
  } else if (n > 0) {
    int64_t lane[lanes<double>];
    __builtin_memcpy(lane, &wide, sizeof wide);
    for (int64_t i = 0; i < n; ++i) index[i] = lane[i];
  }
}
HEARTH_INLINE void store_places(int64_t* index, FI place, int64_t start, int64_t n) {
  typedef int32_t HalfFI __attribute__((vector_size(sizeof(F) / 2)));
  constexpr int64_t L = lanes<double>;
  HalfFI half[2];
  __builtin_memcpy(half, &place, sizeof place);
  store_places(index, __builtin_convertvector(half[0], DI), start, n);
  store_places(index + L, __builtin_convertvector(half[1], DI), start + 2 * L, n - L);
}

/// Cells are read in the order top left, top right, bottom left, bottom right; the first of equals wins, NaN always.
template <class T>
void max_pool_2x2(const T* top, const T* bottom, T* y, int64_t* index, int64_t n, int64_t at, int64_t width) {
  constexpr int64_t L = lanes<T>;
  using I = typename VecOf<T>::integer;
  const auto down = static_cast<PlaneIndex<T>>(width);
  const I second = I{} + 1, third = I{} + down, fourth = third + 1;
  for (int64_t i = 0; i < n; i += L) {
    Vec<T> best, b, c, d;
    load_pairs(top + 2 * i, 2 * (n - i), best, b);
    load_pairs(bottom + 2 * i, 2 * (n - i), c, d);
    I place{};
    take_larger(b, second, best, place);
    take_larger(c, third, best, place);
    take_larger(d, fourth, best, place);
    store_n<T>(y + i, best, n - i);
    if (index) store_places(index + i, place, at + 2 * i, n - i);
  }
}

template <class T>
void max_pool_cell(const T* x, int64_t stride, T* best, PlaneIndex<T>* place, int64_t n, int64_t at) {
  using Place = PlaneIndex<T>;
  const auto first = static_cast<Place>(at), step = static_cast<Place>(stride);
  const auto run = [&](auto read) {
    HEARTH_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) {
      const T v = read(i), old = best[i];
      const bool better = (v > old) | (v != v);
      best[i] = better ? v : old;
      place[i] = better ? static_cast<Place>(first + static_cast<Place>(i) * step) : place[i];
    }
  };
  if (stride == 1) return run([=](int64_t i) { return x[i]; });
  if (stride == 2) return run([=](int64_t i) { return x[2 * i]; });
  run([=](int64_t i) { return x[i * stride]; });
}

/// A tile of Rows x 2 vectors stays in registers over the whole depth.
template <class T, int Rows>
HEARTH_INLINE void gemm_tile(const T* a, int64_t a_row, int64_t a_depth, const T* b, int64_t b_row, T* c, int64_t c_row,
                             int64_t cols, int64_t depth) {
  constexpr int64_t L = lanes<T>;
  int64_t j = 0;
  for (; j + 2 * L <= cols; j += 2 * L) {
    Vec<T> sum[Rows][2];
    for (int r = 0; r < Rows; ++r) {
      sum[r][0] = load(c + r * c_row + j);
      sum[r][1] = load(c + r * c_row + j + L);
    }
    for (int64_t d = 0; d < depth; ++d) {
      const Vec<T> b0 = load(b + d * b_row + j), b1 = load(b + d * b_row + j + L);
      for (int r = 0; r < Rows; ++r) {
        const Vec<T> v = splat(a[r * a_row + d * a_depth]);
        sum[r][0] = fma(v, b0, sum[r][0]);
        sum[r][1] = fma(v, b1, sum[r][1]);
      }
    }
    for (int r = 0; r < Rows; ++r) {
      store(c + r * c_row + j, sum[r][0]);
      store(c + r * c_row + j + L, sum[r][1]);
    }
  }
  for (; j < cols; j += L) {
    const int64_t n = cols - j;
    Vec<T> sum[Rows];
    for (int r = 0; r < Rows; ++r) sum[r] = n >= L ? load(c + r * c_row + j) : load_part<T>(c + r * c_row + j, n);
    for (int64_t d = 0; d < depth; ++d) {
      const Vec<T> b0 = n >= L ? load(b + d * b_row + j) : load_part<T>(b + d * b_row + j, n);
      for (int r = 0; r < Rows; ++r) sum[r] = fma(splat(a[r * a_row + d * a_depth]), b0, sum[r]);
    }
    for (int r = 0; r < Rows; ++r) {
      if (n >= L) {
        store(c + r * c_row + j, sum[r]);
      } else {
        store_part<T>(c + r * c_row + j, sum[r], n);
      }
    }
  }
}
template <class T>
void gemm_block(const T* a, int64_t a_row, int64_t a_depth, const T* b, int64_t b_row, T* c, int64_t c_row,
                int64_t rows, int64_t cols, int64_t depth) {
  // As many rows as the registers hold sums for.
  constexpr int kTileRows = sizeof(F) == 64 ? 8 : 4;
  int64_t r = 0;
  for (; r + kTileRows <= rows; r += kTileRows)
    gemm_tile<T, kTileRows>(a + r * a_row, a_row, a_depth, b, b_row, c + r * c_row, c_row, cols, depth);
  for (; r < rows; ++r) gemm_tile<T, 1>(a + r * a_row, a_row, a_depth, b, b_row, c + r * c_row, c_row, cols, depth);
}

/// A word of each of several Philox blocks: 64-bit lanes whose upper halves don't count.
typedef uint64_t U __attribute__((vector_size(sizeof(D)), may_alias));
/// Product of the lower halves.
HEARTH_INLINE U multiply_words(U a, U b) {
#if defined(__AVX512F__)
  return (U)_mm512_maskz_mul_epu32(0xff, (__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (U)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE4_1__)
  return (U)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
  return (a & 0xffffffffU) * (b & 0xffffffffU);
#endif
}
HEARTH_INLINE U repeat(uint64_t x) { return U{} + x; }

/// Philox4x32-10 with the counters of several blocks side by side, as base/philox.h gives them one by one.
void philox(uint64_t key, uint64_t first, uint32_t* words, int64_t blocks) {
  constexpr int kSide = sizeof(U) / sizeof(uint64_t), kSets = 2;  // two sets keep the multiplier busy
  uint64_t lane[kSide];
  for (int j = 0; j < kSide; ++j) lane[j] = static_cast<uint64_t>(j);
  U number;
  __builtin_memcpy(&number, lane, sizeof number);
  const U m0 = repeat(0xD2511F53U), m1 = repeat(0xCD9E8D57U);
  for (int64_t start = 0; start < blocks; start += kSide * kSets) {
    U c[kSets][4];
    for (int set = 0; set < kSets; ++set) {
      const U block = repeat(first / 4 + static_cast<uint64_t>(start + set * kSide)) + number;
      c[set][0] = block;
      c[set][1] = block >> 32;
      c[set][2] = c[set][3] = U{};
    }
    uint64_t k0 = key & 0xffffffffU, k1 = key >> 32;
    for (int round = 0; round < 10; ++round) {
      for (int set = 0; set < kSets; ++set) {
        U* w = c[set];
        const U p0 = multiply_words(w[0], m0), p1 = multiply_words(w[2], m1);
        w[0] = (p1 >> 32) ^ w[1] ^ repeat(k0);
        w[1] = p1;
        w[2] = (p0 >> 32) ^ w[3] ^ repeat(k1);
        w[3] = p0;
      }
      k0 = (k0 + 0x9E3779B9U) & 0xffffffffU;
      k1 = (k1 + 0xBB67AE85U) & 0xffffffffU;
    }
    for (int set = 0; set < kSets; ++set) {
      const int64_t at = start + set * kSide, left = blocks - at;
      // Words 0, 1 and 2, 3 of a block as 64-bit values, then in turn into memory.
      uint64_t low[kSide], high[kSide], pair[2 * kSide];
      const U a = (c[set][0] & 0xffffffffU) | c[set][1] << 32, b = (c[set][2] & 0xffffffffU) | c[set][3] << 32;
      __builtin_memcpy(low, &a, sizeof low);
      __builtin_memcpy(high, &b, sizeof high);
      for (int j = 0; j < kSide; ++j) {
        pair[2 * j] = low[j];
        pair[2 * j + 1] = high[j];
      }
      const int64_t count = left < 0 ? 0 : left < kSide ? left : kSide;
      __builtin_memcpy(words + 4 * at, pair, static_cast<size_t>(count) * 16);
    }
  }
}

void keep_mask(const uint32_t* words, uint32_t last, uint8_t* mask, int64_t n) {
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) mask[i] = words[i] <= last ? 1 : 0;
}

template <class T>
void add(FloatLoops<T>& table) {
  table.max_pool_2x2 = max_pool_2x2<T>;
  table.max_pool_cell = max_pool_cell<T>;
  table.gemm_block = gemm_block<T>;
}

}  // namespace

void add_misc(Loops& table) {
  add(table.f32);
  add(table.f64);
  table.philox = philox;
  table.keep_mask = keep_mask;
}

}  // namespace hearth::cpu::HEARTH_ISA
