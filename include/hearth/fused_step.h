#pragma once

#include <cstdint>

namespace hearth {

/// What an optimizer's pass does to each element of a parameter p with gradient g and states s0, s1, s2. Before it,
/// d = g (-g to maximize) + decay * p, then p *= shrink. What stands in brackets may be left out.
enum class StepOp : uint8_t {
  /// [s0: momentum]. s0 = beta1 * s0 + rest1 * d, or d where `first`; d becomes s0, or d + beta1 * s0 where nesterov.
  /// p -= lr * d.
  sgd,
  /// s0, s1: averages of d and d^2; [s2: the largest s1]. p -= (lr * s0 + lr_grad * d) / (sqrt(s1) * scale + eps);
  /// the divisor is 1 where `plain`.
  adam,
  /// s0 += d^2; p -= lr * d / (sqrt(s0) + eps).
  adagrad,
  /// s0: average of d^2, s1: of the moves' squares, both by beta1; p -= lr * sqrt(s1 + eps) / sqrt(s0 + eps) * d.
  adadelta,
  /// s0: average of d; s1 = max(beta2 * s1, |d| + eps); p -= lr * s0 / s1.
  adamax,
  /// s0: average of d^2 by beta2; [s1: momentum, by beta1]; [s2: average of d, whose square is taken off s0].
  rmsprop,
  /// s0: the gradient before; s1: the step's size, times beta1 where the sign turned (then d counts as 0), times beta2
  /// where it stayed, within eps and scale. p -= sign(d) * s1.
  rprop,
  /// p -= lr * d; s0 += (p - s0) * scale: the average of all p.
  asgd,
  /// p -= lr * sign(beta1 * s0 + (1 - beta1) * d); s0 = beta2 * s0 + (1 - beta2) * d.
  lion,
  /// s0, s1 as adam's; s2 = lr * s0 / (sqrt(s1) * scale + eps) + lr_grad * p: the update, p stays.
  lamb,
};

/// The numbers of a pass, as StepOp's words use them.
struct StepArgs {
  double lr = 0, lr_grad = 0, decay = 0, shrink = 1, beta1 = 0, beta2 = 0, rest1 = 0, eps = 0, scale = 1;
  bool maximize = false, nesterov = false, first = false, plain = false;
};

}  // namespace hearth
