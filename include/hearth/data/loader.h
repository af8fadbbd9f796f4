#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "hearth/data/dataset.h"
#include "hearth/data/pipeline.h"
#include "hearth/data/sampler.h"
#include "hearth/data/stats.h"
#include "hearth/generator.h"
#include "hearth/ivalue.h"
#include "hearth/nn/module.h"

namespace hearth::data {

/// As many workers as turn out to be good: it begins with one and adds another while the loop waits for data and that
/// helps, up to the machine's threads. The batches are the same for any number.
constexpr size_t auto_workers = static_cast<size_t>(-1);

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}  // NOLINT: implicit, as in LibTorch
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

namespace detail {

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
  const size_t parts;
  bool left_out = false;     ///< all of it: there is no batch
  std::exception_ptr error;  ///< there is none either
  std::string where;         ///< of the error
  std::optional<size_t> sample;
};
/// Called where the sample at a place of the batch throws: whether it is to be left out. Else the exception goes on.
HEARTH_API bool leave_out(size_t place, uint64_t index);

/// The part of a loader that knows no types: threads, order, random streams, state, statistics.
class HEARTH_API LoaderCore {
 public:
  LoaderCore(const FullDataLoaderOptions& options, StageNames stages, std::function<void*(size_t worker)> datasets);
  ~LoaderCore();
  LoaderCore(const LoaderCore&) = delete;
  LoaderCore& operator=(const LoaderCore&) = delete;

  /// Forgets everything in flight and starts the next epoch: reset_source runs with the epoch's generator. Returns how
  /// many batches of it were handed out before, in the run that is resumed.
  size_t begin(const std::function<void()>& reset_source);
  /// Runs f with the generator that this epoch's sampler draws from.
  void with_generator(const std::function<void()>& f) const;
  /// Batches numbered from here on.
  void skip_to(size_t number);
  bool wants_more() const;
  void push(std::unique_ptr<BatchWork> work);
  /// The next batch, or its error; null where none is in flight. Throws TimeoutError.
  std::unique_ptr<BatchWork> pop();
  /// Makes it on the caller's thread, with the random streams of this epoch; its exceptions go on.
  void run_here(BatchWork& work, void* dataset);
  /// The epoch has given all it has.
  void end_epoch();
  /// The next begin() starts threads anew.
  void end_workers();
  void count(int64_t samples, int64_t bytes);
  void join();

  /// Around each batch that the loop asks for.
  void enter_loop();
  void leave_loop();

  void set_epoch(int64_t epoch);
  int64_t epoch() const;
  /// Whether set_epoch said which epoch this is.
  bool epoch_was_set() const;
  IValue state_dict(std::optional<size_t> dataset_size) const;
  void load_state_dict(const IValue& state, std::optional<size_t> dataset_size);
  LoaderStats stats() const;
  void reset_stats();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Samples and bytes in a batch.
struct BatchSizes {
  int64_t samples = 1, bytes = 0;
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

template <class D, class = void>
struct IsThreadSafe : std::false_type {};
template <class D>
struct IsThreadSafe<D, std::enable_if_t<D::is_thread_safe>> : std::true_type {};
template <class S, class T>
struct IsThreadSafe<datasets::MapDataset<S, T>, void>
    : std::bool_constant<IsThreadSafe<S>::value && (IsThreadSafe<T>::value || StacksExamples<T>::value)> {};

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};

/// A batch of a dataset of this type.
template <class Dataset, class Request>
class TypedWork final : public BatchWork {
 public:
  using P = Pipeline<Dataset>;
  static constexpr bool by_sample = P::by_sample && std::is_convertible_v<const Request&, ArrayRef<size_t>>;

  TypedWork(Request request, Dataset& dataset)
      : BatchWork(count(request)), request_(std::move(request)), parts_(BatchWork::parts) {
    if constexpr (by_sample) P::start(dataset, parts_);
  }
  void make(void* dataset, size_t from, size_t to, StageClock* clock) override {
    auto& d = *static_cast<Dataset*>(dataset);
    if constexpr (by_sample) {
      const size_t* const indices = ArrayRef<size_t>(request_).data();
      for (size_t k = from; k < to; ++k) try {
          const size_t* const next = k + 1 < to ? indices + k + 1 : nullptr;
          P::put(d, parts_, k, indices + k, next, enter_timed_sample(indices[k]));
        } catch (...) {
          if (!leave_out(k, indices[k])) throw;
        }
    } else {
      batch = P::whole(d, typename Dataset::BatchRequestType(request_), clock);
    }
  }
  void finish(void* dataset, StageClock* clock) override {
    if constexpr (by_sample) batch.emplace(P::finish(*static_cast<Dataset*>(dataset), parts_, clock));
  }
  size_t requested() const override {
    if constexpr (std::is_convertible_v<const Request&, size_t>) {
      return static_cast<size_t>(request_);
    } else {
      return request_.size();
    }
  }
  /// Nothing where a stateful dataset is at its end.
  std::optional<typename Unwrapped<typename Dataset::BatchType>::type> batch;

