// Values, gradients and second derivatives of every module and functional form, as sums with uneven weights, in double;
// and the initial weights that a seed gives.
#include <torch/torch.h>

#include <cstdio>
#include <functional>

#include "variants.h"

using namespace torch;      // NOLINT
using namespace torch::nn;  // NOLINT
namespace F = torch::nn::functional;

using Tensors = std::vector<Tensor>;

/// Numbers without a pattern that a layout could hide behind, and without equals.
Tensor numbers(IntArrayRef sizes, double low = -2, double high = 2, int64_t seed = 1) {
  int64_t n = 1;
  for (const int64_t s : sizes) n *= s;
  const Tensor i = torch::arange(n, kDouble) + static_cast<double>(seed) * 0.37;
  return ((i * 12.9898).sin() * 43758.5453).frac().abs().mul(high - low).add(low).view(sizes);
}
/// One number that any change of an element moves.
double digest(const Tensor& t) {
  if (t.numel() == 0) return 0;
  return (t.detach().to(kDouble) * numbers(t.sizes(), 0.5, 1.5, 7)).sum().item<double>();
}
Tensor weighted(const Tensor& t) { return (t * numbers(t.sizes(), 0.5, 1.5, 3).to(t.scalar_type())).sum(); }
void line(const char* name, const char* what, const Tensor& t) {
  std::printf("%s %s", name, what);
  for (const auto s : t.sizes()) std::printf(" %d", static_cast<int>(s));
  std::printf(" : %.10g\n", digest(t));
}

/// The result of f, the gradients of its inputs and then those of a function of the gradients.
void derivatives(const char* name, const std::function<Tensor(const Tensors&)>& f, const Tensors& inputs, bool second) {
  Tensors x;
  for (const Tensor& t : inputs) x.push_back(t.detach().clone().requires_grad_(t.is_floating_point()));
  const Tensor y = f(x);
  line(name, "value", y);
  if (!y.requires_grad()) return;
  Tensors wanted;
  for (const Tensor& t : x)
    if (t.requires_grad()) wanted.push_back(t);
  const Tensors g = torch::autograd::grad({weighted(y * y)}, wanted, {}, true, second, true);
  for (const Tensor& t : g)
    if (t.defined()) line(name, "gradient", t);
  if (second) {
    Tensor sum = torch::zeros({}, kDouble);
    for (const Tensor& t : g)
      if (t.defined()) sum = sum + weighted(t * t);
    for (const Tensor& t : torch::autograd::grad({sum}, wanted, {}, false, false, true))
      if (t.defined()) line(name, "second", t);
  }
}
/// The same, and in float, for one sample and for none.
void check(const char* name, const std::function<Tensor(const Tensors&)>& f, const Tensors& inputs, bool second = true,
           int64_t batch = 0) {
  derivatives(name, f, inputs, second);
  variants::Options forms;
  forms.batch = batch;
  variants::check(name, f, inputs, forms);
}
/// A module, in double, whose parameters get numbers; call(module, inputs). none: LibTorch takes an empty batch.
template <class M, class Call>
void module_by(const char* name, M m, const Call& call, const Tensors& inputs, bool second, bool none = true) {
  {
    torch::NoGradGuard no_grad;
    int64_t seed = 20;
    for (auto& p : m->parameters()) p.copy_(numbers(p.sizes(), 0.2, 1, ++seed));
  }
  const auto f = [&](const Tensors& x) {
    m->to(x[0].scalar_type());
    return call(m, x);
  };
  derivatives(name, f, inputs, second);
  variants::Options forms;
  forms.none = none;
  forms.parameters = [&] { return m->parameters(); };
  variants::check(name, f, inputs, forms);
  m->zero_grad();
  const Tensor y = call(m, inputs);
  if (!y.requires_grad()) return;
  weighted(y * y).backward();
  for (const auto& p : m->named_parameters()) line(name, p.key().c_str(), p.value().grad());
}
template <class M>
void module(const char* name, M m, const Tensors& inputs, bool second = true, bool none = true) {
  module_by(
      name, m, [](M& own, const Tensors& x) { return own->forward(x[0]); }, inputs, second, none);
}
/// One of two inputs.
template <class M>
void module2(const char* name, M m, const Tensors& inputs, bool second = true) {
  module_by(
      name, m, [](M& own, const Tensors& x) { return own->forward(x[0], x[1]); }, inputs, second);
}

