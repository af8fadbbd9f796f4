#pragma once

#include "hearth/nn/attention.h"

namespace hearth::nn::functional {

struct MultiheadAttentionForwardFuncOptions {
  MultiheadAttentionForwardFuncOptions(int64_t embed_dim_to_check, int64_t num_heads, Tensor in_proj_weight,
                                       Tensor in_proj_bias, Tensor bias_k, Tensor bias_v, bool add_zero_attn,
                                       double dropout_p, Tensor out_proj_weight, Tensor out_proj_bias);
  HEARTH_ARG(int64_t, embed_dim_to_check);
  HEARTH_ARG(int64_t, num_heads);
  HEARTH_ARG(Tensor, in_proj_weight);
  HEARTH_ARG(Tensor, in_proj_bias);
  HEARTH_ARG(Tensor, bias_k);
  HEARTH_ARG(Tensor, bias_v);
  HEARTH_ARG(bool, add_zero_attn);
  HEARTH_ARG(double, dropout_p);
  HEARTH_ARG(Tensor, out_proj_weight);
  HEARTH_ARG(Tensor, out_proj_bias);
  HEARTH_ARG(bool, training) = true;
  HEARTH_ARG(Tensor, key_padding_mask);
  HEARTH_ARG(bool, need_weights) = true;
  HEARTH_ARG(Tensor, attn_mask);
  HEARTH_ARG(bool, use_separate_proj_weight) = false;
  HEARTH_ARG(Tensor, q_proj_weight);
  HEARTH_ARG(Tensor, k_proj_weight);
  HEARTH_ARG(Tensor, v_proj_weight);
  HEARTH_ARG(Tensor, static_k);
  HEARTH_ARG(Tensor, static_v);
  HEARTH_ARG(bool, average_attn_weights) = true;
};

/// query [L, N, E], key and value [S, N, *] to outputs [L, N, E] and weights (undefined without need_weights).
HEARTH_API std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key,
                                                                   const Tensor& value,
                                                                   const MultiheadAttentionForwardFuncOptions& options);
/// softmax(scale query key^T + attn_mask) value, as hearth::scaled_dot_product_attention.
inline Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                           const Tensor& attn_mask = {}, double dropout_p = 0, bool is_causal = false,
                                           std::optional<double> scale = std::nullopt) {
  return hearth::scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale);
}

}  // namespace hearth::nn::functional
