#pragma once

#include "hearth/export.h"

namespace hearth {

/// The instruction set that kernels run on: "v2" (SSE4.2), "v3" (AVX2), "v4" (AVX-512), or "base". HEARTH_CPU_ISA
/// lowers it.
HEARTH_API const char* instruction_set();

}  // namespace hearth
