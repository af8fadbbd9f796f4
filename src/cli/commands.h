#pragma once

#include <string>

namespace CLI {
class App;
}

namespace hearth::cli {

// Each adds a subcommand that runs while the command line is parsed, and sets the exit status.
void add_train(CLI::App& app, int& status);
void add_eval(CLI::App& app, int& status);
void add_weights(CLI::App& app, int& status);

std::string version_text();

}  // namespace hearth::cli
