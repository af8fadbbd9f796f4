// Losses.
#include "ops/loss.h"

#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"

namespace hearth {

namespace {

using autograd::Grads;
using autograd::Needs;
using autograd::Saved;

Tensor nll_rows_grad(const Tensor& g, const Tensor& target, const Tensor& weight, IntArrayRef sizes,
                     int64_t ignore_index) {
  Tensor gx = make_tensor(sizes, g.scalar_type());
  kernels(g.device()).nll_loss_backward(gx, g.contiguous(), target, weight, ignore_index);
  return autograd::record("nll_loss_backward", gx, {&g}, [&] {
    return [target, weight, ignore_index](const Tensor& gg) {
      Tensor out = make_tensor(target.sizes(), gg.scalar_type()), total = make_tensor({}, gg.scalar_type());
      if (!GradMode::is_enabled()) {
        kernels(gg.device()).nll_loss(out, total, gg.contiguous(), target, weight, ignore_index);
        return out;
      }
      const Tensor counted = target.ne(ignore_index);
      const Tensor places = target.masked_fill(counted.logical_not(), 0);
      Tensor picked = -gg.gather(1, places.unsqueeze(1)).squeeze(1);
      if (weight.defined()) picked = picked * weight.index_select(0, places);
      return picked.masked_fill(counted.logical_not(), 0);
    };
  });
}

/// -w * x at each target, unreduced [N], and the sum of the weights that counted.
std::tuple<Tensor, Tensor> nll_rows(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t ignore_index) {
  Tensor out = make_tensor(target.sizes(), x.scalar_type()), total = make_tensor({}, x.scalar_type());
  kernels(x.device()).nll_loss(out, total, x.contiguous(), target, weight, ignore_index);
  Tensor y = autograd::record("nll_loss", out, {&x}, [&] {
    return [target = Saved(target), weight = weight.defined() ? weight.detach() : weight, ignore_index,
            sizes = DimVector(x.sizes())](const Tensor& g) {
      return nll_rows_grad(g, *target, weight, sizes, ignore_index);
    };
  });
  return {y, total};
}

}  // namespace

/// The negative log-likelihood of target [N, …] (class indices, int64) under log-probabilities self [N, C, …] or [C].
/// Targets equal to ignore_index don't count; the mean is weighted by weight [C] where defined.
//:
Tensor nll_loss(const Tensor& self, const Tensor& target, const Tensor& weight /* = {} */,
                int64_t reduction /* = Reduction::Mean */, int64_t ignore_index /* = -100 */) {
  if (autocast::raises(self)) return nll_loss(autocast::raised(self), target, weight, reduction, ignore_index);
  check_pair("nll_loss", self, target);
  if (target.scalar_type() != kLong && target.scalar_type() != kByte)
    throw DtypeError(fmt::format("[nll_loss] target is {} but must be Long (class indices); convert it with to(kLong)",
                                 target.scalar_type()),
                     target.scalar_type(), kLong);
  const int64_t rank = self.dim();
  DimVector expected(self.sizes());
  if (rank > 0) expected.erase(rank == 1 ? 0 : 1);
  if (rank == 0 || target.sizes() != IntArrayRef(expected))
    throw ShapeError(fmt::format("[nll_loss] target of shape {} does not fit input of shape {}; expected target {}",
                                 shape_text(target.sizes()), shape_text(self.sizes()), shape_text(expected)),
                     target.sizes().vec(), ArrayRef<int64_t>(expected).vec());
  const int64_t classes = self.size(rank == 1 ? 0 : 1);
  if (weight.defined() &&
      (weight.dim() != 1 || weight.numel() != classes || weight.scalar_type() != self.scalar_type()))
    fail<ShapeError>(
        "[nll_loss] weight must be a {} vector with one entry for each of the {} classes, but is {} of shape "
        "{}",
        self.scalar_type(), classes, weight.scalar_type(), shape_text(weight.sizes()));
  const Tensor x = rank == 2 ? self : rank == 1 ? self.unsqueeze(0) : self.movedim(1, -1).reshape({-1, classes});
  const Tensor t = target.detach().to(kLong).reshape({-1});
  const auto [rows, total] = nll_rows(x, t, weight, ignore_index);
  if (reduction == Reduction::None) return rows.reshape(target.sizes());
  const Tensor sum = rows.sum();
  if (reduction == Reduction::Sum) return sum;
  return reduction == Reduction::Mean ? sum / total : apply_reduction("nll_loss", sum, reduction);
}
//:
Tensor nll_loss_nd(const Tensor& self, const Tensor& target, const Tensor& weight /* = {} */,
                   int64_t reduction /* = Reduction::Mean */, int64_t ignore_index /* = -100 */) {
  return nll_loss(self, target, weight, reduction, ignore_index);
}
//:
Tensor nll_loss2d(const Tensor& self, const Tensor& target, const Tensor& weight /* = {} */,
                  int64_t reduction /* = Reduction::Mean */, int64_t ignore_index /* = -100 */) {
  return nll_loss(self, target, weight, reduction, ignore_index);
}

namespace {
Tensor per_class(const Tensor& weight, const Tensor& x, int64_t dim) {
  DimVector shape(static_cast<size_t>(x.dim()), 1);
  shape[static_cast<size_t>(dim)] = weight.numel();
  return weight.reshape(shape);
}
/// The part of label smoothing that spreads over all classes.
Tensor smoothed(const Tensor& logp, const Tensor& nll, const Tensor& target, const Tensor& weight, int64_t reduction,
                int64_t ignore_index, double smoothing, int64_t dim) {
  const Tensor ignored = target.eq(ignore_index);
  const Tensor spread = weight.defined() ? -(logp * per_class(weight, logp, dim)).sum(dim) : -logp.sum(dim);
  Tensor smooth = spread.masked_fill(ignored, 0);
  if (reduction == Reduction::Mean) {
    const Tensor places = target.masked_fill(ignored, 0);
    const Tensor count =
        weight.defined()
            ? weight.index_select(0, places.reshape({-1})).reshape(places.sizes()).masked_fill(ignored, 0).sum()
            : ignored.logical_not().sum().to(logp.scalar_type());
    smooth = smooth.sum() / count;
  } else if (reduction == Reduction::Sum) {
    smooth = smooth.sum();
  }
  return nll * (1 - smoothing) + smooth * (smoothing / static_cast<double>(logp.size(dim)));
}
}  // namespace
/// The cross entropy between logits self [N, C, …] or [C] and target: class indices [N, …] (int64), or probabilities of
/// self's shape.
//:
Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const Tensor& weight /* = {} */,
                          int64_t reduction /* = Reduction::Mean */, int64_t ignore_index /* = -100 */,
                          double label_smoothing /* = 0 */) {
  if (autocast::raises(self))
    return cross_entropy_loss(autocast::raised(self), target, weight, reduction, ignore_index, label_smoothing);
  check_pair("cross_entropy", self, target);
  if (!(label_smoothing >= 0 && label_smoothing <= 1))
    fail("[cross_entropy] label_smoothing must be between 0.0 and 1.0. Got: {}", label_smoothing);
  if (self.dim() == 0) fail<ShapeError>("[cross_entropy] the input has no class dimension (0-dim)");
  const int64_t dim = self.dim() == 1 ? 0 : 1;
  if (self.sizes() == target.sizes() && target.is_floating_point()) {
    Tensor t = target;
    if (label_smoothing > 0) t = t * (1 - label_smoothing) + label_smoothing / static_cast<double>(self.size(dim));
    Tensor products = log_softmax(self, dim) * t;
    if (weight.defined()) products = products * per_class(weight, self, dim);
    return apply_reduction("cross_entropy", -products.sum(dim), reduction);
  }
  const Tensor logp = log_softmax(self, dim);
  const Tensor nll = nll_loss(logp, target, weight, reduction, ignore_index);
  if (label_smoothing == 0) return nll;
  return smoothed(logp, nll, target, weight, reduction, ignore_index, label_smoothing, dim);
}

