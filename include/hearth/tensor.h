#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "hearth/array_ref.h"
#include "hearth/device.h"
#include "hearth/dimname.h"
#include "hearth/dtype.h"
#include "hearth/generator.h"
#include "hearth/scalar.h"
#include "hearth/tensor_options.h"

namespace hearth {

class Tensor;
class TensorImpl;
class Storage;
using TensorList = ArrayRef<Tensor>;
template <class T, size_t N>
class TensorAccessor;

namespace indexing {
class TensorIndex;
}
namespace autograd {
class Node;
class NodePtr;
}  // namespace autograd

namespace detail {
/// The part of a TensorImpl that handles need: its reference count.
struct TensorRef {
  uint32_t references = 1;
};
HEARTH_API void destroy(TensorRef* impl) noexcept;
[[noreturn]] HEARTH_API void throw_wrong_dtype(ScalarType wanted, const Tensor& t);
[[noreturn]] HEARTH_API void throw_wrong_dim(size_t wanted, const Tensor& t);

/// A hook of any callable, without <functional>: returns an undefined tensor where the callable returns nothing.
struct HEARTH_API HookBase {
  virtual ~HookBase();
  virtual Tensor call(const Tensor& grad) = 0;
};
}  // namespace detail

/// A shared handle on an n-dimensional array. Copying a Tensor copies the handle; const methods may change elements.
/// An undefined tensor (default constructed) holds nothing, and using one is a TypeError that says so.
class HEARTH_API Tensor {
 public:
  Tensor() : impl_(nullptr) {}
  Tensor(const Tensor& other) : impl_(other.impl_) { retain(); }
  Tensor(Tensor&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  ~Tensor() { release(); }
  explicit Tensor(detail::TensorRef* owned) : impl_(owned) {}

  Tensor& operator=(const Tensor& other) & {
    Tensor copy(other);
    std::swap(impl_, copy.impl_);
    return *this;
  }
  Tensor& operator=(Tensor&& other) & noexcept {
    std::swap(impl_, other.impl_);
    return *this;
  }
  // Assigning to a temporary writes through it: `x[0] = y`.
  Tensor& operator=(const Tensor& other) &&;
  Tensor& operator=(Tensor&& other) && { return std::move(*this) = static_cast<const Tensor&>(other); }
  Tensor& operator=(const Scalar& value) &&;

  // --- the handle
  bool defined() const { return impl_ != nullptr; }
  void reset() {
    release();
    impl_ = nullptr;
  }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  size_t use_count() const;
  TensorImpl* unsafeGetTensorImpl() const;

  // --- geometry
  int64_t dim() const;
  int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const;
  int64_t size(int64_t dim) const;
  IntArrayRef strides() const;
  int64_t stride(int64_t dim) const;
  int64_t numel() const;
  int64_t storage_offset() const;
  size_t nbytes() const { return static_cast<size_t>(numel()) * itemsize(); }
  size_t itemsize() const { return elementSize(scalar_type()); }
  int64_t element_size() const { return static_cast<int64_t>(itemsize()); }
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  bool is_non_overlapping_and_dense() const;

  // --- kind
  ScalarType scalar_type() const;
  TypeMeta dtype() const { return TypeMeta(scalar_type()); }
  Device device() const;
  int64_t get_device() const { return device().index(); }
  Layout layout() const { return kStrided; }
  TensorOptions options() const;
  bool is_cpu() const { return device().is_cpu(); }
  bool is_cuda() const { return device().is_cuda(); }
  bool is_sparse() const { return false; }
  bool is_quantized() const { return false; }
  bool is_complex() const { return false; }
  bool is_floating_point() const { return isFloatingType(scalar_type()); }
  bool is_signed() const { return isSignedType(scalar_type()); }
  bool is_pinned() const { return false; }
  std::string toString() const;
  const std::string& name() const;

  // --- names of dimensions
  /// One for each dimension, wildcards where it has none. Valid as long as the tensor lives and is not renamed.
  DimnameList names() const;
  bool has_names() const;
  std::optional<DimnameList> opt_names() const;
  int64_t size(Dimname dim) const;
  int64_t stride(Dimname dim) const;
  /// A view with other names, or without any (nullopt).
  Tensor rename(std::optional<DimnameList> names) const;
  const Tensor& rename_(std::optional<DimnameList> names) const;
  /// A view where dimensions without a name have got one.
  Tensor refine_names(DimnameList names) const;
  /// A view with its dimensions in this order, and new ones of size 1 where `order` has more; at ellipsis_idx stand
  /// those that it leaves out.
  Tensor align_to(DimnameList order) const;
  Tensor align_to(DimnameList order, int64_t ellipsis_idx) const;
  Tensor align_as(const Tensor& other) const;

  // --- elements
  void* data_ptr() const;
  /// Throws DtypeError when T is not the tensor's dtype.
  template <class T>
  T* data_ptr() const {
    if (scalar_type() != scalar_type_of<T>()) detail::throw_wrong_dtype(scalar_type_of<T>(), *this);
    return static_cast<T*>(data_ptr());
  }
  const void* const_data_ptr() const { return data_ptr(); }
  void* mutable_data_ptr() const { return data_ptr(); }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  /// The one element of a one-element tensor.
  Scalar item() const;
  template <class T>
  T item() const {
    return item().to<T>();
  }
  /// Elements by plain indexing, without checks in each access: `auto a = x.accessor<float, 2>(); a[i][j]`.
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    static_assert(N > 0, "accessor is for indexing tensors; for 0-dim ones use item");
    if (dim() != static_cast<int64_t>(N)) detail::throw_wrong_dim(N, *this);
    return TensorAccessor<T, N>(data_ptr<T>(), sizes().data(), strides().data());
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;
  Storage storage() const;
  bool has_storage() const { return defined(); }
  bool is_alias_of(const Tensor& other) const;

  // --- indexing (NumPy's rules)
  Tensor operator[](int64_t index) const;
  Tensor operator[](const Scalar& index) const;
  Tensor operator[](const Tensor& index) const;
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& values);
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& values);
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar& value);
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Scalar& value);

  // --- conversion
  Tensor to(const TensorOptions& options, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(const Tensor& other, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(TypeMeta dtype, bool non_blocking = false, bool copy = false) const {
    return to(dtype.toScalarType(), non_blocking, copy);
  }
  Tensor toType(ScalarType dtype) const { return to(dtype); }
  Tensor cpu() const { return to(TensorOptions(kCPU)); }
  Tensor cuda() const { return to(TensorOptions(kCUDA)); }
  void print() const;

  // --- operators; a temporary's compound assignment writes through it
  Tensor operator-() const;
  Tensor operator~() const;
  Tensor& operator+=(const Tensor& other);
  Tensor& operator+=(const Scalar& other);
  Tensor& operator-=(const Tensor& other);
  Tensor& operator-=(const Scalar& other);
  Tensor& operator*=(const Tensor& other);
  Tensor& operator*=(const Scalar& other);
  Tensor& operator/=(const Tensor& other);
  Tensor& operator/=(const Scalar& other);
  Tensor& operator&=(const Tensor& other);
  Tensor& operator|=(const Tensor& other);
  Tensor& operator^=(const Tensor& other);

  // --- autograd
  bool requires_grad() const;
  const Tensor& set_requires_grad(bool requires_grad) const;
  const Tensor& requires_grad_(bool requires_grad = true) const { return set_requires_grad(requires_grad); }
  bool is_leaf() const;
  /// The gradient that backward() left here, undefined before.
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  /// What made this tensor; null for a leaf.
  autograd::NodePtr grad_fn() const;
  int64_t output_nr() const;
  /// Sums d(this)/d(leaf) into every leaf's grad. `gradient` may be left out for a one-element tensor.
  void backward(const Tensor& gradient = {}, std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                std::optional<TensorList> inputs = std::nullopt) const;
  /// Keeps the gradient of a tensor that is not a leaf.
  void retain_grad() const;
  bool retains_grad() const;
  /// Calls hook(grad) when this tensor's gradient is known; a hook that returns a Tensor replaces it. Returns the
  /// hook's number for remove_hook.
  template <class Hook>
  unsigned register_hook(Hook&& hook) const;
  void remove_hook(unsigned position) const;
  /// The same memory without history; in-place writes are seen by both version counters.
  Tensor detach() const;
  Tensor& detach_() const;
  /// The same memory without history and with a version counter of its own.
  Tensor data() const;
  Tensor variable_data() const { return data(); }
  Tensor tensor_data() const;
  /// Makes this tensor hold new_data's memory, sizes and dtype.
  void set_data(const Tensor& new_data) const;
  int64_t _version() const;
  bool is_view() const;
  const Tensor& _base() const;
  bool is_inference() const;

#include "hearth/generated/tensor_methods.inc"

 private:
  void retain() const {
    if (impl_) __atomic_fetch_add(&impl_->references, 1U, __ATOMIC_RELAXED);
  }
  void release() const {
    if (impl_ && __atomic_sub_fetch(&impl_->references, 1U, __ATOMIC_ACQ_REL) == 0) detail::destroy(impl_);
  }
  unsigned add_hook(detail::HookBase* owned) const;

  detail::TensorRef* impl_;
};

template <class Hook>
unsigned Tensor::register_hook(Hook&& hook) const {
  using F = std::decay_t<Hook>;
  struct Typed final : detail::HookBase {
    explicit Typed(F f) : function(std::move(f)) {}
    Tensor call(const Tensor& grad) override {
      if constexpr (std::is_void_v<decltype(function(grad))>) {
        function(grad);
        return Tensor();
      } else {
        return function(grad);
      }
    }
    F function;
  };
  return add_hook(new Typed(std::forward<Hook>(hook)));  // owned by the tensor from here
}

/// Elements of an N-dimensional tensor by plain indexing. Valid as long as the tensor lives.
template <class T, size_t N>
class TensorAccessor {
 public:
  TensorAccessor(T* data, const int64_t* sizes, const int64_t* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}
  IntArrayRef sizes() const { return IntArrayRef(sizes_, N); }
  IntArrayRef strides() const { return IntArrayRef(strides_, N); }
  int64_t size(int64_t d) const { return sizes_[d]; }
  int64_t stride(int64_t d) const { return strides_[d]; }
  T* data() const { return data_; }
  decltype(auto) operator[](int64_t i) const {
    if constexpr (N == 1) {
      return (data_[i * strides_[0]]);
    } else {
      return TensorAccessor<T, N - 1>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
    }
  }

 private:
  T* data_;
  const int64_t* sizes_;
  const int64_t* strides_;
};

/// The memory behind one or more tensors.
class HEARTH_API Storage {
 public:
  explicit Storage(Tensor owner) : owner_(std::move(owner)) {}
  void* data() const;
  size_t nbytes() const;
  size_t use_count() const;
  Device device() const { return owner_.device(); }
  bool is_alias_of(const Storage& other) const { return data() == other.data(); }
  operator bool() const { return owner_.defined(); }
  /// The tensor that this was asked of.
  const Tensor& owner() const { return owner_; }

 private:
  Tensor owner_;
};

HEARTH_API std::ostream& operator<<(std::ostream& out, const Tensor& t);
/// Prints with a given width of line.
HEARTH_API std::ostream& print(std::ostream& out, const Tensor& t, int64_t linesize);

}  // namespace hearth

extern template class std::vector<hearth::Tensor>;  // compiled in src/tensor/tensor.cpp
