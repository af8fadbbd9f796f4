// Differences, integrals by the trapezoid rule, covariances, norms held below a bound.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// Differences of neighbours along dim, n times; `prepend` and `append` are joined on first.
//: method out
Tensor diff(const Tensor& self, int64_t n /* = 1 */, int64_t dim /* = -1 */,
            const std::optional<Tensor>& prepend /* = {} */, const std::optional<Tensor>& append /* = {} */) {
  checked_impl("diff", self);
  if (self.dim() == 0) fail<ShapeError>("[diff] a tensor with at least one dimension is expected, this one has none");
  if (n < 0) fail("[diff] order must not be negative, but is {}", n);
  dim = wrap_dim("diff", dim, self.dim());
  std::vector<Tensor> parts;
  if (prepend && prepend->defined()) parts.push_back(*prepend);
  parts.push_back(self);
  if (append && append->defined()) parts.push_back(*append);
  Tensor y = parts.size() == 1 ? self : cat(parts, dim);
  if (n == 0) return y.clone();
  for (int64_t i = 0; i < n && y.size(dim) > 0; ++i) {
    const int64_t size = y.size(dim);
    const Tensor high = y.narrow(dim, 1, size - 1), low = y.narrow(dim, 0, size - 1);
    y = y.scalar_type() == kBool ? high.logical_xor(low) : high - low;
  }
  return y;
}

namespace {
/// d self / d x along dim, x given by its coordinates [n] or a distance.
Tensor slope(const Tensor& self, int64_t dim, const Tensor& places, double step, int64_t edge_order) {
  const int64_t n = self.size(dim);
  if (edge_order != 1 && edge_order != 2) fail("[gradient] edge_order is 1 or 2, not {}", edge_order);
  if (n <= edge_order)
    fail<ShapeError>("[gradient] dimension {} of shape {} must be larger than edge_order {}", dim,
                     shape_text(self.sizes()), edge_order);
  const auto at = [&](int64_t i, int64_t count) { return self.narrow(dim, i, count); };
  DimVector shape(static_cast<size_t>(self.dim()), 1);
  shape[static_cast<size_t>(dim)] = n - 1;
  Tensor h = places.defined() ? diff(places).to(self.scalar_type()).reshape(shape)
                              : full(shape, step, self.options().requires_grad(false));
  const auto gap = [&](int64_t i, int64_t count) { return h.narrow(dim, i, count); };
  const Tensor a = n > 2 ? gap(0, n - 2) : h, b = n > 2 ? gap(1, n - 2) : h;  // before and behind a point
  std::vector<Tensor> parts;
  if (edge_order == 1) {
    parts.push_back((at(1, 1) - at(0, 1)) / gap(0, 1));
  } else {
    const Tensor p = gap(0, 1), q = gap(1, 1);
    parts.push_back(at(0, 1) * (-(p * 2 + q) / (p * (p + q))) + at(1, 1) * ((p + q) / (p * q)) -
                    at(2, 1) * (p / (q * (p + q))));
  }
  if (n > 2 && !places.defined()) {
    parts.push_back((at(2, n - 2) - at(0, n - 2)) / (2 * step));  // a NaN in the middle has no part in it
  } else if (n > 2) {
    parts.push_back(at(0, n - 2) * (-b / (a * (a + b))) + at(1, n - 2) * ((b - a) / (a * b)) +
                    at(2, n - 2) * (a / (b * (a + b))));
  }
  if (edge_order == 1) {
    parts.push_back((at(n - 1, 1) - at(n - 2, 1)) / gap(n - 2, 1));
  } else {
    const Tensor p = gap(n - 3, 1), q = gap(n - 2, 1);
    parts.push_back(at(n - 3, 1) * (q / (p * (p + q))) - at(n - 2, 1) * ((q + p) / (p * q)) +
                    at(n - 1, 1) * ((q * 2 + p) / (q * (p + q))));
  }
  return cat(parts, dim);
}
std::vector<int64_t> all_dims(const Tensor& self) {
  checked_impl("gradient", self);
  std::vector<int64_t> dims;
  for (int64_t d = 0; d < self.dim(); ++d) dims.push_back(d);
  return dims;
}
Tensor as_floating(const Tensor& self) {
  return self.is_floating_point() ? self : self.to(get_default_dtype_as_scalartype());
}
}  // namespace
/// The slopes of self along each of dims, by differences of second order inside and of edge_order at the ends;
/// `spacing` is the distance of neighbours.
//:
std::vector<Tensor> gradient(const Tensor& self, const Scalar& spacing, IntArrayRef dim, int64_t edge_order /* = 1 */) {
  checked_impl("gradient", self);
  std::vector<Tensor> out;
  for (const int64_t d : dim)
    out.push_back(
        slope(as_floating(self), wrap_dim("gradient", d, self.dim()), Tensor(), spacing.to<double>(), edge_order));
  return out;
}
//:
std::vector<Tensor> gradient(const Tensor& self, const std::optional<Scalar>& spacing /* = std::nullopt */,
                             std::optional<int64_t> dim /* = std::nullopt */, int64_t edge_order /* = 1 */) {
  const std::vector<int64_t> dims = dim ? std::vector<int64_t>{*dim} : all_dims(self);
  return gradient(self, spacing.value_or(1), dims, edge_order);
}
//:
std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order /* = 1 */) {
  return gradient(self, 1, dim, edge_order);
}
/// A distance for each dimension, or the coordinates along each.
//:
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing,
                             std::optional<int64_t> dim /* = std::nullopt */, int64_t edge_order /* = 1 */) {
  const std::vector<int64_t> dims = dim ? std::vector<int64_t>{*dim} : all_dims(self);
  if (spacing.size() != dims.size()) fail("[gradient] {} spacings for {} dimensions", spacing.size(), dims.size());
  std::vector<Tensor> out;
  for (size_t i = 0; i < dims.size(); ++i)
    out.push_back(gradient(self, spacing[i], IntArrayRef(dims[i]), edge_order)[0]);
  return out;
}
//:
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, std::optional<int64_t> dim /* = std::nullopt */,
                             int64_t edge_order /* = 1 */) {
  const std::vector<int64_t> dims = dim ? std::vector<int64_t>{*dim} : all_dims(self);
  if (spacing.size() != dims.size()) fail("[gradient] {} coordinates for {} dimensions", spacing.size(), dims.size());
  std::vector<Tensor> out;
  for (size_t i = 0; i < dims.size(); ++i) {
    const int64_t d = wrap_dim("gradient", dims[i], self.dim());
    if (spacing[i].dim() != 1 || spacing[i].size(0) != self.size(d))
      throw ShapeError(fmt::format("[gradient] coordinates of shape {} for dimension {} of shape {}",
                                   shape_text(spacing[i].sizes()), d, shape_text(self.sizes())),
                       spacing[i].sizes().vec(), self.sizes().vec());
    out.push_back(slope(as_floating(self), d, spacing[i], 1, edge_order));
  }
  return out;
}

