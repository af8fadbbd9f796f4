#include "hearth/optim/nadam.h"

#include <cmath>

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "NAdam";
}

void NAdamOptions::visit(Fields& fields) {
  fields("betas", betas_);
  fields("eps", eps_);
  fields("weight_decay", weight_decay_);
  fields("momentum_decay", momentum_decay_);
  fields("decoupled_weight_decay", decoupled_weight_decay_);
  fields("maximize", maximize_);
}

void NAdamParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("mu_product", mu_product_);
  fields("exp_avg", exp_avg_);
  fields("exp_avg_sq", exp_avg_sq_);
}

void NAdam::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<NAdamOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_betas(kName, o.betas());
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "weight_decay value", o.weight_decay());
  check_range(kName, "momentum_decay value", o.momentum_decay());
}

NAdam::NAdam(std::vector<OptimizerParamGroup> param_groups, NAdamOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<NAdamOptions>(defaults)) {
  check_all_options();
}
NAdam::NAdam(std::vector<Tensor> params, NAdamOptions defaults)
    : NAdam(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void NAdam::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                 FusedPasses& passes) const {
  const auto& o = options_as<NAdamOptions>(kName, options);
  auto& s = state_as<NAdamParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  std::tie(a.beta1, a.beta2) = o.betas();
  a.rest1 = 1 - a.beta1;
  a.eps = o.eps();
  set_decay(a, o.weight_decay(), o.decoupled_weight_decay(), o.lr());
  s.step(s.step() + 1);
  const auto t = static_cast<double>(s.step());
  const auto momentum_at = [&](double step) { return a.beta1 * (1 - 0.5 * std::pow(0.96, step * o.momentum_decay())); };
  const double mu = momentum_at(t), next = momentum_at(t + 1);
  s.mu_product(s.mu_product() * mu);
  a.lr_grad = o.lr() * (1 - mu) / (1 - s.mu_product());
  a.lr = o.lr() * next / (1 - s.mu_product() * next);
  a.scale = 1 / std::sqrt(1 - std::pow(a.beta2, t));
  passes.add(StepOp::adam, a, p, {zeros_once(s.exp_avg(), p), zeros_once(s.exp_avg_sq(), p)});
}

}  // namespace hearth::optim
