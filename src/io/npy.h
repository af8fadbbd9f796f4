#pragma once

#include <memory>

#include "base/files.h"
#include "hearth/io/npy.h"
#include "io/bytes.h"

namespace hearth::io {

/// The array in these bytes; on them, where they stand in `keep` and are aligned, else a copy. `begin` is where they
/// stand in the file, for messages.
Tensor read_npy(const Bytes& bytes, uint64_t begin, const std::shared_ptr<MappedFile>& keep);

/// A contiguous tensor on `data` in a mapped file if there is one and it is aligned, else on a copy.
Tensor tensor_on(const uint8_t* data, IntArrayRef sizes, ScalarType dtype, const std::shared_ptr<MappedFile>& keep);

}  // namespace hearth::io
