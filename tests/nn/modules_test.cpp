// Every module of one tensor goes through the same checks: it runs on strided input, on a batch of one and on an empty
// batch, in float as in double; a clone does what it does; errors name it. Values and gradients against LibTorch's are
// in tests/peer/nn_values.cpp.
#include <cmath>

#include "nn/helpers.h"

namespace hearth::nn {
namespace {

struct Row {
  std::string name;
  AnyModule module;
  std::vector<int64_t> sizes;  // of an input with a batch of 2
};

template <class M>
Row row(const char* name, M m, std::vector<int64_t> sizes) {
  return {name, AnyModule(m), std::move(sizes)};
}

std::vector<Row> activations() {
  const std::vector<int64_t> x{2, 4, 3};
  return {row("ReLU", ReLU(), x),
          row("ReLU6", ReLU6(), x),
          row("ELU", ELU(), x),
          row("SELU", SELU(), x),
          row("CELU", CELU(), x),
          row("GELU", GELU(), x),
          row("GLU", GLU(1), x),
          row("Hardshrink", Hardshrink(), x),
          row("Softshrink", Softshrink(), x),
          row("Hardtanh", Hardtanh(), x),
          row("LeakyReLU", LeakyReLU(), x),
          row("Softmax", Softmax(1), x),
          row("Softmin", Softmin(1), x),
          row("LogSoftmax", LogSoftmax(1), x),
          row("Softmax2d", Softmax2d(), {2, 3, 2, 2}),
          row("PReLU", PReLU(PReLUOptions().num_parameters(4)), x),
          row("RReLU", RReLU(), x),
          row("Softplus", Softplus(), x),
          row("Threshold", Threshold(0.1, 2), x),
          row("LogSigmoid", LogSigmoid(), x),
          row("SiLU", SiLU(), x),
          row("Mish", Mish(), x),
          row("Sigmoid", Sigmoid(), x),
          row("Softsign", Softsign(), x),
          row("Tanh", Tanh(), x),
          row("Tanhshrink", Tanhshrink(), x),
          row("Hardsigmoid", Hardsigmoid(), x),
          row("Hardswish", Hardswish(), x)};
}

std::vector<Row> layers() {
  const std::vector<int64_t> line{2, 4, 6}, plane{2, 4, 6, 5}, cube{2, 4, 4, 5, 4};
  return {row("Conv1d", Conv1d(4, 2, 3), line),
          row("Conv2d", Conv2d(Conv2dOptions(4, 2, 3).padding(1).padding_mode(kReflect)), plane),
          row("Conv3d", Conv3d(4, 2, 2), cube),
          row("ConvTranspose1d", ConvTranspose1d(4, 2, 3), line),
          row("ConvTranspose2d", ConvTranspose2d(ConvTranspose2dOptions(4, 2, 3).stride(2)), plane),
          row("ConvTranspose3d", ConvTranspose3d(4, 2, 2), cube),
          row("MaxPool1d", MaxPool1d(2), line),
          row("MaxPool2d", MaxPool2d(2), plane),
          row("MaxPool3d", MaxPool3d(2), cube),
          row("AvgPool1d", AvgPool1d(2), line),
          row("AvgPool2d", AvgPool2d(2), plane),
          row("AvgPool3d", AvgPool3d(2), cube),
          row("AdaptiveAvgPool1d", AdaptiveAvgPool1d(4), line),
          row("AdaptiveAvgPool2d", AdaptiveAvgPool2d(3), plane),
          row("AdaptiveAvgPool3d", AdaptiveAvgPool3d(3), cube),
          row("AdaptiveMaxPool1d", AdaptiveMaxPool1d(4), line),
          row("AdaptiveMaxPool2d", AdaptiveMaxPool2d(3), plane),
          row("AdaptiveMaxPool3d", AdaptiveMaxPool3d(3), cube),
          row("LPPool1d", LPPool1d(2, 2), line),
          row("LPPool2d", LPPool2d(2, 2), plane),
          row("LayerNorm", LayerNorm(LayerNormOptions({6})), line),
          row("RMSNorm", RMSNorm(RMSNormOptions({6})), line),
          row("GroupNorm", GroupNorm(2, 4), plane),
          row("InstanceNorm1d", InstanceNorm1d(InstanceNorm1dOptions(4).affine(true)), line),
          row("InstanceNorm2d", InstanceNorm2d(4), plane),
          row("InstanceNorm3d", InstanceNorm3d(4), cube),
          row("LocalResponseNorm", LocalResponseNorm(3), plane),
          row("CrossMapLRN2d", CrossMapLRN2d(3), plane),
          row("ReflectionPad1d", ReflectionPad1d(2), line),
          row("ReflectionPad2d", ReflectionPad2d(2), plane),
          row("ReflectionPad3d", ReflectionPad3d(2), cube),
          row("ReplicationPad1d", ReplicationPad1d(2), line),
          row("ReplicationPad2d", ReplicationPad2d(2), plane),
          row("ReplicationPad3d", ReplicationPad3d(2), cube),
          row("ZeroPad1d", ZeroPad1d(2), line),
          row("ZeroPad2d", ZeroPad2d(2), plane),
          row("ZeroPad3d", ZeroPad3d(2), cube),
          row("ConstantPad1d", ConstantPad1d(2, 0.5), line),
          row("ConstantPad2d", ConstantPad2d(2, 0.5), plane),
          row("ConstantPad3d", ConstantPad3d(2, 0.5), cube),
          row("CircularPad1d", CircularPad1d(2), line),
          row("CircularPad2d", CircularPad2d(2), plane),
          row("CircularPad3d", CircularPad3d(2), cube),
          row("PixelShuffle", PixelShuffle(2), plane),
          row("PixelUnshuffle", PixelUnshuffle(2), {2, 3, 4, 6}),
          row("ChannelShuffle", ChannelShuffle(2), plane),
          row("Unfold", Unfold(2), plane),
          row("Fold", Fold(FoldOptions(3, 2)), {2, 8, 4}),
          row("Upsample", Upsample(UpsampleOptions().scale_factor(std::vector<double>{2, 1.5}).mode(kBilinear)), plane),
          row("Identity", Identity(), line),
          row("Flatten", Flatten(), line),
          row("Unflatten", Unflatten(1, std::vector<int64_t>{2, 2}), line),
          row("Linear", Linear(6, 3), line),
          row("Dropout", Dropout(), line),
          row("Dropout2d", Dropout2d(), plane),
          row("Dropout3d", Dropout3d(), cube),
          row("AlphaDropout", AlphaDropout(), line),
          row("FeatureAlphaDropout", FeatureAlphaDropout(), line)};
}

std::vector<Row> all_rows() {
  std::vector<Row> rows = activations();
  for (Row& r : layers()) rows.push_back(std::move(r));
  return rows;
}

class EveryModule : public ::testing::TestWithParam<size_t> {
 protected:
  void SetUp() override {
    row_ = all_rows()[GetParam()];
    row_.module.ptr()->eval();
    row_.module.ptr()->to(kDouble);
    input_ = numbers(row_.sizes, 0.1, 2);
  }
  Tensor run(const Tensor& x) { return row_.module.forward(x); }
  /// Gradients of the input and of all parameters.
  std::vector<Tensor> gradients(const Tensor& x) {
    const Tensor leaf = x.detach().requires_grad_();
    std::vector<Tensor> wanted{leaf};
    for (const Tensor& p : row_.module.ptr()->parameters()) wanted.push_back(p);
    const Tensor y = run(leaf);
    return autograd::grad({(y * y * numbers(y.sizes(), 0.5, 1.5, 3).to(y.scalar_type())).sum()}, wanted, {}, false,
                          false, true);
  }
  Row row_;
  Tensor input_;
};

TEST_P(EveryModule, TakesStridedInput) {
  std::vector<int64_t> order;
  for (int64_t d = input_.dim(); d-- > 0;) order.push_back(d);
  const Tensor strided = input_.permute(order).clone().permute(order);
  ASSERT_FALSE(strided.is_contiguous());
  EXPECT_TRUE(close(run(strided), run(input_)));
  const auto want = gradients(input_), got = gradients(strided);
  for (size_t i = 0; i < want.size(); ++i)
    if (want[i].defined()) {
      EXPECT_TRUE(close(got[i], want[i])) << "gradient " << i;
    }
}

TEST_P(EveryModule, TreatsABatchImageByImage) {
  const Tensor both = run(input_), one = run(input_.narrow(0, 1, 1));
  EXPECT_TRUE(close(one, both.narrow(0, 1, 1)));
}

TEST_P(EveryModule, TakesAnEmptyBatch) {
  const Tensor none = input_.narrow(0, 0, 0), y = run(none);
  std::vector<int64_t> sizes = run(input_).sizes().vec();
  sizes[0] = 0;
  EXPECT_EQ(y.sizes(), IntArrayRef(sizes));
  const auto g = gradients(none);
  EXPECT_EQ(g[0].sizes(), none.sizes());
  for (size_t i = 1; i < g.size(); ++i)
    if (g[i].defined()) {
      EXPECT_EQ(g[i].abs().sum().item<double>(), 0) << "gradient " << i;
    }
}

TEST_P(EveryModule, IsTheSameInFloat) {
  const Tensor want = run(input_);
  row_.module.ptr()->to(kFloat);
  const Tensor got = run(input_.to(kFloat));
  EXPECT_EQ(got.scalar_type(), kFloat);
  EXPECT_TRUE(close(got, want, 1e-4, 1e-5));
}

TEST_P(EveryModule, ClonesAndPrints) {
  AnyModule copy = row_.module.clone();
  EXPECT_TRUE(close(copy.forward(input_), run(input_)));
  EXPECT_EQ(text(*copy.ptr()), text(*row_.module.ptr()));
  EXPECT_EQ(text(*row_.module.ptr()).find("torch::nn::" + row_.name + "("), 0U) << text(*row_.module.ptr());
  EXPECT_EQ(copy.ptr()->state_dict().keys(), row_.module.ptr()->state_dict().keys());
  for (const auto& p : row_.module.ptr()->named_parameters())
    EXPECT_FALSE(copy.ptr()->named_parameters()[p.key()].is_alias_of(p.value())) << p.key();
}

INSTANTIATE_TEST_SUITE_P(Modules, EveryModule, ::testing::Range<size_t>(0, all_rows().size()),
                         [](const auto& row) { return all_rows()[row.param].name; });

}  // namespace
}  // namespace hearth::nn
