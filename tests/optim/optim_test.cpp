#include "hearth/optim.h"

#include <gtest/gtest.h>

#include <cmath>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::optim {
namespace {

TEST(Optimizer, GroupsHaveTheirOwnOptions) {
  const Tensor a = ones({1}, requires_grad()), b = ones({1}, requires_grad()), c = ones({1}, requires_grad());
  SGD sgd({OptimizerParamGroup({a}), OptimizerParamGroup({b}, std::make_unique<SGDOptions>(0.5))}, SGDOptions(0.1));
  EXPECT_EQ(sgd.size(), 2U);
  (a + b + c).sum().backward();
  sgd.step();
  EXPECT_NEAR(a.item<float>(), 0.9, 1e-6);
  EXPECT_NEAR(b.item<float>(), 0.5, 1e-6);
  static_cast<SGDOptions&>(sgd.param_groups()[0].options()).lr(1.0);
  EXPECT_EQ(sgd.param_groups()[0].options().get_lr(), 1.0);
  sgd.add_param_group(OptimizerParamGroup({c}));
  EXPECT_THROW(sgd.add_param_group(OptimizerParamGroup({c})), ValueError) << "twice";
  EXPECT_THROW(sgd.add_param_group(OptimizerParamGroup({c * 2})), ValueError) << "not a leaf";
  EXPECT_THROW(SGD({Tensor()}, 0.1), TypeError);
  sgd.zero_grad(/*set_to_none=*/true);
  EXPECT_FALSE(a.grad().defined());
}

TEST(Optimizer, RefusesBadOptions) {
  const std::vector<Tensor> p = {ones({1}, requires_grad())};
  EXPECT_THROW(SGD(p, -1.0), ValueError);
  EXPECT_THROW(SGD(p, SGDOptions(0.1).momentum(-1)), ValueError);
  EXPECT_THROW(SGD(p, SGDOptions(0.1).nesterov(true)), ValueError);
  EXPECT_THROW(Adam(p, AdamOptions(NAN)), ValueError);
  EXPECT_THROW(Adam(p, AdamOptions().betas({1.0, 0.9})), ValueError);
  EXPECT_THROW(AdamW(p, AdamWOptions().eps(-1)), ValueError);
}

TEST(Optimizer, ClosuresAndMissingGradients) {
  const Tensor a = ones({1}, requires_grad()), unused = ones({1}, requires_grad());
  Adam adam({a, unused}, 0.1);
  const NoGradGuard no_grad;
  const Tensor loss = adam.step([&] {
    const Tensor l = (a * a).sum();
    l.backward();
    return l;
  });
  EXPECT_EQ(loss.item<float>(), 1);
  EXPECT_LT(a.item<float>(), 1);
  EXPECT_EQ(unused.item<float>(), 1);
}

TEST(Optimizer, HalfAndStridedParametersMove) {
  const Tensor half = ones({4}, TensorOptions(kBFloat16).requires_grad(true));
  const Tensor turned = ones({2, 3}).t().detach().requires_grad_();
  SGD sgd({half, turned}, SGDOptions(0.5).momentum(0.9));
  (half.sum().to(kFloat) + turned.sum()).backward();
  sgd.step();
  EXPECT_EQ(half[0].item<float>(), 0.5);
  EXPECT_EQ(turned[2][1].item<float>(), 0.5);
}

TEST(Optimizer, StateGoesOutAndIn) {
  const auto run = [](Adam& adam, const Tensor& p, int steps) {
    for (int i = 0; i < steps; ++i) {
      adam.zero_grad();
      p.pow(2).sum().backward();
      adam.step();
    }
  };
  const Tensor p = ones({3}, requires_grad()), q = ones({3}, requires_grad());
  Adam a({p}, AdamOptions(0.1).amsgrad(true)), b({q}, AdamOptions(0.3).amsgrad(true));
  run(a, p, 3);
  q.data().copy_(p);
  b.load_state_dict(a.state_dict());
  run(a, p, 3);
  run(b, q, 3);
  EXPECT_TRUE(equal(p, q));
  EXPECT_EQ(b.param_groups()[0].options().get_lr(), 0.1);
  nn::StateDict wrong = a.state_dict();
  wrong.insert("7.exp_avg", ones({3}));
  EXPECT_THROW(b.load_state_dict(wrong), ValueError);
  SGD sgd({ones({2}, requires_grad())}, 0.1);
  EXPECT_THROW(sgd.load_state_dict(a.state_dict()), Error);
}

TEST(StepLR, FallsAsLibTorchCounts) {
  SGD sgd({ones({1}, requires_grad())}, 1.0);
  StepLR scheduler(sgd, 2, 0.5);
  std::vector<double> rates;
  for (int i = 0; i < 6; ++i) {
    scheduler.step();
    rates.push_back(scheduler.get_last_lr()[0]);
  }
  EXPECT_EQ(rates, (std::vector<double>{1, 1, 0.5, 0.5, 0.25, 0.25}));
  EXPECT_THROW(StepLR(sgd, 0), ValueError);
}

}  // namespace
}  // namespace hearth::optim
