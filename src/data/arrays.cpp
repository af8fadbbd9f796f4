#include "hearth/data/arrays.h"

#include "base/fail.h"
#include "hearth/io/npy.h"
#include "hearth/io/safetensors.h"
#include "hearth/ops.h"

namespace hearth::data::datasets {

ArrayDataset::ArrayDataset(Tensor data, Tensor target) : data_(std::move(data)), target_(std::move(target)) {
  if (data_.dim() < 1 || target_.dim() < 1 || data_.size(0) != target_.size(0))
    throw ShapeError(fmt::format("[ArrayDataset] data {} and target {} must be [N, …] with the same N",
                                 shape_text(data_.sizes()), shape_text(target_.sizes())),
                     data_.sizes().vec(), target_.sizes().vec());
}

ArrayDataset ArrayDataset::from_npy(const std::string& data_path, const std::string& target_path) {
  return {io::load_npy(data_path, true), io::load_npy(target_path, true)};
}

ArrayDataset ArrayDataset::from_npz(const std::string& path, const std::string& data, const std::string& target) {
  const nn::StateDict all = io::load_npz(path, true);
  const auto find = [&](const std::string& name) {
    if (const Tensor* t = all.find(name)) return *t;
    std::string names;
    for (const auto& item : all) names += (names.empty() ? "" : ", ") + item.key();
    fail("[ArrayDataset] {} has no array \"{}\"; it has {}", path, name, names);
  };
  return {find(data), find(target)};
}

ArrayDataset ArrayDataset::from_safetensors(const std::string& path, const std::string& data,
                                            const std::string& target) {
  const io::SafeTensorsFile file(path);
  return {file.get(data), file.get(target)};
}

Example<> ArrayDataset::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {data_[i], target_[i]};
}

}  // namespace hearth::data::datasets
