// A tensor given another geometry, or other memory, in place.
#include "ops/views.h"

namespace hearth {

namespace {
/// A view in place: the tensor itself gets the geometry of `v`, one of its views.
Tensor& take_geometry(const char* op, const Tensor& self, const Tensor& v) {
  if (autograd::needs_grad(self) && GradMode::is_enabled()) {
    autograd::check_in_place(op, self, true);
    autograd::meta_of(self).grad_fn = v.grad_fn();
    autograd::meta_of(self).output_nr = 0;
  }
  TensorImpl* i = impl(self);
  i->set_geometry(v.sizes(), v.strides(), v.storage_offset());
  if (names::concern({&self, &v})) names::set(op, self, names::full(v));
  autograd::wrote_in_place(op, self);
  return const_cast<Tensor&>(self);
}

/// self on other memory: no view of anything any more, and without a history, which set_ has no gradient for.
Tensor& take_memory(const Tensor& self, const Tensor& source, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  checked_impl("set_", source);
  if (self.scalar_type() != source.scalar_type())
    throw DtypeError(fmt::format("[set_] the tensor is {} but the memory holds {}; give memory of the same dtype",
                                 self.scalar_type(), source.scalar_type()),
                     source.scalar_type(), self.scalar_type());
  if (GradMode::is_enabled() && (autograd::needs_grad(self) || autograd::needs_grad(source))) {
    autograd::check_in_place("set", self, true);
    fail<AutogradError>("[set_] {} requires gradients, and set_ has none; detach it, or use a NoGradGuard",
                        autograd::needs_grad(self) ? "the tensor" : "the source");
  }
  TensorImpl* mine = impl(self);
  StorageImpl* memory = impl(source)->storage;
  memory->retain();
  mine->set_storage(memory);
  mine->set_geometry(sizes, strides, offset);
  if (mine->own_version) mine->own_version->drop();
  mine->own_version = VersionCounter::make();
  mine->bump_version();
  if (mine->meta) mine->meta->base = Tensor();
  return const_cast<Tensor&>(self);
}
}  // namespace
//: method only
Tensor& method_unsqueeze_(const Tensor& self, int64_t dim) {
  return take_geometry("unsqueeze", self, self.unsqueeze(dim));
}
//: method only
Tensor& method_squeeze_(const Tensor& self) { return take_geometry("squeeze", self, self.squeeze()); }
//: method only
Tensor& method_squeeze_(const Tensor& self, int64_t dim) { return take_geometry("squeeze", self, self.squeeze(dim)); }
//: method only
Tensor& method_transpose_(const Tensor& self, int64_t dim0, int64_t dim1) {
  return take_geometry("transpose", self, self.transpose(dim0, dim1));
}
//: method only
Tensor& method_t_(const Tensor& self) { return take_geometry("t", self, self.t()); }
//: method only
Tensor& method_swapaxes_(const Tensor& self, int64_t axis0, int64_t axis1) { return self.transpose_(axis0, axis1); }
//: method only
Tensor& method_swapdims_(const Tensor& self, int64_t dim0, int64_t dim1) { return self.transpose_(dim0, dim1); }
//: method only
Tensor& method_as_strided_(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                           std::optional<int64_t> storage_offset /* = std::nullopt */) {
  return take_geometry("as_strided", self, self.as_strided(size, stride, storage_offset));
}

/// The memory and geometry of source.
//: method only
Tensor& method_set_(const Tensor& self, const Tensor& source) {
  checked_impl("set_", self);
  checked_impl("set_", source);
  return take_memory(self, source, source.sizes(), source.strides(), source.storage_offset());
}
/// All of source as one dimension.
//: method only
Tensor& method_set_(const Tensor& self, const Storage& source) {
  checked_impl("set_", self);
  const auto elements = static_cast<int64_t>(source.nbytes() / self.itemsize());
  return take_memory(self, source.owner(), {elements}, {1}, 0);
}
/// The part of source that sizes, strides (row-major if left out) and an offset in elements show.
//: method only
Tensor& method_set_(const Tensor& self, const Storage& source, int64_t storage_offset, IntArrayRef size,
                    IntArrayRef stride /* = {} */) {
  checked_impl("set_", self);
  checked_numel("set_", size);
  const DimVector strides = stride.empty() ? contiguous_strides(size) : DimVector(stride);
  const Tensor shown = Tensor(source.owner().detach()).as_strided(size, strides, storage_offset);  // checks the bounds
  return take_memory(self, source.owner(), shown.sizes(), shown.strides(), shown.storage_offset());
}
/// No elements, in memory of its own.
//: method only
Tensor& method_set_(const Tensor& self) {
  checked_impl("set_", self);
  return method_set_(self, make_tensor({0}, self.scalar_type()));
}

}  // namespace hearth
