#pragma once

#include <string>

#include "hearth/data/dataset.h"

namespace hearth::data::datasets {

/// MNIST and its relatives in IDX files, plain or gzipped: images [N, 1, 28, 28] in [0, 1], targets [N] (int64).
class HEARTH_API MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };
  /// Reads train-… or t10k-images-idx3-ubyte and …-labels-idx1-ubyte (or .gz) from the folder. FileError where a file
  /// is missing, damaged or cut short; the message names file and offset.
  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override;
  bool is_train() const noexcept { return mode_ == Mode::kTrain; }
  using RowsOf = MNIST;
  std::array<const Tensor*, 2> rows() const { return {&images_, &targets_}; }
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return targets_; }

 protected:
  /// Files PART-images-idx3-ubyte and PART-labels-idx1-ubyte, labels from least_label to classes - 1.
  MNIST(const std::string& root, Mode mode, const std::string& part, int64_t least_label, int64_t classes,
        bool transposed);

 private:
  Mode mode_;
  Tensor images_, targets_;
};

}  // namespace hearth::data::datasets
