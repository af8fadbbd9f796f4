// Schedulers against the formulas of their documentation at every epoch, for two groups, and on from a saved state.
#include "optim/trajectory.h"

namespace hearth::optim {
namespace {

constexpr double kBase[] = {1.0, 0.3};

SGD two_groups(double momentum = 0.9) {
  const auto options = [&](double lr) { return std::make_unique<SGDOptions>(SGDOptions(lr).momentum(momentum)); };
  return SGD({OptimizerParamGroup({leaf({1})}, options(kBase[0])), OptimizerParamGroup({leaf({1})}, options(kBase[1]))},
             SGDOptions(1));
}
double momentum_of(Optimizer& o, size_t group) {
  return static_cast<SGDOptions&>(o.param_groups()[group].options()).momentum();
}

/// rate(group's base rate, epoch) at each of kSteps epochs; a scheduler made anew from a state on the way does the
/// same.
template <class Make>
void follow_rates(const char* what, Make make, const std::function<double(double base, int epoch)>& rate,
                  const std::function<double(int epoch)>& momentum = nullptr) {
  SGD sgd = two_groups(), resumed = two_groups();
  auto scheduler = make(sgd), other = make(resumed);
  for (int epoch = 0; epoch < kSteps; ++epoch) {
    if (epoch > 0) scheduler->step();
    if (epoch == 357) {
      other->load_state_dict(scheduler->state_dict());
    } else if (epoch > 357) {
      other->step();
    }
    for (size_t g = 0; g < 2; ++g) {
      const double got = scheduler->get_last_lr()[g], want = rate(kBase[g], epoch);
      ASSERT_TRUE(close(got, want, 1e-10)) << what << ", epoch " << epoch << ": " << got << " for " << want;
      if (epoch >= 357) {
        ASSERT_EQ(other->get_last_lr()[g], got) << what << " resumed, epoch " << epoch;
      }
      if (!momentum) continue;
      ASSERT_TRUE(close(momentum_of(sgd, g), momentum(epoch), 1e-10)) << what << ", momentum, epoch " << epoch;
      if (epoch >= 357) {
        ASSERT_EQ(momentum_of(resumed, g), momentum_of(sgd, g)) << what;
      }
    }
  }
}
template <class S, class... Args>
auto make(Args... args) {
  return [=](Optimizer& o) { return std::make_shared<S>(o, args...); };
}
using Many = std::vector<std::shared_ptr<LRScheduler>>;

double cosine(double x) { return (1 + std::cos(M_PI * x)) / 2; }

TEST(Schedulers, OfOneFactor) {
  const auto lambda = [](int64_t t) { return 1 / (1 + 0.1 * static_cast<double>(t)); };
  follow_rates("LambdaLR", make<LambdaLR>(LambdaLR::Function(lambda)),
               [&](double base, int t) { return base * lambda(t); });
  follow_rates("MultiplicativeLR",
               make<MultiplicativeLR>(LambdaLR::Function([](int64_t t) { return t % 2 ? 0.9 : 1.1; })),
               [](double base, int t) { return base * std::pow(0.9, (t + 1) / 2) * std::pow(1.1, t / 2); });
  follow_rates("MultiStepLR", make<MultiStepLR>(std::vector<int64_t>{400, 30, 80, 80}, 0.5), [](double base, int t) {
    return base * (t < 30 ? 1 : t < 80 ? 0.5 : t < 400 ? 0.125 : 0.0625);
  });
  follow_rates("StepLR", make<StepLR>(unsigned{100}, 0.5),
               [](double base, int t) { return base * std::pow(0.5, std::max(0, t - 1) / 100); });  // LibTorch's way
  follow_rates("ConstantLR", make<ConstantLR>(0.25, 400), [](double base, int t) { return t < 400 ? base / 4 : base; });
  follow_rates("LinearLR", make<LinearLR>(0.1, 0.8, 500),
               [](double base, int t) { return base * (0.1 + 0.7 * std::min(t, 500) / 500.0); });
  follow_rates("ExponentialLR", make<ExponentialLR>(0.99), [](double base, int t) { return base * std::pow(0.99, t); });
  follow_rates("PolynomialLR", make<PolynomialLR>(500, 2.5),
               [](double base, int t) { return t >= 500 ? 0 : base * std::pow(1 - t / 500.0, 2.5); });
  for (const double least : {0.0, 0.05})
    follow_rates("CosineAnnealingLR", make<CosineAnnealingLR>(100, least),
                 [=](double base, int t) { return least + (base - least) * cosine(t % 200 / 100.0); });
}

TEST(Schedulers, CosineAnnealingWarmRestarts) {
  follow_rates("equal", make<CosineAnnealingWarmRestarts>(50, 1, 0.01),
               [](double base, int t) { return 0.01 + (base - 0.01) * cosine(t % 50 / 50.0); });
  const auto growing = [](double base, double t) {
    double length = 10;
    for (; t >= length; length *= 2) t -= length;
    return base * cosine(t / length);
  };
  follow_rates("growing", make<CosineAnnealingWarmRestarts>(10, 2), growing);
  SGD sgd = two_groups();
  CosineAnnealingWarmRestarts s(sgd, 10, 2);
  for (const double epoch : {0.0, 0.5, 9.75, 10.0, 29.5, 30.0, 69.99, 70.0, 12.25, 500.5}) {
    s.step(epoch);
    EXPECT_TRUE(close(s.get_last_lr()[1], growing(0.3, epoch), 1e-10)) << epoch;
    EXPECT_EQ(s.last_epoch(), static_cast<int64_t>(epoch));
  }
  s.step();
  EXPECT_TRUE(close(s.get_last_lr()[1], growing(0.3, 501.5), 1e-10));
  EXPECT_THROW(s.step(-1), ValueError);
}

TEST(Schedulers, CyclicLR) {
  struct Shape {
    const char* mode;
    std::function<double(int cycle, int t)> scale;
  };
  for (const Shape& shape : {Shape{"triangular", [](int, int) { return 1.0; }},
                             Shape{"triangular2", [](int cycle, int) { return std::pow(0.5, cycle); }},
                             Shape{"exp_range", [](int, int t) { return std::pow(0.999, t); }}}) {
    const auto height = [&](int t) {
      const int at = t % 50;
      return (at <= 20 ? at / 20.0 : (50 - at) / 30.0) * shape.scale(t / 50, t);
    };
    follow_rates(
        shape.mode,
        make<CyclicLR>(CyclicLROptions(0.1, 0.9).step_size_up(20).step_size_down(30).mode(shape.mode).gamma(0.999)),
        [&](double, int t) { return 0.1 + 0.8 * height(t); }, [&](int t) { return 0.9 - 0.1 * height(t); });
  }
  const auto own = CyclicLROptions({0.1, 0.1}, {0.9, 0.9})
                       .step_size_up(25)
                       .scale_fn([](double x) { return 1 / x; })
                       .cycle_momentum(false);
  follow_rates(
      "own", make<CyclicLR>(own),
      [](double, int t) {
        const int at = t % 50;
        return 0.1 + 0.8 * (at <= 25 ? at / 25.0 : (50 - at) / 25.0) / (t / 50 + 1);
      },
      [](int) { return 0.9; });
}

TEST(Schedulers, OneCycleLR) {
  const auto ease = [](bool cos, double from, double to, double x) {
    return cos ? to + (from - to) * cosine(x) : from + (to - from) * x;
  };
  for (const bool cos : {true, false}) {
    OneCycleLROptions o(0.8);
    o.total_steps(1200).pct_start(0.25).div_factor(10).final_div_factor(100).anneal_strategy(cos ? "cos" : "linear");
    follow_rates(
        "two phases", make<OneCycleLR>(o),
        [&](double, int t) {
          return t <= 299 ? ease(cos, 0.08, 0.8, t / 299.0) : ease(cos, 0.8, 0.0008, (t - 299) / 900.0);
        },
        [&](int t) { return t <= 299 ? ease(cos, 0.95, 0.85, t / 299.0) : ease(cos, 0.85, 0.95, (t - 299) / 900.0); });
    o.three_phase(true);
    follow_rates(
        "three phases", make<OneCycleLR>(o),
        [&](double, int t) {
          return t <= 299   ? ease(cos, 0.08, 0.8, t / 299.0)
                 : t <= 598 ? ease(cos, 0.8, 0.08, (t - 299) / 299.0)
                            : ease(cos, 0.08, 0.0008, (t - 598) / 601.0);
        },
        [&](int t) {
          return t <= 299   ? ease(cos, 0.95, 0.85, t / 299.0)
                 : t <= 598 ? ease(cos, 0.85, 0.95, (t - 299) / 299.0)
                            : 0.95;
        });
  }
  Adam adam({leaf({1})}, AdamOptions(0.1).betas({0.5, 0.99}));
  OneCycleLR s(adam, OneCycleLROptions(1).epochs(2).steps_per_epoch(5));
  const auto betas = [&] { return static_cast<AdamOptions&>(adam.param_groups()[0].options()).betas(); };
  EXPECT_EQ(betas(), AdamOptions::betas_t(0.95, 0.99)) << "the first beta is the momentum";
  for (int i = 0; i < 10; ++i) s.step();
  EXPECT_THROW(s.step(), ValueError);
  EXPECT_EQ(s.last_epoch(), 10);
}

TEST(Schedulers, InSequence) {
  const auto two = [](Optimizer& o) {
    return std::make_shared<SequentialLR>(
        o,
        Many{std::make_shared<LinearLR>(o, 0.1, 1, 100), std::make_shared<ExponentialLR>(o, 0.99),
             std::make_shared<CosineAnnealingLR>(o, 1000)},
        std::vector<int64_t>{100, 600});
  };
  follow_rates("SequentialLR", two, [](double base, int t) {
    return base * (t < 100 ? 0.1 + 0.009 * t : t < 600 ? std::pow(0.99, t - 100) : cosine((t - 600) / 1000.0));
  });
  follow_rates(
      "WarmupLR",
      [](Optimizer& o) {
        return std::make_shared<WarmupLR>(o, 50, std::make_shared<CosineAnnealingLR>(o, 1000), "exponential", 0.001);
      },
      [](double base, int t) { return base * (t < 50 ? std::pow(0.001, 1 - t / 50.0) : cosine((t - 50) / 1000.0)); });
  follow_rates("WarmupLR alone", make<WarmupLR>(50, nullptr, "linear", 0.1),
               [](double base, int t) { return base * std::min(1.0, 0.1 + 0.9 * t / 50); });
  follow_rates(
      "WarmupLR, constant",
      [](Optimizer& o) {
        return std::make_shared<WarmupLR>(o, 50, std::make_shared<ExponentialLR>(o, 0.99), "constant", 0.2);
      },
      [](double base, int t) { return base * (t < 50 ? 0.2 : std::pow(0.99, t - 50)); });
}

TEST(Schedulers, Chained) {
  follow_rates(
      "ChainedScheduler",
      [](Optimizer& o) {
        return std::make_shared<ChainedScheduler>(
            Many{std::make_shared<ConstantLR>(o, 0.1, 200), std::make_shared<ExponentialLR>(o, 0.99)});
      },
      [](double base, int t) { return base * (t < 200 ? 0.1 : 1) * std::pow(0.99, t); });
}

TEST(Schedulers, StepLRGoesOnFromItsState) {
  SGD a = two_groups(), b = two_groups();
  StepLR one(a, 3, 0.5), other(b, 3, 0.5);
  for (int i = 0; i < 8; ++i) one.step();
  other.load_state_dict(one.state_dict());
  EXPECT_EQ(other.step_count(), 8U);
  for (int i = 0; i < 8; ++i) {
    one.step();
    other.step();
    EXPECT_EQ(one.get_last_lr(), other.get_last_lr());
  }
}

TEST(Schedulers, OptimizersStateKeepsInitialRates) {
  SGD a = two_groups(), b = two_groups();
  LinearLR one(a, 0.1, 1, 10);
  for (int i = 0; i < 5; ++i) one.step();
  b.load_state_dict(a.state_dict());
  LinearLR other(b, 0.1, 1, 10);
  EXPECT_EQ(other.base_lrs(), (std::vector<double>{1.0, 0.3}));
  other.load_state_dict(one.state_dict());
  EXPECT_EQ(other.get_last_lr(), one.get_last_lr());
}

TEST(ReduceLROnPlateau, ReducesWhenNothingGetsBetter) {
  const auto rates = [](ReduceLROnPlateau& s, const Numbers& metrics) {
    Numbers out;
    for (const double m : metrics) {
      s.step(m);
      out.push_back(s.get_last_lr()[0]);
    }
    return out;
  };
  SGD sgd = two_groups();
  ReduceLROnPlateau plain(sgd, ReduceLROnPlateau::min, 0.5, 1);
  EXPECT_EQ(rates(plain, {5, 4, 4, 4, 4, 4, 3, 3, 3}), (Numbers{1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125}));
  EXPECT_EQ(plain.best(), 3);
  SGD up = two_groups();
  ReduceLROnPlateau most(up, ReduceLROnPlateau::max, 0.1, 0, 0.5, ReduceLROnPlateau::abs, 2, {0.2, 0}, 1e-3);
  EXPECT_EQ(rates(most, {1, 1.4, 1, 1, 1, 1}), (Numbers{1, 0.2, 0.2, 0.2, 0.2, 0.2})) << "cooldown, and the least rate";
  EXPECT_NEAR(up.param_groups()[1].options().get_lr(), 0.003, 1e-12);
  SGD share = two_groups(), nan = two_groups();
  ReduceLROnPlateau relative(share, ReduceLROnPlateau::max, 0.5, 0, 0.1);
  EXPECT_EQ(rates(relative, {10, 10.9, 12}), (Numbers{1, 0.5, 0.5}));
  ReduceLROnPlateau lost(nan, ReduceLROnPlateau::min, 0.5, 1);
  EXPECT_EQ(rates(lost, {NAN, NAN}), (Numbers{1, 0.5}));

  SGD resumed = two_groups();
  ReduceLROnPlateau other(resumed, ReduceLROnPlateau::min, 0.5, 1);
  other.load_state_dict(plain.state_dict());
  EXPECT_EQ(rates(other, {3, 3, 2, 4, 4, 4}), rates(plain, {3, 3, 2, 4, 4, 4}));
}

TEST(Schedulers, RefuseWhatMakesNoSense) {
  SGD sgd = two_groups(), stranger = two_groups();
  Adafactor still({leaf({1})});
  EXPECT_THROW(LambdaLR(sgd, std::vector<LambdaLR::Function>(3, [](int64_t) { return 1.0; })), ValueError);
  EXPECT_THROW(LambdaLR(sgd, LambdaLR::Function()), ValueError);
  EXPECT_THROW(ConstantLR(sgd, 1.5), ValueError);
  EXPECT_THROW(LinearLR(sgd, 0), ValueError);
  EXPECT_THROW(LinearLR(sgd, 0.5, NAN), ValueError);
  EXPECT_THROW(PolynomialLR(sgd, 0), ValueError);
  EXPECT_THROW(CosineAnnealingLR(sgd, 0), ValueError);
  EXPECT_THROW(CosineAnnealingWarmRestarts(sgd, 0), ValueError);
  EXPECT_THROW(CosineAnnealingWarmRestarts(sgd, 5, 0), ValueError);
  EXPECT_THROW(CyclicLR(sgd, CyclicLROptions(0.1, 1).mode("square")), ValueError);
  EXPECT_THROW(CyclicLR(sgd, CyclicLROptions({0.1, 0.1, 0.1}, {1.0})), ValueError);
  EXPECT_THROW(CyclicLR(still, CyclicLROptions(0.1, 1)), ValueError) << "no momentum to cycle";
  EXPECT_THROW(OneCycleLR(sgd, OneCycleLROptions(1).epochs(5)), ValueError);
  EXPECT_THROW(OneCycleLR(sgd, OneCycleLROptions(1).total_steps(5).anneal_strategy("sin")), ValueError);
  EXPECT_THROW(OneCycleLR(sgd, OneCycleLROptions(1).total_steps(5).pct_start(2)), ValueError);
  EXPECT_THROW(SequentialLR(sgd, {}, {}), ValueError);
  EXPECT_THROW(SequentialLR(sgd, {nullptr}, {}), TypeError);
  EXPECT_THROW(SequentialLR(sgd, {std::make_shared<ExponentialLR>(stranger, 0.5)}, {}), ValueError);
  EXPECT_THROW(SequentialLR(sgd, {std::make_shared<ExponentialLR>(sgd, 0.5)}, {3}), ValueError);
  EXPECT_THROW(ChainedScheduler(Many{}), ValueError);
  EXPECT_THROW(WarmupLR(sgd, 5, nullptr, "square"), ValueError);
  EXPECT_THROW(ReduceLROnPlateau(sgd, ReduceLROnPlateau::min, 1.0), ValueError);
  EXPECT_THROW(ReduceLROnPlateau(sgd, ReduceLROnPlateau::min, 0.5, -1), ValueError);
  EXPECT_THROW(swa_utils::SWALR(sgd, 0.1, -1), ValueError);

  SGD fresh = two_groups();
  CosineAnnealingLR cosine_lr(fresh, 10);
  cosine_lr.step();
  const std::vector<double> rates = cosine_lr.get_last_lr();
  nn::StateDict wrong = cosine_lr.state_dict();
  wrong["base_lrs"] = ones({3}, kDouble);
  EXPECT_THROW(cosine_lr.load_state_dict(wrong), ShapeError);
  wrong["base_lrs"] = ones({2}, kDouble);
  wrong.insert("T_cur", ones({}, kDouble));
  EXPECT_THROW(cosine_lr.load_state_dict(wrong), ValueError);
  EXPECT_THROW(cosine_lr.load_state_dict(nn::StateDict()), ValueError);
  wrong = cosine_lr.state_dict();
  wrong["last_lr"] = full({2}, NAN, kDouble);
  EXPECT_THROW(cosine_lr.load_state_dict(wrong), ValueError);
  wrong = cosine_lr.state_dict();
  wrong["step_count"] = full({}, -3, kLong);
  EXPECT_THROW(cosine_lr.load_state_dict(wrong), ValueError);
  EXPECT_EQ(cosine_lr.get_last_lr(), rates);
  EXPECT_EQ(cosine_lr.step_count(), 2U);
  EXPECT_EQ(cosine_lr.base_lrs(), (std::vector<double>{1.0, 0.3}));
}

/// PyTorch's rules once more: better is below the best by the threshold's share; after `patience` steps that are not
/// better the rate falls, and for `cooldown` steps none count.
TEST(ReduceLROnPlateau, FollowsItsRulesForAThousandSteps) {
  SGD sgd = two_groups();
  const double factor = 0.9, threshold = 0.01, least = 1e-3, eps = 1e-8;
  const int64_t patience = 4, cooldown = 3;
  ReduceLROnPlateau scheduler(sgd, ReduceLROnPlateau::min, factor, patience, threshold, ReduceLROnPlateau::rel,
                              cooldown, {least}, eps);
  double best = INFINITY;
  Numbers rates(kBase, kBase + 2);
  int64_t bad = 0, cooling = 0;
  for (int t = 0; t < kSteps; ++t) {
    const double metric = 3 * std::exp(-0.004 * t) + 0.4 * std::sin(0.3 * t) + 1;
    scheduler.step(metric);
    const bool better = metric < best * (1 - threshold);
    if (better) best = metric;
    bad = better ? 0 : bad + 1;
    if (cooling > 0) --cooling, bad = 0;
    if (bad > patience) {
      for (double& rate : rates)
        if (const double lower = std::max(rate * factor, least); rate - lower > eps) rate = lower;
      cooling = cooldown;
      bad = 0;
    }
    for (size_t g = 0; g < 2; ++g)
      ASSERT_TRUE(close(sgd.param_groups()[g].options().get_lr(), rates[g], 1e-10)) << "step " << t;
  }
  EXPECT_LT(rates[0], 0.01) << "it fell often enough to tell";
}

TEST(SWALR, GoesToItsRate) {
  follow_rates("cos", make<swa_utils::SWALR>(0.05, 400), [](double base, int t) {
    const double share = 1 - cosine(std::min(1.0, t / 400.0));
    return share * 0.05 + (1 - share) * base;
  });
  follow_rates("linear", make<swa_utils::SWALR>(0.05, 400, "linear"), [](double base, int t) {
    const double share = std::min(1.0, t / 400.0);
    return share * 0.05 + (1 - share) * base;
  });
}

}  // namespace
}  // namespace hearth::optim
