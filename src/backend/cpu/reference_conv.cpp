// Every product of the definition, ordered so that the innermost loop runs along a row of pixels. Sums are taken in
// double (uint64 for integers).
#include "backend/cpu/reference_conv.h"

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"
#include "backend/cpu/windows.h"

namespace hearth::cpu {
namespace {

/// x [N, C, in], w [O, C / groups, kernel], y [N, O, out].
struct Geometry {
  Geometry(const Tensor& x, const Tensor& w, const Tensor& y, const ConvParams& params)
      : in(spatial_sizes(x)),
        kernel(spatial_sizes(w)),
        out(spatial_sizes(y)),
        stride(spatial(params.stride, 1)),
        padding(spatial(params.padding, 0)),
        dilation(spatial(params.dilation, 1)),
        n(impl(x)->sizes[0]),
        channels(impl(x)->sizes[1]),
        outputs(impl(y)->sizes[1]),
        groups(params.groups) {}
  int64_t group_in() const { return channels / groups; }
  int64_t group_out() const { return outputs / groups; }
  double products() const { return static_cast<double>(product(out)) * static_cast<double>(product(kernel)); }

  /// f(y offset of a row, x offset of its first input, w offset, number of outputs) for every kernel cell and row of
  /// one plane of y with one plane of x; inputs of a row are stride[2] apart.
  template <class F>
  void each_row(F&& f) const {
    for (int64_t kd = 0; kd < kernel[0]; ++kd) {
      const int64_t od = kd * dilation[0] - padding[0];
      const Reach depth(out[0], stride[0], od, in[0]);
      for (int64_t kh = 0; kh < kernel[1]; ++kh) {
        const int64_t oh = kh * dilation[1] - padding[1];
        const Reach height(out[1], stride[1], oh, in[1]);
        for (int64_t kw = 0; kw < kernel[2]; ++kw) {
          const int64_t ow = kw * dilation[2] - padding[2];
          const Reach width(out[2], stride[2], ow, in[2]);
          if (width.first >= width.last) continue;
          const int64_t cell = (kd * kernel[1] + kh) * kernel[2] + kw;
          for (int64_t d = depth.first; d < depth.last; ++d) {
            for (int64_t h = height.first; h < height.last; ++h) {
              const int64_t y = (d * out[1] + h) * out[2] + width.first;
              const int64_t x =
                  ((d * stride[0] + od) * in[1] + h * stride[1] + oh) * in[2] + width.first * stride[2] + ow;
              f(y, x, cell, width.last - width.first);
            }
          }
        }
      }
    }
  }