/// (self - target)^2
//: out
Tensor mse_loss(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */) {
  if (autocast::raises(self) || autocast::raises(target))
    return mse_loss(autocast::raised(self), autocast::raised(target), reduction);
  check_pair("mse_loss", self, target);
  Tensor loss = binary(
      BinaryOp::mse, "mse_loss", self, target, [](const Tensor& g, A a, B b) { return g * ((a - b) * 2); },
      [](const Tensor& g, A a, B b) { return g * ((b - a) * 2); });
  return apply_reduction("mse_loss", loss, reduction);
}
/// |self - target|
//:
Tensor l1_loss(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */) {
  if (autocast::raises(self) || autocast::raises(target))
    return l1_loss(autocast::raised(self), autocast::raised(target), reduction);
  check_pair("l1_loss", self, target);
  return apply_reduction("l1_loss", (self - target).abs(), reduction);
}
/// Squared below beta and linear above (Girshick, 2015).
//: out
Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */,
                      double beta /* = 1 */) {
  if (autocast::raises(self) || autocast::raises(target))
    return smooth_l1_loss(autocast::raised(self), autocast::raised(target), reduction, beta);
  check_pair("smooth_l1_loss", self, target);
  if (beta < 0) fail("[smooth_l1_loss] does not support negative values for beta, got {}", beta);
  if (beta == 0) return l1_loss(self, target, reduction);
  const auto slope = [beta](const Tensor& d) { return (d / beta).clamp(-1, 1); };
  Tensor loss = binary(
      BinaryOp::smooth_l1, "smooth_l1_loss", self, target,
      [slope](const Tensor& g, A a, B b) { return g * slope(a - b); },
      [slope](const Tensor& g, A a, B b) { return g * slope(b - a); }, {{Scalar(), beta}});
  return apply_reduction("smooth_l1_loss", loss, reduction);
}
/// Squared below delta and linear above (Huber, 1964).
//: out
Tensor huber_loss(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */,
                  double delta /* = 1 */) {
  if (autocast::raises(self) || autocast::raises(target))
    return huber_loss(autocast::raised(self), autocast::raised(target), reduction, delta);
  check_pair("huber_loss", self, target);
  if (!(delta > 0)) fail("[huber_loss] does not support non-positive values for delta, got {}", delta);
  Tensor loss = binary(
      BinaryOp::huber, "huber_loss", self, target,
      [delta](const Tensor& g, A a, B b) { return g * (a - b).clamp(-delta, delta); },
      [delta](const Tensor& g, A a, B b) { return g * (b - a).clamp(-delta, delta); }, {{Scalar(), delta}});
  return apply_reduction("huber_loss", loss, reduction);
}
/// -(target * log(self) + (1 - target) * log(1 - self)), logarithms at least -100; self must be in [0, 1].
//:
Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const Tensor& weight /* = {} */,
                            int64_t reduction /* = Reduction::Mean */) {
  if (autocast::raises(self)) return binary_cross_entropy(autocast::raised(self), target, weight, reduction);
  check_pair("binary_cross_entropy", self, target);
  check_same_shape("binary_cross_entropy", "target", target, self);
  const Tensor x = self.detach();
  if (x.numel() > 0 && !logical_and(x.ge(0), x.le(1)).all().item<bool>())
    fail(
        "[binary_cross_entropy] all elements of input should be between 0 and 1; use "
        "binary_cross_entropy_with_logits for logits");
  Tensor loss = (target - 1) * (1 - self).log().clamp_min(-100) - target * self.log().clamp_min(-100);
  if (weight.defined()) loss = loss * weight;
  return apply_reduction("binary_cross_entropy", loss, reduction);
}
/// The same of sigmoid(self), without overflow; pos_weight multiplies the positive part of each class (last dimension).
//:
Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const Tensor& weight /* = {} */,
                                        const Tensor& pos_weight /* = {} */,
                                        int64_t reduction /* = Reduction::Mean */) {
  if (autocast::raises(self))
    return binary_cross_entropy_with_logits(autocast::raised(self), target, weight, pos_weight, reduction);
  check_pair("binary_cross_entropy_with_logits", self, target);
  check_same_shape("binary_cross_entropy_with_logits", "target", target, self);
  Tensor loss;
  if (pos_weight.defined()) {
    const Tensor scale = (pos_weight - 1) * target + 1;
    loss = (1 - target) * self + scale * softplus(-self, 1, 1000);
  } else {
    loss = binary(
        BinaryOp::bce_with_logits, "binary_cross_entropy_with_logits", self, target,
        [](const Tensor& g, A a, B b) { return g * (a.sigmoid() - b); }, [](const Tensor& g, A a) { return g * -a; });
  }
  if (weight.defined()) loss = loss * weight;
  return apply_reduction("binary_cross_entropy_with_logits", loss, reduction);
}
/// target * (log(target) - self) for log-probabilities self; with log_target, target holds logarithms too.
//:
Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction /* = Reduction::Mean */,
              bool log_target /* = false */) {
  if (autocast::raises(self) || autocast::raises(target))
    return kl_div(autocast::raised(self), autocast::raised(target), reduction, log_target);
  check_pair("kl_div", self, target);
  const Tensor loss = log_target ? target.exp() * (target - self) : xlogy(target, target) - target * self;
  return apply_reduction("kl_div", loss, reduction);
}

}  // namespace hearth
