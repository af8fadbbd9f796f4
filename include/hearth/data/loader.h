#pragma once

#include "hearth/data/dataset.h"
#include "hearth/data/loader_core.h"
#include "hearth/data/pipeline.h"
#include "hearth/data/sampler.h"
#include "hearth/make_as.h"

namespace hearth::data {

namespace detail {

template <class D, class = void>
struct IsThreadSafe : std::false_type {};
template <class D>
struct IsThreadSafe<D, std::enable_if_t<D::is_thread_safe>> : std::true_type {};
template <class Target>
struct IsThreadSafe<transforms::Normalize<Target>, void> : std::true_type {};
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

template <class Dataset>
class DatasetOf final : public HeldDataset {
 public:
  explicit DatasetOf(Dataset dataset) : dataset_(std::move(dataset)) {}
  void* dataset() override { return &dataset_; }
  std::optional<size_t> size() const override { return dataset_.size(); }
  void add_stages(StageNames& names) const override { Pipeline<Dataset>::names(names); }
  bool is_shared() const override { return Dataset::is_stateful || IsThreadSafe<Dataset>::value; }
  std::unique_ptr<HeldDataset> copy() const override {
    if constexpr (std::is_copy_constructible_v<Dataset>) {
      return hearth::detail::make_as<HeldDataset, DatasetOf>(dataset_);
    } else {
      return nullptr;
    }
  }

 private:
  Dataset dataset_;
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
      if constexpr (std::is_convertible_v<const Request&, ArrayRef<size_t>>) ask_for(request_, 0);
      batch_ = P::whole(d, typename Dataset::BatchRequestType(request_), clock);
    }
  }
  void finish(void* dataset, StageClock* clock) override {
    if constexpr (by_sample) {
      ask_for(request_, 1);
      batch_.emplace(P::finish(*static_cast<Dataset*>(dataset), parts_, clock));
    }
  }
  size_t requested() const override {
    if constexpr (std::is_convertible_v<const Request&, size_t>) {
      return static_cast<size_t>(request_);
    } else {
      return request_.size();
    }
  }
  void* batch() override { return batch_ ? &*batch_ : nullptr; }
  BatchSizes sizes() const override { return sizes_of(*batch_); }

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
  std::optional<typename Unwrapped<typename Dataset::BatchType>::type> batch_;
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
  explicit Iterator(detail::BatchCursor cursor) : cursor_(cursor) {}
  Iterator& operator++() {
    cursor_.advance();
    return *this;
  }
  Batch& operator*() { return *static_cast<Batch*>(cursor_.batch()); }
  Batch* operator->() { return &**this; }
  bool operator==(const Iterator& other) const { return cursor_.at_end() == other.cursor_.at_end(); }
  bool operator!=(const Iterator& other) const { return !(*this == other); }

 private:
  detail::BatchCursor cursor_;
};

/// Batches of a dataset, made by worker threads or on the spot. The same batches come out of any number of workers,
/// random transforms included: sample i of epoch e draws from a stream of its own, named by (seed, e, i).
template <class Dataset, class Batch, class BatchRequest>
class DataLoaderBase : public detail::LoaderCore {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;
  DataLoaderBase(const DataLoaderOptions& options, Dataset dataset)
      : LoaderCore(options,
                   hearth::detail::make_as<detail::HeldDataset, detail::DatasetOf<Dataset>>(std::move(dataset))) {}

  /// Starts an epoch, or goes on with the one of a loaded state. The iterator must not outlive the loader; one of an
  /// earlier begin() is at its end.
  Iterator<Batch> begin() { return Iterator<Batch>(detail::BatchCursor(*this)); }
  Iterator<Batch> end() { return Iterator<Batch>(); }

 protected:
  Dataset& typed_dataset() { return *static_cast<Dataset*>(dataset()); }
  std::unique_ptr<detail::BatchWork> work_for(BatchRequest request) {
    return hearth::detail::make_as<detail::BatchWork, detail::TypedWork<Dataset, BatchRequest>>(std::move(request),
                                                                                                typed_dataset());
  }
};

/// A loader whose sampler says which samples come next.
template <class Dataset, class Sampler>
class StatelessDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType>;

 public:
  StatelessDataLoader(Dataset dataset, Sampler sampler, const DataLoaderOptions& options)
      : Base(options, std::move(dataset)), sampler_(std::move(sampler)) {}

 private:
  void start_source(int64_t epoch, bool was_set) override {
    if (was_set || samplers::detail::FollowsEpochs<Sampler>::value) samplers::detail::tell_epoch(sampler_, epoch);
    sampler_.reset(std::nullopt);
  }
  std::unique_ptr<detail::BatchWork> next_work() override {
    auto request = sampler_.next(this->options().batch_size);
    return request && this->is_batch(request->size()) ? this->work_for(std::move(*request)) : nullptr;
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
  StatefulDataLoader(Dataset dataset, const DataLoaderOptions& options) : Base(options, std::move(dataset)) {}

 private:
  void start_source(int64_t, bool) override { this->typed_dataset().reset(); }
  /// Such a dataset is resumed by making its first batches again.
  void skip(size_t n) override {
    for (size_t i = 0; i < n; ++i) try {
        this->make_here(*next_work());
      } catch (const std::exception&) {  // it was reported when the batch was first made
      }
  }
  std::unique_ptr<detail::BatchWork> next_work() override {
    return this->work_for(BatchRequestType(this->options().batch_size));
  }
};

/// `make_data_loader(dataset, samplers::SequentialSampler(n), DataLoaderOptions(64))`
template <class Dataset, class Sampler, class = std::enable_if_t<!Dataset::is_stateful>,
          class = typename Sampler::BatchRequestType>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset, Sampler sampler,
                                                                        const DataLoaderOptions& options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler), options);
}

namespace detail {
/// The size of a dataset that a sampler is to be made for. ValueError where it has none.
HEARTH_API size_t size_to_sample(std::optional<size_t> size);
}  // namespace detail

/// `make_data_loader<samplers::RandomSampler>(dataset, DataLoaderOptions().batch_size(64).workers(2))`
template <class Sampler = samplers::RandomSampler, class Dataset,
          class = std::enable_if_t<!Dataset::is_stateful && std::is_constructible_v<Sampler, size_t>>>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset,
                                                                        const DataLoaderOptions& options = {}) {
  const size_t size = detail::size_to_sample(dataset.size());
  return make_data_loader(std::move(dataset), Sampler(samplers::detail::AnyInteger{size}), options);
}

/// The loader of a stateful dataset, which needs no sampler.
template <class Dataset, class = std::enable_if_t<Dataset::is_stateful>>
std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(Dataset dataset, const DataLoaderOptions& options = {}) {
  return std::make_unique<StatefulDataLoader<Dataset>>(std::move(dataset), options);
}

}  // namespace hearth::data
