#include "optim/fused.h"

#include <fmt/format.h>

#include "hearth/error.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
bool same(const StepArgs& a, const StepArgs& b) {
  return a.lr == b.lr && a.lr_grad == b.lr_grad && a.decay == b.decay && a.shrink == b.shrink && a.beta1 == b.beta1 &&
         a.beta2 == b.beta2 && a.rest1 == b.rest1 && a.eps == b.eps && a.scale == b.scale && a.maximize == b.maximize &&
         a.nesterov == b.nesterov && a.first == b.first && a.plain == b.plain;
}
}  // namespace

void check_gradient(const Tensor& p, const Tensor& grad) {
  if (!isFloatingType(p.scalar_type()))
    throw DtypeError(fmt::format("[optim] a parameter of shape {} is {}; optimizers move floating ones",
                                 to_string(p.sizes()), toString(p.scalar_type())),
                     p.scalar_type());
  if (grad.sizes() == p.sizes() && grad.scalar_type() == p.scalar_type()) return;
  throw ShapeError(fmt::format("[optim] a gradient is {} of shape {} but its parameter is {} of shape {}; was the "
                               "parameter changed after backward()?",
                               toString(grad.scalar_type()), to_string(grad.sizes()), toString(p.scalar_type()),
                               to_string(p.sizes())),
                   grad.sizes().vec(), p.sizes().vec());
}

bool FusedPasses::Pass::takes(StepOp other, const StepArgs& others, const std::vector<Tensor>& given) const {
  if (op != other || states.size() != given.size() || !same(args, others)) return false;
  for (size_t k = 0; k < given.size(); ++k)
    if (given[k].defined() == states[k].empty()) return false;
  return true;
}

void FusedPasses::add(StepOp op, const StepArgs& args, const Tensor& p, const std::vector<Tensor>& states) {
  size_t at = passes_.size();
  while (at > 0 && !passes_[at - 1].takes(op, args, states)) --at;
  if (at == 0) {
    passes_.push_back({op, args, {}, {}, std::vector<std::vector<Tensor>>(states.size())});
    at = passes_.size();
  }
  Pass& pass = passes_[at - 1];
  pass.params.push_back(p);
  pass.grads.push_back(p.grad());
  for (size_t k = 0; k < states.size(); ++k)
    if (states[k].defined()) pass.states[k].push_back(states[k]);
}

void FusedPasses::run() const {
  for (const Pass& pass : passes_) _fused_step_(pass.op, pass.params, pass.grads, pass.states, pass.args);
  for (const auto& act : acts_) act();
}

Tensor FusedOptimizer::step(LossClosure closure) {
  Tensor loss = evaluate(closure);
  const NoGradGuard no_grad;
  FusedPasses passes;
  std::vector<std::pair<std::string, std::unique_ptr<OptimizerParamState>>> next;
  for (const OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& p : group.params()) {
      const Tensor grad = p.grad();
      if (!grad.defined()) continue;
      check_gradient(p, grad);
      std::string key = state_key(p);
      const auto entry = state_.find(key);
      std::unique_ptr<OptimizerParamState> state = entry == state_.end() ? make_state() : entry->second->clone();
      plan(group.options(), p, *state, passes);
      next.emplace_back(std::move(key), std::move(state));
    }
  }
  passes.run();
  for (auto& [key, state] : next) {
    std::unique_ptr<OptimizerParamState>& entry = state_[key];
    if (entry) {
      entry->assign(std::move(*state));  // references to it stay good
    } else {
      entry = std::move(state);
    }
  }
  return loss;
}

}  // namespace hearth::optim
