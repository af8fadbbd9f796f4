#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "hearth/io/image.h"
#include "hearth/io/text_file.h"
#include "report/canvas.h"

namespace hearth::report {

namespace {

constexpr double kWidth = 800, kHeight = 480, kLeft = 78, kRight = 22, kTop = 46, kBottom = 56;
constexpr Color kInk{34, 40, 49}, kFaint{225, 229, 234}, kSoft{110, 118, 129};
constexpr Color kColors[] = {{31, 119, 180}, {214, 90, 49},  {44, 140, 70},  {148, 87, 178},
                             {190, 150, 20}, {23, 160, 170}, {220, 80, 140}, {120, 120, 120}};

enum class Anchor { start, middle, end };

/// What a chart is drawn with: an SVG file or pixels.
class Painter {
 public:
  virtual ~Painter() = default;
  virtual void line(double x0, double y0, double x1, double y1, double width, Color color) = 0;
  virtual void polyline(const std::vector<std::pair<double, double>>& points, Color color) = 0;
  /// y: the text's middle.
  virtual void text(double x, double y, const std::string& words, Anchor anchor, Color color, int scale) = 0;
  virtual void text_upwards(double x, double y, const std::string& words, Color color) = 0;
};

class SvgPainter : public Painter {
 public:
  void line(double x0, double y0, double x1, double y1, double width, Color color) override {
    out += fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{}"/>)", x0,
                       y0, x1, y1, hex(color), width) +
           "\n";
  }
  void polyline(const std::vector<std::pair<double, double>>& points, Color color) override {
    if (points.size() == 1) {
      out += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>)", points[0].first, points[0].second,
                         hex(color)) +
             "\n";
      return;
    }
    out += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"",
                       hex(color));
    for (const auto& [x, y] : points) out += fmt::format("{:.1f},{:.1f} ", x, y);
    out += "\"/>\n";
  }
  void text(double x, double y, const std::string& words, Anchor anchor, Color color, int scale) override {
    const char* const anchors[] = {"start", "middle", "end"};
    out +=
        fmt::format(
            R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}" dominant-baseline="central" fill="{}" font-size="{}">{}</text>)",
            x, y, anchors[static_cast<int>(anchor)], hex(color), scale > 1 ? 17 : 12, escaped(words)) +
        "\n";
  }
  void text_upwards(double x, double y, const std::string& words, Color color) override {
    out +=
        fmt::format(
            R"svg(<text transform="translate({:.1f} {:.1f}) rotate(-90)" text-anchor="middle" fill="{}" font-size="12">{}</text>)svg",
            x, y, hex(color), escaped(words)) +
        "\n";
  }
  std::string finished() const {
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" font-family="system-ui, sans-serif">
<rect width="{0}" height="{1}" fill="white"/>
{2}</svg>
)",
        kWidth, kHeight, out);
  }

 private:
  static std::string hex(Color c) { return fmt::format("#{:02x}{:02x}{:02x}", c.r, c.g, c.b); }
  std::string out;
};

class PixelPainter : public Painter {
 public:
  void line(double x0, double y0, double x1, double y1, double width, Color color) override {
    canvas.line(x0, y0, x1, y1, width, color);
  }
  void polyline(const std::vector<std::pair<double, double>>& points, Color color) override {
    if (points.size() == 1) canvas.fill(points[0].first - 3, points[0].second - 3, 6, 6, color);
    for (size_t i = 1; i < points.size(); ++i)
      canvas.line(points[i - 1].first, points[i - 1].second, points[i].first, points[i].second, 2, color);
  }
  void text(double x, double y, const std::string& words, Anchor anchor, Color color, int scale) override {
    const double width = Canvas::text_width(words, scale);
    const double shift = anchor == Anchor::start ? 0 : anchor == Anchor::middle ? width / 2 : width;
    canvas.text(x - shift, y - 3.5 * scale, words, color, scale);
  }
  void text_upwards(double x, double y, const std::string& words, Color color) override {
    canvas.text_upwards(x - 7, y + Canvas::text_width(words) / 2.0, words, color);
  }
  Canvas canvas{static_cast<int>(kWidth), static_cast<int>(kHeight)};
};

/// From values to places on the paper.
struct Axis {
  double low = 0, high = 1, from = 0, to = 1;
  bool log = false;
  std::vector<double> marks;
  double warp(double v) const { return log ? std::log10(v) : v; }
  double at(double v) const { return from + (warp(v) - warp(low)) / (warp(high) - warp(low)) * (to - from); }
};

