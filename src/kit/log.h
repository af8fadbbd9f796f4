#pragma once

#include <memory>
#include <string>

namespace hearth::kit {

/// A log file of lines with time stamps, each written out at once. Where it can't be opened that is a FileError.
class Log {
 public:
  /// Appends to the file.
  explicit Log(const std::string& path);
  ~Log();
  void info(const std::string& text);
  void warning(const std::string& text);
  void error(const std::string& text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth::kit
