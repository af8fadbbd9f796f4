// Counting and finding: bins, unique values, places in sorted sequences, quantiles, the most frequent value.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

/// Checks a vector of integers of at least 0 and gives it as Long.
Tensor counted(const char* op, const Tensor& self) {
  checked_impl(op, self);
  if (!isIntegralType(self.scalar_type(), /*includeBool=*/false))
    throw DtypeError(fmt::format("[{}] integers are expected, not {}", op, self.scalar_type()), self.scalar_type(),
                     kLong);
  if (self.dim() != 1) fail<ShapeError>("[{}] a vector is expected, but the shape is {}", op, shape_text(self.sizes()));
  const Tensor values = self.to(kLong);
  if (values.numel() > 0 && values.min().item<int64_t>() < 0)
    fail("[{}] values must not be negative, but one is {}", op, values.min().item<int64_t>());
  return values;
}

bool is_sorted_pair(const Tensor& sequence, const Tensor& values) {
  if (sequence.dim() == 1) return true;
  if (sequence.dim() != values.dim() || sequence.dim() == 0) return false;
  return sequence.sizes().slice(0, sequence.sizes().size() - 1) == values.sizes().slice(0, values.sizes().size() - 1);
}

}  // namespace

/// How often each of 0 … max(self, minlength - 1) is in self; with weights, their sums.
//: method
Tensor bincount(const Tensor& self, const std::optional<Tensor>& weights /* = {} */, int64_t minlength /* = 0 */) {
  const Tensor values = counted("bincount", self);
  if (minlength < 0) fail("[bincount] minlength must not be negative, but is {}", minlength);
  const int64_t most = values.numel() ? values.max().item<int64_t>() + 1 : 0;
  const int64_t size = std::max(most, minlength);
  const bool weighted = weights && weights->defined();
  if (!weighted) return zeros({size}, kLong).index_add(0, values, ones({values.numel()}, kLong));
  if (weights->sizes() != self.sizes())
    throw ShapeError(fmt::format("[bincount] weights of shape {} do not fit values of shape {}",
                                 shape_text(weights->sizes()), shape_text(self.sizes())),
                     weights->sizes().vec(), self.sizes().vec());
  const Tensor w = weights->detach().to(weights->scalar_type() == kFloat ? kFloat : kDouble);
  return zeros({size}, w.options()).index_add(0, values, w);
}

/// How many elements fall into each of `bins` equal bins from min to max (both 0: self's own); others are left out.
//: method out
Tensor histc(const Tensor& self, int64_t bins /* = 100 */, const Scalar& min /* = 0 */, const Scalar& max /* = 0 */) {
  check_floating("histc", self);
  if (bins < 1) fail("[histc] bins must be at least 1, but is {}", bins);
  const Tensor x = self.detach().reshape({-1});
  double low = min.to<double>(), high = max.to<double>();
  if (low == high && x.numel() > 0) {
    low = x.min().item<double>();
    high = x.max().item<double>();
  }
  if (low == high) {
    low -= 1;
    high += 1;
  }
  if (!(std::isfinite(low) && std::isfinite(high))) fail("[histc] range of [{}, {}] is not finite", low, high);
  if (low > high) fail("[histc] max {} must be larger than min {}", high, low);
  const Tensor kept = x.masked_select(x.ge(low).logical_and(x.le(high)));
  const Tensor places =
      ((kept - low) * (static_cast<double>(bins) / (high - low))).floor().to(kLong).clamp_max(bins - 1);
  return zeros({bins}, x.options()).index_add(0, places, ones({places.numel()}, x.options()));
}

