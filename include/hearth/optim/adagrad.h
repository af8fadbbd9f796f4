#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API AdagradOptions : OptimizerCloneableOptions<AdagradOptions> {
  AdagradOptions(double lr = 1e-2) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// The rate at step t is lr / (1 + (t - 1) * lr_decay).
  HEARTH_ARG(double, lr_decay) = 0;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  HEARTH_ARG(double, initial_accumulator_value) = 0;
  HEARTH_ARG(double, eps) = 1e-10;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<AdagradOptions>;

struct HEARTH_API AdagradParamState : OptimizerCloneableParamState<AdagradParamState> {
  /// Of all squared gradients.
  HEARTH_ARG(Tensor, sum);
  HEARTH_ARG(int64_t, step) = 0;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<AdagradParamState>;

/// Adagrad (Duchi, Hazan and Singer, 2011): p -= lr * g / (sqrt(sum of g^2) + eps).
class HEARTH_API Adagrad : public FusedOptimizer {
 public:
  explicit Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults = {});
  explicit Adagrad(std::vector<Tensor> params, AdagradOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
