#pragma once

// What convolution and pooling share: numbers for each spatial dimension.

#include <vector>

#include "base/fail.h"
#include "hearth/array_ref.h"

namespace hearth {

/// One number for each of n spatial dimensions; a single one counts for all. Throws ValueError naming `op` and `what`
/// where there are others, or one below `least`.
inline std::vector<int64_t> spread(const char* op, const char* what, IntArrayRef given, size_t n, int64_t least) {
  if (given.size() != 1 && given.size() != n)
    fail("[{}] {} {} must have 1 or {} entries", op, what, shape_text(given), n);
  std::vector<int64_t> out = given.size() == n ? given.vec() : std::vector<int64_t>(n, given[0]);
  for (const int64_t v : out)
    if (v < least || v > (int64_t{1} << 31)) fail("[{}] {} {} must be at least {}", op, what, shape_text(given), least);
  return out;
}

}  // namespace hearth
