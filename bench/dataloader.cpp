// An epoch over 60,000 samples held in memory, with Normalize and Stack, batch
// 64, random order, with no workers and with two.
#include "bench.h"

class Synthetic : public torch::data::datasets::Dataset<Synthetic> {
 public:
  Synthetic(torch::Tensor images, torch::Tensor targets) : images_(std::move(images)), targets_(std::move(targets)) {}
  torch::data::Example<> get(size_t index) override { return {images_[index], targets_[index]}; }
  torch::optional<size_t> size() const override { return images_.size(0); }

 private:
  torch::Tensor images_, targets_;
};

int main() {
  bench::init();
  constexpr int64_t kSamples = 60000;
  auto images = bench::floats({kSamples, 1, 28, 28}, 1, 0, 1);
  auto targets = bench::labels({kSamples}, 10, 2);
  std::vector<bench::Part> parts;
  for (int workers : {0, 2}) {
    auto loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
        Synthetic(images, targets)
            .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
            .map(torch::data::transforms::Stack<>()),
        torch::data::DataLoaderOptions().batch_size(64).workers(workers));
    bench::Part p;
    p.name = "workers" + std::to_string(workers);
    p.metric = "seconds per epoch of 60,000";
    // Untimed: every sample once, normalized, whatever the order.
    for (auto& batch : *loader)
      p.check += batch.data.sum().item<float>() + static_cast<double>(batch.target.sum().item<int64_t>());
    p.check = std::round(p.check / 10) * 10;
    int64_t seen = 0;
    auto epoch = [&] {
      for (auto& batch : *loader) seen += batch.data.size(0);
    };
    epoch();
    if (seen != kSamples) p.check = -1;
    p.items = kSamples;
    p.bytes = 2.0 * kSamples * 784 * 4;
    bench::measure(p, epoch, 3.5, 4);
    parts.push_back(p);
  }
  bench::print("dataloader", parts);
}
