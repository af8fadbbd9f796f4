// A dataset of one's own is a class with get() and size(); the loader does the rest, on two threads here.
#include <cstdio>

#include "hearth/data.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

using namespace hearth;

namespace {
/// Sums to learn: three numbers and their total.
class Sums : public data::datasets::Dataset<Sums> {
 public:
  explicit Sums(size_t n) : n_(n) {}
  data::Example<> get(size_t) override {
    const Tensor x = rand({3});  // the loader gives each sample a random stream of its own
    return {x, x.sum().reshape({1})};
  }
  std::optional<size_t> size() const override { return n_; }

 private:
  size_t n_;
};
}  // namespace

int main() {
  manual_seed(0);
  const auto loader = data::make_data_loader<data::samplers::SequentialSampler>(
      Sums(2000).map(data::transforms::Stack<>()), data::DataLoaderOptions(50).workers(2));
  nn::Linear net(3, 1);
  optim::Adam adam(net->parameters(), optim::AdamOptions(5e-2));
  double last = 0;
  for (int epoch = 1; epoch <= 15; ++epoch) {
    for (auto& batch : *loader) {
      adam.zero_grad();
      const Tensor loss = mse_loss(net->forward(batch.data), batch.target);
      loss.backward();
      adam.step();
      last = loss.item<double>();
    }
    std::printf("epoch %2d  loss %.2e\n", epoch, last);
  }
  const Tensor w = net->weight.flatten();
  std::printf("weights %.3f %.3f %.3f\n", w[0].item<double>(), w[1].item<double>(), w[2].item<double>());
  return (w - 1).abs().max().item<double>() < 0.05 ? 0 : 1;
}
