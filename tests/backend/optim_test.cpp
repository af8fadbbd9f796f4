// Fused optimizer steps against the same by plain loops in double, over several steps and tensors. That the formulas
// are the optimizers' is tests/optim's business.
#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

constexpr StepOp kOps[] = {StepOp::sgd,     StepOp::adam,  StepOp::adagrad, StepOp::adadelta, StepOp::adamax,
                           StepOp::rmsprop, StepOp::rprop, StepOp::asgd,    StepOp::lion,     StepOp::lamb};
/// At least and at most so many states.
constexpr int kStates[][2] = {{0, 1}, {2, 3}, {1, 1}, {2, 2}, {2, 2}, {1, 3}, {2, 2}, {1, 1}, {1, 1}, {3, 3}};

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/// One number's life; has[k]: the k-th state is there.
struct Number {
  double p, s[3] = {0.1, 0.2, 0.15};
  void step(StepOp op, double g, const StepArgs& a, const bool* has) {
    const double d = (a.maximize ? -g : g) + a.decay * p, rest2 = 1 - a.beta2;
    p *= a.shrink;
    switch (op) {
      case StepOp::sgd: {
        if (has[0]) s[0] = a.first ? d : a.beta1 * s[0] + a.rest1 * d;
        p -= a.lr * (!has[0] ? d : a.nesterov ? d + a.beta1 * s[0] : s[0]);
        break;
      }
      case StepOp::adam:
      case StepOp::lamb: {
        s[0] = a.beta1 * s[0] + a.rest1 * d;
        s[1] = a.beta2 * s[1] + rest2 * d * d;
        if (op == StepOp::lamb) {
          s[2] = a.lr * s[0] / (std::sqrt(s[1]) * a.scale + a.eps) + a.lr_grad * p;
          break;
        }
        if (has[2]) s[2] = std::max(s[2], s[1]);
        const double below = std::sqrt(has[2] ? s[2] : s[1]) * a.scale + a.eps;
        p -= (a.lr * s[0] + a.lr_grad * d) / (a.plain ? 1 : below);
        break;
      }
      case StepOp::adagrad:
        s[0] += d * d;
        p -= a.lr * d / (std::sqrt(s[0]) + a.eps);
        break;
      case StepOp::adadelta: {
        s[0] = a.beta1 * s[0] + a.rest1 * d * d;
        const double move = std::sqrt(s[1] + a.eps) / std::sqrt(s[0] + a.eps) * d;
        s[1] = a.beta1 * s[1] + a.rest1 * move * move;
        p -= a.lr * move;
        break;
      }
      case StepOp::adamax:
        s[0] = a.beta1 * s[0] + a.rest1 * d;
        s[1] = std::max(a.beta2 * s[1], std::abs(d) + a.eps);
        p -= a.lr * s[0] / s[1];
        break;
      case StepOp::rmsprop: {
        s[0] = a.beta2 * s[0] + rest2 * d * d;
        if (has[2]) s[2] = a.beta2 * s[2] + rest2 * d;
        double move = d / (std::sqrt(has[2] ? s[0] - s[2] * s[2] : s[0]) + a.eps);
        if (has[1]) move = s[1] = a.beta1 * s[1] + move;
        p -= a.lr * move;
        break;
      }
      case StepOp::rprop: {
        const double turn = s[0] * d;
        s[1] = std::min(std::max(s[1] * (turn > 0 ? a.beta2 : turn < 0 ? a.beta1 : 1), a.eps), a.scale);
        s[0] = turn < 0 ? 0 : d;
        p -= sign(s[0]) * s[1];
        break;
      }
      case StepOp::asgd:
        p -= a.lr * d;
        s[0] += (p - s[0]) * a.scale;
        break;
      case StepOp::lion: p -= a.lr * sign(a.beta1 * s[0] + a.rest1 * d); s[0] = a.beta2 * s[0] + rest2 * d;
    }
  }
};

/// Tensors of several sizes, with states that start as Number's.
struct Lists {
  Lists(ScalarType dtype, const bool* has, int64_t most) : states(3) {
    unsigned seed = 1;
    for (const int64_t n : {int64_t{1}, int64_t{7}, int64_t{1000}, int64_t{0}, most}) {
      p.push_back(random_tensor({n}, dtype, -1, 1, seed++));
      g.push_back(random_tensor({n}, dtype, -1, 1, seed++));
      for (size_t k = 0; k < 3; ++k) {
        if (!has[k]) continue;
        states[k].push_back(make_tensor({n}, dtype));
        cpu().fill(states[k].back(), Scalar(Number{0}.s[k]));
      }
    }
  }
  std::vector<Tensor> p, g;
  std::vector<std::vector<Tensor>> states;
};

