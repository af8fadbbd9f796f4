#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API AdamaxOptions : OptimizerCloneableOptions<AdamaxOptions> {
  using betas_t = std::tuple<double, double>;
  AdamaxOptions(double lr = 2e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the average of the gradient and its largest size forget.
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  HEARTH_ARG(double, eps) = 1e-8;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<AdamaxOptions>;

struct HEARTH_API AdamaxParamState : OptimizerCloneableParamState<AdamaxParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(Tensor, exp_avg);
  HEARTH_ARG(Tensor, exp_inf);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<AdamaxParamState>;

/// Adam by the largest gradient instead of the mean square (Kingma and Ba, 2015).
class HEARTH_API Adamax : public FusedOptimizer {
 public:
  explicit Adamax(std::vector<OptimizerParamGroup> param_groups, AdamaxOptions defaults = {});
  explicit Adamax(std::vector<Tensor> params, AdamaxOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
