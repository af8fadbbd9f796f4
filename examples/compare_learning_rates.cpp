// The same network at five learning rates, from too small to too large.
#include <cmath>
#include <cstdio>

#include "hearth/data/synthetic.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

using namespace hearth;

namespace {
/// The loss after 150 steps of plain gradient descent.
double final_loss(double rate, const data::datasets::Synthetic& points) {
  manual_seed(0);  // every rate starts from the same weights
  nn::Sequential net(nn::Linear(2, 32), nn::Tanh(), nn::Linear(32, 2));
  optim::SGD sgd(net->parameters(), optim::SGDOptions(rate).momentum(0.9));
  double last = 0;
  for (int step = 0; step < 150; ++step) {
    sgd.zero_grad();
    const Tensor loss = cross_entropy_loss(net->forward(points.data()), points.targets());
    loss.backward();
    sgd.step();
    last = loss.item<double>();
  }
  return last;
}
}  // namespace

int main() {
  const auto points = data::datasets::moons(500);
  double best = HUGE_VAL, best_rate = 0;
  for (const double rate : {1e-4, 1e-3, 1e-2, 1e-1, 1.0}) {
    const double loss = final_loss(rate, points);
    std::printf("rate %-8g loss %.4f\n", rate, loss);
    if (loss < best) {
      best = loss;
      best_rate = rate;
    }
  }
  std::printf("best: %g\n", best_rate);
  return best < 0.1 && best_rate >= 0.1 ? 0 : 1;
}
