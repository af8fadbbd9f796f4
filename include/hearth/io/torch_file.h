#pragma once

#include "hearth/ivalue.h"

namespace hearth::io {

/// What is in a .pt or .pth file that Python's torch.save wrote (PyTorch 1.6 or newer), or LibTorch's torch::save:
/// tensors, numbers, strings, lists, tuples and dictionaries. Tensors that shared memory share it again. Objects of
/// classes become dictionaries of their attributes; nothing in the file is ever executed. Throws FileError, with the
/// byte, on damage and on whatever is not such data.
HEARTH_API IValue load_pt(const std::string& path);
/// The same of a file's bytes; `name` stands for them in messages.
HEARTH_API IValue load_pt(const std::string& bytes, const std::string& name);

/// Writes a .pt file that Python's torch.load reads, with weights_only=True as well. Views keep their strides, and
/// tensors on one memory share it in the file. The file is replaced as a whole or not at all.
HEARTH_API void save_pt(const IValue& value, const std::string& path);
/// The file's bytes.
HEARTH_API std::string to_pt(const IValue& value);

}  // namespace hearth::io

namespace hearth {
/// LibTorch's names for to_pt and load_pt.
HEARTH_API std::vector<char> pickle_save(const IValue& value);
HEARTH_API IValue pickle_load(const std::vector<char>& data);
}  // namespace hearth
