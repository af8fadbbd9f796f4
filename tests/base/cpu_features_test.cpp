#include "base/cpu_features.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/verbose.h"
#include "hearth/cpu.h"
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

void say_lines() {
  log_line_once("a line of this test");
  log_line_once("a line of this test");
  log_line_once("another line of this test");
}

TEST(Verbose, EachLineOnceOnStderrWhereTheEnvironmentAsksForIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process of its own, which reads the variable anew
  setenv("HEARTH_VERBOSE", "1", 1);
  EXPECT_EXIT((say_lines(), std::exit(0)), testing::ExitedWithCode(0),
              "^.hearth. a line of this test\n.hearth. another line of this test\n$");
  unsetenv("HEARTH_VERBOSE");
}

TEST(Verbose, AListenerHearsEachLineOnceAndNothingAfterwards) {
  const KernelChoices before;
  std::vector<std::string> heard;
  {
    const KernelChoices choices;
    say_lines();
    heard = choices.lines();
  }
  EXPECT_EQ(heard, (std::vector<std::string>{"a line of this test", "another line of this test"}));
  EXPECT_EQ(before.lines(), heard);
  EXPECT_TRUE(KernelChoices().lines().empty());
}

}  // namespace
}  // namespace hearth
