#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "hearth/data/pipeline.h"

namespace hearth::data::detail {

inline int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Times the stages of one worker: laps since start(), less what TimedStages took for themselves.
class StageClock {
 public:
  explicit StageClock(size_t stages) : laps(stages) {}
  void start() {
    last_ = now_ns();
    inner = 0;
  }
  void lap(size_t stage) {
    const int64_t now = now_ns();
    laps[stage] += now - last_ - inner;
    inner = 0;
    last_ = now;
  }
  std::vector<int64_t> laps;                           // nanoseconds by stage
  std::vector<std::pair<const char*, int64_t>> named;  // and of TimedStages
  int64_t inner = 0;                                   // taken by TimedStages since the last lap

 private:
  int64_t last_ = 0;
};

/// A sample that threw, by its place in the batch.
struct LeftOut {
  size_t place;
  std::optional<uint64_t> index;
  std::exception_ptr error;
};

constexpr uint64_t kNoSample = static_cast<uint64_t>(-1);

/// Which samples a batch is made of: these, or, of a stateful dataset, the ones from `first` on in the order of its
/// epoch. None: not known.
struct AskedSamples {
  const size_t* indices = nullptr;
  uint64_t first = 0;
  size_t count = 0;
};

struct Turns;  // loader_impl.h

/// A thread that makes batches (the loop's own where a loader has no workers), and what it is at.
struct Worker {
  explicit Worker(size_t stages) : generator(hearth::detail::createCPUGenerator()), clock(stages) {}
  void enter_batch(uint64_t batch) {
    // Batches and samples must not share streams: batches take the odd epochs' place, samples the even ones'.
    generator.unsafeGetGeneratorImpl()->set_stream(seed, 2 * epoch + 1, batch);
    sample.store(kNoSample, std::memory_order_relaxed);
    number.store(batch, std::memory_order_relaxed);
    asked = {};
    steps = 0;
  }
  void enter_sample(uint64_t index, uint64_t drawn = 0) {
    generator.unsafeGetGeneratorImpl()->set_stream(seed, 2 * epoch, index, drawn);
    sample.store(index, std::memory_order_relaxed);
  }
  bool in_sample() const { return sample.load(std::memory_order_relaxed) != kNoSample; }

  Generator generator;
  uint64_t seed = 0, epoch = 0;
  StageClock clock;
  bool timing = false;  // the clock runs
  bool slow = false;    // samples are so dear that each can be timed
  size_t entered = 0;   // samples of this part
  AskedSamples asked;   // of the batch that is handled as a whole
  uint64_t steps = 0;   // SampleStreams of that batch so far
  bool leaves_out = false;
  std::vector<LeftOut> left_out;
  Turns* turns = nullptr;
  std::atomic<uint64_t> sample{kNoSample}, number{kNoSample};
};

/// The worker that the calling thread is, or null.
Worker*& this_worker();

}  // namespace hearth::data::detail
