// What modules print, and the names of their parameters and buffers.
#include <torch/torch.h>

#include <iostream>

using namespace torch;      // NOLINT
using namespace torch::nn;  // NOLINT

template <class M>
void print(const M& module) {
  std::cout << module;
  for (const auto& p : module->named_parameters()) {
    std::cout << " " << p.key();
    for (const auto s : p.value().sizes()) std::cout << " " << s;
  }
  for (const auto& b : module->named_buffers()) {
    if (!b.value().defined()) continue;
    std::cout << " buffer " << b.key();
    for (const auto s : b.value().sizes()) std::cout << " " << s;
  }
  std::cout << "\n";
}

void activations() {
  print(ReLU());
  print(ReLU(ReLUOptions(true)));
  print(ReLU6());
  print(ReLU6(ReLU6Options(true)));
  print(ELU());
  print(ELU(ELUOptions().alpha(1.5).inplace(true)));
  print(SELU());
  print(SELU(SELUOptions(true)));
  print(CELU());
  print(CELU(CELUOptions().alpha(2).inplace(true)));
  print(GELU());
  print(GELU(GELUOptions().approximate("tanh")));
  print(GLU());
  print(GLU(1));
  print(Hardshrink(0.7));
  print(Hardtanh());
  print(Hardtanh(HardtanhOptions().min_val(-2).inplace(true)));
  print(LeakyReLU());
  print(LeakyReLU(LeakyReLUOptions().negative_slope(0.2).inplace(true)));
  print(LogSigmoid());
  print(Softmax(1));
  print(Softmin(1));
  print(LogSoftmax(1));
  print(Softmax2d());
  print(PReLU());
  print(PReLU(PReLUOptions().num_parameters(4)));
  print(RReLU());
  print(RReLU(RReLUOptions().lower(0.3).inplace(true)));
  print(SiLU());
  print(Mish());
  print(Sigmoid());
  print(Softplus());
  print(Softplus(SoftplusOptions().beta(0.5)));
  print(Softshrink());
  print(Softsign());
  print(Tanh());
  print(Tanhshrink());
  print(Threshold(0.1, 20));
  print(Threshold(ThresholdOptions(0.1, 20).inplace(true)));
}

void convolutions_and_pools() {
  print(Conv1d(2, 4, 3));
  print(Conv2d(Conv2dOptions(2, 4, {3, 2}).stride({1, 2}).padding({1, 0}).dilation(2).groups(2).bias(false)));
  print(Conv3d(Conv3dOptions(2, 4, 3).padding(kValid).padding_mode(kCircular)));
  print(ConvTranspose1d(2, 4, 3));
  print(ConvTranspose2d(
      ConvTranspose2dOptions(2, 4, 3).stride(2).padding(1).output_padding(1).groups(2).dilation(2).bias(false)));
  print(ConvTranspose3d(2, 4, 3));
  print(MaxPool1d(3));
  print(MaxPool2d(MaxPool2dOptions({3, 2}).stride({2, 1}).ceil_mode(true)));
  print(MaxPool3d(3));
  print(AvgPool1d(3));
  print(AvgPool2d(3));
  print(AvgPool2d(AvgPool2dOptions({3, 2}).stride({1, 2}).padding({1, 1}).divisor_override(3).ceil_mode(true)));
  print(AvgPool3d(3));
  print(AdaptiveAvgPool1d(3));
  print(AdaptiveAvgPool2d(3));
  print(AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({nullopt, 3})));
  print(AdaptiveAvgPool3d(AdaptiveAvgPool3dOptions({nullopt, 3, nullopt})));
  print(AdaptiveMaxPool1d(3));
  print(AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({2, 3})));
  print(AdaptiveMaxPool3d(3));
  print(LPPool1d(2, 3));
  print(LPPool2d(LPPool2dOptions(1.2, {3, 2}).stride({2, 2}).ceil_mode(true)));
  print(FractionalMaxPool2d(FractionalMaxPool2dOptions(3).output_size(2)));
  print(FractionalMaxPool3d(FractionalMaxPool3dOptions(3).output_ratio(0.5)));
  print(MaxUnpool1d(3));
  print(MaxUnpool2d(MaxUnpool2dOptions(3).stride(2)));
  print(MaxUnpool3d(3));
}

