#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hearth/nn/module.h"

namespace hearth::io {

/// The tensors of a file by their paths, whatever its format: .pt and .pth of Python or LibTorch, safetensors, .npz,
/// .npy (under the name "0"), a hearth checkpoint, told apart by content; or a folder with a
/// model.safetensors, as a run's is, or a model.safetensors.index.json.
HEARTH_API nn::StateDict load_weights(const std::string& path);
/// Writes the format that the path's ending names: .pt, .pth, .safetensors, .npz or .ckpt. The file is replaced as a
/// whole or not at all.
HEARTH_API void save_weights(const nn::StateDict& tensors, const std::string& path);

/// Which tensor of one set is which of another, by their names.
struct NameMap {
  std::vector<std::pair<std::string, std::string>> pairs;  ///< of `given` and of `own`, in the order of `own`
  std::vector<std::string> given_left, own_left;           ///< what fits nothing
};
/// Guesses it for weights of the same network under other names. Only equal shapes fit: equal names first, then equal
/// last parts ("weight", "running_mean"), then whatever is left; each in order, with names that are most alike where
/// the numbers of tensors differ. Names that are sorted as text ("h.10" before "h.2") are taken in the order of their
/// numbers.
HEARTH_API NameMap propose_names(const nn::StateDict& given, const nn::StateDict& own);

/// Renames tensors by rules, of which the first that fits a name counts; other names stay.
///   "old=new"         that name; each * of old stands for any text, and the same * of new for what it was
///   "/pattern/=new"   a regular expression (ECMAScript), found anywhere in the name and replaced; $1 is a group's text
///   "old="            leaves the tensor out
/// Throws ValueError for what is no rule, for a rule that fits no name, and for two tensors with one new name.
HEARTH_API nn::StateDict rename(const nn::StateDict& tensors, const std::vector<std::string>& rules);

/// Gives the tensors of `given` the names of `own`, as propose_names() has it. Throws ValueError, which lists them,
/// where tensors are left over.
HEARTH_API nn::StateDict match_by_shape(const nn::StateDict& given, const nn::StateDict& own);

}  // namespace hearth::io
