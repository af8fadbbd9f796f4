#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/fail.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/signals.h"
#include "hearth/warning.h"
#include "kit/session.h"
#include "report/report_page.h"
#include "report/run_files.h"

namespace hearth::cli {

namespace {

struct TrainCommand {
  Settings settings;
  std::string resume;
  bool allow_change = false, print_config = false, quiet = false, json = false;
};

/// The configuration of the run to go on with; refuses another one.
train::Config resumed_config(const TrainCommand& c, const Context& context) {
  const kit::RunFolder folder = kit::RunFolder::open(c.resume);
  train::Config before = empty_config(context);
  before.read_file(folder.file("config.yaml"));
  train::Config config = before;
  for (const std::string& word : c.settings.words)
    if (word.ends_with(".yaml") || word.ends_with(".yml")) config.read_file(word);
  apply_overrides(c.settings, config);
  if (c.allow_change) return config;
  for (const std::string& d : config.differences(before))
    if (!kit::is_free_key(d))
      fail("[train] {} was made with another configuration ({}); leave that out, or say --allow-config-change",
           c.resume, d);
  return config;
}

void print_config(const TrainCommand& c, Context& context) {
  train::Config config = c.resume.empty() ? make_config(c.settings, context) : resumed_config(c, context);
  kit::choose_all(config, context.datasets);
  fmt::print("{}", config.origins());
}

/// The run is worth more than its report: a fault there is a warning. A run that ended before its first record has
/// none.
void write_report(const std::string& folder) {
  if (report::read_records(folder).lines.empty()) return;
  try {
    report::write_report(folder);
  } catch (const Error& e) {
    warn(e.what());
  }
}

void run_train(const TrainCommand& c, Context& context) {
  if (c.quiet && c.json) fail("[train] --quiet and --json exclude each other; give one");
  if (c.print_config) return print_config(c, context);
  const StopSignals signals;
  const auto kind = c.json ? Progress::Kind::json : c.quiet ? Progress::Kind::quiet : Progress::Kind::lines;
  kit::TrainRequest request{c.resume.empty() ? make_config(c.settings, context) : resumed_config(c, context),
                            context.models,
                            context.datasets,
                            context.words,
                            c.resume,
                            {std::make_shared<Progress>(kind)},
                            [] { return StopSignals::received() != 0; },
                            [kind](const std::string& text) {
                              if (kind == Progress::Kind::lines) fmt::print("{}\n", text);
                              std::fflush(stdout);
                            },
                            [&context] { context.status_of_errors = 1; }};
  const kit::TrainOutcome outcome = kit::run_training(request);
  if (!outcome.folder.empty()) write_report(outcome.folder);
  if (outcome.result.status == train::Result::Status::interrupted) {
    context.status = 128 + StopSignals::received();
    if (!outcome.folder.empty())
      fmt::print(stderr, "hearth: interrupted after step {}; go on with hearth train --resume {}\n",
                 outcome.result.steps, outcome.folder);
    return;
  }
  if (kind == Progress::Kind::lines) {
    fmt::print("\ntrained {} epochs, {} steps in {}\n", outcome.result.epochs,
               grouped(static_cast<double>(outcome.result.steps)), duration(outcome.result.seconds));
    for (const auto& [name, value] : outcome.test) fmt::print("{} {:.6g}\n", name, value);
  }
  if (!outcome.metric.empty()) fmt::print("test {} {:.6g}\n", outcome.metric, outcome.value);
}

}  // namespace

void add_train(CLI::App& command, Context& context) {
  auto c = std::make_shared<TrainCommand>();
  add_settings(command, c->settings);
  command.add_option("--resume", c->resume, "a run folder to go on with");
  command.add_flag("--allow-config-change", c->allow_change,
                   "with --resume: take other settings than the run began with");
  command.add_flag("--print-config", c->print_config,
                   "says what every setting would be and where it comes from, and ends");
  command.add_flag("--quiet", c->quiet, "prints the last line alone");
  command.add_flag("--json", c->json, "prints each record as a line of JSON");
  command.callback([c, &context] { run_train(*c, context); });
}

}  // namespace hearth::cli
