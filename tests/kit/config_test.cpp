#include "hearth/train/config.h"

#include <gtest/gtest.h>

#include "hearth/error.h"
#include "hearth/nn.h"
#include "hearth/train/registry.h"

namespace hearth::train {
namespace {

std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const ValueError& e) {
    return e.msg();
  }
  return "nothing was refused";
}
void expect_refused(const std::function<void()>& f, const std::string& part) {
  EXPECT_NE(refusal(f).find(part), std::string::npos) << refusal(f);
}

TEST(Config, TakesFilesThenTheCommandLineThenChoices) {
  Config c;
  c.read_text("run:\n  epochs: 7\n  seed: 3\noptimizer:\n  name: sgd\n  lr: 0.5\n  momentum: 0.9\n", "a.yaml");
  c.assign("run.epochs=9");
  c.choose("run.seed", int64_t{5}, "no reason");
  c.choose("run.batch_size", int64_t{16}, "few samples");
  EXPECT_EQ(c.integer("run.epochs"), 9);
  EXPECT_EQ(c.integer("run.seed"), 3);
  EXPECT_EQ(c.integer("run.batch_size"), 16);
  EXPECT_DOUBLE_EQ(c.section("optimizer").number("momentum"), 0.9);
  const std::string origins = c.origins();
  for (const char* part :
       {"run.epochs = 9  # command line", "run.seed = 3  # a.yaml:3", "run.accumulate = 1  # default",
        "run.batch_size = 16  # chosen: few samples", "optimizer.momentum = 0.9  # a.yaml:7"})
    EXPECT_NE(origins.find(part), std::string::npos) << part << "\n" << origins;
}

TEST(Config, IsReadAgainAsItWasWritten) {
  Config c;
  c.assign("model.name=mlp");
  c.assign("model.hidden=[3, 4]");
  c.assign("data.path=\"a: b # 'c' \\\"d\\\"\"");
  c.assign("run.metrics=[accuracy, f1]");
  c.assign("optimizer.name=adamw");
  c.assign("optimizer.betas=[0.8, 0.95]");
  Config again;
  again.read_text(c.yaml(), "again");
  EXPECT_TRUE(c.differences(again).empty()) << c.differences(again)[0];
  EXPECT_EQ(again.text("data.path"), "a: b # 'c' \"d\"");
  EXPECT_EQ(again.section("model").integers("hidden"), (std::vector<int64_t>{3, 4}));
  again.assign("run.epochs=3");
  ASSERT_EQ(c.differences(again).size(), 1U);
  EXPECT_EQ(c.differences(again)[0], "run.epochs: null and 3");
}

TEST(Config, SaysWhatIsWrongAndWhere) {
  Config c;
  expect_refused([&] { c.read_text("run:\n  epoch: 3\n", "a.yaml"); },
                 "\"run.epoch\" (a.yaml:2); did you mean \"run.epochs\"?");
  expect_refused([&] { c.read_text("run:\n  epochs: many\n", "a.yaml"); },
                 "run.epochs is many (a.yaml:2); it must be an integer");
  expect_refused([&] { c.read_text("run:\n  epochs: 0\n", "a.yaml"); }, "from 1 to");
  expect_refused([&] { c.read_text("run:\n  epochs: 2\n  epochs: 3\n", "a.yaml"); },
                 "a.yaml:3: \"run.epochs\" is given again");
  expect_refused([&] { c.read_text("run: [1\n", "a.yaml"); }, "no YAML");
  expect_refused([&] { c.read_text("3\n", "a.yaml"); }, "sections");
  expect_refused([&] { c.assign("lr=3"); }, "did you mean \"optimizer.lr\"?");
  expect_refused([&] { c.assign("run.seed"); }, "key=value");
  expect_refused([&] { c.assign("run.mode=best"); }, "auto, min or max");
  expect_refused([&] { c.assign("model.name=resnt"); }, "did you mean \"resnet\"?");
  expect_refused([&] { c.assign("run.restore_best=3"); }, "true or false");
  expect_refused([&] { c.assign("data.val=1.5"); }, "from 0 to 0.9");
  c.assign("model.name=lenet");
  c.assign("model.hidden=3");
  expect_refused([&] { c.check(); }, "the model lenet has no setting \"hidden\"");
}

