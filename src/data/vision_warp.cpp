// Transforms that compute pixels from their neighbours, and those of batches.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/chance.h"
#include "data/vision.h"

namespace hearth::data::vision {

namespace {

/// Where an output pixel comes from: x' = a x + b y + c, y' = d x + e y + f, from the middle of the picture.
struct Matrix {
  double a, b, c, d, e, f;
};
/// The inverse of rotation, shear, scale and move (torchvision's _get_inverse_affine_matrix).
Matrix inverse(const AffineMap& m) {
  constexpr double degree = std::numbers::pi / 180;
  const double turn = m.degrees * degree, sx = m.shear_x * degree, sy = m.shear_y * degree;
  const double a = std::cos(turn - sy) / std::cos(sy);
  const double b = -std::cos(turn - sy) * std::tan(sx) / std::cos(sy) - std::sin(turn);
  const double c = std::sin(turn - sy) / std::cos(sy);
  const double d = -std::sin(turn - sy) * std::tan(sx) / std::cos(sy) + std::cos(turn);
  Matrix out{d / m.scale, -b / m.scale, 0, -c / m.scale, a / m.scale, 0};
  out.c = -out.a * m.move_x - out.b * m.move_y;
  out.f = -out.d * m.move_x - out.e * m.move_y;
  return out;
}

void check_interpolation(const char* op, Interpolation i) {
  if (i != Interpolation::kNearest && i != Interpolation::kBilinear) fail("[{}] takes kNearest or kBilinear", op);
}

int64_t reflected(int64_t i, int64_t n) {  // without the border twice; n > 1, and i within one length of it
  if (i < 0) i = -i;
  return i >= n ? 2 * n - 2 - i : i;
}

}  // namespace

Tensor affine(const Tensor& image, const AffineMap& map, Interpolation interpolation, double fill) {
  check_picture("affine", image);
  check_interpolation("affine", interpolation);
  check_between("affine", "scale", map.scale, 1e-6, 1e6);
  const Matrix m = inverse(map);
  return with_floats(image, [&](const Tensor& in, float) {
    Tensor out = empty_like(in);
    const int64_t channels = in.size(0), height = in.size(1), width = in.size(2);
    const float* const from = in.data_ptr<float>();
    float* const to = out.data_ptr<float>();
    const double mid_x = static_cast<double>(width - 1) / 2, mid_y = static_cast<double>(height - 1) / 2;
    const auto nothing = static_cast<float>(fill);
    const auto pixel = [&](int64_t c, double y, double x) {
      const bool inside = x >= 0 && y >= 0 && x < static_cast<double>(width) && y < static_cast<double>(height);
      return inside ? from[(c * height + static_cast<int64_t>(y)) * width + static_cast<int64_t>(x)] : nothing;
    };
    for (int64_t i = 0; i < height; ++i)
      for (int64_t j = 0; j < width; ++j) {
        const double dx = static_cast<double>(j) - mid_x, dy = static_cast<double>(i) - mid_y;
        const double x = m.a * dx + m.b * dy + m.c + mid_x, y = m.d * dx + m.e * dy + m.f + mid_y;
        const double x0 = std::floor(x), y0 = std::floor(y);
        const auto fx = static_cast<float>(x - x0), fy = static_cast<float>(y - y0);
        for (int64_t c = 0; c < channels; ++c) {
          float value = 0;
          if (interpolation == Interpolation::kNearest) {
            value = pixel(c, std::nearbyint(y), std::nearbyint(x));
          } else {
            value = (1 - fy) * ((1 - fx) * pixel(c, y0, x0) + fx * pixel(c, y0, x0 + 1)) +
                    fy * ((1 - fx) * pixel(c, y0 + 1, x0) + fx * pixel(c, y0 + 1, x0 + 1));
            if (image.scalar_type() == kByte) value = std::nearbyint(value);
          }
          to[(c * height + i) * width + j] = value;
        }
      }
    return out;
  });
}

RandomRotation::RandomRotation(double degrees, Interpolation interpolation, double fill)
    : degrees_(degrees), interpolation_(interpolation), fill_(fill) {
  check_between("RandomRotation", "degrees", degrees, 0, 360);
  check_interpolation("RandomRotation", interpolation);
}
Tensor RandomRotation::operator()(Tensor image) {
  AffineMap map;
  map.degrees = Chance().uniform(-degrees_, degrees_);
  return affine(image, map, interpolation_, fill_);
}

RandomAffine::RandomAffine(const Options& options) : options_(options) {
  const Options& o = options_;
  check_between("RandomAffine", "degrees", o.degrees, 0, 360);
  check_between("RandomAffine", "translate across", o.translate[0], 0, 1);
  check_between("RandomAffine", "translate down", o.translate[1], 0, 1);
  check_between("RandomAffine", "scale's begin", o.scale[0], 1e-6, o.scale[1]);
  check_between("RandomAffine", "shear", o.shear, 0, 80);
  check_interpolation("RandomAffine", o.interpolation);
}
Tensor RandomAffine::operator()(Tensor image) {
  check_picture("RandomAffine", image);
  const Options& o = options_;
  AffineMap map;
  {
    Chance chance;
    map.degrees = chance.uniform(-o.degrees, o.degrees);
    const double x = o.translate[0] * static_cast<double>(image.size(2));
    const double y = o.translate[1] * static_cast<double>(image.size(1));
    map.move_x = std::round(chance.uniform(-x, x));
    map.move_y = std::round(chance.uniform(-y, y));
    map.scale = chance.uniform(o.scale[0], o.scale[1]);
    map.shear_x = chance.uniform(-o.shear, o.shear);
  }
  return affine(image, map, o.interpolation, o.fill);
}

Tensor gaussian_blur(const Tensor& image, int64_t kernel, double deviation) {
  check_picture("gaussian_blur", image);
  check_between("gaussian_blur", "the deviation", deviation, 1e-6, 1e6);
  const int64_t half = kernel / 2;
  if (kernel < 1 || kernel % 2 == 0 || half >= image.size(1) || half >= image.size(2))
    fail("[gaussian_blur] a kernel of {} must be odd, and less than twice as wide as a picture of {}", kernel,
         shape_text(image.sizes()));
  std::vector<float> weight;
  double sum = 0;
  for (int64_t i = -half; i <= half; ++i) sum += std::exp(-0.5 * std::pow(static_cast<double>(i) / deviation, 2));
  for (int64_t i = -half; i <= half; ++i)
    weight.push_back(static_cast<float>(std::exp(-0.5 * std::pow(static_cast<double>(i) / deviation, 2)) / sum));
  return with_floats(image, [&](const Tensor& in, float top) {
    Tensor across = empty_like(in), out = empty_like(in);
    const int64_t rows = in.size(0) * in.size(1), height = in.size(1), width = in.size(2);
    const float* const from = in.data_ptr<float>();
    float* const middle = across.data_ptr<float>();
    float* const to = out.data_ptr<float>();
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t x = 0; x < width; ++x) {
        float value = 0;
        for (int64_t k = -half; k <= half; ++k)
          value += weight[static_cast<size_t>(k + half)] * from[r * width + reflected(x + k, width)];
        middle[r * width + x] = value;
      }
    std::fill_n(to, rows * width, top == 255.F ? 0.5F : 0.F);  // bytes are rounded
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = -half; k <= half; ++k) {
        const float* const line = middle + (r - r % height + reflected(r % height + k, height)) * width;
        const float w = weight[static_cast<size_t>(k + half)];
        for (int64_t x = 0; x < width; ++x) to[r * width + x] += w * line[x];
      }
    return out;
  });
}

