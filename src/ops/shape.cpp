// Views: all elements under other sizes and strides.
#include "ops/views.h"

namespace hearth {

namespace {

/// The rule of a view that only arranges all of x's elements anew.
auto reshaped_back(const Tensor& x) {
  return [sizes = DimVector(x.sizes())] { return [sizes](const Tensor& g) -> Tensor { return g.reshape(sizes); }; };
}

/// Fills in a -1 of `size`; throws ShapeError where the elements don't fit.
DimVector infer_size(const char* op, IntArrayRef size, const Tensor& x) {
  DimVector out(size);
  int64_t known = 1, missing = -1;
  for (size_t i = 0; i < size.size(); ++i) {
    if (size[i] == -1) {
      if (missing >= 0) fail("[{}] shape {} has more than one -1; only one size can be found", op, shape_text(size));
      missing = static_cast<int64_t>(i);
    } else if (size[i] < 0) {
      fail("[{}] size {} in shape {} is negative; only -1 stands for a size to be found", op, size[i],
           shape_text(size));
    } else if (__builtin_mul_overflow(known, size[i], &known)) {
      fail("[{}] shape {} has more elements than a tensor can hold", op, shape_text(size));
    }
  }
  const int64_t numel = x.numel();
  if (missing >= 0) {
    if (known == 0)
      fail<ShapeError>("[{}] the -1 in shape {} can be any size, since the others hold 0 elements; give it", op,
                       shape_text(size));
    if (numel % known == 0) out[at(missing)] = numel / known;
  }
  if (missing >= 0 ? numel % known != 0 : known != numel)
    throw ShapeError(
        fmt::format("[{}] shape '{}' is invalid for input of size {} (shape {}); the products must be equal", op,
                    shape_text(size), numel, shape_text(x.sizes())),
        x.sizes().vec(), size.vec());
  if (numel == 0) checked_numel(op, out);  // without elements too, strides must fit
  return out;
}

/// Strides that show x with these sizes without a copy, if there are any.
std::optional<DimVector> view_strides(const Tensor& x, IntArrayRef sizes) {
  if (x.numel() == 0 || x.is_contiguous()) return contiguous_strides(sizes);
  DimVector out(sizes.size());
  const IntArrayRef old_sizes = x.sizes(), old_strides = x.strides();
  auto d = static_cast<int64_t>(sizes.size()) - 1;
  int64_t base = old_strides.back(), chunk = 1, done = 1;
  for (auto i = static_cast<int64_t>(old_sizes.size()) - 1; i >= 0; --i) {
    chunk *= old_sizes[at(i)];
    const bool chunk_ends = i == 0 || (old_sizes[at(i - 1)] != 1 && old_strides[at(i - 1)] != chunk * base);
    if (!chunk_ends) continue;
    while (d >= 0 && (done < chunk || sizes[at(d)] == 1)) {
      out[at(d)] = done * base;
      done *= sizes[at(d)];
      --d;
    }
    if (done != chunk) return std::nullopt;
    if (i > 0) {
      base = old_strides[at(i - 1)];
      chunk = done = 1;
    }
  }
  return d == -1 ? std::optional(out) : std::nullopt;
}

}  // namespace

/// The same elements in other sizes; one size may be -1. Throws where that needs a copy: use reshape there.
//: method
Tensor view(const Tensor& self, IntArrayRef size) {
  checked_impl("view", self);
  const DimVector sizes = infer_size("view", size, self);
  const auto strides = view_strides(self, sizes);
  if (!strides)
    fail<ShapeError>("[view] view size {} is not compatible with input tensor's size {} and strides {}; use reshape()",
                     shape_text(sizes), shape_text(self.sizes()), shape_text(self.strides()));
  return view_of("view", self, sizes, *strides, self.storage_offset(), reshaped_back(self));
}
/// The same elements in other sizes; one size may be -1. A view where possible, else a copy.
//: method
Tensor reshape(const Tensor& self, IntArrayRef shape) {
  checked_impl("reshape", self);
  const DimVector sizes = infer_size("reshape", shape, self);
  const auto strides = view_strides(self, sizes);
  if (!strides) return self.clone().view(sizes);
  return view_of("view", self, sizes, *strides, self.storage_offset(), reshaped_back(self));
}
//: method
Tensor view_as(const Tensor& self, const Tensor& other) { return self.view(other.sizes()); }
//: method
Tensor reshape_as(const Tensor& self, const Tensor& other) { return self.reshape(other.sizes()); }
//: method
Tensor ravel(const Tensor& self) { return self.reshape({-1}); }
/// A view with the same geometry.
//: method
Tensor alias(const Tensor& self) {
  checked_impl("alias", self);
  return view_of("alias", self, self.sizes(), self.strides(), self.storage_offset(),
                 [] { return [](const Tensor& g) { return g; }; });
}

/// Any sizes and strides over self's memory, checked against its bounds.
//: method
Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                  std::optional<int64_t> storage_offset /* = std::nullopt */) {
  checked_impl("as_strided", self);
  if (size.size() != stride.size())
    fail<ShapeError>("[as_strided] {} sizes but {} strides; give one stride for each", size.size(), stride.size());
  const int64_t offset = storage_offset.value_or(self.storage_offset());
  const int64_t numel = checked_numel("as_strided", size);
  int64_t last = offset;
  for (size_t i = 0; i < size.size(); ++i) {
    int64_t reach = 0;
    if (stride[i] < 0) fail("[as_strided] stride {} at dimension {} is negative", stride[i], i);
    if (numel > 0 &&
        (__builtin_mul_overflow(size[i] - 1, stride[i], &reach) || __builtin_add_overflow(last, reach, &last)))
      fail("[as_strided] shape {} with strides {} spans more than the memory", shape_text(size), shape_text(stride));
  }
  const auto elements = static_cast<int64_t>(impl(self)->storage->bytes() / self.itemsize());
  // Nothing may start anywhere that an address can be.
  if (offset < 0 || (numel > 0 && last >= elements) || offset > (int64_t{1} << 58))
    fail("[as_strided] shape {} with strides {} from offset {} reaches element {} of a storage of {}", shape_text(size),
         shape_text(stride), offset, last, elements);
  return view_of("as_strided", self, size, stride, offset,
                 [&] { return autograd::as_strided_rule(self, size, stride, offset); });
}

