#pragma once

#include <map>
#include <memory>
#include <string>

#include "hearth/nn/module.h"

namespace hearth {

/// Named tensors in a safetensors file, and its free text. https://github.com/huggingface/safetensors
struct SafeTensors {
  nn::StateDict tensors;
  std::map<std::string, std::string> metadata;
};
/// Writes to a temporary name, syncs and renames: the file is the old or the new one, never half of it.
HEARTH_API void save_safetensors(const SafeTensors& content, const std::string& path);
/// Throws FileError, with the offset, on anything that is not a whole and valid file.
HEARTH_API SafeTensors load_safetensors(const std::string& path);
/// The file's bytes; `name` stands for them in messages.
HEARTH_API std::string to_safetensors(const SafeTensors& content);
HEARTH_API SafeTensors from_safetensors(const std::string& bytes, const std::string& name);

namespace io {

/// A safetensors file whose tensors are read one by one: opening it reads the header alone, and get() touches that
/// tensor alone. The same checks as in load_safetensors.
class HEARTH_API SafeTensorsFile {
 public:
  explicit SafeTensorsFile(const std::string& path);
  /// In the order in which they lie in the file.
  std::vector<std::string> names() const;
  bool contains(const std::string& name) const;
  const std::map<std::string, std::string>& metadata() const;
  ScalarType dtype(const std::string& name) const;
  std::vector<int64_t> sizes(const std::string& name) const;
  /// A tensor on the file itself: nothing is read before it is used, and writes into it do not reach the file. It may
  /// outlive this object. Throws ValueError where there is no such name.
  Tensor get(const std::string& name) const;

 private:
  struct Content;
  std::string path_;
  std::shared_ptr<const Content> content_;
};

/// Writes the tensors to files of at most `shard_bytes` (a larger tensor has one to itself) in an existing folder, and
/// at last model.safetensors.index.json, which says where each is.
HEARTH_API void save_sharded_safetensors(const SafeTensors& content, const std::string& folder,
                                         int64_t shard_bytes = 5'000'000'000);
/// Reads them. Throws FileError where the index and the files do not agree.
HEARTH_API SafeTensors load_sharded_safetensors(const std::string& folder);

}  // namespace io

}  // namespace hearth
