#pragma once

#include <string>

#include "hearth/tensor.h"

namespace hearth::io {

/// The array of an IDX file, plain or gzipped: uint8, int8, int16, int32, float32 or float64 of up to 8 dimensions.
/// Throws FileError, with the byte, where it is damaged, cut short or too long. http://yann.lecun.com/exdb/mnist
HEARTH_API Tensor read_idx(const std::string& path);
/// The same of a file's bytes; `name` stands for them in messages.
HEARTH_API Tensor parse_idx(const uint8_t* data, size_t size, const std::string& name);

}  // namespace hearth::io
