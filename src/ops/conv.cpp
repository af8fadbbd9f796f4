// Convolutions. Forward, gradient by the input and gradient by the weight are each other's gradients, so that
// derivatives of any order come by themselves; a transposed convolution is the gradient by the input.
#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"
#include "ops/spatial.h"

namespace hearth {

namespace {

Tensor conv_forward(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef y_sizes, const ConvParams& p);
Tensor conv_weight_grad(const Tensor& g, const Tensor& x, IntArrayRef w_sizes, const ConvParams& p);

/// The gradient by the input, [N, C, …] of x_sizes, from g [N, O, …].
Tensor conv_input_grad(const Tensor& g, const Tensor& w, IntArrayRef x_sizes, const ConvParams& p) {
  Tensor gx = make_tensor(x_sizes, g.scalar_type());
  kernels(g.device()).conv_backward_input(gx, g.contiguous(), w.contiguous(), p);
  return autograd::record("convolution", gx, {&g, &w}, [&] {
    return [g = autograd::Saved(g), w = autograd::Saved(w), p](const Tensor& gg, autograd::Needs needs) {
      const Tensor go = *g, weight = *w;
      return autograd::Grads{needs[0] ? conv_forward(gg, weight, Tensor(), go.sizes(), p) : Tensor(),
                             needs[1] ? conv_weight_grad(go, gg, weight.sizes(), p) : Tensor()};
    };
  });
}

Tensor conv_weight_grad(const Tensor& g, const Tensor& x, IntArrayRef w_sizes, const ConvParams& p) {
  Tensor gw = make_tensor(w_sizes, g.scalar_type());
  kernels(g.device()).conv_backward_weight(gw, Tensor(), g.contiguous(), x.contiguous(), p);
  return autograd::record("convolution_weight", gw, {&g, &x}, [&] {
    return [g = autograd::Saved(g), x = autograd::Saved(x), p](const Tensor& gg, autograd::Needs needs) {
      const Tensor go = *g, in = *x;
      return autograd::Grads{needs[0] ? conv_forward(in, gg, Tensor(), go.sizes(), p) : Tensor(),
                             needs[1] ? conv_input_grad(go, gg, in.sizes(), p) : Tensor()};
    };
  });
}

Tensor bias_grad(const Tensor& g) {
  DimVector dims;
  for (int64_t d = 0; d < g.dim(); ++d)
    if (d != 1) dims.push_back(d);
  return g.sum(IntArrayRef(dims));
}

autograd::Grads conv_grads(const Tensor& g, const Tensor& x, const Tensor& w, IntArrayRef x_sizes, IntArrayRef w_sizes,
                           const ConvParams& p, autograd::Needs needs) {
  autograd::Grads out(3);
  if (needs[0]) out[0] = conv_input_grad(g, w, x_sizes, p);
  if (needs[1] && needs[2] && !GradMode::is_enabled()) {
    out[1] = make_tensor(w_sizes, g.scalar_type());
    out[2] = make_tensor({w_sizes[0]}, g.scalar_type());
    kernels(g.device()).conv_backward_weight(out[1], out[2], g.contiguous(), x.contiguous(), p);
    return out;
  }
  if (needs[1]) out[1] = conv_weight_grad(g, x, w_sizes, p);
  if (needs[2]) out[2] = bias_grad(g);
  return out;
}

Tensor conv_forward(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef y_sizes, const ConvParams& p) {
  Tensor y = make_tensor(y_sizes, x.scalar_type());
  kernels(x.device()).conv(y, x.contiguous(), w.contiguous(), bias.defined() ? bias.contiguous() : bias, p);
  return autograd::record("convolution", y, {&x, &w, &bias}, [&] {
    return [x = autograd::Saved(x), w = autograd::Saved(w), p](const Tensor& g, autograd::Needs needs) {
      const Tensor in = *x, weight = *w;
      return conv_grads(g, in, weight, in.sizes(), weight.sizes(), p, needs);
    };
  });
}

void check_inputs(const char* op, const Tensor& x, const Tensor& w, const Tensor& bias, int64_t groups,
                  bool transposed) {
  checked_impl(op, x);
  checked_impl(op, w);
  check_floating(op, x);
  if (x.scalar_type() != w.scalar_type() || (bias.defined() && bias.scalar_type() != x.scalar_type()))
    throw DtypeError(fmt::format("[{}] input is {} but weight{} is {}; convert one of them", op, x.scalar_type(),
                                 w.scalar_type() == x.scalar_type() ? "'s bias" : "",
                                 w.scalar_type() == x.scalar_type() ? bias.scalar_type() : w.scalar_type()),
                     w.scalar_type(), x.scalar_type());
  if (w.dim() < 3 || w.dim() > 5 || x.dim() != w.dim())
    throw ShapeError(fmt::format("[{}] expected {}-dimensional input for {}-dimensional weight {}, but got shape {}",
                                 op, w.dim(), w.dim(), shape_text(w.sizes()), shape_text(x.sizes())),
                     x.sizes().vec(), w.sizes().vec());
  if (groups < 1 || groups > (int64_t{1} << 20)) fail("[{}] groups is {}; it must be from 1 to 2^20", op, groups);
  const int64_t in_channels = transposed ? w.size(0) : w.size(1) * groups;
  const int64_t out_channels = transposed ? w.size(1) * groups : w.size(0);
  if (x.size(1) != in_channels)
    throw ShapeError(
        fmt::format("[{}] given groups={}, weight of shape {} expects input to have {} channels, but it has "
                    "{} (shape {}); check the layer before it, or in_channels",
                    op, groups, shape_text(w.sizes()), in_channels, x.size(1), shape_text(x.sizes())),
        x.sizes().vec(), w.sizes().vec());
  if (w.size(0) % groups != 0)
    fail<ShapeError>("[{}] weight of shape {} can't be divided into {} groups", op, shape_text(w.sizes()), groups);
  if (bias.defined() && (bias.dim() != 1 || bias.size(0) != out_channels))
    throw ShapeError(fmt::format("[{}] bias has shape {} but the weight gives {} channels", op,
                                 shape_text(bias.sizes()), out_channels),
                     bias.sizes().vec(), {out_channels});
}

}  // namespace

/// The general convolution over 1 to 3 spatial dimensions: input [N, C, …], weight [O, C / groups, k…] (transposed:
/// [C, O / groups, k…]), bias [O] or undefined. Cross-correlation, as everywhere in deep learning.
//:
Tensor convolution(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                   int64_t groups) {
  if (autocast::lowers({&input, &weight, &bias}))
    return convolution(autocast::lowered(input), autocast::lowered(weight), autocast::lowered(bias), stride, padding,
                       dilation, transposed, output_padding, groups);
  const char* op = transposed ? "conv_transpose" : "conv";
  check_inputs(op, input, weight, bias, groups, transposed);
  const auto n = static_cast<size_t>(weight.dim()) - 2;
  const ConvParams p{spread(op, "stride", stride, n, 1), spread(op, "padding", padding, n, 0),
                     spread(op, "dilation", dilation, n, 1), groups};
  const std::vector<int64_t> extra = spread(op, "output_padding", output_padding, n, 0);
  DimVector sizes{input.size(0), transposed ? weight.size(1) * groups : weight.size(0)};
  for (size_t i = 0; i < n; ++i) {
    const int64_t in = input.sizes()[i + 2], reach = p.dilation[i] * (weight.sizes()[i + 2] - 1) + 1;
    if (transposed && extra[i] >= std::max(p.stride[i], p.dilation[i]))
      fail("[{}] output_padding {} must be smaller than stride {} or dilation {}", op, extra[i], p.stride[i],
           p.dilation[i]);
    const int64_t out = transposed ? (in - 1) * p.stride[i] - 2 * p.padding[i] + reach + extra[i]
                                   : (in + 2 * p.padding[i] - reach) / p.stride[i] + 1;
    if (transposed ? out < 1 : in + 2 * p.padding[i] < reach)
      throw ShapeError(fmt::format("[{}] input of shape {} with padding {} is too small for a kernel that reaches over "
                                   "{} at spatial dimension {}",
                                   op, shape_text(input.sizes()), p.padding[i], reach, i),
                       input.sizes().vec(), weight.sizes().vec());
    sizes.push_back(out);
  }
  if (!transposed) return conv_forward(input, weight, bias, sizes, p);
  const Tensor y = conv_input_grad(input, weight, sizes, p);
  if (!bias.defined()) return y;
  DimVector shape(n + 2, 1);
  shape[1] = bias.size(0);
  return y + bias.reshape(shape);
}

namespace {
/// Adds the batch dimension that an unbatched input lacks.
template <class F>
Tensor batched(const Tensor& input, int64_t rank, F&& f) {
  return input.defined() && input.dim() == rank - 1 ? f(input.unsqueeze(0)).squeeze(0) : f(input);
}
Tensor conv_same(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
                 std::string_view padding, IntArrayRef dilation, int64_t groups) {
  const auto n = static_cast<size_t>(checked_impl("conv", weight)->sizes.size()) - 2;
  if (padding == "valid") return convolution(input, weight, bias, stride, 0, dilation, false, 0, groups);
  if (padding != "same") fail("[conv] padding is \"{}\"; use \"same\", \"valid\" or numbers", padding);
  for (const int64_t s : stride)
    if (s != 1) fail("[conv] padding='same' is not supported for strided convolutions (stride {})", shape_text(stride));
  const std::vector<int64_t> reach = spread("conv", "dilation", dilation, n, 1);
  std::vector<int64_t> both(n), pad(2 * n, 0);
  bool uneven = false;
  for (size_t i = 0; i < n; ++i) {
    const int64_t total = reach[i] * (weight.sizes()[i + 2] - 1);
    both[i] = total / 2;
    pad[2 * (n - 1 - i) + 1] = total % 2;  // what can't be shared goes to the end
    uneven = uneven || total % 2 != 0;
  }
  const Tensor x = uneven ? constant_pad_nd(input, pad, 0) : input;
  return convolution(x, weight, bias, stride, both, dilation, false, 0, groups);
}
}  // namespace

//:
Tensor conv1d(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */, IntArrayRef stride /* = 1 */,
              IntArrayRef padding /* = 0 */, IntArrayRef dilation /* = 1 */, int64_t groups /* = 1 */) {
  return batched(input, 3, [&](const Tensor& x) {
    return convolution(x, weight, bias, stride, padding, dilation, false, 0, groups);
  });
}
//:
Tensor conv2d(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */, IntArrayRef stride /* = 1 */,
              IntArrayRef padding /* = 0 */, IntArrayRef dilation /* = 1 */, int64_t groups /* = 1 */) {
  return batched(input, 4, [&](const Tensor& x) {
    return convolution(x, weight, bias, stride, padding, dilation, false, 0, groups);
  });
}
//:
Tensor conv3d(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */, IntArrayRef stride /* = 1 */,
              IntArrayRef padding /* = 0 */, IntArrayRef dilation /* = 1 */, int64_t groups /* = 1 */) {
  return batched(input, 5, [&](const Tensor& x) {
    return convolution(x, weight, bias, stride, padding, dilation, false, 0, groups);
  });
}
/// With padding "same" (output as large as the input) or "valid" (none).
//:
Tensor conv1d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
              std::string_view padding, IntArrayRef dilation /* = 1 */, int64_t groups /* = 1 */) {
  return batched(input, 3,
                 [&](const Tensor& x) { return conv_same(x, weight, bias, stride, padding, dilation, groups); });
}
//:
Tensor conv2d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
              std::string_view padding, IntArrayRef dilation /* = 1 */, int64_t groups /* = 1 */) {
  return batched(input, 4,
                 [&](const Tensor& x) { return conv_same(x, weight, bias, stride, padding, dilation, groups); });
}
//:
Tensor conv3d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
              std::string_view padding, IntArrayRef dilation /* = 1 */, int64_t groups /* = 1 */) {
  return batched(input, 5,
                 [&](const Tensor& x) { return conv_same(x, weight, bias, stride, padding, dilation, groups); });
}
//:
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */,
                        IntArrayRef stride /* = 1 */, IntArrayRef padding /* = 0 */,
                        IntArrayRef output_padding /* = 0 */, int64_t groups /* = 1 */,
                        IntArrayRef dilation /* = 1 */) {
  return batched(input, 3, [&](const Tensor& x) {
    return convolution(x, weight, bias, stride, padding, dilation, true, output_padding, groups);
  });
}
//:
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */,
                        IntArrayRef stride /* = 1 */, IntArrayRef padding /* = 0 */,
                        IntArrayRef output_padding /* = 0 */, int64_t groups /* = 1 */,
                        IntArrayRef dilation /* = 1 */) {
  return batched(input, 4, [&](const Tensor& x) {
    return convolution(x, weight, bias, stride, padding, dilation, true, output_padding, groups);
  });
}
//:
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */,
                        IntArrayRef stride /* = 1 */, IntArrayRef padding /* = 0 */,
                        IntArrayRef output_padding /* = 0 */, int64_t groups /* = 1 */,
                        IntArrayRef dilation /* = 1 */) {
  return batched(input, 5, [&](const Tensor& x) {
    return convolution(x, weight, bias, stride, padding, dilation, true, output_padding, groups);
  });
}

