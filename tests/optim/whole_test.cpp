// Optimizers that look at a whole parameter, or at all of them, against their formulas in plain doubles.
#include <deque>

#include "optim/trajectory.h"

namespace hearth::optim {
namespace {

double norm(const Numbers& x) {
  double sum = 0;
  for (const double v : x) sum += v * v;
  return std::sqrt(sum);
}
double inner(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
Numbers moved(Numbers x, double t, const Numbers& d) {
  for (size_t i = 0; i < x.size(); ++i) x[i] += t * d[i];
  return x;
}

TEST(Trajectory, LAMB) {
  for (int options = 0; options < 3; ++options) {
    const double decay = options == 0 ? 0 : 0.1, lr = options == 0 ? 1e-3 : 0.02, way = options == 2 ? -1 : 1;
    Numbers m(5), v(5);
    follow(
        "LAMB", [&](auto p) { return LAMB(p, LAMBOptions(lr).weight_decay(decay).maximize(way < 0)); },
        [&](Numbers& x, const Numbers& g, int t) {
          Numbers update;
          for (size_t i = 0; i < 5; ++i) {
            m[i] = 0.9 * m[i] + 0.1 * way * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            update.push_back(m[i] / (1 - std::pow(0.9, t)) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-6) +
                             decay * x[i]);
          }
          x = moved(x, -lr * norm(x) / norm(update), update);
        });
  }
}

TEST(Trajectory, AdafactorOfAVector) {
  for (int options = 0; options < 3; ++options) {
    const bool own = options != 0;
    const double lr = own ? 0.05 : 0.01, power = own ? -0.5 : -0.8, e1 = own ? 1e-4 : 0x1p-52, e2 = own ? 0.1 : 1e-3;
    const double d = own ? 1.5 : 1, decay = own ? 0.1 : 0, way = options == 2 ? -1 : 1;
    AdafactorOptions o(lr);
    if (own) o.beta2_decay(power).eps({e1, e2}).d(d).weight_decay(decay).maximize(way < 0);
    Numbers v(5);
    follow(
        "Adafactor", [&](auto p) { return Adafactor(p, o); },
        [&](Numbers& x, const Numbers& g, int t) {
          const double fresh = std::pow(t, power), rms = norm(x) / std::sqrt(5);
          const double alpha = std::max(e2, rms) * std::min(lr, 1 / std::sqrt(t));
          Numbers update;
          for (size_t i = 0; i < 5; ++i) {
            v[i] += (g[i] * g[i] - v[i]) * fresh;
            update.push_back(way * g[i] / std::sqrt(std::max(v[i], e1 * e1)));
          }
          for (double& each : x) each *= 1 - lr * decay;
          x = moved(x, -alpha / std::max(1.0, norm(update) / std::sqrt(5) / d), update);
        });
  }
}

TEST(Trajectory, AdafactorOfAMatrix) {
  Numbers rows(3), columns(4);
  follow(
      "Adafactor", [](auto p) { return Adafactor(p); },
      [&](Numbers& x, const Numbers& g, int t) {
        const double fresh = std::pow(t, -0.8),
                     alpha = std::max(1e-3, norm(x) / std::sqrt(12)) * std::min(0.01, 1 / std::sqrt(t));
        Numbers row(3), column(4), update(12);
        for (size_t i = 0; i < 12; ++i) {
          row[i / 4] += g[i] * g[i] / 4;
          column[i % 4] += g[i] * g[i] / 3;
        }
        for (size_t i = 0; i < 3; ++i) rows[i] += (row[i] - rows[i]) * fresh;
        for (size_t i = 0; i < 4; ++i) columns[i] += (column[i] - columns[i]) * fresh;
        const double mean = (rows[0] + rows[1] + rows[2]) / 3;
        for (size_t i = 0; i < 12; ++i) update[i] = g[i] / std::sqrt(rows[i / 4] * columns[i % 4] / mean);
        x = moved(x, -alpha / std::max(1.0, norm(update) / std::sqrt(12)), update);
      },
      {3, 4});
}

/// c [rows, columns] = a [rows, n] @ b [n, columns]
Numbers product(const Numbers& a, const Numbers& b, size_t rows, size_t n, size_t columns) {
  Numbers c(rows * columns);
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < columns; ++j)
      for (size_t k = 0; k < n; ++k) c[i * columns + j] += a[i * n + k] * b[k * columns + j];
  return c;
}
Numbers turned(const Numbers& a, size_t rows, size_t columns) {
  Numbers b(a.size());
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < columns; ++j) b[j * rows + i] = a[i * columns + j];
  return b;
}

