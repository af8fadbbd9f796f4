// save and load of tensors, modules and optimizers, and the archives between them and a file.
#include "hearth/serialize.h"

#include <istream>
#include <iterator>
#include <ostream>

#include "base/files.h"
#include "io/torch_file.h"
#include "io/tree.h"

namespace hearth {

namespace serialize {

InputArchive::InputArchive() : root_(IValue::Dict()) {}
OutputArchive::OutputArchive() : root_(IValue::Dict()) {}
void OutputArchive::write(const std::string& key, const IValue& value) {
  if (value.isTensor() && !value.toTensor().defined())
    fail<TypeError>("[save] entry \"{}\" is an undefined tensor; leave it out", key);
  if (root_.find(key)) fail("[save] entry \"{}\" is there already; give each its own name", key);
  root_.toGenericDict().emplace_back(key, value);
}
void OutputArchive::write(const std::string& key, const Tensor& tensor, bool) { write(key, IValue(tensor)); }
void OutputArchive::write(const std::string& key, OutputArchive& nested) { write(key, nested.root_); }

void OutputArchive::save_to(const std::string& path) const { io::save_pt(root_, path); }
void OutputArchive::save_to(std::ostream& stream) const {
  int64_t done = 0;
  io::write_pt(root_, [&](const void* data, size_t size) {
    stream.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
    if (!stream)
      throw FileError(fmt::format("[save] the stream failed after {} bytes; check the disk", done), {}, done);
    done += static_cast<int64_t>(size);
  });
}
void OutputArchive::save_to(const std::function<size_t(const void*, size_t)>& take) const {
  int64_t done = 0;
  io::write_pt(root_, [&](const void* data, size_t size) {
    const size_t took = take(data, size);
    done += static_cast<int64_t>(took);
    if (took != size)
      throw FileError(
          fmt::format("[save] the function took {} of {} bytes, {} in all; let it take them all", took, size, done), {},
          done);
  });
}

void InputArchive::parse(const uint8_t* data, size_t size, std::optional<Device> device) {
  const io::Bytes bytes(data, size, source_);
  if (size > 8 && data[8] == '{') {
    const std::string text(reinterpret_cast<const char*>(data), size);
    root_ = io::dict_of(from_safetensors(text, source_).tensors);
  } else {
    root_ = io::read_pt(bytes);
  }
  if (device) root_ = io::map_tensors(root_, [&](const Tensor& t) { return t.to(*device); });
}
void InputArchive::load_from(const std::string& path, std::optional<Device> device) {
  const MappedFile file(path, "load");
  source_ = path;
  parse(file.data(), file.size(), device);
}
void InputArchive::load_from(std::istream& stream, std::optional<Device> device) {
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  source_ = "the stream";
  parse(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), device);
}
void InputArchive::load_from(const char* data, size_t size, std::optional<Device> device) {
  source_ = "the given memory";
  parse(reinterpret_cast<const uint8_t*>(data), size, device);
}
void InputArchive::load_from(const std::function<size_t(uint64_t, void*, size_t)>& read,
                             const std::function<size_t()>& size, std::optional<Device> device) {
  std::string bytes(size(), '\0');
  const size_t got = bytes.empty() ? 0 : read(0, bytes.data(), bytes.size());
  if (got != bytes.size())
    throw FileError(fmt::format("[load] the function gave {} of {} bytes; let it give them all", got, bytes.size()), {},
                    static_cast<int64_t>(got));
  load_from(bytes.data(), bytes.size(), device);
}

bool InputArchive::try_read(const std::string& key, IValue& value) {
  const auto at = [&](const auto& items) {
    for (size_t i = 0; i < items.size(); ++i)
      if (key == std::to_string(i)) {
        value = IValue(items[i]);
        return true;
      }
    return false;
  };
  if (root_.isTensor()) return at(std::vector<Tensor>{root_.toTensor()});
  if (root_.isTuple()) return at(root_.toTupleRef());
  if (root_.isTensorList()) return at(root_.toTensorVector());
  if (root_.isList()) return at(root_.toListRef());
  const IValue* found = root_.isGenericDict() ? root_.find(key) : nullptr;
  if (found) value = IValue(*found);
  return found != nullptr;
}
bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) {
  IValue value;
  if (!try_read(key, value) || !value.isTensor()) return false;
  tensor = value.toTensor();
  return true;
}
bool InputArchive::try_read(const std::string& key, InputArchive& nested) {
  InputArchive part;
  part.source_ = source_;
  if (!try_read(key, part.root_)) {  // where names are paths: what is below this one
    IValue::Dict below;
    if (root_.isGenericDict())
      for (const auto& [name, value] : root_.toGenericDict())
        if (name.isString() && name.toStringRef().compare(0, key.size() + 1, key + ".") == 0)
          below.emplace_back(name.toStringRef().substr(key.size() + 1), value);
    if (below.empty()) return false;
    part.root_ = std::move(below);
  }
  if (part.root_.isTensor() || part.root_.isScalar() || part.root_.isString() || part.root_.isNone()) return false;
  nested = std::move(part);
  return true;
}
void InputArchive::read(const std::string& key, IValue& value) {
  if (!try_read(key, value)) fail("[load] No such serialized value: '{}' in {}", key, source_);
}
void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) {
  if (!try_read(key, tensor, is_buffer)) fail("[load] No such serialized tensor '{}' in {}", key, source_);
}
void InputArchive::read(const std::string& key, InputArchive& nested) {
  if (!try_read(key, nested)) fail("[load] No such serialized submodule: '{}' in {}", key, source_);
}
std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> out;
  if (!root_.isGenericDict()) {
    const size_t count = root_.isTuple()        ? root_.toTupleRef().size()
                         : root_.isTensorList() ? root_.toTensorVector().size()
                         : root_.isTensor()     ? 1
                                                : root_.toListRef().size();
    for (size_t i = 0; i < count; ++i) out.push_back(std::to_string(i));
    return out;
  }
  for (const auto& entry : root_.toGenericDict()) {
    const IValue& name = entry.first;
    std::string key = name.isInt() ? std::to_string(name.toInt()) : name.toStringRef();
    key = key.substr(0, key.find('.'));
    if (out.empty() || out.back() != key) out.push_back(std::move(key));
  }
  return out;
}
nn::StateDict InputArchive::entries() const { return io::tensors_of(root_); }

