#pragma once

// What elementwise kernels share: inner runs made contiguous, large outputs written past the caches.

#include <cstring>
#include <vector>

#include "backend/cpu/isa/loops.h"
#include "backend/dtype_visit.h"
#include "backend/kernels.h"
#include "backend/strided.h"

namespace hearth::cpu {

/// Elements of a run that are worked on at a time when they must be gathered or converted on the stack.
constexpr int64_t kPiece = 256;
struct alignas(64) Piece {
  Fixed<char, kPiece * 8> bytes;
};

/// Outputs from this size on don't stay in any cache: they are written past it.
constexpr int64_t kStreamBytes = int64_t{32} << 20;

/// An op's scalars in the form that float loops take, and as they came.
struct Numbers {
  explicit Numbers(const Args& args) : raw(args) {
    for (int i = 0; i < 4; ++i) d[i] = args.s[i].toDouble();
  }
  double d[4];
  const Args& raw;
};

/// A scalar as an element of type T; a floating one that no integer can hold is a ValueError.
template <class T>
T scalar_as(const Scalar& s) {
  if constexpr (is_half<T>) {
    return static_cast<T>(s.toFloat());
  } else {
    return s.to<T>();
  }
}

template <class T>
void gather_as(const char* p, int64_t stride, int64_t n, char* to) {
  auto* out = reinterpret_cast<T*>(to);
  if (stride == 0) {
    T value;
    std::memcpy(&value, p, sizeof value);
    for (int64_t i = 0; i < n; ++i) out[i] = value;
    return;
  }
  for (int64_t i = 0; i < n; ++i) out[i] = *reinterpret_cast<const T*>(p + i * stride);
}
template <class T>
void scatter_as(const char* from, char* p, int64_t stride, int64_t n) {
  const auto* in = reinterpret_cast<const T*>(from);
  for (int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(p + i * stride) = in[i];
}

/// n elements as a contiguous run: p itself, or gathered into `piece`.
inline const char* gathered(const char* p, int64_t stride, int64_t itemsize, int64_t n, Piece& piece) {
  if (stride == itemsize) return p;
  char* to = piece.bytes.data();
  switch (itemsize) {
    case 1: gather_as<uint8_t>(p, stride, n, to); break;
    case 2: gather_as<uint16_t>(p, stride, n, to); break;
    case 4: gather_as<uint32_t>(p, stride, n, to); break;
    default: gather_as<uint64_t>(p, stride, n, to); break;
  }
  return to;
}
inline void scattered(const Piece& piece, char* p, int64_t stride, int64_t itemsize, int64_t n) {
  const char* from = piece.bytes.data();
  switch (itemsize) {
    case 1: scatter_as<uint8_t>(from, p, stride, n); break;
    case 2: scatter_as<uint16_t>(from, p, stride, n); break;
    case 4: scatter_as<uint32_t>(from, p, stride, n); break;
    default: scatter_as<uint64_t>(from, p, stride, n); break;
  }
}

constexpr int64_t kStreamBuffer = 16 << 10;

/// f(to, begin, count) writes elements [begin, begin + count) to `to`: straight into out, or, for streaming, into a
/// buffer that is then copied past the caches.
template <class F>
void write_run(char* out, int64_t itemsize, int64_t begin, int64_t end, bool stream, F&& f) {
  if (!stream) return f(out + begin * itemsize, begin, end - begin);
  alignas(64) Fixed<char, kStreamBuffer> buffer;
  const int64_t step = kStreamBuffer / itemsize;
  for (; begin < end; begin += step) {
    const int64_t n = std::min(step, end - begin);
    f(buffer.data(), begin, n);
    loops().stream_copy(out + begin * itemsize, buffer.data(), n * itemsize);
  }
}

/// f(row to write) for one row of an output: straight into memory, or, where the whole output is too large for any
/// cache, into `buffer` and from there past the caches.
template <class T, class F>
void write_streamed(T* to, int64_t n, bool stream, std::vector<T>& buffer, F&& f) {
  if (!stream) return f(to);
  buffer.resize(static_cast<size_t>(n));
  f(buffer.data());
  loops().stream_copy(to, buffer.data(), n * static_cast<int64_t>(sizeof(T)));
}
/// Rows up to this long are worth the detour of write_streamed: they stay in the first cache.
constexpr int64_t kStreamRowBytes = 32 << 10;

inline void halves_to_float(ScalarType dtype, const void* x, float* y, int64_t n) {
  const auto* in = static_cast<const uint16_t*>(x);
  dtype == kHalf ? loops().half_to_float(in, y, n) : loops().bfloat16_to_float(in, y, n);
}
inline void float_to_halves(ScalarType dtype, const float* x, void* y, int64_t n) {
  auto* out = static_cast<uint16_t*>(y);
  dtype == kHalf ? loops().float_to_half(x, out, n) : loops().float_to_bfloat16(x, out, n);
}

/// How much dearer an element of this dtype is than a float.
constexpr double dtype_cost(ScalarType dtype) {
  return dtype == kFloat ? 1.0 : dtype == kDouble ? 2.0 : isReducedFloatingType(dtype) ? 2.0 : 3.0;
}

/// Below this many elements nothing is ever shared out, so no cost has to be computed.
constexpr int64_t kTiny = 2048;

}  // namespace hearth::cpu
