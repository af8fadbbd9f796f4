// Transforms of colours.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "data/chance.h"
#include "data/vision.h"

namespace hearth::data::vision {

namespace {

/// The planes of a float picture.
struct Planes {
  explicit Planes(const Tensor& t) : data(t.data_ptr<float>()), n(t.size(1) * t.size(2)), channels(t.size(0)) {}
  float* operator[](int64_t c) const { return data + c * n; }
  float* data;
  int64_t n, channels;
};

float gray_of(const Planes& p, int64_t i) {
  return p.channels < 3 ? p[0][i] : 0.2989F * p[0][i] + 0.587F * p[1][i] + 0.114F * p[2][i];
}

void check_colours(const char* op, const Tensor& image) {
  check_picture(op, image);
  if (image.size(0) != 1 && image.size(0) != 3)
    throw ShapeError(fmt::format("[{}] the picture is {}; it must have 1 or 3 channels", op, shape_text(image.sizes())),
                     image.sizes().vec());
}

/// x times factor + other times (1 - factor), within the scale; other(i) is of pixel i.
template <class F>
Tensor blend(const char* op, const Tensor& image, double factor, F&& other_of) {
  check_colours(op, image);
  check_between(op, "the factor", factor, 0, 1e6);
  return with_floats(image, [&](const Tensor& in, float top) {
    Tensor out = empty_like(in);
    const Planes from(in), to(out);
    const auto other = other_of(from, top == 255.F);
    const auto f = static_cast<float>(factor);
    for (int64_t c = 0; c < from.channels; ++c)
      for (int64_t i = 0; i < from.n; ++i) to[c][i] = std::clamp(f * from[c][i] + (1 - f) * other(i), 0.F, top);
    return out;
  });
}

struct Hsv {
  float h, s, v;  // each from 0 to 1
};
Hsv to_hsv(float r, float g, float b) {
  const float most = std::max({r, g, b}), least = std::min({r, g, b}), range = most - least;
  if (range == 0) return {0, 0, most};
  float h = 0;
  if (most == r)
    h = (g - b) / range;
  else if (most == g)
    h = 2 + (b - r) / range;
  else
    h = 4 + (r - g) / range;
  h /= 6;
  return {h - std::floor(h), range / most, most};
}
std::array<float, 3> from_hsv(Hsv c) {
  const float h6 = c.h * 6, whole = std::floor(h6), f = h6 - whole;
  const float p = c.v * (1 - c.s), q = c.v * (1 - c.s * f), t = c.v * (1 - c.s * (1 - f));
  switch (static_cast<int>(whole) % 6) {
    case 0: return {c.v, t, p};
    case 1: return {q, c.v, p};
    case 2: return {p, c.v, t};
    case 3: return {p, q, c.v};
    case 4: return {t, p, c.v};
    default: return {c.v, p, q};
  }
}

}  // namespace

Tensor adjust_brightness(const Tensor& image, double factor) {
  return blend("adjust_brightness", image, factor, [](const Planes&, bool) { return [](int64_t) { return 0.F; }; });
}

Tensor adjust_contrast(const Tensor& image, double factor) {
  return blend("adjust_contrast", image, factor, [](const Planes& p, bool bytes) {
    double sum = 0;
    for (int64_t i = 0; i < p.n; ++i) sum += bytes ? std::floor(gray_of(p, i)) : gray_of(p, i);
    const auto mean = static_cast<float>(sum / static_cast<double>(p.n));
    return [mean](int64_t) { return mean; };
  });
}

Tensor adjust_saturation(const Tensor& image, double factor) {
  if (image.dim() == 3 && image.size(0) == 1) return image;
  return blend("adjust_saturation", image, factor, [](const Planes& p, bool bytes) {
    return [p, bytes](int64_t i) { return bytes ? std::floor(gray_of(p, i)) : gray_of(p, i); };
  });
}

Tensor adjust_hue(const Tensor& image, double shift) {
  check_colours("adjust_hue", image);
  check_between("adjust_hue", "the shift", shift, -0.5, 0.5);
  if (image.size(0) == 1) return image;
  const bool bytes = image.scalar_type() == kByte;
  const Tensor in = bytes ? image.to(kFloat).div_(255) : image.contiguous();
  Tensor out = empty_like(in);
  const Planes from(in), to(out);
  for (int64_t i = 0; i < from.n; ++i) {
    Hsv c = to_hsv(from[0][i], from[1][i], from[2][i]);
    c.h += static_cast<float>(shift);
    c.h -= std::floor(c.h);
    const std::array<float, 3> rgb = from_hsv(c);
    for (size_t k = 0; k < 3; ++k) to[static_cast<int64_t>(k)][i] = rgb[k];
  }
  return bytes ? out.mul_(255.999).to(kByte) : out;  // as torchvision goes back to bytes
}

ColorJitter::ColorJitter(double brightness, double contrast, double saturation, double hue)
    : brightness_(brightness), contrast_(contrast), saturation_(saturation), hue_(hue) {
  for (const auto& [name, value] :
       {std::pair("brightness", brightness), std::pair("contrast", contrast), std::pair("saturation", saturation)})
    check_between("ColorJitter", name, value, 0, 1e6);
  check_between("ColorJitter", "hue", hue, 0, 0.5);
}

Tensor ColorJitter::operator()(Tensor image) {
  check_colours("ColorJitter", image);
  std::array<int, 4> order = {0, 1, 2, 3};
  std::array<double, 4> by{};
  {
    Chance chance;
    for (int i = 3; i > 0; --i)
      std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(chance.between(0, i))]);
    const std::array<double, 3> spread = {brightness_, contrast_, saturation_};
    for (size_t i = 0; i < 3; ++i) by[i] = chance.uniform(std::max(0.0, 1 - spread[i]), 1 + spread[i]);
    by[3] = chance.uniform(-hue_, hue_);
  }
  for (const int i : order) {
    if (i == 0 && brightness_ > 0) image = adjust_brightness(image, by[0]);
    if (i == 1 && contrast_ > 0) image = adjust_contrast(image, by[1]);
    if (i == 2 && saturation_ > 0) image = adjust_saturation(image, by[2]);
    if (i == 3 && hue_ > 0) image = adjust_hue(image, by[3]);
  }
  return image;
}

Grayscale::Grayscale(int64_t channels) : channels_(channels) {
  if (channels != 1 && channels != 3) fail("[Grayscale] {} channels; choose 1 or 3", channels);
}
Tensor Grayscale::operator()(Tensor image) {
  check_colours("Grayscale", image);
  const Tensor gray = image.size(0) == 1 ? image : with_floats(image, [&](const Tensor& in, float) {
    Tensor out = empty({1, in.size(1), in.size(2)});
    const Planes from(in), to(out);
    for (int64_t i = 0; i < from.n; ++i) to[0][i] = gray_of(from, i);
    return out;
  });
  return channels_ == 1 ? gray : gray.expand({3, -1, -1}).contiguous();
}

RandomGrayscale::RandomGrayscale(double probability) : p(probability) {
  check_between("RandomGrayscale", "p", p, 0, 1);
}
Tensor RandomGrayscale::operator()(Tensor image) {
  check_colours("RandomGrayscale", image);
  return Chance().happens(p) ? Grayscale(image.size(0))(image) : image;
}

}  // namespace hearth::data::vision
