// Transforms that move pixels and keep them as they are.
#include "data/vision.h"

#include <algorithm>
#include <cmath>

#include "data/chance.h"
#include "io/image.h"

namespace hearth::data::vision {

namespace {

Tensor crop(const Tensor& image, int64_t y, int64_t x, int64_t height, int64_t width) {
  return image.narrow(1, y, height).narrow(2, x, width).contiguous();
}

Tensor pad(const Tensor& image, int64_t left, int64_t right, int64_t top, int64_t bottom, double fill) {
  if (left + right + top + bottom == 0) return image;
  Tensor out = full({image.size(0), image.size(1) + top + bottom, image.size(2) + left + right}, fill,
                    TensorOptions(image.scalar_type()));
  out.narrow(1, top, image.size(1)).narrow(2, left, image.size(2)).copy_(image);
  return out;
}

/// The picture with its rows, or the pixels of each row, in reverse.
template <class T>
void flip_planes(const Tensor& in, bool across, Tensor& out) {
  const int64_t rows = in.size(0) * in.size(1), height = in.size(1), width = in.size(2);
  const T* const from = in.data_ptr<T>();
  T* const to = out.data_ptr<T>();
  for (int64_t r = 0; r < rows; ++r) {
    const T* const line = from + r * width;
    if (across)
      std::reverse_copy(line, line + width, to + r * width);
    else
      std::copy_n(line, width, to + (r - r % height + height - 1 - r % height) * width);
  }
}
Tensor flipped(const Tensor& image, bool across) {
  const Tensor in = image.contiguous();
  Tensor out = empty_like(in);
  if (in.scalar_type() == kByte)
    flip_planes<uint8_t>(in, across, out);
  else
    flip_planes<float>(in, across, out);
  return out;
}

Size checked(const char* op, Size size) {
  if (size.height < 1 || size.width < 1 || size.height > 1 << 20 || size.width > 1 << 20)
    fail("[{}] {} x {} is no size for a picture", op, size.height, size.width);
  return size;
}

/// What torchvision falls back on: the middle, within the ratios.
Box middle_box(int64_t height, int64_t width, const double (&ratio)[2]) {
  const double own = static_cast<double>(width) / static_cast<double>(height);
  Box b{0, 0, width, height};
  if (own < ratio[0]) b.height = static_cast<int64_t>(std::lround(static_cast<double>(width) / ratio[0]));
  if (own > ratio[1]) b.width = static_cast<int64_t>(std::lround(static_cast<double>(height) * ratio[1]));
  b.height = std::clamp<int64_t>(b.height, 1, height);
  b.width = std::clamp<int64_t>(b.width, 1, width);
  b.y = (height - b.height) / 2;
  b.x = (width - b.width) / 2;
  return b;
}

}  // namespace

void check_picture(const char* op, const Tensor& image) {
  const ScalarType type = image.scalar_type();
  if (type != kByte && type != kFloat)
    throw DtypeError(fmt::format("[{}] the picture is {}; make it Byte, or Float in [0, 1]", op, type), type, kFloat);
  if (image.dim() != 3 || image.numel() == 0)
    throw ShapeError(
        fmt::format("[{}] the picture is {} where [C, H, W] with pixels is wanted{}", op, shape_text(image.sizes()),
                    image.dim() == 4 ? "; put transforms before the Stack" : ""),
        image.sizes().vec());
}

void check_between(const char* op, const char* what, double value, double low, double high) {
  if (!(value >= low && value <= high))
    fail("[{}] {} is {}; it must lie between {} and {}", op, what, value, low, high);
}

std::optional<Box> random_box(int64_t height, int64_t width, const double (&scale)[2], const double (&ratio)[2]) {
  Chance chance;
  const auto area = static_cast<double>(height * width);
  for (int tries = 0; tries < 10; ++tries) {
    const double wanted = area * chance.uniform(scale[0], scale[1]);
    const double r = std::exp(chance.uniform(std::log(ratio[0]), std::log(ratio[1])));
    Box b;
    b.width = std::lround(std::sqrt(wanted * r));
    b.height = std::lround(std::sqrt(wanted / r));
    if (b.width < 1 || b.height < 1 || b.width > width || b.height > height) continue;
    b.y = chance.between(0, height - b.height);
    b.x = chance.between(0, width - b.width);
    return b;
  }
  return std::nullopt;
}

Tensor Compose::operator()(Tensor image) {
  for (const Step& step : steps_) image = step(std::move(image));
  return image;
}

Tensor ToTensor::operator()(Tensor image) {
  check_picture("ToTensor", image);
  return image.scalar_type() == kFloat ? image : image.to(kFloat).div_(255);
}

Resize::Resize(int64_t shorter_side, Interpolation interpolation)
    : size_(checked("Resize", shorter_side)), shorter_(true), interpolation_(interpolation) {}
Resize::Resize(Size size, Interpolation interpolation)
    : size_(checked("Resize", size)), shorter_(false), interpolation_(interpolation) {}

Tensor Resize::operator()(Tensor image) {
  check_picture("Resize", image);
  const int64_t height = image.size(1), width = image.size(2);
  if (!shorter_) return io::resize_image(image, size_.height, size_.width, interpolation_);
  const int64_t side = size_.height;  // the longer side is rounded down, as in torchvision
  return io::resize_image(image, height <= width ? side : side * height / width,
                          height <= width ? side * width / height : side, interpolation_);
}

CenterCrop::CenterCrop(Size size) : size_(checked("CenterCrop", size)) {}
Tensor CenterCrop::operator()(Tensor image) {
  check_picture("CenterCrop", image);
  const int64_t more_y = std::max<int64_t>(size_.height - image.size(1), 0);
  const int64_t more_x = std::max<int64_t>(size_.width - image.size(2), 0);
  image = pad(image, more_x / 2, (more_x + 1) / 2, more_y / 2, (more_y + 1) / 2, 0);
  const auto half = [](int64_t n) { return static_cast<int64_t>(std::nearbyint(static_cast<double>(n) / 2)); };
  return crop(image, half(image.size(1) - size_.height), half(image.size(2) - size_.width), size_.height, size_.width);
}

RandomCrop::RandomCrop(Size size, int64_t padding, bool pad_if_needed, double fill)
    : size_(checked("RandomCrop", size)), padding_(padding), pad_if_needed_(pad_if_needed), fill_(fill) {
  check_between("RandomCrop", "padding", static_cast<double>(padding), 0, 1 << 20);
}
Tensor RandomCrop::operator()(Tensor image) {
  check_picture("RandomCrop", image);
  image = pad(image, padding_, padding_, padding_, padding_, fill_);
  if (pad_if_needed_) {
    const int64_t y = std::max<int64_t>(size_.height - image.size(1), 0);
    const int64_t x = std::max<int64_t>(size_.width - image.size(2), 0);
    image = pad(image, x, x, y, y, fill_);
  }
  const int64_t over_y = image.size(1) - size_.height, over_x = image.size(2) - size_.width;
  if (over_y < 0 || over_x < 0)
    throw ShapeError(fmt::format("[RandomCrop] a picture of {} is smaller than {} x {}; pad it, or set pad_if_needed",
                                 shape_text(image.sizes()), size_.height, size_.width),
                     image.sizes().vec());
  Chance chance;
  const int64_t y = chance.between(0, over_y), x = chance.between(0, over_x);
  return crop(image, y, x, size_.height, size_.width);
}

RandomResizedCrop::RandomResizedCrop(Size size) : RandomResizedCrop(size, Options{}) {}
RandomResizedCrop::RandomResizedCrop(Size size, const Options& options)
    : size_(checked("RandomResizedCrop", size)), options_(options) {
  const Options& o = options_;
  check_between("RandomResizedCrop", "scale's begin", o.scale[0], 0, o.scale[1]);
  check_between("RandomResizedCrop", "scale's end", o.scale[1], 1e-12, 1);
  check_between("RandomResizedCrop", "ratio's begin", o.ratio[0], 1e-6, o.ratio[1]);
  check_between("RandomResizedCrop", "ratio's end", o.ratio[1], o.ratio[0], 1e6);
}

namespace {
Box resized_crop_box(int64_t height, int64_t width, const RandomResizedCrop::Options& o) {
  if (const auto box = random_box(height, width, o.scale, o.ratio)) return *box;
  return middle_box(height, width, o.ratio);
}
}  // namespace

Tensor RandomResizedCrop::operator()(Tensor image) {
  check_picture("RandomResizedCrop", image);
  const Box b = resized_crop_box(image.size(1), image.size(2), options_);
  return io::resize_image(crop(image, b.y, b.x, b.height, b.width), size_.height, size_.width, options_.interpolation);
}

Tensor RandomResizedCrop::operator()(const io::EncodedImage& image) {
  const io::ChooseCrop choose = [&](int64_t height, int64_t width) {
    const Box b = resized_crop_box(height, width, options_);
    return io::Crop{b.x, b.y, b.width, b.height, size_.width, size_.height};
  };
  io::ImageOptions rgb;
  rgb.mode = io::ImageOptions::Mode::kRgb;
  const io::Decoded part = io::decode_part(image, rgb, &choose);
  return io::to_planes(
      io::resample(part.pixels, part.x0, part.y0, part.x1, part.y1, size_.height, size_.width, options_.interpolation));
}

RandomHorizontalFlip::RandomHorizontalFlip(double probability) : p(probability) {
  check_between("RandomHorizontalFlip", "p", p, 0, 1);
}
Tensor RandomHorizontalFlip::operator()(Tensor image) {
  check_picture("RandomHorizontalFlip", image);
  return Chance().happens(p) ? flipped(image, true) : image;
}
RandomVerticalFlip::RandomVerticalFlip(double probability) : p(probability) {
  check_between("RandomVerticalFlip", "p", p, 0, 1);
}
Tensor RandomVerticalFlip::operator()(Tensor image) {
  check_picture("RandomVerticalFlip", image);
  return Chance().happens(p) ? flipped(image, false) : image;
}

RandomErasing::RandomErasing(const Options& options) : options_(options) {
  check_between("RandomErasing", "p", options_.p, 0, 1);
  check_between("RandomErasing", "scale's begin", options_.scale[0], 0, options_.scale[1]);
  check_between("RandomErasing", "scale's end", options_.scale[1], 0, 1);
  check_between("RandomErasing", "ratio's begin", options_.ratio[0], 1e-6, options_.ratio[1]);
}
Tensor RandomErasing::operator()(Tensor image) {
  check_picture("RandomErasing", image);
  if (!Chance().happens(options_.p)) return image;
  const auto box = random_box(image.size(1), image.size(2), options_.scale, options_.ratio);
  if (!box) return image;
  image = image.clone();
  Tensor part = image.narrow(1, box->y, box->height).narrow(2, box->x, box->width);
  if (options_.random && image.scalar_type() == kFloat)
    part.copy_(randn(part.sizes()));
  else
    part.fill_(options_.value);
  return image;
}

}  // namespace hearth::data::vision
