// Values of an image at the points of a grid. A point's place along each dimension becomes a few taps (place, weight,
// and the weight's slope); the value is the sum over their products.
#include <cmath>
#include <type_traits>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/windows.h"
#include "backend/dtype_visit.h"
#include "base/threads.h"

namespace hearth::cpu {
namespace {

constexpr int64_t kBlock = 128;  // points whose taps are made at a time, for all channels

template <class T>
struct Moved {
  T at, slope;  // slope: by how much `at` moves with the coordinate
};

/// A coordinate of [-1, 1] as a place among `size` elements.
template <class T>
Moved<T> place_of(T coordinate, int64_t size, bool align) {
  const T n = static_cast<T>(size);
  if (align) return {(coordinate + 1) / 2 * (n - 1), (n - 1) / 2};
  return {((coordinate + 1) * n - 1) / 2, n / 2};
}
/// A place outside mirrored at the borders, between the outermost elements (align) or their outer edges.
template <class T>
Moved<T> reflected(Moved<T> p, int64_t size, bool align) {
  const T low = align ? T(0) : T(-0.5), span = static_cast<T>(align ? size - 1 : size);
  if (span <= 0) return {T(0), T(0)};
  const T sign = p.at < low ? T(-1) : T(1), away = std::abs(p.at - low);
  const T flips = std::floor(away / span), extra = std::fmod(away, span);
  const bool even = std::fmod(flips, T(2)) == T(0);
  return even ? Moved<T>{extra + low, sign * p.slope} : Moved<T>{span - extra + low, -sign * p.slope};
}
template <class T>
Moved<T> clipped(Moved<T> p, int64_t size) {
  const T last = static_cast<T>(size - 1);
  if (!(p.at > 0)) return {T(0), T(0)};  // NaN too
  return p.at >= last ? Moved<T>{last, T(0)} : p;
}
template <class T>
Moved<T> bordered(Moved<T> p, int64_t size, const GridParams& g) {
  if (g.padding == GridPadding::zeros) return p;
  return clipped(g.padding == GridPadding::reflection ? reflected(p, size, g.align_corners) : p, size);
}

template <class T>
struct Tap {
  int64_t place;  // -1: outside
  T weight, slope;
};

/// Keys' cubic with a = -0.75: the weight of an element at distance x, and its slope by x.
template <class T>
Moved<T> cubic(T x) {
  const T a = T(-0.75), d = std::abs(x), sign = x < 0 ? T(-1) : T(1);
  if (d <= 1) return {((a + 2) * d - (a + 3)) * d * d + 1, sign * (3 * (a + 2) * d - 2 * (a + 3)) * d};
  return {((a * d - 5 * a) * d + 8 * a) * d - 4 * a, sign * ((3 * a * d - 10 * a) * d + 8 * a)};
}

constexpr int taps_of(GridMode mode) { return mode == GridMode::nearest ? 1 : mode == GridMode::bilinear ? 2 : 4; }

/// The taps of one coordinate along a dimension of `size` elements.
template <class T>
void make_taps(T coordinate, int64_t size, const GridParams& g, Tap<T>* taps) {
  const int count = taps_of(g.mode);
  Moved<T> p = place_of(coordinate, size, g.align_corners);
  if (g.mode != GridMode::bicubic) p = bordered(p, size, g);
  if (!(std::abs(p.at) < T(1e9))) {  // far away, infinite or NaN
    for (int k = 0; k < count; ++k) taps[k] = {-1, T(0), T(0)};
    return;
  }
  const auto inside = [size](int64_t i) { return i >= 0 && i < size ? i : int64_t{-1}; };
  if (g.mode == GridMode::nearest) {
    taps[0] = {inside(static_cast<int64_t>(std::nearbyint(p.at))), T(1), T(0)};
    return;
  }
  const T base = std::floor(p.at), part = p.at - base;
  const auto first = static_cast<int64_t>(base);
  if (g.mode == GridMode::bilinear) {
    taps[0] = {inside(first), 1 - part, -p.slope};
    taps[1] = {inside(first + 1), part, p.slope};
    return;
  }
  for (int k = 0; k < 4; ++k) {
    const Moved<T> w = cubic(part - static_cast<T>(k - 1));
    const Moved<T> at = bordered(Moved<T>{base + static_cast<T>(k - 1), T(1)}, size, g);
    taps[k] = {inside(static_cast<int64_t>(at.at)), w.at, w.slope * p.slope};
  }
}

/// The products of a block of points' taps: [point][tap]. Those outside have weight 0 and any place: readers must not
/// multiply by it, for what stands there may be infinite.
template <class T>
struct Block {
  Block(const Tensor& x, const Tensor& grid_, const GridParams& g)
      : params(g), size(spatial_sizes(x)), dims(static_cast<int>(impl(x)->sizes.size()) - 2), grid(data_of<T>(grid_)) {
    count = taps_of(g.mode);
    total = dims == 3 ? count * count * count : count * count;
    places.resize(static_cast<size_t>(kBlock * total));
    weights.resize(places.size());
    for (int d = 0; d < dims; ++d) slopes[d].resize(places.size());
  }
  /// Points first to first + n of all grids.
  void fill(int64_t first, int64_t n, bool with_slopes) {
    Tap<T> taps[3][4];
    for (int64_t i = 0; i < n; ++i) {
      for (int d = 0; d < dims; ++d)  // the grid's last number goes with the first dimension
        make_taps(grid[(first + i) * dims + (dims - 1 - d)], size[3 - dims + d], params, taps[d]);
      if (dims == 2) {
        combine<2>(taps, i, with_slopes);
      } else {
        combine<3>(taps, i, with_slopes);
      }
    }
  }
  template <int D>
  void combine(const Tap<T> (&taps)[3][4], int64_t point, bool with_slopes) {
    auto at = static_cast<size_t>(point * total);
    for (int a = 0; a < (D == 3 ? count : 1); ++a)
      for (int b = 0; b < count; ++b)
        for (int c = 0; c < count; ++c, ++at) {
          const Tap<T>* own[3] = {&taps[0][D == 3 ? a : b], &taps[1][D == 3 ? b : c], &taps[2][c]};
          int64_t place = 0;
          T weight = 1;
          bool outside = false;
          for (int d = 0; d < D; ++d) {
            outside = outside || own[d]->place < 0;
            place = place * size[3 - D + d] + own[d]->place;
            weight *= own[d]->weight;
          }
          places[at] = outside ? 0 : static_cast<int32_t>(place);
          weights[at] = outside ? T(0) : weight;
          if (!with_slopes) continue;
          for (int d = 0; d < D; ++d) {
            T slope = outside ? T(0) : own[d]->slope;
            for (int e = 0; e < D; ++e)
              if (e != d) slope *= own[e]->weight;
            slopes[d][at] = slope;
          }
        }
  }
  GridParams params;
  Spatial size;
  int dims, count, total;
  const T* grid;
  std::vector<int32_t> places;  // within a plane
  std::vector<T> weights, slopes[3];
};

/// f(block, image, first point within the image, points) for the points [begin, end) of one image, a block at a time.
template <class T, class F>
void each_block(Block<T>& block, int64_t image, int64_t points, int64_t begin, int64_t end, bool with_slopes, F&& f) {
  for (int64_t p = begin; p < end; p += kBlock) {
    const int64_t n = std::min(kBlock, end - p);
    block.fill(image * points + p, n, with_slopes);
    f(p, n);
  }
}

/// f(an integral constant: how many taps a point has).
template <class F>
void with_taps(int total, F&& f) {
  switch (total) {
    case 1: return f(std::integral_constant<int, 1>{});
    case 4: return f(std::integral_constant<int, 4>{});
    case 8: return f(std::integral_constant<int, 8>{});
    default: return f(std::integral_constant<int, 16>{});
  }
}

struct Sizes {
  Sizes(const Tensor& x, const Tensor& y)
      : images(impl(y)->sizes[0]), channels(impl(y)->sizes[1]), plane(product(spatial_sizes(x))) {
    points = product(spatial_sizes(y));
    pieces = (points + 8 * kBlock - 1) / (8 * kBlock);
  }
  /// f(image, begin, end) over pieces of the points of all images.
  template <class F>
  void each_piece(double ns_per_point, F&& f) const {
    const double ns = ns_per_point * static_cast<double>(points) / static_cast<double>(std::max<int64_t>(pieces, 1));
    parallel_for(0, images * pieces, grain_for(ns), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        const int64_t begin = i % pieces * 8 * kBlock;
        f(i / pieces, begin, std::min(points, begin + 8 * kBlock));
      }
    });
  }
  int64_t images, channels, plane, points, pieces;
};

