#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API AdamOptions : OptimizerCloneableOptions<AdamOptions> {
  using betas_t = std::tuple<double, double>;
  AdamOptions(double lr = 1e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// How slowly the averages of the gradient and of its square forget.
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  HEARTH_ARG(double, eps) = 1e-8;
  /// Added to the gradient, times the parameter.
  HEARTH_ARG(double, weight_decay) = 0;
  /// Divides by the largest average so far (Reddi, Kale and Kumar, 2018).
  HEARTH_ARG(bool, amsgrad) = false;
  HEARTH_ARG(bool, maximize) = false;
  /// Shrinks the parameter by lr * weight_decay of itself instead, apart from the gradient: AdamW's way.
  HEARTH_ARG(bool, decoupled_weight_decay) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<AdamOptions>;

struct HEARTH_API AdamParamState : OptimizerCloneableParamState<AdamParamState> {
  HEARTH_ARG(int64_t, step) = 0;
  HEARTH_ARG(Tensor, exp_avg);
  HEARTH_ARG(Tensor, exp_avg_sq);
  HEARTH_ARG(Tensor, max_exp_avg_sq);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<AdamParamState>;

/// Adam (Kingma and Ba, 2015).
class HEARTH_API Adam : public FusedOptimizer {
 public:
  explicit Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults = {});
  explicit Adam(std::vector<Tensor> params, AdamOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

struct HEARTH_API AdamWOptions : OptimizerCloneableOptions<AdamWOptions> {
  using betas_t = std::tuple<double, double>;
  AdamWOptions(double lr = 1e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  HEARTH_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  HEARTH_ARG(double, eps) = 1e-8;
  /// Shrinks the parameter by lr * weight_decay of itself, apart from the gradient.
  HEARTH_ARG(double, weight_decay) = 1e-2;
  HEARTH_ARG(bool, amsgrad) = false;
  HEARTH_ARG(bool, maximize) = false;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<AdamWOptions>;
using AdamWParamState = AdamParamState;

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
class HEARTH_API AdamW : public FusedOptimizer {
 public:
  explicit AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults = {});
  explicit AdamW(std::vector<Tensor> params, AdamWOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
