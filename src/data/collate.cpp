#include "hearth/data/collate.h"

#include <algorithm>

#include "base/fail.h"

namespace hearth::data {

namespace {

template <class T>
Tensor numbers(const T* values, size_t n) {
  Tensor out = empty({static_cast<int64_t>(n)}, scalar_type_of<T>());
  std::copy(values, values + n, out.data_ptr<T>());
  return out;
}

}  // namespace

Tensor detail::collate_tensors(std::vector<Tensor> samples) { return stack(samples); }
Tensor detail::collate_numbers(const bool* values, size_t n) { return numbers(values, n); }
Tensor detail::collate_numbers(const float* values, size_t n) { return numbers(values, n); }
Tensor detail::collate_numbers(const double* values, size_t n) { return numbers(values, n); }
Tensor detail::collate_numbers(const int64_t* values, size_t n) { return numbers(values, n); }

void detail::collate_unequal(const char* what, size_t sample, size_t got, size_t expected) {
  fail("[default_collate] sample {} of the batch has {} {} and the first one {}; they must agree, or use pad_collate",
       sample, got, what, expected);
}

PaddedTensor pad_tensors(const std::vector<Tensor>& samples, double value, int64_t multiple) {
  if (samples.empty()) fail("[pad_tensors] there is no sample to pad");
  if (multiple < 1) fail("[pad_tensors] multiple is {}; it must be at least 1", multiple);
  const Tensor& first = samples[0];
  const int64_t rank = first.dim();
  std::vector<int64_t> sizes(static_cast<size_t>(rank) + 1);
  sizes[0] = static_cast<int64_t>(samples.size());
  bool equal_sizes = true;
  for (size_t i = 0; i < samples.size(); ++i) {
    const Tensor& sample = samples[i];
    if (rank == 0 || sample.dim() != rank)
      throw ShapeError(fmt::format("[pad_tensors] sample {} has shape {} and sample 0 {}; they need the same number of "
                                   "dimensions, at least 1",
                                   i, shape_text(sample.sizes()), shape_text(first.sizes())),
                       sample.sizes().vec(), first.sizes().vec());
    if (sample.scalar_type() != first.scalar_type())
      throw DtypeError(fmt::format("[pad_tensors] sample {} is {} and sample 0 {}; convert them first", i,
                                   toString(sample.scalar_type()), toString(first.scalar_type())),
                       sample.scalar_type(), first.scalar_type());
    for (int64_t d = 0; d < rank; ++d) {
      int64_t& most = sizes[static_cast<size_t>(d) + 1];
      equal_sizes = equal_sizes && (i == 0 || most == sample.size(d));
      most = std::max(most, sample.size(d));
    }
  }
  for (size_t d = 1; d < sizes.size(); ++d) {
    const bool ragged = std::any_of(samples.begin(), samples.end(), [&](const Tensor& sample) {
      return sample.size(static_cast<int64_t>(d) - 1) != sizes[d];
    });
    if (ragged || d == 1) sizes[d] = (sizes[d] + multiple - 1) / multiple * multiple;
    equal_sizes = equal_sizes && sizes[d] == first.size(static_cast<int64_t>(d) - 1);
  }
  Tensor lengths = empty({sizes[0]}, kLong);
  Tensor data =
      equal_sizes ? empty(sizes, first.scalar_type()) : full(sizes, value, TensorOptions(first.scalar_type()));
  for (size_t i = 0; i < samples.size(); ++i) {
    Tensor place = data[static_cast<int64_t>(i)];
    for (int64_t d = 0; d < rank; ++d) place = place.narrow(d, 0, samples[i].size(d));
    place.copy_(samples[i]);
    lengths.data_ptr<int64_t>()[i] = samples[i].size(0);
  }
  return {data, lengths};
}

PaddedBatch pad_collate(const std::vector<Example<>>& samples, const PadOptions& options) {
  std::vector<Tensor> data, targets;
  for (const Example<>& sample : samples) {
    data.push_back(sample.data);
    targets.push_back(sample.target);
  }
  PaddedTensor padded = pad_tensors(data, options.value(), options.multiple());
  PaddedBatch batch{std::move(padded.data), {}, std::move(padded.lengths), {}};
  const bool single = std::all_of(targets.begin(), targets.end(), [](const Tensor& t) { return t.dim() == 0; });
  if (single) {
    batch.target = stack(targets);
  } else {
    PaddedTensor padded_targets = pad_tensors(targets, options.target_value(), options.multiple());
    batch.target = std::move(padded_targets.data);
    batch.target_lengths = std::move(padded_targets.lengths);
  }
  return batch;
}

PaddedBatch transforms::PadCollate::apply_batch(std::vector<Example<>> samples) {
  return pad_collate(samples, options);
}

}  // namespace hearth::data
