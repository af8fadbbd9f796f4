#pragma once

#include <string>
#include <vector>

#include "hearth/tensor.h"

namespace hearth::report {

/// Points joined by lines; those that are not finite leave a gap.
struct Series {
  std::string name;
  std::vector<double> x, y;
};

struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  bool log_x = false, log_y = false;  ///< only where all values are positive; else as if false
};

/// The same picture as a vector drawing and as pixels, uint8 [3, 480, 800].
std::string to_svg(const Chart& chart);
Tensor to_image(const Chart& chart);
/// Writes <stem>.svg and <stem>.png.
void write_chart(const Chart& chart, const std::string& stem);

/// Text for HTML and SVG, quotes included.
std::string escaped(const std::string& text);
/// Where an axis is marked: some `wanted` round numbers between low and high.
std::vector<double> ticks(double low, double high, int wanted);

}  // namespace hearth::report
