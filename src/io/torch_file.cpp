// PyTorch's zip format: a pickle of the values, and a member for each storage.
#include "io/torch_file.h"

#include <algorithm>
#include <map>

#include "base/files.h"
#include "hearth/ops.h"
#include "io/pickle.h"
#include "io/zip.h"

namespace hearth::io {
namespace {

constexpr uint64_t kRoom = 24 << 20;  // bytes of memory that values may take, besides the file's size
constexpr int kDeepest = 100, kMostDims = 64;
constexpr size_t kAlign = 64;

/// Makes values of a pickle's nodes.
class Builder {
 public:
  explicit Builder(const Bytes& bytes);
  IValue build() { return value(pickle_->root(), 0); }

 private:
  static const ZipEntry& find_pickle(const ZipReader& zip);
  IValue value(uint32_t n, int depth);
  IValue::Dict dict(const PickleNode& node, int depth);
  Tensor tensor(const PickleNode& node);
  std::vector<int64_t> numbers(const PickleNode& tuple);
  const Tensor& storage(const PickleNode& node, ScalarType dtype);

  ZipReader zip_;
  std::string root_, room_;
  std::optional<PickleReader> pickle_;
  std::map<std::string, Tensor, std::less<>> storages_;
};

const ZipEntry& Builder::find_pickle(const ZipReader& zip) {
  for (const ZipEntry& e : zip.entries())
    if (const size_t slash = e.name.find('/'); slash != std::string::npos && e.name.substr(slash) == "/data.pkl")
      return e;
  damaged("pt", zip.bytes().name, 0, "no member data.pkl is there, so PyTorch did not write it");
}

Builder::Builder(const Bytes& bytes) : zip_(bytes, "pt") {
  const ZipEntry& entry = find_pickle(zip_);
  root_ = entry.name.substr(0, entry.name.size() - std::string_view("data.pkl").size());
  if (const ZipEntry* order = zip_.find(root_ + "byteorder")) {
    std::string room;
    if (const std::string_view text = zip_.read(*order, room); text != "little")
      damaged("pt", bytes.name, order->begin, "its byte order is \"{}\" instead of little", text);
  }
  if (entry.deflated) damaged("pt", bytes.name, entry.begin, "its pickle is compressed, which PyTorch never does");
  pickle_.emplace(zip_.read(entry, room_), bytes.name, entry.begin, kRoom + bytes.size);
}

IValue Builder::value(uint32_t n, int depth) {
  const PickleNode& node = pickle_->node(n);
  if (depth > kDeepest) pickle_->fail_at(node.at, "values are nested more than {} deep", kDeepest);
  pickle_->charge(2 * sizeof(IValue));
  switch (node.kind) {
    case PickleNode::none: return {};
    case PickleNode::boolean: return node.number != 0;
    case PickleNode::integer: return node.number;
    case PickleNode::real: return node.value;
    case PickleNode::text:
    case PickleNode::global: {
      pickle_->charge(node.chars.size());
      std::string text(node.chars);
      if (node.kind == PickleNode::global) std::replace(text.begin(), text.end(), '\n', '.');
      return text;
    }
    case PickleNode::tuple:
    case PickleNode::list: {
      std::vector<IValue> items;
      for (const uint32_t i : node.items) items.push_back(value(i, depth + 1));
      if (node.kind == PickleNode::list) return items;
      return IValue::Tuple{std::move(items)};
    }
    case PickleNode::dict:
    case PickleNode::object: return dict(node, depth);
    case PickleNode::tensor: return tensor(node);
    case PickleNode::storage: break;
  }
  pickle_->fail_at(node.at, "a storage stands alone, without a tensor");
}

IValue::Dict Builder::dict(const PickleNode& node, int depth) {
  std::map<std::pair<std::string_view, int64_t>, size_t> places;  // a later value of the same key replaces the first
  IValue::Dict out;
  for (size_t i = 0; i < node.items.size(); i += 2) {
    const PickleNode& key = pickle_->node(node.items[i]);
    pickle_->charge(160);
    const bool is_text = key.kind == PickleNode::text;
    const auto [place, fresh] = places.try_emplace({key.chars, is_text ? -1 : key.number}, out.size());
    IValue item = value(node.items[i + 1], depth + 1);
    if (fresh) {
      out.emplace_back(is_text ? IValue(std::string(key.chars)) : IValue(key.number), std::move(item));
    } else {
      out[place->second].second = std::move(item);
    }
  }
  return out;
}

std::vector<int64_t> Builder::numbers(const PickleNode& tuple) {
  if (tuple.items.size() > kMostDims)
    pickle_->fail_at(tuple.at, "a tensor has {} dimensions; at most {} make sense", tuple.items.size(), kMostDims);
  std::vector<int64_t> out;
  for (const uint32_t i : tuple.items) out.push_back(pickle_->node(i).number);
  return out;
}

const Tensor& Builder::storage(const PickleNode& node, ScalarType dtype) {
  if (const auto found = storages_.find(node.chars); found != storages_.end()) {
    if (found->second.scalar_type() != dtype)
      pickle_->fail_at(node.at, "storage \"{}\" is {} here and {} before", node.chars, dtype,
                       found->second.scalar_type());
    return found->second;
  }
  const ZipEntry* entry = zip_.find(fmt::format("{}data/{}", root_, node.chars));
  if (!entry) pickle_->fail_at(node.at, "storage \"{}\" has no member in the archive", node.chars);
  const auto wide = static_cast<int64_t>(elementSize(dtype));
  int64_t bytes = node.number;
  if (node.dtype != ScalarType::Undefined && __builtin_mul_overflow(bytes, wide, &bytes)) bytes = -1;
  if (entry->deflated || bytes < 0 || static_cast<uint64_t>(bytes) != entry->size || bytes % wide != 0)
    damaged("pt", zip_.bytes().name, entry->begin, "storage \"{}\" should be {} elements of {} here, but has {} bytes",
            node.chars, node.number, dtype, entry->size);
  std::string room;
  const std::string_view content = zip_.read(*entry, room);
  Tensor t = empty({bytes / wide}, dtype);
  if (bytes > 0) std::memcpy(t.data_ptr(), content.data(), content.size());
  if (dtype == kBool)
    for (size_t i = 0; i < content.size(); ++i)
      if (static_cast<uint8_t>(content[i]) > 1)
        damaged("pt", zip_.bytes().name, entry->begin + i, "storage \"{}\" holds a bool that is neither 0 nor 1",
                node.chars);
  return storages_.emplace(std::string(node.chars), std::move(t)).first->second;
}

Tensor Builder::tensor(const PickleNode& node) {
  const PickleNode& place = pickle_->node(node.items[0]);
  const std::vector<int64_t> sizes = numbers(pickle_->node(node.items[1])),
                             strides = numbers(pickle_->node(node.items[2]));
  pickle_->charge(512 + 32 * sizes.size());
  const Tensor& base = storage(place, node.dtype);
  int64_t count = 1, last = node.number;
  bool fits = true, is_empty = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t reach = 0;
    is_empty = is_empty || sizes[i] == 0;
    fits = fits && !__builtin_mul_overflow(count, std::max<int64_t>(sizes[i], 1), &count) &&
           !__builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0), strides[i], &reach) &&
           !__builtin_add_overflow(last, reach, &last);
  }
  if (!fits || count > (int64_t{1} << 59) || (!is_empty && last >= base.numel()))
    pickle_->fail_at(node.at,
                     "a tensor of sizes [{}] with strides [{}] from element {} on reaches beyond storage \"{}\", which "
                     "has {} elements",
                     fmt::join(sizes, ", "), fmt::join(strides, ", "), node.number, place.chars, base.numel());
  Tensor t = is_empty ? empty(sizes, node.dtype) : base.as_strided(sizes, strides, node.number).detach();
  if (node.requires_grad && t.is_floating_point()) t.set_requires_grad(true);
  return t;
}