void activations() {
  const Tensors x{numbers({3, 4, 2}, -4, 4)};
  module("ReLU", ReLU(), x);
  module("ReLU6", ReLU6(), x);
  module("ELU", ELU(ELUOptions().alpha(1.5)), x);
  module("SELU", SELU(), x);
  module("CELU", CELU(CELUOptions().alpha(1.3)), x);
  module("GELU", GELU(), x);
  module("GELU.tanh", GELU(GELUOptions().approximate("tanh")), x);
  module("GLU", GLU(1), x);
  module("Hardshrink", Hardshrink(0.7), x);
  module("Hardtanh", Hardtanh(HardtanhOptions().min_val(-1.5).max_val(0.7)), x);
  module("LeakyReLU", LeakyReLU(LeakyReLUOptions().negative_slope(0.2)), x);
  module("LogSigmoid", LogSigmoid(), x);
  module("Softmax", Softmax(1), x);
  module("Softmin", Softmin(1), x);
  module("LogSoftmax", LogSoftmax(-1), x);
  module("Softmax2d", Softmax2d(), {numbers({2, 3, 2, 2})});
  module("PReLU", PReLU(PReLUOptions().num_parameters(4)), x);
  module("PReLU.one", PReLU(), x);
  RReLU rrelu(RReLUOptions().lower(0.1).upper(0.5));
  rrelu->eval();
  module("RReLU", rrelu, x);
  module("SiLU", SiLU(), x);
  module("Mish", Mish(), x);
  module("Sigmoid", Sigmoid(), x);
  module("Softplus", Softplus(SoftplusOptions().beta(0.8).threshold(2)), x);
  module("Softshrink", Softshrink(0.7), x);
  module("Softsign", Softsign(), x);
  module("Tanh", Tanh(), x);
  module("Tanhshrink", Tanhshrink(), x);
  module("Threshold", Threshold(0.3, -1.5), x);
  check(
      "F.softmax", [](const Tensors& t) { return F::softmax(t[0], F::SoftmaxFuncOptions(0).dtype(kDouble)); }, x);
  check(
      "F.logsigmoid", [](const Tensors& t) { return F::logsigmoid(t[0]); }, x);
  Tensor own = x[0].clone();
  F::elu(own, F::ELUFuncOptions().alpha(2).inplace(true));
  line("F.elu", "in_place", own);
  F::hardtanh(own, F::HardtanhFuncOptions().inplace(true));
  F::leaky_relu(own, F::LeakyReLUFuncOptions().inplace(true));
  F::celu(own, F::CELUFuncOptions().inplace(true));
  F::selu(own, F::SELUFuncOptions(true));
  F::threshold(own, F::ThresholdFuncOptions(0.1, 0.2).inplace(true));
  line("F.chain", "in_place", own);
}

