#pragma once

#include <string>
#include <vector>

namespace hearth::kit {

/// The candidate that is the fewest edits (insert, delete, change, swap of neighbours) away from what was typed; ""
/// where none is near enough to be meant.
std::string nearest(const std::string& typed, const std::vector<std::string>& candidates);
/// `; did you mean "lr"?`, or nothing.
std::string did_you_mean(const std::string& typed, const std::vector<std::string>& candidates);
/// "a, b or c"
std::string one_of(const std::vector<std::string>& names);

}  // namespace hearth::kit
