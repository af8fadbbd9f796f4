#include "cli/settings.h"

#include <CLI/CLI.hpp>

#include "base/fail.h"
#include "kit/session.h"

namespace hearth::cli {

namespace {

struct Shortcut {
  const char *option, *key, *doc;
};
constexpr Shortcut kShortcuts[] = {
    {"--data", "data.path", "\"digits\", a .csv or .txt file, a folder of images or of MNIST's or CIFAR's files"},
    {"--target", "data.target", "the column to predict"},
    {"--time", "data.time", "the column of the time: makes a .csv a time series"},
    {"--horizon", "data.horizon", "steps ahead to forecast"},
    {"--model", "model.name", "mlp, cnn, lenet, resnet, rnn, lstm, gru, gpt, autoencoder, layers"},
    {"--epochs", "run.epochs", "passes over the training part"},
    {"--batch-size", "run.batch_size", "samples a batch"},
    {"--lr", "optimizer.lr", "the learning rate"},
    {"--seed", "run.seed", "of everything random"},
    {"--workers", "run.workers", "threads that make batches"},
    {"--threads", "run.threads", "threads that an operation may use"},
    {"--out", "run.out", "the run folder"},
    {"--name", "run.name", "part of the run folder's name"},
    {"--max-steps", "run.max_steps", "ends after so many steps"},
    {"--max-seconds", "run.max_seconds", "ends after so many seconds"},
    {"--overfit", "run.overfit", "trains on the first so many batches alone"},
};

bool is_file(const std::string& word) { return word.ends_with(".yaml") || word.ends_with(".yml"); }

}  // namespace

void add_settings(CLI::App& command, Settings& settings) {
  command.add_option("settings", settings.words, "a .yaml file, and settings such as run.epochs=3; see hearth config");
  command.add_option_function<std::string>(
      "--config",
      [&settings](const std::string& path) {
        if (!is_file(path)) fail("[config] --config is {}; give a .yaml file", path);
        settings.words.push_back(path);
      },
      "a .yaml file, as among the settings");
  for (const Shortcut& s : kShortcuts)
    command.add_option_function<std::string>(
        s.option, [&settings, s](const std::string& value) { settings.shortcuts.emplace_back(s.key, value); }, s.doc);
  command.add_flag_callback(
      "--dry-run", [&settings] { settings.shortcuts.emplace_back("run.dry_run", "true"); },
      "two steps and one batch of validation, and no files");
}

std::string key_of_option(const std::string& option) {
  for (const Shortcut& s : kShortcuts)
    if (option == s.option) return s.key;
  return "";
}

train::Config empty_config(const Context& context) { return kit::empty_config(context.models, context.datasets); }

void apply_overrides(const Settings& settings, train::Config& config) {
  for (const std::string& word : settings.words)
    if (!is_file(word)) config.assign(word);
  for (const auto& [key, value] : settings.shortcuts) {
    const bool text = key.starts_with("data.") || key == "run.out" || key == "run.name" || key == "model.name";
    if (text && key != "data.horizon") {
      config.set(key, value, "command line");
    } else {
      config.assign(key + "=" + value);
    }
  }
}

train::Config make_config(const Settings& settings, const Context& context) {
  train::Config config = empty_config(context);
  for (const std::string& word : settings.words)
    if (is_file(word)) config.read_file(word);
  apply_overrides(settings, config);
  return config;
}

}  // namespace hearth::cli
