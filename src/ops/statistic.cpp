// Variances, norms and logsumexp.
#include "ops/reduce.h"

namespace hearth {

/// The variance over dims, divided by (count - correction).
//: method out dimname
Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim /* = false */) {
  if (autocast::raises(self)) return var(autocast::raised(self), dim, correction, keepdim);
  checked_impl("var", self);
  check_floating("var", self);
  const Reduced r("var", self, dim, keepdim);
  const int64_t c = correction.value_or(1);
  return autograd::record("var", reduced(ReduceOp::var, self, r, self.scalar_type(), {{c}}), {&self}, [&] {
    return [r, c, x = autograd::Saved(self)](const Tensor& g) {
      const Tensor in = *x;
      return r.spread(g) * (in - in.mean(IntArrayRef(r.dims), true)) *
             (2.0 / (static_cast<double>(r.count) - static_cast<double>(c)));
    };
  });
}
//: method
Tensor var(const Tensor& self, bool unbiased /* = true */) {
  return var(self, OptionalIntArrayRef(), unbiased ? 1 : 0, false);
}
//: method dimname
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim /* = false */) {
  return var(self, dim, std::optional<int64_t>(unbiased ? 1 : 0), keepdim);
}
/// The square root of var.
//: method out dimname
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
      const Tensor scaled =
          (g / (out * (static_cast<double>(r.count) - static_cast<double>(c)))).masked_fill(out.eq(0), 0);
      return r.spread(scaled) * (in - in.mean(IntArrayRef(r.dims), true));
    };
  });
}
//: method
Tensor std(const Tensor& self, bool unbiased /* = true */) {
  return hearth::std(self, OptionalIntArrayRef(), std::optional<int64_t>(unbiased ? 1 : 0), false);
}
//: method dimname
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim /* = false */) {
  return hearth::std(self, dim, std::optional<int64_t>(unbiased ? 1 : 0), keepdim);
}
//:
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased /* = true */) {
  return {var(self, unbiased), mean(self)};
}
//: dimname
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased,
                                    bool keepdim /* = false */) {
  return {var(self, dim, unbiased, keepdim), mean(self, dim, keepdim)};
}
//:
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased /* = true */) {
  return {hearth::std(self, unbiased), mean(self)};
}
//: dimname
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
//: method out dimname
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
//: method out
Tensor norm(const Tensor& self, const Scalar& p /* = 2 */) { return norm(self, p, OptionalIntArrayRef(), false); }
/// The norm of self - other.
//: method
Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p /* = 2 */) { return norm(self - other, p); }

/// log(sum(exp(self))) over dims without overflow.
//: method out dimname
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

}  // namespace hearth