OutputArchive& operator<<(OutputArchive& archive, const Tensor& value) {
  if (!value.defined()) fail<TypeError>("[save] an undefined tensor can't be saved");
  archive.write(IValue(value));
  return archive;
}
OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& value) {
  archive.write(IValue(value));
  return archive;
}
OutputArchive& operator<<(OutputArchive& archive, const nn::Module& value) {
  value.save(archive);
  return archive;
}
OutputArchive& operator<<(OutputArchive& archive, const optim::Optimizer& value) {
  value.save(archive);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, Tensor& value) {
  std::vector<Tensor> tensors;
  archive >> tensors;
  if (tensors.size() != 1)
    fail("[load] one tensor is expected, but {} has {}; load them into a vector", archive.source(), tensors.size());
  value = tensors[0];
  return archive;
}
InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& value) {
  std::vector<Tensor> tensors(archive.keys().size());
  for (size_t i = 0; i < tensors.size(); ++i) archive.read(std::to_string(i), tensors[i]);
  value = std::move(tensors);
  return archive;
}
InputArchive& operator>>(InputArchive& archive, nn::Module& value) {
  value.load(archive);
  return archive;
}
InputArchive& operator>>(InputArchive& archive, optim::Optimizer& value) {
  value.load(archive);
  return archive;
}

}  // namespace serialize

namespace nn {
void Module::save(serialize::OutputArchive& archive) const {
  for (const auto& item : state_dict()) archive.write(item.key(), item.value().detach());
}
void Module::load(serialize::InputArchive& archive) { load_state_dict(archive.entries()); }
}  // namespace nn

namespace {
template <class From>
void load_module(nn::Module& value, From& from, bool strict) {
  serialize::InputArchive archive;
  archive.load_from(from);
  if (strict) {
    archive >> value;
  } else {
    value.load_state_dict(archive.entries(), false);
  }
}
}  // namespace

void load(nn::Module& value, const std::string& path, bool strict) { load_module(value, path, strict); }
void load(nn::Module& value, std::istream& stream, bool strict) { load_module(value, stream, strict); }

}  // namespace hearth
