#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/settings.h"

namespace hearth::cli {

namespace {
struct ConfigCommand {
  std::vector<std::string> words;
  bool explain = false;
};
}  // namespace

void add_config(CLI::App& command, Context& context) {
  auto c = std::make_shared<ConfigCommand>();
  command.add_option("settings", c->words, "a .yaml file, and settings such as run.epochs=3");
  command.add_flag("--explain", c->explain, "every key, its default, what it may be and what it means");
  command.callback([c, &context] {
    const train::Config config = make_config({c->words, {}}, context);
    config.check();
    fmt::print("{}", c->explain ? config.explain() : config.yaml());
  });
}

}  // namespace hearth::cli
