#pragma once

#include "kit/task.h"

namespace hearth::kit {

/// What happens to pictures on their way: a part cut out, shifted, mirrored and erased at random, then normalized by
/// channel.
struct PictureTransform {
  std::vector<float> mean, deviation;  // by channel; empty: as they are
  int64_t resize = 0;                  // what a file's shorter side is brought to before its middle is cut out
  double crop = 0;                     // the least share of a picture that a part has; 0: the whole picture
  int64_t shift = 0;
  bool flip = false;
  double erase = 0;
  /// Of pictures [N, C, H, W]; sample i of the batch has number indices[i], which its random numbers hang on.
  Tensor operator()(const Tensor& pictures, ArrayRef<size_t> indices) const;
  /// Of a picture file, as [C, H, W] of these sizes. Random numbers are the thread's.
  Tensor operator()(const std::string& path, const std::vector<int64_t>& sizes) const;
  bool random() const { return crop > 0 || shift > 0 || flip || erase > 0; }
  /// Without anything random.
  PictureTransform plain() const;
  Json to_json() const;
  static PictureTransform from_json(const Json& json);

 private:
  void change(float* picture, int64_t channels, int64_t high, int64_t wide) const;
  Tensor normalized(const Tensor& pictures) const;
};

/// A picture file as [C, H, W] in [0, 1] of these sizes: scaled to cover them, or until its shorter side has `resize`
/// pixels, and the middle cut out.
Tensor read_picture(const std::string& path, const std::vector<int64_t>& sizes, int64_t resize = 0);
/// As config's transforms section says; mean and deviation are those of pictures [N, C, H, W].
PictureTransform make_transform(const train::Config& config, const Tensor& pictures);
/// Batches of pictures [N, C, H, W] in [0, 1] and targets [N]; without targets, the pictures are their own.
std::shared_ptr<train::Batches> picture_batches(Tensor pictures, Tensor targets, const PictureTransform& transform,
                                                const train::BatchOptions& options);

}  // namespace hearth::kit
