#pragma once

#include <cstdint>
#include <string>

#include "hearth/export.h"

namespace hearth {

/// Where a warning comes from.
struct SourceLocation {
  const char* function;
  const char* file;
  uint32_t line;
};

/// Gets the process's warnings; the default one writes them to the error stream.
class HEARTH_API WarningHandler {
 public:
  virtual ~WarningHandler();
  virtual void process(const SourceLocation& source, const std::string& message, bool verbatim);
};

namespace Warning {
/// Null brings the default handler back. The handler must outlive its use.
HEARTH_API void set_warning_handler(WarningHandler* handler) noexcept;
HEARTH_API WarningHandler* get_warning_handler() noexcept;
}  // namespace Warning

HEARTH_API void warn(const std::string& message, const char* file = "", uint32_t line = 0);

}  // namespace hearth
