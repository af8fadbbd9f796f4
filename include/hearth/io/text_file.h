#pragma once

#include <cstdint>
#include <string>

#include "hearth/export.h"

namespace hearth::io {

/// The whole of a file, as it is. FileError where it is missing, no regular file, or larger than `max_bytes`.
HEARTH_API std::string read_text(const std::string& path, int64_t max_bytes = INT64_MAX);
/// Replaces a file as a whole or not at all. FileError where it can't.
HEARTH_API void write_text(const std::string& path, const std::string& text);

/// Makes a folder and those above it, as far as they are missing. FileError where one can't be made.
HEARTH_API void make_folders(const std::string& path);

}  // namespace hearth::io
