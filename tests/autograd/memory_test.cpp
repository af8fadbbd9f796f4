// Memory stays flat over training steps of varying shapes. HEARTH_MEMORY_STEPS sets how many (100000 is the long form).
#include "hearth/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

namespace hearth {
namespace {

constexpr int64_t kCache = int64_t{48} << 20;

/// Bytes of the process in memory; 0 where the system does not say.
int64_t resident() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0, pages = 0;
  file >> size >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

struct Net : nn::Module {
  Net() {
    conv = register_module("conv", nn::Conv2d(nn::Conv2dOptions(3, 6, 3).padding(1)));
    norm = register_module("norm", nn::BatchNorm2d(6));
    rnn = register_module("rnn", nn::LSTM(6, 5));
    out = register_module("out", nn::Linear(5, 4));
  }
  Tensor forward(const Tensor& x) {
    Tensor y = relu(norm(conv(x))).flatten(2).permute({2, 0, 1});  // [places, N, 6]
    y = std::get<0>(rnn(dropout(y, 0.2, true)));
    return out(y.mean(0));
  }
  nn::Conv2d conv{nullptr};
  nn::BatchNorm2d norm{nullptr};
  nn::LSTM rnn{nullptr};
  nn::Linear out{nullptr};
};

/// A step on images of a shape that its number decides; views, in-place writes and indexing are part of it.
void train(Net& net, optim::Adam& optimizer, int64_t step) {
  const int64_t batch = 1 + step % 7, height = 2 + step % 5, width = 2 + step / 7 % 6;
  Tensor x = randn({batch, 3, height, width});
  x.select(1, 0).mul_(0.5);
  x.index_put_({indexing::Slice(), 1}, 0);
  optimizer.zero_grad();
  nn::functional::cross_entropy(net.forward(x), randint(4, {batch})).backward();
  nn::utils::clip_grad_norm_(net.parameters(), 1.0);
  optimizer.step();
}

TEST(Memory, StaysFlatOverStepsOfVaryingShapes) {
  const char* asked = std::getenv("HEARTH_MEMORY_STEPS");
  const int64_t steps = asked ? std::atoll(asked) : 400;
  manual_seed(1);
  empty_cache();
  set_cache_limit(kCache);
  const int64_t cached = memory_stats().cached;  // of other threads
  Net net;
  optim::Adam optimizer(net.parameters(), optim::AdamOptions(1e-3));
  for (int64_t step = 0; step < 210; ++step) train(net, optimizer, step);  // every shape once
  optimizer.zero_grad();
  const int64_t start = memory_stats().current;
  const int64_t rss = resident();
  for (int64_t step = 0; step < steps; ++step) {
    train(net, optimizer, step);
    optimizer.zero_grad();
    ASSERT_EQ(memory_stats().current, start) << "after step " << step;
    ASSERT_LE(memory_stats().cached, cached + kCache + (int64_t{1} << 20)) << "after step " << step;
  }
  RecordProperty("resident_growth", std::to_string(resident() - rss));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(resident() - rss, int64_t{8} << 20);
#endif
}

}  // namespace
}  // namespace hearth
