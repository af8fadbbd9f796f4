#pragma once

#include "base/fail.h"
#include "hearth/data/vision.h"
#include "hearth/ops.h"

namespace hearth::data::vision {

/// ShapeError or DtypeError unless the picture is [C, H, W] of uint8 or float32, with pixels.
void check_picture(const char* op, const Tensor& image);
/// ValueError unless low <= value <= high.
void check_between(const char* op, const char* what, double value, double low, double high);

/// A box of the share of the area and the ratio; none where 10 tries find none that fits.
struct Box {
  int64_t x = 0, y = 0, width = 0, height = 0;
};
std::optional<Box> random_box(int64_t height, int64_t width, const double (&scale)[2], const double (&ratio)[2]);

/// f of the picture as contiguous float32, on a scale that ends at 255 for uint8 and at 1 otherwise; back as it was.
template <class F>
Tensor with_floats(const Tensor& image, F&& f) {
  const bool bytes = image.scalar_type() == kByte;
  const Tensor out = f(image.to(kFloat).contiguous(), bytes ? 255.F : 1.F);
  return bytes ? out.to(kByte) : out;
}

}  // namespace hearth::data::vision
