#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <memory>

#include "base/fail.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "hearth/io/text_file.h"
#include "kit/run_folder.h"

namespace hearth::cli {

namespace {

std::string filled(std::string text, const std::string& name) {
  for (size_t at; (at = text.find("@NAME@")) != std::string::npos;) text.replace(at, 6, name);
  return text;
}

void write_project(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  bool good = !name.empty() && std::isalpha(static_cast<unsigned char>(name[0]));
  for (const char c : name) good = good && (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-');
  if (!good) fail("[new] \"{}\" is no name for a program; use letters, digits, _ and -, a letter first", name);
  if (kit::exists(path)) fail("[new] {} exists already; give another name", path);
  io::make_folders(path);
  const std::pair<const char*, std::string_view> files[] = {
      {"CMakeLists.txt", kBuild}, {"main.cpp", kMain}, {"model.h", kModelHeader}, {"model.cpp", kModel},
      {"data.h", kDataHeader},    {"data.cpp", kData}, {"config.yaml", kConfig},  {"README.md", kReadMe}};
  for (const auto& [file, text] : files) io::write_text(path + "/" + file, filled(std::string(text), name));
  fmt::print("{}: CMakeLists.txt, main.cpp, model.cpp, data.cpp, config.yaml; README.md says how to build it\n", path);
}

}  // namespace

void add_new(CLI::App& command, Context& context) {
  auto path = std::make_shared<std::string>();
  command.add_option("name", *path, "the project's folder, and the program's name")->required();
  command.callback([path, &context] {
    write_project(*path);
    context.status = 0;
  });
}

}  // namespace hearth::cli
