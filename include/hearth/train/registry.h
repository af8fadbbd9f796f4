#pragma once

#include "hearth/train/config.h"
#include "hearth/train/trainer.h"

namespace hearth::train {

/// What a model must fit.
struct Shapes {
  std::vector<int64_t> input;  ///< of one sample, without the batch: [C, H, W], [F], [T] tokens, [T, C] numbers
  int64_t outputs = 1;         ///< classes, or numbers to predict
  int64_t vocabulary = 0;      ///< where the input is tokens: how many there are
  bool each_step = false;      ///< whether every step of a sequence has its outputs: [N, T, outputs]
};

/// A model that a configuration can name.
struct ModelEntry {
  Variant variant;
  std::function<Model(const Options& options, const Shapes& shapes)> make;
};

/// What there is to learn from. Samples are Example<>s: an input and a target of the loss.
struct Data {
  std::string task = "custom";                ///< for the record
  std::vector<std::string> notes;             ///< what was found and chosen, a sentence each
  std::shared_ptr<Batches> train, val, test;  ///< val and test may be null
  Shapes shapes;
  std::string loss = "cross_entropy";  ///< unless the configuration names another
  std::vector<std::string> metrics;    ///< likewise; the first one is what `test <metric> <value>` reports
  std::vector<std::string> classes;    ///< names, where there are any
};

/// A data set that a configuration can name, as data.name.
struct DataEntry {
  Variant variant;
  /// `batch` is what the run asks for: batch size, workers, seed; shuffle the training part.
  std::function<Data(const Options& options, const BatchOptions& batch)> make;
};

/// The library's models by name, and those of the caller before them.
HEARTH_API Model make_model(const Config& config, const Shapes& shapes, const std::vector<ModelEntry>& own = {});
/// By optimizer.name, for all parameters that want a gradient.
HEARTH_API std::unique_ptr<optim::Optimizer> make_optimizer(const Config& config, const nn::Module& module);
/// A mean over the batch, by loss.name. Scores of classes [N, …, C] go with classes [N, …].
HEARTH_API Trainer::Loss make_loss(const Config& config);

/// By scheduler.name. `steps` and `epochs` are the whole training's.
struct Schedule {
  std::shared_ptr<optim::LRScheduler> scheduler;  ///< null where the rate stays, or with `plateau`
  std::shared_ptr<optim::ReduceLROnPlateau> plateau;
  bool by_step = false;
};
HEARTH_API Schedule make_schedule(const Config& config, optim::Optimizer& optimizer, int64_t steps, int64_t epochs);

}  // namespace hearth::train
