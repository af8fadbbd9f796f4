#pragma once

// A convolution of a piece of the batch as oneDNN wants it: one primitive between reorders of the layouts.

#include "backend/cpu/dnnl_common.h"
#include "backend/cpu/windows.h"

namespace hearth::cpu {

enum class ConvPass { forward, input, weight };

/// Sizes of a convolution over 1 to 3 spatial dimensions, seen as 3; x [n, c, in], w [o, c / groups, kernel],
/// y [n, o, out].
struct ConvShape {
  ConvShape(const Tensor& x, const Tensor& w, const Tensor& y, const ConvParams& params);
  ConvShape with_batch(int64_t count) const {
    ConvShape s = *this;
    s.n = count;
    return s;
  }
  double flops() const;
  bool pointwise() const;  // 1x1, stride 1, no padding, one group: a matrix product per image
  int64_t x_image() const { return c * product(in); }
  int64_t y_image() const { return o * product(out); }
  int64_t weights() const { return o * (c / groups) * product(kernel); }

  int64_t n, c, o, groups;
  Spatial in, kernel, out, stride, padding, dilation;
  bool volume;  // 3 spatial dimensions for oneDNN; else 2
  ScalarType dtype;
};

struct ConvPlan {
  dnnl::memory::desc w_plain, w_blocked;
  std::unique_ptr<DnnlRunner> main;
  // Between plain and blocked; null where the primitive takes the plain layout. x is read (forward, weight) or
  // written (input), y the other way round, both are read for weight.
  std::unique_ptr<DnnlRunner> x_reorder, y_reorder;
  size_t x_bytes = 0, y_bytes = 0, w_bytes = 0;  // of blocked copies, 0 for none
};

/// Whether the pass goes through Winograd's transforms.
bool uses_winograd(ConvPass pass, const ConvShape& shape);

/// The plan of the calling thread's table; null if oneDNN refuses (and a line in the log says so). With `bias`,
/// forward adds one and weight gives its gradient. For bfloat16, weight gives float gradients.
std::shared_ptr<ConvPlan> conv_plan(ConvPass pass, const ConvShape& shape, bool bias, bool winograd);

/// Weights from plain to blocked, or back, cut over the output channels. `dtype` is the plain side's.
void reorder_weights(const ConvPlan& plan, const ConvShape& shape, const void* from, void* to, bool to_blocked);

size_t conv_plans_kept();

}  // namespace hearth::cpu
