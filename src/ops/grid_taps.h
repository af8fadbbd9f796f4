#pragma once

#include "autograd/record.h"
#include "backend/kernels.h"

namespace hearth {

/// The gradients of grid_sampler's input and grid (undefined where not needed), made of ops, so that they have
/// gradients of their own.
autograd::Grads differentiable_grid_grads(const Tensor& g, const Tensor& x, const Tensor& grid,
                                          const GridParams& params, autograd::Needs needs);

}  // namespace hearth
