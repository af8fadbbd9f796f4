#include <fmt/format.h>

#include "hearth/creation.h"
#include "hearth/error.h"
#include "hearth/nn/utils/rnn.h"

namespace hearth::nn::utils::rnn {

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return Tensor();
  return empty_like(permutation).scatter(0, permutation, arange(permutation.numel(), permutation.options()));
}

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices, Tensor unsorted_indices)
    : data_(std::move(data)),
      batch_sizes_(std::move(batch_sizes)),
      sorted_indices_(std::move(sorted_indices)),
      unsorted_indices_(std::move(unsorted_indices)) {
  if (!batch_sizes_.device().is_cpu())
    throw ValueError("[PackedSequence] batch_sizes should always be on CPU; make packed sequences by pack_sequence");
  if (!unsorted_indices_.defined()) unsorted_indices_ = invert_permutation(sorted_indices_);
}

PackedSequence PackedSequence::to(TensorOptions options) const {
  const Tensor data = data_.to(options);
  return data.is_same(data_) ? *this : PackedSequence(data, batch_sizes_, sorted_indices_, unsorted_indices_);
}

PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first, bool enforce_sorted) {
  lengths = lengths.to(kLong);
  Tensor sorted;
  if (!enforce_sorted) {
    std::tie(lengths, sorted) = hearth::sort(lengths, /*dim=*/-1, /*descending=*/true);
    input = input.index_select(batch_first ? 0 : 1, sorted);
  }
  const auto [data, sizes] = _pack_padded_sequence(input, lengths, batch_first);
  return PackedSequence(data, sizes, sorted);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first, double padding_value,
                                               std::optional<int64_t> total_length) {
  if (total_length && *total_length < sequence.batch_sizes().size(0))
    throw ValueError(
        fmt::format("[pad_packed_sequence] expected total_length to be at least the length of the longest "
                    "sequence in input, but got total_length={} and max sequence length being {}",
                    *total_length, sequence.batch_sizes().size(0)));
  const auto [padded, lengths] = _pad_packed_sequence(sequence.data(), sequence.batch_sizes(), batch_first,
                                                      padding_value, total_length.value_or(0));
  const Tensor& places = sequence.unsorted_indices();
  if (!places.defined()) return {padded, lengths};
  return {padded.index_select(batch_first ? 0 : 1, places), lengths.index_select(0, places)};
}

Tensor pad_sequence(ArrayRef<Tensor> sequences, bool batch_first, double padding_value) {
  return hearth::pad_sequence(sequences, batch_first, padding_value);
}

std::vector<Tensor> unpad_sequence(const Tensor& padded_sequences, const Tensor& lengths, bool batch_first) {
  const Tensor by_sequence = batch_first ? padded_sequences : padded_sequences.transpose(0, 1);
  if (lengths.dim() != 1 || lengths.size(0) != by_sequence.size(0))
    throw ShapeError(fmt::format("[unpad_sequence] lengths have shape {} for {} sequences", to_string(lengths.sizes()),
                                 by_sequence.size(0)),
                     lengths.sizes().vec());
  std::vector<Tensor> out;
  for (int64_t i = 0; i < by_sequence.size(0); ++i)
    out.push_back(by_sequence[i].narrow(0, 0, lengths[i].item<int64_t>()));
  return out;
}

std::vector<Tensor> unpack_sequence(const PackedSequence& packed_sequences) {
  const auto [padded, lengths] = pad_packed_sequence(packed_sequences, /*batch_first=*/true);
  return unpad_sequence(padded, lengths, /*batch_first=*/true);
}

PackedSequence pack_sequence(ArrayRef<Tensor> sequences, bool enforce_sorted) {
  const Tensor padded = hearth::pad_sequence(sequences);
  Tensor lengths = empty({static_cast<int64_t>(sequences.size())}, kLong);
  for (size_t i = 0; i < sequences.size(); ++i) lengths.data_ptr<int64_t>()[i] = sequences[i].size(0);
  return pack_padded_sequence(padded, lengths, /*batch_first=*/false, enforce_sorted);
}

}  // namespace hearth::nn::utils::rnn