 private:
  struct NoParts {
    explicit NoParts(size_t) {}
  };
  template <class Q, bool has>
  struct PartsOf {
    using type = NoParts;
  };
  template <class Q>
  struct PartsOf<Q, true> {
    using type = typename Q::Parts;
  };
  static size_t count(const Request& request) {
    if constexpr (by_sample) {
      return ArrayRef<size_t>(request).size();
    } else {
      return 0;
    }
  }
  Request request_;
  typename PartsOf<P, by_sample>::type parts_;
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
    if (!batch_) throw ValueError("[DataLoader] attempted to increment an iterator past the end");
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

/// Batches of a dataset, made by worker threads or on the spot. The same batches come out of any number of workers,
/// random transforms included: sample i of epoch e draws from a stream of its own, named by (seed, e, i).
template <class Dataset, class Batch, class BatchRequest>
class DataLoaderBase {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;
  DataLoaderBase(DataLoaderOptions options, Dataset dataset)
      : options_(options),
        size_(dataset.size()),
        dataset_(std::move(dataset)),
        core_(options_, stage_names(), [this](size_t worker) { return dataset_of(worker); }) {
    copy_dataset();
  }
  virtual ~DataLoaderBase() { join(); }
  DataLoaderBase(const DataLoaderBase&) = delete;
  DataLoaderBase& operator=(const DataLoaderBase&) = delete;

  /// Starts an epoch, or goes on with the one of a loaded state. The iterator must not outlive the loader; one of an
  /// earlier begin() is at its end.
  Iterator<Batch> begin() {
    if (started_ && !options_.persistent_workers) {
      core_.end_workers();
      copy_dataset();
    }
    started_ = true;
    at_end_ = false;
    const size_t before = core_.begin([this] {
      set_source_epoch(core_.epoch(), core_.epoch_was_set());
      reset();
    });
    skip(before);
    if (options_.workers > 0) prefetch();
    const size_t round = ++round_;
    return Iterator<Batch>([this, round] { return round == round_ ? next() : std::nullopt; });
  }
  Iterator<Batch> end() { return Iterator<Batch>(); }
  /// Ends the workers, after the samples that they are at; the loader can't be used after it.
  void join() { core_.join(); }
  const FullDataLoaderOptions& options() const noexcept { return options_; }

  /// The next begin() starts this epoch. The order and all random numbers of epoch n are then the same however one got
  /// there: they come from the generator's seed and n. Without it epochs count up from 0, and orders are drawn one
  /// after the other from the generator, as in LibTorch. A sampler that has set_epoch is told.
  void set_epoch(int64_t epoch) { core_.set_epoch(epoch); }
  /// The epoch that runs, or the next one where none does.
  int64_t epoch() const { return core_.epoch(); }
  /// Where the epoch stands: a dictionary for a checkpoint. Batches made ahead but not handed out don't count.
  /// ValueError where batches come out of order.
  IValue state_dict() const { return core_.state_dict(size_); }
  /// The next begin() goes on with exactly the batch that would have been next, whatever the number of workers.
  /// ValueError where dataset or batch size differ. A set_epoch of another epoch forgets it.
  void load_state_dict(const IValue& state) { core_.load_state_dict(state, size_); }
  LoaderStats stats() const { return core_.stats(); }
  void reset_stats() { core_.reset_stats(); }

 protected:
  using Work = detail::TypedWork<Dataset, BatchRequest>;
  /// What the next batch is asked for; nothing at the end.
  virtual std::optional<BatchRequest> get_batch_request() = 0;
  /// Starts the sampler's or the dataset's epoch.
  virtual void reset() = 0;
  virtual void set_source_epoch(int64_t epoch, bool was_set) = 0;
  /// Passes over the first n batches.
  virtual void skip(size_t n) {
    core_.with_generator([&] {
      for (size_t i = 0; i < n; ++i)
        if (!get_batch_request()) break;
    });
    core_.skip_to(n);
  }
  std::unique_ptr<Work> next_work() {
    std::optional<BatchRequest> request;
    core_.with_generator([&] { request = get_batch_request(); });
    return request ? std::make_unique<Work>(std::move(*request), dataset_) : nullptr;
  }
  void make_here(Work& work) { core_.run_here(work, &dataset_); }

  const FullDataLoaderOptions options_;

