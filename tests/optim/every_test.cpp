// What holds for every optimizer: groups, closures, missing gradients, states out and in, refusals.
#include "hearth/threads.h"
#include "optim/trajectory.h"

namespace hearth::optim {
namespace {

using Params = std::vector<Tensor>;
using Made = std::unique_ptr<Optimizer>;

struct Kind {
  const char* name;
  std::function<Made(std::vector<OptimizerParamGroup>)> make;
  std::function<std::unique_ptr<OptimizerOptions>(double lr)> options;
  std::function<Made(Params)> bad;  // an option out of range
};

void PrintTo(const Kind& kind, std::ostream* to) { *to << kind.name; }

template <class O, class Options>
Kind kind(const char* name, Options options, Options bad) {
  return {name, [options](auto groups) { return std::make_unique<O>(std::move(groups), options); },
          [options](double lr) mutable {
            options.lr(lr);
            return std::make_unique<Options>(options);
          },
          [bad](Params p) { return std::make_unique<O>(std::move(p), bad); }};
}

std::vector<Kind> kinds() {
  return {
      kind<SGD>("SGD", SGDOptions(0.1).momentum(0.9).nesterov(true), SGDOptions(0.1).nesterov(true)),
      kind<Adam>("Adam", AdamOptions(0.1).amsgrad(true), AdamOptions().betas({1.0, 0.9})),
      kind<AdamW>("AdamW", AdamWOptions(0.1).amsgrad(true), AdamWOptions().eps(-1)),
      kind<Adagrad>("Adagrad", AdagradOptions(0.1).lr_decay(0.1), AdagradOptions().lr_decay(-1)),
      kind<Adadelta>("Adadelta", AdadeltaOptions(), AdadeltaOptions().rho(1.5)),
      kind<Adamax>("Adamax", AdamaxOptions(0.1), AdamaxOptions().betas({0.9, -1})),
      kind<NAdam>("NAdam", NAdamOptions(0.1), NAdamOptions().momentum_decay(-1)),
      kind<RAdam>("RAdam", RAdamOptions(0.1), RAdamOptions().weight_decay(NAN)),
      kind<RMSprop>("RMSprop", RMSpropOptions(0.1).momentum(0.5).centered(true), RMSpropOptions().alpha(-1)),
      kind<Rprop>("Rprop", RpropOptions(0.1), RpropOptions().etas({1.5, 1.2})),
      kind<ASGD>("ASGD", ASGDOptions(0.1).t0(2), ASGDOptions(-0.1)),
      kind<Lion>("Lion", LionOptions(0.1), LionOptions().weight_decay(-1)),
      kind<LAMB>("LAMB", LAMBOptions(0.1), LAMBOptions().eps(INFINITY)),
      kind<Adafactor>("Adafactor", AdafactorOptions(0.1), AdafactorOptions().beta2_decay(0.1)),
      kind<Muon>("Muon", MuonOptions(0.1), MuonOptions().adjust_lr_fn("largest")),
  };
}

Tensor parameter(double scale, ScalarType dtype = kFloat) {
  return leaf({3, 4}).detach().mul(scale).to(dtype).set_requires_grad(true);
}
/// A gradient that depends on the parameter.
void set_grads(const Params& params, int t) {
  for (const Tensor& p : params) p.mutable_grad() = p.detach() * 0.3 + std::sin(t);
}
void run(Optimizer& optimizer, const Params& params, int from, int to) {
  for (int t = from; t < to; ++t) {
    set_grads(params, t);
    optimizer.step();
  }
}

class Every : public testing::TestWithParam<Kind> {};

TEST_P(Every, GoesOnBitForBitFromItsState) {
  const Params a = {parameter(1), parameter(2)}, b = {parameter(1), parameter(2)};
  const Made first = GetParam().make({OptimizerParamGroup({a[0]}), OptimizerParamGroup({a[1]})});
  run(*first, a, 0, 5);
  first->param_groups()[1].options().set_lr(0.01);
  run(*first, a, 5, 8);
  for (size_t i = 0; i < 2; ++i) b[i].data().copy_(a[i]);
  const nn::StateDict saved = first->state_dict();
  nn::StateDict copied;
  for (const auto& item : saved) copied.insert(item.key(), item.value().clone());
  run(*first, a, 8, 12);
  const Made second = GetParam().make({OptimizerParamGroup({b[0]}), OptimizerParamGroup({b[1]})});
  second->load_state_dict(copied);
  EXPECT_EQ(second->param_groups()[1].options().get_lr(), 0.01);
  run(*second, b, 8, 12);
  for (size_t i = 0; i < 2; ++i) EXPECT_TRUE(equal(a[i], b[i]));
  const nn::StateDict one = first->state_dict(), other = second->state_dict();
  ASSERT_EQ(one.size(), other.size());
  for (const auto& item : one) EXPECT_TRUE(equal(item.value(), other[item.key()])) << item.key();
}

TEST_P(Every, GroupsHaveTheirOwnRates) {
  const Tensor a = parameter(1), b = parameter(1), alone = parameter(1), still = parameter(1), late = parameter(1);
  const Made both =
      GetParam().make({OptimizerParamGroup({a, still}), OptimizerParamGroup({b}, GetParam().options(0.01))});
  const Made one = GetParam().make({OptimizerParamGroup({alone}, GetParam().options(0.01))});
  EXPECT_EQ(both->size(), 3U);
  run(*both, {a, b}, 0, 4);
  run(*one, {alone}, 0, 4);
  EXPECT_TRUE(equal(b, alone));
  EXPECT_FALSE(equal(a, b));
  EXPECT_TRUE(equal(still, parameter(1))) << "no gradient, no move";
  both->add_param_group(OptimizerParamGroup({late}, GetParam().options(0.01)));
  late.mutable_grad() = ones_like(late);
  both->step();
  EXPECT_FALSE(equal(late, parameter(1)));
  both->zero_grad();
  EXPECT_EQ(late.grad().abs().sum().item<float>(), 0);
  both->zero_grad(/*set_to_none=*/true);
  EXPECT_FALSE(late.grad().defined());
  both->step();
}

TEST_P(Every, CallsItsClosureWithGradModeOn) {
  const Tensor p = parameter(1);
  const Made optimizer = GetParam().make({OptimizerParamGroup({p})});
  const NoGradGuard no_grad;
  const Tensor loss = optimizer->step([&] {
    const Tensor l = p.square().sum();
    l.backward();
    return l;
  });
  EXPECT_GT(loss.item<float>(), 0);
  EXPECT_FALSE(equal(p, parameter(1)));
}

TEST_P(Every, RefusesBadOptionsInEveryGroup) {
  const Tensor p = parameter(1), q = parameter(1);
  EXPECT_THROW(GetParam().bad({p}), ValueError);
  EXPECT_THROW(GetParam().make({OptimizerParamGroup({p}, GetParam().options(-1))}), ValueError);
  const Made optimizer = GetParam().make({OptimizerParamGroup({p})});
  EXPECT_THROW(optimizer->add_param_group(OptimizerParamGroup({q}, GetParam().options(NAN))), ValueError);
  EXPECT_THROW(optimizer->add_param_group(OptimizerParamGroup({q}, std::make_unique<LBFGSOptions>())), TypeError);
  EXPECT_THROW(optimizer->add_param_group(OptimizerParamGroup({p})), ValueError);
  EXPECT_THROW(optimizer->add_parameters({p}), ValueError);
  EXPECT_EQ(optimizer->size(), 1U);
}

TEST_P(Every, AThrowLeavesStateAndParameters) {
  const Params p = {parameter(1), parameter(2)};
  const Made optimizer = GetParam().make({OptimizerParamGroup({p[0]}), OptimizerParamGroup({p[1]})});
  run(*optimizer, p, 0, 3);
  const Tensor before = p[0].detach().clone();
  nn::StateDict state;
  for (const auto& item : optimizer->state_dict()) state.insert(item.key(), item.value().clone());
  set_grads(p, 3);
  Tensor late = ones({4}, requires_grad());
  optimizer->add_param_group(OptimizerParamGroup({late}));
  late.mutable_grad() = ones({4});
  late.set_data(ones({5}));
  EXPECT_THROW(optimizer->step(), ShapeError);
  EXPECT_TRUE(equal(p[0], before));
  nn::StateDict after = optimizer->state_dict();
  for (const auto& item : state) EXPECT_TRUE(equal(item.value(), after[item.key()])) << item.key();
}

TEST_P(Every, RefusesAnothersState) {
  const Tensor p = parameter(1), other = ones({2, 2}, requires_grad());
  const Made optimizer = GetParam().make({OptimizerParamGroup({p})}),
             small = GetParam().make({OptimizerParamGroup({other})});
  run(*optimizer, {p}, 0, 3);
  const nn::StateDict state = optimizer->state_dict();
  EXPECT_THROW(small->load_state_dict(state), ShapeError);
  EXPECT_TRUE(small->state().empty());
  nn::StateDict extra = state;
  extra.insert("7.step", full({}, 1, kLong));
  EXPECT_THROW(optimizer->load_state_dict(extra), ValueError);
  extra = state;
  extra.insert("0.something", ones({3, 4}));
  EXPECT_THROW(optimizer->load_state_dict(extra), ValueError);
  EXPECT_THROW(optimizer->load_state_dict(nn::StateDict()), ValueError);
  nn::StateDict wrong = state;
  wrong["group.0.lr"] = ones({2}, kDouble);
  EXPECT_THROW(optimizer->load_state_dict(wrong), ShapeError);
  wrong["group.0.lr"] = full({}, NAN, kDouble);
  EXPECT_THROW(optimizer->load_state_dict(wrong), ValueError);
  wrong = state;
  if (wrong.contains("0.step")) {
    wrong["0.step"] = full({}, -1, kLong);
    EXPECT_THROW(optimizer->load_state_dict(wrong), ValueError);
  }
  const nn::StateDict now = optimizer->state_dict();
  for (const auto& item : state) EXPECT_TRUE(equal(item.value(), now[item.key()])) << item.key();
}

TEST_P(Every, MovesHalvesStridesAndDoubles) {
  const Tensor half = parameter(1, kBFloat16),
               turned = parameter(1).detach().t().contiguous().t().set_requires_grad(true),
               precise = parameter(1, kDouble), plain = parameter(1), empty_one = zeros({0, 3}, requires_grad());
  ASSERT_FALSE(turned.is_contiguous());
  const Params all = {half, turned, precise, plain, empty_one};
  const Made optimizer = GetParam().make({OptimizerParamGroup(all)});
  run(*optimizer, all, 0, 3);
  EXPECT_LT((precise.detach().to(kFloat) - plain.detach()).abs().max().item<float>(), 2e-3);
  EXPECT_LT((half.detach().to(kFloat) - plain.detach()).abs().max().item<float>(), 0.15);
  EXPECT_LT((turned.detach() - plain.detach()).abs().max().item<float>(), 1e-5);
}

TEST_P(Every, SameBitsForAnyThreads) {
  const int threads = get_num_threads();
  Tensor want;
  for (const int n : {1, 2, 3}) {
    set_num_threads(n);
    const Tensor p = (arange(0, 90000, kFloat) / 45000 - 1).reshape({30, 3000}).set_requires_grad(true);
    const Made optimizer = GetParam().make({OptimizerParamGroup({p})});
    run(*optimizer, {p}, 0, 3);
    if (n == 1) want = p.detach().clone();
    EXPECT_TRUE(equal(p, want)) << n << " threads";
  }
  set_num_threads(threads);
}

INSTANTIATE_TEST_SUITE_P(Optimizers, Every, testing::ValuesIn(kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Optimizer, OptionsAndStatesCompare) {
  EXPECT_TRUE(AdamOptions(0.1) == AdamOptions(0.1));
  EXPECT_FALSE(AdamOptions(0.1) == AdamOptions(0.2));
  EXPECT_FALSE(AdamOptions().betas({0.5, 0.9}) == AdamOptions());
  AdagradParamState a, b;
  EXPECT_TRUE(a == b);
  a.sum(ones({2}));
  EXPECT_FALSE(a == b);
  b.sum(ones({2}));
  EXPECT_TRUE(a == b);
}

/// A user's own optimizer needs step() alone, as with LibTorch.
TEST(Optimizer, UsersDeriveFromIt) {
  struct Own : Optimizer {
    explicit Own(Params p) : Optimizer(std::move(p), std::make_unique<SGDOptions>(0.5)) {}
    Tensor step(LossClosure) override {
      const NoGradGuard no_grad;
      for (const Tensor& p : parameters()) p.sub_(p.grad(), param_groups()[0].options().get_lr());
      return {};
    }
  };
  const Tensor p = ones({2}, requires_grad());
  Own own({p});
  p.sum().backward();
  own.step(nullptr);
  EXPECT_EQ(p[0].item<float>(), 0.5);
  own.load_state_dict(own.state_dict());
}

TEST(Optimizer, WithoutGroupsSaysSo) {
  SGD sgd(std::vector<OptimizerParamGroup>{}, SGDOptions(0.1));
  EXPECT_EQ(sgd.size(), 0U);
  sgd.step();
  EXPECT_THROW(sgd.parameters(), ValueError);
  EXPECT_THROW(sgd.add_parameters({ones({1}, requires_grad())}), ValueError);
}

TEST(LBFGS, GoesOnBitForBitFromItsState) {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    const Tensor a = parameter(1, dtype), b = parameter(1, dtype);
    const auto run_steps = [](LBFGS& lbfgs, const Tensor& p, int steps) {
      for (int i = 0; i < steps; ++i)
        lbfgs.step([&] {
          lbfgs.zero_grad();
          const Tensor loss = (p.square() * (p + 0.3).square()).sum();
          loss.backward();
          return loss;
        });
    };
    const auto options = LBFGSOptions(0.3).max_iter(3).history_size(4);
    LBFGS first({a}, options), second({b}, options);
    run_steps(first, a, 3);
    b.data().copy_(a);
    second.load_state_dict(first.state_dict());
    run_steps(first, a, 3);
    run_steps(second, b, 3);
    EXPECT_TRUE(equal(a, b));
    LBFGS other({ones({2}, requires_grad())});
    EXPECT_THROW(other.load_state_dict(first.state_dict()), ShapeError);
  }
}

}  // namespace
}  // namespace hearth::optim
