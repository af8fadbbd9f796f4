#include "hearth/optim/sgd.h"

#include <limits>

#include "hearth/error.h"

namespace hearth::optim {

namespace {
constexpr double kNone = std::numeric_limits<double>::infinity();
}

SGD::SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<SGDOptions>(defaults)) {
  check_option("SGD", "learning rate", defaults.lr(), 0, kNone);
  check_option("SGD", "momentum value", defaults.momentum(), 0, kNone);
  check_option("SGD", "weight_decay value", defaults.weight_decay(), 0, kNone);
  if (defaults.nesterov() && (defaults.momentum() <= 0 || defaults.dampening() != 0))
    throw ValueError("[SGD] Nesterov momentum requires a momentum and zero dampening");
}
SGD::SGD(std::vector<Tensor> params, SGDOptions defaults)
    : SGD(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

Tensor SGD::step(LossClosure closure) {
  Tensor loss;
  if (closure) {
    const AutoGradMode enable(true);
    loss = closure();
  }
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& o = static_cast<const SGDOptions&>(group.options());
    // Parameters whose momentum is not there yet start it with their gradient.
    std::vector<Tensor> params[2], grads[2], momenta[2];
    for (const Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      size_t fresh = 0;
      if (o.momentum() != 0) {
        Tensor& buffer = state_of<SGDParamState>(p).momentum_buffer();
        fresh = buffer.defined() ? 0 : 1;
        if (fresh) buffer = empty(p.sizes(), p.scalar_type());
        momenta[fresh].push_back(buffer);
      }
      params[fresh].push_back(p);
      grads[fresh].push_back(p.grad());
    }
    for (const size_t fresh : {0U, 1U})
      if (!params[fresh].empty())
        _fused_sgd_(params[fresh], grads[fresh], momenta[fresh], o.lr(), o.momentum(), o.dampening(), o.weight_decay(),
                    o.nesterov(), o.maximize(), fresh != 0);
  }
  return loss;
}

}  // namespace hearth::optim
