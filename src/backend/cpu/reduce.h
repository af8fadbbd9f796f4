#pragma once

#include "backend/cpu/reduce_kernels.h"

namespace hearth::cpu {

/// var, std, norm, logsumexp: floating dtypes, some in two passes.
void reduce_statistic(ReduceOp op, const Tensor& out, const Tensor& x, const ReducePlan& plan, double argument);

}  // namespace hearth::cpu
