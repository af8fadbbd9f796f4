// Connectionist temporal classification.
#include <limits>

#include "hearth/autograd.h"
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

/// What a call of ctc_loss is, but for its reduction.
struct Alignment {
  Tensor targets;  // [N, S]
  std::vector<int64_t> inputs, labels;
  int64_t blank;
  bool zero_infinity;
};
/// As a tensor [N, 1].
Tensor column(const std::vector<int64_t>& numbers) {
  return tensor(ArrayRef<int64_t>(numbers)).view({static_cast<int64_t>(numbers.size()), 1});
}

constexpr double kNever = -1e30;  // of an impossible alignment: infinities would have no gradient

/// The logarithm of the sum over all alignments, [N] in double, made of ops: the recursion over frames of Graves et
/// al., equations 5 to 8. Sequences without frames give 0.
Tensor log_likelihood(const Tensor& x, const Alignment& a) {
  const int64_t frames = x.size(0), batch = x.size(1), states = 2 * a.targets.size(1) + 1;
  Tensor label = full({batch, states}, a.blank, kLong), skips = zeros({batch, states}, kBool);
  label.slice(1, 1, states, 2).copy_(a.targets);
  if (states > 3) skips.slice(1, 3, states, 2).copy_(a.targets.slice(1, 1).ne(a.targets.slice(1, 0, -1)));
  const Tensor said = x.to(kDouble).gather(2, label.unsqueeze(0).expand({frames, batch, states}));
  const Tensor inputs = column(a.inputs), ends = column(a.labels) * 2, none = full({batch, 2}, kNever, kDouble);
  Tensor at = frames > 0 ? said[0].masked_fill(arange(states).ge(2), kNever) : full({batch, states}, kNever, kDouble);
  for (int64_t t = 1; t < frames; ++t) {
    const Tensor before = cat({none, at}, 1);
    const Tensor moved = logaddexp(logaddexp(at, before.narrow(1, 1, states)),
                                   before.narrow(1, 0, states).masked_fill(skips.logical_not(), kNever));
    at = where(inputs.gt(t), moved + said[t], at);
  }
  const Tensor last = at.gather(1, ends), before_last = at.gather(1, (ends - 1).clamp_min(0));
  return where(ends.gt(0), logaddexp(last, before_last), last).masked_fill(inputs.eq(0), 0).squeeze(1);
}

/// The same gradient as the kernel's, made of ops, so that it has a gradient of its own.
Tensor differentiable_grad(const Tensor& g, const Tensor& x, const Alignment& a) {
  const Tensor likelihood = log_likelihood(x, a), weights = g.to(kDouble);
  const Tensor posterior =
      autograd::grad({likelihood}, {x}, {weights}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  const Tensor within = arange(x.size(0)).view({-1, 1}).lt(column(a.inputs).view({1, -1})).unsqueeze(2);  // [T, N, 1]
  const Tensor impossible = likelihood.detach().lt(kNever / 2).view({1, -1, 1}).logical_and(within);
  const Tensor gx = (x.exp() * g.view({1, -1, 1})).masked_fill(within.logical_not(), 0) - posterior;
  return gx.masked_fill(impossible, a.zero_infinity ? 0 : std::numeric_limits<double>::quiet_NaN());
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
    return [x = autograd::Saved(x), a = Alignment{padded, inputs, labels, blank, zero_infinity}](const Tensor& g) {
      const Tensor in = *x;
      if (GradMode::is_enabled()) return differentiable_grad(g, in, a);
      Tensor gx = make_tensor(in.sizes(), in.scalar_type());
      kernels(g.device())
          .ctc_loss_backward(gx, g.contiguous(), in, a.targets, a.inputs, a.labels, a.blank, a.zero_infinity);
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
