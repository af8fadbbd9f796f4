#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/progress.h"
#include "hearth/hearth.h"
#include "hearth/nn/summary.h"
#include "hearth/train/classifier.h"

namespace hearth::cli {

namespace {

void run_train(const train::Config& config) {
  train::check_config(config);
  const train::Split split = train::load_images(config.data, config.seed);
  manual_seed(config.seed);
  nn::Sequential model = train::make_image_classifier(split.train);
  fmt::print("data: {}\n\n{}\n", split.description, nn::summary(model, split.train.images.narrow(0, 0, 1)).table());
  std::fflush(stdout);
  ProgressLine line;
  const train::Result result =
      train::train_classifier(config, model, split, [&](const train::Progress& p) { line.show(p); });
  fmt::print(
      "\n{:.2f} % of {} pictures that the network has not seen are right (loss {:.4f}), after {:.1f} s of "
      "training\n",
      100 * result.test_accuracy, split.test.targets.size(0), result.test_loss, result.seconds);
  if (!result.weights_file.empty()) fmt::print("weights: {}\nmetrics: {}\n", result.weights_file, result.metrics_file);
}

}  // namespace

void add_train(CLI::App& command, Context&) {
  auto config = std::make_shared<train::Config>();
  command.add_option("--data", config->data, "\"digits\" (drawn by the program), or a folder with MNIST's files")
      ->capture_default_str();
  command.add_option("--out", config->out, "folder for weights and metrics")->capture_default_str();
  command.add_option("--epochs", config->epochs, "passes over the data; unless given, as many as suit its size")
      ->check(CLI::Range(int64_t{1}, int64_t{100000}));
  command.add_option("--batch-size", config->batch_size, "pictures a step")->capture_default_str();
  command.add_option("--lr", config->learning_rate, "learning rate at the start")->capture_default_str();
  command.add_option("--seed", config->seed, "of weights, order and drawn digits")->capture_default_str();
  command.add_option("--workers", config->workers, "threads that make batches")->capture_default_str();
  command.callback([config] { run_train(*config); });
}

}  // namespace hearth::cli
