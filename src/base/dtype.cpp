#include "hearth/dtype.h"

#include <array>
#include <bit>
#include <ostream>

namespace hearth {
namespace {

struct Names {
  const char* scalar;  // as toString
  const char* python;
  const char* cpp;  // as TypeMeta::name
};

constexpr std::array<Names, 12> kNames{{{"Byte", "uint8", "unsigned char"},
                                        {"Char", "int8", "signed char"},
                                        {"Short", "int16", "short int"},
                                        {"Int", "int32", "int"},
                                        {"Long", "int64", "long int"},
                                        {"Half", "float16", "c10::Half"},
                                        {"Float", "float32", "float"},
                                        {"Double", "float64", "double"},
                                        {"Bool", "bool", "bool"},
                                        {"BFloat16", "bfloat16", "c10::BFloat16"},
                                        {"UInt16", "uint16", "short unsigned int"},
                                        {"Undefined", "undefined", "nullptr (uninitialized)"}}};

const Names& names(ScalarType t) {
  const auto index = static_cast<size_t>(t);
  return kNames[index < kNames.size() ? index : kNames.size() - 1];
}

/// Floats over integers over bool: PyTorch's categories.
constexpr int category(ScalarType t) { return t == kBool ? 0 : isFloatingType(t) ? 2 : 1; }

}  // namespace

ScalarType promoteTypes(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (a == ScalarType::Undefined || b == ScalarType::Undefined) return ScalarType::Undefined;
  if (category(a) != category(b)) return category(a) > category(b) ? a : b;
  if (elementSize(a) != elementSize(b)) {
    const bool a_wider = elementSize(a) > elementSize(b);
    const ScalarType wide = a_wider ? a : b;
    const ScalarType narrow = a_wider ? b : a;
    return wide == kUInt16 && isSignedType(narrow) ? kInt : wide;  // uint16 and int8: neither holds both
  }
  // Equal widths that differ: float16 with bfloat16, and signed with unsigned, which need the next wider type.
  if (isFloatingType(a)) return kFloat;
  return elementSize(a) == 1 ? kShort : kInt;
}

bool canCast(ScalarType from, ScalarType to) { return category(from) <= category(to); }

const char* toString(ScalarType t) { return names(t).scalar; }
const char* dtype_name(ScalarType t) { return names(t).python; }
const char* TypeMeta::name() const { return names(type_).cpp; }

std::ostream& operator<<(std::ostream& out, ScalarType t) { return out << toString(t); }
std::ostream& operator<<(std::ostream& out, TypeMeta t) { return out << t.name(); }

uint16_t Half::from_float(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000U);
  const uint32_t magnitude = bits & 0x7fffffffU;
  if (magnitude > 0x7f800000U) return static_cast<uint16_t>(sign | 0x7e00U | ((magnitude >> 13) & 0x1ffU));  // NaN
  if (magnitude >= 0x477ff000U) return static_cast<uint16_t>(sign | 0x7c00U);  // from 65520 on: infinity
  if (magnitude < 0x38800000U) {
    // Subnormal: adding 0.5 lines the half's last bit up with the float's, so the FPU rounds to nearest even.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - 0x3f000000U));
  }
  const uint32_t rounded = magnitude - 0x38000000U + 0xfffU + ((magnitude >> 13) & 1U);
  return static_cast<uint16_t>(sign | (rounded >> 13));
}

float Half::to_float(uint16_t bits) {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000U) << 16;
  const uint32_t magnitude = static_cast<uint32_t>(bits & 0x7fffU) << 13;
  if (magnitude >= 0x0f800000U) return std::bit_cast<float>(sign | 0x70000000U | magnitude);  // infinity, NaN
  if (magnitude >= 0x00800000U) return std::bit_cast<float>(sign | (magnitude + 0x38000000U));
  // Subnormal: 2^-14 times the fraction, by subtracting the implicit one.
  const float value = std::bit_cast<float>(magnitude + 0x38800000U) - std::bit_cast<float>(0x38800000U);
  return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(value));
}

}  // namespace hearth
