// Losses over margins, pairs and triplets; of counts.
#include <numbers>

#include "ops/loss.h"

namespace hearth {

namespace {

/// Input [N, C] (or [C], taken as [1, C]) of losses over classes.
Tensor as_classes(const char* op, const Tensor& x) {
  if (x.dim() < 1 || x.dim() > 2 || x.size(-1) == 0)
    throw ShapeError(fmt::format("[{}] expected an input of shape [N, C] or [C] with at least one class, but got {}",
                                 op, shape_text(x.sizes())),
                     x.sizes().vec());
  return x.dim() == 1 ? x.unsqueeze(0) : x;
}
Tensor distance_between(const Tensor& a, const Tensor& b, double p, double eps) {
  return norm(a - b + eps, Scalar(p), {-1});
}
void check_labels(const char* op, const Tensor& target) {
  if (target.scalar_type() != kLong)
    throw DtypeError(fmt::format("[{}] target is {} but must be Long (class indices); convert it with to(kLong)", op,
                                 target.scalar_type()),
                     target.scalar_type(), kLong);
}

}  // namespace

/// self where target is 1, max(0, margin - self) where it is -1.
//:
Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin /* = 1 */,
                            int64_t reduction /* = Reduction::Mean */) {
  check_pair("hinge_embedding_loss", self, target);
  const Tensor apart = (margin - self).clamp_min(0).masked_fill(target.eq(1), 0);
  return apply_reduction("hinge_embedding_loss", apart + self.masked_fill(target.eq(-1), 0), reduction);
}

/// 1 - cos(input1, input2) where target is 1, max(0, cos - margin) where it is -1. Inputs [N, D] with target [N], or
/// [D] with a 0-dim target.
//:
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin /* = 0 */,
                             int64_t reduction /* = Reduction::Mean */) {
  check_pair("cosine_embedding_loss", input1, target);
  checked_impl("cosine_embedding_loss", input2);
  const int64_t rank = target.dim();
  if (rank > 1 || input1.dim() != rank + 1 || input2.dim() != rank + 1)
    throw ShapeError(fmt::format("[cosine_embedding_loss] inputs of shapes {} and {} do not fit target of shape {}; "
                                 "expected [N, D] with [N], or [D] with a 0-dim target",
                                 shape_text(input1.sizes()), shape_text(input2.sizes()), shape_text(target.sizes())),
                     input1.sizes().vec(), target.sizes().vec());
  constexpr double kLeast = 1e-12;
  const Tensor lengths = ((input1 * input1).sum(rank) + kLeast) * ((input2 * input2).sum(rank) + kLeast);
  const Tensor cosine = (input1 * input2).sum(rank) / lengths.sqrt();
  const Tensor alike = (1 - cosine).masked_fill(target.ne(1), 0);
  const Tensor apart = (cosine - margin).clamp_min(0).masked_fill(target.ne(-1), 0);
  return apply_reduction("cosine_embedding_loss", alike + apart, reduction);
}

/// max(0, margin - target * (input1 - input2)); target 1 asks that input1 ranks higher, -1 lower.
//:
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin /* = 0 */,
                           int64_t reduction /* = Reduction::Mean */) {
  check_pair("margin_ranking_loss", input1, target);
  checked_impl("margin_ranking_loss", input2);
  const Tensor loss = (margin - target * (input1 - input2)).clamp_min(0);
  return apply_reduction("margin_ranking_loss", loss, reduction);
}

/// sum over the other classes i of weight[y] max(0, margin - self[y] + self[i])^p / C for the class y of target [N].
//:
Tensor multi_margin_loss(const Tensor& self, const Tensor& target, const Scalar& p /* = 1 */,
                         const Scalar& margin /* = 1 */, const Tensor& weight /* = {} */,
                         int64_t reduction /* = Reduction::Mean */) {
  check_pair("multi_margin_loss", self, target);
  check_labels("multi_margin_loss", target);
  const double power = p.toDouble();
  if (power != 1 && power != 2) fail("[multi_margin_loss] p is {} but only 1 and 2 are supported", power);
  const Tensor x = as_classes("multi_margin_loss", self);
  if (target.numel() != x.size(0) || target.dim() > 1)
    throw ShapeError(fmt::format("[multi_margin_loss] target of shape {} does not fit input of shape {}; expected one "
                                 "class for each of {} rows",
                                 shape_text(target.sizes()), shape_text(self.sizes()), x.size(0)),
                     target.sizes().vec(), self.sizes().vec());
  if (weight.defined() && (weight.dim() != 1 || weight.numel() != x.size(1)))
    throw ShapeError(fmt::format("[multi_margin_loss] weight must be a vector with one entry for each of the {} "
                                 "classes, but its shape is {}",
                                 x.size(1), shape_text(weight.sizes())),
                     weight.sizes().vec(), {x.size(1)});
  const Tensor classes = target.reshape({-1, 1});
  Tensor above = (margin.toDouble() + x - x.gather(1, classes)).relu();
  if (power == 2) above = above * above;
  if (weight.defined()) above = above * weight.index_select(0, classes.reshape({-1})).unsqueeze(1);
  const Tensor loss = above.scatter(1, classes, 0).sum(1) / static_cast<double>(x.size(1));
  return apply_reduction("multi_margin_loss", self.dim() == 1 && target.dim() == 0 ? loss.squeeze(0) : loss, reduction);
}