TEST(Trajectory, Muon) {
  for (int options = 0; options < 3; ++options) {
    const bool tall = options == 1, own = options == 2;
    const size_t rows = tall ? 4 : 3, columns = tall ? 3 : 4;
    const double lr = own ? 0.05 : 1e-3, decay = own ? 0.02 : 0.1, momentum = own ? 0.8 : 0.95;
    const double adjusted = own ? lr * 0.2 * 2 : tall ? lr * std::sqrt(4.0 / 3) : lr;
    MuonOptions o(lr);
    if (own) o.weight_decay(decay).momentum(momentum).nesterov(false).ns_steps(4).adjust_lr_fn("match_rms_adamw");
    Numbers buffer(12);
    follow(
        "Muon", [&](auto p) { return Muon(p, o); },
        [&](Numbers& x, const Numbers& g, int) {
          buffer = moved(buffer, 1 - momentum, moved(g, -1, buffer));
          Numbers y = own ? buffer : moved(g, momentum, moved(buffer, -1, g));
          if (tall) y = turned(y, 4, 3);
          const double size = norm(y);
          for (double& each : y) each /= size;
          for (int i = 0; i < (own ? 4 : 5); ++i) {
            const Numbers gram = product(y, turned(y, 3, 4), 3, 4, 3);
            Numbers next = product(gram, y, 3, 3, 4), last = product(gram, next, 3, 3, 4);
            for (size_t k = 0; k < 12; ++k) y[k] = 3.4445 * y[k] - 4.775 * next[k] + 2.0315 * last[k];
          }
          if (tall) y = turned(y, 3, 4);
          for (double& each : x) each *= 1 - lr * decay;
          x = moved(x, -adjusted, y);
        },
        {static_cast<int64_t>(rows), static_cast<int64_t>(columns)});
  }
}

/// A valley: sum of 5 (x[i + 1] - x[i]^2)^2 + (1 - x[i])^2, which has a long way down.
double valley(const Numbers& x, Numbers& g) {
  double f = 0;
  g.assign(x.size(), 0);
  for (size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    f += 5 * a * a + b * b;
    g[i] += -20 * a * x[i] - 2 * b;
    g[i + 1] += 10 * a;
  }
  return f;
}

/// L-BFGS without a line search, for at most `most` iterations a step.
struct PlainLbfgs {
  double lr;
  int most;
  size_t history;
  int iterations = 0;
  double t = 0, diagonal = 1;
  Numbers d, before;
  std::deque<Numbers> changes, moves;

  void step(Numbers& x) {
    Numbers g;
    double f = valley(x, g);
    for (int i = 1; i <= most; ++i) {
      if (iterations++ == 0) {
        d = moved(Numbers(x.size()), -1, g);
      } else {
        const Numbers change = moved(g, -1, before), move = moved(Numbers(x.size()), t, d);
        if (inner(change, move) > 1e-10) {
          if (changes.size() == history) {
            changes.pop_front();
            moves.pop_front();
          }
          changes.push_back(change);
          moves.push_back(move);
          diagonal = inner(change, move) / inner(change, change);
        }
        d = moved(Numbers(x.size()), -1, g);
        Numbers al(changes.size());
        for (size_t k = changes.size(); k-- > 0;) {
          al[k] = inner(moves[k], d) / inner(changes[k], moves[k]);
          d = moved(d, -al[k], changes[k]);
        }
        for (double& each : d) each *= diagonal;
        for (size_t k = 0; k < changes.size(); ++k)
          d = moved(d, al[k] - inner(changes[k], d) / inner(changes[k], moves[k]), moves[k]);
      }
      double sum = 0, largest = 0;
      for (const double each : g) sum += std::abs(each);
      t = iterations == 1 ? std::min(1.0, 1 / sum) * lr : lr;
      before = g;
      if (inner(g, d) > -1e-9) return;
      x = moved(x, t, d);
      if (i == most) return;
      const double old = f;
      f = valley(x, g);
      for (const double each : d) largest = std::max(largest, std::abs(each * t));
      if (largest <= 1e-9 || std::abs(f - old) < 1e-9) return;
    }
  }
};

