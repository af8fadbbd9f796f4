#include "hearth/io/text_file.h"

#include "base/files.h"

namespace hearth::io {

std::string read_text(const std::string& path, int64_t max_bytes /* = INT64_MAX */) {
  const std::vector<uint8_t> bytes = read_file(path, max_bytes, "read_text");
  return {bytes.begin(), bytes.end()};
}
void write_text(const std::string& path, const std::string& text) {
  write_file(path, text.data(), text.size(), "write_text");
}

}  // namespace hearth::io
