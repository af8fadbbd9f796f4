#include "ops/executors.h"

#include "base/fail.h"

namespace hearth {

namespace {

enum class Result { same, floating, boolean };

Result result_of(UnaryOp op) {
  switch (op) {
    case UnaryOp::abs:
    case UnaryOp::neg:
    case UnaryOp::sign:
    case UnaryOp::square:
    case UnaryOp::relu:
    case UnaryOp::positive:
    case UnaryOp::bitwise_not:
    case UnaryOp::ceil:
    case UnaryOp::floor:
    case UnaryOp::trunc:
    case UnaryOp::round:
    case UnaryOp::frac:
    case UnaryOp::hardtanh:
    case UnaryOp::threshold:
    case UnaryOp::clamp:
    case UnaryOp::clamp_min:
    case UnaryOp::clamp_max:
    case UnaryOp::round_decimals:
    case UnaryOp::nan_to_num: return Result::same;
    case UnaryOp::logical_not:
    case UnaryOp::isnan:
    case UnaryOp::isinf:
    case UnaryOp::isfinite:
    case UnaryOp::isposinf:
    case UnaryOp::isneginf:
    case UnaryOp::signbit: return Result::boolean;
    default: return Result::floating;
  }
}

Result result_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::div:
    case BinaryOp::atan2:
    case BinaryOp::logaddexp:
    case BinaryOp::logaddexp2:
    case BinaryOp::xlogy:
    case BinaryOp::xlog1py:
    case BinaryOp::zeta:
    case BinaryOp::gammainc:
    case BinaryOp::gammaincc:
    case BinaryOp::chebyshev_polynomial_t:
    case BinaryOp::chebyshev_polynomial_u:
    case BinaryOp::chebyshev_polynomial_v:
    case BinaryOp::chebyshev_polynomial_w:
    case BinaryOp::hermite_polynomial_h:
    case BinaryOp::hermite_polynomial_he:
    case BinaryOp::laguerre_polynomial_l:
    case BinaryOp::legendre_polynomial_p:
    case BinaryOp::copysign:
    case BinaryOp::smooth_l1:
    case BinaryOp::huber:
    case BinaryOp::bce_with_logits: return Result::floating;
    case BinaryOp::eq:
    case BinaryOp::ne:
    case BinaryOp::lt:
    case BinaryOp::le:
    case BinaryOp::gt:
    case BinaryOp::ge:
    case BinaryOp::logical_and:
    case BinaryOp::logical_or:
    case BinaryOp::logical_xor: return Result::boolean;
    default: return Result::same;
  }
}

int category(ScalarType t) { return t == kBool ? 0 : isFloatingType(t) ? 2 : 1; }

/// The dtype of a 0-dim operand or number that only counts by its kind, beside one of full weight.
ScalarType weaker(ScalarType full, ScalarType weak) {
  if (category(weak) <= category(full)) return full;
  return category(weak) == 2 ? get_default_dtype_as_scalartype() : weak;
}

ScalarType compute_dtype(Result kind, ScalarType common) {
  return kind == Result::floating && !isFloatingType(common) ? get_default_dtype_as_scalartype() : common;
}

/// Whether an in-place or out form that runs now would overwrite this input.
bool is_destination_memory(const TensorImpl& input) {
  const TensorImpl* target = autograd::t_state.destination.target;
  return target && target->storage == input.storage;
}

}  // namespace

ScalarType result_dtype(const Tensor& a, const Tensor& b) {
  const TensorImpl& x = *impl(a);
  const TensorImpl& y = *impl(b);
  if (x.dtype == y.dtype) return x.dtype;
  const bool zero_x = x.sizes.empty(), zero_y = y.sizes.empty();
  if (zero_x == zero_y) return promoteTypes(x.dtype, y.dtype);
  const ScalarType full = zero_x ? y.dtype : x.dtype, weak = zero_x ? x.dtype : y.dtype;
  return category(weak) > category(full) ? weak : full;
}

ScalarType result_dtype(const Tensor& a, const Scalar& b) { return weaker(impl(a)->dtype, b.type()); }

void check_floating(const char* op, const Tensor& x) {
  if (!isFloatingType(x.scalar_type()))
    throw DtypeError(fmt::format("[{}] the input is {} but the op needs a floating dtype; convert it with to(kFloat)",
                                 op, x.scalar_type()),
                     x.scalar_type(), kFloat);
}

