// Connectionist temporal classification (Graves et al., 2006): sums over all alignments, in logarithms and double.
#include <cmath>
#include <limits>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

double log_add(double a, double b) {
  if (a == kNever) return b;
  if (b == kNever) return a;
  return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

/// One sequence: labels with blanks around each, states = 2 * target_length + 1.
template <class T>
struct Sequence {
  const T* x;  // of the first frame and label
  int64_t frame, classes_step;
  const int64_t* target;
  int64_t frames, states, blank;

  int64_t label(int64_t s) const { return s % 2 == 0 ? blank : target[s / 2]; }
  double at(int64_t t, int64_t s) const { return static_cast<double>(x[t * frame + label(s) * classes_step]); }
  /// Whether state s may follow s - 2: not over a blank, nor between equal labels.
  bool skips(int64_t s) const { return s % 2 == 1 && s > 1 && target[s / 2] != target[s / 2 - 1]; }

  /// [frames, states]: the log-probability of all ways to be in s at t.
  std::vector<double> alphas() const {
    std::vector<double> a(static_cast<size_t>(frames * states), kNever);
    const auto place = [&](int64_t t, int64_t s) -> double& { return a[static_cast<size_t>(t * states + s)]; };
    for (int64_t s = 0; s < std::min<int64_t>(2, states) && frames > 0; ++s) place(0, s) = at(0, s);
    for (int64_t t = 1; t < frames; ++t)
      for (int64_t s = 0; s < states; ++s) {
        double sum = place(t - 1, s);
        if (s > 0) sum = log_add(sum, place(t - 1, s - 1));
        if (skips(s)) sum = log_add(sum, place(t - 1, s - 2));
        place(t, s) = sum == kNever ? kNever : sum + at(t, s);
      }
    return a;
  }
  double loss(const std::vector<double>& a) const {
    if (frames == 0) return states == 1 ? 0 : -kNever;
    const double* last = a.data() + (frames - 1) * states;
    return -(states > 1 ? log_add(last[states - 1], last[states - 2]) : last[0]);
  }
  /// The log-probability of all ways from s at t to the end, the frame t not counted.
  std::vector<double> betas() const {
    std::vector<double> b(static_cast<size_t>(frames * states), kNever);
    const auto place = [&](int64_t t, int64_t s) -> double& { return b[static_cast<size_t>(t * states + s)]; };
    for (int64_t s = std::max<int64_t>(0, states - 2); s < states; ++s) place(frames - 1, s) = 0;
    for (int64_t t = frames - 1; t-- > 0;)
      for (int64_t s = 0; s < states; ++s) {
        double sum = place(t + 1, s) + at(t + 1, s);
        if (s + 1 < states) sum = log_add(sum, place(t + 1, s + 1) + at(t + 1, s + 1));
        if (s + 2 < states && skips(s + 2)) sum = log_add(sum, place(t + 1, s + 2) + at(t + 1, s + 2));
        place(t, s) = sum;
      }
    return b;
  }
};

template <class T>
Sequence<T> sequence(const Tensor& x, const Tensor& target, const std::vector<int64_t>& input_lengths,
                     const std::vector<int64_t>& target_lengths, int64_t blank, int64_t n) {
  const auto i = static_cast<size_t>(n);
  const DimVector& strides = impl(x)->strides;
  return {data_of<T>(x) + n * strides[1],
          strides[0],
          strides[2],
          data_of<int64_t>(target) + n * impl(target)->sizes[1],
          input_lengths[i],
          2 * target_lengths[i] + 1,
          blank};
}

}  // namespace

void ctc_loss(const Tensor& out, const Tensor& x, const Tensor& target, const std::vector<int64_t>& input_lengths,
              const std::vector<int64_t>& target_lengths, int64_t blank) {
  visit_floating("ctc_loss", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_for(0, impl(x)->sizes[1], 1, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const auto s = sequence<T>(x, target, input_lengths, target_lengths, blank, n);
        data_of<T>(out)[n] = static_cast<T>(static_cast<Math<T>>(s.loss(s.alphas())));
      }
    });
  });
}

void ctc_loss_backward(const Tensor& gx, const Tensor& g, const Tensor& x, const Tensor& target,
                       const std::vector<int64_t>& input_lengths, const std::vector<int64_t>& target_lengths,
                       int64_t blank, bool zero_infinity) {
  fill(gx, 0);
  const int64_t batch = impl(x)->sizes[1], classes = impl(x)->sizes[2];
  visit_floating("ctc_loss_backward", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      std::vector<double> posterior(static_cast<size_t>(classes));
      for (int64_t n = begin; n < end; ++n) {
        const auto s = sequence<T>(x, target, input_lengths, target_lengths, blank, n);
        const std::vector<double> a = s.alphas();
        const double nll = s.loss(a), scale = static_cast<double>(static_cast<Math<T>>(data_of<T>(g)[n]));
        if (s.frames == 0 || (zero_infinity && std::isinf(nll))) continue;
        const std::vector<double> b = s.betas();
        for (int64_t t = 0; t < s.frames; ++t) {
          std::fill(posterior.begin(), posterior.end(), kNever);
          for (int64_t state = 0; state < s.states; ++state) {
            const auto at = static_cast<size_t>(t * s.states + state);
            double& sum = posterior[static_cast<size_t>(s.label(state))];
            sum = log_add(sum, a[at] + b[at]);
          }
          T* row = data_of<T>(gx) + (t * batch + n) * classes;
          for (int64_t c = 0; c < classes; ++c) {
            const double p = std::exp(static_cast<double>(s.x[t * s.frame + c * s.classes_step]));
            row[c] =
                static_cast<T>(static_cast<Math<T>>((p - std::exp(posterior[static_cast<size_t>(c)] + nll)) * scale));
          }
        }
      }
    });
  });
}

}  // namespace hearth::cpu
