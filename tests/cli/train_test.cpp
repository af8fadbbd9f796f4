// hearth train and what uses its runs, as a person uses them.
#include <signal.h>
#include <unistd.h>

#include "cli/trained.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "hearth/io/safetensors.h"

namespace hearth {
namespace {

using nlohmann::json;

class Train : public Trained {
 protected:
  /// A small training on drawn digits.
  std::string digits(const std::string& name, const std::string& more = "") const {
    return "train --data digits data.samples=400 run.epochs=2 --batch-size 32 model.channels=[4,8] model.hidden=16 "
           "--out " +
           out(name) + " " + more;
  }
  /// A CSV file whose class is told by its first two columns, with holes.
  std::string table() const {
    std::string text = "id,size,weight,colour,kind\n";
    uint64_t state = 1;
    for (int i = 0; i < 120; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      const double a = static_cast<double>(state >> 40) / (1 << 24),
                   b = static_cast<double>(state >> 20 & 0xFFFFF) / (1 << 20);
      text += std::to_string(i) + "," + (i % 17 == 0 ? "" : std::to_string(a)) + "," + std::to_string(b) + "," +
              (i % 3 == 0 ? "red" : "blue") + "," + (a > 0.5 ? "large" : "small") + "\n";
    }
    spit(folder_ / "table.csv", text);
    return out("table.csv");
  }
};

TEST_F(Train, FillsARunFolder) {
  const Outcome trained = run(digits("run", "run.log_every=5"));
  ASSERT_EQ(trained.status, 0) << trained.text;
  for (const char* part : {"conv1", "BatchNorm2d", "total", "epoch 2/2", "val/accuracy", "samples/s", "left", "data "})
    EXPECT_NE(trained.text.find(part), std::string::npos) << part << "\n" << trained.text;
  EXPECT_EQ(trained.text.find('\r'), std::string::npos) << "no rewriting where nobody watches";
  const json s = summary("run");
  EXPECT_EQ(s["status"], "finished");
  EXPECT_EQ(s["epochs"], 2);
  EXPECT_EQ(s["steps"], 24);
  EXPECT_EQ(s["classes"].size(), 10U);
  EXPECT_EQ(s["confusion"].size(), 10U);
  EXPECT_EQ(s["worst"][0]["image"], "samples/worst_0.png");
  EXPECT_EQ(s["best"]["monitor"], "val/loss");
  EXPECT_EQ(io::read_image(out("run") + "/samples/worst_0.png").sizes(), IntArrayRef({1, 28, 28}));
  const std::string last = trained.text.substr(trained.text.rfind('\n', trained.text.size() - 2) + 1);
  EXPECT_EQ(last.substr(0, 14), "test accuracy ");
  EXPECT_NEAR(std::stod(last.substr(14)), s["test"]["accuracy"].get<double>(), 1e-5);
  EXPECT_EQ(json::parse(slurp(out("run") + "/environment.json"))["seed"], 0);
  EXPECT_NE(slurp(out("run") + "/log.txt").find("run.log_every = 5  # command line"), std::string::npos);
  const std::string csv = slurp(out("run") + "/metrics.csv");
  EXPECT_EQ(csv.substr(0, 43), "step,epoch,time,train/loss,train/accuracy,v");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), std::ssize(records("run")) + 1);
  const Outcome evaluated = run("eval " + out("run"));
  EXPECT_EQ(evaluated.status, 0) << evaluated.text;
  EXPECT_NE(evaluated.text.find(last), std::string::npos) << "the same test part gives the same number";
  EXPECT_NE(run("summary --run " + out("run")).text.find("conv2"), std::string::npos);
  EXPECT_NE(run("config " + out("run") + "/config.yaml").text.find("epochs: 2"), std::string::npos);
  refuses(digits("run"), "holds a run already");
}

TEST_F(Train, IsTheSameToTheBitEachTime) {
  for (const auto& [name, more] : std::vector<std::pair<std::string, std::string>>{
           {"a", "--quiet"}, {"b", "--quiet --threads 1"}, {"c", "--quiet --workers 2"}, {"d", "--json --workers 1"}})
    ASSERT_EQ(run(digits(name, more + " run.log_every=5 transforms.shift=2 transforms.erase=0.5")).status, 0);
  for (const char* other : {"b", "c", "d"}) {
    EXPECT_TRUE(weights("a") == weights(other)) << other;
    EXPECT_EQ(records("a"), records(other));
  }
  ASSERT_EQ(run(digits("e", "--quiet --seed 1 run.log_every=5")).status, 0);
  EXPECT_FALSE(weights("a") == weights("e"));
}

