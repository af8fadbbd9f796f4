#include "hearth/optim/lion.h"

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Lion";
}

void LionOptions::visit(Fields& fields) {
  fields("betas", betas_);
  fields("weight_decay", weight_decay_);
  fields("maximize", maximize_);
}

void LionParamState::visit(Fields& fields) { fields("exp_avg", exp_avg_); }

void Lion::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<LionOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_betas(kName, o.betas());
  check_range(kName, "weight_decay value", o.weight_decay());
}

Lion::Lion(std::vector<OptimizerParamGroup> param_groups, LionOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<LionOptions>(defaults)) {
  check_all_options();
}
Lion::Lion(std::vector<Tensor> params, LionOptions defaults)
    : Lion(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Lion::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                FusedPasses& passes) const {
  const auto& o = options_as<LionOptions>(kName, options);
  auto& s = state_as<LionParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  a.lr = o.lr();
  std::tie(a.beta1, a.beta2) = o.betas();
  a.rest1 = 1 - a.beta1;
  set_decay(a, o.weight_decay(), /*decoupled=*/true, o.lr());
  passes.add(StepOp::lion, a, p, {zeros_once(s.exp_avg(), p)});
}

}  // namespace hearth::optim
