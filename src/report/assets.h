#pragma once

#include <string_view>

namespace hearth::report {

// Files of src/report/assets and third_party/uplot, built in (cmake/HearthEmbed.cmake).
extern const std::string_view kUPlotScript, kUPlotStyle, kReportScript, kReportStyle;

}  // namespace hearth::report
