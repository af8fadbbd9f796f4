// Sampling at the points of a grid once more, made of ops: for second derivatives. The places and weights are those of
// backend/cpu/grid_sample.cpp.
#include "ops/grid_taps.h"

#include "hearth/autograd.h"
#include "hearth/ops.h"

namespace hearth {

namespace {

/// A place outside mirrored at the borders, between the outermost elements (align_corners) or their outer edges.
Tensor reflected(const Tensor& at, int64_t size, bool align) {
  const double low = align ? 0 : -0.5, span = static_cast<double>(align ? size - 1 : size);
  if (span <= 0) return zeros_like(at);
  const Tensor away = where(at.lt(low), low - at, at - low), flips = (away.detach() / span).floor();
  const Tensor extra = away - flips * span;
  return where(flips.remainder(2).eq(0), extra + low, span - extra + low);
}
Tensor bordered(const Tensor& at, int64_t size, const GridParams& params) {
  if (params.padding == GridPadding::zeros) return at;
  const Tensor mirrored = params.padding == GridPadding::reflection ? reflected(at, size, params.align_corners) : at;
  const double last = static_cast<double>(size - 1);
  return mirrored.masked_fill(mirrored.gt(0).logical_not(), 0).masked_fill(mirrored.ge(last), last);  // 0 for NaN too
}

struct Tap {
  Tensor place;   // [N, P], int64, 0 where outside
  Tensor weight;  // undefined: 1
  Tensor outside;
};
Tap tap(const Tensor& place, const Tensor& weight, int64_t size) {
  const Tensor fixed = place.detach(),
               outside = fixed.ge(0).logical_and(fixed.lt(static_cast<double>(size))).logical_not();
  return {fixed.masked_fill(outside, 0).to(kLong), weight.defined() ? weight.masked_fill(outside, 0) : weight, outside};
}

/// Keys' cubic with a = -0.75 at distances up to 1, and from 1 to 2.
Tensor cubic_near(const Tensor& d) { return (1.25 * d - 2.25) * d * d + 1; }
Tensor cubic_far(const Tensor& d) { return ((-0.75 * d + 3.75) * d - 6) * d + 3; }

/// The taps of coordinates [N, P] along a dimension of `size` elements.
std::vector<Tap> taps_along(const Tensor& coordinate, int64_t size, const GridParams& params) {
  const double n = static_cast<double>(size);
  Tensor at = params.align_corners ? (coordinate + 1) * ((n - 1) / 2) : ((coordinate + 1) * n - 1) / 2;
  if (params.mode != GridMode::bicubic) at = bordered(at, size, params);
  if (params.mode == GridMode::nearest) return {tap(at.round(), {}, size)};
  const Tensor base = at.detach().floor(), part = at - base;
  if (params.mode == GridMode::bilinear) return {tap(base, 1 - part, size), tap(base + 1, part, size)};
  const Tensor weights[] = {cubic_far(part + 1), cubic_near(part), cubic_near(1 - part), cubic_far(2 - part)};
  std::vector<Tap> taps;
  for (int k = 0; k < 4; ++k) taps.push_back(tap(bordered(base + (k - 1), size, params), weights[k], size));
  return taps;
}

Tensor product_of(const Tensor& a, const Tensor& b) { return !a.defined() ? b : !b.defined() ? a : a * b; }

/// What grid_sampler computes.
Tensor sample(const Tensor& x, const Tensor& grid, const GridParams& params) {
  const int64_t dims = x.dim() - 2, images = x.size(0);
  const Tensor points = grid.flatten(1, dims), planes = x.flatten(2);
  std::vector<Tap> all{{zeros({images, points.size(1)}, kLong), {}, zeros({images, points.size(1)}, kBool)}};
  for (int64_t d = 0; d < dims; ++d) {  // the grid's last number goes with the first dimension
    const int64_t size = x.size(d + 2);
    std::vector<Tap> more;
    const std::vector<Tap> own = taps_along(points.select(2, dims - 1 - d), size, params);
    for (const Tap& a : all)
      for (const Tap& b : own)
        more.push_back({a.place * size + b.place, product_of(a.weight, b.weight), a.outside.logical_or(b.outside)});
    all = std::move(more);
  }
  Tensor sum = zeros({images, x.size(1), points.size(1)}, x.options().requires_grad(false));
  for (const Tap& t : all) {
    const Tensor values = planes.gather(2, t.place.unsqueeze(1).expand(sum.sizes()));
    const Tensor inside = values.masked_fill(t.outside.unsqueeze(1), 0);
    sum = sum + (t.weight.defined() ? inside * t.weight.unsqueeze(1) : inside);
  }
  return sum;
}

}  // namespace

autograd::Grads differentiable_grid_grads(const Tensor& g, const Tensor& x, const Tensor& grid,
                                          const GridParams& params, autograd::Needs needs) {
  const Tensor from = x.view_as(x), at = grid.view_as(grid);  // two tensors even where x is the grid
  std::vector<Tensor> wanted;
  if (needs[0]) wanted.push_back(from);
  if (needs[1]) wanted.push_back(at);
  const Tensor y = sample(from, at, params);
  autograd::Grads out(2);
  std::vector<Tensor> grads(wanted.size());
  if (y.requires_grad())
    grads = autograd::grad({y}, wanted, {g.flatten(2)}, /*retain_graph=*/true, /*create_graph=*/true,
                           /*allow_unused=*/true);
  for (size_t i = 0, next = 0; i < 2; ++i)
    if (needs[i]) {
      out[i] = grads[next].defined() ? grads[next] : zeros_like(wanted[next]).detach();
      ++next;
    }
  return out;
}

}  // namespace hearth
