#pragma once

#include "hearth/data/dataset.h"

namespace hearth::data::datasets {

/// Drawn digits: strokes with random slant, size, thickness, place and noise, made from the seed alone; no file is
/// read. Images [N, 1, 28, 28] in [0, 1], targets [N] (int64). Sample i of a seed is the same whatever the size.
class HEARTH_API Digits : public Dataset<Digits> {
 public:
  explicit Digits(size_t size, uint64_t seed = 0);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(images_.size(0)); }
  using RowsOf = Digits;
  std::array<const Tensor*, 2> rows() const { return {&images_, &targets_}; }
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return targets_; }

 private:
  Tensor images_, targets_;
};

}  // namespace hearth::data::datasets
