// Optimizers that move each number by itself, against the formulas of their papers and of PyTorch's documentation.
#include "optim/trajectory.h"

namespace hearth::optim {
namespace {

using std::pow;
using std::sqrt;
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

template <class O, class Options>
auto make(Options options) {
  return [options](const std::vector<Tensor>& p) { return O(p, options); };
}

TEST(Trajectory, SGD) {
  for (const bool up : {false, true})
    follow_each("plain", make<SGD>(SGDOptions(up ? 1e-3 : 0.1).weight_decay(0.1).maximize(up)),
                [=](double x, double g, int, Memory&) { return x - (up ? 1e-3 : 0.1) * ((up ? -g : g) + 0.1 * x); });
  follow_each("momentum", make<SGD>(SGDOptions(0.1).momentum(0.9).dampening(0.3)),
              [](double x, double g, int t, Memory& m) {
                m[0] = t == 1 ? g : 0.9 * m[0] + 0.7 * g;
                return x - 0.1 * m[0];
              });
  follow_each("nesterov", make<SGD>(SGDOptions(0.05).momentum(0.8).nesterov(true)),
              [](double x, double g, int t, Memory& m) {
                m[0] = t == 1 ? g : 0.8 * m[0] + g;
                return x - 0.05 * (g + 0.8 * m[0]);
              });
}

TEST(Trajectory, AdamAndAdamW) {
  for (int options = 0; options < 8; ++options) {
    const bool amsgrad = (options & 1) != 0, decoupled = (options & 2) != 0, up = (options & 4) != 0;
    const auto step = [=](double x, double g, int t, Memory& m) {
      if (up) g = -g;
      if (decoupled) {
        x -= 0.01 * 0.02 * x;
      } else {
        g += 0.02 * x;
      }
      m[0] = 0.8 * m[0] + 0.2 * g;
      m[1] = 0.95 * m[1] + 0.05 * g * g;
      m[2] = std::max(m[2], m[1]);
      const double v = (amsgrad ? m[2] : m[1]) / (1 - pow(0.95, t));
      return x - 0.01 * (m[0] / (1 - pow(0.8, t))) / (sqrt(v) + 1e-6);
    };
    follow_each("Adam",
                make<Adam>(AdamOptions(0.01)
                               .betas({0.8, 0.95})
                               .eps(1e-6)
                               .weight_decay(0.02)
                               .amsgrad(amsgrad)
                               .maximize(up)
                               .decoupled_weight_decay(decoupled)),
                step);
    if (decoupled)
      follow_each(
          "AdamW",
          make<AdamW>(AdamWOptions(0.01).betas({0.8, 0.95}).eps(1e-6).weight_decay(0.02).amsgrad(amsgrad).maximize(up)),
          step);
  }
  follow_each("Adam's defaults", make<Adam>(AdamOptions()), [](double x, double g, int t, Memory& m) {
    m[0] = 0.9 * m[0] + 0.1 * g;
    m[1] = 0.999 * m[1] + 0.001 * g * g;
    return x - 1e-3 * (m[0] / (1 - pow(0.9, t))) / (sqrt(m[1] / (1 - pow(0.999, t))) + 1e-8);
  });
}

TEST(Trajectory, Adagrad) {
  for (const bool up : {false, true})
    follow_each(
        "options",
        make<Adagrad>(
            AdagradOptions(0.1).lr_decay(0.01).weight_decay(0.1).initial_accumulator_value(0.3).eps(1e-4).maximize(up)),
        [=](double x, double g, int t, Memory& m) {
          g = (up ? -g : g) + 0.1 * x;
          if (t == 1) m[0] = 0.3;
          m[0] += g * g;
          return x - 0.1 / (1 + (t - 1) * 0.01) * g / (sqrt(m[0]) + 1e-4);
        });
  follow_each("defaults", make<Adagrad>(AdagradOptions()), [](double x, double g, int, Memory& m) {
    m[0] += g * g;
    return x - 0.01 * g / (sqrt(m[0]) + 1e-10);
  });
}

TEST(Trajectory, Adadelta) {
  const auto step = [](double lr, double rho, double eps, double decay, double way) {
    return [=](double x, double g, int, Memory& m) {
      g = way * g + decay * x;
      m[0] = rho * m[0] + (1 - rho) * g * g;
      const double move = sqrt(m[1] + eps) / sqrt(m[0] + eps) * g;
      m[1] = rho * m[1] + (1 - rho) * move * move;
      return x - lr * move;
    };
  };
  follow_each("defaults", make<Adadelta>(AdadeltaOptions()), step(1, 0.9, 1e-6, 0, 1));
  follow_each("options", make<Adadelta>(AdadeltaOptions(0.5).rho(0.8).eps(1e-4).weight_decay(0.1)),
              step(0.5, 0.8, 1e-4, 0.1, 1));
  follow_each("maximize", make<Adadelta>(AdadeltaOptions(0.1).weight_decay(2).maximize(true)),
              step(0.1, 0.9, 1e-6, 2, -1));
}

TEST(Trajectory, Adamax) {
  const auto step = [](double lr, double b1, double b2, double eps, double decay, double way) {
    return [=](double x, double g, int t, Memory& m) {
      g = way * g + decay * x;
      m[0] = b1 * m[0] + (1 - b1) * g;
      m[1] = std::max(b2 * m[1], std::abs(g) + eps);
      return x - lr / (1 - pow(b1, t)) * m[0] / m[1];
    };
  };
  follow_each("defaults", make<Adamax>(AdamaxOptions()), step(2e-3, 0.9, 0.999, 1e-8, 0, 1));
  follow_each("options", make<Adamax>(AdamaxOptions(0.02).betas({0.7, 0.9}).eps(1e-3).weight_decay(0.1)),
              step(0.02, 0.7, 0.9, 1e-3, 0.1, 1));
  follow_each("maximize", make<Adamax>(AdamaxOptions(0.01).weight_decay(2).maximize(true)),
              step(0.01, 0.9, 0.999, 1e-8, 2, -1));
}

TEST(Trajectory, NAdam) {
  const auto step = [](double lr, double b1, double b2, double eps, double decay, double psi, bool decoupled,
                       double way) {
    return [=](double x, double g, int t, Memory& m) {
      g *= way;
      if (decoupled) {
        x *= 1 - lr * decay;
      } else {
        g += decay * x;
      }
      const double mu = b1 * (1 - 0.5 * pow(0.96, t * psi)), next = b1 * (1 - 0.5 * pow(0.96, (t + 1) * psi));
      m[2] = t == 1 ? mu : m[2] * mu;
      m[0] = b1 * m[0] + (1 - b1) * g;
      m[1] = b2 * m[1] + (1 - b2) * g * g;
      const double hat = next * m[0] / (1 - m[2] * next) + (1 - mu) * g / (1 - m[2]);
      return x - lr * hat / (sqrt(m[1] / (1 - pow(b2, t))) + eps);
    };
  };
  follow_each("defaults", make<NAdam>(NAdamOptions()), step(2e-3, 0.9, 0.999, 1e-8, 0, 4e-3, false, 1));
  for (const bool decoupled : {false, true})
    follow_each("options",
                make<NAdam>(NAdamOptions(0.02)
                                .betas({0.8, 0.95})
                                .eps(1e-4)
                                .weight_decay(0.1)
                                .momentum_decay(0.01)
                                .decoupled_weight_decay(decoupled)),
                step(0.02, 0.8, 0.95, 1e-4, 0.1, 0.01, decoupled, 1));
  follow_each("maximize", make<NAdam>(NAdamOptions(0.01).weight_decay(2).maximize(true)),
              step(0.01, 0.9, 0.999, 1e-8, 2, 4e-3, false, -1));
}

TEST(Trajectory, RAdam) {
  const auto step = [](double lr, double b1, double b2, double eps, double decay, bool decoupled, double way) {
    return [=](double x, double g, int t, Memory& m) {
      g *= way;
      if (decoupled) {
        x *= 1 - lr * decay;
      } else {
        g += decay * x;
      }
      m[0] = b1 * m[0] + (1 - b1) * g;
      m[1] = b2 * m[1] + (1 - b2) * g * g;
      const double hat = m[0] / (1 - pow(b1, t)), most = 2 / (1 - b2) - 1;
      const double rho = most - 2 * t * pow(b2, t) / (1 - pow(b2, t));
      if (rho <= 5) return x - lr * hat;
      const double r = sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho));
      return x - lr * hat * r * sqrt(1 - pow(b2, t)) / (sqrt(m[1]) + eps);
    };
  };
  follow_each("defaults", make<RAdam>(RAdamOptions()), step(1e-3, 0.9, 0.999, 1e-8, 0, false, 1));
  for (const bool decoupled : {false, true})
    follow_each(
        "options",
        make<RAdam>(
            RAdamOptions(0.02).betas({0.8, 0.95}).eps(1e-4).weight_decay(0.1).decoupled_weight_decay(decoupled)),
        step(0.02, 0.8, 0.95, 1e-4, 0.1, decoupled, 1));
  follow_each("maximize", make<RAdam>(RAdamOptions(0.01).weight_decay(2).maximize(true)),
              step(0.01, 0.9, 0.999, 1e-8, 2, false, -1));
}

