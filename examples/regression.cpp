// A curve through noisy points: a small network learns the sine, and its loss is drawn in the terminal.
#include <cmath>
#include <cstdio>

#include "hearth/data/synthetic.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

int main() {
  using namespace hearth;
  manual_seed(0);
  const auto points = data::datasets::sine(500, /*noise=*/0.1);  // x [500, 1], y [500, 1]

  nn::Sequential net(nn::Linear(1, 64), nn::Tanh(), nn::Linear(64, 64), nn::Tanh(), nn::Linear(64, 1));
  optim::Adam adam(net->parameters(), optim::AdamOptions(5e-3));
  for (int step = 0; step <= 600; ++step) {
    adam.zero_grad();
    const Tensor loss = mse_loss(net->forward(points.data()), points.targets());
    loss.backward();
    adam.step();
    if (step % 50 == 0) {  // one '#' for each tenth of a power of ten above 0.01, the noise's own share
      const double value = loss.item<double>();
      std::printf("step %3d  loss %.4f  ", step, value);
      for (int i = 0; i < 10 * std::log10(value / 0.01) + 1; ++i) std::putchar('#');
      std::putchar('\n');
    }
  }
  const NoGradGuard no_grad;
  const Tensor x = linspace(-6, 6, 200).unsqueeze(1);
  const double error = (net->forward(x) - x.sin()).abs().mean().item<double>();
  std::printf("mean distance from the sine: %.3f\n", error);
  return error < 0.1 ? 0 : 1;
}
