#pragma once

#include <string>

#include "hearth/data/dataset.h"

namespace hearth::data::datasets {

/// Rows of two arrays of equal length, data and target. From a file they lie on the file itself where its format
/// allows: nothing is read before it is used.
class HEARTH_API ArrayDataset : public Dataset<ArrayDataset> {
 public:
  /// [N, …] each. ShapeError where the lengths differ.
  ArrayDataset(Tensor data, Tensor target);
  static ArrayDataset from_npy(const std::string& data_path, const std::string& target_path);
  static ArrayDataset from_npz(const std::string& path, const std::string& data = "x", const std::string& target = "y");
  static ArrayDataset from_safetensors(const std::string& path, const std::string& data = "x",
                                       const std::string& target = "y");
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(data_.size(0)); }
  const Tensor& data() const { return data_; }
  const Tensor& target() const { return target_; }

 private:
  Tensor data_, target_;
};

}  // namespace hearth::data::datasets
