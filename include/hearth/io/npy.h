#pragma once

#include "hearth/nn/module.h"

namespace hearth::io {

/// The array of a NumPy .npy file; of any byte order, and in Fortran order with strides to match. With `map`, the
/// tensor lies on the file itself where its bytes allow: nothing is read before it is used, and writes into the tensor
/// do not reach the file. Throws FileError, with the byte, on damage, and on arrays of other than hearth's dtypes;
/// pickled objects are never read. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
HEARTH_API Tensor load_npy(const std::string& path, bool map = false);
/// The same of a file's bytes; `name` stands for them in messages.
HEARTH_API Tensor from_npy(const std::string& bytes, const std::string& name);

/// Writes what numpy.load reads. bfloat16, which NumPy does not have, is a DtypeError. The file is replaced as a whole
/// or not at all.
HEARTH_API void save_npy(const Tensor& value, const std::string& path);
HEARTH_API std::string to_npy(const Tensor& value);

/// The arrays of a .npz file (numpy.savez, numpy.savez_compressed) by name; CRCs are checked. At most `max_bytes` are
/// unpacked from compressed arrays.
HEARTH_API nn::StateDict load_npz(const std::string& path, bool map = false, int64_t max_bytes = INT64_MAX);
HEARTH_API nn::StateDict from_npz(const std::string& bytes, const std::string& name, int64_t max_bytes = INT64_MAX);
HEARTH_API void save_npz(const nn::StateDict& arrays, const std::string& path, bool compressed = false);
HEARTH_API std::string to_npz(const nn::StateDict& arrays, bool compressed = false);

}  // namespace hearth::io
