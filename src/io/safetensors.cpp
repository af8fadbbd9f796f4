// The safetensors format: a length, a JSON header, the tensors' bytes.
#include "hearth/io/safetensors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

#include "hearth/ops.h"
#include "io/npy.h"

namespace hearth {

namespace {

using nlohmann::json;

constexpr uint64_t kMostHeader = 100'000'000;
constexpr uint64_t kMostValues = 200'000;  // of JSON; more where the file is large

struct DtypeName {
  const char* name;
  ScalarType type;
};
constexpr DtypeName kDtypes[] = {{"F64", kDouble}, {"I64", kLong},      {"F32", kFloat}, {"I32", kInt},
                                 {"F16", kHalf},   {"BF16", kBFloat16}, {"I16", kShort}, {"U16", kUInt16},
                                 {"I8", kChar},    {"U8", kByte},       {"BOOL", kBool}};

const char* name_of(ScalarType type) {
  for (const DtypeName& d : kDtypes)
    if (d.type == type) return d.name;
  throw DtypeError("[safetensors] a tensor without a dtype can't be saved");
}

struct Entry {
  std::string name;
  ScalarType type = ScalarType::Undefined;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};

/// Reads one file's header, and tensors when they are asked for.
class Reader {
 public:
  Reader(const char* data, size_t size, const std::string& name) : data_(data), size_(size), name_(name) { read(); }
  const std::vector<Entry>& entries() const { return entries_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// On the mapped file where there is one.
  Tensor tensor(const Entry& entry, const std::shared_ptr<MappedFile>& keep) const;

 private:
  [[noreturn]] void damaged(uint64_t offset, const std::string& what) const {
    io::damaged("safetensors", name_, offset, "{}", what);
  }
  void read();
  json parse_header(uint64_t length) const;
  Entry parse_entry(const std::string& name, const json& value) const;
  void check_layout(std::vector<Entry>& entries) const;

  const char* data_;
  size_t size_;
  std::string name_;
  uint64_t start_ = 0;  // of the tensors' bytes
  std::vector<Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

json Reader::parse_header(uint64_t length) const {
  if (data_[8] != '{') damaged(8, "the header does not begin with '{'");
  std::unordered_set<std::string> seen;  // duplicate keys at the top level, which the parser would drop silently
  bool duplicate = false;
  uint64_t values = 0;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth == 1 && event == json::parse_event_t::key)
      duplicate = !seen.insert(parsed.get<std::string>()).second || duplicate;
    if (depth > 3 || ++values > kMostValues + size_ / 64) damaged(8, "the header holds more than tensors need");
    return true;
  };
  try {
    json header = json::parse(data_ + 8, data_ + 8 + length, watch);
    if (duplicate) damaged(8, "a tensor's name stands twice in the header");
    if (!header.is_object()) damaged(8, "the header is no JSON object");
    return header;
  } catch (const json::exception& e) {
    damaged(8, fmt::format("the header is no valid JSON ({})", e.what()));
  }
}

Entry Reader::parse_entry(const std::string& name, const json& value) const {
  Entry entry;
  entry.name = name;
  try {
    const std::string type = value.at("dtype").get<std::string>();
    for (const DtypeName& d : kDtypes)
      if (type == d.name) entry.type = d.type;
    if (entry.type == ScalarType::Undefined)
      damaged(8, fmt::format("tensor \"{}\" has dtype \"{}\", which hearth does not have", name, type));
    uint64_t bytes = elementSize(entry.type);
    for (const json& size : value.at("shape")) {
      if (!size.is_number_unsigned()) damaged(8, fmt::format("tensor \"{}\" has a size that is no whole number", name));
      const auto s = size.get<uint64_t>();
      if (s > (uint64_t{1} << 60) || __builtin_mul_overflow(bytes, s, &bytes))
        damaged(8, fmt::format("tensor \"{}\" has more elements than a file can hold", name));
      entry.shape.push_back(static_cast<int64_t>(s));
    }
    const json& offsets = value.at("data_offsets");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      damaged(8, fmt::format("tensor \"{}\" has no pair of offsets", name));
    entry.begin = offsets[0].get<uint64_t>();
    entry.end = offsets[1].get<uint64_t>();
    if (entry.end < entry.begin || entry.end > size_ - start_ || entry.end - entry.begin != bytes)
      damaged(start_ + entry.begin, fmt::format("tensor \"{}\" should be {} bytes, but stands from {} to {} of {}",
                                                name, bytes, entry.begin, entry.end, size_ - start_));
  } catch (const json::exception& e) {
    damaged(8, fmt::format("tensor \"{}\" is not described as the format has it ({})", name, e.what()));
  }
  return entry;
}

void Reader::check_layout(std::vector<Entry>& entries) const {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  uint64_t end = 0;
  for (const Entry& e : entries) {
    if (e.begin != end)
      damaged(start_ + std::min(end, e.begin),
              fmt::format("there is {} before tensor \"{}\"", e.begin > end ? "a hole" : "an overlap", e.name));
    end = e.end;
  }
  if (end != size_ - start_)
    damaged(start_ + end, fmt::format("the tensors end here, but {} bytes follow", size_ - start_ - end));
}

void Reader::read() {
  if (size_ < 9) damaged(size_, "it ends within the length of its header");
  const auto length = io::load_le<uint64_t>(reinterpret_cast<const uint8_t*>(data_));
  if (length > kMostHeader || length > size_ - 8 || length == 0)
    damaged(0, fmt::format("its header should be {} bytes, but {} follow", length, size_ - 8));
  start_ = 8 + length;
  const json header = parse_header(length);
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") {
      entries_.push_back(parse_entry(name, value));
      continue;
    }
    if (!value.is_object()) damaged(8, "its metadata is no JSON object");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) damaged(8, "its metadata holds something other than text");
      metadata_[key] = text.get<std::string>();
    }
  }
  check_layout(entries_);
}

