#pragma once

#include "backend/cpu/runs.h"

namespace hearth::cpu {

/// y = op(a, b) over a contiguous run; `one` tells which operand is a single value.
using BinaryRun = void (*)(BinaryOp op, const void* a, const void* b, void* y, int64_t n, OneValue one,
                           const Numbers& numbers);

/// The run for these dtypes; throws DtypeError where the op has none.
BinaryRun binary_run(BinaryOp op, ScalarType out, ScalarType in);

}  // namespace hearth::cpu
