#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "kit/session.h"

namespace hearth::cli {

namespace {
struct EvalCommand {
  std::string run, data;
  bool json = false;
};
}  // namespace

void add_eval(CLI::App& command, Context& context) {
  auto c = std::make_shared<EvalCommand>();
  command.add_option("run", c->run, "the folder of a run")->required();
  command.add_option("--data", c->data, "other data of the same kind, all of it; the run's own test part unless given");
  command.add_flag("--json", c->json, "prints scores, confusion matrix and worst samples as JSON");
  command.callback([c, &context] {
    const kit::Evaluation e = kit::evaluate_run(c->run, c->data, context.models, context.datasets);
    if (c->json) {
      kit::Json out = kit::Json::object();
      for (const auto& [name, value] : e.scores) out[name] = kit::number(value);
      for (const auto& [name, value] : e.details.items()) out[name] = value;
      fmt::print("{}\n", out.dump());
    } else {
      for (const auto& [name, value] : e.scores) fmt::print("{} {:.6g}\n", name, value);
    }
    fmt::print("test {} {:.6g}\n", e.metric, e.value);
  });
}

}  // namespace hearth::cli
