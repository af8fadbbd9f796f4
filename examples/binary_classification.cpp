// Two moons that reach into each other, told apart by one score a point; the class regions are drawn in the terminal.
#include <cstdio>

#include "hearth/data/synthetic.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

int main() {
  using namespace hearth;
  manual_seed(0);
  const auto train = data::datasets::moons(1000, /*noise=*/0.1, /*seed=*/1);
  const auto test = data::datasets::moons(500, 0.1, 2);

  nn::Sequential net(nn::Linear(2, 32), nn::ReLU(), nn::Linear(32, 32), nn::ReLU(), nn::Linear(32, 1));
  optim::AdamW adam(net->parameters(), optim::AdamWOptions(1e-2));
  const Tensor labels = train.targets().to(kFloat).unsqueeze(1);
  for (int step = 0; step < 200; ++step) {
    adam.zero_grad();
    const Tensor loss = binary_cross_entropy_with_logits(net->forward(train.data()), labels);
    loss.backward();
    adam.step();
    if (step % 40 == 0) std::printf("step %3d  loss %.4f\n", step, loss.item<double>());
  }
  const NoGradGuard no_grad;
  for (double y = 1.5; y > -1; y -= 0.25) {
    for (double x = -1.5; x < 2.5; x += 0.08)
      std::putchar(net->forward(tensor({{x, y}}).to(kFloat)).item<float>() > 0 ? 'o' : '.');
    std::putchar('\n');
  }
  const Tensor right = net->forward(test.data()).squeeze(1).gt(0).to(kLong).eq(test.targets());
  const double accuracy = right.to(kFloat).mean().item<double>();
  std::printf("accuracy on points that it has not seen: %.3f\n", accuracy);
  return accuracy > 0.97 ? 0 : 1;
}