template <class F>
void visit_math(ScalarType dtype, F&& f) {
  if (dtype == kDouble) return f(Tag<double>{});
  f(Tag<float>{});
}

}  // namespace

void grid_sample(const Tensor& y, const Tensor& x, const Tensor& grid, const GridParams& params) {
  if (impl(y)->numel == 0) return;
  const Tensor from = dense(x), at = dense(grid);
  const DenseOut to(y);
  const Sizes s(x, y);
  visit_math(impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const int taps = Block<T>(x, at, params).total;
    s.each_piece(taps * (6.0 + static_cast<double>(s.channels)), [&](int64_t image, int64_t begin, int64_t end) {
      Block<T> block(x, at, params);
      each_block(block, image, s.points, begin, end, false, [&](int64_t p, int64_t n) {
        for (int64_t c = 0; c < s.channels; ++c) {
          const T* plane = data_of<T>(from) + (image * s.channels + c) * s.plane;
          T* target = to.data<T>() + (image * s.channels + c) * s.points + p;
          with_taps(block.total, [&](auto taps_of_point) {
            constexpr int K = decltype(taps_of_point)::value;
            const int32_t* place = block.places.data();
            const T* weight = block.weights.data();
            for (int64_t i = 0; i < n; ++i, place += K, weight += K) {
              T sum = 0;
              for (int t = 0; t < K; ++t) sum += weight[t] == T(0) ? T(0) : plane[place[t]] * weight[t];
              target[i] = sum;
            }
          });
        }
      });
    });
  });
  to.store();
}

