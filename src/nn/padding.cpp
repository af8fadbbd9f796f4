#include "hearth/nn/padding.h"

#include "hearth/nn/functional/padding.h"
#include "nn/print.h"

namespace hearth::nn {

namespace {
constexpr const char* kNames[] = {"ReflectionPad", "ReplicationPad", "ZeroPad", "CircularPad"};
constexpr const char* kModes[] = {"reflect", "replicate", "constant", "circular"};
}  // namespace

template <size_t D, PadKind kind, class Derived>
void PadImpl<D, kind, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, kNames[static_cast<int>(kind)], D, "d")("padding", this->options.padding());
}
template <size_t D, PadKind kind, class Derived>
Tensor PadImpl<D, kind, Derived>::forward(const Tensor& input) {
  const auto& padding = this->options.padding();
  if constexpr (kind == PadKind::reflection) {
    if constexpr (D == 1) return reflection_pad1d(input, padding);
    if constexpr (D == 2) return reflection_pad2d(input, padding);
    if constexpr (D == 3) return reflection_pad3d(input, padding);
  } else if constexpr (kind == PadKind::replication) {
    if constexpr (D == 1) return replication_pad1d(input, padding);
    if constexpr (D == 2) return replication_pad2d(input, padding);
    if constexpr (D == 3) return replication_pad3d(input, padding);
  } else {
    return pad(input, padding, kModes[static_cast<int>(kind)]);
  }
}

template <size_t D, class Derived>
void ConstantPadImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  Line(stream, "ConstantPad", D, "d")("padding", this->options.padding())("value", this->options.value());
}
template <size_t D, class Derived>
Tensor ConstantPadImpl<D, Derived>::forward(const Tensor& input) {
  return constant_pad_nd(input, this->options.padding(), this->options.value());
}

Tensor functional::pad(const Tensor& input, const PadFuncOptions& o) {
  constexpr const char* modes[] = {"constant", "reflect", "replicate", "circular"};
  const bool constant = o.mode().index() == 0;
  return hearth::pad(input, o.pad(), modes[o.mode().index()],
                     constant || o.value() != 0 ? std::optional<double>(o.value()) : std::nullopt);
}

template class PadImpl<1, PadKind::reflection, ReflectionPad1dImpl>;
template class PadImpl<2, PadKind::reflection, ReflectionPad2dImpl>;
template class PadImpl<3, PadKind::reflection, ReflectionPad3dImpl>;
template class PadImpl<1, PadKind::replication, ReplicationPad1dImpl>;
template class PadImpl<2, PadKind::replication, ReplicationPad2dImpl>;
template class PadImpl<3, PadKind::replication, ReplicationPad3dImpl>;
template class PadImpl<1, PadKind::zero, ZeroPad1dImpl>;
template class PadImpl<2, PadKind::zero, ZeroPad2dImpl>;
template class PadImpl<3, PadKind::zero, ZeroPad3dImpl>;
template class PadImpl<1, PadKind::circular, CircularPad1dImpl>;
template class PadImpl<2, PadKind::circular, CircularPad2dImpl>;
template class PadImpl<3, PadKind::circular, CircularPad3dImpl>;
template class ConstantPadImpl<1, ConstantPad1dImpl>;
template class ConstantPadImpl<2, ConstantPad2dImpl>;
template class ConstantPadImpl<3, ConstantPad3dImpl>;

}  // namespace hearth::nn
