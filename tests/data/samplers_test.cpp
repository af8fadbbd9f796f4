#include "hearth/data/samplers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <sstream>

#include "hearth/data.h"
#include "hearth/hearth.h"
#include "hearth/serialize.h"

namespace hearth::data::samplers {
namespace {

using Indices = std::vector<size_t>;

Generator seeded(uint64_t seed) { return hearth::detail::createCPUGenerator(seed); }

template <class S>
Indices epoch(S sampler, size_t batch_size = 5) {
  sampler.reset(std::nullopt);
  Indices all;
  while (const auto batch = sampler.next(batch_size)) all.insert(all.end(), batch->begin(), batch->end());
  return all;
}

template <class S>
std::vector<Indices> batches(S& sampler, size_t batch_size = 1) {
  sampler.reset(std::nullopt);
  std::vector<Indices> all;
  while (auto batch = sampler.next(batch_size)) all.push_back(*batch);
  return all;
}

// The expected numbers are those of torch.utils.data 1.13 with torch.Generator().manual_seed(3).
TEST(PythonSamplers, DrawWhatPythonDraws) {
  EXPECT_EQ(epoch(RandomDrawSampler(10, true, 40, seeded(3))),
            (Indices{6, 8, 7, 7, 0, 0, 0, 5, 1, 9, 4, 1, 5, 9, 6, 9, 5, 4, 0, 4,
                     6, 9, 1, 6, 2, 8, 7, 4, 4, 0, 0, 1, 4, 3, 9, 2, 3, 0, 2, 1}));
  EXPECT_EQ(epoch(RandomDrawSampler(4, false, 10, seeded(3))), (Indices{2, 3, 1, 0, 3, 2, 1, 0, 0, 3}));
  EXPECT_EQ(epoch(RandomDrawSampler(6, false, std::nullopt, seeded(3))), (Indices{4, 0, 3, 2, 1, 5}));
  EXPECT_EQ(epoch(WeightedRandomSampler({.1, .2, .0, .7}, 12, true, seeded(3))),
            (Indices{0, 1, 3, 1, 3, 3, 1, 3, 3, 3, 1, 3}));
  EXPECT_EQ(epoch(WeightedRandomSampler({.1, .2, .4, .7}, 3, false, seeded(3))), (Indices{3, 0, 1}));
  EXPECT_EQ(epoch(SubsetRandomSampler({5, 7, 9, 11}, seeded(3))), (Indices{9, 11, 7, 5}));
  ReplicaSampler shuffled(10, 3, 2, true, 7), dropping(10, 3, 1, true, 7, true), tiny(2, 5, 4, true, 7);
  EXPECT_EQ(epoch(shuffled), (Indices{3, 7, 8, 0}));
  dropping.set_epoch(4);
  EXPECT_EQ(epoch(dropping), (Indices{7, 9, 6}));
  tiny.set_epoch(1);
  EXPECT_EQ(epoch(tiny), (Indices{1}));
  EXPECT_EQ(epoch(ReplicaSampler(10, 3, 2, false, 7)), (Indices{2, 5, 8, 1}));
  EXPECT_EQ(epoch(ReplicaSampler(10, 3, 0, false, 7, true)), (Indices{0, 3, 6}));
}

TEST(PythonSamplers, BatchesOfTheirOwnSize) {
  BatchSampler keeping(SequentialSampler(7), 3);
  EXPECT_EQ(batches(keeping), (std::vector<Indices>{{0, 1, 2}, {3, 4, 5}, {6}}));
  BatchSampler dropping(SequentialSampler(7), 3, true);
  EXPECT_EQ(batches(dropping), (std::vector<Indices>{{0, 1, 2}, {3, 4, 5}}));
}

TEST(PythonSamplers, RefuseNonsense) {
  EXPECT_THROW(RandomDrawSampler(3, true, 0), ValueError);
  EXPECT_THROW(WeightedRandomSampler({}, 3), ValueError);
  EXPECT_THROW(WeightedRandomSampler({0, 0}, 3), ValueError);
  EXPECT_THROW(WeightedRandomSampler({1, -1}, 3), ValueError);
  EXPECT_THROW(WeightedRandomSampler({1, std::nan("")}, 3), ValueError);
  EXPECT_THROW(WeightedRandomSampler({1, 0, 1}, 3, false), ValueError);
  EXPECT_THROW(ReplicaSampler(3, 2, 2), ValueError);
  EXPECT_THROW(BatchSampler(SequentialSampler(3), 0), ValueError);
  EXPECT_THROW(TokenBudgetSampler({3, 9, 2}, 8), ValueError);
  EXPECT_THROW(TokenBudgetSampler({3, -1}, 8), ValueError);
  EXPECT_THROW(LengthBucketSampler({1}, LengthBucketOptions(0)), ValueError);
  EXPECT_THROW(LengthBucketSampler({1}, LengthBucketOptions(2).boundaries({5, 5})), ValueError);
  EXPECT_THROW(GrowingBatchSampler(5, GrowingBatchOptions(2).factor(0.5)), ValueError);
  EXPECT_THROW(SubsetRandomSampler({1, 2}).reset(3), ValueError);
}

std::vector<int64_t> random_lengths(size_t n) {
  Generator generator = seeded(1);
  const Tensor drawn = randint(1, 100, {static_cast<int64_t>(n)}, generator);
  return {drawn.data_ptr<int64_t>(), drawn.data_ptr<int64_t>() + n};
}

void each_once(const std::vector<Indices>& all, size_t n) {
  std::set<size_t> seen;
  size_t count = 0;
  for (const Indices& batch : all) {
    seen.insert(batch.begin(), batch.end());
    count += batch.size();
  }
  EXPECT_EQ(seen.size(), n);
  EXPECT_EQ(count, n);
}

TEST(TokenBudget, IsKeptAndUsed) {
  const std::vector<int64_t> costs = random_lengths(500);
  for (const bool padded : {true, false})
    for (const size_t window : {0U, 100U}) {
      manual_seed(2);
      TokenBudgetSampler sampler(costs, TokenBudgetOptions(400).padded(padded).sort_window(window));
      const auto all = batches(sampler);
      each_once(all, 500);
      EXPECT_EQ(sampler.batches(), all.size());
      int64_t paid = 0;
      for (const Indices& batch : all) {
        int64_t sum = 0, most = 0;
        for (const size_t i : batch) {
          sum += costs[i];
          most = std::max(most, costs[i]);
        }
        const int64_t cost = padded ? most * static_cast<int64_t>(batch.size()) : sum;
        EXPECT_LE(cost, 400);
        paid += cost;
      }
      EXPECT_GT(paid, 400 * static_cast<int64_t>(all.size()) * 7 / 10) << "batches are mostly full";
      if (padded && window > 0) {
        TokenBudgetSampler unsorted(costs, TokenBudgetOptions(400));
        EXPECT_LT(all.size() * 5, batches(unsorted).size() * 4) << "sorting saves padding";
      }
    }
  TokenBudgetSampler few(costs, TokenBudgetOptions(1000).max_samples(3).shuffle(false));
  EXPECT_EQ(batches(few)[1], (Indices{3, 4, 5}));
  TokenBudgetSampler free_ones(std::vector<int64_t>(10, 0), TokenBudgetOptions(0).shuffle(false));
  EXPECT_EQ(batches(free_ones).size(), 1U);
}

TEST(LengthBuckets, BatchesAreAlike) {
  const std::vector<int64_t> lengths = random_lengths(203);
  manual_seed(4);
  LengthBucketSampler sampler(lengths, LengthBucketOptions(8).boundaries({25, 50, 75}));
  const auto all = batches(sampler);
  each_once(all, 203);
  std::vector<size_t> first_buckets;
  for (const Indices& batch : all) {
    const auto bucket = [&](size_t i) {
      return lengths[i] <= 25 ? 0U : lengths[i] <= 50 ? 1U : lengths[i] <= 75 ? 2U : 3U;
    };
    for (const size_t i : batch) {
      EXPECT_EQ(bucket(i), bucket(batch[0]));
      EXPECT_EQ(sampler.buckets()[i], bucket(i));
    }
    first_buckets.push_back(bucket(batch[0]));
  }
  EXPECT_FALSE(std::is_sorted(first_buckets.begin(), first_buckets.end()));
  LengthBucketSampler equal(lengths, LengthBucketOptions(10).buckets(5).drop_last(true));
  for (const Indices& batch : batches(equal)) EXPECT_EQ(batch.size(), 10U);
  std::vector<size_t> sizes(5);
  for (const size_t b : equal.buckets()) ++sizes[b];
  for (const size_t size : sizes) EXPECT_NEAR(static_cast<double>(size), 203.0 / 5, 1);
}

TEST(GrowingBatches, GrowWithTheEpochOfTheLoader) {
  struct Numbers : datasets::Dataset<Numbers, int64_t> {
    int64_t get(size_t index) override { return static_cast<int64_t>(index); }
    std::optional<size_t> size() const override { return 20; }
  };
  const auto make = [](size_t workers) {
    return make_data_loader(Numbers(), GrowingBatchSampler(20, GrowingBatchOptions(2).every(2).most(7)),
                            DataLoaderOptions().workers(workers));
  };
  auto loader = make(0);
  std::vector<size_t> sizes;
  for (int e = 0; e < 6; ++e) sizes.push_back((*loader->begin()).size());
  EXPECT_EQ(sizes, (std::vector<size_t>{2, 2, 4, 4, 7, 7}));
  const IValue state = loader->state_dict();  // in epoch 5, one batch taken
  auto it = loader->begin();
  (void)it;
  auto other = make(2);
  other->load_state_dict(state);
  EXPECT_EQ((*other->begin()).size(), 7U) << "a resumed epoch has its own size";
  other->set_epoch(2);
  EXPECT_EQ((*other->begin()).size(), 4U);
}

/// All that a sampler of one's own takes.
struct Evens : Sampler<> {
  void reset(std::optional<size_t>) override { at = 0; }
  std::optional<Indices> next(size_t) override {
    if (at >= 6) return std::nullopt;
    at += 2;
    return Indices{at - 2};
  }
  size_t at = 0;
};

TEST(OwnSamplers, AreSmall) {
  EXPECT_EQ(epoch(Evens()), (Indices{0, 2, 4}));
  serialize::OutputArchive archive;
  EXPECT_THROW(Evens().save(archive), NotImplementedError);
}

template <class S>
void goes_on_after_save(S sampler, S other) {
  sampler.reset(std::nullopt);
  (void)sampler.next(3);
  serialize::OutputArchive out;
  out << sampler;
  std::stringstream file;
  out.save_to(file);
  serialize::InputArchive in;
  in.load_from(file);
  in >> other;
  EXPECT_EQ(*sampler.next(2), *other.next(2));
  EXPECT_EQ(sampler.next(100), other.next(100));
}

TEST(PythonSamplers, GoOnAfterSaveAndLoad) {
  goes_on_after_save(RandomDrawSampler(20, true), RandomDrawSampler(20, true));
  goes_on_after_save(SubsetRandomSampler({4, 5, 6, 7, 8, 9}), SubsetRandomSampler({}));
  goes_on_after_save(TokenBudgetSampler(random_lengths(50), 200), TokenBudgetSampler({}, 200));
  goes_on_after_save(BatchSampler(RandomSampler(9), 2), BatchSampler(RandomSampler(9), 2));
}

}  // namespace
}  // namespace hearth::data::samplers
