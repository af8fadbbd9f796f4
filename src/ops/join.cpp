// Tensors joined, repeated and rearranged into new memory.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// Tensors one after the other along dim; the other sizes must be equal. Empty 1-dim tensors are left out, as in
/// PyTorch.
//: out
Tensor cat(TensorList tensors, int64_t dim /* = 0 */) {
  if (tensors.empty()) fail("[cat] the list of tensors is empty; give at least one");
  ScalarType dtype = checked_impl("cat", tensors[0])->dtype;
  const auto nothing = [](const Tensor& t) { return t.dim() == 1 && t.numel() == 0; };
  const Tensor* leading = &tensors[0];
  for (const Tensor& t : tensors) {
    dtype = promoteTypes(dtype, checked_impl("cat", t)->dtype);
    if (nothing(*leading)) leading = &t;
  }
  const Tensor first = *leading;
  if (first.dim() == 0) fail<ShapeError>("[cat] zero-dimensional tensors cannot be concatenated; use stack");
  dim = wrap_dim("cat", dim, first.dim());
  DimVector sizes(first.sizes());
  std::vector<Tensor> parts;
  std::vector<int64_t> lengths;  // -1: left out
  int64_t total = 0;
  for (const Tensor& t : tensors) {
    DimVector expected = sizes;
    if (t.dim() == first.dim()) expected[static_cast<size_t>(dim)] = t.size(dim);
    const bool left_out = nothing(t) && first.dim() != 1;
    if (!left_out && t.sizes() != IntArrayRef(expected))
      throw ShapeError(
          fmt::format("[cat] sizes of tensors must match except in dimension {}: the first has shape {} and "
                      "another {}",
                      dim, shape_text(first.sizes()), shape_text(t.sizes())),
          t.sizes().vec(), first.sizes().vec());
    lengths.push_back(left_out ? -1 : t.size(dim));
    total += left_out ? 0 : t.size(dim);
    parts.push_back(cast(t, dtype));
  }
  sizes[static_cast<size_t>(dim)] = total;
  Tensor y = make_tensor(sizes, dtype);
  int64_t start = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].numel() == 0) continue;
    DimVector part = sizes;
    part[static_cast<size_t>(dim)] = lengths[i];
    kernels(kCPU).copy(make_alias(y, part, y.strides(), start * y.stride(dim)), parts[i]);
    start += lengths[i];
  }
  return autograd::record("cat", y, parts, [&] {
    return [lengths, dim](const Tensor& g) {
      autograd::Grads grads;
      int64_t at = 0;
      for (const int64_t n : lengths) {
        grads.push_back(n < 0 ? g.new_zeros({0}) : g.narrow(dim, at, n));
        at += n < 0 ? 0 : n;
      }
      return grads;
    };
  });
}
//: out
Tensor concat(TensorList tensors, int64_t dim /* = 0 */) { return cat(tensors, dim); }
/// Tensors of one shape, along a new dimension dim.
//: out
Tensor stack(TensorList tensors, int64_t dim /* = 0 */) {
  if (tensors.empty()) fail("[stack] the list of tensors is empty; give at least one");
  const IntArrayRef sizes = checked_impl("stack", tensors[0])->sizes;
  dim = wrap_dim("stack", dim, static_cast<int64_t>(sizes.size()) + 1);
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) {
    if (IntArrayRef(checked_impl("stack", t)->sizes) != sizes)
      throw ShapeError(
          fmt::format("[stack] each tensor is expected to have equal size, but got {} at entry 0 and {} at "
                      "entry {}",
                      shape_text(sizes), shape_text(t.sizes()), parts.size()),
          t.sizes().vec(), sizes.vec());
    parts.push_back(t.unsqueeze(dim));
  }
  return cat(parts, dim);
}
//: out
Tensor vstack(TensorList tensors) {
  std::vector<Tensor> rows;
  for (const Tensor& t : tensors) rows.push_back(t.dim() < 2 ? t.reshape({1, -1}) : t);
  return cat(rows, 0);
}
//: out
Tensor hstack(TensorList tensors) {
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) parts.push_back(t.dim() < 1 ? t.reshape({1}) : t);
  return cat(parts, !parts.empty() && parts[0].dim() == 1 ? 0 : 1);
}

