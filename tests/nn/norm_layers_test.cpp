#include "hearth/nn/utils/norm_layers.h"

#include <gtest/gtest.h>

#include <sstream>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

namespace U = utils;

bool near(const Tensor& a, const Tensor& b, double tolerance = 1e-5) {
  return a.sizes() == b.sizes() && allclose(a.detach(), b.detach(), tolerance, tolerance);
}

TEST(WeightNorm, IsTheLayerWithLengthAndDirection) {
  manual_seed(1);
  Linear plain(3, 4);
  const Tensor x = randn({2, 3}), y = plain(x);
  auto fc = U::weight_norm(plain);
  EXPECT_EQ(fc->state_dict().keys(), (std::vector<std::string>{"bias", "weight_g", "weight_v"})) << "Python's";
  EXPECT_EQ(fc->weight_g.sizes(), IntArrayRef({4, 1}));
  EXPECT_TRUE(near(fc(x), y));
  EXPECT_TRUE(near(fc->weight_g.squeeze(1), plain->weight.norm(2, 1)));
  EXPECT_TRUE(fc->as<Linear>()) << "still a Linear";
  {
    const NoGradGuard no_grad;
    fc->weight_g.mul_(2);
  }
  EXPECT_TRUE(near(fc(x), (y - plain->bias) * 2 + plain->bias));
  EXPECT_TRUE(fc->bias.is_alias_of(plain->bias)) << "the rest is shared";
}

TEST(WeightNorm, GradientsReachBothParts) {
  manual_seed(2);
  for (const int64_t dim : {0, 1, -1}) {
    Conv1d conv(2, 3, 2);
    conv->to(kDouble);
    auto normed = U::weight_norm(conv, dim);
    const Tensor x = randn({1, 2, 5}, kDouble);
    const auto loss = [&] { return normed(x).pow(2).sum(); };
    loss().backward();
    for (const Tensor* p : {&normed->weight_g, &normed->weight_v}) {
      const Tensor flat = p->data().view({-1});
      const double h = 1e-6, before = flat[0].item<double>();
      flat[0].fill_(before + h);
      const double above = loss().item<double>();
      flat[0].fill_(before - h);
      const double below = loss().item<double>();
      flat[0].fill_(before);
      EXPECT_NEAR(p->grad().view({-1})[0].item<double>(), (above - below) / (2 * h), 1e-6) << dim;
    }
  }
}

TEST(WeightNorm, ComposesClonesAndComesOff) {
  manual_seed(3);
  auto fc = U::weight_norm(Linear(3, 4));
  Sequential net(fc, ReLU());
  const Tensor x = randn({2, 3}), y = net->forward(x);
  EXPECT_TRUE(near(y, fc(x).relu()));
  EXPECT_EQ(net->named_parameters().keys()[1], "0.weight_g");
  const auto twin = std::dynamic_pointer_cast<SequentialImpl>(net->clone());
  EXPECT_TRUE(near(twin->forward(x), y));
  EXPECT_FALSE(twin->parameters()[0].is_alias_of(net->parameters()[0]));
  Linear plain = U::remove_weight_norm(fc);
  EXPECT_TRUE(near(plain(x), fc(x)));
  EXPECT_EQ(plain->state_dict().keys(), (std::vector<std::string>{"weight", "bias"}));
  EXPECT_TRUE(plain->weight.is_leaf());
  std::ostringstream text;
  text << *fc;
  EXPECT_EQ(text.str(), "torch::nn::Linear(in_features=3, out_features=4, bias=true)");
  EXPECT_THROW(U::weight_norm(Linear(3, 4), 2), IndexError);
}

TEST(SpectralNorm, ConvergesToTheLargestSingularValue) {
  manual_seed(4);
  Linear plain(6, 4);
  auto fc = U::spectral_norm(plain, 20);
  const Tensor x = randn({2, 6});
  fc(x);
  // The largest singular value by many iterations of W W^T.
  Tensor u = ones({4}, kDouble);
  const Tensor w = plain->weight.detach().to(kDouble);
  for (int i = 0; i < 500; ++i) {
    u = w.mv(w.t().mv(u));
    u = u / u.norm();
  }
  const double sigma = w.t().mv(u).norm().item<double>();
  for (int i = 0; i < 5; ++i) fc(x);
  EXPECT_TRUE(near(fc->weight.to(kDouble), w / sigma, 1e-4));
  EXPECT_EQ(fc->state_dict().keys(), (std::vector<std::string>{"bias", "weight_orig", "weight_u", "weight_v"}));
}

TEST(SpectralNorm, IteratesOnlyWhileTraining) {
  manual_seed(5);
  auto fc = U::spectral_norm(Linear(6, 4));
  const Tensor x = randn({2, 6}), before = fc->weight_u.clone();
  fc->eval();
  fc(x);
  EXPECT_TRUE(equal(fc->weight_u, before));
  fc->train();
  const Tensor first = fc(x), second = fc(x);
  EXPECT_FALSE(equal(fc->weight_u, before));
  (first + second).sum().backward();
  EXPECT_GT(fc->weight_orig.grad().abs().sum().item<float>(), 0) << "two forwards, then backward";
  fc->eval();
  const auto copy = std::dynamic_pointer_cast<U::SpectralNormImpl<LinearImpl>>(fc->clone());
  ASSERT_TRUE(copy);
  EXPECT_TRUE(near(copy->forward(x), fc(x)));
  Linear plain = U::remove_spectral_norm(fc);
  EXPECT_TRUE(near(plain(x), fc(x)));
  EXPECT_EQ(plain->state_dict().keys(), (std::vector<std::string>{"weight", "bias"}));
  auto conv = U::spectral_norm(Conv2d(2, 3, 3), 1, 1e-12, 1);
  EXPECT_EQ(conv->weight_u.size(0), 2);
  EXPECT_EQ(conv->weight_v.size(0), 27);
  EXPECT_EQ(conv(randn({1, 2, 5, 5})).size(1), 3);
  EXPECT_THROW(U::spectral_norm(Linear(3, 4), 0), ValueError);
  EXPECT_THROW(U::spectral_norm(Linear(3, 4), 1, 1e-12, 2), IndexError);
}

