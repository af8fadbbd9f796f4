#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API LAMBOptions : OptimizerCloneableOptions<LAMBOptions> {
  using betas_t = std::tuple<double, double>;
  LAMBOptions(double lr = 1e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the averages of the gradient and of its square forget.
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  HEARTH_ARG(double, eps) = 1e-6;
  /// Added to the update, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<LAMBOptions>;

struct HEARTH_API LAMBParamState : OptimizerCloneableParamState<LAMBParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(Tensor, exp_avg);
  HEARTH_ARG(Tensor, exp_avg_sq);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<LAMBParamState>;

/// LAMB (You et al., 2020): Adam's update, scaled for each tensor to lr times the norm of the parameter.
class HEARTH_API LAMB : public FusedOptimizer {
 public:
  explicit LAMB(std::vector<OptimizerParamGroup> param_groups, LAMBOptions defaults = {});
  explicit LAMB(std::vector<Tensor> params, LAMBOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
