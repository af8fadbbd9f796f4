#include "hearth/nn/embedding.h"

#include <fmt/format.h>

#include <ostream>

#include "hearth/error.h"
#include "hearth/nn/functional/embedding.h"
#include "hearth/nn/init.h"

namespace hearth::nn {

namespace F = functional;

namespace {

/// padding_idx counted from the front.
std::optional<int64_t> checked_padding(const char* layer, std::optional<int64_t> padding_idx, int64_t rows) {
  if (!padding_idx) return padding_idx;
  if (*padding_idx < -rows || *padding_idx >= rows)
    throw ValueError(
        fmt::format("[{}] padding_idx must be within num_embeddings: {} of {} rows", layer, *padding_idx, rows));
  return *padding_idx < 0 ? *padding_idx + rows : *padding_idx;
}

void check_weight(const char* layer, const Tensor& weight, int64_t rows, int64_t cols) {
  if (weight.sizes() != IntArrayRef({rows, cols}))
    throw ShapeError(
        fmt::format("[{}] shape of _weight does not match num_embeddings and embedding_dim: {} for [{}, {}]", layer,
                    to_string(weight.sizes()), rows, cols),
        weight.sizes().vec(), {rows, cols});
}
void check_pretrained(const char* layer, const Tensor& embeddings) {
  if (embeddings.dim() != 2)
    throw ShapeError(fmt::format("[{}] embeddings parameter is expected to be 2-dimensional, but its shape is {}",
                                 layer, to_string(embeddings.sizes())),
                     embeddings.sizes().vec());
}
void refuse_sparse(const char* layer, bool sparse) {
  if (sparse)
    throw NotImplementedError(fmt::format("[{}] sparse gradients are not supported; leave sparse false", layer));
}

/// The options that both layers print alike.
template <class Options>
void print_common(std::ostream& stream, const Options& options) {
  stream << "(num_embeddings=" << options.num_embeddings() << ", embedding_dim=" << options.embedding_dim();
}
template <class Options>
void print_norm(std::ostream& stream, const Options& options) {
  if (options.max_norm()) stream << ", max_norm=" << *options.max_norm();
  if (options.norm_type() != 2) stream << ", norm_type=" << options.norm_type();
  if (options.scale_grad_by_freq()) stream << ", scale_grad_by_freq=" << std::boolalpha << true;
  if (options.sparse()) stream << ", sparse=" << std::boolalpha << true;
}

}  // namespace

EmbeddingImpl::EmbeddingImpl(EmbeddingOptions options_) : options(std::move(options_)) { EmbeddingImpl::reset(); }

void EmbeddingImpl::reset() {
  refuse_sparse("Embedding", options.sparse());
  options.padding_idx(checked_padding("Embedding", options.padding_idx(), options.num_embeddings()));
  if (options._weight().defined()) {
    check_weight("Embedding", options._weight(), options.num_embeddings(), options.embedding_dim());
    weight = register_parameter("weight", options._weight().detach());  // a handle of its own
    return;
  }
  weight = register_parameter("weight", empty({options.num_embeddings(), options.embedding_dim()}));
  reset_parameters();
}

void EmbeddingImpl::reset_parameters() {
  init::normal_(weight);
  if (!options.padding_idx()) return;
  const NoGradGuard no_grad;
  weight[*options.padding_idx()].fill_(0);
}

void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Embedding";
  print_common(stream, options);
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  print_norm(stream, options);
  stream << ")";
}

Tensor EmbeddingImpl::forward(const Tensor& indices) try {
  return F::embedding(indices, weight,
                      F::EmbeddingFuncOptions()
                          .padding_idx(options.padding_idx())
                          .max_norm(options.max_norm())
                          .norm_type(options.norm_type())
                          .scale_grad_by_freq(options.scale_grad_by_freq())
                          .sparse(options.sparse()));
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

Embedding Embedding::from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options) {
  check_pretrained("Embedding", embeddings);
  Embedding made(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                     ._weight(embeddings)
                     .padding_idx(options.padding_idx())
                     .max_norm(options.max_norm())
                     .norm_type(options.norm_type())
                     .scale_grad_by_freq(options.scale_grad_by_freq())
                     .sparse(options.sparse()));
  made->weight.set_requires_grad(!options.freeze());
  return made;
}

EmbeddingBagImpl::EmbeddingBagImpl(EmbeddingBagOptions options_) : options(std::move(options_)) {
  EmbeddingBagImpl::reset();
}

