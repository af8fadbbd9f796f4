#pragma once

#include <cstdint>
#include <iosfwd>
#include <type_traits>

#include "hearth/dtype.h"

namespace hearth {

/// One number of any kind: a double, an int64 or a bool. What ops take where PyTorch takes a Python number.
class Scalar {
 public:
  Scalar() : Scalar(int64_t{0}) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  Scalar(T value) {  // NOLINT: implicit, as in LibTorch
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = Kind::boolean;
      int_ = value ? 1 : 0;
    } else if constexpr (std::is_floating_point_v<T>) {
      kind_ = Kind::floating;
      double_ = static_cast<double>(value);
    } else {
      kind_ = Kind::integral;
      int_ = static_cast<int64_t>(value);
    }
  }
  Scalar(Half value) : Scalar(static_cast<float>(value)) {}      // NOLINT
  Scalar(BFloat16 value) : Scalar(static_cast<float>(value)) {}  // NOLINT

  bool isFloatingPoint() const { return kind_ == Kind::floating; }
  /// An integer, or a bool where includeBool is true.
  bool isIntegral(bool includeBool) const { return kind_ == Kind::integral || (includeBool && isBoolean()); }
  bool isBoolean() const { return kind_ == Kind::boolean; }
  bool isComplex() const { return false; }

  double toDouble() const { return isFloatingPoint() ? double_ : static_cast<double>(int_); }
  float toFloat() const { return static_cast<float>(toDouble()); }
  /// Throws ValueError when a floating value does not fit.
  int64_t toLong() const { return isFloatingPoint() ? to_integer(double_) : int_; }
  int toInt() const { return static_cast<int>(toLong()); }
  bool toBool() const { return isFloatingPoint() ? double_ != 0 : int_ != 0; }

  template <class T>
  T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return toBool();
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(toLong());
    } else {
      return static_cast<T>(toDouble());
    }
  }
  /// Double, Long or Bool.
  ScalarType type() const { return isFloatingPoint() ? kDouble : isBoolean() ? kBool : kLong; }
  bool equal(Scalar other) const { return toDouble() == other.toDouble(); }
  /// Of the least integer, itself, as in integer tensors.
  Scalar operator-() const {
    return isFloatingPoint() ? Scalar(-double_) : Scalar(static_cast<int64_t>(-static_cast<uint64_t>(int_)));
  }

 private:
  enum class Kind : uint8_t { floating, integral, boolean };
  HEARTH_API static int64_t to_integer(double value);
  Kind kind_;
  union {
    double double_;
    int64_t int_;
  };
};

HEARTH_API std::ostream& operator<<(std::ostream& out, const Scalar& s);

}  // namespace hearth
