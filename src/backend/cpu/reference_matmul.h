#pragma once

#include "hearth/tensor.h"

namespace hearth::cpu {

/// Kernels::matmul without oneDNN: every dtype, and the oracle of the tests.
void reference_matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta,
                      double alpha);

}  // namespace hearth::cpu
