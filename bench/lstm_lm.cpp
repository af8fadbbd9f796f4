// Word-level language model: embedding 256, two LSTM layers of 512, 10,000
// words, batch 20, 35 steps of truncated backpropagation, clipping, SGD.
#include "bench.h"

struct NetImpl : torch::nn::Module {
  NetImpl() {
    embed = register_module("embed", torch::nn::Embedding(10000, 256));
    lstm = register_module("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(256, 512).num_layers(2)));
    out = register_module("out", torch::nn::Linear(512, 10000));
  }
  std::tuple<torch::Tensor, std::tuple<torch::Tensor, torch::Tensor>> forward(
      torch::Tensor x, std::tuple<torch::Tensor, torch::Tensor> state) {
    auto r = lstm->forward(embed->forward(x), state);
    return std::make_tuple(out->forward(std::get<0>(r)), std::get<1>(r));
  }
  torch::nn::Embedding embed{nullptr};
  torch::nn::LSTM lstm{nullptr};
  torch::nn::Linear out{nullptr};
};
TORCH_MODULE(Net);

int main() {
  bench::init();
  Net net;
  bench::init_parameters(*net);
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(1.0));
  auto x = bench::labels({35, 20}, 10000, 1);
  auto y = bench::labels({35 * 20}, 10000, 2);
  auto h = torch::zeros({2, 20, 512}), c = torch::zeros({2, 20, 512});
  torch::Tensor loss;
  auto step = [&] {
    optimizer.zero_grad();
    auto r = net->forward(x, std::make_tuple(h, c));
    h = std::get<0>(std::get<1>(r)).detach();
    c = std::get<1>(std::get<1>(r)).detach();
    loss = torch::nn::functional::cross_entropy(std::get<0>(r).view({-1, 10000}), y);
    loss.backward();
    torch::nn::utils::clip_grad_norm_(net->parameters(), 0.25);
    optimizer.step();
  };
  bench::Part p;
  p.name = "lstm_lm";
  p.metric = "seconds per step";
  for (int i = 0; i < 3; ++i) step();
  p.check = loss.item<float>();
  p.items = 700;
  double macs = 4.0 * 512 * (256 + 512) + 4.0 * 512 * 1024 + 512.0 * 10000;
  p.flops = 2.0 * 700 * 3 * macs;
  // Parameters: read forward and backward, gradient written, read for the norm
  // and the step, weights read and written; logits written, read, turned into
  // their gradient, read twice.
  p.bytes = 4.0 * 7 * bench::count_parameters(*net) + 4.0 * 700 * (5 * 10000.0 + 2 * 10 * 512);
  bench::measure(p, step, 7, 8);
  bench::print(p);
}
