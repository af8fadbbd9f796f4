// A tensor given another geometry in place.
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
  autograd::wrote_in_place(op, self);
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

}  // namespace hearth
