#include "hearth/data/samplers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/fail.h"
#include "hearth/serialize.h"

namespace hearth::data::samplers {

namespace {

std::vector<size_t> indices_of(const Tensor& indices) {
  const Tensor flat = indices.to(kLong).contiguous();
  const int64_t* const p = flat.data_ptr<int64_t>();
  return {p, p + flat.numel()};
}

Tensor tensor_of(const std::vector<size_t>& indices) {
  Tensor out = empty({static_cast<int64_t>(indices.size())}, kLong);
  std::copy(indices.begin(), indices.end(), out.data_ptr<int64_t>());
  return out;
}

std::vector<size_t> permutation(size_t n, const std::optional<Generator>& generator) {
  return indices_of(randperm(static_cast<int64_t>(n), generator));
}

std::vector<size_t> order_of(size_t n, bool shuffle, const std::optional<Generator>& generator) {
  if (shuffle) return permutation(n, generator);
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  return order;
}

void shuffle_batches(std::vector<std::vector<size_t>>& batches, const std::optional<Generator>& generator) {
  std::vector<std::vector<size_t>> mixed;
  mixed.reserve(batches.size());
  for (const size_t i : permutation(batches.size(), generator)) mixed.push_back(std::move(batches[i]));
  batches = std::move(mixed);
}

void same_size(const char* sampler, std::optional<size_t> new_size, size_t size) {
  if (new_size && *new_size != size)
    fail("[{}] reset to {} samples, but it was made for {}; make a new one", sampler, *new_size, size);
}

size_t read_place(serialize::InputArchive& archive, size_t most) {
  Tensor stored;
  archive.read("index", stored, /*is_buffer=*/true);
  const auto place = stored.item<int64_t>();
  if (place < 0 || static_cast<size_t>(place) > most)
    fail("[sampler] load: the place {} lies outside of an epoch of {}; the archive is damaged", place, most);
  return static_cast<size_t>(place);
}

}  // namespace

void OrderSampler::reset(std::optional<size_t> new_size) {
  order_ = draw(new_size);
  index_ = 0;
  drawn_ = true;
}

std::optional<std::vector<size_t>> OrderSampler::next(size_t batch_size) {
  if (!drawn_) reset();
  if (index_ == order_.size()) return std::nullopt;
  const size_t end = std::min(order_.size(), index_ + batch_size);
  std::vector<size_t> batch(order_.data() + index_, order_.data() + end);
  index_ = end;
  return batch;
}

void OrderSampler::save(serialize::OutputArchive& archive) const {
  archive.write("index", tensor(static_cast<int64_t>(index_)), /*is_buffer=*/true);
  archive.write("indices", tensor_of(order_), /*is_buffer=*/true);
}

void OrderSampler::load(serialize::InputArchive& archive) {
  Tensor indices;
  archive.read("indices", indices, /*is_buffer=*/true);
  const size_t place = read_place(archive, static_cast<size_t>(indices.numel()));
  order_ = indices_of(indices);
  index_ = place;
  drawn_ = true;
}

RandomDrawSampler::RandomDrawSampler(size_t size, bool replacement, std::optional<size_t> num_samples,
                                     std::optional<Generator> generator)
    : size_(size), replacement_(replacement), num_samples_(num_samples), generator_(std::move(generator)) {
  if (num_samples == size_t{0}) fail("[RandomDrawSampler] num_samples is 0; it must be at least 1");
}

std::vector<size_t> RandomDrawSampler::draw(std::optional<size_t> new_size) {
  size_ = new_size.value_or(size_);
  const size_t count = num_samples_.value_or(size_);
  std::vector<size_t> order;
  if (size_ == 0) return order;
  while (order.size() < count) {
    // With replacement 32 at a time, as Python does, so that the same numbers come out.
    const std::vector<size_t> more =
        replacement_
            ? indices_of(randint(static_cast<int64_t>(size_),
                                 {static_cast<int64_t>(std::min<size_t>(32, count - order.size()))}, generator_))
            : permutation(size_, generator_);
    const size_t wanted = std::min(more.size(), count - order.size());
    order.insert(order.end(), more.data(), more.data() + wanted);
  }
  return order;
}

WeightedRandomSampler::WeightedRandomSampler(std::vector<double> weights, size_t num_samples, bool replacement,
                                             std::optional<Generator> generator)
    : weights_(empty({static_cast<int64_t>(weights.size())}, kDouble)),
      num_samples_(num_samples),
      replacement_(replacement),
      generator_(std::move(generator)) {
  std::copy(weights.begin(), weights.end(), weights_.data_ptr<double>());
  if (num_samples == 0) fail("[WeightedRandomSampler] num_samples is 0; it must be at least 1");
  double sum = 0;
  size_t drawable = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0) || std::isinf(weights[i]))
      fail("[WeightedRandomSampler] weight {} is {}; weights are finite and not negative", i, weights[i]);
    sum += weights[i];
    drawable += weights[i] > 0;
  }
  if (sum <= 0) fail("[WeightedRandomSampler] no weight is above 0, so nothing can be drawn");
  if (!replacement && num_samples > drawable)
    fail("[WeightedRandomSampler] {} samples without replacement, but only {} weights are above 0", num_samples,
         drawable);
}

