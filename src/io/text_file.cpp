#include "hearth/io/text_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "hearth/error.h"

namespace hearth::io {

std::string read_text(const std::string& path, int64_t max_bytes /* = INT64_MAX */) {
  const std::vector<uint8_t> bytes = read_file(path, max_bytes, "read_text");
  return {bytes.begin(), bytes.end()};
}
void write_text(const std::string& path, const std::string& text) {
  write_file(path, text.data(), text.size(), "write_text");
}

void make_folders(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    struct stat info;
    const bool made = ::mkdir(part.c_str(), 0777) == 0;
    const int error = errno;
    if (!made && !(error == EEXIST && ::stat(part.c_str(), &info) == 0 && S_ISDIR(info.st_mode)))
      throw FileError(fmt::format("[make_folders] the folder {} can't be made: {}; give another", part,
                                  std::strerror(error == EEXIST ? ENOTDIR : error)),
                      part, -1, error);
    if (end == std::string::npos) return;
  }
}

}  // namespace hearth::io
