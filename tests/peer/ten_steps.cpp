// Ten training steps of three small networks from one seed. The losses are LibTorch's to 1e-5: same initial weights,
// same data, same gradients, same optimizers.
#include <torch/torch.h>

#include <cstdio>
#include <functional>

namespace nn = torch::nn;

void train(
    const char* name, torch::optim::Optimizer& optimizer, const std::function<torch::Tensor(int64_t)>& loss_at,
    const std::function<void()>& after_step = [] {}) {
  for (int64_t step = 0; step < 10; ++step) {
    optimizer.zero_grad();
    torch::Tensor loss = loss_at(step);
    loss.backward();
    optimizer.step();
    after_step();
    std::printf("%s step %d loss %.9g\n", name, static_cast<int>(step), loss.item<double>());
  }
}

void perceptron() {  // cross-entropy, SGD with Nesterov momentum and weight decay
  torch::manual_seed(0);
  nn::Sequential net(nn::Linear(784, 64), nn::ReLU(), nn::Linear(64, 32), nn::ReLU(), nn::Linear(32, 10));
  torch::Tensor x = torch::randn({320, 784}), y = torch::randint(10, {320}, torch::kLong);
  torch::optim::SGD sgd(net->parameters(),
                        torch::optim::SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(1e-3));
  train("perceptron", sgd, [&](int64_t step) {
    torch::Tensor out = net->forward(x.narrow(0, 32 * step, 32));
    return nn::functional::cross_entropy(out, y.narrow(0, 32 * step, 32));
  });
}

void convolutions() {  // convolutions, batch norm, pooling; Adam with amsgrad
  torch::manual_seed(1);
  nn::Sequential net(nn::Conv2d(nn::Conv2dOptions(3, 8, 3).padding(1)), nn::BatchNorm2d(8), nn::ReLU(),
                     nn::MaxPool2d(2), nn::Conv2d(nn::Conv2dOptions(8, 16, 3).stride(2)), nn::ReLU(), nn::Flatten(),
                     nn::Linear(144, 10));
  torch::Tensor x = torch::rand({80, 3, 16, 16}), y = torch::randint(10, {80}, torch::kLong);
  torch::optim::Adam adam(net->parameters(), torch::optim::AdamOptions(3e-3).amsgrad(true));
  train("convolutions", adam, [&](int64_t step) {
    torch::Tensor out = net->forward(x.narrow(0, 8 * step, 8));
    return torch::nll_loss(torch::log_softmax(out, 1), y.narrow(0, 8 * step, 8));
  });
}

void two_losses() {  // mean squared error and logits, one network; Adam and a schedule
  torch::manual_seed(2);
  nn::Linear shared(12, 24), value(24, 1), choice(24, 1);
  std::vector<torch::Tensor> parameters;
  for (auto& layer : {shared, value, choice}) {
    for (auto& p : layer->parameters()) parameters.push_back(p);
  }
  torch::Tensor x = torch::randn({160, 12});
  torch::Tensor target = x.pow(2).mean(1, /*keepdim=*/true), label = (x.sum(1, true) > 0).to(torch::kFloat);
  torch::optim::Adam adam(parameters, torch::optim::AdamOptions(1e-2).weight_decay(1e-2));
  torch::optim::StepLR schedule(adam, /*step_size=*/3, /*gamma=*/0.5);
  train(
      "two_losses", adam,
      [&](int64_t step) {
        torch::Tensor hidden = torch::tanh(shared(x.narrow(0, 16 * step, 16)));
        return torch::mse_loss(value(hidden), target.narrow(0, 16 * step, 16)) +
               torch::binary_cross_entropy_with_logits(choice(hidden), label.narrow(0, 16 * step, 16));
      },
      [&] { schedule.step(); });
}

int main() {
  perceptron();
  convolutions();
  two_losses();
}
