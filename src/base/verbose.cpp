#include "base/verbose.h"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string_view>

namespace hearth {

bool verbose() {
  static const bool on = [] {
    const char* text = std::getenv("HEARTH_VERBOSE");
    return text != nullptr && *text != '\0' && std::string_view(text) != "0";
  }();
  return on;
}

void log_line_once(const std::string& line) {
  constexpr size_t most = 100'000;  // a program with ever new shapes must not fill the memory
  static std::mutex lock;
  static std::set<std::string> seen;
  const std::lock_guard guard(lock);
  if (seen.size() < most && seen.insert(line).second) std::fprintf(stderr, "[hearth] %s\n", line.c_str());
}

}  // namespace hearth
