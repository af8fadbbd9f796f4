#pragma once

#include "hearth/nn/loss.h"

namespace hearth::nn {

struct HingeEmbeddingLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(double, margin) = 1.0;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct MultiMarginLossOptions {
  using reduction_t = detail::loss_reduction_t;
  /// 1 or 2.
  HEARTH_ARG(int64_t, p) = 1;
  HEARTH_ARG(double, margin) = 1.0;
  /// Of each class, [C].
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct CosineEmbeddingLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(double, margin) = 0.0;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct MarginRankingLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(double, margin) = 0;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

using MultiLabelMarginLossOptions = LossOptions;
using SoftMarginLossOptions = LossOptions;

struct MultiLabelSoftMarginLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct TripletMarginLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(double, margin) = 1.0;
  /// The norm's order.
  HEARTH_ARG(double, p) = 2.0;
  HEARTH_ARG(double, eps) = 1e-6;
  /// The nearer of anchor and positive counts against the negative.
  HEARTH_ARG(bool, swap) = false;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct TripletMarginWithDistanceLossOptions {
  using reduction_t = detail::loss_reduction_t;
  using distance_function_t = std::function<Tensor(const Tensor&, const Tensor&)>;
  /// The Euclidean distance unless given.
  HEARTH_ARG(std::optional<distance_function_t>, distance_function) = std::nullopt;
  HEARTH_ARG(double, margin) = 1.0;
  HEARTH_ARG(bool, swap) = false;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct CTCLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(int64_t, blank) = 0;
  HEARTH_ARG(reduction_t, reduction) = kMean;
  /// Losses of targets that don't fit their input, infinite, and their gradients count as 0.
  HEARTH_ARG(bool, zero_infinity) = false;
};

/// input where target is 1, max(0, margin - input) where it is -1.
class HEARTH_API HingeEmbeddingLossImpl : public detail::LossBase<HingeEmbeddingLossImpl, HingeEmbeddingLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(HingeEmbeddingLoss);

/// max(0, margin - input[y] + input[i])^p over the classes i other than target y.
class HEARTH_API MultiMarginLossImpl : public detail::WeightedLossBase<MultiMarginLossImpl, MultiMarginLossOptions> {
 public:
  using WeightedLossBase::WeightedLossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(MultiMarginLoss);

/// 1 - cos(input1, input2) where target is 1, max(0, cos - margin) where it is -1.
class HEARTH_API CosineEmbeddingLossImpl
    : public detail::LossBase<CosineEmbeddingLossImpl, CosineEmbeddingLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(CosineEmbeddingLoss);

/// max(0, margin - target * (input1 - input2)).
class HEARTH_API MarginRankingLossImpl : public detail::LossBase<MarginRankingLossImpl, MarginRankingLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(MarginRankingLoss);

/// max(0, 1 - input[y] + input[i]) over each row's labels y (target: listed, ended by -1) and other classes i.
class HEARTH_API MultiLabelMarginLossImpl
    : public detail::LossBase<MultiLabelMarginLossImpl, MultiLabelMarginLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(MultiLabelMarginLoss);

/// log(1 + exp(-target * input)) for targets 1 and -1.
class HEARTH_API SoftMarginLossImpl : public detail::LossBase<SoftMarginLossImpl, SoftMarginLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(SoftMarginLoss);

/// Binary cross entropy of sigmoid(input), mean over the classes of each row.
class HEARTH_API MultiLabelSoftMarginLossImpl
    : public detail::WeightedLossBase<MultiLabelSoftMarginLossImpl, MultiLabelSoftMarginLossOptions> {
 public:
  using WeightedLossBase::WeightedLossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(MultiLabelSoftMarginLoss);

/// max(0, margin + d(anchor, positive) - d(anchor, negative)) with d a p-norm (Balntas et al., 2016).
class HEARTH_API TripletMarginLossImpl : public detail::LossBase<TripletMarginLossImpl, TripletMarginLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
};
HEARTH_LIBRARY_MODULE(TripletMarginLoss);

/// The same with any distance.
class HEARTH_API TripletMarginWithDistanceLossImpl
    : public detail::LossBase<TripletMarginWithDistanceLossImpl, TripletMarginWithDistanceLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
};
HEARTH_LIBRARY_MODULE(TripletMarginWithDistanceLoss);

/// Connectionist temporal classification (Graves et al., 2006): log_probs [T, N, C], targets [N, S] or in one row.
class HEARTH_API CTCLossImpl : public detail::LossBase<CTCLossImpl, CTCLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                 const Tensor& target_lengths);
};
HEARTH_LIBRARY_MODULE(CTCLoss);

}  // namespace hearth::nn
