#include "hearth/expanding_array.h"

#include <ostream>

#include "base/fail.h"

namespace hearth::detail {

void throw_expanding_size(size_t wanted, size_t got) {
  fail("Expected {} values, but instead got {}; give one for each dimension, or a single one for all", wanted, got);
}

std::ostream& print_optional(std::ostream& out, const std::optional<int64_t>* values, size_t n) {
  if (n > 1) out << '[';
  for (size_t i = 0; i < n; ++i) {
    if (i > 0) out << ", ";
    if (values[i]) {
      out << *values[i];
    } else {
      out << "None";
    }
  }
  if (n > 1) out << ']';
  return out;
}

}  // namespace hearth::detail
