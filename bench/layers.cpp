// Layers that are neither products nor convolutions, forward and backward: norms, resizing, sampling, folding.
#include <functional>

#include "bench.h"

namespace nn = torch::nn;
namespace F = torch::nn::functional;

int main() {
  bench::init();
  std::vector<bench::Part> parts;
  auto add = [&](const char* name, std::vector<int64_t> shape, const std::function<torch::Tensor(torch::Tensor)>& f) {
    auto x = bench::floats(shape, 1).requires_grad_();
    torch::Tensor y = f(x);
    auto g = bench::floats(y.sizes().vec(), 2);
    bench::Part p;
    p.name = name;
    p.metric = "seconds per step";
    auto step = [&] {
      y = f(x);
      y.backward(g);
      p.check = y.detach().flatten()[5].item<float>() + x.grad().flatten()[5].item<float>();
      x.mutable_grad().reset();
    };
    for (int i = 0; i < 3; ++i) step();
    bench::measure(p, step, 1.0, 8);
    parts.push_back(p);
  };
  using O = F::InterpolateFuncOptions;
  auto resized = [](int64_t to, O::mode_t mode) {
    return [=](torch::Tensor x) { return F::interpolate(x, O().size(std::vector<int64_t>{to, to}).mode(mode)); };
  };
  nn::LayerNorm layer(nn::LayerNormOptions({384}));
  nn::GroupNorm group(8, 64);
  nn::InstanceNorm2d instance(nn::InstanceNorm2dOptions(64).affine(true));
  add("layer_norm", {8 * 256, 384}, [&](torch::Tensor x) { return layer(x); });
  add("group_norm", {16, 64, 32, 32}, [&](torch::Tensor x) { return group(x); });
  add("instance_norm", {16, 64, 32, 32}, [&](torch::Tensor x) { return instance(x); });
  add("bilinear x2", {8, 16, 64, 64}, resized(128, torch::kBilinear));
  add("bilinear /2", {8, 16, 64, 64}, resized(32, torch::kBilinear));
  add("bicubic x2", {8, 16, 64, 64}, resized(128, torch::kBicubic));
  add("nearest x2", {8, 16, 64, 64}, resized(128, torch::kNearest));
  auto grid = bench::floats({8, 64, 64, 2}, 3);
  add("grid_sample", {8, 16, 64, 64}, [&](torch::Tensor x) { return torch::grid_sampler(x, grid, 0, 0, false); });
  add("unfold 3x3", {8, 16, 64, 64}, [](torch::Tensor x) { return F::unfold(x, F::UnfoldFuncOptions(3).padding(1)); });
  add("reflect 3", {8, 16, 64, 64}, [](torch::Tensor x) {
    return F::pad(x, F::PadFuncOptions({3, 3, 3, 3}).mode(torch::kReflect));
  });
  add("adaptive_avg 7", {8, 16, 64, 64},
      [](torch::Tensor x) { return F::adaptive_avg_pool2d(x, F::AdaptiveAvgPool2dFuncOptions(7)); });
  add("adaptive_max 7", {8, 16, 64, 64},
      [](torch::Tensor x) { return F::adaptive_max_pool2d(x, F::AdaptiveMaxPool2dFuncOptions(7)); });
  nn::ConvTranspose2d up(nn::ConvTranspose2dOptions(32, 16, 4).stride(2).padding(1));
  add("conv_transpose2d", {8, 32, 32, 32}, [&](torch::Tensor x) { return up(x); });
  bench::print("layers", parts);
}
