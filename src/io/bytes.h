#pragma once

// What the readers of files share: bytes with a name, and how damage is told.

#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/fail.h"

namespace hearth::io {

/// A file's bytes, and what messages call it. The reader's caller keeps the memory.
struct Bytes {
  const uint8_t* data = nullptr;
  size_t size = 0;
  std::string name;

  Bytes(const uint8_t* first, size_t count, std::string called) : data(first), size(count), name(std::move(called)) {}
  Bytes(const std::string& text, std::string called)
      : Bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size(), std::move(called)) {}
  bool begins_with(std::string_view magic) const {
    return size >= magic.size() && std::memcmp(data, magic.data(), magic.size()) == 0;
  }
};

/// Throws the FileError of damage in a file of this format.
template <class... Args>
[[noreturn, gnu::noinline, gnu::cold]] void damaged(const char* format, const std::string& name, uint64_t offset,
                                                    fmt::format_string<Args...> text, Args&&... args) {
  throw FileError(fmt::format("[{}] {} is damaged at byte {}: {}; make or fetch the file anew", format, name, offset,
                              fmt::vformat(text, fmt::make_format_args(args...))),
                  name, static_cast<int64_t>(offset));
}

/// The little-endian number at p.
template <class T>
T load_le(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}
template <class T>
void append_le(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Where bytes go: a file, a stream, a string.
using Sink = std::function<void(const void* data, size_t size)>;

}  // namespace hearth::io
