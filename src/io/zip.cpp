#include "io/zip.h"

#include <zlib.h>

#include <algorithm>

namespace hearth::io {
namespace {

constexpr uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                   kLocator64 = 0x07064b50;
constexpr uint64_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22, kEnd64Size = 56, kLocator64Size = 20;
constexpr uint32_t kFull = 0xffffffff;   // "see the zip64 field"
constexpr uint64_t kMostDeflate = 1032;  // deflate makes nothing smaller than this part of it
constexpr uint16_t kUtf8 = 0x0800, kEncrypted = 0x0001;

uint32_t crc_of(const void* data, uint64_t size) {
  return static_cast<uint32_t>(crc32_z(0, static_cast<const Bytef*>(data), size));
}

/// Inflates raw deflate data; false unless it gives exactly `out.size()` bytes.
bool inflate_all(const uint8_t* data, uint64_t size, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  uint64_t in = 0, made = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    const uint64_t give = std::min<uint64_t>(size - in, 1 << 30), room = std::min<uint64_t>(out.size() - made, 1 << 30);
    stream.next_in = const_cast<Bytef*>(data + in);
    stream.avail_in = static_cast<uInt>(give);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + made);
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    in += give - stream.avail_in;
    made += room - stream.avail_out;
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && made == out.size() && in == size;
}

}  // namespace

ZipReader::ZipReader(Bytes bytes, const char* format) : bytes_(std::move(bytes)), format_(format) {
  const Directory directory = find_directory();
  directory_begin_ = directory.begin;
  if (directory.count > directory.size / kCentralSize)
    damaged(format_, bytes_.name, directory.begin, "the zip directory has {} bytes, too few for its {} entries",
            directory.size, directory.count);
  entries_.reserve(directory.count);
  uint64_t at = directory.begin;
  for (uint64_t i = 0; i < directory.count; ++i) entries_.push_back(parse_entry(at, directory.begin + directory.size));
  if (at != directory.begin + directory.size)
    damaged(format_, bytes_.name, at, "{} bytes follow the last entry of the zip directory",
            directory.begin + directory.size - at);
  check_layout();
}

ZipReader::Directory ZipReader::find_directory() const {
  const uint8_t* d = bytes_.data;
  const uint64_t size = bytes_.size;
  if (size < kEndSize) damaged(format_, bytes_.name, size, "it ends before a zip directory");
  const uint64_t lowest = size - kEndSize > 0xffff ? size - kEndSize - 0xffff : 0;
  for (uint64_t at = size - kEndSize + 1; at-- > lowest;) {  // a comment of up to 65,535 bytes may follow it
    if (load_le<uint32_t>(d + at) != kEnd || load_le<uint16_t>(d + at + 20) != size - at - kEndSize) continue;
    Directory found{load_le<uint32_t>(d + at + 16), load_le<uint32_t>(d + at + 12), load_le<uint16_t>(d + at + 10)};
    uint64_t end = at;
    if (at >= kLocator64Size && load_le<uint32_t>(d + at - kLocator64Size) == kLocator64) {
      end = load_le<uint64_t>(d + at - kLocator64Size + 8);
      found = find_directory64(at - kLocator64Size);
    }
    if (found.begin > end || found.size != end - found.begin)
      damaged(format_, bytes_.name, at, "the zip directory should stand from byte {} on with {} bytes, before byte {}",
              found.begin, found.size, end);
    return found;
  }
  damaged(format_, bytes_.name, size, "no end of a zip directory is there; the file is cut short or no zip file");
}

ZipReader::Directory ZipReader::find_directory64(uint64_t locator) const {
  const uint64_t at = load_le<uint64_t>(bytes_.data + locator + 8);
  if (at > locator || locator - at < kEnd64Size || load_le<uint32_t>(bytes_.data + at) != kEnd64)
    damaged(format_, bytes_.name, locator, "no zip64 directory is at byte {}", at);
  const uint8_t* d = bytes_.data + at;
  return {load_le<uint64_t>(d + 48), load_le<uint64_t>(d + 40), load_le<uint64_t>(d + 32)};
}

