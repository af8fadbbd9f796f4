#include "hearth/nn/distance.h"

#include "hearth/nn/functional/distance.h"
#include "nn/print.h"

namespace hearth::nn {

void CosineSimilarityImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "CosineSimilarity")("dim", options.dim())("eps", options.eps());
}
Tensor CosineSimilarityImpl::forward(const Tensor& input1, const Tensor& input2) {
  return functional::cosine_similarity(input1, input2, options);
}

void PairwiseDistanceImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "PairwiseDistance")("p", options.p())("eps", options.eps())("keepdim", options.keepdim());
}
Tensor PairwiseDistanceImpl::forward(const Tensor& input1, const Tensor& input2) {
  return functional::pairwise_distance(input1, input2, options);
}

}  // namespace hearth::nn
