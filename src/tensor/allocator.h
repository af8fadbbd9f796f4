#pragma once

#include <cstddef>

namespace hearth {

/// Tensor memory: 64-byte aligned, uninitialised, counted in memory_stats(). Freed blocks are kept by size class and
/// come back without a page fault. Throws OutOfMemoryError. `bytes` may be 0.
void* allocate_block(size_t bytes);
/// `bytes` is what the block was asked for with.
void free_block(void* block, size_t bytes) noexcept;

/// The same cache for the small objects around tensors (impls, graph nodes), not counted.
void* allocate_object(size_t bytes);
void free_object(void* object, size_t bytes) noexcept;

}  // namespace hearth
