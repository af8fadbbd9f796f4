// Where a classifier's pictures come from, and the network for them.
#include <fmt/format.h>
#include <sys/stat.h>

#include "hearth/data/digits.h"
#include "hearth/data/mnist.h"
#include "hearth/error.h"
#include "hearth/nn.h"
#include "hearth/train/classifier.h"

namespace hearth::train {

namespace {

using data::datasets::Digits;
using data::datasets::MNIST;

bool exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}
bool has_part(const std::string& folder, const char* part) {
  const std::string images = fmt::format("{}/{}-images-idx3-ubyte", folder, part);
  return exists(images) || exists(images + ".gz");
}

Split drawn_digits(uint64_t seed) {
  const Digits train(12000, 2 * seed + 1), test(2000, 2 * seed + 2);
  return {{train.images(), train.targets()},
          {test.images(), test.targets()},
          "drawn digits: 12000 to train, 2000 others to test"};
}

Split split_tail(const MNIST& all) {
  const int64_t n = all.images().size(0), train = n - n / 10;
  if (n < 10) throw ValueError(fmt::format("[train] {} pictures are too few to split; give at least 10", n));
  return {{all.images().narrow(0, 0, train), all.targets().narrow(0, 0, train)},
          {all.images().narrow(0, train, n - train), all.targets().narrow(0, train, n - train)},
          fmt::format("the t10k files alone: the first {} pictures to train, the last {} to test", train, n - train)};
}

}  // namespace

Split load_images(const std::string& data, uint64_t seed) {
  if (data == "digits") return drawn_digits(seed);
  if (!exists(data))
    throw FileError(fmt::format("[train] no folder {}; give \"digits\" or a folder with MNIST's files", data), data);
  const bool train = has_part(data, "train"), test = has_part(data, "t10k");
  if (!train && test) return split_tail(MNIST(data, MNIST::Mode::kTest));
  const MNIST a(data, MNIST::Mode::kTrain), b(data, MNIST::Mode::kTest);
  return {{a.images(), a.targets()},
          {b.images(), b.targets()},
          fmt::format("MNIST files: {} pictures to train, {} to test", a.images().size(0), b.images().size(0))};
}

nn::Sequential make_image_classifier(const ImageSet& like) {
  const int64_t channels = like.images.size(1);
  const int64_t side = ((like.images.size(2) - 2) / 2 - 2) / 2, across = ((like.images.size(3) - 2) / 2 - 2) / 2;
  if (side < 1 || across < 1)
    throw ShapeError(fmt::format("[train] pictures of {} are too small for this network; it needs at least 10 x 10",
                                 to_string(like.images.sizes())),
                     like.images.sizes().vec());
  return nn::Sequential({{"conv1", nn::Conv2d(nn::Conv2dOptions(channels, 16, 3))},
                         {"norm1", nn::BatchNorm2d(16)},
                         {"relu1", nn::ReLU()},
                         {"pool1", nn::MaxPool2d(2)},
                         {"conv2", nn::Conv2d(nn::Conv2dOptions(16, 32, 3))},
                         {"norm2", nn::BatchNorm2d(32)},
                         {"relu2", nn::ReLU()},
                         {"pool2", nn::MaxPool2d(2)},
                         {"flatten", nn::Flatten()},
                         {"drop", nn::Dropout(0.25)},
                         {"fc1", nn::Linear(32 * side * across, 128)},
                         {"relu3", nn::ReLU()},
                         {"fc2", nn::Linear(128, 10)}});
}

}  // namespace hearth::train