GaussianBlur::GaussianBlur(int64_t kernel, double low, double high) : kernel_(kernel), low_(low), high_(high) {
  check_between("GaussianBlur", "the least deviation", low, 1e-6, high);
  if (kernel < 1 || kernel % 2 == 0) fail("[GaussianBlur] a kernel of {} pixels must be odd and positive", kernel);
}
Tensor GaussianBlur::operator()(Tensor image) { return gaussian_blur(image, kernel_, Chance().uniform(low_, high_)); }

namespace {

void check_batch(const char* op, const Example<>& batch, int64_t classes) {
  if (batch.data.dim() != 4 || batch.data.scalar_type() != kFloat || batch.target.dim() != 1 ||
      batch.target.scalar_type() != kLong || batch.target.size(0) != batch.data.size(0))
    throw ShapeError(
        fmt::format("[{}] the batch is {} {} with targets {} {} where [N, C, H, W] of Float and [N] of Long "
                    "are wanted; put it behind the Stack",
                    op, shape_text(batch.data.sizes()), batch.data.scalar_type(), shape_text(batch.target.sizes()),
                    batch.target.scalar_type()),
        batch.data.sizes().vec());
  const int64_t* const t = batch.target.contiguous().data_ptr<int64_t>();
  for (int64_t i = 0; i < batch.target.size(0); ++i)
    if (t[i] < 0 || t[i] >= classes)
      throw IndexError(fmt::format("[{}] target {} of the batch is {}, of {} classes", op, i, t[i], classes), t[i],
                       classes);
}

/// λ of each target and 1 - λ of the one before it.
Tensor mixed_targets(const Tensor& target, int64_t classes, double lambda) {
  const Tensor hot = one_hot(target, classes).to(kFloat);
  return hot.mul(lambda).add(hot.roll(1, 0), 1 - lambda);
}

void check_mix(const char* op, int64_t classes, double alpha) {
  check_between(op, "alpha", alpha, 1e-3, 1e3);
  if (classes < 1) fail("[{}] {} classes", op, classes);
}

}  // namespace