void convolutions() {
  const Tensors x1{numbers({2, 4, 7})}, x2{numbers({2, 4, 6, 5})}, x3{numbers({1, 4, 4, 3, 5})};
  module("Conv1d", Conv1d(Conv1dOptions(4, 6, 3).stride(2).padding(1).groups(2)), x1);
  module("Conv2d", Conv2d(Conv2dOptions(4, 2, {3, 2}).dilation({1, 2}).padding({0, 1})), x2);
  module("Conv3d", Conv3d(Conv3dOptions(4, 2, 2).bias(false)), x3);
  module("Conv1d.same", Conv1d(Conv1dOptions(4, 2, 4).padding(kSame)), x1);
  module("Conv2d.valid", Conv2d(Conv2dOptions(4, 2, 3).padding(kValid)), x2);
  module("Conv2d.reflect", Conv2d(Conv2dOptions(4, 2, 3).padding({1, 2}).padding_mode(kReflect)), x2);
  module("Conv2d.replicate", Conv2d(Conv2dOptions(4, 2, 3).padding({1, 2}).padding_mode(kReplicate)), x2);
  module("Conv2d.circular", Conv2d(Conv2dOptions(4, 2, 3).padding({1, 2}).padding_mode(kCircular)), x2);
  module("Conv3d.reflect", Conv3d(Conv3dOptions(4, 2, 3).padding(1).padding_mode(kReflect)), x3);
  module("ConvTranspose1d", ConvTranspose1d(ConvTranspose1dOptions(4, 6, 3).stride(2).output_padding(1).groups(2)), x1);
  module("ConvTranspose2d",
         ConvTranspose2d(ConvTranspose2dOptions(4, 2, {3, 2}).stride({2, 1}).padding({1, 0}).dilation({1, 2})), x2);
  module("ConvTranspose3d", ConvTranspose3d(ConvTranspose3dOptions(4, 2, 2).stride(2).bias(false)), x3);
  ConvTranspose2d sized(ConvTranspose2dOptions(4, 2, 3).stride(3).bias(false));
  {
    torch::NoGradGuard no_grad;
    sized->weight.copy_(numbers({4, 2, 3, 3}, 0, 1, 5));
  }
  const std::vector<int64_t> size{19, 15};
  line("ConvTranspose2d", "output_size", sized->forward(x2[0].to(kFloat), at::IntArrayRef(size)));
  const Tensors w{x2[0], numbers({4, 2, 3, 3}, -1, 1, 4), numbers({4}, -1, 1, 5)};
  check(
      "F.conv2d",
      [](const Tensors& t) {
        return F::conv2d(t[0], t[1], F::Conv2dFuncOptions().bias(t[2]).stride(2).padding({1, 0}).groups(2));
      },
      w);
  check("F.conv2d.same",
        [](const Tensors& t) { return F::conv2d(t[0], t[1], F::Conv2dFuncOptions().padding(kSame).groups(2)); },
        {w[0], w[1]});
  check("F.conv1d", [](const Tensors& t) { return F::conv1d(t[0], t[1], F::Conv1dFuncOptions().padding(2)); },
        {x1[0], numbers({3, 4, 3}, -1, 1, 4)});
  check("F.conv3d",
        [](const Tensors& t) {
          return F::conv3d(t[0], t[1], F::Conv3dFuncOptions().stride({1, 2, 1}));
        },
        {x3[0], numbers({2, 4, 2, 2, 2}, -1, 1, 4)});
  check("F.conv_transpose1d",
        [](const Tensors& t) { return F::conv_transpose1d(t[0], t[1], F::ConvTranspose1dFuncOptions().stride(2)); },
        {x1[0], numbers({4, 2, 3}, -1, 1, 4)});
  check(
      "F.conv_transpose2d",
      [](const Tensors& t) {
        return F::conv_transpose2d(
            t[0], t[1],
            F::ConvTranspose2dFuncOptions().bias(t[2]).stride({2, 3}).padding(1).output_padding(1).groups(2));
      },
      w);
  check("F.conv_transpose3d", [](const Tensors& t) { return F::conv_transpose3d(t[0], t[1]); },
        {x3[0], numbers({4, 2, 2, 2, 2}, -1, 1, 4)});
}

template <class M>
void with_indices(const char* name, M m, const Tensors& inputs) {
  module(name, m, inputs);
  line(name, "indices", std::get<1>(m->forward_with_indices(inputs[0])));
}

