#include "optim/line_search.h"

#include <algorithm>
#include <cmath>

namespace hearth::optim {

namespace {

constexpr double kDecrease = 1e-4, kCurvature = 0.9, kLeastWidth = 1e-9;
constexpr int kMostTries = 25;

/// Two points around one that will do; the lower of them is where the search goes on.
struct Bracket {
  LinePoint low, high;
  double least() const { return std::min(low.t, high.t); }
  double most() const { return std::max(low.t, high.t); }
};

Bracket ordered(LinePoint a, LinePoint b) {
  if (a.loss <= b.loss) return {std::move(a), std::move(b)};
  return {std::move(b), std::move(a)};
}

/// Moves t off the bracket's ends, if it is near one for the second time or beyond it.
double kept_inside(const Bracket& bracket, double t, bool& slow) {
  const double least = bracket.least(), most = bracket.most(), margin = 0.1 * (most - least);
  if (std::min(most - t, t - least) >= margin) {
    slow = false;
    return t;
  }
  const bool act = slow || t >= most || t <= least;
  slow = !act;
  if (!act) return t;
  return std::abs(t - most) < std::abs(t - least) ? most - margin : least + margin;
}

}  // namespace

double cubic_minimum(const LinePoint& a, const LinePoint& b, double least, double most) {
  const LinePoint &left = a.t <= b.t ? a : b, &right = a.t <= b.t ? b : a;
  const double d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t);
  const double square = d1 * d1 - left.slope * right.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const double d2 = std::sqrt(square);
  const double t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return std::min(std::max(t, least), most);
}

LinePoint strong_wolfe(const std::function<LinePoint(double t)>& at, const LinePoint& start, double first,
                       double widest) {
  const auto too_high = [&](const LinePoint& p) { return p.loss > start.loss + kDecrease * p.t * start.slope; };
  const auto flat = [&](const LinePoint& p) { return std::abs(p.slope) <= -kCurvature * start.slope; };
  LinePoint before = start, now = at(first);
  int tries = 0;
  bool found = false;
  for (; tries < kMostTries; ++tries) {
    if (too_high(now) || (tries > 1 && now.loss >= before.loss)) {
      found = true;
    } else if (flat(now)) {
      return now;
    } else {
      found = now.slope >= 0;
    }
    if (found) break;
    const double next = cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), 10 * now.t);
    before = std::move(now);
    now = at(next);
  }
  Bracket bracket = ordered(found ? before : start, now);
  bool slow = false;
  while (tries < kMostTries && (bracket.most() - bracket.least()) * widest >= kLeastWidth) {
    now = at(kept_inside(bracket, cubic_minimum(bracket.low, bracket.high, bracket.least(), bracket.most()), slow));
    ++tries;
    if (too_high(now) || now.loss >= bracket.low.loss) {
      bracket = ordered(std::move(bracket.low), now);
      continue;
    }
    if (flat(now)) return now;
    if (now.slope * (bracket.high.t - bracket.low.t) >= 0) bracket.high = bracket.low;
    bracket.low = now;
  }
  return bracket.low;
}

}  // namespace hearth::optim
