// What the trainer, and logging everything, cost over a bare loop: lenet of ../lenet.cpp, batches of 64 pictures, Adam.
//
//     cmake --build build/release --target hearth_bench_trainer && build/release/hearth_bench_trainer [STEPS=300]
//
// A bare step with its own copy of everything runs after each step of the trainer, inside its last callback, so that
// both meet the same machine. Printed: the ratio of their times (the middle one of blocks of 10 steps, and of all), and
// of the processor time that both took, which other programs disturb less.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "cli/progress.h"
#include "hearth/data/digits.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "kit/event_writer.h"
#include "kit/run_folder.h"

namespace {

using namespace hearth;

struct NetImpl : nn::Module {
  NetImpl()
      : conv1(register_module("conv1", nn::Conv2d(nn::Conv2dOptions(1, 32, 3)))),
        conv2(register_module("conv2", nn::Conv2d(nn::Conv2dOptions(32, 64, 3)))),
        drop(register_module("drop", nn::Dropout(0.25))),
        fc1(register_module("fc1", nn::Linear(9216, 128))),
        fc2(register_module("fc2", nn::Linear(128, 10))) {}
  Tensor forward(const Tensor& x) {
    const Tensor y = drop(max_pool2d(relu(conv2(relu(conv1(x)))), 2));
    return log_softmax(fc2(relu(fc1(y.view({-1, 9216})))), 1);
  }
  nn::Conv2d conv1, conv2;
  nn::Dropout drop;
  nn::Linear fc1, fc2;
};
HEARTH_MODULE(Net);

double processor_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

struct Times {
  std::vector<double> wall;
  double processor = 0;
};

struct Parts {
  explicit Parts(const data::datasets::Digits& digits)
      : optimizer(net->parameters(), optim::AdamOptions(1e-3)),
        batches(train::batches(digits.images(), digits.targets(), train::BatchOptions(64).shuffle(true))) {}
  Net net;
  optim::Adam optimizer;
  std::shared_ptr<train::Batches> batches;
};

/// The loop that a person writes by hand, a step at a time.
class BareLoop {
 public:
  explicit BareLoop(Parts& parts) : p_(parts) { p_.batches->start(0); }
  void step() {
    data::Example<> batch;
    if (!p_.batches->next(batch)) {
      p_.batches->start(++epoch_);
      p_.batches->next(batch);
    }
    p_.optimizer.zero_grad(/*set_to_none=*/true);
    const Tensor loss = nll_loss(p_.net(batch.data), batch.target);
    loss.backward();
    p_.optimizer.step();
    sum_ += loss.item<double>();
  }

 private:
  Parts& p_;
  int64_t epoch_ = 0;
  double sum_ = 0;
};

/// Lets a bare step follow each of the trainer's, and times both.
class Pair : public train::Callback {
 public:
  explicit Pair(Parts& parts) : bare_(parts) {}
  void on_step_end(train::Trainer&) override {
    note(trainer);
    bare_.step();
    note(bare);
  }
  Times trainer, bare;

 private:
  void note(Times& times) {
    const double wall = clock_seconds(), processor = processor_seconds();
    if (++notes_ > 40) {  // after 20 steps of both, when memory and kernels are as they stay
      times.wall.push_back(wall - wall_);
      times.processor += processor - processor_;
    }
    wall_ = wall;
    processor_ = processor;
  }
  BareLoop bare_;
  int64_t notes_ = 0;
  double wall_ = 0, processor_ = 0;
};

double sum(const std::vector<double>& all, size_t from, size_t count) {
  double s = 0;
  for (size_t i = from; i < std::min(all.size(), from + count); ++i) s += all[i];
  return s;
}

void print(const char* name, const Pair& pair) {
  std::vector<double> ratios;
  for (size_t i = 0; i + 10 <= pair.bare.wall.size(); i += 10)
    ratios.push_back(sum(pair.trainer.wall, i, 10) / sum(pair.bare.wall, i, 10));
  std::sort(ratios.begin(), ratios.end());
  const size_t n = pair.bare.wall.size();
  const double bare = sum(pair.bare.wall, 0, n), own = sum(pair.trainer.wall, 0, n);
  std::fprintf(stderr, "%-10s bare %.3f ms a step; ratio: middle %.4f, all %.4f, processor time %.4f\n", name,
               1e3 * bare / static_cast<double>(n), ratios[ratios.size() / 2], own / bare,
               pair.trainer.processor / pair.bare.processor);
}

void run(const char* name, const data::datasets::Digits& digits, int64_t steps, const std::string& folder) {
  Parts own(digits), other(digits);
  train::Trainer trainer(
      own.net, own.optimizer, [](const Tensor& y, const Tensor& t) { return nll_loss(y, t); },
      train::TrainerOptions().epochs(1000000).max_steps(steps));
  if (!folder.empty()) {
    const kit::RunFolder run = kit::RunFolder::create(folder, name);
    trainer.add_metric("accuracy", train::make_metric("accuracy"));
    trainer.add_callback(std::make_shared<kit::RecordWriter>(run, 0));
    trainer.add_callback(std::make_shared<kit::EventWriter>(folder, -1, train::SummaryWriter::HParams{}));
    trainer.add_callback(std::make_shared<cli::Progress>(cli::Progress::Kind::lines));
  }
  const auto pair = std::make_shared<Pair>(other);
  trainer.add_callback(pair);
  trainer.fit(*own.batches);
  print(name, *pair);
}

}  // namespace

int main(int argc, char** argv) {
  const int64_t steps = argc > 1 ? std::atoll(argv[1]) : 300;
  manual_seed(1);
  const data::datasets::Digits digits(6400, 1);
  const std::string folder =
      std::filesystem::temp_directory_path() / ("hearth_bench_trainer." + std::to_string(getpid()));
  for (int round = 0; round < 3; ++round) {
    run("trainer", digits, steps, "");
    run("logged", digits, steps, folder);
    std::filesystem::remove_all(folder);
  }
}