TEST(Trajectory, RMSprop) {
  const auto step = [](double lr, double alpha, double eps, double decay, double momentum, bool centered, double way) {
    return [=](double x, double g, int, Memory& m) {
      g = way * g + decay * x;
      m[0] = alpha * m[0] + (1 - alpha) * g * g;
      m[1] = alpha * m[1] + (1 - alpha) * g;
      m[2] = momentum * m[2] + g / (sqrt(centered ? m[0] - m[1] * m[1] : m[0]) + eps);
      return x - lr * m[2];
    };
  };
  follow_each("defaults", make<RMSprop>(RMSpropOptions()), step(0.01, 0.99, 1e-8, 0, 0, false, 1));
  for (const bool centered : {false, true})
    for (const double momentum : {0.0, 0.8})
      follow_each("options",
                  make<RMSprop>(RMSpropOptions(1e-3).alpha(0.9).eps(1e-4).weight_decay(0.1).momentum(momentum).centered(
                      centered)),
                  step(1e-3, 0.9, 1e-4, 0.1, momentum, centered, 1));
  follow_each("maximize", make<RMSprop>(RMSpropOptions(1e-3).weight_decay(2).maximize(true)),
              step(1e-3, 0.99, 1e-8, 2, 0, false, -1));
}

TEST(Trajectory, Rprop) {
  const auto step = [](double lr, double minus, double plus, double least, double most, double way) {
    return [=](double x, double g, int t, Memory& m) {
      g *= way;
      if (t == 1) m[1] = lr;
      const double turn = g * m[0];
      m[1] = std::min(std::max(m[1] * (turn > 0 ? plus : turn < 0 ? minus : 1), least), most);
      m[0] = turn < 0 ? 0 : g;
      return x - sign(m[0]) * m[1];
    };
  };
  follow_each("defaults", make<Rprop>(RpropOptions()), step(0.01, 0.5, 1.2, 1e-6, 50, 1));
  follow_each("options", make<Rprop>(RpropOptions(0.1).etas({0.3, 1.5}).step_sizes({1e-3, 0.5})),
              step(0.1, 0.3, 1.5, 1e-3, 0.5, 1));
  follow_each("maximize", make<Rprop>(RpropOptions(0.1).step_sizes({1e-3, 0.01}).maximize(true)),
              step(0.1, 0.5, 1.2, 1e-3, 0.01, -1));
}

