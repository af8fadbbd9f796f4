// The checkpoint container: magic, version, sizes | header | tensors | digest, magic. Little-endian:
//
//   0  "HEARTHCK"                  24  u64 size of the header
//   8  u32 version                 32  u64 size of the file
//  12  u32 CRC32C of the header    40  u64 zero
//  16  u64 XXH64 of bytes 0-15 and 24-47
//  48  header: a pickle of {"storages": [(name, offset, bytes, CRC32C), ...], "content": ...}
//  ..  each storage at the next multiple of 64, zeros between
//  ..  u64 XXH64 of everything before | "HEARTHEN"
#include "hearth/io/checkpoint.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/checksum.h"
#include "base/files.h"
#include "hearth/ops.h"
#include "io/pickled_tree.h"

namespace hearth::io {
namespace {

constexpr std::string_view kMagic = "HEARTHCK", kEndMagic = "HEARTHEN";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kStart = 48, kAlign = 64, kEndSize = 16;

uint64_t aligned(uint64_t offset) { return (offset + kAlign - 1) / kAlign * kAlign; }

uint64_t start_digest(const uint8_t* start) {
  Digest64 digest;
  digest.add(start, 16);
  digest.add(start + 24, kStart - 24);
  return digest.value();
}

/// The header, filled up with zeros, and where each storage begins, counted from the end of the header.
struct Layout {
  std::string header;
  std::vector<uint64_t> offsets;
  uint64_t end = 0;
};
Layout lay_out(const IValue& content, const Storages& storages) {
  Layout layout;
  uint64_t offset = 0;
  std::vector<IValue> table;
  for (const Storages::Span& s : storages.spans()) {
    offset = aligned(offset);
    layout.offsets.push_back(offset);
    table.emplace_back(IValue::Tuple{{s.name, static_cast<int64_t>(offset), static_cast<int64_t>(s.bytes()),
                                      static_cast<int64_t>(crc32c(s.data(), s.bytes()))}});
    offset += s.bytes();
  }
  layout.end = offset;
  layout.header = PickleWriter([&](const Tensor& t) {
                    return storages.locate(t);
                  }).write(IValue::Dict{{"storages", std::move(table)}, {"content", content}});
  layout.header.append(aligned(kStart + layout.header.size()) - kStart - layout.header.size(), '\0');
  return layout;
}

void write_checkpoint(const IValue& content, const Sink& sink) {
  Storages storages;
  storages.collect(content);
  const Layout layout = lay_out(content, storages);
  const uint64_t begin = kStart + layout.header.size();
  std::string start(kMagic);
  append_le(start, kVersion);
  append_le(start, crc32c(layout.header.data(), layout.header.size()));
  append_le<uint64_t>(start, 0);
  append_le<uint64_t>(start, layout.header.size());
  append_le<uint64_t>(start, begin + layout.end + kEndSize);
  append_le<uint64_t>(start, 0);
  const uint64_t check = start_digest(reinterpret_cast<const uint8_t*>(start.data()));
  std::memcpy(start.data() + 16, &check, sizeof check);

  Digest64 digest;
  const auto put = [&](const void* data, size_t size) {
    digest.add(data, size);
    if (size > 0) sink(data, size);
  };
  put(start.data(), start.size());
  put(layout.header.data(), layout.header.size());
  uint64_t at = 0;
  const std::string zeros(kAlign, '\0');
  for (size_t i = 0; i < layout.offsets.size(); ++i) {
    const Storages::Span& s = storages.spans()[i];
    put(zeros.data(), layout.offsets[i] - at);
    put(s.data(), s.bytes());
    at = layout.offsets[i] + s.bytes();
  }
  std::string end;
  append_le(end, digest.value());
  end += kEndMagic;
  sink(end.data(), end.size());
}

/// One checkpoint in memory. Construction checks its start and header, check() the rest.
class Reader {
 public:
  explicit Reader(const Bytes& bytes);
  /// Throws unless every byte is as it was written.
  void check();
  IValue content();
  /// A number at the top of the content, and whether it is there.
  std::optional<double> number(std::string_view key) const;

