// Pooling over the last 1 to 3 dimensions of [N, C, …] or [C, …].
#include "base/fail.h"
#include "ops/executors.h"
#include "ops/spatial.h"

namespace hearth {

namespace {

PoolParams pool_params(const char* op, size_t n, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                       IntArrayRef dilation, bool ceil_mode) {
  PoolParams p;
  p.kernel = spread(op, "kernel_size", kernel, n, 1);
  p.stride = stride.empty() ? p.kernel : spread(op, "stride", stride, n, 1);
  p.padding = spread(op, "padding", padding, n, 0);
  p.dilation = spread(op, "dilation", dilation, n, 1);
  p.ceil_mode = ceil_mode;
  for (size_t i = 0; i < n; ++i)
    if (2 * p.padding[i] > p.kernel[i])
      fail("[{}] pad should be at most half of effective kernel size, but got pad={}, kernel_size={}", op, p.padding[i],
           p.kernel[i]);
  return p;
}

void check_input(const char* op, const Tensor& x, size_t n) {
  checked_impl(op, x);
  const auto rank = static_cast<size_t>(x.dim());
  bool empty = rank != n + 2;
  for (size_t d = 1; d < rank && !empty; ++d) empty = x.sizes()[d] == 0;
  if (empty)
    fail<ShapeError>(
        "[{}] expected a {}-dimensional input [N, C, …] or one without N, with no empty channel or spatial "
        "dimension, but got shape {}",
        op, n + 2, shape_text(x.sizes()));
}

DimVector pooled_sizes(const char* op, const Tensor& x, const PoolParams& p) {
  DimVector sizes{x.size(0), x.size(1)};
  for (size_t i = 0; i < p.kernel.size(); ++i) {
    const int64_t in = x.sizes()[i + 2], reach = p.dilation[i] * (p.kernel[i] - 1) + 1;
    const int64_t span = in + 2 * p.padding[i] - reach;
    int64_t out = span < 0 ? 0 : span / p.stride[i] + 1;
    if (p.ceil_mode && span >= 0) {
      out = (span + p.stride[i] - 1) / p.stride[i] + 1;
      if ((out - 1) * p.stride[i] >= in + p.padding[i]) --out;  // the last window must start inside
    }
    if (out < 1)
      fail<ShapeError>(
          "[{}] input of shape {} is too small for kernel_size {} (dilation {}, padding {}) at spatial "
          "dimension {}",
          op, shape_text(x.sizes()), p.kernel[i], p.dilation[i], p.padding[i], i);
    sizes.push_back(out);
  }
  return sizes;
}

/// Adds the batch dimension that an unbatched input lacks.
template <class F>
auto batched(const Tensor& x, size_t n, F&& f) {
  return x.defined() && static_cast<size_t>(x.dim()) == n + 1 ? f(x.unsqueeze(0), true) : f(x, false);
}

Tensor max_pool_input_grad(const Tensor& g, const Tensor& indices, IntArrayRef x_sizes) {
  Tensor gx = make_tensor(x_sizes, g.scalar_type());
  kernels(g.device()).max_pool_backward(gx, g.contiguous(), indices);
  return autograd::record("max_pool_backward", gx, {&g}, [&] {
    return [indices, sizes = DimVector(g.sizes())](const Tensor& gg) {
      return gg.flatten(2).gather(2, indices.flatten(2)).view(sizes);
    };
  });
}

/// The gradient of maxima y that stood at `indices` of x's planes.
void record_max(const char* op, const Tensor& y, const Tensor& indices, const Tensor& x) {
  autograd::record(op, {&y, &indices}, {&x}, [&] {
    return [places = indices.detach(), from = DimVector(x.sizes())](const autograd::Grads& g) {
      return g[0].defined() ? autograd::Grads{max_pool_input_grad(g[0], places, from)} : autograd::Grads(1);
    };
  });
}

std::tuple<Tensor, Tensor> max_pool(const char* op, size_t n, const Tensor& self, const PoolParams& p) {
  return batched(self, n, [&](const Tensor& x, bool unbatched) -> std::tuple<Tensor, Tensor> {
    check_input(op, x, n);
    const DimVector sizes = pooled_sizes(op, x, p);
    Tensor y = make_tensor(sizes, x.scalar_type()), indices = make_tensor(sizes, kLong);
    kernels(x.device()).max_pool(y, indices, x.contiguous(), p);
    record_max(op, y, indices, x);
    if (unbatched) return {y.squeeze(0), indices.squeeze(0)};
    return {y, indices};
  });
}

Tensor avg_pool_input_grad(const Tensor& g, IntArrayRef x_sizes, const PoolParams& p);

Tensor avg_pool_forward(const Tensor& x, IntArrayRef y_sizes, const PoolParams& p) {
  Tensor y = make_tensor(y_sizes, x.scalar_type());
  kernels(x.device()).avg_pool(y, x.contiguous(), p);
  return autograd::record("avg_pool", y, {&x}, [&] {
    return [from = DimVector(x.sizes()), p](const Tensor& g) { return avg_pool_input_grad(g, from, p); };
  });
}
Tensor avg_pool_input_grad(const Tensor& g, IntArrayRef x_sizes, const PoolParams& p) {
  Tensor gx = make_tensor(x_sizes, g.scalar_type());
  kernels(g.device()).avg_pool_backward(gx, g.contiguous(), p);
  return autograd::record("avg_pool_backward", gx, {&g}, [&] {
    return [sizes = DimVector(g.sizes()), p](const Tensor& gg) { return avg_pool_forward(gg, sizes, p); };
  });
}

Tensor avg_pool(const char* op, size_t n, const Tensor& self, PoolParams p, bool count_include_pad,
                std::optional<int64_t> divisor_override) {
  if (divisor_override && *divisor_override == 0) fail("[{}] divisor_override must be not zero", op);
  p.count_include_pad = count_include_pad;
  p.divisor_override = divisor_override.value_or(0);
  return batched(self, n, [&](const Tensor& x, bool unbatched) {
    check_input(op, x, n);
    check_floating(op, x);
    const Tensor y = avg_pool_forward(x, pooled_sizes(op, x, p), p);
    return unbatched ? y.squeeze(0) : y;
  });
}

Tensor adaptive_input_grad(const Tensor& g, IntArrayRef x_sizes);
Tensor adaptive_forward(const Tensor& x, IntArrayRef y_sizes) {
  Tensor y = make_tensor(y_sizes, x.scalar_type());
  // A kernel lists each dimension's cells, of which nothing may need billions.
  if (y.numel() > 0) kernels(x.device()).adaptive_avg_pool(y, x.contiguous());
  return autograd::record("adaptive_avg_pool", y, {&x}, [&] {
    return [from = DimVector(x.sizes())](const Tensor& g) { return adaptive_input_grad(g, from); };
  });
}
Tensor adaptive_input_grad(const Tensor& g, IntArrayRef x_sizes) {
  Tensor gx = make_tensor(x_sizes, g.scalar_type());
  if (g.numel() == 0) {
    gx.zero_();
  } else {
    kernels(g.device()).adaptive_avg_pool_backward(gx, g.contiguous());
  }
  return autograd::record("adaptive_avg_pool_backward", gx, {&g}, [&] {
    return [sizes = DimVector(g.sizes())](const Tensor& gg) { return adaptive_forward(gg, sizes); };
  });
}
Tensor adaptive_avg_pool(const char* op, size_t n, const Tensor& self, IntArrayRef output_size) {
  const std::vector<int64_t> wanted = spread(op, "output_size", output_size, n, 0);
  return batched(self, n, [&](const Tensor& x, bool unbatched) {
    check_input(op, x, n);
    check_floating(op, x);
    DimVector sizes{x.size(0), x.size(1)};
    for (const int64_t s : wanted) sizes.push_back(s);
    const Tensor y = adaptive_forward(x, sizes);
    return unbatched ? y.squeeze(0) : y;
  });
}

std::tuple<Tensor, Tensor> adaptive_max_pool(const char* op, size_t n, const Tensor& self, IntArrayRef output_size) {
  const std::vector<int64_t> wanted = spread(op, "output_size", output_size, n, 0);
  return batched(self, n, [&](const Tensor& x, bool unbatched) -> std::tuple<Tensor, Tensor> {
    check_input(op, x, n);
    DimVector sizes{x.size(0), x.size(1)};
    for (const int64_t s : wanted) sizes.push_back(s);
    Tensor y = make_tensor(sizes, x.scalar_type()), indices = make_tensor(sizes, kLong);
    if (y.numel() > 0) kernels(x.device()).adaptive_max_pool(y, indices, x);
    record_max(op, y, indices, x);
    if (unbatched) return {y.squeeze(0), indices.squeeze(0)};
    return {y, indices};
  });
}

std::tuple<Tensor, Tensor> fractional_max_pool(const char* op, size_t n, const Tensor& self, IntArrayRef kernel_size,
                                               IntArrayRef output_size, const Tensor& random_samples) {
  const std::vector<int64_t> kernel = spread(op, "kernel_size", kernel_size, n, 1),
                             wanted = spread(op, "output_size", output_size, n, 1);
  checked_impl(op, random_samples);
  return batched(self, n, [&](const Tensor& x, bool unbatched) -> std::tuple<Tensor, Tensor> {
    check_input(op, x, n);
    check_floating(op, x);
    DimVector sizes{x.size(0), x.size(1)};
    for (size_t i = 0; i < n; ++i) {
      if (wanted[i] + kernel[i] - 1 > x.sizes()[i + 2])
        fail<ShapeError>("[{}] {} cells of size {} do not fit into spatial dimension {} of shape {}", op, wanted[i],
                         kernel[i], i, shape_text(x.sizes()));
      sizes.push_back(wanted[i]);
    }
    const int64_t dims = static_cast<int64_t>(n);
    if (random_samples.sizes() != IntArrayRef({x.size(0), x.size(1), dims}))
      throw ShapeError(fmt::format("[{}] random samples of shape {} must be [N, C, {}] for input {}", op,
                                   shape_text(random_samples.sizes()), n, shape_text(x.sizes())),
                       random_samples.sizes().vec(), {x.size(0), x.size(1), dims});
    if (random_samples.scalar_type() != x.scalar_type())
      throw DtypeError(fmt::format("[{}] expected _random_samples to have the same dtype as input, {}, but got {}", op,
                                   x.scalar_type(), random_samples.scalar_type()),
                       random_samples.scalar_type(), x.scalar_type());
    if (random_samples.numel() > 0 && !logical_and(random_samples.ge(0), random_samples.lt(1)).all().item<bool>())
      fail("[{}] random samples must be of [0, 1)", op);
    Tensor y = make_tensor(sizes, x.scalar_type()), indices = make_tensor(sizes, kLong);
    kernels(x.device()).fractional_max_pool(y, indices, x, random_samples.detach(), kernel);
    record_max(op, y, indices, x);
    if (unbatched) return {y.squeeze(0), indices.squeeze(0)};
    return {y, indices};
  });
}

Tensor max_unpool(const char* op, size_t n, const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  checked_impl(op, self);
  checked_impl(op, indices);
  const std::vector<int64_t> wanted = spread(op, "output_size", output_size, n, 0);
  if (indices.scalar_type() != kLong)
    throw DtypeError(fmt::format("[{}] elements in indices should be type int64 but got {}", op, indices.scalar_type()),
                     indices.scalar_type(), kLong);
  if (self.sizes() != indices.sizes())
    throw ShapeError(fmt::format("[{}] expected shape of indices to be the input's, {}, but got {}", op,
                                 shape_text(self.sizes()), shape_text(indices.sizes())),
                     indices.sizes().vec(), self.sizes().vec());
  return batched(self, n, [&](const Tensor& x, bool unbatched) {
    check_input(op, x, n);
    DimVector sizes{x.size(0), x.size(1)};
    int64_t plane = 1;
    for (const int64_t s : wanted) {
      sizes.push_back(s);
      plane *= s;
    }
    if (indices.numel() > 0) {
      const auto [low, high] = indices.aminmax();
      const int64_t least = low.item<int64_t>(), most = high.item<int64_t>();
      if (least < 0 || most >= plane)
        throw IndexError(fmt::format("[{}] found an invalid max index {} for planes of {} (output size {}); give the "
                                     "indices and the output_size of the pooling",
                                     op, least < 0 ? least : most, plane, shape_text(output_size)),
                         least < 0 ? least : most, plane);
    }
    const Tensor places = (unbatched ? indices.unsqueeze(0) : indices).flatten(2);
    const Tensor y = zeros({x.size(0), x.size(1), plane}, x.options().requires_grad(std::nullopt))
                         .scatter(2, places, x.reshape(places.sizes()))
                         .view(sizes);
    return unbatched ? y.squeeze(0) : y;
  });
}

}  // namespace

/// The largest element of each window; stride defaults to kernel_size.
//:
Tensor max_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride /* = {} */,
                  IntArrayRef padding /* = 0 */, IntArrayRef dilation /* = 1 */, bool ceil_mode /* = false */) {
  return std::get<0>(
      max_pool("max_pool1d", 1, self, pool_params("max_pool1d", 1, kernel_size, stride, padding, dilation, ceil_mode)));
}
//:
Tensor max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride /* = {} */,
                  IntArrayRef padding /* = 0 */, IntArrayRef dilation /* = 1 */, bool ceil_mode /* = false */) {
  return std::get<0>(
      max_pool("max_pool2d", 2, self, pool_params("max_pool2d", 2, kernel_size, stride, padding, dilation, ceil_mode)));
}
//:
Tensor max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride /* = {} */,
                  IntArrayRef padding /* = 0 */, IntArrayRef dilation /* = 1 */, bool ceil_mode /* = false */) {
  return std::get<0>(
      max_pool("max_pool3d", 3, self, pool_params("max_pool3d", 3, kernel_size, stride, padding, dilation, ceil_mode)));
}
/// The same, and where each stood: its flat place in the channel's plane.
//:
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, IntArrayRef kernel_size,
                                                   IntArrayRef stride /* = {} */, IntArrayRef padding /* = 0 */,
                                                   IntArrayRef dilation /* = 1 */, bool ceil_mode /* = false */) {
  return max_pool("max_pool1d", 1, self,
                  pool_params("max_pool1d", 1, kernel_size, stride, padding, dilation, ceil_mode));
}
//:
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, IntArrayRef kernel_size,
                                                   IntArrayRef stride /* = {} */, IntArrayRef padding /* = 0 */,
                                                   IntArrayRef dilation /* = 1 */, bool ceil_mode /* = false */) {
  return max_pool("max_pool2d", 2, self,
                  pool_params("max_pool2d", 2, kernel_size, stride, padding, dilation, ceil_mode));
}
//:
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, IntArrayRef kernel_size,
                                                   IntArrayRef stride /* = {} */, IntArrayRef padding /* = 0 */,
                                                   IntArrayRef dilation /* = 1 */, bool ceil_mode /* = false */) {
  return max_pool("max_pool3d", 3, self,
                  pool_params("max_pool3d", 3, kernel_size, stride, padding, dilation, ceil_mode));
}
/// The mean of each window; divisor_override divides the sum instead of the window's size.
//:
Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride /* = {} */,
                  IntArrayRef padding /* = 0 */, bool ceil_mode /* = false */, bool count_include_pad /* = true */) {
  return avg_pool("avg_pool1d", 1, self, pool_params("avg_pool1d", 1, kernel_size, stride, padding, 1, ceil_mode),
                  count_include_pad, std::nullopt);
}
//:
Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride /* = {} */,
                  IntArrayRef padding /* = 0 */, bool ceil_mode /* = false */, bool count_include_pad /* = true */,
                  std::optional<int64_t> divisor_override /* = std::nullopt */) {
  return avg_pool("avg_pool2d", 2, self, pool_params("avg_pool2d", 2, kernel_size, stride, padding, 1, ceil_mode),
                  count_include_pad, divisor_override);
}
//:
Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride /* = {} */,
                  IntArrayRef padding /* = 0 */, bool ceil_mode /* = false */, bool count_include_pad /* = true */,
                  std::optional<int64_t> divisor_override /* = std::nullopt */) {
  return avg_pool("avg_pool3d", 3, self, pool_params("avg_pool3d", 3, kernel_size, stride, padding, 1, ceil_mode),
                  count_include_pad, divisor_override);
}
/// Means over as many windows as output_size asks for.
//:
Tensor adaptive_avg_pool1d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_avg_pool("adaptive_avg_pool1d", 1, self, output_size);
}
//:
Tensor adaptive_avg_pool2d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_avg_pool("adaptive_avg_pool2d", 2, self, output_size);
}
//:
Tensor adaptive_avg_pool3d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_avg_pool("adaptive_avg_pool3d", 3, self, output_size);
}

/// Maxima over as many cells as output_size asks for, and where they stood.
//:
std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_max_pool("adaptive_max_pool1d", 1, self, output_size);
}
//:
std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_max_pool("adaptive_max_pool2d", 2, self, output_size);
}
//:
std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_max_pool("adaptive_max_pool3d", 3, self, output_size);
}
/// Maxima over cells of kernel_size that random_samples [N, C, 2], of [0, 1), move about (Graham, 2014).
//:
std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional_max_pool("fractional_max_pool2d", 2, self, kernel_size, output_size, random_samples);
}
//:
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional_max_pool("fractional_max_pool3d", 3, self, kernel_size, output_size, random_samples);
}
/// Zeros with self's elements at the places that max pooling gave for them.
//:
Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  return max_unpool("max_unpool2d", 2, self, indices, output_size);
}
/// The same in three dimensions; stride and padding are the pooling's, and must be possible ones.
//:
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride,
                    IntArrayRef padding) {
  spread("max_unpool3d", "stride", stride, 3, 1);
  spread("max_unpool3d", "padding", padding, 3, 0);
  return max_unpool("max_unpool3d", 3, self, indices, output_size);
}

}  // namespace hearth
