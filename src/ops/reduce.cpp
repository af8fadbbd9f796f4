// Sums, products, extremes and truths over dimensions.
#include "ops/reduce.h"

namespace hearth {

/// The sum over dims (all, if none are named). Integers sum in int64 unless dtype says another.
//: method out dimname
Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim /* = false */,
           std::optional<ScalarType> dtype /* = std::nullopt */) {
  if (autocast::raises(self)) return sum(autocast::raised(self), dim, keepdim, dtype);
  checked_impl("sum", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  const Reduced r("sum", x, dim, keepdim);
  return autograd::record("sum", reduced(ReduceOp::sum, x, r, x.scalar_type()), {&x},
                          [&] { return [r](const Tensor& g) { return r.spread(g); }; });
}
//: method out
Tensor sum(const Tensor& self, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return sum(self, OptionalIntArrayRef(), false, dtype);
}
/// The sum without the NaNs.
//: method out
Tensor nansum(const Tensor& self, OptionalIntArrayRef dim /* = {} */, bool keepdim /* = false */,
              std::optional<ScalarType> dtype /* = std::nullopt */) {
  return sum(self.is_floating_point() ? self.masked_fill(self.isnan(), 0) : self, dim, keepdim, dtype);
}

/// The mean over dims (all, if none are named); floating dtypes only.
//: method out dimname
Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim /* = false */,
            std::optional<ScalarType> dtype /* = std::nullopt */) {
  if (autocast::raises(self)) return mean(autocast::raised(self), dim, keepdim, dtype);
  checked_impl("mean", self);
  const Tensor x = dtype ? cast(self, *dtype) : self;
  check_floating("mean", x);
  const Reduced r("mean", x, dim, keepdim);
  return autograd::record("mean", reduced(ReduceOp::mean, x, r, x.scalar_type()), {&x},
                          [&] { return [r](const Tensor& g) { return r.spread(g / r.count); }; });
}
//: method
Tensor mean(const Tensor& self, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return mean(self, OptionalIntArrayRef(), false, dtype);
}
/// The mean without the NaNs.
//: method out
Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim /* = {} */, bool keepdim /* = false */,
               std::optional<ScalarType> dtype /* = std::nullopt */) {
  check_floating("nanmean", self);
  return nansum(self, dim, keepdim, dtype) / self.isnan().logical_not().sum(dim, keepdim);
}

namespace {
/// The product of all other elements along dim, without division, so that zeros are right.
Tensor others_product(const Tensor& x, int64_t dim) {
  if (x.size(dim) == 0) return x;
  const int64_t n = x.size(dim);
  const Tensor one = ones_like(x.narrow(dim, 0, 1));
  const Tensor before = cat({one, x.narrow(dim, 0, n - 1)}, dim).cumprod(dim);
  const Tensor after = cat({one, x.narrow(dim, 1, n - 1).flip({dim})}, dim).cumprod(dim).flip({dim});
  return before * after;
}
}  // namespace

//: method out dimname
Tensor prod(const Tensor& self, int64_t dim, bool keepdim /* = false */,
            std::optional<ScalarType> dtype /* = std::nullopt */) {
  if (autocast::raises(self)) return prod(autocast::raised(self), dim, keepdim, dtype);
  checked_impl("prod", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  const Reduced r("prod", x, OptionalIntArrayRef(dim), keepdim);
  return autograd::record("prod", reduced(ReduceOp::prod, x, r, x.scalar_type()), {&x}, [&] {
    return [r, x = autograd::Saved(x)](const Tensor& g) {
      const Tensor in = *x;
      return r.dims.empty() ? g : r.spread(g) * others_product(in, r.dims[0]);
    };
  });
}
//: method out
Tensor prod(const Tensor& self, std::optional<ScalarType> dtype /* = std::nullopt */) {
  if (autocast::raises(self)) return prod(autocast::raised(self), dtype);
  const names::Off off;  // the result has no dimension to name
  return prod(self.reshape({-1}), 0, false, dtype);
}

namespace {
/// Equal extremes share the gradient.
auto extreme_rule(const Reduced& r, const Tensor& x, const Tensor& y) {
  return [r, x = autograd::Saved(x), y = autograd::SavedOutput(y)](const Tensor& g) {
    const Tensor in = *x, out = *y;
    const Tensor hit =
        logical_or(in.eq(r.spread(out)), logical_and(in.isnan(), r.spread(out).isnan())).to(g.scalar_type());
    return r.spread(g) * hit / r.spread(hit.sum(IntArrayRef(r.dims), true));
  };
}
Tensor extreme(ReduceOp op, const char* name, const Tensor& self, OptionalIntArrayRef dim, bool keepdim) {
  checked_impl(name, self);
  const Reduced r(name, self, dim, keepdim);
  check_nonempty(name, r);
  Tensor y = reduced(op, self, r, self.scalar_type());
  return autograd::record(name, y, {&self}, [&] { return extreme_rule(r, self, y); });
}
}  // namespace
//: method out
Tensor amax(const Tensor& self, OptionalIntArrayRef dim /* = {} */, bool keepdim /* = false */) {
  return extreme(ReduceOp::max, "amax", self, dim, keepdim);
}
//: method out
Tensor amin(const Tensor& self, OptionalIntArrayRef dim /* = {} */, bool keepdim /* = false */) {
  return extreme(ReduceOp::min, "amin", self, dim, keepdim);
}
/// The largest element; NaN wins.
//: method
Tensor max(const Tensor& self) { return extreme(ReduceOp::max, "max", self, OptionalIntArrayRef(), false); }
//: method
Tensor min(const Tensor& self) { return extreme(ReduceOp::min, "min", self, OptionalIntArrayRef(), false); }
//: method
std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim /* = std::nullopt */,
                                   bool keepdim /* = false */) {
  const OptionalIntArrayRef dims = dim ? OptionalIntArrayRef(*dim) : OptionalIntArrayRef();
  return {extreme(ReduceOp::min, "aminmax", self, dims, keepdim),
          extreme(ReduceOp::max, "aminmax", self, dims, keepdim)};
}