TEST(Trajectory, ASGD) {
  Numbers averages;
  const auto step = [&](double lr, double lambd, double alpha, double t0, double decay, double way) {
    return [=, &averages](double x, double g, int t, Memory& m) {
      g = way * g + decay * x;
      const double eta = lr / pow(1 + lambd * lr * (t - 1), alpha), mu = 1 / std::max(1.0, t - 1 - t0);
      x = x * (1 - lambd * eta) - eta * g;
      m[0] += (x - m[0]) * mu;
      averages.push_back(m[0]);
      return x;
    };
  };
  follow_each("defaults", make<ASGD>(ASGDOptions()), step(0.01, 1e-4, 0.75, 1e6, 0, 1));
  follow_each("maximize", make<ASGD>(ASGDOptions(0.01).weight_decay(2).maximize(true)),
              step(0.01, 1e-4, 0.75, 1e6, 2, -1));
  averages.clear();
  Tensor average;
  const auto options = ASGDOptions(0.1).lambd(0.01).alpha(0.5).t0(10).weight_decay(0.1);
  follow_each(
      "options",
      [&](const std::vector<Tensor>& p) {
        struct Watched : ASGD {
          Watched(const std::vector<Tensor>& params, const ASGDOptions& o, Tensor& out) : ASGD(params, o), out_(out) {}
          Watched(Watched&&) = default;
          ~Watched() override { out_ = static_cast<ASGDParamState&>(*state().begin()->second).ax(); }
          Tensor& out_;
        };
        return Watched(p, options, average);
      },
      step(0.1, 0.01, 0.5, 10, 0.1, 1));
  const Numbers got = numbers_of(average);
  for (size_t i = 0; i < 5; ++i) EXPECT_TRUE(close(got[i], averages[averages.size() - 5 + i], 1e-10));
}

TEST(Trajectory, Lion) {
  const auto step = [](double lr, double b1, double b2, double decay, double way) {
    return [=](double x, double g, int, Memory& m) {
      g *= way;
      const double update = sign(b1 * m[0] + (1 - b1) * g);
      m[0] = b2 * m[0] + (1 - b2) * g;
      return x - lr * (update + decay * x);
    };
  };
  follow_each("defaults", make<Lion>(LionOptions()), step(1e-4, 0.9, 0.99, 0, 1));
  follow_each("options", make<Lion>(LionOptions(0.01).betas({0.8, 0.9}).weight_decay(0.1)),
              step(0.01, 0.8, 0.9, 0.1, 1));
  follow_each("maximize", make<Lion>(LionOptions(0.001).weight_decay(2).maximize(true)), step(0.001, 0.9, 0.99, 2, -1));
}

}  // namespace
}  // namespace hearth::optim
