// The safetensors format: a length, a JSON header, the tensors' bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "hearth/error.h"
#include "hearth/ops.h"
#include "hearth/serialize.h"

namespace hearth {

namespace {

using nlohmann::json;

constexpr uint64_t kMostHeader = 100'000'000;

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

/// Reads one header, keeping the file's name for messages.
class Reader {
 public:
  Reader(const char* data, size_t size, const std::string& name) : data_(data), size_(size), name_(name) {}
  SafeTensors read();

 private:
  struct Entry {
    std::string name;
    ScalarType type = ScalarType::Undefined;
    std::vector<int64_t> shape;
    uint64_t begin = 0, end = 0;
  };
  [[noreturn]] void damaged(uint64_t offset, const std::string& what) const {
    throw FileError(fmt::format("[safetensors] {} is damaged at byte {}: {}", name_, offset, what), name_,
                    static_cast<int64_t>(offset));
  }
  json parse_header(uint64_t length) const;
  Entry parse_entry(const std::string& name, const json& value) const;
  void check_layout(std::vector<Entry>& entries) const;

  const char* data_;
  size_t size_;
  const std::string& name_;
  uint64_t start_ = 0;  // of the tensors' bytes
};

json Reader::parse_header(uint64_t length) const {
  if (data_[8] != '{') damaged(8, "the header does not begin with '{'");
  std::vector<std::string> seen;  // duplicate keys at the top level, which the parser would drop silently
  bool duplicate = false;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth == 1 && event == json::parse_event_t::key) {
      const std::string key = parsed.get<std::string>();
      duplicate = duplicate || std::find(seen.begin(), seen.end(), key) != seen.end();
      seen.push_back(key);
    }
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

Reader::Entry Reader::parse_entry(const std::string& name, const json& value) const {
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

SafeTensors Reader::read() {
  if (size_ < 9) damaged(size_, "it ends within the length of its header");
  uint64_t length;
  std::memcpy(&length, data_, 8);
  if (length > kMostHeader || length > size_ - 8 || length == 0)
    damaged(0, fmt::format("its header should be {} bytes, but {} follow", length, size_ - 8));
  start_ = 8 + length;
  SafeTensors content;
  std::vector<Entry> entries;
  const json header = parse_header(length);
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") {
      entries.push_back(parse_entry(name, value));
      continue;
    }
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) damaged(8, "its metadata holds something other than text");
      content.metadata[key] = text.get<std::string>();
    }
  }
  check_layout(entries);
  for (const Entry& e : entries) {
    Tensor t = empty(e.shape, e.type);
    if (e.end > e.begin) std::memcpy(t.data_ptr(), data_ + start_ + e.begin, e.end - e.begin);
    if (e.type == kBool)
      for (uint64_t i = e.begin; i < e.end; ++i)
        if (static_cast<unsigned char>(data_[start_ + i]) > 1)
          damaged(start_ + i, fmt::format("tensor \"{}\" holds a bool that is neither 0 nor 1", e.name));
    content.tensors.insert(e.name, std::move(t));
  }
  return content;
}

}  // namespace

std::string to_safetensors(const SafeTensors& content) {
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
  const uint64_t length = text.size();
  std::string bytes(8, '\0');
  bytes.reserve(8 + text.size() + offset);
  std::memcpy(bytes.data(), &length, 8);
  bytes += text;
  for (const auto& [name, t] : order)
    if (t.nbytes() > 0) bytes.append(static_cast<const char*>(t.data_ptr()), t.nbytes());
  return bytes;
}

SafeTensors from_safetensors(const std::string& bytes, const std::string& name) {
  return Reader(bytes.data(), bytes.size(), name).read();
}

void save_safetensors(const SafeTensors& content, const std::string& path) {
  const std::string bytes = to_safetensors(content);
  write_file(path, bytes.data(), bytes.size());
}

SafeTensors load_safetensors(const std::string& path) {
  const MappedFile file(path, "load");
  return Reader(reinterpret_cast<const char*>(file.data()), file.size(), path).read();
}

}  // namespace hearth