Tensor valley_loss(const Tensor& p) {
  Numbers g;
  const double f = valley(numbers_of(p), g);
  p.mutable_grad() = tensor(g, kDouble);
  return full({}, f, kDouble);
}

TEST(Trajectory, LBFGS) {
  for (const bool small : {false, true}) {
    PlainLbfgs want{small ? 0.5 : 0.1, small ? 3 : 4, small ? 2U : 100U, 0, 0, 1, {}, {}, {}, {}};
    const Tensor p = leaf({6});
    LBFGS lbfgs(
        {p}, LBFGSOptions(want.lr).max_iter(want.most).max_eval(100).history_size(small ? 2 : 100).tolerance_grad(0));
    Numbers x = numbers_of(p);
    for (int t = 1; t <= kSteps; ++t) {
      lbfgs.step([&] { return valley_loss(p); });
      want.step(x);
      const Numbers got = numbers_of(p);
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_TRUE(close(got[i], x[i], 1e-6)) << "step " << t << ": " << got[i] << " for " << x[i];
    }
    const auto& state = static_cast<const LBFGSParamState&>(*lbfgs.state().begin()->second);
    EXPECT_EQ(state.n_iter(), want.iterations);
    EXPECT_EQ(state.old_dirs().size(), want.changes.size());
  }
}

TEST(LBFGS, StrongWolfeGoesDownFast) {
  const Tensor p = leaf({6});
  LBFGS lbfgs({p}, LBFGSOptions(1).max_iter(60).line_search_fn("strong_wolfe"));
  int calls = 0;
  const Tensor first = lbfgs.step([&] {
    ++calls;
    return valley_loss(p);
  });
  Numbers g;
  EXPECT_GT(first.item<double>(), 1);
  EXPECT_LT(valley(numbers_of(p), g), 1e-9);
  EXPECT_LT(norm(g), 1e-3);
  for (const double x : numbers_of(p)) EXPECT_NEAR(x, 1, 1e-4);
  EXPECT_LE(calls, 76) << "75 calls, and a line search that was under way";
  EXPECT_EQ(static_cast<LBFGSParamState&>(*lbfgs.state().begin()->second).func_evals(), calls);
}

TEST(LBFGS, AThrowLeavesEverythingAsItWas) {
  const Tensor p = leaf({6});
  LBFGS lbfgs({p}, LBFGSOptions(0.1).max_iter(5));
  lbfgs.step([&] { return valley_loss(p); });
  const Tensor before = p.detach().clone();
  const nn::StateDict state = lbfgs.state_dict();
  int calls = 0;
  EXPECT_THROW(lbfgs.step([&]() -> Tensor {
    if (++calls == 3) throw ValueError("no loss today");
    return valley_loss(p);
  }),
               ValueError);
  EXPECT_TRUE(equal(p, before));
  for (const auto& item : lbfgs.state_dict()) EXPECT_TRUE(equal(item.value(), state[item.key()])) << item.key();
  EXPECT_THROW(lbfgs.step(nullptr), ValueError);
  EXPECT_THROW(LBFGS({p}, LBFGSOptions().line_search_fn("armijo")), ValueError);
  EXPECT_THROW(LBFGS({p}, LBFGSOptions().max_iter(0)), ValueError);
  lbfgs.add_param_group(OptimizerParamGroup({leaf({2})}));
  EXPECT_THROW(lbfgs.step([&] { return valley_loss(p); }), ValueError);
  EXPECT_THROW(LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup({p}), OptimizerParamGroup({leaf({2})})}),
               ValueError);
}

}  // namespace
}  // namespace hearth::optim
