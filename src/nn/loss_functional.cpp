// The functional forms of losses.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "hearth/error.h"
#include "hearth/nn/functional/loss.h"
#include "hearth/operators.h"
#include "hearth/warning.h"

namespace hearth::nn::functional {

namespace {

int64_t number(const nn::detail::loss_reduction_t& r) { return enumtype::reduction_get_enum(r); }

/// Broadcasting is seldom meant, so it is said aloud.
void warn_of_sizes(const char* loss, const Tensor& input, const Tensor& target) {
  if (!input.defined() || !target.defined() || input.sizes() == target.sizes()) return;
  warn(
      fmt::format("[{}] Using a target size ({}) that is different to the input size ({}). This will likely lead to "
                  "incorrect results due to broadcasting. Please ensure they have the same size.",
                  loss, to_string(target.sizes()), to_string(input.sizes())));
}

Tensor reduced(const Tensor& loss, const nn::detail::loss_reduction_t& reduction) {
  const int64_t r = number(reduction);
  return r == Reduction::None ? loss : r == Reduction::Sum ? loss.sum() : loss.mean();
}

}  // namespace

Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options) {
  return hearth::l1_loss(input, target, number(options.reduction()));
}
Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  warn_of_sizes("mse_loss", input, target);
  return hearth::mse_loss(input, target, number(options.reduction()));
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options) {
  return smooth_l1_loss(input, target, options, options.beta());
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta) {
  warn_of_sizes("smooth_l1_loss", input, target);
  return hearth::smooth_l1_loss(input, target, number(options.reduction()), beta);
}
Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options) {
  warn_of_sizes("huber_loss", input, target);
  return hearth::huber_loss(input, target, number(options.reduction()), options.delta());
}
Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options) {
  if (std::holds_alternative<enumtype::kMean>(options.reduction()))
    warn(
        "reduction: 'mean' divides the total loss by both the batch size and the support size. 'batchmean' divides "
        "only by the batch size, and aligns with the KL div math definition.");
  const bool by_batch = std::holds_alternative<enumtype::kBatchMean>(options.reduction());
  const int64_t r = by_batch ? Reduction::Sum : enumtype::reduction_get_enum(options.reduction());
  const Tensor loss = hearth::kl_div(input, target, r, options.log_target());
  return by_batch && input.dim() != 0 ? loss / static_cast<double>(input.size(0)) : loss;
}
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, const PoissonNLLLossFuncOptions& options) {
  return hearth::poisson_nll_loss(input, target, options.log_input(), options.full(), options.eps(),
                                  number(options.reduction()));
}
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& options) {
  const IntArrayRef in = input.sizes(), v = var.sizes();
  Tensor variance = var;
  if (in != v) {
    const size_t n = in.size();
    if (n > 0 && in.slice(0, n - 1) == v) {
      variance = var.unsqueeze(-1);
    } else if (n == 0 || v.size() != n || in.slice(0, n - 1) != v.slice(0, n - 1) || v[n - 1] != 1) {
      throw ShapeError(fmt::format("[gaussian_nll_loss] var is of incorrect size: {} for input {}; it must have the "
                                   "input's shape, or 1 in its last dimension, or lack it",
                                   to_string(v), to_string(in)),
                       v.vec(), in.vec());
    }
  }
  if (var.numel() > 0 && var.detach().lt(0).any().item<bool>())
    throw ValueError("[gaussian_nll_loss] var has negative entries");
  // The floor is no part of the function: its gradient passes, as in PyTorch.
  const Tensor least = variance + (variance.detach().clamp_min(options.eps()) - variance.detach());
  Tensor loss = 0.5 * (least.log() + (input - target).pow(2) / least);
  if (options.full()) loss = loss + 0.5 * std::log(2 * std::numbers::pi);
  return reduced(loss, options.reduction());
}
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const BinaryCrossEntropyFuncOptions& options) {
  return hearth::binary_cross_entropy(input, target, options.weight(), number(options.reduction()));
}
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  return hearth::binary_cross_entropy_with_logits(input, target, options.weight(), options.pos_weight(),
                                                  number(options.reduction()));
}
Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  return hearth::nll_loss(input, target, options.weight(), number(options.reduction()), options.ignore_index());
}
Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options) {
  return hearth::cross_entropy_loss(input, target, options.weight(), number(options.reduction()),
                                    options.ignore_index(), options.label_smoothing());
}

Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, const HingeEmbeddingLossFuncOptions& options) {
  return hearth::hinge_embedding_loss(input, target, options.margin(), number(options.reduction()));
}
Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const MultiMarginLossFuncOptions& options) {
  return hearth::multi_margin_loss(input, target, options.p(), options.margin(), options.weight(),
                                   number(options.reduction()));
}
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options) {
  return hearth::cosine_embedding_loss(input1, input2, target, options.margin(), number(options.reduction()));
}
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options) {
  if (input1.dim() != input2.dim() || input1.dim() != target.dim())
    throw ShapeError(
        fmt::format("[margin_ranking_loss] all inputs should have the same number of dimensions, but got input1: {}, "
                    "input2: {}, target: {}",
                    to_string(input1.sizes()), to_string(input2.sizes()), to_string(target.sizes())),
        input1.sizes().vec(), target.sizes().vec());
  return hearth::margin_ranking_loss(input1, input2, target, options.margin(), number(options.reduction()));
}
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options) {
  return hearth::multilabel_margin_loss(input, target, number(options.reduction()));
}
Tensor soft_margin_loss(const Tensor& input, const Tensor& target, const SoftMarginLossFuncOptions& options) {
  return hearth::soft_margin_loss(input, target, number(options.reduction()));
}
Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options) {
  Tensor loss = -(target * input.log_sigmoid() + (1 - target) * (-input).log_sigmoid());
  if (options.weight().defined()) loss = loss * options.weight();
  return reduced(loss.mean(-1), options.reduction());
}
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options) {
  return hearth::triplet_margin_loss(anchor, positive, negative, options.margin(), options.p(), options.eps(),
                                     options.swap(), number(options.reduction()));
}
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options) {
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return options.distance_function() ? (*options.distance_function())(a, b) : (a - b + 1e-6).norm(2, -1);
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (options.swap()) far = hearth::minimum(far, distance(positive, negative));
  return reduced((near - far + options.margin()).clamp_min(0), options.reduction());
}
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& options) {
  return hearth::ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank(),
                          number(options.reduction()), options.zero_infinity());
}

}  // namespace hearth::nn::functional
