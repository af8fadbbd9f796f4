// A variational autoencoder of digits (Kingma and Welling, 2014, "Auto-encoding variational Bayes"): pictures through
// eight numbers and back, and new pictures from random numbers. vae [EPOCHS [PICTURE.png]]
#include <cstdio>

#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
constexpr int64_t pixels = 28 * 28, code = 8;

struct Coded {
  Tensor scores, mean, log_variance;  ///< [N, pixels], [N, code], [N, code]
};

struct VaeImpl : nn::Module {
  VaeImpl() {
    encoder =
        register_module("encoder", nn::Sequential(nn::Linear(pixels, 256), nn::ReLU(), nn::Linear(256, 2 * code)));
    decoder = register_module("decoder", nn::Sequential(nn::Linear(code, 256), nn::ReLU(), nn::Linear(256, pixels)));
  }
  /// Pictures [N, pixels] to a code drawn for each and to what the decoder makes of it.
  Coded forward(const Tensor& pictures) {
    const auto parts = encoder->forward(pictures).chunk(2, 1);
    const Tensor drawn = parts[0] + (0.5 * parts[1]).exp() * randn_like(parts[0]);
    return {decoder->forward(drawn), parts[0], parts[1]};
  }
  nn::Sequential encoder{nullptr}, decoder{nullptr};
};

/// Nats a picture that a code and its decoding take: how far the pictures are off, and how far the codes' distribution
/// is from a standard normal one.
std::pair<Tensor, Tensor> costs(const Coded& coded, const Tensor& pictures) {
  const Tensor off = nn::functional::binary_cross_entropy_with_logits(
      coded.scores, pictures, nn::functional::BinaryCrossEntropyWithLogitsFuncOptions().reduction(kSum));
  const Tensor divergence = -0.5 * (1 + coded.log_variance - coded.mean.pow(2) - coded.log_variance.exp()).sum();
  const auto count = static_cast<double>(pictures.size(0));
  return {off / count, divergence / count};
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t epochs = support::count_from(argc, argv, 10);
  const auto [training, testing] = support::digits(5000, 500);
  const Tensor known = training.images.flatten(1), held_out = testing.images.flatten(1);

  VaeImpl vae;
  optim::Adam adam(vae.parameters(), optim::AdamOptions(2e-3));
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    double sum = 0;
    for (const Tensor& rows : randperm(known.size(0)).split(100)) {
      const Tensor pictures = known.index_select(0, rows);
      adam.zero_grad();
      const auto [off, divergence] = costs(vae.forward(pictures), pictures);
      const Tensor loss = off + divergence;
      loss.backward();
      adam.step();
      sum += loss.item<double>() * static_cast<double>(rows.numel());
    }
    std::printf("epoch %2lld  nats a picture %.1f\n", static_cast<long long>(epoch), sum / 5000);
  }

  const NoGradGuard no_grad;
  const auto [off, divergence] = costs(vae.forward(held_out), held_out);
  const double nats = (off + divergence).item<double>(), used = divergence.item<double>();
  // The same without a code: the mean picture for each.
  const double plain =
      binary_cross_entropy(known.mean(0).clamp(1e-4, 1 - 1e-4).expand_as(held_out), held_out, {}, Reduction::Sum)
          .item<double>() /
      static_cast<double>(held_out.size(0));
  const Tensor made = vae.decoder->forward(randn({64, code})).sigmoid();
  std::printf("held out: %.1f nats, %.1f of them for the code; the mean picture: %.1f\n", nats, used, plain);
  std::printf("brightness of pictures made: %.3f, of real ones: %.3f\n", made.mean().item<double>(),
              held_out.mean().item<double>());
  if (argc > 2) {  // eight by eight
    const Tensor sheet = made.view({8, 8, 28, 28}).transpose(1, 2).reshape({1, 8 * 28, 8 * 28});
    io::write_png((sheet * 255).round().to(kByte), argv[2]);
  }
  const double brightness = made.mean().item<double>() / held_out.mean().item<double>();
  return nats < 0.75 * plain && used > 5 && brightness > 0.65 && brightness < 1.35 ? 0 : 1;
}