TEST_F(Train, EndsOnASignalAndResumesToTheSameBits) {
  const std::string more =
      " --quiet run.epochs=200 run.checkpoint_steps=7 model.dropout=0.3 transforms.shift=1 run.max_steps=900";
  ASSERT_EQ(run(digits("whole", more)).status, 0);
  for (const int number : {SIGINT, SIGTERM}) {
    const std::string name = number == SIGINT ? "int" : "term";
    // The shell in between says how the command ended.
    const Outcome stopped = run(digits(name, more) + when_checkpoints(name, 1, number == SIGINT ? "INT" : "TERM"));
    EXPECT_EQ(stopped.status, 128 + number) << stopped.text;
    EXPECT_EQ(summary(name)["status"], "interrupted");
    refuses("train --resume " + out(name) + " optimizer.lr=0.5", "another configuration");
    const Outcome resumed = run("train --quiet --workers 2 --resume " + out(name));
    ASSERT_EQ(resumed.status, 0) << resumed.text;
    EXPECT_TRUE(weights(name) == weights("whole")) << name;
    EXPECT_EQ(records(name), records("whole"));
  }
}

TEST_F(Train, ResumesAfterAKill) {
  const std::string more = " --quiet run.epochs=150 run.checkpoint_steps=3 run.log_every=2";
  ASSERT_EQ(run(digits("whole", more)).status, 0);
  const Outcome killed = run(digits("killed", more) + when_checkpoints("killed", 2, "KILL"));
  ASSERT_FALSE(hearth::testing::fs::exists(out("killed") + "/summary.json")) << killed.text;
  // A damaged newest checkpoint is passed over, and said to be.
  std::string newest;
  for (const auto& e : hearth::testing::fs::directory_iterator(out("killed") + "/checkpoints"))
    if (e.path().extension() == ".ckpt") newest = std::max(newest, e.path().string());
  std::string bytes = slurp(newest);
  bytes[bytes.size() / 2] ^= 1;
  spit(newest, bytes);
  const Outcome resumed = run("train --resume " + out("killed"));
  ASSERT_EQ(resumed.status, 0) << resumed.text;
  EXPECT_NE(resumed.text.find("passed over"), std::string::npos);
  EXPECT_TRUE(weights("killed") == weights("whole"));
  EXPECT_EQ(records("killed"), records("whole"));
}

TEST_F(Train, ProvesThatResumingChangesNothing) {
  const Outcome proof = run("verify-resume --data digits data.samples=200 model.channels=[4] model.hidden=8 --steps 8");
  EXPECT_EQ(proof.status, 0) << proof.text;
  EXPECT_NE(proof.text.find("to the bit"), std::string::npos) << proof.text;
}

TEST_F(Train, TablesAreLearntAndPredicted) {
  const std::string file = table();
  const Outcome trained = run("train --data " + file + " --target kind --epochs 60 --out " + out("run"));
  ASSERT_EQ(trained.status, 0) << trained.text;
  EXPECT_GT(summary("run")["test"]["accuracy"].get<double>(), 0.8) << trained.text;
  EXPECT_NE(trained.text.find("left out \"id\""), std::string::npos) << trained.text;
  const Outcome answers = run("predict " + out("run") + " " + file);
  EXPECT_EQ(answers.status, 0) << answers.text;
  EXPECT_EQ(answers.text.substr(0, answers.text.find('\n')), "file,row,prediction,probability,p(large),p(small)");
  EXPECT_EQ(std::count(answers.text.begin(), answers.text.end(), '\n'), 121);
  ASSERT_EQ(run("predict " + out("run") + " " + file + " --format json --out " + out("answers")).status, 0);
  const std::string lines = slurp(out("answers"));
  const json first = json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_NEAR(first["probabilities"]["large"].get<double>() + first["probabilities"]["small"].get<double>(), 1, 1e-9);
  EXPECT_NE(run("eval " + out("run") + " --data " + file).text.find("\ntest accuracy "), std::string::npos);
  const Outcome regression = run("train --quiet --data " + file + " --target weight --epochs 3 --out " + out("number"));
  EXPECT_EQ(regression.text.substr(0, 8), "test r2 ") << regression.text;
  spit(folder_ / "other.csv", "a,b\n1,2\n");
  EXPECT_EQ(run("predict " + out("run") + " " + out("other.csv")).status, 2);
}

TEST_F(Train, TextIsLearntAndWritten) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "the cat sat on the mat; ";
  spit(folder_ / "text.txt", text);
  const std::string small = " model.layers=1 model.width=32 model.heads=2 data.context=16 --max-steps 150 ";
  const Outcome trained = run("train --quiet --data " + out("text.txt") + small + "--out " + out("run"));
  ASSERT_EQ(trained.status, 0) << trained.text;
  EXPECT_EQ(trained.text.substr(0, 10), "test loss ");
  EXPECT_LT(summary("run")["test"]["loss"].get<double>(), 0.5);
  const Outcome written = run("generate " + out("run") + " --prompt \"the c\" --length 30 --temperature 0.2 --top-k 5");
  EXPECT_EQ(written.status, 0);
  EXPECT_NE(written.text.find("cat"), std::string::npos) << written.text;
  EXPECT_EQ(run("generate " + out("run") + " --length 9 --seed 4").text,
            run("generate " + out("run") + " --length 9 --seed 4").text);
  EXPECT_EQ(run("generate " + out("run") + " --prompt \"#\"").status, 2) << "a character that the text did not have";
  refuses("predict " + out("run") + " " + out("text.txt"), "hearth generate");
  const Outcome words = run("train --quiet data.tokenizer=word --model lstm data.context=8 --max-steps 5 --data " +
                            out("text.txt") + " --out " + out("words"));
  EXPECT_EQ(words.status, 0) << words.text;
}

