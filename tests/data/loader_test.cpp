#include "hearth/data/loader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "hearth/data.h"
#include "hearth/hearth.h"
#include "hearth/serialize.h"

namespace hearth::data {
namespace {

using samplers::RandomSampler;
using samplers::SequentialSampler;
using transforms::Stack;
using Options = DataLoaderOptions;

/// Samples with noise of their own, drawn from whatever is the default generator.
struct Noisy : datasets::Dataset<Noisy> {
  explicit Noisy(size_t n) : count(n) {}
  Example<> get(size_t index) override {
    return {full({3}, static_cast<double>(index)) + rand({3}), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return count; }
  size_t count;
};

/// A random transform of each sample, then one of the whole batch.
auto augmented(size_t n) {
  return Noisy(n)
      .map(transforms::TensorLambda<>([](Tensor x) { return x * (1 + rand({1})); }))
      .map(Stack<>())
      .map(transforms::BatchLambda<Example<>>([](Example<> e) {
        e.data = e.data + randn_like(e.data);
        return e;
      }));
}

/// A batch's bytes.
std::string bytes_of(const Example<>& batch) {
  const auto text = [](const Tensor& t) {
    return std::string(static_cast<const char*>(t.data_ptr()),
                       static_cast<size_t>(t.numel() * static_cast<int64_t>(t.element_size())));
  };
  return text(batch.data) + text(batch.target);
}

template <class Loader>
std::vector<std::string> rest_of(Loader& loader) {
  std::vector<std::string> out;
  for (auto& batch : loader) out.push_back(bytes_of(batch));
  return out;
}

/// How often the long tests go round: HEARTH_LONG_TESTS asks for the counts that were promised.
int rounds(int usual, int all) { return std::getenv("HEARTH_LONG_TESTS") ? all : usual; }

TEST(LoaderOrder, SameBytesForAnyWorkersAndPrefetch) {
  for (int run = 0; run < rounds(4, 100); ++run) {
    manual_seed(static_cast<uint64_t>(run));
    auto plain = make_data_loader<RandomSampler>(augmented(53), Options(8));
    plain->set_epoch(run);
    const auto expected = rest_of(*plain);
    ASSERT_EQ(expected.size(), 7U);
    for (const size_t workers : {0U, 1U, 2U, 4U, 8U}) {
      const size_t prefetch = 1 + static_cast<size_t>(run * 5 + static_cast<int>(workers)) % 16;
      auto loader = make_data_loader<RandomSampler>(augmented(53), Options(8).workers(workers).max_jobs(prefetch));
      loader->set_epoch(run);
      ASSERT_EQ(rest_of(*loader), expected) << workers << " workers, " << prefetch << " batches ahead, run " << run;
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

/// Samples that take a while are handed out in parts: several workers are at one batch.
struct Slow : datasets::Dataset<Slow> {
  Example<> get(size_t index) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const auto worker = static_cast<int64_t>(std::hash<std::thread::id>()(std::this_thread::get_id()) >> 1);
    return {full({2}, static_cast<double>(index)), tensor(worker)};
  }
  std::optional<size_t> size() const override { return 32; }
};

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

/// Samples divisible by 5 (and not 0) are damaged.
struct Damaged : datasets::Dataset<Damaged> {
  Example<> get(size_t index) override {
    if (index % 5 == 0 && index > 0)
      throw FileError("[images] picture-" + std::to_string(index) + ".jpg is cut short",
                      "picture-" + std::to_string(index) + ".jpg", 17);
    return {full({2}, static_cast<double>(index)), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return 24; }
};

TEST(LoaderErrors, NameSampleAndFileOnce) {
  for (const size_t workers : {1U, 2U, 4U}) {
    auto loader = make_data_loader<SequentialSampler>(Damaged().map(Stack<>()), Options(4).workers(workers));
    std::vector<size_t> failed;
    int64_t good = 0;
    auto it = loader->begin();
    while (true) try {
        if (it == loader->end()) break;
        good += (*it).target.size(0);
        ++it;
      } catch (const WorkerException& e) {
        failed.push_back(e.sample_index.value_or(999));
        EXPECT_EQ(e.file, "picture-" + std::to_string(failed.back()) + ".jpg");
        EXPECT_NE(e.message.find("sample " + std::to_string(failed.back()) + " of batch"), std::string::npos);
      }
    EXPECT_EQ(failed, (std::vector<size_t>{5, 10, 15, 20}));
    EXPECT_EQ(good, 8);
  }
  auto here = make_data_loader<SequentialSampler>(Damaged().map(Stack<>()), Options(6));
  try {
    (void)*here->begin();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const FileError& e) {
    EXPECT_EQ(e.context(), "sample 5 of batch 0");
  }
}

TEST(LoaderErrors, BadSamplesAreLeftOutUpToABudget) {
  std::vector<std::string> expected;
  for (const size_t workers : {0U, 1U, 3U}) {
    auto loader =
        make_data_loader<SequentialSampler>(Damaged().map(Stack<>()), Options(5).workers(workers).skip_bad_samples(4));
    const auto batches = rest_of(*loader);
    if (workers == 0) expected = batches;
    EXPECT_EQ(batches, expected);
    const LoaderStats stats = loader->stats();
    EXPECT_EQ(stats.bad_samples, 4);
    EXPECT_EQ(stats.samples, 20);
    ASSERT_EQ(stats.bad.size(), 4U);
    EXPECT_EQ(stats.bad[1].index, 10U);
    EXPECT_EQ(stats.bad[1].file, "picture-10.jpg");
    EXPECT_EQ(rest_of(*loader).size(), 5U) << "the budget is an epoch's";
    auto strict =
        make_data_loader<SequentialSampler>(Damaged().map(Stack<>()), Options(5).workers(workers).skip_bad_samples(3));
    std::string said;
    try {
      rest_of(*strict);
    } catch (const Error& e) {
      said = e.what();
    }
    EXPECT_NE(said.find("picture-20.jpg"), std::string::npos) << said;
  }
}

struct AllBad : datasets::Dataset<AllBad> {
  Example<> get(size_t index) override {
    if (index < 8) throw std::runtime_error("bad");
    return {tensor(1.0), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return 12; }
};

TEST(LoaderErrors, ABatchWithNothingLeftIsPassedOver) {
  for (const size_t workers : {0U, 2U}) {
    auto loader =
        make_data_loader<SequentialSampler>(AllBad().map(Stack<>()), Options(4).workers(workers).skip_bad_samples(8));
    EXPECT_EQ(rest_of(*loader).size(), 1U);
    EXPECT_EQ(loader->stats().bad_samples, 8);
  }
}

struct Stuck : datasets::Dataset<Stuck> {
  Example<> get(size_t index) override {
    if (index == 6) std::this_thread::sleep_for(std::chrono::milliseconds(400));
    return {tensor(1.0), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return 8; }
};

TEST(LoaderErrors, ATimeoutNamesTheSample) {
  auto loader = make_data_loader<SequentialSampler>(Stuck().map(Stack<>()),
                                                    Options(4).workers(2).timeout(std::chrono::milliseconds(50)));
  auto it = loader->begin();
  (void)*it;
  ++it;
  try {
    (void)*it;
    ADD_FAILURE() << "nothing was thrown";
  } catch (const TimeoutError& e) {
    EXPECT_EQ(e.sample_index, 6U) << e.what();
    EXPECT_NE(std::string(e.what()).find("sample 6 of batch 1"), std::string::npos) << e.what();
  }
}

TEST(LoaderStatistics, SayWhereTheTimeGoes) {
  auto dataset = Slow()
                     .map(transforms::TensorLambda<>([](Tensor x) {
                       const TimedStage stage("dreaming");
                       std::this_thread::sleep_for(std::chrono::milliseconds(5));
                       return x;
                     }))
                     .map(Stack<>());
  for (const size_t workers : {0U, 2U}) {
    auto loader = make_data_loader<SequentialSampler>(dataset, Options(8).workers(workers));
    for (auto& batch : *loader) (void)batch;
    const LoaderStats stats = loader->stats();
    EXPECT_EQ(stats.batches, 4);
    EXPECT_EQ(stats.samples, 32);
    EXPECT_EQ(stats.bytes, 32 * (2 * 4 + 8));
    EXPECT_GT(stats.wait_share(), 0.8);
    EXPECT_LE(stats.wait_seconds, stats.loop_seconds);
    EXPECT_GT(stats.worker_utilisation(), 0.4);
    EXPECT_LE(stats.worker_utilisation(), 1.01);
    ASSERT_GE(stats.stages.size(), 2U);
    EXPECT_EQ(stats.stages[0].name, "dreaming");
    EXPECT_EQ(stats.stages[1].name, "Slow");
    double all = 0;
    for (const StageTime& stage : stats.stages) all += stage.seconds;
    EXPECT_NEAR(all, stats.busy_seconds, 0.02 * stats.busy_seconds);
    EXPECT_NE(stats.verdict().find(": dreaming ("), std::string::npos) << stats.verdict();
    EXPECT_EQ(stats.verdict().rfind("data-bound ", 0), 0U) << stats.verdict();
    loader->reset_stats();
    EXPECT_EQ(loader->stats().batches, 0);
  }
}

TEST(LoaderStatistics, ABusyLoopIsNotDataBound) {
  auto loader = make_data_loader<SequentialSampler>(Noisy(40).map(Stack<>()), Options(4).workers(1));
  for (auto& batch : *loader) {
    (void)batch;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LT(loader->stats().wait_share(), 0.3);
}

TEST(LoaderThreads, AutoWorkersGrowWhileTheLoopWaits) {
  auto loader = make_data_loader<SequentialSampler>(datasets::make_shared_dataset<Slow>().map(Stack<>()),
                                                    Options(2).workers(auto_workers));
  EXPECT_EQ(loader->options().workers, std::max(1U, std::thread::hardware_concurrency()));
  EXPECT_EQ(loader->stats().workers, 1U);
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < std::chrono::seconds(2) && loader->stats().workers < 2) {
    for (auto& batch : *loader) (void)batch;
  }
  if (std::thread::hardware_concurrency() > 1) {
    EXPECT_GE(loader->stats().workers, 2U);
  }
}

TEST(LoaderThreads, NewOnesEachEpochIfNotPersistent) {
  manual_seed(8);
  auto loader = make_data_loader<SequentialSampler>(augmented(20), Options(4).workers(2).persistent_workers(false));
  auto kept = make_data_loader<SequentialSampler>(augmented(20), Options(4).workers(2));
  for (int e = 0; e < 3; ++e) {
    EXPECT_EQ(rest_of(*loader), rest_of(*kept));
    (void)*loader->begin();  // left early
    (void)*kept->begin();
  }
}

/// One that must not be copied, or one that need not.
struct Pinned : datasets::Dataset<Pinned> {
  Pinned() = default;
  Pinned(Pinned&&) = default;
  Pinned(const Pinned&) = delete;
  Example<> get(size_t index) override { return {tensor(1.0), tensor(static_cast<int64_t>(index))}; }
  std::optional<size_t> size() const override { return 9; }
};
struct PinnedSafe : Pinned {
  static constexpr bool is_thread_safe = true;
};

TEST(LoaderThreads, ShareADatasetThatSaysItIsSafe) {
  EXPECT_THROW(make_data_loader<SequentialSampler>(Pinned(), Options(2).workers(2)), ValueError);
  auto loader = make_data_loader<SequentialSampler>(PinnedSafe(), Options(2).workers(2));
  size_t seen = 0;
  for (auto& batch : *loader) seen += batch.size();
  EXPECT_EQ(seen, 9U);
}

TEST(LoaderThreads, SurviveAnyEnd) {
  const int cycles = rounds(2000, 100000);
  for (int i = 0; i < cycles; ++i) {
    const auto workers = static_cast<size_t>(i % 4);
    auto loader = make_data_loader<SequentialSampler>(
        Damaged().map(Stack<>()), Options(3).workers(workers).max_jobs(1 + static_cast<size_t>(i % 5)));
    if (i % 7 == 0) continue;  // never used
    const int most = i % 10;
    int taken = 0, thrown = 0;
    auto it = loader->begin();
    while (taken < most) try {
        if (it == loader->end()) break;
        ++it;
        ++taken;
      } catch (const Error&) {
        ++thrown;
      }
    EXPECT_LE(thrown, 4);
    if (i % 3 == 0) (void)loader->begin();
    if (i % 11 == 0) loader->join();
  }
}

TEST(LoaderIterators, EndWithTheirEpoch) {
  auto loader = make_data_loader<SequentialSampler>(Noisy(4), Options(2));
  auto old = loader->begin();
  auto current = loader->begin();
  EXPECT_TRUE(old == loader->end());
  EXPECT_TRUE(current != loader->end());
  ++current;
  ++current;
  EXPECT_TRUE(current == loader->end());
  EXPECT_THROW(*current, ValueError);
  EXPECT_THROW(++current, ValueError);
}

}  // namespace
}  // namespace hearth::data
