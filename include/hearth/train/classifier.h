#pragma once

#include <functional>
#include <string>

#include "hearth/data/example.h"
#include "hearth/nn/sequential.h"

namespace hearth::train {

/// Pictures of one size with their classes.
struct ImageSet {
  Tensor images;   ///< [N, channels, height, width], floats
  Tensor targets;  ///< [N], int64
};

/// What to train on, and how.
struct Config {
  std::string data = "digits";  ///< "digits", or a folder with MNIST's files
  std::string out = "run";      ///< folder for weights and metrics; "" for none
  int64_t epochs = 0;           ///< 0: as many as suit the data
  int64_t batch_size = 64;
  double learning_rate = 2e-3;
  uint64_t seed = 0;
  int64_t workers = 0;
};

/// Throws ValueError where a number makes no sense; training does so too, but a caller may want to know before.
HEARTH_API void check_config(const Config& config);

/// The training and the test part that `data` names. Throws FileError or ValueError. A folder with only the t10k files
/// is split: all but the last tenth to train, the last tenth to test.
struct Split {
  ImageSet train, test;
  std::string description;
};
HEARTH_API Split load_images(const std::string& data, uint64_t seed);

/// A convolutional network for small grey pictures and ten classes.
HEARTH_API nn::Sequential make_image_classifier(const ImageSet& like);

/// How far a training is.
struct Progress {
  int64_t epoch, epochs;
  int64_t batch, batches;
  double loss;      ///< mean over this epoch so far
  double accuracy;  ///< of the training pictures of this epoch so far
  double samples_per_second;
  double seconds_left;
  bool epoch_ends;
  double test_accuracy;  ///< where the epoch ends
};

/// What came of it.
struct Result {
  double test_accuracy = 0, test_loss = 0;
  double seconds = 0;
  int64_t epochs = 0;
  std::string weights_file, metrics_file;
};

/// Trains on the split; calls `report` after every batch. Weights and metrics.jsonl go to config.out.
HEARTH_API Result train_classifier(const Config& config, nn::Sequential& model, const Split& split,
                                   const std::function<void(const Progress&)>& report);

/// Mean loss and share of right answers.
struct Score {
  double loss, accuracy;
  int64_t samples;
};
HEARTH_API Score evaluate(nn::Sequential& model, const ImageSet& set, int64_t batch_size = 500);

}  // namespace hearth::train