/// Dimensions of size 1 repeated without a copy; -1 keeps a size.
//: method
Tensor expand(const Tensor& self, IntArrayRef size, bool implicit /* = false */) {
  checked_impl("expand", self);
  (void)implicit;
  const size_t rank = size.size(), own = self.sizes().size();
  if (rank < own)
    fail<ShapeError>("[expand] {} sizes {} are fewer than the tensor's {} dimensions {}", rank, shape_text(size), own,
                     shape_text(self.sizes()));
  DimVector sizes(rank), strides(rank);
  for (size_t i = 0; i < rank; ++i) {
    const bool leading = i < rank - own;
    const int64_t have = leading ? 1 : self.sizes()[i - (rank - own)];
    if (size[i] == -1 ? leading : (size[i] < 0 || (have != 1 && have != size[i])))
      throw ShapeError(fmt::format("[expand] the expanded size {} at dimension {} must match the existing size {} "
                                   "(shape {} to {}); only sizes of 1 can grow",
                                   size[i], i, have, shape_text(self.sizes()), shape_text(size)),
                       self.sizes().vec(), size.vec());
    sizes[i] = size[i] == -1 ? have : size[i];
    strides[i] = leading || (have == 1 && sizes[i] != 1) ? 0 : self.strides()[i - (rank - own)];
  }
  checked_numel("expand", sizes);
  const auto added = static_cast<int64_t>(rank - own);
  return names::moved(
      "expand",
      view_of("expand", self, sizes, strides, self.storage_offset(),
              [&] { return [from = DimVector(self.sizes())](const Tensor& g) { return sum_to(g, from); }; }),
      self, [&](int64_t i) { return i - added; });
}
//: method
Tensor expand_as(const Tensor& self, const Tensor& other) { return self.expand(other.sizes()); }
//: method
Tensor broadcast_to(const Tensor& self, IntArrayRef size) { return self.expand(size); }

