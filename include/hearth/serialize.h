#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <string>

#include "hearth/nn/module.h"
#include "hearth/optim/optimizer.h"

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

namespace serialize {

/// A tree of named tensors on its way out.
class HEARTH_API OutputArchive {
 public:
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  void write(const std::string& key, OutputArchive& nested);
  void save_to(const std::string& path) const;
  void save_to(std::ostream& stream) const;
  const nn::StateDict& entries() const { return entries_; }

 private:
  nn::StateDict entries_;
};

/// The same on its way in.
class HEARTH_API InputArchive {
 public:
  void load_from(const std::string& path);
  void load_from(std::istream& stream);
  /// Throws ValueError where there is no such entry.
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, InputArchive& nested);
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, InputArchive& nested);
  /// The names of the entries at this level.
  std::vector<std::string> keys() const;
  const nn::StateDict& entries() const { return entries_; }

 private:
  std::string source_ = "the archive";
  nn::StateDict entries_;
};

}  // namespace serialize

/// Writes a tensor, tensors, a module's parameters and buffers, or an optimizer's state, as safetensors. The file is
/// replaced as a whole or not at all.
HEARTH_API void save(const Tensor& value, const std::string& path);
HEARTH_API void save(const std::vector<Tensor>& value, const std::string& path);
HEARTH_API void save(const nn::Module& value, const std::string& path);
HEARTH_API void save(const optim::Optimizer& value, const std::string& path);
HEARTH_API void save(const Tensor& value, std::ostream& stream);
HEARTH_API void save(const std::vector<Tensor>& value, std::ostream& stream);
HEARTH_API void save(const nn::Module& value, std::ostream& stream);
HEARTH_API void save(const optim::Optimizer& value, std::ostream& stream);

/// Reads what save wrote. A module's missing, unexpected and misshapen entries are one error that lists them all.
HEARTH_API void load(Tensor& value, const std::string& path);
HEARTH_API void load(std::vector<Tensor>& value, const std::string& path);
HEARTH_API void load(nn::Module& value, const std::string& path);
HEARTH_API void load(optim::Optimizer& value, const std::string& path);
HEARTH_API void load(Tensor& value, std::istream& stream);
HEARTH_API void load(std::vector<Tensor>& value, std::istream& stream);
HEARTH_API void load(nn::Module& value, std::istream& stream);
HEARTH_API void load(optim::Optimizer& value, std::istream& stream);

template <class M, class Target>
auto save(const std::shared_ptr<M>& value, Target&& target) -> std::enable_if_t<std::is_base_of_v<nn::Module, M>> {
  save(static_cast<const nn::Module&>(*value), std::forward<Target>(target));
}
template <class M, class Target>
void save(const nn::ModuleHolder<M>& value, Target&& target) {
  save(static_cast<const nn::Module&>(*value), std::forward<Target>(target));
}
template <class M, class Source>
auto load(std::shared_ptr<M>& value, Source&& source) -> std::enable_if_t<std::is_base_of_v<nn::Module, M>> {
  load(static_cast<nn::Module&>(*value), std::forward<Source>(source));
}
template <class M, class Source>
void load(nn::ModuleHolder<M>& value, Source&& source) {
  load(static_cast<nn::Module&>(*value), std::forward<Source>(source));
}

}  // namespace hearth