ZipEntry ZipReader::parse_entry(uint64_t& at, uint64_t end) const {
  const uint8_t* d = bytes_.data + at;
  if (end - at < kCentralSize || load_le<uint32_t>(d) != kCentral)
    damaged(format_, bytes_.name, at, "an entry of the zip directory should begin here");
  const uint64_t names = load_le<uint16_t>(d + 28), extras = load_le<uint16_t>(d + 30);
  const uint64_t whole = kCentralSize + names + extras + load_le<uint16_t>(d + 32);
  if (end - at < whole) damaged(format_, bytes_.name, at, "the zip directory ends within this entry");
  ZipEntry entry;
  entry.name.assign(reinterpret_cast<const char*>(d + kCentralSize), names);
  const uint16_t flags = load_le<uint16_t>(d + 8), method = load_le<uint16_t>(d + 10);
  entry.crc = load_le<uint32_t>(d + 16);
  entry.packed = load_le<uint32_t>(d + 20);
  entry.size = load_le<uint32_t>(d + 24);
  uint64_t local = load_le<uint32_t>(d + 42);
  for (uint64_t x = 0; x + 4 <= extras;) {  // the zip64 field holds what is full above, in this order
    const uint8_t* field = d + kCentralSize + names + x;
    const uint64_t length = load_le<uint16_t>(field + 2);
    if (length > extras - x - 4) damaged(format_, bytes_.name, at, "a field of this entry is longer than the entry");
    uint64_t used = 0;
    if (load_le<uint16_t>(field) == 1)
      for (uint64_t* value : {&entry.size, &entry.packed, &local})
        if (*value == kFull && used + 8 <= length) {
          *value = load_le<uint64_t>(field + 4 + used);
          used += 8;
        }
    x += 4 + length;
  }
  if ((flags & kEncrypted) != 0 || (method != 0 && method != 8))
    damaged(format_, bytes_.name, at, "member \"{}\" is {}, which is not read here", entry.name,
            (flags & kEncrypted) != 0 ? "encrypted" : fmt::format("packed by method {}", method));
  entry.deflated = method == 8;
  if (local > directory_begin_ || directory_begin_ - local < kLocalSize ||
      load_le<uint32_t>(bytes_.data + local) != kLocal)
    damaged(format_, bytes_.name, at, "member \"{}\" should begin at byte {}, but does not", entry.name, local);
  const uint8_t* l = bytes_.data + local;
  const uint64_t header = kLocalSize + load_le<uint16_t>(l + 26) + load_le<uint16_t>(l + 28);
  if (directory_begin_ - local < header || load_le<uint16_t>(l + 26) != names ||
      std::memcmp(l + kLocalSize, entry.name.data(), names) != 0)
    damaged(format_, bytes_.name, local, "member \"{}\" has another name here than in the directory", entry.name);
  entry.begin = local + header;
  if (entry.packed > directory_begin_ - entry.begin)
    damaged(format_, bytes_.name, entry.begin, "member \"{}\" should have {} bytes, but {} are there", entry.name,
            entry.packed, directory_begin_ - entry.begin);
  if (entry.deflated ? entry.size / kMostDeflate > entry.packed : entry.size != entry.packed)
    damaged(format_, bytes_.name, at, "member \"{}\" has {} bytes, which can't unpack to {}", entry.name, entry.packed,
            entry.size);
  at += whole;
  return entry;
}

void ZipReader::check_layout() {
  std::vector<uint32_t> order(entries_.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return entries_[a].begin < entries_[b].begin; });
  for (size_t i = 1; i < order.size(); ++i) {
    const ZipEntry &before = entries_[order[i - 1]], &entry = entries_[order[i]];
    if (entry.begin - before.begin < before.packed + kLocalSize + entry.name.size())
      damaged(format_, bytes_.name, entry.begin, "member \"{}\" overlaps \"{}\"", entry.name, before.name);
  }
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return entries_[a].name < entries_[b].name; });
  for (size_t i = 1; i < order.size(); ++i)
    if (entries_[order[i]].name == entries_[order[i - 1]].name)
      damaged(format_, bytes_.name, entries_[order[i]].begin, "member \"{}\" is there twice", entries_[order[i]].name);
  by_name_ = std::move(order);
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                      [&](uint32_t i, std::string_view key) { return entries_[i].name < key; });
  return found != by_name_.end() && entries_[*found].name == name ? &entries_[*found] : nullptr;
}

std::string_view ZipReader::read(const ZipEntry& entry, std::string& room) const {
  const uint8_t* data = bytes_.data + entry.begin;
  if (entry.deflated) {
    room.resize(entry.size);
    if (!inflate_all(data, entry.packed, room))
      damaged(format_, bytes_.name, entry.begin, "member \"{}\" does not unpack to its {} bytes", entry.name,
              entry.size);
    data = reinterpret_cast<const uint8_t*>(room.data());
  }
  const uint32_t crc = crc_of(data, entry.size);
  if (crc != entry.crc)
    damaged(format_, bytes_.name, entry.begin, "the bytes of member \"{}\" have CRC {:08x} instead of {:08x}",
            entry.name, crc, entry.crc);
  return {reinterpret_cast<const char*>(data), entry.size};
}

void ZipWriter::put(const void* data, size_t size) {
  if (size > 0) sink_(data, size);
  offset_ += size;
}

void ZipWriter::add(const std::string& name, const void* data, size_t size, size_t align) {
  write_member({name, offset_, size, size, crc_of(data, size), false}, data, align);
}

