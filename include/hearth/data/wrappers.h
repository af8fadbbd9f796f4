#pragma once

#include <memory>
#include <string>

#include "hearth/data/dataset.h"
#include "hearth/data/loader.h"
#include "hearth/generator.h"

// Datasets made of datasets, and of several tensors.
namespace hearth::data::datasets {

namespace detail {
template <class D>
constexpr bool safe = data::detail::IsThreadSafe<D>::value;

HEARTH_API void check_subset(const std::vector<size_t>& indices, std::optional<size_t> size);
/// random_split's indices: lengths that sum to `size`, or fractions that sum to 1.
HEARTH_API std::vector<std::vector<size_t>> split_indices(size_t size, const std::vector<size_t>& lengths,
                                                          const std::optional<Generator>& generator);
HEARTH_API std::vector<size_t> split_lengths(size_t size, const std::vector<double>& fractions);
[[noreturn]] HEARTH_API void index_error(const char* dataset, size_t index, size_t size);
/// The size of a dataset that must have one.
HEARTH_API size_t known_size(const char* what, std::optional<size_t> size);
/// Which part a sample of a concatenation is in; `ends` are the parts' ends.
HEARTH_API size_t part_of(const std::vector<size_t>& ends, size_t index);

/// Samples that were made before, shared by a loader's workers.
class HEARTH_API SampleCache {
 public:
  explicit SampleCache(int64_t max_bytes);
  std::shared_ptr<void> find(size_t index) const;
  /// Keeps it unless the budget is spent.
  void keep(size_t index, std::shared_ptr<void> sample, int64_t bytes);
  size_t count() const;
  int64_t bytes() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};
}  // namespace detail

/// Some samples of a dataset, in the order of `indices`. IndexError where one is out of range.
template <class D>
class Subset : public Dataset<Subset<D>, typename D::ExampleType> {
 public:
  static constexpr bool is_thread_safe = detail::safe<D>;
  Subset(D dataset, std::vector<size_t> indices) : dataset_(std::move(dataset)) {
    detail::check_subset(indices, dataset_.size());
    indices_ = std::make_shared<const std::vector<size_t>>(std::move(indices));
  }
  typename D::ExampleType get(size_t index) override {
    if (index >= indices_->size()) detail::index_error("Subset", index, indices_->size());
    return dataset_.get((*indices_)[index]);
  }
  std::optional<size_t> size() const override { return indices_->size(); }
  const std::vector<size_t>& indices() const noexcept { return *indices_; }
  const D& dataset() const noexcept { return dataset_; }

 private:
  D dataset_;
  std::shared_ptr<const std::vector<size_t>> indices_;
};

/// Several datasets, one behind the other.
template <class D>
class ConcatDataset : public Dataset<ConcatDataset<D>, typename D::ExampleType> {
 public:
  static constexpr bool is_thread_safe = detail::safe<D>;
  explicit ConcatDataset(std::vector<D> datasets) : datasets_(std::move(datasets)) {
    size_t end = 0;
    for (const D& dataset : datasets_) ends_.push_back(end += detail::known_size("ConcatDataset", dataset.size()));
  }
  typename D::ExampleType get(size_t index) override {
    const size_t part = detail::part_of(ends_, index);
    return datasets_[part].get(index - (part == 0 ? 0 : ends_[part - 1]));
  }
  std::optional<size_t> size() const override { return ends_.empty() ? 0 : ends_.back(); }
  const std::vector<D>& datasets() const noexcept { return datasets_; }

