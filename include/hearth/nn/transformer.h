#pragma once

#include "hearth/enums.h"
#include "hearth/nn/attention.h"
#include "hearth/nn/dropout.h"
#include "hearth/nn/layernorm.h"
#include "hearth/nn/sequential.h"

namespace hearth::nn {

/// Between the two layers of a feed-forward block: relu, gelu, or any function.
using activation_t = std::variant<enumtype::kReLU, enumtype::kGELU, std::function<Tensor(const Tensor&)>>;

struct TransformerEncoderLayerOptions {
  TransformerEncoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  HEARTH_ARG(int64_t, d_model);
  HEARTH_ARG(int64_t, nhead);
  HEARTH_ARG(int64_t, dim_feedforward) = 2048;
  HEARTH_ARG(double, dropout) = 0.1;
  HEARTH_ARG(activation_t, activation) = kReLU;
  HEARTH_ARG(double, layer_norm_eps) = 1e-5;
  /// Inputs and outputs are [N, S, E] instead of [S, N, E].
  HEARTH_ARG(bool, batch_first) = false;
  /// Norms come before attention and feed-forward block instead of after.
  HEARTH_ARG(bool, norm_first) = false;
};

struct TransformerDecoderLayerOptions {
  TransformerDecoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  HEARTH_ARG(int64_t, d_model);
  HEARTH_ARG(int64_t, nhead);
  HEARTH_ARG(int64_t, dim_feedforward) = 2048;
  HEARTH_ARG(double, dropout) = 0.1;
  HEARTH_ARG(activation_t, activation) = kReLU;
  HEARTH_ARG(double, layer_norm_eps) = 1e-5;
  HEARTH_ARG(bool, batch_first) = false;
  HEARTH_ARG(bool, norm_first) = false;
};

/// Self-attention and a feed-forward block, each with a residual connection (Vaswani et al., 2017). src [S, N, E],
/// src_mask [S, S], src_key_padding_mask [N, S].
class HEARTH_API TransformerEncoderLayerImpl : public Cloneable<TransformerEncoderLayerImpl> {
 public:
  TransformerEncoderLayerImpl(int64_t d_model, int64_t nhead)
      : TransformerEncoderLayerImpl(TransformerEncoderLayerOptions(d_model, nhead)) {}
  explicit TransformerEncoderLayerImpl(TransformerEncoderLayerOptions options_);
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});
  void reset() override;
  void reset_parameters();

  TransformerEncoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  LayerNorm norm1 = nullptr, norm2 = nullptr;
  Dropout dropout1 = nullptr, dropout2 = nullptr;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(TransformerEncoderLayer);

/// Self-attention, attention to memory and a feed-forward block. tgt [T, N, E], memory [S, N, E].
class HEARTH_API TransformerDecoderLayerImpl : public Cloneable<TransformerDecoderLayerImpl> {
 public:
  TransformerDecoderLayerImpl(int64_t d_model, int64_t nhead)
      : TransformerDecoderLayerImpl(TransformerDecoderLayerOptions(d_model, nhead)) {}
  explicit TransformerDecoderLayerImpl(TransformerDecoderLayerOptions options_);
  void reset() override;
  void reset_parameters();
  Tensor forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});

  TransformerDecoderLayerOptions options;
  MultiheadAttention self_attn = nullptr, multihead_attn = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  LayerNorm norm1 = nullptr, norm2 = nullptr, norm3 = nullptr;
  Dropout dropout1 = nullptr, dropout2 = nullptr, dropout3 = nullptr;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(Tensor())}, {3, AnyValue(Tensor())}, {4, AnyValue(Tensor())},
                                  {5, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(TransformerDecoderLayer);

struct TransformerEncoderOptions {
  TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, int64_t num_layers)
      : encoder_layer_(std::move(encoder_layer)), num_layers_(num_layers) {}
  HEARTH_API TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options, int64_t num_layers);
  /// The layer that is copied.
  HEARTH_ARG(TransformerEncoderLayer, encoder_layer) = nullptr;
  HEARTH_ARG(int64_t, num_layers);
  /// Called last, if there.
  HEARTH_ARG(AnyModule, norm);
};

