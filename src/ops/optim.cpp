// One optimizer step over all parameters, in one pass through memory.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

/// Checks one list against the parameters; a strided or foreign tensor makes the fused pass impossible.
void check_list(const char* op, const char* what, TensorList params, TensorList list) {
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
  void back(const char* op) {
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

}  // namespace

/// One step of SGD (with momentum, dampening, weight decay, Nesterov's form) on all of `self` at once. momenta is empty
/// without momentum; with `first`, they hold nothing yet.
//:
void _fused_sgd_(TensorList self, TensorList grads, TensorList momenta, double lr, double momentum, double dampening,
                 double weight_decay, bool nesterov, bool maximize, bool first) {
  check_list("fused_sgd", "gradients", self, grads);
  if (momentum != 0) check_list("fused_sgd", "momenta", self, momenta);
  const NoGradGuard no_grad;
  Workset params(self), g(grads), m(momentum != 0 ? momenta : TensorList());
  SgdArgs args;
  args.lr = lr;
  args.momentum = momentum;
  args.dampening = dampening;
  args.weight_decay = weight_decay;
  args.nesterov = nesterov;
  args.maximize = maximize;
  args.first = first;
  kernels(kCPU).sgd(params.tensors(), g.tensors(), m.tensors(), args);
  params.back("sgd");
  m.back("sgd");
}

/// One step of Adam (AdamW where decoupled) on all of `self` at once; `step` counts from 1. max_exp_avg_sqs is empty
/// without amsgrad.
//:
void _fused_adam_(TensorList self, TensorList grads, TensorList exp_avgs, TensorList exp_avg_sqs,
                  TensorList max_exp_avg_sqs, int64_t step, double lr, double beta1, double beta2, double weight_decay,
                  double eps, bool amsgrad, bool maximize, bool decoupled) {
  check_list("fused_adam", "gradients", self, grads);
  check_list("fused_adam", "exp_avgs", self, exp_avgs);
  check_list("fused_adam", "exp_avg_sqs", self, exp_avg_sqs);
  if (amsgrad) check_list("fused_adam", "max_exp_avg_sqs", self, max_exp_avg_sqs);
  if (step < 1) fail("[fused_adam] step is {}; it counts from 1", step);
  const NoGradGuard no_grad;
  Workset params(self), g(grads), m(exp_avgs), v(exp_avg_sqs), top(amsgrad ? max_exp_avg_sqs : TensorList());
  AdamArgs args;
  args.lr = lr;
  args.beta1 = beta1;
  args.beta2 = beta2;
  args.weight_decay = weight_decay;
  args.eps = eps;
  args.step = step;
  args.amsgrad = amsgrad;
  args.maximize = maximize;
  args.decoupled = decoupled;
  kernels(kCPU).adam(params.tensors(), g.tensors(), m.tensors(), v.tensors(), top.tensors(), args);
  params.back("adam");
  m.back("adam");
  v.back("adam");
  top.back("adam");
}

}  // namespace hearth