  Spatial in, kernel, out, stride, padding, dilation;
  int64_t n, channels, outputs, groups;
};

template <class T>
using Sum = std::conditional_t<is_float<T>, double, uint64_t>;
template <class T>
Sum<T> wide(T v) {
  return static_cast<Sum<T>>(static_cast<Math<T>>(v));
}
template <class T>
T narrow(Sum<T> v) {
  return static_cast<T>(static_cast<Math<T>>(v));
}

template <class T>
void forward(const T* x, const T* w, const T* bias, T* y, const Geometry& s) {
  const int64_t plane = product(s.out), pixels = product(s.in), cells = product(s.kernel);
  parallel_for(0, s.n * s.outputs, grain_for(s.products() * static_cast<double>(s.group_in()) * 0.5),
               [&](int64_t begin, int64_t end) {
                 std::vector<Sum<T>> sums(static_cast<size_t>(plane));
                 for (int64_t item = begin; item < end; ++item) {
                   const int64_t n = item / s.outputs, o = item % s.outputs, first = o / s.group_out() * s.group_in();
                   std::fill(sums.begin(), sums.end(), bias ? wide(bias[o]) : Sum<T>(0));
                   for (int64_t c = 0; c < s.group_in(); ++c) {
                     const T* in = x + (n * s.channels + first + c) * pixels;
                     const T* kernel = w + (o * s.group_in() + c) * cells;
                     s.each_row([&](int64_t to, int64_t from, int64_t cell, int64_t count) {
                       const Sum<T> k = wide(kernel[cell]);
                       Sum<T>* out = sums.data() + to;
                       for (int64_t i = 0; i < count; ++i) out[i] += k * wide(in[from + i * s.stride[2]]);
                     });
                   }
                   for (int64_t i = 0; i < plane; ++i) y[item * plane + i] = narrow<T>(sums[static_cast<size_t>(i)]);
                 }
               });
}

template <class T>
void backward_input(T* gx, const T* g, const T* w, const Geometry& s) {
  const int64_t plane = product(s.out), pixels = product(s.in), cells = product(s.kernel);
  parallel_for(0, s.n * s.channels, grain_for(s.products() * static_cast<double>(s.group_out()) * 0.5),
               [&](int64_t begin, int64_t end) {
                 std::vector<Sum<T>> sums(static_cast<size_t>(pixels));
                 for (int64_t item = begin; item < end; ++item) {
                   const int64_t n = item / s.channels, c = item % s.channels, group = c / s.group_in();
                   std::fill(sums.begin(), sums.end(), Sum<T>(0));
                   for (int64_t o = group * s.group_out(); o < (group + 1) * s.group_out(); ++o) {
                     const T* out = g + (n * s.outputs + o) * plane;
                     const T* kernel = w + (o * s.group_in() + c % s.group_in()) * cells;
                     s.each_row([&](int64_t from, int64_t to, int64_t cell, int64_t count) {
                       const Sum<T> k = wide(kernel[cell]);
                       for (int64_t i = 0; i < count; ++i) {
                         sums[static_cast<size_t>(to + i * s.stride[2])] += k * wide(out[from + i]);
                       }
                     });
                   }
                   for (int64_t i = 0; i < pixels; ++i) gx[item * pixels + i] = narrow<T>(sums[static_cast<size_t>(i)]);
                 }
               });
}

template <class T>
void backward_weight(T* gw, const T* g, const T* x, const Geometry& s) {
  const int64_t plane = product(s.out), pixels = product(s.in), cells = product(s.kernel);
  parallel_for(0, s.outputs * s.group_in(), grain_for(s.products() * static_cast<double>(s.n) * 0.5),
               [&](int64_t begin, int64_t end) {
                 std::vector<Sum<T>> sums(static_cast<size_t>(cells));
                 for (int64_t item = begin; item < end; ++item) {
                   const int64_t o = item / s.group_in(), c = o / s.group_out() * s.group_in() + item % s.group_in();
                   std::fill(sums.begin(), sums.end(), Sum<T>(0));
                   for (int64_t n = 0; n < s.n; ++n) {
                     const T* out = g + (n * s.outputs + o) * plane;
                     const T* in = x + (n * s.channels + c) * pixels;
                     s.each_row([&](int64_t to, int64_t from, int64_t cell, int64_t count) {
                       Sum<T> sum = 0;
                       for (int64_t i = 0; i < count; ++i) sum += wide(out[to + i]) * wide(in[from + i * s.stride[2]]);
                       sums[static_cast<size_t>(cell)] += sum;
                     });
                   }
                   for (int64_t i = 0; i < cells; ++i) gw[item * cells + i] = narrow<T>(sums[static_cast<size_t>(i)]);
                 }
               });
}

template <class T>
void backward_bias(T* gbias, const T* g, const Geometry& s) {
  const int64_t plane = product(s.out);
  for (int64_t o = 0; o < s.outputs; ++o) {
    Sum<T> sum = 0;
    for (int64_t n = 0; n < s.n; ++n) {
      for (int64_t i = 0; i < plane; ++i) sum += wide(g[(n * s.outputs + o) * plane + i]);
    }
    gbias[o] = narrow<T>(sum);
  }
}

}  // namespace

void reference_conv(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params) {
  if (impl(y)->numel == 0) return;
  const Tensor in = dense(x), kernel = dense(w), shift = dense(bias);
  const DenseOut to(y);
  visit_numbers("conv", impl(y)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    forward(data_of<T>(in), data_of<T>(kernel), data_of<T>(shift), to.data<T>(), Geometry(x, w, y, params));
  });
  to.store();
}

void reference_conv_backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params) {
  if (impl(gx)->numel == 0) return;
  const Tensor out = dense(g), kernel = dense(w);
  const DenseOut to(gx);
  visit_numbers("conv_backward", impl(gx)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    backward_input(to.data<T>(), data_of<T>(out), data_of<T>(kernel), Geometry(gx, w, g, params));
  });
  to.store();
}

void reference_conv_backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                                    const ConvParams& params) {
  const Tensor out = dense(g), in = dense(x);
  const DenseOut to(gw), shift(gbias);
  visit_numbers("conv_backward", impl(gw)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Geometry s(x, gw, g, params);
    if (impl(gw)->numel > 0) backward_weight(to.data<T>(), data_of<T>(out), data_of<T>(in), s);
    if (gbias.defined()) backward_bias(shift.data<T>(), data_of<T>(out), s);
  });
  to.store();
  shift.store();
}

}  // namespace hearth::cpu
