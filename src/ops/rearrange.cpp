// Copies and views that rearrange: splitting at given places, stacking as columns, diagonals, combinations.
#include "backend/strided.h"
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// The matrix transpose of the last two dimensions.
//: method
Tensor adjoint(const Tensor& self) { return self.mT(); }
//: method only
Tensor method_mT(const Tensor& self) {
  checked_impl("mT", self);
  if (self.dim() < 2)
    fail<ShapeError>("[mT] a matrix or a batch of matrices is expected, but the shape is {}", shape_text(self.sizes()));
  return self.transpose(-2, -1);
}
//: method only
Tensor method_mH(const Tensor& self) { return self.mT(); }
//: method only
Tensor method_matrix_H(const Tensor& self) {
  checked_impl("matrix_H", self);
  if (self.dim() != 0 && self.dim() != 2)
    fail<ShapeError>("[matrix_H] takes a matrix, but shape {} has {} dimensions; use mH() for a batch",
                     shape_text(self.sizes()), self.dim());
  return self.dim() == 0 ? self : self.mT();
}
/// All dimensions in reverse order.
//: method only
Tensor method_numpy_T(const Tensor& self) {
  checked_impl("T", self);
  DimVector order;
  for (int64_t d = self.dim() - 1; d >= 0; --d) order.push_back(d);
  return self.permute(order);
}

namespace {
constexpr int64_t kFarthest = int64_t{1} << 31;   // diagonal
constexpr int64_t kMostParts = int64_t{1} << 20;  // an empty dimension gives any number of parts

std::vector<Tensor> split_before(const Tensor& self, const DimVector& starts, int64_t dim) {
  std::vector<Tensor> parts;
  const int64_t size = self.size(dim);
  int64_t from = 0;
  for (size_t i = 0; i <= starts.size(); ++i) {
    const int64_t to = i < starts.size() ? starts[i] : size;
    parts.push_back(self.slice(dim, from, to));
    from = to;
  }
  return parts;
}
int64_t splittable_dim(const char* op, const Tensor& self, int64_t dim) {
  checked_impl(op, self);
  if (self.dim() == 0) fail<ShapeError>("[{}] a tensor with at least one dimension is expected, this one has none", op);
  return wrap_dim(op, dim, self.dim());
}
}  // namespace

/// `sections` parts along dim; the first ones are longer by one where the size is no multiple.
//: method
std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim /* = 0 */) {
  dim = splittable_dim("tensor_split", self, dim);
  if (sections < 1 || sections > kMostParts)
    fail("[tensor_split] the number of sections must be from 1 to {}, not {}", kMostParts, sections);
  DimVector starts;
  const int64_t size = self.size(dim), least = size / sections, longer = size % sections;
  for (int64_t i = 1; i < sections; ++i) starts.push_back(i * least + std::min(i, longer));
  return split_before(self, starts, dim);
}
/// Parts along dim that begin at 0 and at each of indices.
//: method
std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim /* = 0 */) {
  dim = splittable_dim("tensor_split", self, dim);
  return split_before(self, DimVector(indices), dim);
}
//: method
std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& tensor_indices_or_sections, int64_t dim /* = 0 */) {
  const Tensor& where = tensor_indices_or_sections;
  checked_impl("tensor_split", where);
  if (where.scalar_type() != kLong || where.dim() > 1)
    throw DtypeError(
        fmt::format("[tensor_split] indices or sections must be a Long vector or number, not {} of shape {}",
                    where.scalar_type(), shape_text(where.sizes())),
        where.scalar_type(), kLong);
  if (where.dim() == 0) return tensor_split(self, where.item<int64_t>(), dim);
  const Tensor flat = where.contiguous();
  return tensor_split(self, IntArrayRef(flat.data_ptr<int64_t>(), static_cast<size_t>(flat.numel())), dim);
}