/// sum over the labels y and the other classes i of max(0, 1 - (self[y] - self[i])) / C. target has self's shape [N, C]
/// or [C] and lists each row's labels, ended by -1.
//:
Tensor multilabel_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */) {
  check_pair("multilabel_margin_loss", self, target);
  check_labels("multilabel_margin_loss", target);
  check_same_shape("multilabel_margin_loss", "target", target, self);
  const Tensor x = as_classes("multilabel_margin_loss", self), t = target.reshape(x.sizes());
  const Tensor counts = t.ge(0).to(kLong).cumprod(1);  // 1 up to the first -1
  const int64_t most = counts.numel() > 0 ? counts.sum(1).max().item<int64_t>() : 0;
  if (counts.numel() > 0 && (t * counts).max().item<int64_t>() >= x.size(1))
    throw IndexError(fmt::format("[multilabel_margin_loss] target {} is no class: there are {} of them",
                                 (t * counts).max().item<int64_t>(), x.size(1)),
                     (t * counts).max().item<int64_t>(), x.size(1));
  const Tensor listed = counts.narrow(1, 0, most), labels = t.narrow(1, 0, most) * listed;  // [N, K]
  const Tensor is_label = zeros(x.sizes(), kLong).scatter_add(1, labels, listed).ne(0);
  const Tensor gaps = 1 - x.gather(1, labels).unsqueeze(2) + x.unsqueeze(1);  // [N, K, C]
  const Tensor skipped = logical_or(is_label.unsqueeze(1), listed.eq(0).unsqueeze(2));
  const Tensor loss = gaps.relu().masked_fill(skipped, 0).sum({1, 2}) / static_cast<double>(x.size(1));
  return apply_reduction("multilabel_margin_loss", self.dim() == 1 ? loss.squeeze(0) : loss, reduction);
}

/// log(1 + exp(-target * self)) for targets 1 and -1.
//:
Tensor soft_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */) {
  check_pair("soft_margin_loss", self, target);
  return apply_reduction("soft_margin_loss", softplus(-(target * self), 1, 1000), reduction);
}

/// max(0, margin + d(anchor, positive) - d(anchor, negative)) with d the p-norm; with swap, the nearer of anchor and
/// positive counts against the negative (Balntas et al., 2016).
//:
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           double margin /* = 1 */, double p /* = 2 */, double eps /* = 1e-06 */,
                           bool swap /* = false */, int64_t reduction /* = Reduction::Mean */) {
  check_pair("triplet_margin_loss", anchor, positive);
  checked_impl("triplet_margin_loss", negative);
  if (anchor.dim() != positive.dim() || anchor.dim() != negative.dim())
    throw ShapeError(
        fmt::format("[triplet_margin_loss] anchor, positive and negative must have as many dimensions as "
                    "each other, but their shapes are {}, {} and {}",
                    shape_text(anchor.sizes()), shape_text(positive.sizes()), shape_text(negative.sizes())),
        anchor.sizes().vec(), negative.sizes().vec());
  const Tensor near = distance_between(anchor, positive, p, eps);
  Tensor far = distance_between(anchor, negative, p, eps);
  if (swap) far = minimum(far, distance_between(positive, negative, p, eps));
  return apply_reduction("triplet_margin_loss", (margin + near - far).clamp_min(0), reduction);
}

/// -log P(target) of a Poisson distribution without constants: exp(input) - target * input, or, without log_input,
/// input - target * log(input + eps); `full` adds Stirling's approximation of log(target!) for targets above 1.
//:
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                        int64_t reduction) {
  check_pair("poisson_nll_loss", input, target);
  Tensor loss = log_input ? input.exp() - target * input : input - target * (input + eps).log();
  if (full) {
    const Tensor stirling = target * target.log() - target + 0.5 * (target * (2 * std::numbers::pi)).log();
    loss = loss + stirling.masked_fill(target.le(1), 0);
  }
  return apply_reduction("poisson_nll_loss", loss, reduction);
}

}  // namespace hearth
