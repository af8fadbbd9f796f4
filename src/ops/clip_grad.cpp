// Norms and scaling of many tensors in one pass.
#include <cmath>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

/// Contiguous float or double forms of the tensors.
std::vector<Tensor> as_work(const char* op, TensorList tensors) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) {
    checked_impl(op, t);
    check_floating(op, t);
    out.push_back(t.detach().to(isReducedFloatingType(t.scalar_type()) ? kFloat : t.scalar_type()).contiguous());
  }
  return out;
}

}  // namespace

/// (sum |x|^p)^(1/p) over all elements of all tensors; the largest magnitude for infinite p.
//:
double _total_norm(TensorList tensors, double norm_type) {
  if (!(norm_type > 0)) fail("[total_norm] norm_type is {} but must be positive", norm_type);
  return kernels(kCPU).total_norm(as_work("total_norm", tensors), norm_type);
}

/// Every tensor times factor, in place; nothing is recorded.
//:
void _scale_(TensorList tensors, double factor) {
  const NoGradGuard no_grad;
  const std::vector<Tensor> work = as_work("scale", tensors);
  kernels(kCPU).scale_all(work, factor);
  for (size_t i = 0; i < work.size(); ++i) {
    if (work[i].is_alias_of(tensors[i])) {
      autograd::wrote_in_place("scale", tensors[i]);
    } else {
      tensors[i].detach().copy_(work[i]);
    }
  }
}

}  // namespace hearth
