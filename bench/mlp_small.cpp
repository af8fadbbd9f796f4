// 784-128-10 perceptron, batch 64, Adam, cross entropy: one training step.
#include "bench.h"

struct NetImpl : torch::nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", torch::nn::Linear(784, 128));
    fc2 = register_module("fc2", torch::nn::Linear(128, 10));
  }
  torch::Tensor forward(torch::Tensor x) { return fc2->forward(torch::relu(fc1->forward(x))); }
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
};
TORCH_MODULE(Net);

int main() {
  bench::init();
  Net net;
  bench::init_parameters(*net);
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(1e-3));
  auto x = bench::floats({64, 784}, 1, 0, 1);
  auto y = bench::labels({64}, 10, 2);
  torch::Tensor loss;
  auto step = [&] {
    optimizer.zero_grad();
    loss = torch::nn::functional::cross_entropy(net->forward(x), y);
    loss.backward();
    optimizer.step();
  };
  for (int i = 0; i < 20; ++i) step();
  bench::Part p;
  p.name = "mlp_small";
  p.metric = "seconds per step";
  p.check = loss.item<float>();
  for (int i = 0; i < 200; ++i) step();
  p.items = 64;
  p.flops = 2.0 * 64 * (784.0 * 128 * 2 + 128.0 * 10 * 3);
  p.bytes = 40.0 * bench::count_parameters(*net) + 4.0 * 64 * (784 * 2 + 128 * 5);
  bench::measure(p, step, 4, 20, 100000, 20);
  bench::print(p);
}
