#pragma once

#include "kit/task.h"

namespace hearth::kit {

/// What happens to pictures on their way: shifted, mirrored and erased at random, then normalized by channel.
struct PictureTransform {
  std::vector<float> mean, deviation;  // by channel; empty: as they are
  int64_t shift = 0;
  bool flip = false;
  double erase = 0;
  /// Of pictures [N, C, H, W]; sample i of the batch has number indices[i], which its random numbers hang on.
  Tensor operator()(const Tensor& pictures, ArrayRef<size_t> indices) const;
  bool random() const { return shift > 0 || flip || erase > 0; }
  /// Without anything random.
  PictureTransform plain() const;
  Json to_json() const;
  static PictureTransform from_json(const Json& json);
};

/// A picture file as [C, H, W] in [0, 1] of these sizes: scaled to cover them, the middle cut out.
Tensor read_picture(const std::string& path, const std::vector<int64_t>& sizes);
/// As config's transforms section says; mean and deviation are those of pictures [N, C, H, W].
PictureTransform make_transform(const train::Config& config, const Tensor& pictures);
/// Batches of pictures [N, C, H, W] in [0, 1] and targets [N]; without targets, the pictures are their own.
std::shared_ptr<train::Batches> picture_batches(Tensor pictures, Tensor targets, const PictureTransform& transform,
                                                const train::BatchOptions& options);

}  // namespace hearth::kit
