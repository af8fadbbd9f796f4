#include "hearth/optim/adam.h"

#include <cmath>

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {

template <class Options>
void visit_adam(Options& o, Fields& fields) {
  fields("betas", o.betas());
  fields("eps", o.eps());
  fields("weight_decay", o.weight_decay());
  fields("amsgrad", o.amsgrad());
  fields("maximize", o.maximize());
}

template <class Options>
void check_adam(const char* name, const OptimizerOptions& options) {
  const auto& o = options_as<Options>(name, options);
  check_range(name, "learning rate", o.lr());
  check_range(name, "epsilon value", o.eps());
  check_betas(name, o.betas());
  check_range(name, "weight_decay value", o.weight_decay());
}

/// Bias corrections are taken in double, once: p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
template <class Options>
StepArgs adam_args(const Options& o, bool decoupled, const Tensor& p, AdamParamState& s) {
  StepArgs a;
  s.step(s.step() + 1);
  const auto t = static_cast<double>(s.step());
  std::tie(a.beta1, a.beta2) = o.betas();
  a.rest1 = 1 - a.beta1;
  a.lr = o.lr() / (1 - std::pow(a.beta1, t));
  a.scale = 1 / std::sqrt(1 - std::pow(a.beta2, t));
  a.eps = o.eps();
  a.maximize = o.maximize();
  set_decay(a, o.weight_decay(), decoupled, o.lr());
  zeros_once(s.exp_avg(), p);
  zeros_once(s.exp_avg_sq(), p);
  if (o.amsgrad()) zeros_once(s.max_exp_avg_sq(), p);
  return a;
}

std::vector<Tensor> adam_states(const AdamParamState& s, bool amsgrad) {
  return {s.exp_avg(), s.exp_avg_sq(), amsgrad ? s.max_exp_avg_sq() : Tensor()};
}

}  // namespace

void AdamOptions::visit(Fields& fields) {
  visit_adam(*this, fields);
  fields("decoupled_weight_decay", decoupled_weight_decay_);
}
void AdamWOptions::visit(Fields& fields) { visit_adam(*this, fields); }

void AdamParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("exp_avg", exp_avg_);
  fields("exp_avg_sq", exp_avg_sq_);
  fields("max_exp_avg_sq", max_exp_avg_sq_);
}

Adam::Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<AdamOptions>(defaults)) {
  check_all_options();
}
Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Adam(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Adam::check_options(const OptimizerOptions& options) const { check_adam<AdamOptions>("Adam", options); }

void Adam::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                FusedPasses& passes) const {
  const auto& o = options_as<AdamOptions>("Adam", options);
  auto& s = state_as<AdamParamState>("Adam", state);
  const StepArgs args = adam_args(o, o.decoupled_weight_decay(), p, s);
  passes.add(StepOp::adam, args, p, adam_states(s, o.amsgrad()));
}

AdamW::AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<AdamWOptions>(defaults)) {
  check_all_options();
}
AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : AdamW(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void AdamW::check_options(const OptimizerOptions& options) const { check_adam<AdamWOptions>("AdamW", options); }

void AdamW::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                 FusedPasses& passes) const {
  const auto& o = options_as<AdamWOptions>("AdamW", options);
  auto& s = state_as<AdamWParamState>("AdamW", state);
  const StepArgs args = adam_args(o, /*decoupled=*/true, p, s);
  passes.add(StepOp::adam, args, p, adam_states(s, o.amsgrad()));
}

}  // namespace hearth::optim
