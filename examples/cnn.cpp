// A convolutional network that reads digits: batch normalisation, a one-cycle learning rate, digits moved about at
// random, and which digits are taken for which. cnn [EPOCHS]
#include <cstdio>

#include "hearth/data.h"
#include "hearth/data/vision.h"
#include "hearth/data/wrappers.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
struct ReaderImpl : nn::Module {
  ReaderImpl() {
    features = register_module("features", nn::Sequential(block(1, 8), nn::MaxPool2d(2), block(8, 16), nn::MaxPool2d(2),
                                                          block(16, 32), nn::AdaptiveMaxPool2d(2)));
    head = register_module("head", nn::Linear(32 * 2 * 2, 10));
  }
  static nn::Sequential block(int64_t in, int64_t out) {
    return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1).bias(false)), nn::BatchNorm2d(out),
                          nn::ReLU());
  }
  /// Pictures [N, 1, 28, 28] to scores [N, 10].
  Tensor forward(const Tensor& pictures) { return head->forward(features->forward(pictures).flatten(1)); }

  nn::Sequential features{nullptr};
  nn::Linear head{nullptr};
};

/// Row: the digit that it is. Column: the digit that it was taken for.
Tensor confusion(ReaderImpl& net, const support::Pictures& pictures) {
  const NoGradGuard no_grad;
  net.eval();
  const Tensor said = net.forward(pictures.images).argmax(1);
  net.train();
  return bincount(pictures.targets * 10 + said, {}, 100).view({10, 10});
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t epochs = support::count_from(argc, argv, 3);
  const auto [training, testing] = support::digits(4000, 1000);
  auto moved =
      data::datasets::TensorPairDataset(training.images, training.targets).map(data::vision::RandomCrop(28, 2));
  const auto loader = data::make_data_loader<data::samplers::RandomSampler>(
      std::move(moved).map(data::transforms::Stack<>()), data::DataLoaderOptions(50).workers(1));

  ReaderImpl net;
  optim::SGD sgd(net.parameters(), optim::SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(5e-4));
  optim::OneCycleLR one_cycle(sgd, optim::OneCycleLROptions(0.1).total_steps(epochs * 4000 / 50));
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    double sum = 0;
    for (auto& batch : *loader) {
      sgd.zero_grad();
      const Tensor loss = cross_entropy_loss(net.forward(batch.data), batch.target);
      loss.backward();
      sgd.step();
      one_cycle.step();
      sum += loss.item<double>() * static_cast<double>(batch.data.size(0));
    }
    std::printf("epoch %2lld  loss %.4f\n", static_cast<long long>(epoch), sum / 4000);
  }

  const Tensor counts = confusion(net, testing);
  for (int64_t digit = 0; digit < 10; ++digit) {
    std::printf("%lld taken for", static_cast<long long>(digit));
    for (int64_t said = 0; said < 10; ++said) std::printf(" %4lld", counts[digit][said].item<long long>());
    std::printf("\n");
  }
  const double accuracy = counts.diagonal().sum().item<double>() / counts.sum().item<double>();
  std::printf("accuracy %.3f\n", accuracy);
  return accuracy > 0.95 ? 0 : 1;
}
