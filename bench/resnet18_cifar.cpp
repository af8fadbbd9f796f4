// ResNet-18 for 32x32 pictures (3x3 stem), batch 32, SGD with momentum.
#include "bench.h"

static double g_macs = 0;         // forward multiply-adds for one picture
static double g_activations = 0;  // floats that the convolutions write

static torch::nn::Conv2d conv(int in, int out, int kernel, int stride, int side) {
  double pixels = static_cast<double>(side / stride) * (side / stride);
  g_macs += pixels * in * out * kernel * kernel;
  g_activations += pixels * out;
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

struct BlockImpl : torch::nn::Module {
  BlockImpl(int in, int out, int stride, int side) {
    conv1 = register_module("conv1", conv(in, out, 3, stride, side));
    bn1 = register_module("bn1", torch::nn::BatchNorm2d(out));
    conv2 = register_module("conv2", conv(out, out, 3, 1, side / stride));
    bn2 = register_module("bn2", torch::nn::BatchNorm2d(out));
    if (stride != 1 || in != out)
      down =
          register_module("down", torch::nn::Sequential(conv(in, out, 1, stride, side), torch::nn::BatchNorm2d(out)));
  }
  torch::Tensor forward(torch::Tensor x) {
    auto y = torch::relu(bn1->forward(conv1->forward(x)));
    y = bn2->forward(conv2->forward(y));
    y += down.is_empty() ? x : down->forward(x);
    return torch::relu(y);
  }
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr};
  torch::nn::Sequential down{nullptr};
};
TORCH_MODULE(Block);

struct NetImpl : torch::nn::Module {
  NetImpl() {
    stem = register_module("stem", conv(3, 64, 3, 1, 32));
    bn = register_module("bn", torch::nn::BatchNorm2d(64));
    blocks = register_module(
        "blocks", torch::nn::Sequential(Block(64, 64, 1, 32), Block(64, 64, 1, 32), Block(64, 128, 2, 32),
                                        Block(128, 128, 1, 16), Block(128, 256, 2, 16), Block(256, 256, 1, 8),
                                        Block(256, 512, 2, 8), Block(512, 512, 1, 4)));
    fc = register_module("fc", torch::nn::Linear(512, 10));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(bn->forward(stem->forward(x)));
    x = blocks->forward(x);
    x = torch::adaptive_avg_pool2d(x, {1, 1});
    return fc->forward(torch::flatten(x, 1));
  }
  torch::nn::Conv2d stem{nullptr};
  torch::nn::BatchNorm2d bn{nullptr};
  torch::nn::Sequential blocks{nullptr};
  torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(Net);

int main() {
  bench::init();
  Net net;
  bench::init_parameters(*net);
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.05).momentum(0.9).weight_decay(5e-4));
  auto x = bench::floats({32, 3, 32, 32}, 1);
  auto y = bench::labels({32}, 10, 2);
  torch::Tensor loss;
  auto step = [&] {
    optimizer.zero_grad();
    loss = torch::nn::functional::cross_entropy(net->forward(x), y);
    loss.backward();
    optimizer.step();
  };
  bench::Part p;
  p.name = "resnet18_cifar";
  p.metric = "seconds per step";
  step();
  p.check = loss.item<float>();  // the first loss: later ones amplify rounding
  for (int i = 0; i < 2; ++i) step();
  p.items = 32;
  double stem = 32.0 * 32 * 64 * 27;
  p.flops = 2.0 * 32 * (3 * g_macs - stem + 3 * 5120);
  p.bytes = 32.0 * bench::count_parameters(*net) + 4.0 * 32 * 7 * g_activations;
  bench::measure(p, step, 8, 6);
  bench::print(p);
}
