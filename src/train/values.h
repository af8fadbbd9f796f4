#pragma once

#include <vector>

#include "hearth/ivalue.h"

namespace hearth::train {

/// The numbers of a list, of whatever kind it came back from a file as.
inline std::vector<double> to_doubles(const IValue& value) {
  if (value.isDoubleList()) return value.toDoubleVector();
  std::vector<double> out;
  if (value.isIntList()) return {value.toIntVector().begin(), value.toIntVector().end()};
  for (const IValue& v : value.toListRef()) out.push_back(v.isInt() ? static_cast<double>(v.toInt()) : v.toDouble());
  return out;
}
/// The tensors of a list, likewise.
inline std::vector<Tensor> to_tensors(const IValue& value) {
  if (value.isTensorList()) return value.toTensorVector();
  std::vector<Tensor> out;
  for (const IValue& v : value.toListRef()) out.push_back(v.toTensor());
  return out;
}

}  // namespace hearth::train