std::vector<size_t> WeightedRandomSampler::draw(std::optional<size_t> new_size) {
  same_size("WeightedRandomSampler", new_size, static_cast<size_t>(weights_.numel()));
  return indices_of(multinomial(weights_, static_cast<int64_t>(num_samples_), replacement_, generator_));
}

SubsetRandomSampler::SubsetRandomSampler(std::vector<size_t> indices, std::optional<Generator> generator)
    : indices_(std::move(indices)), generator_(std::move(generator)) {}

std::vector<size_t> SubsetRandomSampler::draw(std::optional<size_t> new_size) {
  same_size("SubsetRandomSampler", new_size, indices_.size());
  std::vector<size_t> order = permutation(indices_.size(), generator_);
  for (size_t& i : order) i = indices_[i];
  return order;
}

ReplicaSampler::ReplicaSampler(size_t size, size_t num_replicas, size_t rank, bool shuffle, uint64_t seed,
                               bool drop_last)
    : size_(size), num_replicas_(num_replicas), rank_(rank), shuffle_(shuffle), drop_last_(drop_last), seed_(seed) {
  if (rank >= num_replicas)
    fail("[ReplicaSampler] rank {} with {} replicas; ranks go from 0 to one less", rank, num_replicas);
}

std::vector<size_t> ReplicaSampler::draw(std::optional<size_t> new_size) {
  size_ = new_size.value_or(size_);
  const size_t share = drop_last_ ? size_ / num_replicas_ : (size_ + num_replicas_ - 1) / num_replicas_;
  const std::vector<size_t> all =
      order_of(size_, shuffle_, hearth::detail::createCPUGenerator(seed_ + static_cast<uint64_t>(epoch_)));
  std::vector<size_t> mine(share);
  for (size_t i = 0; i < share; ++i) mine[i] = all[(rank_ + i * num_replicas_) % size_];
  return mine;
}

void BatchListSampler::reset(std::optional<size_t> new_size) {
  batches_ = lay_out(new_size);
  index_ = 0;
  drawn_ = true;
}

std::optional<std::vector<size_t>> BatchListSampler::next(size_t) {
  if (!drawn_) reset();
  if (index_ == batches_.size()) return std::nullopt;
  return batches_[index_++];
}

void BatchListSampler::save(serialize::OutputArchive& archive) const {
  std::vector<size_t> sizes, all;
  for (const auto& batch : batches_) {
    sizes.push_back(batch.size());
    all.insert(all.end(), batch.begin(), batch.end());
  }
  archive.write("index", tensor(static_cast<int64_t>(index_)), /*is_buffer=*/true);
  archive.write("sizes", tensor_of(sizes), /*is_buffer=*/true);
  archive.write("indices", tensor_of(all), /*is_buffer=*/true);
}

void BatchListSampler::load(serialize::InputArchive& archive) {
  Tensor sizes, indices;
  archive.read("sizes", sizes, /*is_buffer=*/true);
  archive.read("indices", indices, /*is_buffer=*/true);
  const size_t place = read_place(archive, static_cast<size_t>(sizes.numel()));
  const std::vector<size_t> all = indices_of(indices);
  std::vector<std::vector<size_t>> batches;
  size_t at = 0;
  for (const size_t size : indices_of(sizes)) {
    if (size > all.size() - at) fail("[sampler] load: the batches hold more than the {} indices stored", all.size());
    batches.emplace_back(all.data() + at, all.data() + at + size);
    at += size;
  }
  batches_ = std::move(batches);
  index_ = place;
  drawn_ = true;
}

TokenBudgetSampler::TokenBudgetSampler(std::vector<int64_t> costs, TokenBudgetOptions options)
    : costs_(std::move(costs)), options_(std::move(options)) {
  if (options_.max_samples() == size_t{0}) fail("[TokenBudgetSampler] max_samples is 0; it must be at least 1");
  for (size_t i = 0; i < costs_.size(); ++i)
    if (costs_[i] < 0 || costs_[i] > options_.budget())
      fail("[TokenBudgetSampler] sample {} costs {}, outside of [0, {}], the budget; cut it or raise the budget", i,
           costs_[i], options_.budget());
}

