#pragma once

#include "hearth/ops.h"

/// Sequences of different lengths, padded and packed.
namespace hearth::nn::utils::rnn {

/// Where each element of a permutation went; undefined for an undefined one.
HEARTH_API Tensor invert_permutation(const Tensor& permutation);

/// Sequences without padding: all rows of the first step, then of the second, longest sequence first. Made by
/// pack_sequence and pack_padded_sequence.
class HEARTH_API PackedSequence {
 public:
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {}, Tensor unsorted_indices = {});
  /// [rows, *]
  const Tensor& data() const { return data_; }
  /// How many sequences have each step, Long.
  const Tensor& batch_sizes() const { return batch_sizes_; }
  /// The sequences' places before and after sorting; undefined where they came sorted.
  const Tensor& sorted_indices() const { return sorted_indices_; }
  const Tensor& unsorted_indices() const { return unsorted_indices_; }
  PackedSequence to(TensorOptions options) const;
  PackedSequence cuda() const { return to(kCUDA); }
  PackedSequence cpu() const { return to(kCPU); }
  PackedSequence pin_memory() const { return *this; }
  bool is_cuda() const { return data_.is_cuda(); }
  bool is_pinned() const { return data_.is_pinned(); }

 private:
  Tensor data_, batch_sizes_, sorted_indices_, unsorted_indices_;
};

/// input [T, N, *] ([N, T, *] with batch_first) of sequences with these lengths [N], which must fall unless
/// enforce_sorted is false.
HEARTH_API PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false,
                                               bool enforce_sorted = true);
/// The way back, in the order that the sequences came in: [T, N, *] and the lengths.
HEARTH_API std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first = false,
                                                          double padding_value = 0.0,
                                                          std::optional<int64_t> total_length = std::nullopt);
HEARTH_API Tensor pad_sequence(ArrayRef<Tensor> sequences, bool batch_first = false, double padding_value = 0);
/// The sequences of a padded tensor without the padding.
HEARTH_API std::vector<Tensor> unpad_sequence(const Tensor& padded_sequences, const Tensor& lengths,
                                              bool batch_first = false);
/// The sequences that were packed, in the order that they came in.
HEARTH_API std::vector<Tensor> unpack_sequence(const PackedSequence& packed_sequences);
HEARTH_API PackedSequence pack_sequence(ArrayRef<Tensor> sequences, bool enforce_sorted = true);

}  // namespace hearth::nn::utils::rnn
