#pragma once

// The loops that are compiled for each instruction set (this folder's sources) and chosen once at start. All work on
// contiguous runs; the callers in the folder above gather, scatter and share out the work.

#include <cstdint>

#include "backend/op_kinds.h"

namespace hearth::cpu {

/// Which operand of a binary loop is one value for the whole run.
enum class OneValue { none, a, b };

/// A place within a plane, as wide as T so that both go through vectors together.
template <class T>
struct PlaneIndexOf;
template <>
struct PlaneIndexOf<float> {
  typedef int32_t type;
};
template <>
struct PlaneIndexOf<double> {
  typedef int64_t type;
};
template <class T>
using PlaneIndex = typename PlaneIndexOf<T>::type;

/// For T = float and double. Scalars of an op come as double s[4].
template <class T>
struct FloatLoops {
  /// False (and nothing done) for ops that are too rare to have a loop here. y may be x.
  bool (*unary)(UnaryOp op, const T* x, T* y, int64_t n, const double* s);
  bool (*binary)(BinaryOp op, const T* a, const T* b, T* y, int64_t n, OneValue one, const double* s);
  bool (*compare)(BinaryOp op, const T* a, const T* b, uint8_t* y, int64_t n, OneValue one);
  /// addcmul, addcdiv, lerp, clamp.
  void (*ternary)(TernaryOp op, const T* a, const T* b, const T* c, T* y, int64_t n, const double* s);
  void (*where)(const uint8_t* condition, const T* b, const T* c, T* y, int64_t n);
  void (*masked_scale)(const T* a, const uint8_t* mask, T* y, int64_t n, T scale);

  // Sums of a run: float blocks of fixed length, added in double.
  double (*sum)(const T* x, int64_t n);
  double (*sum_square)(const T* x, int64_t n);
  double (*sum_abs)(const T* x, int64_t n);
  double (*sum_centered_square)(const T* x, int64_t n, double center);
  double (*sum_exp)(const T* x, int64_t n, T center);
  double (*dot)(const T* x, const T* y, int64_t n);
  T (*max)(const T* x, int64_t n);  // NaN wins; -inf for n = 0
  T (*min)(const T* x, int64_t n);
  // The same down the columns of [rows, cols]: acc[c] is updated. `center` is a value per column.
  void (*column_sum)(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc);
  void (*column_sum_square)(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc);
  void (*column_sum_centered_square)(const T* x, int64_t rows, int64_t row_stride, int64_t cols, double* acc,
                                     const double* center);
  void (*column_max)(const T* x, int64_t rows, int64_t row_stride, int64_t cols, T* acc);
  void (*column_min)(const T* x, int64_t rows, int64_t row_stride, int64_t cols, T* acc);

  // Rows.
  void (*softmax)(const T* x, T* y, int64_t n, bool log);
  void (*softmax_backward)(const T* g, const T* y, T* gx, int64_t n, bool log);
  /// y = (x - mean) * invstd * weight + bias; weight, bias may be null.
  void (*layer_norm)(const T* x, T* y, int64_t n, T mean, T invstd, const T* weight, const T* bias);
  /// gx of one row; sums of g*w and g*w*xhat are taken inside.
  void (*layer_norm_backward)(const T* g, const T* x, T* gx, int64_t n, T mean, T invstd, const T* weight);
  /// gweight += g * (x - mean) * invstd, gbias += g; either may be null. double accumulators [n].
  void (*layer_norm_weights)(const T* g, const T* x, int64_t n, T mean, T invstd, double* gweight, double* gbias);
  /// y = x * scale + shift.
  void (*affine)(const T* x, T* y, int64_t n, T scale, T shift);
  /// y = g * a + (x - mean) * b + c.
  void (*batch_norm_backward)(const T* g, const T* x, T* y, int64_t n, T a, T b, T c, T mean);
  /// Sum of g, and of g * (x - mean).
  void (*sum_and_dot)(const T* g, const T* x, int64_t n, T mean, double* sum, double* dot);
  /// y += alpha * x.
  void (*axpy)(T alpha, const T* x, T* y, int64_t n);

