#include "hearth/autograd.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

#include "hearth/hearth.h"

namespace hearth {
namespace {

using autograd::grad;
using indexing::Slice;

bool same(const Tensor& a, const Tensor& b) { return allclose(a.to(kDouble), b.to(kDouble), 1e-6, 1e-9); }

TEST(Autograd, AccumulatesIntoLeaves) {
  const Tensor x = tensor({1.0, 2.0}, requires_grad());
  (x * x).sum().backward();
  (x * 3).sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({5.0, 7.0})));
  EXPECT_TRUE(x.is_leaf());
  EXPECT_FALSE((x * 2).is_leaf());
}

TEST(Autograd, NamesNodesAsLibTorchDoes) {
  const Tensor x = ones({2, 2}, requires_grad());
  EXPECT_EQ((x * x).grad_fn()->name(), "MulBackward0");
  EXPECT_EQ(x.mm(x).grad_fn()->name(), "MmBackward0");
  EXPECT_EQ(x.sum().grad_fn()->name(), "SumBackward0");
  EXPECT_EQ((x + x).grad_fn()->next_edges()[0].function->name(), "torch::autograd::AccumulateGrad");
  EXPECT_FALSE(x.grad_fn());
}

TEST(Autograd, NoGradAndModes) {
  const Tensor x = ones({2}, requires_grad());
  {
    const NoGradGuard no_grad;
    EXPECT_FALSE(GradMode::is_enabled());
    EXPECT_FALSE((x * 2).requires_grad());
    const AutoGradMode enable(true);
    EXPECT_TRUE((x * 2).requires_grad());
  }
  EXPECT_TRUE(GradMode::is_enabled());
  const InferenceMode inference;
  EXPECT_TRUE(ones({1}).is_inference());
}

TEST(Autograd, RetainGraphAndFreedGraph) {
  const Tensor x = ones({2}, requires_grad());
  const Tensor y = (x * x).sum();
  y.backward({}, /*retain_graph=*/true);
  y.backward();
  EXPECT_TRUE(same(x.grad(), tensor({4.0, 4.0})));
  EXPECT_THROW(y.backward(), AutogradError);
}

TEST(Autograd, CreateGraphGivesHigherDerivatives) {
  const Tensor x = tensor({2.0}, requires_grad());
  Tensor g = x.pow(4).sum();
  double expected = 16;
  for (const double factor : {4.0, 3.0, 2.0, 1.0}) {  // d/dx c x^n = n c x^(n - 1)
    expected = expected * factor / 2;
    g = grad({g.sum()}, {x}, {}, true, true)[0];
    EXPECT_DOUBLE_EQ(g.item<double>(), expected);
  }
}

TEST(Autograd, GradOfSomeInputs) {
  const Tensor x = tensor({2.0}, requires_grad()), y = tensor({3.0}, requires_grad()), z = ones({1}, requires_grad());
  const Tensor middle = x * y;
  const auto g = grad({(middle * x).sum()}, {middle, y}, {}, true);
  EXPECT_EQ(g[0].item<double>(), 2);
  EXPECT_EQ(g[1].item<double>(), 4);
  EXPECT_FALSE(x.grad().defined()) << "grad() leaves .grad alone";
  EXPECT_THROW(grad({(x * y).sum()}, {z}), AutogradError);
  EXPECT_FALSE(grad({(x * y).sum()}, {z}, {}, false, false, /*allow_unused=*/true)[0].defined());
  const Tensor loss = (x * y).sum();
  autograd::backward({loss}, {}, std::nullopt, false, {x});
  EXPECT_TRUE(x.grad().defined());
  EXPECT_FALSE(y.grad().defined());
}

TEST(Autograd, RootsNeedAGradientOrOneElement) {
  const Tensor x = ones({2}, requires_grad());
  EXPECT_THROW((x * 2).backward(), ShapeError);
  EXPECT_THROW((x * 2).backward(ones({3})), ShapeError);
  EXPECT_THROW(ones({1}).backward(), AutogradError);
  (x * 2).backward(tensor({1.0, 10.0}));
  EXPECT_TRUE(same(x.grad(), tensor({2.0, 20.0})));
}

