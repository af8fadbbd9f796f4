#include "hearth/optim/radam.h"

#include <cmath>

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "RAdam";
}

void RAdamOptions::visit(Fields& fields) {
  fields("betas", betas_);
  fields("eps", eps_);
  fields("weight_decay", weight_decay_);
  fields("decoupled_weight_decay", decoupled_weight_decay_);
  fields("maximize", maximize_);
}

void RAdamParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("exp_avg", exp_avg_);
  fields("exp_avg_sq", exp_avg_sq_);
}

void RAdam::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<RAdamOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_betas(kName, o.betas());
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "weight_decay value", o.weight_decay());
}

RAdam::RAdam(std::vector<OptimizerParamGroup> param_groups, RAdamOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<RAdamOptions>(defaults)) {
  check_all_options();
}
RAdam::RAdam(std::vector<Tensor> params, RAdamOptions defaults)
    : RAdam(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void RAdam::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                 FusedPasses& passes) const {
  const auto& o = options_as<RAdamOptions>(kName, options);
  auto& s = state_as<RAdamParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  std::tie(a.beta1, a.beta2) = o.betas();
  a.rest1 = 1 - a.beta1;
  a.eps = o.eps();
  set_decay(a, o.weight_decay(), o.decoupled_weight_decay(), o.lr());
  s.step(s.step() + 1);
  const auto t = static_cast<double>(s.step());
  const double correction2 = 1 - std::pow(a.beta2, t);
  a.lr = o.lr() / (1 - std::pow(a.beta1, t));
  // How many squares the average is worth: in the end, and now.
  const double most = 2 / (1 - a.beta2) - 1, worth = most - 2 * t * (1 - correction2) / correction2;
  a.plain = worth <= 5;
  if (!a.plain) a.lr *= std::sqrt(correction2 * (worth - 4) * (worth - 2) * most / ((most - 4) * (most - 2) * worth));
  passes.add(StepOp::adam, a, p, {zeros_once(s.exp_avg(), p), zeros_once(s.exp_avg_sq(), p)});
}

}  // namespace hearth::optim
