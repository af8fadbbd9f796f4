#pragma once

// Parameters that move by the same pass with the same numbers go through memory together.

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

class FusedPasses {
 public:
  /// p is to move by its gradient; nothing moves yet.
  void add(StepOp op, const StepArgs& args, const Tensor& p, const std::vector<Tensor>& states);
  /// What is to happen when the passes are done.
  void then(std::function<void()> act) { acts_.push_back(std::move(act)); }
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
  std::vector<std::function<void()>> acts_;
};

/// Throws where p's gradient has another shape or dtype than p.
void check_gradient(const Tensor& p, const Tensor& grad);

}  // namespace hearth::optim
