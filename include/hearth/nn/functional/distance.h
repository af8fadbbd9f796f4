#pragma once

#include "hearth/nn/distance.h"

namespace hearth::nn::functional {

using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;

inline Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options = {}) {
  return hearth::cosine_similarity(x1, x2, options.dim(), options.eps());
}
inline Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options = {}) {
  return hearth::pairwise_distance(x1, x2, options.p(), options.eps(), options.keepdim());
}
/// The distances between all pairs of rows of [N, M].
inline Tensor pdist(const Tensor& input, double p = 2.0) { return hearth::pdist(input, p); }

}  // namespace hearth::nn::functional