void EmbeddingBagImpl::reset() {
  refuse_sparse("EmbeddingBag", options.sparse());
  options.padding_idx(checked_padding("EmbeddingBag", options.padding_idx(), options.num_embeddings()));
  if (options._weight().defined()) {
    check_weight("EmbeddingBag", options._weight(), options.num_embeddings(), options.embedding_dim());
    weight = register_parameter("weight", options._weight().detach());  // a handle of its own
    return;
  }
  weight = register_parameter("weight", empty({options.num_embeddings(), options.embedding_dim()}));
  reset_parameters();
}

// The padding row stays as drawn, as in LibTorch: it counts nowhere.
void EmbeddingBagImpl::reset_parameters() { init::normal_(weight); }

void EmbeddingBagImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::EmbeddingBag";
  print_common(stream, options);
  print_norm(stream, options);
  constexpr const char* kModes[] = {"kSum", "kMean", "kMax"};
  if (!std::holds_alternative<enumtype::kMean>(options.mode())) stream << ", mode=" << kModes[options.mode().index()];
  if (options.include_last_offset()) stream << ", include_last_offset=" << std::boolalpha << true;
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  stream << ")";
}

Tensor EmbeddingBagImpl::forward(const Tensor& input, const Tensor& offsets, const Tensor& per_sample_weights) try {
  return F::embedding_bag(input, weight,
                          F::EmbeddingBagFuncOptions()
                              .offsets(offsets)
                              .max_norm(options.max_norm())
                              .norm_type(options.norm_type())
                              .scale_grad_by_freq(options.scale_grad_by_freq())
                              .mode(options.mode())
                              .sparse(options.sparse())
                              .per_sample_weights(per_sample_weights)
                              .include_last_offset(options.include_last_offset())
                              .padding_idx(options.padding_idx()));
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& options) {
  check_pretrained("EmbeddingBag", embeddings);
  EmbeddingBag made(EmbeddingBagOptions(embeddings.size(0), embeddings.size(1))
                        ._weight(embeddings)
                        .max_norm(options.max_norm())
                        .norm_type(options.norm_type())
                        .scale_grad_by_freq(options.scale_grad_by_freq())
                        .mode(options.mode())
                        .sparse(options.sparse())
                        .include_last_offset(options.include_last_offset())
                        .padding_idx(options.padding_idx()));
  made->weight.set_requires_grad(!options.freeze());
  return made;
}

namespace functional {

namespace {
void renorm(Tensor weight, const Tensor& input, std::optional<double> max_norm, double norm_type) {
  if (max_norm) embedding_renorm_(weight, input, *max_norm, norm_type);
}
}  // namespace

Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  const auto padding = checked_padding("embedding", options.padding_idx(), weight.size(0));
  renorm(weight, input, options.max_norm(), options.norm_type());
  return hearth::embedding(weight, input, padding.value_or(-1), options.scale_grad_by_freq(), options.sparse());
}

Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options) {
  const Tensor& weights = options.per_sample_weights();
  if (weights.defined() && weights.sizes() != input.sizes())
    throw ShapeError(fmt::format("[embedding_bag] per_sample_weights ({}) must have the same shape as the input ({})",
                                 to_string(weights.sizes()), to_string(input.sizes())),
                     weights.sizes().vec(), input.sizes().vec());
  if (input.dim() != 1 && input.dim() != 2)
    throw ShapeError(
        fmt::format("[embedding_bag] input has to be 1D or 2D, but has shape {}", to_string(input.sizes())),
        input.sizes().vec());
  Tensor offsets = options.offsets();
  bool last = options.include_last_offset();
  if (input.dim() == 2) {
    if (offsets.defined())
      throw ValueError("[embedding_bag] a 2D input is a batch of bags of one size; give it no offsets");
    offsets = arange(input.size(0), kLong) * input.size(1);
    last = false;
  } else if (!offsets.defined() || offsets.dim() != 1) {
    throw ShapeError("[embedding_bag] a 1D input needs offsets, a vector: where each bag begins");
  }
  renorm(weight, input, options.max_norm(), options.norm_type());
  return std::get<0>(hearth::embedding_bag(
      weight, input.reshape({-1}), offsets, options.scale_grad_by_freq(), static_cast<int64_t>(options.mode().index()),
      options.sparse(), weights.defined() ? weights.reshape({-1}) : weights, last, options.padding_idx()));
}

}  // namespace functional

}  // namespace hearth::nn
