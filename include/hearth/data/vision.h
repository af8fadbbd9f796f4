#pragma once

// Transforms of pictures. A picture is [C, H, W] of uint8, or of float32 in [0, 1]; each transform takes both and keeps
// the dtype, unless it says otherwise. Random ones draw from the thread's default generator, which a loader starts anew
// for each sample. Where torchvision has one of the name, results are torchvision's for the same random numbers.
// https://pytorch.org/vision/stable/transforms.html

#include <functional>
#include <initializer_list>
#include <vector>

#include "hearth/data/transforms.h"
#include "hearth/io/image.h"

namespace hearth::data::vision {

using io::Interpolation;
using transforms::Normalize;

/// A picture to a picture. For a dataset of Example<>: `dataset.map(vision::RandomCrop(32, 4))`; for a picture alone:
/// `vision::RandomCrop(32, 4)(image)`.
using Transform = transforms::TensorTransform<Tensor>;
/// Any function of a picture.
using Lambda = transforms::TensorLambda<Tensor>;

/// One transform after the other: Compose({RandomHorizontalFlip(), ToTensor()}).
class HEARTH_API Compose : public Transform {
 public:
  using Step = std::function<Tensor(Tensor)>;
  Compose(std::initializer_list<Step> steps) : steps_(steps) {}
  explicit Compose(std::vector<Step> steps) : steps_(std::move(steps)) {}
  Tensor operator()(Tensor image) override;

 private:
  std::vector<Step> steps_;
};

/// uint8 to float32 in [0, 1]; float32 stays.
struct HEARTH_API ToTensor : Transform {
  Tensor operator()(Tensor image) override;
};

/// Height and width; of one number: both.
struct Size {
  Size(int64_t side) : height(side), width(side) {}  // NOLINT: implicit
  Size(int64_t h, int64_t w) : height(h), width(w) {}
  int64_t height, width;
};

/// To a size; or, with a single number, so that the shorter side has that many pixels.
class HEARTH_API Resize : public Transform {
 public:
  explicit Resize(int64_t shorter_side, Interpolation interpolation = Interpolation::kBilinear);
  explicit Resize(Size size, Interpolation interpolation = Interpolation::kBilinear);
  Tensor operator()(Tensor image) override;

 private:
  Size size_;
  bool shorter_;
  Interpolation interpolation_;
};

/// The middle; a smaller picture gets a border of zeros first.
class HEARTH_API CenterCrop : public Transform {
 public:
  explicit CenterCrop(Size size);
  Tensor operator()(Tensor image) override;

 private:
  Size size_;
};

/// A random place, after `padding` pixels of `fill` were put around. ShapeError for a picture that is still too small,
/// unless pad_if_needed.
class HEARTH_API RandomCrop : public Transform {
 public:
  explicit RandomCrop(Size size, int64_t padding = 0, bool pad_if_needed = false, double fill = 0);
  Tensor operator()(Tensor image) override;

 private:
  Size size_;
  int64_t padding_;
  bool pad_if_needed_;
  double fill_;
};

/// A random part of the picture, of a share of its area and a ratio of its sides, scaled to the size.
class HEARTH_API RandomResizedCrop : public Transform {
 public:
  struct Options {
    double scale[2] = {0.08, 1};           ///< share of the area
    double ratio[2] = {3.0 / 4, 4.0 / 3};  ///< width by height
    Interpolation interpolation = Interpolation::kBilinear;
  };
  explicit RandomResizedCrop(Size size);
  RandomResizedCrop(Size size, const Options& options);
  Tensor operator()(Tensor image) override;
  /// The same of an encoded picture, as RGB, with the same random numbers: of a JPEG only the part is decoded, and
  /// damage in what lies below it is not seen. The result is the same bit for bit, but where the part has four times
  /// the pixels of the size on each side: such a part is decoded at 1/2, 1/4 or 1/8, which changes it by some 0.3 grey
  /// levels in the mean.
  Tensor operator()(const io::EncodedImage& image);

 private:
  Size size_;
  Options options_;
};

/// Left to right, with probability p.
struct HEARTH_API RandomHorizontalFlip : Transform {
  explicit RandomHorizontalFlip(double p = 0.5);
  Tensor operator()(Tensor image) override;
  double p;
};
/// Upside down, with probability p.
struct HEARTH_API RandomVerticalFlip : Transform {
  explicit RandomVerticalFlip(double p = 0.5);
  Tensor operator()(Tensor image) override;
  double p;
};

/// An affine map of the picture about its middle: turned clockwise by `degrees`, sheared by degrees along x and y,
/// scaled, then moved by pixels to the right and down. Bilinear or nearest; what comes from outside is `fill`.
struct AffineMap {
  double degrees = 0, shear_x = 0, shear_y = 0, scale = 1, move_x = 0, move_y = 0;
};
HEARTH_API Tensor affine(const Tensor& image, const AffineMap& map,
                         Interpolation interpolation = Interpolation::kNearest, double fill = 0);

/// Turns by up to `degrees` either way.
class HEARTH_API RandomRotation : public Transform {
 public:
  explicit RandomRotation(double degrees, Interpolation interpolation = Interpolation::kNearest, double fill = 0);
  Tensor operator()(Tensor image) override;