void pools() {
  const Tensors x1{numbers({2, 3, 9})}, x2{numbers({2, 3, 7, 8})}, x3{numbers({2, 2, 5, 4, 6})};
  const Tensors positive1{numbers({2, 3, 9}, 0.2, 2)}, positive2{numbers({2, 3, 7, 8}, 0.2, 2)};
  with_indices("MaxPool1d", MaxPool1d(MaxPool1dOptions(3).stride(2).padding(1)), x1);
  with_indices("MaxPool2d", MaxPool2d(MaxPool2dOptions({3, 2}).stride({2, 1}).dilation({1, 2}).ceil_mode(true)), x2);
  with_indices("MaxPool3d", MaxPool3d(MaxPool3dOptions(2).padding(1)), x3);
  module("AvgPool1d", AvgPool1d(AvgPool1dOptions(3).stride(2).padding(1).count_include_pad(false)), x1);
  module("AvgPool2d", AvgPool2d(AvgPool2dOptions({3, 2}).stride(2).padding({1, 0}).ceil_mode(true)), x2);
  module("AvgPool2d.divisor", AvgPool2d(AvgPool2dOptions(3).stride(2).divisor_override(5)), x2);
  module("AvgPool3d", AvgPool3d(AvgPool3dOptions(2).padding(1).count_include_pad(false)), x3);
  module("AvgPool3d.ceil", AvgPool3d(AvgPool3dOptions(3).stride(2).ceil_mode(true).divisor_override(4)), x3);
  module("AdaptiveAvgPool1d", AdaptiveAvgPool1d(4), x1);
  module("AdaptiveAvgPool2d", AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({3, 5})), x2);
  module("AdaptiveAvgPool2d.open", AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({nullopt, 3})), x2);
  module("AdaptiveAvgPool3d", AdaptiveAvgPool3d(AdaptiveAvgPool3dOptions({2, nullopt, 4})), x3);
  with_indices("AdaptiveMaxPool1d", AdaptiveMaxPool1d(4), x1);
  with_indices("AdaptiveMaxPool2d", AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({3, 5})), x2);
  with_indices("AdaptiveMaxPool2d.open", AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({nullopt, 3})), x2);
  with_indices("AdaptiveMaxPool3d", AdaptiveMaxPool3d(AdaptiveMaxPool3dOptions({2, nullopt, 4})), x3);
  module("LPPool1d", LPPool1d(LPPool1dOptions(3, 2).stride(3)), positive1);
  module("LPPool2d", LPPool2d(LPPool2dOptions(1.5, {3, 2}).ceil_mode(true)), positive2);
  const auto samples2 = numbers({2, 3, 2}, 0, 1, 9), samples3 = numbers({2, 2, 3}, 0, 1, 9);
  check(
      "FractionalMaxPool2d",
      [&](const Tensors& t) {
        return F::fractional_max_pool2d(
            t[0], F::FractionalMaxPool2dFuncOptions({2, 3})
                      .output_size(ExpandingArray<2>({3, 4}))
                      ._random_samples(samples2.narrow(0, 0, t[0].size(0)).to(t[0].scalar_type())));
      },
      x2, false);
  check(
      "FractionalMaxPool3d",
      [&](const Tensors& t) {
        return F::fractional_max_pool3d(
            t[0], F::FractionalMaxPool3dFuncOptions(2)
                      .output_ratio(ExpandingArray<3, double>(0.6))
                      ._random_samples(samples3.narrow(0, 0, t[0].size(0)).to(t[0].scalar_type())));
      },
      x3, false);
  line("FractionalMaxPool2d", "indices",
       std::get<1>(F::fractional_max_pool2d_with_indices(x2[0], F::FractionalMaxPool2dFuncOptions(2)
                                                                    .output_ratio(ExpandingArray<2, double>(0.5))
                                                                    ._random_samples(samples2))));
  line("FractionalMaxPool3d", "indices",
       std::get<1>(F::fractional_max_pool3d_with_indices(x3[0], F::FractionalMaxPool3dFuncOptions({2, 1, 3})
                                                                    .output_size(ExpandingArray<3>({3, 3, 2}))
                                                                    ._random_samples(samples3))));
  const auto [y1, i1] = MaxPool1d(2)->forward_with_indices(x1[0]);
  const auto [y2, i2] = MaxPool2d(2)->forward_with_indices(x2[0]);
  const auto [y3, i3] = MaxPool3d(2)->forward_with_indices(x3[0]);
  module2("MaxUnpool1d", MaxUnpool1d(2), {y1, i1}, false);
  module2("MaxUnpool2d", MaxUnpool2d(2), {y2, i2}, false);
  module2("MaxUnpool3d", MaxUnpool3d(2), {y3, i3}, false);
  line("MaxUnpool1d", "size", MaxUnpool1d(2)(y1, i1, std::vector<int64_t>({2, 3, 9})));
  line("MaxUnpool2d", "size", MaxUnpool2d(2)(y2, i2, x2[0].sizes().vec()));
  line("MaxUnpool3d", "size", MaxUnpool3d(2)(y3, i3, x3[0].sizes().vec()));
}

