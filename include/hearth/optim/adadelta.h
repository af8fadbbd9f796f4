#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API AdadeltaOptions : OptimizerCloneableOptions<AdadeltaOptions> {
  AdadeltaOptions(double lr = 1.0) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the averages forget.
  HEARTH_ARG(double, rho) = 0.9;
  HEARTH_ARG(double, eps) = 1e-6;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<AdadeltaOptions>;

struct HEARTH_API AdadeltaParamState : OptimizerCloneableParamState<AdadeltaParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(Tensor, square_avg);
  /// The average of the moves' squares.
  HEARTH_ARG(Tensor, acc_delta);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<AdadeltaParamState>;

/// Adadelta (Zeiler, 2012): moves as large, by their running root mean square, as the moves before.
class HEARTH_API Adadelta : public FusedOptimizer {
 public:
  explicit Adadelta(std::vector<OptimizerParamGroup> param_groups, AdadeltaOptions defaults = {});
  explicit Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
