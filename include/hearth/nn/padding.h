#pragma once

#include "hearth/expanding_array.h"
#include "hearth/nn/plain.h"

namespace hearth::nn {

/// How far each of the last D dimensions grows: before and after, last dimension first; one number for all.
template <size_t D>
struct PadOptions {
  PadOptions(ExpandingArray<D * 2> padding) : padding_(padding) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(ExpandingArray<D * 2>, padding);
};
template <size_t D>
using ReflectionPadOptions = PadOptions<D>;
using ReflectionPad1dOptions = PadOptions<1>;
using ReflectionPad2dOptions = PadOptions<2>;
using ReflectionPad3dOptions = PadOptions<3>;
template <size_t D>
using ReplicationPadOptions = PadOptions<D>;
using ReplicationPad1dOptions = PadOptions<1>;
using ReplicationPad2dOptions = PadOptions<2>;
using ReplicationPad3dOptions = PadOptions<3>;
using ZeroPad1dOptions = PadOptions<1>;
using ZeroPad2dOptions = PadOptions<2>;
using ZeroPad3dOptions = PadOptions<3>;
using CircularPad1dOptions = PadOptions<1>;
using CircularPad2dOptions = PadOptions<2>;
using CircularPad3dOptions = PadOptions<3>;
template <size_t D>
struct ConstantPadOptions {
  ConstantPadOptions(ExpandingArray<D * 2> padding, double value) : padding_(padding), value_(value) {}
  HEARTH_ARG(ExpandingArray<D * 2>, padding);
  HEARTH_ARG(double, value);
};
using ConstantPad1dOptions = ConstantPadOptions<1>;
using ConstantPad2dOptions = ConstantPadOptions<2>;
using ConstantPad3dOptions = ConstantPadOptions<3>;

enum class HEARTH_API PadKind { reflection, replication, zero, circular };

/// A border of D dimensions around [N, C, …] or [C, …]: the input mirrored, its outermost elements repeated, zeros, or
/// the elements of the other side.
template <size_t D, PadKind kind, class Derived>
class HEARTH_API PadImpl : public Optioned<Derived, PadOptions<D>> {
 public:
  PadImpl(ExpandingArray<D * 2> padding) : PadImpl(PadOptions<D>(padding)) {}  // NOLINT: implicit
  explicit PadImpl(const PadOptions<D>& options_) : Optioned<Derived, PadOptions<D>>(options_) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};

/// A border of one value.
template <size_t D, class Derived>
class HEARTH_API ConstantPadImpl : public Optioned<Derived, ConstantPadOptions<D>> {
 public:
  ConstantPadImpl(ExpandingArray<D * 2> padding, double value)
      : ConstantPadImpl(ConstantPadOptions<D>(padding, value)) {}
  explicit ConstantPadImpl(const ConstantPadOptions<D>& options_)
      : Optioned<Derived, ConstantPadOptions<D>>(options_) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};

class HEARTH_API ReflectionPad1dImpl : public PadImpl<1, PadKind::reflection, ReflectionPad1dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ReflectionPad1d);
extern template class PadImpl<1, PadKind::reflection, ReflectionPad1dImpl>;
class HEARTH_API ReflectionPad2dImpl : public PadImpl<2, PadKind::reflection, ReflectionPad2dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ReflectionPad2d);
extern template class PadImpl<2, PadKind::reflection, ReflectionPad2dImpl>;
class HEARTH_API ReflectionPad3dImpl : public PadImpl<3, PadKind::reflection, ReflectionPad3dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ReflectionPad3d);
extern template class PadImpl<3, PadKind::reflection, ReflectionPad3dImpl>;
class HEARTH_API ReplicationPad1dImpl : public PadImpl<1, PadKind::replication, ReplicationPad1dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ReplicationPad1d);
extern template class PadImpl<1, PadKind::replication, ReplicationPad1dImpl>;
class HEARTH_API ReplicationPad2dImpl : public PadImpl<2, PadKind::replication, ReplicationPad2dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ReplicationPad2d);
extern template class PadImpl<2, PadKind::replication, ReplicationPad2dImpl>;
class HEARTH_API ReplicationPad3dImpl : public PadImpl<3, PadKind::replication, ReplicationPad3dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ReplicationPad3d);
extern template class PadImpl<3, PadKind::replication, ReplicationPad3dImpl>;
class HEARTH_API ZeroPad1dImpl : public PadImpl<1, PadKind::zero, ZeroPad1dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ZeroPad1d);
extern template class PadImpl<1, PadKind::zero, ZeroPad1dImpl>;
class HEARTH_API ZeroPad2dImpl : public PadImpl<2, PadKind::zero, ZeroPad2dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ZeroPad2d);
extern template class PadImpl<2, PadKind::zero, ZeroPad2dImpl>;
class HEARTH_API ZeroPad3dImpl : public PadImpl<3, PadKind::zero, ZeroPad3dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(ZeroPad3d);
extern template class PadImpl<3, PadKind::zero, ZeroPad3dImpl>;
class HEARTH_API CircularPad1dImpl : public PadImpl<1, PadKind::circular, CircularPad1dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(CircularPad1d);
extern template class PadImpl<1, PadKind::circular, CircularPad1dImpl>;
class HEARTH_API CircularPad2dImpl : public PadImpl<2, PadKind::circular, CircularPad2dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(CircularPad2d);
extern template class PadImpl<2, PadKind::circular, CircularPad2dImpl>;
class HEARTH_API CircularPad3dImpl : public PadImpl<3, PadKind::circular, CircularPad3dImpl> {
 public:
  using PadImpl::PadImpl;
};
HEARTH_LIBRARY_MODULE(CircularPad3d);
extern template class PadImpl<3, PadKind::circular, CircularPad3dImpl>;
class HEARTH_API ConstantPad1dImpl : public ConstantPadImpl<1, ConstantPad1dImpl> {
 public:
  using ConstantPadImpl::ConstantPadImpl;
};
HEARTH_LIBRARY_MODULE(ConstantPad1d);
extern template class ConstantPadImpl<1, ConstantPad1dImpl>;
class HEARTH_API ConstantPad2dImpl : public ConstantPadImpl<2, ConstantPad2dImpl> {
 public:
  using ConstantPadImpl::ConstantPadImpl;
};
HEARTH_LIBRARY_MODULE(ConstantPad2d);
extern template class ConstantPadImpl<2, ConstantPad2dImpl>;
class HEARTH_API ConstantPad3dImpl : public ConstantPadImpl<3, ConstantPad3dImpl> {
 public:
  using ConstantPadImpl::ConstantPadImpl;
};
HEARTH_LIBRARY_MODULE(ConstantPad3d);
extern template class ConstantPadImpl<3, ConstantPad3dImpl>;

}  // namespace hearth::nn
