#pragma once

#include "hearth/expanding_array.h"
#include "hearth/nn/any.h"

namespace hearth::nn {

template <size_t D>
struct MaxPoolOptions {
  MaxPoolOptions(ExpandingArray<D> kernel_size)
      : kernel_size_(kernel_size), stride_(kernel_size) {}  // NOLINT: implicit
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  /// Defaults to kernel_size.
  HEARTH_ARG(ExpandingArray<D>, stride);
  HEARTH_ARG(ExpandingArray<D>, padding) = 0;
  HEARTH_ARG(ExpandingArray<D>, dilation) = 1;
  HEARTH_ARG(bool, ceil_mode) = false;
};
using MaxPool1dOptions = MaxPoolOptions<1>;
using MaxPool2dOptions = MaxPoolOptions<2>;
using MaxPool3dOptions = MaxPoolOptions<3>;

template <size_t D>
struct AvgPoolOptions {
  AvgPoolOptions(ExpandingArray<D> kernel_size)
      : kernel_size_(kernel_size), stride_(kernel_size) {}  // NOLINT: implicit
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  /// Defaults to kernel_size.
  HEARTH_ARG(ExpandingArray<D>, stride);
  HEARTH_ARG(ExpandingArray<D>, padding) = 0;
  HEARTH_ARG(bool, ceil_mode) = false;
  HEARTH_ARG(bool, count_include_pad) = true;
  /// Divides in place of the window's size; not in one dimension.
  HEARTH_ARG(std::optional<int64_t>, divisor_override);
};
using AvgPool1dOptions = AvgPoolOptions<1>;
using AvgPool2dOptions = AvgPoolOptions<2>;
using AvgPool3dOptions = AvgPoolOptions<3>;

/// How many cells adaptive pooling makes of each dimension; std::nullopt: as many as the input has.
template <class OutputSize>
struct AdaptivePoolOptions {
  using output_size_t = OutputSize;
  AdaptivePoolOptions(output_size_t output_size) : output_size_(output_size) {}  // NOLINT: implicit
  HEARTH_ARG(output_size_t, output_size);
};
namespace detail {
template <size_t D>
using AdaptiveOptions =
    AdaptivePoolOptions<std::conditional_t<D == 1, ExpandingArray<1>, ExpandingArrayWithOptionalElem<D>>>;
}
using AdaptiveMaxPool1dOptions = detail::AdaptiveOptions<1>;
using AdaptiveMaxPool2dOptions = detail::AdaptiveOptions<2>;
using AdaptiveMaxPool3dOptions = detail::AdaptiveOptions<3>;
using AdaptiveAvgPool1dOptions = detail::AdaptiveOptions<1>;
using AdaptiveAvgPool2dOptions = detail::AdaptiveOptions<2>;
using AdaptiveAvgPool3dOptions = detail::AdaptiveOptions<3>;

template <size_t D>
struct MaxUnpoolOptions {
  MaxUnpoolOptions(ExpandingArray<D> kernel_size)
      : kernel_size_(kernel_size), stride_(kernel_size) {}  // NOLINT: implicit
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  HEARTH_ARG(ExpandingArray<D>, stride);
  HEARTH_ARG(ExpandingArray<D>, padding) = 0;
};
using MaxUnpool1dOptions = MaxUnpoolOptions<1>;
using MaxUnpool2dOptions = MaxUnpoolOptions<2>;
using MaxUnpool3dOptions = MaxUnpoolOptions<3>;

template <size_t D>
struct FractionalMaxPoolOptions {
  using ExpandingArrayDouble = ExpandingArray<D, double>;
  FractionalMaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size) {}  // NOLINT: implicit
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  /// One of output_size and output_ratio (of the input's size, in (0, 1)) is given.
  HEARTH_ARG(std::optional<ExpandingArray<D>>, output_size);
  HEARTH_ARG(std::optional<ExpandingArrayDouble>, output_ratio);
  /// [N, C, D] of [0, 1) in place of random ones.
  HEARTH_ARG(Tensor, _random_samples);
};
using FractionalMaxPool2dOptions = FractionalMaxPoolOptions<2>;
using FractionalMaxPool3dOptions = FractionalMaxPoolOptions<3>;

template <size_t D>
struct LPPoolOptions {
  LPPoolOptions(double norm_type, ExpandingArray<D> kernel_size)
      : norm_type_(norm_type), kernel_size_(kernel_size), stride_(kernel_size) {}
  HEARTH_ARG(double, norm_type);
  HEARTH_ARG(ExpandingArray<D>, kernel_size);
  HEARTH_ARG(ExpandingArray<D>, stride);
  HEARTH_ARG(bool, ceil_mode) = false;
};
using LPPool1dOptions = LPPoolOptions<1>;
using LPPool2dOptions = LPPoolOptions<2>;

/// The largest element of each window of D dimensions.
template <size_t D, class Derived>
class HEARTH_API MaxPoolImpl : public Cloneable<Derived> {
 public:
  MaxPoolImpl(ExpandingArray<D> kernel_size) : MaxPoolImpl(MaxPoolOptions<D>(kernel_size)) {}  // NOLINT: implicit
  explicit MaxPoolImpl(const MaxPoolOptions<D>& options_) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
  /// And where each stood: its flat place in the channel's plane.
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);

  MaxPoolOptions<D> options;
};

