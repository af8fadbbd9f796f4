#include "hearth/data/wrappers.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include "base/fail.h"
#include "hearth/io/safetensors.h"

namespace hearth::data::datasets {

namespace {

size_t rows_of(const char* dataset, const std::vector<Tensor>& tensors) {
  if (tensors.empty()) fail("[{}] there is no tensor", dataset);
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].dim() == 0 || tensors[i].size(0) != tensors[0].size(0))
      throw ShapeError(fmt::format("[{}] tensor {} has shape {} and tensor 0 {}; they need the same number of rows",
                                   dataset, i, shape_text(tensors[i].sizes()), shape_text(tensors[0].sizes())),
                       tensors[i].sizes().vec(), tensors[0].sizes().vec());
  return static_cast<size_t>(tensors[0].size(0));
}

std::string shard_path(const std::string& folder, size_t shard) {
  return fmt::format("{}{}samples-{:05}.safetensors", folder, folder.empty() || folder.back() == '/' ? "" : "/", shard);
}

}  // namespace

void detail::index_error(const char* dataset, size_t index, size_t size) {
  throw IndexError(fmt::format("[{}] index {} is out of range for {} samples", dataset, index, size),
                   static_cast<int64_t>(index), static_cast<int64_t>(size));
}

void detail::check_subset(const std::vector<size_t>& indices, std::optional<size_t> size) {
  for (const size_t i : indices)
    if (size && i >= *size) index_error("Subset", i, *size);
}

size_t detail::known_size(const char* what, std::optional<size_t> size) {
  if (!size) fail("[{}] the dataset does not know its size, which is needed here", what);
  return *size;
}

size_t detail::part_of(const std::vector<size_t>& ends, size_t index) {
  const auto end = std::upper_bound(ends.begin(), ends.end(), index);
  if (end == ends.end()) index_error("dataset", index, ends.empty() ? 0 : ends.back());
  return static_cast<size_t>(end - ends.begin());
}

std::vector<size_t> detail::split_lengths(size_t size, const std::vector<double>& fractions) {
  double sum = 0;
  for (size_t i = 0; i < fractions.size(); ++i) {
    if (!(fractions[i] >= 0 && fractions[i] <= 1))
      fail("[random_split] fraction {} is {}; it must lie in [0, 1]", i, fractions[i]);
    sum += fractions[i];
  }
  if (std::abs(sum - 1) > 1e-9) fail("[random_split] the fractions sum to {}; they must sum to 1", sum);
  std::vector<size_t> lengths;
  size_t all = 0;
  for (const double fraction : fractions) {
    lengths.push_back(static_cast<size_t>(std::floor(static_cast<double>(size) * fraction)));
    all += lengths.back();
  }
  for (size_t i = 0; all < size; i = (i + 1) % lengths.size(), ++all) ++lengths[i];
  return lengths;
}

std::vector<std::vector<size_t>> detail::split_indices(size_t size, const std::vector<size_t>& lengths,
                                                       const std::optional<Generator>& generator) {
  size_t sum = 0;
  for (const size_t length : lengths) sum += length;
  if (sum != size) fail("[random_split] the lengths sum to {} and the dataset has {} samples", sum, size);
  const Tensor order = randperm(static_cast<int64_t>(size), generator);
  const int64_t* next = order.data_ptr<int64_t>();
  std::vector<std::vector<size_t>> parts;
  for (const size_t length : lengths) {
    parts.emplace_back(next, next + length);
    next += length;
  }
  return parts;
}

struct detail::SampleCache::State {
  mutable std::mutex mutex;
  std::unordered_map<size_t, std::shared_ptr<void>> samples;
  int64_t bytes = 0, most = 0;
};

detail::SampleCache::SampleCache(int64_t max_bytes) : state_(std::make_shared<State>()) { state_->most = max_bytes; }

