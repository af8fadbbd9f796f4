#include "cli/commands.h"

namespace hearth::cli {

void add_train(CLI::App& command, Context& context);
void add_eval(CLI::App& command, Context& context);
void add_config(CLI::App& command, Context& context);
void add_weights(CLI::App& command, Context& context);

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"train", "Trains a network on your data.", "hearth train --data penguins.csv --target species", add_train},
      {"eval", "Measures a trained network on the test part of its data, or on other data.", "hearth eval runs/digits",
       add_eval},
      {"config", "Shows a configuration, or explains every key.", "hearth config --explain", add_config},
      {"weights", "Shows, compares and converts files of tensors.", "hearth weights ls model.safetensors", add_weights},
  };
  return all;
}

}  // namespace hearth::cli
