// One optimizer step over all parameters, in one pass through memory.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

constexpr const char* op = "fused_step";

/// Checks one list against the parameters.
void check_list(const std::string& what, TensorList params, TensorList list) {
  if (list.size() != params.size())
    fail("[{}] {} {} for {} parameters; give one for each", op, list.size(), what, params.size());
  for (size_t i = 0; i < params.size(); ++i) {
    checked_impl(op, params[i]);
    checked_impl(op, list[i]);
    if (list[i].sizes() != params[i].sizes() || list[i].scalar_type() != params[i].scalar_type())
      throw ShapeError(fmt::format("[{}] {} {} is {} of shape {} but the parameter is {} of shape {}", op, what, i,
                                   list[i].scalar_type(), shape_text(list[i].sizes()), params[i].scalar_type(),
                                   shape_text(params[i].sizes())),
                       list[i].sizes().vec(), params[i].sizes().vec());
    check_floating(op, params[i]);
  }
}

/// What the kernel works on: contiguous float or double. Others are copied in, and `back` writes them out again.
class Workset {
 public:
  explicit Workset(TensorList tensors) {
    for (const Tensor& t : tensors) {
      const bool direct = t.is_contiguous() && !isReducedFloatingType(t.scalar_type());
      originals_.push_back(t.detach());
      work_.push_back(
          direct
              ? originals_.back()
              : originals_.back().to(isReducedFloatingType(t.scalar_type()) ? kFloat : t.scalar_type()).contiguous());
    }
  }
  const std::vector<Tensor>& tensors() const { return work_; }
  void back() {
    for (size_t i = 0; i < work_.size(); ++i) {
      if (work_[i].is_same(originals_[i])) {
        autograd::wrote_in_place(op, originals_[i]);
      } else {
        originals_[i].copy_(work_[i]);
      }
    }
  }

 private:
  std::vector<Tensor> originals_, work_;
};

/// How many states a word works on: at least and at most.
std::pair<size_t, size_t> states_of(StepOp kind) {
  switch (kind) {
    case StepOp::sgd: return {0, 1};
    case StepOp::adam: return {2, 3};
    case StepOp::adagrad: return {1, 1};
    case StepOp::adadelta: return {2, 2};
    case StepOp::adamax: return {2, 2};
    case StepOp::rmsprop: return {1, 3};
    case StepOp::rprop: return {2, 2};
    case StepOp::asgd: return {1, 1};
    case StepOp::lion: return {1, 1};
    case StepOp::lamb: return {3, 3};
  }
  fail("[{}] there is no optimizer's pass number {}", op, static_cast<int>(kind));
}

void check_states(StepOp kind, TensorList params, const std::vector<std::vector<Tensor>>& states) {
  const auto [least, most] = states_of(kind);
  if (states.size() < least || states.size() > most)
    fail("[{}] got {} lists of states; this pass takes {} to {}", op, states.size(), least, most);
  for (size_t k = 0; k < states.size(); ++k)
    if (k < least || !states[k].empty()) check_list(fmt::format("states {} of parameter", k), params, states[k]);
}

}  // namespace

/// One step of an optimizer on all of `self` at once: StepOp says what happens to each element. states[k][i] is the
/// k-th state of the i-th parameter; a state that the pass may go without is left out or an empty list.
//:
void _fused_step_(StepOp kind, TensorList self, TensorList grads, const std::vector<std::vector<Tensor>>& states,
                  const StepArgs& args) {
  check_list("gradients", self, grads);
  check_states(kind, self, states);
  const NoGradGuard no_grad;
  Workset params(self);
  const Workset g(grads);
  std::vector<Workset> own;
  std::vector<std::vector<Tensor>> lists;
  for (const std::vector<Tensor>& list : states) lists.push_back(own.emplace_back(list).tensors());
  kernels(kCPU).fused_step(kind, params.tensors(), g.tensors(), lists, args);
  params.back();
  for (Workset& list : own) list.back();
}

}  // namespace hearth
