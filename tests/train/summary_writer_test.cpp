#include "hearth/train/summary_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "hearth/error.h"
#include "hearth/hearth.h"
#include "train/event_file.h"

namespace hearth::train {
namespace {

std::string hex(const std::string& bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[c & 15];
  }
  return out;
}

std::string unhex(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i += 2) out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return out;
}

// Records as other writers of this format make them.
TEST(EventFile, FramesRecordsAsOthersDo) {
  const std::string version = "09000000000000f03f1a0d627261696e2e4576656e743a32";
  EXPECT_EQ(hex(framed(unhex(version))), "1800000000000000a37f4b22" + version + "86bf577a");
  const std::string scalar = "09000000000000004010072a0d0a0b0a046c6f7373150000003f";
  EXPECT_EQ(hex(framed(unhex(scalar))), "1a00000000000000129bd82d" + scalar + "c33fc24a");
}

class SummaryWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "hearth_events/" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  std::string folder_;
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {(std::istreambuf_iterator<char>(file)), {}};
}

TEST_F(SummaryWriterTest, WritesEveryKindOfRecord) {
  SummaryWriter writer(folder_);
  writer.add_scalar("loss", 0.5, 7);
  writer.add_scalars("rates", {{"low", 1e-4}, {"high", 1e-2}}, 8);
  writer.add_histogram("weights", tensor({-1.0, 0.0, 0.5, 2.0, std::nan("")}), 9);
  writer.add_image("grey", rand({5, 4}), 1);
  writer.add_images("colour", rand({9, 3, 4, 4}), 1);
  writer.add_text("notes", "**bold**", 2);
  writer.add_hparams({{{"lr", 0.1}}, {{"nesterov", true}}, {{"model", "mlp"}}}, {{"hparam/accuracy", 0.9}});
  writer.close();
  const std::string bytes = contents(writer.path());
  for (const char* part : {"brain.Event:2", "loss", "rates/low", "weights", "PNG", "notes/text_summary", "**bold**",
                           "_hparams_/session_start_info", "hparam/accuracy"})
    EXPECT_NE(bytes.find(part), std::string::npos) << part;
  EXPECT_THROW(writer.add_scalar("late", 1), ValueError);
  if (const char* keep = std::getenv("HEARTH_KEEP_EVENTS")) std::filesystem::copy_file(writer.path(), keep);
}

TEST_F(SummaryWriterTest, RefusesWhatItCannotShow) {
  SummaryWriter writer(folder_);
  EXPECT_THROW(writer.add_image("x", rand({2, 5, 5})), ShapeError);
  EXPECT_THROW(writer.add_images("x", rand({3, 5, 5})), ShapeError);
  EXPECT_THROW(writer.add_histogram("x", full({3}, std::nan(""))), ValueError);
  EXPECT_THROW(SummaryWriter("/proc/none/here"), FileError);
}

}  // namespace
}  // namespace hearth::train
