#pragma once

#include <string_view>

namespace hearth::cli {

// The files of a new project, src/cli/project/*.in, built in (cmake/HearthEmbed.cmake). @NAME@ stands for its name.
extern const std::string_view kBuild, kMain, kModelHeader, kModel, kDataHeader, kData, kConfig, kReadMe;

}  // namespace hearth::cli
