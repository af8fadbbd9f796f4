// The command itself, as a user runs it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/io/weights.h"
#include "hearth/nn.h"
#include "hearth/serialize.h"
#include "hearth/train/classifier.h"

namespace hearth {
namespace {

using hearth::testing::slurp;
using hearth::testing::spit;
using hearth::testing::TemporaryFolder;

struct Outcome {
  int status;
  std::string text;
};

class Command : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("HEARTH_COMMAND")) GTEST_SKIP() << "HEARTH_COMMAND is not set: this build has no command";
  }
  Outcome run(const std::string& arguments) const {
    FILE* pipe = popen((std::string(std::getenv("HEARTH_COMMAND")) + " " + arguments + " 2>&1").c_str(), "r");
    Outcome out{0, ""};
    std::array<char, 4096> buffer;
    while (const size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) out.text.append(buffer.data(), n);
    const int status = pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
  }
  /// Exit code 2 and one sentence that holds `part`.
  void refuses(const std::string& arguments, const std::string& part) const {
    const Outcome out = run(arguments);
    EXPECT_EQ(out.status, 2) << arguments;
    EXPECT_NE(out.text.find(part), std::string::npos) << arguments << ": " << out.text;
    EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), 1) << "one line: " << out.text;
  }
  TemporaryFolder folder_;
};

TEST_F(Command, TrainsAndEvaluates) {
  const std::string out = folder_.path().string() + "/run";
  const Outcome trained = run("train --data digits --epochs 1 --batch-size 128 --workers 1 --out " + out);
  ASSERT_EQ(trained.status, 0) << trained.text;
  for (const char* part : {"conv1", "Conv2d", "total", "epoch 1/1", "samples/s", "left", "right"})
    EXPECT_NE(trained.text.find(part), std::string::npos) << part;
  EXPECT_EQ(trained.text.find('\r'), std::string::npos) << "quiet when piped";
  const auto line = nlohmann::json::parse(slurp(out + "/metrics.jsonl"));
  EXPECT_GT(line["test_accuracy"].get<double>(), 0.9);
  const Outcome evaluated = run("eval --data digits --weights " + out + "/model.safetensors");
  EXPECT_EQ(evaluated.status, 0) << evaluated.text;
  EXPECT_NE(evaluated.text.find("pictures are right"), std::string::npos);
}

TEST_F(Command, SaysInOneSentenceWhatIsWrong) {
  refuses("", "subcommand");
  refuses("tain", "tain");
  refuses("train --colour red", "--colour");
  refuses("train --epochs 0", "epochs");
  refuses("train --epochs many", "many");
  refuses("train --batch-size 1", "batch size");
  refuses("train --lr -1", "learning rate");
  refuses("train --data /no/such/folder", "/no/such/folder");
  refuses("train --data " + folder_.path().string(), "train-images-idx3-ubyte");
  refuses("eval --weights /no/such/file", "/no/such/file");
  const std::string path = folder_.path().string();
  spit(path + "/t10k-images-idx3-ubyte", "short");
  spit(path + "/t10k-labels-idx1-ubyte", "short");
  refuses("train --data " + path, "cut short");
  spit(path + "/weights", "not weights at all");
  refuses("eval --weights " + path + "/weights", "damaged");
  nn::StateDict other;
  other.insert("x", ones({2}));
  io::save_weights(other, path + "/other.safetensors");
  refuses("eval --weights " + path + "/other.safetensors", "hearth train");
}

TEST_F(Command, HasHelpAndVersion) {
  EXPECT_EQ(run("--help").status, 0);
  EXPECT_NE(run("train --help").text.find("--data"), std::string::npos);
  EXPECT_NE(run("--version").text.find("hearth "), std::string::npos);
}

TEST(Train, LearnsFromRealFiles) {
  const char* data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  train::Config config;
  config.data = std::string(data) + "/mnist-10k";
  config.out = "";
  config.epochs = 1;
  const train::Split split = train::load_images(config.data, 0);
  EXPECT_EQ(split.train.targets.size(0), 9000);
  EXPECT_EQ(split.test.targets.size(0), 1000);
  manual_seed(0);
  nn::Sequential model = train::make_image_classifier(split.train);
  std::vector<train::Progress> seen;
  const train::Result result =
      train::train_classifier(config, model, split, [&](const train::Progress& p) { seen.push_back(p); });
  EXPECT_GT(result.test_accuracy, 0.93);
  EXPECT_TRUE(seen.back().epoch_ends);
  EXPECT_EQ(seen.size(), static_cast<size_t>(seen.back().batches) + 1);
}

TEST(Train, ChecksTheSizeOfImages) {
  EXPECT_THROW(train::make_image_classifier({ones({1, 1, 6, 6}), zeros({1}, kLong)}), ShapeError);
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

}  // namespace
}  // namespace hearth
