#include "hearth/nn/transformer.h"

#include <fmt/format.h>

#include <limits>

#include "hearth/error.h"
#include "hearth/nn/init.h"
#include "hearth/operators.h"

namespace hearth::nn {

TransformerEncoderOptions::TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options,
                                                     int64_t num_layers)
    : encoder_layer_(TransformerEncoderLayer(encoder_layer_options)), num_layers_(num_layers) {}
TransformerDecoderOptions::TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options,
                                                     int64_t num_layers)
    : decoder_layer_(TransformerDecoderLayer(decoder_layer_options)), num_layers_(num_layers) {}

namespace {

Tensor activate(const activation_t& activation, const Tensor& x) {
  if (std::holds_alternative<enumtype::kReLU>(activation)) return hearth::relu(x);
  if (std::holds_alternative<enumtype::kGELU>(activation)) return hearth::gelu(x);
  return std::get<2>(activation)(x);
}

/// linear2(dropout(activation(linear1(x))))
template <class Layer>
Tensor feed_forward(Layer& layer, const Tensor& x) {
  return layer.linear2(layer.dropout(activate(layer.options.activation(), layer.linear1(x))));
}

Tensor attend(MultiheadAttention& attention, const Tensor& x, const Tensor& memory, const Tensor& mask,
              const Tensor& padding) {
  return std::get<0>(attention(x, memory, memory, padding, /*need_weights=*/false, mask));
}

template <class Options>
MultiheadAttention make_attention(const Options& o) {
  return MultiheadAttention(
      MultiheadAttentionOptions(o.d_model(), o.nhead()).dropout(o.dropout()).batch_first(o.batch_first()));
}
template <class Options>
LayerNorm make_norm(const Options& o) {
  return LayerNorm(LayerNormOptions({o.d_model()}).eps(o.layer_norm_eps()));
}

void check_layers(const char* name, const ModuleList& layers, int64_t num_layers) {
  if (static_cast<int64_t>(layers->size()) != num_layers)
    throw ValueError(fmt::format("[{}] has {} layers but num_layers is {}", name, layers->size(), num_layers));
}

}  // namespace

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(TransformerEncoderLayerOptions options_)
    : Cloneable("torch::nn::TransformerEncoderLayerImpl"), options(std::move(options_)) {
  TransformerEncoderLayerImpl::reset();
}

void TransformerEncoderLayerImpl::reset() {
  const TransformerEncoderLayerOptions& o = options;
  self_attn = register_module("self_attn", make_attention(o));
  linear1 = register_module("linear1", Linear(o.d_model(), o.dim_feedforward()));
  dropout = register_module("dropout", Dropout(o.dropout()));
  linear2 = register_module("linear2", Linear(o.dim_feedforward(), o.d_model()));
  norm1 = register_module("norm1", make_norm(o));
  norm2 = register_module("norm2", make_norm(o));
  dropout1 = register_module("dropout1", Dropout(o.dropout()));
  dropout2 = register_module("dropout2", Dropout(o.dropout()));
}

void TransformerEncoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
}

Tensor TransformerEncoderLayerImpl::forward(const Tensor& src, const Tensor& src_mask,
                                            const Tensor& src_key_padding_mask) {
  const auto mixed = [&](const Tensor& x) { return dropout1(attend(self_attn, x, x, src_mask, src_key_padding_mask)); };
  if (options.norm_first()) {
    const Tensor x = src + mixed(norm1(src));
    return x + dropout2(feed_forward(*this, norm2(x)));
  }
  const Tensor x = norm1(src + mixed(src));
  return norm2(x + dropout2(feed_forward(*this, x)));
}

TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(TransformerDecoderLayerOptions options_)
    : Cloneable("torch::nn::TransformerDecoderLayerImpl"), options(std::move(options_)) {
  TransformerDecoderLayerImpl::reset();
}

void TransformerDecoderLayerImpl::reset() {
  const TransformerDecoderLayerOptions& o = options;
  self_attn = register_module("self_attn", make_attention(o));
  multihead_attn = register_module("multihead_attn", make_attention(o));
  linear1 = register_module("linear1", Linear(o.d_model(), o.dim_feedforward()));
  dropout = register_module("dropout", Dropout(o.dropout()));
  linear2 = register_module("linear2", Linear(o.dim_feedforward(), o.d_model()));
  norm1 = register_module("norm1", make_norm(o));
  norm2 = register_module("norm2", make_norm(o));
  norm3 = register_module("norm3", make_norm(o));
  dropout1 = register_module("dropout1", Dropout(o.dropout()));
  dropout2 = register_module("dropout2", Dropout(o.dropout()));
  dropout3 = register_module("dropout3", Dropout(o.dropout()));
}

void TransformerDecoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  multihead_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
  norm3->reset_parameters();
}

Tensor TransformerDecoderLayerImpl::forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask,
                                            const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                            const Tensor& memory_key_padding_mask) {
  const auto own = [&](const Tensor& x) { return dropout1(attend(self_attn, x, x, tgt_mask, tgt_key_padding_mask)); };
  const auto other = [&](const Tensor& x) {
    return dropout2(attend(multihead_attn, x, memory, memory_mask, memory_key_padding_mask));
  };
  if (options.norm_first()) {
    tgt = tgt + own(norm1(tgt));
    tgt = tgt + other(norm2(tgt));
    return tgt + dropout3(feed_forward(*this, norm3(tgt)));
  }
  tgt = norm1(tgt + own(tgt));
  tgt = norm2(tgt + other(tgt));
  return norm3(tgt + dropout3(feed_forward(*this, tgt)));
}

TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderOptions options_)
    : Cloneable("torch::nn::TransformerEncoderImpl"), options(std::move(options_)) {
  TransformerEncoderImpl::reset();
}

void TransformerEncoderImpl::reset() {
  layers = register_module("layers", ModuleList());
  for (int64_t i = 0; i < options.num_layers(); ++i) layers->push_back(options.encoder_layer()->clone());
  norm = options.norm().clone();
  if (!norm.is_empty()) register_module("norm", norm.ptr());
}

void TransformerEncoderImpl::reset_parameters() {
  check_layers("TransformerEncoder", layers, options.num_layers());
  for (size_t i = 0; i < layers->size(); ++i) layers->at<TransformerEncoderLayerImpl>(i).reset_parameters();
  // What the norm is, nobody knows here: a fresh copy takes its place.
  if (!norm.is_empty()) unregister_module("norm");
  norm = options.norm().clone();
  if (!norm.is_empty()) register_module("norm", norm.ptr());
}

Tensor TransformerEncoderImpl::forward(const Tensor& src, const Tensor& src_mask, const Tensor& src_key_padding_mask) {
  check_layers("TransformerEncoder", layers, options.num_layers());
  Tensor x = src;
  for (size_t i = 0; i < layers->size(); ++i)
    x = layers->at<TransformerEncoderLayerImpl>(i).forward(x, src_mask, src_key_padding_mask);
  return norm.is_empty() ? x : norm.forward<Tensor>(x);
}

TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderOptions options_)
    : Cloneable("torch::nn::TransformerDecoderImpl"), options(std::move(options_)) {
  TransformerDecoderImpl::reset();
}

void TransformerDecoderImpl::reset() {
  layers = register_module("layers", ModuleList());
  for (int64_t i = 0; i < options.num_layers(); ++i) layers->push_back(options.decoder_layer()->clone());
  norm = options.norm().clone();
  if (!norm.is_empty()) register_module("norm", norm.ptr());
}

void TransformerDecoderImpl::reset_parameters() {
  check_layers("TransformerDecoder", layers, options.num_layers());
  for (size_t i = 0; i < layers->size(); ++i) layers->at<TransformerDecoderLayerImpl>(i).reset_parameters();
  if (!norm.is_empty()) unregister_module("norm");
  norm = options.norm().clone();
  if (!norm.is_empty()) register_module("norm", norm.ptr());
}

Tensor TransformerDecoderImpl::forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask,
                                       const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                       const Tensor& memory_key_padding_mask) {
  check_layers("TransformerDecoder", layers, options.num_layers());
  Tensor x = tgt;
  for (size_t i = 0; i < layers->size(); ++i)
    x = layers->at<TransformerDecoderLayerImpl>(i).forward(x, memory, tgt_mask, memory_mask, tgt_key_padding_mask,
                                                           memory_key_padding_mask);
  return norm.is_empty() ? x : norm.forward<Tensor>(x);
}

TransformerImpl::TransformerImpl(TransformerOptions options_)
    : Cloneable("torch::nn::TransformerImpl"), options(std::move(options_)) {
  TransformerImpl::reset();
}

void TransformerImpl::reset() {
  const TransformerOptions& o = options;
  const auto layer = [&](auto layer_options) {
    return layer_options.dim_feedforward(o.dim_feedforward())
        .dropout(o.dropout())
        .activation(o.activation())
        .layer_norm_eps(o.layer_norm_eps())
        .batch_first(o.batch_first())
        .norm_first(o.norm_first());
  };
  encoder = o.custom_encoder();
  if (encoder.is_empty())
    encoder = AnyModule(TransformerEncoder(
        TransformerEncoderOptions(layer(TransformerEncoderLayerOptions(o.d_model(), o.nhead())), o.num_encoder_layers())
            .norm(AnyModule(make_norm(o)))));
  register_module("encoder", encoder.ptr());
  decoder = o.custom_decoder();
  if (decoder.is_empty())
    decoder = AnyModule(TransformerDecoder(
        TransformerDecoderOptions(layer(TransformerDecoderLayerOptions(o.d_model(), o.nhead())), o.num_decoder_layers())
            .norm(AnyModule(make_norm(o)))));
  register_module("decoder", decoder.ptr());
  reset_parameters();
}

void TransformerImpl::reset_parameters() {
  for (const Tensor& p : parameters())
    if (p.dim() > 1) init::xavier_uniform_(p);
}

Tensor TransformerImpl::forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask, const Tensor& tgt_mask,
                                const Tensor& memory_mask, const Tensor& src_key_padding_mask,
                                const Tensor& tgt_key_padding_mask, const Tensor& memory_key_padding_mask) {
  const int64_t batch = options.batch_first() ? 0 : 1;
  if (src.dim() != 3 || tgt.dim() != 3 || src.size(batch) != tgt.size(batch) || src.size(2) != options.d_model() ||
      tgt.size(2) != options.d_model())
    throw ShapeError(fmt::format("[Transformer] src and tgt must have 3 dimensions, one batch number and d_model={} "
                                 "features, but their shapes are {} and {}",
                                 options.d_model(), to_string(src.sizes()), to_string(tgt.sizes())),
                     src.sizes().vec(), tgt.sizes().vec());
  const Tensor memory = encoder.forward<Tensor>(src, src_mask, src_key_padding_mask);
  return decoder.forward<Tensor>(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

Tensor TransformerImpl::generate_square_subsequent_mask(int64_t sz) {
  if (sz < 0) throw ValueError(fmt::format("[Transformer] the size of a mask is {} but must not be negative", sz));
  return full({sz, sz}, -std::numeric_limits<float>::infinity(), kFloat).triu(1);
}

}  // namespace hearth::nn
