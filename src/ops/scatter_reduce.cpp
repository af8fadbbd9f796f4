// Writes at places given by tensors: put, masked_scatter, and scatters that combine.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// self, seen as a vector, with source written (or added) at index.
//: method inplace
Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate /* = false */) {
  checked_impl("put_", self);
  checked_impl("put_", index);
  checked_impl("put_", source);
  if (index.scalar_type() != kLong)
    throw DtypeError(fmt::format("[put_] index is {} but must be Long", index.scalar_type()), index.scalar_type(),
                     kLong);
  if (source.scalar_type() != self.scalar_type())
    throw DtypeError(fmt::format("[put_] self is {} but source is {}", self.scalar_type(), source.scalar_type()),
                     source.scalar_type(), self.scalar_type());
  if (index.numel() != source.numel())
    throw ShapeError(fmt::format("[put_] {} places but {} values", index.numel(), source.numel()), index.sizes().vec(),
                     source.sizes().vec());
  return index_put(self.reshape({-1}), {index.reshape({-1})}, source.reshape({-1}), accumulate).reshape(self.sizes());
}

/// self with the first elements of source, in order, where mask is true; mask broadcasts to self.
//: method inplace
Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  checked_impl("masked_scatter", self);
  checked_impl("masked_scatter", mask);
  checked_impl("masked_scatter", source);
  if (mask.scalar_type() != kBool)
    throw DtypeError(fmt::format("[masked_scatter] mask is {} but must be Bool", mask.scalar_type()),
                     mask.scalar_type(), kBool);
  if (source.scalar_type() != self.scalar_type())
    throw DtypeError(
        fmt::format("[masked_scatter] self is {} but source is {}", self.scalar_type(), source.scalar_type()),
        source.scalar_type(), self.scalar_type());
  const DimVector sizes = broadcast_sizes("masked_scatter", self.sizes(), mask.sizes());
  const Tensor places = mask.expand(sizes).reshape({-1}).nonzero().reshape({-1});
  if (places.numel() > source.numel())
    throw ShapeError(
        fmt::format("[masked_scatter] mask has {} true elements but source only {}", places.numel(), source.numel()),
        source.sizes().vec(), mask.sizes().vec());
  const Tensor values = source.reshape({-1}).slice(0, 0, places.numel());
  return index_put(self.expand(sizes).reshape({-1}), {places}, values).reshape(sizes);
}

namespace {

enum class Combine { sum, prod, mean, amax, amin };

Combine combination(const char* op, std::string_view reduce) {
  if (reduce == "sum" || reduce == "add") return Combine::sum;
  if (reduce == "prod" || reduce == "multiply") return Combine::prod;
  if (reduce == "mean") return Combine::mean;
  if (reduce == "amax") return Combine::amax;
  if (reduce == "amin") return Combine::amin;
  fail("[{}] reduce is sum, prod, mean, amax or amin, not \"{}\"", op, reduce);
}

/// What a place that self does not count for starts from.
Scalar neutral(Combine c, ScalarType dtype) {
  if (c == Combine::prod) return 1;
  if (c != Combine::amax && c != Combine::amin) return 0;
  const bool low = c == Combine::amax;
  if (isFloatingType(dtype)) return low ? -INFINITY : INFINITY;
  switch (dtype) {
    case kByte: return low ? 0 : 255;
    case kChar: return low ? INT8_MIN : INT8_MAX;
    case kShort: return low ? INT16_MIN : INT16_MAX;
    case kUInt16: return low ? 0 : UINT16_MAX;
    case kInt: return low ? INT32_MIN : INT32_MAX;
    case kBool: return !low;
    default: return low ? INT64_MIN : INT64_MAX;
  }
}

/// The gradient of a product of several numbers with respect to one of them: the product of the others.
Tensor product_gradient(const Tensor& g, const Tensor& y, const Tensor& zeros_in, const Tensor& nonzero,
                        const Tensor& x) {
  const Tensor others = y / x.masked_fill(x.eq(0), 1);
  const Tensor alone = nonzero.masked_fill(zeros_in.ne(1), 0);
  return g * hearth::where(x.eq(0), alone, others);
}

struct Scatter {
  Combine combine;
  int64_t dim;
  Tensor index;
  bool include_self;

