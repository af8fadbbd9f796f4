#include "hearth/optim/adam.h"

#include <limits>
#include <map>

#include "hearth/error.h"

namespace hearth::optim {

void AdamParamState::visit(const std::function<void(const char*, Tensor&)>& tensor,
                           const std::function<void(const char*, int64_t&)>& number) {
  number("step", step_);
  tensor("exp_avg", exp_avg_);
  tensor("exp_avg_sq", exp_avg_sq_);
  tensor("max_exp_avg_sq", max_exp_avg_sq_);
}

namespace {

/// Parameters at the same step, which one pass can move together.
struct Batch {
  std::vector<Tensor> params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs;
};

template <class Options, class StateOf>
void step_group(OptimizerParamGroup& group, bool decoupled, StateOf&& state_of) {
  const auto& o = static_cast<const Options&>(group.options());
  std::map<int64_t, Batch> batches;
  for (const Tensor& p : group.params()) {
    if (!p.grad().defined()) continue;
    AdamParamState& s = state_of(p);
    if (!s.exp_avg().defined()) {
      s.exp_avg(zeros_like(p));
      s.exp_avg_sq(zeros_like(p));
    }
    if (o.amsgrad() && !s.max_exp_avg_sq().defined()) s.max_exp_avg_sq(zeros_like(p));
    s.step(s.step() + 1);
    Batch& b = batches[s.step()];
    b.params.push_back(p);
    b.grads.push_back(p.grad());
    b.exp_avgs.push_back(s.exp_avg());
    b.exp_avg_sqs.push_back(s.exp_avg_sq());
    if (o.amsgrad()) b.max_exp_avg_sqs.push_back(s.max_exp_avg_sq());
  }
  for (const auto& [step, b] : batches)
    _fused_adam_(b.params, b.grads, b.exp_avgs, b.exp_avg_sqs, b.max_exp_avg_sqs, step, o.lr(), std::get<0>(o.betas()),
                 std::get<1>(o.betas()), o.weight_decay(), o.eps(), o.amsgrad(), o.maximize(), decoupled);
}

using Check = void (*)(const char* optimizer, const char* option, double value, double least, double below);

template <class Options>
void check_options(const char* name, const Options& o, Check check) {
  constexpr double none = std::numeric_limits<double>::infinity();
  check(name, "learning rate", o.lr(), 0, none);
  check(name, "epsilon value", o.eps(), 0, none);
  check(name, "beta parameter at index 0", std::get<0>(o.betas()), 0, 1);
  check(name, "beta parameter at index 1", std::get<1>(o.betas()), 0, 1);
  check(name, "weight_decay value", o.weight_decay(), 0, none);
}

Tensor call(const Optimizer::LossClosure& closure) {
  if (!closure) return Tensor();
  const AutoGradMode enable(true);
  return closure();
}

}  // namespace

Adam::Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdamOptions>(defaults)) {
  check_options("Adam", defaults, check_option);
}
Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Adam(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

Tensor Adam::step(LossClosure closure) {
  Tensor loss = call(closure);
  for (OptimizerParamGroup& group : param_groups_)
    step_group<AdamOptions>(
        group, false, [this](const Tensor& p) -> auto& { return state_of<AdamParamState>(p); });
  return loss;
}

AdamW::AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdamWOptions>(defaults)) {
  check_options("AdamW", defaults, check_option);
}
AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : AdamW(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

Tensor AdamW::step(LossClosure closure) {
  Tensor loss = call(closure);
  for (OptimizerParamGroup& group : param_groups_)
    step_group<AdamWOptions>(
        group, true, [this](const Tensor& p) -> auto& { return state_of<AdamWParamState>(p); });
  return loss;
}

}  // namespace hearth::optim
