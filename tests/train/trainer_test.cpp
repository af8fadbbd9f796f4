#include "hearth/train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/threads.h"

namespace hearth::train {
namespace {

using hearth::testing::TemporaryFolder;

constexpr int64_t kSamples = 50;

struct Sums : data::datasets::Dataset<Sums> {
  data::Example<> get(size_t i) override {
    const Tensor x = full({4}, static_cast<double>(i) / kSamples) + rand({4}) * 0.1;  // differs from epoch to epoch
    return {x, x.sum().gt(2.0).to(kLong)};
  }
  std::optional<size_t> size() const override { return kSamples; }
};

/// A training of a small net with dropout, shuffling, random samples, momentum, a schedule, an average of weights and a
/// metric: what a resume has to bring back.
struct Bench {
  explicit Bench(TrainerOptions options = {}, int64_t workers = 0, int64_t batch_size = 8) {
    manual_seed(3);
    net = nn::Sequential(nn::Linear(4, 16), nn::ReLU(), nn::Dropout(0.3), nn::Linear(16, 2));
    optimizer = std::make_unique<optim::AdamW>(net->parameters(), optim::AdamWOptions(0.02));
    trainer = std::make_unique<Trainer>(
        net, *optimizer, [](const Tensor& y, const Tensor& t) { return nn::functional::cross_entropy(y, t); },
        std::move(options));
    trainer->add_metric("accuracy", std::make_unique<Accuracy>());
    trainer->set_schedule(std::make_shared<optim::CosineAnnealingLR>(*optimizer, 40), /*by_step=*/true);
    train = batches(Sums(), BatchOptions(batch_size).shuffle(true).workers(workers).seed(7));
    val = batches(Sums(), BatchOptions(16));
  }
  Result fit() { return trainer->fit(*train, val.get()); }
  nn::Sequential net = nullptr;
  std::unique_ptr<optim::Optimizer> optimizer;
  std::unique_ptr<Trainer> trainer;
  std::shared_ptr<Batches> train, val;
};

TrainerOptions plain() { return TrainerOptions().epochs(4).log_every(3).ema_decay(0.9).restore_best(true); }

std::vector<Tensor> weights(const nn::Sequential& net) {
  std::vector<Tensor> all;
  for (const Tensor& p : net->parameters()) all.push_back(p.detach().clone());
  return all;
}
void expect_equal(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].equal(b[i])) << i;
}

/// Keeps what a training told.
struct Listener : Callback {
  void on_record(Trainer&, const Record& r) override { records.push_back(r); }
  void on_fit_begin(Trainer&) override { calls += "F"; }
  void on_fit_end(Trainer&, const Result&) override { calls += "f"; }
  void on_epoch_begin(Trainer&) override { calls += "E"; }
  void on_epoch_end(Trainer&) override { calls += "e"; }
  void on_batch_begin(Trainer&, data::Example<>&) override { calls += "B"; }
  void on_loss(Trainer&, const Tensor&, const Tensor&) override { calls += "l"; }
  void on_gradients(Trainer&) override { calls += "g"; }
  void on_step_end(Trainer& t) override {
    calls += "s";
    if (t.state().step == throw_at) throw ValueError("[test] enough");
  }
  void on_validation_begin(Trainer&) override { calls += "V"; }
  void on_validation_end(Trainer&, const Scores&) override { calls += "v"; }
  void on_improvement(Trainer&) override { calls += "+"; }
  void on_checkpoint(Trainer&, const std::string&) override { calls += "c"; }
  void on_failure(Trainer&, const Error&) override { calls += "x"; }
  std::vector<Record> records;
  std::string calls;
  int64_t throw_at = -1;
};

/// Records without what hangs on the clock.
std::string told(const std::vector<Record>& records) {
  std::string text;
  for (const Record& r : records) {
    text += std::to_string(r.step) + ":";
    for (const auto& [name, value] : r.values)
      if (name.find('/') != std::string::npos || name == "lr" || name == "grad_norm")
        text += " " + name + " " + std::to_string(value);
    text += "\n";
  }
  return text;
}

