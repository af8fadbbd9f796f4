// Selection of elements by tensors of indices.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {
void check_index(const char* op, const Tensor& index) {
  checked_impl(op, index);
  if (index.scalar_type() != kLong && index.scalar_type() != kInt)
    throw DtypeError(
        fmt::format("[{}] index is {} but must be Long; convert it with to(kLong)", op, index.scalar_type()),
        index.scalar_type(), kLong);
}
void check_vector(const char* op, const Tensor& index) {
  check_index(op, index);
  if (index.dim() > 1)
    throw ShapeError(fmt::format("[{}] index must be a vector, but its shape is {}", op, shape_text(index.sizes())),
                     index.sizes().vec());
}
/// gather's and scatter's condition: index no larger than `limit` except along dim (and `src`, if given, anywhere).
void check_gather(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor* src) {
  check_index(op, index);
  const int64_t rank = std::max<int64_t>(x.dim(), 1), own = std::max<int64_t>(index.dim(), 1);
  if (index.numel() == 0) return;
  bool bad = rank != own || (src && std::max<int64_t>(src->dim(), 1) != rank);
  for (int64_t d = 0; d < rank && !bad && index.dim() > 0; ++d) {
    bad = d != dim && index.size(d) > (x.dim() ? x.size(d) : 1);
    bad = bad || (src && index.size(d) > (src->dim() ? src->size(d) : 1));
  }
  if (bad)
    throw ShapeError(fmt::format("[{}] index of shape {} does not fit: it must have as many dimensions as the input "
                                 "(shape {}{}) and be no larger apart from dimension {}",
                                 op, shape_text(index.sizes()), shape_text(x.sizes()),
                                 src ? ", src " + shape_text(src->sizes()) : std::string(), dim),
                     index.sizes().vec(), x.sizes().vec());
}
void check_same_dtype(const char* op, const Tensor& a, const Tensor& b) {
  checked_impl(op, b);
  if (a.scalar_type() != b.scalar_type())
    throw DtypeError(
        fmt::format("[{}] self is {} but src is {}; convert one of them", op, a.scalar_type(), b.scalar_type()),
        b.scalar_type(), a.scalar_type());
}
Tensor as_long(const Tensor& index) { return index.scalar_type() == kLong ? index : index.detach().to(kLong); }
/// A 0-dim tensor stands for one of one element beside others; kernels see tensors of one rank.
Tensor ranked(const Tensor& t) { return t.dim() == 0 ? t.detach().reshape({1}) : t; }
}  // namespace

