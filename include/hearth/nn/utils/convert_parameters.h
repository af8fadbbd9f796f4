#pragma once

#include "hearth/ops.h"

namespace hearth::nn::utils {

/// All parameters' elements as one vector, with history.
HEARTH_API Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
/// The way back: each parameter becomes its piece of vec, sharing its memory.
HEARTH_API void vector_to_parameters(const Tensor& vec, std::vector<Tensor> parameters);

}  // namespace hearth::nn::utils