TEST(Trainer, LearnsInTenLines) {
  manual_seed(0);
  nn::Sequential net(nn::Linear(2, 16), nn::Tanh(), nn::Linear(16, 2));
  optim::Adam adam(net->parameters(), optim::AdamOptions(0.05));
  Trainer trainer(
      net, adam, [](auto& y, auto& t) { return nn::functional::cross_entropy(y, t); }, TrainerOptions().epochs(20));
  trainer.add_metric("accuracy", std::make_unique<Accuracy>());
  const Tensor x = randn({200, 2}), y = (x.select(1, 0) * x.select(1, 1)).gt(0).to(kLong);
  const Result result = trainer.fit(*batches(x, y, BatchOptions(20).shuffle(true)), batches(x, y, 100).get());
  EXPECT_GT(*find(result.validation, "val/accuracy"), 0.95);
  EXPECT_EQ(result.epochs, 20);
  EXPECT_EQ(result.steps, 200);
}

TEST(Trainer, CallsEveryHookInItsPlace) {
  Bench b(TrainerOptions().epochs(1).max_steps(2).log_every(0).sanity_batches(0).accumulate(2));
  const auto listener = std::make_shared<Listener>();
  b.trainer->add_callback(listener);
  b.fit();
  EXPECT_EQ(listener->calls, "FEBlBlgsBlBlgsVv+ef");
}

TEST(Trainer, ResumesBitExactlyFromAnyStep) {
  Bench whole(plain());
  const auto all = std::make_shared<Listener>();
  whole.trainer->add_callback(all);
  whole.fit();
  ASSERT_EQ(whole.trainer->state().step, 28);
  for (const int64_t stop_at : {1, 5, 7, 8, 20, 27}) {
    TemporaryFolder folder;
    Bench first(
        plain().checkpoints(folder.path().string()).stop([&] { return first.trainer->state().step >= stop_at; }));
    const auto before = std::make_shared<Listener>(), after = std::make_shared<Listener>();
    first.trainer->add_callback(before);
    EXPECT_EQ(first.fit().status, Result::Status::interrupted);
    EXPECT_EQ(first.trainer->state().step, stop_at);
    const auto found = io::find_latest(folder.path().string());
    ASSERT_EQ(found.step, stop_at);
    Bench second(plain(), /*workers=*/2);
    manual_seed(999);  // whatever the generator did before
    second.trainer->load_checkpoint(found.content);
    second.trainer->add_callback(after);
    EXPECT_EQ(second.trainer->records(), static_cast<int64_t>(before->records.size()));
    second.fit();
    expect_equal(weights(second.net), weights(whole.net));
    EXPECT_EQ(told(before->records) + told(after->records), told(all->records)) << stop_at;
  }
}

TEST(Trainer, ResumesBitExactlyWhereAValidationWasBrokenOff) {
  for (const int64_t every : {0, 5}) {
    Bench whole(plain().validate_every(every));
    whole.fit();
    TemporaryFolder folder;
    int64_t validations = 0;
    struct Counter : Callback {
      explicit Counter(int64_t& n) : count(n) {}
      void on_validation_begin(Trainer&) override { ++count; }
      int64_t& count;
    };
    Bench first(
        plain().validate_every(every).checkpoints(folder.path().string()).stop([&] { return validations == 2; }));
    first.trainer->add_callback(std::make_shared<Counter>(validations));
    EXPECT_EQ(first.fit().status, Result::Status::interrupted);
    Bench second(plain().validate_every(every));
    second.trainer->load_checkpoint(io::find_latest(folder.path().string()).content);
    second.fit();
    EXPECT_EQ(second.trainer->state().step, whole.trainer->state().step);
    EXPECT_EQ(second.trainer->records(), whole.trainer->records());
    expect_equal(weights(second.net), weights(whole.net));
  }
}