/// The slices index[i] of dimension dim.
//: method out
Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  checked_impl("index_select", self);
  dim = wrap_dim("index_select", dim, self.dim());
  check_vector("index_select", index);
  const Tensor places = as_long(index);
  DimVector sizes(self.sizes());
  if (self.dim() > 0) sizes[static_cast<size_t>(dim)] = places.numel();
  Tensor y = make_tensor(sizes, self.scalar_type());
  kernels(self.device()).index_select(y, self, dim, places.reshape({-1}));
  return autograd::record("index_select", y, {&self}, [&] {
    return [dim, places = autograd::Saved(places), from = DimVector(self.sizes())](const Tensor& g) {
      return g.new_zeros(from).index_add(dim, (*places).reshape({-1}), g);
    };
  });
}
/// self with alpha * source added at the slices index[i] of dimension dim.
//: method inplace out
Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha /* = 1 */) {
  checked_impl("index_add", self);
  dim = wrap_dim("index_add", dim, self.dim());
  check_vector("index_add", index);
  check_same_dtype("index_add", self, source);
  DimVector expected(self.sizes());
  if (self.dim() > 0) expected[static_cast<size_t>(dim)] = index.numel();
  if (source.sizes() != IntArrayRef(expected))
    throw ShapeError(
        fmt::format("[index_add] source has shape {} but must be {}: self's shape {} with {} indices along "
                    "dimension {}",
                    shape_text(source.sizes()), shape_text(expected), shape_text(self.sizes()), index.numel(), dim),
        source.sizes().vec(), ArrayRef<int64_t>(expected).vec());
  const Tensor places = as_long(index).reshape({-1});
  Tensor y = self.detach().clone();
  kernels(self.device()).index_add(y, dim, places, source, alpha);
  return autograd::record("index_add", y, {&self, &source}, [&] {
    return [dim, alpha, places = autograd::Saved(places)](const Tensor& g, autograd::Needs needs) {
      return autograd::Grads{g, needs[1] ? g.index_select(dim, *places) * alpha : Tensor()};
    };
  });
}
/// self with source written at the slices index[i] of dimension dim.
//: method inplace out
Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  checked_impl("index_copy", self);
  dim = wrap_dim("index_copy", dim, self.dim());
  check_vector("index_copy", index);
  check_same_dtype("index_copy", self, source);
  Tensor places = as_long(index).reshape({-1});
  if (self.dim() == 0) return self.scatter(0, places.reshape({}), source);
  DimVector shape(static_cast<size_t>(self.dim()), 1), sizes(self.sizes());
  shape[static_cast<size_t>(dim)] = places.numel();
  sizes[static_cast<size_t>(dim)] = places.numel();
  if (source.sizes() != IntArrayRef(sizes))
    throw ShapeError(
        fmt::format("[index_copy] source has shape {} but must be {}", shape_text(source.sizes()), shape_text(sizes)),
        source.sizes().vec(), ArrayRef<int64_t>(sizes).vec());
  return self.scatter(dim, places.reshape(shape).expand(sizes), source);
}
/// self with `value` at the slices index[i] of dimension dim.
//: method inplace out
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  checked_impl("index_fill", self);
  check_vector("index_fill", index);
  dim = wrap_dim("index_fill", dim, self.dim());
  DimVector sizes(self.sizes());
  if (self.dim() > 0) sizes[static_cast<size_t>(dim)] = index.numel();
  return self.index_copy(dim, index, full(sizes, value, self.options()));
}

/// out[i][j] = self[index[i][j]][j] for dim 0, and so on.
//: method out
Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad /* = false */) {
  checked_impl("gather", self);
  dim = wrap_dim("gather", dim, self.dim());
  check_gather("gather", self, dim, index, nullptr);
  if (sparse_grad) fail<NotImplementedError>("[gather] sparse gradients are not supported; leave sparse_grad false");
  const Tensor places = as_long(index);
  Tensor y = make_tensor(index.sizes(), self.scalar_type());
  kernels(self.device()).gather(ranked(y), ranked(self), dim, ranked(places));
  return autograd::record("gather", y, {&self}, [&] {
    return [dim, places = autograd::Saved(places), from = DimVector(self.sizes())](const Tensor& g) {
      return g.new_zeros(from).scatter_add(dim, *places, g);
    };
  });
}
namespace {
Tensor scattered(ScatterOp op, const char* name, const Tensor& self, int64_t dim, const Tensor& index,
                 const Tensor& src) {
  checked_impl(name, self);
  dim = wrap_dim(name, dim, self.dim());
  check_same_dtype(name, self, src);
  check_gather(name, self, dim, index, &src);
  Tensor y = self.detach().clone();
  kernels(self.device()).scatter(op, ranked(y), dim, ranked(as_long(index)), ranked(src));
  return y;
}
/// The part of src that index covers: a gradient for the rest is zero.
Tensor to_source(const Tensor& g_index, IntArrayRef src_sizes) {
  if (g_index.sizes() == src_sizes) return g_index;
  Tensor gs = g_index.new_zeros(src_sizes);
  Tensor part = gs;
  for (int64_t d = 0; d < gs.dim(); ++d) part = part.narrow(d, 0, g_index.size(d));
  part.copy_(g_index);
  return gs;
}
}  // namespace
/// self with src written at index: out[index[i][j]][j] = src[i][j] for dim 0. The last of equal places wins, and only
/// its gradient would be right: use scatter_add where places repeat.
//: method inplace out
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  Tensor y = scattered(ScatterOp::set, "scatter", self, dim, index, src);
  return autograd::record("scatter", y, {&self, &src}, [&] {
    return [dim, places = autograd::Saved(as_long(index)), from = DimVector(src.sizes())](const Tensor& g,
                                                                                          autograd::Needs needs) {
      const Tensor p = *places;
      return autograd::Grads{needs[0] ? g.scatter(dim, p, 0) : Tensor(),
                             needs[1] ? to_source(g.gather(dim, p), from) : Tensor()};
    };
  });
}
//: method inplace out
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  checked_impl("scatter", index);
  checked_impl("scatter", self);
  return scatter(self, dim, index, full({}, value, self.options()).expand(index.sizes()));
}
/// self with src added at index; places may repeat.
//: method inplace out
Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  Tensor y = scattered(ScatterOp::add, "scatter_add", self, dim, index, src);
  return autograd::record("scatter_add", y, {&self, &src}, [&] {
    return [dim, places = autograd::Saved(as_long(index)), from = DimVector(src.sizes())](const Tensor& g,
                                                                                          autograd::Needs needs) {
      return autograd::Grads{g, needs[1] ? to_source(g.gather(dim, *places), from) : Tensor()};
    };
  });
}

