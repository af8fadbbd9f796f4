// One pass of an optimizer over a piece of a parameter. Formulas and their order are PyTorch's.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

/// A pass's numbers as vectors.
template <class T>
struct Numbers {
  using V = Vec<T>;
  explicit Numbers(const StepArgs& args)
      : lr(k<V>(args.lr)),
        lr_grad(k<V>(args.lr_grad)),
        decay(k<V>(args.decay)),
        shrink(k<V>(args.shrink)),
        beta1(k<V>(args.beta1)),
        beta2(k<V>(args.beta2)),
        rest1(k<V>(args.rest1)),
        rest2(k<V>(1 - args.beta2)),
        eps(k<V>(args.eps)),
        scale(k<V>(args.scale)),
        sign(k<V>(args.maximize ? -1 : 1)) {}
  V lr, lr_grad, decay, shrink, beta1, beta2, rest1, rest2, eps, scale, sign;
};

/// Asks for the memory that is due in a few vectors' time: the processor alone does not look far enough ahead on so
/// many streams at once.
HEARTH_INLINE void ahead(const void* p) { __builtin_prefetch(static_cast<const char*>(p) + 2048); }

/// move(param, d, i, rest) for each vector, where `rest` elements are left; it gives the parameter's new value.
template <class T, class Move>
HEARTH_INLINE void each(T* p, const T* g, int64_t n, const StepArgs& args, const Numbers<T>& a, Move&& move) {
  using V = Vec<T>;
  const bool decays = args.decay != 0;
  for (int64_t i = 0; i < n; i += lanes<T>) {
    const int64_t rest = n - i;
    ahead(p + i);
    ahead(g + i);
    const V param = load_n(p + i, rest);
    V d = load_n(g + i, rest) * a.sign;
    if (decays) d = d + a.decay * param;
    store_n<T>(p + i, move(param * a.shrink, d, i, rest), rest);
  }
}

/// x / y. In float by the reciprocal, which takes a quarter of the division's time; where Newton's step meets
/// infinities (y is 0, infinite or tiny), the first guess is right.
HEARTH_INLINE D quotient(D x, D y) { return x / y; }
HEARTH_INLINE F quotient(F x, F y) {
#if defined(__AVX512F__)
  const F guess = _mm512_maskz_rcp14_ps(0xffff, y), better = fma(guess, fma(-y, guess, splat(1.0F)), guess);
  return x * (better == better ? better : guess);
#else
  return x / y;
#endif
}

/// average = average * beta + rest * x, in memory too.
template <class T>
HEARTH_INLINE Vec<T> average(T* at, Vec<T> beta, Vec<T> rest, Vec<T> x, int64_t n) {
  ahead(at);
  const Vec<T> y = load_n(at, n) * beta + rest * x;
  store_n<T>(at, y, n);
  return y;
}

/// -1, 0 or 1, NaN for NaN.
template <class V>
HEARTH_INLINE V sign_of(V x) {
  return x == k<V>(0) || x != x ? x : copysign(k<V>(1), x);
}

template <class T>
void sgd(T* p, const T* g, T* momentum, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    if (momentum) {
      const V m = args.first ? d : load_n(momentum + i, rest) * a.beta1 + a.rest1 * d;
      store_n<T>(momentum + i, m, rest);
      d = args.nesterov ? d + a.beta1 * m : m;
    }
    return param - a.lr * d;
  });
}

template <class T>
void adam(T* p, const T* g, T* m, T* v, T* max_v, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V m1 = average(m + i, a.beta1, a.rest1, d, rest);
    V v1 = average(v + i, a.beta2, a.rest2, d * d, rest);
    if (max_v) {
      const V old = load_n(max_v + i, rest);
      v1 = v1 == v1 ? max_nan(old, v1) : v1;
      store_n<T>(max_v + i, v1, rest);
    }
    V move = a.lr * m1;
    if (args.lr_grad != 0) move = move + a.lr_grad * d;
    return param - (args.plain ? move : quotient(move, sqrt(v1) * a.scale + a.eps));
  });
}

template <class T>
void adagrad(T* p, const T* g, T* sum, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V s = load_n(sum + i, rest) + d * d;
    store_n<T>(sum + i, s, rest);
    return param - quotient(a.lr * d, sqrt(s) + a.eps);
  });
}