namespace {
/// (y[i] + y[i + 1]) / 2 times the width, along dim.
Tensor trapezoids(const char* op, const Tensor& y, const Tensor& x, double dx, int64_t& dim) {
  checked_impl(op, y);
  if (y.dim() == 0) fail<ShapeError>("[{}] a tensor with at least one dimension is expected, this one has none", op);
  dim = wrap_dim(op, dim, y.dim());
  const int64_t n = y.size(dim);
  if (n == 0) return y;
  const Tensor sums = y.narrow(dim, 1, n - 1) + y.narrow(dim, 0, n - 1);
  if (!x.defined()) return sums * (dx / 2);
  if (x.size(x.dim() == 1 ? 0 : dim - (y.dim() - x.dim())) != n)
    throw ShapeError(fmt::format("[{}] x of shape {} has not the {} points of y (shape {}) along dimension {}", op,
                                 shape_text(x.sizes()), n, shape_text(y.sizes()), dim),
                     x.sizes().vec(), y.sizes().vec());
  Tensor widths = diff(x, 1, x.dim() == 1 ? 0 : dim - (y.dim() - x.dim()));
  if (x.dim() == 1 && y.dim() > 1) {
    DimVector shape(static_cast<size_t>(y.dim()), 1);
    shape[static_cast<size_t>(dim)] = n - 1;
    widths = widths.reshape(shape);
  }
  return sums * widths / 2;
}
}  // namespace
/// The integral of y along dim by the trapezoid rule, at the points x or dx apart.
//:
Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim /* = -1 */) {
  checked_impl("trapezoid", x);
  const Tensor parts = trapezoids("trapezoid", y, x, 1, dim);
  return parts.sum(dim);
}
//:
Tensor trapezoid(const Tensor& y, const Scalar& dx /* = 1 */, int64_t dim /* = -1 */) {
  const Tensor parts = trapezoids("trapezoid", y, Tensor(), dx.to<double>(), dim);
  return parts.sum(dim);
}
//:
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim /* = -1 */) { return trapezoid(y, x, dim); }
//:
Tensor trapz(const Tensor& y, double dx /* = 1 */, int64_t dim /* = -1 */) { return trapezoid(y, Scalar(dx), dim); }
/// The running integral: one element fewer than y along dim.
//:
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim /* = -1 */) {
  checked_impl("cumulative_trapezoid", x);
  const Tensor parts = trapezoids("cumulative_trapezoid", y, x, 1, dim);
  return parts.cumsum(dim);
}
//:
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx /* = 1 */, int64_t dim /* = -1 */) {
  const Tensor parts = trapezoids("cumulative_trapezoid", y, Tensor(), dx.to<double>(), dim);
  return parts.cumsum(dim);
}

