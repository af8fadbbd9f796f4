// One pass of an optimizer over a piece of a parameter. Formulas and their order are PyTorch's.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

template <class T>
void sgd(T* p, const T* g, T* momentum, int64_t n, const SgdArgs& args) {
  using V = Vec<T>;
  const V lr = k<V>(-args.lr), mu = k<V>(args.momentum), keep = k<V>(1 - args.dampening);
  const V decay = k<V>(args.weight_decay), sign = k<V>(args.maximize ? -1 : 1);
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    const V param = load_n(p + i, rest);
    V d = load_n(g + i, rest) * sign;
    if (args.weight_decay != 0) d = d + decay * param;
    if (momentum) {
      const V m = args.first ? d : load_n(momentum + i, rest) * mu + keep * d;
      store_n<T>(momentum + i, m, rest);
      d = args.nesterov ? d + mu * m : m;
    }
    store_n<T>(p + i, param + lr * d, rest);
  }
}

/// Bias corrections are taken in double, once. p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
template <class T>
void adam(T* p, const T* g, T* m, T* v, T* max_v, int64_t n, const AdamArgs& args) {
  using V = Vec<T>;
  const auto t = static_cast<double>(args.step);
  const double correction1 = 1 - __builtin_pow(args.beta1, t), correction2 = 1 - __builtin_pow(args.beta2, t);
  const V step = k<V>(-args.lr / correction1), root = k<V>(1 / __builtin_sqrt(correction2)), eps = k<V>(args.eps);
  const V beta1 = k<V>(args.beta1), beta2 = k<V>(args.beta2), rest1 = k<V>(1 - args.beta1),
          rest2 = k<V>(1 - args.beta2);
  const V decay = k<V>(args.weight_decay), shrink = k<V>(1 - args.lr * args.weight_decay);
  const V sign = k<V>(args.maximize ? -1 : 1);
  const bool decoupled = args.decoupled && args.weight_decay != 0, coupled = !args.decoupled && args.weight_decay != 0;
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    V param = load_n(p + i, rest);
    V d = load_n(g + i, rest) * sign;
    if (coupled) d = d + decay * param;
    if (decoupled) param = param * shrink;
    const V m1 = load_n(m + i, rest) * beta1 + rest1 * d;
    V v1 = load_n(v + i, rest) * beta2 + rest2 * d * d;
    store_n<T>(m + i, m1, rest);
    store_n<T>(v + i, v1, rest);
    if (args.amsgrad) {
      const V old = load_n(max_v + i, rest);
      v1 = v1 == v1 ? max_nan(old, v1) : v1;
      store_n<T>(max_v + i, v1, rest);
    }
    const V denominator = sqrt(v1) * root + eps;
    store_n<T>(p + i, param + step * (m1 / denominator), rest);
  }
}

}  // namespace

void add_optim(Loops& table) {
  table.f32.sgd = sgd<float>;
  table.f64.sgd = sgd<double>;
  table.f32.adam = adam<float>;
  table.f64.adam = adam<double>;
}

}  // namespace hearth::cpu::HEARTH_ISA
