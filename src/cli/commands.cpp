#include "cli/commands.h"

namespace hearth::cli {

void add_train(CLI::App& command, Context& context);
void add_eval(CLI::App& command, Context& context);
void add_config(CLI::App& command, Context& context);
void add_data(CLI::App& command, Context& context);
void add_generate(CLI::App& command, Context& context);
void add_predict(CLI::App& command, Context& context);
void add_summary(CLI::App& command, Context& context);
void add_verify_resume(CLI::App& command, Context& context);
void add_weights(CLI::App& command, Context& context);

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"train", "Trains a network on your data.", "hearth train --data penguins.csv --target species", add_train},
      {"eval", "Measures a trained network on the test part of its data, or on other data.", "hearth eval runs/digits",
       add_eval},
      {"predict", "Answers for new data.", "hearth predict runs/penguins new.csv", add_predict},
      {"generate", "Text by a language model.", "hearth generate runs/shakespeare --prompt \"ROMEO:\"", add_generate},
      {"summary", "The layers of a model: sizes, parameters, work, memory.",
       "hearth summary --data digits --model lenet", add_summary},
      {"verify-resume", "Proves that a run which is interrupted and resumed is the uninterrupted one, to the bit.",
       "hearth verify-resume --data digits data.samples=500", add_verify_resume},
      {"data", "Looks into data, or gets a public data set.", "hearth data preview penguins.csv", add_data},
      {"config", "Shows a configuration, or explains every key.", "hearth config --explain", add_config},
      {"weights", "Shows, compares and converts files of tensors.", "hearth weights ls model.safetensors", add_weights},
  };
  return all;
}

}  // namespace hearth::cli
