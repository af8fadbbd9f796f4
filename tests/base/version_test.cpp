#include "hearth/version.h"

#include <gtest/gtest.h>

TEST(Version, IsTheProjects) { EXPECT_STREQ(hearth::version(), "0.1.0"); }
