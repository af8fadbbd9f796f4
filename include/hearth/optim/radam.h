#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API RAdamOptions : OptimizerCloneableOptions<RAdamOptions> {
  using betas_t = std::tuple<double, double>;
  RAdamOptions(double lr = 1e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the averages of the gradient and of its square forget.
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  HEARTH_ARG(double, eps) = 1e-8;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Shrinks the parameter by lr * weight_decay of itself instead, apart from the gradient.
  HEARTH_ARG(bool, decoupled_weight_decay) = false;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<RAdamOptions>;

struct HEARTH_API RAdamParamState : OptimizerCloneableParamState<RAdamParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(Tensor, exp_avg);
  HEARTH_ARG(Tensor, exp_avg_sq);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<RAdamParamState>;

/// Adam that moves plainly until its average of squares can be trusted (Liu et al., 2020).
class HEARTH_API RAdam : public FusedOptimizer {
 public:
  explicit RAdam(std::vector<OptimizerParamGroup> param_groups, RAdamOptions defaults = {});
  explicit RAdam(std::vector<Tensor> params, RAdamOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
