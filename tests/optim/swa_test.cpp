#include "hearth/data.h"
#include "hearth/nn.h"
#include "optim/trajectory.h"

namespace hearth::optim::swa_utils {
namespace {

nn::Sequential make_net() {
  manual_seed(3);
  return nn::Sequential(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::ReLU(), nn::Linear(4, 2));
}
/// Moves all parameters and running means.
void disturb(nn::Sequential& net, double by) {
  const NoGradGuard no_grad;
  for (const Tensor& p : net->parameters()) p.add_(by);
  net->forward(rand({8, 3}) + by);
}

/// Averages of three models: by hand, in double.
void check(AveragedModelOptions options, const std::function<double(double average, double now, int n)>& formula) {
  nn::Sequential net = make_net();
  AveragedModel<nn::SequentialImpl> average(net, options);
  std::vector<Numbers> want;
  for (int n = 0; n < 4; ++n) {
    disturb(net, 0.1 * (n + 1));
    average.update_parameters(*net);
    std::vector<Tensor> now = net->parameters();
    if (options.use_buffers())
      for (const Tensor& b : net->buffers())
        if (b.is_floating_point()) now.push_back(b);
    for (size_t i = 0; i < now.size(); ++i) {
      const Numbers x = numbers_of(now[i].to(kDouble));
      if (n == 0) want.push_back(x);
      for (size_t k = 0; n > 0 && k < x.size(); ++k) want[i][k] = formula(want[i][k], x[k], n);
    }
  }
  std::vector<Tensor> got = average.module->parameters();
  for (const Tensor& b : average.module->buffers())
    if (b.is_floating_point()) got.push_back(b);
  for (size_t i = 0; i < want.size(); ++i) {
    const Numbers x = numbers_of(got[i].to(kDouble));
    for (size_t k = 0; k < x.size(); ++k) EXPECT_NEAR(x[k], want[i][k], 2e-6);
  }
  for (size_t i = 0; !options.use_buffers() && i < net->buffers().size(); ++i) {
    EXPECT_TRUE(equal(average.module->buffers()[i], net->buffers()[i])) << "buffers are the last model's";
  }
  EXPECT_EQ(average.n_averaged.item<int64_t>(), 4);
}

TEST(AveragedModel, FollowsItsFormulas) {
  const auto plain = [](double a, double x, int n) { return a + (x - a) / (n + 1); };
  const auto ema = [](double a, double x, int) { return 0.9 * a + 0.1 * x; };
  for (const bool buffers : {false, true}) {
    check(AveragedModelOptions().use_buffers(buffers), plain);
    check(AveragedModelOptions(get_swa_avg_fn()).use_buffers(buffers), plain);
    check(AveragedModelOptions(get_swa_multi_avg_fn()).use_buffers(buffers), plain);
    check(AveragedModelOptions(get_ema_avg_fn(0.9)).use_buffers(buffers), ema);
    check(AveragedModelOptions(get_ema_multi_avg_fn(0.9)).use_buffers(buffers), ema);
  }
  EXPECT_THROW(get_ema_avg_fn(1.5), ValueError);
}

TEST(AveragedModel, IsAModuleWithAStateDict) {
  nn::Sequential net = make_net();
  AveragedModel<nn::SequentialImpl> a(net, get_ema_multi_avg_fn(0.5)), b(net, get_ema_multi_avg_fn(0.5));
  for (int i = 0; i < 3; ++i) {
    disturb(net, 0.2);
    a.update_parameters(*net);
  }
  const nn::StateDict state = a.state_dict();
  EXPECT_TRUE(state.contains("n_averaged"));
  EXPECT_TRUE(state.contains("module.0.weight"));
  b.load_state_dict(state);
  disturb(net, 0.2);
  a.update_parameters(*net);
  b.update_parameters(*net);
  a.eval();
  b.eval();
  const NoGradGuard no_grad;
  const Tensor x = rand({5, 3});
  EXPECT_TRUE(equal(a.forward(x), b.forward(x)));
  net->eval();
  EXPECT_FALSE(equal(a.forward(x), net->forward(x)));
  nn::Sequential other(nn::Linear(3, 4));
  const Tensor before = a.module->parameters()[0].detach().clone();
  EXPECT_THROW(a.update_parameters(*other), ValueError);
  EXPECT_TRUE(equal(a.module->parameters()[0], before));
  EXPECT_EQ(a.n_averaged.item<int64_t>(), 4);
}

TEST(UpdateBn, AveragesAllBatches) {
  nn::Sequential net = make_net();
  disturb(net, 1);
  net->eval();
  std::vector<Tensor> batches = {rand({8, 3}), rand({8, 3}) * 2, rand({8, 3}) - 1};
  Tensor mean = zeros({4});
  {
    const NoGradGuard no_grad;
    for (const Tensor& b : batches) mean += net->ptr(0)->as<nn::Linear>()->forward(b).mean(0) / 3;
  }
  update_bn(batches, *net);
  auto* norm = net->ptr(1)->as<nn::BatchNorm1d>();
  EXPECT_TRUE(allclose(norm->running_mean, mean, 1e-5, 1e-6));
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 3);
  EXPECT_EQ(norm->options.momentum(), 0.1) << "as before";
  EXPECT_FALSE(net->is_training());
  std::vector<data::Example<>> examples;
  for (const Tensor& b : batches) examples.emplace_back(b, zeros({8}));
  norm->running_mean.zero_();
  update_bn(examples, *net);
  EXPECT_TRUE(allclose(norm->running_mean, mean, 1e-5, 1e-6));
}

}  // namespace
}  // namespace hearth::optim::swa_utils
