#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace hearth {

/// Whether HEARTH_VERBOSE is set to something other than 0, or a KernelChoices listens.
bool verbose();

/// Tells it to those who listen, and with HEARTH_VERBOSE writes "[hearth] line" to the standard error output, the first
/// time that this line is given.
void log_line_once(const std::string& line);

/// Says which implementation was chosen, or why a better one refused: `log_once("conv2d: {} …", x)`. Formats nothing
/// unless somebody wants to know.
template <class... Args>
void log_once(fmt::format_string<Args...> text, Args&&... args) {
  if (verbose()) log_line_once(fmt::vformat(text, fmt::make_format_args(args...)));
}

}  // namespace hearth
