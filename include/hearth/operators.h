#pragma once

#include "hearth/tensor.h"

namespace hearth {

#define HEARTH_OPERATOR(op)                                        \
  HEARTH_API Tensor operator op(const Tensor& a, const Tensor& b); \
  HEARTH_API Tensor operator op(const Tensor& a, const Scalar& b); \
  HEARTH_API Tensor operator op(const Scalar& a, const Tensor& b)
HEARTH_OPERATOR(+);
HEARTH_OPERATOR(-);
HEARTH_OPERATOR(*);
HEARTH_OPERATOR(/);
HEARTH_OPERATOR(%);
HEARTH_OPERATOR(&);
HEARTH_OPERATOR(|);
HEARTH_OPERATOR(^);
HEARTH_OPERATOR(<);
HEARTH_OPERATOR(<=);
HEARTH_OPERATOR(>);
HEARTH_OPERATOR(>=);
HEARTH_OPERATOR(==);
HEARTH_OPERATOR(!=);
#undef HEARTH_OPERATOR

}  // namespace hearth
