// Windows as columns and back; channels and space traded for each other.
#include "base/fail.h"
#include "ops/executors.h"
#include "ops/spatial.h"

namespace hearth {

namespace {

PoolParams window(const char* op, IntArrayRef kernel, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  PoolParams p;
  p.kernel = spread(op, "kernel_size", kernel, 2, 1);
  p.stride = spread(op, "stride", stride, 2, 1);
  p.padding = spread(op, "padding", padding, 2, 0);
  p.dilation = spread(op, "dilation", dilation, 2, 1);
  return p;
}
/// How many windows a plane of these sizes has; throws where there is none.
int64_t windows_of(const char* op, int64_t height, int64_t width, const PoolParams& p) {
  int64_t count = 1;
  const int64_t sizes[] = {height, width};
  for (size_t i = 0; i < 2; ++i) {
    const int64_t span = sizes[i] + 2 * p.padding[i] - p.dilation[i] * (p.kernel[i] - 1) - 1;
    if (span < 0)
      fail<ShapeError>("[{}] a plane of [{}, {}] with padding {} is too small for a window of {} with dilation {}", op,
                       height, width, shape_text(p.padding), shape_text(p.kernel), shape_text(p.dilation));
    count *= span / p.stride[i] + 1;
  }
  return count;
}

Tensor columns_to_planes(const Tensor& columns, IntArrayRef sizes, const PoolParams& p);
Tensor planes_to_columns(const Tensor& x, const PoolParams& p) {
  const int64_t count = windows_of("im2col", x.size(2), x.size(3), p);
  Tensor y = make_tensor({x.size(0), x.size(1) * p.kernel[0] * p.kernel[1], count}, x.scalar_type());
  kernels(x.device()).im2col(y, x, p);
  return autograd::record("im2col", y, {&x}, [&] {
    return [sizes = DimVector(x.sizes()), p](const Tensor& g) { return columns_to_planes(g, sizes, p); };
  });
}
Tensor columns_to_planes(const Tensor& columns, IntArrayRef sizes, const PoolParams& p) {
  Tensor y = make_tensor(sizes, columns.scalar_type());
  kernels(columns.device()).col2im(y, columns, p);
  return autograd::record("col2im", y, {&columns},
                          [&] { return [p](const Tensor& g) { return planes_to_columns(g, p); }; });
}
/// Adds the batch dimension that an unbatched input lacks.
template <class F>
Tensor batched(const Tensor& x, int64_t rank, F&& f) {
  return x.dim() == rank - 1 ? f(x.unsqueeze(0)).squeeze(0) : f(x);
}
/// The sizes before [C, H, W] of a tensor that must have these three last.
DimVector leading(const char* op, const Tensor& x, int64_t factor, const char* what) {
  checked_impl(op, x);
  if (factor < 1 || factor > 65536) fail("[{}] {} is {}; it must be from 1 to 65536", op, what, factor);
  if (x.dim() < 3)
    fail<ShapeError>("[{}] expects input to have at least 3 dimensions [*, C, H, W], but got shape {}", op,
                     shape_text(x.sizes()));
  return DimVector(x.sizes().slice(0, static_cast<size_t>(x.dim()) - 3));
}
DimVector with(DimVector sizes, std::initializer_list<int64_t> more) {
  for (const int64_t s : more) sizes.push_back(s);
  return sizes;
}
/// The permutation that keeps `lead` dimensions and then takes these of the rest.
DimVector order(size_t lead, std::initializer_list<int64_t> rest) {
  DimVector dims;
  for (size_t d = 0; d < lead; ++d) dims.push_back(static_cast<int64_t>(d));
  for (const int64_t d : rest) dims.push_back(static_cast<int64_t>(lead) + d);
  return dims;
}

}  // namespace

/// The windows of self [N, C, H, W] (or without N) as columns: [N, C * kernel, windows].
//:
Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride) {
  checked_impl("im2col", self);
  const PoolParams p = window("im2col", kernel_size, dilation, padding, stride);
  return batched(self, 4, [&](const Tensor& x) {
    if (x.dim() != 4 || x.size(1) == 0 || x.size(2) == 0 || x.size(3) == 0)
      fail<ShapeError>(
          "[im2col] expected an input [N, C, H, W] or [C, H, W] with no empty channel or plane, but got {}",
          shape_text(self.sizes()));
    return planes_to_columns(x, p);
  });
}
/// Columns [N, C * kernel, windows] (or without N) summed into planes [N, C, output_size]: im2col's gradient.
//:
Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
              IntArrayRef padding, IntArrayRef stride) {
  checked_impl("col2im", self);
  check_floating("col2im", self);
  const PoolParams p = window("col2im", kernel_size, dilation, padding, stride);
  const std::vector<int64_t> plane = spread("col2im", "output_size", output_size, 2, 1);
  return batched(self, 3, [&](const Tensor& x) {
    const int64_t cells = p.kernel[0] * p.kernel[1], count = windows_of("col2im", plane[0], plane[1], p);
    if (x.dim() != 3 || x.size(1) == 0 || x.size(1) % cells != 0 || x.size(2) != count)
      throw ShapeError(
          fmt::format("[col2im] a window of {} over planes of {} wants columns [N, C * {}, {}], but got {}",
                      shape_text(p.kernel), shape_text(plane), cells, count, shape_text(self.sizes())),
          self.sizes().vec());
    return columns_to_planes(x, {x.size(0), x.size(1) / cells, plane[0], plane[1]}, p);
  });
}