TEST(Trainer, GivesTheSameBitsWithAnyNumberOfThreadsAndWorkers) {
  Bench one(plain());
  one.fit();
  const int threads = get_num_threads();
  for (const int n : {1, 2}) {
    set_num_threads(n);
    Bench other(plain(), 2 * n);
    other.fit();
    expect_equal(weights(other.net), weights(one.net));
  }
  set_num_threads(threads);
}

TEST(Trainer, AccumulatedBatchesAreOneLargeBatch) {
  const Tensor x = randn({12, 3}), y = x.sum(1, true);
  const auto train = [&](int64_t batch_size, int64_t accumulate) {
    manual_seed(1);
    nn::Sequential net(nn::Linear(3, 1));
    optim::SGD sgd(net->parameters(), optim::SGDOptions(0.1));
    Trainer t(
        net, sgd, [](auto& a, auto& b) { return mse_loss(a, b); },
        TrainerOptions().epochs(3).accumulate(accumulate).log_every(0));
    t.fit(*batches(x, y, batch_size));
    return weights(net);
  };
  const auto large = train(12, 1), small = train(3, 4), rest = train(3, 8);
  for (size_t i = 0; i < large.size(); ++i) {
    EXPECT_TRUE(allclose(large[i], small[i], 1e-5, 1e-6));
    EXPECT_TRUE(allclose(large[i], rest[i], 1e-5, 1e-6)) << "a group that the epoch's end cuts short";
  }
}

TEST(Trainer, AutocastRunsTheModelInHalvesAndEverythingElseInFloat) {
  manual_seed(0);
  nn::Linear net(4, 2);
  optim::SGD sgd(net->parameters(), optim::SGDOptions(0.1));
  ScalarType inside = kFloat;
  const train::Model model(net.ptr(), [&](const Tensor& x) {
    const Tensor y = net->forward(x);
    inside = y.scalar_type();
    return y;
  });
  const auto loss = [](const Tensor& y, const Tensor& t) { return cross_entropy_loss(y, t); };
  train::Trainer trainer(model, sgd, loss, train::TrainerOptions().epochs(1).autocast(true));
  const auto data = train::batches(rand({8, 4}), randint(0, 2, {8}).to(kLong), train::BatchOptions(4));
  trainer.fit(*data);
  EXPECT_EQ(inside, kBFloat16);
  EXPECT_EQ(net->weight.scalar_type(), kFloat);
  EXPECT_EQ(net->weight.grad().scalar_type(), kFloat);
  trainer.evaluate(*data, "test", 0,
                   [](const auto&, const Tensor& output) { EXPECT_EQ(output.scalar_type(), kFloat); });
}

TEST(Trainer, LimitsTheGradient) {
  const Tensor x = full({8, 1}, 100.0), y = full({8, 1}, 1e4);
  manual_seed(1);
  nn::Sequential net(nn::Linear(1, 1));
  const auto before = weights(net);
  optim::SGD sgd(net->parameters(), optim::SGDOptions(1.0));
  Trainer t(
      net, sgd, [](auto& a, auto& b) { return mse_loss(a, b); },
      TrainerOptions().epochs(1).clip_norm(0.5).log_every(0));
  t.fit(*batches(x, y, 8));
  const double moved = (weights(net)[0] - before[0]).square().sum().item<double>() +
                       (weights(net)[1] - before[1]).square().sum().item<double>();
  EXPECT_NEAR(std::sqrt(moved), 0.5, 1e-3);
  EXPECT_GT(t.state().grad_norm, 1e3) << "the norm before the limit";
}

