#include "hearth/data/dataset.h"

namespace hearth::data::datasets {

template class BatchDataset<TensorDataset, std::vector<TensorExample>>;
template class Dataset<TensorDataset, TensorExample>;

TensorDataset::TensorDataset(const std::vector<Tensor>& tensors) : TensorDataset(stack(tensors)) {}
TensorDataset::TensorDataset(Tensor rows) : tensor(std::move(rows)) {}
TensorExample TensorDataset::get(size_t index) { return tensor[static_cast<int64_t>(index)]; }
std::optional<size_t> TensorDataset::size() const { return static_cast<size_t>(tensor.size(0)); }

}  // namespace hearth::data::datasets