/// The covariance matrix of variables (rows) over observations (columns); fweights count an observation several times,
/// aweights weigh it.
//: method
Tensor cov(const Tensor& self, int64_t correction /* = 1 */, const std::optional<Tensor>& fweights /* = {} */,
           const std::optional<Tensor>& aweights /* = {} */) {
  checked_impl("cov", self);
  if (self.dim() > 2)
    fail<ShapeError>("[cov] at most 2 dimensions are expected, but the shape is {}", shape_text(self.sizes()));
  if (self.scalar_type() == kBool) throw DtypeError("[cov] bool has no covariance; convert it first", kBool, kFloat);
  const Tensor x = as_floating(self.dim() < 2 ? self.reshape({1, -1}) : self);
  const int64_t n = x.size(1);
  Tensor w;
  const auto weigh = [&](const char* name, const std::optional<Tensor>& given) {
    if (!given || !given->defined()) return;
    if (given->dim() > 1 || given->numel() != n)
      throw ShapeError(fmt::format("[cov] {} of shape {} for {} observations", name, shape_text(given->sizes()), n),
                       given->sizes().vec(), x.sizes().vec());
    if (n > 0 && given->detach().lt(0).any().item<bool>()) fail("[cov] {} must not be negative", name);
    const Tensor v = given->to(x.scalar_type());
    w = w.defined() ? w * v : v;
  };
  weigh("fweights", fweights);
  weigh("aweights", aweights);
  const Tensor total = w.defined() ? w.sum() : full({}, n, x.options().requires_grad(false));
  const Tensor mean = w.defined() ? (x * w).sum(1, true) / total : x.mean(1, true);
  Tensor norm = total - correction;
  if (w.defined() && aweights && aweights->defined() && correction != 0)
    norm = total - ((w * aweights->to(x.scalar_type())).sum() / total) * correction;
  const Tensor centred = x - mean;
  const Tensor weighted = w.defined() ? centred * w : centred;
  return (weighted.mm(centred.t()) / norm.clamp_min(0)).squeeze();
}
/// Pearson's correlation of the variables (rows).
//: method
Tensor corrcoef(const Tensor& self) {
  checked_impl("corrcoef", self);
  if (self.dim() > 2)
    fail<ShapeError>("[corrcoef] at most 2 dimensions are expected, but the shape is {}", shape_text(self.sizes()));
  const Tensor c = cov(self);
  if (c.dim() == 0) return c / c;
  const Tensor deviation = c.diag().sqrt();
  return (c / deviation.unsqueeze(-1) / deviation).clamp(-1, 1);
}

/// Slices along dim scaled down to a p-norm of at most maxnorm.
//: method inplace out
Tensor renorm(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm) {
  check_floating("renorm", self);
  if (self.dim() < 2)
    fail<ShapeError>("[renorm] at least 2 dimensions are expected, but the shape is {}", shape_text(self.sizes()));
  if (!(p.to<double>() > 0)) fail("[renorm] p must be positive, but is {}", p.to<double>());
  if (!(maxnorm.to<double>() >= 0)) fail("[renorm] maxnorm must not be negative, but is {}", maxnorm.to<double>());
  dim = wrap_dim("renorm", dim, self.dim());
  std::vector<int64_t> others;
  for (int64_t d = 0; d < self.dim(); ++d)
    if (d != dim) others.push_back(d);
  const Tensor size = self.norm(p, others, /*keepdim=*/true);
  const Tensor factor = maxnorm.to<double>() / (size + 1e-7);
  return self * hearth::where(size.gt(maxnorm), factor, ones_like(factor));
}

}  // namespace hearth