TEST(Trainer, StopsEarlyAndTakesTheBestWeights) {
  const Tensor x = randn({16, 2}), y = x.sum(1, true);
  manual_seed(1);
  nn::Sequential net(nn::Linear(2, 1));
  optim::SGD sgd(net->parameters(), optim::SGDOptions(0.05));
  Trainer t(
      net, sgd, [](auto& a, auto& b) { return mse_loss(a, b); },
      TrainerOptions().epochs(50).patience(3).restore_best(true).log_every(0));
  struct Spoiler : Callback {  // from epoch 5 on the weights get worse
    void on_epoch_begin(Trainer& trainer) override {
      if (trainer.state().epoch == 5) trainer.optimizer().param_groups()[0].options().set_lr(-0.05);
    }
  };
  t.add_callback(std::make_shared<Spoiler>());
  const Result result = t.fit(*batches(x, y, 4), batches(x, y, 16).get());
  EXPECT_EQ(result.status, Result::Status::stopped_early);
  EXPECT_EQ(result.epochs, 8);
  EXPECT_EQ(result.best_epoch, 5);
  EXPECT_EQ(*find(t.evaluate(*batches(x, y, 16), "again"), "again/loss"), result.best) << "the best weights are back";
}

TEST(Trainer, AnyMetricDrivesThePlateauSchedule) {
  const Tensor x = randn({16, 2}), y = zeros({16}, kLong);
  nn::Sequential net(nn::Linear(2, 2));
  optim::SGD sgd(net->parameters(), optim::SGDOptions(0.0));  // nothing gets better
  Trainer t(
      net, sgd, [](auto& a, auto& b) { return nn::functional::cross_entropy(a, b); },
      TrainerOptions().epochs(6).monitor("val/accuracy").log_every(0));
  t.add_metric("accuracy", std::make_unique<Accuracy>());
  sgd.param_groups()[0].options().set_lr(1e-12);
  t.set_schedule(std::make_shared<optim::ReduceLROnPlateau>(
      sgd, optim::ReduceLROnPlateau::max, 0.5, 1, 1e-4, optim::ReduceLROnPlateau::rel, 0, std::vector<double>{}, 0.0));
  t.fit(*batches(x, y, 4), batches(x, y, 16).get());
  EXPECT_LT(sgd.param_groups()[0].options().get_lr(), 0.6e-12);
}

TEST(Trainer, NamesWhatMadeALossNonfinite) {
  const auto message = [](Tensor x, double rate, const char* poisoned = nullptr, float poison = 0) {
    manual_seed(1);
    nn::Sequential net({{"fc", nn::Linear(2, 4)}, {"act", nn::ReLU()}, {"out", nn::Linear(4, 1)}});
    if (poisoned) {
      const NoGradGuard no_grad;
      net->named_parameters()[poisoned][0].fill_(poison);
    }
    optim::SGD sgd(net->parameters(), optim::SGDOptions(rate));
    Trainer t(
        net, sgd, [](auto& a, auto& b) { return mse_loss(a, b); }, TrainerOptions().epochs(50).log_every(0));
    const auto listener = std::make_shared<Listener>();
    t.add_callback(listener);
    try {
      t.fit(*batches(x, ones({8, 1}), 4));
    } catch (const ValueError& e) {
      EXPECT_EQ(listener->calls.back(), 'x');
      return e.msg();
    }
    return std::string("nothing");
  };
  Tensor bad = ones({8, 2});
  bad[5][1] = std::numeric_limits<float>::infinity();
  EXPECT_NE(message(bad, 0.1).find("the input holds inf at [1, 1]"), std::string::npos) << message(bad, 0.1);
  EXPECT_NE(message(ones({8, 2}), 0.1, "out.weight", std::nanf("")).find("\"out.weight\" holds nan at [0, 0]"),
            std::string::npos);
  const std::string diverged = message(randn({8, 2}), 1e18);
  EXPECT_NE(diverged.find("learning rate"), std::string::npos) << diverged;
  const std::string huge = message(full({8, 2}, 100.0), 0.1, "fc.weight", 3e38F);
  EXPECT_NE(huge.find("module \"fc\""), std::string::npos) << huge;
}