/// The memory that tensors of a value lie on, in the order of their appearance.
class Storages {
 public:
  void collect(const IValue& v);
  PickleWriter::Place locate(const Tensor& t) const;
  template <class F>
  void each(F&& f) const {
    for (const Span& s : spans_) f(s.base + s.first * s.wide, static_cast<size_t>((s.end - s.first) * s.wide));
  }

 private:
  struct Span {
    const char* base;
    int64_t wide, first, end;  // elements in use; what else the storage holds is not written
  };
  using Key = std::tuple<const void*, ScalarType>;
  static const char* base_of(const Tensor& t) {
    return static_cast<const char*>(t.data_ptr()) - t.storage_offset() * t.element_size();
  }
  static Key key_of(const Tensor& t) {  // an empty tensor has a storage of its own
    return {t.numel() == 0 ? static_cast<const void*>(t.unsafeGetTensorImpl()) : base_of(t), t.scalar_type()};
  }
  void add(const Tensor& t);

  std::map<Key, size_t> numbers_;
  std::vector<Span> spans_;
};

void Storages::add(const Tensor& t) {
  if (!t.defined()) fail<TypeError>("[save] an undefined tensor can't be saved; leave it out");
  const auto [place, fresh] = numbers_.try_emplace(key_of(t), spans_.size());
  int64_t first = t.storage_offset(), end = first + 1;
  for (int64_t d = 0; d < t.dim(); ++d) end += (t.size(d) - 1) * t.stride(d);
  if (t.numel() == 0) first = end = 0;
  if (fresh) spans_.push_back({t.numel() == 0 ? nullptr : base_of(t), t.element_size(), first, end});
  Span& span = spans_[place->second];
  span.first = std::min(span.first, first);
  span.end = std::max(span.end, end);
}

