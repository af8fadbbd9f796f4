#include "autograd/destination.h"

#include <cstring>

#include "base/fail.h"
#include "hearth/ops.h"

namespace hearth::autograd {

namespace {

bool same_memory(const TensorImpl& a, const TensorImpl& b) {
  return a.storage == b.storage && a.offset == b.offset && ArrayRef<int64_t>(a.sizes) == ArrayRef<int64_t>(b.sizes) &&
         ArrayRef<int64_t>(a.strides) == ArrayRef<int64_t>(b.strides);
}

bool fits(const TensorImpl& target, IntArrayRef sizes, ScalarType dtype, Inputs inputs) {
  if (target.dtype != dtype || IntArrayRef(target.sizes) != sizes) return false;
  if (!target.contiguous && may_overlap_itself(target.sizes, target.strides)) return false;
  for (const Tensor* t : inputs)
    if (t->defined() && impl(*t)->storage == target.storage && !same_memory(*impl(*t), target)) return false;
  return true;
}

[[noreturn]] void throw_out_records(const char* name) {
  fail<AutogradError>(
      "[{}_out] functions with out=... arguments don't support automatic differentiation, but one of the arguments "
      "requires grad; use {} itself, or NoGradGuard",
      name, name);
}

void check_overlap(const char* name, const Tensor& t) {
  if (may_overlap_itself(t.sizes(), t.strides()))
    fail(
        "[{}_] the tensor written to (shape {}, strides {}) has several elements at one place in memory; clone it "
        "first",
        name, shape_text(t.sizes()), shape_text(t.strides()));
}

}  // namespace

Result result_for(const char* name, IntArrayRef sizes, ScalarType dtype, Inputs inputs, bool recording,
                  bool saves_destination) {
  Destination& d = t_state.destination;
  if (!d.name || std::strcmp(d.name, name) != 0) return {make_tensor(sizes, dtype), false};
  TensorImpl* target = d.target;
  const bool in_place = d.in_place;
  if ((in_place && recording && saves_destination) || !fits(*target, sizes, dtype, inputs))
    return {make_tensor(sizes, dtype), false};
  __atomic_fetch_add(&target->references, 1U, __ATOMIC_RELAXED);
  Tensor out(static_cast<hearth::detail::TensorRef*>(target));
  if (in_place) {
    check_in_place(name, out, recording || needs_grad(out));
  } else if (recording) {
    throw_out_records(name);
  }
  d.name = nullptr;
  const bool ends_history = in_place && !recording && t_state.grad_mode && needs_grad(out);
  return {std::move(out), true, ends_history};
}

Tensor& detail::finish_in_place(const char* name, const Tensor& self, const Tensor& result) {
  auto& writable = const_cast<Tensor&>(self);
  if (result.is_same(self)) return writable;
  t_state.destination = {};
  if (result.sizes() != self.sizes())
    throw ShapeError(
        fmt::format("[{}_] output with shape {} doesn't match the broadcast shape {}; use the out-of-place "
                    "form, or expand the tensor first",
                    name, shape_text(self.sizes()), shape_text(result.sizes())),
        self.sizes().vec(), result.sizes().vec());
  if (!canCast(result.scalar_type(), self.scalar_type()))
    throw DtypeError(fmt::format("[{}_] result type {} can't be cast to the desired output type {}; convert the tensor "
                                 "first, or use the out-of-place form",
                                 name, result.scalar_type(), self.scalar_type()),
                     result.scalar_type(), self.scalar_type());
  check_overlap(name, self);
  writable.copy_(result);
  return writable;
}

Tensor& detail::finish_out(const char* name, Tensor& out, const Tensor& result) {
  if (result.is_same(out)) return out;
  t_state.destination = {};
  if (needs_grad(result)) throw_out_records(name);
  if (!canCast(result.scalar_type(), out.scalar_type()))
    throw DtypeError(fmt::format("[{}_out] result type {} can't be cast to out's type {}; give an out of {}", name,
                                 result.scalar_type(), out.scalar_type(), result.scalar_type()),
                     result.scalar_type(), out.scalar_type());
  if (out.sizes() != result.sizes()) out.resize_(result.sizes());
  check_overlap(name, out);
  const NoGradGuard no_grad;
  out.copy_(result);
  return out;
}

}  // namespace hearth::autograd
