// Order: sort, top-k and what follows from them. NaN counts as the largest.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {
/// Values picked along dim send their gradient to where they came from.
void record_picked(const char* name, const Tensor& values, const Tensor& indices, const Tensor& self, int64_t dim) {
  autograd::record(name, {&values, &indices}, {&self}, [&] {
    return [dim, places = indices.detach(), from = DimVector(self.sizes())](const autograd::Grads& g) {
      if (!g[0].defined()) return autograd::Grads(1);
      return autograd::Grads{g[0].new_zeros(from).scatter(dim, places, g[0])};
    };
  });
}
}  // namespace

/// self in order along dim, and where each element came from. Equal elements keep their order if stable.
//: method
std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool> stable, int64_t dim /* = -1 */,
                                bool descending /* = false */) {
  checked_impl("sort", self);
  dim = wrap_dim("sort", dim, self.dim());
  Tensor values = make_tensor(self.sizes(), self.scalar_type()), indices = make_tensor(self.sizes(), kLong);
  kernels(self.device()).sort(values, indices, self, dim, descending, stable.value_or(false));
  record_picked("sort", values, indices, self, dim);
  return {values, indices};
}
//: method
std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim /* = -1 */, bool descending /* = false */) {
  return sort(self, std::optional<bool>(false), dim, descending);
}
//: method
Tensor argsort(const Tensor& self, int64_t dim /* = -1 */, bool descending /* = false */) {
  return std::get<1>(sort(self.detach(), std::optional<bool>(false), dim, descending));
}
//: method
Tensor argsort(const Tensor& self, bool stable, int64_t dim, bool descending /* = false */) {
  return std::get<1>(sort(self.detach(), std::optional<bool>(stable), dim, descending));
}
//: method out
Tensor msort(const Tensor& self) { return std::get<0>(sort(self, 0)); }
/// The k largest (or smallest) elements along dim, in order if sorted, and where they are.
//: method
std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim /* = -1 */, bool largest /* = true */,
                                bool sorted /* = true */) {
  checked_impl("topk", self);
  dim = wrap_dim("topk", dim, self.dim());
  const int64_t size = self.dim() == 0 ? 1 : self.size(dim);
  if (k < 0 || k > size)
    fail("[topk] k {} is out of range for dimension {} with size {} (shape {})", k, dim, size,
         shape_text(self.sizes()));
  DimVector sizes(self.sizes());
  if (self.dim() > 0) sizes[static_cast<size_t>(dim)] = k;
  Tensor values = make_tensor(sizes, self.scalar_type()), indices = make_tensor(sizes, kLong);
  kernels(self.device()).topk(values, indices, self, k, dim, largest, sorted);
  record_picked("topk", values, indices, self, dim);
  return {values, indices};
}
namespace {
std::tuple<Tensor, Tensor> order_statistic(const Tensor& self, int64_t rank, int64_t dim, bool keepdim) {
  auto [values, indices] = sort(self, std::optional<bool>(true), dim);
  Tensor v = values, i = indices;
  if (self.dim() > 0) {
    v = v.narrow(dim, rank, 1);
    i = i.narrow(dim, rank, 1);
    if (!keepdim) {
      v = v.squeeze(dim);
      i = i.squeeze(dim);
    }
  }
  return {v, i};
}
}  // namespace
/// The k-th smallest element along dim, and where it is.
//: method dimname
std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim /* = -1 */, bool keepdim /* = false */) {
  checked_impl("kthvalue", self);
  if (names::concern({&self}))
    return names::ran_along("kthvalue", self, dim, keepdim, [&] { return kthvalue(self, k, dim, keepdim); });
  dim = wrap_dim("kthvalue", dim, self.dim());
  const int64_t size = self.dim() == 0 ? 1 : self.size(dim);
  if (k < 1 || k > size) fail("[kthvalue] k {} is out of range for dimension {} with size {}", k, dim, size);
  return order_statistic(self, k - 1, dim, keepdim);
}
/// The lower of the middle elements along dim, and where it is; NaN if there is one.
//: method dimname
std::tuple<Tensor, Tensor> median(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  checked_impl("median", self);
  if (names::concern({&self}))
    return names::ran_along("median", self, dim, keepdim, [&] { return median(self, dim, keepdim); });
  dim = wrap_dim("median", dim, self.dim());
  const int64_t size = self.dim() == 0 ? 1 : self.size(dim);
  if (size == 0) fail<ShapeError>("[median] dimension {} of shape {} is empty", dim, shape_text(self.sizes()));
  auto [value, index] = order_statistic(self, (size - 1) / 2, dim, true);
  if (self.is_floating_point() && self.dim() > 0) {  // sorted last, NaN still decides
    auto [top, where_top] = self.max(dim, true);
    const Tensor bad = top.isnan();
    value = hearth::where(bad, top, value);
    index = hearth::where(bad, where_top, index);
  }
  if (keepdim || self.dim() == 0) return {value, index};
  return {value.squeeze(dim), index.squeeze(dim)};
}
/// The lower of the middle elements of all; NaN of none.
//: method
Tensor median(const Tensor& self) {
  checked_impl("median", self);
  const names::Off off;  // a number has none
  if (self.numel() == 0) {
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    return self.is_floating_point() ? self.sum() + nothing : full({}, nothing).to(self.scalar_type());
  }
  Tensor y = std::get<0>(median(self.detach().reshape({-1}), 0, false));
  return autograd::record("median", y, {&self}, [&] {
    return [x = autograd::Saved(self), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor in = (*x).detach(), value = (*y).detach();  // all elements that equal it share the gradient
      const Tensor equal = (value.isnan().item<bool>() ? in.isnan() : in.eq(value)).to(g.scalar_type());
      return equal * (g / equal.sum());
    };
  });
}

}  // namespace hearth
