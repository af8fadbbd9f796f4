// Small convolutional net on 28x28, batch 64, Adam, dropout: one step.
#include "bench.h"

struct NetImpl : torch::nn::Module {
  NetImpl() {
    conv1 = register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 32, 3)));
    conv2 = register_module("conv2", torch::nn::Conv2d(torch::nn::Conv2dOptions(32, 64, 3)));
    drop = register_module("drop", torch::nn::Dropout(torch::nn::DropoutOptions(0.25)));
    fc1 = register_module("fc1", torch::nn::Linear(9216, 128));
    fc2 = register_module("fc2", torch::nn::Linear(128, 10));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(conv1->forward(x));
    x = torch::relu(conv2->forward(x));
    x = torch::max_pool2d(x, 2);
    x = drop->forward(x);
    x = x.view({-1, 9216});
    x = torch::relu(fc1->forward(x));
    return torch::log_softmax(fc2->forward(x), 1);
  }
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::Dropout drop{nullptr};
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
};
TORCH_MODULE(Net);

int main() {
  bench::init();
  Net net;
  bench::init_parameters(*net);
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(1e-3));
  auto x = bench::floats({64, 1, 28, 28}, 1);
  auto y = bench::labels({64}, 10, 2);
  torch::Tensor loss;
  auto step = [&] {
    optimizer.zero_grad();
    loss = torch::nll_loss(net->forward(x), y);
    loss.backward();
    optimizer.step();
  };
  bench::Part p;
  p.name = "lenet";
  p.metric = "seconds per step";
  net->eval();  // without dropout, so that the check does not hang on its draws
  for (int i = 0; i < 5; ++i) step();
  p.check = loss.item<float>();
  net->train();
  for (int i = 0; i < 5; ++i) step();
  p.items = 64;
  double conv1 = 26.0 * 26 * 32 * 9, conv2 = 24.0 * 24 * 64 * 32 * 9;
  p.flops = 2.0 * 64 * (2 * conv1 + 3 * conv2 + 3 * (9216.0 * 128 + 1280));
  p.bytes = 40.0 * bench::count_parameters(*net) + 4.0 * 64 * 5 * (26.0 * 26 * 32 + 24.0 * 24 * 64 + 9216);
  bench::measure(p, step, 6, 10);
  bench::print(p);
}
