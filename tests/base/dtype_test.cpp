#include "hearth/dtype.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>

namespace hearth {
namespace {

constexpr auto u1 = kByte, i1 = kChar, i2 = kShort, i4 = kInt, i8 = kLong, f2 = kHalf, f4 = kFloat, f8 = kDouble,
               b1 = kBool, bf = kBFloat16, u2 = kUInt16;

TEST(Dtype, PromotionIsPyTorchs) {
  constexpr std::array<ScalarType, 11> order{u1, i1, i2, i4, i8, f2, f4, f8, b1, bf, u2};
  constexpr ScalarType table[11][11] = {
      {u1, i2, i2, i4, i8, f2, f4, f8, u1, bf, u2}, {i2, i1, i2, i4, i8, f2, f4, f8, i1, bf, i4},
      {i2, i2, i2, i4, i8, f2, f4, f8, i2, bf, i4}, {i4, i4, i4, i4, i8, f2, f4, f8, i4, bf, i4},
      {i8, i8, i8, i8, i8, f2, f4, f8, i8, bf, i8}, {f2, f2, f2, f2, f2, f2, f4, f8, f2, f4, f2},
      {f4, f4, f4, f4, f4, f4, f4, f8, f4, f4, f4}, {f8, f8, f8, f8, f8, f8, f8, f8, f8, f8, f8},
      {u1, i1, i2, i4, i8, f2, f4, f8, b1, bf, u2}, {bf, bf, bf, bf, bf, f4, f4, f8, bf, bf, bf},
      {u2, i4, i4, i4, i8, f2, f4, f8, u2, bf, u2}};
  for (size_t i = 0; i < 11; ++i) {
    for (size_t j = 0; j < 11; ++j) {
      EXPECT_EQ(promoteTypes(order[i], order[j]), table[i][j]) << order[i] << " " << order[j];
    }
  }
  EXPECT_EQ(promoteTypes(kFloat, ScalarType::Undefined), ScalarType::Undefined);
}

TEST(Dtype, CanCastNeverLosesTheCategory) {
  EXPECT_TRUE(canCast(kLong, kHalf));
  EXPECT_TRUE(canCast(kDouble, kFloat));
  EXPECT_TRUE(canCast(kLong, kByte));
  EXPECT_TRUE(canCast(kBool, kInt));
  EXPECT_FALSE(canCast(kFloat, kLong));
  EXPECT_FALSE(canCast(kInt, kBool));
  EXPECT_FALSE(canCast(kHalf, kBool));
}

TEST(Dtype, Names) {
  std::ostringstream out;
  out << kLong << ' ' << TypeMeta(kLong) << ' ' << TypeMeta(kHalf) << ' ' << TypeMeta(kByte) << ' ' << TypeMeta(kFloat);
  EXPECT_EQ(out.str(), "Long long int c10::Half unsigned char float");
  EXPECT_STREQ(dtype_name(kFloat), "float32");
  EXPECT_STREQ(dtype_name(kUInt16), "uint16");
  EXPECT_STREQ(toString(ScalarType::Undefined), "Undefined");
  EXPECT_STREQ(toString(static_cast<ScalarType>(99)), "Undefined");
}

/// Round to nearest even by arithmetic in double: the value's distance to its two neighbours decides.
uint16_t half_by_arithmetic(float value) {
  const auto sign = static_cast<uint16_t>(std::signbit(value) ? 0x8000 : 0);
  const double x = std::fabs(static_cast<double>(value));
  if (x >= 65520.0) return static_cast<uint16_t>(sign | 0x7c00);
  int exponent = x > 0 ? std::max(std::ilogb(x), -14) : -14;
  const double steps = std::nearbyint(std::ldexp(x, 10 - exponent));  // 0 … 2048, ties to even
  const int biased = exponent + 14;
  return static_cast<uint16_t>(sign | (biased * 1024 + static_cast<int>(steps)));
}

TEST(Half, EveryHalfComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = Half::to_float(static_cast<uint16_t>(bits));
    if ((bits & 0x7fffU) > 0x7c00U) {
      EXPECT_TRUE(std::isnan(value));
      EXPECT_TRUE(std::isnan(Half::to_float(Half::from_float(value))));
    } else {
      ASSERT_EQ(Half::from_float(value), bits);
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  for (uint64_t step = 0; step < 0x7f800000U; step += 1009) {
    const float value = std::bit_cast<float>(static_cast<uint32_t>(step));
    ASSERT_EQ(Half::from_float(value), half_by_arithmetic(value)) << value;
    ASSERT_EQ(Half::from_float(-value), half_by_arithmetic(-value)) << -value;
  }
  for (uint32_t bits = 0; bits < 0x7c00U; ++bits) {  // every tie, and its neighbours
    const double low = Half::to_float(static_cast<uint16_t>(bits));
    const double high = bits == 0x7bff ? 65536.0 : Half::to_float(static_cast<uint16_t>(bits + 1));
    const auto tie = static_cast<float>((low + high) / 2);
    for (const float value : {std::nextafter(tie, 0.0F), tie, std::nextafter(tie, 1e9F)}) {
      ASSERT_EQ(Half::from_float(value), half_by_arithmetic(value)) << value;
    }
  }
  EXPECT_EQ(Half::from_float(std::numeric_limits<float>::infinity()), 0x7c00);
}

TEST(BFloat16, RoundsToNearestEven) {
  EXPECT_EQ(BFloat16(1.0F).x, 0x3f80);
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808000U)).x, 0x3f80);  // tie to even, down
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f818000U)).x, 0x3f82);  // tie to even, up
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808001U)).x, 0x3f81);
  EXPECT_TRUE(std::isnan(static_cast<float>(BFloat16(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_EQ(BFloat16(std::numeric_limits<float>::max()).x, 0x7f80);
}

}  // namespace
}  // namespace hearth
