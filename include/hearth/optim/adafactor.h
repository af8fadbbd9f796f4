#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API AdafactorOptions : OptimizerCloneableOptions<AdafactorOptions> {
  using eps_t = std::tuple<std::optional<double>, double>;
  AdafactorOptions(double lr = 1e-2) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// The average of squares forgets by 1 - t^beta2_decay.
  HEARTH_ARG(double, beta2_decay) = -0.8;
  /// The least mean square (none: of the dtype), and the least root mean square of a parameter that a step is scaled
  /// by.
  HEARTH_ARG(eps_t, eps) = eps_t(std::nullopt, 1e-3);
  /// Updates of a larger root mean square are scaled down to it.
  HEARTH_ARG(double, d) = 1.0;
  /// Shrinks the parameter by lr * weight_decay of itself.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Climbs instead of descending.
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<AdafactorOptions>;

struct HEARTH_API AdafactorParamState : OptimizerCloneableParamState<AdafactorParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  /// [..., rows, 1]; of matrices and what has more dimensions, as col_var.
  HEARTH_ARG(Tensor, row_var);
  /// [..., 1, columns]
  HEARTH_ARG(Tensor, col_var);
  /// Of other parameters.
  HEARTH_ARG(Tensor, variance);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<AdafactorParamState>;

/// Adafactor (Shazeer and Stern, 2018): the squares of a matrix are kept by row and by column alone.
class HEARTH_API Adafactor : public FusedOptimizer {
 public:
  explicit Adafactor(std::vector<OptimizerParamGroup> param_groups, AdafactorOptions defaults = {});
  explicit Adafactor(std::vector<Tensor> params, AdafactorOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_state(const Tensor& p, const std::string& name, const Tensor& value) const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
