// torch::data as programs use it that were written for LibTorch, with classes of their own.
#include <gtest/gtest.h>
#include <torch/data/datasets/chunk.h>
#include <torch/torch.h>

#include <mutex>
#include <set>

namespace {

using namespace torch::data;  // NOLINT

struct DummyReader : datasets::ChunkDataReader<int> {
  using BatchType = datasets::ChunkDataReader<int>::ChunkType;
  using DataType = datasets::ChunkDataReader<int>::ExampleType;
  BatchType read_chunk(size_t chunk_index) override {
    if (chunk_index == bad) throw std::runtime_error("chunk is gone");
    BatchType chunk(10 * (chunk_index + 1));
    int value = 0;
    for (size_t i = 0; i < chunk_index; ++i) value += 10 * static_cast<int>(i + 1);
    for (int& x : chunk) x = value++;
    return chunk;
  }
  size_t chunk_count() override { return 3; }
  void reset() override {}
  size_t bad = 99;
};

using Chunks = datasets::ChunkDataset<DummyReader, samplers::SequentialSampler, samplers::SequentialSampler>;
using MixedChunks = datasets::ChunkDataset<DummyReader>;

TEST(ChunkData, EverySampleOnceInOrderWhateverThePreloadersAndWorkers) {
  for (const size_t preloaders : {1U, 3U})
    for (const size_t workers : {0U, 1U, 3U})
      for (const size_t batch_size : {1U, 7U, 64U}) {
        auto dataset = datasets::make_shared_dataset<Chunks>(DummyReader(), samplers::SequentialSampler(0),
                                                             samplers::SequentialSampler(0),
                                                             datasets::ChunkDatasetOptions(preloaders, batch_size, 64));
        auto loader = make_data_loader(dataset, DataLoaderOptions(batch_size).workers(workers));
        for (int epoch = 0; epoch < 2; ++epoch) {
          std::vector<int> seen;
          for (auto& batch : *loader) {
            EXPECT_LE(batch.size(), batch_size);
            seen.insert(seen.end(), batch.begin(), batch.end());
          }
          std::vector<int> expected(60);
          for (int i = 0; i < 60; ++i) expected[static_cast<size_t>(i)] = i;
          EXPECT_EQ(seen, expected) << preloaders << " preloaders, " << workers << " workers, batches of "
                                    << batch_size;
        }
      }
}

std::vector<int> mixed_epoch(size_t preloaders, size_t workers, size_t cross) {
  torch::manual_seed(3);
  auto dataset = datasets::make_shared_dataset<MixedChunks>(
      DummyReader(), samplers::RandomSampler(0), samplers::RandomSampler(0),
      datasets::ChunkDatasetOptions(preloaders, 8, 16).cross_chunk_shuffle_count(cross), [](std::vector<int>& chunk) {
        for (int& x : chunk) x += 100;
      });
  auto loader = make_data_loader(
      dataset.map(transforms::BatchLambda<std::vector<int>, std::vector<int>>([](std::vector<int> b) { return b; })),
      DataLoaderOptions(8).workers(workers));
  std::vector<int> seen;
  for (auto& batch : *loader) seen.insert(seen.end(), batch.begin(), batch.end());
  return seen;
}

TEST(ChunkData, MixingIsTheSameForAnyThreads) {
  const std::vector<int> one = mixed_epoch(1, 0, 1);
  EXPECT_EQ(std::set<int>(one.begin(), one.end()).size(), 60U);
  EXPECT_EQ(*std::min_element(one.begin(), one.end()), 100);
  EXPECT_FALSE(std::is_sorted(one.begin(), one.end()));
  EXPECT_EQ(mixed_epoch(3, 2, 1), one);
  const std::vector<int> crossed = mixed_epoch(1, 0, 3);
  EXPECT_EQ(mixed_epoch(2, 3, 3), crossed);
  EXPECT_NE(crossed, one);
}

TEST(ChunkData, ErrorsOnceAndEarlyEnds) {
  DummyReader reader;
  reader.bad = 1;
  auto dataset = datasets::make_shared_dataset<Chunks>(
      reader, samplers::SequentialSampler(0), samplers::SequentialSampler(0), datasets::ChunkDatasetOptions(2, 5, 5));
  EXPECT_THROW(dataset->get_batch(), c10::Error);  // no reset yet
  for (int epoch = 0; epoch < 3; ++epoch) {
    dataset.reset();
    int thrown = 0;
    size_t seen = 0;
    for (int i = 0; i < 20; ++i) try {
        const auto batch = dataset->get_batch();
        if (!batch) break;
        seen += batch->size();
      } catch (const WorkerException& e) {
        ++thrown;
        EXPECT_STREQ(e.what(), "Caught exception in DataLoader worker thread. Original message: chunk is gone");
        EXPECT_THROW(std::rethrow_exception(e.original_exception), std::runtime_error);
      }
    EXPECT_EQ(thrown, 1);
    EXPECT_EQ(seen, 40U);
    dataset.reset();  // left at once, with preloaders that wait for room
  }
  EXPECT_THROW(dataset->get_batch(3), c10::Error);
  EXPECT_THROW(datasets::ChunkDatasetOptions(0, 1), c10::Error);
  EXPECT_THROW(datasets::ChunkDatasetOptions(1, 10, 5), c10::Error);
}

TEST(ChunkData, SavesWhichChunksWereRead) {
  const auto make = [] {
    return datasets::make_shared_dataset<Chunks>(DummyReader(), samplers::SequentialSampler(3),
                                                 samplers::SequentialSampler(0),
                                                 datasets::ChunkDatasetOptions(1, 10, 10));
  };
  auto first = make();
  first.reset();
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(first->get_batch());
  EXPECT_FALSE(first->get_batch());
  torch::serialize::OutputArchive out;
  out << *first;
  std::stringstream file;
  out.save_to(file);
  torch::serialize::InputArchive in;
  in.load_from(file);
  auto second = make();
  in >> *second;
  second.reset();
  EXPECT_FALSE(second->get_batch()) << "all chunks were read";
  second.reset();
  EXPECT_TRUE(second->get_batch()) << "the epoch after is a whole one";
}

/// Counts down; shared by the workers.
struct Countdown : datasets::StatefulDataset<Countdown, std::vector<int>> {
  torch::optional<std::vector<int>> get_batch(size_t n) override {
    if (left == 0) return torch::nullopt;
    std::vector<int> batch;
    while (batch.size() < n && left > 0) batch.push_back(left--);
    return batch;
  }
  void reset() override { left = 25; }
  torch::optional<size_t> size() const override { return torch::nullopt; }
  void save(torch::serialize::OutputArchive& archive) const override { archive.write("left", torch::tensor(left)); }
  void load(torch::serialize::InputArchive& archive) override {
    torch::Tensor stored;
    archive.read("left", stored);
    left = stored.item<int>();
  }
  int left = 0;
};

TEST(StatefulData, ComesInOrderFromAnyWorkers) {
  for (const size_t workers : {0U, 1U, 4U}) {
    auto loader = make_data_loader(Countdown().map(transforms::Lambda<int>([](int x) { return -x; })),
                                   DataLoaderOptions(4).workers(workers));
    for (int epoch = 0; epoch < 2; ++epoch) {
      std::vector<int> seen;
      for (auto& batch : *loader) seen.insert(seen.end(), batch.begin(), batch.end());
      ASSERT_EQ(seen.size(), 25U);
      EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    }
    auto it = loader->begin();
    ++it;
    EXPECT_EQ((*it)[0], -21);
    const auto state = loader->state_dict();
    auto other = make_data_loader(Countdown(), DataLoaderOptions(4).workers(2));
    other->load_state_dict(state);
    EXPECT_EQ((*other->begin())[0], 17);
  }
}

/// Batches by number alone.
struct Stream : datasets::StreamDataset<Stream> {
  std::vector<Example<>> get_batch(size_t n) override {
    return std::vector<Example<>>(n, Example<>(torch::ones({2}), torch::tensor(count++)));
  }
  torch::optional<size_t> size() const override { return torch::nullopt; }
  int count = 0;
};

TEST(StreamData, AsManyAsTheSamplerAsks) {
  auto loader =
      make_data_loader(Stream().map(transforms::Stack<>()), samplers::StreamSampler(10), DataLoaderOptions(4));
  std::vector<int64_t> sizes;
  for (auto& batch : *loader) sizes.push_back(batch.data.size(0));
  EXPECT_EQ(sizes, (std::vector<int64_t>{4, 4, 2}));
}

/// A request of one's own and the sampler and dataset that speak it.
struct Pair : samplers::CustomBatchRequest {
  Pair(size_t x, size_t y) : a(x), b(y) {}
  size_t size() const override { return 2; }
  size_t a, b;
};
struct PairSampler : samplers::Sampler<Pair> {
  void reset(torch::optional<size_t>) override { at = 0; }
  torch::optional<Pair> next(size_t) override {
    if (at == 3) return torch::nullopt;
    ++at;
    return Pair(at, at * at);
  }
  void save(torch::serialize::OutputArchive&) const override {}
  void load(torch::serialize::InputArchive&) override {}
  size_t at = 0;
};
struct Sums : datasets::BatchDataset<Sums, size_t, Pair> {
  size_t get_batch(Pair p) override { return p.a + p.b; }
  torch::optional<size_t> size() const override { return 3; }
};

TEST(CustomRequests, Work) {
  for (const size_t workers : {0U, 2U}) {
    auto loader = make_data_loader(Sums(), PairSampler(), DataLoaderOptions(2).workers(workers));
    std::vector<size_t> sums;
    for (const size_t sum : *loader) sums.push_back(sum);
    EXPECT_EQ(sums, (std::vector<size_t>{2, 6, 12}));
  }
}

template <class S>
std::vector<size_t> two_epochs(S sampler) {
  std::vector<size_t> out;
  for (int epoch = 0; epoch < 2; ++epoch) {
    sampler.reset();
    while (const auto batch = sampler.next(3)) out.insert(out.end(), batch->begin(), batch->end());
  }
  return out;
}

TEST(DistributedSamplers, DrawWhatLibTorchDraws) {
  using V = std::vector<size_t>;
  EXPECT_EQ(two_epochs(samplers::DistributedRandomSampler(10, 3, 0)), (V{0, 2, 1, 5, 0, 2, 1, 5}));
  EXPECT_EQ(two_epochs(samplers::DistributedRandomSampler(10, 3, 2)), (V{6, 0, 3, 8, 6, 0, 3, 8}));
  EXPECT_EQ(two_epochs(samplers::DistributedRandomSampler(10, 3, 1, false)), (V{0, 5, 1, 0, 5, 1}));
  EXPECT_EQ(two_epochs(samplers::DistributedSequentialSampler(10, 3, 2)), (V{8, 9, 0, 1, 8, 9, 0, 1}));
  EXPECT_EQ(two_epochs(samplers::DistributedSequentialSampler(10, 3, 1, false)), (V{3, 4, 5, 3, 4, 5}));
  samplers::DistributedRandomSampler later(10, 2, 1);
  later.set_epoch(5);
  EXPECT_EQ(two_epochs(later), (V{6, 7, 1, 9, 0, 6, 7, 1, 9, 0}));
  EXPECT_EQ(later.epoch(), 5U);
  EXPECT_THROW(samplers::DistributedRandomSampler(10, 2, 2), c10::Error);
}

template <class S>
void goes_on_after_save(S sampler, S other) {
  sampler.reset();
  (void)sampler.next(4);
  torch::serialize::OutputArchive out;
  out << sampler;
  std::stringstream file;
  out.save_to(file);
  torch::serialize::InputArchive in;
  in.load_from(file);
  in >> other;
  const auto a = sampler.next(3), b = other.next(3);
  ASSERT_TRUE(a && b);
  if constexpr (std::is_same_v<typename S::BatchRequestType, std::vector<size_t>>) {
    EXPECT_EQ(*a, *b);
  } else {
    EXPECT_EQ(a->size(), b->size());
  }
}

TEST(Samplers, GoOnAfterSaveAndLoad) {
  goes_on_after_save(samplers::RandomSampler(9), samplers::RandomSampler(9));
  goes_on_after_save(samplers::RandomSampler(9, torch::kInt32), samplers::RandomSampler(9, torch::kInt32));
  goes_on_after_save(samplers::SequentialSampler(9), samplers::SequentialSampler(9));
  goes_on_after_save(samplers::StreamSampler(6), samplers::StreamSampler(6));
  samplers::DistributedRandomSampler random(20, 2, 1);
  random.set_epoch(4);
  goes_on_after_save(random, samplers::DistributedRandomSampler(20, 2, 1));
  goes_on_after_save(samplers::DistributedSequentialSampler(20, 2, 1),
                     samplers::DistributedSequentialSampler(20, 2, 1));
}

TEST(Collate, TakesAFunction) {
  auto dataset = datasets::TensorDataset({torch::ones({2}), torch::zeros({2})})
                     .map(transforms::Collate<TensorExample>([](std::vector<TensorExample> e) { return e.front(); }));
  const size_t indices[] = {1, 0};
  EXPECT_TRUE(torch::equal(dataset.get_batch(indices).data, torch::zeros({2})));
}

}  // namespace
