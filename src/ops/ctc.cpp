// Connectionist temporal classification.
#include "ops/loss.h"

namespace hearth {

namespace {

std::vector<int64_t> as_lengths(const Tensor& t, const char* what) {
  checked_impl("ctc_loss", t);
  if (t.scalar_type() != kLong && t.scalar_type() != kInt)
    throw DtypeError(fmt::format("[ctc_loss] {} is {} but must be Long", what, t.scalar_type()), t.scalar_type(),
                     kLong);
  const Tensor flat = t.detach().to(kLong).reshape({-1});
  std::vector<int64_t> out(static_cast<size_t>(flat.numel()));
  for (size_t i = 0; i < out.size(); ++i) out[i] = flat[static_cast<int64_t>(i)].item<int64_t>();
  return out;
}
std::vector<int64_t> checked_lengths(IntArrayRef lengths, const char* what, int64_t batch, int64_t most) {
  if (static_cast<int64_t>(lengths.size()) != batch)
    fail<ShapeError>("[ctc_loss] {} has {} entries for a batch of {}; give one a sequence", what, lengths.size(),
                     batch);
  for (size_t i = 0; i < lengths.size(); ++i)
    if (lengths[i] < 0 || lengths[i] > most)
      fail("[ctc_loss] {} {} at position {} is outside 0 to {}", what, lengths[i], i, most);
  return lengths.vec();
}

/// Targets as [N, longest], from that form or from all of them in one row.
Tensor padded_targets(const Tensor& targets, const std::vector<int64_t>& lengths, int64_t classes, int64_t blank) {
  const auto batch = static_cast<int64_t>(lengths.size());
  int64_t longest = 0, total = 0;
  for (const int64_t n : lengths) {
    longest = std::max(longest, n);
    total += n;
  }
  const bool row = targets.dim() == 1;
  if (row ? targets.numel() != total : targets.dim() != 2 || targets.size(0) != batch || targets.size(1) < longest)
    throw ShapeError(fmt::format("[ctc_loss] targets of shape {} do not fit target lengths that sum to {}, the longest "
                                 "{}; expected [N, S] or all in one row",
                                 shape_text(targets.sizes()), total, longest),
                     targets.sizes().vec());
  Tensor out = zeros({batch, longest}, kLong);
  const Tensor from = targets.detach().to(kLong).contiguous();
  const int64_t* source = from.data_ptr<int64_t>();
  for (int64_t n = 0, at = 0; n < batch; at += lengths[static_cast<size_t>(n++)]) {
    const int64_t* line = source + (row ? at : n * targets.size(1));
    for (int64_t i = 0; i < lengths[static_cast<size_t>(n)]; ++i) {
      if (line[i] < 0 || line[i] >= classes || line[i] == blank)
        throw IndexError(fmt::format("[ctc_loss] target {} of sequence {} at position {} is no label: there are {} "
                                     "classes and {} is the blank",
                                     line[i], n, i, classes, blank),
                         line[i], classes);
      out.data_ptr<int64_t>()[n * longest + i] = line[i];
    }
  }
  return out;
}

}  // namespace

/// The negative log-likelihood of label sequences, summed over all alignments (Graves et al., 2006). log_probs [T, N,
/// C] (or [T, C]) come from log_softmax: the gradient is the one that its gradient turns into softmax - posterior, as
/// in LibTorch. targets [N, S], or all of them in one row. The mean divides by the target lengths first.
//:
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths,
                int64_t blank /* = 0 */, int64_t reduction /* = Reduction::Mean */, bool zero_infinity /* = false */) {
  check_pair("ctc_loss", log_probs, targets);
  if (log_probs.dim() != 2 && log_probs.dim() != 3)
    throw ShapeError(fmt::format("[ctc_loss] expected log-probabilities of shape [T, N, C] or [T, C], but got {}",
                                 shape_text(log_probs.sizes())),
                     log_probs.sizes().vec());
  if (targets.scalar_type() != kLong && targets.scalar_type() != kInt)
    throw DtypeError(fmt::format("[ctc_loss] targets are {} but must be Long", targets.scalar_type()),
                     targets.scalar_type(), kLong);
  const bool batched = log_probs.dim() == 3;
  const Tensor x = (batched ? log_probs : log_probs.unsqueeze(1));
  const int64_t frames = x.size(0), batch = x.size(1), classes = x.size(2);
  if (blank < 0 || blank >= classes) fail("[ctc_loss] blank is {} but must be a class of 0 to {}", blank, classes - 1);
  const auto inputs = checked_lengths(input_lengths, "input_lengths", batch, frames);
  const auto labels = checked_lengths(target_lengths, "target_lengths", batch, INT64_MAX / 4);
  const Tensor padded = padded_targets(targets, labels, classes, blank);
  Tensor loss = make_tensor({batch}, x.scalar_type());
  kernels(x.device()).ctc_loss(loss, x, padded, inputs, labels, blank);
  loss = autograd::record("ctc_loss", loss, {&x}, [&] {
    return [x = autograd::Saved(x), padded, inputs, labels, blank, zero_infinity](const Tensor& g) {
      if (GradMode::is_enabled())
        fail<NotImplementedError>("[ctc_loss] has no second derivative; call backward without create_graph");
      const Tensor in = *x;
      Tensor gx = make_tensor(in.sizes(), in.scalar_type());
      kernels(g.device()).ctc_loss_backward(gx, g.contiguous(), in, padded, inputs, labels, blank, zero_infinity);
      return gx;
    };
  });
  if (zero_infinity) loss = loss.masked_fill(loss.detach().isinf(), 0);
  if (reduction == Reduction::Mean) {
    Tensor counts = make_tensor({batch}, x.scalar_type());
    for (int64_t n = 0; n < batch; ++n)
      counts[n].fill_(static_cast<double>(std::max<int64_t>(1, labels[static_cast<size_t>(n)])));
    return (loss / counts).mean();
  }
  return apply_reduction("ctc_loss", batched || reduction != Reduction::None ? loss : loss.squeeze(0), reduction);
}
//:
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, int64_t blank /* = 0 */, int64_t reduction /* = Reduction::Mean */,
                bool zero_infinity /* = false */) {
  return ctc_loss(log_probs, targets, IntArrayRef(as_lengths(input_lengths, "input_lengths")),
                  IntArrayRef(as_lengths(target_lengths, "target_lengths")), blank, reduction, zero_infinity);
}

}  // namespace hearth