Tensor Reader::tensor(const Entry& e, const std::shared_ptr<MappedFile>& keep) const {
  const char* data = data_ + start_ + e.begin;
  if (e.type == kBool)
    for (uint64_t i = 0; i < e.end - e.begin; ++i)
      if (static_cast<unsigned char>(data[i]) > 1)
        damaged(start_ + e.begin + i, fmt::format("tensor \"{}\" holds a bool that is neither 0 nor 1", e.name));
  return io::tensor_on(reinterpret_cast<const uint8_t*>(data), e.shape, e.type, keep);
}

SafeTensors all_of(const Reader& reader) {
  SafeTensors content;
  content.metadata = reader.metadata();
  for (const Entry& e : reader.entries()) content.tensors.insert(e.name, reader.tensor(e, nullptr));
  return content;
}

void write_safetensors(const SafeTensors& content, const io::Sink& put) {
  std::vector<std::pair<std::string, Tensor>> order = content.tensors.pairs();
  for (auto& [name, t] : order) {
    if (!t.defined()) throw TypeError(fmt::format("[save] entry \"{}\" is an undefined tensor; leave it out", name));
    t = t.detach().contiguous();
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const size_t wide = a.second.itemsize(), other = b.second.itemsize();
    return wide != other ? wide > other : a.first < b.first;
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  uint64_t offset = 0;
  for (const auto& [name, t] : order) {
    header[name] = {{"dtype", name_of(t.scalar_type())},
                    {"shape", t.sizes().vec()},
                    {"data_offsets", {offset, offset + t.nbytes()}}};
    offset += t.nbytes();
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& e) {
    throw ValueError(fmt::format("[save] a name or metadata entry is no valid UTF-8 ({})", e.what()));
  }
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string length;
  io::append_le<uint64_t>(length, text.size());
  put(length.data(), length.size());
  put(text.data(), text.size());
  for (const auto& [name, t] : order)
    if (t.nbytes() > 0) put(t.data_ptr(), t.nbytes());
}

}  // namespace

std::string to_safetensors(const SafeTensors& content) {
  std::string bytes;
  write_safetensors(content,
                    [&](const void* data, size_t size) { bytes.append(static_cast<const char*>(data), size); });
  return bytes;
}

SafeTensors from_safetensors(const std::string& bytes, const std::string& name) {
  return all_of(Reader(bytes.data(), bytes.size(), name));
}

void save_safetensors(const SafeTensors& content, const std::string& path) {
  AtomicWriter file(path);
  write_safetensors(content, [&](const void* data, size_t size) { file.write(data, size); });
  file.commit();
}

SafeTensors load_safetensors(const std::string& path) {
  const MappedFile file(path, "load");
  return all_of(Reader(reinterpret_cast<const char*>(file.data()), file.size(), path));
}

