#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "hearth/data/dataset.h"
#include "hearth/data/sampler.h"
#include "hearth/nn/module.h"

namespace hearth::data {

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(size_t, batch_size) = 1;
  /// Threads that make batches; 0: the caller's.
  HEARTH_ARG(size_t, workers) = 0;
  /// Batches in the making or waiting; twice the workers unless set.
  HEARTH_ARG(std::optional<size_t>, max_jobs);
  /// How long to wait for a batch.
  HEARTH_ARG(std::optional<std::chrono::milliseconds>, timeout);
  /// Whether batches come in the sampler's order; else as they are ready.
  HEARTH_ARG(bool, enforce_ordering) = true;
  /// Leaves out a last batch that is not full.
  HEARTH_ARG(bool, drop_last) = false;
};

/// The options with their defaults filled in.
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& o)
      : batch_size(o.batch_size()),
        workers(o.workers()),
        max_jobs(o.max_jobs().value_or(2 * o.workers())),
        timeout(o.timeout()),
        enforce_ordering(o.enforce_ordering()),
        drop_last(o.drop_last()) {}
  size_t batch_size, workers, max_jobs;
  std::optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering, drop_last;
};

/// An exception of a worker, thrown in the loop that asked for the batch.
class HEARTH_API WorkerException : public Error {
 public:
  explicit WorkerException(std::exception_ptr original);
  std::exception_ptr original_exception;
};

namespace detail {

/// The threads behind a loader. Requests and results are opaque; `work(worker, request)` makes one of the other.
class HEARTH_API LoaderCore {
 public:
  using Work = std::function<std::shared_ptr<void>(size_t worker, const std::shared_ptr<void>& request)>;
  LoaderCore(const FullDataLoaderOptions& options, Work work);
  ~LoaderCore();
  LoaderCore(const LoaderCore&) = delete;
  LoaderCore& operator=(const LoaderCore&) = delete;
  /// Forgets everything in flight and starts a new epoch.
  void reset();
  void push(std::shared_ptr<void> request);
  /// The next result; null where none is in flight. Throws WorkerException, or ValueError on a timeout.
  std::shared_ptr<void> pop();
  size_t in_flight() const;
  /// Runs `work` on the caller's thread, with the random streams of this epoch.
  std::shared_ptr<void> run_here(const std::shared_ptr<void>& request);
  void join();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A size that becomes whatever integer a sampler takes.
struct DatasetSize {
  size_t size;
  template <class Int, class = std::enable_if_t<std::is_integral_v<Int>>>
  operator Int() const {  // NOLINT: implicit, that is what it is for
    return static_cast<Int>(size);
  }
};

}  // namespace detail

/// The batches of an epoch, one after the other.
template <class Batch>
class Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;
  using iterator_category = std::input_iterator_tag;

  Iterator() = default;
  explicit Iterator(std::function<std::optional<Batch>()> next) : next_(std::move(next)) {}
  Iterator& operator++() {
    fetch();
    fetched_ = false;
    return *this;
  }
  Batch& operator*() {
    fetch();
    if (!batch_) throw ValueError("[DataLoader] attempted to dereference an iterator that was past the end");
    return *batch_;
  }
  Batch* operator->() { return &**this; }
  bool operator==(const Iterator& other) const { return at_end() == other.at_end(); }
  bool operator!=(const Iterator& other) const { return !(*this == other); }

 private:
  void fetch() const {
    if (fetched_ || !next_) return;
    batch_.reset();  // before the next one is made, so that its memory can be used again
    batch_ = next_();
    fetched_ = true;
  }
  bool at_end() const {
    fetch();
    return !batch_.has_value();
  }
  std::function<std::optional<Batch>()> next_;
  mutable std::optional<Batch> batch_;
  mutable bool fetched_ = false;
};

