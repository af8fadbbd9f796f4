#pragma once

#include "hearth/ops.h"

namespace hearth::nn::functional {

/// Long [*] as [*, num_classes] of zeros and ones; -1: as many classes as the largest says.
inline Tensor one_hot(const Tensor& tensor, int64_t num_classes = -1) { return hearth::one_hot(tensor, num_classes); }

}  // namespace hearth::nn::functional
