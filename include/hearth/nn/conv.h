#pragma once

#include "hearth/enums.h"
#include "hearth/expanding_array.h"
#include "hearth/nn/any.h"

namespace hearth::nn {

namespace detail {
using conv_padding_mode_t =
    std::variant<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
template <size_t D>
using conv_padding_t = std::variant<ExpandingArray<D>, enumtype::kValid, enumtype::kSame>;
}  // namespace detail

template <size_t D>
struct ConvOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  using padding_t = detail::conv_padding_t<D>;
  ConvOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  HEARTH_ARG(int64_t, in_channels);
  HEARTH_ARG(int64_t, out_channels);
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  HEARTH_ARG(ExpandingArray<D>, stride) = 1;
  HEARTH_ARG(padding_t, padding) = ExpandingArray<D>(0);

 public:
  ConvOptions& padding(std::initializer_list<int64_t> list) {
    padding_ = ExpandingArray<D>(list);
    return *this;
  }
  ConvOptions& padding(int64_t all) {
    padding_ = ExpandingArray<D>(all);
    return *this;
  }
  HEARTH_ARG(ExpandingArray<D>, dilation) = 1;
  HEARTH_ARG(int64_t, groups) = 1;
  HEARTH_ARG(bool, bias) = true;
  /// How the border is made up: zeros, mirrored (kReflect), repeated (kReplicate) or from the other side (kCircular).
  HEARTH_ARG(padding_mode_t, padding_mode) = kZeros;
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;

template <size_t D>
struct ConvTransposeOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  ConvTransposeOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  HEARTH_ARG(int64_t, in_channels);
  HEARTH_ARG(int64_t, out_channels);
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  HEARTH_ARG(ExpandingArray<D>, stride) = 1;
  HEARTH_ARG(ExpandingArray<D>, padding) = 0;
  /// Added to one side of the output: of the sizes that a stride maps to one, which it is.
  HEARTH_ARG(ExpandingArray<D>, output_padding) = 0;
  HEARTH_ARG(int64_t, groups) = 1;
  HEARTH_ARG(bool, bias) = true;
  HEARTH_ARG(ExpandingArray<D>, dilation) = 1;
  /// kZeros alone is possible.
  HEARTH_ARG(padding_mode_t, padding_mode) = kZeros;
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

/// Convolution over D dimensions: input [N, in_channels, …] or without N, output [N, out_channels, …].
template <size_t D, class Derived>
class HEARTH_API ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(const ConvOptions<D>& options_) : options(options_) { ConvNdImpl::reset(); }
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  ConvOptions<D> options;
  Tensor weight;  ///< [out_channels, in_channels / groups, kernel…]
  Tensor bias;    ///< [out_channels]; undefined without one
};

class HEARTH_API Conv1dImpl : public ConvNdImpl<1, Conv1dImpl> {
 public:
  Conv1dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<1> kernel_size)
      : Conv1dImpl(Conv1dOptions(in_channels, out_channels, kernel_size)) {}
  explicit Conv1dImpl(const Conv1dOptions& options_) : ConvNdImpl(options_) {}
};
class HEARTH_API Conv2dImpl : public ConvNdImpl<2, Conv2dImpl> {
 public:
  Conv2dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<2> kernel_size)
      : Conv2dImpl(Conv2dOptions(in_channels, out_channels, kernel_size)) {}
  explicit Conv2dImpl(const Conv2dOptions& options_) : ConvNdImpl(options_) {}
};
class HEARTH_API Conv3dImpl : public ConvNdImpl<3, Conv3dImpl> {
 public:
  Conv3dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<3> kernel_size)
      : Conv3dImpl(Conv3dOptions(in_channels, out_channels, kernel_size)) {}
  explicit Conv3dImpl(const Conv3dOptions& options_) : ConvNdImpl(options_) {}
};
HEARTH_LIBRARY_MODULE(Conv1d);
HEARTH_LIBRARY_MODULE(Conv2d);
HEARTH_LIBRARY_MODULE(Conv3d);

extern template class ConvNdImpl<1, Conv1dImpl>;
extern template class ConvNdImpl<2, Conv2dImpl>;
extern template class ConvNdImpl<3, Conv3dImpl>;

/// The gradient of a convolution by its input, as a layer: input [N, in_channels, …] or without N, output
/// [N, out_channels, …] as large as output_size says, or (in - 1) * stride - 2 * padding + dilation * (kernel - 1) +
/// output_padding + 1.
template <size_t D, class Derived>
class HEARTH_API ConvTransposeNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvTransposeNdImpl(const ConvTransposeOptions<D>& options_) : options(options_) {
    ConvTransposeNdImpl::reset();
  }
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const std::optional<IntArrayRef>& output_size = std::nullopt);

  ConvTransposeOptions<D> options;
  Tensor weight;  ///< [in_channels, out_channels / groups, kernel…]
  Tensor bias;    ///< [out_channels]; undefined without one

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(std::optional<IntArrayRef>())})
};

class HEARTH_API ConvTranspose1dImpl : public ConvTransposeNdImpl<1, ConvTranspose1dImpl> {
 public:
  ConvTranspose1dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<1> kernel_size)
      : ConvTranspose1dImpl(ConvTranspose1dOptions(in_channels, out_channels, kernel_size)) {}
  explicit ConvTranspose1dImpl(const ConvTranspose1dOptions& options_) : ConvTransposeNdImpl(options_) {}
};
class HEARTH_API ConvTranspose2dImpl : public ConvTransposeNdImpl<2, ConvTranspose2dImpl> {
 public:
  ConvTranspose2dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<2> kernel_size)
      : ConvTranspose2dImpl(ConvTranspose2dOptions(in_channels, out_channels, kernel_size)) {}
  explicit ConvTranspose2dImpl(const ConvTranspose2dOptions& options_) : ConvTransposeNdImpl(options_) {}
};
class HEARTH_API ConvTranspose3dImpl : public ConvTransposeNdImpl<3, ConvTranspose3dImpl> {
 public:
  ConvTranspose3dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<3> kernel_size)
      : ConvTranspose3dImpl(ConvTranspose3dOptions(in_channels, out_channels, kernel_size)) {}
  explicit ConvTranspose3dImpl(const ConvTranspose3dOptions& options_) : ConvTransposeNdImpl(options_) {}
};
HEARTH_LIBRARY_MODULE(ConvTranspose1d);
HEARTH_LIBRARY_MODULE(ConvTranspose2d);
HEARTH_LIBRARY_MODULE(ConvTranspose3d);

extern template class ConvTransposeNdImpl<1, ConvTranspose1dImpl>;
extern template class ConvTransposeNdImpl<2, ConvTranspose2dImpl>;
extern template class ConvTransposeNdImpl<3, ConvTranspose3dImpl>;

}  // namespace hearth::nn
