#pragma once

#include <memory>

#include "hearth/data/sampler.h"
#include "hearth/generator.h"
#include "hearth/nn/module.h"

// Python's samplers, and batches of changing size. Where a generator is given they draw what torch.utils.data draws
// from it; else they draw from the default generator, which a loader's set_epoch and state_dict know about.
namespace hearth::data::samplers {

/// The base of a sampler that lays out an epoch's order at its start: a class of one's own overrides `draw`.
class HEARTH_API OrderSampler : public Sampler<> {
 public:
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// How many samples of this epoch were handed out, and how many there are.
  size_t index() const noexcept { return index_; }
  size_t size() const noexcept { return order_.size(); }

 protected:
  /// The indices of an epoch, over new_size samples if given.
  virtual std::vector<size_t> draw(std::optional<size_t> new_size) = 0;

 private:
  std::vector<size_t> order_;
  size_t index_ = 0;
  bool drawn_ = false;  // else next() does it
};

/// `num_samples` of `size` samples at random, all of them unless told. Without replacement the samples are gone through
/// as often as it takes, each time in a new order.
class HEARTH_API RandomDrawSampler : public OrderSampler {
 public:
  explicit RandomDrawSampler(size_t size, bool replacement = false, std::optional<size_t> num_samples = std::nullopt,
                             std::optional<Generator> generator = std::nullopt);

 private:
  std::vector<size_t> draw(std::optional<size_t> new_size) override;
  size_t size_;
  bool replacement_;
  std::optional<size_t> num_samples_;
  std::optional<Generator> generator_;
};

/// `num_samples` indices of `weights`, each as likely as its weight; the weights need not sum to 1.
class HEARTH_API WeightedRandomSampler : public OrderSampler {
 public:
  WeightedRandomSampler(std::vector<double> weights, size_t num_samples, bool replacement = true,
                        std::optional<Generator> generator = std::nullopt);

 private:
  std::vector<size_t> draw(std::optional<size_t> new_size) override;
  Tensor weights_;
  size_t num_samples_;
  bool replacement_;
  std::optional<Generator> generator_;
};

/// The given indices in random order.
class HEARTH_API SubsetRandomSampler : public OrderSampler {
 public:
  explicit SubsetRandomSampler(std::vector<size_t> indices, std::optional<Generator> generator = std::nullopt);

 private:
  std::vector<size_t> draw(std::optional<size_t> new_size) override;
  std::vector<size_t> indices_;
  std::optional<Generator> generator_;
};

/// Python's DistributedSampler (which name is the C++ frontend's base class): each of `num_replicas` processes takes
/// every num_replicas-th sample of an order that all of them draw from `seed` and the epoch. The shares have the same
/// size: samples are repeated to fill them up or, with drop_last, left out.
class HEARTH_API ReplicaSampler : public OrderSampler {
 public:
  static constexpr bool follows_epochs = true;
  ReplicaSampler(size_t size, size_t num_replicas, size_t rank, bool shuffle = true, uint64_t seed = 0,
                 bool drop_last = false);
  /// The epoch whose order the next reset draws; a loader says it.
  void set_epoch(int64_t epoch) { epoch_ = epoch; }

 private:
  std::vector<size_t> draw(std::optional<size_t> new_size) override;
  size_t size_, num_replicas_, rank_;
  bool shuffle_, drop_last_;
  uint64_t seed_;
  int64_t epoch_ = 0;
};

/// The base of samplers that lay out whole batches; what the loader's batch_size says does not matter to them.
class HEARTH_API BatchListSampler : public Sampler<> {
 public:
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// Batches of this epoch.
  size_t batches() const noexcept { return batches_.size(); }

 protected:
  /// The batches of an epoch, over new_size samples if given.
  virtual std::vector<std::vector<size_t>> lay_out(std::optional<size_t> new_size) = 0;

 private:
  std::vector<std::vector<size_t>> batches_;
  size_t index_ = 0;
  bool drawn_ = false;
};

/// Batches of `batch_size` of another sampler's samples, whatever the loader's batch size.
template <class Inner>
class BatchSampler : public Sampler<> {
 public:
  static constexpr bool follows_epochs = detail::FollowsEpochs<Inner>::value;
  BatchSampler(Inner inner, size_t batch_size, bool drop_last = false)
      : inner_(std::move(inner)), batch_size_(batch_size), drop_last_(drop_last) {
    if (batch_size == 0) throw ValueError("[BatchSampler] batch_size is 0; it must be at least 1");
  }
  void set_epoch(int64_t epoch) { detail::tell_epoch(inner_, epoch); }
  void reset(std::optional<size_t> new_size = std::nullopt) override { inner_.reset(new_size); }
  std::optional<std::vector<size_t>> next(size_t) override {
    std::optional<std::vector<size_t>> batch = inner_.next(batch_size_);
    if (batch && drop_last_ && batch->size() < batch_size_) return std::nullopt;
    return batch;
  }
  void save(serialize::OutputArchive& archive) const override { inner_.save(archive); }
  void load(serialize::InputArchive& archive) override { inner_.load(archive); }

