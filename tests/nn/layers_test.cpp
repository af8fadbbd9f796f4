// Options, errors and results of layers that the table of modules_test.cpp and the peers do not reach.
#include <cmath>

#include "nn/helpers.h"

namespace hearth::nn {
namespace {

namespace F = functional;

TEST(Convolutions, TransposedTakesAnOutputSize) {
  ConvTranspose2d up(ConvTranspose2dOptions(3, 2, 3).stride(2));
  const Tensor x = ones({1, 3, 4, 5});
  const std::vector<int64_t> plain{9, 11}, wide{10, 12}, whole{1, 2, 10, 11}, far{11, 11};
  EXPECT_EQ(up->forward(x).sizes(), IntArrayRef({1, 2, 9, 11}));
  EXPECT_EQ(up->forward(x, IntArrayRef(plain)).sizes(), IntArrayRef({1, 2, 9, 11}));
  EXPECT_EQ(up->forward(x, IntArrayRef(wide)).sizes(), IntArrayRef({1, 2, 10, 12}));
  EXPECT_EQ(up->forward(x, IntArrayRef(whole)).sizes(), IntArrayRef({1, 2, 10, 11}));
  EXPECT_THROW(up->forward(x, IntArrayRef(far)), ValueError);
  EXPECT_THROW(up->forward(x, IntArrayRef({9})), ValueError);
  EXPECT_EQ(up->forward(x[0]).sizes(), IntArrayRef({2, 9, 11})) << "without a batch";
  AnyModule any(up);
  EXPECT_EQ(any.forward(x).size(2), 9) << "the size is an argument with a default";
}

TEST(Convolutions, RefuseWrongOptions) {
  EXPECT_THROW(ConvTranspose2d(ConvTranspose2dOptions(3, 4, 3).groups(2)), ValueError);
  EXPECT_THROW(ConvTranspose2d(ConvTranspose2dOptions(2, 4, 3).padding_mode(kReflect)), ValueError);
  EXPECT_THROW(ConvTranspose1d(ConvTranspose1dOptions(2, 2, 3).output_padding(1))->forward(ones({1, 2, 4})),
               ValueError);
  EXPECT_THROW(ConvTranspose1d(2, 2, 3)->forward(ones({1, 3, 4})), ShapeError);
  EXPECT_THROW(Conv1d(0, 2, 3), ValueError);
  EXPECT_THROW(F::conv2d(ones({1, 1, 3, 3}), ones({1, 1, 3, 3}), F::Conv2dFuncOptions().padding(kSame).stride(2)),
               ValueError);
}

TEST(Poolings, RefuseWrongOptions) {
  EXPECT_THROW(FractionalMaxPool2d(2), ValueError) << "neither size nor ratio";
  EXPECT_THROW(FractionalMaxPool2d(FractionalMaxPool2dOptions(2).output_size(2).output_ratio(0.5)), ValueError);
  EXPECT_THROW(FractionalMaxPool3d(FractionalMaxPool3dOptions(2).output_ratio(1.5)), ValueError);
  EXPECT_THROW(F::avg_pool1d(ones({1, 1, 4}), F::AvgPool1dFuncOptions(2).divisor_override(3)), ValueError);
  EXPECT_THROW(F::avg_pool2d(ones({1, 1, 4, 4}), F::AvgPool2dFuncOptions(2).divisor_override(0)), ValueError);
  EXPECT_THROW(AdaptiveAvgPool2d(3)->forward(ones({4})), ShapeError);
  EXPECT_THROW((AdaptiveAvgPool2dOptions({1, 2, 3})), ValueError);
  const auto [y, i] = MaxPool2d(2)->forward_with_indices(arange(16, kFloat).view({1, 1, 4, 4}));
  EXPECT_THROW(MaxUnpool2d(2)(y, i, std::vector<int64_t>{9, 9}), ValueError);
  EXPECT_THROW(MaxUnpool2d(2)(y, i, std::vector<int64_t>{1}), ValueError);
  EXPECT_THROW(MaxUnpool2d(2)(y, i + 16, std::nullopt), IndexError);
  EXPECT_THROW(MaxUnpool2d(2)(y, i.to(kInt), std::nullopt), DtypeError);
}

TEST(Poolings, FractionalCellsMoveAtRandom) {
  manual_seed(1);
  FractionalMaxPool2d pool(FractionalMaxPool2dOptions(2).output_size(ExpandingArray<2>({5, 4})));
  const Tensor x = rand({2, 3, 11, 10});
  const Tensor a = pool->forward(x), b = pool->forward(x);
  EXPECT_EQ(a.sizes(), IntArrayRef({2, 3, 5, 4}));
  EXPECT_FALSE(equal(a, b));
  pool->_random_samples = full({2, 3, 2}, 0.25);
  EXPECT_TRUE(equal(pool->forward(x), pool->forward(x)));
  EXPECT_EQ(pool->forward(x[0].unsqueeze(0).expand({2, 3, 11, 10})).size(0), 2);
}

TEST(Poolings, UnpoolingUndoesPooling) {
  const Tensor x = numbers({2, 3, 6, 8}).requires_grad_();
  const auto [y, i] = MaxPool2d(2)->forward_with_indices(x);
  const Tensor back = MaxUnpool2d(2)(y, i);
  EXPECT_EQ(back.sizes(), x.sizes());
  EXPECT_TRUE(close(MaxPool2d(2)->forward(back.clamp_min(-10)), y.clamp_min(0)));
  EXPECT_TRUE(equal(back.ne(0), back.eq(x)));
  back.sum().backward();
  EXPECT_TRUE(close(x.grad(), back.ne(0).to(kDouble)));
}

TEST(Norms, RmsNormDividesByTheRootOfTheMeanSquare) {
  RMSNorm norm(RMSNormOptions({4}).eps(1e-3));
  norm->to(kDouble);
  {
    const NoGradGuard no_grad;
    norm->weight.copy_(numbers({4}, 0.5, 1.5));
  }
  const Tensor x = numbers({3, 4});
  const Tensor want = x / (x.square().mean({-1}, true) + 1e-3).sqrt() * norm->weight;
  EXPECT_TRUE(close(norm(x), want));
  check_gradient([&](const Tensor& t) { return norm(t); }, x);
  EXPECT_EQ(text(norm), "torch::nn::RMSNorm([4], eps=0.001, elementwise_affine=true)");
  EXPECT_EQ(text(RMSNorm(RMSNormOptions({4}))), "torch::nn::RMSNorm([4], eps=None, elementwise_affine=true)");
  EXPECT_EQ(norm->state_dict().keys(), std::vector<std::string>{"weight"});
  EXPECT_TRUE(close(F::rms_norm(x, F::RMSNormFuncOptions({4}).eps(1e-3).weight(norm->weight)), want));
  EXPECT_THROW(norm(numbers({3, 5})), ShapeError);
}

TEST(Norms, CrossMapLrnHasTheGradientOfItsValues) {
  CrossMapLRN2d norm(CrossMapLRN2dOptions(3).alpha(0.5).k(2));
  check_gradient([&](const Tensor& t) { return norm(t); }, numbers({1, 5, 2, 2}));
  EXPECT_THROW(norm(numbers({5, 2, 2})), ShapeError);
  EXPECT_THROW(LocalResponseNorm(3)->forward(numbers({5, 2})), ShapeError);
  EXPECT_THROW(LocalResponseNorm(0)->forward(numbers({1, 5, 2})), ValueError);
}

TEST(Norms, RefuseWrongOptions) {
  EXPECT_THROW(GroupNorm(3, 4), ValueError);
  EXPECT_THROW(GroupNorm(0, 4), ValueError);
  EXPECT_THROW(InstanceNorm2d(3)->forward(ones({2, 3})), ShapeError);
  EXPECT_THROW(InstanceNorm1d(InstanceNorm1dOptions(3).affine(true))->forward(ones({2, 4, 5})), ShapeError);
  EXPECT_THROW(InstanceNorm1d(3)->forward(ones({2, 3, 1})), ValueError) << "one place has no spread";
  EXPECT_THROW(LayerNorm(LayerNormOptions({3}))->forward(ones({2, 4})), ShapeError);
}

TEST(Norms, NormalizeWritesIntoOut) {
  const Tensor x = numbers({3, 4});
  Tensor out = zeros({3, 4}, kDouble);
  const Tensor y = F::normalize(x, F::NormalizeFuncOptions().out(out));
  EXPECT_TRUE(y.is_alias_of(out));
  EXPECT_TRUE(close(out.square().sum({1}), ones({3}, kDouble)));
  EXPECT_TRUE(close(F::normalize(zeros({2, 2})), zeros({2, 2})));
}

TEST(Dropouts, WholeChannelsGo) {
  manual_seed(3);
  for (const bool batched : {true, false}) {
    const Tensor x = batched ? ones({8, 16, 2, 3}) : ones({16, 2, 3});
    const Tensor y = Dropout2d(0.5)->forward(x).flatten(-2);
    EXPECT_TRUE(equal(y.amax({-1}), y.amin({-1}))) << "a channel is dropped whole or not at all";
    EXPECT_GT(y.eq(0).sum().item<int64_t>(), 0);
    EXPECT_GT(y.eq(2).sum().item<int64_t>(), 0);
  }
  Tensor x = ones({16, 2, 2, 3});
  const Tensor same = Dropout3d(Dropout3dOptions(0.5).inplace(true))->forward(x);
  EXPECT_TRUE(same.is_alias_of(x)) << "in place, without a batch";
  EXPECT_GT(x.eq(0).sum().item<int64_t>(), 0);
}

TEST(Dropouts, AlphaKeepsMeanAndVariance) {
  manual_seed(5);
  const Tensor x = randn({200, 500});
  for (const Tensor& y : {AlphaDropout(0.3)->forward(x), FeatureAlphaDropout(0.3)->forward(x)}) {
    EXPECT_NEAR(y.mean().item<double>(), 0, 0.02);
    EXPECT_NEAR(y.std().item<double>(), 1, 0.02);
  }
  Tensor own = x.clone();
  F::alpha_dropout(own, F::AlphaDropoutFuncOptions().p(0.3).training(true).inplace(true));
  EXPECT_FALSE(equal(own, x));
  EXPECT_TRUE(equal(F::alpha_dropout(x), x)) << "not training by default";
  EXPECT_TRUE(equal(F::feature_alpha_dropout(x, F::FeatureAlphaDropoutFuncOptions().training(false)), x));
  EXPECT_TRUE(equal(AlphaDropout(1.0)->forward(x), zeros_like(x)));
  EXPECT_THROW(AlphaDropout(-0.1), ValueError);
  EXPECT_THROW(Dropout3d(1.1), ValueError);
  EXPECT_THROW(F::dropout2d(x, F::Dropout2dFuncOptions().p(2)), ValueError);
}

TEST(Activations, RefuseWrongOptions) {
  EXPECT_THROW(Hardtanh(HardtanhOptions().min_val(1).max_val(-1)), ValueError);
  EXPECT_THROW(Softshrink(-1), ValueError);
  EXPECT_THROW(PReLU(PReLUOptions().num_parameters(0)), ValueError);
  EXPECT_THROW(PReLU(PReLUOptions().num_parameters(3))->forward(ones({2, 4})), ShapeError);
  EXPECT_THROW(GELU(GELUOptions().approximate("cubic"))->forward(ones({2})), ValueError);
  EXPECT_THROW(GLU(1)->forward(ones({2, 3})), ShapeError);
  EXPECT_THROW(Softmax2d()->forward(ones({2, 3})), ShapeError);
  EXPECT_THROW(Softmax(2)->forward(ones({2, 3})), IndexError);
  EXPECT_THROW(RReLU(RReLUOptions().lower(1).upper(0))->forward(ones({2})), ValueError);
  EXPECT_THROW(F::gumbel_softmax(ones({2}), F::GumbelSoftmaxFuncOptions().tau(0)), ValueError);
}

TEST(Activations, InPlaceWritesTheInput) {
  const auto check = [](auto m) {
    Tensor x = numbers({3, 4}, -4, 4);
    const Tensor before = x.clone(), y = m(x);
    EXPECT_TRUE(y.is_alias_of(x)) << text(m);
    EXPECT_TRUE(equal(x, y)) << text(m);
    m->options.inplace(false);
    EXPECT_TRUE(close(m(before), y)) << text(m);
  };
  check(ReLU(ReLUOptions(true)));
  check(ReLU6(ReLU6Options(true)));
  check(ELU(ELUOptions().inplace(true)));
  check(SELU(SELUOptions(true)));
  check(CELU(CELUOptions().inplace(true)));
  check(LeakyReLU(LeakyReLUOptions().inplace(true)));
  check(Hardtanh(HardtanhOptions().inplace(true)));
  check(Threshold(ThresholdOptions(0.5, 2).inplace(true)));
  RReLU rrelu(RReLUOptions().inplace(true));
  rrelu->eval();
  check(rrelu);
}

TEST(Activations, GumbelSoftmaxDraws) {
  manual_seed(2);
  const Tensor logits = zeros({2000, 4}).add(tensor({0.0, 1.0, 2.0, 3.0})).requires_grad_();
  const Tensor hard = F::gumbel_softmax(logits, F::GumbelSoftmaxFuncOptions().hard(true).tau(0.5));
  EXPECT_TRUE(close(hard.sum(-1), ones({2000}), 1e-6));
  EXPECT_TRUE(close(hard.amax({-1}), ones({2000}), 1e-6));
  const Tensor shares = hard.mean(0), want = tensor({0.0, 1.0, 2.0, 3.0}).softmax(0);
  EXPECT_TRUE(close(shares, want, 0, 0.04)) << "classes come with softmax's probabilities";
  (hard * hard).sum().backward();
  EXPECT_GT(logits.grad().abs().sum().item<double>(), 0) << "the gradient is that of the soft sample";
}

TEST(Vision, InterpolateRefusesWrongOptions) {
  using O = F::InterpolateFuncOptions;
  const Tensor image = ones({1, 1, 4, 4});
  EXPECT_THROW(F::interpolate(image), ValueError) << "neither size nor scale";
  EXPECT_THROW(F::interpolate(image, O().size(std::vector<int64_t>{2, 2}).scale_factor(std::vector<double>{2, 2})),
               ValueError);
  EXPECT_THROW(F::interpolate(image, O().size(std::vector<int64_t>{2})), ValueError);
  EXPECT_THROW(F::interpolate(image, O().scale_factor(std::vector<double>{2})), ValueError);
  EXPECT_THROW(F::interpolate(image, O().scale_factor(std::vector<double>{2, -1})), ValueError);
  EXPECT_THROW(F::interpolate(image, O().size(std::vector<int64_t>{2, 2}).align_corners(true)), ValueError);
  EXPECT_THROW(F::interpolate(image, O().size(std::vector<int64_t>{2, 2}).antialias(true)), ValueError);
  EXPECT_THROW(F::interpolate(image, O().size(std::vector<int64_t>{2, 2}).mode(kLinear)), NotImplementedError);
  EXPECT_THROW(F::interpolate(ones({4, 4}), O().size(std::vector<int64_t>{2})), NotImplementedError);
  EXPECT_THROW(F::interpolate(image, O().size(std::vector<int64_t>{0, 2})), ValueError);
}

TEST(Vision, GridSamplingKeepsToTheImage) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  Tensor image = ones({1, 1, 2, 2});
  image[0][0][0][0] = inf;  // what lies at place 0 must not leak into points outside
  const Tensor grid = tensor({{1.0, 1.0}, {5.0, 5.0}, {inf, 0.0}, {nan, nan}}).view({1, 4, 1, 2}).to(kFloat);
  const Tensor y = F::grid_sample(image, grid, F::GridSampleFuncOptions().align_corners(true)).view({4});
  EXPECT_TRUE(equal(y, tensor({1.0, 0.0, 0.0, 0.0}).to(kFloat)));
  for (const auto& border :
       {F::GridSampleFuncOptions::padding_mode_t(kBorder), F::GridSampleFuncOptions::padding_mode_t(kReflection)})
    EXPECT_EQ(F::grid_sample(ones({1, 1, 2, 2}), grid, F::GridSampleFuncOptions().padding_mode(border)).numel(), 4);
}

TEST(Vision, PadRefusesWhatItCannot) {
  EXPECT_THROW(F::pad(ones({1, 1, 3}), F::PadFuncOptions({1, 1}).mode(kReflect).value(1)), ValueError);
  EXPECT_THROW(F::pad(ones({1, 1, 3}), F::PadFuncOptions({3, 0}).mode(kReflect)), ShapeError);
  EXPECT_THROW(F::pad(ones({3}), F::PadFuncOptions({1, 1}).mode(kCircular)), NotImplementedError);
  EXPECT_THROW(F::pad(ones({3}), F::PadFuncOptions({1, 1, 1})), ValueError);
  EXPECT_TRUE(equal(CircularPad1d(1)->forward(tensor({1.0, 2.0, 3.0}).view({1, 1, 3})).view({5}),
                    tensor({3.0, 1.0, 2.0, 3.0, 1.0})));
  EXPECT_EQ(text(CircularPad2d(1)), "torch::nn::CircularPad2d(padding=[1, 1, 1, 1])");
  EXPECT_EQ(text(ZeroPad1d(ZeroPad1dOptions({1, 2}))), "torch::nn::ZeroPad1d(padding=[1, 2])");
}

TEST(Vision, FoldAddsWhatUnfoldCut) {
  const Tensor x = numbers({2, 3, 5, 6});
  const auto options = UnfoldOptions(3).padding(1).stride(2);
  const auto back = FoldOptions({5, 6}, 3).padding(1).stride(2);
  const Tensor times = Fold(back)->forward(Unfold(options)->forward(ones_like(x)));
  EXPECT_TRUE(close(Fold(back)->forward(Unfold(options)->forward(x)), x * times));
  EXPECT_THROW(Fold(FoldOptions(4, 2))->forward(ones({1, 4, 8})), ShapeError);
}

TEST(Linear, BilinearAndUnflatten) {
  EXPECT_THROW(Bilinear(0, 2, 3), ValueError);
  EXPECT_THROW(Bilinear(2, 2, 3)->forward(ones({1, 2}), ones({1, 3})), ShapeError);
  EXPECT_THROW(Unflatten(UnflattenOptions("B", {{"C", 2}}))->forward(ones({2, 2})), NotImplementedError);
  EXPECT_THROW(Unflatten(1, std::vector<int64_t>{2, 2})->forward(ones({2, 5})), ShapeError);
  EXPECT_EQ(F::bilinear(ones({4, 2}), ones({4, 3}), ones({5, 2, 3})).sizes(), IntArrayRef({4, 5}));
}

TEST(Distances, AreThoseOfRows) {
  const Tensor a = tensor({{3.0, 4.0}, {0.0, 0.0}}), b = tensor({{0.0, 0.0}, {0.0, 2.0}});
  EXPECT_TRUE(close(PairwiseDistance(PairwiseDistanceOptions().eps(0))(a, b), tensor({5.0, 2.0})));
  EXPECT_TRUE(close(CosineSimilarity()(a, a).slice(0, 0, 1), ones({1})));
  Tensor x = zeros({2, 3}, kDouble).requires_grad_();
  cdist(x, zeros({2, 3}, kDouble)).sum().backward();
  EXPECT_EQ(x.grad().abs().sum().item<double>(), 0) << "no slope where points meet";
  // More differences than fit into cache at once: the same in pieces, forward and backward.
  const Tensor many = numbers({700, 40}, -2, 2, 5), few = numbers({9, 40}).requires_grad_();
  const Tensor whole = (few.unsqueeze(1) - many).norm(3, -1), pieces = F::cdist(few, many, 3);
  EXPECT_TRUE(close(pieces, whole));
  const Tensor want = autograd::grad({whole.square().sum()}, {few})[0];
  EXPECT_TRUE(close(autograd::grad({pieces.square().sum()}, {few})[0], want));
  EXPECT_EQ(F::cdist(ones({0, 3}), ones({2, 3}), 1).sizes(), IntArrayRef({0, 2}));
  EXPECT_EQ(F::pdist(ones({1, 3})).numel(), 0);
  check_gradient([](const Tensor& t) { return F::pdist(t); }, numbers({4, 3}));
}

}  // namespace
}  // namespace hearth::nn
