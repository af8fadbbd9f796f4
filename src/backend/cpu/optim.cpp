// One parallel region over all parameters: their elements are numbered through, and a chunk may span several tensors.
#include <algorithm>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// f(tensor number, first, last) for the pieces of tensors that make up the elements of one dtype.
template <class T, class F>
void each_piece(const std::vector<Tensor>& tensors, double ns, F&& f) {
  std::vector<size_t> which;
  std::vector<int64_t> start{0};  // of each tensor's elements
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (impl(tensors[i])->dtype != scalar_type_of<T>() || impl(tensors[i])->numel == 0) continue;
    which.push_back(i);
    start.push_back(start.back() + impl(tensors[i])->numel);
  }
  parallel_for(0, start.back(), grain_for(ns), [&](int64_t begin, int64_t end) {
    auto at = static_cast<size_t>(std::upper_bound(start.begin(), start.end(), begin) - start.begin()) - 1;
    for (; begin < end; ++at) {
      const int64_t last = std::min(end, start[at + 1]);
      f(which[at], begin - start[at], last - start[at]);
      begin = last;
    }
  });
}

/// The i-th tensor's memory from element `first`; null where the list is empty.
template <class T>
T* piece(const std::vector<Tensor>& tensors, size_t i, int64_t first) {
  return i < tensors.size() && tensors[i].defined() ? data_of<T>(tensors[i]) + first : nullptr;
}

/// Kernels take contiguous lists of float or double; anything else is the caller's mistake, said plainly.
void check_list(const std::vector<Tensor>& list) {
  for (const Tensor& t : list) {
    const ScalarType dtype = impl(t)->dtype;
    if (dtype != kFloat && dtype != kDouble)
      throw DtypeError(fmt::format("[fused_step] optimizers update Float and Double tensors, not {}", toString(dtype)),
                       dtype);
    if (!is_dense(t)) fail<ShapeError>("[fused_step] parameters and their state must be contiguous");
  }
}

template <class T>
void step_of(StepOp op, const std::vector<Tensor>& params, const std::vector<Tensor>& grads,
             const std::vector<std::vector<Tensor>>& states, const StepArgs& args) {
  each_piece<T>(params, 0.4, [&](size_t i, int64_t first, int64_t last) {
    T* state[3] = {};
    for (size_t k = 0; k < states.size(); ++k) state[k] = piece<T>(states[k], i, first);
    loops_of<T>().fused_step(op, piece<T>(params, i, first), piece<T>(grads, i, first), state, last - first, args);
  });
}

}  // namespace

void fused_step(StepOp op, const std::vector<Tensor>& params, const std::vector<Tensor>& grads,
                const std::vector<std::vector<Tensor>>& states, const StepArgs& args) {
  check_list(params);
  check_list(grads);
  for (const std::vector<Tensor>& list : states) check_list(list);
  step_of<float>(op, params, grads, states, args);
  step_of<double>(op, params, grads, states, args);
}

}  // namespace hearth::cpu
