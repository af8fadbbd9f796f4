#pragma once

#include <cstdint>

namespace hearth::data::detail {

/// out[i] = (in[i] - mean) / stddev, each operation rounded, as sub and div do it.
void normalize_run(const float* in, float* out, int64_t n, float mean, float stddev);

}  // namespace hearth::data::detail
