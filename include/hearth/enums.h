#pragma once

#include <variant>

#include "hearth/reduction.h"

namespace hearth {

/// The words that options take, each a type of its own, so that a variant holds just those that make sense.
namespace enumtype {
#define HEARTH_ENUM(name) \
  struct name {}
HEARTH_ENUM(kLinear);
HEARTH_ENUM(kConv1D);
HEARTH_ENUM(kConv2D);
HEARTH_ENUM(kConv3D);
HEARTH_ENUM(kConvTranspose1D);
HEARTH_ENUM(kConvTranspose2D);
HEARTH_ENUM(kConvTranspose3D);
HEARTH_ENUM(kSigmoid);
HEARTH_ENUM(kTanh);
HEARTH_ENUM(kReLU);
HEARTH_ENUM(kGELU);
HEARTH_ENUM(kSiLU);
HEARTH_ENUM(kMish);
HEARTH_ENUM(kLeakyReLU);
HEARTH_ENUM(kFanIn);
HEARTH_ENUM(kFanOut);
HEARTH_ENUM(kConstant);
HEARTH_ENUM(kReflect);
HEARTH_ENUM(kReplicate);
HEARTH_ENUM(kCircular);
HEARTH_ENUM(kNearest);
HEARTH_ENUM(kBilinear);
HEARTH_ENUM(kBicubic);
HEARTH_ENUM(kTrilinear);
HEARTH_ENUM(kArea);
HEARTH_ENUM(kNearestExact);
HEARTH_ENUM(kSum);
HEARTH_ENUM(kMean);
HEARTH_ENUM(kMax);
HEARTH_ENUM(kNone);
HEARTH_ENUM(kBatchMean);
HEARTH_ENUM(kZeros);
HEARTH_ENUM(kBorder);
HEARTH_ENUM(kReflection);
HEARTH_ENUM(kRNN_TANH);
HEARTH_ENUM(kRNN_RELU);
HEARTH_ENUM(kLSTM);
HEARTH_ENUM(kGRU);
HEARTH_ENUM(kValid);
HEARTH_ENUM(kSame);
#undef HEARTH_ENUM
}  // namespace enumtype

#define HEARTH_ENUM_VALUE(name) \
  constexpr enumtype::name name {}
HEARTH_ENUM_VALUE(kLinear);
HEARTH_ENUM_VALUE(kConv1D);
HEARTH_ENUM_VALUE(kConv2D);
HEARTH_ENUM_VALUE(kConv3D);
HEARTH_ENUM_VALUE(kConvTranspose1D);
HEARTH_ENUM_VALUE(kConvTranspose2D);
HEARTH_ENUM_VALUE(kConvTranspose3D);
HEARTH_ENUM_VALUE(kSigmoid);
HEARTH_ENUM_VALUE(kTanh);
HEARTH_ENUM_VALUE(kReLU);
HEARTH_ENUM_VALUE(kGELU);
HEARTH_ENUM_VALUE(kSiLU);
HEARTH_ENUM_VALUE(kMish);
HEARTH_ENUM_VALUE(kLeakyReLU);
HEARTH_ENUM_VALUE(kFanIn);
HEARTH_ENUM_VALUE(kFanOut);
HEARTH_ENUM_VALUE(kConstant);
HEARTH_ENUM_VALUE(kReflect);
HEARTH_ENUM_VALUE(kReplicate);
HEARTH_ENUM_VALUE(kCircular);
HEARTH_ENUM_VALUE(kNearest);
HEARTH_ENUM_VALUE(kBilinear);
HEARTH_ENUM_VALUE(kBicubic);
HEARTH_ENUM_VALUE(kTrilinear);
HEARTH_ENUM_VALUE(kArea);
HEARTH_ENUM_VALUE(kNearestExact);
HEARTH_ENUM_VALUE(kSum);
HEARTH_ENUM_VALUE(kMean);
HEARTH_ENUM_VALUE(kMax);
HEARTH_ENUM_VALUE(kNone);
HEARTH_ENUM_VALUE(kBatchMean);
HEARTH_ENUM_VALUE(kZeros);
HEARTH_ENUM_VALUE(kBorder);
HEARTH_ENUM_VALUE(kReflection);
HEARTH_ENUM_VALUE(kRNN_TANH);
HEARTH_ENUM_VALUE(kRNN_RELU);
HEARTH_ENUM_VALUE(kLSTM);
HEARTH_ENUM_VALUE(kGRU);
HEARTH_ENUM_VALUE(kValid);
HEARTH_ENUM_VALUE(kSame);
#undef HEARTH_ENUM_VALUE

namespace enumtype {
/// The op's number for a loss's reduction.
template <class V>
Reduction::Reduction reduction_get_enum(const V& v) {
  if (std::holds_alternative<enumtype::kNone>(v)) return Reduction::None;
  return std::holds_alternative<enumtype::kSum>(v) ? Reduction::Sum : Reduction::Mean;
}
}  // namespace enumtype

}  // namespace hearth