/// Batches of a dataset, made by worker threads or on the spot.
template <class Dataset, class Batch, class BatchRequest>
class DataLoaderBase {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;
  explicit DataLoaderBase(DataLoaderOptions options, Dataset dataset)
      : options_(options), core_(options_, [this](size_t worker, const std::shared_ptr<void>& request) {
          return std::static_pointer_cast<void>(
              std::make_shared<Batch>(datasets_[worker].get_batch(*std::static_pointer_cast<BatchRequest>(request))));
        }) {
    // As in LibTorch, every worker has a copy of its own.
    for (size_t i = 1; i < options_.workers; ++i) datasets_.push_back(dataset);
    datasets_.push_back(std::move(dataset));
  }
  virtual ~DataLoaderBase() { join(); }
  DataLoaderBase(const DataLoaderBase&) = delete;
  DataLoaderBase& operator=(const DataLoaderBase&) = delete;

  /// Starts an epoch. The iterator must not outlive the loader.
  Iterator<Batch> begin() {
    reset();
    return Iterator<Batch>([this] { return next(); });
  }
  Iterator<Batch> end() { return Iterator<Batch>(); }
  /// Ends the workers; the loader can't be used after it.
  void join() { core_.join(); }
  const FullDataLoaderOptions& options() const noexcept { return options_; }

 protected:
  virtual std::optional<BatchRequest> get_batch_request() = 0;
  virtual void reset() {
    core_.reset();
    for (size_t i = 0; options_.workers > 0 && i < options_.max_jobs; ++i)
      if (!push_request()) break;
  }
  FullDataLoaderOptions options_;

 private:
  bool push_request() {
    std::optional<BatchRequest> request = get_batch_request();
    if (request) core_.push(std::make_shared<BatchRequest>(std::move(*request)));
    return request.has_value();
  }
  std::optional<Batch> next() {
    std::shared_ptr<void> result;
    if (options_.workers == 0) {
      std::optional<BatchRequest> request = get_batch_request();
      if (!request) return std::nullopt;
      result = core_.run_here(std::make_shared<BatchRequest>(std::move(*request)));
    } else {
      result = core_.pop();
      if (!result) return std::nullopt;
      push_request();
    }
    return std::move(*std::static_pointer_cast<Batch>(result));
  }
  std::vector<Dataset> datasets_;
  detail::LoaderCore core_;
};

/// A loader whose sampler says which samples come next.
template <class Dataset, class Sampler>
class StatelessDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType>;

 public:
  using typename Base::BatchRequestType;
  StatelessDataLoader(Dataset dataset, Sampler sampler, DataLoaderOptions options)
      : Base(std::move(options), std::move(dataset)), sampler_(std::move(sampler)) {}
  ~StatelessDataLoader() override { this->join(); }

 private:
  void reset() override {
    sampler_.reset(std::nullopt);
    Base::reset();
  }
  std::optional<BatchRequestType> get_batch_request() override {
    std::optional<BatchRequestType> request = sampler_.next(this->options_.batch_size);
    if (request && this->options_.drop_last && request->size() < this->options_.batch_size) return std::nullopt;
    return request;
  }
  Sampler sampler_;
};

template <class Dataset, class Sampler, class = std::enable_if_t<!Dataset::is_stateful>,
          class = typename Sampler::BatchRequestType>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset, Sampler sampler,
                                                                        DataLoaderOptions options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler),
                                                                 std::move(options));
}

/// `make_data_loader<samplers::RandomSampler>(dataset, DataLoaderOptions().batch_size(64).workers(2))`
template <class Sampler = samplers::RandomSampler, class Dataset,
          class = std::enable_if_t<!Dataset::is_stateful && std::is_constructible_v<Sampler, size_t>>>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset,
                                                                        DataLoaderOptions options = {}) {
  const std::optional<size_t> size = dataset.size();
  if (!size)
    throw ValueError(
        "[make_data_loader] expected the dataset to be sized in order to construct the Sampler; pass a "
        "sampler instead");
  return make_data_loader(std::move(dataset), Sampler(detail::DatasetSize{*size}), std::move(options));
}

}  // namespace hearth::data
