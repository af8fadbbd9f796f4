#include "hearth/nn/conv.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

#include "hearth/error.h"
#include "hearth/nn/init.h"
#include "hearth/nn/pad.h"

namespace hearth::nn {

namespace {

template <size_t D>
bool all_are(const ExpandingArray<D>& a, int64_t value) {
  for (const int64_t v : *a)
    if (v != value) return false;
  return true;
}

const char* padding_mode_name(const detail::conv_padding_mode_t& mode) {
  constexpr const char* names[] = {"kZeros", "kReflect", "kReplicate", "kCircular"};
  return names[mode.index()];
}

template <size_t D>
void check_options(const ConvOptions<D>& o) {
  const auto refuse = [](const std::string& text) { throw ValueError("[Conv] " + text); };
  if (o.in_channels() <= 0 || o.groups() <= 0 || o.out_channels() <= 0)
    refuse(fmt::format("in_channels {}, groups {} and out_channels {} must be a positive integer", o.in_channels(),
                       o.groups(), o.out_channels()));
  if (o.in_channels() % o.groups() != 0)
    refuse(fmt::format("in_channels {} must be divisible by groups {}", o.in_channels(), o.groups()));
  if (o.out_channels() % o.groups() != 0)
    refuse(fmt::format("out_channels {} must be divisible by groups {}", o.out_channels(), o.groups()));
  if (std::holds_alternative<enumtype::kSame>(o.padding()) && !all_are(o.stride(), 1))
    refuse("padding='same' is not supported for strided convolutions");
}

/// The border for a padding mode other than zeros, as pad() wants it: last dimension first, two numbers each.
template <size_t D>
std::vector<int64_t> border(const ConvOptions<D>& o) {
  std::vector<int64_t> pad(2 * D, 0);
  for (size_t i = 0; i < D; ++i) {
    const size_t at = 2 * (D - 1 - i);
    if (const auto* p = std::get_if<ExpandingArray<D>>(&o.padding())) {
      pad[at] = pad[at + 1] = (**p)[i];
    } else if (std::holds_alternative<enumtype::kSame>(o.padding())) {
      const int64_t total = (*o.dilation())[i] * ((*o.kernel_size())[i] - 1);
      pad[at] = total / 2;
      pad[at + 1] = total - total / 2;
    }
  }
  return pad;
}

template <size_t D>
Tensor convolve(const Tensor& x, const Tensor& w, const Tensor& b, const ConvOptions<D>& o, IntArrayRef padding) {
  if constexpr (D == 1) return conv1d(x, w, b, o.stride(), padding, o.dilation(), o.groups());
  if constexpr (D == 2) return conv2d(x, w, b, o.stride(), padding, o.dilation(), o.groups());
  if constexpr (D == 3) return conv3d(x, w, b, o.stride(), padding, o.dilation(), o.groups());
}
template <size_t D>
Tensor convolve_same(const Tensor& x, const Tensor& w, const Tensor& b, const ConvOptions<D>& o) {
  if constexpr (D == 1) return conv1d(x, w, b, o.stride(), "same", o.dilation(), o.groups());
  if constexpr (D == 2) return conv2d(x, w, b, o.stride(), "same", o.dilation(), o.groups());
  if constexpr (D == 3) return conv3d(x, w, b, o.stride(), "same", o.dilation(), o.groups());
}

}  // namespace

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  check_options(options);
  std::vector<int64_t> sizes{options.out_channels(), options.in_channels() / options.groups()};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", hearth::empty(sizes));
  bias = this->register_parameter("bias", options.bias() ? empty({options.out_channels()}) : Tensor(), options.bias());
  reset_parameters();
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const int64_t fan_in = std::get<0>(init::_calculate_fan_in_and_fan_out(weight));
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  init::uniform_(bias, -bound, bound);
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Conv" << D << "d(" << options.in_channels() << ", " << options.out_channels()
         << ", kernel_size=" << options.kernel_size() << ", stride=" << options.stride();
  if (const auto* p = std::get_if<ExpandingArray<D>>(&options.padding())) {
    if (!all_are(*p, 0)) stream << ", padding=" << *p;
  } else {
    stream << ", padding=" << (std::holds_alternative<enumtype::kSame>(options.padding()) ? "'same'" : "'valid'");
  }
  if (!all_are(options.dilation(), 1)) stream << ", dilation=" << options.dilation();
  if (options.groups() != 1) stream << ", groups=" << options.groups();
  if (!options.bias()) stream << ", bias=false";
  if (!std::holds_alternative<enumtype::kZeros>(options.padding_mode()))
    stream << ", padding_mode=" << padding_mode_name(options.padding_mode());
  stream << ")";
}

template <size_t D, class Derived>
Tensor ConvNdImpl<D, Derived>::forward(const Tensor& input) {
  if (!std::holds_alternative<enumtype::kZeros>(options.padding_mode())) {
    const Tensor x = detail::pad_border(input, border(options), options.padding_mode());
    return convolve(x, weight, bias, options, 0);
  }
  if (const auto* p = std::get_if<ExpandingArray<D>>(&options.padding()))
    return convolve(input, weight, bias, options, *p);
  if (std::holds_alternative<enumtype::kSame>(options.padding())) return convolve_same(input, weight, bias, options);
  return convolve(input, weight, bias, options, 0);
}

template class ConvNdImpl<1, Conv1dImpl>;
template class ConvNdImpl<2, Conv2dImpl>;
template class ConvNdImpl<3, Conv3dImpl>;

}  // namespace hearth::nn