/// self repeats[i] times along each dimension; repeats may be longer than self's dimensions.
//: method
Tensor repeat(const Tensor& self, IntArrayRef repeats) {
  checked_impl("repeat", self);
  if (static_cast<int64_t>(repeats.size()) < self.dim())
    fail<ShapeError>("[repeat] {} repeats {} are fewer than the tensor's {} dimensions", repeats.size(),
                     shape_text(repeats), self.dim());
  const size_t extra = repeats.size() - static_cast<size_t>(self.dim());
  DimVector split, grown, result;
  for (size_t i = 0; i < repeats.size(); ++i) {
    if (repeats[i] < 0) fail("[repeat] {} repeats at dimension {} are negative", repeats[i], i);
    const int64_t size = i < extra ? 1 : self.sizes()[i - extra];
    split.push_back(1);
    split.push_back(size);
    grown.push_back(repeats[i]);
    grown.push_back(size);
    result.push_back(checked_numel("repeat", {repeats[i], size}));
  }
  checked_numel("repeat", grown);
  return self.reshape(split).expand(grown).clone().reshape(result);
}
/// Like repeat, with missing repeats counted as 1 in front.
//: method
Tensor tile(const Tensor& self, IntArrayRef dims) {
  DimVector repeats(dims);
  while (static_cast<int64_t>(repeats.size()) < self.dim()) repeats.insert(0, 1);
  return self.repeat(repeats);
}
/// Each element (or slice along dim) `repeats` times in a row.
//: method
Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim /* = std::nullopt */) {
  checked_impl("repeat_interleave", self);
  if (repeats < 0) fail("[repeat_interleave] repeats is {}; it must not be negative", repeats);
  const Tensor x = dim && self.dim() > 0 ? self : self.reshape({-1});
  const int64_t d = wrap_dim("repeat_interleave", dim.value_or(0), x.dim());
  DimVector grown(x.sizes());
  grown.insert(static_cast<size_t>(d) + 1, repeats);
  return x.unsqueeze(d + 1).expand(grown).clone().flatten(d, d + 1);
}

/// Reversed along dims.
//: method
Tensor flip(const Tensor& self, IntArrayRef dims) {
  checked_impl("flip", self);
  Tensor y = self;
  for (const int64_t d : dims) {
    const int64_t w = wrap_dim("flip", d, self.dim());
    if (self.dim() > 0) y = y.index_select(w, arange(y.size(w), kLong).rsub(y.size(w) - 1));
  }
  return y.is_same(self) ? self.clone() : y;
}
/// Columns reversed: the second dimension.
//: method
Tensor fliplr(const Tensor& self) {
  checked_impl("fliplr", self);
  if (self.dim() < 2) fail<ShapeError>("[fliplr] input must have 2 dimensions or more, not {}", self.dim());
  return self.flip(1);
}
/// Rows reversed: the first dimension.
//: method
Tensor flipud(const Tensor& self) {
  checked_impl("flipud", self);
  if (self.dim() < 1) fail<ShapeError>("[flipud] input must have 1 dimension or more; a 0-dim tensor has none");
  return self.flip(0);
}
/// Shifted along dims, what falls out coming back at the other end; without dims, of the flattened tensor.
//: method
Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims /* = {} */) {
  checked_impl("roll", self);
  if (dims.empty() && shifts.size() == 1) return self.reshape({-1}).roll(shifts, 0).view(self.sizes());
  if (shifts.size() != dims.size() || shifts.empty())
    fail("[roll] {} shifts for {} dims; give one shift for each", shifts.size(), dims.size());
  Tensor y = self;
  for (size_t i = 0; i < dims.size(); ++i) {
    const int64_t d = wrap_dim("roll", dims[i], self.dim());
    const int64_t n = self.dim() == 0 ? 1 : self.size(d);
    if (n == 0 || self.dim() == 0) continue;
    const int64_t k = ((shifts[i] % n) + n) % n;
    y = cat({y.narrow(d, n - k, k), y.narrow(d, 0, n - k)}, d);
  }
  return y.is_same(self) ? self.clone() : y;
}
/// The last two dimensions turned by k * 90 degrees, from dims[0] towards dims[1].
//: method
Tensor rot90(const Tensor& self, int64_t k /* = 1 */, IntArrayRef dims /* = {0, 1} */) {
  checked_impl("rot90", self);
  if (dims.size() != 2) fail("[rot90] dims must name 2 dimensions, got {}", shape_text(dims));
  const int64_t a = wrap_dim("rot90", dims[0], self.dim()), b = wrap_dim("rot90", dims[1], self.dim());
  if (a == b) fail("[rot90] dims {} must differ", shape_text(dims));
  switch (((k % 4) + 4) % 4) {
    case 1: return self.flip({b}).transpose(a, b).clone();
    case 2: return self.flip({a, b});
    case 3: return self.flip({a}).transpose(a, b).clone();
    default: return self.clone();
  }
}

