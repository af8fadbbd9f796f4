#include "hearth/autocast.h"

#include <gtest/gtest.h>

#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

namespace hearth {
namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  return (a.to(kDouble) - b.to(kDouble)).abs().max().item<double>();
}

TEST(Autocast, ProductsRunInHalfPrecisionAndTheRestInFloat) {
  manual_seed(0);
  const Tensor x = randn({8, 16}), w = randn({4, 16}), image = randn({2, 3, 8, 8}), kernel = randn({5, 3, 3, 3});
  EXPECT_FALSE(is_autocast_enabled());
  const AutocastGuard autocast;
  EXPECT_TRUE(is_autocast_enabled());
  const Tensor y = linear(x, w);
  EXPECT_EQ(y.scalar_type(), kBFloat16);
  EXPECT_EQ(x.mm(w.t()).scalar_type(), kBFloat16);
  EXPECT_EQ(matmul(x.unsqueeze(0), w.t()).scalar_type(), kBFloat16);
  EXPECT_EQ(conv2d(image, kernel).scalar_type(), kBFloat16);
  const Tensor q = randn({2, 2, 6, 8});
  EXPECT_EQ(scaled_dot_product_attention(q, q, q).scalar_type(), kBFloat16);
  EXPECT_EQ(softmax(y, 1).scalar_type(), kFloat);
  EXPECT_EQ(layer_norm(y, {4}).scalar_type(), kFloat);
  EXPECT_EQ(y.sum().scalar_type(), kFloat);
  EXPECT_EQ(mse_loss(y, zeros({8, 4})).scalar_type(), kFloat);
  EXPECT_EQ(relu(y).scalar_type(), kBFloat16);
  EXPECT_EQ(x.to(kDouble).mm(w.t().to(kDouble)).scalar_type(), kDouble);  // only float32 is converted
  {
    const AutocastGuard off(false);
    EXPECT_EQ(linear(x, w).scalar_type(), kFloat);
  }
  const AutocastGuard half(true, kHalf);
  EXPECT_EQ(linear(x, w).scalar_type(), kHalf);
}

TEST(Autocast, OtherDtypesAreRefused) { EXPECT_THROW(AutocastGuard(true, kDouble), ValueError); }

TEST(Autocast, RecurrentLayersToo) {
  manual_seed(0);
  nn::LSTM lstm(nn::LSTMOptions(6, 5).num_layers(2));
  const Tensor x = randn({7, 3, 6});
  const Tensor exact = std::get<0>(lstm->forward(x));
  const AutocastGuard autocast;
  const Tensor y = std::get<0>(lstm->forward(x));
  EXPECT_EQ(y.scalar_type(), kBFloat16);
  EXPECT_LT(largest_difference(y, exact), 0.02);
}

TEST(Autocast, GradientsAreFloatAndCloseToThoseWithout) {
  manual_seed(0);
  nn::Sequential net(nn::Linear(16, 32), nn::LayerNorm(nn::LayerNormOptions({32})), nn::ReLU(), nn::Linear(32, 4));
  const Tensor x = randn({64, 16}), t = randint(0, 4, {64}).to(kLong);
  nn::functional::cross_entropy(net->forward(x), t).backward();
  std::vector<Tensor> exact;
  for (const Tensor& p : net->parameters()) exact.push_back(p.grad().clone());
  net->zero_grad(true);
  Tensor loss;
  {
    const AutocastGuard autocast;
    loss = nn::functional::cross_entropy(net->forward(x), t);
  }
  EXPECT_EQ(loss.scalar_type(), kFloat);
  loss.backward();
  const std::vector<Tensor> parameters = net->parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Tensor g = parameters[i].grad();
    EXPECT_EQ(g.scalar_type(), kFloat);
    EXPECT_GT(largest_difference(g, exact[i]), 0);  // it did run in bfloat16
    EXPECT_LT((g - exact[i]).norm().item<double>(), 0.1 * exact[i].norm().item<double>());
  }
}

TEST(Autocast, AWeightIsConvertedAnewAfterItWasChanged) {
  Tensor w = ones({1, 1}, TensorOptions().requires_grad(true));
  const Tensor x = ones({1, 1});
  const AutocastGuard autocast;
  EXPECT_EQ(linear(x, w).item<float>(), 1);
  EXPECT_EQ(linear(x, w).item<float>(), 1);
  {
    const NoGradGuard no_grad;
    w.mul_(3);
    EXPECT_EQ(linear(x, w).item<float>(), 3);  // not kept: it has no history
  }
  const Tensor y = linear(x, w);
  EXPECT_EQ(y.item<float>(), 3);
  y.backward();
  EXPECT_EQ(w.grad().item<float>(), 1);
}

TEST(Autocast, BackwardInsideTheScopeIsTheSame) {
  Tensor w = full({2, 2}, 0.5, TensorOptions().requires_grad(true));
  const AutocastGuard autocast;
  linear(ones({3, 2}), w).sum().backward();
  EXPECT_TRUE(equal(w.grad(), full({2, 2}, 3.0)));
  EXPECT_EQ(w.grad().scalar_type(), kFloat);
}

TEST(Autocast, TrainsANetwork) {
  manual_seed(1);
  nn::Sequential net(nn::Linear(2, 32), nn::ReLU(), nn::Linear(32, 2));
  optim::Adam adam(net->parameters(), optim::AdamOptions(0.01));
  const Tensor x = rand({500, 2}) * 2 - 1, t = (x.pow(2).sum(1) < 0.6).to(kLong);
  for (int step = 0; step < 200; ++step) {
    adam.zero_grad();
    Tensor loss;
    {
      const AutocastGuard autocast;
      loss = nn::functional::cross_entropy(net->forward(x), t);
    }
    loss.backward();
    adam.step();
  }
  const NoGradGuard no_grad;
  EXPECT_GT(net->forward(x).argmax(1).eq(t).to(kFloat).mean().item<float>(), 0.95);
}

}  // namespace
}  // namespace hearth