/// Where each value would go into the sorted sequence (its last dimension), as to keep it sorted: before equal
/// elements, or behind them with right or side "right". `sorter` sorts a sequence that is not.
//: out
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32 /* = false */,
                    bool right /* = false */, std::optional<std::string_view> side /* = std::nullopt */,
                    const std::optional<Tensor>& sorter /* = {} */) {
  checked_impl("searchsorted", sorted_sequence);
  checked_impl("searchsorted", self);
  if (side && *side != "left" && *side != "right")
    fail("[searchsorted] side is \"left\" or \"right\", not \"{}\"", *side);
  if (side && right && *side == "left") fail("[searchsorted] side is \"left\" but right is true; give one of them");
  if (!is_sorted_pair(sorted_sequence, self))
    throw ShapeError(
        fmt::format("[searchsorted] the sequence must be a vector, or have the shape of the values but for "
                    "the last dimension; they are {} and {}",
                    shape_text(sorted_sequence.sizes()), shape_text(self.sizes())),
        sorted_sequence.sizes().vec(), self.sizes().vec());
  Tensor sequence = sorted_sequence.detach();
  if (sorter && sorter->defined()) {
    if (sorter->sizes() != sequence.sizes())
      throw ShapeError(fmt::format("[searchsorted] sorter has shape {}, the sequence {}; they must be equal",
                                   shape_text(sorter->sizes()), shape_text(sequence.sizes())),
                       sorter->sizes().vec(), sequence.sizes().vec());
    sequence = sequence.gather(-1, *sorter);
  }
  const ScalarType common = result_dtype(sequence, self);
  const Tensor values = cast(self.detach(), common).contiguous();
  Tensor y = make_tensor(self.sizes(), out_int32 ? kInt : kLong);
  kernels(self.device()).searchsorted(y, cast(sequence, common).contiguous(), values, right || side == "right");
  return y;
}
//:
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32 /* = false */,
                    bool right /* = false */, std::optional<std::string_view> side /* = std::nullopt */,
                    const std::optional<Tensor>& sorter /* = {} */) {
  return searchsorted(sorted_sequence, scalar_tensor(self, TensorOptions(self.type())), out_int32, right, side, sorter);
}
/// searchsorted in a vector of boundaries.
//: out
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 /* = false */, bool right /* = false */) {
  checked_impl("bucketize", boundaries);
  if (boundaries.dim() != 1)
    fail<ShapeError>("[bucketize] boundaries must be a vector, but have shape {}", shape_text(boundaries.sizes()));
  return searchsorted(boundaries, self, out_int32, right);
}
//:
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 /* = false */, bool right /* = false */) {
  return bucketize(scalar_tensor(self, TensorOptions(self.type())), boundaries, out_int32, right);
}

constexpr int64_t kMaxBins = int64_t{1} << 48;  // more would not fit into any memory

/// Counts of self's elements between edges, (hist, edges), with weights and as a density if wanted. The last bin holds
/// its right edge too.
//: method
std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins,
                                     const std::optional<Tensor>& weight /* = {} */, bool density /* = false */) {
  check_floating("histogram", self);
  checked_impl("histogram", bins);
  if (bins.dim() != 1 || bins.numel() < 2)
    fail<ShapeError>("[histogram] bins must be a vector of at least 2 edges, but has shape {}",
                     shape_text(bins.sizes()));
  if (bins.scalar_type() != self.scalar_type())
    throw DtypeError(fmt::format("[histogram] bins are {} but the input is {}", bins.scalar_type(), self.scalar_type()),
                     bins.scalar_type(), self.scalar_type());
  const bool weighted = weight && weight->defined();
  if (weighted && weight->sizes() != self.sizes())
    throw ShapeError(fmt::format("[histogram] weight of shape {} does not fit the input of shape {}",
                                 shape_text(weight->sizes()), shape_text(self.sizes())),
                     weight->sizes().vec(), self.sizes().vec());
  const Tensor x = self.detach().reshape({-1}), edges = bins.detach();
  const int64_t count = edges.numel() - 1;
  const Tensor low = edges[0], high = edges[count];
  const Tensor kept = x.ge(low).logical_and(x.le(high));
  const Tensor places = (searchsorted(edges, x.masked_select(kept), false, true) - 1).clamp_max(count - 1);
  const Tensor w = weighted ? weight->detach().reshape({-1}).masked_select(kept).to(x.scalar_type())
                            : ones({places.numel()}, x.options());
  Tensor hist = zeros({count}, x.options()).index_add(0, places, w);
  if (density) hist = hist / (hist.sum() * (edges.slice(0, 1) - edges.slice(0, 0, count)));
  return {hist, edges.clone()};
}
/// The same over `bins` equal bins of range, or from self's least to its largest element.
//: method
std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins /* = 100 */,
                                     const std::optional<std::vector<double>>& range /* = std::nullopt */,
                                     const std::optional<Tensor>& weight /* = {} */, bool density /* = false */) {
  check_floating("histogram", self);
  if (bins < 1 || bins >= kMaxBins) fail("[histogram] bins must be from 1 to {}, but is {}", kMaxBins - 1, bins);
  double low = 0, high = 1;
  if (range) {
    if (range->size() != 2) fail("[histogram] range has {} numbers; give two", range->size());
    low = (*range)[0];
    high = (*range)[1];
  } else if (self.numel() > 0) {
    low = self.detach().min().item<double>();
    high = self.detach().max().item<double>();
  }
  if (!(std::isfinite(low) && std::isfinite(high)) || low > high)
    fail("[histogram] the range from {} to {} is not one", low, high);
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  return histogram(self, linspace(low, high, bins + 1, self.options().requires_grad(false)), weight, density);
}