void ZipWriter::add_deflated(const std::string& name, std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    fail("[save] zlib can't begin to compress member \"{}\"; save without compression", name);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  uint64_t in = 0, made = 0;
  for (int status = Z_OK; status == Z_OK;) {
    const uint64_t give = std::min<uint64_t>(text.size() - in, 1 << 30),
                   room = std::min<uint64_t>(packed.size() - made, 1 << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data() + in));
    stream.avail_in = static_cast<uInt>(give);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data() + made);
    stream.avail_out = static_cast<uInt>(room);
    status = deflate(&stream, in + give == text.size() ? Z_FINISH : Z_NO_FLUSH);
    in += give - stream.avail_in;
    made += room - stream.avail_out;
  }
  deflateEnd(&stream);
  write_member({name, offset_, text.size(), made, crc_of(text.data(), text.size()), true}, packed.data(), 1);
}

void ZipWriter::write_member(const Member& member, const void* data, size_t align) {
  const bool large = member.size >= kFull || member.packed >= kFull;
  std::string extra;
  if (large) {
    append_le<uint16_t>(extra, 1);
    append_le<uint16_t>(extra, 16);
    append_le<uint64_t>(extra, member.size);
    append_le<uint64_t>(extra, member.packed);
  }
  const uint64_t begin = offset_ + kLocalSize + member.name.size() + extra.size();
  if (align > 1 && begin % align != 0) {  // "FB": a field of padding, as PyTorch writes it
    const uint64_t pad = (align - (begin + 4) % align) % align;
    extra += "FB";
    append_le<uint16_t>(extra, static_cast<uint16_t>(pad));
    extra.append(pad, 'Z');
  }
  std::string header;
  append_le<uint32_t>(header, kLocal);
  for (const int v : {large ? 45 : 20, int{kUtf8}, member.deflated ? 8 : 0, 0, 0x21})
    append_le(header, static_cast<uint16_t>(v));  // version, flags, method, and the first day of 1980
  append_le<uint32_t>(header, member.crc);
  for (const uint64_t v : {member.packed, member.size})
    append_le<uint32_t>(header, large ? kFull : static_cast<uint32_t>(v));
  append_le<uint16_t>(header, static_cast<uint16_t>(member.name.size()));
  append_le<uint16_t>(header, static_cast<uint16_t>(extra.size()));
  header += member.name;
  header += extra;
  put(header.data(), header.size());
  put(data, member.packed);
  members_.push_back(member);
}

void ZipWriter::finish() {
  const uint64_t begin = offset_;
  std::string out;
  for (const Member& m : members_) {
    const bool large = m.size >= kFull || m.packed >= kFull, far = m.offset >= kFull;
    const auto extra = static_cast<uint16_t>(large || far ? 4 + (large ? 16 : 0) + (far ? 8 : 0) : 0);
    append_le<uint32_t>(out, kCentral);
    const int version = extra ? 45 : 20;
    for (const int v : {version, version, int{kUtf8}, m.deflated ? 8 : 0, 0, 0x21})
      append_le(out, static_cast<uint16_t>(v));
    append_le<uint32_t>(out, m.crc);
    for (const uint64_t v : {m.packed, m.size}) append_le<uint32_t>(out, large ? kFull : static_cast<uint32_t>(v));
    append_le<uint16_t>(out, static_cast<uint16_t>(m.name.size()));
    append_le<uint16_t>(out, extra);
    out.append(10, '\0');  // comment, disk, attributes
    append_le<uint32_t>(out, far ? kFull : static_cast<uint32_t>(m.offset));
    out += m.name;
    if (extra == 0) continue;
    append_le<uint16_t>(out, 1);
    append_le<uint16_t>(out, static_cast<uint16_t>(extra - 4));
    if (large) append_le<uint64_t>(out, m.size);
    if (large) append_le<uint64_t>(out, m.packed);
    if (far) append_le<uint64_t>(out, m.offset);
  }
  const uint64_t size = out.size(), count = members_.size();
  const bool large = begin >= kFull || size >= kFull || count >= 0xffff;
  if (large) {
    append_le<uint32_t>(out, kEnd64);
    append_le<uint64_t>(out, kEnd64Size - 12);
    for (int i = 0; i < 2; ++i) append_le<uint16_t>(out, 45);
    out.append(8, '\0');  // disks
    for (const uint64_t v : {count, count, size, begin}) append_le(out, v);
    append_le<uint32_t>(out, kLocator64);
    append_le<uint32_t>(out, 0);
    append_le<uint64_t>(out, begin + size);
    append_le<uint32_t>(out, 1);
  }
  append_le<uint32_t>(out, kEnd);
  append_le<uint32_t>(out, 0);
  for (int i = 0; i < 2; ++i) append_le<uint16_t>(out, static_cast<uint16_t>(std::min<uint64_t>(count, 0xffff)));
  append_le<uint32_t>(out, static_cast<uint32_t>(std::min<uint64_t>(size, kFull)));
  append_le<uint32_t>(out, static_cast<uint32_t>(std::min<uint64_t>(begin, kFull)));
  append_le<uint16_t>(out, 0);
  put(out.data(), out.size());
}

}  // namespace hearth::io