TEST(Config, ExplainsEveryKey) {
  const std::string text = Config().explain();
  for (const char* part : {"run.epochs", "model.name: gpt", "model.heads", "optimizer.name: lion", "optimizer.betas",
                           "scheduler.name: one_cycle", "loss.name: huber", "data.horizon", "transforms.shift"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  EXPECT_EQ(text.find(" null"), std::string::npos) << "unset defaults are said in words";
}

TEST(Config, TakesVariantsOfAProgramsOwn) {
  const Config c({{"mine", "my model", {Setting("size", 3, "how large", 1, 9)}}}, {});
  Config mine = c;
  mine.assign("model.name=mine");
  EXPECT_EQ(mine.section("model").integer("size"), 3);
  expect_refused([&] { mine.assign("model.sise=4"); }, "model.size");
  mine.assign("model.size=10");
  expect_refused([&] { mine.check(); }, "from 1 to 9");
}

/// Every model by name, on the input that it is for.
TEST(Models, MakeOutputsOfTheRightShape) {
  Shapes picture, series, text;
  picture.input = {3, 16, 16};
  series.input = {12, 2};
  text.input = {8};
  picture.outputs = series.outputs = 5;
  text.outputs = text.vocabulary = 11;
  text.each_step = true;
  const auto sizes = [](const std::string& assignments, const Shapes& shapes, const Tensor& x) {
    Config c;
    for (size_t at = 0; at < assignments.size();) {
      const size_t end = std::min(assignments.find(';', at), assignments.size());
      c.assign(assignments.substr(at, end - at));
      at = end + 1;
    }
    const Model model = make_model(c, shapes);
    const Tensor y = model.forward(x);
    y.sum().backward();
    for (const auto& p : model.module->named_parameters()) EXPECT_TRUE(p.value().grad().defined()) << p.key();
    return y.sizes().vec();
  };
  const Tensor pictures = randn({4, 3, 16, 16}), windows = randn({4, 12, 2}), tokens = randint(11, {4, 8});
  using Sizes = std::vector<int64_t>;
  for (const char* name :
       {"model.name=mlp", "model.name=mlp;model.norm=batch;model.dropout=0.1", "model.name=cnn", "model.name=lenet",
        "model.name=resnet;model.blocks=[1,1]",
        "model.name=layers;model.layers=[{conv: {channels: 4, stride: 2}}, batchnorm, relu, {maxpool: "
        "2}, flatten, {dropout: 0.1}, {linear: outputs}]"})
    EXPECT_EQ(sizes(name, picture, pictures), (Sizes{4, 5})) << name;
  EXPECT_EQ(sizes("model.name=autoencoder;model.hidden=[20,6]", picture, pictures), (Sizes{4, 3, 16, 16}));
  for (const char* name : {"rnn", "lstm", "gru"}) {
    const std::string model = std::string("model.name=") + name;
    EXPECT_EQ(sizes(model + ";model.layers=2;model.dropout=0.1", series, windows), (Sizes{4, 5})) << name;
    EXPECT_EQ(sizes(model + ";model.embedding=6", text, tokens), (Sizes{4, 8, 11})) << name;
  }
  EXPECT_EQ(sizes("model.name=gpt;model.layers=2;model.heads=2;model.width=8;model.dropout=0.1", text, tokens),
            (Sizes{4, 8, 11}));
}

TEST(Models, SayWhatDoesNotFit) {
  Shapes flat;
  flat.input = {7};
  const auto make = [&](const std::vector<std::string>& assignments, const Shapes& shapes) {
    Config c;
    for (const std::string& a : assignments) c.assign(a);
    make_model(c, shapes);
  };
  EXPECT_THROW(make({"model.name=cnn"}, flat), ShapeError);
  EXPECT_THROW(make({"model.name=lstm"}, flat), ShapeError);
  EXPECT_THROW(make({"model.name=gpt"}, flat), ShapeError);
  expect_refused([&] { make({"model.name=layers", "model.layers=[{liner: 3}]"}, flat); }, "did you mean \"linear\"?");
  expect_refused(
      [&] {
        make({"model.name=layers", "model.layers=[{linear: {out: 3, color: 1}}]"}, flat);
      },
      "no setting \"color\"");
  EXPECT_THROW(make({"model.name=layers", "model.layers=[{linear: 3}]"}, flat), ShapeError);
}

TEST(Training, EveryOptimizerAndScheduleByNameTakesSteps) {
  nn::Sequential net(nn::Linear(3, 2));
  const auto train = [&](const std::string& optimizer, const std::string& scheduler) {
    Config c;
    c.assign("optimizer.name=" + optimizer);
    c.assign("optimizer.lr=0.01");
    c.assign("scheduler.name=" + scheduler);
    nn::Sequential own(nn::Linear(nn::LinearOptions(3, 2).bias(optimizer != "muon")));
    const auto o = make_optimizer(c, *own);
    const Schedule s = make_schedule(c, *o, 20, 4);
    const Tensor before = own->parameters()[0].detach().clone();
    for (int i = 0; i < 3; ++i) {
      const auto closure = [&] {
        o->zero_grad();
        Tensor loss = own->forward(ones({4, 3})).square().sum();
        loss.backward();
        return loss;
      };
      o->step(closure);
      if (s.scheduler) s.scheduler->step();
      if (s.plateau) s.plateau->step(1.0);
    }
    return !before.equal(own->parameters()[0]);
  };
  const Config c;
  for (const Variant& v : c.variants("optimizer")) EXPECT_TRUE(train(v.name, "constant")) << v.name;
  for (const Variant& v : c.variants("scheduler")) EXPECT_TRUE(train("sgd", v.name)) << v.name;
}

TEST(Training, SettingsReachTheOptimizer) {
  nn::Sequential net(nn::Linear(3, 2));
  Config c;
  for (const char* a : {"optimizer.name=adamw", "optimizer.lr=0.25", "optimizer.betas=[0.5, 0.75]",
                        "optimizer.amsgrad=true", "optimizer.weight_decay=0"})
    c.assign(a);
  const auto o = make_optimizer(c, *net);
  const nn::StateDict state = o->state_dict();
  EXPECT_DOUBLE_EQ(state["group.0.lr"].item<double>(), 0.25);
  EXPECT_DOUBLE_EQ(state["group.0.betas.1"].item<double>(), 0.75);
  EXPECT_DOUBLE_EQ(state["group.0.weight_decay"].item<double>(), 0);
  EXPECT_EQ(state["group.0.amsgrad"].item<int64_t>(), 1);
  c.assign("optimizer.momentum=0.5");
  expect_refused([&] { make_optimizer(c, *net); }, "no setting \"momentum\"");
}

}  // namespace
}  // namespace hearth::train
