// Looked-up rows summed by bags.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

Tensor as_indices(const char* op, const char* what, const Tensor& t) {
  checked_impl(op, t);
  if (t.scalar_type() != kLong && t.scalar_type() != kInt)
    throw DtypeError(
        fmt::format("[{}] {} is {} but must be Long; convert it with to(kLong)", op, what, t.scalar_type()),
        t.scalar_type(), kLong);
  if (t.dim() != 1)
    throw ShapeError(fmt::format("[{}] {} must be a vector, but its shape is {}", op, what, shape_text(t.sizes())),
                     t.sizes().vec());
  return t.detach().to(kLong).contiguous();
}

/// Which bag each index is in, [n]; offsets rise from 0 to at most n.
Tensor bags_of(const Tensor& offsets, int64_t bags, int64_t n) {
  Tensor out = zeros({n}, kLong);
  const int64_t* at = offsets.data_ptr<int64_t>();
  int64_t* bag = out.data_ptr<int64_t>();
  for (int64_t b = 0; b < offsets.numel(); ++b) {
    const int64_t begin = at[b], end = b + 1 < offsets.numel() ? at[b + 1] : n;
    if ((b == 0 && begin != 0) || end < begin || end > n)
      fail("[embedding_bag] offsets must rise from 0 to at most the {} indices, but offset {} is {} and the next {}", n,
           b, begin, end);
    for (int64_t i = begin; i < end; ++i) bag[i] = std::min(b, bags - 1);
  }
  return out;
}

/// The largest of each bag, 0 for an empty one; the indices that won, -1 where there is none.
std::tuple<Tensor, Tensor> largest_of_bags(const Tensor& weight, const Tensor& indices, const Tensor& bag,
                                           const Tensor& counted, int64_t bags) {
  // Places of each bag's indices as a matrix [bags, longest], by their number within the bag.
  const Tensor sizes = zeros({bags}, kLong).index_add(0, bag, counted.to(kLong));
  const int64_t longest = bags > 0 && indices.numel() > 0 ? sizes.max().item<int64_t>() : 0;
  if (longest == 0)  // zeros that have the weight in their history
    return {embedding(weight, zeros({bags, 0}, kLong)).sum(1), full({bags, weight.size(1)}, -1, kLong)};
  Tensor table = full({bags, longest}, -1, kLong);
  std::vector<int64_t> used(static_cast<size_t>(bags), 0);
  const Tensor take = counted.to(kLong);
  for (int64_t i = 0; i < indices.numel(); ++i) {
    if (take.data_ptr<int64_t>()[i] == 0) continue;
    const int64_t b = bag.data_ptr<int64_t>()[i];
    table.data_ptr<int64_t>()[b * longest + used[static_cast<size_t>(b)]++] = indices.data_ptr<int64_t>()[i];
  }
  const Tensor none = table.lt(0);
  const Tensor rows = embedding(weight, table.masked_fill(none, 0));  // [bags, longest, features]
  const auto [values, places] =
      rows.masked_fill(none.unsqueeze(2), -std::numeric_limits<double>::infinity()).max(1, /*keepdim=*/false);
  const Tensor empty_bag = sizes.eq(0).unsqueeze(1);
  return {values.masked_fill(empty_bag, 0), table.gather(1, places).masked_fill(empty_bag, -1)};
}

}  // namespace

