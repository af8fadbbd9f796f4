#pragma once

#include "hearth/nn/module.h"

namespace hearth::io {

/// The tensors of a file by their paths, whatever its format: .pt and .pth of Python or LibTorch, safetensors, .npz,
/// .npy (under the name "0"), a hearth checkpoint, told apart by content; or a folder with a
/// model.safetensors.index.json.
HEARTH_API nn::StateDict load_weights(const std::string& path);
/// Writes the format that the path's ending names: .pt, .pth, .safetensors, .npz or .ckpt. The file is replaced as a
/// whole or not at all.
HEARTH_API void save_weights(const nn::StateDict& tensors, const std::string& path);

/// Gives the tensors of `given` the names of `own`: the first of each shape goes to the first of that shape, and so on.
/// For weights of the same network under other names. Throws ValueError, which lists them, where shapes are left over.
HEARTH_API nn::StateDict match_by_shape(const nn::StateDict& given, const nn::StateDict& own);

}  // namespace hearth::io
