// Convolutions, forward and backward (input, weight and bias), batch 8, 56x56.
#include "bench.h"

int main() {
  bench::init();
  std::vector<bench::Part> parts;
  auto add = [&](const char* name, int64_t in, int64_t out, int64_t kernel, int64_t groups) {
    torch::nn::Conv2d conv(torch::nn::Conv2dOptions(in, out, kernel).padding(kernel / 2).groups(groups));
    bench::init_parameters(*conv);
    auto x = bench::floats({8, in, 56, 56}, 1).set_requires_grad(true);
    auto up = bench::floats({8, out, 56, 56}, 2);
    auto step = [&] {
      conv->zero_grad();
      if (x.grad().defined()) x.grad().zero_();
      conv->forward(x).backward(up);
    };
    for (int i = 0; i < 5; ++i) step();
    bench::Part p;
    p.name = name;
    p.metric = "seconds per forward and backward";
    double pixels = 8.0 * 56 * 56;
    p.flops = 3 * 2.0 * pixels * out * (in / groups) * kernel * kernel;
    // Forward reads x and writes y; backward reads x and dy (for dx and dw)
    // and writes dx.
    p.bytes = 4 * pixels * (3.0 * in + 2.0 * out);
    p.check = conv->weight.grad().abs().mean().item<float>() + x.grad().abs().mean().item<float>();
    bench::measure(p, step, 2, 8);
    parts.push_back(p);
  };
  add("3x3_64_64", 64, 64, 3, 1);
  add("depthwise3x3_64", 64, 64, 3, 64);
  add("1x1_64_256", 64, 256, 1, 1);
  bench::print("conv", parts);
}
