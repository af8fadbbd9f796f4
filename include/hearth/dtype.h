#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iosfwd>

#include "hearth/export.h"

namespace hearth {

/// The ten element types of a tensor, and Undefined for "none given".
enum class ScalarType : int8_t { Byte, Char, Short, Int, Long, Half, Float, Double, Bool, BFloat16, UInt16, Undefined };

#define HEARTH_DTYPE_NAMES(Name, Width, Short_) \
  constexpr ScalarType k##Name = ScalarType::Name, k##Width = ScalarType::Name, k##Short_ = ScalarType::Name
HEARTH_DTYPE_NAMES(Byte, UInt8, U8);
HEARTH_DTYPE_NAMES(Char, Int8, I8);
HEARTH_DTYPE_NAMES(Short, Int16, I16);
HEARTH_DTYPE_NAMES(Int, Int32, I32);
HEARTH_DTYPE_NAMES(Long, Int64, I64);
HEARTH_DTYPE_NAMES(Half, Float16, F16);
HEARTH_DTYPE_NAMES(Float, Float32, F32);
HEARTH_DTYPE_NAMES(Double, Float64, F64);
#undef HEARTH_DTYPE_NAMES
constexpr ScalarType kBool = ScalarType::Bool;
constexpr ScalarType kBFloat16 = ScalarType::BFloat16, kBF16 = ScalarType::BFloat16;
constexpr ScalarType kUInt16 = ScalarType::UInt16, kU16 = ScalarType::UInt16;

/// IEEE half precision: storage only, arithmetic goes through float.
struct Half {
  uint16_t x = 0;
  Half() = default;
  Half(float value) : x(from_float(value)) {}  // NOLINT: implicit, as in PyTorch
  operator float() const { return to_float(x); }
  HEARTH_API static uint16_t from_float(float value);  ///< round to nearest even
  HEARTH_API static float to_float(uint16_t bits);
};

/// The upper half of a float: storage only, arithmetic goes through float.
struct BFloat16 {
  uint16_t x = 0;
  BFloat16() = default;
  BFloat16(float value) : x(from_float(value)) {}  // NOLINT: implicit, as in PyTorch
  operator float() const {
    const uint32_t bits = static_cast<uint32_t>(x) << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  static uint16_t from_float(float value) {  // round to nearest even, NaN stays NaN
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return 0x7fc0;
    return static_cast<uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
  }
};

/// Bytes of one element.
constexpr size_t elementSize(ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
    case ScalarType::Char:
    case ScalarType::Bool: return 1;
    case ScalarType::Short:
    case ScalarType::Half:
    case ScalarType::BFloat16:
    case ScalarType::UInt16: return 2;
    case ScalarType::Int:
    case ScalarType::Float: return 4;
    case ScalarType::Long:
    case ScalarType::Double: return 8;
    case ScalarType::Undefined: break;
  }
  return 0;
}

constexpr bool isFloatingType(ScalarType t) { return t == kFloat || t == kDouble || t == kHalf || t == kBFloat16; }
constexpr bool isReducedFloatingType(ScalarType t) { return t == kHalf || t == kBFloat16; }
/// Integers, and bool where includeBool is true.
constexpr bool isIntegralType(ScalarType t, bool includeBool) {
  return t == kByte || t == kChar || t == kShort || t == kUInt16 || t == kInt || t == kLong ||
         (includeBool && t == kBool);
}
constexpr bool isSignedType(ScalarType t) { return t != kByte && t != kUInt16 && t != kBool; }

/// PyTorch's promotion of two dtypes.
HEARTH_API ScalarType promoteTypes(ScalarType a, ScalarType b);
/// Whether a result of dtype `from` may be stored into a tensor of dtype `to`: never float into integer, nor
/// anything else into bool.
HEARTH_API bool canCast(ScalarType from, ScalarType to);
/// "Float", "Long", … as PyTorch prints a ScalarType.
HEARTH_API const char* toString(ScalarType t);
/// "float32", "int64", … as Python spells it.
HEARTH_API const char* dtype_name(ScalarType t);
HEARTH_API std::ostream& operator<<(std::ostream& out, ScalarType t);

/// What `Tensor::dtype()` returns: a ScalarType that prints as the C++ type ("float", "int64_t"), as in LibTorch.
class TypeMeta {
 public:
  constexpr TypeMeta(ScalarType t = ScalarType::Undefined) : type_(t) {}  // NOLINT: implicit, as in LibTorch
  constexpr operator ScalarType() const { return type_; }
  constexpr ScalarType toScalarType() const { return type_; }
  constexpr size_t itemsize() const { return elementSize(type_); }
  HEARTH_API const char* name() const;

 private:
  ScalarType type_;
};
constexpr bool operator==(TypeMeta a, TypeMeta b) { return a.toScalarType() == b.toScalarType(); }
constexpr bool operator!=(TypeMeta a, TypeMeta b) { return !(a == b); }
constexpr bool operator==(TypeMeta a, ScalarType b) { return a.toScalarType() == b; }
constexpr bool operator!=(TypeMeta a, ScalarType b) { return !(a == b); }
constexpr bool operator==(ScalarType a, TypeMeta b) { return b == a; }
constexpr bool operator!=(ScalarType a, TypeMeta b) { return !(b == a); }
HEARTH_API std::ostream& operator<<(std::ostream& out, TypeMeta t);
constexpr ScalarType typeMetaToScalarType(TypeMeta t) { return t.toScalarType(); }
constexpr TypeMeta scalarTypeToTypeMeta(ScalarType t) { return TypeMeta(t); }

/// The ScalarType of a C++ type: `scalar_type_of<float>() == kFloat`. Other types do not compile.
template <class T>
struct ScalarTypeOf;
#define HEARTH_SCALAR_TYPE_OF(T, Name)                    \
  template <>                                             \
  struct ScalarTypeOf<T> {                                \
    static constexpr ScalarType value = ScalarType::Name; \
  }
HEARTH_SCALAR_TYPE_OF(uint8_t, Byte);
HEARTH_SCALAR_TYPE_OF(int8_t, Char);
HEARTH_SCALAR_TYPE_OF(int16_t, Short);
HEARTH_SCALAR_TYPE_OF(uint16_t, UInt16);
HEARTH_SCALAR_TYPE_OF(int32_t, Int);
HEARTH_SCALAR_TYPE_OF(int64_t, Long);
HEARTH_SCALAR_TYPE_OF(long long, Long);
HEARTH_SCALAR_TYPE_OF(Half, Half);
HEARTH_SCALAR_TYPE_OF(float, Float);
HEARTH_SCALAR_TYPE_OF(double, Double);
HEARTH_SCALAR_TYPE_OF(bool, Bool);
HEARTH_SCALAR_TYPE_OF(BFloat16, BFloat16);
#undef HEARTH_SCALAR_TYPE_OF
template <class T>
constexpr ScalarType scalar_type_of() {
  return ScalarTypeOf<T>::value;
}

}  // namespace hearth
