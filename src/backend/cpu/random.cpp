#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"
#include "base/distributions.h"

namespace hearth::cpu {
namespace {

/// An output in row-major order: contiguous memory, stored to out at the end.
template <class F>
void fill_in_order(const char* op, const Tensor& out, F&& f) {
  if (impl(out)->numel == 0) return;
  const DenseOut to(out);
  visit_floating(op, impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    f(to.data<T>(), impl(out)->numel);
  });
  to.store();
}

/// A parameter in double: one number for each element of out, or one for all.
class Parameter {
 public:
  Parameter(const Tensor& p, const Tensor& out) : held_(dense_as(p, kDouble)), step_(1) {
    if (impl(p)->numel == 1) {
      step_ = 0;
    } else if (!std::ranges::equal(impl(p)->sizes, impl(out)->sizes)) {
      held_ = make_tensor(impl(out)->sizes, kDouble);
      copy(held_, p);
    }
    data_ = data_of<double>(held_);
  }
  double operator[](int64_t i) const { return data_[i * step_]; }

 private:
  Tensor held_;
  int64_t step_;
  const double* data_;
};

template <class T>
double drawn(DrawOp op, GeneratorImpl& generator, double a, double b) {
  switch (op) {
    case DrawOp::exponential: return exponential(generator, a);
    case DrawOp::cauchy: return cauchy(generator, a, b);
    case DrawOp::log_normal: return log_normal(generator, a, b);
    case DrawOp::geometric: return geometric(generator, a);
    case DrawOp::poisson: return poisson(generator, a);
    case DrawOp::binomial: return binomial(generator, static_cast<Compute<T>>(a), static_cast<Compute<T>>(b));
  }
  return 0;
}

/// A word below this keeps an element that has probability p: 0 never, 2^32 always.
uint64_t word_limit(double p) { return p >= 1 ? uint64_t{1} << 32 : p > 0 ? static_cast<uint64_t>(p * 0x1p32) : 0; }

/// f(words, first, n) with the Philox words of elements [first, first + n), over [0, total) in parallel. Word i belongs
/// to element i, so the result does not depend on the cut.
template <class F>
void with_words(uint64_t key, int64_t total, double ns, F&& f) {
  constexpr int64_t kWords = 1024;
  parallel_for(0, total, grain_for(1 + ns), [&](int64_t begin, int64_t end) {
    alignas(64) uint32_t words[kWords];
    while (begin < end) {
      const int64_t start = begin / 4 * 4, n = std::min(end, start + kWords) - start;
      loops().philox(key, static_cast<uint64_t>(start), words, (n + 3) / 4);
      f(words + (begin - start), begin, n - (begin - start));
      begin = start + n;
    }
  });
}

}  // namespace

void uniform(const Tensor& out, double low, double high, GeneratorImpl& generator) {
  fill_in_order("uniform_", out, [&](auto* y, int64_t n) { uniform_fill(generator, y, n, low, high); });
}

void normal(const Tensor& out, double mean, double std, GeneratorImpl& generator) {
  fill_in_order("normal_", out, [&](auto* y, int64_t n) { normal_fill(generator, y, n, mean, std); });
}

void draw(DrawOp op, const Tensor& out, const Tensor& a, const Tensor& b, GeneratorImpl& generator) {
  if (impl(out)->numel == 0) return;
  const Parameter first(a, out), second(b, out);
  const DenseOut to(out);
  visit_numbers("draw", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* y = to.data<T>();
    for (int64_t i = 0; i < impl(out)->numel; ++i) {
      const double x = drawn<T>(op, generator, first[i], second[i]);
      if constexpr (std::is_integral_v<T>) {  // what the dtype can't hold becomes its largest
        const auto top = static_cast<double>(std::numeric_limits<T>::max());
        y[i] = x < top ? static_cast<T>(x) : std::numeric_limits<T>::max();
      } else {
        y[i] = static_cast<T>(static_cast<Math<T>>(x));
      }
    }
  });
  to.store();
}

void random_integers(const Tensor& out, int64_t low, uint64_t range, GeneratorImpl& generator) {
  if (impl(out)->numel == 0) return;
  const DenseOut to(out);
  visit_all("random_", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* y = to.data<T>();
    for (int64_t i = 0; i < impl(out)->numel; ++i) {
      y[i] = static_cast<T>(static_cast<Math<T>>(random_from_to<T>(generator, range, low)));
    }
  });
  to.store();
}

void randperm(const Tensor& out, GeneratorImpl& generator) {
  const int64_t n = impl(out)->numel;
  if (n == 0) return;
  const DenseOut to(out);
  visit_numbers("randperm", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* y = to.data<T>();
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(static_cast<Math<T>>(i));
    for (int64_t i = 0; i < n - 1; ++i) {
      const int64_t other = i + static_cast<int64_t>(generator.random() % static_cast<uint64_t>(n - i));
      std::swap(y[i], y[other]);
    }
  });
  to.store();
}

void bernoulli(const Tensor& out, const Tensor& p, uint64_t key) {
  const int64_t n = impl(out)->numel;
  if (n == 0) return;
  const Parameter probability(p, out);
  const DenseOut to(out);
  visit_all("bernoulli", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* y = to.data<T>();
    with_words(key, n, 1, [&](const uint32_t* words, int64_t first, int64_t count) {
      for (int64_t i = 0; i < count; ++i) {
        const bool hit = words[i] < word_limit(probability[first + i]);
        y[first + i] = static_cast<T>(hit ? Math<T>(1) : Math<T>(0));
      }
    });
  });
  to.store();
}

void dropout(const Tensor& out, const Tensor& mask, const Tensor& x, double p, uint64_t key) {
  const int64_t n = impl(x)->numel;
  if (n == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(out), bits(mask);
  const uint64_t limit = word_limit(1 - p);
  visit_floating("dropout", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using M = Math<T>;
    const M scale = p < 1 ? static_cast<M>(1 / (1 - p)) : M(0);
    T* y = to.data<T>();
    auto* kept = bits.data<uint8_t>();
    const T* in = data_of<T>(from);
    with_words(key, n, 0.3, [&](const uint32_t* words, int64_t first, int64_t count) {
      // The last limit, 2^32, is no 32-bit number: compare with limit - 1.
      uint8_t* m = kept + first;
      if (limit == 0) {
        std::memset(m, 0, static_cast<size_t>(count));
      } else {
        loops().keep_mask(words, static_cast<uint32_t>(limit - 1), m, count);
      }
      if constexpr (std::is_same_v<T, M>) {
        loops_of<T>().masked_scale(in + first, m, y + first, count, scale);
      } else {
        for (int64_t i = 0; i < count; ++i) {
          y[first + i] = static_cast<T>(static_cast<M>(in[first + i]) * (m[i] ? scale : M(0)));
        }
      }
    });
  });
  to.store();
  bits.store();
}

}  // namespace hearth::cpu
