#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "hearth/arg.h"
#include "hearth/error.h"
#include "hearth/generator.h"

namespace hearth::data {

/// As many workers as turn out to be good: it begins with one and adds another while the loop waits for data and that
/// helps, up to the machine's threads. The batches are the same for any number.
constexpr size_t auto_workers = static_cast<size_t>(-1);

struct HEARTH_API DataLoaderOptions {
  DataLoaderOptions();
  DataLoaderOptions(size_t batch_size);  // NOLINT: implicit, as in LibTorch
  DataLoaderOptions(const DataLoaderOptions&);
  DataLoaderOptions& operator=(const DataLoaderOptions&);
  ~DataLoaderOptions();
  HEARTH_ARG(size_t, batch_size) = 1;
  /// Threads that make batches; 0: the caller's; auto_workers: as many as help.
  HEARTH_ARG(size_t, workers) = 0;
  /// Batches in the making or waiting; prefetch_factor for each worker unless set.
  HEARTH_ARG(std::optional<size_t>, max_jobs);
  /// How long to wait for a batch; TimeoutError names the sample that hangs. Without workers nothing is timed.
  HEARTH_ARG(std::optional<std::chrono::milliseconds>, timeout);
  /// Whether batches come in the sampler's order; else as they are ready.
  HEARTH_ARG(bool, enforce_ordering) = true;
  /// Leaves out a last batch that is not full.
  HEARTH_ARG(bool, drop_last) = false;
  /// Batches in flight for each worker.
  HEARTH_ARG(size_t, prefetch_factor) = 2;
  /// Whether threads and their copies of the dataset outlive the epoch; else each epoch starts with new ones.
  HEARTH_ARG(bool, persistent_workers) = true;
  /// Taken for the sake of programs that set it; batches for the CPU need no pinned memory, and nothing is done.
  HEARTH_ARG(bool, pin_memory) = false;
  /// What samplers draw from and whose seed the samples' own streams are made from; the default generator unless set.
  HEARTH_ARG(std::optional<Generator>, generator);
  /// So many samples an epoch may fail: they are left out, and counted in stats(). A batch of a dataset that makes
  /// whole batches fails as one.
  HEARTH_ARG(size_t, skip_bad_samples) = 0;
};

/// The options with their defaults filled in.
struct HEARTH_API FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& options);
  size_t batch_size, workers, max_jobs;
  std::optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering, drop_last;
  size_t prefetch_factor;
  bool persistent_workers, auto_workers, fixed_jobs;
  std::optional<Generator> generator;
  size_t skip_bad_samples;
};

/// An exception of a worker, thrown once, in the loop that asked for the batch.
struct HEARTH_API WorkerException : public Error {
  explicit WorkerException(std::exception_ptr original, const std::string& where = {},
                           std::optional<size_t> sample = std::nullopt);
  std::exception_ptr original_exception;
  std::string message;
  std::optional<size_t> sample_index;  ///< the sample that failed, where that is known
  std::string file;                    ///< and its file, where the original is a FileError
};

/// No batch came in time.
class HEARTH_API TimeoutError : public Error {
 public:
  explicit TimeoutError(std::string text, std::optional<size_t> sample = std::nullopt);
  std::optional<size_t> sample_index;  ///< the sample that a worker is stuck at, where that is known
};

}  // namespace hearth::data
