#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// Every target is a class or ignore_index.
void check_targets(const char* op, const Tensor& target, int64_t classes, int64_t ignore_index) {
  const int64_t* t = data_of<int64_t>(target);
  for (int64_t i = 0; i < impl(target)->numel; ++i) {
    if (t[i] == ignore_index || (t[i] >= 0 && t[i] < classes)) continue;
    throw IndexError(
        fmt::format("[{}] target {} at position {} is no class: there are {} of them, 0 to {} (ignore_index "
                    "is {}); check the labels or the last layer's size",
                    op, t[i], i, classes, classes - 1, ignore_index),
        t[i], classes);
  }
}

}  // namespace

void nll_loss(const Tensor& out, const Tensor& total_weight, const Tensor& x, const Tensor& target,
              const Tensor& weight, int64_t ignore_index) {
  const int64_t n = impl(x)->sizes[0], classes = impl(x)->sizes[1];
  const Tensor labels = dense(target), weights = dense(weight);
  check_targets("nll_loss", labels, classes, ignore_index);
  const int64_t *t = data_of<int64_t>(labels), row = impl(x)->strides[0], col = impl(x)->strides[1];
  const DenseOut to(out);
  visit_floating("nll_loss", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using M = Math<T>;
    const T *p = data_of<T>(x), *w = data_of<T>(weights);
    T* y = to.data<T>();
    double total = 0;
    for (int64_t i = 0; i < n; ++i) {
      if (t[i] == ignore_index) {
        y[i] = static_cast<T>(M(0));
        continue;
      }
      const M scale = w ? static_cast<M>(w[t[i]]) : M(1);
      y[i] = static_cast<T>(-scale * static_cast<M>(p[i * row + t[i] * col]));
      total += static_cast<double>(scale);
    }
    if (total_weight.defined()) *data_of<T>(total_weight) = static_cast<T>(static_cast<M>(total));
  });
  to.store();
}

void nll_loss_backward(const Tensor& gx, const Tensor& g, const Tensor& target, const Tensor& weight,
                       int64_t ignore_index) {
  const int64_t n = impl(gx)->sizes[0], classes = impl(gx)->sizes[1];
  const Tensor labels = dense(target), weights = dense(weight);
  check_targets("nll_loss_backward", labels, classes, ignore_index);
  const int64_t *t = data_of<int64_t>(labels), step = n > 1 ? int64_t{impl(g)->strides[0]} : 0;
  const DenseOut to(gx);
  visit_floating("nll_loss_backward", impl(gx)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using M = Math<T>;
    const T *source = data_of<T>(g), *w = data_of<T>(weights);
    T* y = to.data<T>();
    parallel_for(0, n, grain_for(static_cast<double>(classes) * 0.1 + 3), [&](int64_t begin, int64_t end) {
      std::fill(y + begin * classes, y + end * classes, T());
      for (int64_t i = begin; i < end; ++i) {
        if (t[i] == ignore_index) continue;
        const M scale = w ? static_cast<M>(w[t[i]]) : M(1);
        y[i * classes + t[i]] = static_cast<T>(-scale * static_cast<M>(source[i * step]));
      }
    });
  });
  to.store();
}

}  // namespace hearth::cpu
