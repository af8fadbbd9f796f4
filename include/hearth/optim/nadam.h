#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API NAdamOptions : OptimizerCloneableOptions<NAdamOptions> {
  using betas_t = std::tuple<double, double>;
  NAdamOptions(double lr = 2e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the averages of the gradient and of its square forget.
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  HEARTH_ARG(double, eps) = 1e-8;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// How fast the momentum rises to betas' first: mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2).
  HEARTH_ARG(double, momentum_decay) = 4e-3;
  /// Shrinks the parameter by lr * weight_decay of itself instead, apart from the gradient.
  HEARTH_ARG(bool, decoupled_weight_decay) = false;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<NAdamOptions>;

struct HEARTH_API NAdamParamState : OptimizerCloneableParamState<NAdamParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(double, mu_product) = 1;
  HEARTH_ARG(Tensor, exp_avg);
  HEARTH_ARG(Tensor, exp_avg_sq);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<NAdamParamState>;

/// Adam with Nesterov's momentum (Dozat, 2016).
class HEARTH_API NAdam : public FusedOptimizer {
 public:
  explicit NAdam(std::vector<OptimizerParamGroup> param_groups, NAdamOptions defaults = {});
  explicit NAdam(std::vector<Tensor> params, NAdamOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
