#pragma once

// What the optimizers' sources share.

#include <limits>

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

/// The name under which a parameter's state is kept: the address of its impl, as LibTorch writes it.
std::string state_key(const Tensor& p);

/// Throws ValueError unless `value` is finite, at least `least` and below `below`.
void check_range(const char* optimizer, const char* option, double value, double least = 0,
                 double below = std::numeric_limits<double>::infinity());
/// Both betas are at least 0 and below 1.
void check_betas(const char* optimizer, const std::tuple<double, double>& betas);
[[noreturn]] void fail_options(const char* optimizer, const OptimizerOptions& options);
[[noreturn]] void fail_state(const char* optimizer, const OptimizerParamState& state);

/// The options of a group, which must be this optimizer's.
template <class Options>
const Options& options_as(const char* optimizer, const OptimizerOptions& options) {
  const auto* own = dynamic_cast<const Options*>(&options);
  if (!own) fail_options(optimizer, options);
  return *own;
}

/// What is known of a parameter, which must be this optimizer's kind of state.
template <class ParamState>
ParamState& state_as(const char* optimizer, OptimizerParamState& state) {
  auto* own = dynamic_cast<ParamState*>(&state);
  if (!own) fail_state(optimizer, state);
  return *own;
}

/// t, made of zeros like p if it is not there.
inline Tensor& zeros_once(Tensor& t, const Tensor& p) {
  if (!t.defined()) t = zeros_like(p);
  return t;
}

/// The same weight decay for a gradient, or off it: the parameter shrinks by lr * weight_decay of itself.
inline void set_decay(StepArgs& args, double weight_decay, bool decoupled, double lr) {
  if (decoupled) {
    args.shrink = 1 - lr * weight_decay;
  } else {
    args.decay = weight_decay;
  }
}

}  // namespace hearth::optim
