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
void check_lists(const char* op, std::initializer_list<const std::vector<Tensor>*> lists) {
  for (const std::vector<Tensor>* list : lists) {
    for (const Tensor& t : *list) {
      if (!t.defined()) continue;
      const ScalarType dtype = impl(t)->dtype;
      if (dtype != kFloat && dtype != kDouble) {
        throw DtypeError(fmt::format("[{}] optimizers update Float and Double tensors, not {}", op, toString(dtype)),
                         dtype);
      }
      if (!is_dense(t)) fail<ShapeError>("[{}] parameters and their state must be contiguous", op);
    }
  }
}

template <class T>
void sgd_of(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& momenta,
            const SgdArgs& args) {
  each_piece<T>(params, 0.2, [&](size_t i, int64_t first, int64_t last) {
    loops_of<T>().sgd(piece<T>(params, i, first), piece<T>(grads, i, first), piece<T>(momenta, i, first), last - first,
                      args);
  });
}
template <class T>
void adam_of(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& exp_avgs,
             const std::vector<Tensor>& exp_avg_sqs, const std::vector<Tensor>& max_exp_avg_sqs, const AdamArgs& args) {
  each_piece<T>(params, 0.4, [&](size_t i, int64_t first, int64_t last) {
    loops_of<T>().adam(piece<T>(params, i, first), piece<T>(grads, i, first), piece<T>(exp_avgs, i, first),
                       piece<T>(exp_avg_sqs, i, first), piece<T>(max_exp_avg_sqs, i, first), last - first, args);
  });
}

}  // namespace

void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& momenta,
         const SgdArgs& args) {
  check_lists("sgd", {&params, &grads, &momenta});
  sgd_of<float>(params, grads, momenta, args);
  sgd_of<double>(params, grads, momenta, args);
}

void adam(const std::vector<Tensor>& params, const std::vector<Tensor>& grads, const std::vector<Tensor>& exp_avgs,
          const std::vector<Tensor>& exp_avg_sqs, const std::vector<Tensor>& max_exp_avg_sqs, const AdamArgs& args) {
  check_lists("adam", {&params, &grads, &exp_avgs, &exp_avg_sqs, &max_exp_avg_sqs});
  adam_of<float>(params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, args);
  adam_of<double>(params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, args);
}

}  // namespace hearth::cpu
