#pragma once

#include "base/small_vector.h"
#include "hearth/tensor.h"

namespace hearth {

class StorageImpl;

namespace autograd {
struct Meta;  // gradient, history, view relation: src/autograd/meta.h
/// Whether the count on the storage went with it.
bool destroy(Meta* meta, StorageImpl* storage) noexcept;
}  // namespace autograd

/// A counted block of memory. Its version counts in-place writes, for all the tensors that share it.
class StorageImpl {
 public:
  /// Somebody else's memory; release(context) is called when the last tensor on it goes.
  static StorageImpl* adopt(void* data, size_t bytes, void (*release)(void*), void* context);

  void retain() { __atomic_fetch_add(&references_, 1U, __ATOMIC_RELAXED); }
  void drop() noexcept {
    if (__atomic_sub_fetch(&references_, 1U, __ATOMIC_ACQ_REL) == 0) free_self();
  }
  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  uint32_t references() const { return __atomic_load_n(&references_, __ATOMIC_ACQUIRE); }
  bool resizable() const { return release_ == nullptr; }

  /// How often somebody wrote in place. Threads may write to disjoint views of one storage, so this is atomic.
  uint32_t version() const { return __atomic_load_n(&version_, __ATOMIC_RELAXED); }
  void bump_version() { __atomic_fetch_add(&version_, 1U, __ATOMIC_RELAXED); }
  /// The op that wrote in place last, for error messages.
  const char* last_writer() const { return __atomic_load_n(&last_writer_, __ATOMIC_RELAXED); }
  void set_last_writer(const char* op) { __atomic_store_n(&last_writer_, op, __ATOMIC_RELAXED); }

 private:
  friend class TensorImpl;
  void free_self() noexcept;
  /// Of what lies in one object, the storage or the tensor is gone; with the second the object goes.
  void leave_object() noexcept;

  void* data_ = nullptr;
  size_t bytes_ = 0;
  void (*release_)(void*) = nullptr;  // null: the caching allocator's
  void* context_ = nullptr;
  const char* last_writer_ = "";
  uint32_t version_ = 0;
  uint32_t in_object_ = 0;   // of the two that were made as one; 0 where the storage was made alone
  uint32_t references_ = 1;  // last, beside the tensor's own: see with_storage
};

/// A version apart from the storage's.
struct VersionCounter {
  uint32_t references = 1;
  uint32_t value = 0;
  static VersionCounter* make();
  void drop() noexcept;
};

/// What a Tensor points to.
class TensorImpl : public detail::TensorRef {
 public:
  /// Takes over the caller's count on the storage.
  TensorImpl(StorageImpl* storage, IntArrayRef sizes, ScalarType dtype);
  TensorImpl(StorageImpl* storage, IntArrayRef sizes, IntArrayRef strides, int64_t offset, ScalarType dtype);
  ~TensorImpl();
  TensorImpl(const TensorImpl&) = delete;
  TensorImpl& operator=(const TensorImpl&) = delete;
  static void* operator new(size_t bytes);
  static void operator delete(void* p, size_t bytes) noexcept;  // where a constructor throws; destroy() is for the rest
  /// A contiguous tensor and a storage of its own, in one object: one allocation less, and their counts lie on one
  /// line of the cache, which is what a view taken by two threads waits for.
  static TensorImpl* with_storage(size_t bytes, IntArrayRef sizes, ScalarType dtype);
  static void destroy(TensorImpl* impl) noexcept;

  void* data() const { return static_cast<char*>(storage->data()) + offset * static_cast<int64_t>(elementSize(dtype)); }
  void set_geometry(IntArrayRef new_sizes, IntArrayRef new_strides, int64_t new_offset);
  void set_contiguous(IntArrayRef new_sizes);
  /// Replaces the storage, taking over the caller's count.
  void set_storage(StorageImpl* other) noexcept;

  uint32_t version() const {
    return own_version ? __atomic_load_n(&own_version->value, __ATOMIC_RELAXED) : storage->version();
  }
  /// Counts writes together with `base`, of which this is an alias.
  void share_version(TensorImpl& base);
  void bump_version() {
    own_version ? (void)__atomic_fetch_add(&own_version->value, 1U, __ATOMIC_RELAXED) : storage->bump_version();
  }

  ScalarType dtype;
  bool contiguous = true;
  bool inference = false;
  bool in_object = false;  // with the storage that it was made with
  StorageImpl* storage;
  autograd::Meta* meta = nullptr;
  VersionCounter* own_version = nullptr;  // of a tensor made by data(): its writes are not the storage's
  int64_t offset = 0;                     // elements
  int64_t numel = 0;
  DimVector sizes, strides;
};

/// The impl behind a tensor; undefined ones throw TypeError naming `op`.
inline TensorImpl* impl(const Tensor& t) { return t.unsafeGetTensorImpl(); }
TensorImpl* checked_impl(const char* op, const Tensor& t);

/// An uninitialised, contiguous tensor. Only the CPU is there; another device throws NotImplementedError.
Tensor make_tensor(IntArrayRef sizes, ScalarType dtype, Device device = kCPU);
/// An uninitialised tensor with these strides, over as much memory as they span.
Tensor make_strided(IntArrayRef sizes, IntArrayRef strides, ScalarType dtype);
/// Whether two places of such a tensor may be the same element; sizes of 0 or 1 never count.
bool may_overlap_itself(IntArrayRef sizes, IntArrayRef strides);
/// A tensor on t's storage with another geometry; no history, same version counter.
Tensor make_alias(const Tensor& t, IntArrayRef sizes, IntArrayRef strides, int64_t offset);
/// The same, which takes over a count of the caller's on the storage.
Tensor make_counted_alias(const Tensor& t, IntArrayRef sizes, IntArrayRef strides, int64_t offset);

/// Row-major strides of these sizes.
DimVector contiguous_strides(IntArrayRef sizes);
/// Product of the sizes; throws ValueError for a negative size or an overflow, naming `op`.
int64_t checked_numel(const char* op, IntArrayRef sizes);
/// dim counted from the end where negative; throws IndexError. A 0-dim tensor counts as 1-dim.
int64_t wrap_dim(const char* op, int64_t dim, int64_t rank);
/// The sizes that a and b broadcast to; throws ShapeError.
DimVector broadcast_sizes(const char* op, IntArrayRef a, IntArrayRef b);

}  // namespace hearth
