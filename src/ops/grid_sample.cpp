// Sampling at the points of a grid (Jaderberg et al., 2015, Spatial Transformer Networks).
#include "base/fail.h"
#include "ops/executors.h"
#include "ops/grid_taps.h"

namespace hearth {

namespace {

void check_grid(const Tensor& x, const Tensor& grid, int64_t mode, int64_t padding) {
  const char* op = "grid_sampler";
  checked_impl(op, x);
  checked_impl(op, grid);
  check_floating(op, x);
  if (x.scalar_type() != grid.scalar_type())
    throw DtypeError(fmt::format("[{}] expected input and grid to have same dtype, but input is {} and grid {}; "
                                 "convert one of them",
                                 op, x.scalar_type(), grid.scalar_type()),
                     grid.scalar_type(), x.scalar_type());
  const int64_t n = x.dim();
  if ((n != 4 && n != 5) || grid.dim() != n || grid.size(0) != x.size(0) || grid.size(-1) != n - 2)
    throw ShapeError(fmt::format("[{}] expected input [N, C, H, W] with grid [N, h, w, 2], or [N, C, D, H, W] with "
                                 "[N, d, h, w, 3], but got {} and {}",
                                 op, shape_text(x.sizes()), shape_text(grid.sizes())),
                     grid.sizes().vec(), x.sizes().vec());
  for (int64_t d = 2; d < n; ++d)
    if (x.size(d) == 0) fail<ShapeError>("[{}] input of shape {} has no elements to sample", op, shape_text(x.sizes()));
  if (x.size(0) > 0 && x.size(1) > 0 && x.numel() / x.size(0) / x.size(1) > INT32_MAX)
    fail<ShapeError>("[{}] planes of input {} have more than 2^31 elements; cut it up", op, shape_text(x.sizes()));
  if (mode < 0 || mode > 2) fail("[{}] interpolation_mode is {}; 0 is bilinear, 1 nearest, 2 bicubic", op, mode);
  if (mode == 2 && n == 5)
    fail("[{}] bicubic interpolation only supports 4D input, got shape {}", op, shape_text(x.sizes()));
  if (padding < 0 || padding > 2) fail("[{}] padding_mode is {}; 0 is zeros, 1 border, 2 reflection", op, padding);
}

autograd::Grads grid_grads(const Tensor& g, const Tensor& x, const Tensor& grid, const GridParams& params,
                           autograd::Needs needs) {
  if (GradMode::is_enabled()) return differentiable_grid_grads(g, x, grid, params, needs);
  autograd::Grads out(2);
  if (needs[0]) out[0] = make_tensor(x.sizes(), x.scalar_type());
  if (needs[1]) out[1] = make_tensor(grid.sizes(), x.scalar_type());
  kernels(x.device()).grid_sample_backward(out[0], out[1], g, x, grid, params);
  return out;
}

}  // namespace

/// input [N, C, H, W] at the points of grid [N, h, w, 2] as [N, C, h, w]; with a depth, [N, C, D, H, W] and
/// [N, d, h, w, 3]. A point is (x, y) or (x, y, z), -1 and 1 being the outermost elements (align_corners) or their
/// outer edges. interpolation_mode: 0 bilinear, 1 nearest, 2 bicubic; padding_mode, for points outside: 0 zeros, 1 the
/// border's element, 2 mirrored.
//:
Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                    bool align_corners) {
  check_grid(input, grid, interpolation_mode, padding_mode);
  const ScalarType dtype = input.scalar_type();
  if (isReducedFloatingType(dtype))
    return grid_sampler(input.to(kFloat), grid.to(kFloat), interpolation_mode, padding_mode, align_corners).to(dtype);
  const GridParams params{static_cast<GridMode>(interpolation_mode), static_cast<GridPadding>(padding_mode),
                          align_corners};
  DimVector sizes{input.size(0), input.size(1)};
  for (int64_t d = 1; d + 1 < grid.dim(); ++d) sizes.push_back(grid.size(d));
  Tensor y = make_tensor(sizes, dtype);
  kernels(input.device()).grid_sample(y, input, grid, params);
  return autograd::record("grid_sampler", y, {&input, &grid}, [&] {
    return [x = autograd::Saved(input), at = autograd::Saved(grid), params](const Tensor& g, autograd::Needs needs) {
      return grid_grads(g, *x, *at, params, needs);
    };
  });
}

/// The grid that theta [N, 2, 3] (or [N, 3, 4]) makes of the regular one, for outputs of `size` [N, C, H, W] (or
/// [N, C, D, H, W]): [N, H, W, 2] or [N, D, H, W, 3].
//:
Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners) {
  const char* op = "affine_grid_generator";
  checked_impl(op, theta);
  check_floating(op, theta);
  const auto n = static_cast<int64_t>(size.size()) - 2;
  if (n != 2 && n != 3) fail("[{}] size {} must be [N, C, H, W] or [N, C, D, H, W]", op, shape_text(size));
  for (const int64_t s : size)
    if (s < 1) fail("[{}] expected non-zero, positive output size, got {}", op, shape_text(size));
  if (theta.sizes() != IntArrayRef({size[0], n, n + 1}))
    throw ShapeError(fmt::format("[{}] theta has shape {} but must be {} for size {}", op, shape_text(theta.sizes()),
                                 shape_text(IntArrayRef({size[0], n, n + 1})), shape_text(size)),
                     theta.sizes().vec(), {size[0], n, n + 1});
  DimVector shape(size.slice(2));
  shape.push_back(1);
  std::vector<Tensor> parts;
  for (int64_t d = n; d-- > 0;) {  // x first: the last dimension
    const int64_t steps = size[static_cast<size_t>(d) + 2];
    Tensor line = steps > 1 ? linspace(-1, 1, steps, theta.options()) : zeros({1}, theta.options());
    if (!align_corners) line = line * (static_cast<double>(steps - 1) / static_cast<double>(steps));
    DimVector along(static_cast<size_t>(n) + 1, 1);
    along[static_cast<size_t>(d)] = steps;
    parts.push_back(line.detach().view(along).expand(shape));
  }
  parts.push_back(ones(shape, theta.options().requires_grad(false)));
  const Tensor base = cat(parts, -1).reshape({1, -1, n + 1}).expand({size[0], -1, n + 1});
  shape[static_cast<size_t>(n)] = n;
  DimVector sizes{size[0]};
  for (const int64_t s : shape) sizes.push_back(s);
  return base.bmm(theta.transpose(1, 2)).view(sizes);
}

}  // namespace hearth
