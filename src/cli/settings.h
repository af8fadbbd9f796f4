#pragma once

#include "cli/commands.h"
#include "hearth/train/config.h"

namespace hearth::cli {

/// The settings on a command line: files of them, key=value, and options that stand for keys.
struct Settings {
  std::vector<std::string> words;                              ///< config.yaml and key=value, in any order
  std::vector<std::pair<std::string, std::string>> shortcuts;  ///< key and value, from options such as --lr
};

/// Gives a command the positional settings and the options --data, --epochs, --lr and so on.
void add_settings(CLI::App& command, Settings& settings);
/// The key that an option such as --lr stands for; "" where it stands for none.
std::string key_of_option(const std::string& option);
/// What they come to: defaults, then files, then the command line.
train::Config make_config(const Settings& settings, const Context& context);
/// The command line's part alone, on top of `config`.
void apply_overrides(const Settings& settings, train::Config& config);
train::Config empty_config(const Context& context);

}  // namespace hearth::cli