/// self with `value` around it: pad holds two numbers for each of the last dimensions, last dimension first; negative
/// ones cut off.
//:
Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value /* = 0 */) {
  checked_impl("constant_pad_nd", self);
  const auto rank = static_cast<size_t>(self.dim());
  if (pad.size() % 2 != 0 || pad.size() / 2 > rank)
    fail("[pad] {} needs two numbers for each padded dimension, and the tensor has {} (shape {})", shape_text(pad),
         rank, shape_text(self.sizes()));
  Tensor x = self;
  DimVector sizes(self.sizes());
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    const size_t d = rank - 1 - i;
    constexpr int64_t most = int64_t{1} << 40;
    if (std::max(pad[2 * i], pad[2 * i + 1]) > most || std::min(pad[2 * i], pad[2 * i + 1]) < -most)
      fail<ShapeError>("[pad] pad {} is more than any memory holds", shape_text(pad));
    sizes[d] += pad[2 * i] + pad[2 * i + 1];
    if (sizes[d] < 0)
      fail<ShapeError>("[pad] pad {} cuts more than dimension {} of shape {} has", shape_text(pad), d,
                       shape_text(self.sizes()));
    const int64_t before = std::max<int64_t>(0, -pad[2 * i]), after = std::max<int64_t>(0, -pad[2 * i + 1]);
    x = x.narrow(static_cast<int64_t>(d), before, x.size(static_cast<int64_t>(d)) - before - after);
  }
  Tensor y = full(sizes, value, self.options()), middle = y;
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    const auto d = static_cast<int64_t>(rank - 1 - i);
    middle = middle.narrow(d, std::max<int64_t>(0, pad[2 * i]), x.size(d));
  }
  middle.copy_(x);
  return y;
}

}  // namespace hearth
