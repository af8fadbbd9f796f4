#pragma once

#include "hearth/nn/conv.h"

namespace hearth::nn::functional {

template <size_t D>
struct ConvFuncOptions {
  using padding_t = nn::detail::conv_padding_t<D>;
  HEARTH_ARG(Tensor, bias);
  HEARTH_ARG(ExpandingArray<D>, stride) = 1;
  HEARTH_ARG(padding_t, padding) = ExpandingArray<D>(0);

 public:
  ConvFuncOptions& padding(std::initializer_list<int64_t> list) {
    padding_ = ExpandingArray<D>(list);
    return *this;
  }
  ConvFuncOptions& padding(int64_t all) {
    padding_ = ExpandingArray<D>(all);
    return *this;
  }
  HEARTH_ARG(ExpandingArray<D>, dilation) = 1;
  HEARTH_ARG(int64_t, groups) = 1;
};
using Conv1dFuncOptions = ConvFuncOptions<1>;
using Conv2dFuncOptions = ConvFuncOptions<2>;
using Conv3dFuncOptions = ConvFuncOptions<3>;

template <size_t D>
struct ConvTransposeFuncOptions {
  HEARTH_ARG(Tensor, bias);
  HEARTH_ARG(ExpandingArray<D>, stride) = 1;
  HEARTH_ARG(ExpandingArray<D>, padding) = 0;
  HEARTH_ARG(ExpandingArray<D>, output_padding) = 0;
  HEARTH_ARG(int64_t, groups) = 1;
  HEARTH_ARG(ExpandingArray<D>, dilation) = 1;
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions<1>;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions<2>;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions<3>;

inline Tensor conv1d(const Tensor& input, const Tensor& weight, const Conv1dFuncOptions& o = {}) {
  const auto& p = o.padding();
  if (p.index() != 0)
    return hearth::conv1d(input, weight, o.bias(), o.stride(), p.index() == 1 ? "valid" : "same", o.dilation(),
                          o.groups());
  return hearth::conv1d(input, weight, o.bias(), o.stride(), std::get<0>(p), o.dilation(), o.groups());
}
inline Tensor conv2d(const Tensor& input, const Tensor& weight, const Conv2dFuncOptions& o = {}) {
  const auto& p = o.padding();
  if (p.index() != 0)
    return hearth::conv2d(input, weight, o.bias(), o.stride(), p.index() == 1 ? "valid" : "same", o.dilation(),
                          o.groups());
  return hearth::conv2d(input, weight, o.bias(), o.stride(), std::get<0>(p), o.dilation(), o.groups());
}
inline Tensor conv3d(const Tensor& input, const Tensor& weight, const Conv3dFuncOptions& o = {}) {
  const auto& p = o.padding();
  if (p.index() != 0)
    return hearth::conv3d(input, weight, o.bias(), o.stride(), p.index() == 1 ? "valid" : "same", o.dilation(),
                          o.groups());
  return hearth::conv3d(input, weight, o.bias(), o.stride(), std::get<0>(p), o.dilation(), o.groups());
}
inline Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const ConvTranspose1dFuncOptions& o = {}) {
  return hearth::conv_transpose1d(input, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),
                                  o.dilation());
}
inline Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const ConvTranspose2dFuncOptions& o = {}) {
  return hearth::conv_transpose2d(input, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),
                                  o.dilation());
}
inline Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const ConvTranspose3dFuncOptions& o = {}) {
  return hearth::conv_transpose3d(input, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),
                                  o.dilation());
}

}  // namespace hearth::nn::functional