void norms() {
  const Tensors x{numbers({3, 4, 6})}, image{numbers({2, 4, 3, 5})}, volume{numbers({2, 4, 2, 3, 2})};
  module("LayerNorm", LayerNorm(LayerNormOptions({6}).eps(1e-3)), x);
  module("LayerNorm.2", LayerNorm(LayerNormOptions({4, 6})), x);
  module("LayerNorm.plain", LayerNorm(LayerNormOptions({6}).elementwise_affine(false)), x);
  module("GroupNorm", GroupNorm(GroupNormOptions(2, 4).eps(1e-3)), image);
  module("GroupNorm.plain", GroupNorm(GroupNormOptions(4, 4).affine(false)), x);
  module("GroupNorm.2d", GroupNorm(2, 4), {numbers({5, 4})});
  module("InstanceNorm1d", InstanceNorm1d(InstanceNorm1dOptions(4).affine(true)), x, true, false);
  module("InstanceNorm2d", InstanceNorm2d(4), image);
  module("InstanceNorm3d", InstanceNorm3d(InstanceNorm3dOptions(4).affine(true).eps(1e-3)), volume, true, false);
  InstanceNorm2d tracked(InstanceNorm2dOptions(4).affine(true).track_running_stats(true).momentum(0.3));
  module("InstanceNorm2d.tracked", tracked, image, true, false);
  line("InstanceNorm2d", "running_mean", tracked->running_mean);
  line("InstanceNorm2d", "running_var", tracked->running_var);
  tracked->eval();
  module("InstanceNorm2d.eval", tracked, image, true, false);
  module("InstanceNorm1d.unbatched", InstanceNorm1d(4), {numbers({4, 6})});
  module("BatchNorm1d", BatchNorm1d(4), x);
  module("LocalResponseNorm", LocalResponseNorm(LocalResponseNormOptions(3).alpha(0.5).k(1.5)), image, true, false);
  module("LocalResponseNorm.3d", LocalResponseNorm(LocalResponseNormOptions(2).alpha(0.5)), x);
  // Its gradient is not compared: LibTorch's is not that of its values.
  line("CrossMapLRN2d", "value", CrossMapLRN2d(CrossMapLRN2dOptions(3).alpha(0.5).k(2))(image[0].to(kFloat)));
  line("CrossMapLRN2d.even", "value", CrossMapLRN2d(CrossMapLRN2dOptions(4).alpha(0.5))(image[0].to(kFloat)));
  check("F.layer_norm",
        [](const Tensors& t) {
          return F::layer_norm(t[0], F::LayerNormFuncOptions({6}).weight(t[1]).bias(t[2]).eps(2e-5));
        },
        {x[0], numbers({6}, 0, 1, 2), numbers({6}, 0, 1, 3)});
  check("F.group_norm", [](const Tensors& t) { return F::group_norm(t[0], F::GroupNormFuncOptions(2).weight(t[1])); },
        {image[0], numbers({4}, 0, 1, 2)});
  check(
      "F.instance_norm", [](const Tensors& t) { return F::instance_norm(t[0]); }, image);
  check(
      "F.batch_norm",
      [](const Tensors& t) {
        return F::batch_norm(t[0], Tensor(), Tensor(), F::BatchNormFuncOptions().training(true));
      },
      image);
  check(
      "F.normalize", [](const Tensors& t) { return F::normalize(t[0], F::NormalizeFuncOptions().p(1.5).dim(-1)); }, x);
}

