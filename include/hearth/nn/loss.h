#pragma once

#include "hearth/enums.h"
#include "hearth/nn/module.h"

namespace hearth::nn {

namespace detail {
using loss_reduction_t = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;

/// A loss without parameters: nothing but options.
template <class Derived, class Options>
class LossBase : public Cloneable<Derived> {
 public:
  explicit LossBase(Options options_ = {}) : options(std::move(options_)) {}
  void reset() override {}
  Options options;
};
/// The same memory by a handle of its own, so that a clone's buffer is not the original's.
inline Tensor own_handle(const Tensor& t) { return t.defined() ? t.detach() : t; }

/// A loss with a weight of each class or element, a buffer.
template <class Derived, class Options>
class WeightedLossBase : public Cloneable<Derived> {
 public:
  explicit WeightedLossBase(Options options_ = {}) : options(std::move(options_)) { WeightedLossBase::reset(); }
  void reset() override { weight = this->register_buffer("weight", own_handle(options.weight())); }
  Options options;
  Tensor weight;
};
}  // namespace detail

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

struct KLDivLossOptions {
  using reduction_t = std::variant<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  KLDivLossOptions() = default;
  KLDivLossOptions(enumtype::kNone r) : reduction_(r) {}       // NOLINT: implicit, as in LibTorch
  KLDivLossOptions(enumtype::kBatchMean r) : reduction_(r) {}  // NOLINT
  KLDivLossOptions(enumtype::kSum r) : reduction_(r) {}        // NOLINT
  KLDivLossOptions(enumtype::kMean r) : reduction_(r) {}       // NOLINT
  HEARTH_ARG(reduction_t, reduction) = kMean;
  /// The target holds logarithms.
  HEARTH_ARG(bool, log_target) = false;
};

struct SmoothL1LossOptions {
  using reduction_t = detail::loss_reduction_t;
  SmoothL1LossOptions() = default;
  SmoothL1LossOptions(enumtype::kNone r) : reduction_(r) {}  // NOLINT
  SmoothL1LossOptions(enumtype::kMean r) : reduction_(r) {}  // NOLINT
  SmoothL1LossOptions(enumtype::kSum r) : reduction_(r) {}   // NOLINT
  HEARTH_ARG(reduction_t, reduction) = kMean;
  /// Where the square gives way to the line.
  HEARTH_ARG(double, beta) = 1.0;
};

struct HuberLossOptions {
  using reduction_t = detail::loss_reduction_t;
  HuberLossOptions() = default;
  HuberLossOptions(enumtype::kNone r) : reduction_(r) {}  // NOLINT
  HuberLossOptions(enumtype::kMean r) : reduction_(r) {}  // NOLINT
  HuberLossOptions(enumtype::kSum r) : reduction_(r) {}   // NOLINT
  HEARTH_ARG(reduction_t, reduction) = kMean;
  HEARTH_ARG(double, delta) = 1.0;
};

struct BCELossOptions {
  using reduction_t = detail::loss_reduction_t;
  /// Of each element; broadcasts.
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct PoissonNLLLossOptions {
  using reduction_t = detail::loss_reduction_t;
  /// The input holds the logarithm of the rate.
  HEARTH_ARG(bool, log_input) = true;
  /// Adds Stirling's term.
  HEARTH_ARG(bool, full) = false;
  HEARTH_ARG(double, eps) = 1e-8;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

struct GaussianNLLLossOptions {
  using reduction_t = detail::loss_reduction_t;
  /// Adds the constant log(2 pi) / 2.
  HEARTH_ARG(bool, full) = false;
  /// Variances count as at least this.
  HEARTH_ARG(double, eps) = 1e-6;
  HEARTH_ARG(reduction_t, reduction) = kMean;
};

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

/// |input - target|
class HEARTH_API L1LossImpl : public detail::LossBase<L1LossImpl, L1LossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(L1Loss);

/// (input - target)^2
class HEARTH_API MSELossImpl : public detail::LossBase<MSELossImpl, MSELossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(MSELoss);

/// Squared below beta and linear above (Girshick, 2015).
class HEARTH_API SmoothL1LossImpl : public detail::LossBase<SmoothL1LossImpl, SmoothL1LossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(SmoothL1Loss);

/// Squared below delta and linear above (Huber, 1964).
class HEARTH_API HuberLossImpl : public detail::LossBase<HuberLossImpl, HuberLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(HuberLoss);

/// target * (log(target) - input) for log-probabilities: the divergence of input from target.
class HEARTH_API KLDivLossImpl : public detail::LossBase<KLDivLossImpl, KLDivLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(KLDivLoss);

/// -log P(target) of Poisson distributions with rates exp(input).
class HEARTH_API PoissonNLLLossImpl : public detail::LossBase<PoissonNLLLossImpl, PoissonNLLLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& log_input, const Tensor& targets);
};
HEARTH_LIBRARY_MODULE(PoissonNLLLoss);

/// -log P(target) of normal distributions: (log(var) + (input - target)^2 / var) / 2. var: input's shape, or without
/// its last dimension, or 1 in it.
class HEARTH_API GaussianNLLLossImpl : public detail::LossBase<GaussianNLLLossImpl, GaussianNLLLossOptions> {
 public:
  using LossBase::LossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target, const Tensor& var);
};
HEARTH_LIBRARY_MODULE(GaussianNLLLoss);

/// -(target log(input) + (1 - target) log(1 - input)) for probabilities.
class HEARTH_API BCELossImpl : public detail::WeightedLossBase<BCELossImpl, BCELossOptions> {
 public:
  using WeightedLossBase::WeightedLossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(BCELoss);

/// The negative log-likelihood of class indices under log-probabilities.
class HEARTH_API NLLLossImpl : public detail::WeightedLossBase<NLLLossImpl, NLLLossOptions> {
 public:
  using WeightedLossBase::WeightedLossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(NLLLoss);

/// The cross entropy between logits and class indices or probabilities.
class HEARTH_API CrossEntropyLossImpl : public detail::WeightedLossBase<CrossEntropyLossImpl, CrossEntropyLossOptions> {
 public:
  using WeightedLossBase::WeightedLossBase;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
HEARTH_LIBRARY_MODULE(CrossEntropyLoss);

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
HEARTH_LIBRARY_MODULE(BCEWithLogitsLoss);

}  // namespace hearth::nn
