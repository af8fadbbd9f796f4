#pragma once

#include <vector>

#include "hearth/tensor.h"

namespace hearth::data {

namespace example {
struct HEARTH_API NoTarget {};
}  // namespace example

/// One sample, or after collation one batch of them.
template <class Data = Tensor, class Target = Tensor>
struct HEARTH_API Example {
  using DataType = Data;
  using TargetType = Target;
  Example() = default;
  Example(Data d, Target t) : data(std::move(d)), target(std::move(t)) {}
  Data data;
  Target target;
};

/// A sample without a target.
template <class Data>
struct HEARTH_API Example<Data, example::NoTarget> {
  using DataType = Data;
  using TargetType = example::NoTarget;
  Example() = default;
  Example(Data d) : data(std::move(d)) {}  // NOLINT: implicit, as in LibTorch
  operator Data&() { return data; }
  operator const Data&() const { return data; }
  Data data;
};

using TensorExample = Example<Tensor, example::NoTarget>;

}  // namespace hearth::data

extern template class std::vector<hearth::data::Example<>>;  // compiled in src/data/transforms.cpp
