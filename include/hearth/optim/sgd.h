#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API SGDOptions : OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  HEARTH_ARG(double, momentum) = 0;
  /// How much of the new gradient the momentum does not take.
  HEARTH_ARG(double, dampening) = 0;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  HEARTH_ARG(bool, nesterov) = false;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<SGDOptions>;

struct HEARTH_API SGDParamState : OptimizerCloneableParamState<SGDParamState> {
  HEARTH_ARG(Tensor, momentum_buffer);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<SGDParamState>;

/// Stochastic gradient descent with momentum (Sutskever et al., 2013, in PyTorch's form: v = m v + g, p = p - lr v).
class HEARTH_API SGD : public FusedOptimizer {
 public:
  explicit SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults);
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults);

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
