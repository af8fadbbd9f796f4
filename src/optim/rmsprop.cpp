#include "hearth/optim/rmsprop.h"

#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "RMSprop";
}

void RMSpropOptions::visit(Fields& fields) {
  fields("alpha", alpha_);
  fields("eps", eps_);
  fields("weight_decay", weight_decay_);
  fields("momentum", momentum_);
  fields("centered", centered_);
  fields("maximize", maximize_);
}

void RMSpropParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("square_avg", square_avg_);
  fields("momentum_buffer", momentum_buffer_);
  fields("grad_avg", grad_avg_);
}

void RMSprop::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<RMSpropOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_range(kName, "alpha value", o.alpha());
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "weight_decay value", o.weight_decay());
  check_range(kName, "momentum value", o.momentum());
}

RMSprop::RMSprop(std::vector<OptimizerParamGroup> param_groups, RMSpropOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<RMSpropOptions>(defaults)) {
  check_all_options();
}
RMSprop::RMSprop(std::vector<Tensor> params, RMSpropOptions defaults)
    : RMSprop(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void RMSprop::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                   FusedPasses& passes) const {
  const auto& o = options_as<RMSpropOptions>(kName, options);
  auto& s = state_as<RMSpropParamState>(kName, state);
  StepArgs a;
  a.maximize = o.maximize();
  a.lr = o.lr();
  a.beta1 = o.momentum();
  a.beta2 = o.alpha();
  a.eps = o.eps();
  a.decay = o.weight_decay();
  s.step(s.step() + 1);
  zeros_once(s.square_avg(), p);
  if (o.momentum() > 0) zeros_once(s.momentum_buffer(), p);
  if (o.centered()) zeros_once(s.grad_avg(), p);
  passes.add(
      StepOp::rmsprop, a, p,
      {s.square_avg(), o.momentum() > 0 ? s.momentum_buffer() : Tensor(), o.centered() ? s.grad_avg() : Tensor()});
}

}  // namespace hearth::optim
