#include "base/cpu_features.h"

#include <gtest/gtest.h>

#include "base/verbose.h"
#include "hearth/error.h"

namespace hearth {
namespace {

TEST(CpuIsa, TheSettingLowersAndNeverRaises) {
  EXPECT_EQ(lowered_isa(Isa::v4, nullptr), Isa::v4);
  EXPECT_EQ(lowered_isa(Isa::v4, ""), Isa::v4);
  EXPECT_EQ(lowered_isa(Isa::v4, "v3"), Isa::v3);
  EXPECT_EQ(lowered_isa(Isa::v4, "base"), Isa::base);
  EXPECT_EQ(lowered_isa(Isa::v2, "v4"), Isa::v2);
  EXPECT_THROW(lowered_isa(Isa::v4, "avx2"), ValueError);
}

TEST(CpuIsa, IsOneOfTheLevelsAndStays) {
  const Isa isa = cpu_isa();
  EXPECT_GE(isa, Isa::base);
  EXPECT_LE(isa, Isa::v4);
  EXPECT_EQ(cpu_isa(), isa);
}

TEST(CpuIsa, Names) {
  EXPECT_STREQ(isa_name(Isa::base), "base");
  EXPECT_STREQ(isa_name(Isa::v4), "v4");
}

TEST(Verbose, EachLineOnce) {
  testing::internal::CaptureStderr();
  log_line_once("a line of this test");
  log_line_once("a line of this test");
  log_line_once("another line of this test");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[hearth] a line of this test\n[hearth] another line of this test\n");
}

}  // namespace
}  // namespace hearth
