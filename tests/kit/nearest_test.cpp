#include "kit/nearest.h"

#include <gtest/gtest.h>

namespace hearth::kit {
namespace {

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> keys = {"optimizer.lr", "optimizer.name", "run.epochs", "data.path"};
  EXPECT_EQ(nearest("run.epoch", keys), "run.epochs");
  EXPECT_EQ(nearest("otpimizer.lr", keys), "optimizer.lr");
  EXPECT_EQ(nearest("lr", keys), "optimizer.lr");
  EXPECT_EQ(nearest("zzz", keys), "");
  EXPECT_EQ(did_you_mean("tain", {"train", "eval"}), "; did you mean \"train\"?");
  EXPECT_EQ(one_of({"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace hearth::kit
