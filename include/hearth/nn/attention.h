#pragma once

#include "hearth/nn/any.h"
#include "hearth/nn/linear.h"

namespace hearth::nn {

struct MultiheadAttentionOptions {
  MultiheadAttentionOptions(int64_t embed_dim, int64_t num_heads)
      : embed_dim_(embed_dim), num_heads_(num_heads), kdim_(embed_dim), vdim_(embed_dim) {}
  HEARTH_ARG(int64_t, embed_dim);
  HEARTH_ARG(int64_t, num_heads);
  /// Of attention weights, while training.
  HEARTH_ARG(double, dropout) = 0.0;
  HEARTH_ARG(bool, bias) = true;
  /// A learned key and value at the end of each sequence.
  HEARTH_ARG(bool, add_bias_kv) = false;
  /// A key and value of zeros at the end.
  HEARTH_ARG(bool, add_zero_attn) = false;
  /// Features of key and value.
  HEARTH_ARG(int64_t, kdim);
  HEARTH_ARG(int64_t, vdim);
  /// Inputs and outputs are [N, L, E] instead of [L, N, E].
  HEARTH_ARG(bool, batch_first) = false;
};

/// Attention in several heads (Vaswani et al., 2017): query [L, N, E], key [S, N, kdim], value [S, N, vdim] to outputs
/// [L, N, E] and weights; all also without the batch's dimension.
class HEARTH_API MultiheadAttentionImpl : public Cloneable<MultiheadAttentionImpl> {
 public:
  MultiheadAttentionImpl(int64_t embed_dim, int64_t num_heads)
      : MultiheadAttentionImpl(MultiheadAttentionOptions(embed_dim, num_heads)) {}
  explicit MultiheadAttentionImpl(const MultiheadAttentionOptions& options_);
  void reset() override;
  void _reset_parameters();
  /// key_padding_mask [N, S]: true keys are left out (floating: added). attn_mask [L, S] or [N H, L, S], likewise.
  /// Weights [N, L, S] are the heads' mean, or [N, H, L, S]; undefined without need_weights, which is faster and takes
  /// less memory.
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                     const Tensor& key_padding_mask = {}, bool need_weights = true,
                                     const Tensor& attn_mask = {}, bool average_attn_weights = true);

  MultiheadAttentionOptions options;
  bool _qkv_same_embed_dim = true;
  Tensor in_proj_weight;  ///< [3 E, E]; undefined where key or value have other features
  Tensor in_proj_bias, bias_k, bias_v;
  Linear out_proj = nullptr;
  Tensor q_proj_weight, k_proj_weight, v_proj_weight;
  int64_t head_dim = 0;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({3, AnyValue(Tensor())}, {4, AnyValue(true)}, {5, AnyValue(Tensor())},
                                  {6, AnyValue(true)})
};
HEARTH_LIBRARY_MODULE(MultiheadAttention);

}  // namespace hearth::nn
