// Hand values; the same numbers over uneven batches.
#include "hearth/train/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "hearth/error.h"
#include "hearth/hearth.h"

namespace hearth::train {
namespace {

// Targets 0 0 0 1 1 2, predictions 0 1 0 1 1 0.
Tensor targets() { return tensor({0, 0, 0, 1, 1, 2}); }
Tensor scores() {
  return tensor({{2.0, 1.0, 0.0}, {0.5, 0.9, 0.1}, {3.0, 1.0, 2.0}, {0.1, 0.8, 0.3}, {0.0, 2.0, 1.0}, {1.5, 0.2, 1.0}});
}

/// compute() after one batch of all, checked against batches of 1, 3 and 2, and against going on from a state.
double value(const std::string& name, const Tensor& prediction, const Tensor& target) {
  const auto whole = make_metric(name), parts = make_metric(name), resumed = make_metric(name);
  EXPECT_TRUE(std::isnan(whole->compute())) << name;
  whole->update(prediction, target);
  parts->update(prediction.narrow(0, 0, 1), target.narrow(0, 0, 1));
  parts->update(prediction.narrow(0, 1, 3), target.narrow(0, 1, 3));
  resumed->load_state(parts->state());
  for (Metric* m : {parts.get(), resumed.get()}) m->update(prediction.narrow(0, 4, 2), target.narrow(0, 4, 2));
  EXPECT_NEAR(parts->compute(), whole->compute(), 1e-14) << name;
  EXPECT_EQ(parts->compute(), resumed->compute()) << name;
  parts->reset();
  EXPECT_TRUE(std::isnan(parts->compute())) << name;
  return whole->compute();
}

TEST(Metrics, OfClasses) {
  EXPECT_DOUBLE_EQ(value("accuracy", scores(), targets()), 4.0 / 6);
  EXPECT_DOUBLE_EQ(value("top1", scores(), targets()), 4.0 / 6);
  EXPECT_DOUBLE_EQ(value("top2", scores(), targets()), 1.0);
  // Class 0: 2 of 3 predicted are right, 2 of 3 found; class 1: 2 of 3, 2 of 2; class 2: never predicted, 0 of 1.
  EXPECT_DOUBLE_EQ(value("precision", scores(), targets()), (2.0 / 3 + 2.0 / 3 + 0) / 3);
  EXPECT_DOUBLE_EQ(value("recall", scores(), targets()), (2.0 / 3 + 1 + 0) / 3);
  EXPECT_DOUBLE_EQ(value("f1", scores(), targets()), (2.0 / 3 + 4.0 / 5 + 0) / 3);
  for (const char* name : {"precision_micro", "recall_micro", "f1_micro"})
    EXPECT_DOUBLE_EQ(value(name, scores(), targets()), 4.0 / 6) << name;
  EXPECT_THROW(value("f1_binary", scores(), targets()), ValueError);
}

TEST(Metrics, OfTwoClassesByOneScore) {
  const Tensor score = tensor({0.9, 0.8, 0.3, 0.7, 0.2, 0.7}), label = tensor({1, 1, 0, 0, 1, 1});
  EXPECT_DOUBLE_EQ(value("accuracy", score, label), 4.0 / 6);
  EXPECT_DOUBLE_EQ(value("precision_binary", score, label), 3.0 / 4);
  EXPECT_DOUBLE_EQ(value("recall_binary", score, label), 3.0 / 4);
  EXPECT_DOUBLE_EQ(value("f1_binary", score, label), 6.0 / 8);
  // Pairs (class 1, class 0) that are in order: 0.9, 0.8, 0.7 above 0.3; 0.9, 0.8 above 0.7, and 0.7 equals it.
  EXPECT_DOUBLE_EQ(value("roc_auc", score, label), (3 + 2.5) / 8);
  EXPECT_DOUBLE_EQ(value("roc_auc", stack({zeros_like(score), score}, 1), label), (3 + 2.5) / 8);
  RocAuc one_class;
  one_class.update(score, ones({6}, kLong));
  EXPECT_TRUE(std::isnan(one_class.compute()));
}

TEST(Metrics, RocAucOfManyClassesIsTheMeanOfEachAgainstTheRest) {
  const Tensor s = scores(), p = s.softmax(1);
  double sum = 0;
  for (int64_t c = 0; c < 3; ++c) sum += value("roc_auc", p.select(1, c), targets().eq(c).to(kLong));
  EXPECT_NEAR(value("roc_auc", s, targets()), sum / 3, 1e-14);
}

TEST(Metrics, OfNumbers) {
  const Tensor y = tensor({1.0, 2.0, 3.0, 4.0, 5.0, 9.0}), p = tensor({1.5, 2.0, 2.0, 4.0, 7.0, 8.0});
  EXPECT_DOUBLE_EQ(value("mse", p, y), (0.25 + 1 + 4 + 1) / 6);
  EXPECT_DOUBLE_EQ(value("mae", p, y), (0.5 + 1 + 2 + 1) / 6);
  EXPECT_NEAR(value("r2", p, y), 1 - 6.25 / 40, 1e-14);  // the mean is 4; deviations 9, 4, 1, 0, 1, 25
  const Tensor two = stack({y, y}, 1);
  EXPECT_NEAR(value("r2", stack({p, y}, 1), two), (1 - 6.25 / 40 + 1) / 2, 1e-14);
}

TEST(Metrics, PerplexityOfEqualScoresIsTheNumberOfClasses) {
  EXPECT_NEAR(value("perplexity", zeros({6, 5}), targets()), 5, 1e-5);
  const Tensor sure = tensor({{0.0, 0.0}, {0.0, std::log(3.0)}}, kDouble);
  Perplexity p;
  p.update(sure, tensor({0, 1}));
  EXPECT_NEAR(p.compute(), std::exp(-(std::log(0.5) + std::log(0.75)) / 2), 1e-12);
}

TEST(Metrics, ConfusionMatrixGrowsWithItsClasses) {
  ConfusionMatrix m;
  m.update(tensor({0, 1}), tensor({0, 0}));
  m.update(tensor({3, 1}), tensor({3, 1}));
  EXPECT_TRUE(m.matrix().equal(tensor({{1, 1, 0, 0}, {0, 1, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 1}})));
  EXPECT_DOUBLE_EQ(m.compute(), 0.75);
  EXPECT_THROW(m.update(tensor({0, -1}), tensor({0, 0})), IndexError);
  EXPECT_DOUBLE_EQ(m.compute(), 0.75) << "unchanged";
}

TEST(Metrics, SayWhatDoesNotFit) {
  EXPECT_THROW(Accuracy().update(ones({3, 2}), tensor({0, 1})), ShapeError);
  EXPECT_THROW(MeanSquaredError().update(ones({2, 1}), ones({2})), ShapeError);
  EXPECT_THROW(TopK(1).update(ones({1, 2}), tensor({2})), IndexError);
  EXPECT_THROW(TopK(0), ValueError);
  EXPECT_THROW(make_metric("acuracy"), ValueError);
  EXPECT_THROW(make_metric("f1_max"), ValueError);
}

}  // namespace
}  // namespace hearth::train
