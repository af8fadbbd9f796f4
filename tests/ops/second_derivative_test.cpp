// Ops whose gradient is a kernel of its own, and made of ops under create_graph: both say the same, and the latter has
// a gradient.
#include <gtest/gtest.h>

#include <cmath>

#include "hearth/gradcheck.h"
#include "hearth/hearth.h"

namespace hearth {
namespace {

using autograd::variable_list;

variable_list grads(const Tensor& y, const variable_list& inputs, bool create_graph) {
  const Tensor weights = (arange(y.numel(), kDouble) * 0.7).cos().view(y.sizes());
  return autograd::grad({(y * weights).sum()}, inputs, {}, /*retain_graph=*/true, create_graph);
}
void expect_same_grads(const Tensor& y, const variable_list& inputs, const std::string& what) {
  const variable_list plain = grads(y, inputs, false), composed = grads(y, inputs, true);
  for (size_t i = 0; i < inputs.size(); ++i)
    EXPECT_TRUE(allclose(plain[i], composed[i], 1e-9, 1e-12, /*equal_nan=*/true)) << what << ", input " << i;
}

TEST(SecondDerivative, OfGridSamplesInEveryMode) {
  manual_seed(3);
  for (const int64_t dims : {2, 3})
    for (int64_t mode = 0; mode < (dims == 3 ? 2 : 3); ++mode)
      for (int64_t padding = 0; padding < 3; ++padding)
        for (const bool align : {false, true}) {
          std::vector<int64_t> sizes{2, 2, 3, 4, 2}, points{2, 3, 2, 2, 3};
          if (dims == 2) sizes = {2, 2, 3, 4}, points = {2, 3, 2, 2};
          const Tensor x = randn(sizes, kDouble).requires_grad_();
          const Tensor grid = (rand(points, kDouble) * 2.8 - 1.4).requires_grad_();
          const std::string what = std::to_string(dims) + "d, mode " + std::to_string(mode) + ", padding " +
                                   std::to_string(padding) + (align ? ", aligned" : "");
          const auto f = [&](const variable_list& in) { return grid_sampler(in[0], in[1], mode, padding, align); };
          expect_same_grads(f({x, grid}), {x, grid}, what);
          EXPECT_TRUE(autograd::gradgradcheck(f, {x, grid})) << what;
        }
}

TEST(SecondDerivative, OfGridSamplesAtTheEdges) {
  const double nan = std::nan("");
  const Tensor x = (arange(12, kDouble).view({1, 1, 3, 4}) / 7).requires_grad_();
  const Tensor grid = tensor({-1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1e12, 0.0, nan, 0.5, 5.0, -5.0}, kDouble)
                          .view({1, 6, 1, 2})
                          .requires_grad_();
  for (int64_t mode = 0; mode < 2; ++mode)
    for (int64_t padding = 0; padding < 2; ++padding)
      expect_same_grads(grid_sampler(x, grid, mode, padding, true), {x, grid},
                        std::to_string(mode) + std::to_string(padding));
  const Tensor one = ones({1, 1, 1, 2}, kDouble).requires_grad_();  // one element, and a size of 1
  expect_same_grads(grid_sampler(one.slice(3, 0, 1), one, 0, 2, true), {one}, "input and grid of one tensor");
  const Tensor none = zeros({0, 1, 2, 2}, kDouble).requires_grad_(), at = zeros({0, 1, 1, 2}, kDouble).requires_grad_();
  expect_same_grads(grid_sampler(none, at, 0, 0, false), {none, at}, "empty batch");
}

TEST(SecondDerivative, OfCtcLoss) {
  manual_seed(4);
  const Tensor logits = randn({5, 4, 4}, kDouble).requires_grad_();
  const Tensor targets = tensor({{1, 1, 2}, {3, 2, 0}, {1, 0, 0}, {2, 3, 3}});
  const std::vector<int64_t> frames{5, 4, 0, 2}, labels{3, 2, 0, 3};  // the last one is too long for its frames
  for (const bool zero : {true, false}) {
    const Tensor x = logits.log_softmax(2);
    const Tensor y = ctc_loss(x, targets, frames, labels, 0, Reduction::None, zero);
    expect_same_grads(y, {x}, zero ? "zero_infinity" : "infinite");
    EXPECT_EQ(grads(y, {x}, true)[0].isnan().any().item<bool>(), !zero);
    EXPECT_EQ(grads(y, {x}, true)[0].select(1, 2).abs().sum().item<double>(), 0) << "no frames, no gradient";
  }
  for (const int64_t reduction : {Reduction::Mean, Reduction::Sum, Reduction::None})
    EXPECT_TRUE(autograd::gradgradcheck(
        [&](const variable_list& in) {
          return ctc_loss(in[0].log_softmax(2), targets, frames, labels, 0, reduction, true);
        },
        {logits}));
  const Tensor one = randn({4, 3}, kDouble).requires_grad_();  // without a batch, no label, another blank
  const auto alone = [](const variable_list& in) {
    return ctc_loss(in[0].log_softmax(1), zeros({0}, kLong), {4}, {0}, 2, Reduction::Sum);
  };
  expect_same_grads(alone({one}), {one}, "no labels");
  EXPECT_TRUE(autograd::gradgradcheck(alone, {one}));
  const Tensor none = zeros({3, 0, 4}, kDouble).requires_grad_();
  expect_same_grads(ctc_loss(none, zeros({0, 2}, kLong), IntArrayRef(), IntArrayRef(), 0, Reduction::Sum), {none},
                    "empty batch");
}

}  // namespace
}  // namespace hearth