/// The mean of each window.
template <size_t D, class Derived>
class HEARTH_API AvgPoolImpl : public Cloneable<Derived> {
 public:
  AvgPoolImpl(ExpandingArray<D> kernel_size) : AvgPoolImpl(AvgPoolOptions<D>(kernel_size)) {}  // NOLINT: implicit
  explicit AvgPoolImpl(const AvgPoolOptions<D>& options_) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  AvgPoolOptions<D> options;
};

/// Means over as many cells as are wanted.
template <size_t D, class Derived>
class HEARTH_API AdaptiveAvgPoolImpl : public Cloneable<Derived> {
 public:
  using Options = detail::AdaptiveOptions<D>;
  AdaptiveAvgPoolImpl(typename Options::output_size_t output_size) : options(output_size) {}  // NOLINT: implicit
  explicit AdaptiveAvgPoolImpl(const Options& options_) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  Options options;
};

/// Maxima over as many cells as are wanted.
template <size_t D, class Derived>
class HEARTH_API AdaptiveMaxPoolImpl : public Cloneable<Derived> {
 public:
  using Options = detail::AdaptiveOptions<D>;
  AdaptiveMaxPoolImpl(typename Options::output_size_t output_size) : options(output_size) {}  // NOLINT: implicit
  explicit AdaptiveMaxPoolImpl(const Options& options_) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);

  Options options;
};

/// Max pooling's inverse: zeros, with each element at the place where it stood.
template <size_t D, class Derived>
class HEARTH_API MaxUnpoolImpl : public Cloneable<Derived> {
 public:
  MaxUnpoolImpl(ExpandingArray<D> kernel_size) : MaxUnpoolImpl(MaxUnpoolOptions<D>(kernel_size)) {}  // NOLINT: implicit
  explicit MaxUnpoolImpl(const MaxUnpoolOptions<D>& options_) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& indices,
                 const std::optional<std::vector<int64_t>>& output_size = std::nullopt);

  MaxUnpoolOptions<D> options;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(std::optional<std::vector<int64_t>>())})
};

/// Maxima over cells that lie a little differently each time (Graham, 2014).
template <size_t D, class Derived>
class HEARTH_API FractionalMaxPoolImpl : public Cloneable<Derived> {
 public:
  FractionalMaxPoolImpl(ExpandingArray<D> kernel_size)  // NOLINT: implicit
      : FractionalMaxPoolImpl(FractionalMaxPoolOptions<D>(kernel_size)) {}
  explicit FractionalMaxPoolImpl(const FractionalMaxPoolOptions<D>& options_) : options(options_) {
    FractionalMaxPoolImpl::reset();
  }
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);

  FractionalMaxPoolOptions<D> options;
  Tensor _random_samples;
};

/// The p-norm of each window (Gulcehre et al., 2014).
template <size_t D, class Derived>
class HEARTH_API LPPoolImpl : public Cloneable<Derived> {
 public:
  LPPoolImpl(double norm_type, ExpandingArray<D> kernel_size) : LPPoolImpl(LPPoolOptions<D>(norm_type, kernel_size)) {}
  explicit LPPoolImpl(const LPPoolOptions<D>& options_) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LPPoolOptions<D> options;
};

