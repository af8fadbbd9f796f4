#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hearth/data/dataset.h"
#include "hearth/io/image.h"

namespace hearth::data::datasets {

struct ImageFolderOptions {
  /// Makes a sample's tensor of a file's bytes. Unset: RGB as [3, H, W] of uint8. vision::RandomResizedCrop is such a
  /// function, and decodes no more of a JPEG than it needs.
  std::function<Tensor(const io::EncodedImage&)> decode;
  /// Applied to what was decoded; its random numbers are then the sample's own, whatever batch it comes in.
  std::function<Tensor(Tensor)> transform;
  /// Reads the header of every file at once, and leaves out those that are no pictures; see bad().
  bool check = false;
};

/// Pictures in folders: ROOT/CLASS/…/NAME.jpg. Classes are the names of ROOT's folders, sorted by their bytes; files
/// are those with an ending that io::has_image_ending knows, sorted folder by folder. A file is read and decoded when
/// its sample is asked for; a damaged one is a FileError then. Samples are [3, H, W] of uint8 and a class.
class HEARTH_API ImageFolder : public Dataset<ImageFolder> {
 public:
  using Options = ImageFolderOptions;
  struct Sample {
    std::string path;
    int64_t target = 0;
  };
  struct Bad {
    std::string path, why;
  };
  /// FileError where the folder is missing, has no folders, or one of them has no pictures.
  explicit ImageFolder(const std::string& root, Options options = {});
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return samples_.size(); }
  const std::vector<std::string>& classes() const { return classes_; }
  const std::vector<Sample>& samples() const { return samples_; }
  Tensor targets() const;                               ///< [N] of int64
  const std::vector<Bad>& bad() const { return bad_; }  ///< what `check` left out
  /// Decodes every file, and tells which can't be.
  std::vector<Bad> find_bad() const;

 private:
  std::vector<std::string> classes_;
  std::vector<Sample> samples_;
  std::vector<Bad> bad_;
  Options options_;
};

}  // namespace hearth::data::datasets
