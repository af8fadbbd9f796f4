#include "hearth/data/cifar.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/files.h"
#include "hearth/ops.h"
#include "io/bytes.h"

namespace hearth::data {

namespace {

constexpr int64_t kPixels = 3 * 32 * 32;

/// The file in the folder, or in the folder of the archive that it comes in.
std::string find_file(const std::string& root, const char* inner, const std::string& name) {
  struct stat facts;
  const std::string folder = root.empty() ? "." : root;
  for (const std::string& path : {folder + "/" + name, folder + "/" + inner + "/" + name})
    if (::stat(path.c_str(), &facts) == 0) return path;
  throw FileError(fmt::format("[CIFAR] no {}/{} (nor {}/{}/{}); check the folder, or fetch the binary version there",
                              folder, name, folder, inner, name),
                  folder + "/" + name);
}

CifarRecords read_records(const std::vector<std::string>& paths, ArrayRef<int64_t> classes, int64_t records) {
  std::vector<Tensor> images, labels;
  for (const std::string& path : paths) {
    const std::vector<uint8_t> bytes = read_file(path, int64_t{1} << 32, "CIFAR");
    CifarRecords part = parse_cifar(bytes.data(), bytes.size(), path, classes, records);
    images.push_back(std::move(part.images));
    labels.push_back(std::move(part.labels));
  }
  return {cat(images), cat(labels)};
}

Example<> sample(const char* name, const Tensor& images, const Tensor& targets, size_t index) {
  const auto i = static_cast<int64_t>(index);
  if (index >= static_cast<size_t>(targets.size(0)))
    throw IndexError(fmt::format("[{}] sample {} of {}", name, index, targets.size(0)), i, targets.size(0));
  return {images[i].to(kFloat).div_(255), targets[i]};
}

}  // namespace

CifarRecords parse_cifar(const uint8_t* data, size_t size, const std::string& name, ArrayRef<int64_t> classes,
                         int64_t records) {
  const auto labels = static_cast<int64_t>(classes.size()), each = labels + kPixels;
  const auto have = static_cast<int64_t>(size);
  const int64_t n = records > 0 ? records : have / each;
  if (n == 0 || n > have / each || n * each != have)
    io::damaged("CIFAR", name, std::min(size, static_cast<size_t>(std::min(n, have / each) * each)),
                "{} bytes are not {} records of {} bytes; it is cut short, or another kind of file", size,
                records > 0 ? fmt::format("{}", records) : "whole", each);
  CifarRecords out{empty({n, 3, 32, 32}, kByte), empty({n, labels}, kLong)};
  uint8_t* const pictures = out.images.data_ptr<uint8_t>();
  int64_t* const to = out.labels.data_ptr<int64_t>();
  for (int64_t i = 0; i < n; ++i) {
    const uint8_t* const record = data + i * each;
    for (int64_t k = 0; k < labels; ++k) {
      to[i * labels + k] = record[k];
      if (record[k] >= classes[static_cast<size_t>(k)])
        io::damaged("CIFAR", name, static_cast<uint64_t>(i * each + k), "record {} has label {}; they go from 0 to {}",
                    i, record[k], classes[static_cast<size_t>(k)] - 1);
    }
    std::copy_n(record + labels, kPixels, pictures + i * kPixels);
  }
  return out;
}

namespace datasets {

CIFAR10::CIFAR10(const std::string& root, Mode mode, int64_t records) : mode_(mode) {
  std::vector<std::string> paths;
  if (is_train())
    for (int i = 1; i <= 5; ++i)
      paths.push_back(find_file(root, "cifar-10-batches-bin", fmt::format("data_batch_{}.bin", i)));
  else
    paths.push_back(find_file(root, "cifar-10-batches-bin", "test_batch.bin"));
  const int64_t classes[] = {10};
  CifarRecords all = read_records(paths, classes, records);
  images_ = std::move(all.images);
  targets_ = all.labels.select(1, 0).contiguous();
}

Example<> CIFAR10::get(size_t index) { return sample("CIFAR10", images_, targets_, index); }

const std::vector<std::string>& CIFAR10::classes() {
  static const std::vector<std::string> names = {"airplane", "automobile", "bird",  "cat",  "deer",
                                                 "dog",      "frog",       "horse", "ship", "truck"};
  return names;
}

CIFAR100::CIFAR100(const std::string& root, Mode mode, bool coarse, int64_t records) : mode_(mode), coarse_(coarse) {
  const int64_t classes[] = {20, 100};
  const int64_t official = is_train() ? 50000 : 10000;
  CifarRecords all = read_records({find_file(root, "cifar-100-binary", is_train() ? "train.bin" : "test.bin")}, classes,
                                  records > 0 ? records : official);
  images_ = std::move(all.images);
  groups_ = all.labels.select(1, 0).contiguous();
  fine_ = all.labels.select(1, 1).contiguous();
}

Example<> CIFAR100::get(size_t index) { return sample("CIFAR100", images_, targets(), index); }

}  // namespace datasets
}  // namespace hearth::data
