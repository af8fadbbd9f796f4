#include "hearth/error.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/fail.h"

namespace hearth {
namespace {

TEST(Error, ContextGrowsOutwards) {
  ValueError error("[linear] input has 7 features");
  EXPECT_STREQ(error.what(), "[linear] input has 7 features");
  error.add_context("fc1");
  error.add_context("encoder");
  error.add_context("");
  EXPECT_EQ(error.context(), "encoder.fc1");
  EXPECT_STREQ(error.what(), "[linear] input has 7 features (in encoder.fc1)");
  EXPECT_EQ(error.msg(), "[linear] input has 7 features");
  EXPECT_STREQ(error.what_without_backtrace(), "[linear] input has 7 features");
}

TEST(Error, CopiesKeepEverything) {
  ShapeError error("[cat] sizes differ", {2, 3}, {2, 4});
  error.add_context("head");
  const ShapeError copy = error;
  EXPECT_STREQ(copy.what(), error.what());
  EXPECT_EQ(copy.got, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(copy.expected, (std::vector<int64_t>{2, 4}));
}

TEST(Error, FieldsHoldTheFacts) {
  const DtypeError dtype("m", kLong, kFloat);
  EXPECT_EQ(dtype.got, kLong);
  EXPECT_EQ(dtype.expected, kFloat);
  const IndexError index("m", 7, 3);
  EXPECT_EQ(index.index, 7);
  EXPECT_EQ(index.size, 3);
  const FileError file("m", "a.bin", 12, 28);
  EXPECT_EQ(file.path, "a.bin");
  EXPECT_EQ(file.offset, 12);
  EXPECT_EQ(file.system_errno, 28);
  EXPECT_EQ(FileError("m").offset, -1);
  const OutOfMemoryError memory("m", 100, 10);
  EXPECT_EQ(memory.requested, 100);
  EXPECT_EQ(memory.limit, 10);
}

TEST(Fail, FormatsAndThrowsTheTypeAskedFor) {
  const std::vector<int64_t> sizes{2, 3};
  try {
    fail<ShapeError>("[op] {} has shape {} and dtype {}", "input", shape_text(sizes), kUInt16);
    FAIL() << "nothing thrown";
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(), "[op] input has shape [2, 3] and dtype UInt16");
  }
  EXPECT_THROW(fail("plain"), ValueError);
  EXPECT_THROW(fail<IndexError>("{}", 3), Error);
}

TEST(Fail, ShapeText) {
  EXPECT_EQ(shape_text(nullptr, 0), "[]");
  const int64_t one[] = {5};
  EXPECT_EQ(shape_text(one, 1), "[5]");
}

}  // namespace
}  // namespace hearth
