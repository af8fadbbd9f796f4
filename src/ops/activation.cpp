// Activation functions. Where a fused kernel does the gradient in one pass, it is used as long as nobody wants a second
// derivative.
#include <cmath>
#include <numbers>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

template <class Composed>
Tensor fused_or(BinaryOp op, const Tensor& g, const Tensor& other, const Args& args, Composed&& composed) {
  if (GradMode::is_enabled()) return composed();
  return detail::run_binary(op, "", g, other, args, false, false, false);
}
Tensor only_where(const Tensor& keep, const Tensor& g) { return where(keep, g, zeros_like(g)); }

}  // namespace

/// max(self, 0)
//: method inplace out
Tensor relu(const Tensor& self) {
  if (self.defined() && self.scalar_type() == kBool)
    throw DtypeError("[relu] bool tensors have no relu; convert with to(kInt)", kBool);
  return unary(UnaryOp::relu, "relu", self, [](const Tensor& g, Y y) {
    return fused_or(BinaryOp::relu_backward, g, y, {}, [&] { return only_where(y.gt(0), g); });
  });
}
//: method inplace
Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }
/// 1 / (1 + exp(-self))
//: method inplace out
Tensor sigmoid(const Tensor& self) {
  return unary(UnaryOp::sigmoid, "sigmoid", self, [](const Tensor& g, Y y) {
    return fused_or(BinaryOp::sigmoid_backward, g, y, {}, [&] { return g * (y * (1 - y)); });
  });
}
//: method inplace out
Tensor tanh(const Tensor& self) {
  return unary(UnaryOp::tanh, "tanh", self, [](const Tensor& g, Y y) {
    return fused_or(BinaryOp::tanh_backward, g, y, {}, [&] { return g * (1 - y * y); });
  });
}

namespace {
Tensor gelu_derivative(const Tensor& x) {
  return (x * std::sqrt(0.5)).erfc().rsub(2) * 0.5 +
         x * (x * x * -0.5).exp() * (std::numbers::inv_sqrtpi / std::numbers::sqrt2);
}
Tensor gelu_tanh_derivative(const Tensor& x) {
  const double k = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
  const Tensor t = ((x + x * x * x * 0.044715) * k).tanh();
  return (t + 1) * 0.5 + x * 0.5 * (1 - t * t) * ((x * x * (3 * 0.044715) + 1) * k);
}
}  // namespace

