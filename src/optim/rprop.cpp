#include "hearth/optim/rprop.h"

#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Rprop";
}

void RpropOptions::visit(Fields& fields) {
  fields("etas", etas_);
  fields("step_sizes", step_sizes_);
  fields("maximize", maximize_);
}

void RpropParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("prev", prev_);
  fields("step_size", step_size_);
}

void Rprop::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<RpropOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  const auto [minus, plus] = o.etas();
  if (!(0 < minus && minus < 1 && 1 < plus && std::isfinite(plus)))
    throw ValueError(
        fmt::format("[Rprop] Invalid eta values: {}, {}; they must be between 0 and 1, and above 1", minus, plus));
  const auto [least, most] = o.step_sizes();
  check_range(kName, "smallest step", least);
  check_range(kName, "largest step", most, least);
}

Rprop::Rprop(std::vector<OptimizerParamGroup> param_groups, RpropOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<RpropOptions>(defaults)) {
  check_all_options();
}
Rprop::Rprop(std::vector<Tensor> params, RpropOptions defaults)
    : Rprop(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Rprop::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                 FusedPasses& passes) const {
  const auto& o = options_as<RpropOptions>(kName, options);
  auto& s = state_as<RpropParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  std::tie(a.beta1, a.beta2) = o.etas();
  std::tie(a.eps, a.scale) = o.step_sizes();
  s.step(s.step() + 1);
  if (!s.step_size().defined()) s.step_size(full_like(p, o.lr()));
  passes.add(StepOp::rprop, a, p, {zeros_once(s.prev(), p), s.step_size()});
}

}  // namespace hearth::optim
