#pragma once

#include <array>
#include <memory>
#include <vector>

#include "hearth/data/example.h"
#include "hearth/data/sample_streams.h"
#include "hearth/error.h"
#include "hearth/ops.h"

namespace hearth::serialize {
class OutputArchive;
class InputArchive;
}  // namespace hearth::serialize

namespace hearth::data {

namespace detail {
/// Gives sample `index` its own stream of random numbers, if a loader runs it; else does nothing.
HEARTH_API void enter_sample(uint64_t index);
template <class D, class Enable>
struct Pipeline;  // pipeline.h
}  // namespace detail

namespace datasets {

namespace detail {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
/// A stateful dataset gives nothing when it is at its end, and so does what is made of it.
template <bool stateful, class T>
using OptionalIf = std::conditional_t<stateful, std::optional<T>, T>;
}  // namespace detail

template <class S, class T>
class MapDataset;
template <class D, class T>
MapDataset<D, T> map(D dataset, T transform);

/// A source of batches. A class that says `static constexpr bool is_thread_safe = true` is shared by a loader's
/// workers; of any other each worker has a copy.
template <class Self, class Batch = std::vector<Example<>>, class Request = ArrayRef<size_t>>
class HEARTH_API BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = Request;
  static constexpr bool is_stateful = detail::IsOptional<Batch>::value;
  virtual ~BatchDataset() = default;
  virtual Batch get_batch(Request request) = 0;
  /// How many samples there are, if that is known.
  virtual std::optional<size_t> size() const = 0;
  /// The dataset with a transform applied to each batch.
  template <class Transform>
  MapDataset<Self, Transform> map(Transform transform) & {
    return datasets::map(static_cast<Self&>(*this), std::move(transform));
  }
  template <class Transform>
  MapDataset<Self, Transform> map(Transform transform) && {
    return datasets::map(std::move(static_cast<Self&>(*this)), std::move(transform));
  }
};

/// A source of single samples by index; batches are vectors of them.
template <class Self, class SingleExample = Example<>>
class HEARTH_API Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;
  virtual ExampleType get(size_t index) = 0;
  std::vector<ExampleType> get_batch(ArrayRef<size_t> indices) override {
    std::vector<ExampleType> batch;
    batch.reserve(indices.size());
    data::detail::SampleStreams streams(indices);
    for (size_t k = 0; k < indices.size(); ++k) {
      streams.enter(k);
      batch.push_back(get(indices[k]));
    }
    return batch;
  }
};

/// A stream: it is asked for a number of samples and yields that many. Every worker reads a copy of its own; a stream
/// that is to be read once by all of them is a StatefulDataset.
template <class Self, class Batch = std::vector<Example<>>>
using StreamDataset = BatchDataset<Self, Batch, size_t>;

/// A dataset that decides itself what comes next, and returns nothing when the epoch is over. All workers of a loader
/// share it: they call get_batch one after the other, in the order of the batches; transforms behind it run in
/// parallel.
template <class Self, class Batch = std::vector<Example<>>, class Request = size_t>
class StatefulDataset : public BatchDataset<Self, std::optional<Batch>, Request> {
 public:
  /// Starts an epoch.
  virtual void reset() = 0;
  virtual void save(serialize::OutputArchive& archive) const = 0;
  virtual void load(serialize::InputArchive& archive) = 0;
};
template <class... Args>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const StatefulDataset<Args...>& dataset) {
  dataset.save(archive);
  return archive;
}
template <class... Args>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, StatefulDataset<Args...>& dataset) {
  dataset.load(archive);
  return archive;
}

/// Rows of a tensor.
struct HEARTH_API TensorDataset : Dataset<TensorDataset, TensorExample> {
  using RowsOf = TensorDataset;  ///< promises that get(i) is row i of rows(): a loader may then copy rows
  /// As in the C++ frontend the tensors are stacked: each is one sample. Python's form is TensorPairDataset.
  explicit TensorDataset(const std::vector<Tensor>& tensors);
  explicit TensorDataset(Tensor rows);
  TensorExample get(size_t index) override;
  std::optional<size_t> size() const override;
  std::array<const Tensor*, 1> rows() const { return {&tensor}; }
  Tensor tensor;
};
extern template class BatchDataset<TensorDataset, std::vector<TensorExample>>;  // compiled in src/data/dataset.cpp
extern template class Dataset<TensorDataset, TensorExample>;

/// A dataset with a transform behind it.
template <class Source, class AppliedTransform>
class MapDataset
    : public BatchDataset<MapDataset<Source, AppliedTransform>,
                          detail::OptionalIf<Source::is_stateful, typename AppliedTransform::OutputBatchType>,
                          typename Source::BatchRequestType> {
 public:
  using DatasetType = Source;
  using TransformType = AppliedTransform;
  using BatchRequestType = typename Source::BatchRequestType;
  using OutputBatchType = detail::OptionalIf<Source::is_stateful, typename AppliedTransform::OutputBatchType>;

  MapDataset(Source dataset, AppliedTransform transform)
      : dataset_(std::move(dataset)), transform_(std::move(transform)) {}
  OutputBatchType get_batch(BatchRequestType request) override { return apply(dataset_.get_batch(std::move(request))); }
  std::optional<size_t> size() const override { return dataset_.size(); }
  void reset() { dataset_.reset(); }
  const Source& dataset() noexcept { return dataset_; }
  const AppliedTransform& transform() noexcept { return transform_; }

 private:
  template <class D, class Enable>
  friend struct data::detail::Pipeline;
  OutputBatchType apply(typename Source::BatchType batch) {
    if constexpr (Source::is_stateful) {
      if (batch) return transform_.apply_batch(std::move(*batch));
      return std::nullopt;
    } else {
      return transform_.apply_batch(std::move(batch));
    }
  }
  Source dataset_;
  AppliedTransform transform_;
};

template <class D, class T>
MapDataset<D, T> map(D dataset, T transform) {
  static_assert(
      std::is_convertible_v<typename D::BatchType, detail::OptionalIf<D::is_stateful, typename T::InputBatchType>>,
      "BatchType type of dataset does not match input type of transform");
  return MapDataset<D, T>(std::move(dataset), std::move(transform));
}

/// One dataset that all workers use at once: its get_batch must bear that.
template <class Underlying>
class SharedBatchDataset : public BatchDataset<SharedBatchDataset<Underlying>, typename Underlying::BatchType,
                                               typename Underlying::BatchRequestType> {
 public:
  using BatchType = typename Underlying::BatchType;
  using BatchRequestType = typename Underlying::BatchRequestType;
  static constexpr bool is_thread_safe = true;
  SharedBatchDataset(std::shared_ptr<Underlying> dataset) : dataset_(std::move(dataset)) {}  // NOLINT: implicit
  BatchType get_batch(BatchRequestType request) override { return dataset_->get_batch(std::move(request)); }
  std::optional<size_t> size() const override { return dataset_->size(); }
  Underlying& operator*() { return *dataset_; }
  const Underlying& operator*() const { return *dataset_; }
  Underlying* operator->() { return dataset_.get(); }
  const Underlying* operator->() const { return dataset_.get(); }
  void reset() { dataset_->reset(); }

 private:
  std::shared_ptr<Underlying> dataset_;
};

template <class Underlying, class... Args>
SharedBatchDataset<Underlying> make_shared_dataset(Args&&... args) {
  return std::make_shared<Underlying>(std::forward<Args>(args)...);
}

}  // namespace datasets
}  // namespace hearth::data