  // Optimizers: a piece of one tensor. Three states, null where the word goes without.
  void (*fused_step)(StepOp op, T* p, const T* g, T* const* states, int64_t n, const StepArgs& args);
  // Recurrent gates of n units of one row; gates stand `gate` elements apart. x: the inputs' part, z the hidden part
  // (gates z_gate apart). What backward needs goes where a pointer is not null.
  void (*rnn_gates)(bool relu, const T* x, const T* z, T* h, int64_t n);
  void (*lstm_gates)(const T* x, int64_t gate, const T* z, int64_t z_gate, T* c, T* h, T* gates, T* tanh_c, int64_t n);
  void (*gru_gates)(const T* x, int64_t gate, const T* z, int64_t z_gate, const T* bias_n, const T* h, T* next,
                    T* gates, T* hidden_n, int64_t n);
  /// dh: the whole gradient of this step's h. gh, gc: what goes on to the step before apart from the matrix product.
  void (*rnn_gates_backward)(bool relu, const T* y, const T* dh, T* gx, int64_t n);
  void (*lstm_gates_backward)(const T* gates, int64_t gate, const T* c, const T* tanh_c, const T* dh, T* gc, T* gx,
                              int64_t n);
  void (*gru_gates_backward)(const T* gates, int64_t gate, const T* hidden_n, const T* before, const T* dh, T* gh,
                             T* gx, T* gz, int64_t n);

  /// Rows 2r and 2r + 1 of a plane, 2x2 cells with stride 2: n outputs; index may be null, `at` is the flat place of
  /// the first element and `width` the plane's.
  void (*max_pool_2x2)(const T* top, const T* bottom, T* y, int64_t* index, int64_t n, int64_t at, int64_t width);
  /// One cell of a pooling window for a row of outputs: best[i] and its place in the plane give way to x[i * stride]
  /// (place `at` + i * stride) where that is larger or NaN.
  void (*max_pool_cell)(const T* x, int64_t stride, T* best, PlaneIndex<T>* place, int64_t n, int64_t at);
  /// c[4 or fewer rows][cols] += a[rows][depth] * b[depth][cols], strides in elements; b's rows are contiguous.
  void (*gemm_block)(const T* a, int64_t a_row, int64_t a_depth, const T* b, int64_t b_row, T* c, int64_t c_row,
                     int64_t rows, int64_t cols, int64_t depth);
};

struct Loops {
  const char* name;
  FloatLoops<float> f32;
  FloatLoops<double> f64;
  void (*half_to_float)(const uint16_t* x, float* y, int64_t n);
  void (*float_to_half)(const float* x, uint16_t* y, int64_t n);
  void (*bfloat16_to_float)(const uint16_t* x, float* y, int64_t n);
  void (*float_to_bfloat16)(const float* x, uint16_t* y, int64_t n);
  /// memcpy past the caches; finishes with a fence.
  void (*stream_copy)(void* to, const void* from, int64_t bytes);
  /// Words first to first + 4 * blocks of the Philox4x32-10 stream of `key`, first a multiple of 4.
  void (*philox)(uint64_t key, uint64_t first, uint32_t* words, int64_t blocks);
  /// mask[i] = words[i] <= last.
  void (*keep_mask)(const uint32_t* words, uint32_t last, uint8_t* mask, int64_t n);
};

namespace v2 {
Loops loops();
}
namespace v3 {
Loops loops();
}
namespace v4 {
Loops loops();
}
namespace base {
Loops loops();
}

/// The best loops for this processor (or what HEARTH_CPU_ISA asks for).
const Loops& loops();
template <class T>
const FloatLoops<T>& loops_of();
template <>
inline const FloatLoops<float>& loops_of<float>() {
  return loops().f32;
}
template <>
inline const FloatLoops<double>& loops_of<double>() {
  return loops().f64;
}

}  // namespace hearth::cpu