/// Whether each element of `elements` is among test_elements; invert: is not.
//: out
Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique /* = false */,
            bool invert /* = false */) {
  checked_impl("isin", elements);
  checked_impl("isin", test_elements);
  (void)assume_unique;  // a promise that could only save time
  if (test_elements.numel() == 0) return full(elements.sizes(), invert, TensorOptions(kBool));
  const ScalarType common = result_dtype(elements, test_elements);
  const Tensor x = cast(elements.detach(), common);
  const Tensor sorted = std::get<0>(cast(test_elements.detach(), common).reshape({-1}).sort(0));
  const Tensor found = sorted.take(searchsorted(sorted, x).clamp_max(sorted.numel() - 1)).eq(x);
  return invert ? found.logical_not() : found;
}
//: out
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique /* = false */,
            bool invert /* = false */) {
  (void)assume_unique;
  return invert ? elements.ne(test_element) : elements.eq(test_element);
}
//: out
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique /* = false */,
            bool invert /* = false */) {
  return isin(scalar_tensor(element, TensorOptions(element.type())), test_elements, assume_unique, invert);
}

/// The most frequent value along dim (the least of several) and where it is last.
//: method dimname
std::tuple<Tensor, Tensor> mode(const Tensor& self, int64_t dim /* = -1 */, bool keepdim /* = false */) {
  checked_impl("mode", self);
  if (names::concern({&self}))
    return names::ran_along("mode", self, dim, keepdim, [&] { return mode(self, dim, keepdim); });
  dim = wrap_dim("mode", dim, self.dim());
  if (self.dim() == 0) return {self.clone(), zeros({}, kLong)};
  const int64_t n = self.size(dim);
  if (n == 0) fail<ShapeError>("[mode] dimension {} of shape {} is empty", dim, shape_text(self.sizes()));
  const auto [sorted, places] = self.detach().sort(std::optional<bool>(true), dim);
  DimVector shape(static_cast<size_t>(self.dim()), 1);
  shape[static_cast<size_t>(dim)] = n;
  const Tensor position = arange(n, kLong).reshape(shape).expand(self.sizes());
  Tensor fresh = ones(self.sizes(), kBool);
  if (n > 1) fresh.slice(dim, 1).copy_(sorted.slice(dim, 1).ne(sorted.slice(dim, 0, n - 1)));
  const Tensor run = position - std::get<0>(position.masked_fill(fresh.logical_not(), 0).cummax(dim));
  const Tensor index = places.gather(dim, run.argmax(dim, /*keepdim=*/true));
  const Tensor value = self.gather(dim, index);
  if (keepdim) return {value, index};
  return {value.squeeze(dim), index.squeeze(dim)};
}

/// The lower of the middle elements that are no NaN, and where it is; NaN where there are none.
//: method dimname
std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, int64_t dim, bool keepdim /* = false */) {
  checked_impl("nanmedian", self);
  if (names::concern({&self}))
    return names::ran_along("nanmedian", self, dim, keepdim, [&] { return nanmedian(self, dim, keepdim); });
  dim = wrap_dim("nanmedian", dim, self.dim());
  if (self.dim() == 0) return {self.clone(), zeros({}, kLong)};
  if (self.size(dim) == 0)
    fail<ShapeError>("[nanmedian] dimension {} of shape {} is empty", dim, shape_text(self.sizes()));
  const Tensor places = std::get<1>(self.detach().sort(std::optional<bool>(true), dim));
  const Tensor count = self.detach().isnan().logical_not().sum(dim, /*keepdim=*/true);
  const Tensor index = places.gather(dim, (count - 1).clamp_min(0).floor_divide(2));
  const Tensor value = self.gather(dim, index);
  if (keepdim) return {value, index};
  return {value.squeeze(dim), index.squeeze(dim)};
}
//: method
Tensor nanmedian(const Tensor& self) {
  checked_impl("nanmedian", self);
  const names::Off off;  // a number has none
  const Tensor there = self.masked_select(self.detach().isnan().logical_not());
  return median(there.numel() > 0 ? there : self);
}

