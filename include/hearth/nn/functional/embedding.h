#pragma once

#include "hearth/nn/embedding.h"

namespace hearth::nn::functional {

struct EmbeddingFuncOptions {
  HEARTH_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  HEARTH_ARG(std::optional<double>, max_norm) = std::nullopt;
  HEARTH_ARG(double, norm_type) = 2.;
  HEARTH_ARG(bool, scale_grad_by_freq) = false;
  HEARTH_ARG(bool, sparse) = false;
};

struct EmbeddingBagFuncOptions {
  HEARTH_ARG(Tensor, offsets);
  HEARTH_ARG(std::optional<double>, max_norm) = std::nullopt;
  HEARTH_ARG(double, norm_type) = 2.;
  HEARTH_ARG(bool, scale_grad_by_freq) = false;
  HEARTH_ARG(EmbeddingBagMode, mode) = kMean;
  HEARTH_ARG(bool, sparse) = false;
  HEARTH_ARG(Tensor, per_sample_weights);
  HEARTH_ARG(bool, include_last_offset) = false;
  HEARTH_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

/// Long [*] as [*, num_classes] of zeros and ones; -1: as many classes as the largest says.
inline Tensor one_hot(const Tensor& tensor, int64_t num_classes = -1) { return hearth::one_hot(tensor, num_classes); }
HEARTH_API Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options = {});
HEARTH_API Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options = {});

}  // namespace hearth::nn::functional
