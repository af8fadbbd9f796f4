#include "hearth/nn/attention.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "hearth/error.h"
#include "hearth/nn/functional/attention.h"
#include "hearth/nn/init.h"
#include "hearth/operators.h"

namespace hearth::nn {

namespace F = functional;

MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& options_)
    : Cloneable("torch::nn::MultiheadAttention"), options(options_) {
  MultiheadAttentionImpl::reset();
}

void MultiheadAttentionImpl::reset() {
  const int64_t width = options.embed_dim();
  if (width <= 0 || options.num_heads() <= 0 || width % options.num_heads() != 0)
    throw ValueError(
        fmt::format("[MultiheadAttention] embed_dim must be divisible by num_heads, but they are {} and {}", width,
                    options.num_heads()));
  if (!(options.dropout() >= 0 && options.dropout() <= 1))
    throw ValueError(fmt::format("[MultiheadAttention] dropout is {} but must be a probability", options.dropout()));
  _qkv_same_embed_dim = options.kdim() == width && options.vdim() == width;
  head_dim = width / options.num_heads();
  const auto add = [&](const char* name, IntArrayRef sizes, bool there) {
    return register_parameter(name, there ? empty(sizes) : Tensor(), there);
  };
  if (_qkv_same_embed_dim) {
    in_proj_weight = add("in_proj_weight", {3 * width, width}, true);
  } else {
    q_proj_weight = add("q_proj_weight", {width, width}, true);
    k_proj_weight = add("k_proj_weight", {width, options.kdim()}, true);
    v_proj_weight = add("v_proj_weight", {width, options.vdim()}, true);
  }
  in_proj_bias = add("in_proj_bias", {3 * width}, options.bias());
  out_proj = register_module("out_proj", Linear(LinearOptions(width, width).bias(options.bias())));
  bias_k = add("bias_k", {1, 1, width}, options.add_bias_kv());
  bias_v = add("bias_v", {1, 1, width}, options.add_bias_kv());
  _reset_parameters();
}

