#pragma once

#include "hearth/nn/linear.h"
#include "hearth/nn/sequential.h"

namespace hearth::nn {

struct AdaptiveLogSoftmaxWithLossOptions {
  AdaptiveLogSoftmaxWithLossOptions(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs)
      : in_features_(in_features), n_classes_(n_classes), cutoffs_(std::move(cutoffs)) {}
  HEARTH_ARG(int64_t, in_features);
  HEARTH_ARG(int64_t, n_classes);
  /// Where clusters of rarer classes begin, rising; classes are ordered by frequency.
  HEARTH_ARG(std::vector<int64_t>, cutoffs);
  /// Each cluster's features are the ones before divided by this.
  HEARTH_ARG(double, div_value) = 4.;
  HEARTH_ARG(bool, head_bias) = false;
};

/// What the layer gives: log-probabilities of the targets [N], and minus their mean.
struct ASMoutput {
  ASMoutput(Tensor output_, double loss_) : output(std::move(output_)), loss(loss_) {}
  Tensor output;
  double loss;
};

/// An output layer over many classes: the frequent ones at once, rare ones by clusters (Grave et al., 2017).
class HEARTH_API AdaptiveLogSoftmaxWithLossImpl : public Cloneable<AdaptiveLogSoftmaxWithLossImpl> {
 public:
  AdaptiveLogSoftmaxWithLossImpl(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs_)
      : AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions(in_features, n_classes, std::move(cutoffs_))) {
  }
  explicit AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions options_);
  /// input [N, in_features] with target [N] (Long), or one vector with a 0-dim target.
  ASMoutput forward(const Tensor& input, const Tensor& target);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  /// All classes' log-probabilities [N, n_classes] from the head's output.
  Tensor _get_full_log_prob(const Tensor& input, const Tensor& head_output);
  Tensor log_prob(const Tensor& input);
  /// The likeliest class of each row.
  Tensor predict(const Tensor& input);

  AdaptiveLogSoftmaxWithLossOptions options;
  std::vector<int64_t> cutoffs;  ///< and n_classes
  int64_t shortlist_size = 0, n_clusters = 0, head_size = 0;
  Linear head = nullptr;
  ModuleList tail = nullptr;
};
HEARTH_LIBRARY_MODULE(AdaptiveLogSoftmaxWithLoss);

}  // namespace hearth::nn