void padding() {
  const Tensors x1{numbers({2, 3, 5})}, x2{numbers({2, 3, 4, 5})}, x3{numbers({2, 2, 3, 4, 3})};
  module("ReflectionPad1d", ReflectionPad1d(ReflectionPad1dOptions({2, 1})), x1);
  module("ReflectionPad2d", ReflectionPad2d(ReflectionPad2dOptions({1, 2, 3, 0})), x2);
  module("ReflectionPad3d", ReflectionPad3d(ReflectionPad3dOptions({1, 2, 3, 0, 2, 1})), x3);
  module("ReplicationPad1d", ReplicationPad1d(ReplicationPad1dOptions({2, 4})), x1);
  module("ReplicationPad2d", ReplicationPad2d(ReplicationPad2dOptions({1, 2, 6, 0})), x2);
  module("ReplicationPad3d", ReplicationPad3d(ReplicationPad3dOptions({1, 2, 3, 0, 2, 5})), x3);
  module("ZeroPad2d", ZeroPad2d(ZeroPad2dOptions({1, -1, 0, 2})), x2);
  module("ConstantPad1d", ConstantPad1d(ConstantPad1dOptions({1, 2}, 0.5)), x1);
  module("ConstantPad2d", ConstantPad2d(ConstantPad2dOptions({1, 2, 0, -2}, 0.5)), x2);
  module("ConstantPad3d", ConstantPad3d(ConstantPad3dOptions(1, -0.5)), x3);
  const auto pad = [](F::PadFuncOptions options) {
    return [options](const Tensors& t) { return F::pad(t[0], options); };
  };
  check("F.pad.constant", pad(F::PadFuncOptions({1, 2, 3}).pad({1, 2, 3, -1}).value(0.5)), x2);
  check("F.pad.reflect", pad(F::PadFuncOptions({1, 2, 3, 2}).mode(kReflect)), x2);
  check("F.pad.replicate", pad(F::PadFuncOptions({1, 2}).mode(kReplicate)), x1);
  check("F.pad.circular", pad(F::PadFuncOptions({1, 2, 3, 0}).mode(kCircular)), x2);
  check("F.pad.circular3", pad(F::PadFuncOptions({1, 2, 3, 0, 1, 1}).mode(kCircular)), x3);
}

void images() {
  module("PixelShuffle", PixelShuffle(2), {numbers({2, 8, 2, 3})}, true, false);
  module("PixelUnshuffle", PixelUnshuffle(2), {numbers({2, 2, 4, 6})}, true, false);
  module("Unfold", Unfold(UnfoldOptions({2, 3}).padding({1, 0}).dilation({1, 2}).stride({2, 1})),
         {numbers({2, 3, 5, 6})});
  module("Unfold.dense", Unfold(UnfoldOptions(3).padding(2)), {numbers({2, 3, 5, 6})});
  module("Fold", Fold(FoldOptions({5, 6}, {2, 3}).padding({1, 0}).dilation({1, 2}).stride({2, 1})),
         {numbers({2, 18, 6})});
  line("channel_shuffle", "value", torch::channel_shuffle(numbers({2, 6, 2, 2}), 3));
  const Tensors x1{numbers({2, 3, 5})}, x2{numbers({2, 3, 4, 5})}, x3{numbers({1, 2, 3, 4, 3})};
  const auto resize = [](F::InterpolateFuncOptions options) {
    return [options](const Tensors& t) { return F::interpolate(t[0], options); };
  };
  using O = F::InterpolateFuncOptions;
  const auto sizes = [](std::vector<int64_t> s) { return O().size(s); };
  const auto scales = [](std::vector<double> s) { return O().scale_factor(s); };
  check("nearest1", resize(sizes({8})), x1);
  check("nearest2", resize(sizes({3, 12})), x2);
  check("nearest2.scale", resize(scales({1.7, 0.6})), x2);
  check("nearest2.double", resize(scales({2, 2})), x2);
  check("nearest3", resize(sizes({5, 2, 6})), x3);
  check("exact1", resize(sizes({8}).mode(kNearestExact)), x1);
  check("exact2", resize(scales({1.7, 0.6}).mode(kNearestExact)), x2);
  check("exact3", resize(sizes({5, 2, 6}).mode(kNearestExact)), x3);
  check("area1", resize(sizes({3}).mode(kArea)), x1);
  check("area2", resize(sizes({3, 7}).mode(kArea)), x2);
  check("area3", resize(sizes({2, 3, 2}).mode(kArea)), x3);
  for (const bool align : {false, true}) {
    check("linear", resize(sizes({8}).mode(kLinear).align_corners(align)), x1);
    check("linear.down", resize(scales({0.5}).mode(kLinear).align_corners(align)), x1);
    check("bilinear", resize(sizes({3, 12}).mode(kBilinear).align_corners(align)), x2);
    check("bilinear.scale", resize(scales({1.7, 0.6}).mode(kBilinear).align_corners(align)), x2);
    check("bilinear.recomputed",
          resize(scales({1.7, 0.6}).mode(kBilinear).align_corners(align).recompute_scale_factor(true)), x2);
    check("bilinear.antialias", resize(sizes({3, 2}).mode(kBilinear).align_corners(align).antialias(true)), x2, false);
    check("bicubic", resize(sizes({3, 12}).mode(kBicubic).align_corners(align)), x2);
    check("bicubic.scale", resize(scales({1.7, 0.6}).mode(kBicubic).align_corners(align)), x2);
    check("bicubic.antialias", resize(sizes({3, 2}).mode(kBicubic).align_corners(align).antialias(true)), x2, false);
    check("trilinear", resize(sizes({5, 2, 6}).mode(kTrilinear).align_corners(align)), x3);
  }
  module("Upsample",
         Upsample(UpsampleOptions().scale_factor(std::vector<double>({2, 3})).mode(kBilinear).align_corners(false)),
         x2);
  module("Upsample.size", Upsample(UpsampleOptions().size(std::vector<int64_t>({7}))), x1);
}

