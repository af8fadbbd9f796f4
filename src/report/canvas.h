#pragma once

#include <cstdint>
#include <string>

#include "hearth/tensor.h"

namespace hearth::report {

struct Color {
  uint8_t r = 0, g = 0, b = 0;
};

/// A picture to draw on: white at first, lines smooth, text in a font of 5 by 7 dots. What lies outside is cut off.
class Canvas {
 public:
  Canvas(int width, int height);

  void fill(double x, double y, double width, double height, Color color);
  void line(double x0, double y0, double x1, double y1, double width, Color color);
  /// x, y: the top left corner; scale: pixels a dot. Characters beyond ASCII show as '?'.
  void text(double x, double y, const std::string& words, Color color, int scale = 1);
  /// The same from the bottom up.
  void text_upwards(double x, double y, const std::string& words, Color color, int scale = 1);
  static int text_width(const std::string& words, int scale = 1);

  /// uint8 [3, H, W]
  const Tensor& image() const { return image_; }

 private:
  void blend(int x, int y, Color color, double share);
  template <class Dot>
  void each_dot(const std::string& words, Dot&& dot) const;

  int width_, height_;
  Tensor image_;
  uint8_t* pixels_;  // the planes of image_
};

}  // namespace hearth::report