void norms_and_dropouts() {
  print(LayerNorm(LayerNormOptions({2, 3})));
  print(LayerNorm(LayerNormOptions({2}).elementwise_affine(false).eps(1e-3)));
  print(GroupNorm(2, 4));
  print(GroupNorm(GroupNormOptions(2, 4).affine(false).eps(0.001)));
  print(BatchNorm1d(3));
  print(BatchNorm2d(BatchNorm2dOptions(3).affine(false).track_running_stats(false)));
  print(BatchNorm3d(3));
  print(InstanceNorm1d(3));
  print(InstanceNorm2d(InstanceNorm2dOptions(3).affine(true).track_running_stats(true).momentum(0.5).eps(1e-3)));
  print(InstanceNorm3d(3));
  print(LocalResponseNorm(2));
  print(CrossMapLRN2d(CrossMapLRN2dOptions(4).alpha(1e-5).k(10)));
  print(CrossMapLRN2d(4));
  print(Dropout());
  print(Dropout2d(0.3));
  print(Dropout3d());
  print(AlphaDropout(0.2));
  print(FeatureAlphaDropout(FeatureAlphaDropoutOptions(0.3).inplace(true)));
}

void shapes() {
  print(ReflectionPad1d(2));
  print(ReflectionPad2d(ReflectionPad2dOptions({1, 2, 3, 4})));
  print(ReflectionPad3d(1));
  print(ReplicationPad1d(2));
  print(ReplicationPad2d(2));
  print(ReplicationPad3d(2));
  print(ZeroPad2d(2));
  print(ConstantPad1d(ConstantPad1dOptions(2, 3.5)));
  print(ConstantPad2d(ConstantPad2dOptions({1, 2, 3, 4}, 3)));
  print(ConstantPad3d(ConstantPad3dOptions(2, 3.5)));
  print(PixelShuffle(2));
  print(PixelUnshuffle(2));
  print(Fold(FoldOptions({4, 5}, {2, 2})));
  print(Unfold(UnfoldOptions({2, 2}).padding(1)));
  print(Upsample(UpsampleOptions().scale_factor(std::vector<double>({2.5, 3})).mode(kBilinear).align_corners(true)));
  print(Upsample(UpsampleOptions().size(std::vector<int64_t>({2, 3})).mode(kNearest)));
  print(Upsample(UpsampleOptions().size(std::vector<int64_t>({2})).mode(kLinear)));
  print(Upsample(UpsampleOptions().size(std::vector<int64_t>({2})).mode(kTrilinear)));
  print(Upsample(UpsampleOptions().size(std::vector<int64_t>({2})).mode(kBicubic)));
  print(Identity());
  print(Flatten());
  print(Linear(2, 3));
  print(Bilinear(2, 3, 4));
  print(Bilinear(BilinearOptions(2, 3, 4).bias(false)));
  print(Unflatten(UnflattenOptions(1, {2, 2})));
  print(Unflatten(UnflattenOptions("B", {{"B1", 2}, {"B2", 2}})));
  print(CosineSimilarity());
  print(PairwiseDistance(PairwiseDistanceOptions().p(1).keepdim(true)));
}

void containers() {
  print(Functional(torch::relu));
  ModuleDict modules(
      std::vector<std::pair<std::string, std::shared_ptr<Module>>>{{"a", Linear(1, 2).ptr()}, {"b", ReLU().ptr()}});
  print(modules);
  ParameterList list(torch::ones({2, 3}), torch::zeros({4}));
  print(list);
  ParameterDict dict;
  dict->insert("x", torch::ones({2}));
  dict->insert("y", torch::ones({}));
  print(dict);
  print(ModuleList(modules, list));
  print(Sequential(Linear(1, 2), Functional(torch::tanh), Dropout()));
}

int main() {
  activations();
  convolutions_and_pools();
  norms_and_dropouts();
  shapes();
  containers();
}
