// A perceptron with two hidden layers that reads digits: a data loader, dropout, training and evaluation mode.
// mlp [EPOCHS]
#include <cstdio>

#include "hearth/data.h"
#include "hearth/data/wrappers.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
struct PerceptronImpl : nn::Module {
  PerceptronImpl() : hidden1(28 * 28, 128), hidden2(128, 64), output(64, 10) {
    register_module("hidden1", hidden1);
    register_module("hidden2", hidden2);
    register_module("output", output);
  }
  /// Pictures [N, 1, 28, 28] to scores [N, 10].
  Tensor forward(const Tensor& pictures) {
    Tensor x = relu(hidden1->forward(pictures.flatten(1)));
    x = dropout(x, 0.2, is_training());
    return output->forward(relu(hidden2->forward(x)));
  }
  nn::Linear hidden1, hidden2, output;
};

double accuracy_of(PerceptronImpl& net, const support::Pictures& pictures) {
  const NoGradGuard no_grad;
  net.eval();
  const Tensor right = net.forward(pictures.images).argmax(1).eq(pictures.targets);
  net.train();
  return right.to(kFloat).mean().item<double>();
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t epochs = support::count_from(argc, argv, 8);
  const auto [training, testing] = support::digits(8000, 1000);
  const auto loader = data::make_data_loader<data::samplers::RandomSampler>(
      data::datasets::TensorPairDataset(training.images, training.targets).map(data::transforms::Stack<>()),
      data::DataLoaderOptions(64));

  PerceptronImpl net;
  optim::AdamW adam(net.parameters(), optim::AdamWOptions(2e-3).weight_decay(1e-2));
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    double sum = 0;
    for (auto& batch : *loader) {
      adam.zero_grad();
      const Tensor loss = cross_entropy_loss(net.forward(batch.data), batch.target);
      loss.backward();
      adam.step();
      sum += loss.item<double>() * static_cast<double>(batch.data.size(0));
    }
    std::printf("epoch %2lld  loss %.4f  accuracy %.3f\n", static_cast<long long>(epoch), sum / 8000,
                accuracy_of(net, testing));
  }
  return accuracy_of(net, testing) > 0.91 ? 0 : 1;
}
