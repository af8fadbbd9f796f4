// Halves to float and back, and copies past the caches.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

HEARTH_INLINE uint32_t bits_of(float x) { return __builtin_bit_cast(uint32_t, x); }
HEARTH_INLINE float float_of(uint32_t x) { return __builtin_bit_cast(float, x); }

/// Without branches, so that the loop vectorises where there is no instruction for it.
HEARTH_INLINE float to_float(uint16_t h) {
  const uint32_t sign = (h & 0x8000U) << 16, magnitude = (h & 0x7fffU) << 13;
  const float small = float_of(magnitude + 0x38800000U) - float_of(0x38800000U);  // subnormal: takes the one off
  const uint32_t normal = magnitude + 0x38000000U, special = magnitude | 0x70000000U;
  const uint32_t large = magnitude >= 0x0f800000U ? special : normal;
  return float_of(sign | (magnitude < 0x00800000U ? bits_of(small) : large));
}
HEARTH_INLINE uint16_t to_half(float x) {
  const uint32_t bits = bits_of(x), sign = (bits >> 16) & 0x8000U, magnitude = bits & 0x7fffffffU;
  const uint32_t small = bits_of(float_of(magnitude) + 0.5F) - 0x3f000000U;  // the addition rounds to the last bit
  const uint32_t normal = (magnitude - 0x38000000U + 0xfffU + ((magnitude >> 13) & 1U)) >> 13;
  uint32_t y = magnitude < 0x38800000U ? small : normal;
  y = magnitude >= 0x477ff000U ? 0x7c00U : y;
  y = magnitude > 0x7f800000U ? 0x7e00U | ((magnitude >> 13) & 0x1ffU) : y;
  return static_cast<uint16_t>(sign | y);
}

void half_to_float(const uint16_t* x, float* y, int64_t n) {
  int64_t i = 0;
#if defined(__AVX512F__)
  for (; i + 16 <= n; i += 16) {
    const __m256i h = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + i));
    _mm512_storeu_ps(y + i, _mm512_maskz_cvtph_ps(0xffff, h));
  }
#elif defined(__F16C__)
  for (; i + 8 <= n; i += 8) {
    _mm256_storeu_ps(y + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i))));
  }
#endif
  for (; i < n; ++i) y[i] = to_float(x[i]);
}

void float_to_half(const float* x, uint16_t* y, int64_t n) {
  int64_t i = 0;
#if defined(__AVX512F__)
  for (; i + 16 <= n; i += 16) {
    const __m256i h = _mm512_maskz_cvtps_ph(0xffff, _mm512_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + i), h);
  }
#elif defined(__F16C__)
  for (; i + 8 <= n; i += 8) {
    const __m128i h = _mm256_cvtps_ph(_mm256_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(y + i), h);
  }
#endif
  for (; i < n; ++i) y[i] = to_half(x[i]);
}

void bfloat16_to_float(const uint16_t* x, float* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = float_of(static_cast<uint32_t>(x[i]) << 16);
}

/// Rounds to nearest even; NaN becomes the quiet one.
void float_to_bfloat16(const float* x, uint16_t* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t bits = bits_of(x[i]);
    const uint32_t rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
    y[i] = static_cast<uint16_t>((bits & 0x7fffffffU) > 0x7f800000U ? 0x7fc0U : rounded);
  }
}

void stream_copy(void* to, const void* from, int64_t bytes) {
#if defined(__SSE2__)
  auto* out = static_cast<char*>(to);
  const auto* in = static_cast<const char*>(from);
  const int64_t misaligned = static_cast<int64_t>(reinterpret_cast<uintptr_t>(out) % 64);
  const int64_t head = misaligned == 0 ? 0 : 64 - misaligned < bytes ? 64 - misaligned : bytes;
  __builtin_memcpy(out, in, static_cast<size_t>(head));
  int64_t i = head;
  for (; i + 64 <= bytes; i += 64) {
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(out + i), _mm512_loadu_si512(in + i));
#elif defined(__AVX2__)
    for (int64_t j = i; j < i + 64; j += 32) {
      _mm256_stream_si256(reinterpret_cast<__m256i*>(out + j),
                          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + j)));
    }
#else
    for (int64_t j = i; j < i + 64; j += 16) {
      _mm_stream_si128(reinterpret_cast<__m128i*>(out + j), _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + j)));
    }
#endif
  }
  __builtin_memcpy(out + i, in + i, static_cast<size_t>(bytes - i));
  _mm_sfence();
#else
  __builtin_memcpy(to, from, static_cast<size_t>(bytes));
#endif
}

}  // namespace

void add_convert(Loops& table) {
  table.half_to_float = half_to_float;
  table.float_to_half = float_to_half;
  table.bfloat16_to_float = bfloat16_to_float;
  table.float_to_bfloat16 = float_to_bfloat16;
  table.stream_copy = stream_copy;
}

}  // namespace hearth::cpu::HEARTH_ISA
