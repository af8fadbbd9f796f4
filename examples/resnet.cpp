// A residual network (He et al., 2016, "Deep residual learning for image recognition") on small colour pictures: digits
// in one colour on another, or CIFAR-10 from a folder. resnet [EPOCHS [CIFAR_FOLDER]]
#include <cmath>
#include <cstdio>

#include "hearth/data/cifar.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
nn::Conv2d conv3x3(int64_t in, int64_t out, int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

/// Two convolutions and a way around them, which is a 1x1 convolution where the shape changes.
struct BlockImpl : nn::Module {
  BlockImpl(int64_t in, int64_t out, int64_t stride)
      : conv1(conv3x3(in, out, stride)), conv2(conv3x3(out, out, 1)), bn1(out), bn2(out) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("conv2", conv2);
    register_module("bn2", bn2);
    if (stride != 1 || in != out)
      shortcut =
          nn::Sequential(nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false)), nn::BatchNorm2d(out));
    register_module("shortcut", shortcut);
  }
  Tensor forward(const Tensor& x) {
    const Tensor y = bn2->forward(conv2->forward(relu(bn1->forward(conv1->forward(x)))));
    return relu(y + (shortcut->is_empty() ? x : shortcut->forward(x)));
  }
  nn::Conv2d conv1, conv2;
  nn::BatchNorm2d bn1, bn2;
  nn::Sequential shortcut;
};
struct Block : nn::ModuleHolder<BlockImpl> {
  using nn::ModuleHolder<BlockImpl>::ModuleHolder;
};

nn::Sequential make_resnet(int64_t width, int64_t blocks) {
  nn::Sequential net(conv3x3(3, width, 1), nn::BatchNorm2d(width), nn::ReLU());
  int64_t channels = width;
  for (int64_t stage = 0; stage < 3; ++stage)
    for (int64_t i = 0; i < blocks; ++i) {
      const int64_t out = width << stage;
      net->push_back(Block(channels, out, stage > 0 && i == 0 ? 2 : 1));
      channels = out;
    }
  net->push_back(nn::AdaptiveAvgPool2d(1));
  net->push_back(nn::Flatten());
  net->push_back(nn::Linear(channels, 10));
  return net;
}

/// Digits [N, 1, 28, 28] as pictures [N, 3, 28, 28]: each in a bright colour on a dark one.
Tensor coloured(const Tensor& digits) {
  const Tensor dark = rand({digits.size(0), 3, 1, 1}) - 1, bright = rand({digits.size(0), 3, 1, 1});
  return lerp(dark, bright, digits);
}

std::pair<support::Pictures, support::Pictures> load_pictures(int argc, char** argv, int64_t training) {
  if (argc > 2) {
    using data::datasets::CIFAR10;
    const CIFAR10 known(argv[2], CIFAR10::Mode::kTrain), held_out(argv[2], CIFAR10::Mode::kTest);
    const auto scaled = [](const Tensor& bytes) { return bytes.to(kFloat) / 127.5 - 1; };
    return {{scaled(known.images()), known.targets()}, {scaled(held_out.images()), held_out.targets()}};
  }
  auto both = support::digits(training, 500);
  both.first.images = coloured(both.first.images);
  both.second.images = coloured(both.second.images);
  return both;
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t epochs = support::count_from(argc, argv, 5), batch = 25;
  const auto [training, testing] = load_pictures(argc, argv, 2500);
  const int64_t count = training.images.size(0);
  nn::Sequential net = argc > 2 ? make_resnet(16, 3) : make_resnet(8, 1);  // 20 layers; 8 for digits
  optim::AdamW adam(net->parameters(), optim::AdamWOptions(5e-3).weight_decay(5e-2));
  optim::CosineAnnealingLR cosine(adam, epochs * ((count + batch - 1) / batch));
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    double sum = 0;
    for (const Tensor& rows : randperm(count).split(batch)) {
      adam.zero_grad();
      const Tensor scores = net->forward(training.images.index_select(0, rows));
      const Tensor loss = cross_entropy_loss(scores, training.targets.index_select(0, rows));
      loss.backward();
      adam.step();
      cosine.step();
      sum += loss.item<double>() * static_cast<double>(rows.numel());
    }
    std::printf("epoch %2lld  loss %.4f\n", static_cast<long long>(epoch), sum / static_cast<double>(count));
  }

  const NoGradGuard no_grad;
  net->eval();
  double right = 0;
  const auto pictures = testing.images.split(500), targets = testing.targets.split(500);
  for (size_t i = 0; i < pictures.size(); ++i)
    right += net->forward(pictures[i]).argmax(1).eq(targets[i]).sum().item<double>();
  const double accuracy = right / static_cast<double>(testing.targets.numel());
  std::printf("accuracy %.3f\n", accuracy);
  return accuracy > (argc > 2 ? 0.5 : 0.9) ? 0 : 1;
}
