#include "hearth/optim/adadelta.h"

#include <fmt/format.h>

#include "hearth/error.h"
#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Adadelta";
}

void AdadeltaOptions::visit(Fields& fields) {
  fields("rho", rho_);
  fields("eps", eps_);
  fields("weight_decay", weight_decay_);
  fields("maximize", maximize_);
}

void AdadeltaParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("square_avg", square_avg_);
  fields("acc_delta", acc_delta_);
}

void Adadelta::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<AdadeltaOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  if (!(o.rho() >= 0 && o.rho() <= 1))
    throw ValueError(fmt::format("[Adadelta] Invalid rho value: {}; it must be between 0 and 1", o.rho()));
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "weight_decay value", o.weight_decay());
}

Adadelta::Adadelta(std::vector<OptimizerParamGroup> param_groups, AdadeltaOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<AdadeltaOptions>(defaults)) {
  check_all_options();
}
Adadelta::Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults)
    : Adadelta(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Adadelta::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                    FusedPasses& passes) const {
  const auto& o = options_as<AdadeltaOptions>(kName, options);
  auto& s = state_as<AdadeltaParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  a.lr = o.lr();
  a.beta1 = o.rho();
  a.rest1 = 1 - o.rho();
  a.eps = o.eps();
  a.decay = o.weight_decay();
  s.step(s.step() + 1);
  passes.add(StepOp::adadelta, a, p, {zeros_once(s.square_avg(), p), zeros_once(s.acc_delta(), p)});
}

}  // namespace hearth::optim