void MultiheadAttentionImpl::_reset_parameters() {
  for (const Tensor* w : {&in_proj_weight, &q_proj_weight, &k_proj_weight, &v_proj_weight})
    if (w->defined()) init::xavier_uniform_(*w);
  if (in_proj_bias.defined()) {
    init::constant_(in_proj_bias, 0);
    init::constant_(out_proj->bias, 0);
  }
  if (bias_k.defined()) init::xavier_normal_(bias_k);
  if (bias_v.defined()) init::xavier_normal_(bias_v);
}

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                           const Tensor& key_padding_mask, bool need_weights,
                                                           const Tensor& attn_mask, bool average_attn_weights) try {
  const bool batched = query.dim() != 2, turned = batched && options.batch_first();
  // The same change of layout for what is the same tensor, which is then projected once.
  const auto arranged = [&](const Tensor& t) {
    return !batched ? t.unsqueeze(1) : turned && t.dim() == 3 ? t.transpose(0, 1) : t;
  };
  const Tensor q = arranged(query), k = key.is_same(query) ? q : arranged(key),
               v = value.is_same(key)     ? k
                   : value.is_same(query) ? q
                                          : arranged(value);
  Tensor padding = key_padding_mask;
  if (!batched && padding.defined()) padding = padding.unsqueeze(0);
  auto [output, weights] = F::multi_head_attention_forward(
      q, k, v,
      F::MultiheadAttentionForwardFuncOptions(options.embed_dim(), options.num_heads(), in_proj_weight, in_proj_bias,
                                              bias_k, bias_v, options.add_zero_attn(), options.dropout(),
                                              out_proj->weight, out_proj->bias)
          .training(is_training())
          .key_padding_mask(padding)
          .need_weights(need_weights)
          .attn_mask(attn_mask)
          .use_separate_proj_weight(!_qkv_same_embed_dim)
          .q_proj_weight(q_proj_weight)
          .k_proj_weight(k_proj_weight)
          .v_proj_weight(v_proj_weight)
          .average_attn_weights(average_attn_weights));
  if (turned) output = output.transpose(0, 1);
  if (batched) return {output, weights};
  return {output.squeeze(1), weights.defined() ? weights.squeeze(0) : weights};
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

namespace functional {

MultiheadAttentionForwardFuncOptions::MultiheadAttentionForwardFuncOptions(
    int64_t embed_dim_to_check, int64_t num_heads, Tensor in_proj_weight, Tensor in_proj_bias, Tensor bias_k,
    Tensor bias_v, bool add_zero_attn, double dropout_p, Tensor out_proj_weight, Tensor out_proj_bias)
    : embed_dim_to_check_(embed_dim_to_check),
      num_heads_(num_heads),
      in_proj_weight_(std::move(in_proj_weight)),
      in_proj_bias_(std::move(in_proj_bias)),
      bias_k_(std::move(bias_k)),
      bias_v_(std::move(bias_v)),
      add_zero_attn_(add_zero_attn),
      dropout_p_(dropout_p),
      out_proj_weight_(std::move(out_proj_weight)),
      out_proj_bias_(std::move(out_proj_bias)) {}

namespace {

using Options = MultiheadAttentionForwardFuncOptions;

void check(const Tensor& query, const Tensor& key, const Tensor& value, const Options& o) {
  for (const Tensor* t : {&query, &key, &value})
    if (!t->defined() || t->dim() != 3)
      throw ShapeError(
          fmt::format("[multi_head_attention] query, key and value must be [length, batch, features], but "
                      "one is {}",
                      t->defined() ? to_string(t->sizes()) : "undefined"));
  if (query.size(2) != o.embed_dim_to_check())
    throw ShapeError(fmt::format("[multi_head_attention] query has {} features (shape {}) but embed_dim is {}",
                                 query.size(2), to_string(query.sizes()), o.embed_dim_to_check()),
                     query.sizes().vec(), {o.embed_dim_to_check()});
  if (o.num_heads() <= 0 || query.size(2) % o.num_heads() != 0)
    throw ValueError(
        fmt::format("[multi_head_attention] embed_dim must be divisible by num_heads, but they are {} and "
                    "{}",
                    query.size(2), o.num_heads()));
  if (key.size(0) != value.size(0) || key.size(1) != value.size(1) || key.size(1) != query.size(1))
    throw ShapeError(fmt::format("[multi_head_attention] key {} and value {} must have one length, and the query's "
                                 "batch {}",
                                 to_string(key.sizes()), to_string(value.sizes()), query.size(1)),
                     key.sizes().vec(), value.sizes().vec());
}

/// query, key and value through their projections, in as few products as their being the same allows.
std::vector<Tensor> projected(const Tensor& query, const Tensor& key, const Tensor& value, const Options& o) {
  const int64_t width = query.size(2);
  if (o.use_separate_proj_weight()) {
    const auto bias = [&](int64_t i) {
      return o.in_proj_bias().defined() ? o.in_proj_bias().narrow(0, i * width, width) : Tensor();
    };
    return {hearth::linear(query, o.q_proj_weight(), bias(0)), hearth::linear(key, o.k_proj_weight(), bias(1)),
            hearth::linear(value, o.v_proj_weight(), bias(2))};
  }
  const auto part = [&](const Tensor& x, int64_t first, int64_t count) {
    const Tensor& b = o.in_proj_bias();
    const bool all = count == 3;
    return hearth::linear(x, all ? o.in_proj_weight() : o.in_proj_weight().narrow(0, first * width, count * width),
                          b.defined() && !all ? b.narrow(0, first * width, count * width) : b)
        .chunk(count, -1);
  };
  if (query.is_same(key) && key.is_same(value)) return part(query, 0, 3);
  if (key.is_same(value)) {
    const std::vector<Tensor> kv = part(key, 1, 2);
    return {part(query, 0, 1)[0], kv[0], kv[1]};
  }
  return {part(query, 0, 1)[0], part(key, 1, 1)[0], part(value, 2, 1)[0]};
}

/// [L, N, H D] as [N, H, L, D].
Tensor as_heads(const Tensor& t, int64_t heads) {
  return t.unflatten(2, {heads, t.size(2) / heads}).permute({1, 2, 0, 3});
}
/// One more column, of zeros (false), for a key that was added.
Tensor wider(const Tensor& mask) {
  if (!mask.defined()) return mask;
  std::vector<int64_t> sizes = mask.sizes().vec();
  sizes.back() = 1;
  return cat({mask, zeros(sizes, mask.options().requires_grad(false))}, -1);
}

/// Both masks as one that broadcasts to [N, H, L, S]: bool, true where a key takes part, or a number to add.
Tensor joined_mask(const Tensor& attn_mask, const Tensor& padding, int64_t batch, int64_t heads, int64_t length,
                   int64_t keys, ScalarType dtype) {
  Tensor mask = attn_mask, hidden = padding;
  if (mask.defined()) {
    const IntArrayRef s = mask.sizes();
    if (s != IntArrayRef({length, keys}) && s != IntArrayRef({batch * heads, length, keys}))
      throw ShapeError(fmt::format("[multi_head_attention] attn_mask has shape {} but must be [{}, {}] or [{}, {}, {}]",
                                   to_string(s), length, keys, batch * heads, length, keys),
                       s.vec(), {length, keys});
    if (mask.dim() == 3) mask = mask.unflatten(0, {batch, heads});
    if (mask.scalar_type() == kByte) mask = mask.to(kBool);
    if (mask.scalar_type() != kBool) mask = mask.to(dtype);
  }
  if (hidden.defined()) {
    if (hidden.sizes() != IntArrayRef({batch, keys}))
      throw ShapeError(fmt::format("[multi_head_attention] key_padding_mask has shape {} but must be [{}, {}]",
                                   to_string(hidden.sizes()), batch, keys),
                       hidden.sizes().vec(), {batch, keys});
    hidden = hidden.unsqueeze(1).unsqueeze(2);
    if (hidden.scalar_type() == kByte) hidden = hidden.to(kBool);
    if (hidden.scalar_type() != kBool) hidden = hidden.to(dtype);
  }
  if (!mask.defined() && !hidden.defined()) return {};
  const auto is_bool = [](const Tensor& t) { return !t.defined() || t.scalar_type() == kBool; };
  if (is_bool(mask) && is_bool(hidden)) {
    if (!mask.defined()) return hidden.logical_not();
    return (hidden.defined() ? hearth::logical_or(mask, hidden) : mask).logical_not();
  }
  const auto as_added = [&](const Tensor& t) {
    return t.scalar_type() == kBool ? zeros(t.sizes(), dtype).masked_fill(t, -std::numeric_limits<double>::infinity())
                                    : t;
  };
  if (!mask.defined()) return hidden;
  return hidden.defined() ? as_added(mask) + as_added(hidden) : mask;
}

}  // namespace

std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                        const MultiheadAttentionForwardFuncOptions& options) {
  check(query, key, value, options);
  const int64_t length = query.size(0), batch = query.size(1), width = query.size(2), heads = options.num_heads();
  const std::vector<Tensor> qkv = projected(query, key, value, options);
  Tensor k = qkv[1], v = qkv[2], attn_mask = options.attn_mask(), padding = options.key_padding_mask();
  if (options.bias_k().defined() && options.bias_v().defined()) {
    k = cat({k, options.bias_k().expand({1, batch, width})});
    v = cat({v, options.bias_v().expand({1, batch, width})});
    attn_mask = wider(attn_mask);
    padding = wider(padding);
  }
  const Tensor q = as_heads(qkv[0], heads);
  // A fixed key or value, [N H, S, D], in place of the projected one.
  const auto heads_of = [&](const Tensor& own, const Tensor& fixed, const char* what) {
    if (!fixed.defined()) return as_heads(own, heads);
    if (fixed.dim() != 3 || fixed.size(0) != batch * heads || fixed.size(2) != width / heads)
      throw ShapeError(fmt::format("[multi_head_attention] {} has shape {} but must be [{}, S, {}]", what,
                                   to_string(fixed.sizes()), batch * heads, width / heads),
                       fixed.sizes().vec());
    return fixed.unflatten(0, {batch, heads});
  };
  k = heads_of(k, options.static_k(), "static_k");
  v = heads_of(v, options.static_v(), "static_v");
  if (options.add_zero_attn()) {
    const Tensor none = zeros({batch, heads, 1, width / heads}, k.options().requires_grad(false));
    k = cat({k, none}, 2);
    v = cat({v, none}, 2);
    attn_mask = wider(attn_mask);
    padding = wider(padding);
  }
  const Tensor mask = joined_mask(attn_mask, padding, batch, heads, length, k.size(2), q.scalar_type());
  const double dropout_p = options.training() ? options.dropout_p() : 0;
  Tensor heads_out, weights;
  if (options.need_weights()) {
    Tensor scores = hearth::matmul(q * (1 / std::sqrt(static_cast<double>(width / heads))), k.transpose(-2, -1));
    if (mask.defined())
      scores = mask.scalar_type() == kBool
                   ? scores.masked_fill(mask.logical_not(), -std::numeric_limits<double>::infinity())
                   : scores + mask;
    weights = hearth::dropout(scores.softmax(-1), dropout_p, dropout_p > 0);
    heads_out = hearth::matmul(weights, v);
    if (options.average_attn_weights()) weights = weights.sum(1) / static_cast<double>(heads);
  } else {
    heads_out = hearth::scaled_dot_product_attention(q, k, v, mask, dropout_p);
  }
  const Tensor joined = heads_out.permute({2, 0, 1, 3}).reshape({length, batch, width});
  return {hearth::linear(joined, options.out_proj_weight(), options.out_proj_bias()), weights};
}

}  // namespace functional

}  // namespace hearth::nn
