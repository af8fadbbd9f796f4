// Distances and products between pairs of rows.
#include <cmath>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// The cosine of the angle between x1 and x2 along dim; norms count as at least eps.
//:
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim /* = 1 */, double eps /* = 1e-08 */) {
  checked_impl("cosine_similarity", x1);
  checked_impl("cosine_similarity", x2);
  check_floating("cosine_similarity", x1);
  const DimVector sizes = broadcast_sizes("cosine_similarity", x1.sizes(), x2.sizes());
  dim = wrap_dim("cosine_similarity", dim, static_cast<int64_t>(sizes.size()));
  const Tensor a = x1.expand(sizes), b = x2.expand(sizes);
  return (a * b).sum(dim) / (a.norm(2, dim).clamp_min(eps) * b.norm(2, dim).clamp_min(eps));
}

/// The p-norm of x1 - x2 + eps along the last dimension.
//:
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p /* = 2 */, double eps /* = 1e-06 */,
                         bool keepdim /* = false */) {
  checked_impl("pairwise_distance", x1);
  checked_impl("pairwise_distance", x2);
  check_floating("pairwise_distance", x1);
  broadcast_sizes("pairwise_distance", x1.sizes(), x2.sizes());
  return (x1 - x2 + eps).norm(p, -1, keepdim);
}

namespace {

Tensor cdist_euclidean(const Tensor& x1, const Tensor& x2, bool by_products) {
  Tensor y;
  {
    const NoGradGuard no_grad;
    if (by_products) {
      const Tensor squares = x1.square().sum(-1, true) + x2.square().sum(-1, true).transpose(-2, -1);
      y = (squares - x1.matmul(x2.transpose(-2, -1)) * 2).clamp_min(0).sqrt();
    } else {
      y = (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(2, -1);
    }
  }
  return autograd::record("cdist", y, {&x1, &x2}, [&] {
    return [x1 = autograd::Saved(x1), x2 = autograd::Saved(x2), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor a = *x1, b = *x2, d = *y, at = d.eq(0);
      const Tensor w = (g / d.masked_fill(at, 1)).masked_fill(at, 0);  // d(distance)/d(difference) is 0 at 0
      const Tensor wt = w.transpose(-2, -1);
      return autograd::Grads{sum_to(a * w.sum(-1, true) - w.matmul(b), a.sizes()),
                             sum_to(b * wt.sum(-1, true) - wt.matmul(a), b.sizes())};
    };
  });
}

/// How many rows of x1 to take at a time, so that their differences with all of x2 stay in cache.
int64_t rows_at_a_time(const Tensor& x1, const Tensor& x2) {
  if (GradMode::is_enabled()) return std::max<int64_t>(x1.size(-2), 1);  // recorded: as a whole
  constexpr int64_t elements = int64_t{1} << 17;
  const int64_t each = x2.numel() * std::max<int64_t>(1, x1.numel() / std::max<int64_t>(1, x1.size(-2) * x1.size(-1)));
  return std::max<int64_t>(1, elements / std::max<int64_t>(1, each));
}

/// w is the gradient divided by d^(p - 1): what each coordinate's sign(x1 - x2) |x1 - x2|^(p - 1) is multiplied by.
autograd::Grads cdist_grads(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d, double p) {
  const bool largest = std::isinf(p);
  const Tensor at = d.eq(0), w = p == 1 || largest ? g : (g / d.masked_fill(at, 1).pow(p - 1)).masked_fill(at, 0);
  const int64_t rows = a.size(-2), step = rows_at_a_time(a, b);
  std::vector<Tensor> ga;
  Tensor gb;
  for (int64_t r = 0; r < rows; r += step) {
    const int64_t n = std::min(step, rows - r);
    const Tensor difference = a.narrow(-2, r, n).unsqueeze(-2) - b.unsqueeze(-3), size = difference.abs();
    Tensor slope = difference.sign();
    if (largest) slope = slope * size.eq(d.narrow(-2, r, n).unsqueeze(-1));
    // Where a coordinate is equal there is no slope, and below p = 2 no power either.
    if (p != 1 && !largest) slope = slope * size.masked_fill(size.eq(0), 1).pow(p - 1);
    const Tensor part = slope * w.narrow(-2, r, n).unsqueeze(-1), other = part.sum(-3);
    ga.push_back(part.sum(-2));
    gb = gb.defined() ? gb + other : other;
  }
  if (ga.empty()) return {zeros_like(a), zeros_like(b)};
  return {sum_to(cat(ga, -2), a.sizes()), sum_to(-gb, b.sizes())};
}

/// p other than 0 and 2.
Tensor cdist_by_coordinates(const Tensor& x1, const Tensor& x2, double p) {
  std::vector<Tensor> parts;
  {
    const NoGradGuard no_grad;
    const int64_t rows = x1.size(-2), step = rows_at_a_time(x1, x2);
    for (int64_t r = 0; r < std::max<int64_t>(rows, 1); r += step)
      parts.push_back((x1.narrow(-2, r, std::min(step, rows - r)).unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1));
  }
  Tensor y = parts.size() == 1 ? parts[0] : cat(parts, -2);
  return autograd::record("cdist", y, {&x1, &x2}, [&] {
    return [x1 = autograd::Saved(x1), x2 = autograd::Saved(x2), y = autograd::SavedOutput(y), p](const Tensor& g) {
      return cdist_grads(g, *x1, *x2, *y, p);
    };
  });
}

void check_order(const char* op, double p) {
  if (!(p >= 0)) fail("[{}] p is {}; only p >= 0 is a distance", op, p);
}

}  // namespace

/// All distances between the rows of x1 [B…, P, M] and x2 [B…, R, M]: [B…, P, R]. compute_mode: 0 or none: by a matrix
/// product where p is 2 and there are more than 25 rows, 1: always for p = 2, 2: never.
//:
Tensor cdist(const Tensor& x1, const Tensor& x2, double p /* = 2 */,
             std::optional<int64_t> compute_mode /* = std::nullopt */) {
  checked_impl("cdist", x1);
  checked_impl("cdist", x2);
  check_floating("cdist", x1);
  check_order("cdist", p);
  if (x1.dim() < 2 || x2.dim() < 2 || x1.size(-1) != x2.size(-1))
    throw ShapeError(fmt::format("[cdist] x1 and x2 must be [B…, P, M] and [B…, R, M] with one M, but have shapes {} "
                                 "and {}",
                                 shape_text(x1.sizes()), shape_text(x2.sizes())),
                     x2.sizes().vec(), x1.sizes().vec());
  const int64_t mode = compute_mode.value_or(0);
  if (mode < 0 || mode > 2) fail("[cdist] possible modes: 0, 1, 2, but was: {}", mode);
  if (p == 0) return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1);
  if (p != 2) return cdist_by_coordinates(x1, x2, p);
  const bool many = x1.size(-2) > 25 || x2.size(-2) > 25;
  return cdist_euclidean(x1, x2, mode == 1 || (mode == 0 && many));
}

