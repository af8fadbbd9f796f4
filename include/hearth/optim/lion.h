#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API LionOptions : OptimizerCloneableOptions<LionOptions> {
  using betas_t = std::tuple<double, double>;
  LionOptions(double lr = 1e-4) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How much of the average goes into the sign, and how slowly it forgets.
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.99);
  /// Shrinks the parameter by lr * weight_decay of itself, apart from the gradient.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<LionOptions>;

struct HEARTH_API LionParamState : OptimizerCloneableParamState<LionParamState> {
  HEARTH_ARG(Tensor, exp_avg);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<LionParamState>;

/// Lion (Chen et al., 2023): p -= lr * sign(beta1 * m + (1 - beta1) * g).
class HEARTH_API Lion : public FusedOptimizer {
 public:
  explicit Lion(std::vector<OptimizerParamGroup> param_groups, LionOptions defaults = {});
  explicit Lion(std::vector<Tensor> params, LionOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