namespace {
std::vector<Tensor> even_split(const char* op, const Tensor& self, int64_t sections, int64_t dim, int64_t least_rank) {
  checked_impl(op, self);
  if (self.dim() < least_rank)
    fail<ShapeError>("[{}] a tensor with at least {} dimensions is expected, but the shape is {}", op, least_rank,
                     shape_text(self.sizes()));
  if (sections < 1 || self.size(dim) % sections != 0)
    fail<ShapeError>("[{}] dimension {} of shape {} can't be cut into {} equal parts", op, dim,
                     shape_text(self.sizes()), sections);
  return self.tensor_split(sections, dim);
}
std::vector<Tensor> split_at(const char* op, const Tensor& self, IntArrayRef indices, int64_t dim, int64_t least_rank) {
  checked_impl(op, self);
  if (self.dim() < least_rank)
    fail<ShapeError>("[{}] a tensor with at least {} dimensions is expected, but the shape is {}", op, least_rank,
                     shape_text(self.sizes()));
  return self.tensor_split(indices, dim);
}
}  // namespace
/// Equal parts along dim 1 (dim 0 of a vector).
//: method
std::vector<Tensor> hsplit(const Tensor& self, int64_t sections) {
  return even_split("hsplit", self, sections, self.defined() && self.dim() == 1 ? 0 : 1, 1);
}
//: method
std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices) {
  return split_at("hsplit", self, indices, self.defined() && self.dim() == 1 ? 0 : 1, 1);
}
/// Equal parts along dim 0.
//: method
std::vector<Tensor> vsplit(const Tensor& self, int64_t sections) { return even_split("vsplit", self, sections, 0, 2); }
//: method
std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices) { return split_at("vsplit", self, indices, 0, 2); }
/// Equal parts along dim 2.
//: method
std::vector<Tensor> dsplit(const Tensor& self, int64_t sections) { return even_split("dsplit", self, sections, 2, 3); }
//: method
std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices) { return split_at("dsplit", self, indices, 2, 3); }
/// As split, chunk and split_with_sizes, but the parts are copies, which may be written in place.
//: method
std::vector<Tensor> unsafe_split(const Tensor& self, int64_t split_size, int64_t dim /* = 0 */) {
  std::vector<Tensor> parts;
  for (const Tensor& part : self.split(split_size, dim)) parts.push_back(part.clone());
  return parts;
}
//: method
std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t chunks, int64_t dim /* = 0 */) {
  std::vector<Tensor> parts;
  for (const Tensor& part : self.chunk(chunks, dim)) parts.push_back(part.clone());
  return parts;
}
//: method
std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim /* = 0 */) {
  std::vector<Tensor> parts;
  for (const Tensor& part : self.split_with_sizes(split_sizes, dim)) parts.push_back(part.clone());
  return parts;
}
//: method
Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  return self.narrow(dim, start, length).clone();
}

/// At least one dimension: a 0-dim tensor becomes [1].
//:
Tensor atleast_1d(const Tensor& self) { return self.dim() == 0 ? self.reshape({1}) : self; }
/// At least two: [n] becomes [1, n].
//:
Tensor atleast_2d(const Tensor& self) {
  return self.dim() == 0 ? self.reshape({1, 1}) : self.dim() == 1 ? self.unsqueeze(0) : self;
}
/// At least three: [n] becomes [1, n, 1], [n, m] becomes [n, m, 1].
//:
Tensor atleast_3d(const Tensor& self) {
  if (self.dim() == 0) return self.reshape({1, 1, 1});
  if (self.dim() == 1) return self.unsqueeze(0).unsqueeze(-1);
  return self.dim() == 2 ? self.unsqueeze(-1) : self;
}
namespace {
std::vector<Tensor> each(TensorList tensors, Tensor (*f)(const Tensor&)) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(f(t));
  return out;
}
}  // namespace
//:
std::vector<Tensor> atleast_1d(TensorList tensors) { return each(tensors, &atleast_1d); }
//:
std::vector<Tensor> atleast_2d(TensorList tensors) { return each(tensors, &atleast_2d); }
//:
std::vector<Tensor> atleast_3d(TensorList tensors) { return each(tensors, &atleast_3d); }
/// The tensors side by side, vectors as columns.
//: out
Tensor column_stack(TensorList tensors) {
  return hstack(each(tensors, [](const Tensor& t) { return t.dim() <= 1 ? t.reshape({t.numel(), 1}) : t; }));
}
/// Along dim 2, of tensors with at least three dimensions.
//: out
Tensor dstack(TensorList tensors) { return cat(atleast_3d(tensors), 2); }
//: out
Tensor row_stack(TensorList tensors) { return vstack(tensors); }

