#include "hearth/train/batches.h"

#include "base/fail.h"
#include "hearth/hearth.h"

namespace hearth::train {

Batches::~Batches() = default;

namespace detail {

namespace {
/// A stream for each epoch's order, apart from everything else that the seed starts (SplitMix64; Steele et al., 2014).
uint64_t mixed(uint64_t seed, int64_t epoch) {
  uint64_t z = seed + 0x9e3779b97f4a7c15 * (static_cast<uint64_t>(epoch) + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
}  // namespace

Order::Order(int64_t n, const BatchOptions& o) : options(o), size(n) {
  if (o.batch_size() < 1) fail("[batches] the batch size is {}; it must be at least 1", o.batch_size());
  if (o.workers() < 0 || o.workers() > 256) fail("[batches] workers is {}; use 0 to 256", o.workers());
  if (n < 1) fail("[batches] the dataset is empty; there is nothing to train on");
  if (batches() < 1)
    fail("[batches] drop_last leaves nothing of {} samples in batches of {}; use smaller batches", n, o.batch_size());
}
int64_t Order::batches() const {
  const int64_t b = options.batch_size();
  return options.drop_last() ? size / b : (size + b - 1) / b;
}
void Order::start(int64_t epoch) {
  at = 0;
  if (!options.shuffle()) return;
  const Tensor order = randperm(size, hearth::detail::createCPUGenerator(mixed(options.seed(), epoch)));
  places.assign(order.data_ptr<int64_t>(), order.data_ptr<int64_t>() + size);
}
std::optional<std::vector<size_t>> Order::next(size_t batch_size) {
  const int64_t n = std::min(static_cast<int64_t>(batch_size), size - at);
  if (n <= 0 || (options.drop_last() && n < options.batch_size())) return std::nullopt;
  std::vector<size_t> batch(static_cast<size_t>(n));
  for (size_t i = 0; i < batch.size(); ++i, ++at)
    batch[i] = static_cast<size_t>(places.empty() ? at : places[static_cast<size_t>(at)]);
  return batch;
}

data::Example<> collate(std::vector<data::Example<>>&& samples) {
  std::vector<Tensor> inputs, targets;
  for (data::Example<>& s : samples) {
    inputs.push_back(std::move(s.data));
    targets.push_back(std::move(s.target));
  }
  return {stack(inputs), stack(targets)};
}

int64_t check_size(std::optional<size_t> size) {
  if (!size) fail("[batches] the dataset doesn't know its size; give it a size(), or write a Batches of your own");
  return static_cast<int64_t>(*size);
}

namespace {
/// Rows of two tensors, taken a batch at a time.
class TensorPairs : public data::datasets::BatchDataset<TensorPairs, data::Example<>> {
 public:
  TensorPairs(Tensor inputs, Tensor targets) : inputs_(std::move(inputs)), targets_(std::move(targets)) {}
  data::Example<> get_batch(ArrayRef<size_t> indices) override {
    const std::vector<int64_t> rows(indices.begin(), indices.end());
    const Tensor at = tensor(rows);
    return {inputs_.index_select(0, at), targets_.index_select(0, at)};
  }
  std::optional<size_t> size() const override { return static_cast<size_t>(inputs_.size(0)); }

 private:
  Tensor inputs_, targets_;
};
}  // namespace
}  // namespace detail

std::shared_ptr<Batches> batches(Tensor inputs, Tensor targets, const BatchOptions& options) {
  if (inputs.dim() < 1 || targets.dim() < 1 || inputs.size(0) != targets.size(0))
    throw ShapeError(fmt::format("[batches] inputs are {} and targets {}; both need the same number of rows",
                                 to_string(inputs.sizes()), to_string(targets.sizes())),
                     targets.sizes().vec(), inputs.sizes().vec());
  return batches(detail::TensorPairs(std::move(inputs), std::move(targets)), options);
}

}  // namespace hearth::train