std::shared_ptr<void> detail::SampleCache::find(size_t index) const {
  const std::lock_guard lock(state_->mutex);
  const auto entry = state_->samples.find(index);
  return entry == state_->samples.end() ? nullptr : entry->second;
}

void detail::SampleCache::keep(size_t index, std::shared_ptr<void> sample, int64_t bytes) {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  if (bytes > s.most - s.bytes) return;
  if (s.samples.emplace(index, std::move(sample)).second) s.bytes += bytes;
}

size_t detail::SampleCache::count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->samples.size();
}

int64_t detail::SampleCache::bytes() const {
  const std::lock_guard lock(state_->mutex);
  return state_->bytes;
}

TensorPairDataset::TensorPairDataset(Tensor data, Tensor target) : data_(std::move(data)), target_(std::move(target)) {
  rows_of("TensorPairDataset", {data_, target_});
}

Example<> TensorPairDataset::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {data_[i], target_[i]};
}

std::optional<size_t> TensorPairDataset::size() const { return static_cast<size_t>(data_.size(0)); }

TensorListDataset::TensorListDataset(std::vector<Tensor> tensors) : tensors_(std::move(tensors)) {
  rows_of("TensorListDataset", tensors_);
}

std::vector<Tensor> TensorListDataset::get(size_t index) {
  std::vector<Tensor> sample;
  sample.reserve(tensors_.size());
  for (const Tensor& tensor : tensors_) sample.push_back(tensor[static_cast<int64_t>(index)]);
  return sample;
}

std::optional<size_t> TensorListDataset::size() const { return static_cast<size_t>(tensors_[0].size(0)); }

MappedDataset::MappedDataset(const std::string& folder) {
  size_t shards = 1, end = 0;
  for (size_t i = 0; i < shards; ++i) {
    const std::string path = shard_path(folder, i);
    const io::SafeTensorsFile file(path);
    const auto stated = file.metadata().find("shards");
    if (stated == file.metadata().end() || !file.contains("data") || !file.contains("target"))
      throw FileError(fmt::format("[MappedDataset] {} holds no samples that store() wrote", path), path);
    shards = std::stoul("0" + stated->second);
    shards_.emplace_back(file.get("data"), file.get("target"));
    rows_of("MappedDataset", {shards_.back().data, shards_.back().target});
    ends_.push_back(end += static_cast<size_t>(shards_.back().data.size(0)));
  }
}

Example<> MappedDataset::get(size_t index) {
  const size_t part = detail::part_of(ends_, index);
  const auto i = static_cast<int64_t>(index - (part == 0 ? 0 : ends_[part - 1]));
  return {shards_[part].data[i], shards_[part].target[i]};
}

std::optional<size_t> MappedDataset::size() const { return ends_.back(); }

MappedDataset MappedDataset::store_samples(size_t size, const std::function<Example<>(size_t)>& get,
                                           const std::string& folder, int64_t shard_bytes) {
  if (size == 0) fail("[MappedDataset] there is no sample to store");
  const int64_t each = std::max<int64_t>(1, data::detail::sizes_of(get(0)).bytes);
  const size_t per_shard = static_cast<size_t>(std::max<int64_t>(1, shard_bytes / each));
  const size_t shards = (size + per_shard - 1) / per_shard;
  for (size_t shard = 0; shard < shards; ++shard) {
    const size_t from = shard * per_shard, to = std::min(size, from + per_shard);
    data::detail::StackInto data(to - from), target(to - from);
    for (size_t i = from; i < to; ++i) {
      Example<> sample = get(i);
      data.put(i - from, std::move(sample.data));
      target.put(i - from, std::move(sample.target));
    }
    SafeTensors content;
    content.tensors.insert("data", data.finish());
    content.tensors.insert("target", target.finish());
    content.metadata["shards"] = std::to_string(shards);
    save_safetensors(content, shard_path(folder, shard));
  }
  return MappedDataset(folder);
}

}  // namespace hearth::data::datasets
