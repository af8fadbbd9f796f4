#pragma once

#include "hearth/enums.h"
#include "hearth/nn/any.h"

namespace hearth::nn {

struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  HEARTH_ARG(int64_t, num_embeddings);
  HEARTH_ARG(int64_t, embedding_dim);
  /// This row starts as zeros and gets no gradient.
  HEARTH_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  /// Rows that are used are first scaled down to this norm, in place.
  HEARTH_ARG(std::optional<double>, max_norm) = std::nullopt;
  HEARTH_ARG(double, norm_type) = 2.;
  /// A row's gradient is divided by how often it was used.
  HEARTH_ARG(bool, scale_grad_by_freq) = false;
  /// Not supported: gradients are dense.
  HEARTH_ARG(bool, sparse) = false;
  HEARTH_ARG(Tensor, _weight);
};

struct EmbeddingFromPretrainedOptions {
  /// The weight is not trained.
  HEARTH_ARG(bool, freeze) = true;
  HEARTH_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  HEARTH_ARG(std::optional<double>, max_norm) = std::nullopt;
  HEARTH_ARG(double, norm_type) = 2.;
  HEARTH_ARG(bool, scale_grad_by_freq) = false;
  HEARTH_ARG(bool, sparse) = false;
};

using EmbeddingBagMode = std::variant<enumtype::kSum, enumtype::kMean, enumtype::kMax>;

struct EmbeddingBagOptions {
  EmbeddingBagOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  HEARTH_ARG(int64_t, num_embeddings);
  HEARTH_ARG(int64_t, embedding_dim);
  HEARTH_ARG(std::optional<double>, max_norm) = std::nullopt;
  HEARTH_ARG(double, norm_type) = 2.;
  HEARTH_ARG(bool, scale_grad_by_freq) = false;
  HEARTH_ARG(EmbeddingBagMode, mode) = kMean;
  HEARTH_ARG(bool, sparse) = false;
  HEARTH_ARG(Tensor, _weight);
  /// The last offset is the end of the last bag.
  HEARTH_ARG(bool, include_last_offset) = false;
  HEARTH_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

struct EmbeddingBagFromPretrainedOptions {
  HEARTH_ARG(bool, freeze) = true;
  HEARTH_ARG(std::optional<double>, max_norm) = std::nullopt;
  HEARTH_ARG(double, norm_type) = 2.;
  HEARTH_ARG(bool, scale_grad_by_freq) = false;
  HEARTH_ARG(EmbeddingBagMode, mode) = kMean;
  HEARTH_ARG(bool, sparse) = false;
  HEARTH_ARG(bool, include_last_offset) = false;
  HEARTH_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

/// Indices [*] (Long or Int) to rows [*, embedding_dim] of a weight drawn from the standard normal distribution.
class HEARTH_API EmbeddingImpl : public Cloneable<EmbeddingImpl> {
 public:
  EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim)
      : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
  explicit EmbeddingImpl(EmbeddingOptions options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& indices);

  EmbeddingOptions options;
  Tensor weight;  ///< [num_embeddings, embedding_dim]
};

extern template class Cloneable<EmbeddingImpl>;
class HEARTH_API Embedding : public ModuleHolder<EmbeddingImpl> {
 public:
  using ModuleHolder<EmbeddingImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = EmbeddingImpl;
  /// A layer around given rows [num_embeddings, embedding_dim].
  static Embedding from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options = {});
};

/// Rows summed, averaged or maximised over bags: indices [B, n], or [n] in one row with each bag's offset.
class HEARTH_API EmbeddingBagImpl : public Cloneable<EmbeddingBagImpl> {
 public:
  EmbeddingBagImpl(int64_t num_embeddings, int64_t embedding_dim)
      : EmbeddingBagImpl(EmbeddingBagOptions(num_embeddings, embedding_dim)) {}
  explicit EmbeddingBagImpl(EmbeddingBagOptions options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& offsets = {}, const Tensor& per_sample_weights = {});

  EmbeddingBagOptions options;
  Tensor weight;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};

extern template class Cloneable<EmbeddingBagImpl>;
class HEARTH_API EmbeddingBag : public ModuleHolder<EmbeddingBagImpl> {
 public:
  using ModuleHolder<EmbeddingBagImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = EmbeddingBagImpl;
  static EmbeddingBag from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& options = {});
};

}  // namespace hearth::nn
