// Variance, norms and logsumexp.
#include <atomic>

#include "backend/cpu/reduce.h"

namespace hearth::cpu {
namespace {

template <class K>
std::vector<double> reduced_values(const K& k, const Tensor& x, const ReducePlan& plan, double ns) {
  std::vector<double> values(static_cast<size_t>(plan.kept.count));
  reduce_all(k, static_cast<const typename K::T*>(impl(x)->data()), plan, ns,
             [&](int64_t output, int64_t, typename K::Acc acc) {
               values[static_cast<size_t>(output)] = static_cast<double>(acc);
             });
  return values;
}

/// Squared distances of a contiguous row from its own mean, both passes over the row while it is in the cache.
template <class F>
struct RowVarianceKernel {
  using T = F;
  using Acc = double;
  Acc identity() const { return 0; }
  Acc merge(Acc, Acc b) const { return b; }  // a row is never cut
  Acc row(const T* x, int64_t n, int64_t) const {
    const auto count = static_cast<double>(n);
    const double mean = loops_of<T>().sum(x, n) / count, off = mean - static_cast<double>(static_cast<T>(mean));
    return loops_of<T>().sum_centered_square(x, n, mean) - count * off * off;
  }
  void columns(const T*, int64_t, int64_t, int64_t, Acc*, int64_t) const {}  // rows only
};

/// Two passes: the mean in double, then squared distances from its rounding c, put right by n (mean - c)^2. False
/// where a square is beyond T's range.
template <class T>
bool variance(const Tensor& out, const Tensor& x, const ReducePlan& plan, double correction, bool root) {
  const auto n = static_cast<double>(plan.reduced.count);
  const double divisor = std::max(n - correction, 0.0);
  std::atomic<bool> fits = true;
  const auto finish = [&](double squares) {
    if (std::isinf(squares)) fits.store(false, std::memory_order_relaxed);
    const double v = std::max(squares, 0.0) / divisor;
    return squares != squares ? squares : root ? std::sqrt(v) : v;
  };
  if constexpr (!is_half<T>) {
    if (!plan.columns && plan.reduced.rank == 1 && plan.kept.count >= kFewOutputs) {
      store_reduced<T>(RowVarianceKernel<T>{}, out, x, plan, 0.3,
                       [&](double squares, int64_t) { return finish(squares); });
      return fits;
    }
  }
  std::vector<double> mean = with_float_kernel<T, SumKernel>([&](auto k) { return reduced_values(k, x, plan, 0.15); });
  for (double& m : mean) m /= n;
  with_float_kernel<T, CenteredKernel>(
      [&](auto k) {
        store_reduced<T>(k, out, x, plan, 0.15, [&](double sum, int64_t output) {
          const double m = mean[static_cast<size_t>(output)];
          const double off = m - static_cast<double>(static_cast<Math<T>>(m));
          return finish(sum - n * off * off);
        });
      },
      static_cast<const double*>(mean.data()));
  return fits;
}

/// center + log(sum(e^(x - center))), center the largest element where that is finite.
template <class T>
void logsumexp(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  std::vector<double> center =
      with_float_kernel<T, MaxKernel>([&](auto k) { return reduced_values(k, x, plan, 0.15); });
  for (double& c : center) c = std::isfinite(c) ? c : 0;
  with_float_kernel<T, ExpKernel>(
      [&](auto k) {
        store_reduced<T>(k, out, x, plan, 0.5, [&](double sum, int64_t output) {
          return center[static_cast<size_t>(output)] + std::log(sum);
        });
      },
      static_cast<const double*>(center.data()));
}

/// Sum of |x|^p, largest, smallest or number of nonzeros, by one step an element in double.
template <class T, class Step, class Merge, class Value>
void norm_by_step(const Tensor& out, const Tensor& x, const ReducePlan& plan, double start, Step step, Merge merge,
                  Value value) {
  const auto k = step_kernel<T>(start, step, merge);
  store_reduced<T>(k, out, x, plan, 1, [&](double acc, int64_t) { return value(acc); });
}

template <class T>
void norm(const Tensor& out, const Tensor& x, const ReducePlan& plan, double p) {
  using M = Math<T>;
  const auto same = [](double v) { return v; };
  const auto add = [](double a, double b) { return a + b; };
  const auto size = [](M v) { return std::fabs(static_cast<double>(v)); };
  const auto larger = [](double a, double b) { return a != a || a > b ? a : b; };
  const auto smaller = [](double a, double b) { return a != a || a < b ? a : b; };
  if (p == 2) {
    return with_float_kernel<T, SquareKernel>(
        [&](auto k) { store_reduced<T>(k, out, x, plan, 0.2, [](double sum, int64_t) { return std::sqrt(sum); }); });
  }
  if (p == 1) {
    return norm_by_step<T>(
        out, x, plan, 0.0, [=](double acc, M v) { return acc + size(v); }, add, same);
  }
  if (p == 0) {
    return norm_by_step<T>(
        out, x, plan, 0.0, [](double acc, M v) { return acc + (v != 0 ? 1 : 0); }, add, same);
  }
  if (p == std::numeric_limits<double>::infinity()) {
    return norm_by_step<T>(
        out, x, plan, 0.0, [=](double acc, M v) { return larger(acc, size(v)); }, larger, same);
  }
  if (p == -std::numeric_limits<double>::infinity()) {
    return norm_by_step<T>(
        out, x, plan, std::numeric_limits<double>::infinity(), [=](double acc, M v) { return smaller(acc, size(v)); },
        smaller, same);
  }
  norm_by_step<T>(
      out, x, plan, 0.0, [=](double acc, M v) { return acc + std::pow(size(v), p); }, add,
      [=](double v) { return std::pow(v, 1 / p); });
}

}  // namespace

bool reduce_statistic(ReduceOp op, const Tensor& out, const Tensor& x, const ReducePlan& plan, double argument) {
  return visit_floating("reduce", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if (op == ReduceOp::var || op == ReduceOp::std) return variance<T>(out, x, plan, argument, op == ReduceOp::std);
    if (op == ReduceOp::norm) {
      norm<T>(out, x, plan, argument);
    } else {
      logsumexp<T>(out, x, plan);
    }
    return true;
  });
}

}  // namespace hearth::cpu