/// Dimension i of the result is dims[i] of self.
//: method
Tensor permute(const Tensor& self, IntArrayRef dims) {
  checked_impl("permute", self);
  const int64_t rank = self.dim();
  if (static_cast<int64_t>(dims.size()) != rank)
    fail<ShapeError>("[permute] dims {} has {} entries but the tensor has {} dimensions", shape_text(dims), dims.size(),
                     rank);
  DimVector sizes(dims.size()), strides(dims.size()), back(dims.size(), -1);
  for (size_t i = 0; i < dims.size(); ++i) {
    const size_t d = at(wrap_dim("permute", dims[i], rank));
    if (back[d] != -1) fail("[permute] dim {} stands twice in dims {}", d, shape_text(dims));
    back[d] = static_cast<int64_t>(i);
    sizes[i] = self.sizes()[d];
    strides[i] = self.strides()[d];
  }
  return names::moved("permute",
                      view_of("permute", self, sizes, strides, self.storage_offset(),
                              [&] { return [back](const Tensor& g) { return g.permute(back); }; }),
                      self, [&](int64_t i) { return wrap_dim("permute", dims[at(i)], rank); });
}
//: method dimname
Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) {
  checked_impl("transpose", self);
  const int64_t a = wrap_dim("transpose", dim0, self.dim()), b = wrap_dim("transpose", dim1, self.dim());
  if (self.dim() == 0) return alias(self);
  DimVector sizes(self.sizes()), strides(self.strides());
  std::swap(sizes[at(a)], sizes[at(b)]);
  std::swap(strides[at(a)], strides[at(b)]);
  return names::moved("transpose",
                      view_of("transpose", self, sizes, strides, self.storage_offset(),
                              [a, b] { return [a, b](const Tensor& g) { return g.transpose(a, b); }; }),
                      self, [&](int64_t i) { return i == a   ? b
                                                    : i == b ? a
                                                             : i; });
}
/// The transpose of a matrix; vectors stay.
//: method
Tensor t(const Tensor& self) {
  checked_impl("t", self);
  if (self.dim() > 2)
    fail<ShapeError>(
        "[t] a tensor with at most 2 dimensions is expected, but the shape is {}; use transpose or permute",
        shape_text(self.sizes()));
  return self.dim() < 2 ? alias(self) : transpose(self, 0, 1);
}
//: method
Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1) { return transpose(self, axis0, axis1); }
//: method
Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1) { return transpose(self, dim0, dim1); }
/// Moves dims `source` to the places `destination`; the others keep their order.
//: method
Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  checked_impl("movedim", self);
  if (source.size() != destination.size())
    fail("[movedim] {} source dims but {} destinations; give as many", source.size(), destination.size());
  const int64_t rank = self.dim();
  DimVector order(at(std::max<int64_t>(rank, 1)), -1);  // a 0-dim tensor counts as 1-dim
  SmallVector<bool, 8> moved(order.size(), false);
  for (size_t i = 0; i < source.size(); ++i) {
    const size_t from = at(wrap_dim("movedim", source[i], rank)), to = at(wrap_dim("movedim", destination[i], rank));
    if (moved[from] || order[to] != -1)
      fail("[movedim] a dim stands twice in source {} or destination {}", shape_text(source), shape_text(destination));
    order[to] = static_cast<int64_t>(from);
    moved[from] = true;
  }
  size_t next = 0;
  for (size_t i = 0; i < at(rank); ++i) {
    if (order[i] != -1) continue;
    while (moved[next]) ++next;
    order[i] = static_cast<int64_t>(next++);
  }
  order.resize(at(rank));
  return self.permute(order);
}
//: method
Tensor movedim(const Tensor& self, int64_t source, int64_t destination) {
  return movedim(self, IntArrayRef(source), IntArrayRef(destination));
}

