#pragma once

#include "hearth/data/mnist.h"

namespace hearth::data::datasets {

/// Clothes, in MNIST's form and under MNIST's file names. https://github.com/zalandoresearch/fashion-mnist
class HEARTH_API FashionMNIST : public MNIST {
 public:
  using MNIST::MNIST;
  static const std::vector<std::string>& classes();
};

/// Ten cursive Japanese characters, in the same form. https://github.com/rois-codh/kmnist
class HEARTH_API KMNIST : public MNIST {
 public:
  using MNIST::MNIST;
  static const std::vector<std::string>& classes();
};

/// Handwritten letters and digits: files emnist-SPLIT-train-images-idx3-ubyte and so on. The files hold pictures with
/// rows and columns exchanged; here they stand upright. The letters' labels go from 1 to 26, as in the files and in
/// torchvision. https://www.nist.gov/itl/products-and-services/emnist-dataset
class HEARTH_API EMNIST : public MNIST {
 public:
  enum class Split : uint8_t { kByClass, kByMerge, kBalanced, kLetters, kDigits, kMnist };
  EMNIST(const std::string& root, Split split, Mode mode = Mode::kTrain);
};

}  // namespace hearth::data::datasets