/// x * P(N(0, 1) <= x); approximate "tanh" takes the tanh form of Hendrycks and Gimpel (2016).
//: method inplace out
Tensor gelu(const Tensor& self, std::string_view approximate /* = "none" */) {
  checked_impl("gelu", self);
  check_floating("gelu", self);
  if (approximate == "tanh")
    return unary(UnaryOp::gelu_tanh, "gelu", self, [](const Tensor& g, A a) {
      return fused_or(BinaryOp::gelu_tanh_backward, g, a, {}, [&] { return g * gelu_tanh_derivative(a); });
    });
  if (approximate != "none") fail("[gelu] approximate is \"{}\"; use \"none\" or \"tanh\"", approximate);
  return unary(UnaryOp::gelu, "gelu", self, [](const Tensor& g, A a) {
    return fused_or(BinaryOp::gelu_backward, g, a, {}, [&] { return g * gelu_derivative(a); });
  });
}
/// self * sigmoid(self), also called swish.
//: method inplace out
Tensor silu(const Tensor& self) {
  return unary(UnaryOp::silu, "silu", self, [](const Tensor& g, A a) {
    return fused_or(BinaryOp::silu_backward, g, a, {}, [&] {
      const Tensor s = a.sigmoid();
      return g * (s * (a * (1 - s) + 1));
    });
  });
}
/// self * tanh(softplus(self)) (Misra, 2019).
//: method inplace out
Tensor mish(const Tensor& self) {
  return unary(UnaryOp::mish, "mish", self, [](const Tensor& g, A a) {
    return fused_or(BinaryOp::mish_backward, g, a, {}, [&] {
      const Tensor t = softplus(a).tanh();
      return g * (t + a * a.sigmoid() * (1 - t * t));
    });
  });
}
/// log(1 + exp(beta * self)) / beta, and self where beta * self > threshold.
//: method out
Tensor softplus(const Tensor& self, const Scalar& beta /* = 1 */, const Scalar& threshold /* = 20 */) {
  return unary(UnaryOp::softplus, "softplus", self,
               [beta, threshold](const Tensor& g, A a) {
                 return fused_or(BinaryOp::softplus_backward, g, a, {{Scalar(), beta, threshold}}, [&] {
                   const Tensor scaled = a * beta;
                   return where(scaled.gt(threshold), g, g * scaled.sigmoid());
                 });
               },
               {{beta, threshold}});
}
/// self where positive, else alpha * (exp(input_scale * self) - 1); all times scale.
//: method inplace out
Tensor elu(const Tensor& self, const Scalar& alpha /* = 1 */, const Scalar& scale /* = 1 */,
           const Scalar& input_scale /* = 1 */) {
  return unary(UnaryOp::elu, "elu", self,
               [alpha, scale, input_scale](const Tensor& g, A a) {
                 return fused_or(BinaryOp::elu_backward, g, a, {{Scalar(), alpha, scale, input_scale}}, [&] {
                   const double slope = alpha.toDouble() * scale.toDouble() * input_scale.toDouble();
                   const Tensor below = a.clamp_max(0);  // keeps exp from overflowing where its value is not used
                   return where(a.gt(0), g * scale, g * (below * input_scale).exp() * slope);
                 });
               },
               {{alpha, scale, input_scale}});
}
/// elu with the slope that is smooth at 0 for any alpha (Barron, 2017).
//: method inplace
Tensor celu(const Tensor& self, const Scalar& alpha /* = 1 */) {
  if (alpha.equal(0)) fail("[celu] alpha is 0; it divides, so give another value");
  return elu(self, alpha, 1, 1 / alpha.toDouble());
}
/// The self-normalising elu (Klambauer et al., 2017).
//: method inplace
Tensor selu(const Tensor& self) { return elu(self, 1.6732632423543772, 1.0507009873554805, 1); }
//: method inplace out
Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope /* = 0.01 */) {
  return unary(UnaryOp::leaky_relu, "leaky_relu", self,
               [negative_slope](const Tensor& g, A a) {
                 return fused_or(BinaryOp::leaky_relu_backward, g, a, {{Scalar(), negative_slope}},
                                 [&] { return where(a.gt(0), g, g * negative_slope); });
               },
               {{negative_slope}});
}
/// self limited to [min_val, max_val].
//: method inplace out
Tensor hardtanh(const Tensor& self, const Scalar& min_val /* = -1 */, const Scalar& max_val /* = 1 */) {
  if (min_val.toDouble() > max_val.toDouble())
    fail("[hardtanh] min_val {} is above max_val {}; swap them", min_val.toDouble(), max_val.toDouble());
  return unary(UnaryOp::hardtanh, "hardtanh", self,
               [min_val, max_val](const Tensor& g, A a) {
                 return fused_or(BinaryOp::hardtanh_backward, g, a, {{Scalar(), min_val, max_val}},
                                 [&] { return only_where(logical_and(a.gt(min_val), a.lt(max_val)), g); });
               },
               {{min_val, max_val}});
}
/// clamp(self + 3, 0, 6) / 6
//: method inplace out
Tensor hardsigmoid(const Tensor& self) {
  return unary(UnaryOp::hardsigmoid, "hardsigmoid", self, [](const Tensor& g, A a) {
    return fused_or(BinaryOp::hardsigmoid_backward, g, a, {},
                    [&] { return only_where(logical_and(a.gt(-3), a.lt(3)), g / 6); });
  });
}
/// self * hardsigmoid(self)
//: method inplace out
Tensor hardswish(const Tensor& self) {
  return unary(UnaryOp::hardswish, "hardswish", self, [](const Tensor& g, A a) {
    return fused_or(BinaryOp::hardswish_backward, g, a, {},
                    [&] { return where(a.ge(3), g, only_where(a.ge(-3), g * (a / 3 + 0.5))); });
  });
}
/// self / (1 + |self|)
//: method
Tensor softsign(const Tensor& self) { return self / (self.abs() + 1); }
/// log(sigmoid(self))
//: method out
Tensor log_sigmoid(const Tensor& self) {
  return unary(UnaryOp::log_sigmoid, "log_sigmoid", self, [](const Tensor& g, A a) {
    return fused_or(BinaryOp::log_sigmoid_backward, g, a, {}, [&] { return g * (-a).sigmoid(); });
  });
}
namespace {
/// The gradient that hardshrink and softshrink share.
auto shrink_rule(const Scalar& lambd) {
  return [lambd](const Tensor& g, A a) {
    return fused_or(BinaryOp::shrink_backward, g, a, {{Scalar(), lambd}},
                    [&] { return only_where(a.abs().gt(lambd), g); });
  };
}
}  // namespace

