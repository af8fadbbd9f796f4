#pragma once

#include <chrono>

namespace hearth {

/// Wall time in seconds, from some start; never goes back.
inline double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace hearth
