#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "kit/predict.h"

namespace hearth::cli {

void add_generate(CLI::App& command, Context& context) {
  auto run = std::make_shared<std::string>();
  auto o = std::make_shared<kit::GenerateOptions>();
  command.add_option("run", *run, "the folder of a run")->required();
  command.add_option("--prompt", o->prompt, "the text to go on from");
  command.add_option("--length", o->length, "tokens to write")->check(CLI::Range(1, 10000000))->capture_default_str();
  command.add_option("--temperature", o->temperature, "lower is surer, higher is wilder; 0: always the likeliest")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command.add_option("--top-k", o->top_k, "only among the k likeliest tokens; 0: all")
      ->check(CLI::Range(0, 10000000))
      ->capture_default_str();
  command.add_option("--seed", o->seed, "of the draws")->capture_default_str();
  command.callback([run, o, &context] {
    const kit::Trained trained = kit::open_trained(*run, context.models, context.datasets);
    kit::generate(trained, *o, [](const std::string& text) {
      std::fwrite(text.data(), 1, text.size(), stdout);
      std::fflush(stdout);
    });
    std::putchar('\n');
  });
}

}  // namespace hearth::cli