/// 0 within [-lambd, lambd], else self.
//: method out
Tensor hardshrink(const Tensor& self, const Scalar& lambd /* = 0.5 */) {
  return unary(UnaryOp::hardshrink, "hardshrink", self, shrink_rule(lambd), {{lambd}});
}
/// self moved towards 0 by lambd, 0 where it would cross.
//: method out
Tensor softshrink(const Tensor& self, const Scalar& lambd /* = 0.5 */) {
  if (lambd.toDouble() < 0) fail("[softshrink] lambd is {}; it must not be negative", lambd.toDouble());
  return unary(UnaryOp::softshrink, "softshrink", self, shrink_rule(lambd), {{lambd}});
}
/// self where above `threshold`, else `value`.
//: method inplace out
Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  return unary(UnaryOp::threshold, "threshold", self,
               [threshold](const Tensor& g, A a) {
                 return fused_or(BinaryOp::threshold_backward, g, a, {{Scalar(), threshold}},
                                 [&] { return only_where(a.gt(threshold), g); });
               },
               {{threshold, value}});
}
/// self where positive, else weight * self; weight has one element, or one for each channel (dimension 1).
//: method
Tensor prelu(const Tensor& self, const Tensor& weight) {
  checked_impl("prelu", self);
  checked_impl("prelu", weight);
  check_floating("prelu", self);
  Tensor w = weight;
  if (weight.numel() != 1) {
    const int64_t channels = self.dim() > 1 ? self.size(1) : 1;
    if (weight.numel() != channels)
      fail<ShapeError>(
          "[prelu] weight has {} elements (shape {}) but the input has {} channels (shape {}); give 1 or "
          "one for each channel",
          weight.numel(), shape_text(weight.sizes()), channels, shape_text(self.sizes()));
    DimVector sizes(static_cast<size_t>(self.dim()), 1);
    sizes[1] = channels;
    w = weight.reshape(sizes);
  }
  return binary(
      BinaryOp::prelu, "prelu", self, w, [](const Tensor& g, A a, B b) { return where(a.gt(0), g, g * b); },
      [](const Tensor& g, A a) { return g * a.clamp_max(0); });
}
/// The first half of `dim` times the sigmoid of the second.
//: method
Tensor glu(const Tensor& self, int64_t dim /* = -1 */) {
  dim = wrap_dim("glu", dim, self.dim());
  if (self.dim() == 0 || self.size(dim) % 2 != 0)
    fail<ShapeError>("[glu] dim {} of shape {} can't be halved; give it an even size", dim, shape_text(self.sizes()));
  const int64_t half = self.size(dim) / 2;
  Tensor y;
  {
    const NoGradGuard no_grad;
    y = self.narrow(dim, 0, half) * self.narrow(dim, half, half).sigmoid();
  }
  return autograd::record("glu", y, {&self}, [&] {
    return [x = autograd::Saved(self), dim, half](const Tensor& g) {
      const Tensor whole = *x, a = whole.narrow(dim, 0, half), gate = whole.narrow(dim, half, half).sigmoid();
      const Tensor by_gate =
          fused_or(BinaryOp::sigmoid_backward, g * a, gate, {}, [&] { return g * a * (gate * (1 - gate)); });
      return cat({g * gate, by_gate}, dim);
    };
  });
}

}  // namespace hearth
