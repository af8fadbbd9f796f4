#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/fail.h"
#include "cli/settings.h"
#include "kit/session.h"

namespace hearth::cli {

void add_summary(CLI::App& command, Context& context) {
  auto settings = std::make_shared<Settings>();
  auto run = std::make_shared<std::string>();
  command.add_option("--run", *run, "the folder of a run; else the model that the settings lead to");
  add_settings(command, *settings);
  command.callback([settings, run, &context] {
    if (!run->empty()) {
      if (!settings->words.empty() || !settings->shortcuts.empty())
        fail("[summary] --run shows the model of {} as it is; leave the other settings out", *run);
      const kit::Trained t = kit::open_trained(*run, context.models, context.datasets);
      fmt::print("{}", kit::model_table(t.model, kit::blank_sample(kit::shapes_of(t.recipe))));
      return;
    }
    train::Config config = make_config(*settings, context);
    const kit::Loaded loaded = kit::choose_all(config, context.datasets);
    const train::Model model = kit::build_model(config, loaded, context.models);
    fmt::print("{}", kit::model_table(model, kit::blank_sample(loaded.data.shapes)));
  });
}

}  // namespace hearth::cli