void Storages::collect(const IValue& v) {
  if (v.isTensor()) add(v.toTensor());
  if (v.isTensorList())
    for (const Tensor& t : v.toTensorVector()) add(t);
  if (v.isList() && !v.isTensorList() && !v.isIntList() && !v.isDoubleList())
    for (const IValue& item : v.toListRef()) collect(item);
  if (v.isTuple())
    for (const IValue& item : v.toTupleRef()) collect(item);
  if (v.isGenericDict())
    for (const auto& entry : v.toGenericDict()) collect(entry.second);
}

PickleWriter::Place Storages::locate(const Tensor& t) const {
  const size_t number = numbers_.at(key_of(t));
  const Span& span = spans_[number];
  return {std::to_string(number), span.end - span.first, t.numel() == 0 ? 0 : t.storage_offset() - span.first};
}

}  // namespace

IValue read_pt(const Bytes& bytes) {
  if (bytes.begins_with("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"))
    throw FileError(fmt::format("[pt] {} has PyTorch's format from before version 1.6; load it in Python and save it "
                                "again with torch.save",
                                bytes.name),
                    bytes.name, 0);
  return Builder(bytes).build();
}

void write_pt(const IValue& value, const Sink& sink) {
  Storages storages;
  storages.collect(value);
  const std::string pickle = PickleWriter([&](const Tensor& t) { return storages.locate(t); }).write(value);
  ZipWriter zip(sink);
  zip.add("archive/data.pkl", pickle.data(), pickle.size(), kAlign);
  zip.add("archive/.format_version", "1");
  zip.add("archive/.storage_alignment", "64");
  zip.add("archive/byteorder", "little");
  size_t number = 0;
  storages.each(
      [&](const void* data, size_t size) { zip.add(fmt::format("archive/data/{}", number++), data, size, kAlign); });
  zip.add("archive/version", "3\n");
  zip.add("archive/.data/serialization_id", fmt::format("{:040}", std::hash<std::string>()(pickle)));
  zip.finish();
}

IValue load_pt(const std::string& path) {
  const MappedFile file(path, "load");
  return read_pt({file.data(), file.size(), path});
}
IValue load_pt(const std::string& bytes, const std::string& name) { return read_pt({bytes, name}); }

void save_pt(const IValue& value, const std::string& path) {
  AtomicWriter file(path);
  write_pt(value, [&](const void* data, size_t size) { file.write(data, size); });
  file.commit();
}
std::string to_pt(const IValue& value) {
  std::string out;
  write_pt(value, [&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  return out;
}

}  // namespace hearth::io

namespace hearth {
std::vector<char> pickle_save(const IValue& value) {
  const std::string bytes = io::to_pt(value);
  return {bytes.begin(), bytes.end()};
}
IValue pickle_load(const std::vector<char>& data) {
  return io::read_pt({reinterpret_cast<const uint8_t*>(data.data()), data.size(), "the given memory"});
}
}  // namespace hearth
