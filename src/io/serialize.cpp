// save and load of tensors, modules and optimizers, and the archives between them and a file.
#include "hearth/serialize.h"

#include <fmt/format.h>

#include <istream>
#include <iterator>
#include <ostream>

#include "hearth/error.h"

namespace hearth {

namespace serialize {

void OutputArchive::write(const std::string& key, const Tensor& tensor, bool) { entries_.insert(key, tensor); }
void OutputArchive::write(const std::string& key, OutputArchive& nested) {
  for (const auto& item : nested.entries_) entries_.insert(key + "." + item.key(), item.value());
}
void OutputArchive::save_to(const std::string& path) const { save_safetensors({entries_, {{"format", "pt"}}}, path); }
void OutputArchive::save_to(std::ostream& stream) const {
  const std::string bytes = to_safetensors({entries_, {{"format", "pt"}}});
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream)
    throw FileError(fmt::format("[save] the stream took no more than part of {} bytes; check the disk", bytes.size()));
}

void InputArchive::load_from(const std::string& path) {
  entries_ = load_safetensors(path).tensors;
  source_ = path;
}
void InputArchive::load_from(std::istream& stream) {
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  source_ = "the stream";
  entries_ = from_safetensors(bytes, source_).tensors;
}
bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) {
  const Tensor* found = entries_.find(key);
  if (found) tensor = *found;
  return found != nullptr;
}
bool InputArchive::try_read(const std::string& key, InputArchive& nested) {
  InputArchive part;
  part.source_ = source_;
  for (const auto& item : entries_)
    if (item.key().compare(0, key.size() + 1, key + ".") == 0)
      part.entries_.insert(item.key().substr(key.size() + 1), item.value());
  if (part.entries_.is_empty()) return false;
  nested = std::move(part);
  return true;
}
void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) {
  if (!try_read(key, tensor, is_buffer))
    throw ValueError(fmt::format("[load] No such serialized tensor '{}' in {}", key, source_));
}
void InputArchive::read(const std::string& key, InputArchive& nested) {
  if (!try_read(key, nested))
    throw ValueError(fmt::format("[load] No such serialized submodule: '{}' in {}", key, source_));
}
std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> out;
  for (const auto& item : entries_) {
    std::string key = item.key().substr(0, item.key().find('.'));
    if (out.empty() || out.back() != key) out.push_back(std::move(key));
  }
  return out;
}

}  // namespace serialize

namespace nn {
void Module::save(serialize::OutputArchive& archive) const {
  for (const auto& item : state_dict()) archive.write(item.key(), item.value());
}
void Module::load(serialize::InputArchive& archive) { load_state_dict(archive.entries()); }
}  // namespace nn

namespace {

using serialize::InputArchive;
using serialize::OutputArchive;

template <class Target>
void write_tensors(const std::vector<Tensor>& tensors, Target&& target) {
  OutputArchive archive;
  for (size_t i = 0; i < tensors.size(); ++i) archive.write(std::to_string(i), tensors[i]);
  archive.save_to(target);
}
template <class Source>
std::vector<Tensor> read_tensors(Source&& source) {
  InputArchive archive;
  archive.load_from(source);
  std::vector<Tensor> tensors(archive.entries().size());
  for (size_t i = 0; i < tensors.size(); ++i) archive.read(std::to_string(i), tensors[i]);
  return tensors;
}
template <class Source>
Tensor read_tensor(Source&& source) {
  std::vector<Tensor> tensors = read_tensors(source);
  if (tensors.size() != 1)
    throw ValueError(
        fmt::format("[load] one tensor is expected, but there are {}; load them into a vector", tensors.size()));
  return tensors[0];
}
template <class Target>
void write_module(const nn::Module& module, Target&& target) {
  OutputArchive archive;
  module.save(archive);
  archive.save_to(target);
}
template <class Source>
void read_module(nn::Module& module, Source&& source) {
  InputArchive archive;
  archive.load_from(source);
  module.load(archive);
}
template <class Target>
void write_state(const nn::StateDict& state, Target&& target) {
  OutputArchive archive;
  for (const auto& item : state) archive.write(item.key(), item.value());
  archive.save_to(target);
}
template <class Source>
nn::StateDict read_state(Source&& source) {
  InputArchive archive;
  archive.load_from(source);
  return archive.entries();
}

}  // namespace

void save(const Tensor& value, const std::string& path) { write_tensors({value}, path); }
void save(const std::vector<Tensor>& value, const std::string& path) { write_tensors(value, path); }
void save(const nn::Module& value, const std::string& path) { write_module(value, path); }
void save(const optim::Optimizer& value, const std::string& path) { write_state(value.state_dict(), path); }
void save(const Tensor& value, std::ostream& stream) { write_tensors({value}, stream); }
void save(const std::vector<Tensor>& value, std::ostream& stream) { write_tensors(value, stream); }
void save(const nn::Module& value, std::ostream& stream) { write_module(value, stream); }
void save(const optim::Optimizer& value, std::ostream& stream) { write_state(value.state_dict(), stream); }

void load(Tensor& value, const std::string& path) { value = read_tensor(path); }
void load(std::vector<Tensor>& value, const std::string& path) { value = read_tensors(path); }
void load(nn::Module& value, const std::string& path) { read_module(value, path); }
void load(optim::Optimizer& value, const std::string& path) { value.load_state_dict(read_state(path)); }
void load(Tensor& value, std::istream& stream) { value = read_tensor(stream); }
void load(std::vector<Tensor>& value, std::istream& stream) { value = read_tensors(stream); }
void load(nn::Module& value, std::istream& stream) { read_module(value, stream); }
void load(optim::Optimizer& value, std::istream& stream) { value.load_state_dict(read_state(stream)); }

}  // namespace hearth
