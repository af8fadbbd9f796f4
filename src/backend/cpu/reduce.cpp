#include "backend/cpu/reduce.h"

#include "backend/cpu/cpu.h"

namespace hearth::cpu {
namespace {

constexpr double kNsSum = 0.15;

template <class T>
void reduce_sum(const Tensor& out, const Tensor& x, const ReducePlan& plan, bool mean) {
  const auto n = static_cast<double>(plan.reduced.count);
  if constexpr (is_float<T>) {
    with_float_kernel<T, SumKernel>(
        [&](auto k) { store_reduced<T>(k, out, x, plan, kNsSum, [=](double sum) { return mean ? sum / n : sum; }); });
  } else {
    const auto k = step_kernel<T>(
        uint64_t{0}, [](uint64_t acc, T v) { return acc + static_cast<uint64_t>(v); },
        [](uint64_t a, uint64_t b) { return a + b; });
    store_reduced<T>(k, out, x, plan, kNsSum, [=](uint64_t sum) {
      return mean ? static_cast<T>(static_cast<double>(static_cast<int64_t>(sum)) / n) : static_cast<T>(sum);
    });
  }
}

template <class T>
void reduce_prod(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  using Acc = std::conditional_t<is_float<T>, double, uint64_t>;
  const auto k = step_kernel<T>(
      Acc{1}, [](Acc acc, Math<T> v) { return acc * static_cast<Acc>(v); }, [](Acc a, Acc b) { return a * b; });
  store_reduced<T>(k, out, x, plan, 1, [](Acc acc) { return static_cast<Math<T>>(acc); });
}

template <class T, bool largest>
void reduce_extreme(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  if constexpr (is_half<T>) {
    store_reduced<T>(HalfKernel<T, ExtremeKernel<float, largest>>{}, out, x, plan, kNsSum, [](float v) { return v; });
  } else if constexpr (is_float<T>) {
    store_reduced<T>(ExtremeKernel<T, largest>{}, out, x, plan, kNsSum, [](T v) { return v; });
  } else {
    const auto better = [](T a, T b) { return largest ? std::max(a, b) : std::min(a, b); };
    using Limits = std::numeric_limits<T>;
    const auto k = step_kernel<T>(largest ? Limits::lowest() : Limits::max(), better, better);
    store_reduced<T>(k, out, x, plan, kNsSum, [](T v) { return v; });
  }
}

template <class T, bool any>
void reduce_truth(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  const auto merge = [](uint8_t a, uint8_t b) { return static_cast<uint8_t>(any ? a | b : a & b); };
  const auto k = step_kernel<T>(
      static_cast<uint8_t>(any ? 0 : 1), [=](uint8_t acc, Math<T> v) { return merge(acc, v != 0); }, merge);
  const auto value = [](uint8_t v) { return v; };
  if (impl(out)->dtype == kByte) return store_reduced<uint8_t>(k, out, x, plan, kNsSum, value);
  store_reduced<bool>(k, out, x, plan, kNsSum, value);
}

/// The largest bool is any of them, the smallest all.
template <class T, bool largest>
void reduce_extreme_or_truth(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  if constexpr (std::is_same_v<T, bool>) {
    reduce_truth<bool, largest>(out, x, plan);
  } else {
    reduce_extreme<T, largest>(out, x, plan);
  }
}

template <class T>
void reduce_count(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  const auto k = step_kernel<T>(
      int64_t{0}, [](int64_t acc, Math<T> v) { return acc + (v != 0); }, [](int64_t a, int64_t b) { return a + b; });
  store_reduced<int64_t>(k, out, x, plan, kNsSum, [](int64_t v) { return v; });
}

template <class T>
void reduce_nansum(const Tensor& out, const Tensor& x, const ReducePlan& plan) {
  if constexpr (is_float<T>) {
    const auto k = step_kernel<T>(
        0.0, [](double acc, Math<T> v) { return v == v ? acc + static_cast<double>(v) : acc; },
        [](double a, double b) { return a + b; });
    store_reduced<T>(k, out, x, plan, 1, [](double v) { return v; });
  } else {
    reduce_sum<T>(out, x, plan, false);
  }
}

/// One element a group: the value itself.
bool is_copy(ReduceOp op) {
  return op == ReduceOp::sum || op == ReduceOp::prod || op == ReduceOp::mean || op == ReduceOp::max ||
         op == ReduceOp::min || op == ReduceOp::logsumexp;
}

void reduce_in_double(ReduceOp op, const Tensor& out, const Tensor& x, IntArrayRef dims, const Args& args) {
  const Tensor wide = make_tensor(impl(x)->sizes, kDouble), result = make_tensor(impl(out)->sizes, kDouble);
  copy(wide, x);
  reduce(op, result, wide, dims, args);
  copy(out, result);
}

}  // namespace

void reduce(ReduceOp op, const Tensor& out, const Tensor& x, IntArrayRef dims, const Args& args) {
  const TensorImpl &o = *impl(out), &in = *impl(x);
  if (o.numel == 0) return;
  const ReducePlan plan(out, x, dims);
  if (plan.reduced.count == 1 && is_copy(op)) return copy(out, x);
  if (plan.strided && in.numel > 0) {
    const Tensor dense = make_tensor(in.sizes, in.dtype);
    copy(dense, x);
    return reduce(op, out, dense, dims, args);
  }
  visit_all("reduce", in.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    switch (op) {
      case ReduceOp::sum: return reduce_sum<T>(out, x, plan, false);
      case ReduceOp::mean: return reduce_sum<T>(out, x, plan, true);
      case ReduceOp::prod: return reduce_prod<T>(out, x, plan);
      case ReduceOp::max: return reduce_extreme_or_truth<T, true>(out, x, plan);
      case ReduceOp::min: return reduce_extreme_or_truth<T, false>(out, x, plan);
      case ReduceOp::any: return reduce_truth<T, true>(out, x, plan);
      case ReduceOp::all: return reduce_truth<T, false>(out, x, plan);
      case ReduceOp::count_nonzero: return reduce_count<T>(out, x, plan);
      case ReduceOp::nansum: return reduce_nansum<T>(out, x, plan);
      case ReduceOp::var:
      case ReduceOp::std:
      case ReduceOp::norm:
      case ReduceOp::logsumexp:
        if (!reduce_statistic(op, out, x, plan, args.s[0].toDouble()) && in.dtype != kDouble)
          reduce_in_double(op, out, x, dims, args);
        return;
    }
  });
}

int64_t count_nonzero(const Tensor& x) {
  const TensorImpl& in = *impl(x);
  int64_t total = 0;
  if (in.numel == 0) return total;
  visit_all("count_nonzero", in.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Strided<1> it({Operand(x)});
    const int64_t step = it.strides[0][0];
    const Chunks chunks = cut(it.numel, grain_for(0.5));
    std::vector<int64_t> counts(static_cast<size_t>(chunks.count));
    parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
      int64_t count = 0;
      for_runs(it, begin, end, [&](const Fixed<char*, 1>& p, int64_t n) {
        for (int64_t i = 0; i < n; ++i) {
          count += static_cast<Math<T>>(*reinterpret_cast<const T*>(p[0] + i * step)) != 0 ? 1 : 0;
        }
      });
      counts[static_cast<size_t>(chunk)] = count;
    });
    for (const int64_t c : counts) total += c;
  });
  return total;
}

}  // namespace hearth::cpu
