#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API RMSpropOptions : OptimizerCloneableOptions<RMSpropOptions> {
  RMSpropOptions(double lr = 1e-2) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the average of the squared gradient forgets.
  HEARTH_ARG(double, alpha) = 0.99;
  HEARTH_ARG(double, eps) = 1e-8;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  HEARTH_ARG(double, momentum) = 0;
  /// Divides by the standard deviation of the gradient instead of its root mean square.
  HEARTH_ARG(bool, centered) = false;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<RMSpropOptions>;

struct HEARTH_API RMSpropParamState : OptimizerCloneableParamState<RMSpropParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(Tensor, square_avg);
  HEARTH_ARG(Tensor, momentum_buffer);
  HEARTH_ARG(Tensor, grad_avg);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<RMSpropParamState>;

/// RMSprop (Tieleman and Hinton, 2012; centered: Graves, 2013).
class HEARTH_API RMSprop : public FusedOptimizer {
 public:
  explicit RMSprop(std::vector<OptimizerParamGroup> param_groups, RMSpropOptions defaults = {});
  explicit RMSprop(std::vector<Tensor> params, RMSpropOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
