#include "hearth/optim/adagrad.h"

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Adagrad";
}

void AdagradOptions::visit(Fields& fields) {
  fields("lr_decay", lr_decay_);
  fields("weight_decay", weight_decay_);
  fields("initial_accumulator_value", initial_accumulator_value_);
  fields("eps", eps_);
  fields("maximize", maximize_);
}

void AdagradParamState::visit(Fields& fields) {
  fields("sum", sum_);
  fields("step", step_);
}

void Adagrad::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<AdagradOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_range(kName, "lr_decay value", o.lr_decay());
  check_range(kName, "weight_decay value", o.weight_decay());
  check_range(kName, "initial_accumulator_value value", o.initial_accumulator_value());
  check_range(kName, "epsilon value", o.eps());
}

Adagrad::Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<AdagradOptions>(defaults)) {
  check_all_options();
}
Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults)
    : Adagrad(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Adagrad::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                   FusedPasses& passes) const {
  const auto& o = options_as<AdagradOptions>(kName, options);
  auto& s = state_as<AdagradParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  a.lr = o.lr() / (1 + static_cast<double>(s.step()) * o.lr_decay());
  a.eps = o.eps();
  a.decay = o.weight_decay();
  s.step(s.step() + 1);
  if (!s.sum().defined()) s.sum(full_like(p, o.initial_accumulator_value()));
  passes.add(StepOp::adagrad, a, p, {s.sum()});
}

}  // namespace hearth::optim