/// The distances between all pairs of rows of self [N, M], in the order (0, 1), (0, 2), …, (1, 2), …: [N (N - 1) / 2].
//:
Tensor pdist(const Tensor& self, double p /* = 2 */) {
  checked_impl("pdist", self);
  check_floating("pdist", self);
  check_order("pdist", p);
  if (self.dim() != 2) fail<ShapeError>("[pdist] only supports 2D tensors, got shape {}", shape_text(self.sizes()));
  const int64_t n = self.size(0), pairs = checked_numel("pdist", {n, std::max<int64_t>(n - 1, 0)}) / 2;
  make_tensor({pairs}, kLong);  // refused here if they are too many, before they are listed
  std::vector<int64_t> first, second;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = i + 1; j < n; ++j) {
      first.push_back(i);
      second.push_back(j);
    }
  if (first.empty()) return self.sum() * 0 + self.new_zeros({0});
  return (self.index_select(0, tensor(first)) - self.index_select(0, tensor(second))).norm(p, -1);
}

/// out[…, o] = input1[…, :] weight[o] input2[…, :]^T + bias[o]; weight [O, M1, M2].
//:
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias /* = {} */) {
  for (const Tensor* t : {&input1, &input2, &weight}) checked_impl("bilinear", *t);
  const auto refuse = [&](const char* what) {
    throw ShapeError(fmt::format("[bilinear] {}: input1 {}, input2 {}, weight {}", what, shape_text(input1.sizes()),
                                 shape_text(input2.sizes()), shape_text(weight.sizes())),
                     input1.sizes().vec(), weight.sizes().vec());
  };
  if (weight.dim() != 3 || input1.dim() < 1 || input1.dim() != input2.dim() ||
      input1.sizes().slice(0, input1.sizes().size() - 1) != input2.sizes().slice(0, input1.sizes().size() - 1))
    refuse("weight must be [O, M1, M2] and the inputs equal but for their last dimension");
  if (input1.size(-1) != weight.size(1) || input2.size(-1) != weight.size(2))
    refuse("the inputs' last dimensions must be those of the weight");
  if (bias.defined() && bias.sizes() != IntArrayRef({weight.size(0)}))
    throw ShapeError(fmt::format("[bilinear] bias has shape {} but the weight has {} outputs", shape_text(bias.sizes()),
                                 weight.size(0)),
                     bias.sizes().vec(), {weight.size(0)});
  const int64_t outputs = weight.size(0), m1 = weight.size(1), m2 = weight.size(2);
  DimVector sizes(input1.sizes());
  sizes.back() = outputs;
  const Tensor a = input1.reshape({-1, m1}), b = input2.reshape({-1, m2});
  const Tensor left = a.matmul(weight.permute({1, 0, 2}).reshape({m1, outputs * m2})).view({-1, outputs, m2});
  const Tensor y = left.matmul(b.unsqueeze(-1)).view(sizes);
  return bias.defined() ? y + bias : y;
}

}  // namespace hearth
