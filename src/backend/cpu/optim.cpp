// One parallel region over all parameters: their elements are numbered through, and a chunk may span several tensors.
#include <algorithm>
#include <cmath>
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
void check_list(const char* op, const std::vector<Tensor>& list) {
  for (const Tensor& t : list) {
    const ScalarType dtype = impl(t)->dtype;
    if (dtype != kFloat && dtype != kDouble)
      throw DtypeError(fmt::format("[{}] Float and Double tensors are expected, not {}", op, toString(dtype)), dtype);
    if (!is_dense(t)) fail<ShapeError>("[{}] parameters and their state must be contiguous", op);
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

/// What the norm adds up, or its largest magnitude.
template <class T>
double norm_part(const T* x, int64_t n, double p) {
  if (p == 1) return loops_of<T>().sum_abs(x, n);
  if (p == 2) return loops_of<T>().sum_square(x, n);
  if (std::isinf(p)) {
    const double top = static_cast<double>(loops_of<T>().max(x, n)), low = static_cast<double>(loops_of<T>().min(x, n));
    return std::isnan(top) ? top : std::max(top, -low);
  }
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::pow(std::abs(static_cast<double>(x[i])), p);
  return sum;
}

}  // namespace

void fused_step(StepOp op, const std::vector<Tensor>& params, const std::vector<Tensor>& grads,
                const std::vector<std::vector<Tensor>>& states, const StepArgs& args) {
  check_list("fused_step", params);
  check_list("fused_step", grads);
  for (const std::vector<Tensor>& list : states) check_list("fused_step", list);
  step_of<float>(op, params, grads, states, args);
  step_of<double>(op, params, grads, states, args);
}

double total_norm(const std::vector<Tensor>& xs, double p) {
  check_list("total_norm", xs);
  // Pieces of each tensor, whose parts are joined in order.
  constexpr int64_t kPieceSize = 1 << 15;
  struct Part {
    size_t tensor;
    int64_t first, last;
  };
  std::vector<Part> parts;
  for (size_t i = 0; i < xs.size(); ++i)
    for (int64_t at = 0; at < impl(xs[i])->numel; at += kPieceSize)
      parts.push_back({i, at, std::min(impl(xs[i])->numel, at + kPieceSize)});
  std::vector<double> sums(parts.size());
  parallel_for(0, static_cast<int64_t>(parts.size()), 2, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      const Part& part = parts[i];
      sums[i] = impl(xs[part.tensor])->dtype == kFloat
                    ? norm_part(data_of<float>(xs[part.tensor]) + part.first, part.last - part.first, p)
                    : norm_part(data_of<double>(xs[part.tensor]) + part.first, part.last - part.first, p);
    }
  });
  double total = 0;
  for (const double sum : sums) {
    if (!std::isinf(p)) {
      total += sum;
    } else if (std::isnan(sum) || sum > total) {
      total = sum;
      if (std::isnan(sum)) break;
    }
  }
  return std::isinf(p) || p == 1 ? total : p == 2 ? std::sqrt(total) : std::pow(total, 1 / p);
}

namespace {
template <class T>
void scale_of(const std::vector<Tensor>& xs, double factor) {
  each_piece<T>(xs, 0.15, [&](size_t i, int64_t first, int64_t last) {
    T* x = piece<T>(xs, i, first);
    loops_of<T>().affine(x, x, last - first, static_cast<T>(factor), T(0));
  });
}
}  // namespace

void scale_all(const std::vector<Tensor>& xs, double factor) {
  check_list("scale_all", xs);
  scale_of<float>(xs, factor);
  scale_of<double>(xs, factor);
}

}  // namespace hearth::cpu
