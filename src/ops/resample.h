#pragma once

// Linear maps that work on each dimension by itself: interpolation, and borders made up of a tensor's own elements.

#include <memory>

#include "backend/kernels.h"

namespace hearth {

/// One dimension: its taps, and theirs turned round for the gradient.
struct Axis {
  Axis(int64_t d, int64_t in_size, Taps t);
  int64_t dim, in, out;
  Taps taps, back;
};
using Resampling = std::vector<Axis>;

/// x (floating) with every axis of the plan resampled; `name` is that of the op whose gradient this records.
Tensor resample(const char* name, const Tensor& x, const std::shared_ptr<const Resampling>& plan);

}  // namespace hearth
