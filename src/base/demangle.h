#pragma once

#include <string>

namespace hearth {

/// A C++ symbol or type name as it stands in source; itself where it is none.
std::string demangle(const char* name);

}  // namespace hearth
