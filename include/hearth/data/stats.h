#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hearth/export.h"

namespace hearth::data {

/// What a loader's workers spend their time on.
struct StageTime {
  std::string name;
  double seconds = 0;
};

/// A sample that could not be made and was left out.
struct BadSample {
  size_t index = 0;
  std::string file;  ///< empty where the error names none
  std::string message;
};

/// What a loader did since it was made or reset_stats was called.
struct HEARTH_API LoaderStats {
  double loop_seconds = 0;    ///< from begin() to the epoch's end, summed: the loop's work and its waiting
  double wait_seconds = 0;    ///< of these, waiting for a batch (with no workers: making it)
  double busy_seconds = 0;    ///< workers at work, summed over them
  double worker_seconds = 0;  ///< workers there were, times loop_seconds
  int64_t batches = 0, samples = 0, bytes = 0;  ///< handed out; bytes are those of their tensors
  int64_t bad_samples = 0;
  size_t workers = 0;             ///< at work now: what `auto_workers` has come to
  std::vector<StageTime> stages;  ///< datasets, transforms and TimedStages, the dearest first
  std::vector<BadSample> bad;     ///< the first 100

  /// The part of loop_seconds that went into waiting.
  double wait_share() const { return loop_seconds > 0 ? wait_seconds / loop_seconds : 0; }
  /// At most 1: where samples are cheap the loop's thread makes some of them, which counts as busy too.
  double worker_utilisation() const {
    const double share = worker_seconds > 0 ? busy_seconds / worker_seconds : 0;
    return share < 1 ? share : 1;
  }
  double samples_per_second() const { return loop_seconds > 0 ? static_cast<double>(samples) / loop_seconds : 0; }
  /// One line: "data-bound 63 %: JPEG decoding (71 % of the workers' time)".
  std::string verdict() const;
};

/// Gives the time until its end to a stage of this name, where a loader's worker is at a sample; costs nothing
/// elsewhere. For datasets and transforms that do several dear things. `name` must be a literal.
class HEARTH_API TimedStage {
 public:
  explicit TimedStage(const char* name);
  ~TimedStage();
  TimedStage(const TimedStage&) = delete;
  TimedStage& operator=(const TimedStage&) = delete;

 private:
  const char* name_;
  int64_t began_ = 0, inner_ = 0;
};

}  // namespace hearth::data