/// Rows of weight [num, features] for indices [n], combined by bags that begin at offsets: mode 0 sums, 1 takes the
/// mean, 2 the largest. include_last_offset: the last offset is the end. padding_idx counts nowhere. per_sample_weights
/// [n] multiply the rows (mode 0). Gives the bags [B, features], each index's bag, the bags' sizes, and the indices
/// that won (mode 2). An empty bag is 0.
//:
std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices,
                                                         const Tensor& offsets, bool scale_grad_by_freq /* = false */,
                                                         int64_t mode /* = 0 */, bool sparse /* = false */,
                                                         const Tensor& per_sample_weights /* = {} */,
                                                         bool include_last_offset /* = false */,
                                                         std::optional<int64_t> padding_idx /* = std::nullopt */) {
  checked_impl("embedding_bag", weight);
  if (weight.dim() != 2)
    throw ShapeError(fmt::format("[embedding_bag] weight must be a matrix of rows to look up, but its shape is {}",
                                 shape_text(weight.sizes())),
                     weight.sizes().vec());
  if (mode < 0 || mode > 2) fail("[embedding_bag] mode is {}; 0 sums, 1 takes the mean, 2 the largest", mode);
  if (sparse) fail<NotImplementedError>("[embedding_bag] sparse gradients are not supported; leave sparse false");
  if (mode == 2 && scale_grad_by_freq) fail("[embedding_bag] mode max does not support scale_grad_by_freq");
  const Tensor places = as_indices("embedding_bag", "indices", indices),
               starts = as_indices("embedding_bag", "offsets", offsets);
  if (per_sample_weights.defined()) {
    if (mode != 0) fail("[embedding_bag] per_sample_weights go with mode sum only");
    if (per_sample_weights.sizes() != indices.sizes() || per_sample_weights.scalar_type() != weight.scalar_type())
      throw ShapeError(fmt::format("[embedding_bag] per_sample_weights are {} of shape {} but must be {} of indices' "
                                   "shape {}",
                                   per_sample_weights.scalar_type(), shape_text(per_sample_weights.sizes()),
                                   weight.scalar_type(), shape_text(indices.sizes())),
                       per_sample_weights.sizes().vec(), indices.sizes().vec());
  }
  const int64_t rows = weight.size(0), n = places.numel(), bags = starts.numel() - (include_last_offset ? 1 : 0);
  if (bags < 0) fail("[embedding_bag] include_last_offset needs at least one offset");
  if (padding_idx && (*padding_idx < -rows || *padding_idx >= rows))
    throw IndexError(fmt::format("[embedding_bag] padding_idx {} is no row of {}", *padding_idx, rows), *padding_idx,
                     rows);
  const int64_t padding = padding_idx ? (*padding_idx < 0 ? *padding_idx + rows : *padding_idx) : -1;
  if (bags == 0 && n > 0) fail("[embedding_bag] {} indices but no bag", n);
  const Tensor bag = bags_of(starts, bags, n);
  const Tensor counted = places.ne(padding);
  const Tensor sizes = zeros({bags}, kLong).index_add(0, bag, counted.to(kLong));
  if (mode == 2) {
    auto [values, winners] = largest_of_bags(weight, places, bag, counted, bags);
    return {values, bag, sizes, winners};
  }
  Tensor found = embedding(weight, places, padding, scale_grad_by_freq);
  if (padding >= 0) found = found.masked_fill(counted.logical_not().unsqueeze(1), 0);
  if (per_sample_weights.defined()) found = found * per_sample_weights.unsqueeze(1);
  Tensor sums = weight.new_zeros({bags, weight.size(1)}).index_add(0, bag, found);
  if (mode == 1) sums = sums / sizes.clamp_min(1).to(weight.scalar_type()).unsqueeze(1);
  return {sums, bag, sizes, Tensor()};
}

/// Rows of self that indices name and whose norm exceeds max_norm are scaled down to it, in place.
//:
Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  checked_impl("embedding_renorm_", self);
  const Tensor places = as_indices("embedding_renorm_", "indices", indices.defined() ? indices.reshape({-1}) : indices);
  if (self.dim() != 2)
    throw ShapeError(
        fmt::format("[embedding_renorm_] self must be a matrix, but its shape is {}", shape_text(self.sizes())),
        self.sizes().vec());
  if (!(norm_type > 0)) fail("[embedding_renorm_] norm_type is {} but must be positive", norm_type);
  const NoGradGuard no_grad;
  const Tensor used = self.new_zeros({self.size(0)}).index_fill(0, places, 1).ne(0);
  const Tensor lengths = norm(self.detach(), Scalar(norm_type), {1}, true);
  const Tensor shrink = logical_and(lengths.gt(max_norm), used.unsqueeze(1));
  self.mul_((max_norm / (lengths + 1e-7)).masked_fill(shrink.logical_not(), 1));
  return self;
}

}  // namespace hearth
