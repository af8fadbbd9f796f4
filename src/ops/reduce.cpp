// Reductions and running sums.
#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"

namespace hearth {

namespace {

/// Which dimensions are reduced; all of them where none is named.
struct Reduced {
  Reduced(const char* op, const Tensor& x, OptionalIntArrayRef wanted, bool keep) : keepdim(keep) {
    const int64_t rank = x.dim();
    sizes = DimVector(x.sizes());
    SmallVector<bool, 8> seen(static_cast<size_t>(std::max<int64_t>(rank, 1)), false);
    if (wanted.has_value() && !wanted->empty()) {
      for (const int64_t d : *wanted) {
        const int64_t w = wrap_dim(op, d, rank);
        if (seen[static_cast<size_t>(w)]) fail("[{}] dim {} stands twice in {}", op, d, shape_text(*wanted));
        seen[static_cast<size_t>(w)] = true;
        if (rank > 0) dims.push_back(w);
      }
    } else {
      for (int64_t d = 0; d < rank; ++d) dims.push_back(d);
    }
    kept = sizes;
    for (const int64_t d : dims) kept[static_cast<size_t>(d)] = 1;
    for (size_t i = 0; i < sizes.size(); ++i) {
      const bool gone = std::find(dims.begin(), dims.end(), static_cast<int64_t>(i)) != dims.end();
      if (gone) count *= sizes[i];
      if (!gone || keepdim) result.push_back(kept[i]);
    }
  }
  /// A gradient of the result's shape, over all of x's elements.
  Tensor spread(const Tensor& g) const { return g.reshape(kept).expand(sizes); }

  DimVector dims, sizes, kept, result;
  int64_t count = 1;
  bool keepdim;
};

/// Runs the kernel; the result has `r.result` sizes.
Tensor reduced(ReduceOp op, const Tensor& x, const Reduced& r, ScalarType dtype, const Args& args = {}) {
  Tensor y = make_tensor(r.kept, dtype);
  kernels(x.device()).reduce(op, y, x, r.dims, args);
  impl(y)->set_contiguous(r.result);
  return y;
}

void check_nonempty(const char* op, const Reduced& r) {
  if (r.count == 0)
    fail<ShapeError>("[{}] nothing to reduce: shape {} has no elements along dims {}, and {} of none is undefined", op,
                     shape_text(r.sizes), shape_text(r.dims), op);
}

/// Integers and bools sum in int64.
ScalarType sum_dtype(const Tensor& x, std::optional<ScalarType> dtype) {
  return dtype ? *dtype : isIntegralType(x.scalar_type(), true) ? kLong : x.scalar_type();
}

}  // namespace

/// The sum over dims (all, if none are named). Integers sum in int64 unless dtype says another.
//: method out
Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim /* = false */,
           std::optional<ScalarType> dtype /* = std::nullopt */) {
  if (autocast::raises(self)) return sum(autocast::raised(self), dim, keepdim, dtype);
  checked_impl("sum", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  const Reduced r("sum", x, dim, keepdim);
  return autograd::record("sum", reduced(ReduceOp::sum, x, r, x.scalar_type()), {&x},
                          [&] { return [r](const Tensor& g) { return r.spread(g); }; });
}
//: method
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
//: method out
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

//: method out
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
//: method
Tensor prod(const Tensor& self, std::optional<ScalarType> dtype /* = std::nullopt */) {
  if (autocast::raises(self)) return prod(autocast::raised(self), dtype);
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
//: method
std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return extreme_along(true, "max", self, dim, keepdim);
}
//: method
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
//: method out
Tensor all(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return truth(ReduceOp::all, "all", self, OptionalIntArrayRef(dim), keepdim);
}
//: method
Tensor any(const Tensor& self) { return truth(ReduceOp::any, "any", self, OptionalIntArrayRef(), false); }
//: method out
Tensor any(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  return truth(ReduceOp::any, "any", self, OptionalIntArrayRef(dim), keepdim);
}
//: method
Tensor count_nonzero(const Tensor& self, OptionalIntArrayRef dim /* = {} */) {
  checked_impl("count_nonzero", self);
  return reduced(ReduceOp::count_nonzero, self, Reduced("count_nonzero", self, dim, false), kLong);
}

/// The variance over dims, divided by (count - correction).
//: method out
Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim /* = false */) {
  if (autocast::raises(self)) return var(autocast::raised(self), dim, correction, keepdim);
  checked_impl("var", self);
  check_floating("var", self);
  const Reduced r("var", self, dim, keepdim);
  const int64_t c = correction.value_or(1);
  return autograd::record("var", reduced(ReduceOp::var, self, r, self.scalar_type(), {{c}}), {&self}, [&] {
    return [r, c, x = autograd::Saved(self)](const Tensor& g) {
      const Tensor in = *x;
      return r.spread(g) * (in - in.mean(IntArrayRef(r.dims), true)) * (2.0 / static_cast<double>(r.count - c));
    };
  });
}
//: method
Tensor var(const Tensor& self, bool unbiased /* = true */) {
  return var(self, OptionalIntArrayRef(), unbiased ? 1 : 0, false);
}
//: method
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim /* = false */) {
  return var(self, dim, std::optional<int64_t>(unbiased ? 1 : 0), keepdim);
}
/// The square root of var.
//: method out
Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim /* = false */) {
  if (autocast::raises(self)) return std(autocast::raised(self), dim, correction, keepdim);
  checked_impl("std", self);
  check_floating("std", self);
  const Reduced r("std", self, dim, keepdim);
  const int64_t c = correction.value_or(1);
  Tensor y = reduced(ReduceOp::std, self, r, self.scalar_type(), {{c}});
  return autograd::record("std", y, {&self}, [&] {
    return [r, c, x = autograd::Saved(self), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor in = *x, out = *y;
      const Tensor scaled = (g / (out * static_cast<double>(r.count - c))).masked_fill(out.eq(0), 0);
      return r.spread(scaled) * (in - in.mean(IntArrayRef(r.dims), true));
    };
  });
}
//: method
Tensor std(const Tensor& self, bool unbiased /* = true */) {
  return hearth::std(self, OptionalIntArrayRef(), std::optional<int64_t>(unbiased ? 1 : 0), false);
}
//: method
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim /* = false */) {
  return hearth::std(self, dim, std::optional<int64_t>(unbiased ? 1 : 0), keepdim);
}
//:
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased /* = true */) {
  return {var(self, unbiased), mean(self)};
}
//:
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased,
                                    bool keepdim /* = false */) {
  return {var(self, dim, unbiased, keepdim), mean(self, dim, keepdim)};
}
//:
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased /* = true */) {
  return {hearth::std(self, unbiased), mean(self)};
}
//:
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased,
                                    bool keepdim /* = false */) {
  return {hearth::std(self, dim, unbiased, keepdim), mean(self, dim, keepdim)};
}

