#pragma once

#include <vector>

#include "hearth/ops.h"

namespace hearth::data::samplers {

/// Says which samples make up the next batch.
template <class Request = std::vector<size_t>>
class Sampler {
 public:
  using BatchRequestType = Request;
  virtual ~Sampler() = default;
  /// Starts a new epoch, over new_size samples if given.
  virtual void reset(std::optional<size_t> new_size) = 0;
  /// At most batch_size samples; nothing when the epoch is over.
  virtual std::optional<Request> next(size_t batch_size) = 0;
};

/// All samples in a new random order each epoch, drawn from the default generator as torch::randperm does.
class HEARTH_API RandomSampler : public Sampler<> {
 public:
  explicit RandomSampler(int64_t size, ScalarType index_dtype = kInt64);
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
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
  size_t index() const noexcept { return index_; }

 private:
  size_t size_;
  size_t index_ = 0;
};

}  // namespace hearth::data::samplers
