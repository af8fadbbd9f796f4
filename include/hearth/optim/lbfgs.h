#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

struct HEARTH_API LBFGSOptions : OptimizerCloneableOptions<LBFGSOptions> {
  LBFGSOptions(double lr = 1) : lr_(lr) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(double, lr);
  /// Iterations a step.
  HEARTH_ARG(int64_t, max_iter) = 20;
  /// Calls of the closure a step; max_iter * 5 / 4 unless given.
  HEARTH_ARG(std::optional<int64_t>, max_eval) = std::nullopt;
  /// A step ends when no gradient is larger, or when the loss or every parameter moves by less.
  HEARTH_ARG(double, tolerance_grad) = 1e-7;
  HEARTH_ARG(double, tolerance_change) = 1e-9;
  HEARTH_ARG(int64_t, history_size) = 100;
  /// "strong_wolfe", or none: each move is lr times the direction.
  HEARTH_ARG(std::optional<std::string>, line_search_fn) = std::nullopt;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableOptions<LBFGSOptions>;

/// One for all parameters, kept under the first one's name. Tensors are flat, over all parameters' elements.
struct HEARTH_API LBFGSParamState : OptimizerCloneableParamState<LBFGSParamState> {
  HEARTH_ARG(int64_t, func_evals) = 0;
  HEARTH_ARG(int64_t, n_iter) = 0;
  /// The last move was t * d.
  HEARTH_ARG(double, t) = 0;
  HEARTH_ARG(double, prev_loss) = 0;
  HEARTH_ARG(Tensor, d);
  /// 0-dim: the first guess of the inverse Hessian's diagonal.
  HEARTH_ARG(Tensor, H_diag);
  HEARTH_ARG(Tensor, prev_flat_grad);
  /// The last changes of the gradient, moves, and 1 / (change * move), oldest first.
  HEARTH_ARG(std::vector<Tensor>, old_dirs);
  HEARTH_ARG(std::vector<Tensor>, old_stps);
  HEARTH_ARG(std::vector<Tensor>, ro);
  HEARTH_ARG(std::optional<std::vector<Tensor>>, al) = std::nullopt;

 public:
  void visit(Fields& fields) override;
};
extern template class OptimizerCloneableParamState<LBFGSParamState>;

/// Limited-memory BFGS (Nocedal, 1980), as minFunc does it: step(closure) calls the closure, which zeroes the
/// gradients, runs backward and returns the loss, many times. One group of parameters, all of one dtype.
class HEARTH_API LBFGS : public Optimizer {
 public:
  explicit LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});
  /// The loss of the first call. Where the closure throws, parameters and state are as they were before the step.
  Tensor step(LossClosure closure) override;

 private:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_options(const OptimizerOptions& options) const override;
  void check_state(const Tensor& p, const std::string& name, const Tensor& value) const override;
};

}  // namespace hearth::optim