TEST(Trainer, KeepsTheLastAndTheBestCheckpoints) {
  TemporaryFolder folder;
  Bench b(
      TrainerOptions().epochs(6).checkpoints(folder.path().string()).keep_last(2).keep_best(1).config("the: config"));
  b.fit();
  size_t count = 0;
  for (const auto& entry : hearth::testing::fs::directory_iterator(folder.path()))
    count += entry.path().extension() == ".ckpt";
  EXPECT_GE(count, 2U);
  EXPECT_LE(count, 3U);
  EXPECT_EQ(io::find_latest(folder.path().string()).content.at("config").toStringRef(), "the: config");
}

TEST(Trainer, RecordsTheGradientsOfLayersBeforeTheyAreClipped) {
  Bench b(TrainerOptions().epochs(2).log_every(2).log_gradients(true).clip_norm(1e-3));
  const auto listener = std::make_shared<Listener>();
  b.trainer->add_callback(listener);
  b.fit();
  ASSERT_FALSE(listener->records.empty());
  for (const Record& r : listener->records) {
    double squares = 0;
    int layers = 0;
    for (const auto& [name, value] : r.values)
      if (name.compare(0, 10, "grad_norm/") == 0) squares += value * value, ++layers;
    EXPECT_GT(layers, 1);
    EXPECT_NEAR(std::sqrt(squares), *find(r.values, "grad_norm"), 1e-5) << "the layers' norms make up the whole one";
  }
}

TEST(Trainer, OverfitsAndDryRuns) {
  Bench over(TrainerOptions().epochs(60).overfit(1).log_every(0));
  EXPECT_LT(*find(over.fit().validation, "val/loss"), 0.2);
  EXPECT_EQ(over.trainer->state().step, 60);
  TemporaryFolder folder;
  Bench dry(TrainerOptions().epochs(60).dry_run(true).checkpoints(folder.path().string()));
  EXPECT_EQ(dry.fit().steps, 2);
  EXPECT_TRUE(hearth::testing::fs::is_empty(folder.path()));
}

TEST(Trainer, ValidatesByStepsAndEndsInTime) {
  Bench b(TrainerOptions().epochs(1000000).max_seconds(0.3).validate_every(5).log_every(0));
  const auto listener = std::make_shared<Listener>();
  b.trainer->add_callback(listener);
  const Result result = b.fit();
  EXPECT_LT(result.seconds, 5);
  EXPECT_EQ(result.status, Result::Status::finished);
  EXPECT_EQ(listener->records[0].step, 5);
}

TEST(Trainer, RefusesWhatMakesNoSense) {
  EXPECT_THROW(Bench(TrainerOptions().epochs(0)), ValueError);
  EXPECT_THROW(Bench(TrainerOptions().ema_decay(1)), ValueError);
  EXPECT_THROW(Bench(TrainerOptions().mode("most")), ValueError);
  EXPECT_THROW(Bench(TrainerOptions().monitor("val/f1")).fit(), ValueError);
  EXPECT_THROW(Bench().trainer->load_checkpoint(IValue::Dict{{"step", 1}}), ValueError);
  EXPECT_THROW(batches(ones({2, 1}), ones({3})), ShapeError);
  EXPECT_THROW(batches(ones({0, 1}), ones({0})), ValueError);
  Bench b(TrainerOptions().epochs(3));
  const auto listener = std::make_shared<Listener>();
  listener->throw_at = 4;
  b.trainer->add_callback(listener);
  EXPECT_THROW(b.fit(), ValueError) << "what a callback throws ends the training";
}

TEST(Trainer, RunsOptimizersThatEvaluateTheLossThemselves) {
  const Tensor x = randn({16, 3}), y = x.sum(1, true) * 2 + 1;
  manual_seed(1);
  nn::Sequential net(nn::Linear(3, 1));
  optim::LBFGS lbfgs(net->parameters(), optim::LBFGSOptions(1));
  Trainer t(
      net, lbfgs, [](auto& a, auto& b) { return mse_loss(a, b); }, TrainerOptions().epochs(3).log_every(0));
  EXPECT_LT(*find(t.fit(*batches(x, y, 16), batches(x, y, 16).get()).validation, "val/loss"), 1e-6);
}

}  // namespace
}  // namespace hearth::train
