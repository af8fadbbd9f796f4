#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API ASGDOptions : OptimizerCloneableOptions<ASGDOptions> {
  ASGDOptions(double lr = 1e-2) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  HEARTH_ARG(double, lambd) = 1e-4;
  /// The rate at step t is lr / (1 + lambd * lr * t)^alpha.
  HEARTH_ARG(double, alpha) = 0.75;
  /// The step from which the average is taken.
  HEARTH_ARG(double, t0) = 1e6;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<ASGDOptions>;

struct HEARTH_API ASGDParamState : OptimizerCloneableParamState<ASGDParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  /// The rate of the next step.
  HEARTH_ARG(double, eta) = 0;
  HEARTH_ARG(double, mu) = 1;
  /// The average of the parameter.
  HEARTH_ARG(Tensor, ax);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<ASGDParamState>;

/// Averaged stochastic gradient descent (Polyak and Juditsky, 1992).
class HEARTH_API ASGD : public FusedOptimizer {
 public:
  explicit ASGD(std::vector<OptimizerParamGroup> param_groups, ASGDOptions defaults = {});
  explicit ASGD(std::vector<Tensor> params, ASGDOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
