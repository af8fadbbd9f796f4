#pragma once

#include <functional>
#include <memory>

#include "hearth/data/loader_options.h"
#include "hearth/data/pipeline.h"
#include "hearth/data/stats.h"
#include "hearth/ivalue.h"

// What loaders do whatever their types: compiled once in the library, not in each program.
namespace hearth::data::detail {

/// Samples and bytes in a batch.
struct BatchSizes {
  int64_t samples = 1, bytes = 0;
};

/// One batch in the making, as the loader's threads know it.
class HEARTH_API BatchWork {
 public:
  /// `count` samples in parts that may run at once, or 0: one that is made as a whole.
  explicit BatchWork(size_t count) : parts(count) {}
  virtual ~BatchWork();
  BatchWork(const BatchWork&) = delete;
  BatchWork& operator=(const BatchWork&) = delete;
  /// Samples [from, to) of the parts, or the whole.
  virtual void make(void* dataset, size_t from, size_t to, StageClock* clock) = 0;
  /// After all parts: puts them together.
  virtual void finish(void* dataset, StageClock* clock) = 0;
  /// Samples asked for.
  virtual size_t requested() const = 0;
  /// The batch; null before it is made, and where a stateful dataset is at its end.
  virtual void* batch() = 0;
  virtual BatchSizes sizes() const = 0;
  const size_t parts;
  bool left_out = false;     ///< all of it: there is no batch
  std::exception_ptr error;  ///< there is none either
  std::string where;         ///< of the error
  std::optional<size_t> sample;
};
/// Called where the sample at a place of the batch throws: whether it is to be left out. Else the exception goes on.
HEARTH_API bool leave_out(size_t place, uint64_t index);

/// A dataset, and what a loader asks of it without knowing its type.
class HEARTH_API HeldDataset {
 public:
  HeldDataset() = default;
  virtual ~HeldDataset();
  HeldDataset(const HeldDataset&) = delete;
  HeldDataset& operator=(const HeldDataset&) = delete;
  virtual void* dataset() = 0;
  virtual std::optional<size_t> size() const = 0;
  virtual void add_stages(StageNames& names) const = 0;
  /// Whether all workers use this one; else each has a copy.
  virtual bool is_shared() const = 0;
  /// Null where the dataset can't be copied.
  virtual std::unique_ptr<HeldDataset> copy() const = 0;
};

/// Threads, order, random streams, epochs, state, statistics: all of a loader but its types.
class HEARTH_API LoaderCore {
 public:
  virtual ~LoaderCore();
  LoaderCore(const LoaderCore&) = delete;
  LoaderCore& operator=(const LoaderCore&) = delete;

  /// Ends the workers, after the samples that they are at; the loader can't be used after it.
  void join();
  const FullDataLoaderOptions& options() const noexcept;
  /// The next begin() starts this epoch. The order and all random numbers of epoch n are then the same however one got
  /// there: they come from the generator's seed and n. Without it epochs count up from 0, and orders are drawn one
  /// after the other from the generator, as in LibTorch. A sampler that has set_epoch is told.
  void set_epoch(int64_t epoch);
  /// The epoch that runs, or the next one where none does.
  int64_t epoch() const;
  /// Where the epoch stands: a dictionary for a checkpoint. Batches made ahead but not handed out don't count.
  /// ValueError where batches come out of order.
  IValue state_dict() const;
  /// The next begin() goes on with exactly the batch that would have been next, whatever the number of workers.
  /// ValueError where dataset or batch size differ. A set_epoch of another epoch forgets it.
  void load_state_dict(const IValue& state);
  LoaderStats stats() const;
  void reset_stats();

 protected:
  LoaderCore(const DataLoaderOptions& options, std::unique_ptr<HeldDataset> dataset);
  /// What comes next; null at the epoch's end.
  virtual std::unique_ptr<BatchWork> next_work() = 0;
  /// Starts the sampler's or the dataset's epoch.
  virtual void start_source(int64_t epoch, bool was_set) = 0;
  /// Passes over the first n batches of an epoch.
  virtual void skip(size_t n);
  /// Makes it on the caller's thread, with the random streams of this epoch; its exceptions go on.
  void make_here(BatchWork& work);
  /// The dataset that the loader was given.
  void* dataset() const;
  /// Whether a batch of so many samples is one: drop_last may leave it out. ValueError where it is empty.
  bool is_batch(size_t samples) const;

 private:
  friend class BatchCursor;
  struct State;
  /// Starts an epoch, or goes on with the one of a loaded state; its number among all begins.
  size_t begin_epoch();
  /// The next batch; null at the end. Throws WorkerException and TimeoutError.
  std::unique_ptr<BatchWork> next();
  void prefetch();
  std::unique_ptr<BatchWork> numbered_work();
  std::unique_ptr<BatchWork> make_next();
  std::unique_ptr<BatchWork> take_next();

  std::unique_ptr<State> state_;
};

/// Where a loop stands in a loader's epoch. Copies share the batch.
class HEARTH_API BatchCursor {
 public:
  /// At the end.
  BatchCursor();
  /// Starts an epoch of the loader, which must outlive the cursor.
  explicit BatchCursor(LoaderCore& loader);
  BatchCursor(const BatchCursor&);
  BatchCursor& operator=(const BatchCursor&);
  ~BatchCursor();
  /// ValueError past the end, as below.
  void advance();
  void* batch() const;
  /// Makes the batch, if it is not there.
  bool at_end() const;

 private:
  void fetch() const;
  LoaderCore* loader_ = nullptr;
  size_t round_ = 0;
  mutable std::shared_ptr<BatchWork> work_;
  mutable bool fetched_ = false;
};

HEARTH_API BatchSizes sizes_of(const Tensor& batch);
template <class T>
BatchSizes sizes_of(const T&) {
  return {};
}
template <class D, class T>
BatchSizes sizes_of(const Example<D, T>& batch) {
  BatchSizes sizes = sizes_of(batch.data);
  if constexpr (!std::is_same_v<T, example::NoTarget>) sizes.bytes += sizes_of(batch.target).bytes;
  return sizes;
}
template <class T>
BatchSizes sizes_of(const std::vector<T>& batch) {
  BatchSizes sizes{static_cast<int64_t>(batch.size()), 0};
  for (const T& sample : batch) sizes.bytes += sizes_of(sample).bytes;
  return sizes;
}

}  // namespace hearth::data::detail