void grids() {
  const Tensor image = numbers({2, 3, 4, 5}), volume = numbers({1, 2, 3, 4, 3});
  const Tensor grid = numbers({2, 3, 4, 2}, -1.4, 1.4, 5), grid3 = numbers({1, 2, 3, 2, 3}, -1.4, 1.4, 5);
  for (const bool align : {false, true})
    for (int64_t mode = 0; mode < 3; ++mode)
      for (int64_t border = 0; border < 3; ++border) {
        const std::string name = "grid_sampler." + std::to_string(mode) + std::to_string(border) + (align ? "a" : "");
        check(
            name.c_str(), [&](const Tensors& t) { return torch::grid_sampler(t[0], t[1], mode, border, align); },
            {image, grid}, false);
        if (mode < 2)
          check((name + ".3d").c_str(),
                [&](const Tensors& t) { return torch::grid_sampler(t[0], t[1], mode, border, align); }, {volume, grid3},
                false);
      }
  check(
      "F.grid_sample",
      [](const Tensors& t) {
        return F::grid_sample(t[0], t[1],
                              F::GridSampleFuncOptions().mode(kNearest).padding_mode(kReflection).align_corners(true));
      },
      {image, grid}, false);
  for (const bool align : {false, true}) {
    check(
        "F.affine_grid",
        [&](const Tensors& t) {
          return F::affine_grid(t[0], {2, 1, 3, 4}, align);
        },
        {numbers({2, 2, 3})}, true, -1);
    check(
        "F.affine_grid.3d",
        [&](const Tensors& t) {
          return F::affine_grid(t[0], {2, 1, 3, 4, 2}, align);
        },
        {numbers({2, 3, 4})}, true, -1);
  }
}

