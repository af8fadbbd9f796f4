#pragma once

#include "hearth/io/torch_file.h"
#include "io/bytes.h"

namespace hearth::io {

/// load_pt and save_pt between anything.
IValue read_pt(const Bytes& bytes);
void write_pt(const IValue& value, const Sink& sink);

}  // namespace hearth::io
