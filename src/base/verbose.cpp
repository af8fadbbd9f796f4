#include "base/verbose.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <string_view>

#include "hearth/cpu.h"

namespace hearth {

namespace {

bool wanted_in_environment() {
  static const bool on = [] {
    const char* text = std::getenv("HEARTH_VERBOSE");
    return text != nullptr && *text != '\0' && std::string_view(text) != "0";
  }();
  return on;
}

std::atomic<int> listeners{0};

/// What was said: to whom, and what was printed.
struct Said {
  std::mutex lock;
  std::set<std::string> printed;
  std::map<const KernelChoices*, std::vector<std::string>> heard;
};
Said& said() {
  static Said all;
  return all;
}

}  // namespace

bool verbose() { return listeners.load(std::memory_order_relaxed) > 0 || wanted_in_environment(); }

void log_line_once(const std::string& line) {
  constexpr size_t most = 100'000;  // a program with ever new shapes must not fill the memory
  Said& s = said();
  const std::lock_guard guard(s.lock);
  for (auto& [listener, lines] : s.heard)
    if (lines.size() < most && std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  if (wanted_in_environment() && s.printed.size() < most && s.printed.insert(line).second)
    std::fprintf(stderr, "[hearth] %s\n", line.c_str());
}

KernelChoices::KernelChoices() {
  const std::lock_guard guard(said().lock);
  said().heard[this];
  ++listeners;
}
KernelChoices::~KernelChoices() {
  const std::lock_guard guard(said().lock);
  said().heard.erase(this);
  --listeners;
}
std::vector<std::string> KernelChoices::lines() const {
  const std::lock_guard guard(said().lock);
  return said().heard.at(this);
}

}  // namespace hearth