/// [*, C * r^2, H, W] as [*, C, H * r, W * r] (Shi et al., 2016).
//:
Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor) {
  const DimVector lead = leading("pixel_shuffle", self, upscale_factor, "upscale_factor");
  const int64_t r = upscale_factor, c = self.size(-3), h = self.size(-2), w = self.size(-1);
  if (c % (r * r) != 0)
    fail<ShapeError>("[pixel_shuffle] the channels of shape {} must be divisible by upscale_factor^2 = {}",
                     shape_text(self.sizes()), r * r);
  return self.reshape(with(lead, {c / (r * r), r, r, h, w}))
      .permute(order(lead.size(), {0, 3, 1, 4, 2}))
      .reshape(with(lead, {c / (r * r), h * r, w * r}));
}
/// [*, C, H * r, W * r] as [*, C * r^2, H, W].
//:
Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor) {
  const DimVector lead = leading("pixel_unshuffle", self, downscale_factor, "downscale_factor");
  const int64_t r = downscale_factor, c = self.size(-3), h = self.size(-2), w = self.size(-1);
  if (h % r != 0 || w % r != 0)
    fail<ShapeError>("[pixel_unshuffle] the planes of shape {} must be divisible by downscale_factor {}",
                     shape_text(self.sizes()), r);
  return self.reshape(with(lead, {c, h / r, r, w / r, r}))
      .permute(order(lead.size(), {0, 2, 4, 1, 3}))
      .reshape(with(lead, {c * r * r, h / r, w / r}));
}
/// The channels [N, C, …], C being groups * n, reordered so that neighbours come of different groups (Zhang et al.,
/// 2018).
//:
Tensor channel_shuffle(const Tensor& self, int64_t groups) {
  checked_impl("channel_shuffle", self);
  if (groups < 1) fail("[channel_shuffle] groups is {}; it must be positive", groups);
  if (self.dim() < 3 || self.size(1) % groups != 0)
    fail<ShapeError>("[channel_shuffle] expects [N, C, …] with C divisible by groups {}, but got shape {}", groups,
                     shape_text(self.sizes()));
  DimVector sizes{self.size(0), groups, self.size(1) / groups};
  for (int64_t d = 2; d < self.dim(); ++d) sizes.push_back(self.size(d));
  return self.reshape(sizes).transpose(1, 2).reshape(self.sizes());
}

}  // namespace hearth
