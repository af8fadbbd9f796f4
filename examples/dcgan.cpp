// Two networks against each other (Radford et al., 2016, "Unsupervised representation learning with deep convolutional
// generative adversarial networks"): one draws digits, the other tells drawn ones from real ones.
// dcgan [STEPS [PICTURE.png]]
#include <cmath>
#include <cstdio>

#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
constexpr int64_t noise = 32, batch = 32;

/// Noise [N, noise, 1, 1] to pictures [N, 1, 28, 28] in [-1, 1].
nn::Sequential make_generator() {
  const auto up = [](int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t padding) {
    return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, kernel).stride(stride).padding(padding).bias(false));
  };
  return nn::Sequential(up(noise, 32, 7, 1, 0), nn::BatchNorm2d(32), nn::ReLU(), up(32, 16, 4, 2, 1),
                        nn::BatchNorm2d(16), nn::ReLU(), up(16, 1, 4, 2, 1), nn::Tanh());
}

/// Pictures to one score each, [N]: above 0 where they look real.
nn::Sequential make_discriminator() {
  const auto down = [](int64_t in, int64_t out) {
    return nn::Conv2d(nn::Conv2dOptions(in, out, 4).stride(2).padding(1).bias(false));
  };
  const auto leaky = [] { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)); };
  return nn::Sequential(down(1, 16), leaky(), down(16, 32), nn::BatchNorm2d(32), leaky(),
                        nn::Conv2d(nn::Conv2dOptions(32, 1, 7).bias(false)),
                        nn::Flatten(nn::FlattenOptions().start_dim(0)));
}

void draw_weights(nn::Module& module) {
  const NoGradGuard no_grad;
  if (auto* norm = module.as<nn::BatchNorm2dImpl>())
    nn::init::normal_(norm->weight, 1, 0.02);
  else
    for (const Tensor& p : module.parameters(/*recurse=*/false))
      if (p.dim() == 4) nn::init::normal_(p, 0, 0.02);
}

Tensor loss_against(const Tensor& scores, double truth) {
  return binary_cross_entropy_with_logits(scores, full_like(scores, truth));
}

/// How far the mean picture, and the spread of each pixel, are from the real ones', in mean absolute difference.
std::pair<double, double> distance(const Tensor& made, const Tensor& real) {
  const auto apart = [](const Tensor& a, const Tensor& b) { return (a - b).abs().mean().item<double>(); };
  return {apart(made.mean(0), real.mean(0)), apart(made.std(0), real.std(0))};
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t steps = support::count_from(argc, argv, 300);
  const Tensor real = support::digits(4000, 500).first.images * 2 - 1;
  nn::Sequential generator = make_generator(), discriminator = make_discriminator();
  generator->apply(draw_weights);
  discriminator->apply(draw_weights);
  const auto options = optim::AdamOptions(1e-3).betas({0.5, 0.999});
  optim::Adam draws(generator->parameters(), options), judges(discriminator->parameters(), options);

  const Tensor same_noise = randn({500, noise, 1, 1});
  const auto pictures = [&] {
    const NoGradGuard no_grad;
    return generator->forward(same_noise);
  };
  const auto [mean_before, spread_before] = distance(pictures(), real);
  double judge_loss = 0, draw_loss = 0;
  for (int64_t step = 1; step <= steps; ++step) {
    judges.zero_grad();
    const Tensor made = generator->forward(randn({batch, noise, 1, 1}));
    const Tensor shown = real.index_select(0, randint(0, real.size(0), {batch}));
    const Tensor caught = loss_against(discriminator->forward(shown), 0.9) +  // a little doubt keeps it from certainty
                          loss_against(discriminator->forward(made.detach()), 0);
    caught.backward();
    judges.step();

    draws.zero_grad();
    const Tensor passed = loss_against(discriminator->forward(made), 1);
    passed.backward();
    draws.step();
    judge_loss = caught.item<double>();
    draw_loss = passed.item<double>();
    if (step % 50 == 0)
      std::printf("step %4lld  discriminator %.3f  generator %.3f\n", static_cast<long long>(step), judge_loss,
                  draw_loss);
  }

  const Tensor made = pictures();
  const auto [mean, spread] = distance(made, real);
  std::printf("from real pictures: mean %.3f (%.3f at first), spread %.3f (%.3f at first)\n", mean, mean_before, spread,
              spread_before);
  if (argc > 2) {  // eight by eight
    const Tensor sheet = made.narrow(0, 0, 64).view({8, 8, 28, 28}).transpose(1, 2).reshape({1, 8 * 28, 8 * 28});
    io::write_png(((sheet + 1) * 127.5).round().to(kByte), argv[2]);
  }
  const bool finite = std::isfinite(judge_loss) && std::isfinite(draw_loss);
  return finite && mean < 0.15 && spread < 0.2 ? 0 : 1;
}
