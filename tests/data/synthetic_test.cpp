#include "hearth/data/synthetic.h"

#include <gtest/gtest.h>

#include "hearth/hearth.h"

namespace hearth::data::datasets {
namespace {

TEST(Synthetic, SamplesDependOnTheSeedAndTheirIndexAlone) {
  const auto sets = [](size_t n, uint64_t seed) {
    return std::vector<Synthetic>{blobs(n, 3, 4, 1, seed),           moons(n, .1, seed),
                                  circles(n, .05, .5, seed),         spirals(n, 3, .02, seed),
                                  linear_regression(n, 3, .1, seed), sine(n, .1, seed)};
  };
  const auto many = sets(100, 1), few = sets(10, 1), other = sets(100, 2);
  for (size_t i = 0; i < many.size(); ++i) {
    EXPECT_EQ(*many[i].size(), 100U);
    EXPECT_TRUE(equal(many[i].data().narrow(0, 0, 10), few[i].data())) << i;
    EXPECT_TRUE(equal(many[i].targets().narrow(0, 0, 10), few[i].targets())) << i;
    EXPECT_FALSE(equal(many[i].data(), other[i].data())) << i;
    EXPECT_FALSE(equal(many[i].data()[0], many[i].data()[1])) << i;
  }
}

TEST(Synthetic, ShapesAreWhatTheyAreCalled) {
  const Synthetic c = circles(500, 0, 0.5);
  EXPECT_TRUE(allclose(c.data().pow(2).sum(1).sqrt(), 1 - 0.5 * c.targets().to(kFloat), 1e-4, 1e-5));
  const Synthetic m = moons(500, 0);
  const Tensor upper = m.targets().eq(0).to(kFloat);
  EXPECT_TRUE(((m.data().select(1, 1) + 1e-5) * upper).ge(0).all().item<bool>());
  EXPECT_EQ(one_hot(blobs(300, 5).targets(), 5).sum(0).gt(20).all().item<bool>(), true);
  const Synthetic s = sine(300, 0);
  EXPECT_TRUE(allclose(s.data().sin(), s.targets(), 1e-4, 1e-5));
  EXPECT_EQ(s.targets().sizes(), (std::vector<int64_t>{300, 1}));
  EXPECT_LE(spirals(300, 2, 0).data().pow(2).sum(1).max().item<float>(), 1.001);
  const Synthetic l = linear_regression(200, 2, 0);
  const Tensor x = cat({l.data(), ones({200, 1})}, 1).to(kDouble), y = l.targets().to(kDouble);
  const Tensor w = linalg::solve(x.t().matmul(x), x.t().matmul(y));
  EXPECT_LT((x.matmul(w) - y).abs().max().item<double>(), 1e-4) << "a plane";
  EXPECT_THROW(blobs(10, 0), ValueError);
  EXPECT_THROW(moons(10, -1), ValueError);
  EXPECT_THROW(spirals(10, 0), ValueError);
}

}  // namespace
}  // namespace hearth::data::datasets