namespace {
Tensor norm_gradient(const Tensor& g, const Tensor& x, const Tensor& y, double p, const Reduced& r) {
  const Tensor gs = r.spread(g), ys = r.spread(y);
  if (p == 0) return zeros_like(x);
  if (p == 1) return gs * x.sign();
  if (p == 2) return (gs * (x / ys)).masked_fill(ys.eq(0), 0);
  if (std::isinf(p)) {
    const Tensor hit = x.abs().eq(ys).to(g.scalar_type());
    return gs * x.sign() * hit / r.spread(hit.sum(IntArrayRef(r.dims), true));
  }
  if (p < 1) return (gs * x.sign() * x.abs().pow(p - 1) * ys.pow(1 - p)).masked_fill(x.eq(0), 0);
  return (gs * x.sign() * (x.abs() / ys).pow(p - 1)).masked_fill(ys.eq(0), 0);
}
}  // namespace
/// (sum |x|^p)^(1/p) over dims; p may be 0 (how many are not zero) or infinite.
//: method out
Tensor norm(const Tensor& self, const std::optional<Scalar>& p, OptionalIntArrayRef dim, bool keepdim /* = false */) {
  if (autocast::raises(self)) return norm(autocast::raised(self), p, dim, keepdim);
  checked_impl("norm", self);
  check_floating("norm", self);
  const Reduced r("norm", self, dim, keepdim);
  const double order = p.value_or(2).toDouble();
  if (std::isinf(order) && order < 0) check_nonempty("norm", r);
  Tensor y = reduced(ReduceOp::norm, self, r, self.scalar_type(), {{order}});
  return autograd::record("norm", y, {&self}, [&] {
    return [r, order, x = autograd::Saved(self), y = autograd::SavedOutput(y)](const Tensor& g) {
      return norm_gradient(g, *x, *y, order, r);
    };
  });
}
//: method
Tensor norm(const Tensor& self, const Scalar& p /* = 2 */) { return norm(self, p, OptionalIntArrayRef(), false); }
/// The norm of self - other.
//: method
Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p /* = 2 */) { return norm(self - other, p); }

/// log(sum(exp(self))) over dims without overflow.
//: method out
Tensor logsumexp(const Tensor& self, OptionalIntArrayRef dim, bool keepdim /* = false */) {
  if (autocast::raises(self)) return logsumexp(autocast::raised(self), dim, keepdim);
  checked_impl("logsumexp", self);
  const Tensor x = isFloatingType(self.scalar_type()) ? self : self.to(get_default_dtype_as_scalartype());
  const Reduced r("logsumexp", x, dim, keepdim);
  Tensor y = reduced(ReduceOp::logsumexp, x, r, x.scalar_type());
  return autograd::record("logsumexp", y, {&x}, [&] {
    return [r, x = autograd::Saved(x), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor out = r.spread(*y);
      return r.spread(g) * (*x - out.masked_fill(out.isinf(), 0)).exp();
    };
  });
}

