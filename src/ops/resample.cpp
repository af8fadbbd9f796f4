#include "ops/resample.h"

#include <algorithm>

#include "ops/executors.h"

namespace hearth {

Axis::Axis(int64_t d, int64_t in_size, Taps t)
    : dim(d), in(in_size), out(static_cast<int64_t>(t.first.size()) - 1), taps(std::move(t)) {
  back.first.assign(static_cast<size_t>(in) + 1, 0);
  back.index.resize(taps.index.size());
  back.weight.resize(taps.index.size());
  for (const int64_t i : taps.index) ++back.first[static_cast<size_t>(i) + 1];
  for (size_t i = 0; i < static_cast<size_t>(in); ++i) back.first[i + 1] += back.first[i];
  std::vector<int64_t> next(back.first.begin(), back.first.end() - 1);
  for (size_t j = 0; j < static_cast<size_t>(out); ++j)
    for (auto k = static_cast<size_t>(taps.first[j]); k < static_cast<size_t>(taps.first[j + 1]); ++k) {
      const auto to = static_cast<size_t>(next[static_cast<size_t>(taps.index[k])]++);
      back.index[to] = static_cast<int64_t>(j);
      back.weight[to] = taps.weight[k];
    }
}

namespace {

/// The dimensions that shrink most come first: less is left for the others.
Tensor run(const char* name, const Tensor& x, const std::shared_ptr<const Resampling>& plan, bool turned) {
  std::vector<const Axis*> order;
  for (const Axis& axis : *plan) order.push_back(&axis);
  std::stable_sort(order.begin(), order.end(), [turned](const Axis* a, const Axis* b) {
    return turned ? a->in * b->out < b->in * a->out : a->out * b->in < b->out * a->in;
  });
  Tensor y = x;
  for (const Axis* axis : order) {
    DimVector sizes(y.sizes());
    sizes[static_cast<size_t>(axis->dim)] = turned ? axis->in : axis->out;
    const Tensor next = make_tensor(sizes, x.scalar_type());
    kernels(x.device()).resample(next, y, axis->dim, turned ? axis->back : axis->taps);
    y = next;
  }
  if (order.empty()) y = x.detach().clone();
  return autograd::record(
      name, y, {&x}, [&] { return [name, plan, turned](const Tensor& g) { return run(name, g, plan, !turned); }; });
}

}  // namespace

Tensor resample(const char* name, const Tensor& x, const std::shared_ptr<const Resampling>& plan) {
  if (isReducedFloatingType(x.scalar_type())) return run(name, x.to(kFloat), plan, false).to(x.scalar_type());
  return run(name, x, plan, false);
}

}  // namespace hearth
