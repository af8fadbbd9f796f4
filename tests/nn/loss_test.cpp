// What tests/peer/losses.cpp, which compares every loss with LibTorch's, does not reach.
#include <gtest/gtest.h>

#include <cmath>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

namespace F = functional;

double number(const Tensor& t) { return t.item<double>(); }

TEST(GaussianNLLLoss, FollowsItsFormula) {
  const Tensor x = tensor({{0.5, 1.0}, {2.0, -1.0}}, kDouble).requires_grad_(),
               t = tensor({{1.0, 1.0}, {0.0, 0.5}}, kDouble),
               var = tensor({{0.5, 2.0}, {1.5, 1e-9}}, kDouble).requires_grad_();
  double sum = 0;
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 2; ++j) {
      const double v = std::max(1e-6, number(var[i][j])), d = number(x[i][j]) - number(t[i][j]);
      sum += 0.5 * (std::log(v) + d * d / v);
    }
  const Tensor loss = GaussianNLLLoss()(x, t, var);
  EXPECT_NEAR(number(loss), sum / 4, 1e-9 * std::abs(sum));
  EXPECT_NEAR(number(GaussianNLLLoss(GaussianNLLLossOptions().full(true).reduction(kSum))(x, t, var)),
              sum + 2 * std::log(2 * M_PI), 1e-9 * std::abs(sum));
  loss.backward();
  EXPECT_NEAR(number(var.grad()[0][0]), (1 / 0.5 - 0.25 / 0.25) / 8, 1e-12);
  EXPECT_NE(number(var.grad()[1][1]), 0) << "the floor passes the gradient on";
  const Tensor rows = tensor({0.5, 2.0}, kDouble);
  EXPECT_TRUE(equal(F::gaussian_nll_loss(x, t, rows), F::gaussian_nll_loss(x, t, rows.unsqueeze(1).expand({2, 2}))));
  EXPECT_THROW(F::gaussian_nll_loss(x, t, ones({3})), ShapeError);
  EXPECT_THROW(F::gaussian_nll_loss(x, t, -var), ValueError);
}

TEST(Losses, TakeEmptyAndSingleBatches) {
  const Tensor none = zeros({0, 3}), one = ones({1, 3});
  EXPECT_EQ(number(MSELoss(MSELossOptions(kSum))(none, none)), 0);
  EXPECT_TRUE(std::isnan(number(L1Loss()(none, none)))) << "the mean of nothing";
  EXPECT_EQ(number(CrossEntropyLoss(CrossEntropyLossOptions().reduction(kSum))(none, zeros({0}, kLong))), 0);
  EXPECT_EQ(MultiMarginLoss(MultiMarginLossOptions().reduction(kNone))(none, zeros({0}, kLong)).numel(), 0);
  EXPECT_EQ(MultiLabelMarginLoss(LossOptions(kNone))(none, zeros({0, 3}, kLong)).numel(), 0);
  EXPECT_NEAR(number(CrossEntropyLoss()(one, tensor({1}))), std::log(3.0), 1e-6);
  EXPECT_NEAR(number(MultiMarginLoss()(ones({3}), tensor(1))), 2.0 / 3, 1e-6) << "one row without a batch";
  EXPECT_NEAR(number(MultiLabelMarginLoss()(ones({3}), tensor({1, -1, -1}))), 2.0 / 3, 1e-6);
  EXPECT_NEAR(number(CosineEmbeddingLoss()(ones({3}), ones({3}), tensor(1.0))), 0, 1e-6);
}

TEST(CTCLoss, TakesOneSequenceAndTensorsOfLengths) {
  const Tensor x = randn({5, 1, 4}).log_softmax(2), t = tensor({{1, 2}});
  const Tensor batch = F::ctc_loss(x, t, tensor({5}), tensor({2}), F::CTCLossFuncOptions().reduction(kNone));
  const Tensor single =
      F::ctc_loss(x.squeeze(1), t.squeeze(0), tensor(5), tensor(2), F::CTCLossFuncOptions().reduction(kNone));
  EXPECT_EQ(single.dim(), 0);
  EXPECT_FLOAT_EQ(single.item<float>(), batch[0].item<float>());
}

TEST(CTCLoss, ImpossibleTargetsAreInfiniteOrZero) {
  const Tensor x = randn({2, 1, 3}, kDouble).requires_grad_(), t = tensor({{1, 1}});  // needs three frames
  const auto loss = [&](bool zero) {
    return F::ctc_loss(x.log_softmax(2), t, tensor({2}), tensor({2}), F::CTCLossFuncOptions().zero_infinity(zero));
  };
  EXPECT_TRUE(std::isinf(number(loss(false))));
  loss(true).backward();
  EXPECT_EQ(number(loss(true)), 0);
  EXPECT_EQ(number(x.grad().abs().sum()), 0);
}

TEST(CTCLoss, EmptyTargetsAreAllBlanks) {
  const Tensor x = randn({3, 1, 3}, kDouble).log_softmax(2);
  const Tensor loss =
      F::ctc_loss(x, zeros({1, 0}, kLong), tensor({3}), tensor({0}), F::CTCLossFuncOptions().reduction(kSum));
  EXPECT_NEAR(number(loss), -number(x.select(2, 0).sum()), 1e-12);
}

TEST(Losses, WeightsMoveWithTheModule) {
  NLLLoss nll(NLLLossOptions().weight(tensor({0.5, 2.0})));
  nll->to(kDouble);
  EXPECT_EQ(nll->weight.scalar_type(), kDouble);
  const Tensor x = randn({2, 2}, kDouble).log_softmax(1);
  EXPECT_NEAR(number(nll(x, tensor({0, 1}))), -(0.5 * number(x[0][0]) + 2 * number(x[1][1])) / 2.5, 1e-12);
  EXPECT_EQ(nll->state_dict().keys(), std::vector<std::string>{"weight"});
  const auto copy = std::dynamic_pointer_cast<NLLLossImpl>(nll->clone());
  EXPECT_TRUE(equal(copy->weight, nll->weight));
  EXPECT_FALSE(copy->weight.is_alias_of(nll->weight));
}

struct Count : WarningHandler {
  void process(const SourceLocation&, const std::string&, bool) override { ++warnings; }
  int warnings = 0;
};

TEST(Losses, WarnOfBroadcasting) {
  Count count;
  Warning::set_warning_handler(&count);
  MSELoss()(ones({2, 3}), ones({3}));
  SmoothL1Loss()(ones({2, 3}), ones({3}));
  HuberLoss()(ones({2, 3}), ones({2, 3}));
  Warning::set_warning_handler(nullptr);
  EXPECT_EQ(count.warnings, 2);
}

TEST(Losses, KeepOptionsApart) {
  EXPECT_EQ(number(SmoothL1Loss(SmoothL1LossOptions(kSum).beta(0.5))(ones({2}), zeros({2}))), 1.5);
  EXPECT_EQ(number(F::smooth_l1_loss(ones({2}), zeros({2}), F::SmoothL1LossFuncOptions(kSum), 0.5)), 1.5);
  EXPECT_EQ(number(KLDivLoss(KLDivLossOptions(kBatchMean))(zeros({2, 3}), ones({2, 3}))), 0);
  EXPECT_THROW(BCELoss()(ones({2}) * 2, ones({2})), ValueError);
  EXPECT_THROW(MultiMarginLoss(MultiMarginLossOptions().p(3))(ones({1, 2}), tensor({0})), ValueError);
  EXPECT_THROW(MarginRankingLoss()(ones({2}), ones({2}), ones({2, 1})), ShapeError);
}

}  // namespace
}  // namespace hearth::nn
