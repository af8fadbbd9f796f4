// PyTorch's zip format: a pickle of the values, and a member for each storage.
#include "io/torch_file.h"

#include "base/files.h"
#include "hearth/ops.h"
#include "io/pickled_tree.h"
#include "io/zip.h"

namespace hearth::io {
namespace {

constexpr size_t kAlign = 64;

const ZipEntry& find_pickle(const ZipReader& zip) {
  for (const ZipEntry& e : zip.entries())
    if (const size_t slash = e.name.find('/'); slash != std::string::npos && e.name.substr(slash) == "/data.pkl")
      return e;
  damaged("pt", zip.bytes().name, 0, "no member data.pkl is there, so PyTorch did not write it");
}

/// The storage that a pickle names, out of the archive.
Tensor fetch(const ZipReader& zip, const std::string& root, const PickleReader& pickle, const PickleNode& node,
             ScalarType dtype) {
  const ZipEntry* entry = zip.find(fmt::format("{}data/{}", root, node.chars));
  if (!entry) pickle.fail_at(node.at, "storage \"{}\" has no member in the archive", node.chars);
  const auto wide = static_cast<int64_t>(elementSize(dtype));
  int64_t bytes = node.number;
  if (node.dtype != ScalarType::Undefined && __builtin_mul_overflow(bytes, wide, &bytes)) bytes = -1;
  if (entry->deflated || bytes < 0 || static_cast<uint64_t>(bytes) != entry->size || bytes % wide != 0)
    damaged("pt", zip.bytes().name, entry->begin, "storage \"{}\" should be {} elements of {} here, but has {} bytes",
            node.chars, node.number, dtype, entry->size);
  std::string room;
  const std::string_view content = zip.read(*entry, room);
  Tensor t = empty({bytes / wide}, dtype);
  if (bytes > 0) std::memcpy(t.data_ptr(), content.data(), content.size());
  check_bools(t, "pt", zip.bytes().name, entry->begin, node.chars);
  return t;
}

}  // namespace

IValue read_pt(const Bytes& bytes) {
  if (bytes.begins_with("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"))
    throw FileError(fmt::format("[pt] {} has PyTorch's format from before version 1.6; load it in Python and save it "
                                "again with torch.save",
                                bytes.name),
                    bytes.name, 0);
  const ZipReader zip(bytes, "pt");
  const ZipEntry& entry = find_pickle(zip);
  const std::string root = entry.name.substr(0, entry.name.size() - std::string_view("data.pkl").size());
  std::string room;
  if (const ZipEntry* order = zip.find(root + "byteorder"))
    if (const std::string_view text = zip.read(*order, room); text != "little")
      damaged("pt", bytes.name, order->begin, "its byte order is \"{}\" instead of little", text);
  if (entry.deflated) damaged("pt", bytes.name, entry.begin, "its pickle is compressed, which PyTorch never does");
  PickleReader pickle(zip.read(entry, room), bytes.name, entry.begin, kRoomForValues + bytes.size);
  const auto storage = [&](const PickleNode& node, ScalarType dtype) { return fetch(zip, root, pickle, node, dtype); };
  return TreeBuilder(pickle, storage).value(pickle.root());
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
  for (const Storages::Span& s : storages.spans())
    zip.add(fmt::format("archive/data/{}", number++), s.data(), s.bytes(), kAlign);
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
