// Kernels of layers give the same bits on any number of threads, forward and backward, on sizes that are shared out.
#include <gtest/gtest.h>

#include <functional>

#include "hearth/hearth.h"
#include "hearth/threads.h"

namespace hearth {
namespace {

using Function = std::function<Tensor(const Tensor& x)>;

/// The result and the gradient of f, as bits.
std::pair<Tensor, Tensor> run(const Function& f, const Tensor& x0) {
  const Tensor x = x0.detach().clone().requires_grad_();
  const Tensor y = f(x);
  (y * y).sum().backward();
  return {y.detach(), x.grad().clone()};
}

void check(const char* name, const Function& f, const Tensor& x) {
  const int before = get_num_threads();
  set_num_threads(1);
  const auto [y1, g1] = run(f, x);
  for (const int threads : {2, 5}) {
    set_num_threads(threads);
    const auto [y, g] = run(f, x);
    EXPECT_TRUE(equal(y, y1)) << name << " on " << threads << " threads";
    EXPECT_TRUE(equal(g, g1)) << name << "'s gradient on " << threads << " threads";
  }
  set_num_threads(before);
}

TEST(LayerKernels, DoNotDependOnThreads) {
  manual_seed(0);
  const Tensor image = randn({4, 16, 40, 36}), volume = randn({2, 6, 10, 12, 14});
  const Tensor grid = rand({4, 50, 30, 2}) * 2.4 - 1.2, grid3 = rand({2, 9, 12, 20, 3}) * 2.4 - 1.2;
  check(
      "bilinear",
      [](const Tensor& x) {
        return upsample_bilinear2d(x, {61, 70}, false);
      },
      image);
  check(
      "bicubic",
      [](const Tensor& x) {
        return upsample_bicubic2d(x, {61, 70}, true);
      },
      image);
  check(
      "shrinking",
      [](const Tensor& x) {
        return _upsample_bicubic2d_aa(x, {17, 11}, false);
      },
      image);
  check(
      "trilinear",
      [](const Tensor& x) {
        return upsample_trilinear3d(x, {20, 13, 33}, false);
      },
      volume);
  check(
      "nearest",
      [](const Tensor& x) {
        return upsample_nearest2d(x, {80, 72});
      },
      image);
  check(
      "reflection_pad2d",
      [](const Tensor& x) {
        return reflection_pad2d(x, {5, 7, 3, 2});
      },
      image);
  check(
      "grid_sampler", [&](const Tensor& x) { return grid_sampler(x, grid, 0, 2, false); }, image);
  check(
      "grid_sampler.grid", [&](const Tensor& g) { return grid_sampler(image, g, 2, 1, true); }, grid);
  check(
      "grid_sampler.volume", [&](const Tensor& x) { return grid_sampler(x, grid3, 0, 0, false); }, volume);
  check(
      "grid_sampler.volume grid", [&](const Tensor& g) { return grid_sampler(volume, g, 0, 1, false); }, grid3);
  check(
      "im2col",
      [](const Tensor& x) {
        return im2col(x, {3, 2}, {1, 2}, {1, 0}, {2, 1});
      },
      image);
  check(
      "col2im",
      [](const Tensor& x) {
        return col2im(x, {24, 30}, 4, 1, 1, 2);
      },
      randn({4, 16 * 8, 12 * 15}));
  check(
      "adaptive_max_pool2d",
      [](const Tensor& x) {
        return std::get<0>(adaptive_max_pool2d(x, {7, 9}));
      },
      image);
  check(
      "group_norm", [](const Tensor& x) { return group_norm(x, 4); }, image);
  const Tensor weights = randn({16});
  check(
      "group_norm.weight", [&](const Tensor& w) { return group_norm(image, 4, w, weights); }, weights);
  check(
      "group_norm.bias", [&](const Tensor& b) { return group_norm(image, 8, weights, b); }, weights);
  const Tensor rows = randn({700, 96});
  check(
      "layer_norm.weight", [&](const Tensor& w) { return layer_norm(rows, 96, w); }, randn({96}));
  check(
      "cdist", [&](const Tensor& x) { return cdist(x, rows); }, randn({300, 96}));
}

}  // namespace
}  // namespace hearth
