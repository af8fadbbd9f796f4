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

/// All distances between the rows of x1 [B…, P, M] and x2 [B…, R, M]: [B…, P, R].
inline Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2.0) { return hearth::cdist(x1, x2, p); }

}  // namespace hearth::nn::functional