/// All in the shape that they broadcast to, as views.
//:
std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  DimVector sizes;
  for (const Tensor& t : tensors) {
    checked_impl("broadcast_tensors", t);
    sizes = broadcast_sizes("broadcast_tensors", sizes, t.sizes());
  }
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(t.expand(sizes));
  return out;
}
/// The sum over the dimensions along which a tensor of `size` was broadcast to self.
//: method
Tensor sum_to_size(const Tensor& self, IntArrayRef size) {
  checked_impl("sum_to_size", self);
  bool fits = static_cast<int64_t>(size.size()) <= self.dim();
  for (size_t i = 0; fits && i < size.size(); ++i) {
    const int64_t have = self.size(self.dim() - static_cast<int64_t>(size.size() - i));
    fits = size[i] == have || size[i] == 1;
  }
  if (!fits)
    throw ShapeError(fmt::format("[sum_to_size] shape {} does not come from broadcasting {}", shape_text(self.sizes()),
                                 shape_text(size)),
                     self.sizes().vec(), size.vec());
  return sum_to(self, size);
}

/// A tensor with self's last dimension on the diagonal `offset` of the planes dim1, dim2, zeros elsewhere.
//: method
Tensor diag_embed(const Tensor& self, int64_t offset /* = 0 */, int64_t dim1 /* = -2 */, int64_t dim2 /* = -1 */) {
  checked_impl("diag_embed", self);
  const int64_t rank = self.dim() + 1;
  const int64_t a = wrap_dim("diag_embed", dim1, rank), b = wrap_dim("diag_embed", dim2, rank);
  if (a == b) fail<IndexError>("[diag_embed] dim1 {} and dim2 {} are the same dimension", dim1, dim2);
  if (offset > kFarthest || offset < -kFarthest) fail("[diag_embed] offset {} is more than any memory holds", offset);
  const int64_t side = self.size(-1) + std::abs(offset);
  DimVector sizes;
  int64_t next = 0;
  for (int64_t d = 0; d < rank; ++d) sizes.push_back(d == a || d == b ? side : self.size(next++));
  Tensor y = zeros(sizes, self.options());
  y.diagonal(offset, a, b).copy_(self);
  return y;
}
/// The elements of self as the diagonal `offset` of a matrix.
//: method
Tensor diagflat(const Tensor& self, int64_t offset /* = 0 */) { return self.reshape({-1}).diag(offset); }
/// The matrices along the diagonal of one, zeros elsewhere; vectors are rows.
//:
Tensor block_diag(TensorList tensors) {
  int64_t rows = 0, columns = 0;
  std::vector<Tensor> blocks;
  for (const Tensor& t : tensors) {
    checked_impl("block_diag", t);
    if (t.dim() > 2)
      fail<ShapeError>("[block_diag] tensors must have at most 2 dimensions, but one has shape {}",
                       shape_text(t.sizes()));
    blocks.push_back(atleast_2d(t));
    rows += blocks.back().size(0);
    columns += blocks.back().size(1);
  }
  if (blocks.empty()) return empty({1, 0});
  ScalarType dtype = blocks[0].scalar_type();
  for (const Tensor& t : blocks) dtype = promoteTypes(dtype, t.scalar_type());
  Tensor y = zeros({rows, columns}, dtype);
  int64_t r = 0, c = 0;
  for (const Tensor& t : blocks) {
    y.narrow(0, r, t.size(0)).narrow(1, c, t.size(1)).copy_(t);
    r += t.size(0);
    c += t.size(1);
  }
  return y;
}
/// Every combination of one element of each vector, a row each.
//:
Tensor cartesian_prod(TensorList tensors) {
  for (const Tensor& t : tensors)
    if (checked_impl("cartesian_prod", t)->sizes.size() != 1)
      fail<ShapeError>("[cartesian_prod] vectors are expected, but one tensor has shape {}", shape_text(t.sizes()));
  if (tensors.empty()) fail("[cartesian_prod] no tensors are given; give at least one vector");
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns;
  for (const Tensor& grid : meshgrid(tensors, "ij")) columns.push_back(grid.reshape({-1}));
  return stack(columns, 1);
}
/// All ways to choose r elements of a vector, in order, a row each.
//: method
Tensor combinations(const Tensor& self, int64_t r /* = 2 */, bool with_replacement /* = false */) {
  if (checked_impl("combinations", self)->sizes.size() != 1)
    fail<ShapeError>("[combinations] a vector is expected, but the shape is {}", shape_text(self.sizes()));
  if (r < 0) fail("[combinations] r must not be negative, but is {}", r);
  if (r == 0) return empty({0}, self.options());
  const int64_t n = self.numel();
  if (r > kMaxDims) fail("[combinations] r is {}, but at most {} elements can be combined", r, kMaxDims);
  const Tensor numbers = arange(n, kLong);
  const std::vector<Tensor> grids = meshgrid(std::vector<Tensor>(static_cast<size_t>(r), numbers), "ij");
  Tensor kept = ones(grids[0].sizes(), kBool);
  for (size_t i = 1; i < grids.size(); ++i)
    kept = kept.logical_and(with_replacement ? grids[i - 1].le(grids[i]) : grids[i - 1].lt(grids[i]));
  std::vector<Tensor> columns;
  for (const Tensor& grid : grids) columns.push_back(self.index_select(0, grid.masked_select(kept)));
  return stack(columns, 1);
}
/// Powers of x: the last dimension holds x^(N-1) … x^0, or the other way round if increasing.
//:
Tensor vander(const Tensor& x, std::optional<int64_t> N /* = std::nullopt */, bool increasing /* = false */) {
  if (checked_impl("vander", x)->sizes.size() != 1)
    fail<ShapeError>("[vander] a vector is expected, but the shape is {}", shape_text(x.sizes()));
  const int64_t n = N.value_or(x.numel());
  if (n < 0) fail("[vander] N must not be negative, but is {}", n);
  const Tensor powers = increasing ? arange(n, kLong) : arange(n - 1, -1, -1, kLong);
  return x.unsqueeze(-1).pow(powers);
}

