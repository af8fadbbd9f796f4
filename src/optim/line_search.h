#pragma once

#include <functional>

#include "hearth/tensor.h"

namespace hearth::optim {

/// A place on the line x + t * d: the loss, its gradient, and the slope, gradient * d.
struct LinePoint {
  double t = 0, loss = 0;
  Tensor gradient;
  double slope = 0;
};

/// The minimum of the cubic through two points with their slopes, within [least, most]; their middle where it has none.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double least, double most);

/// A point that meets the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, 3.5 and 3.6), or the
/// best of at most 25 tried. `start` is at t = 0, `first` the t to try first, `widest` the largest element of d; `at`
/// gives the point of a t.
LinePoint strong_wolfe(const std::function<LinePoint(double t)>& at, const LinePoint& start, double first,
                       double widest);

}  // namespace hearth::optim
