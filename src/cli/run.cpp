#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

#include "cli/commands.h"
#include "hearth/error.h"
#include "hearth/train/main.h"
#include "hearth/version.h"
#include "kit/nearest.h"

namespace hearth::cli {

namespace {

/// One sentence on the error stream.
int refuse(const std::string& text, int status) {
  std::fflush(stdout);
  std::fprintf(stderr, "hearth: %s\n", text.c_str());
  return status;
}

/// A message without the op it opens with: the user gave a command, not a call.
std::string plain(const Error& e) {
  const std::string& text = e.msg();
  const size_t end = text.empty() || text[0] != '[' ? std::string::npos : text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Command& c : commands()) all.push_back(c.name);
  return all;
}

/// The options of the command that the user gave, to find the one that a wrong one means.
std::vector<std::string> options_of(CLI::App& app) {
  std::vector<std::string> all;
  for (CLI::App* command : app.get_subcommands())
    for (const CLI::Option* option : command->get_options())
      for (const std::string& name : option->get_lnames()) all.push_back("--" + name);
  return all;
}

std::string explained(CLI::App& app, const CLI::ParseError& e) {
  std::string text = e.what();
  const size_t at = text.find("--");
  if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && at != std::string::npos)
    text += kit::did_you_mean(text.substr(at, text.find_first_of(" =", at) - at), options_of(app));
  const auto given = app.get_subcommands();
  return text + fmt::format("; see hearth {}--help", given.empty() ? "" : given[0]->get_name() + " ");
}

/// The status, unless what was printed has not arrived.
int with_output(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  std::fprintf(stderr, "hearth: the standard output can't be written: %s; what was printed is not complete\n",
               std::strerror(errno));
  return status == 0 ? 1 : status;
}

}  // namespace

int run(int argc, char** argv, const std::vector<train::ModelEntry>& models,
        const std::vector<train::DataEntry>& datasets) {
  ::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write, not the end of the process
  CLI::App app("Trains, evaluates and uses networks.", "hearth");
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("hearth {}", version()));
  Context context;
  context.words.assign(argv, argv + argc);
  context.models = models;
  context.datasets = datasets;
  for (const Command& c : commands()) {
    CLI::App* command = app.add_subcommand(c.name, c.summary);
    command->footer(fmt::format("Example:\n  {}", c.example));
    c.add(*command, context);
  }
  if (argc > 1 && argv[1][0] != '-' && [&] {
        const auto all = names();
        return std::find(all.begin(), all.end(), argv[1]) == all.end();
      }())
    return refuse(fmt::format("there is no command \"{}\"{}; the commands are {}; see hearth --help", argv[1],
                              kit::did_you_mean(argv[1], names()), kit::one_of(names())),
                  2);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return with_output(app.exit(e));  // --help, --version
  } catch (const CLI::ParseError& e) {
    return refuse(explained(app, e), 2);
  } catch (const OutOfMemoryError& e) {
    return refuse(plain(e), 1);
  } catch (const Error& e) {
    return refuse(plain(e), context.status_of_errors);
  } catch (const std::exception& e) {
    return refuse(e.what(), 1);
  }
  return with_output(context.status);
}

}  // namespace hearth::cli

int hearth::train::main(int argc, char** argv, const std::vector<ModelEntry>& models /* = {} */,
                        const std::vector<DataEntry>& datasets /* = {} */) {
  return cli::run(argc, argv, models, datasets);
}
