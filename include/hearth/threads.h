#pragma once

#include "hearth/export.h"

namespace hearth {

/// How many threads an op may use: the processors this process may run on, unless HEARTH_NUM_THREADS or else
/// OMP_NUM_THREADS says otherwise. Results do not depend on it, to the bit.
HEARTH_API int get_num_threads();
/// May be called at any time, and holds for the regions that start after it. ValueError below 1.
HEARTH_API void set_num_threads(int threads);

/// LibTorch's names for a second pool that runs whole ops side by side. hearth has one pool, and ops run side by side
/// where a program calls them from several threads of its own: the number is kept and given back, nothing else.
HEARTH_API int get_num_interop_threads();
HEARTH_API void set_num_interop_threads(int threads);

/// Prepares the calling thread for ops. Ops do this by themselves; LibTorch programs call it in threads of their own.
HEARTH_API void init_num_threads();

/// Whether the caller runs inside a parallel region, where further regions stay on their thread.
HEARTH_API bool in_parallel_region();

}  // namespace hearth