/// The elements where mask is true, as a vector; mask broadcasts with self.
//: method out
Tensor masked_select(const Tensor& self, const Tensor& mask) {
  checked_impl("masked_select", self);
  checked_impl("masked_select", mask);
  if (mask.scalar_type() != kBool && mask.scalar_type() != kByte)
    throw DtypeError(fmt::format("[masked_select] mask is {} but must be Bool", mask.scalar_type()), mask.scalar_type(),
                     kBool);
  const DimVector sizes = broadcast_sizes("masked_select", self.sizes(), mask.sizes());
  const Tensor places = mask.expand(sizes).reshape({-1}).nonzero().reshape({-1});
  return self.expand(sizes).reshape({-1}).index_select(0, places);
}
/// The coordinates of the elements that are not zero, one row each.
//: method out
Tensor nonzero(const Tensor& self) {
  checked_impl("nonzero", self);
  names::refuse("nonzero", {&self});
  Tensor y = make_tensor({kernels(self.device()).count_nonzero(self), self.dim()}, kLong);
  kernels(self.device()).nonzero(y, self);
  return y;
}
/// Its first `size` rows; where there are fewer, the rest is fill_value.
//: method
Tensor nonzero_static(const Tensor& self, int64_t size, int64_t fill_value /* = -1 */) {
  checked_impl("nonzero_static", self);
  if (size < 0) fail("[nonzero_static] size is {}; it must not be negative", size);
  const Tensor found = self.nonzero(), y = full({size, self.dim()}, fill_value, kLong);
  const int64_t n = std::min(size, found.size(0));
  y.narrow(0, 0, n).copy_(found.narrow(0, 0, n));
  return y;
}
/// The coordinates as one index tensor for each dimension, as NumPy has them.
//: method
std::vector<Tensor> nonzero_numpy(const Tensor& self) {
  checked_impl("nonzero_numpy", self);
  return hearth::where(self);
}
/// The same, as one index tensor for each dimension.
//:
std::vector<Tensor> where(const Tensor& condition) {
  const Tensor x = condition.dim() == 0 ? condition.reshape({1}) : condition;
  return x.nonzero().unbind(1);
}
//: method out
Tensor argwhere(const Tensor& self) { return nonzero(self); }

