// Views of some of the elements.
#include "ops/views.h"

namespace hearth {

/// The slice at `index` of dimension dim, without that dimension.
//: method dimname
Tensor select(const Tensor& self, int64_t dim, int64_t index) {
  checked_impl("select", self);
  if (self.dim() == 0) fail<IndexError>("[select] a 0-dim tensor can't be indexed; use item()");
  dim = wrap_dim("select", dim, self.dim());
  const int64_t size = self.size(dim);
  if (index < -size || index >= size)
    throw IndexError(fmt::format("[select] index {} is out of range for dimension {} with size {} (shape {})", index,
                                 dim, size, shape_text(self.sizes())),
                     index, size);
  const int64_t i = index < 0 ? index + size : index;
  DimVector sizes(self.sizes()), strides(self.strides());
  const int64_t offset = self.storage_offset() + i * strides[at(dim)];
  sizes.erase(at(dim));
  strides.erase(at(dim));
  Tensor v = view_of("select", self, sizes, strides, offset, [&] {
    return [from = DimVector(self.sizes()), dim, i](const Tensor& g) {
      Tensor gx = g.new_zeros(from);
      gx.select(dim, i).copy_(g);
      return gx;
    };
  });
  return names::without("select", std::move(v), self, dim);
}
/// Elements start, start + step, … below end of dimension dim; out-of-range bounds are clamped, negative ones count
/// from the end.
//: method
Tensor slice(const Tensor& self, int64_t dim /* = 0 */, std::optional<int64_t> start /* = std::nullopt */,
             std::optional<int64_t> end /* = std::nullopt */, int64_t step /* = 1 */) {
  checked_impl("slice", self);
  if (self.dim() == 0) fail<IndexError>("[slice] a 0-dim tensor can't be sliced");
  dim = wrap_dim("slice", dim, self.dim());
  if (step <= 0) fail("[slice] step is {}; it must be positive", step);
  const int64_t size = self.size(dim);
  const auto bound = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t a = bound(start.value_or(0)), b = std::max(a, bound(end.value_or(size)));
  DimVector sizes(self.sizes()), strides(self.strides());
  const int64_t offset = self.storage_offset() + (a < size ? a * strides[at(dim)] : 0);
  sizes[at(dim)] = (b - a) / step + ((b - a) % step != 0 ? 1 : 0);
  if (__builtin_mul_overflow(strides[at(dim)], step, &strides[at(dim)])) strides[at(dim)] = 1;  // one element at most
  return view_of("slice", self, sizes, strides, offset, [&] {
    return [from = DimVector(self.sizes()), dim, a, b, step](const Tensor& g) {
      Tensor gx = g.new_zeros(from);
      gx.slice(dim, a, b, step).copy_(g);
      return gx;
    };
  });
}
/// `length` elements of dimension dim from `start`.
//: method
Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  checked_impl("narrow", self);
  if (self.dim() == 0) fail<IndexError>("[narrow] a 0-dim tensor can't be narrowed");
  const int64_t size = self.size(dim);
  const int64_t a = start < 0 ? start + size : start;
  if (a < 0 || length < 0 || a > size - length)
    throw IndexError(fmt::format("[narrow] start {} and length {} exceed dimension {} with size {} (shape {})", start,
                                 length, dim, size, shape_text(self.sizes())),
                     start, size);
  return self.slice(dim, a, a + length);
}
/// Parts of the given sizes along dim.
//: method
std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim /* = 0 */) {
  checked_impl("split_with_sizes", self);
  if (self.dim() == 0) fail<ShapeError>("[split] a 0-dim tensor can't be split");
  dim = wrap_dim("split", dim, self.dim());
  int64_t sum = 0;
  for (const int64_t s : split_sizes) {
    if (s < 0) fail("[split] size {} in {} is negative", s, shape_text(split_sizes));
    if (__builtin_add_overflow(sum, s, &sum)) fail<ShapeError>("[split] sizes {} overflow", shape_text(split_sizes));
  }
  if (sum != self.size(dim))
    fail<ShapeError>("[split] sizes {} sum to {} but dimension {} has size {} (shape {})", shape_text(split_sizes), sum,
                     dim, self.size(dim), shape_text(self.sizes()));
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (const int64_t s : split_sizes) {
    DimVector sizes(self.sizes());
    sizes[at(dim)] = s;
    const int64_t offset = self.storage_offset() + (s ? start * self.stride(dim) : 0);
    parts.push_back(view_of(
        "split", self, sizes, self.strides(), offset,
        [&] {
          return [from = DimVector(self.sizes()), dim, start, s](const Tensor& g) {
            Tensor gx = g.new_zeros(from);
            gx.narrow(dim, start, s).copy_(g);
            return gx;
          };
        },
        /*multi_output=*/true));
    start += s;
  }
  return parts;
}
/// Parts of split_size along dim; the last may be smaller.
//: method
std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim /* = 0 */) {
  checked_impl("split", self);
  if (self.dim() == 0) fail<ShapeError>("[split] a 0-dim tensor can't be split");
  const int64_t size = self.size(dim);
  if (split_size < 0 || (split_size == 0 && size > 0))
    fail("[split] split_size {} must be positive (dimension {} has size {})", split_size, dim, size);
  std::vector<int64_t> sizes;
  for (int64_t done = 0; done < size; done += split_size) sizes.push_back(std::min(split_size, size - done));
  if (sizes.empty()) sizes.push_back(0);
  return split_with_sizes(self, sizes, dim);
}
//: method
std::vector<Tensor> split(const Tensor& self, IntArrayRef split_sizes, int64_t dim /* = 0 */) {
  return split_with_sizes(self, split_sizes, dim);
}
/// At most `chunks` parts of equal size along dim; the last may be smaller.
//: method
std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim /* = 0 */) {
  checked_impl("chunk", self);
  if (self.dim() == 0) fail<ShapeError>("[chunk] a 0-dim tensor can't be split");
  if (chunks <= 0) fail("[chunk] chunks is {}; it must be positive", chunks);
  const int64_t size = self.size(dim);
  constexpr int64_t most = int64_t{1} << 20;  // an empty dimension gives any number of parts
  if (size == 0 && chunks > most) fail("[chunk] chunks is {}; an empty dimension gives at most {}", chunks, most);
  if (size == 0) return split_with_sizes(self, std::vector<int64_t>(at(chunks), 0), dim);
  return split(self, (size - 1) / chunks + 1, dim);
}
/// The slices along dim, without that dimension.
//: method dimname
std::vector<Tensor> unbind(const Tensor& self, int64_t dim /* = 0 */) {
  checked_impl("unbind", self);
  if (self.dim() == 0) fail<ShapeError>("[unbind] a 0-dim tensor has no dimension to take apart");
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < self.size(dim); ++i) {
    parts.push_back(self.select(dim, i));
    autograd::meta_of(parts.back()).creation = autograd::Creation::multi_output;
  }
  return parts;
}
/// The elements whose places along dim1 and dim2 differ by offset, as a new last dimension.
//: method
Tensor diagonal(const Tensor& self, int64_t offset /* = 0 */, int64_t dim1 /* = 0 */, int64_t dim2 /* = 1 */) {
  checked_impl("diagonal", self);
  const int64_t a = wrap_dim("diagonal", dim1, self.dim()), b = wrap_dim("diagonal", dim2, self.dim());
  if (a == b) fail("[diagonal] dim1 {} and dim2 {} are the same dimension", dim1, dim2);
  const int64_t rows = self.size(a), cols = self.size(b);
  const int64_t length = std::max<int64_t>(
      0, offset >= 0 ? std::min(rows, cols - std::min(offset, cols)) : std::min(rows + std::max(offset, -rows), cols));
  int64_t start = self.storage_offset();
  if (length > 0) start += offset >= 0 ? offset * self.stride(b) : -offset * self.stride(a);
  DimVector sizes, strides;
  for (int64_t i = 0; i < self.dim(); ++i)
    if (i != a && i != b) {
      sizes.push_back(self.size(i));
      strides.push_back(self.stride(i));
    }
  sizes.push_back(length);
  strides.push_back(self.stride(a) + self.stride(b));
  Tensor v = view_of("diagonal", self, sizes, strides, start, [&] {
    return [from = DimVector(self.sizes()), offset, a, b](const Tensor& g) {
      Tensor gx = g.new_zeros(from);
      gx.diagonal(offset, a, b).copy_(g);
      return gx;
    };
  });
  return names::moved("diagonal", std::move(v), self, [&, length_at = self.dim() - 2](int64_t i) -> int64_t {
    if (i == length_at) return -1;
    for (const int64_t gone : {std::min(a, b), std::max(a, b)}) i += i >= gone ? 1 : 0;
    return i;
  });
}
/// Windows of `size` elements along `dimension`, `step` apart, as a new last dimension.
//: method
Tensor unfold(const Tensor& self, int64_t dimension, int64_t size, int64_t step) {
  checked_impl("unfold", self);
  const int64_t d = wrap_dim("unfold", dimension, self.dim());
  const int64_t have = self.dim() == 0 ? 1 : self.size(d);
  if (size < 0 || size > have || step <= 0)
    fail("[unfold] windows of {} by steps of {} don't fit dimension {} with size {}", size, step, dimension, have);
  DimVector sizes(self.sizes()), strides(self.strides());
  if (sizes.empty()) {
    sizes.push_back(1);
    strides.push_back(1);
  }
  const int64_t stride = strides[at(d)];
  sizes[at(d)] = (have - size) / step + 1;
  // Only a single window goes with a step this large, and nothing steps over it.
  if (__builtin_mul_overflow(stride, step, &strides[at(d)])) strides[at(d)] = stride;
  sizes.push_back(size);
  strides.push_back(stride);
  return view_of("unfold", self, sizes, strides, self.storage_offset(),
                 [&] { return autograd::as_strided_rule(self, sizes, strides, self.storage_offset()); });
}

}  // namespace hearth