void grid_sample_backward(const Tensor& gx, const Tensor& ggrid, const Tensor& g, const Tensor& x, const Tensor& grid,
                          const GridParams& params) {
  const Tensor from = dense(x), at = dense(grid), out = dense(g);
  const DenseOut to(gx), to_grid(ggrid);
  const Sizes s(x, g);
  visit_math(impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const int taps = impl(g)->numel > 0 ? Block<T>(x, at, params).total : 1;
    if (gx.defined() && impl(gx)->numel > 0) {  // each plane is summed by one thread, a few planes share the taps
      const int64_t groups = std::max<int64_t>(1, std::min(s.channels / 8, 16 / std::max<int64_t>(1, s.images)));
      const double ns = static_cast<double>(s.points) * taps * (6.0 + static_cast<double>(s.channels / groups));
      parallel_for(0, s.images * groups, grain_for(ns), [&](int64_t first, int64_t last) {
        Block<T> block(x, at, params);
        for (int64_t item = first; item < last; ++item) {
          const int64_t image = item / groups, part = item % groups;
          const int64_t c0 = part * s.channels / groups, c1 = (part + 1) * s.channels / groups;
          T* planes = to.data<T>() + image * s.channels * s.plane;
          std::fill(planes + c0 * s.plane, planes + c1 * s.plane, T(0));
          each_block(block, image, s.points, 0, s.points, false, [&](int64_t p, int64_t n) {
            for (int64_t c = c0; c < c1; ++c) {
              const T* source = data_of<T>(out) + (image * s.channels + c) * s.points + p;
              T* plane = planes + c * s.plane;
              with_taps(block.total, [&](auto taps_of_point) {
                constexpr int K = decltype(taps_of_point)::value;
                const int32_t* place = block.places.data();
                const T* weight = block.weights.data();
                for (int64_t i = 0; i < n; ++i, place += K, weight += K)
                  for (int t = 0; t < K; ++t) plane[place[t]] += weight[t] == T(0) ? T(0) : source[i] * weight[t];
              });
            }
          });
        }
      });
    }
    if (!ggrid.defined() || impl(ggrid)->numel == 0) return;
    s.each_piece(taps * (10.0 + 3 * static_cast<double>(s.channels)), [&](int64_t image, int64_t begin, int64_t end) {
      if (impl(g)->numel == 0) {  // no channels
        T* none = to_grid.data<T>() + image * s.points * impl(grid)->sizes.back();
        return std::fill(none, none + s.points * impl(grid)->sizes.back(), T(0));
      }
      Block<T> block(x, at, params);
      each_block(block, image, s.points, begin, end, true, [&](int64_t p, int64_t n) {
        T* target = to_grid.data<T>() + (image * s.points + p) * block.dims;
        std::fill_n(target, n * block.dims, T(0));
        for (int64_t c = 0; c < s.channels; ++c) {
          const T* plane = data_of<T>(from) + (image * s.channels + c) * s.plane;
          const T* source = data_of<T>(out) + (image * s.channels + c) * s.points + p;
          for (int64_t i = 0; i < n; ++i)
            for (auto t = static_cast<size_t>(i * block.total); t < static_cast<size_t>((i + 1) * block.total); ++t)
              for (int d = 0; d < block.dims; ++d)
                if (block.slopes[d][t] != T(0))
                  target[i * block.dims + (block.dims - 1 - d)] +=
                      source[i] * plane[block.places[t]] * block.slopes[d][t];
        }
      });
    });
  });
  to.store();
  to_grid.store();
}

}  // namespace hearth::cpu
