#pragma once

#include "hearth/export.h"

namespace hearth {

/// The library's version, "major.minor.patch".
HEARTH_API const char* version();

}  // namespace hearth