Tensor sum_to(const Tensor& g, IntArrayRef sizes) {
  if (g.sizes() == sizes) return g;
  const auto extra = static_cast<size_t>(g.dim()) - sizes.size();
  SmallVector<int64_t, 5> dims;
  for (size_t i = 0; i < extra; ++i) dims.push_back(static_cast<int64_t>(i));
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] == 1 && g.sizes()[i + extra] != 1) dims.push_back(static_cast<int64_t>(i + extra));
  Tensor summed = dims.empty() ? g : g.sum(IntArrayRef(dims), /*keepdim=*/true);
  return extra > 0 ? summed.reshape(sizes) : summed;
}

namespace detail {

InputShape::InputShape(const Tensor& input, const Tensor& out) {
  const TensorImpl& x = *impl(input);
  const TensorImpl& y = *impl(out);
  if (x.dtype == y.dtype && IntArrayRef(x.sizes) == IntArrayRef(y.sizes)) return;
  plain = false;
  dtype = x.dtype;
  sizes = x.sizes;
}

Tensor InputShape::fit_slow(Tensor g) const { return g.defined() ? cast(sum_to(g, sizes), dtype) : g; }

Tensor run_unary(UnaryOp op, const char* name, const Tensor& a, const Args& args, bool recording, bool saves_a) {
  if (names::concern({&a})) [[unlikely]]
    return names::ran(
        name, [&] { return names::full(a); }, [&] { return run_unary(op, name, a, args, recording, saves_a); });
  const TensorImpl* x = checked_impl(name, a);
  const Result kind = result_of(op);
  const ScalarType compute = compute_dtype(kind, x->dtype);
  const Tensor converted = compute == x->dtype ? Tensor() : a.to(compute);
  const Tensor& in = converted.defined() ? converted : a;
  const auto result =
      autograd::result_for(name, x->sizes, kind == Result::boolean ? kBool : compute, {&in}, recording, saves_a);
  kernels(kCPU).unary(op, result.out, in, args);
  result.written(name);
  return result.out;
}

Tensor run_binary(BinaryOp op, const char* name, const Tensor& a, const Tensor& b, const Args& args, bool recording,
                  bool saves_a, bool saves_b) {
  if (names::concern({&a, &b})) [[unlikely]]
    return names::ran(
        name,
        [&] {
          return names::unified(name, {&a, &b});
        },
        [&] { return run_binary(op, name, a, b, args, recording, saves_a, saves_b); });
  const TensorImpl* x = checked_impl(name, a);
  const TensorImpl* y = checked_impl(name, b);
  const Result kind = result_of(op);
  const bool saves_target = (saves_a && is_destination_memory(*x)) || (saves_b && is_destination_memory(*y));
  const ScalarType compute =
      x->dtype == y->dtype ? compute_dtype(kind, x->dtype) : compute_dtype(kind, result_dtype(a, b));
  const ScalarType out_dtype = kind == Result::boolean ? kBool : compute;
  if (x->dtype == compute && y->dtype == compute && IntArrayRef(x->sizes) == IntArrayRef(y->sizes)) {
    const auto result = autograd::result_for(name, x->sizes, out_dtype, {&a, &b}, recording, saves_target);
    kernels(kCPU).binary(op, result.out, a, b, args);
    result.written(name);
    return result.out;
  }
  const DimVector sizes = broadcast_sizes(name, x->sizes, y->sizes);
  const Tensor ca = x->dtype == compute ? a : a.detach().to(compute);
  const Tensor cb = y->dtype == compute ? b : b.detach().to(compute);
  const auto result = autograd::result_for(name, sizes, out_dtype, {&ca, &cb}, recording, saves_target);
  kernels(kCPU).binary(op, result.out, ca, cb, args);
  result.written(name);
  return result.out;
}

Tensor run_binary_scalar(BinaryOp op, const char* name, const Tensor& a, const Args& args, bool recording, bool saves_a,
                         bool reversed) {
  if (names::concern({&a})) [[unlikely]]
    return names::ran(
        name, [&] { return names::full(a); },
        [&] { return run_binary_scalar(op, name, a, args, recording, saves_a, reversed); });
  const TensorImpl* x = checked_impl(name, a);
  const Result kind = result_of(op);
  const ScalarType compute = compute_dtype(kind, result_dtype(a, args.s[0]));
  const Tensor converted = compute == x->dtype ? Tensor() : a.detach().to(compute);
  const Tensor& in = converted.defined() ? converted : a;
  const auto result =
      autograd::result_for(name, x->sizes, kind == Result::boolean ? kBool : compute, {&in}, recording, saves_a);
  const Tensor none;
  kernels(kCPU).binary(op, result.out, reversed ? none : in, reversed ? in : none, args);
  result.written(name);
  return result.out;
}

}  // namespace detail
}  // namespace hearth
