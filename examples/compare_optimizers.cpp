// One task, eight optimizers: how far each gets in 200 steps.
#include <cstdio>
#include <functional>
#include <memory>

#include "hearth/data/synthetic.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

using namespace hearth;

namespace {
using Parameters = std::vector<Tensor>;

double accuracy_with(const std::function<std::unique_ptr<optim::Optimizer>(Parameters)>& make) {
  const auto points = data::datasets::spirals(600, /*arms=*/2);
  manual_seed(0);
  nn::Sequential net(nn::Linear(2, 64), nn::ReLU(), nn::Linear(64, 64), nn::ReLU(), nn::Linear(64, 2));
  const auto optimizer = make(net->parameters());
  for (int step = 0; step < 200; ++step) {
    optimizer->zero_grad();
    cross_entropy_loss(net->forward(points.data()), points.targets()).backward();
    optimizer->step();
  }
  const NoGradGuard no_grad;
  return net->forward(points.data()).argmax(1).eq(points.targets()).to(kFloat).mean().item<double>();
}

template <class Optimizer, class Options>
double accuracy_of(const char* name, const Options& options) {
  const double accuracy =
      accuracy_with([&](Parameters p) { return std::make_unique<Optimizer>(std::move(p), options); });
  std::printf("%-10s %.3f\n", name, accuracy);
  return accuracy;
}
}  // namespace

int main() {
  using namespace optim;
  double best = 0;
  const auto keep = [&](double accuracy) { best = accuracy > best ? accuracy : best; };
  keep(accuracy_of<SGD>("SGD", SGDOptions(0.1).momentum(0.9)));
  keep(accuracy_of<RMSprop>("RMSprop", RMSpropOptions(3e-3)));
  keep(accuracy_of<Adagrad>("Adagrad", AdagradOptions(3e-2)));
  keep(accuracy_of<Adam>("Adam", AdamOptions(1e-2)));
  keep(accuracy_of<AdamW>("AdamW", AdamWOptions(1e-2)));
  keep(accuracy_of<NAdam>("NAdam", NAdamOptions(1e-2)));
  keep(accuracy_of<RAdam>("RAdam", RAdamOptions(1e-2)));
  keep(accuracy_of<Lion>("Lion", LionOptions(2e-3)));
  return best > 0.95 ? 0 : 1;
}
