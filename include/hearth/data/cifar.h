#pragma once

#include <string>

#include "hearth/data/dataset.h"

namespace hearth::data::datasets {

/// Tiny colour pictures in the binary files of CIFAR-10. https://www.cs.toronto.edu/~kriz/cifar.html
/// Samples are [3, 32, 32] of float32 in [0, 1] and a class; the pictures are kept as bytes.
class HEARTH_API CIFAR10 : public Dataset<CIFAR10> {
 public:
  enum class Mode { kTrain, kTest };
  /// Reads data_batch_1.bin … data_batch_5.bin, or test_batch.bin, from the folder or from cifar-10-batches-bin in it.
  /// FileError, with file and byte, where one is missing, holds other than `records` pictures, or has a label above 9.
  explicit CIFAR10(const std::string& root, Mode mode = Mode::kTrain, int64_t records = 10000);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(targets_.size(0)); }
  bool is_train() const noexcept { return mode_ == Mode::kTrain; }
  const Tensor& images() const { return images_; }    ///< [N, 3, 32, 32] of uint8
  const Tensor& targets() const { return targets_; }  ///< [N] of int64
  static const std::vector<std::string>& classes();

 private:
  Mode mode_;
  Tensor images_, targets_;
};

/// The same with 100 classes, in 20 groups: train.bin or test.bin, in the folder or in cifar-100-binary in it.
class HEARTH_API CIFAR100 : public Dataset<CIFAR100> {
 public:
  using Mode = CIFAR10::Mode;
  /// With `coarse`, targets are the 20 groups. records = 0: 50,000 to train, 10,000 to test.
  explicit CIFAR100(const std::string& root, Mode mode = Mode::kTrain, bool coarse = false, int64_t records = 0);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(fine_.size(0)); }
  bool is_train() const noexcept { return mode_ == Mode::kTrain; }
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return coarse_ ? groups_ : fine_; }
  const Tensor& fine() const { return fine_; }      ///< [N] of int64, 0 to 99
  const Tensor& groups() const { return groups_; }  ///< [N] of int64, 0 to 19

 private:
  Mode mode_;
  bool coarse_;
  Tensor images_, fine_, groups_;
};

}  // namespace hearth::data::datasets

namespace hearth::data {
/// The records of one CIFAR file's bytes: per record 1 or 2 labels, each below its limit, and a picture.
struct CifarRecords {
  Tensor images;  ///< [N, 3, 32, 32] of uint8
  Tensor labels;  ///< [N, L] of int64
};
/// `records` of them, or any number if 0. FileError as above.
HEARTH_API CifarRecords parse_cifar(const uint8_t* data, size_t size, const std::string& name,
                                    ArrayRef<int64_t> classes, int64_t records);
}  // namespace hearth::data