MixUp::MixUp(int64_t classes, double alpha) : classes_(classes), alpha_(alpha) { check_mix("MixUp", classes, alpha); }
Example<> MixUp::apply_batch(Example<> batch) {
  check_batch("MixUp", batch, classes_);
  const double lambda = Chance().beta(alpha_, alpha_);
  return {batch.data.mul(lambda).add(batch.data.roll(1, 0), 1 - lambda), mixed_targets(batch.target, classes_, lambda)};
}

CutMix::CutMix(int64_t classes, double alpha) : classes_(classes), alpha_(alpha) {
  check_mix("CutMix", classes, alpha);
}
Example<> CutMix::apply_batch(Example<> batch) {
  check_batch("CutMix", batch, classes_);
  const int64_t height = batch.data.size(2), width = batch.data.size(3);
  int64_t x0 = 0, x1 = 0, y0 = 0, y1 = 0;
  {
    Chance chance;
    const double side = 0.5 * std::sqrt(1 - chance.beta(alpha_, alpha_));  // half of the box's share of a side
    const double x = chance.uniform(0, static_cast<double>(width)), y = chance.uniform(0, static_cast<double>(height));
    const auto within = [](double v, int64_t n) { return std::clamp<int64_t>(static_cast<int64_t>(v), 0, n); };
    x0 = within(x - side * static_cast<double>(width), width);
    x1 = within(x + side * static_cast<double>(width), width);
    y0 = within(y - side * static_cast<double>(height), height);
    y1 = within(y + side * static_cast<double>(height), height);
  }
  Tensor data = batch.data.clone();
  if (x1 > x0 && y1 > y0)
    data.narrow(2, y0, y1 - y0)
        .narrow(3, x0, x1 - x0)
        .copy_(batch.data.narrow(2, y0, y1 - y0).narrow(3, x0, x1 - x0).roll(1, 0));
  const double lambda = 1 - static_cast<double>((x1 - x0) * (y1 - y0)) / static_cast<double>(width * height);
  return {std::move(data), mixed_targets(batch.target, classes_, lambda)};
}

}  // namespace hearth::data::vision
