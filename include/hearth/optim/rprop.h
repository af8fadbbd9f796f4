#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API RpropOptions : OptimizerCloneableOptions<RpropOptions> {
  using betas_t = std::tuple<double, double>;
  RpropOptions(double lr = 1e-2) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// What the step's size is multiplied by where the gradient's sign turned, and where it stayed.
  HEARTH_ARG(betas_t, etas) = betas_t(0.5, 1.2);
  /// The smallest and the largest step.
  HEARTH_ARG(betas_t, step_sizes) = betas_t(1e-6, 50);
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<RpropOptions>;

struct HEARTH_API RpropParamState : OptimizerCloneableParamState<RpropParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  /// The gradient before.
  HEARTH_ARG(Tensor, prev);
  /// Starts as lr.
  HEARTH_ARG(Tensor, step_size);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<RpropParamState>;

/// Resilient backpropagation (Riedmiller and Braun, 1993): only the gradient's sign counts.
class HEARTH_API Rprop : public FusedOptimizer {
 public:
  explicit Rprop(std::vector<OptimizerParamGroup> param_groups, RpropOptions defaults = {});
  explicit Rprop(std::vector<Tensor> params, RpropOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
