// A program's own models and data behind the whole command line.
#include "hearth/train/main.h"

#include <gtest/gtest.h>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::train {
namespace {

ModelEntry own_model() {
  return {{"two_layers", "a network of this program", {Setting("size", 8, "features in between", 1, 100)}},
          [](const Options& o, const Shapes& s) {
            return Model(nn::Sequential(nn::Linear(s.input[0], o.integer("size")), nn::Tanh(),
                                        nn::Linear(o.integer("size"), s.outputs)));
          }};
}
DataEntry own_data() {
  return {{"corners", "points in two corners", {Setting("points", 60, "of them", 2, 1000)}},
          [](const Options& o, const BatchOptions& batch) {
            manual_seed(batch.seed());
            const Tensor x = randn({o.integer("points"), 2}), y = x.sum(1).gt(0).to(kLong);
            Data d;
            d.train = batches(x, y, batch);
            d.val = batches(x, y, 100);
            d.shapes.input = {2};
            d.shapes.outputs = 2;
            d.metrics = {"accuracy"};
            d.classes = {"lower", "upper"};
            return d;
          }};
}

int run(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  return main(static_cast<int>(argv.size()), argv.data(), {own_model()}, {own_data()});
}

TEST(Main, TrainsAProgramsOwnModelsOnItsOwnData) {
  const hearth::testing::TemporaryFolder folder;
  const std::string out = folder / "run";
  ASSERT_EQ(run({"mine", "train", "data.name=corners", "data.points=80", "model.name=two_layers", "model.size=5",
                 "run.epochs=40", "--lr", "0.05", "--quiet", "--out", out}),
            0);
  const std::string summary = hearth::testing::slurp(out + "/summary.json");
  EXPECT_NE(summary.find("\"parameters\": 27"), std::string::npos) << summary;
  EXPECT_EQ(run({"mine", "eval", out}), 0);
  EXPECT_EQ(run({"mine", "train", "--quiet", "--resume", out}), 0);
  EXPECT_EQ(run({"mine", "train", "data.name=corners", "model.name=two_layers", "model.size=0"}), 2);
  EXPECT_EQ(run({"mine", "train", "data.name=circles"}), 2);
}

}  // namespace
}  // namespace hearth::train