TEST(Autograd, HooksSeeAndReplaceGradients) {
  const Tensor x = ones({2}, requires_grad());
  const Tensor y = x * 2;
  int calls = 0;
  const unsigned leaf = x.register_hook([&](const Tensor& g) {
    ++calls;
    return g * 10;
  });
  y.register_hook([&](const Tensor& g) {
    ++calls;
    EXPECT_TRUE(same(g, ones({2})));
  });
  y.sum().backward({}, true);
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(same(x.grad(), tensor({20.0, 20.0})));
  x.remove_hook(leaf);
  EXPECT_THROW(x.remove_hook(99), IndexError);
  EXPECT_THROW(ones({1}).register_hook([](const Tensor&) {}), AutogradError);
  y.sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({22.0, 22.0})));
}

TEST(Autograd, RetainGrad) {
  const Tensor x = ones({2}, requires_grad());
  const Tensor y = x * 3;
  y.retain_grad();
  EXPECT_TRUE(y.retains_grad());
  (y * y).sum().backward();
  EXPECT_TRUE(same(y.grad(), tensor({6.0, 6.0})));
}

TEST(Autograd, InPlaceOnLeavesIsRefused) {
  Tensor x = ones({2}, requires_grad());
  EXPECT_THROW(x.add_(1), AutogradError);
  EXPECT_THROW(x[0].fill_(1), AutogradError) << "a view of a leaf";
  EXPECT_TRUE(same(x.detach(), ones({2}))) << "nothing was written";
  const NoGradGuard no_grad;
  x.add_(1);
  EXPECT_TRUE(same(x.detach(), tensor({2.0, 2.0})));
}

TEST(Autograd, InPlaceChainsHistories) {
  const Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor y = x * 2;
  y.mul_(tensor({2.0, 4.0}));
  y.add_(1).relu_();
  y.sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({4.0, 8.0})));
  Tensor z = x * 2;
  z.mul_(z.detach());  // the rule would need what was just overwritten
  EXPECT_THROW(z.sum().backward(), AutogradError);
}

TEST(Autograd, InPlaceOnABaseIsSeenByItsViews) {
  const Tensor x = ones({4}, requires_grad());
  Tensor base = x * 1;
  const Tensor view = base.slice(0, 1, 3);
  base.mul_(5);
  EXPECT_EQ(view.grad_fn()->name(), "AsStridedBackward0");
  view.sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({0.0, 5.0, 5.0, 0.0})));
}

TEST(Autograd, InPlaceOnAViewReachesBaseAndSiblings) {
  const Tensor x = ones({2, 2}, requires_grad()), w = tensor({3.0, 4.0}, requires_grad());
  Tensor base = x * 2;
  Tensor row = base[0], column = base.select(1, 0);
  row.mul_(w);  // base = [[6, 8], [2, 2]]
  EXPECT_EQ(base.grad_fn()->name(), "CopySlices");
  (column * tensor({1.0, 10.0})).sum().backward();  // 6 + 20
  EXPECT_TRUE(same(x.grad(), tensor({{6.0, 0.0}, {20.0, 0.0}})));
  EXPECT_TRUE(same(w.grad(), tensor({2.0, 0.0})));
}

TEST(Autograd, WritingADifferentiableValueIntoAPlainBase) {
  const Tensor x = tensor({2.0, 3.0}, requires_grad());
  Tensor out = zeros({3});
  out.narrow(0, 1, 2).copy_(x * x);
  EXPECT_TRUE(out.requires_grad());
  (out * 2).sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({8.0, 12.0})));
}

TEST(Autograd, ViewsOfViewsWrittenInPlace) {
  const Tensor x = ones({2, 3, 2}, requires_grad());
  Tensor base = x * 1;
  base[1].t()[0].index_put_({Slice(1, 3)}, 0);
  base.sum().backward();
  Tensor want = ones({2, 3, 2});
  want.index_put_({1, Slice(1, 3), 0}, 0);
  EXPECT_TRUE(same(x.grad(), want));
}