/// self with src at the same place as select, slice, diagonal or as_strided would take it from.
//: method
Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index) {
  Tensor y = self.clone();
  y.select(dim, index).copy_(src.expand(y.select(dim, index).sizes()));
  return y;
}
//: method
Tensor slice_scatter(const Tensor& self, const Tensor& src, int64_t dim /* = 0 */,
                     std::optional<int64_t> start /* = std::nullopt */, std::optional<int64_t> end /* = std::nullopt */,
                     int64_t step /* = 1 */) {
  Tensor y = self.clone();
  y.slice(dim, start, end, step).copy_(src);
  return y;
}
//: method
Tensor diagonal_scatter(const Tensor& self, const Tensor& src, int64_t offset /* = 0 */, int64_t dim1 /* = 0 */,
                        int64_t dim2 /* = 1 */) {
  Tensor y = self.clone();
  y.diagonal(offset, dim1, dim2).copy_(src);
  return y;
}
//: method
Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size, IntArrayRef stride,
                          std::optional<int64_t> storage_offset /* = std::nullopt */) {
  Tensor y = self.clone();
  y.as_strided(size, stride, storage_offset).copy_(src);
  return y;
}
/// self with `value` on the diagonal of its first two dimensions; with wrap, a tall matrix's diagonal starts anew
/// below it.
//: inplace method
Tensor fill_diagonal(const Tensor& self, const Scalar& fill_value, bool wrap /* = false */) {
  checked_impl("fill_diagonal_", self);
  if (self.dim() < 2)
    fail<ShapeError>("[fill_diagonal_] at least 2 dimensions are expected, but the shape is {}",
                     shape_text(self.sizes()));
  for (int64_t d = 1; self.dim() > 2 && d < self.dim(); ++d)
    if (self.size(d) != self.size(0))
      fail<ShapeError>(
          "[fill_diagonal_] all dimensions must be equal where there are more than two, but the shape is {}",
          shape_text(self.sizes()));
  Tensor y = self.clone();
  int64_t side = self.size(0), step = 0;
  for (int64_t d = 0; d < self.dim(); ++d) {
    side = std::min(side, self.size(d));
    step += y.stride(d);
  }
  y.as_strided({side}, {step}).fill_(fill_value);
  const int64_t columns = self.size(1);
  if (wrap && self.dim() == 2 && self.size(0) > columns + 1)
    for (int64_t from = columns + 1; from < self.size(0); from += columns + 1)
      y.narrow(0, from, self.size(0) - from).diagonal().fill_(fill_value);
  return y;
}

}  // namespace hearth