namespace io {

struct SafeTensorsFile::Content {
  explicit Content(const std::string& path)
      : file(std::make_shared<MappedFile>(path, "load")),
        reader(reinterpret_cast<const char*>(file->data()), file->size(), path) {
    for (size_t i = 0; i < reader.entries().size(); ++i) places[reader.entries()[i].name] = i;
  }
  std::shared_ptr<MappedFile> file;
  Reader reader;
  std::unordered_map<std::string, size_t> places;
};

SafeTensorsFile::SafeTensorsFile(const std::string& path) : path_(path), content_(std::make_shared<Content>(path)) {}

std::vector<std::string> SafeTensorsFile::names() const {
  std::vector<std::string> out;
  for (const Entry& e : content_->reader.entries()) out.push_back(e.name);
  return out;
}
bool SafeTensorsFile::contains(const std::string& name) const { return content_->places.count(name) != 0; }
const std::map<std::string, std::string>& SafeTensorsFile::metadata() const { return content_->reader.metadata(); }

namespace {
template <class Content>
const Entry& entry_of(const Content& content, const std::string& name, const std::string& path) {
  const auto found = content.places.find(name);
  if (found == content.places.end())
    fail("[safetensors] {} has no tensor \"{}\" among its {}; names() lists them", path, name, content.places.size());
  return content.reader.entries()[found->second];
}
}  // namespace

ScalarType SafeTensorsFile::dtype(const std::string& name) const { return entry_of(*content_, name, path_).type; }
std::vector<int64_t> SafeTensorsFile::sizes(const std::string& name) const {
  return entry_of(*content_, name, path_).shape;
}
Tensor SafeTensorsFile::get(const std::string& name) const {
  return content_->reader.tensor(entry_of(*content_, name, path_), content_->file);
}

void save_sharded_safetensors(const SafeTensors& content, const std::string& folder, int64_t shard_bytes) {
  std::vector<SafeTensors> shards;
  size_t used = 0, total = 0;
  for (const auto& item : content.tensors) {
    const size_t bytes = item.value().nbytes();
    if (shards.empty() || (used > 0 && used + bytes > static_cast<size_t>(std::max<int64_t>(shard_bytes, 1)))) {
      shards.emplace_back().metadata = content.metadata;
      used = 0;
    }
    shards.back().tensors.insert(item.key(), item.value());
    used += bytes;
    total += bytes;
  }
  nlohmann::ordered_json index = {{"metadata", {{"total_size", total}}},
                                  {"weight_map", nlohmann::ordered_json::object()}};
  for (size_t i = 0; i < shards.size(); ++i) {
    const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    save_safetensors(shards[i], folder + "/" + name);
    for (const auto& item : shards[i].tensors) index["weight_map"][item.key()] = name;
  }
  const std::string text = index.dump(2) + "\n";
  write_file(folder + "/model.safetensors.index.json", text.data(), text.size());
}

SafeTensors load_sharded_safetensors(const std::string& folder) {
  const std::string path = folder + "/model.safetensors.index.json";
  const std::vector<uint8_t> text = read_file(path, int64_t{kMostHeader}, "load");
  const auto refuse = [&](const std::string& what) { damaged("safetensors", path, 0, "{}", what); };
  std::map<std::string, std::vector<std::string>> names;  // of tensors, by shard
  const json index = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
    refuse("it is no JSON object with a \"weight_map\"");
  for (const auto& [tensor, shard] : index["weight_map"].items()) {
    const std::string file = shard.is_string() ? shard.get<std::string>() : "";
    if (file.empty() || file[0] == '.' || file.find('/') != std::string::npos)
      refuse(fmt::format("tensor \"{}\" should be in a file of the same folder, not in {}", tensor, shard.dump()));
    names[file].push_back(tensor);
  }
  SafeTensors out;
  for (const auto& [file, wanted] : names) {
    const SafeTensorsFile shard(folder + "/" + file);
    if (shard.names().size() != wanted.size())
      refuse(fmt::format("{} should hold {} tensors but has {}", file, wanted.size(), shard.names().size()));
    for (const std::string& name : wanted) {
      if (!shard.contains(name)) refuse(fmt::format("tensor \"{}\" is not in {}", name, file));
      out.tensors.insert(name, shard.get(name));
    }
    out.metadata.insert(shard.metadata().begin(), shard.metadata().end());
  }
  return out;
}

}  // namespace io

}  // namespace hearth
