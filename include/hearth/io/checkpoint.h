#pragma once

#include "hearth/ivalue.h"

namespace hearth::io {

/// Writes a tree of values (dictionaries, lists, tensors, numbers, strings) to one file that is checked as a whole when
/// it is read: model, optimizer, generators, the loader's position, whatever a training needs to go on. Views keep
/// their strides, and tensors on one memory share it again. The file is replaced as a whole or not at all. If `content`
/// is a dictionary, its integer "step" says how old the checkpoint is, for find_latest.
HEARTH_API void save_checkpoint(const IValue& content, const std::string& path);
HEARTH_API std::string to_checkpoint(const IValue& content);

/// Reads it back. Every byte is checked before anything is given back: the file's size, a CRC32C of the header and of
/// each tensor, a digest of everything. Throws FileError, with the byte and the tensor's name.
HEARTH_API IValue load_checkpoint(const std::string& path);
HEARTH_API IValue from_checkpoint(const std::string& bytes, const std::string& name);

/// What find_latest found.
struct FoundCheckpoint {
  std::string path;   ///< of the newest valid one; empty where there is none
  int64_t step = -1;  ///< its step
  IValue content;     ///< what load_checkpoint gives
  struct Rejected {
    std::string path, why;
  };
  std::vector<Rejected> rejected;  ///< damaged ones that would have come before it
};
/// The checkpoint with the largest step in a folder, among its files that end in .ckpt. Damaged ones are passed over
/// and reported; other files, and temporaries that a killed process left, are left alone. A missing folder is a
/// FileError.
HEARTH_API FoundCheckpoint find_latest(const std::string& folder);

/// Which checkpoints of a folder to keep.
struct PruneOptions {
  int64_t keep_last = 3;          ///< those with the largest steps, at least 1
  int64_t keep_best = 1;          ///< those with the best number under `metric`; those without one don't count
  std::string metric = "metric";  ///< a key of the content
  bool higher_is_better = false;
};
/// Removes the other valid checkpoints of a folder, oldest first, and returns their paths. Damaged ones neither count
/// nor go. Throws FileError where one can't be removed.
HEARTH_API std::vector<std::string> prune_checkpoints(const std::string& folder, const PruneOptions& options = {});

}  // namespace hearth::io
