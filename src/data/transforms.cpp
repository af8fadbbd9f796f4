#include "hearth/data/transforms.h"

// The libraries' own types, once for all programs.
template class std::vector<hearth::data::Example<>>;

namespace hearth::data::transforms {

template class BatchTransform<std::vector<Example<>>, Example<>>;
template class BatchTransform<std::vector<Example<>>, std::vector<Example<>>>;
template class Transform<Example<>, Example<>>;
template class TensorTransform<>;
template struct Normalize<>;

Tensor detail::channel_statistics(ArrayRef<double> values) {
  return tensor(hearth::detail::TensorDataContainer(values), kFloat32).unsqueeze(1).unsqueeze(2);
}

Tensor detail::normalize(const Tensor& input, const Tensor& mean, const Tensor& stddev) {
  return input.sub(mean).div(stddev);
}

Example<> Stack<Example<>>::apply_batch(std::vector<Example<>> examples) {
  std::vector<Tensor> data, targets;
  data.reserve(examples.size());
  targets.reserve(examples.size());
  for (Example<>& e : examples) {
    data.push_back(std::move(e.data));
    targets.push_back(std::move(e.target));
  }
  return {hearth::stack(data), hearth::stack(targets)};
}

TensorExample Stack<TensorExample>::apply_batch(std::vector<TensorExample> examples) {
  std::vector<Tensor> data;
  data.reserve(examples.size());
  for (TensorExample& e : examples) data.push_back(std::move(e.data));
  return hearth::stack(data);
}

}  // namespace hearth::data::transforms
