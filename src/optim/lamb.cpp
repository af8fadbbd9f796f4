#include "hearth/optim/lamb.h"

#include <cmath>

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "LAMB";
}

void LAMBOptions::visit(Fields& fields) {
  fields("betas", betas_);
  fields("eps", eps_);
  fields("weight_decay", weight_decay_);
  fields("maximize", maximize_);
}

void LAMBParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("exp_avg", exp_avg_);
  fields("exp_avg_sq", exp_avg_sq_);
}

void LAMB::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<LAMBOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_betas(kName, o.betas());
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "weight_decay value", o.weight_decay());
}

LAMB::LAMB(std::vector<OptimizerParamGroup> param_groups, LAMBOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<LAMBOptions>(defaults)) {
  check_all_options();
}
LAMB::LAMB(std::vector<Tensor> params, LAMBOptions defaults)
    : LAMB(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void LAMB::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                FusedPasses& passes) const {
  const auto& o = options_as<LAMBOptions>(kName, options);
  auto& s = state_as<LAMBParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  std::tie(a.beta1, a.beta2) = o.betas();
  a.rest1 = 1 - a.beta1;
  a.eps = o.eps();
  a.lr_grad = o.weight_decay();
  s.step(s.step() + 1);
  const auto t = static_cast<double>(s.step());
  a.lr = 1 / (1 - std::pow(a.beta1, t));
  a.scale = 1 / std::sqrt(1 - std::pow(a.beta2, t));
  const Tensor update = empty(p.sizes(), p.scalar_type());
  passes.add(StepOp::lamb, a, p, {zeros_once(s.exp_avg(), p), zeros_once(s.exp_avg_sq(), p), update});
  passes.then([p, update, lr = o.lr()] {
    const double size = p.norm().item<double>(), moved = update.norm().item<double>();
    p.add_(update, -lr * (size > 0 && moved > 0 ? size / moved : 1));
  });
}

}  // namespace hearth::optim
