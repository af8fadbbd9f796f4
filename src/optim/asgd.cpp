#include "hearth/optim/asgd.h"

#include <cmath>

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "ASGD";
}

void ASGDOptions::visit(Fields& fields) {
  fields("lambd", lambd_);
  fields("alpha", alpha_);
  fields("t0", t0_);
  fields("weight_decay", weight_decay_);
  fields("maximize", maximize_);
}

void ASGDParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("eta", eta_);
  fields("mu", mu_);
  fields("ax", ax_);
}

void ASGD::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<ASGDOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_range(kName, "lambd value", o.lambd());
  check_range(kName, "alpha value", o.alpha());
  check_range(kName, "t0 value", o.t0());
  check_range(kName, "weight_decay value", o.weight_decay());
}

ASGD::ASGD(std::vector<OptimizerParamGroup> param_groups, ASGDOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<ASGDOptions>(defaults)) {
  check_all_options();
}
ASGD::ASGD(std::vector<Tensor> params, ASGDOptions defaults)
    : ASGD(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void ASGD::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                FusedPasses& passes) const {
  const auto& o = options_as<ASGDOptions>(kName, options);
  auto& s = state_as<ASGDParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  if (s.step() == 0) s.eta(o.lr());
  a.lr = s.eta();
  a.scale = s.mu();
  a.decay = o.weight_decay();
  a.shrink = 1 - o.lambd() * s.eta();
  s.step(s.step() + 1);
  const auto t = static_cast<double>(s.step());
  s.eta(o.lr() / std::pow(1 + o.lambd() * o.lr() * t, o.alpha()));
  s.mu(1 / std::max(1.0, t - o.t0()));
  passes.add(StepOp::asgd, a, p, {zeros_once(s.ax(), p)});
}

}  // namespace hearth::optim
