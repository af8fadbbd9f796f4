#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

namespace U = utils;

Tensor with_grad(const Tensor& grad) {
  const Tensor p = zeros(grad.sizes(), grad.options()).requires_grad_();
  p.mutable_grad() = grad;
  return p;
}

TEST(ClipGradNorm, LeavesSmallGradientsAlone) {
  const Tensor p = with_grad(tensor({3.0, 4.0}));
  EXPECT_DOUBLE_EQ(U::clip_grad_norm_(p, 10), 5);
  EXPECT_TRUE(equal(p.grad(), tensor({3.0, 4.0})));
  EXPECT_DOUBLE_EQ(U::clip_grad_norm_({p}, 1), 5);
  EXPECT_NEAR(p.grad().norm().item<float>(), 1, 1e-5);
  EXPECT_EQ(U::clip_grad_norm_(std::vector<Tensor>{ones({2}).requires_grad_()}, 1), 0) << "no gradients";
}

TEST(ClipGradNorm, TakesMixedDtypesAndStrides) {
  const Tensor a = with_grad(ones({2, 3}, kDouble).t()), b = with_grad(ones({2}, kHalf)), c = with_grad(ones({1}));
  EXPECT_NEAR(U::clip_grad_norm_({a, b, c}, 1.5), 3, 1e-12);
  EXPECT_NEAR(a.grad()[2][1].item<double>(), 0.5, 1e-6);
  EXPECT_NEAR(b.grad()[1].item<float>(), 0.5, 1e-3);
  EXPECT_NEAR(c.grad()[0].item<float>(), 0.5, 1e-6);
}

TEST(ClipGradNorm, NonFiniteNormsThrowBeforeAnythingChanges) {
  const Tensor a = with_grad(ones({2})), b = with_grad(tensor({std::numeric_limits<float>::infinity(), 1.0F}));
  EXPECT_THROW(U::clip_grad_norm_({a, b}, 1, 2, true), ValueError);
  EXPECT_TRUE(equal(a.grad(), ones({2})));
  EXPECT_TRUE(std::isinf(U::clip_grad_norm_({a, b}, 1)));
  EXPECT_EQ(a.grad().abs().sum().item<float>(), 0);
  const Tensor nan = with_grad(tensor({std::nanf(""), 5.0F}));
  EXPECT_TRUE(std::isnan(U::clip_grad_norm_(nan, 1, std::numeric_limits<double>::infinity())));
  EXPECT_THROW(U::clip_grad_norm_({a}, 1, -2), ValueError);
}

TEST(ClipGradNorm, SameBitsOnAnyNumberOfThreads) {
  manual_seed(1);
  const std::vector<Tensor> grads{randn({300, 1000}), randn({7}), randn({123456})};
  const int before = get_num_threads();
  set_num_threads(1);
  const double one = U::get_total_norm(grads);
  for (const int threads : {2, 3, 4}) {
    set_num_threads(threads);
    EXPECT_EQ(U::get_total_norm(grads), one);
  }
  set_num_threads(before);
  double sum = 0;
  for (const Tensor& g : grads) sum += g.to(kDouble).pow(2).sum().item<double>();
  EXPECT_NEAR(one, std::sqrt(sum), 1e-6 * one);
}

TEST(ClipGradValue, LimitsElements) {
  const Tensor p = with_grad(tensor({-3.0, 0.5, 7.0}));
  U::clip_grad_value_(p, 1);
  EXPECT_TRUE(equal(p.grad(), tensor({-1.0, 0.5, 1.0})));
}

TEST(Parameters, AsAVectorAndBack) {
  Linear net(2, 3);
  const Tensor vector = U::parameters_to_vector(net->parameters());
  EXPECT_EQ(vector.numel(), 9);
  vector.sum().backward();
  EXPECT_EQ(net->bias.grad().sum().item<float>(), 3);
  U::vector_to_parameters(arange(9, kFloat), net->parameters());
  EXPECT_EQ(net->bias[2].item<float>(), 8);
  EXPECT_TRUE(net->weight.requires_grad());
  EXPECT_THROW(U::vector_to_parameters(arange(8, kFloat), net->parameters()), ShapeError);
}

TEST(AdaptiveLogSoftmaxWithLoss, IsADistribution) {
  manual_seed(2);
  AdaptiveLogSoftmaxWithLoss layer(32, 10, std::vector<int64_t>{3, 6});
  const Tensor x = randn({4, 32});
  EXPECT_TRUE(allclose(layer->log_prob(x).exp().sum(1), ones({4}), 1e-5, 1e-5));
  EXPECT_TRUE(equal(layer->predict(x), layer->log_prob(x).argmax(1)));
  const auto out = layer->forward(x, tensor({0, 4, 9, 2}));
  EXPECT_TRUE(allclose(out.output, layer->log_prob(x).gather(1, tensor({{0}, {4}, {9}, {2}})).squeeze(1), 1e-5, 1e-5));
  EXPECT_NEAR(out.loss, -out.output.mean().item<double>(), 1e-6);
  EXPECT_NEAR(layer->forward(x[1], tensor(4)).output.item<float>(), out.output[1].item<float>(), 1e-5);
  EXPECT_THROW(layer->forward(x, tensor({0, 4, 10, 2})), IndexError);
  EXPECT_THROW(layer->forward(x, tensor({0, 4})), ShapeError);
  EXPECT_THROW(AdaptiveLogSoftmaxWithLoss(8, 10, std::vector<int64_t>{6, 3}), ValueError);
  EXPECT_THROW(AdaptiveLogSoftmaxWithLoss(8, 10, std::vector<int64_t>{3, 10}), ValueError);
  EXPECT_THROW(AdaptiveLogSoftmaxWithLoss(2, 10, std::vector<int64_t>{3, 6}), ValueError)
      << "clusters without features";
}

}  // namespace
}  // namespace hearth::nn
