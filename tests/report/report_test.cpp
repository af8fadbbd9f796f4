#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "hearth/error.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "report/canvas.h"
#include "report/chart.h"
#include "report/report_page.h"
#include "report/run_files.h"

namespace hearth::report {
namespace {

class RunFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "hearth_report_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  std::string folder_;
};

using ReportPage = RunFolder;
using Records_ = RunFolder;

TEST_F(Records_, ReadOnlyWholeLinesAndGoOnWhereTheyStopped) {
  write("metrics.jsonl", "{\"step\":1}\n{\"step\":2}\n{\"st");
  const Records first = read_records(folder_);
  EXPECT_EQ(first.lines.size(), 2);
  EXPECT_EQ(first.next, 22);
  write("metrics.jsonl", "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n");
  const Records more = read_records(folder_, first.next);
  ASSERT_EQ(more.lines.size(), 1);
  EXPECT_EQ(more.lines[0]["step"], 3);
  EXPECT_FALSE(more.restart);
}

TEST_F(Records_, AFileThatShrankIsReadAnew) {
  write("metrics.jsonl", "{\"step\":1}\n");
  const Records r = read_records(folder_, 500);
  EXPECT_TRUE(r.restart);
  EXPECT_EQ(r.lines.size(), 1);
}

TEST_F(Records_, ADamagedLineEndsWhatIsRead) {
  write("metrics.jsonl", "{\"step\":1}\nrubbish\n{\"step\":3}\n");
  EXPECT_EQ(read_records(folder_).lines.size(), 1);
}

TEST_F(ReportPage, HoldsEverythingAndNothingThatEndsItsScript) {
  write("metrics.jsonl", "{\"step\":1,\"epoch\":0.5,\"time\":1,\"train/loss\":2.5}\n");
  write("config.yaml", "name: </script><script>alert(1)</script>\n");
  write("summary.json",
        R"({"status":"finished","worst":[{"index":1,"image":"../secret.png"},{"index":2,"image":"a.png"}]})");
  write("a.png", "abcd");
  const std::string page = report_page(folder_);
  EXPECT_EQ(page.find("</script><script>alert"), std::string::npos);
  EXPECT_NE(page.find("2.5"), std::string::npos);
  EXPECT_NE(page.find("data:image/png;base64,YWJjZA=="), std::string::npos);
  EXPECT_EQ(page.find("secret"), std::string::npos);
  EXPECT_NE(page.find("uPlot"), std::string::npos);
}

TEST_F(ReportPage, WritesPlotsBesideIt) {
  write("metrics.jsonl",
        "{\"step\":1,\"train/loss\":2.5,\"val/loss\":3}\n{\"step\":2,\"train/loss\":1.5,\"lr\":null}\n");
  write_report(folder_);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/report.html"));
  EXPECT_EQ(io::read_image(folder_ + "/plots/loss.png").sizes(), IntArrayRef({3, 480, 800}));
  std::ifstream svg(folder_ + "/plots/loss.svg");
  const std::string text((std::istreambuf_iterator<char>(svg)), {});
  EXPECT_NE(text.find(">train</text>"), std::string::npos);
  EXPECT_NE(text.find(">val</text>"), std::string::npos);
  write("metrics.jsonl", "{\"step\":1,\"grad_norm/a\":1,\"grad_norm/b\":2}\n{\"step\":2,\"grad_norm/a\":2}\n");
  write_report(folder_);
  std::ifstream layers(folder_ + "/plots/grad_norm_by_layer.svg");
  EXPECT_NE(std::string((std::istreambuf_iterator<char>(layers)), {}).find(">b</text>"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/plots/lr.svg"));  // it has no number
}

TEST_F(ReportPage, OfNoRunIsAnError) { EXPECT_THROW(write_report(folder_), FileError); }

TEST(Ticks, AreRoundAndCoverTheRange) {
  EXPECT_EQ(ticks(0, 1, 5), (std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
  EXPECT_EQ(ticks(0, 100, 4), (std::vector<double>{0, 20, 40, 60, 80, 100}));
  for (const double v : ticks(-3.7, 12.1, 6)) EXPECT_EQ(v, std::round(v));
}

TEST(Canvas, DrawsWithinItsBordersAndSmoothly) {
  Canvas canvas(40, 30);
  canvas.line(-100, 15, 100, 15, 2, {0, 0, 0});
  canvas.text(35, 25, "far out", {255, 0, 0});
  const Tensor x = canvas.image();
  EXPECT_EQ(x[0][14][20].item<int>(), 0);
  EXPECT_EQ(x[0][20][20].item<int>(), 255);
  EXPECT_EQ(Canvas::text_width("abc"), 17);
  EXPECT_EQ(Canvas::text_width("\xc3\xa4"), 5);  // one letter of two bytes
}

TEST(Chart, KeepsGapsAndFlatLinesAndLogarithms) {
  const Chart chart{"t<", "x", "y", {{"a", {1, 2, 3, 4}, {1, std::nan(""), 1, 1}}}, false, true};
  const std::string svg = to_svg(chart);
  EXPECT_EQ(svg.find("nan,"), std::string::npos);
  EXPECT_EQ(svg.find(",nan"), std::string::npos);
  EXPECT_NE(svg.find("t&lt;"), std::string::npos);
  EXPECT_NE(svg.find("<circle"), std::string::npos);    // the point before the gap
  EXPECT_NE(svg.find("<polyline"), std::string::npos);  // the two behind it
  EXPECT_LT(to_image(chart).to(kFloat).min().item<float>(), 100);
  EXPECT_NO_THROW(to_svg({"empty", "", "", {}, false, false}));
}

}  // namespace
}  // namespace hearth::report
