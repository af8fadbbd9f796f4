// Random transforms of single samples draw from the sample's own stream, however the batch is made.
#include "hearth/data/sample_streams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "hearth/data.h"
#include "hearth/data/samplers.h"
#include "hearth/data/wrappers.h"
#include "hearth/hearth.h"

namespace hearth::data {
namespace {

using samplers::RandomSampler;
using samplers::SequentialSampler;
using Samples = std::vector<Example<>>;
constexpr size_t kCount = 50;

/// A sample that says its number and holds a random one.
Example<> sample(size_t i, bool draws) {
  return {draws ? rand({1}, kDouble) : zeros({1}, kDouble), tensor(static_cast<int64_t>(i))};
}

struct Single : datasets::Dataset<Single> {
  Example<> get(size_t index) override { return sample(index, true); }
  std::optional<size_t> size() const override { return kCount; }
};
/// The same, but that only whole batches can be had of it.
struct Whole : datasets::BatchDataset<Whole> {
  Samples get_batch(ArrayRef<size_t> indices) override {
    Samples out;
    for (const size_t i : indices) out.push_back(sample(i, false));
    return out;
  }
  std::optional<size_t> size() const override { return kCount; }
};
/// And one that says itself what comes next.
struct Stream : datasets::IterableDataset<Stream> {
  void reset() override { at = 0; }
  std::optional<Example<>> next() override {
    if (at == kCount) return std::nullopt;
    return sample(at++, false);
  }
  size_t at = 0;
};

/// Puts a random number behind a sample's others.
auto draw() {
  return transforms::TensorLambda<>([](const Tensor& x) { return cat({x, rand({1}, kDouble)}); });
}
/// A step that takes and gives whole batches.
auto pass() {
  return transforms::BatchLambda<Samples>([](Samples batch) { return batch; });
}

// Each with two steps that draw for each sample.
auto single() { return Single().map(draw()).map(draw()).map(transforms::Stack<>()); }
auto whole() { return Whole().map(draw()).map(draw()).map(transforms::Stack<>()); }
auto shared() {
  using Drawn = decltype(Single().map(draw()));
  return datasets::make_shared_dataset<Drawn>(Single(), draw()).map(draw()).map(transforms::Stack<>());
}
auto behind_a_batch_step() { return Single().map(pass()).map(draw()).map(draw()).map(transforms::Stack<>()); }
auto stream() { return Stream().map(draw()).map(draw()).map(transforms::Stack<>()); }

using Numbers = std::map<int64_t, std::vector<double>>;
template <class Loader>
Numbers rest_of(Loader& loader) {
  Numbers out;
  for (auto& batch : loader)
    for (int64_t i = 0; i < batch.target.size(0); ++i) {
      const Tensor row = batch.data[i].contiguous();
      out[batch.target[i].template item<int64_t>()].assign(row.template data_ptr<double>(),
                                                           row.template data_ptr<double>() + row.numel());
    }
  return out;
}
template <class Dataset>
auto loader_of(Dataset dataset, const DataLoaderOptions& options) {
  if constexpr (Dataset::is_stateful)
    return make_data_loader(std::move(dataset), options);
  else
    return make_data_loader<RandomSampler>(std::move(dataset), options);
}
template <class Dataset>
Numbers numbers(Dataset dataset, size_t batch_size, size_t workers, int64_t epoch = 3) {
  auto loader = loader_of(std::move(dataset), DataLoaderOptions(batch_size).workers(workers));
  loader->set_epoch(epoch);
  return rest_of(*loader);
}

template <class Make>
void same_for_any_batches(const char* what, Make make) {
  SCOPED_TRACE(what);
  manual_seed(17);
  const Numbers expected = numbers(make(), 1, 0);
  ASSERT_EQ(expected.size(), kCount);
  for (const size_t batch_size : {1U, 7U, 32U})
    for (const size_t workers : {0U, 2U, 4U})
      EXPECT_EQ(numbers(make(), batch_size, workers), expected) << batch_size << " a batch, " << workers << " workers";
  const Numbers other = numbers(make(), 7, 2, 4);
  std::vector<double> all;
  for (const Numbers& epoch : {expected, other})
    for (const auto& [index, drawn] : epoch)
      for (const double x : drawn)
        if (x != 0) all.push_back(x);
  std::sort(all.begin(), all.end());
  EXPECT_GE(all.size(), 4 * kCount);
  EXPECT_TRUE(std::adjacent_find(all.begin(), all.end()) == all.end()) << "each draw of each epoch is another";
}

TEST(SampleStreams, AreTheSameForAnyBatchesAndWorkers) {
  same_for_any_batches("sample by sample", single);
  same_for_any_batches("whole batches", whole);
  same_for_any_batches("shared", shared);
  same_for_any_batches("behind a step of batches", behind_a_batch_step);
  same_for_any_batches("a dataset that says what comes next", stream);
}

TEST(SampleStreams, ARepeatedSampleDrawsTheSameWithinAnEpoch) {
  manual_seed(2);
  const auto draws = [](auto dataset) {
    std::map<int64_t, std::vector<double>> out;
    const samplers::RandomDrawSampler sampler(kCount, true, 200);
    auto loader = make_data_loader(dataset, sampler, DataLoaderOptions(9).workers(2));
    for (auto& batch : *loader)
      for (int64_t i = 0; i < batch.target.size(0); ++i)
        out[batch.target[i].template item<int64_t>()].push_back(batch.data[i][1].template item<double>());
    return out;
  };
  size_t repeated = 0;
  const auto check = [&](const auto& drawn) {
    for (const auto& [index, values] : drawn) {
      repeated += values.size() - 1;
      for (const double x : values) EXPECT_EQ(x, values[0]) << index;
    }
  };
  check(draws(single()));
  check(draws(whole()));
  EXPECT_GT(repeated, 100U);
}

TEST(SampleStreams, LeaveTheBatchItsOwn) {
  const auto stamp = transforms::BatchLambda<Samples>([](Samples batch) {
    for (Example<>& e : batch) e.data = rand({1}, kDouble);
    return batch;
  });
  const auto idle = transforms::TensorLambda<>([](Tensor x) { return x; });
  manual_seed(5);
  const Numbers without = numbers(Whole().map(idle).map(stamp).map(transforms::Stack<>()), 8, 2);
  EXPECT_EQ(numbers(Whole().map(draw()).map(draw()).map(stamp).map(transforms::Stack<>()), 8, 0), without);
  EXPECT_NE(numbers(Whole().map(idle).map(stamp).map(transforms::Stack<>()), 9, 2), without) << "it is the batch's";
}

template <class Make>
void resumes(Make make) {
  manual_seed(6);
  auto loader = loader_of(make(), DataLoaderOptions(4).workers(3));
  auto it = loader->begin();
  for (int i = 0; i < 5; ++i) ++it;
  const IValue state = loader->state_dict();
  const Numbers all = numbers(make(), 4, 0, 0);
  auto other = loader_of(make(), DataLoaderOptions(4).workers(1));
  other->load_state_dict(state);
  const Numbers rest = rest_of(*other);
  EXPECT_EQ(rest.size(), kCount - 5 * 4);
  for (const auto& [index, drawn] : rest) EXPECT_EQ(drawn, all.at(index)) << index;
}

TEST(SampleStreams, GoOnInAResumedEpoch) {
  resumes(whole);
  resumes(behind_a_batch_step);
  resumes(stream);
}

TEST(SampleStreams, DoNothingOutsideOfALoader) {
  manual_seed(1);
  const Tensor expected = rand({3}, kDouble);
  manual_seed(1);
  const size_t indices[] = {4, 4, 4};
  const Samples batch = Single().get_batch(indices);
  for (int64_t i = 0; i < 3; ++i)
    EXPECT_EQ(batch[static_cast<size_t>(i)].data.item<double>(), expected[i].item<double>());
}

}  // namespace
}  // namespace hearth::data