TEST(Autograd, SavedTensorsMustNotBeOverwritten) {
  const Tensor x = ones({2}, requires_grad());
  Tensor y = x * 2;
  const Tensor z = y * y;
  y.add_(1);
  try {
    z.sum().backward();
    FAIL();
  } catch (const AutogradError& e) {
    EXPECT_NE(std::string(e.what()).find("modified by an inplace operation"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("mul"), std::string::npos) << "names the op that saved it: " << e.what();
    EXPECT_NE(std::string(e.what()).find("add_"), std::string::npos) << "names the op that wrote: " << e.what();
  }
}

TEST(Autograd, ViewsOfOneFunctionAndOfNoGradAreRefused) {
  const Tensor x = ones({4}, requires_grad());
  const Tensor y = x * 1;
  EXPECT_THROW(y.split(2)[0].add_(1), AutogradError);
  EXPECT_THROW(y.unbind()[0].add_(1), AutogradError);
  Tensor view;
  {
    const NoGradGuard no_grad;
    view = y.view({2, 2});
  }
  EXPECT_FALSE(view.requires_grad());
  EXPECT_THROW(view.add_(x.view({2, 2})), AutogradError);
}

TEST(Autograd, DetachAndData) {
  const Tensor x = ones({2}, requires_grad());
  const Tensor y = x * 2;
  const Tensor d = y.detach();
  EXPECT_FALSE(d.requires_grad());
  EXPECT_TRUE(d.is_alias_of(y));
  d.add_(1);
  EXPECT_EQ(y._version(), 1) << "a detached tensor shares its version";
  y.data().add_(1);
  EXPECT_EQ(y._version(), 1) << "data() does not";
  EXPECT_EQ(y[0].item<float>(), 4);
  Tensor z = x * 2;
  z.detach_();
  EXPECT_FALSE(z.requires_grad());
  EXPECT_THROW(z[0].detach_(), AutogradError);
  x.set_data(zeros({3}));
  EXPECT_EQ(x.size(0), 3);
}

TEST(Autograd, MixedDtypesGetGradientsOfTheirOwn) {
  const Tensor x = ones({2}, requires_grad()), y = full({2}, 2.0, TensorOptions(kDouble).requires_grad(true));
  (x * y).sum().backward();
  EXPECT_EQ(x.grad().scalar_type(), kFloat);
  EXPECT_EQ(y.grad().scalar_type(), kDouble);
}

/// Runs f on a thread whose stack is 8 MiB or less, as a program's main thread has.
template <class F>
void on_small_stack(F f) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 20);
  pthread_t thread;
  std::function<void()> call = f;
  pthread_create(
      &thread, &attributes,
      [](void* p) -> void* {
        (*static_cast<std::function<void()>*>(p))();
        return nullptr;
      },
      &call);
  pthread_join(thread, nullptr);
}

TEST(Autograd, DeepGraphsAreRunAndFreedWithoutRecursion) {
  on_small_stack([] {
    const Tensor x = ones({1}, requires_grad());
    Tensor y = x;
    for (int i = 0; i < 300000; ++i) y = y * 1.0;
    y.backward();
    EXPECT_EQ(x.grad().item<float>(), 1);
    Tensor unused = x;
    for (int i = 0; i < 300000; ++i) unused = unused + x;
  });
}

TEST(Autograd, ThreadsShareLeavesAndGraphs) {
  const Tensor x = ones({100}, requires_grad());
  const Tensor shared = x * 2;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) (shared * 1).sum().backward({}, true);
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(x.grad()[0].item<float>(), 400);
}

TEST(Autograd, MemoryIsFlatOverSteps) {
  const Tensor w = ones({16, 16}, requires_grad());
  const auto step = [&](int64_t rows) {
    (ones({rows, 16}).mm(w).relu() * 2).sum().backward();
    w.mutable_grad().reset();
  };
  for (int64_t i = 1; i < 20; ++i) step(i);
  const int64_t before = memory_stats().current;
  for (int64_t i = 0; i < 500; ++i) step(1 + i % 20);
  EXPECT_EQ(memory_stats().current, before);
}

}  // namespace
}  // namespace hearth