TEST(WeightNorm, OfRecurrentWeightsByTheirNames) {
  manual_seed(6);
  LSTM plain(LSTMOptions(3, 4).num_layers(2).batch_first(true));
  const Tensor x = randn({2, 5, 3});
  const auto [y, state] = plain(x);
  auto lstm = U::weight_norm(plain, {"weight_hh_l0", "weight_ih_l1"});
  EXPECT_EQ(
      lstm->state_dict().keys(),
      (std::vector<std::string>{"weight_ih_l0", "bias_ih_l0", "bias_hh_l0", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1",
                                "weight_hh_l0_g", "weight_hh_l0_v", "weight_ih_l1_g", "weight_ih_l1_v"}))
      << "Python's names";
  EXPECT_EQ(lstm->weight_g.sizes(), IntArrayRef({16, 1}));
  EXPECT_TRUE(near(std::get<0>(lstm(x)), y));
  EXPECT_TRUE(near(std::get<0>(lstm(x, state)), std::get<0>(plain(x, state))));
  const auto packed = [&] { return U::rnn::pack_padded_sequence(x, tensor({5, 3}), /*batch_first=*/true); };
  const auto sequence = std::get<0>(plain->forward_with_packed_input(packed())).data();
  EXPECT_TRUE(near(std::get<0>(lstm->forward_with_packed_input(packed())).data(), sequence));
  {
    const NoGradGuard no_grad;
    lstm->weight_g.mul_(2);
    plain->named_parameters()["weight_hh_l0"].mul_(2);
  }
  EXPECT_TRUE(near(std::get<0>(lstm(x)), std::get<0>(plain(x)))) << "twice as long";
  EXPECT_FALSE(near(std::get<0>(lstm->forward_with_packed_input(packed())).data(), sequence));
  const auto copy = std::dynamic_pointer_cast<U::WeightNormImpl<LSTMImpl>>(lstm->clone());
  ASSERT_TRUE(copy);
  EXPECT_TRUE(near(std::get<0>(copy->forward(x)), std::get<0>(lstm(x))));
  LSTM back = U::remove_weight_norm(lstm);
  EXPECT_EQ(back->state_dict().keys(), plain->state_dict().keys());
  EXPECT_TRUE(near(std::get<0>(back(x)), std::get<0>(plain(x))));
  std::get<0>(lstm(x)).sum().backward();
  for (const auto& p : lstm->named_parameters()) EXPECT_TRUE(p.value().grad().defined()) << p.key();
  EXPECT_THROW(U::weight_norm(LSTM(2, 2), {"weight_hh_l7"}), ValueError);
  EXPECT_THROW(U::weight_norm(Linear(2, 2), {"bias"}), ValueError);
  EXPECT_THROW(U::weight_norm(Linear(2, 2), std::vector<std::string>()), ValueError);
}

TEST(SpectralNorm, OfRecurrentLayersAndCells) {
  manual_seed(7);
  auto gru = U::spectral_norm(GRU(3, 4), {"weight_hh_l0"}, 30);
  const Tensor x = randn({5, 2, 3});
  gru(x);
  const Tensor normed = gru->all_weights()[1];
  EXPECT_NEAR(linalg::matrix_norm(normed.detach(), 2).item<float>(), 1, 1e-4);
  EXPECT_EQ(gru->state_dict().keys(),
            (std::vector<std::string>{"weight_ih_l0", "bias_ih_l0", "bias_hh_l0", "weight_hh_l0_orig", "weight_hh_l0_u",
                                      "weight_hh_l0_v"}));
  gru->eval();
  const auto copy = std::dynamic_pointer_cast<U::SpectralNormImpl<GRUImpl>>(gru->clone());
  EXPECT_TRUE(near(std::get<0>(copy->forward(x)), std::get<0>(gru(x))));
  auto cell = U::weight_norm(LSTMCell(3, 4), {"weight_ih", "weight_hh"});
  EXPECT_EQ(std::get<0>(cell(x[0])).size(1), 4);
  EXPECT_EQ(cell->parameters().size(), 6U);
  auto rnn = U::weight_norm(RNN(3, 4), {"weight_ih_l0"}, -1);
  EXPECT_EQ(rnn->weight_g.dim(), 0);
  EXPECT_EQ(std::get<0>(rnn(x)).size(2), 4);
}

TEST(SpectralNorm, LeavesOutWhatTheLayerMayLeaveOut) {
  auto up = U::spectral_norm(ConvTranspose2d(ConvTranspose2dOptions(2, 3, 3).stride(2)), 1, 1e-12, 1);
  const Tensor x = ones({1, 2, 4, 4});
  EXPECT_EQ(up(x).size(3), 9);
  EXPECT_EQ(up->forward(x, std::vector<int64_t>{10, 10}).size(3), 10);
  Sequential net(up, ReLU());
  EXPECT_EQ(net->forward(x).size(1), 3);
}

}  // namespace
}  // namespace hearth::nn