 private:
  Inner inner_;
  size_t batch_size_;
  bool drop_last_;
};

struct TokenBudgetOptions {
  TokenBudgetOptions(int64_t budget) : budget_(budget) {}  // NOLINT: implicit, it is the one that must be said
  /// What a batch may cost at most.
  HEARTH_ARG(int64_t, budget);
  /// Whether a batch costs its dearest sample times its count, as padded samples do; else the sum.
  HEARTH_ARG(bool, padded) = true;
  HEARTH_ARG(std::optional<size_t>, max_samples);
  HEARTH_ARG(bool, shuffle) = true;
  /// So many samples at a time are sorted by cost before they are cut into batches, which saves padding.
  HEARTH_ARG(size_t, sort_window) = 0;
  HEARTH_ARG(std::optional<Generator>, generator);
};

/// As many samples a batch as a budget of tokens, elements or seconds allows; costs[i] is what sample i takes.
/// ValueError where one is over the budget by itself.
class HEARTH_API TokenBudgetSampler : public BatchListSampler {
 public:
  TokenBudgetSampler(std::vector<int64_t> costs, TokenBudgetOptions options);

 private:
  std::vector<std::vector<size_t>> lay_out(std::optional<size_t> new_size) override;
  std::vector<int64_t> costs_;
  TokenBudgetOptions options_;
};

struct LengthBucketOptions {
  LengthBucketOptions(size_t batch_size) : batch_size_(batch_size) {}  // NOLINT: implicit
  HEARTH_ARG(size_t, batch_size);
  /// Upper bounds of the buckets, ascending: {32, 64} makes three, up to 32, up to 64 and longer.
  HEARTH_ARG(std::vector<int64_t>, boundaries);
  /// Without boundaries: buckets of as many samples each.
  HEARTH_ARG(size_t, buckets) = 8;
  HEARTH_ARG(bool, shuffle) = true;
  /// Leaves out the batches of each bucket that are not full.
  HEARTH_ARG(bool, drop_last) = false;
  HEARTH_ARG(std::optional<Generator>, generator);
};

/// Batches of samples of like length: each comes from one bucket, and the batches come in random order.
class HEARTH_API LengthBucketSampler : public BatchListSampler {
 public:
  LengthBucketSampler(const std::vector<int64_t>& lengths, LengthBucketOptions options);
  /// The bucket of each sample.
  const std::vector<size_t>& buckets() const noexcept { return bucket_of_; }

 private:
  std::vector<std::vector<size_t>> lay_out(std::optional<size_t> new_size) override;
  std::vector<size_t> bucket_of_;
  size_t bucket_count_ = 1;
  LengthBucketOptions options_;
};

struct GrowingBatchOptions {
  GrowingBatchOptions(size_t first) : first_(first) {}  // NOLINT: implicit
  /// The batch size of epoch 0.
  HEARTH_ARG(size_t, first);
  /// It is multiplied by `factor` every `every` epochs, up to `most`.
  HEARTH_ARG(double, factor) = 2;
  HEARTH_ARG(int64_t, every) = 1;
  HEARTH_ARG(std::optional<size_t>, most);
  HEARTH_ARG(bool, shuffle) = true;
  HEARTH_ARG(bool, drop_last) = false;
  HEARTH_ARG(std::optional<Generator>, generator);
};

/// Batches that grow from epoch to epoch, instead of a learning rate that falls (https://arxiv.org/abs/1711.00489).
class HEARTH_API GrowingBatchSampler : public BatchListSampler {
 public:
  static constexpr bool follows_epochs = true;
  GrowingBatchSampler(size_t size, GrowingBatchOptions options);
  /// The epoch that the next reset starts; a loader says it.
  void set_epoch(int64_t epoch) { epoch_ = epoch; }
  /// The batch size of an epoch.
  size_t batch_size_of(int64_t epoch) const;

 private:
  std::vector<std::vector<size_t>> lay_out(std::optional<size_t> new_size) override;
  size_t size_;
  int64_t epoch_ = 0;
  GrowingBatchOptions options_;
};

}  // namespace hearth::data::samplers
