// Copies, conversions, fills, and the elements of one-element tensors.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

using autograd::should_record;

/// A contiguous copy; recorded.
//: method
Tensor clone(const Tensor& self, std::optional<MemoryFormat> memory_format /* = std::nullopt */) {
  checked_impl("clone", self);
  Tensor y = empty_like(self, {}, memory_format);
  kernels(self.device()).copy(y, self);
  return autograd::record("clone", y, {&self}, [] { return [](const Tensor& g) { return g; }; });
}

/// self, or a copy of it whose elements lie in row-major order.
//: method
Tensor contiguous(const Tensor& self, MemoryFormat memory_format /* = MemoryFormat::Contiguous */) {
  return self.is_contiguous(memory_format) ? self : self.clone(memory_format);
}

Tensor Tensor::to(const TensorOptions& options, bool, bool copy, std::optional<MemoryFormat> format) const {
  checked_impl("to", *this);
  const ScalarType dtype = options.has_dtype() ? ScalarType(options.dtype()) : scalar_type();
  if (options.has_device() && !options.device().is_cpu())
    fail<NotImplementedError>("[to] device {} is not in this build; stay on the CPU", options.device().str());
  if (options.has_layout() && options.layout() != kStrided)
    fail<NotImplementedError>("[to] only strided tensors are supported; leave the layout out");
  const bool relayout = format && *format != MemoryFormat::Preserve && !is_contiguous(*format);
  if (dtype == scalar_type() && !copy && !relayout) return *this;
  Tensor y = empty_like(*this, TensorOptions(dtype), format);
  kernels(device()).copy(y, *this);
  return autograd::record("to_copy", y, {this},
                          [&] { return [from = scalar_type()](const Tensor& g) { return g.to(from); }; });
}
Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy,
                  std::optional<MemoryFormat> format) const {
  return to(TensorOptions(dtype).device(device), non_blocking, copy, format);
}
Tensor Tensor::to(ScalarType dtype, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const {
  return to(TensorOptions(dtype), non_blocking, copy, format);
}
Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const {
  checked_impl("to", other);
  return to(other.options(), non_blocking, copy, format);
}
//: method
Tensor type_as(const Tensor& self, const Tensor& other) { return self.to(other); }

/// Writes src, broadcast and converted, into self.
//: method only
Tensor& method_copy_(const Tensor& self, const Tensor& src, bool non_blocking /* = false */) {
  (void)non_blocking;  // every copy here is done when it returns
  checked_impl("copy_", self);
  checked_impl("copy_", src);
  const DimVector sizes = broadcast_sizes("copy_", self.sizes(), src.sizes());
  if (IntArrayRef(sizes) != self.sizes())
    throw ShapeError(fmt::format("[copy_] source of shape {} does not broadcast to shape {}; reshape or index it first",
                                 shape_text(src.sizes()), shape_text(self.sizes())),
                     src.sizes().vec(), self.sizes().vec());
  if (may_overlap_itself(self.sizes(), self.strides()))
    fail(
        "[copy_] the tensor written to (shape {}, strides {}) has several elements at one place in memory; clone it "
        "first",
        shape_text(self.sizes()), shape_text(self.strides()));
  auto& writable = const_cast<Tensor&>(self);
  if (self.is_same(src)) return writable;
  if (names::concern({&self, &src})) {
    names::ran(
        "copy_",
        [&] {
          return names::unified("copy_", {&self, &src});
        },
        [&] { return writable.copy_(src); });
    return writable;
  }
  const bool recording = self.is_floating_point() && should_record({&self, &src});
  autograd::check_in_place("copy", self, recording);
  const bool overlapping = impl(self)->storage == impl(src)->storage;
  kernels(self.device()).copy(self, overlapping ? src.detach().clone() : src);
  autograd::wrote_in_place("copy", self);
  if (recording)
    autograd::rebase_history(
        self, autograd::make_node(
                  "copy", {&self, &src},
                  [shape = DimVector(src.sizes()), from = src.scalar_type()](const Tensor& g, autograd::Needs needs) {
                    return autograd::Grads{Tensor(), needs[1] ? cast(sum_to(g, shape), from) : Tensor()};
                  }));
  return writable;
}

namespace {
/// An in-place write of numbers that depend on no tensor: the history ends here.
template <class Write>
Tensor& overwrite(const char* op, const Tensor& self, Write&& write) {
  checked_impl(op, self);
  const bool recording = should_record({&self});
  autograd::check_in_place(op, self, recording);
  if (may_overlap_itself(self.sizes(), self.strides()))
    fail(
        "[{}_] the tensor written to (shape {}, strides {}) has several elements at one place in memory; clone it "
        "first",
        op, shape_text(self.sizes()), shape_text(self.strides()));
  write();
  autograd::wrote_in_place(op, self);
  if (recording)
    autograd::rebase_history(self, autograd::make_node(op, {&self}, [](const Tensor& g) { return zeros_like(g); }));
  return const_cast<Tensor&>(self);
}
}  // namespace

//: method only
Tensor& method_fill_(const Tensor& self, const Scalar& value) {
  return overwrite("fill", self, [&] { kernels(self.device()).fill(self, value); });
}
/// `value` is 0-dim.
//: method only
Tensor& method_fill_(const Tensor& self, const Tensor& value) {
  checked_impl("fill_", value);
  if (value.dim() != 0)
    fail<ShapeError>("[fill_] value must be 0-dim, but its shape is {}; use copy_ for elementwise values",
                     shape_text(value.sizes()));
  return const_cast<Tensor&>(self).copy_(value);
}
//: method only
Tensor& method_zero_(const Tensor& self) { return self.fill_(0); }

Tensor& Tensor::operator=(const Tensor& other) && { return copy_(other); }
Tensor& Tensor::operator=(const Scalar& value) && { return fill_(value); }

Scalar Tensor::item() const {
  const TensorImpl* i = checked_impl("item", *this);
  if (i->numel != 1)
    throw ShapeError(fmt::format("[item] a Tensor with {} elements (shape {}) cannot be converted to Scalar; reduce or "
                                 "index it first",
                                 i->numel, shape_text(sizes())),
                     sizes().vec());
  const void* p = i->data();
  switch (i->dtype) {
    case kByte: return *static_cast<const uint8_t*>(p);
    case kChar: return *static_cast<const int8_t*>(p);
    case kShort: return *static_cast<const int16_t*>(p);
    case kUInt16: return *static_cast<const uint16_t*>(p);
    case kInt: return *static_cast<const int32_t*>(p);
    case kLong: return *static_cast<const int64_t*>(p);
    case kHalf: return *static_cast<const Half*>(p);
    case kFloat: return *static_cast<const float*>(p);
    case kDouble: return *static_cast<const double*>(p);
    case kBool: return *static_cast<const bool*>(p);
    case kBFloat16: return *static_cast<const BFloat16*>(p);
    case ScalarType::Undefined: break;
  }
  fail<DtypeError>("[item] the tensor has no dtype");
}

/// Changes the sizes in place, keeping elements in memory order; memory grows if need be and new elements hold
/// anything.
//: method only
Tensor& method_resize_(const Tensor& self, IntArrayRef size) {
  TensorImpl* i = checked_impl("resize_", self);
  if (autograd::needs_grad(self))
    fail<AutogradError>("[resize_] cannot resize variables that require grad (shape {})", shape_text(self.sizes()));
  const auto bytes = static_cast<size_t>(checked_numel("resize_", size)) * elementSize(i->dtype);
  const size_t before = static_cast<size_t>(i->offset) * elementSize(i->dtype);
  if (before + bytes > i->storage->bytes()) {
    if (!i->storage->resizable())
      fail("[resize_] shape {} needs {} bytes, but the tensor stands on foreign memory of {}; clone it first",
           shape_text(size), bytes, i->storage->bytes());
    Tensor bigger = empty({static_cast<int64_t>((before + bytes) / elementSize(i->dtype))}, i->dtype);
    std::memcpy(impl(bigger)->storage->data(), i->storage->data(), i->storage->bytes());
    impl(bigger)->storage->retain();
    i->set_storage(impl(bigger)->storage);
  }
  const int64_t offset = i->offset;
  i->set_contiguous(size);
  i->offset = offset;
  autograd::wrote_in_place("resize", self);
  return const_cast<Tensor&>(self);
}
//: method only
Tensor& method_resize_as_(const Tensor& self, const Tensor& other) { return self.resize_(other.sizes()); }

namespace {
TensorOptions as(const Tensor& self, const TensorOptions& o) { return o.has_dtype() ? o : o.dtype(self.scalar_type()); }
}  // namespace
/// New tensors with self's dtype unless options say another.
//: method only
Tensor method_new_empty(const Tensor& self, IntArrayRef size, const TensorOptions& options /* = {} */) {
  return empty(size, as(self, options));
}
//: method only
Tensor method_new_empty_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                                const TensorOptions& options /* = {} */) {
  return empty_strided(size, stride, as(self, options));
}
//: method only
Tensor method_new_zeros(const Tensor& self, IntArrayRef size, const TensorOptions& options /* = {} */) {
  return zeros(size, as(self, options));
}
//: method only
Tensor method_new_ones(const Tensor& self, IntArrayRef size, const TensorOptions& options /* = {} */) {
  return ones(size, as(self, options));
}
//: method only
Tensor method_new_full(const Tensor& self, IntArrayRef size, const Scalar& fill_value,
                       const TensorOptions& options /* = {} */) {
  return full(size, fill_value, as(self, options));
}

}  // namespace hearth
