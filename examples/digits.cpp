// The trainer: drawn digits, validation, early stopping, checkpoints, and a training that goes on where it stopped.
#include "hearth/data/digits.h"

#include <cstdio>
#include <memory>
#include <string>

#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/train/trainer.h"
#include "support.h"

using namespace hearth;

namespace {
nn::Sequential make_network() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 8, 5)), nn::ReLU(), nn::MaxPool2d(2),
                        nn::Conv2d(nn::Conv2dOptions(8, 16, 5)), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(),
                        nn::Linear(16 * 4 * 4, 10));
}

/// Trains until the epochs are over or nothing improves; goes on from the newest checkpoint of the folder.
train::Scores train_digits(const std::string& folder, int64_t epochs) {
  manual_seed(0);
  const data::datasets::Digits known(3000, /*seed=*/1), held_out(500, 2);
  nn::Sequential net = make_network();
  optim::Adam adam(net->parameters(), optim::AdamOptions(2e-3));
  const auto options = train::TrainerOptions().epochs(epochs).patience(2).restore_best(true).checkpoints(folder);
  train::Trainer trainer(
      net, adam, [](const Tensor& y, const Tensor& t) { return cross_entropy_loss(y, t); }, options);
  trainer.add_metric("accuracy", std::make_unique<train::Accuracy>());

  const io::FoundCheckpoint found = io::find_latest(folder);
  if (!found.path.empty()) {
    trainer.load_checkpoint(found.content);
    std::printf("going on after step %lld\n", static_cast<long long>(found.step));
  }
  const auto batches = train::batches(known.images(), known.targets(), train::BatchOptions(64).shuffle(true));
  const auto validation = train::batches(held_out.images(), held_out.targets(), train::BatchOptions(500));
  const train::Result result = trainer.fit(*batches, validation.get());
  std::printf("%lld epochs, %lld steps\n", static_cast<long long>(result.epochs), static_cast<long long>(result.steps));
  return trainer.evaluate(*validation, "test");
}
}  // namespace

int main() {
  const support::ScratchFolder folder;
  train_digits(folder.path(), 1);
  const train::Scores scores = train_digits(folder.path(), 4);
  const double accuracy = *train::find(scores, "test/accuracy");
  std::printf("accuracy %.3f\n", accuracy);
  return accuracy > 0.97 ? 0 : 1;
}
