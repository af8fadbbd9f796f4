#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API MuonOptions : OptimizerCloneableOptions<MuonOptions> {
  using ns_coefficients_t = std::tuple<double, double, double>;
  using adjust_lr_fn_t = std::optional<std::string>;
  MuonOptions(double lr = 1e-3) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// Shrinks the parameter by lr * weight_decay of itself.
  HEARTH_ARG(double, weight_decay) = 0.1;
  HEARTH_ARG(double, momentum) = 0.95;
  HEARTH_ARG(bool, nesterov) = true;
  /// Of Newton and Schulz's step: a X + b (X X') X + c (X X')^2 X.
  HEARTH_ARG(ns_coefficients_t, ns_coefficients) = ns_coefficients_t(3.4445, -4.7750, 2.0315);
  /// The least norm to divide by.
  HEARTH_ARG(double, eps) = 1e-7;
  HEARTH_ARG(int64_t, ns_steps) = 5;
  /// How the rate grows with a matrix of A x B: "original", the default, by sqrt(max(1, A / B)); "match_rms_adamw" by
  /// 0.2 sqrt(max(A, B)).
  HEARTH_ARG(adjust_lr_fn_t, adjust_lr_fn) = std::nullopt;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<MuonOptions>;

struct HEARTH_API MuonParamState : OptimizerCloneableParamState<MuonParamState> {
  HEARTH_ARG(Tensor, momentum_buffer);

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<MuonParamState>;

/// Muon (Jordan et al., 2024): momentum made orthogonal, for matrices only; give biases and embeddings to AdamW. Works
/// in the parameter's dtype.
class HEARTH_API Muon : public FusedOptimizer {
 public:
  explicit Muon(std::vector<OptimizerParamGroup> param_groups, MuonOptions defaults = {});
  explicit Muon(std::vector<Tensor> params, MuonOptions defaults = {});

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
            FusedPasses& passes) const override;
};

}  // namespace hearth::optim
