#include "cli/commands.h"

namespace hearth::cli {

void add_train(CLI::App& command, Context& context);
void add_eval(CLI::App& command, Context& context);
void add_completion(CLI::App& command, Context& context);
void add_config(CLI::App& command, Context& context);
void add_data(CLI::App& command, Context& context);
void add_generate(CLI::App& command, Context& context);
void add_predict(CLI::App& command, Context& context);
void add_summary(CLI::App& command, Context& context);
void add_verify_resume(CLI::App& command, Context& context);
void add_weights(CLI::App& command, Context& context);
void add_report(CLI::App& command, Context& context);
void add_board(CLI::App& command, Context& context);
void add_compare(CLI::App& command, Context& context);
void add_doctor(CLI::App& command, Context& context);
void add_lr_find(CLI::App& command, Context& context);
void add_new(CLI::App& command, Context& context);
void add_plan(CLI::App& command, Context& context);
void add_sweep(CLI::App& command, Context& context);

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
      {"weights", "Shows, compares, converts and renames files of tensors.", "hearth weights ls model.safetensors",
       add_weights},
      {"report", "Writes a run's report.html and plots.", "hearth report runs/20260101-120000_digits", add_report},
      {"board", "Shows runs in the browser and follows them while they train.", "hearth board runs", add_board},
      {"compare", "Settings and scores of several runs side by side, and their curves.",
       "hearth compare runs/a runs/b --out curves", add_compare},
      {"lr-find", "Lets the learning rate grow and says which one suits.", "hearth lr-find --data digits", add_lr_find},
      {"sweep", "Trains with many settings and says which are best.",
       "hearth sweep --data iris.csv --target species optimizer.lr=log(1e-4,1e-1) --runs 20", add_sweep},
      {"plan", "What a training will take: memory by layer, the largest batch, the time of an epoch.",
       "hearth plan --data digits --model resnet", add_plan},
      {"doctor", "Looks at this machine: what is slow here, and how to mend it.", "hearth doctor", add_doctor},
      {"new", "Writes a C++ project with a model and data of your own.", "hearth new flowers", add_new},
      {"completion", "Prints the script that lets a shell complete commands, options and settings.",
       "hearth completion bash > ~/.local/share/bash-completion/completions/hearth", add_completion},
  };
  return all;
}

}  // namespace hearth::cli
