#pragma once

#include "kit/task.h"

namespace hearth::kit {

/// A training as the command line asks for it.
struct TrainRequest {
  train::Config config;
  std::vector<train::ModelEntry> models;
  std::vector<train::DataEntry> datasets;
  std::vector<std::string> words;  ///< the command line, for the record
  std::string resume;              ///< the folder of a run to go on with
  std::vector<std::shared_ptr<train::Callback>> watchers;
  std::function<bool()> stop;                   ///< asked after each step
  std::function<void(const std::string&)> say;  ///< a line for the user
  std::function<void()> started;                ///< the training begins: what goes wrong now is no wrong use
};

struct TrainOutcome {
  train::Result result;
  train::Scores test;
  std::string metric;  ///< of `test <metric> <value>`; "" where there was no test
  double value = 0;
  std::string folder;  ///< "" for a dry run
};

TrainOutcome run_training(TrainRequest& request);

/// Chooses whatever the configuration leaves open, as a training would, without training.
Loaded choose_all(train::Config& config, const std::vector<train::DataEntry>& datasets);
/// The model that the configuration names, around it what the data wants.
train::Model build_model(const train::Config& config, const Loaded& loaded, const std::vector<train::ModelEntry>& own);
/// A configuration that knows a program's own models and data.
train::Config empty_config(const std::vector<train::ModelEntry>& models, const std::vector<train::DataEntry>& datasets);
/// The model's layers as a table, from what they make of a sample.
std::string model_table(const train::Model& model, const Tensor& sample);
/// A batch of one sample of zeros.
Tensor blank_sample(const train::Shapes& shapes);
/// As they stand in model.json.
train::Shapes shapes_of(const Json& recipe);

/// A model that was trained, with its data's recipe, out of a run folder.
struct Trained {
  train::Config config;
  Json recipe;
  train::Model model;
};
/// The model as its recipe shapes it, with the run's weights (of its newest checkpoint where it did not finish).
Trained open_trained(const std::string& folder, const std::vector<train::ModelEntry>& models,
                     const std::vector<train::DataEntry>& datasets);

struct Evaluation {
  train::Scores scores;
  std::string metric;
  double value = 0;
  Json details;  ///< confusion, worst, predictions: parts of summary.json
};
/// Measures the model on the test part. `folder`, if given, takes pictures of the worst samples.
Evaluation evaluate_test(train::Trainer& trainer, const Loaded& loaded, const RunFolder* folder);
Evaluation evaluate_run(const std::string& folder, const std::string& other_data,
                        const std::vector<train::ModelEntry>& models, const std::vector<train::DataEntry>& datasets);

/// Metrics as the configuration or the data asks; for regression in the target's own unit.
void add_metrics(train::Trainer& trainer, const train::Config& config, const Loaded& loaded);
/// Keys that may change from one part of a run to the next, as they do not change what comes out.
bool is_free_key(const std::string& difference);

}  // namespace hearth::kit
