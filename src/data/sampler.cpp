#include "hearth/data/sampler.h"

#include <algorithm>
#include <random>

#include "base/fail.h"
#include "hearth/serialize.h"

namespace hearth::data::samplers {

template class Sampler<>;

namespace {

/// LibTorch's archives hold numbers as tensors.
void write_number(serialize::OutputArchive& archive, const char* key, size_t value) {
  archive.write(key, tensor(static_cast<int64_t>(value)), /*is_buffer=*/true);
}

size_t read_number(serialize::InputArchive& archive, const char* key, size_t most) {
  Tensor stored;
  archive.read(key, stored, /*is_buffer=*/true);
  const auto value = stored.item<int64_t>();
  if (value < 0 || static_cast<size_t>(value) > most)
    fail("[sampler] load: {} is {}, which lies outside of [0, {}]; the archive is of another sampler", key, value,
         most);
  return static_cast<size_t>(value);
}

}  // namespace

void detail::no_save() {
  throw NotImplementedError("[sampler] this sampler does not say how it is saved; override save and load");
}

RandomSampler::RandomSampler(int64_t size, ScalarType index_dtype)
    : indices_(randperm(size, index_dtype)), dtype_(index_dtype) {}

void RandomSampler::reset(std::optional<size_t> new_size) {
  indices_ = randperm(new_size ? static_cast<int64_t>(*new_size) : indices_.numel(), dtype_);
  index_ = 0;
}

std::optional<std::vector<size_t>> RandomSampler::next(size_t batch_size) {
  const int64_t remaining = indices_.numel() - index_;
  if (remaining == 0) return std::nullopt;
  const int64_t count = std::min(static_cast<int64_t>(batch_size), remaining);
  std::vector<size_t> batch(static_cast<size_t>(count));
  const Tensor part = dtype_ == kLong ? indices_ : indices_.narrow(0, index_, count).to(kLong);
  const int64_t* p = part.data_ptr<int64_t>() + (dtype_ == kLong ? index_ : 0);
  for (size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<size_t>(p[i]);
  index_ += count;
  return batch;
}

void RandomSampler::save(serialize::OutputArchive& archive) const {
  write_number(archive, "index", index());
  archive.write("indices", indices_, /*is_buffer=*/true);
}

void RandomSampler::load(serialize::InputArchive& archive) {
  Tensor indices;
  archive.read("indices", indices, /*is_buffer=*/true);
  index_ = static_cast<int64_t>(read_number(archive, "index", static_cast<size_t>(indices.numel())));
  indices_ = indices.to(dtype_).contiguous();
}

void SequentialSampler::reset(std::optional<size_t> new_size) {
  if (new_size) size_ = *new_size;
  index_ = 0;
}

std::optional<std::vector<size_t>> SequentialSampler::next(size_t batch_size) {
  const size_t remaining = size_ - index_;
  if (remaining == 0) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, remaining));
  for (size_t& i : batch) i = index_++;
  return batch;
}

void SequentialSampler::save(serialize::OutputArchive& archive) const { write_number(archive, "index", index_); }
void SequentialSampler::load(serialize::InputArchive& archive) { index_ = read_number(archive, "index", size_); }

detail::Share::Share(size_t size, size_t num_replicas, size_t rank, bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {
  if (rank >= num_replicas)
    fail("[DistributedSampler] rank {} with {} replicas; ranks go from 0 to one less", rank, num_replicas);
}

void detail::Share::deal(std::optional<size_t> new_size, bool shuffled) {
  size_ = new_size.value_or(size_);
  const size_t local = local_sample_count();
  const size_t count = num_replicas_ == 1 ? size_ : local * num_replicas_;
  std::vector<size_t> all(count);
  for (size_t i = 0; i < count; ++i) all[i] = i % size_;
  if (shuffled) {
    std::mt19937 random(static_cast<uint32_t>(epoch_));
    std::shuffle(all.begin(), all.end(), random);
  }
  begin_ = rank_ * local;
  index_ = 0;
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin_);
  mine_.assign(first, first + static_cast<std::ptrdiff_t>(local));
}

std::optional<std::vector<size_t>> detail::Share::next(size_t batch_size) {
  if (index_ == mine_.size()) return std::nullopt;
  const size_t end = std::min(mine_.size(), index_ + batch_size);
  std::vector<size_t> batch(mine_.begin() + static_cast<std::ptrdiff_t>(index_),
                            mine_.begin() + static_cast<std::ptrdiff_t>(end));
  index_ = end;
  return batch;
}

void detail::Share::save(serialize::OutputArchive& archive) const {
  write_number(archive, "sample_index_", index());
  write_number(archive, "epoch_", epoch_);
}

void detail::Share::load(serialize::InputArchive& archive) {
  set_epoch(read_number(archive, "epoch_", static_cast<size_t>(INT64_MAX)));
  reset(size_);  // the order of that epoch
  const size_t at = read_number(archive, "sample_index_", begin_ + mine_.size());
  if (at < begin_) fail("[sampler] load: sample_index_ is {}, below this rank's first, {}", at, begin_);
  index_ = at - begin_;
}

DistributedRandomSampler::DistributedRandomSampler(size_t size, size_t num_replicas, size_t rank, bool allow_duplicates)
    : Share(size, num_replicas, rank, allow_duplicates) {
  deal(size, true);
}
void DistributedRandomSampler::reset(std::optional<size_t> new_size) { deal(new_size, true); }

DistributedSequentialSampler::DistributedSequentialSampler(size_t size, size_t num_replicas, size_t rank,
                                                           bool allow_duplicates)
    : Share(size, num_replicas, rank, allow_duplicates) {
  deal(size, false);
}
void DistributedSequentialSampler::reset(std::optional<size_t> new_size) { deal(new_size, false); }

CustomBatchRequest::~CustomBatchRequest() = default;

void StreamSampler::reset(std::optional<size_t> new_size) {
  if (new_size) epoch_size_ = *new_size;
  examples_retrieved_so_far_ = 0;
}

std::optional<BatchSize> StreamSampler::next(size_t batch_size) {
  const size_t remaining = epoch_size_ - examples_retrieved_so_far_;
  if (remaining == 0) return std::nullopt;
  const size_t count = std::min(batch_size, remaining);
  examples_retrieved_so_far_ += count;
  return BatchSize(count);
}

void StreamSampler::save(serialize::OutputArchive& archive) const {
  write_number(archive, "examples_retrieved_so_far", examples_retrieved_so_far_);
}
void StreamSampler::load(serialize::InputArchive& archive) {
  examples_retrieved_so_far_ = read_number(archive, "examples_retrieved_so_far", epoch_size_);
}

}  // namespace hearth::data::samplers