TEST_F(Train, SeriesAreForecast) {
  std::string text = "day,sold\n";
  for (int i = 0; i < 28 * 12; ++i)
    text += "2024-" + std::to_string(101 + i / 28).substr(1) + "-" + std::to_string(101 + i % 28).substr(1) + "," +
            std::to_string(10 + i % 7 + i / 20) + "\n";
  spit(folder_ / "sales.csv", text);
  const std::string data = "--data " + out("sales.csv") + " --target sold --horizon 7 data.season=7";
  const Outcome gaps = run("train --quiet " + data + " --time day --epochs 5 --out " + out("run"));
  ASSERT_EQ(gaps.status, 0) << gaps.text;
  EXPECT_EQ(gaps.text.substr(0, 9), "test mae ");
  const json s = summary("run");
  EXPECT_LT(s["test"]["mae"].get<double>(), 2 * s["baselines"].begin()->get<double>());
  const Outcome forecast = run("predict " + out("run") + " " + out("sales.csv"));
  EXPECT_EQ(std::count(forecast.text.begin(), forecast.text.end(), '\n'), 8) << forecast.text;
}

TEST_F(Train, PicturesInFoldersAreLearntAndPredicted) {
  manual_seed(0);
  for (const char* kind : {"bright", "dark"}) {
    hearth::testing::fs::create_directories(folder_ / "data" / kind);
    for (int i = 0; i < 12; ++i)
      io::write_png((rand({3, 20, 24}) * 100 + (kind[0] == 'b' ? 150 : 0)).to(kByte),
                    folder_ / "data" / kind / (std::to_string(i) + ".png"));
  }
  const Outcome trained =
      run("train --quiet --data " + out("data") + " --epochs 8 model.channels=[4] --out " + out("run"));
  ASSERT_EQ(trained.status, 0) << trained.text;
  EXPECT_EQ(trained.text, "test accuracy 1\n");
  const Outcome answers = run("predict " + out("run") + " " + out("data") + "/dark");
  EXPECT_EQ(std::count(answers.text.begin(), answers.text.end(), '\n'), 13) << answers.text;
  EXPECT_NE(answers.text.find("dark/3.png,dark,"), std::string::npos) << answers.text;
  spit(folder_ / "broken.png", "no picture");
  refuses("predict " + out("run") + " " + out("broken.png"), "broken.png");
}

TEST_F(Train, RealDataAsPromised) {
  const char* data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  const auto score = [&](const std::string& arguments, int seed) {
    const Outcome o = run("train --quiet --data " + std::string(data) + arguments + " --seed " + std::to_string(seed) +
                          " --out " + out(arguments.substr(9, 2) + std::to_string(seed)));
    EXPECT_EQ(o.status, 0) << o.text;
    return std::stod(o.text.substr(o.text.rfind(' ')));
  };
  double species = 0, miles = 0;
  for (int seed = 0; seed < 5; ++seed) {
    species += score("/tabular/penguins.csv --target species", seed) / 5;
    miles += score("/tabular/mpg.csv --target mpg", seed) / 5;
  }
  EXPECT_GE(species, 0.97);
  EXPECT_GE(miles, 0.85);
  const double mae = score("/tabular/flights.csv --time month --target passengers --horizon 12", 9);
  EXPECT_LT(mae, 0.7 * summary("fl9")["baselines"].begin()->get<double>());
}

TEST_F(Train, LearnsFromCifarsFiles) {
  // Six files of the binary form, smaller than the real ones: aeroplanes are bluish, cars reddish.
  hearth::testing::fs::create_directories(folder_ / "cifar");
  uint32_t state = 1;
  for (const char* name :
       {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"}) {
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
      bytes += static_cast<char>(i % 2);
      for (int plane = 0; plane < 3; ++plane)
        for (int dot = 0; dot < 32 * 32; ++dot) {
          state = state * 1664525U + 1013904223U;
          bytes += static_cast<char>((state >> 24) / 2 + ((plane == 0) == (i % 2 == 1) ? 90 : 0));
        }
    }
    spit(folder_ / "cifar" / (std::string(name) + ".bin"), bytes);
  }
  const Outcome trained =
      run("train --data " + out("cifar") + " --quiet --model cnn model.channels=[4] model.hidden=8 " +
          "run.epochs=5 run.batch_size=10 run.ema_decay=0 --out " + out("c"));
  EXPECT_EQ(trained.status, 0) << trained.text;
  ASSERT_EQ(trained.text.find("test accuracy "), 0U) << trained.text;
  EXPECT_GT(std::stod(trained.text.substr(14)), 0.9);
  EXPECT_EQ(summary("c")["task"], "cifar");
  EXPECT_EQ(summary("c")["classes"][1], "automobile");
  const Outcome again = run("eval " + out("c") + " --data " + out("cifar"));
  EXPECT_NE(again.text.find(trained.text), std::string::npos) << again.text;
  refuses("eval " + out("c") + " --data digits", "the model takes [3, 32, 32]");
}

}  // namespace
}  // namespace hearth