 private:
  struct LoopScope {
    explicit LoopScope(detail::LoaderCore& c) : core(c) { core.enter_loop(); }
    ~LoopScope() { core.leave_loop(); }
    LoopScope(const LoopScope&) = delete;
    LoopScope& operator=(const LoopScope&) = delete;
    detail::LoaderCore& core;
  };
  static detail::StageNames stage_names() {
    detail::StageNames names;
    detail::Pipeline<Dataset>::names(names);
    return names;
  }
  /// A copy for each worker, as in LibTorch, unless it is shared.
  void copy_dataset() {
    if constexpr (!Dataset::is_stateful && !detail::IsThreadSafe<Dataset>::value) {
      if constexpr (std::is_copy_constructible_v<Dataset>) {
        copies_.clear();
        copies_.reserve(options_.workers);
        for (size_t i = 0; i < options_.workers; ++i) copies_.push_back(dataset_);
      } else if (options_.workers > 1) {
        throw ValueError(
            "[DataLoader] this dataset can't be copied for each worker; use make_shared_dataset, or declare it "
            "is_thread_safe, or use one worker");
      }
    }
  }
  void* dataset_of(size_t worker) { return worker < copies_.size() ? &copies_[worker] : &dataset_; }
  void prefetch() {
    while (!at_end_ && core_.wants_more()) {
      auto work = next_work();
      at_end_ = !work;
      if (work) core_.push(std::move(work));
    }
  }
  std::unique_ptr<Work> make_next() {
    std::unique_ptr<Work> work = at_end_ ? nullptr : next_work();
    if (work) make_here(*work);
    return work;
  }
  std::unique_ptr<Work> take_next() {
    std::unique_ptr<Work> work(static_cast<Work*>(core_.pop().release()));
    prefetch();  // before an error is thrown: the loop may go on after it
    if (work && work->error) throw WorkerException(work->error, work->where, work->sample);
    return work;
  }
  std::optional<Batch> next() {
    const LoopScope scope(core_);
    while (std::unique_ptr<Work> work = options_.workers == 0 ? make_next() : take_next()) {
      if (work->left_out) continue;
      std::optional<Batch> batch = std::move(work->batch);
      if (batch) {
        const detail::BatchSizes sizes = detail::sizes_of(*batch);
        core_.count(sizes.samples, sizes.bytes);
        return batch;
      }
      at_end_ = true;  // a stateful dataset has no more
    }
    core_.end_epoch();
    return std::nullopt;
  }

  std::optional<size_t> size_;
  Dataset dataset_;
  std::vector<Dataset> copies_;
  bool started_ = false, at_end_ = false;
  size_t round_ = 0;
  detail::LoaderCore core_;

  template <class D>
  friend class StatefulDataLoader;
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
  void reset() override { sampler_.reset(std::nullopt); }
  void set_source_epoch(int64_t epoch, bool was_set) override {
    if (was_set || samplers::detail::FollowsEpochs<Sampler>::value) samplers::detail::tell_epoch(sampler_, epoch);
  }
  std::optional<BatchRequestType> get_batch_request() override {
    std::optional<BatchRequestType> request = sampler_.next(this->options_.batch_size);
    if (request && this->options_.drop_last && request->size() < this->options_.batch_size) return std::nullopt;
    if (request && request->size() == 0)
      throw ValueError("[DataLoader] the sampler gave an empty batch; next must return nothing at the epoch's end");
    return request;
  }
  Sampler sampler_;
};

/// A loader of a dataset that says itself what comes next. One dataset serves all workers.
template <class Dataset>
class StatefulDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType>;

 public:
  using typename Base::BatchRequestType;
  StatefulDataLoader(Dataset dataset, DataLoaderOptions options) : Base(std::move(options), std::move(dataset)) {}
  ~StatefulDataLoader() override { this->join(); }

 private:
  void reset() override { this->dataset_.reset(); }
  void set_source_epoch(int64_t, bool) override {}
  /// Such a dataset is resumed by making its first batches again.
  void skip(size_t n) override {
    for (size_t i = 0; i < n; ++i) try {
        this->make_here(*this->next_work());
      } catch (const std::exception&) {  // it was reported when the batch was first made
      }
  }
  std::optional<BatchRequestType> get_batch_request() override { return BatchRequestType(this->options_.batch_size); }
};

/// `make_data_loader(dataset, samplers::SequentialSampler(n), DataLoaderOptions(64))`
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
  return make_data_loader(std::move(dataset), Sampler(samplers::detail::AnyInteger{*size}), std::move(options));
}

/// The loader of a stateful dataset, which needs no sampler.
template <class Dataset, class = std::enable_if_t<Dataset::is_stateful>>
std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(Dataset dataset, DataLoaderOptions options = {}) {
  return std::make_unique<StatefulDataLoader<Dataset>>(std::move(dataset), std::move(options));
}

}  // namespace hearth::data
