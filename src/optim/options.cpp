#include "optim/options.h"

#include <fmt/format.h>

#include <cmath>
#include <typeinfo>

#include "hearth/error.h"

namespace hearth::optim {

std::string state_key(const Tensor& p) { return std::to_string(reinterpret_cast<uintptr_t>(p.unsafeGetTensorImpl())); }

void check_range(const char* optimizer, const char* option, double value, double least, double below) {
  if (std::isfinite(value) && value >= least && value < below) return;
  const std::string range =
      std::isinf(below) ? fmt::format("at least {}", least) : fmt::format("at least {} and below {}", least, below);
  throw ValueError(fmt::format("[{}] Invalid {}: {}; it must be {}", optimizer, option, value, range));
}

void check_betas(const char* optimizer, const std::tuple<double, double>& betas) {
  check_range(optimizer, "beta parameter at index 0", std::get<0>(betas), 0, 1);
  check_range(optimizer, "beta parameter at index 1", std::get<1>(betas), 0, 1);
}

void fail_options(const char* optimizer, const OptimizerOptions& options) {
  throw TypeError(fmt::format("[{}] a parameter group has options of another optimizer ({}); give it {}Options",
                              optimizer, typeid(options).name(), optimizer));
}

void fail_state(const char* optimizer, const OptimizerParamState& state) {
  throw TypeError(
      fmt::format("[{}] a parameter has the state of another optimizer ({}); clear state() or give it {}ParamState",
                  optimizer, typeid(state).name(), optimizer));
}

}  // namespace hearth::optim
