// Batches without samples where LibTorch refuses them, reads memory that is not there, or lacks the module; the others
// are compared with LibTorch's in tests/peer.
#include "nn/helpers.h"

namespace hearth::nn {
namespace {

/// y and all gradients of it are there and zero.
void expect_nothing(const Tensor& y, const std::vector<Tensor>& inputs, const Module& module) {
  ASSERT_TRUE(y.requires_grad());
  std::vector<Tensor> wanted = inputs;
  for (const Tensor& p : module.parameters()) wanted.push_back(p);
  const auto grads = autograd::grad({y.sum()}, wanted, {}, false, false, true);
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!grads[i].defined()) continue;
    EXPECT_EQ(grads[i].sizes(), wanted[i].sizes());
    EXPECT_EQ(grads[i].abs().sum().item<double>(), 0) << text(module) << i;
  }
}
Tensor leaf(IntArrayRef sizes) { return zeros(sizes, kDouble).requires_grad_(); }

TEST(EmptyBatch, OfAttentionAndTransformers) {
  const Tensor q = leaf({3, 0, 8}), k = leaf({4, 0, 8});
  for (const bool need_weights : {true, false}) {
    MultiheadAttention attention(MultiheadAttentionOptions(8, 2).add_bias_kv(need_weights));
    attention->to(kDouble);
    const auto [y, weights] = attention->forward(q, k, k, {}, need_weights);
    EXPECT_EQ(y.sizes(), IntArrayRef({3, 0, 8}));
    EXPECT_EQ(weights.defined(), need_weights);
    expect_nothing(y, {q, k}, *attention);
  }
  Transformer whole(TransformerOptions(8, 2, 1, 1).dim_feedforward(6));
  whole->to(kDouble);
  for (const bool training : {true, false}) {
    whole->train(training);
    const Tensor y = whole->forward(q, k);
    EXPECT_EQ(y.sizes(), k.sizes());
    expect_nothing(y, {q, k}, *whole);
  }
}

TEST(EmptyBatch, OfBatchNormsLeavesTheirAverages) {
  const auto check = [](auto norm, IntArrayRef sizes) {
    norm->to(kDouble);
    const Tensor x = leaf(sizes);
    norm->eval();
    const Tensor y = norm->forward(x);
    EXPECT_EQ(y.sizes(), sizes);
    expect_nothing(y, {x}, *norm);
    EXPECT_EQ(norm->running_mean.sum().template item<double>(), 0);
    EXPECT_EQ(norm->running_var.sum().template item<double>(), 2);
  };
  check(BatchNorm1d(2), {0, 2});
  check(BatchNorm1d(2), {0, 2, 5});
  check(BatchNorm2d(2), {0, 2, 3, 3});
  check(BatchNorm3d(2), {0, 2, 3, 3, 2});
  check(InstanceNorm2d(InstanceNorm2dOptions(2).affine(true).track_running_stats(true)), {0, 2, 3, 3});
}

TEST(EmptyBatch, OfDropoutsInTraining) {
  const auto check = [](auto drop, IntArrayRef sizes) {
    const Tensor x = leaf(sizes);
    EXPECT_EQ(drop->forward(x).sizes(), sizes);
    expect_nothing(drop->forward(x), {x}, *drop);
  };
  check(Dropout(), {0, 4});
  check(Dropout2d(), {0, 4, 3, 3});
  check(Dropout3d(), {0, 4, 3, 3, 2});
  check(AlphaDropout(), {0, 4});
  check(FeatureAlphaDropout(), {0, 4, 3});
  check(RReLU(), {0, 4});
}

template <class Loss, class Options, class... Inputs>
void losses(Options options, const Tensor& x, const Inputs&... others) {
  const Tensor none = Loss(options.reduction(kNone))->forward(x, others...);
  EXPECT_EQ(none.size(0), 0);
  const Tensor sum = Loss(options.reduction(kSum))->forward(x, others...);
  EXPECT_EQ(sum.item<double>(), 0);
  expect_nothing(sum, {x}, *Identity());
  EXPECT_TRUE(std::isnan(Loss(options.reduction(kMean))->forward(x, others...).template item<double>()));
}
TEST(EmptyBatch, OfLosses) {
  const Tensor x = leaf({0, 3}), y = zeros({0, 3}, kDouble);
  losses<MultiMarginLoss>(MultiMarginLossOptions(), x, zeros({0}, kLong));
  losses<MultiLabelMarginLoss>(MultiLabelMarginLossOptions(), x, zeros({0, 3}, kLong));
  losses<GaussianNLLLoss>(GaussianNLLLossOptions(), x, y, ones({0, 3}, kDouble));
  losses<CrossEntropyLoss>(CrossEntropyLossOptions().label_smoothing(0.1), x, y);
  losses<SmoothL1Loss>(SmoothL1LossOptions(), x, y);
}

TEST(EmptyBatch, OfDistancesAndPools) {
  const Tensor x = leaf({0, 3}), y = leaf({4, 3});
  EXPECT_EQ(pdist(x).numel(), 0);
  expect_nothing(pdist(x).sum() + cdist(x, y).sum(), {x, y}, *Identity());
  const Tensor image = leaf({0, 2, 6, 6});
  FractionalMaxPool2d pool(FractionalMaxPool2dOptions(2).output_size(ExpandingArray<2>({3, 3})));
  EXPECT_EQ(pool(image).sizes(), IntArrayRef({0, 2, 3, 3}));
  expect_nothing(pool(image), {image}, *pool);
}

TEST(EmptyBatch, JoinsWithHistory) {
  const Tensor a = leaf({0}), b = leaf({0}), c = leaf({2, 3});
  const Tensor none = cat({a, b});
  EXPECT_EQ(none.sizes(), IntArrayRef({0}));
  expect_nothing(none, {a, b}, *Identity());
  const auto g = autograd::grad({cat({a, c, b}).sum()}, {a, c, b});
  EXPECT_EQ(g[0].numel(), 0);
  EXPECT_TRUE(equal(cat({a, ones({1, 2}, kDouble), b, zeros({0, 2}, kDouble), full({1, 2}, 3, kDouble)}),
                    tensor({{1.0, 1.0}, {3.0, 3.0}}, kDouble)));
  EXPECT_EQ(g[1].sum().item<double>(), 6);
  EXPECT_EQ(cat({a, ones({2}, kInt)}).scalar_type(), kDouble) << "what is left out has its dtype's say";
  EXPECT_THROW(cat({c, leaf({1})}), ShapeError);
}

}  // namespace
}  // namespace hearth::nn