 private:
  struct Storage {
    std::string_view name;
    uint64_t begin, bytes;
    uint32_t crc;
  };
  template <class... Args>
  [[noreturn]] void fail_here(uint64_t offset, fmt::format_string<Args...> what, Args&&... args) const {
    damaged("checkpoint", bytes_.name, offset, "{}", fmt::vformat(what, fmt::make_format_args(args...)));
  }
  void check_start();
  void read_table();
  const PickleNode* entry(std::string_view key, const PickleNode& dict) const;
  Tensor fetch(const PickleNode& node, ScalarType dtype) const;

  const Bytes& bytes_;
  uint64_t header_size_ = 0;
  std::optional<PickleReader> pickle_;
  std::vector<Storage> storages_;
};

Reader::Reader(const Bytes& bytes) : bytes_(bytes) {
  check_start();
  std::string_view header(reinterpret_cast<const char*>(bytes.data) + kStart, header_size_);
  header = header.substr(0, header.find_last_not_of('\0') + 1);  // a pickle ends with a dot
  pickle_.emplace(header, bytes.name, kStart, kRoomForValues + bytes.size);
  read_table();
}

void Reader::check_start() {
  const uint8_t* d = bytes_.data;
  if (!bytes_.begins_with(kMagic)) fail_here(0, "it does not begin with \"{}\", so it is no checkpoint", kMagic);
  if (bytes_.size < kStart + kEndSize) fail_here(bytes_.size, "it ends within the first {} bytes", kStart + kEndSize);
  if (start_digest(d) != load_le<uint64_t>(d + 16))
    fail_here(8, "the {} bytes that describe the file are changed", kStart);
  if (const auto version = load_le<uint32_t>(d + 8); version != kVersion)
    fail_here(8, "its version is {}, and this hearth reads {}; use a newer one", version, kVersion);
  header_size_ = load_le<uint64_t>(d + 24);
  const auto size = load_le<uint64_t>(d + 32);
  if (size != bytes_.size)
    fail_here(std::min<uint64_t>(size, bytes_.size), "it should have {} bytes but has {}", size, bytes_.size);
  if (header_size_ > size - kStart - kEndSize)
    fail_here(24, "its header should be {} bytes, but {} follow", header_size_, size - kStart);
  if (crc32c(d + kStart, header_size_) != load_le<uint32_t>(d + 12))
    fail_here(kStart, "the header (bytes {} to {}), which names the tensors, is changed", kStart,
              kStart + header_size_);
}

const PickleNode* Reader::entry(std::string_view key, const PickleNode& dict) const {
  for (size_t i = 0; dict.kind == PickleNode::dict && i < dict.items.size(); i += 2)
    if (const PickleNode& k = pickle_->node(dict.items[i]); k.kind == PickleNode::text && k.chars == key)
      return &pickle_->node(dict.items[i + 1]);
  return nullptr;
}

void Reader::read_table() {
  const PickleNode* table = entry("storages", pickle_->node(pickle_->root()));
  if (!table || table->kind != PickleNode::list) fail_here(kStart, "the header has no list of tensors");
  const uint64_t begin = kStart + header_size_, end = bytes_.size - kEndSize;
  uint64_t at = begin;
  for (const uint32_t i : table->items) {
    const PickleNode& row = pickle_->node(i);
    pickle_->charge(sizeof(Storage));
    if (row.kind != PickleNode::tuple || row.items.size() != 4 || pickle_->node(row.items[0]).kind != PickleNode::text)
      fail_here(kStart + row.at, "the header describes a tensor otherwise than by four values");
    const auto number = [&](size_t k) { return static_cast<uint64_t>(pickle_->node(row.items[k]).number); };
    Storage s{pickle_->node(row.items[0]).chars, number(1), number(2), static_cast<uint32_t>(number(3))};
    if (s.begin > end - begin || (s.begin += begin) != aligned(at) || s.bytes > end - s.begin)
      fail_here(kStart + row.at, "tensor \"{}\" should have {} bytes from {} on, but {} to {} are free", s.name,
                s.bytes, s.begin, at, end);
    at = s.begin + s.bytes;
    storages_.push_back(s);
  }
  if (at != end) fail_here(at, "{} bytes belong to no tensor", end - at);
}

void Reader::check() {
  uint64_t at = kStart + header_size_;
  for (const Storage& s : storages_) {
    for (; at < s.begin; ++at)
      if (bytes_.data[at] != 0) fail_here(at, "the space before tensor \"{}\" is changed", s.name);
    const uint32_t crc = crc32c(bytes_.data + s.begin, s.bytes);
    if (crc != s.crc)
      fail_here(s.begin, "tensor \"{}\" (bytes {} to {}) is changed: its CRC is {:08x} instead of {:08x}", s.name,
                s.begin, s.begin + s.bytes, crc, s.crc);
    at = s.begin + s.bytes;
  }
  Digest64 digest;
  digest.add(bytes_.data, at);
  if (digest.value() != load_le<uint64_t>(bytes_.data + at))
    fail_here(at, "the digest of the whole file is {:016x} instead of {:016x}", digest.value(),
              load_le<uint64_t>(bytes_.data + at));
  if (std::memcmp(bytes_.data + at + 8, kEndMagic.data(), kEndMagic.size()) != 0)
    fail_here(at + 8, "it does not end with \"{}\"", kEndMagic);
}

Tensor Reader::fetch(const PickleNode& node, ScalarType dtype) const {
  size_t number = 0;
  for (const char c : node.chars)
    number =
        c < '0' || c > '9' || number > storages_.size() ? storages_.size() : number * 10 + static_cast<size_t>(c - '0');
  if (number >= storages_.size()) pickle_->fail_at(node.at, "tensor \"{}\" is not in the file", node.chars);
  const Storage& s = storages_[number];
  const uint64_t wide = elementSize(dtype);
  uint64_t bytes = static_cast<uint64_t>(node.number);
  const bool fits = node.dtype == ScalarType::Undefined || !__builtin_mul_overflow(bytes, wide, &bytes);
  if (!fits || bytes != s.bytes || bytes % wide != 0)
    pickle_->fail_at(node.at, "tensor \"{}\" should be {} elements of {}, but has {} bytes", s.name, node.number, dtype,
                     s.bytes);
  Tensor t = empty({static_cast<int64_t>(s.bytes / wide)}, dtype);
  if (s.bytes > 0) std::memcpy(t.data_ptr(), bytes_.data + s.begin, s.bytes);
  check_bools(t, "checkpoint", bytes_.name, s.begin, s.name);
  return t;
}

IValue Reader::content() {
  const PickleNode& root = pickle_->node(pickle_->root());
  for (size_t i = 0; i < root.items.size(); i += 2)
    if (pickle_->node(root.items[i]).chars == "content")
      return TreeBuilder(*pickle_, [&](const PickleNode& node, ScalarType dtype) { return fetch(node, dtype); })
          .value(root.items[i + 1]);
  fail_here(kStart, "the header has no content");
}

std::optional<double> Reader::number(std::string_view key) const {
  const PickleNode* content = entry("content", pickle_->node(pickle_->root()));
  const PickleNode* found = content ? entry(key, *content) : nullptr;
  if (found && found->kind == PickleNode::integer) return static_cast<double>(found->number);
  if (found && found->kind == PickleNode::real) return found->value;
  return std::nullopt;
}

IValue read_checkpoint(const Bytes& bytes) {
  Reader reader(bytes);
  reader.check();
  return reader.content();
}

/// A checkpoint of a folder whose header could be read.
struct Candidate {
  std::string path;
  double step = -1;
  std::optional<double> metric;
};

/// Those of a folder, the newest first; damaged headers are reported.
std::vector<Candidate> candidates(const std::string& folder, const std::string& metric,
                                  std::vector<FoundCheckpoint::Rejected>* rejected) {
  std::error_code error;
  std::vector<Candidate> out;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string path = it->path().string();
    std::error_code ignored;
    if (!path.ends_with(".ckpt") || !it->is_regular_file(ignored)) continue;
    try {
      const MappedFile file(path, "find_latest");
      const Bytes bytes(file.data(), file.size(), path);
      const Reader reader(bytes);
      out.push_back({path, reader.number("step").value_or(-1), reader.number(metric)});
    } catch (const Error& e) {
      if (rejected) rejected->push_back({path, e.msg()});
    }
  }
  if (error)
    throw FileError(fmt::format("[find_latest] can't list '{}': {}; check the path", folder, error.message()), folder,
                    -1, error.value());
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.step != b.step ? a.step > b.step : a.path > b.path;
  });
  return out;
}

