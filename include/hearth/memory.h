#pragma once

#include <cstdint>

#include "hearth/export.h"

namespace hearth {

/// Bytes of tensor memory, of the whole process.
struct MemoryStats {
  int64_t current = 0;  ///< held by living tensors
  int64_t peak = 0;     ///< the most that `current` has been (to within 64 KiB a thread)
  int64_t cached = 0;   ///< freed by tensors and kept for the next ones
};

HEARTH_API MemoryStats memory_stats();
/// Lets `peak` start again from `current`.
HEARTH_API void reset_peak_memory_stats();
/// Gives cached blocks back to the system: the shared ones and those of the calling thread.
HEARTH_API void empty_cache();
/// A request that would take `current` above this throws OutOfMemoryError and changes nothing. 0: no limit.
HEARTH_API void set_memory_limit(int64_t bytes);
/// Blocks freed beyond this go straight back to the system. The default is a quarter of the machine's memory.
HEARTH_API void set_cache_limit(int64_t bytes);

}  // namespace hearth
