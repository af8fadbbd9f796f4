// A training loop of one's own with what a larger one needs: gradients of several batches in one step, a limit on
// their norm, warm-up and a cosine, an average of the weights, and the state written to a file and read again.
#include <cstdio>

#include "hearth/data/synthetic.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"
#include "support.h"

using namespace hearth;

int main() {
  manual_seed(0);
  const auto points = data::datasets::spirals(2000, 3);
  nn::Sequential net(nn::Linear(2, 64), nn::ReLU(), nn::Linear(64, 64), nn::ReLU(), nn::Linear(64, 3));
  optim::AdamW adam(net->parameters(), optim::AdamWOptions(1e-2));
  const int64_t epochs = 60, batch = 100, together = 2, steps = epochs * 2000 / batch / together;
  optim::CosineAnnealingLR cosine(adam, steps);
  std::vector<Tensor> average;
  for (const Tensor& p : net->parameters()) average.push_back(p.detach().clone());

  int64_t step = 0;
  for (int64_t epoch = 0; epoch < epochs; ++epoch) {
    const Tensor order = randperm(2000);
    for (int64_t at = 0; at < 2000; at += batch) {
      const Tensor rows = order.narrow(0, at, batch);
      const Tensor loss =
          cross_entropy_loss(net->forward(points.data().index_select(0, rows)), points.targets().index_select(0, rows));
      (loss / static_cast<double>(together)).backward();
      if (at / batch % together != together - 1) continue;
      nn::utils::clip_grad_norm_(net->parameters(), 1.0);
      adam.step();
      adam.zero_grad();
      cosine.step();
      ++step;
      const NoGradGuard no_grad;
      const std::vector<Tensor> now = net->parameters();
      for (size_t i = 0; i < now.size(); ++i) average[i].lerp_(now[i], 0.02);
    }
    if (epoch % 15 == 0)
      std::printf("epoch %2lld  rate %.4f\n", static_cast<long long>(epoch), adam.param_groups()[0].options().get_lr());
  }
  {
    const NoGradGuard no_grad;
    const std::vector<Tensor> now = net->parameters();
    for (size_t i = 0; i < now.size(); ++i) now[i].copy_(average[i]);
  }
  const support::ScratchFolder folder;
  save(net, folder.file("net.pt"));  // Python's torch.load reads it
  nn::Sequential again(nn::Linear(2, 64), nn::ReLU(), nn::Linear(64, 64), nn::ReLU(), nn::Linear(64, 3));
  load(again, folder.file("net.pt"));
  const NoGradGuard no_grad;
  const double accuracy = again->forward(points.data()).argmax(1).eq(points.targets()).to(kFloat).mean().item<double>();
  std::printf("accuracy %.3f after %lld steps\n", accuracy, static_cast<long long>(step));
  return accuracy > 0.97 ? 0 : 1;
}