/// The elements at flat places.
//: method out
Tensor take(const Tensor& self, const Tensor& index) {
  check_index("take", index);
  return self.reshape({-1}).index_select(0, as_long(index).reshape({-1})).reshape(index.sizes());
}
/// gather whose index broadcasts with self.
//: method out
Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim /* = std::nullopt */) {
  check_index("take_along_dim", indices);
  if (!dim) return self.reshape({-1}).gather(0, as_long(indices).reshape({-1}));
  const int64_t d = wrap_dim("take_along_dim", *dim, self.dim());
  DimVector a(self.sizes()), b(indices.sizes());
  if (a.size() != b.size())
    fail<ShapeError>("[take_along_dim] self has shape {} and indices {}; give as many dimensions",
                     shape_text(self.sizes()), shape_text(indices.sizes()));
  a[static_cast<size_t>(d)] = b[static_cast<size_t>(d)] = 1;
  DimVector both = broadcast_sizes("take_along_dim", a, b);
  DimVector whole = both, places = both;
  whole[static_cast<size_t>(d)] = self.size(d);
  places[static_cast<size_t>(d)] = indices.size(d);
  return self.expand(whole).gather(d, indices.expand(places));
}

/// Rows of weight [num, features] for each index; the result has features as a new last dimension. The row padding_idx
/// gets no gradient.
//:
Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx /* = -1 */,
                 bool scale_grad_by_freq /* = false */, bool sparse /* = false */) {
  checked_impl("embedding", weight);
  check_index("embedding", indices);
  if (weight.dim() != 2)
    fail<ShapeError>("[embedding] weight must be a matrix of rows to look up, but its shape is {}",
                     shape_text(weight.sizes()));
  if (sparse) fail<NotImplementedError>("[embedding] sparse gradients are not supported; leave sparse false");
  const Tensor flat = as_long(indices).reshape({-1});
  DimVector sizes(indices.sizes());
  sizes.push_back(weight.size(1));
  Tensor y = make_tensor({flat.numel(), weight.size(1)}, weight.scalar_type());
  kernels(weight.device()).index_select(y, weight, 0, flat);
  impl(y)->set_contiguous(sizes);
  return autograd::record("embedding", y, {&weight}, [&] {
    return [places = autograd::Saved(flat), rows = weight.size(0), cols = weight.size(1), padding_idx,
            scale_grad_by_freq](const Tensor& g) {
      Tensor p = *places;
      Tensor rows_g = g.reshape({p.numel(), cols});
      if (scale_grad_by_freq) {
        const Tensor counts = g.new_zeros({rows}).index_add(0, p, g.new_ones({p.numel()}));
        rows_g = rows_g / counts.index_select(0, p).unsqueeze(1);
      }
      if (padding_idx >= 0) rows_g = rows_g.masked_fill(p.eq(padding_idx).unsqueeze(1), 0);
      if (GradMode::is_enabled()) return g.new_zeros({rows, cols}).index_add(0, p, rows_g);
      Tensor gw = g.new_zeros({rows, cols});  // added to where it stands: it may be large
      kernels(g.device()).index_add(gw, 0, p, rows_g, 1);
      return gw;
    };
  });
}
/// 1 at each index along a new last dimension of num_classes (the largest index + 1), else 0.
//:
Tensor one_hot(const Tensor& self, int64_t num_classes /* = -1 */) {
  check_index("one_hot", self);
  if (self.numel() == 0 && num_classes <= 0) fail("[one_hot] num_classes can't be found from an empty tensor; give it");
  if (self.numel() > 0 && self.min().item<int64_t>() < 0)
    fail<IndexError>("[one_hot] class {} is negative; classes start at 0", self.min().item<int64_t>());
  const int64_t top = self.numel() > 0 ? self.max().item<int64_t>() : -1;
  const int64_t classes = num_classes < 0 ? top + 1 : num_classes;
  if (top >= classes)
    throw IndexError(fmt::format("[one_hot] class {} is out of range for {} classes", top, classes), top, classes);
  DimVector sizes(self.sizes());
  sizes.push_back(classes);
  return zeros(sizes, kLong).scatter(-1, as_long(self).unsqueeze(-1), 1);
}

}  // namespace hearth
