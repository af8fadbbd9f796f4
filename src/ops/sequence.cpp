// Sequences of different lengths: padded into one tensor, or packed step after step without the padding.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

/// sequences [T_i, *] as one tensor [T, N, *], or [N, T, *] with batch_first, padding_value past each end.
//:
Tensor pad_sequence(TensorList sequences, bool batch_first /* = false */, double padding_value /* = 0.0 */) {
  if (sequences.empty()) fail("[pad_sequence] received an empty list of sequences");
  int64_t longest = 0;
  for (const Tensor& s : sequences) {
    checked_impl("pad_sequence", s);
    if (s.dim() == 0 || s.sizes().slice(1) != sequences[0].sizes().slice(1))
      throw ShapeError(fmt::format("[pad_sequence] sequences must be [T, *] with one *, but have shapes {} and {}",
                                   shape_text(sequences[0].sizes()), shape_text(s.sizes())),
                       s.sizes().vec(), sequences[0].sizes().vec());
    longest = std::max(longest, s.size(0));
  }
  std::vector<Tensor> padded;
  for (const Tensor& s : sequences) {
    DimVector rest(s.sizes());
    rest[0] = longest - s.size(0);
    padded.push_back(rest[0] > 0 ? cat({s, full(rest, padding_value, s.options())}) : s);
  }
  return stack(padded, batch_first ? 0 : 1);
}

/// The rows of input [T, N, *] ([N, T, *] with batch_first) that lengths [N], from long to short, leave, step after
/// step, and how many there are of each step.
//:
std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first) {
  const char* op = "pack_padded_sequence";
  checked_impl(op, input);
  checked_impl(op, lengths);
  const Tensor x = batch_first ? input.transpose(0, 1) : input;
  if (x.dim() < 2 || lengths.dim() != 1 || lengths.numel() != x.size(1) || lengths.scalar_type() != kLong)
    throw ShapeError(fmt::format("[{}] expected one Long length for each sequence, but lengths are {} of shape {} for "
                                 "input of shape {}",
                                 op, lengths.scalar_type(), shape_text(lengths.sizes()), shape_text(input.sizes())),
                     lengths.sizes().vec(), input.sizes().vec());
  const Tensor own = lengths.detach().contiguous();
  const int64_t batch = x.size(1), *length = own.data_ptr<int64_t>();
  for (int64_t i = 0; i < batch; ++i) {
    if (length[i] <= 0 || length[i] > x.size(0))
      fail("[{}] length {} of sequence {} is not between 1 and {}", op, length[i], i, x.size(0));
    if (i > 0 && length[i] > length[i - 1])
      fail("[{}] lengths must fall: {} follows {} at position {}; pass enforce_sorted=false to have them sorted", op,
           length[i], length[i - 1], i);
  }
  if (batch == 0) fail("[{}] the batch is empty", op);
  const int64_t steps = length[0];
  Tensor sizes = empty({steps}, kLong), places = empty({own.sum().item<int64_t>()}, kLong);
  int64_t* place = places.data_ptr<int64_t>();
  for (int64_t t = 0, rows = batch; t < steps; ++t) {
    while (length[rows - 1] <= t) --rows;
    sizes.data_ptr<int64_t>()[t] = rows;
    for (int64_t b = 0; b < rows; ++b) *place++ = t * batch + b;
  }
  return {x.flatten(0, 1).index_select(0, places), sizes};
}

/// The way back: [T, N, *] with padding_value past each end, and the lengths [N]; T is total_length or the longest.
//:
std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes, bool batch_first,
                                                const Scalar& padding_value, int64_t total_length) {
  const char* op = "pad_packed_sequence";
  checked_impl(op, data);
  checked_impl(op, batch_sizes);
  if (data.dim() < 1 || batch_sizes.dim() != 1 || batch_sizes.scalar_type() != kLong || batch_sizes.numel() == 0)
    throw ShapeError(fmt::format("[{}] batch_sizes must be a Long vector with an entry a step, but are {} of shape {}",
                                 op, batch_sizes.scalar_type(), shape_text(batch_sizes.sizes())),
                     batch_sizes.sizes().vec());
  const Tensor sizes = batch_sizes.contiguous();
  const int64_t steps = sizes.numel(), *rows = sizes.data_ptr<int64_t>(), batch = rows[0];
  const int64_t length = total_length > 0 ? total_length : steps;
  if (length < steps)
    fail(
        "[{}] expected total_length to be at least the length of the longest sequence in input, but got "
        "total_length={} and max sequence length being {}",
        op, total_length, steps);
  Tensor places = empty({data.size(0)}, kLong), lengths = zeros({std::max<int64_t>(batch, 0)}, kLong);
  int64_t at = 0;
  for (int64_t t = 0; t < steps; ++t) {
    if (rows[t] < 1 || (t > 0 && rows[t] > rows[t - 1]) || at + rows[t] > data.size(0))
      fail<ShapeError>("[{}] batch size {} at step {} does not fit: they never grow and sum to the {} rows", op,
                       rows[t], t, data.size(0));
    for (int64_t b = 0; b < rows[t]; ++b) {
      places.data_ptr<int64_t>()[at++] = t * batch + b;
      lengths.data_ptr<int64_t>()[b] = t + 1;
    }
  }
  if (at != data.size(0)) fail<ShapeError>("[{}] batch sizes sum to {} but data has {} rows", op, at, data.size(0));
  DimVector shape(data.sizes());
  shape[0] = length * batch;
  const Tensor flat = full(shape, padding_value, data.options()).index_copy(0, places, data);
  const Tensor padded = flat.unflatten(0, {length, batch});
  return {batch_first ? padded.transpose(0, 1) : padded, lengths};
}

}  // namespace hearth