namespace {
std::tuple<Tensor, Tensor> extreme_along(bool largest, const char* name, const Tensor& self, int64_t dim,
                                         bool keepdim) {
  checked_impl(name, self);
  dim = wrap_dim(name, dim, self.dim());
  const Reduced r(name, self, OptionalIntArrayRef(dim), keepdim);
  check_nonempty(name, r);
  Tensor values = make_tensor(r.kept, self.scalar_type()), indices = make_tensor(r.kept, kLong);
  kernels(self.device()).reduce_index(largest, values, indices, self, dim);
  const Tensor places = indices.detach();  // keeps the reduced dimension
  impl(values)->set_contiguous(r.result);
  impl(indices)->set_contiguous(r.result);
  r.named(values, self);
  r.named(indices, self);
  autograd::record(name, {&values, &indices}, {&self}, [&] {
    return [r, places, dim](const autograd::Grads& g) {
      if (!g[0].defined()) return autograd::Grads(1);
      const Tensor zero = g[0].new_zeros(r.sizes);
      return autograd::Grads{zero.scatter(dim, places, g[0].reshape(r.kept))};
    };
  });
  return {values, indices};
}
}  // namespace
/// The largest elements along dim and where they are (the first of equals).
//: method dimname
std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return extreme_along(true, "max", self, dim, keepdim);
}
//: method dimname
std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return extreme_along(false, "min", self, dim, keepdim);
}
//: method out
Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
//: method out
Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }

namespace {
Tensor arg_extreme(bool largest, const char* name, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  checked_impl(name, self);
  names::refuse(name, {&self});
  const Tensor x = dim ? self.detach() : self.detach().reshape({-1});
  const int64_t d = wrap_dim(name, dim.value_or(0), x.dim());
  const Reduced r(name, x, OptionalIntArrayRef(d), keepdim && dim.has_value());
  check_nonempty(name, r);
  Tensor indices = make_tensor(r.kept, kLong);
  kernels(self.device()).reduce_index(largest, Tensor(), indices, x, d);
  impl(indices)->set_contiguous(dim || !keepdim ? IntArrayRef(r.result)
                                                : IntArrayRef(DimVector(static_cast<size_t>(self.dim()), 1)));
  return indices;
}
}  // namespace
/// Where the largest element is, along dim or in the flattened tensor.
//: method
Tensor argmax(const Tensor& self, std::optional<int64_t> dim /* = std::nullopt */, bool keepdim /* = false */) {
  return arg_extreme(true, "argmax", self, dim, keepdim);
}
//: method
Tensor argmin(const Tensor& self, std::optional<int64_t> dim /* = std::nullopt */, bool keepdim /* = false */) {
  return arg_extreme(false, "argmin", self, dim, keepdim);
}

namespace {
Tensor truth(ReduceOp op, const char* name, const Tensor& self, OptionalIntArrayRef dim, bool keepdim) {
  checked_impl(name, self);
  const Reduced r(name, self, dim, keepdim);
  Tensor y = reduced(op, self, r, kBool);
  return self.scalar_type() == kByte ? y.to(kByte) : y;
}
}  // namespace
//: method
Tensor all(const Tensor& self) { return truth(ReduceOp::all, "all", self, OptionalIntArrayRef(), false); }
//: method out dimname
Tensor all(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return truth(ReduceOp::all, "all", self, OptionalIntArrayRef(dim), keepdim);
}
//: method
Tensor any(const Tensor& self) { return truth(ReduceOp::any, "any", self, OptionalIntArrayRef(), false); }
//: method out dimname
Tensor any(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return truth(ReduceOp::any, "any", self, OptionalIntArrayRef(dim), keepdim);
}
//: method
Tensor count_nonzero(const Tensor& self, OptionalIntArrayRef dim /* = {} */) {
  checked_impl("count_nonzero", self);
  return reduced(ReduceOp::count_nonzero, self, Reduced("count_nonzero", self, dim, false), kLong);
}

}  // namespace hearth
