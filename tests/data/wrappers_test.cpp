#include "hearth/data/wrappers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "base/faulty_files.h"
#include "hearth/data.h"
#include "hearth/hearth.h"

namespace hearth::data::datasets {
namespace {

using hearth::testing::TemporaryFolder;
using samplers::SequentialSampler;
using transforms::Stack;

struct Numbers : Dataset<Numbers> {
  explicit Numbers(size_t n, std::shared_ptr<std::atomic<int>> c = nullptr) : count(n), calls(std::move(c)) {}
  Example<> get(size_t i) override {
    if (calls) ++*calls;
    return {full({2}, static_cast<double>(i)), tensor(static_cast<int64_t>(i))};
  }
  std::optional<size_t> size() const override { return count; }
  size_t count;
  std::shared_ptr<std::atomic<int>> calls;
};

template <class D>
std::vector<int64_t> targets_of(D dataset, size_t workers = 0) {
  std::vector<int64_t> out;
  auto loader = make_data_loader<SequentialSampler>(dataset.map(Stack<>()), DataLoaderOptions(4).workers(workers));
  for (auto& batch : *loader)
    for (int64_t i = 0; i < batch.target.size(0); ++i) out.push_back(batch.target[i].template item<int64_t>());
  return out;
}

TEST(Wrappers, SubsetAndConcat) {
  Subset<Numbers> subset(Numbers(10), {7, 1, 7});
  EXPECT_EQ(targets_of(subset, 2), (std::vector<int64_t>{7, 1, 7}));
  EXPECT_THROW(subset.get(3), IndexError);
  EXPECT_THROW(Subset<Numbers>(Numbers(3), {3}), IndexError);
  ConcatDataset<Numbers> both({Numbers(2), Numbers(0), Numbers(3)});
  EXPECT_EQ(*both.size(), 5U);
  EXPECT_EQ(targets_of(both), (std::vector<int64_t>{0, 1, 0, 1, 2}));
  EXPECT_THROW(both.get(5), IndexError);
  EXPECT_EQ(*ConcatDataset<Numbers>({}).size(), 0U);
}

TEST(Wrappers, RandomSplitAsPython) {
  using V = std::vector<size_t>;
  const auto seeded = [] { return hearth::detail::createCPUGenerator(42); };
  const auto parts = random_split(Numbers(10), std::vector<size_t>{3, 7}, seeded());
  EXPECT_EQ(parts[0].indices(), (V{2, 6, 1}));
  EXPECT_EQ(parts[1].indices(), (V{8, 4, 5, 0, 9, 3, 7}));
  const auto shares = random_split(Numbers(11), std::vector<double>{.3, .3, .4}, seeded());
  EXPECT_EQ(shares[0].indices(), (V{6, 8, 9, 2}));
  EXPECT_EQ(shares[1].indices(), (V{1, 10, 0}));
  EXPECT_EQ(shares[2].indices(), (V{7, 3, 5, 4}));
  EXPECT_THROW(random_split(Numbers(10), std::vector<size_t>{3, 6}), ValueError);
  EXPECT_THROW(random_split(Numbers(10), std::vector<double>{.3, .6}), ValueError);
  EXPECT_THROW(random_split(Numbers(10), std::vector<double>{1.3, -.3}), ValueError);
}

TEST(Wrappers, CacheMakesEachSampleOnce) {
  auto calls = std::make_shared<std::atomic<int>>(0);
  CachedDataset<Numbers> cached(Numbers(9, calls));
  const auto first = targets_of(cached, 3);
  EXPECT_EQ(*calls, 9);
  EXPECT_EQ(targets_of(cached, 2), first);
  EXPECT_EQ(targets_of(cached), first);
  EXPECT_EQ(*calls, 9);
  EXPECT_EQ(cached.cached(), 9U);
  EXPECT_EQ(cached.cached_bytes(), 9 * (2 * 4 + 8));
  CachedDataset<Numbers> small(Numbers(9, calls), 40);
  EXPECT_EQ(targets_of(small), first);
  EXPECT_EQ(small.cached(), 2U);
  EXPECT_EQ(*calls, 18);
}

TEST(Wrappers, SeveralTensors) {
  TensorPairDataset pair(arange(6, kFloat).view({3, 2}), tensor({5, 6, 7}));
  EXPECT_EQ(targets_of(pair, 2), (std::vector<int64_t>{5, 6, 7}));
  EXPECT_TRUE(equal(pair.get(1).data, tensor({2.0, 3.0})));
  EXPECT_THROW(pair.get(3), IndexError);
  EXPECT_THROW(TensorPairDataset(ones({3}), ones({4})), ShapeError);
  TensorListDataset list({ones({2, 1}), zeros({2}), tensor({3, 4})});
  EXPECT_EQ(list.get(1).size(), 3U);
  EXPECT_EQ(list.get(1)[2].item<int64_t>(), 4);
  EXPECT_THROW(TensorListDataset({}), ValueError);
  EXPECT_THROW(TensorListDataset({tensor(1.0)}), ShapeError);
}

TEST(Wrappers, MappedSamplesAreThoseStored) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  MappedDataset stored = MappedDataset::store(Numbers(11), path, 64);  // 4 samples of 16 bytes a file
  EXPECT_TRUE(std::ifstream(path + "/samples-00002.safetensors").good());
  EXPECT_FALSE(std::ifstream(path + "/samples-00003.safetensors").good());
  MappedDataset opened(path);
  EXPECT_EQ(*opened.size(), 11U);
  EXPECT_EQ(targets_of(opened, 2), targets_of(Numbers(11)));
  EXPECT_TRUE(equal(opened.get(9).data, full({2}, 9.0)));
  EXPECT_THROW(opened.get(11), IndexError);
  opened.get(9).data.zero_();
  EXPECT_TRUE(equal(MappedDataset(path).get(9).data, full({2}, 9.0))) << "the file is as before";
  EXPECT_THROW(MappedDataset(path + "/nowhere"), FileError);
  std::filesystem::remove(path + "/samples-00001.safetensors");
  EXPECT_THROW(MappedDataset{path}, FileError);
  EXPECT_THROW(MappedDataset::store(Numbers(0), path), ValueError);
}

/// Fibonacci numbers below 100, and as many random ones.
struct Fibonacci : IterableDataset<Fibonacci, int> {
  std::optional<int> next() override {
    if (a > 100) return std::nullopt;
    const int noise = randint(1000, {1}).item<int>() * 1000;
    const int out = a + noise;
    a = std::exchange(b, a + b);
    return out;
  }
  void reset() override {
    a = 1;
    b = 2;
  }
  int a = 1, b = 2;
};

TEST(Wrappers, IterableIsTheSameForAnyWorkersAndResumes) {
  manual_seed(6);
  const auto run = [](size_t workers) {
    auto loader = make_data_loader(Fibonacci(), DataLoaderOptions(3).workers(workers));
    std::vector<std::vector<int>> out;
    for (auto& batch : *loader) out.push_back(batch);
    return out;
  };
  const auto expected = run(0);
  ASSERT_EQ(expected.size(), 4U);
  EXPECT_EQ(expected[0][0] % 1000, 1);
  EXPECT_EQ(expected[3][0] % 1000, 89);
  EXPECT_EQ(run(1), expected);
  EXPECT_EQ(run(4), expected);
  auto loader = make_data_loader(Fibonacci(), DataLoaderOptions(3).workers(2));
  auto it = loader->begin();
  (void)*++it;
  auto other = make_data_loader(Fibonacci(), DataLoaderOptions(3).workers(4));
  other->load_state_dict(loader->state_dict());
  std::vector<std::vector<int>> rest;
  for (auto& batch : *other) rest.push_back(batch);
  EXPECT_EQ(rest, (std::vector<std::vector<int>>(expected.begin() + 2, expected.end())));
}

}  // namespace
}  // namespace hearth::data::datasets
