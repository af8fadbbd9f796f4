#include "hearth/data/mnist.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/files.h"
#include "hearth/ops.h"

namespace hearth::data::datasets {

namespace {

/// An IDX file's bytes and their meaning; the data begins at `offset`.
struct Idx {
  std::vector<uint8_t> bytes;
  std::vector<int64_t> sizes;
  size_t offset;
};

uint32_t big_endian(const uint8_t* p) {
  return static_cast<uint32_t>(p[0]) << 24 | static_cast<uint32_t>(p[1]) << 16 | static_cast<uint32_t>(p[2]) << 8 |
         p[3];
}

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

Idx read_idx(const std::string& path, uint32_t magic) {
  constexpr int64_t most = int64_t{1} << 33;
  Idx idx{read_file(path, most, "MNIST"), {}, 0};
  if (is_gzip(idx.bytes.data(), idx.bytes.size())) idx.bytes = gunzip(idx.bytes.data(), idx.bytes.size(), path, most);
  const size_t dims = magic & 0xff;
  idx.offset = 4 + 4 * dims;
  if (idx.bytes.size() < idx.offset)
    throw FileError(fmt::format("[MNIST] {} ends at byte {}, within its header of {} bytes; it is cut short", path,
                                idx.bytes.size(), idx.offset),
                    path, static_cast<int64_t>(idx.bytes.size()));
  if (const uint32_t found = big_endian(idx.bytes.data()); found != magic)
    throw FileError(
        fmt::format("[MNIST] {} begins with {:#010x} where {:#010x} is expected (byte 0); it is no IDX file "
                    "of this kind",
                    path, found, magic),
        path, 0);
  uint64_t count = 1;
  for (size_t d = 0; d < dims; ++d) {
    const uint32_t size = big_endian(idx.bytes.data() + 4 + 4 * d);
    idx.sizes.push_back(size);
    if (__builtin_mul_overflow(count, uint64_t{size}, &count)) count = UINT64_MAX;
  }
  const uint64_t have = idx.bytes.size() - idx.offset;
  if (count != have)
    throw FileError(fmt::format("[MNIST] {} says it holds {} bytes of data but has {} (from byte {}); it is {}", path,
                                count, have, idx.offset, have < count ? "cut short" : "too long"),
                    path, static_cast<int64_t>(idx.offset + std::min(count, have)));
  return idx;
}

Tensor bytes_tensor(Idx& idx) { return from_blob(idx.bytes.data() + idx.offset, idx.sizes, TensorOptions(kByte)); }

Tensor read_images(const std::string& path) {
  Idx idx = read_idx(path, 0x00000803);
  return bytes_tensor(idx).unsqueeze(1).to(kFloat).div_(255);
}

Tensor read_targets(const std::string& path) {
  Idx idx = read_idx(path, 0x00000801);
  for (size_t i = idx.offset; i < idx.bytes.size(); ++i)
    if (idx.bytes[i] > 9)
      throw FileError(fmt::format("[MNIST] {} has label {} at byte {} (example {}); labels go from 0 to 9", path,
                                  idx.bytes[i], i, i - idx.offset),
                      path, static_cast<int64_t>(i));
  return bytes_tensor(idx).to(kLong);
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : mode_(mode) {
  const std::string part = is_train() ? "train" : "t10k";
  const std::string image_file = find_file(root, part + "-images-idx3-ubyte");
  const std::string label_file = find_file(root, part + "-labels-idx1-ubyte");
  images_ = read_images(image_file);
  targets_ = read_targets(label_file);
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

}  // namespace hearth::data::datasets