struct TransformerDecoderOptions {
  TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, int64_t num_layers)
      : decoder_layer_(std::move(decoder_layer)), num_layers_(num_layers) {}
  HEARTH_API TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options, int64_t num_layers);
  HEARTH_ARG(TransformerDecoderLayer, decoder_layer) = nullptr;
  HEARTH_ARG(int64_t, num_layers);
  HEARTH_ARG(AnyModule, norm);
};

/// num_layers copies of an encoder layer.
class HEARTH_API TransformerEncoderImpl : public Cloneable<TransformerEncoderImpl> {
 public:
  TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, int64_t num_layers)
      : TransformerEncoderImpl(TransformerEncoderOptions(std::move(encoder_layer), num_layers)) {}
  explicit TransformerEncoderImpl(TransformerEncoderOptions options_);
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});
  void reset() override;
  void reset_parameters();

  TransformerEncoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(TransformerEncoder);

/// num_layers copies of a decoder layer.
class HEARTH_API TransformerDecoderImpl : public Cloneable<TransformerDecoderImpl> {
 public:
  TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, int64_t num_layers)
      : TransformerDecoderImpl(TransformerDecoderOptions(std::move(decoder_layer), num_layers)) {}
  explicit TransformerDecoderImpl(TransformerDecoderOptions options_);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});

  TransformerDecoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(Tensor())}, {3, AnyValue(Tensor())}, {4, AnyValue(Tensor())},
                                  {5, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(TransformerDecoder);

struct TransformerOptions {
  TransformerOptions() = default;
  TransformerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  TransformerOptions(int64_t d_model, int64_t nhead, int64_t num_encoder_layers, int64_t num_decoder_layers)
      : d_model_(d_model),
        nhead_(nhead),
        num_encoder_layers_(num_encoder_layers),
        num_decoder_layers_(num_decoder_layers) {}
  HEARTH_ARG(int64_t, d_model) = 512;
  HEARTH_ARG(int64_t, nhead) = 8;
  HEARTH_ARG(int64_t, num_encoder_layers) = 6;
  HEARTH_ARG(int64_t, num_decoder_layers) = 6;
  HEARTH_ARG(int64_t, dim_feedforward) = 2048;
  HEARTH_ARG(double, dropout) = 0.1;
  HEARTH_ARG(activation_t, activation) = kReLU;
  /// In place of the encoder or decoder.
  HEARTH_ARG(AnyModule, custom_encoder);
  HEARTH_ARG(AnyModule, custom_decoder);
  HEARTH_ARG(double, layer_norm_eps) = 1e-5;
  HEARTH_ARG(bool, batch_first) = false;
  HEARTH_ARG(bool, norm_first) = false;
};

/// Encoder and decoder: src [S, N, E] and tgt [T, N, E] to [T, N, E].
class HEARTH_API TransformerImpl : public Cloneable<TransformerImpl> {
 public:
  explicit TransformerImpl(TransformerOptions options_ = {});
  Tensor forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask = {}, const Tensor& tgt_mask = {},
                 const Tensor& memory_mask = {}, const Tensor& src_key_padding_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});
  void reset() override;
  void reset_parameters();
  /// [sz, sz]: 0 up to the diagonal, -inf above it.
  static Tensor generate_square_subsequent_mask(int64_t sz);

  TransformerOptions options;
  AnyModule encoder, decoder;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(Tensor())}, {3, AnyValue(Tensor())}, {4, AnyValue(Tensor())},
                                  {5, AnyValue(Tensor())}, {6, AnyValue(Tensor())}, {7, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(Transformer);

}  // namespace hearth::nn
