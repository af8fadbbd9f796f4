#pragma once

#include <cstdint>

namespace hearth::Reduction {
/// What a loss makes of its elements.
enum Reduction : int64_t { None, Mean, Sum };
}  // namespace hearth::Reduction