template <class T>
void adadelta(T* p, const T* g, T* square, T* moved, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V s = average(square + i, a.beta1, a.rest1, d * d, rest);
    const V move = sqrt(load_n(moved + i, rest) + a.eps) / sqrt(s + a.eps) * d;
    average(moved + i, a.beta1, a.rest1, move * move, rest);
    return param - a.lr * move;
  });
}

template <class T>
void adamax(T* p, const T* g, T* m, T* top, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V m1 = average(m + i, a.beta1, a.rest1, d, rest);
    const V t = max_nan(load_n(top + i, rest) * a.beta2, abs(d) + a.eps);
    store_n<T>(top + i, t, rest);
    return param - quotient(a.lr * m1, t);
  });
}

template <class T>
void rmsprop(T* p, const T* g, T* square, T* momentum, T* mean, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    V s = average(square + i, a.beta2, a.rest2, d * d, rest);
    if (mean) {
      const V m = average(mean + i, a.beta2, a.rest2, d, rest);
      s = s - m * m;
    }
    V move = quotient(d, sqrt(s) + a.eps);
    if (momentum) move = average(momentum + i, a.beta1, k<V>(1), move, rest);
    return param - a.lr * move;
  });
}

template <class T>
void rprop(T* p, const T* g, T* before, T* size, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V turn = load_n(before + i, rest) * d, one = k<V>(1);
    const V factor = turn > k<V>(0) ? a.beta2 : turn < k<V>(0) ? a.beta1 : one;
    const V s = min_nan(max_nan(load_n(size + i, rest) * factor, a.eps), a.scale);
    store_n<T>(size + i, s, rest);
    d = turn < k<V>(0) ? k<V>(0) : d;
    store_n<T>(before + i, d, rest);
    return param - sign_of(d) * s;
  });
}

template <class T>
void asgd(T* p, const T* g, T* mean, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V moved = param - a.lr * d, old = load_n(mean + i, rest);
    store_n<T>(mean + i, args.scale == 1 ? moved : old + (moved - old) * a.scale, rest);
    return moved;
  });
}

template <class T>
void lion(T* p, const T* g, T* m, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V old = load_n(m + i, rest);
    store_n<T>(m + i, old * a.beta2 + a.rest2 * d, rest);
    return param - a.lr * sign_of(old * a.beta1 + a.rest1 * d);
  });
}

template <class T>
void lamb(T* p, const T* g, T* m, T* v, T* update, int64_t n, const StepArgs& args) {
  using V = Vec<T>;
  const Numbers<T> a(args);
  each(p, g, n, args, a, [&](V param, V d, int64_t i, int64_t rest) {
    const V m1 = average(m + i, a.beta1, a.rest1, d, rest), v1 = average(v + i, a.beta2, a.rest2, d * d, rest);
    store_n<T>(update + i, quotient(a.lr * m1, sqrt(v1) * a.scale + a.eps) + a.lr_grad * param, rest);
    return param;
  });
}

template <class T>
void fused_step(StepOp op, T* p, const T* g, T* const* s, int64_t n, const StepArgs& args) {
  switch (op) {
    case StepOp::sgd: return sgd(p, g, s[0], n, args);
    case StepOp::adam: return adam(p, g, s[0], s[1], s[2], n, args);
    case StepOp::adagrad: return adagrad(p, g, s[0], n, args);
    case StepOp::adadelta: return adadelta(p, g, s[0], s[1], n, args);
    case StepOp::adamax: return adamax(p, g, s[0], s[1], n, args);
    case StepOp::rmsprop: return rmsprop(p, g, s[0], s[1], s[2], n, args);
    case StepOp::rprop: return rprop(p, g, s[0], s[1], n, args);
    case StepOp::asgd: return asgd(p, g, s[0], n, args);
    case StepOp::lion: return lion(p, g, s[0], n, args);
    case StepOp::lamb: return lamb(p, g, s[0], s[1], s[2], n, args);
  }
}

}  // namespace

void add_optim(Loops& table) {
  table.f32.fused_step = fused_step<float>;
  table.f64.fused_step = fused_step<double>;
}

}  // namespace hearth::cpu::HEARTH_ISA
