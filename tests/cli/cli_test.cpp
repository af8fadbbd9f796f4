// The command itself, as a user runs it.
#include <gtest/gtest.h>

#include <cmath>

#include "cli/command.h"
#include "hearth/hearth.h"
#include "hearth/io/weights.h"
#include "hearth/nn.h"
#include "hearth/serialize.h"

namespace hearth {
namespace {

TEST_F(Command, HasHelpAndVersion) {
  EXPECT_EQ(run("--help").status, 0);
  EXPECT_NE(run("train --help").text.find("--data"), std::string::npos);
  EXPECT_NE(run("train --help").text.find("Example:"), std::string::npos);
  EXPECT_NE(run("--version").text.find("hearth "), std::string::npos);
}

TEST_F(Command, ListsComparesAndConvertsWeights) {
  const std::string a = folder_ / "a.pt", b = folder_ / "b.safetensors", c = folder_ / "c.npz";
  nn::StateDict tensors;
  tensors.insert("fc.weight", arange(6).to(kFloat).view({2, 3}));
  tensors.insert("fc.bias", tensor({1.0F, std::nanf("")}));
  io::save_weights(tensors, a);
  const Outcome listed = run("weights ls " + a);
  EXPECT_EQ(listed.status, 0) << listed.text;
  for (const char* part :
       {"fc.weight", "[2, 3]", "mean 2.5", "max 5", "1 not finite", "2 tensors, 8 elements, 32 bytes"})
    EXPECT_NE(listed.text.find(part), std::string::npos) << part << ": " << listed.text;
  EXPECT_EQ(run("weights convert " + a + " " + b).status, 0);
  EXPECT_EQ(run("weights convert " + b + " " + c).status, 0);
  const Outcome same = run("weights diff " + a + " " + c);
  EXPECT_EQ(same.status, 0) << same.text;
  nn::StateDict renamed;
  renamed.insert("0.weight", tensors["fc.weight"] + tensor({0.0F, 0.0F, 0.5F}));
  renamed.insert("0.bias", tensors["fc.bias"]);
  io::save_weights(renamed, b);
  EXPECT_NE(run("weights diff " + a + " " + b).text.find("4 differ"), std::string::npos);
  const Outcome paired = run("weights diff --by-order " + a + " " + b);
  EXPECT_EQ(paired.status, 1);
  EXPECT_NE(paired.text.find("2 of 6 elements, at most by 0.5 (element 2: 2 and 2.5)"), std::string::npos)
      << paired.text;
  EXPECT_EQ(run("weights diff --by-order --tolerance 0.6 " + a + " " + b).status, 0);
  refuses("weights ls " + (folder_ / "none").string(), "can't open");
  refuses("weights convert " + a + " " + (folder_ / "x.jpeg").string(), ".safetensors");
  spit(folder_ / "damaged.pt", slurp(a).substr(0, 100));
  refuses("weights ls " + (folder_ / "damaged.pt").string(), "damaged");
}

TEST_F(Command, MapsNamesOfWeightsByProposalAndByRules) {
  const std::string theirs = folder_ / "theirs.pt", ours = folder_ / "ours.safetensors", out = folder_ / "out.npz";
  nn::StateDict tensors, own;
  tensors.insert("module.fc.weight", arange(6).to(kFloat).view({2, 3}));
  tensors.insert("module.fc.bias", ones({2}));
  own.insert("0.weight", zeros({2, 3}));
  own.insert("0.bias", zeros({2}));
  io::save_weights(tensors, theirs);
  io::save_weights(own, ours);
  const std::string map = "weights map " + theirs + " --like " + ours;
  const Outcome proposed = run(map);
  EXPECT_EQ(proposed.status, 0) << proposed.text;
  EXPECT_EQ(proposed.text, "module.fc.bias=0.bias\nmodule.fc.weight=0.weight\n");
  EXPECT_EQ(run(map + " --out " + out).status, 0);
  EXPECT_TRUE(equal(io::load_weights(out)["0.weight"], tensors["module.fc.weight"]));
  // The proposal is a file of rules.
  const std::string rules = folder_ / "rules.txt", again = folder_ / "again.pt";
  spit(rules, "# mended by hand\n\n" + proposed.text);
  EXPECT_EQ(run("weights map " + theirs + " --rules " + rules + " --out " + again).status, 0);
  EXPECT_EQ(run("weights diff " + out + " " + again).status, 0);
  // What is left over is told, and nothing is written.
  own.insert("1.weight", zeros({9}));
  io::save_weights(own, ours);
  const std::string none = folder_ / "none.pt";
  const Outcome left = run(map + " --out " + none);
  EXPECT_EQ(left.status, 1);
  EXPECT_NE(left.text.find("# 1.weight [9]: nothing fits it"), std::string::npos) << left.text;
  EXPECT_FALSE(hearth::testing::fs::exists(none));
}

}  // namespace
}  // namespace hearth
