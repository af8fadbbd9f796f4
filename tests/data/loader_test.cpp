// What goes wrong, what is counted, and how threads begin and end.
#include "hearth/data/loader.h"

#include "data/loader_data.h"

namespace hearth::data {
namespace {

using samplers::SequentialSampler;
using transforms::Stack;
using Options = DataLoaderOptions;

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
