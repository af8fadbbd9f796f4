// Fused optimizer steps against the textbook loops in double, over several steps and tensors.
#include <functional>

#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;

struct Lists {
  std::vector<Tensor> p, g, m, v, top;
};
Lists make_lists(ScalarType dtype) {
  Lists l;
  unsigned seed = 1;
  for (const int64_t n : {1, 7, 1000, 0, 70001}) {
    l.p.push_back(random_tensor({n}, dtype, -1, 1, seed++));
    l.g.push_back(random_tensor({n}, dtype, -1, 1, seed++));
    for (std::vector<Tensor>* state : {&l.m, &l.v, &l.top}) {
      state->push_back(make_tensor({n}, dtype));
      cpu().fill(state->back(), Scalar(0.0));
    }
  }
  return l;
}

/// One number's life under SGD.
struct Sgd {
  double p, buf = 0;
  void step(double g, const SgdArgs& a) {
    if (a.maximize) g = -g;
    g += a.weight_decay * p;
    if (a.momentum != 0) {
      buf = a.first ? g : a.momentum * buf + (1 - a.dampening) * g;
      g = a.nesterov ? g + a.momentum * buf : buf;
    }
    p -= a.lr * g;
  }
};
struct Adam {
  double p, m = 0, v = 0, top = 0;
  void step(double g, const AdamArgs& a) {
    if (a.maximize) g = -g;
    if (a.decoupled) {
      p *= 1 - a.lr * a.weight_decay;
    } else {
      g += a.weight_decay * p;
    }
    m = a.beta1 * m + (1 - a.beta1) * g;
    v = a.beta2 * v + (1 - a.beta2) * g * g;
    top = std::max(top, v);
    const double t = static_cast<double>(a.step), c1 = 1 - std::pow(a.beta1, t), c2 = 1 - std::pow(a.beta2, t);
    p -= a.lr / c1 * m / (std::sqrt(a.amsgrad ? top : v) / std::sqrt(c2) + a.eps);
  }
};

TEST(Optim, SgdWithEveryOption) {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    for (int options = 0; options < 32; ++options) {
      SgdArgs a;
      a.lr = 0.1;
      a.momentum = options & 1 ? 0.9 : 0;
      a.dampening = options & 2 ? 0.3 : 0;
      a.weight_decay = options & 4 ? 0.05 : 0;
      a.nesterov = (options & 8) != 0 && a.momentum != 0;
      a.maximize = (options & 16) != 0;
      Lists l = make_lists(dtype);
      std::vector<std::vector<Sgd>> want;
      for (const Tensor& p : l.p) {
        want.emplace_back();
        for (const double v : values(p)) want.back().push_back({v});
      }
      for (int step = 0; step < 4; ++step) {
        a.first = step == 0;
        cpu().sgd(l.p, l.g, a.momentum != 0 ? l.m : std::vector<Tensor>(), a);
        for (size_t i = 0; i < l.p.size(); ++i) {
          for (size_t k = 0; k < want[i].size(); ++k) want[i][k].step(get(l.g[i], static_cast<int64_t>(k)), a);
        }
      }
      for (size_t i = 0; i < l.p.size(); ++i) {
        for (size_t k = 0; k < want[i].size(); k += 97) {
          expect_near(get(l.p[i], static_cast<int64_t>(k)), want[i][k].p, tolerance(dtype));
        }
      }
    }
  }
}

TEST(Optim, AdamWithEveryOption) {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    for (int options = 0; options < 16; ++options) {
      AdamArgs a;
      a.lr = 0.01;
      a.beta1 = 0.9;
      a.beta2 = 0.99;
      a.eps = 1e-8;
      a.weight_decay = options & 1 ? 0.1 : 0;
      a.amsgrad = (options & 2) != 0;
      a.decoupled = (options & 4) != 0;
      a.maximize = (options & 8) != 0;
      Lists l = make_lists(dtype);
      std::vector<std::vector<Adam>> want;
      for (const Tensor& p : l.p) {
        want.emplace_back();
        for (const double v : values(p)) want.back().push_back({v});
      }
      for (a.step = 1; a.step <= 4; ++a.step) {
        for (Tensor& g : l.g) {  // smaller each time, so that the largest v is an old one
          cpu().binary(BinaryOp::mul, g, g, Tensor(), Args{{0.3, 0, 0, 0}});
        }
        cpu().adam(l.p, l.g, l.m, l.v, a.amsgrad ? l.top : std::vector<Tensor>(), a);
        for (size_t i = 0; i < l.p.size(); ++i) {
          for (size_t k = 0; k < want[i].size(); ++k) want[i][k].step(get(l.g[i], static_cast<int64_t>(k)), a);
        }
      }
      for (size_t i = 0; i < l.p.size(); ++i) {
        for (size_t k = 0; k < want[i].size(); k += 97) {
          expect_near(get(l.p[i], static_cast<int64_t>(k)), want[i][k].p, 2 * tolerance(dtype));
        }
      }
    }
  }
}

TEST(Optim, SameBitsForAnyThreads) {
  AdamArgs a;
  a.lr = 0.01;
  a.beta1 = 0.9;
  a.beta2 = 0.999;
  a.eps = 1e-8;
  a.step = 1;
  expect_same_bits_for_any_threads("adam", [&] {
    Lists l = make_lists(kFloat);
    cpu().adam(l.p, l.g, l.m, l.v, {}, a);
    return l.p.back();
  });
}

TEST(Optim, RefusesHalves) {
  const Tensor h = random_tensor({3}, kHalf);
  EXPECT_THROW(cpu().sgd({h}, {h}, {}, SgdArgs{}), DtypeError);
}

}  // namespace
}  // namespace hearth::test
