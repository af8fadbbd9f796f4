// The same batches, whatever the threads and wherever an epoch goes on.
#include <algorithm>

#include "data/loader_data.h"
#include "hearth/serialize.h"

namespace hearth::data {
namespace {

using samplers::RandomSampler;
using samplers::SequentialSampler;
using transforms::Stack;
using Options = DataLoaderOptions;

TEST(LoaderOrder, SameBytesForAnyWorkersAndPrefetch) {
  for (int run = 0; run < rounds(4, 100); ++run) {
    manual_seed(static_cast<uint64_t>(run));
    auto plain = make_data_loader<RandomSampler>(augmented(53), Options(8));
    plain->set_epoch(run);
    const auto expected = rest_of(*plain);
    ASSERT_EQ(expected.size(), 7U);
    for (const size_t workers : {0U, 1U, 2U, 4U, 8U}) {
      for (int i = 0; i < std::min(rounds(1, 16), 16); ++i) {  // each prefetch once
        const size_t prefetch = 1 + static_cast<size_t>(run * 5 + static_cast<int>(workers) + i) % 16;
        auto loader = make_data_loader<RandomSampler>(augmented(53), Options(8).workers(workers).max_jobs(prefetch));
        loader->set_epoch(run);
        ASSERT_EQ(rest_of(*loader), expected) << workers << " workers, " << prefetch << " batches ahead, run " << run;
      }
    }
  }
}

TEST(LoaderOrder, EveryPrefetchOnce) {
  manual_seed(7);
  const auto batches = [](size_t workers, size_t prefetch) {
    auto loader = make_data_loader<RandomSampler>(augmented(40), Options(4).workers(workers).prefetch_factor(prefetch));
    loader->set_epoch(2);
    return rest_of(*loader);
  };
  const auto expected = batches(0, 1);
  for (size_t prefetch = 1; prefetch <= 16; ++prefetch) EXPECT_EQ(batches(3, prefetch), expected) << prefetch;
  EXPECT_EQ(batches(auto_workers, 2), expected);
}

TEST(LoaderOrder, OneBatchIsMadeBySeveralWorkers) {
  auto loader = make_data_loader<SequentialSampler>(Slow().map(Stack<>()), Options(32).workers(4));
  const Example<> batch = *loader->begin();
  EXPECT_TRUE(equal(batch.data.select(1, 0), arange(32, kFloat)));
  EXPECT_GT(std::get<0>(unique_dim(batch.target, 0)).size(0), 1);
}

TEST(LoaderEpoch, SetEpochGivesTheSameHoweverOneGotThere) {
  manual_seed(11);
  auto walked = make_data_loader<RandomSampler>(augmented(20), Options(6).workers(2));
  walked->set_epoch(0);
  std::vector<std::vector<std::string>> epochs;
  for (int e = 0; e < 3; ++e) epochs.push_back(rest_of(*walked));
  EXPECT_NE(epochs[0], epochs[1]);
  EXPECT_EQ(walked->epoch(), 3);
  (void)rand({5});  // what else is drawn does not matter
  auto jumped = make_data_loader<RandomSampler>(augmented(20), Options(6));
  jumped->set_epoch(2);
  EXPECT_EQ(rest_of(*jumped), epochs[2]);
  EXPECT_THROW(jumped->set_epoch(-1), ValueError);
}

TEST(LoaderEpoch, OrdersAreThoseOfTheSamplerWithoutIt) {
  manual_seed(5);
  RandomSampler sampler(10);
  sampler.reset();
  const std::vector<size_t> expected = *sampler.next(10);
  manual_seed(5);
  auto loader = make_data_loader<RandomSampler>(Noisy(10), Options(10).workers(1));
  const auto batch = *loader->begin();
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(batch[i].target.item<int64_t>(), static_cast<int64_t>(expected[i]));
}

TEST(LoaderState, GoesOnWithExactlyTheNextBatch) {
  std::srand(3);
  for (int run = 0; run < rounds(12, 100); ++run) {
    manual_seed(static_cast<uint64_t>(run) + 100);
    const bool keyed = run % 3 == 1, own = run % 3 == 2;
    const auto options = [&](size_t workers) {
      auto o = Options(3 + static_cast<size_t>(run) % 4).workers(workers).max_jobs(1 + static_cast<size_t>(run) % 9);
      if (own) o.generator(hearth::detail::createCPUGenerator(static_cast<uint64_t>(run)));
      return o;
    };
    constexpr size_t counts[] = {0, 1, 2, 4, 8};
    auto whole = make_data_loader<RandomSampler>(augmented(61), options(counts[static_cast<size_t>(std::rand()) % 5]));
    if (keyed) whole->set_epoch(run);
    const int earlier = std::rand() % 3;
    for (int e = 0; e < earlier; ++e) rest_of(*whole);
    auto it = whole->begin();
    const auto seen = 1 + std::rand() % 8;
    for (int i = 0; i < seen; ++i) {
      ++it;
    }
    (void)*it;  // handed out: seen + 1 batches
    const IValue state = whole->state_dict();
    std::vector<std::string> expected, next_epoch;
    for (++it; it != whole->end(); ++it) expected.push_back(bytes_of(*it));
    next_epoch = rest_of(*whole);

    manual_seed(999);
    auto other = make_data_loader<RandomSampler>(augmented(61), options(counts[static_cast<size_t>(std::rand()) % 5]));
    other->load_state_dict(state);
    EXPECT_EQ(other->epoch(), whole->epoch() - 2);
    ASSERT_EQ(rest_of(*other), expected) << "run " << run;
    if (keyed || own) {
      ASSERT_EQ(rest_of(*other), next_epoch) << "the epoch after, run " << run;
    }
  }
}

TEST(LoaderState, OutlivesAFile) {
  manual_seed(1);
  auto loader = make_data_loader<RandomSampler>(augmented(30), Options(4).workers(2));
  auto it = loader->begin();
  ++it;
  (void)*it;
  serialize::OutputArchive out;
  out.write("loader", loader->state_dict());
  std::string file;
  out.save_to([&](const void* data, size_t size) {
    file.append(static_cast<const char*>(data), size);
    return size;
  });
  std::vector<std::string> expected;
  for (++it; it != loader->end(); ++it) expected.push_back(bytes_of(*it));
  serialize::InputArchive in;
  in.load_from(file.data(), file.size());
  IValue state;
  in.read("loader", state);
  auto other = make_data_loader<RandomSampler>(augmented(30), Options(4));
  other->load_state_dict(state);
  EXPECT_EQ(rest_of(*other), expected);
}

TEST(LoaderState, AtAnEpochsEndTheNextOneComes) {
  manual_seed(4);
  auto loader = make_data_loader<RandomSampler>(augmented(10), Options(4));
  loader->set_epoch(0);
  rest_of(*loader);
  const IValue state = loader->state_dict();
  const auto expected = rest_of(*loader);
  auto other = make_data_loader<RandomSampler>(augmented(10), Options(4).workers(2));
  other->load_state_dict(state);
  EXPECT_EQ(other->epoch(), 1);
  EXPECT_EQ(rest_of(*other), expected);
  other->load_state_dict(state);
  other->set_epoch(0);  // another epoch than the state's: it is forgotten
  EXPECT_EQ(rest_of(*other).size(), 3U);
  EXPECT_EQ(other->epoch(), 1);
}

TEST(LoaderState, RefusesWhatDoesNotFit) {
  auto loader = make_data_loader<RandomSampler>(Noisy(10), Options(4));
  const IValue state = loader->state_dict();
  EXPECT_THROW(make_data_loader<RandomSampler>(Noisy(10), Options(5))->load_state_dict(state), ValueError);
  EXPECT_THROW(make_data_loader<RandomSampler>(Noisy(11), Options(4))->load_state_dict(state), ValueError);
  EXPECT_THROW(loader->load_state_dict(IValue(IValue::Dict())), ValueError);
  const auto with = [&](const char* key, IValue value) {
    IValue changed = state;
    for (auto& [name, entry] : changed.toGenericDict())
      if (name.toStringRef() == key) entry = value;
    return changed;
  };
  EXPECT_THROW(loader->load_state_dict(with("version", 2)), ValueError);
  EXPECT_THROW(loader->load_state_dict(with("delivered", -1)), ValueError);
  EXPECT_THROW(loader->load_state_dict(with("epoch", 1.5)), TypeError);
  EXPECT_THROW(loader->load_state_dict(with("generator", zeros({7}, kByte))), ValueError);
  auto loose = make_data_loader<SequentialSampler>(Noisy(10), Options(4).workers(2).enforce_ordering(false));
  (void)*loose->begin();
  EXPECT_THROW(loose->state_dict(), ValueError);
}

/// Samples that are cheap, so that the loop's own thread makes them, but for the last three batches of 4.
struct Slowing : datasets::Dataset<Slowing> {
  Example<> get(size_t index) override {
    if (index >= 116) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return {full({2}, static_cast<double>(index)), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return 128; }
};

// Also run on one processor (ctest's data_one_processor), where nobody else was awake to go on.
TEST(LoaderOrder, WorkersGoOnWhereTheLoopStopsHelping) {
  for (int round = 0; round < 3; ++round) {
    auto loader = make_data_loader(Slowing().map(transforms::Stack<>()), samplers::SequentialSampler(128),
                                   DataLoaderOptions(4).workers(2));
    int64_t next = 0;
    for (const auto& batch : *loader)
      for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(batch.target[i].item<int64_t>(), next++);
    EXPECT_EQ(next, 128);
  }
}

}  // namespace
}  // namespace hearth::data
