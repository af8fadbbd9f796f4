#pragma once

#include "hearth/enums.h"
#include "hearth/nn/module.h"

namespace hearth::nn {

namespace detail {
using loss_reduction_t = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;
}

struct LossOptions {
  using reduction_t = detail::loss_reduction_t;
  LossOptions() = default;
  LossOptions(enumtype::kNone r) : reduction_(r) {}  // NOLINT: implicit, as in LibTorch
  LossOptions(enumtype::kMean r) : reduction_(r) {}  // NOLINT
  LossOptions(enumtype::kSum r) : reduction_(r) {}   // NOLINT
  HEARTH_ARG(reduction_t, reduction) = kMean;
};
using MSELossOptions = LossOptions;
using L1LossOptions = LossOptions;

struct NLLLossOptions {
  using reduction_t = detail::loss_reduction_t;
  /// Of each class, [C].
  HEARTH_ARG(Tensor, weight);
  /// A target that does not count.
  HEARTH_ARG(int64_t, ignore_index) = -100;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct CrossEntropyLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(int64_t, ignore_index) = -100;
  HEARTH_ARG(reduction_t, reduction) = kMean;
  HEARTH_ARG(double, label_smoothing) = 0.0;
};

struct BCEWithLogitsLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(reduction_t, reduction) = kMean;
  /// Of the positive part of each class.
  HEARTH_ARG(Tensor, pos_weight);
};

/// (input - target)^2
class HEARTH_API MSELossImpl : public Cloneable<MSELossImpl> {
 public:
  explicit MSELossImpl(MSELossOptions options_ = {}) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
  MSELossOptions options;
};
HEARTH_MODULE(MSELoss);

/// The negative log-likelihood of class indices under log-probabilities.
class HEARTH_API NLLLossImpl : public Cloneable<NLLLossImpl> {
 public:
  explicit NLLLossImpl(NLLLossOptions options_ = {}) : options(std::move(options_)) { NLLLossImpl::reset(); }
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
  NLLLossOptions options;
  Tensor weight;
};
HEARTH_MODULE(NLLLoss);

/// The cross entropy between logits and class indices or probabilities.
class HEARTH_API CrossEntropyLossImpl : public Cloneable<CrossEntropyLossImpl> {
 public:
  explicit CrossEntropyLossImpl(CrossEntropyLossOptions options_ = {}) : options(std::move(options_)) {
    CrossEntropyLossImpl::reset();
  }
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
  CrossEntropyLossOptions options;
  Tensor weight;
};
HEARTH_MODULE(CrossEntropyLoss);

/// Binary cross entropy of sigmoid(input), without overflow.
class HEARTH_API BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(BCEWithLogitsLossOptions options_ = {}) : options(std::move(options_)) {
    BCEWithLogitsLossImpl::reset();
  }
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
  BCEWithLogitsLossOptions options;
  Tensor weight, pos_weight;
};
HEARTH_MODULE(BCEWithLogitsLoss);

}  // namespace hearth::nn
