#pragma once

#include <string>
#include <vector>

#include "hearth/train/registry.h"

namespace CLI {
class App;
}

namespace hearth::cli {

/// What one call of the command line knows and leaves behind.
struct Context {
  std::vector<std::string> words;         ///< the command line, for the record of a run
  std::vector<train::ModelEntry> models;  ///< the program's own
  std::vector<train::DataEntry> datasets;
  int status = 0;  ///< the exit status
  /// What an error gives: 2 where the command was used wrongly; a command sets 1 once it has begun its work.
  int status_of_errors = 2;
};

/// A subcommand. `add` gives it its options and a callback, which runs while the command line is parsed.
struct Command {
  const char* name;
  const char* summary;
  const char* example;
  void (*add)(CLI::App& command, Context& context);
};
/// All of them, in the order of --help; adding one is a line in commands.cpp.
const std::vector<Command>& commands();

/// The whole command line: parses, runs, says in one sentence on the error stream what is wrong. Returns the exit
/// status: 0 done, 1 failed, 2 wrong use, 130 and 143 after SIGINT and SIGTERM.
int run(int argc, char** argv, const std::vector<train::ModelEntry>& models,
        const std::vector<train::DataEntry>& datasets);

}  // namespace hearth::cli
