// Commands around a training: what to train with, what came of it, what it takes.
#include <filesystem>

#include "cli/command.h"

namespace hearth {
namespace {

/// Two classes that a line parts.
std::string write_table(const TemporaryFolder& folder) {
  std::string text = "x,y,kind\n";
  for (int i = 0; i < 120; ++i)
    text += std::to_string(i % 11 - 5 + (i % 2 ? 8 : 0)) + "," + std::to_string(i % 7) + (i % 2 ? ",b\n" : ",a\n");
  const std::string path = (folder / "table.csv").string();
  spit(path, text);
  return path;
}

std::string train_words(const std::string& table) { return " --data " + table + " --target kind run.epochs=4 "; }

class Experiments : public Command {
 protected:
  std::string at(const std::string& name) const { return (folder_ / name).string(); }
};

TEST_F(Experiments, LrFindSuggestsARateAndDrawsTheCurve) {
  const std::string table = write_table(folder_);
  const Outcome out = run("lr-find" + train_words(table) + "--curve " + (at("curve")));
  EXPECT_EQ(out.status, 0) << out.text;
  EXPECT_NE(out.text.find("suggested optimizer.lr="), std::string::npos) << out.text;
  EXPECT_NE(slurp(at("curve.svg")).find("<polyline"), std::string::npos);
  EXPECT_EQ(slurp(at("curve.png")).substr(1, 3), "PNG");
  refuses("lr-find" + train_words(table) + "--from 1 --to 0.1", "must be positive and rise");
}

TEST_F(Experiments, ASweepIsDoneOnceAndItsTableIsSorted) {
  const std::string words =
      "sweep" + train_words(write_table(folder_)) + "optimizer.lr=1e-6,1e-2 --folder " + (at("s"));
  const Outcome first = run(words);
  EXPECT_EQ(first.status, 0) << first.text;
  EXPECT_NE(first.text.find("best: " + (at("s")) + "/001"), std::string::npos) << first.text;
  const std::string csv = slurp(at("s/sweep.csv"));
  EXPECT_LT(csv.find("1e-2"), csv.find("1e-6")) << csv;
  const Outcome again = run(words);
  EXPECT_EQ(again.status, 0);
  EXPECT_NE(again.text.find("finished before"), std::string::npos) << again.text;
}

TEST_F(Experiments, ASweepKnowsWhetherItsScoreShouldBeSmall) {
  std::string text = "x,y\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i % 23) + "," + std::to_string(3 * (i % 23) + 0.25) + "\n";
  spit(folder_ / "line.csv", text);
  const Outcome out = run("sweep --data " + at("line.csv") + " --target y run.epochs=4 'run.metrics=[mae]' " +
                          "run.monitor=val/mae optimizer.lr=1e-6,3e-2 --folder " + at("s"));
  EXPECT_EQ(out.status, 0) << out.text;
  EXPECT_NE(out.text.find("best: " + at("s") + "/001"), std::string::npos) << out.text;
}

TEST_F(Experiments, RandomSweepsAreTheSeedsAndHalvingDropsTheWorse) {
  const std::string words =
      "sweep" + train_words(write_table(folder_)) + "'optimizer.lr=log(1e-6,1e-1)' --runs 4 --folder ";
  const Outcome a = run(words + (at("a"))), b = run(words + (at("b")));
  EXPECT_EQ(a.status, 0) << a.text;
  EXPECT_EQ(b.status, 0) << b.text;
  const auto rates = [&](const std::string& folder) {  // the table without the folder's name
    std::string csv = slurp(at(folder) + "/sweep.csv");
    for (size_t i; (i = csv.find(at(folder))) != std::string::npos;) csv.erase(i, at(folder).size());
    return csv;
  };
  EXPECT_EQ(rates("a"), rates("b"));
  const Outcome halved = run(words + (at("h")) + " --strategy halving");
  EXPECT_EQ(halved.status, 0) << halved.text;
  EXPECT_NE(halved.text.find("(4 epochs)"), std::string::npos) << halved.text;
  refuses(words + (at("g")) + " --strategy grid", "a grid has no ranges");
  refuses("sweep" + train_words(at("table.csv")), "nothing varies");
}

TEST_F(Experiments, ARunLeavesAReportPlotsAndEventsUnlessToldNot) {
  namespace fs = std::filesystem;
  const std::string words = "train" + train_words(write_table(folder_)) + "--quiet --out ";
  ASSERT_EQ(run(words + at("with")).status, 0);
  const auto events = [&](const std::string& name) {
    for (const auto& entry : fs::directory_iterator(at(name)))
      if (entry.path().filename().string().starts_with("events.out.tfevents.")) return slurp(entry.path());
    return std::string();
  };
  EXPECT_TRUE(fs::exists(at("with/report.html")));
  EXPECT_TRUE(fs::exists(at("with/plots/loss.svg")));
  for (const char* part : {"val/accuracy", "weights/", "config/text_summary", "_hparams_/experiment"})
    EXPECT_NE(events("with").find(part), std::string::npos) << part;
  ASSERT_EQ(run(words + at("without") + " run.tensorboard=false").status, 0);
  EXPECT_EQ(events("without"), "");
}

TEST_F(Experiments, CompareShowsWhatDiffers) {
  const std::string table = write_table(folder_);
  for (const char* seed : {"1", "2"})
    ASSERT_EQ(run("train" + train_words(table) + "--quiet --seed " + seed + " --out " + (at(seed))).status, 0);
  const Outcome out = run("compare " + (at("1")) + " " + (at("2")) + " --out " + (at("c")));
  EXPECT_EQ(out.status, 0) << out.text;
  EXPECT_NE(out.text.find("run.seed"), std::string::npos) << out.text;
  EXPECT_EQ(out.text.find("optimizer.lr"), std::string::npos) << "it is the same in both: " << out.text;
  EXPECT_NE(out.text.find("test accuracy"), std::string::npos) << out.text;
  EXPECT_NE(slurp(at("c/val_loss.svg")).find("<polyline"), std::string::npos);
  refuses("compare " + (at("1")), "at least two");
}

TEST_F(Experiments, PlanAndDoctorReport) {
  const Outcome plan = run("plan" + train_words(write_table(folder_)));
  EXPECT_EQ(plan.status, 0) << plan.text;
  EXPECT_NE(plan.text.find("largest batch"), std::string::npos) << plan.text;
  const Outcome doctor = run("doctor");
  EXPECT_EQ(doctor.status, 0) << doctor.text;
  EXPECT_NE(doctor.text.find("instruction set"), std::string::npos) << doctor.text;
  EXPECT_NE(doctor.text.find("kernels               products "), std::string::npos) << doctor.text;
  ::setenv("HEARTH_CPU_ISA", "v2", 1);
  const Outcome lowered = run("doctor");
  ::unsetenv("HEARTH_CPU_ISA");
  EXPECT_NE(lowered.text.find("sse41"), std::string::npos) << "the kernel that runs is another one: " << lowered.text;
  EXPECT_NE(lowered.text.find("- HEARTH_CPU_ISA keeps"), std::string::npos) << lowered.text;
}

TEST_F(Experiments, NewRefusesWhatIsThereAndWhatIsNoName) {
  EXPECT_EQ(run("new " + (at("flowers"))).status, 0);
  refuses("new " + (at("flowers")), "exists already");
  refuses("new " + (at("7up")), "is no name for a program");
}

TEST_F(Experiments, ReportAndBoardRefuseWhatIsNoRun) {
  refuses("report " + (at("none")), "has no records");
  refuses("board " + (at("none")), "is not a folder");
}

}  // namespace
}  // namespace hearth
