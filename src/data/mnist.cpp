#include "hearth/data/mnist.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "hearth/data/mnist_family.h"
#include "hearth/io/idx.h"
#include "hearth/ops.h"

namespace hearth::data::datasets {

namespace {

bool exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

/// The named file of the folder, or its gzipped form.
std::string find_file(const std::string& root, const std::string& name) {
  const std::string plain = root + (root.empty() || root.back() == '/' ? "" : "/") + name;
  if (exists(plain)) return plain;
  if (exists(plain + ".gz")) return plain + ".gz";
  throw FileError(
      fmt::format("[MNIST] no {} (nor {}.gz); check the folder, or download the four files there", plain, name), plain);
}

/// [N, H, W] of bytes.
Tensor read_pictures(const std::string& path) {
  const Tensor all = io::read_idx(path);
  if (all.dim() != 3 || all.scalar_type() != kByte)
    throw FileError(
        fmt::format("[MNIST] {} holds {} of shape {} where pictures [N, H, W] of Byte are expected (byte 2)", path,
                    all.scalar_type(), shape_text(all.sizes())),
        path, 2);
  return all;
}

Tensor read_targets(const std::string& path, int64_t least, int64_t classes) {
  const Tensor all = io::read_idx(path);
  if (all.dim() != 1 || all.scalar_type() != kByte)
    throw FileError(fmt::format("[MNIST] {} holds {} of shape {} where labels [N] of Byte are expected (byte 2)", path,
                                all.scalar_type(), shape_text(all.sizes())),
                    path, 2);
  const uint8_t* const labels = all.data_ptr<uint8_t>();
  for (int64_t i = 0; i < all.numel(); ++i)
    if (labels[i] < least || labels[i] >= classes)
      throw FileError(fmt::format("[MNIST] {} has label {} at byte {} (example {}); labels go from {} to {}", path,
                                  labels[i], i + 8, i, least, classes - 1),
                      path, i + 8);
  return all.to(kLong);
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode)
    : MNIST(root, mode, mode == Mode::kTrain ? "train" : "t10k", 0, 10, false) {}

MNIST::MNIST(const std::string& root, Mode mode, const std::string& part, int64_t least_label, int64_t classes,
             bool transposed)
    : mode_(mode) {
  const std::string image_file = find_file(root, part + "-images-idx3-ubyte");
  const std::string label_file = find_file(root, part + "-labels-idx1-ubyte");
  images_ = read_pictures(image_file);
  if (transposed) images_ = images_.transpose(1, 2);
  images_ = images_.unsqueeze(1).to(kFloat).contiguous().div_(255);
  targets_ = read_targets(label_file, least_label, classes);
  if (images_.size(0) != targets_.size(0))
    throw FileError(fmt::format("[MNIST] {} has {} images but {} has {} labels; they don't belong together", image_file,
                                images_.size(0), label_file, targets_.size(0)),
                    label_file);
}

Example<> MNIST::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {images_[i], targets_[i]};
}

std::optional<size_t> MNIST::size() const { return static_cast<size_t>(images_.size(0)); }

const std::vector<std::string>& FashionMNIST::classes() {
  static const std::vector<std::string> names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                 "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  return names;
}
const std::vector<std::string>& KMNIST::classes() {
  static const std::vector<std::string> names = {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"};
  return names;
}

namespace {

struct EmnistPart {
  EMNIST::Split split;
  const char* name;
  int64_t least, classes;
};
const EmnistPart& part_of(EMNIST::Split split) {
  using Split = EMNIST::Split;
  static constexpr EmnistPart kParts[] = {{Split::kByClass, "byclass", 0, 62},   {Split::kByMerge, "bymerge", 0, 47},
                                          {Split::kBalanced, "balanced", 0, 47}, {Split::kLetters, "letters", 1, 27},
                                          {Split::kDigits, "digits", 0, 10},     {Split::kMnist, "mnist", 0, 10}};
  return kParts[static_cast<size_t>(split)];
}

}  // namespace

EMNIST::EMNIST(const std::string& root, Split split, Mode mode)
    : MNIST(root, mode, fmt::format("emnist-{}-{}", part_of(split).name, mode == Mode::kTrain ? "train" : "test"),
            part_of(split).least, part_of(split).classes, true) {}

}  // namespace hearth::data::datasets
