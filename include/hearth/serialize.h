#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "hearth/io/safetensors.h"
#include "hearth/io/torch_file.h"
#include "hearth/nn/module.h"
#include "hearth/optim/optimizer.h"

namespace hearth {

namespace serialize {

/// A tree of named values on its way out: what Python's torch.load gives back as nested dictionaries.
class HEARTH_API OutputArchive {
 public:
  OutputArchive();
  /// Throws ValueError where the key is there already.
  void write(const std::string& key, const IValue& value);
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  void write(const std::string& key, OutputArchive& nested);
  /// Makes the whole archive this value: a tensor or a list, without a name.
  void write(const IValue& value) { root_ = value; }
  /// To a file, which is replaced as a whole or not at all; to a stream; or to a function that returns how many of the
  /// bytes it took.
  void save_to(const std::string& path) const;
  void save_to(std::ostream& stream) const;
  void save_to(const std::function<size_t(const void* data, size_t size)>& take) const;
  const IValue& root() const { return root_; }

 private:
  IValue root_;
};

/// The same on its way in. Files of Python's torch.save, of LibTorch's torch::save, and safetensors are told apart by
/// their content.
class HEARTH_API InputArchive {
 public:
  InputArchive();
  /// Tensors go to `device`, if given.
  void load_from(const std::string& path, std::optional<Device> device = std::nullopt);
  void load_from(std::istream& stream, std::optional<Device> device = std::nullopt);
  void load_from(const char* data, size_t size, std::optional<Device> device = std::nullopt);
  /// From a function that copies `size` bytes from `position` on and returns how many there were.
  void load_from(const std::function<size_t(uint64_t position, void* data, size_t size)>& read,
                 const std::function<size_t()>& size, std::optional<Device> device = std::nullopt);
  /// Throws ValueError where there is no such entry.
  void read(const std::string& key, IValue& value);
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, InputArchive& nested);
  bool try_read(const std::string& key, IValue& value);
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, InputArchive& nested);
  /// The names of the entries at this level.
  std::vector<std::string> keys() const;
  /// All tensors by their paths, joined by dots.
  nn::StateDict entries() const;
  const IValue& root() const { return root_; }
  /// What messages call it.
  const std::string& source() const { return source_; }

 private:
  void parse(const uint8_t* data, size_t size, std::optional<Device> device);

  std::string source_ = "the archive";
  IValue root_;
};

/// A module becomes a dictionary of its parameters and buffers by path; an optimizer what Python's
/// optimizer.state_dict() is, as far as the two have the same names.
HEARTH_API OutputArchive& operator<<(OutputArchive& archive, const Tensor& value);
HEARTH_API OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& value);
HEARTH_API OutputArchive& operator<<(OutputArchive& archive, const nn::Module& value);
HEARTH_API OutputArchive& operator<<(OutputArchive& archive, const optim::Optimizer& value);
HEARTH_API InputArchive& operator>>(InputArchive& archive, Tensor& value);
HEARTH_API InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& value);
HEARTH_API InputArchive& operator>>(InputArchive& archive, nn::Module& value);
HEARTH_API InputArchive& operator>>(InputArchive& archive, optim::Optimizer& value);
template <class M>
auto operator<<(OutputArchive& archive, const std::shared_ptr<M>& value)
    -> std::enable_if_t<std::is_base_of_v<nn::Module, M>, OutputArchive&> {
  return archive << static_cast<const nn::Module&>(*value);
}
template <class M>
auto operator>>(InputArchive& archive, const std::shared_ptr<M>& value)
    -> std::enable_if_t<std::is_base_of_v<nn::Module, M>, InputArchive&> {
  return archive >> static_cast<nn::Module&>(*value);
}
template <class M>
OutputArchive& operator<<(OutputArchive& archive, const nn::ModuleHolder<M>& value) {
  return archive << value.ptr();
}
template <class M>
InputArchive& operator>>(InputArchive& archive, const nn::ModuleHolder<M>& value) {
  return archive >> value.ptr();
}

}  // namespace serialize

/// Writes a tensor, tensors, a module's parameters and buffers, or an optimizer's state to whatever
/// OutputArchive::save_to takes: a path, a stream, a function. The file is one of Python's torch.save, which torch.load
/// reads, with weights_only=True too: a tensor, a list, an ordered dictionary by path, an optimizer's state_dict().
/// With weights_only=True PyTorch 1.13 refuses numbers with a fraction outside tensors, and so every optimizer's
/// state_dict(), its own among them; later ones take them. LibTorch itself need not read it.
template <class Value, class... To>
void save(const Value& value, To&&... to) {
  serialize::OutputArchive archive;
  archive << value;
  archive.save_to(std::forward<To>(to)...);
}
/// Reads what save, Python or LibTorch wrote, or safetensors, from whatever InputArchive::load_from takes. A module's
/// missing, unexpected and misshapen entries are one error that lists them all.
template <class Value, class... From>
void load(Value& value, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  archive >> value;
}
/// With strict = false: takes the entries that the module has, and leaves the rest alone, in the file and in the
/// module.
HEARTH_API void load(nn::Module& value, const std::string& path, bool strict);
HEARTH_API void load(nn::Module& value, std::istream& stream, bool strict);
template <class Value, class From>
void load(Value& value, From&& from, bool strict) {
  if constexpr (std::is_base_of_v<nn::Module, Value>) {
    load(static_cast<nn::Module&>(value), std::forward<From>(from), strict);
  } else {
    load(static_cast<nn::Module&>(*value), std::forward<From>(from), strict);
  }
}

}  // namespace hearth