namespace {
Tensor scanned(ScanOp op, const Tensor& x, int64_t dim) {
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  kernels(x.device()).scan(op, y, Tensor(), x, dim);
  return y;
}
Tensor reverse_cumsum(const Tensor& g, int64_t dim) { return g.flip({dim}).cumsum(dim).flip({dim}); }
}  // namespace
/// Running sums along dim.
//: method inplace out
Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  checked_impl("cumsum", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  dim = wrap_dim("cumsum", dim, x.dim());
  return autograd::record("cumsum", scanned(ScanOp::cumsum, x, dim), {&x},
                          [&] { return [dim](const Tensor& g) { return g.dim() == 0 ? g : reverse_cumsum(g, dim); }; });
}
/// Running products along dim.
//: method inplace out
Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  checked_impl("cumprod", self);
  const Tensor x = cast(self, sum_dtype(self, dtype));
  dim = wrap_dim("cumprod", dim, x.dim());
  return autograd::record("cumprod", scanned(ScanOp::cumprod, x, dim), {&x}, [&] {
    return [dim, x = autograd::Saved(x)](const Tensor& g) {
      const Tensor in = *x;
      if (in.dim() == 0 || in.numel() == 0) return g;
      // d y_j / d x_i for j >= i is the product of all x_k with k <= j and k != i, exact with zeros as well.
      std::vector<Tensor> parts;
      for (int64_t i = 0; i < in.size(dim); ++i) {
        const Tensor before = i > 0 ? in.narrow(dim, 0, i).prod(dim, true) : ones_like(in.narrow(dim, 0, 1));
        const Tensor after = in.narrow(dim, i + 1, in.size(dim) - i - 1);
        const Tensor factors = cat({before, after}, dim).cumprod(dim);
        parts.push_back((g.narrow(dim, i, in.size(dim) - i) * factors).sum(dim, true));
      }
      return cat(parts, dim);
    };
  });
}
/// log of the running sums of exp along dim.
//: method out
Tensor logcumsumexp(const Tensor& self, int64_t dim) {
  checked_impl("logcumsumexp", self);
  check_floating("logcumsumexp", self);
  dim = wrap_dim("logcumsumexp", dim, self.dim());
  Tensor y = scanned(ScanOp::logcumsumexp, self, dim);
  return autograd::record("logcumsumexp", y, {&self}, [&] {
    return [dim, x = autograd::Saved(self), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor in = *x, out = *y;
      if (in.dim() == 0) return g;
      if (GradMode::is_enabled()) return in.exp() * reverse_cumsum(g * (-out).exp(), dim);
      // sum over j >= i of g_j exp(x_i - y_j), each sign of g apart so that logarithms exist.
      const auto part = [&](const Tensor& positive) {
        return ((positive.log() - out).flip({dim}).logcumsumexp(dim).flip({dim}) + in).exp();
      };
      return part(g.clamp_min(0)) - part((-g).clamp_min(0));
    };
  });
}
namespace {
std::tuple<Tensor, Tensor> running_extreme(ScanOp op, const char* name, const Tensor& self, int64_t dim) {
  checked_impl(name, self);
  dim = wrap_dim(name, dim, self.dim());
  Tensor y = make_tensor(self.sizes(), self.scalar_type()), indices = make_tensor(self.sizes(), kLong);
  kernels(self.device()).scan(op, y, indices, self, dim);
  autograd::record(name, {&y, &indices}, {&self}, [&] {
    return [dim, places = indices.detach()](const autograd::Grads& g) {
      if (!g[0].defined()) return autograd::Grads(1);
      return autograd::Grads{zeros_like(g[0]).scatter_add(dim, places, g[0])};
    };
  });
  return {y, indices};
}
}  // namespace
/// Running maxima along dim and where they stand.
//: method
std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim) {
  return running_extreme(ScanOp::cummax, "cummax", self, dim);
}
//: method
std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim) {
  return running_extreme(ScanOp::cummin, "cummin", self, dim);
}

namespace {
Tensor softmax_of(const char* name, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype, bool log) {
  checked_impl(name, self);
  const Tensor x = dtype ? cast(self, *dtype) : autocast::raises(self) ? autocast::raised(self) : self;
  check_floating(name, x);
  dim = wrap_dim(name, dim, x.dim());
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  kernels(x.device()).softmax(y, x, dim, log);
  return autograd::record(name, y, {&x}, [&] {
    return [y = autograd::SavedOutput(y), dim, log](const Tensor& g) -> Tensor {
      const Tensor s = *y;
      if (GradMode::is_enabled())
        return log ? g - s.exp() * g.sum(dim, /*keepdim=*/true) : s * (g - (g * s).sum(dim, /*keepdim=*/true));
      Tensor gx = make_tensor(s.sizes(), s.scalar_type());
      kernels(s.device()).softmax_backward(gx, g, s, dim, log);
      return gx;
    };
  });
}
}  // namespace
/// exp(self) divided by its sum along dim.
//: method out
Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return softmax_of("softmax", self, dim, dtype, false);
}
/// The logarithm of softmax, exact for small probabilities.
//: method out
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return softmax_of("log_softmax", self, dim, dtype, true);
}

}  // namespace hearth
