#pragma once

// Zip archives: stored and deflated members, zip64. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

#include <string_view>
#include <vector>

#include "io/bytes.h"

namespace hearth::io {

/// One member of an archive.
struct ZipEntry {
  std::string name;
  uint64_t begin = 0;   ///< of its bytes in the file
  uint64_t packed = 0;  ///< how many there are
  uint64_t size = 0;    ///< how many they unpack to
  uint32_t crc = 0;
  bool deflated = false;
};

/// An archive in memory. Construction reads the directory and throws FileError unless every member lies within the
/// file, apart from the others, under a name of its own.
class ZipReader {
 public:
  ZipReader(Bytes bytes, const char* format);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// Null where there is none.
  const ZipEntry* find(std::string_view name) const;
  /// A member's bytes: in place where stored, else unpacked into `room`. Checks the CRC.
  std::string_view read(const ZipEntry& entry, std::string& room) const;
  const Bytes& bytes() const { return bytes_; }

 private:
  struct Directory {
    uint64_t begin = 0, size = 0, count = 0;
  };
  Directory find_directory() const;
  Directory find_directory64(uint64_t locator) const;
  /// Reads one entry of the directory at `at`, and moves on.
  ZipEntry parse_entry(uint64_t& at, uint64_t end) const;
  void check_layout();

  Bytes bytes_;
  const char* format_;
  std::vector<ZipEntry> entries_;
  std::vector<uint32_t> by_name_;  // indices, sorted
  uint64_t directory_begin_ = 0;
};

/// Writes an archive front to back.
class ZipWriter {
 public:
  explicit ZipWriter(Sink sink) : sink_(std::move(sink)) {}
  /// Adds a member whose bytes begin at a multiple of `align`.
  void add(const std::string& name, const void* data, size_t size, size_t align = 1);
  void add(const std::string& name, std::string_view text) { add(name, text.data(), text.size()); }
  /// Adds a compressed member.
  void add_deflated(const std::string& name, std::string_view text);
  /// Writes the directory.
  void finish();

 private:
  struct Member {
    std::string name;
    uint64_t offset, size, packed;
    uint32_t crc;
    bool deflated;
  };
  void write_member(const Member& member, const void* data, size_t align);
  void put(const void* data, size_t size);

  Sink sink_;
  uint64_t offset_ = 0;
  std::vector<Member> members_;
};

}  // namespace hearth::io
