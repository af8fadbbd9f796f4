#pragma once

#include <memory>
#include <utility>

#include "hearth/tensor.h"

namespace hearth {

/// A value whose type is known at run time: nothing, a tensor, a number, a bool, a string, a list of these, a tuple or
/// a dictionary. Asking for another type than the one it holds is a TypeError that names both.
class HEARTH_API IValue {
 public:
  /// Keys (strings or integers) and values, in the order of their insertion.
  using Dict = std::vector<std::pair<IValue, IValue>>;
  struct Tuple {
    std::vector<IValue> items;
  };

  IValue();
  IValue(const IValue& other);
  IValue(IValue&& other) noexcept;
  IValue& operator=(const IValue& other);
  IValue& operator=(IValue&& other) noexcept;
  ~IValue();
  // NOLINTBEGIN: implicit, as in LibTorch
  IValue(std::nullopt_t);
  IValue(Tensor value);
  IValue(bool value);
  IValue(int value);
  IValue(int64_t value);
  IValue(double value);
  IValue(const char* value);
  IValue(std::string value);
  IValue(std::vector<Tensor> value);
  IValue(std::vector<int64_t> value);
  IValue(std::vector<double> value);
  IValue(std::vector<IValue> value);
  IValue(Dict value);
  IValue(Tuple value);
  IValue(const Scalar& value);
  template <class T>
  IValue(std::optional<T> value) : IValue() {
    if (value) *this = IValue(std::move(*value));
  }
  // NOLINTEND

  bool isNone() const { return kind() == 0; }
  bool isTensor() const { return kind() == 1; }
  bool isBool() const { return kind() == 2; }
  bool isInt() const { return kind() == 3; }
  bool isDouble() const { return kind() == 4; }
  bool isString() const { return kind() == 5; }
  bool isTensorList() const { return kind() == 6; }
  bool isIntList() const { return kind() == 7; }
  bool isDoubleList() const { return kind() == 8; }
  bool isList() const { return kind() >= 6 && kind() <= 9; }
  bool isGenericDict() const { return kind() == 10; }
  bool isTuple() const { return kind() == 11; }
  bool isScalar() const { return isInt() || isDouble() || isBool(); }

  const Tensor& toTensor() const;
  bool toBool() const;
  int64_t toInt() const;
  double toDouble() const;
  Scalar toScalar() const;
  const std::string& toStringRef() const;
  const std::vector<Tensor>& toTensorVector() const;
  const std::vector<int64_t>& toIntVector() const;
  const std::vector<double>& toDoubleVector() const;
  const std::vector<IValue>& toListRef() const;
  const Dict& toGenericDict() const;
  Dict& toGenericDict();
  const std::vector<IValue>& toTupleRef() const;
  /// The entry of a dictionary; null where there is none.
  const IValue* find(const std::string& key) const;
  const IValue* find(int64_t key) const;
  /// The entry of a dictionary; a ValueError that lists the keys where there is none.
  const IValue& at(const std::string& key) const;
  /// "Tensor", "int", "bool", …
  const char* tagKind() const;

 private:
  struct Value;
  size_t kind() const;
  std::unique_ptr<Value> value_;  // none: nothing. What it is stays in ivalue.cpp, as variants are slow to compile
};

}  // namespace hearth
