#pragma once

#include <cstdint>

#include "hearth/dtype.h"

namespace hearth::cpu {

/// y = x as another dtype, over a contiguous run.
using ConvertRun = void (*)(const void* x, void* y, int64_t n);
ConvertRun convert_run(ScalarType to, ScalarType from);

}  // namespace hearth::cpu