namespace {
// Ranks are places between the sorted elements; NaN makes a row NaN, or is left out of it.
Tensor quantile_of(const char* op, const Tensor& self, const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation, bool ignore_nan) {
  check_floating(op, self);
  checked_impl(op, q);
  if (q.scalar_type() != self.scalar_type())
    throw DtypeError(fmt::format("[{}] q is {} but the input is {}", op, q.scalar_type(), self.scalar_type()),
                     q.scalar_type(), self.scalar_type());
  if (q.dim() > 1) fail<ShapeError>("[{}] q must be a number or a vector, but has shape {}", op, shape_text(q.sizes()));
  if (self.numel() == 0) fail<ShapeError>("[{}] the input of shape {} is empty", op, shape_text(self.sizes()));
  if (!q.detach().ge(0).logical_and(q.detach().le(1)).all().item<bool>()) fail("[{}] q must be in [0, 1]", op);
  const int64_t rank = self.dim();
  const int64_t d = dim ? wrap_dim(op, *dim, rank) : 0;
  const Tensor x = dim && rank > 0 ? self.movedim(d, -1) : self.reshape({-1});
  const Tensor sorted = std::get<0>(x.sort(-1));  // [..., n]
  const Tensor missing = x.detach().isnan();
  const Tensor count = ignore_nan ? missing.logical_not().sum(-1, true) : full({1}, x.size(-1), TensorOptions(kLong));
  const Tensor place = q.detach().reshape({-1}) * (count - 1).clamp_min(0).to(q.scalar_type());  // [..., Q]
  DimVector wanted(x.sizes());
  wanted.back() = q.numel();
  Tensor ranks = place.expand(wanted);
  if (!ignore_nan) ranks = ranks.masked_fill(missing.any(-1, true), static_cast<double>(x.size(-1) - 1));
  Tensor y;
  if (interpolation == "lower" || interpolation == "higher" || interpolation == "nearest") {
    const Tensor at = interpolation == "lower"    ? ranks.floor()
                      : interpolation == "higher" ? ranks.ceil()
                                                  : ranks.round();
    y = sorted.gather(-1, at.to(kLong));
  } else if (interpolation == "linear" || interpolation == "midpoint") {
    const Tensor below = ranks.floor(), above = ranks.ceil();
    const Tensor weight = interpolation == "midpoint" ? full_like(ranks, 0.5) : ranks - below;
    y = sorted.gather(-1, below.to(kLong)).lerp(sorted.gather(-1, above.to(kLong)), weight);
  } else {
    fail("[{}] interpolation is linear, lower, higher, midpoint or nearest, not \"{}\"", op, interpolation);
  }
  y = y.movedim(-1, 0);  // [Q, ...]
  if (keepdim && dim && rank > 0) y = y.unsqueeze(d + 1);
  if (keepdim && !dim)
    y = y.reshape([&] {
      DimVector sizes(static_cast<size_t>(rank) + 1, 1);
      sizes[0] = q.numel();
      return sizes;
    }());
  return q.dim() == 0 ? y.squeeze(0) : y;
}
}  // namespace
/// The q-quantiles along dim, or of all elements; several q come first: [Q, ...].
//: method
Tensor quantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim /* = std::nullopt */,
                bool keepdim /* = false */, std::string_view interpolation /* = "linear" */) {
  return quantile_of("quantile", self, q, dim, keepdim, interpolation, false);
}
//: method
Tensor quantile(const Tensor& self, double q, std::optional<int64_t> dim /* = std::nullopt */,
                bool keepdim /* = false */, std::string_view interpolation /* = "linear" */) {
  check_floating("quantile", self);
  return quantile(self, full({}, q, TensorOptions(self.scalar_type())), dim, keepdim, interpolation);
}
/// The same without the NaN.
//: method
Tensor nanquantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim /* = std::nullopt */,
                   bool keepdim /* = false */, std::string_view interpolation /* = "linear" */) {
  return quantile_of("nanquantile", self, q, dim, keepdim, interpolation, true);
}
//: method
Tensor nanquantile(const Tensor& self, double q, std::optional<int64_t> dim /* = std::nullopt */,
                   bool keepdim /* = false */, std::string_view interpolation /* = "linear" */) {
  check_floating("nanquantile", self);
  return nanquantile(self, full({}, q, TensorOptions(self.scalar_type())), dim, keepdim, interpolation);
}

}  // namespace hearth
