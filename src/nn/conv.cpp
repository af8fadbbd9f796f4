#include "hearth/nn/conv.h"

#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "hearth/nn/functional/conv.h"
#include "hearth/nn/init.h"
#include "nn/print.h"

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

[[noreturn]] void refuse(const std::string& text) { throw ValueError("[Conv] " + text); }

template <class Options>
void check_channels(const Options& o) {
  if (o.in_channels() <= 0 || o.groups() <= 0 || o.out_channels() <= 0)
    refuse(fmt::format("in_channels {}, groups {} and out_channels {} must be a positive integer", o.in_channels(),
                       o.groups(), o.out_channels()));
  if (o.in_channels() % o.groups() != 0)
    refuse(fmt::format("in_channels {} must be divisible by groups {}", o.in_channels(), o.groups()));
  if (o.out_channels() % o.groups() != 0)
    refuse(fmt::format("out_channels {} must be divisible by groups {}", o.out_channels(), o.groups()));
}

/// He's uniform weights with slope sqrt(5), and a bias of the same spread.
void draw(const Tensor& weight, const Tensor& bias) {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const int64_t fan_in = std::get<0>(init::_calculate_fan_in_and_fan_out(weight));
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  init::uniform_(bias, -bound, bound);
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
Tensor convolve(const Tensor& x, const Tensor& w, const functional::ConvFuncOptions<D>& o) {
  if constexpr (D == 1) return functional::conv1d(x, w, o);
  if constexpr (D == 2) return functional::conv2d(x, w, o);
  if constexpr (D == 3) return functional::conv3d(x, w, o);
}

}  // namespace

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  check_channels(options);
  if (std::holds_alternative<enumtype::kSame>(options.padding()) && !all_are(options.stride(), 1))
    refuse("padding='same' is not supported for strided convolutions");
  std::vector<int64_t> sizes{options.out_channels(), options.in_channels() / options.groups()};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", hearth::empty(sizes));
  bias = this->register_parameter("bias", options.bias() ? empty({options.out_channels()}) : Tensor(), options.bias());
  reset_parameters();
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset_parameters() {
  draw(weight, bias);
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line line(stream, "Conv", D, "d");
  line(options.in_channels())(options.out_channels());
  line("kernel_size", options.kernel_size())("stride", options.stride());
  if (const auto* p = std::get_if<ExpandingArray<D>>(&options.padding())) {
    if (!all_are(*p, 0)) line("padding", *p);
  } else {
    line("padding", std::holds_alternative<enumtype::kSame>(options.padding()) ? "'same'" : "'valid'");
  }
  if (!all_are(options.dilation(), 1)) line("dilation", options.dilation());
  if (options.groups() != 1) line("groups", options.groups());
  if (!options.bias()) line("bias", false);
  if (!std::holds_alternative<enumtype::kZeros>(options.padding_mode()))
    line("padding_mode", padding_mode_name(options.padding_mode()));
}

template <size_t D, class Derived>
Tensor ConvNdImpl<D, Derived>::forward(const Tensor& input) try {
  functional::ConvFuncOptions<D> o;
  o.bias(bias).stride(options.stride()).dilation(options.dilation()).groups(options.groups());
  if (std::holds_alternative<enumtype::kZeros>(options.padding_mode()))
    return convolve(input, weight, o.padding(options.padding()));
  constexpr const char* modes[] = {"constant", "reflect", "replicate", "circular"};
  return convolve(pad(input, border(options), modes[options.padding_mode().index()]), weight, o);
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

namespace {

/// The output_padding with which the output has the wanted size.
template <size_t D>
std::vector<int64_t> output_padding_for(const Tensor& input, const ConvTransposeOptions<D>& o, IntArrayRef wanted) {
  if (wanted.size() == D + 2 || (wanted.size() == D + 1 && static_cast<size_t>(input.dim()) == D + 1))
    wanted = wanted.slice(wanted.size() - D);
  if (wanted.size() != D)
    throw ValueError(
        fmt::format("[ConvTranspose] output_size must have {} or {} elements (got {})", D, D + 2, wanted.size()));
  std::vector<int64_t> extra(D);
  for (size_t d = 0; d < D; ++d) {
    const int64_t in = input.size(static_cast<int64_t>(d) - static_cast<int64_t>(D));
    const int64_t stride = (*o.stride())[d], padding = (*o.padding())[d], dilation = (*o.dilation())[d];
    const int64_t least = (in - 1) * stride - 2 * padding + dilation * ((*o.kernel_size())[d] - 1) + 1;
    if (wanted[d] < least || wanted[d] > least + stride - 1)
      throw ValueError(fmt::format(
          "[ConvTranspose] requested an output size of {}, but valid sizes of dimension {} range from {} to "
          "{} (for an input of {})",
          to_string(wanted), d, least, least + stride - 1, to_string(input.sizes())));
    extra[d] = wanted[d] - least;
  }
  return extra;
}

}  // namespace

template <size_t D, class Derived>
void ConvTransposeNdImpl<D, Derived>::reset() {
  check_channels(options);
  if (!std::holds_alternative<enumtype::kZeros>(options.padding_mode()))
    refuse("only kZeros padding mode is supported for ConvTranspose");
  std::vector<int64_t> sizes{options.in_channels(), options.out_channels() / options.groups()};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", hearth::empty(sizes));
  bias = this->register_parameter("bias", options.bias() ? empty({options.out_channels()}) : Tensor(), options.bias());
  reset_parameters();
}

template <size_t D, class Derived>
void ConvTransposeNdImpl<D, Derived>::reset_parameters() {
  draw(weight, bias);
}

template <size_t D, class Derived>
void ConvTransposeNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line line(stream, "ConvTranspose", D, "d");
  line(options.in_channels())(options.out_channels());
  line("kernel_size", options.kernel_size())("stride", options.stride());
  if (!all_are(options.padding(), 0)) line("padding", options.padding());
  if (!all_are(options.dilation(), 1)) line("dilation", options.dilation());
  if (!all_are(options.output_padding(), 0)) line("output_padding", options.output_padding());
  if (options.groups() != 1) line("groups", options.groups());
  if (!options.bias()) line("bias", false);
}

template <size_t D, class Derived>
Tensor ConvTransposeNdImpl<D, Derived>::forward(const Tensor& input,
                                                const std::optional<IntArrayRef>& output_size) try {
  const auto& o = options;
  const std::vector<int64_t> extra =
      output_size ? output_padding_for(input, o, *output_size) : IntArrayRef(o.output_padding()).vec();
  const Tensor &w = weight, &b = bias;
  if constexpr (D == 1) return conv_transpose1d(input, w, b, o.stride(), o.padding(), extra, o.groups(), o.dilation());
  if constexpr (D == 2) return conv_transpose2d(input, w, b, o.stride(), o.padding(), extra, o.groups(), o.dilation());
  if constexpr (D == 3) return conv_transpose3d(input, w, b, o.stride(), o.padding(), extra, o.groups(), o.dilation());
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

template class ConvNdImpl<1, Conv1dImpl>;
template class ConvNdImpl<2, Conv2dImpl>;
template class ConvNdImpl<3, Conv3dImpl>;
template class ConvTransposeNdImpl<1, ConvTranspose1dImpl>;
template class ConvTransposeNdImpl<2, ConvTranspose2dImpl>;
template class ConvTransposeNdImpl<3, ConvTranspose3dImpl>;

}  // namespace hearth::nn