  Tensor start(const Tensor& self) const {
    return include_self ? self : self.scatter(dim, index, neutral(combine, self.scalar_type()));
  }
  Tensor count(const Tensor& self) const {
    const Tensor one = ones(index.sizes(), self.options().requires_grad(false));
    return start(ones_like(self.detach())).scatter(dim, index, include_self ? 1 : 0).scatter_add(dim, index, one);
  }
  Tensor forward(const Tensor& self, const Tensor& src) const {
    if (combine == Combine::sum || combine == Combine::mean) {
      const Tensor sum = start(self).scatter_add(dim, index, src);
      if (combine == Combine::sum) return sum;
      const Tensor n = count(self).clamp_min(1);
      return isFloatingType(self.scalar_type()) ? sum / n : sum.div(n, "floor");
    }
    Tensor y = start(self.detach()).clone();
    kernels(self.device())
        .scatter(combine == Combine::prod   ? ScatterOp::multiply
                 : combine == Combine::amax ? ScatterOp::amax
                                            : ScatterOp::amin,
                 y, dim, index, src.detach());
    return y;
  }
  // Equal extremes share the gradient.
  autograd::Grads extreme_gradients(const Tensor& g, const Tensor& y, const Tensor& self, const Tensor& src) const {
    const Tensor part = covered(src);
    const Tensor from_self = start(self).eq(y).to(y.scalar_type()),
                 from_src = part.eq(y.gather(dim, index)).to(y.scalar_type());
    const Tensor untouched = ones_like(y).scatter(dim, index, 0);
    const Tensor own = include_self ? from_self : untouched;
    const Tensor share = g / own.scatter_add(dim, index, from_src).clamp_min(1);
    return {share * own, spread(from_src * share.gather(dim, index), src)};
  }
  autograd::Grads product_gradients(const Tensor& g, const Tensor& y, const Tensor& self, const Tensor& src) const {
    const Tensor part = covered(src);
    const Tensor first = start(self);
    const auto product = [&](const Tensor& a, const Tensor& b) {
      return Scatter{Combine::prod, dim, index, true}.forward(a, b);
    };
    const Tensor one_for_zero =
        product(first.masked_fill(first.eq(0), 1).detach(), part.masked_fill(part.eq(0), 1).detach());
    const Tensor zero_count = first.eq(0).to(y.scalar_type()).scatter_add(dim, index, part.eq(0).to(y.scalar_type()));
    Tensor to_self = product_gradient(g, y, zero_count, one_for_zero, first);
    if (!include_self) to_self = to_self.scatter(dim, index, 0);
    const auto take = [&](const Tensor& t) { return t.gather(dim, index); };
    return {to_self, spread(product_gradient(take(g), take(y), take(zero_count), take(one_for_zero), part), src)};
  }
  /// The part of src that index covers, and the way back.
  Tensor covered(const Tensor& src) const {
    Tensor part = src;
    for (int64_t d = 0; d < src.dim(); ++d) part = part.narrow(d, 0, index.size(d));
    return part;
  }
  Tensor spread(const Tensor& g, const Tensor& src) const {
    if (g.sizes() == src.sizes()) return g;
    Tensor whole = g.new_zeros(src.sizes());
    covered(whole).copy_(g);
    return whole;
  }
};

}  // namespace

/// src combined into self at index along dim, by reduce: sum, prod, mean, amax or amin. Without include_self a place
/// that gets something starts from nothing.
//: method inplace out
Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                      bool include_self /* = true */) {
  checked_impl("scatter_reduce", self);
  checked_impl("scatter_reduce", index);
  checked_impl("scatter_reduce", src);
  const Scatter s{combination("scatter_reduce", reduce), wrap_dim("scatter_reduce", dim, self.dim()), index.to(kLong),
                  include_self};
  static_cast<void>(self.detach().scatter(dim, index, src.detach()));  // its checks
  const Tensor y = s.forward(self, src);
  if (s.combine == Combine::sum || s.combine == Combine::mean) return y;
  return autograd::record("scatter_reduce", y, {&self, &src}, [&] {
    return
        [s, self = autograd::Saved(self), src = autograd::Saved(src), y = autograd::SavedOutput(y)](const Tensor& g) {
          return s.combine == Combine::prod ? s.product_gradients(g, *y, *self, *src)
                                            : s.extreme_gradients(g, *y, *self, *src);
        };
  });
}

/// Slices of source combined into self at index along dim.
//: method inplace out
Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                    bool include_self /* = true */) {
  checked_impl("index_reduce", self);
  checked_impl("index_reduce", index);
  checked_impl("index_reduce", source);
  if (index.dim() > 1)
    fail<ShapeError>("[index_reduce] index must be a vector, but its shape is {}", shape_text(index.sizes()));
  dim = wrap_dim("index_reduce", dim, self.dim());
  if (self.dim() == 0) return self.scatter_reduce(0, index.reshape({}), source, reduce, include_self);
  DimVector shape(static_cast<size_t>(self.dim()), 1), sizes(self.sizes());
  shape[static_cast<size_t>(dim)] = sizes[static_cast<size_t>(dim)] = index.numel();
  if (source.sizes() != IntArrayRef(sizes))
    throw ShapeError(
        fmt::format("[index_reduce] source has shape {} but must be {}", shape_text(source.sizes()), shape_text(sizes)),
        source.sizes().vec(), IntArrayRef(sizes).vec());
  return self.scatter_reduce(dim, index.reshape(shape).expand(sizes), source, reduce, include_self);
}

}  // namespace hearth
