// What random comparison with LibTorch has found, as plain tests.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "hearth/autocast.h"
#include "hearth/hearth.h"

namespace hearth {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

void expect_values(const Tensor& got, const std::vector<double>& want) {
  const Tensor flat = got.detach().to(kDouble).reshape({-1}).contiguous();
  ASSERT_EQ(flat.numel(), static_cast<int64_t>(want.size()));
  for (size_t i = 0; i < want.size(); ++i) {
    const double x = flat.data_ptr<double>()[i];
    if (std::isnan(want[i])) {
      EXPECT_TRUE(std::isnan(x)) << i << ": " << x;
    } else {
      EXPECT_DOUBLE_EQ(x, want[i]) << i;
    }
  }
}
Tensor leaf(const std::vector<double>& values) { return tensor(values, kDouble).requires_grad_(); }

TEST(PeerCases, ClampOfBoolsByWholeNumbersIsLong) {
  const Tensor b = tensor({true, false});
  EXPECT_EQ(b.clamp_max(1).scalar_type(), kLong);
  EXPECT_EQ(b.clamp_min(0).scalar_type(), kLong);
  EXPECT_EQ(b.clamp(std::nullopt, 1).scalar_type(), kLong);
  EXPECT_EQ(b.clamp(0, 0.5).scalar_type(), kFloat);
  EXPECT_EQ(tensor({3}, kByte).clamp_max(1).scalar_type(), kByte);
}

TEST(PeerCases, IncompleteGammaAtZeroIsThatOfAnyOrder) {
  const Tensor a = tensor({kNaN, 1.0, 0.0, kInf, 1.0, -1.0}, kDouble),
               x = tensor({0.0, kNaN, 0.0, 0.0, 0.0, 0.0}, kDouble);
  expect_values(special::gammaincc(a, x), {1, kNaN, kNaN, 1, 1, kNaN});
  expect_values(special::gammainc(a, x), {0, kNaN, kNaN, 0, 0, kNaN});
}

// LibTorch has 1.5 at 3 in the rest of a vector loop and 1 within it; here it is 1 everywhere.
TEST(PeerCases, HardswishHasOneSlopeAtEachKink) {
  const Tensor x = leaf({3, -3, 5, -5, 3, 3, 3, 3, -3});
  hardswish(x).sum().backward();
  expect_values(x.grad(), {1, -0.5, 1, 0, 1, 1, 1, 1, -0.5});
  const auto composed = autograd::grad({hardswish(x).sum()}, {x}, {}, true, true);  // the other form of the rule
  expect_values(composed[0], {1, -0.5, 1, 0, 1, 1, 1, 1, -0.5});
}

TEST(PeerCases, MultiMarginLossHasNoSlopeAtItsKink) {
  const Tensor x = tensor({{1.5, 0.5}}, kDouble).requires_grad_();
  multi_margin_loss(x, tensor({0})).backward();
  expect_values(x.grad(), {0, 0});
}

TEST(PeerCases, MedianSharesItsGradientAmongEquals) {
  const Tensor x = leaf({-1, 3, 2, -2, -1, -1, -2, 0});
  x.median().backward();
  expect_values(x.grad(), {1.0 / 3, 0, 0, 0, 1.0 / 3, 1.0 / 3, 0, 0});
  const Tensor missing = leaf({kNaN, 3, kNaN, -2});
  missing.median().backward();
  expect_values(missing.grad(), {0.5, 0, 0.5, 0});
  const Tensor some = leaf({kNaN, 3, 2, kNaN, 2});
  some.nanmedian().backward();
  expect_values(some.grad(), {0, 0, 0.5, 0, 0.5});
  const Tensor none = leaf({kNaN, kNaN});
  none.nanmedian().backward();
  expect_values(none.grad(), {0.5, 0.5});
  EXPECT_TRUE(std::isnan(empty({0}, kDouble).nanmedian().item<double>()));
}

TEST(PeerCases, CatOfNothingKeepsItsHistory) {
  const Tensor a = zeros({0}, kDouble).requires_grad_(), b = zeros({0}, kDouble).requires_grad_();
  const Tensor y = cat({a, b});
  ASSERT_TRUE(y.requires_grad());
  y.sum().backward();
  EXPECT_TRUE(a.grad().defined());
  EXPECT_EQ(b.grad().numel(), 0);
}

TEST(PeerCases, AViewThatIsALeafIsNotWrittenInPlace) {
  const Tensor base = ones({4}), view = base.slice(0, 1, 3).requires_grad_();
  EXPECT_THROW(view.neg_(), AutogradError);
  EXPECT_EQ(view.sum().item<float>(), 2);
  base.neg_();
  EXPECT_FALSE(base.requires_grad());
  const Tensor weight = full({2}, 2).to(kFloat).requires_grad_();
  base.slice(0, 0, 2).mul_(weight);  // its base gets a history, and it with it
  EXPECT_NO_THROW(view.neg_());      // asked before anything else looks at its history
  EXPECT_FALSE(view.is_leaf());
}

TEST(PeerCases, IncompleteGammaFarOut) {  // 100,000 steps an element once, since one was always a rounding off
  const Tensor far = full({int64_t{1} << 22}, 1e38, kDouble);
  EXPECT_EQ(igammac(full({}, 0.5, kDouble), far).max().item<double>(), 0);
  EXPECT_EQ(igamma(full({}, 1e4, kDouble), far).min().item<double>(), 1);
}

TEST(ExtremeArguments, AreRefusedBeforeTheirWork) {  // found by tests/api_fuzz
  constexpr int64_t huge = int64_t{1} << 62, most = std::numeric_limits<int64_t>::max();
  EXPECT_THROW(replication_pad1d(ones({1, 2, 3}), {huge, 0}), ShapeError);
  EXPECT_THROW(replication_pad1d(ones({1, 2, 3}), {std::numeric_limits<int64_t>::min(), 0}), ShapeError);
  EXPECT_THROW(combinations(ones({4}), most, true), ValueError);
  EXPECT_THROW(combinations(ones({1}), int64_t{1} << 31, true), ValueError);
  EXPECT_THROW(ones({2, 0}).chunk(most, 1), ValueError);
  EXPECT_EQ(ones({3}).chunk(most).size(), 3U);
  EXPECT_THROW(diag(ones({2}), std::numeric_limits<int64_t>::min()), ValueError);
  EXPECT_THROW(diag_embed(ones({2}), most), ValueError);
  EXPECT_THROW(ones({2}).split_with_sizes({most, 3}), ShapeError);
  EXPECT_EQ(ones({24}).as_strided({3}, {8}, 0).unfold(0, 3, huge).sizes(), IntArrayRef({1, 3}));
  EXPECT_THROW(conv_transpose1d(ones({1, 2, 3}), ones({2, 5, 1}), Tensor(), 1, 0, 0, most), ValueError);
  EXPECT_THROW(constant_pad_nd(ones({2}), {most, 2}), ShapeError);
  EXPECT_THROW(ones({0, 2}).repeat({most, 5}), ValueError);
  EXPECT_THROW(ones({6}).unflatten(0, {huge, huge}), ShapeError);
  EXPECT_THROW(ones({6}).unflatten(0, {-3, -2}), ShapeError);
  EXPECT_EQ(ones({}).movedim(0, -1).dim(), 0);
  EXPECT_THROW(tensordot(ones({}), ones({2}), {0}, {0}), ShapeError);
  EXPECT_THROW(upsample_bilinear2d(ones({1, 1, 2, 2}), {int64_t{1} << 31, 0}, false), ValueError);
  EXPECT_THROW(tensordot(ones({2, 2}), ones({2, 2}), {0, 0}, {0, 1}), ValueError);
  EXPECT_THROW(pixel_shuffle(ones({4, 2, 2}), int64_t{1} << 32), ValueError);
  EXPECT_EQ(ones({1, 1}).matrix_power(std::numeric_limits<int64_t>::min()).item<float>(), 1);
}

TEST(ExtremeArguments, OfTheLeastIntegerAndOfNothing) {
  EXPECT_EQ((-Scalar(INT64_MIN)).toLong(), INT64_MIN);
  const Tensor x = leaf({1});
  x.sub(x.detach(), INT64_MIN).backward();
  EXPECT_EQ(x.grad().item<double>(), 1);
  EXPECT_THROW(empty({0}).reshape({3, INT64_MAX, 0}), ValueError) << "strides beyond an integer";
  EXPECT_EQ(empty({0}).reshape({3, 1 << 20, 0}).numel(), 0);
  const Tensor base = leaf({2});
  base.pow(INT64_MIN).sum().backward();
  EXPECT_EQ(base.grad().item<double>(), 0);
  EXPECT_THROW(ones({2}).as_strided({0}, {1}, INT64_MAX - 1), ValueError);
  const Tensor volume = ones({1, 1, 2, 3, 4}).requires_grad_();
  const Tensor nothing = std::get<0>(adaptive_max_pool3d(volume, {0, int64_t{1} << 31, 0}));
  EXPECT_EQ(nothing.numel(), 0);
  (nothing.sum() + adaptive_avg_pool3d(volume, {0, int64_t{1} << 31, 0}).sum()).backward();
  EXPECT_TRUE(volume.grad().equal(zeros_like(volume)));
  std::ostringstream narrow, none;
  print(narrow, ones({2, 2}), 1);
  print(none, ones({2, 2}), INT64_MIN);
  EXPECT_EQ(narrow.str(), none.str());
}

TEST(ExtremeArguments, ZeroDimTensorsAreOfOneElementForGatherAndScatter) {
  const Tensor one = ones({1}), at = zeros({1}, kLong), number = ones({}) * 5;
  EXPECT_EQ(one.scatter_add(0, at, number).item<float>(), 6);
  EXPECT_EQ(number.scatter(0, at, one).item<float>(), 1);
  EXPECT_EQ(number.gather(0, at).sizes(), std::vector<int64_t>{1});
  EXPECT_EQ(one.gather(0, at.reshape({})).dim(), 0);
  EXPECT_THROW(ones({3}).scatter(0, zeros({3}, kLong), number), ShapeError);
}

TEST(ExtremeArguments, StacksWhoseMatricesInterleaveAreMultiplied) {
  const Tensor a = randn({2, 3, 5}).slice(1, 0, 3, 2), b = randn({2, 5, 3});  // rows 10 apart, matrices 15
  Tensor out = randn({2, 3, 3}).slice(1, 0, 3, 2);
  matmul_out(out, a, b);
  EXPECT_TRUE(allclose(out, (a.unsqueeze(-1) * b.unsqueeze(1)).sum(2), 1e-4, 1e-5));
}

TEST(ExtremeArguments, IncompleteGammaOfLargeOrders) {
  const Tensor a = tensor({1e9, 1e9, 2e8, 1e300, 1e300}, kDouble),
               x = tensor({1.00002e9, 0.99998e9, 2e8, 1e300, 2e300}, kDouble);
  const Tensor upper = special::gammaincc(a, x);
  const std::vector<double> want = {0.263542562660382, 0.736453305807239, 0.499990596840274, 0.5,
                                    0};  // by 40-digit arithmetic
  for (size_t i = 0; i < want.size(); ++i)
    EXPECT_NEAR(upper[static_cast<int64_t>(i)].item<double>(), want[i], 1e-9) << i;
  EXPECT_TRUE(allclose(special::gammainc(a, x), 1 - upper));
}

TEST(PeerCases, DetOfASingularMatrixHasTheCofactorsAsGradient) {  // where LibTorch 1.13 gives zeros
  const Tensor x = leaf({1, 2, -2, -2, 0, 1, 0, 0, 0});
  linalg::det(x.reshape({3, 3})).backward();
  const Tensor want = tensor({0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 3.0, 4.0}, kDouble);
  EXPECT_TRUE(allclose(x.grad(), want, 1e-9, 1e-9)) << x.grad();
}

TEST(PeerCases, VarianceOfLargeFloatsDoesNotOverflow) {
  for (const ScalarType dtype : {kFloat, kBFloat16}) {
    for (const int64_t rows : {int64_t{1}, int64_t{64}}) {  // both ways that rows are walked
      const Tensor x = tensor({1e20, 3e20, 1e20, 3e20}, kDouble).to(dtype).expand({rows, 4}).contiguous();
      EXPECT_NEAR(x.std(1, false)[0].item<double>() / 1e20, 1, 5e-3);
      EXPECT_TRUE(std::isinf(x.var(1, false)[0].item<double>()));  // 1e40 itself is beyond the dtype
      EXPECT_NEAR(x.std().item<double>() / 1e20,
                  std::sqrt(static_cast<double>(rows * 4) / static_cast<double>(rows * 4 - 1)), 5e-3);
      EXPECT_NEAR(x.t().std(0, false)[0].item<double>() / 1e20, 1, 5e-3);
    }
  }
  EXPECT_TRUE(std::isnan(tensor({1.0, kInf}, kFloat).std().item<double>()));
}

TEST(PeerCases, AiryOverItsRange) {
  // Ai and Ai' by 30-digit arithmetic
  const std::vector<double> at = {-30, -8.5, -2.25, -1e-9, 0, 1e-5, 0.75, 3, 12.5};
  const Tensor x = leaf(at);
  special::airy_ai(x).sum().backward();
  const std::vector<double> slope = {1.2286206026374851,   -0.032313348284639136, 0.69501620670152866,
                                     -0.2588194037928068,  -0.2588194037928068,   -0.25881940377505548,
                                     -0.19317520810437646, -0.011912976705951318, -8.5213465646738564e-14};
  for (size_t i = 0; i < at.size(); ++i)
    EXPECT_NEAR(x.grad()[static_cast<int64_t>(i)].item<double>(), slope[i], 1e-11 * std::max(1.0, std::fabs(slope[i])))
        << at[i];
}

TEST(PeerCases, BesselOfTheSmallest) {  // where the C++ library's own throw
  const Tensor x = tensor({1e-300, 1e-10, 1e-8, 5e-324}, kDouble), y = special::modified_bessel_k0(x);
  const std::vector<double> want = {690.89145941, 23.141782446, 18.53661226};  // by 30-digit arithmetic
  for (int64_t i = 0; i < 3; ++i) EXPECT_NEAR(y[i].item<double>() / want[static_cast<size_t>(i)], 1, 1e-9);
  EXPECT_DOUBLE_EQ(special::modified_bessel_k1(x)[0].item<double>(), 1e300);
  EXPECT_TRUE(special::scaled_modified_bessel_k0(x).isfinite().all().item<bool>());
}

TEST(PeerCases, PoissonAndBinomialKeepTheirMoments) {
  manual_seed(1);
  for (const double rate : {0.5, 9.5, 10.5, 300.0}) {
    const Tensor t = poisson(full({40000}, rate, kDouble));
    EXPECT_NEAR(t.mean().item<double>() / rate, 1, 0.03);
    EXPECT_NEAR(t.var().item<double>() / rate, 1, 0.05);
  }
  for (const double p : {0.02, 0.4, 0.9}) {
    const Tensor t = binomial(full({40000}, 50.0, kDouble), full({}, p, kDouble));
    EXPECT_NEAR(t.mean().item<double>() / (50 * p), 1, 0.03);
    EXPECT_NEAR(t.var().item<double>() / (50 * p * (1 - p)), 1, 0.05);
    EXPECT_TRUE(t.ge(0).logical_and(t.le(50)).all().item<bool>());
  }
  EXPECT_EQ(zeros({3}, kChar).geometric_(1e-6).max().item<int64_t>(), 127);  // more than the dtype holds
}

TEST(PeerCases, MultinomialGoesByTheRowsOfAnyLayout) {  // found by random calls: a transposed matrix was read as it lay
  const Tensor weights = tensor({{0, 0}, {0, 1}, {1, 0}}, kDouble).t();  // rows 0 0 1 and 0 1 0
  const Tensor drawn = weights.multinomial(64, true);
  EXPECT_TRUE(drawn[0].eq(2).all().item<bool>()) << drawn[0];
  EXPECT_TRUE(drawn[1].eq(1).all().item<bool>()) << drawn[1];
}

TEST(PeerCases, WindowsAndTrianglesRefuseWhatTheyCannotBe) {
  EXPECT_THROW(hann_window(-1), ValueError);
  EXPECT_THROW(hann_window(4, kLong), DtypeError);
  EXPECT_THROW(tril_indices(-1, 2), ValueError);
  EXPECT_TRUE(hann_window(4, TensorOptions(kDouble).requires_grad(true)).requires_grad());
  EXPECT_EQ(triu_indices(2, 2, 0, kInt).scalar_type(), kInt);
  EXPECT_TRUE(kaiser_window(5, false, 1e4).isfinite().all().item<bool>());
  EXPECT_EQ(ones({2}).where(tensor({true, false}), zeros({2})).sum().item<float>(), 1);
}

TEST(PeerCases, EmptyBoolsAreTrueOrFalse) {                   // found by random calls: other bytes are no bool at all
  const auto leave_bytes = [] { full({4096}, 190, kByte); };  // what the allocator hands out next
  leave_bytes();
  EXPECT_FALSE(empty({4096}, kBool).any().item<bool>());
  leave_bytes();
  EXPECT_FALSE(empty_strided({64, 64}, {64, 1}, kBool).any().item<bool>());
  leave_bytes();
  EXPECT_FALSE(zeros({1}, kBool).resize_({4096}).any().item<bool>());
}

TEST(PeerCases, IntegersAreCloseByNumbers) {
  EXPECT_TRUE(allclose(tensor({2, 0}, kByte), tensor({1, 2}, kByte), 0, 5));  // 0 - 2 is no byte
  EXPECT_TRUE(allclose(tensor({true, true}), tensor({true, false}), 0, 5));
  EXPECT_TRUE(allclose(tensor({true}), tensor({false}), 0, 1));
  EXPECT_FALSE(allclose(tensor({true}), tensor({false}), 0, 0.5));
  EXPECT_FALSE(allclose(tensor({true}), tensor({false})));
}

TEST(PeerCases, ASlopeInTheMiddleHasNoPartInIt) {
  expect_values(gradient(tensor({1.0, kNaN, 3.0}, kDouble))[0], {kNaN, 1, kNaN});
}

TEST(PeerCases, RunningSumsOfBoolsInPlaceStayBools) {
  Tensor b = tensor({false, true, false});
  EXPECT_EQ(b.cumsum_(0).scalar_type(), kBool);
  expect_values(b, {0, 1, 1});
  b = tensor({true, false, true});
  expect_values(b.cumprod_(0), {1, 0, 0});
  EXPECT_EQ(b.cumsum(0).scalar_type(), kLong);
}

TEST(PeerCases, WhatIsOverwrittenHasAZeroGradient) {
  for (const bool fill : {true, false}) {
    const Tensor x = leaf({1, 2});
    Tensor y = x * 1;
    fill ? y.fill_(3) : y.zero_();
    y.sum().backward();
    expect_values(x.grad(), {0, 0});
  }
}

TEST(PeerCases, DropoutOfFeaturesTakesAnyShapeInEvaluation) {
  EXPECT_EQ(feature_alpha_dropout(tensor(2.0), 0.5, false).item<double>(), 2);
  EXPECT_THROW(feature_alpha_dropout(tensor(2.0), 0.5, true), ShapeError);
}

TEST(PeerCases, UniqueSlicesComeInTheOrderOfSwappedDimensions) {
  // After their first elements the slices (-0.5, 1; -1, 1) and (-0.5, 0; 0, -1) compare -1 with 0, not 1 with 0.
  const std::vector<double> values = {-0.5, -0.5, 1, 0, -1, 0, 1, -1};
  expect_values(std::get<0>(unique_dim(tensor(values, kDouble).reshape({2, 2, 1, 2}), 3)), values);
}

TEST(PeerCases, NumbersHaveOutForms) {
  const Tensor x = tensor({1.0, -3.0}, kDouble);
  Tensor out = empty({2}, kDouble), truth = empty({2}, kBool), one = empty({}, kDouble);
  expect_values(add_out(out, x, 2.5), {3.5, -0.5});
  expect_values(mul_out(out, x, -2), {-2, 6});
  expect_values(div_out(out, x, 4), {0.25, -0.75});
  expect_values(remainder_out(out, x, 2), {1, 1});
  expect_values(fmod_out(out, x, 2), {1, -1});
  expect_values(rsub_out(out, x, x * 2), {1, -3});
  expect_values(isnan_out(truth, x), {0, 0});
  expect_values(sum_out(one, x), {-2});
  expect_values(prod_out(one, x), {-3});
  expect_values(norm_out(one, x, 1), {4});
}

TEST(PeerCases, AutocastByHand) {
  const Tensor x = randn({4, 4});
  EXPECT_EQ(get_autocast_dtype(), kBFloat16);
  EXPECT_EQ(increment_autocast_nesting(), 1);
  set_autocast_enabled(true);
  EXPECT_EQ(x.mm(x).scalar_type(), kBFloat16);
  set_autocast_dtype(kHalf);
  EXPECT_EQ(x.mm(x).scalar_type(), kHalf);
  set_autocast_enabled(false);
  EXPECT_EQ(x.mm(x).scalar_type(), kFloat);
  EXPECT_EQ(get_autocast_dtype(), kHalf);
  EXPECT_EQ(decrement_autocast_nesting(), 0);
  EXPECT_THROW(decrement_autocast_nesting(), ValueError);
  EXPECT_THROW(set_autocast_dtype(kDouble), ValueError);
  set_autocast_dtype(kBFloat16);
  set_autocast_cache_enabled(false);
  EXPECT_FALSE(is_autocast_cache_enabled());
  set_autocast_cache_enabled(true);
}

}  // namespace
}  // namespace hearth
