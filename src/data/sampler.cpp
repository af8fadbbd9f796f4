#include "hearth/data/sampler.h"

#include <algorithm>

#include "hearth/data/transforms.h"
#include "hearth/error.h"

namespace hearth::data {

namespace samplers {

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
  const Tensor part = indices_.narrow(0, index_, count).to(kLong);
  const int64_t* p = part.data_ptr<int64_t>();
  std::vector<size_t> batch(static_cast<size_t>(count));
  for (size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<size_t>(p[i]);
  index_ += count;
  return batch;
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

}  // namespace samplers

Tensor transforms::detail::channel_statistics(ArrayRef<double> values) {
  return tensor(hearth::detail::TensorDataContainer(values), kFloat32).unsqueeze(1).unsqueeze(2);
}

Tensor transforms::detail::normalize(const Tensor& input, const Tensor& mean, const Tensor& stddev) {
  return input.sub(mean).div(stddev);
}

}  // namespace hearth::data
