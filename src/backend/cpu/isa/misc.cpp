// 2x2 max pooling, a small matrix product, random words.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

/// Cells are read in the order top left, top right, bottom left, bottom right; the first of equals wins, NaN always.
template <class T>
void max_pool_2x2(const T* top, const T* bottom, T* y, int64_t* index, int64_t n, int64_t at, int64_t width) {
  if (index == nullptr) {
    HEARTH_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) {
      const T a = top[2 * i], b = top[2 * i + 1], c = bottom[2 * i], d = bottom[2 * i + 1];
      T m = b > a ? b : a, l = d > c ? d : c;
      m = b == b ? m : b;
      l = d == d ? l : d;
      T r = l > m ? l : m;
      r = l == l ? r : l;
      y[i] = m == m ? r : m;
    }
    return;
  }
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) {
    const T a = top[2 * i], b = top[2 * i + 1], c = bottom[2 * i], d = bottom[2 * i + 1];
    T best = a;
    int64_t place = 0;
    bool better = (b > best) | (b != b);
    best = better ? b : best;
    place = better ? 1 : place;
    better = (c > best) | (c != c);
    best = better ? c : best;
    place = better ? width : place;
    better = (d > best) | (d != d);
    best = better ? d : best;
    place = better ? width + 1 : place;
    y[i] = best;
    index[i] = at + 2 * i + place;
  }
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
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4)
    gemm_tile<T, 4>(a + r * a_row, a_row, a_depth, b, b_row, c + r * c_row, c_row, cols, depth);
  for (; r < rows; ++r) gemm_tile<T, 1>(a + r * a_row, a_row, a_depth, b, b_row, c + r * c_row, c_row, cols, depth);
}

/// Philox4x32-10 with the counters of 16 blocks side by side, as the one in base/philox.h gives them one by one.
void philox(uint64_t key, uint64_t first, uint32_t* words, int64_t blocks) {
  constexpr int kSide = 16;
  for (int64_t start = 0; start < blocks; start += kSide) {
    uint32_t c0[kSide], c1[kSide], c2[kSide], c3[kSide];
    for (int j = 0; j < kSide; ++j) {
      const uint64_t block = first / 4 + static_cast<uint64_t>(start + j);
      c0[j] = static_cast<uint32_t>(block);
      c1[j] = static_cast<uint32_t>(block >> 32);
      c2[j] = c3[j] = 0;
    }
    auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      for (int j = 0; j < kSide; ++j) {
        const uint64_t p0 = uint64_t{0xD2511F53U} * c0[j], p1 = uint64_t{0xCD9E8D57U} * c2[j];
        c0[j] = static_cast<uint32_t>(p1 >> 32) ^ c1[j] ^ k0;
        c1[j] = static_cast<uint32_t>(p1);
        c2[j] = static_cast<uint32_t>(p0 >> 32) ^ c3[j] ^ k1;
        c3[j] = static_cast<uint32_t>(p0);
      }
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
    const int64_t count = blocks - start < kSide ? blocks - start : kSide;
    for (int64_t j = 0; j < count; ++j) {
      uint32_t* out = words + 4 * (start + j);
      out[0] = c0[j];
      out[1] = c1[j];
      out[2] = c2[j];
      out[3] = c3[j];
    }
  }
}

template <class T>
void add(FloatLoops<T>& table) {
  table.max_pool_2x2 = max_pool_2x2<T>;
  table.gemm_block = gemm_block<T>;
}

}  // namespace

void add_misc(Loops& table) {
  add(table.f32);
  add(table.f64);
  table.philox = philox;
}

}  // namespace hearth::cpu::HEARTH_ISA
