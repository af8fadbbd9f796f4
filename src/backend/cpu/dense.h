#pragma once

// Scratch tensors for kernels that work on contiguous memory.

#include "backend/cpu/cpu.h"
#include "tensor/impl.h"

namespace hearth::cpu {

inline bool is_dense(const Tensor& t) { return impl(t)->contiguous; }

/// t itself if contiguous, else a contiguous copy.
inline Tensor dense(const Tensor& t) {
  if (!t.defined() || is_dense(t)) return t;
  Tensor copied = make_tensor(impl(t)->sizes, impl(t)->dtype);
  copy(copied, t);
  return copied;
}

/// Contiguous and of this dtype.
inline Tensor dense_as(const Tensor& t, ScalarType dtype) {
  if (!t.defined() || impl(t)->dtype == dtype) return dense(t);
  Tensor copied = make_tensor(impl(t)->sizes, dtype);
  copy(copied, t);
  return copied;
}

/// An output that is contiguous and of a wanted dtype while the kernel runs: `out` itself, or a scratch tensor whose
/// elements go to out at store().
class DenseOut {
 public:
  explicit DenseOut(const Tensor& out, bool keep_content = false)
      : DenseOut(out, out.defined() ? impl(out)->dtype : kFloat, keep_content) {}
  DenseOut(const Tensor& out, ScalarType dtype, bool keep_content = false) : out_(out), work_(out) {
    if (!out.defined() || (is_dense(out) && impl(out)->dtype == dtype)) return;
    work_ = make_tensor(impl(out)->sizes, dtype);
    if (keep_content) copy(work_, out);
  }
  const Tensor& tensor() const { return work_; }
  template <class T>
  T* data() const {
    return work_.defined() ? static_cast<T*>(impl(work_)->data()) : nullptr;
  }
  void store() const {
    if (!work_.is_same(out_)) copy(out_, work_);
  }

 private:
  const Tensor& out_;
  Tensor work_;
};

template <class T>
T* data_of(const Tensor& t) {
  return t.defined() ? static_cast<T*>(impl(t)->data()) : nullptr;
}

}  // namespace hearth::cpu
