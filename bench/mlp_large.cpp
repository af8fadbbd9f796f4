// 1024-4096-4096-1024 perceptron, batch 512, SGD with momentum: one step.
#include "bench.h"

struct NetImpl : torch::nn::Module {
  NetImpl()
      : layers(torch::nn::Linear(1024, 4096), torch::nn::ReLU(), torch::nn::Linear(4096, 4096), torch::nn::ReLU(),
               torch::nn::Linear(4096, 1024)) {
    register_module("layers", layers);
  }
  torch::Tensor forward(torch::Tensor x) { return layers->forward(x); }
  torch::nn::Sequential layers;
};
TORCH_MODULE(Net);

int main() {
  bench::init();
  Net net;
  bench::init_parameters(*net);
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9));
  auto x = bench::floats({512, 1024}, 1);
  auto y = bench::floats({512, 1024}, 2);
  torch::Tensor loss;
  auto step = [&] {
    optimizer.zero_grad();
    loss = torch::mse_loss(net->forward(x), y);
    loss.backward();
    optimizer.step();
  };
  for (int i = 0; i < 4; ++i) step();
  bench::Part p;
  p.name = "mlp_large";
  p.metric = "seconds per step";
  p.check = loss.item<float>();
  p.items = 512;
  double n = bench::count_parameters(*net);
  p.flops = 2.0 * 512 * (1024.0 * 4096 * 2 + 4096.0 * 4096 * 3 + 4096.0 * 1024 * 3);
  p.bytes = 4 * 8 * n + 4.0 * 512 * (1024 * 3 + 4096 * 2 * 5);
  bench::measure(p, step, 6, 8);
  bench::print(p);
}
