#include "hearth/optim/sgd.h"

#include "hearth/error.h"
#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "SGD";
}

void SGDOptions::visit(Fields& fields) {
  fields("momentum", momentum_);
  fields("dampening", dampening_);
  fields("weight_decay", weight_decay_);
  fields("nesterov", nesterov_);
  fields("maximize", maximize_);
}

void SGDParamState::visit(Fields& fields) { fields("momentum_buffer", momentum_buffer_); }

void SGD::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<SGDOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_range(kName, "momentum value", o.momentum());
  check_range(kName, "weight_decay value", o.weight_decay());
  if (o.nesterov() && (o.momentum() <= 0 || o.dampening() != 0))
    throw ValueError("[SGD] Nesterov momentum requires a momentum and zero dampening");
}

SGD::SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<SGDOptions>(defaults)) {
  check_all_options();
}
SGD::SGD(std::vector<Tensor> params, SGDOptions defaults)
    : SGD(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void SGD::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
               FusedPasses& passes) const {
  const auto& o = options_as<SGDOptions>(kName, options);
  StepArgs a;
  a.lr = o.lr();
  a.decay = o.weight_decay();
  a.maximize = o.maximize();
  if (o.momentum() == 0) return passes.add(StepOp::sgd, a, p, {});
  a.beta1 = o.momentum();
  a.rest1 = 1 - o.dampening();
  a.nesterov = o.nesterov();
  Tensor& buffer = state_as<SGDParamState>(kName, state).momentum_buffer();
  a.first = !buffer.defined();
  passes.add(StepOp::sgd, a, p, {zeros_once(buffer, p)});
}

}  // namespace hearth::optim
