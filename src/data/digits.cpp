#include "hearth/data/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/rng.h"
#include "base/threads.h"
#include "hearth/ops.h"

namespace hearth::data::datasets {

namespace {

constexpr int kSide = 28;

struct Point {
  float x, y;
};
using Stroke = std::vector<Point>;

/// Points on an ellipse around (x, y) from one angle to another, in quarter turns clockwise from the right.
Stroke arc(float x, float y, float rx, float ry, float from, float to) {
  constexpr int steps = 12;
  Stroke out;
  for (int i = 0; i <= steps; ++i) {
    const float a = (from + (to - from) * static_cast<float>(i) / steps) * static_cast<float>(std::numbers::pi / 2);
    out.push_back({x + rx * std::cos(a), y + ry * std::sin(a)});
  }
  return out;
}

/// The strokes of each digit within [-1, 1] across and [-1, 1] down.
std::vector<Stroke> strokes_of(int digit) {
  switch (digit) {
    case 0: return {arc(0, 0, .6F, 1, 0, 4)};
    case 1: return {{{-.35F, -.6F}, {.05F, -1}, {.05F, 1}}};
    case 2: {
      Stroke s = arc(0, -.5F, .6F, .5F, -2, .4F);
      s.insert(s.end(), {{-.6F, 1}, {.65F, 1}});
      return {s};
    }
    case 3: return {arc(-.05F, -.5F, .55F, .5F, -1.8F, 1), arc(-.05F, .5F, .6F, .5F, -1, 1.8F)};
    case 4: return {{{.3F, 1}, {.3F, -1}, {-.65F, .4F}, {.7F, .4F}}};
    case 5: {
      Stroke s{{.55F, -1}, {-.45F, -1}, {-.5F, -.1F}};
      const Stroke bow = arc(-.05F, .4F, .6F, .58F, -1.3F, 1.8F);
      s.insert(s.end(), bow.begin(), bow.end());
      return {s};
    }
    case 6: {
      Stroke s = arc(.5F, .2F, 1, 1.2F, -1.1F, -2);
      const Stroke bow = arc(0, .45F, .55F, .55F, -2, 2);
      s.insert(s.end(), bow.begin(), bow.end());
      return {s};
    }
    case 7: return {{{-.6F, -1}, {.6F, -1}, {-.15F, 1}}};
    case 8: return {arc(0, -.5F, .48F, .48F, 0, 4), arc(0, .5F, .6F, .5F, 0, 4)};
    default: return {arc(0, -.45F, .55F, .52F, 0, 4), {{.55F, -.45F}, {.45F, .3F}, {.2F, 1}}};
  }
}

float distance(Point p, Point a, Point b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const float t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.F, 1.F) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// How one sample differs from the plain digit.
struct Style {
  explicit Style(RandomStream& random) {
    const auto uniform = [&](float low, float high) {
      return low + (high - low) * static_cast<float>(random.random() >> 8) * 0x1p-24F;
    };
    slant = uniform(-.35F, .35F);
    turn = uniform(-.2F, .2F);
    width = uniform(5.F, 8.F);
    height = uniform(7.5F, 10.F);
    x = uniform(-2.5F, 2.5F) + kSide / 2.F;
    y = uniform(-2.F, 2.F) + kSide / 2.F;
    thickness = uniform(.7F, 1.7F);
    noise = uniform(.0F, .12F);
    wobble = uniform(.0F, .07F);
  }
  Point place(Point p, RandomStream& random) const {
    const auto jitter = [&] { return wobble * (static_cast<float>(random.random() >> 8) * 0x1p-23F - 1); };
    const float px = (p.x + jitter() - slant * p.y) * width, py = (p.y + jitter()) * height;
    return {x + px * std::cos(turn) - py * std::sin(turn), y + px * std::sin(turn) + py * std::cos(turn)};
  }
  float slant, turn, width, height, x, y, thickness, noise, wobble;
};

void draw(int digit, RandomStream& random, float* image) {
  const Style style(random);
  std::vector<Stroke> strokes = strokes_of(digit);
  for (Stroke& s : strokes)
    for (Point& p : s) p = style.place(p, random);
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const Point at{static_cast<float>(x) + .5F, static_cast<float>(y) + .5F};
      float near = kSide;
      for (const Stroke& s : strokes)
        for (size_t i = 1; i < s.size(); ++i) near = std::min(near, distance(at, s[i - 1], s[i]));
      const float ink = std::clamp(style.thickness + .5F - near, 0.F, 1.F);
      const float speck = style.noise * (static_cast<float>(random.random() >> 8) * 0x1p-23F - 1);
      image[y * kSide + x] = std::clamp(ink + speck, 0.F, 1.F);
    }
}

}  // namespace

Digits::Digits(size_t size, uint64_t seed)
    : images_(empty({static_cast<int64_t>(size), 1, kSide, kSide})),
      targets_(empty({static_cast<int64_t>(size)}, kLong)) {
  float* images = images_.data_ptr<float>();
  int64_t* targets = targets_.data_ptr<int64_t>();
  parallel_for(0, static_cast<int64_t>(size), 16, [&](int64_t begin, int64_t end) {
    RandomStream random;
    for (int64_t i = begin; i < end; ++i) {
      random.set_stream(seed, 0, static_cast<uint64_t>(i));
      targets[i] = random.random() % 10;
      draw(static_cast<int>(targets[i]), random, images + i * kSide * kSide);
    }
  });
}

Example<> Digits::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {images_[i], targets_[i]};
}

}  // namespace hearth::data::datasets
