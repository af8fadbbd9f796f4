// The forward pass for one sample, without gradients: a perceptron and a small
// convolutional net.
#include "bench.h"

struct ConvNetImpl : torch::nn::Module {
  ConvNetImpl() {
    conv1 = register_module("conv1", torch::nn::Conv2d(1, 32, 3));
    conv2 = register_module("conv2", torch::nn::Conv2d(32, 64, 3));
    fc1 = register_module("fc1", torch::nn::Linear(9216, 128));
    fc2 = register_module("fc2", torch::nn::Linear(128, 10));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(conv1->forward(x));
    x = torch::max_pool2d(torch::relu(conv2->forward(x)), 2);
    return fc2->forward(torch::relu(fc1->forward(x.flatten(1))));
  }
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
};
TORCH_MODULE(ConvNet);

int main() {
  bench::init();
  torch::NoGradGuard no_grad;
  std::vector<bench::Part> parts;
  {
    torch::nn::Sequential net(torch::nn::Linear(784, 128), torch::nn::ReLU(), torch::nn::Linear(128, 10));
    bench::init_parameters(*net);
    net->eval();
    auto x = bench::floats({1, 784}, 1);
    torch::Tensor y;
    auto step = [&] { y = net->forward(x); };
    for (int i = 0; i < 2000; ++i) step();
    bench::Part p;
    p.name = "mlp_batch1";
    p.metric = "seconds per forward";
    p.flops = 2.0 * (784 * 128 + 1280);
    p.bytes = 4.0 * (784 * 128 + 1280);
    p.ops = 3;
    p.check = y.abs().mean().item<float>();
    bench::measure(p, step, 2.5, 20, 100000, 500);
    parts.push_back(p);
  }
  {
    ConvNet net;
    bench::init_parameters(*net);
    net->eval();
    auto x = bench::floats({1, 1, 28, 28}, 1);
    torch::Tensor y;
    auto step = [&] { y = net->forward(x); };
    for (int i = 0; i < 200; ++i) step();
    bench::Part p;
    p.name = "cnn_batch1";
    p.metric = "seconds per forward";
    p.flops = 2.0 * (26.0 * 26 * 32 * 9 + 24.0 * 24 * 64 * 32 * 9 + 9216.0 * 128 + 1280);
    p.bytes = 4.0 * (9216.0 * 128 + 18432 + 2 * (26.0 * 26 * 32 + 24.0 * 24 * 64));
    p.ops = 8;
    p.check = y.abs().mean().item<float>();
    bench::measure(p, step, 2.5, 20, 100000, 20);
    parts.push_back(p);
  }
  bench::print("inference_latency", parts);
}
