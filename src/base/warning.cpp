#include "hearth/warning.h"

#include <atomic>
#include <cstdio>

namespace hearth {

namespace {
WarningHandler default_handler;
std::atomic<WarningHandler*> current{&default_handler};
}  // namespace

WarningHandler::~WarningHandler() = default;

void WarningHandler::process(const SourceLocation& source, const std::string& message, bool) {
  std::fprintf(stderr, "Warning: %s", message.c_str());
  if (source.line != 0) std::fprintf(stderr, " (%s:%u)", source.file, source.line);
  std::fputc('\n', stderr);
}

void Warning::set_warning_handler(WarningHandler* handler) noexcept { current = handler ? handler : &default_handler; }
WarningHandler* Warning::get_warning_handler() noexcept { return current; }

void warn(const std::string& message, const char* file, uint32_t line) {
  current.load()->process({"", file, line}, message, false);
}

}  // namespace hearth
