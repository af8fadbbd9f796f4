#pragma once

#include <vector>

#include "hearth/ops.h"

namespace hearth::serialize {
class OutputArchive;
class InputArchive;
}  // namespace hearth::serialize

namespace hearth::data::samplers {

/// Says which samples make up the next batch. One of your own overrides reset and next, no more; a loader whose epoch
/// is resumed calls reset and then next as often as before, with the random numbers of then. A sampler whose batches
/// depend on the epoch's number has `void set_epoch(int64_t)`: it is called before reset once the loader's set_epoch
/// was, and always where the sampler says `static constexpr bool follows_epochs = true`.
template <class Request = std::vector<size_t>>
class HEARTH_API Sampler {
 public:
  using BatchRequestType = Request;
  virtual ~Sampler() = default;
  /// Starts a new epoch, over new_size samples if given.
  virtual void reset(std::optional<size_t> new_size) = 0;
  /// At most batch_size samples; nothing when the epoch is over.
  virtual std::optional<Request> next(size_t batch_size) = 0;
  /// The order and the place in it. Where a sampler does not say how: NotImplementedError.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);
};

namespace detail {
[[noreturn]] HEARTH_API void no_save();

/// A number that becomes whatever integer a sampler takes.
struct AnyInteger {
  size_t value;
  template <class Int, class = std::enable_if_t<std::is_integral_v<Int>>>
  operator Int() const {  // NOLINT: implicit, that is what it is for
    return static_cast<Int>(value);
  }
};
template <class S, class = void>
struct FollowsEpochs : std::false_type {};
template <class S>
struct FollowsEpochs<S, std::enable_if_t<S::follows_epochs>> : std::true_type {};
template <class S, class = void>
struct HasSetEpoch : std::false_type {};
template <class S>
struct HasSetEpoch<S, std::void_t<decltype(std::declval<S&>().set_epoch(0))>> : std::true_type {};
template <class S>
void tell_epoch(S& sampler, int64_t epoch) {
  if constexpr (HasSetEpoch<S>::value) sampler.set_epoch(AnyInteger{static_cast<size_t>(epoch)});
}
}  // namespace detail
template <class Request>
void Sampler<Request>::save(serialize::OutputArchive&) const {
  detail::no_save();
}
template <class Request>
void Sampler<Request>::load(serialize::InputArchive&) {
  detail::no_save();
}

template <class Request>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const Sampler<Request>& sampler) {
  sampler.save(archive);
  return archive;
}
template <class Request>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Sampler<Request>& sampler) {
  sampler.load(archive);
  return archive;
}

extern template class Sampler<>;  // compiled in src/data/sampler.cpp

/// All samples in a new random order each epoch, drawn from the default generator as torch::randperm does.
class HEARTH_API RandomSampler : public Sampler<> {
 public:
  explicit RandomSampler(int64_t size, ScalarType index_dtype = kInt64);
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// How many samples of this epoch were handed out.
  size_t index() const noexcept { return static_cast<size_t>(index_); }

 private:
  Tensor indices_;
  int64_t index_ = 0;
  ScalarType dtype_;
};

/// All samples in their order.
class HEARTH_API SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(size_t size) : size_(size) {}
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  size_t index() const noexcept { return index_; }

 private:
  size_t size_;
  size_t index_ = 0;
};

/// Each of `num_replicas` processes gets a share of the samples, this one share `rank`. With allow_duplicates all
/// shares are rounded up to the same size and some samples are in two; without, they are rounded down.
template <class Request = std::vector<size_t>>
class DistributedSampler : public Sampler<Request> {
 public:
  DistributedSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true)
      : size_(size), num_replicas_(num_replicas), rank_(rank), epoch_(0), allow_duplicates_(allow_duplicates) {}
  /// What the order of the next reset is drawn from.
  void set_epoch(size_t epoch) { epoch_ = epoch; }
  size_t epoch() const { return epoch_; }

 protected:
  size_t local_sample_count() {
    return allow_duplicates_ ? (size_ + num_replicas_ - 1) / num_replicas_ : size_ / num_replicas_;
  }
  size_t size_, num_replicas_, rank_, epoch_;
  bool allow_duplicates_;
};

namespace detail {
/// What the two have in common.
class HEARTH_API Share : public DistributedSampler<> {
 public:
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// The place among all ranks' samples, as in LibTorch.
  size_t index() const noexcept { return begin_ + index_; }

 protected:
  Share(size_t size, size_t num_replicas, size_t rank, bool allow_duplicates);
  /// Puts this rank's part of all samples in its place; `shuffled`: of their order for this epoch.
  void deal(std::optional<size_t> new_size, bool shuffled);

 private:
  std::vector<size_t> mine_;
  size_t index_ = 0, begin_ = 0;  // within mine_; where mine_ begins among all
};
}  // namespace detail

/// A random share: all ranks shuffle the samples by the epoch's number and take parts that don't overlap.
class HEARTH_API DistributedRandomSampler : public detail::Share {
 public:
  DistributedRandomSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true);
  void reset(std::optional<size_t> new_size = std::nullopt) override;
};

/// Rank r takes the r-th part of the samples in their order.
class HEARTH_API DistributedSequentialSampler : public detail::Share {
 public:
  DistributedSequentialSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true);
  void reset(std::optional<size_t> new_size = std::nullopt) override;
};

/// The base of requests of one's own.
struct HEARTH_API CustomBatchRequest {
  virtual ~CustomBatchRequest();
  /// How many samples it asks for.
  virtual size_t size() const = 0;
};

/// A number of samples, no matter which.
struct HEARTH_API BatchSize : public CustomBatchRequest {
  explicit BatchSize(size_t size) : size_(size) {}
  size_t size() const noexcept override { return size_; }
  operator size_t() const noexcept { return size_; }  // NOLINT: implicit, as in LibTorch
  size_t size_;
};

/// Asks a stream for its samples until epoch_size of them were asked for.
class HEARTH_API StreamSampler : public Sampler<BatchSize> {
 public:
  explicit StreamSampler(size_t epoch_size) : epoch_size_(epoch_size) {}
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<BatchSize> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;

 private:
  size_t examples_retrieved_so_far_ = 0;
  size_t epoch_size_;
};

}  // namespace hearth::data::samplers
