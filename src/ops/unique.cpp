// The different values of a tensor, with where they are and how often.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

using Triple = std::tuple<Tensor, Tensor, Tensor>;

/// From rows in which equal neighbours shall become one: those kept, the group of each row, the sizes of the groups.
Triple collapse(const Tensor& rows, const Tensor& fresh, bool counts) {
  const Tensor group = fresh.to(kLong).cumsum(0) - 1;
  const Tensor kept = rows.index_select(0, fresh.nonzero().reshape({-1}));
  return {kept, group, counts ? bincount(group, {}, kept.size(0)) : empty({0}, kLong)};
}
/// Whether each row differs from the one before; the first does.
Tensor starts(const Tensor& rows) {
  const int64_t n = rows.size(0);
  Tensor fresh = ones({n}, kBool);
  if (n < 2) return fresh;
  Tensor differs = rows.slice(0, 1).ne(rows.slice(0, 0, n - 1));
  fresh.slice(0, 1).copy_(differs.dim() > 1 ? differs.flatten(1).any(1) : differs);
  return fresh;
}
/// The order that sorts rows [n, m] lexicographically.
Tensor row_order(const Tensor& rows) {
  Tensor order = arange(rows.size(0), kLong);
  for (int64_t column = rows.size(1) - 1; column >= 0; --column) {
    const Tensor key = rows.select(1, column).index_select(0, order);
    order = order.index_select(0, std::get<1>(key.sort(std::optional<bool>(true), 0)));
  }
  return order;
}
Tensor rows_along(const char* op, const Tensor& self, int64_t dim) {
  checked_impl(op, self);
  if (self.dim() == 0) fail<ShapeError>("[{}] a tensor with at least one dimension is expected, this one has none", op);
  return self.detach().movedim(wrap_dim(op, dim, self.dim()), 0);
}

}  // namespace

/// The different values in order (so always, whatever `sorted` says); with return_inverse where each element of self
/// went, with return_counts how often each came. What is not asked for is empty.
//:
std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted /* = true */,
                                            bool return_inverse /* = false */, bool return_counts /* = false */) {
  checked_impl("unique", self);
  (void)sorted;
  const auto [values, order] = self.detach().reshape({-1}).sort(std::optional<bool>(true), 0);
  const auto [kept, group, counts] = collapse(values, starts(values), return_counts);
  if (!return_inverse) return {kept, empty({0}, kLong), counts};
  return {kept, zeros({values.numel()}, kLong).scatter(0, order, group).reshape(self.sizes()), counts};
}
//:
std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted /* = true */, bool return_inverse /* = false */) {
  const auto [values, inverse, counts] = _unique2(self, sorted, return_inverse, false);
  return {values, inverse};
}
/// _unique2 under the name that Python has for it.
//:
std::tuple<Tensor, Tensor, Tensor> unique(const Tensor& self, bool sorted /* = true */,
                                          bool return_inverse /* = false */, bool return_counts /* = false */) {
  return _unique2(self, sorted, return_inverse, return_counts);
}
/// The different slices along dim, in lexicographic order.
//:
std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool sorted /* = true */,
                                              bool return_inverse /* = false */, bool return_counts /* = false */) {
  (void)sorted;
  const Tensor x = rows_along("unique_dim", self, dim);
  const int64_t n = x.size(0);
  if (n > 0 && x.numel() == 0)
    fail<ShapeError>("[unique_dim] the slices of shape {} along dimension {} are empty", shape_text(self.sizes()), dim);
  // LibTorch compares slices by their elements in the order that swapping dim with the first dimension gives.
  const Tensor keys = self.detach().transpose(0, dim);
  const Tensor order = row_order(keys.reshape({n, n ? x.numel() / n : 0}));
  const Tensor rows = x.index_select(0, order);
  const auto [kept, group, counts] = collapse(rows, starts(rows), return_counts);
  const Tensor inverse = return_inverse ? zeros({n}, kLong).scatter(0, order, group) : empty({0}, kLong);
  return {kept.movedim(0, wrap_dim("unique_dim", dim, self.dim())), inverse, counts};
}
/// The values without those that equal the one before; along dim, or of all elements.
//: method
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse /* = false */,
                                                      bool return_counts /* = false */,
                                                      std::optional<int64_t> dim /* = std::nullopt */) {
  checked_impl("unique_consecutive", self);
  const Tensor rows = dim ? rows_along("unique_consecutive", self, *dim) : self.detach().reshape({-1});
  const auto [kept, group, counts] = collapse(rows, starts(rows), return_counts);
  Tensor inverse = empty({0}, kLong);
  if (return_inverse) inverse = dim ? group : group.reshape(self.sizes());
  return {dim ? kept.movedim(0, wrap_dim("unique_consecutive", *dim, self.dim())) : kept, inverse, counts};
}
//:
std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, int64_t dim,
                                                          bool return_inverse /* = false */,
                                                          bool return_counts /* = false */) {
  return unique_consecutive(self, return_inverse, return_counts, dim);
}

}  // namespace hearth
