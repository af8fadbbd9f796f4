#include "hearth/nn/layernorm.h"

#include <ostream>

#include "hearth/nn/init.h"

namespace hearth::nn {

LayerNormImpl::LayerNormImpl(LayerNormOptions options_) : options(std::move(options_)) { LayerNormImpl::reset(); }

void LayerNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight", affine ? hearth::empty(options.normalized_shape()) : Tensor(), affine);
  bias = register_parameter("bias", affine ? hearth::empty(options.normalized_shape()) : Tensor(), affine);
  reset_parameters();
}

void LayerNormImpl::reset_parameters() {
  if (!options.elementwise_affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void LayerNormImpl::pretty_print(std::ostream& stream) const {
  stream << std::boolalpha << "torch::nn::LayerNorm(" << IntArrayRef(options.normalized_shape())
         << ", eps=" << options.eps() << ", elementwise_affine=" << options.elementwise_affine() << ")";
}

Tensor LayerNormImpl::forward(const Tensor& input) try {
  return layer_norm(input, options.normalized_shape(), weight, bias, options.eps());
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

}  // namespace hearth::nn
