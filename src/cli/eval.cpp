#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "hearth/error.h"
#include "hearth/hearth.h"
#include "hearth/serialize.h"
#include "hearth/train/classifier.h"

namespace hearth::cli {

namespace {

struct EvalConfig {
  std::string weights = "run/model.safetensors";
  std::string data = "digits";
  uint64_t seed = 0;
};

void run_eval(const EvalConfig& config) {
  const SafeTensors weights = load_safetensors(config.weights);
  const auto kind = weights.metadata.find("model");
  if (kind == weights.metadata.end() || kind->second != "image-classifier")
    throw FileError(fmt::format("[eval] {} holds no weights of hearth train; its metadata names no image-classifier",
                                config.weights),
                    config.weights);
  const train::Split split = train::load_images(config.data, config.seed);
  nn::Sequential model = train::make_image_classifier(split.test);
  model->load_state_dict(weights.tensors);
  const train::Score score = train::evaluate(model, split.test);
  fmt::print("{:.2f} % of {} pictures are right, loss {:.4f}\n", 100 * score.accuracy, score.samples, score.loss);
}

}  // namespace

void add_eval(CLI::App& command, Context&) {
  auto config = std::make_shared<EvalConfig>();
  command.add_option("--weights", config->weights, "file that hearth train wrote")->capture_default_str();
  command.add_option("--data", config->data, "\"digits\", or a folder with MNIST's files")->capture_default_str();
  command.add_option("--seed", config->seed, "of the drawn digits")->capture_default_str();
  command.callback([config] { run_eval(*config); });
}

}  // namespace hearth::cli