/// Without dimensions of size 1.
//: method
Tensor squeeze(const Tensor& self) {
  checked_impl("squeeze", self);
  DimVector sizes, strides, gone;
  for (size_t i = 0; i < self.sizes().size(); ++i)
    if (self.sizes()[i] != 1) {
      sizes.push_back(self.sizes()[i]);
      strides.push_back(self.strides()[i]);
    } else {
      gone.push_back(static_cast<int64_t>(i));
    }
  return names::without("squeeze", view_of("squeeze", self, sizes, strides, self.storage_offset(), reshaped_back(self)),
                        self, gone);
}
/// Without dimension dim, if its size is 1.
//: method dimname
Tensor squeeze(const Tensor& self, int64_t dim) {
  checked_impl("squeeze", self);
  dim = wrap_dim("squeeze", dim, self.dim());
  DimVector sizes(self.sizes()), strides(self.strides()), gone;
  if (self.dim() > 0 && sizes[at(dim)] == 1) {
    sizes.erase(at(dim));
    strides.erase(at(dim));
    gone.push_back(dim);
  }
  return names::without("squeeze", view_of("squeeze", self, sizes, strides, self.storage_offset(), reshaped_back(self)),
                        self, gone);
}
/// With a dimension of size 1 at place dim.
//: method
Tensor unsqueeze(const Tensor& self, int64_t dim) {
  checked_impl("unsqueeze", self);
  dim = wrap_dim("unsqueeze", dim, self.dim() + 1);
  DimVector sizes(self.sizes()), strides(self.strides());
  const int64_t step = dim < self.dim() ? sizes[at(dim)] * strides[at(dim)] : 1;
  sizes.insert(at(dim), 1);
  strides.insert(at(dim), step);
  return names::moved("unsqueeze",
                      view_of("unsqueeze", self, sizes, strides, self.storage_offset(), reshaped_back(self)), self,
                      [dim](int64_t i) { return i < dim    ? i
                                                : i == dim ? -1
                                                           : i - 1; });
}
/// Dimensions start_dim to end_dim as one.
//: method
Tensor flatten(const Tensor& self, int64_t start_dim /* = 0 */, int64_t end_dim /* = -1 */) {
  checked_impl("flatten", self);
  const int64_t a = wrap_dim("flatten", start_dim, self.dim()), b = wrap_dim("flatten", end_dim, self.dim());
  if (a > b) fail("[flatten] start_dim {} comes after end_dim {}", start_dim, end_dim);
  if (self.dim() == 0) return self.reshape({1});
  if (a == b) return self;
  DimVector sizes;
  int64_t joined = 1;
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (i < a || i > b) {
      sizes.push_back(self.size(i));
    } else {
      joined *= self.size(i);
      if (i == b) sizes.push_back(joined);
    }
  }
  return self.reshape(sizes);
}
/// Dimension dim as several; one size may be -1.
//: method
Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes) {
  checked_impl("unflatten", self);
  if (self.dim() == 0) fail<ShapeError>("[unflatten] a 0-dim tensor has no dimension to split");
  dim = wrap_dim("unflatten", dim, self.dim());
  if (sizes.empty()) fail("[unflatten] sizes is empty; give at least one");
  int64_t known = 1;
  bool fits = true;
  for (const int64_t s : sizes) {
    if (s < -1) fail<ShapeError>("[unflatten] size {} in {} is negative", s, shape_text(sizes));
    if (s != -1) fits = !__builtin_mul_overflow(known, s, &known) && fits;
  }
  if (!fits)
    fail<ShapeError>("[unflatten] sizes {} multiply up to more than the size {} of dim {}", shape_text(sizes),
                     self.size(dim), dim);
  DimVector shape;
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (i != dim) {
      shape.push_back(self.size(i));
    } else {
      for (const int64_t s : sizes) shape.push_back(s == -1 && known > 0 ? self.size(dim) / known : s);
    }
  }
  int64_t product = 1;
  for (size_t i = 0; fits && i < sizes.size(); ++i)
    fits = !__builtin_mul_overflow(product, shape[at(dim) + i], &product);
  if (!fits || product != self.size(dim))
    fail<ShapeError>("[unflatten] sizes {} don't multiply up to the size {} of dim {} (shape {})", shape_text(sizes),
                     self.size(dim), dim, shape_text(self.sizes()));
  return self.view(shape);
}

}  // namespace hearth
