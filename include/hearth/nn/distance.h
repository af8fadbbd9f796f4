#pragma once

#include "hearth/nn/plain.h"

namespace hearth::nn {

struct CosineSimilarityOptions {
  HEARTH_ARG(int64_t, dim) = 1;
  HEARTH_ARG(double, eps) = 1e-8;
};
struct PairwiseDistanceOptions {
  HEARTH_ARG(double, p) = 2.0;
  HEARTH_ARG(double, eps) = 1e-6;
  HEARTH_ARG(bool, keepdim) = false;
};

/// The cosine of the angle between x1 and x2 along dim.
class HEARTH_API CosineSimilarityImpl : public Optioned<CosineSimilarityImpl, CosineSimilarityOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);
};
HEARTH_LIBRARY_MODULE(CosineSimilarity);
/// The p-norm of x1 - x2 + eps along the last dimension.
class HEARTH_API PairwiseDistanceImpl : public Optioned<PairwiseDistanceImpl, PairwiseDistanceOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);
};
HEARTH_LIBRARY_MODULE(PairwiseDistance);

}  // namespace hearth::nn