class HEARTH_API MaxPool1dImpl : public MaxPoolImpl<1, MaxPool1dImpl> {
 public:
  using MaxPoolImpl::MaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(MaxPool1d);
extern template class MaxPoolImpl<1, MaxPool1dImpl>;
class HEARTH_API MaxPool2dImpl : public MaxPoolImpl<2, MaxPool2dImpl> {
 public:
  using MaxPoolImpl::MaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(MaxPool2d);
extern template class MaxPoolImpl<2, MaxPool2dImpl>;
class HEARTH_API MaxPool3dImpl : public MaxPoolImpl<3, MaxPool3dImpl> {
 public:
  using MaxPoolImpl::MaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(MaxPool3d);
extern template class MaxPoolImpl<3, MaxPool3dImpl>;
class HEARTH_API AvgPool1dImpl : public AvgPoolImpl<1, AvgPool1dImpl> {
 public:
  using AvgPoolImpl::AvgPoolImpl;
};
HEARTH_LIBRARY_MODULE(AvgPool1d);
extern template class AvgPoolImpl<1, AvgPool1dImpl>;
class HEARTH_API AvgPool2dImpl : public AvgPoolImpl<2, AvgPool2dImpl> {
 public:
  using AvgPoolImpl::AvgPoolImpl;
};
HEARTH_LIBRARY_MODULE(AvgPool2d);
extern template class AvgPoolImpl<2, AvgPool2dImpl>;
class HEARTH_API AvgPool3dImpl : public AvgPoolImpl<3, AvgPool3dImpl> {
 public:
  using AvgPoolImpl::AvgPoolImpl;
};
HEARTH_LIBRARY_MODULE(AvgPool3d);
extern template class AvgPoolImpl<3, AvgPool3dImpl>;
class HEARTH_API AdaptiveAvgPool1dImpl : public AdaptiveAvgPoolImpl<1, AdaptiveAvgPool1dImpl> {
 public:
  using AdaptiveAvgPoolImpl::AdaptiveAvgPoolImpl;
};
HEARTH_LIBRARY_MODULE(AdaptiveAvgPool1d);
extern template class AdaptiveAvgPoolImpl<1, AdaptiveAvgPool1dImpl>;
class HEARTH_API AdaptiveAvgPool2dImpl : public AdaptiveAvgPoolImpl<2, AdaptiveAvgPool2dImpl> {
 public:
  using AdaptiveAvgPoolImpl::AdaptiveAvgPoolImpl;
};
HEARTH_LIBRARY_MODULE(AdaptiveAvgPool2d);
extern template class AdaptiveAvgPoolImpl<2, AdaptiveAvgPool2dImpl>;
class HEARTH_API AdaptiveAvgPool3dImpl : public AdaptiveAvgPoolImpl<3, AdaptiveAvgPool3dImpl> {
 public:
  using AdaptiveAvgPoolImpl::AdaptiveAvgPoolImpl;
};
HEARTH_LIBRARY_MODULE(AdaptiveAvgPool3d);
extern template class AdaptiveAvgPoolImpl<3, AdaptiveAvgPool3dImpl>;
class HEARTH_API AdaptiveMaxPool1dImpl : public AdaptiveMaxPoolImpl<1, AdaptiveMaxPool1dImpl> {
 public:
  using AdaptiveMaxPoolImpl::AdaptiveMaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(AdaptiveMaxPool1d);
extern template class AdaptiveMaxPoolImpl<1, AdaptiveMaxPool1dImpl>;
class HEARTH_API AdaptiveMaxPool2dImpl : public AdaptiveMaxPoolImpl<2, AdaptiveMaxPool2dImpl> {
 public:
  using AdaptiveMaxPoolImpl::AdaptiveMaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(AdaptiveMaxPool2d);
extern template class AdaptiveMaxPoolImpl<2, AdaptiveMaxPool2dImpl>;
class HEARTH_API AdaptiveMaxPool3dImpl : public AdaptiveMaxPoolImpl<3, AdaptiveMaxPool3dImpl> {
 public:
  using AdaptiveMaxPoolImpl::AdaptiveMaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(AdaptiveMaxPool3d);
extern template class AdaptiveMaxPoolImpl<3, AdaptiveMaxPool3dImpl>;
class HEARTH_API MaxUnpool1dImpl : public MaxUnpoolImpl<1, MaxUnpool1dImpl> {
 public:
  using MaxUnpoolImpl::MaxUnpoolImpl;
};
HEARTH_LIBRARY_MODULE(MaxUnpool1d);
extern template class MaxUnpoolImpl<1, MaxUnpool1dImpl>;
class HEARTH_API MaxUnpool2dImpl : public MaxUnpoolImpl<2, MaxUnpool2dImpl> {
 public:
  using MaxUnpoolImpl::MaxUnpoolImpl;
};
HEARTH_LIBRARY_MODULE(MaxUnpool2d);
extern template class MaxUnpoolImpl<2, MaxUnpool2dImpl>;
class HEARTH_API MaxUnpool3dImpl : public MaxUnpoolImpl<3, MaxUnpool3dImpl> {
 public:
  using MaxUnpoolImpl::MaxUnpoolImpl;
};
HEARTH_LIBRARY_MODULE(MaxUnpool3d);
extern template class MaxUnpoolImpl<3, MaxUnpool3dImpl>;
class HEARTH_API FractionalMaxPool2dImpl : public FractionalMaxPoolImpl<2, FractionalMaxPool2dImpl> {
 public:
  using FractionalMaxPoolImpl::FractionalMaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(FractionalMaxPool2d);
extern template class FractionalMaxPoolImpl<2, FractionalMaxPool2dImpl>;
class HEARTH_API FractionalMaxPool3dImpl : public FractionalMaxPoolImpl<3, FractionalMaxPool3dImpl> {
 public:
  using FractionalMaxPoolImpl::FractionalMaxPoolImpl;
};
HEARTH_LIBRARY_MODULE(FractionalMaxPool3d);
extern template class FractionalMaxPoolImpl<3, FractionalMaxPool3dImpl>;
class HEARTH_API LPPool1dImpl : public LPPoolImpl<1, LPPool1dImpl> {
 public:
  using LPPoolImpl::LPPoolImpl;
};
HEARTH_LIBRARY_MODULE(LPPool1d);
extern template class LPPoolImpl<1, LPPool1dImpl>;
class HEARTH_API LPPool2dImpl : public LPPoolImpl<2, LPPool2dImpl> {
 public:
  using LPPoolImpl::LPPoolImpl;
};
HEARTH_LIBRARY_MODULE(LPPool2d);
extern template class LPPoolImpl<2, LPPool2dImpl>;

}  // namespace hearth::nn
