#pragma once

// The processor's own matrix loops, for kernels that keep their packed matrices.

#include "backend/cpu/isa/gemm.h"
#include "tensor/allocator.h"

namespace hearth::cpu {

template <class T>
const GemmLoops<T>& gemm_loops();

/// Scratch memory of the caching allocator.
template <class T>
class Buffer {
 public:
  explicit Buffer(int64_t count)
      : bytes_(static_cast<size_t>(count) * sizeof(T)), data_(static_cast<T*>(allocate_block(bytes_))) {}
  ~Buffer() { free_block(data_, bytes_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  T* data() const { return data_; }

 private:
  size_t bytes_;
  T* data_;
};

constexpr int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

}  // namespace hearth::cpu
