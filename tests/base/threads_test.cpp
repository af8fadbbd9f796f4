#include "base/threads.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hearth/error.h"

namespace hearth {
namespace {

class Threads : public testing::Test {
 protected:
  void TearDown() override { set_num_threads(before_); }
  const int before_ = get_num_threads();
};

TEST(Cut, CoversEverythingOnceInChunksOfAtLeastTheGrain) {
  for (const int64_t n : {0, 1, 2, 7, 100, 999, 1000, 1001, 4096, 100'000, 12'345'678}) {
    for (const int64_t grain : {-1, 0, 1, 3, 500, 1000, 100'000}) {
      const Chunks chunks = cut(n, grain);
      EXPECT_LE(chunks.count, kMaxChunks);
      EXPECT_EQ(chunks.count == 0, n == 0);
      if (n == 0) continue;
      EXPECT_GE(chunks.count * chunks.size, n);
      EXPECT_LT((chunks.count - 1) * chunks.size, n);
      EXPECT_TRUE(chunks.count == 1 || chunks.size >= grain);
      EXPECT_TRUE(n >= 2 * grain || chunks.count == 1);
    }
  }
  EXPECT_EQ(cut(64, 1).count, 64);
  EXPECT_EQ(cut(3, 1).count, 2);
  EXPECT_EQ(cut(int64_t{1} << 40, 1).count, kMaxChunks);
}

TEST(Cut, GrainFollowsTheCost) {
  EXPECT_EQ(grain_for(1.0), 15000);
  EXPECT_EQ(grain_for(0.25), 60000);
  EXPECT_EQ(grain_for(1e6), 1);
  EXPECT_EQ(grain_for(0.0), int64_t{1'000'000'000'000});
}

TEST_F(Threads, EachItemOnceOnAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3, 8}) {
    set_num_threads(threads);
    EXPECT_EQ(get_num_threads(), threads);
    std::vector<std::atomic<int>> seen(10'000);
    for (int repeat = 0; repeat < 20; ++repeat) {
      parallel_for(0, 10'000, 10, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) seen[static_cast<size_t>(i)].fetch_add(1, std::memory_order_relaxed);
      });
    }
    for (const auto& count : seen) ASSERT_EQ(count.load(), 20);
  }
}

TEST_F(Threads, ChunksDoNotDependOnTheThreads) {
  const auto bounds = [](int threads) {
    set_num_threads(threads);
    std::vector<std::pair<int64_t, int64_t>> result(static_cast<size_t>(cut(100'003, 100).count));
    parallel_chunks(cut(100'003, 100), [&](int64_t chunk, int64_t begin, int64_t end) {
      result[static_cast<size_t>(chunk)] = {begin, end};
    });
    return result;
  };
  const auto one = bounds(1);
  EXPECT_EQ(one.front().first, 0);
  EXPECT_EQ(one.back().second, 100'003);
  for (size_t i = 1; i < one.size(); ++i) EXPECT_EQ(one[i].first, one[i - 1].second);
  EXPECT_EQ(bounds(2), one);
  EXPECT_EQ(bounds(7), one);
}

TEST_F(Threads, SmallWorkIsOnePlainCall) {
  set_num_threads(4);
  int calls = 0;
  const auto caller = std::this_thread::get_id();
  parallel_for(5, 24, 10, [&](int64_t begin, int64_t end) {
    ++calls;
    EXPECT_EQ(begin, 5);
    EXPECT_EQ(end, 24);
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_FALSE(in_parallel_region());
  });
  EXPECT_EQ(calls, 1);
  parallel_for(5, 5, 1, [](int64_t, int64_t) { FAIL() << "empty range"; });
  parallel_for(5, 3, 1, [](int64_t, int64_t) { FAIL() << "reversed range"; });
}

TEST_F(Threads, WorkersTakePart) {
  set_num_threads(2);
  std::atomic<int> arrived{0};  // both chunks must be under way at once for either to end
  parallel_for(0, 2, 1, [&](int64_t, int64_t) {
    ++arrived;
    while (arrived.load() < 2) std::this_thread::yield();
  });
  EXPECT_EQ(arrived.load(), 2);
}

TEST_F(Threads, SleepingWorkersWake) {
  set_num_threads(4);
  for (int repeat = 0; repeat < 5; ++repeat) {
    std::atomic<int> arrived{0};
    parallel_for(0, 4, 1, [&](int64_t, int64_t) {
      ++arrived;
      while (arrived.load() < 4) std::this_thread::yield();
    });
    usleep(5000);  // long past the spinning
  }
}

TEST_F(Threads, NestedRegionsRunInline) {
  set_num_threads(3);
  std::atomic<int64_t> sum{0};
  EXPECT_FALSE(in_parallel_region());
  parallel_for(0, 16, 1, [&](int64_t begin, int64_t end) {
    EXPECT_TRUE(in_parallel_region());
    const auto outer = std::this_thread::get_id();
    for (int64_t i = begin; i < end; ++i) {
      parallel_for(0, 100, 1, [&](int64_t from, int64_t to) {
        EXPECT_EQ(std::this_thread::get_id(), outer);
        for (int64_t j = from; j < to; ++j) sum += j;
      });
    }
  });
  EXPECT_FALSE(in_parallel_region());
  EXPECT_EQ(sum.load(), 16 * 4950);
}

TEST_F(Threads, InlineGuardKeepsTheThread) {
  set_num_threads(4);
  const auto caller = std::this_thread::get_id();
  const InlineParallelGuard guard;
  parallel_for(0, 64, 1, [&](int64_t, int64_t) {
    usleep(100);  // long enough for a worker to come
    EXPECT_EQ(std::this_thread::get_id(), caller);
  });
}

TEST_F(Threads, AnExceptionKeepsFurtherChunksFromStarting) {
  set_num_threads(3);
  std::atomic<int> started{0};
  const auto call = [](void* ctx, int64_t chunk) {
    ++*static_cast<std::atomic<int>*>(ctx);
    if (chunk == 0) throw std::runtime_error("first");
    usleep(100);
  };
  EXPECT_THROW(run_chunks(2000, call, &started), std::runtime_error);
  EXPECT_LT(started.load(), 1000);
}

TEST_F(Threads, TheFirstExceptionInChunkOrderArrives) {
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    for (int repeat = 0; repeat < 50; ++repeat) {
      std::atomic<int> running{0};
      std::string message;
      try {
        parallel_for(0, 64, 1, [&](int64_t begin, int64_t) {
          ++running;
          if (begin % 8 == 5) {
            --running;
            throw std::runtime_error("chunk " + std::to_string(begin));
          }
          --running;
        });
      } catch (const std::runtime_error& error) {
        message = error.what();
      }
      EXPECT_EQ(running.load(), 0);
      ASSERT_EQ(message, "chunk 5");
    }
    int64_t total = 0;  // and the pool works on
    parallel_for(0, 1, 1, [&](int64_t, int64_t) { ++total; });
    EXPECT_EQ(total, 1);
  }
}

TEST_F(Threads, ManyCallersAtOnce) {
  set_num_threads(4);
  std::vector<std::thread> callers;
  std::atomic<int64_t> total{0};
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      for (int repeat = 0; repeat < 300; ++repeat) {
        std::vector<int64_t> partials(static_cast<size_t>(cut(1000, 10).count));
        parallel_chunks(cut(1000, 10), [&](int64_t chunk, int64_t begin, int64_t end) {
          partials[static_cast<size_t>(chunk)] = end - begin;
        });
        total += std::accumulate(partials.begin(), partials.end(), int64_t{0});
        if (repeat % 50 == caller) set_num_threads(1 + repeat % 5);
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(total.load(), 4 * 300 * 1000);
}

std::atomic<int> hooks_run{0};

TEST_F(Threads, HookRunsOncePerThread) {
  set_num_threads(3);
  const auto run = [] {
    std::atomic<int> arrived{0};
    parallel_for(0, 3, 1, [&](int64_t, int64_t) {
      ++arrived;
      while (arrived.load() < 2) std::this_thread::yield();
    });
  };
  run();
  hooks_run = 0;
  set_thread_start_hook([] { ++hooks_run; });
  std::thread other([&] {
    prepare_thread();
    prepare_thread();
    init_num_threads();
  });
  other.join();
  EXPECT_EQ(hooks_run.load(), 1);
  for (int repeat = 0; repeat < 10; ++repeat) run();
  EXPECT_GE(hooks_run.load(), 3);  // this thread and a worker at least
  EXPECT_LE(hooks_run.load(), 8);
  set_thread_start_hook(nullptr);
}

TEST_F(Threads, AForkedChildHasAPoolOfItsOwn) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the thread sanitizer does not follow a fork of many threads";
#endif
  set_num_threads(2);
  const auto meet = [] {
    std::atomic<int> arrived{0};
    parallel_for(0, 2, 1, [&](int64_t, int64_t) {
      ++arrived;
      while (arrived.load() < 2) std::this_thread::yield();
    });
  };
  meet();
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    meet();
    _exit(7);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  meet();
}

TEST_F(Threads, BadSettings) {
  EXPECT_THROW(set_num_threads(0), ValueError);
  EXPECT_THROW(set_num_threads(-3), ValueError);
  EXPECT_THROW(set_num_interop_threads(0), ValueError);
  const int before = get_num_interop_threads();
  set_num_interop_threads(before + 1);
  EXPECT_EQ(get_num_interop_threads(), before + 1);
  set_num_interop_threads(before);
  set_num_threads(100'000);
  EXPECT_EQ(get_num_threads(), 100'000);
}

}  // namespace
}  // namespace hearth
