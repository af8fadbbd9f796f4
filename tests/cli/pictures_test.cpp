// hearth train on a folder of pictures that are larger than the model's input.
#include <filesystem>
#include <sstream>

#include "cli/trained.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"

namespace hearth {
namespace {

class Pictures : public Trained {
 protected:
  /// Class folders of JPEGs of many sizes: stripes across, and stripes from top to bottom.
  std::string photos(int64_t smallest = 60, int64_t each = 30) const {
    Generator random = hearth::detail::createCPUGenerator(4);
    for (const char* name : {"across", "down"}) {
      const auto folder = folder_ / "photos" / name;
      std::filesystem::create_directories(folder);
      for (int64_t i = 0; i < each; ++i) {
        const int64_t high = smallest + (i * 17) % 70, wide = smallest + (i * 29) % 90;
        const Tensor along = arange(name[0] == 'a' ? high : wide, kFloat);
        const Tensor wave = (along * (0.2 + 0.01 * static_cast<double>(i % 7))).sin() * 90 + 128;
        const Tensor noise = randn({3, high, wide}, random) * 12;
        const Tensor picture = (name[0] == 'a' ? wave.view({1, high, 1}) : wave.view({1, 1, wide})) + noise;
        io::write_jpeg(picture.clamp(0, 255).to(kByte), (folder / (std::to_string(i) + ".jpg")).string());
      }
    }
    return out("photos");
  }
  /// A small training on them.
  std::string training(const std::string& name, const std::string& more = "") const {
    return "train --data " + out("photos") +
           " data.image_size=32 model.name=cnn model.channels=[4,8] model.hidden=16 run.batch_size=8 run.epochs=3 "
           "run.log_every=2 "
           "--quiet --out " +
           out(name) + " " + more;
  }
};

TEST_F(Pictures, LargeOnesAreCroppedAtRandom) {
  photos();
  const std::string config = run(training("run", "--print-config")).text;
  for (const char* line : {".crop = true  # chosen: pictures are larger than", ".crop_scale = 0.5", ".resize = 37",
                           ".shift = 0", ".flip = true"})
    EXPECT_NE(config.find(line), std::string::npos) << line << "\n" << config;
  const std::string whole = run(training("run", "data.image_size=100 --print-config")).text;
  for (const char* line : {".crop = false", ".resize = 100", ".shift = 6"})
    EXPECT_NE(whole.find(line), std::string::npos) << line << "\n" << whole;
  EXPECT_NE(run(training("run", "transforms.shift=2 --print-config")).text.find(".crop = false"), std::string::npos);
  refuses(training("run", "transforms.resize=20"), "transforms.resize is 20 and data.image_size 32");
  refuses(training("run", "transforms.crop_scale=0"), "transforms.crop_scale is 0");
  EXPECT_NE(run("config --explain").text.find("transforms.crop"), std::string::npos);
}

TEST_F(Pictures, TrainToTheSameBitsEachTimeAndArePredicted) {
  photos();
  ASSERT_EQ(run(training("a")).status, 0);
  ASSERT_EQ(run(training("b", "--workers 2")).status, 0);
  ASSERT_EQ(run(training("c", "--workers 1 --threads 1")).status, 0);
  for (const char* other : {"b", "c"}) {
    EXPECT_TRUE(weights("a") == weights(other)) << other;
    EXPECT_EQ(records("a"), records(other)) << other;
  }
  ASSERT_EQ(run(training("whole", "transforms.crop=false")).status, 0);
  EXPECT_FALSE(weights("a") == weights("whole"));
  ASSERT_EQ(run(training("smaller", "transforms.crop_scale=0.05")).status, 0);
  EXPECT_FALSE(weights("a") == weights("smaller"));
  // A longer training tells them apart; the same pictures get the same answers from eval and predict.
  ASSERT_EQ(run(training("long", "run.epochs=25")).status, 0);
  EXPECT_GE(summary("long")["test"]["accuracy"].get<double>(), 0.8);
  const Outcome evaluated = run("eval " + out("long") + " --data " + out("photos"));
  ASSERT_EQ(evaluated.status, 0) << evaluated.text;
  const std::string predicted = run("predict " + out("long") + " " + out("photos") + " 2>/dev/null").text;
  int right = 0, all = 0;
  std::istringstream lines(predicted);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    ++all;
    const size_t comma = line.find(',');
    const bool across = line.find("/across/") < comma;
    right += line.compare(comma + 1, 4, across ? "acro" : "down") == 0 ? 1 : 0;
  }
  EXPECT_EQ(all, 60) << predicted;
  const size_t at = evaluated.text.rfind("test accuracy ");
  ASSERT_NE(at, std::string::npos) << evaluated.text;
  EXPECT_NEAR(std::stod(evaluated.text.substr(at + 14)), right / 60.0, 1e-4);
}

TEST_F(Pictures, ResumeToTheSameBits) {
  photos();
  const std::string more = " run.epochs=25 run.checkpoint_steps=5 --workers 1";
  ASSERT_EQ(run(training("whole", more)).status, 0);
  for (const char* signal : {"INT", "KILL"}) {
    run(training(signal, more) + when_checkpoints(signal, 2, signal));
    EXPECT_NE(records(signal).size(), records("whole").size()) << "it was over before the signal came";
    const Outcome resumed = run("train --quiet --workers 2 --resume " + out(signal));
    ASSERT_EQ(resumed.status, 0) << resumed.text;
    EXPECT_TRUE(weights(signal) == weights("whole")) << signal;
    EXPECT_EQ(records(signal), records("whole"));
  }
}

TEST_F(Pictures, OthersMayBeCroppedToo) {
  const std::string digits =
      "train --data digits data.samples=200 run.epochs=1 model.channels=[4,8] model.hidden=16 --quiet ";
  ASSERT_EQ(run(digits + "transforms.crop=true --out " + out("a")).status, 0);
  ASSERT_EQ(run(digits + "transforms.crop=true --workers 2 --out " + out("b")).status, 0);
  ASSERT_EQ(run(digits + "--out " + out("c")).status, 0);
  EXPECT_TRUE(weights("a") == weights("b"));
  EXPECT_FALSE(weights("a") == weights("c"));
  photos();
  ASSERT_EQ(run("train --data " + out("photos") +
                " data.image_size=32 model.name=autoencoder run.epochs=1 --quiet --out " + out("auto"))
                .status,
            0)
      << "a part is its own target";
}

}  // namespace
}  // namespace hearth
