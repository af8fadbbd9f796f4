#pragma once

#include "hearth/data/time_series.h"
#include "hearth/train/registry.h"
#include "kit/run_folder.h"

namespace hearth::kit {

/// What a path turned out to hold, ready to train on.
struct Loaded {
  train::Data data;
  Json recipe;  ///< model.json: what it takes to make inputs of new data and answers of outputs
  /// Around the model that the configuration names; may be empty.
  std::function<train::Model(train::Model)> wrap;
  /// From the loss's unit to the target's own; may be empty.
  std::function<Tensor(const Tensor&)> unscale;
  /// A sample of the test part as a picture [C, H, W] in [0, 1]; may be empty.
  std::function<Tensor(int64_t index)> picture;
  /// A forecast or a score that needs no model, to compare with: its name and value; may be empty.
  std::vector<std::pair<std::string, double>> baselines;
};

/// Finds out what config's data.path is, reads and splits it, and chooses what the configuration leaves open.
Loaded load_data(train::Config& config, const std::vector<train::DataEntry>& own = {});
/// The same data again, or other data (all of it as the test part), for a model that was trained: `recipe` is its own.
Loaded load_for_eval(train::Config& config, const Json& recipe, const std::string& other_path,
                     const std::vector<train::DataEntry>& own = {});

/// Which samples train, validate and test.
struct Split {
  std::vector<int64_t> train, val, test;
};
/// By shares, in an order that hangs on the seed alone; with `labels` each class is shared out by itself, so that all
/// parts see it. Every part that has a share gets at least one sample. ValueError where there are too few.
Split split_randomly(int64_t samples, double val, double test, uint64_t seed, const Tensor& labels = {});
/// The first ones train, the last ones test.
Split split_in_order(int64_t samples, double val, double test);
Tensor places(const std::vector<int64_t>& rows);

train::BatchOptions train_batches(const train::Config& config);
train::BatchOptions eval_batches(const train::Config& config);
/// What to choose for sizes: a batch size for so many samples, and epochs that make about `steps` steps.
int64_t fitting_batch_size(int64_t samples);
int64_t fitting_epochs(int64_t samples, int64_t batch_size, int64_t steps, int64_t least, int64_t most);

// One file each. `found` is whether the path looks like it.
Loaded load_pictures(train::Config& config, const Json* recipe);  // digits, mnist, cifar
Loaded load_table(train::Config& config, const Json* recipe);
Loaded load_text(train::Config& config, const Json* recipe);
Loaded load_series(train::Config& config, const Json* recipe);
Loaded load_image_folder(train::Config& config, const Json* recipe);
/// A series as config's data section says.
data::Series read_run_series(const train::Config& config, const std::string& target);
/// The model with what load_series put around it, by the recipe's "window".
train::Model wrapped(train::Model inner, const Json& window);
/// Writes pictures of details' "worst" samples into the run folder, and their names into the details.
void save_pictures(const Loaded& loaded, const RunFolder& folder, Json& details);
std::string pictures_at(const std::string& path);  // "mnist", "cifar" or ""

}  // namespace hearth::kit
