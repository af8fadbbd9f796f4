#include "cli/commands.h"

namespace hearth::cli {

void add_train(CLI::App& command, Context& context);
void add_eval(CLI::App& command, Context& context);
void add_weights(CLI::App& command, Context& context);

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"train", "Trains a network on your data.", "hearth train --data digits", add_train},
      {"eval", "Measures trained weights on the test part of the data.", "hearth eval --weights run/model.safetensors",
       add_eval},
      {"weights", "Shows, compares and converts files of tensors.", "hearth weights ls model.safetensors", add_weights},
  };
  return all;
}

}  // namespace hearth::cli