bool is_valid(const std::string& path) {
  try {
    const MappedFile file(path, "prune_checkpoints");
    const Bytes bytes(file.data(), file.size(), path);
    Reader(bytes).check();
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void save_checkpoint(const IValue& content, const std::string& path) {
  AtomicWriter file(path, "save_checkpoint");
  write_checkpoint(content, [&](const void* data, size_t size) { file.write(data, size); });
  file.commit();
}
std::string to_checkpoint(const IValue& content) {
  std::string out;
  write_checkpoint(content, [&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  return out;
}

IValue load_checkpoint(const std::string& path) {
  const MappedFile file(path, "load_checkpoint");
  return read_checkpoint({file.data(), file.size(), path});
}
IValue from_checkpoint(const std::string& bytes, const std::string& name) { return read_checkpoint({bytes, name}); }

FoundCheckpoint find_latest(const std::string& folder) {
  FoundCheckpoint found;
  for (const Candidate& c : candidates(folder, "", &found.rejected)) {
    try {
      found.content = load_checkpoint(c.path);
      found.path = c.path;
      found.step = static_cast<int64_t>(c.step);
      break;
    } catch (const Error& e) {
      found.rejected.push_back({c.path, e.msg()});
    }
  }
  return found;
}

std::vector<std::string> prune_checkpoints(const std::string& folder, const PruneOptions& options) {
  if (options.keep_last < 1 || options.keep_best < 0)
    fail("[prune_checkpoints] keep_last is {} and keep_best {}; keep at least the last one", options.keep_last,
         options.keep_best);
  std::vector<Candidate> valid = candidates(folder, options.metric, nullptr);
  std::erase_if(valid, [](const Candidate& c) { return !is_valid(c.path); });
  const auto last = valid.begin() + std::min<std::ptrdiff_t>(options.keep_last, std::ssize(valid));
  std::vector<Candidate> rest(last, valid.end()), ranked;
  std::copy_if(valid.begin(), valid.end(), std::back_inserter(ranked),
               [](const Candidate& c) { return c.metric && *c.metric == *c.metric; });
  std::stable_sort(ranked.begin(), ranked.end(), [&](const Candidate& a, const Candidate& b) {
    return options.higher_is_better ? *a.metric > *b.metric : *a.metric < *b.metric;
  });
  ranked.resize(std::min<size_t>(ranked.size(), static_cast<size_t>(options.keep_best)));
  std::vector<std::string> removed;
  for (size_t i = rest.size(); i-- > 0;) {
    if (std::any_of(ranked.begin(), ranked.end(), [&](const Candidate& c) { return c.path == rest[i].path; })) continue;
    if (file_ops().unlink(rest[i].path.c_str()) != 0)
      throw FileError(fmt::format("[prune_checkpoints] can't remove '{}'; check its permissions", rest[i].path),
                      rest[i].path, -1, errno);
    removed.push_back(rest[i].path);
  }
  return removed;
}

}  // namespace hearth::io