std::vector<double> powers_of_ten(double low, double high) {
  std::vector<double> out;
  for (int e = static_cast<int>(std::ceil(std::log10(low) - 1e-9)); std::pow(10.0, e) <= high * (1 + 1e-9); ++e)
    out.push_back(std::pow(10.0, e));
  return out;
}

Axis make_axis(const std::vector<double>& values, bool log, double from, double to, int wanted) {
  Axis a;
  a.from = from;
  a.to = to;
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const double v : values)
    if (std::isfinite(v)) {
      low = std::min(low, v);
      high = std::max(high, v);
    }
  if (low > high) low = 0, high = 1;
  a.log = log && low > 0;
  if (low == high) {  // a flat line stands in the middle
    const double room = low == 0 ? 1 : std::abs(low) * 0.1;
    low -= room;
    high += room;
  }
  a.low = low;
  a.high = high;
  if (a.log) a.marks = powers_of_ten(low, high);
  if (a.marks.size() < 2) a.marks = ticks(low, high, wanted);
  return a;
}

std::string tick_text(double v) { return std::abs(v) < 1e-12 ? "0" : fmt::format("{:.6g}", v); }

std::vector<double> gathered(const Chart& chart, std::vector<double> Series::*part) {
  std::vector<double> all;
  for (const Series& s : chart.series) all.insert(all.end(), (s.*part).begin(), (s.*part).end());
  return all;
}

void draw_frame(Painter& p, const Chart& chart, const Axis& x, const Axis& y) {
  for (const double v : x.marks) {
    p.line(x.at(v), kTop, x.at(v), kHeight - kBottom, 1, kFaint);
    p.text(x.at(v), kHeight - kBottom + 14, tick_text(v), Anchor::middle, kSoft, 1);
  }
  for (const double v : y.marks) {
    p.line(kLeft, y.at(v), kWidth - kRight, y.at(v), 1, kFaint);
    p.text(kLeft - 8, y.at(v), tick_text(v), Anchor::end, kSoft, 1);
  }
  p.line(kLeft, kTop, kLeft, kHeight - kBottom, 1, kSoft);
  p.line(kLeft, kHeight - kBottom, kWidth - kRight, kHeight - kBottom, 1, kSoft);
  p.text(kLeft, 22, chart.title, Anchor::start, kInk, 2);
  p.text((kLeft + kWidth - kRight) / 2, kHeight - 20, chart.x_label, Anchor::middle, kSoft, 1);
  p.text_upwards(18, (kTop + kHeight - kBottom) / 2, chart.y_label, kSoft);
}

/// The curve in pieces between values that are not finite.
void draw_series(Painter& p, const Series& s, const Axis& x, const Axis& y, Color color) {
  std::vector<std::pair<double, double>> piece;
  const auto flush = [&] {
    if (!piece.empty()) p.polyline(piece, color);
    piece.clear();
  };
  for (size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i) {
    if (std::isfinite(s.x[i]) && std::isfinite(s.y[i])) {
      piece.emplace_back(x.at(s.x[i]), y.at(s.y[i]));
    } else {
      flush();
    }
  }
  flush();
}

void draw_legend(Painter& p, const Chart& chart) {
  double x = kWidth - kRight;
  for (size_t i = chart.series.size(); i-- > 0;) {
    const std::string& name = chart.series[i].name;
    p.text(x, 22, name, Anchor::end, kInk, 1);
    x -= Canvas::text_width(name) * 1.12 + 8;
    p.line(x - 16, 22, x, 22, 3, kColors[i % std::size(kColors)]);
    x -= 32;
  }
}

void draw(Painter& p, const Chart& chart) {
  const Axis x = make_axis(gathered(chart, &Series::x), chart.log_x, kLeft, kWidth - kRight, 8);
  const Axis y = make_axis(gathered(chart, &Series::y), chart.log_y, kHeight - kBottom, kTop, 6);
  draw_frame(p, chart, x, y);
  for (size_t i = 0; i < chart.series.size(); ++i)
    draw_series(p, chart.series[i], x, y, kColors[i % std::size(kColors)]);
  draw_legend(p, chart);
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

std::vector<double> ticks(double low, double high, int wanted) {
  const double rough = (high - low) / wanted, power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
  std::vector<double> out;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) out.push_back(k * step);
  return out;
}

std::string to_svg(const Chart& chart) {
  SvgPainter painter;
  draw(painter, chart);
  return painter.finished();
}

Tensor to_image(const Chart& chart) {
  PixelPainter painter;
  draw(painter, chart);
  return painter.canvas.image();
}

void write_chart(const Chart& chart, const std::string& stem) {
  io::write_text(stem + ".svg", to_svg(chart));
  io::write_png(to_image(chart), stem + ".png");
}

}  // namespace hearth::report