StepArgs args_of(StepOp op, int options) {
  StepArgs a;
  a.lr = 0.01;
  a.beta1 = op == StepOp::rprop ? 0.5 : 0.9;
  a.beta2 = op == StepOp::rprop ? 1.2 : 0.99;
  a.rest1 = 0.125;
  a.eps = 0.01;
  a.scale = op == StepOp::rprop ? 0.3 : 0.7;
  a.decay = options & 1 ? 0.1 : 0;
  a.shrink = options & 2 ? 0.95 : 1;
  a.maximize = (options & 4) != 0;
  a.nesterov = a.plain = (options & 8) != 0;
  a.lr_grad = options & 8 ? 0.02 : 0;
  return a;
}

void check_pass(StepOp op, ScalarType dtype, const bool* has, StepArgs a) {
  Lists l(dtype, has, 5003);
  std::vector<std::vector<Number>> want;
  for (const Tensor& p : l.p) {
    want.emplace_back();
    for (const double v : values(p)) want.back().push_back({v});
  }
  for (int step = 0; step < 4; ++step) {
    a.first = op == StepOp::sgd && step == 0;
    for (Tensor& g : l.g) cpu().binary(BinaryOp::mul, g, g, Tensor(), Args{{step == 2 ? -0.5 : 0.7, 0, 0, 0}});
    cpu().fused_step(op, l.p, l.g, l.states, a);
    for (size_t i = 0; i < l.p.size(); ++i)
      for (size_t k = 0; k < want[i].size(); ++k) want[i][k].step(op, get(l.g[i], static_cast<int64_t>(k)), a, has);
  }
  for (size_t i = 0; i < l.p.size(); ++i)
    for (size_t k = 0; k < want[i].size(); k += 97) {
      const auto at = static_cast<int64_t>(k);
      expect_near(get(l.p[i], at), want[i][k].p, 8 * tolerance(dtype));
      for (size_t s = 0; s < 3; ++s)
        if (has[s]) expect_near(get(l.states[s][i], at), want[i][k].s[s], 8 * tolerance(dtype));
    }
}

TEST(Optim, PassesWithEveryOption) {
  for (const ScalarType dtype : {kFloat, kDouble})
    for (size_t op = 0; op < std::size(kOps); ++op)
      for (int given = 0; given < 8; ++given) {
        const bool has[3] = {(given & 1) != 0, (given & 2) != 0, (given & 4) != 0};
        bool fits = true;
        for (int k = 0; k < 3; ++k) fits = fits && (has[k] ? k < kStates[op][1] : k >= kStates[op][0]);
        for (int options = 0; fits && options < 16; ++options) {
          SCOPED_TRACE(testing::Message() << "pass " << op << ", states " << given << ", options " << options);
          check_pass(kOps[op], dtype, has, args_of(kOps[op], options));
          if (testing::Test::HasFailure()) return;
        }
      }
}

TEST(Optim, SameBitsForAnyThreads) {
  for (size_t op = 0; op < std::size(kOps); ++op)
    expect_same_bits_for_any_threads("fused_step", [&] {
      bool has[3];
      for (int k = 0; k < 3; ++k) has[k] = k < kStates[op][1];
      Lists l(kFloat, has, 200003);
      cpu().fused_step(kOps[op], l.p, l.g, l.states, args_of(kOps[op], 1));
      return l.p.back();
    });
}

TEST(Optim, ZeroAndHugeDivisors) {  // the reciprocal's edges: as a division has them
  StepArgs a;
  a.lr = 1;
  a.beta1 = a.beta2 = 0;
  a.rest1 = 1;
  const Tensor p = make_tensor({16}, kFloat), g = make_tensor({16}, kFloat), m = make_tensor({16}, kFloat),
               v = make_tensor({16}, kFloat);
  const auto moved = [&](double gradient, double eps) {
    for (const Tensor& t : {p, m, v}) cpu().fill(t, Scalar(0.0));
    cpu().fill(g, Scalar(gradient));
    a.eps = eps;
    cpu().fused_step(StepOp::adam, {p}, {g}, {{m}, {v}}, a);
    return get(p, 3);
  };
  EXPECT_TRUE(std::isnan(moved(0, 0)));
  EXPECT_EQ(moved(0, 1e-8), 0);
  EXPECT_EQ(moved(1e30, 0), 0) << "the square is infinite";
  EXPECT_NEAR(moved(1e-12, 0), -1, 1e-6);
  EXPECT_TRUE(std::isnan(moved(NAN, 1e-8)));
}

TEST(Optim, RefusesHalves) {
  const Tensor h = random_tensor({3}, kHalf);
  EXPECT_THROW(cpu().fused_step(StepOp::sgd, {h}, {h}, {}, StepArgs{}), DtypeError);
}

}  // namespace
}  // namespace hearth::test
