#pragma once

// Parameters that move by the same pass with the same numbers go through memory together.

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

class FusedPasses {
 public:
  /// p is to move by its gradient `grad`. Throws where the gradient does not fit it; nothing moves yet.
  void add(StepOp op, const StepArgs& args, const Tensor& p, const Tensor& grad, const std::vector<Tensor>& states);
  void run() const;

 private:
  struct Pass {
    StepOp op;
    StepArgs args;
    std::vector<Tensor> params, grads;
    std::vector<std::vector<Tensor>> states;
    bool takes(StepOp other, const StepArgs& others, const std::vector<Tensor>& given) const;
  };
  std::vector<Pass> passes_;
};

/// Throws where p's gradient has another shape or dtype than p.
void check_gradient(const Tensor& p, const Tensor& grad);

}  // namespace hearth::optim
