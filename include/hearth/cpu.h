#pragma once

#include <string>
#include <vector>

#include "hearth/export.h"

namespace hearth {

/// The instruction set that kernels run on: "v2" (SSE4.2), "v3" (AVX2), "v4" (AVX-512), or "base". HEARTH_CPU_ISA
/// lowers it.
HEARTH_API const char* instruction_set();

/// Hears, while it lives, which implementations the process's products and convolutions choose, or why a better one
/// refused: "matmul: 512x512x1024 by brg:avx512_core". A thread chooses once for each shape, so only shapes that are
/// new to it are heard. HEARTH_VERBOSE=1 prints the same lines to the standard error output.
class HEARTH_API KernelChoices {
 public:
  KernelChoices();
  ~KernelChoices();
  KernelChoices(const KernelChoices&) = delete;
  KernelChoices& operator=(const KernelChoices&) = delete;
  /// So far, in order, each once.
  std::vector<std::string> lines() const;
};

}  // namespace hearth
