// What a training does, for TensorBoard: curves, histograms, pictures, text. tensorboard FOLDER, then
// tensorboard --logdir FOLDER.
#include <cstdio>

#include "hearth/data/digits.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/train/summary_writer.h"
#include "support.h"

using namespace hearth;

int main(int argc, char** argv) {
  manual_seed(0);
  const data::datasets::Digits digits(500);
  const support::ScratchFolder scratch;
  train::SummaryWriter writer(argc > 1 ? argv[1] : scratch.path());
  writer.add_images("digits", digits.images().narrow(0, 0, 16));
  writer.add_text("about", "A linear model of **drawn digits**.");

  nn::Linear net(28 * 28, 10);
  optim::SGD sgd(net->parameters(), optim::SGDOptions(0.1));
  const Tensor x = digits.images().flatten(1);
  double last = 0;
  for (int step = 0; step < 100; ++step) {
    sgd.zero_grad();
    const Tensor loss = cross_entropy_loss(net->forward(x), digits.targets());
    loss.backward();
    sgd.step();
    last = loss.item<double>();
    writer.add_scalar("loss", last, step);
    if (step % 20 == 0) writer.add_histogram("weight", net->weight, step);
  }
  train::SummaryWriter::HParams settings;
  settings.numbers = {{"lr", 0.1}};
  writer.add_hparams(settings, {{"final_loss", last}});
  writer.close();
  std::printf("loss %.3f; events in %s\n", last, writer.path().c_str());
  return last < 1.2 ? 0 : 1;
}