namespace {
/// Whether column - row compares to `diagonal` as asked, for the last two dimensions of x.
Tensor triangle(const char* op, const Tensor& x, int64_t diagonal, bool upper) {
  checked_impl(op, x);
  if (x.dim() < 2)
    fail<ShapeError>("[{}] a tensor with at least 2 dimensions is expected, but the shape is {}", op,
                     shape_text(x.sizes()));
  const Tensor rows = arange(x.size(-2), kLong).unsqueeze(1), cols = arange(x.size(-1), kLong);
  return upper ? (cols - rows).ge(diagonal) : (cols - rows).le(diagonal);
}
}  // namespace
/// The elements on and below the diagonal of the last two dimensions, the others 0.
//: method inplace out
Tensor tril(const Tensor& self, int64_t diagonal /* = 0 */) {
  const Tensor keep = triangle("tril", self, diagonal, false);
  return self.masked_fill(keep.logical_not(), 0);
}
//: method inplace out
Tensor triu(const Tensor& self, int64_t diagonal /* = 0 */) {
  const Tensor keep = triangle("triu", self, diagonal, true);
  return self.masked_fill(keep.logical_not(), 0);
}
/// A vector as a matrix's diagonal, or a matrix's diagonal as a vector.
//: method out
Tensor diag(const Tensor& self, int64_t diagonal /* = 0 */) {
  checked_impl("diag", self);
  if (self.dim() == 2) return self.diagonal(diagonal).clone();
  if (self.dim() != 1)
    fail<ShapeError>("[diag] a vector or a matrix is expected, but the shape is {}", shape_text(self.sizes()));
  constexpr int64_t farthest = int64_t{1} << 31;
  if (diagonal > farthest || diagonal < -farthest) fail("[diag] diagonal {} is more than any memory holds", diagonal);
  const int64_t n = self.size(0) + std::abs(diagonal);
  Tensor y = self.new_zeros({n, n});
  y.diagonal(diagonal).copy_(self);
  return y;
}
/// The sum of a matrix's diagonal.
//: method
Tensor trace(const Tensor& self) {
  checked_impl("trace", self);
  if (self.dim() != 2) fail<ShapeError>("[trace] a matrix is expected, but the shape is {}", shape_text(self.sizes()));
  return self.diagonal().sum();
}
/// Coordinates of a grid: one tensor for each input vector; indexing is "ij" or "xy".
//:
std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing /* = "ij" */) {
  if (tensors.empty()) fail("[meshgrid] the list of tensors is empty; give at least one");
  if (indexing != "ij" && indexing != "xy") fail("[meshgrid] indexing is \"{}\"; use \"ij\" or \"xy\"", indexing);
  std::vector<Tensor> in = TensorList(tensors).vec();
  const bool swapped = indexing == "xy" && in.size() > 1;
  if (swapped) std::swap(in[0], in[1]);
  DimVector sizes;
  for (const Tensor& t : in) sizes.push_back(checked_impl("meshgrid", t)->numel);
  std::vector<Tensor> out;
  for (size_t i = 0; i < in.size(); ++i) {
    DimVector shape(in.size(), 1);
    shape[i] = sizes[i];
    out.push_back(in[i].reshape(shape).expand(sizes));
    if (swapped) out.back() = out.back().transpose(0, 1);
  }
  if (swapped) std::swap(out[0], out[1]);
  return out;
}

}  // namespace hearth
