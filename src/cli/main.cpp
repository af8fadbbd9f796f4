// The command `hearth`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "cli/commands.h"
#include "hearth/error.h"

namespace {

/// One sentence on the error stream; the exit code of everything that the user can mend.
int refuse(const std::string& text) {
  std::fprintf(stderr, "hearth: %s\n", text.c_str());
  return 2;
}

bool has_command(const CLI::App& app, const std::string& name) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  return std::any_of(commands.begin(), commands.end(), [&](const CLI::App* c) { return c->get_name() == name; });
}

/// A message without the op it opens with: the user gave a command, not a call.
std::string plain(const hearth::Error& e) {
  const std::string& text = e.msg();
  const size_t end = text.empty() || text[0] != '[' ? std::string::npos : text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains and evaluates networks.", "hearth");
  app.require_subcommand(1);
  app.set_version_flag("--version", hearth::cli::version_text());
  int status = 0;
  hearth::cli::add_train(app, status);
  hearth::cli::add_eval(app, status);
  hearth::cli::add_weights(app, status);
  if (argc > 1 && argv[1][0] != '-' && !has_command(app, argv[1]))
    return refuse(fmt::format("there is no command \"{}\"; use train, eval or weights, or see hearth --help", argv[1]));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);  // --help, --version
  } catch (const CLI::ParseError& e) {
    return refuse(std::string(e.what()) + "; see hearth --help");
  } catch (const hearth::Error& e) {
    return refuse(plain(e));
  } catch (const std::exception& e) {
    return refuse(e.what());
  }
  return status;
}