 private:
  double degrees_;
  Interpolation interpolation_;
  double fill_;
};

class HEARTH_API RandomAffine : public Transform {
 public:
  struct Options {
    double degrees = 0;            ///< turned by up to so much either way
    double translate[2] = {0, 0};  ///< moved by up to these shares of width and height either way
    double scale[2] = {1, 1};      ///< from the first to the second
    double shear = 0;              ///< along x by up to so many degrees either way
    Interpolation interpolation = Interpolation::kNearest;
    double fill = 0;
  };
  explicit RandomAffine(const Options& options);
  Tensor operator()(Tensor image) override;

 private:
  Options options_;
};

/// Brightness, contrast and saturation times a factor from 1 - x to 1 + x, hue moved by up to `hue` (0 to 0.5) of its
/// circle, in random order. Pictures of one channel have no saturation and hue.
class HEARTH_API ColorJitter : public Transform {
 public:
  explicit ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0);
  Tensor operator()(Tensor image) override;

 private:
  double brightness_, contrast_, saturation_, hue_;
};
/// The parts of ColorJitter, with fixed factors.
HEARTH_API Tensor adjust_brightness(const Tensor& image, double factor);
HEARTH_API Tensor adjust_contrast(const Tensor& image, double factor);
HEARTH_API Tensor adjust_saturation(const Tensor& image, double factor);
HEARTH_API Tensor adjust_hue(const Tensor& image, double shift);

/// 0.2989 R + 0.587 G + 0.114 B as 1 or 3 channels.
class HEARTH_API Grayscale : public Transform {
 public:
  explicit Grayscale(int64_t channels = 1);
  Tensor operator()(Tensor image) override;

 private:
  int64_t channels_;
};
/// The same, keeping the channels, with probability p.
struct HEARTH_API RandomGrayscale : Transform {
  explicit RandomGrayscale(double p = 0.1);
  Tensor operator()(Tensor image) override;
  double p;
};

/// Blurs with a Gaussian of `kernel` (odd) pixels across and a deviation from `low` to `high`; borders are reflected.
class HEARTH_API GaussianBlur : public Transform {
 public:
  explicit GaussianBlur(int64_t kernel, double low = 0.1, double high = 2);
  Tensor operator()(Tensor image) override;

 private:
  int64_t kernel_;
  double low_, high_;
};
HEARTH_API Tensor gaussian_blur(const Tensor& image, int64_t kernel, double deviation);

/// With probability p sets a random box to `value`, or to random normal numbers (float32 pictures).
class HEARTH_API RandomErasing : public Transform {
 public:
  struct Options {
    double p = 0.5;
    double scale[2] = {0.02, 0.33};  ///< share of the area
    double ratio[2] = {0.3, 3.3};    ///< width by height
    double value = 0;
    bool random = false;
  };
  RandomErasing() = default;
  explicit RandomErasing(const Options& options);
  Tensor operator()(Tensor image) override;

 private:
  Options options_;
};

/// Each picture of a batch mixed with its neighbour's: λ a + (1 - λ) b, λ from Beta(alpha, alpha) (Zhang et al., 2018,
/// "mixup: Beyond empirical risk minimization"). Data [N, C, H, W] of float32; targets [N] of int64 become [N, classes]
/// of float32, such as cross_entropy takes.
class HEARTH_API MixUp : public transforms::BatchTransform<Example<>, Example<>> {
 public:
  explicit MixUp(int64_t classes, double alpha = 0.2);
  Example<> apply_batch(Example<> batch) override;

 private:
  int64_t classes_;
  double alpha_;
};

/// A random box of each picture replaced by its neighbour's (Yun et al., 2019, "CutMix"); targets as in MixUp, by the
/// share of the area.
class HEARTH_API CutMix : public transforms::BatchTransform<Example<>, Example<>> {
 public:
  explicit CutMix(int64_t classes, double alpha = 1);
  Example<> apply_batch(Example<> batch) override;

 private:
  int64_t classes_;
  double alpha_;
};

}  // namespace hearth::data::vision