std::vector<std::vector<size_t>> TokenBudgetSampler::lay_out(std::optional<size_t> new_size) {
  same_size("TokenBudgetSampler", new_size, costs_.size());
  std::vector<size_t> order = order_of(costs_.size(), options_.shuffle(), options_.generator());
  if (const size_t window = options_.sort_window(); window > 1)
    for (size_t i = 0; i < order.size(); i += window)
      std::stable_sort(order.data() + i, order.data() + std::min(order.size(), i + window),
                       [&](size_t a, size_t b) { return costs_[a] < costs_[b]; });
  std::vector<std::vector<size_t>> batches;
  int64_t sum = 0, dearest = 0;
  for (const size_t i : order) {
    const int64_t top = std::max(dearest, costs_[i]);
    const auto count = batches.empty() ? int64_t{0} : static_cast<int64_t>(batches.back().size());
    // top * (count + 1) > budget, without an overflow
    const bool over =
        options_.padded() ? top > 0 && count + 1 > options_.budget() / top : costs_[i] > options_.budget() - sum;
    if (count == 0 || over || static_cast<size_t>(count) == options_.max_samples().value_or(SIZE_MAX)) {
      batches.push_back({i});
      sum = dearest = costs_[i];
    } else {
      batches.back().push_back(i);
      sum += costs_[i];
      dearest = top;
    }
  }
  if (options_.shuffle() && options_.sort_window() > 1) shuffle_batches(batches, options_.generator());
  return batches;
}

LengthBucketSampler::LengthBucketSampler(const std::vector<int64_t>& lengths, LengthBucketOptions options)
    : bucket_of_(lengths.size()), options_(std::move(options)) {
  if (options_.batch_size() == 0 || options_.buckets() == 0)
    fail("[LengthBucketSampler] batch_size is {} and buckets {}; both must be at least 1", options_.batch_size(),
         options_.buckets());
  const std::vector<int64_t>& bounds = options_.boundaries();
  for (size_t i = 1; i < bounds.size(); ++i)
    if (bounds[i] <= bounds[i - 1])
      fail("[LengthBucketSampler] boundary {} is {} after {}; they must ascend", i, bounds[i], bounds[i - 1]);
  if (!bounds.empty()) {
    bucket_count_ = bounds.size() + 1;
    for (size_t i = 0; i < lengths.size(); ++i)
      bucket_of_[i] = static_cast<size_t>(std::lower_bound(bounds.begin(), bounds.end(), lengths[i]) - bounds.begin());
    return;
  }
  bucket_count_ = options_.buckets();
  std::vector<size_t> sorted = order_of(lengths.size(), false, std::nullopt);
  std::stable_sort(sorted.begin(), sorted.end(), [&](size_t a, size_t b) { return lengths[a] < lengths[b]; });
  for (size_t i = 0; i < sorted.size(); ++i) bucket_of_[sorted[i]] = i * bucket_count_ / sorted.size();
}

std::vector<std::vector<size_t>> LengthBucketSampler::lay_out(std::optional<size_t> new_size) {
  same_size("LengthBucketSampler", new_size, bucket_of_.size());
  std::vector<std::vector<size_t>> batches, open(bucket_count_);
  for (const size_t i : order_of(bucket_of_.size(), options_.shuffle(), options_.generator())) {
    std::vector<size_t>& batch = open[bucket_of_[i]];
    batch.push_back(i);
    if (batch.size() == options_.batch_size()) batches.push_back(std::exchange(batch, {}));
  }
  if (!options_.drop_last())
    for (std::vector<size_t>& batch : open)
      if (!batch.empty()) batches.push_back(std::move(batch));
  if (options_.shuffle()) shuffle_batches(batches, options_.generator());
  return batches;
}

GrowingBatchSampler::GrowingBatchSampler(size_t size, GrowingBatchOptions options)
    : size_(size), options_(std::move(options)) {
  if (options_.first() == 0 || options_.every() < 1 || !(options_.factor() >= 1))
    fail("[GrowingBatchSampler] first is {}, every {} and factor {}; all must be at least 1", options_.first(),
         options_.every(), options_.factor());
}

size_t GrowingBatchSampler::batch_size_of(int64_t epoch) const {
  const double grown = static_cast<double>(options_.first()) *
                       std::pow(options_.factor(), static_cast<double>(epoch / options_.every()));
  const auto most = static_cast<double>(std::min(options_.most().value_or(SIZE_MAX), std::max<size_t>(size_, 1)));
  return static_cast<size_t>(std::min(grown, most));
}

std::vector<std::vector<size_t>> GrowingBatchSampler::lay_out(std::optional<size_t> new_size) {
  size_ = new_size.value_or(size_);
  const size_t batch_size = batch_size_of(epoch_);
  const std::vector<size_t> order = order_of(size_, options_.shuffle(), options_.generator());
  std::vector<std::vector<size_t>> batches;
  for (size_t i = 0; i < order.size(); i += batch_size) {
    const size_t end = std::min(order.size(), i + batch_size);
    if (end - i < batch_size && options_.drop_last()) break;
    batches.emplace_back(order.data() + i, order.data() + end);
  }
  return batches;
}

}  // namespace hearth::data::samplers