 private:
  std::vector<D> datasets_;
  std::vector<size_t> ends_;
};

/// Parts of a dataset at random that do not overlap, of these lengths, which must sum to its size. The permutation is
/// that of Python's random_split with the same generator.
template <class D>
std::vector<Subset<D>> random_split(const D& dataset, const std::vector<size_t>& lengths,
                                    const std::optional<Generator>& generator = std::nullopt) {
  std::vector<Subset<D>> parts;
  for (auto& indices : detail::split_indices(detail::known_size("random_split", dataset.size()), lengths, generator))
    parts.emplace_back(dataset, std::move(indices));
  return parts;
}
/// The same by fractions that sum to 1; what rounding leaves goes to the first parts, one sample each.
template <class D>
std::vector<Subset<D>> random_split(const D& dataset, const std::vector<double>& fractions,
                                    const std::optional<Generator>& generator = std::nullopt) {
  return random_split(dataset, detail::split_lengths(detail::known_size("random_split", dataset.size()), fractions),
                      generator);
}

/// Keeps samples in memory once they were made, up to `max_bytes` of their tensors; copies share what is kept. For
/// datasets whose samples don't change: random transforms belong behind it.
template <class D>
class CachedDataset : public Dataset<CachedDataset<D>, typename D::ExampleType> {
 public:
  using Sample = typename D::ExampleType;
  static constexpr bool is_thread_safe = detail::safe<D>;
  explicit CachedDataset(D dataset, int64_t max_bytes = INT64_MAX) : dataset_(std::move(dataset)), cache_(max_bytes) {}
  Sample get(size_t index) override {
    if (const std::shared_ptr<void> kept = cache_.find(index)) return *static_cast<const Sample*>(kept.get());
    auto sample = std::make_shared<Sample>(dataset_.get(index));
    cache_.keep(index, sample, data::detail::sizes_of(*sample).bytes);
    return *sample;
  }
  std::optional<size_t> size() const override { return dataset_.size(); }
  size_t cached() const { return cache_.count(); }
  int64_t cached_bytes() const { return cache_.bytes(); }

 private:
  D dataset_;
  detail::SampleCache cache_;
};

/// Rows of two tensors: data and target. What Python's TensorDataset(x, y) is.
class HEARTH_API TensorPairDataset : public Dataset<TensorPairDataset> {
 public:
  using RowsOf = TensorPairDataset;
  static constexpr bool is_thread_safe = true;
  TensorPairDataset(Tensor data, Tensor target);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override;
  std::array<const Tensor*, 2> rows() const { return {&data_, &target_}; }

 private:
  Tensor data_, target_;
};

/// Rows of any number of tensors. What Python's TensorDataset(*tensors) is.
class HEARTH_API TensorListDataset : public Dataset<TensorListDataset, std::vector<Tensor>> {
 public:
  static constexpr bool is_thread_safe = true;
  explicit TensorListDataset(std::vector<Tensor> tensors);
  std::vector<Tensor> get(size_t index) override;
  std::optional<size_t> size() const override;

 private:
  std::vector<Tensor> tensors_;
};

/// Samples on disk, in safetensors files that are mapped into memory: more than memory holds can be read, and nothing
/// is decoded. Writes into a sample do not reach the files.
class HEARTH_API MappedDataset : public Dataset<MappedDataset> {
 public:
  static constexpr bool is_thread_safe = true;
  /// The folder that `store` filled. FileError where a file is missing or damaged.
  explicit MappedDataset(const std::string& folder);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override;

  /// Writes all samples of a dataset to an existing folder, in files of about `shard_bytes`, and opens them. The
  /// samples must have the same shapes.
  template <class D>
  static MappedDataset store(D dataset, const std::string& folder, int64_t shard_bytes = int64_t{256} << 20) {
    return store_samples(
        detail::known_size("MappedDataset", dataset.size()), [&](size_t i) -> Example<> { return dataset.get(i); },
        folder, shard_bytes);
  }

 private:
  static MappedDataset store_samples(size_t size, const std::function<Example<>(size_t)>& get,
                                     const std::string& folder, int64_t shard_bytes);
  std::vector<Example<>> shards_;
  std::vector<size_t> ends_;
};

/// Samples one after the other, however many there are: a class of one's own overrides `next`, and `reset`, which
/// starts an epoch. A loader's workers share it and are given batches in order; only transforms behind it run in
/// parallel.
template <class Self, class SingleExample = Example<>>
class IterableDataset : public StatefulDataset<Self, std::vector<SingleExample>> {
 public:
  using Sample = SingleExample;
  /// Nothing at the epoch's end.
  virtual std::optional<SingleExample> next() = 0;
  std::optional<std::vector<SingleExample>> get_batch(size_t batch_size) override {
    std::vector<SingleExample> batch;
    while (batch.size() < batch_size) {
      std::optional<SingleExample> sample = next();
      if (!sample) break;
      batch.push_back(std::move(*sample));
    }
    if (batch.empty()) return std::nullopt;
    return batch;
  }
  std::optional<size_t> size() const override { return std::nullopt; }
  /// A loader resumes it by going through its first batches again; a class that can do better says how.
  void save(serialize::OutputArchive&) const override { no_save(); }
  void load(serialize::InputArchive&) override { no_save(); }

 private:
  [[noreturn]] static void no_save() {
    throw NotImplementedError("[IterableDataset] this dataset does not say how it is saved; override save and load");
  }
};

}  // namespace hearth::data::datasets
