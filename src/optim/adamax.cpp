#include "hearth/optim/adamax.h"

#include <cmath>

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Adamax";
}

void AdamaxOptions::visit(Fields& fields) {
  fields("betas", betas_);
  fields("eps", eps_);
  fields("weight_decay", weight_decay_);
  fields("maximize", maximize_);
}

void AdamaxParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("exp_avg", exp_avg_);
  fields("exp_inf", exp_inf_);
}

void Adamax::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<AdamaxOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_betas(kName, o.betas());
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "weight_decay value", o.weight_decay());
}

Adamax::Adamax(std::vector<OptimizerParamGroup> param_groups, AdamaxOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<AdamaxOptions>(defaults)) {
  check_all_options();
}
Adamax::Adamax(std::vector<Tensor> params, AdamaxOptions defaults)
    : Adamax(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Adamax::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                  FusedPasses& passes) const {
  const auto& o = options_as<AdamaxOptions>(kName, options);
  auto& s = state_as<AdamaxParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  std::tie(a.beta1, a.beta2) = o.betas();
  a.rest1 = 1 - a.beta1;
  a.eps = o.eps();
  a.decay = o.weight_decay();
  s.step(s.step() + 1);
  a.lr = o.lr() / (1 - std::pow(a.beta1, static_cast<double>(s.step())));
  passes.add(StepOp::adamax, a, p, {zeros_once(s.exp_avg(), p), zeros_once(s.exp_inf(), p)});
}

}  // namespace hearth::optim