void linear_and_distances() {
  module2("Bilinear", Bilinear(3, 4, 2), {numbers({5, 3}), numbers({5, 4}, -1, 1, 2)});
  module2("Bilinear.3d", Bilinear(BilinearOptions(3, 4, 2).bias(false)),
          {numbers({2, 5, 3}), numbers({2, 5, 4}, -1, 1, 2)});
  module("Unflatten", Unflatten(UnflattenOptions(1, {2, 3})), {numbers({2, 6})});
  module("Identity", Identity(), {numbers({2, 6})});
  line("F.one_hot", "value", F::one_hot(torch::arange(5, kLong), 6));
  const Tensors pair{numbers({4, 3}), numbers({4, 3}, -1, 1, 2)};
  module2("CosineSimilarity", CosineSimilarity(), pair);
  module2("CosineSimilarity.0", CosineSimilarity(CosineSimilarityOptions().dim(0)), pair);
  module2("PairwiseDistance", PairwiseDistance(), pair);
  module2("PairwiseDistance.3", PairwiseDistance(PairwiseDistanceOptions().p(3).keepdim(true)), pair);
  for (const double p : {1.0, 2.0, 3.5}) {
    check(
        "F.pdist", [&](const Tensors& t) { return F::pdist(t[0], p); }, {pair[0]}, false, -1);  // of rows
    check(
        "cdist", [&](const Tensors& t) { return torch::cdist(t[0], t[1], p); },
        {numbers({2, 4, 3}), numbers({2, 5, 3}, -1, 1, 2)}, false);
  }
  check(
      "cdist.mm", [&](const Tensors& t) { return torch::cdist(t[0], t[1]); },
      {numbers({30, 3}), numbers({5, 3}, -1, 1, 2)}, false, -1);
}

template <class M>
void fresh(const char* name, M m) {
  for (const auto& p : m->named_parameters()) line(name, p.key().c_str(), p.value());
}

/// Weights drawn from one seed, and what is drawn after them.
void initial_weights() {
  torch::manual_seed(3);
  fresh("Conv1d", Conv1d(3, 4, 3));
  fresh("Conv2d", Conv2d(Conv2dOptions(4, 6, {3, 2}).groups(2)));
  fresh("Conv3d", Conv3d(2, 3, 2));
  fresh("ConvTranspose1d", ConvTranspose1d(3, 4, 3));
  fresh("ConvTranspose2d", ConvTranspose2d(ConvTranspose2dOptions(4, 6, {3, 2}).groups(2)));
  fresh("ConvTranspose3d", ConvTranspose3d(2, 3, 2));
  fresh("Linear", Linear(5, 7));
  fresh("Bilinear", Bilinear(3, 4, 2));
  fresh("PReLU", PReLU(PReLUOptions().num_parameters(3).init(0.4)));
  line("noise", "next", torch::rand({3}));
  const auto shape = [](IntArrayRef sizes) { return torch::empty(sizes); };
  line("init", "uniform", init::uniform_(shape({3, 4}), -1, 2));
  line("init", "normal", init::normal_(shape({5, 4}), 1, 2));
  line("init", "constant", init::constant_(shape({3}), 0.7));
  line("init", "eye", init::eye_(shape({3, 4})));
  line("init", "dirac3", init::dirac_(shape({4, 3, 5})));
  line("init", "dirac4", init::dirac_(shape({2, 3, 4, 3})));
  line("init", "dirac5", init::dirac_(shape({2, 2, 1, 2, 3})));
  line("init", "xavier_uniform", init::xavier_uniform_(shape({3, 4, 2}), 1.5));
  line("init", "xavier_normal", init::xavier_normal_(shape({5, 4}), 1.5));
  line("init", "kaiming_uniform", init::kaiming_uniform_(shape({3, 4, 2}), 0.3, kFanOut));
  line("init", "kaiming_normal", init::kaiming_normal_(shape({5, 4}), 0, kFanIn, kReLU));
  line("init", "orthogonal", init::orthogonal_(shape({4, 7})));
  line("init", "orthogonal_tall", init::orthogonal_(shape({6, 2, 2}), 1.4));
  line("init", "sparse", init::sparse_(shape({7, 4}), 0.3, 0.5));
  torch::manual_seed(4);
  line("F.gumbel_softmax", "value", F::gumbel_softmax(torch::ones({3, 4}), F::GumbelSoftmaxFuncOptions().tau(0.7)));
  line("F.gumbel_softmax", "hard",
       F::gumbel_softmax(torch::ones({3, 4}), F::GumbelSoftmaxFuncOptions().hard(true).dim(0)));
}

int main() {
  activations();
  convolutions();
  pools();
  norms();
  padding();
  images();
  grids();
  linear_and_distances();
  initial_weights();
}
