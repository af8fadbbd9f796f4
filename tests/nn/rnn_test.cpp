#include "hearth/nn/rnn.h"

#include <gtest/gtest.h>

#include <cmath>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

namespace rnn = utils::rnn;

bool near(const Tensor& a, const Tensor& b, double tolerance = 1e-5) {
  return a.sizes() == b.sizes() && allclose(a.detach(), b.detach(), tolerance, tolerance);
}

/// A layer stepped by the cell's formula in public ops.
std::pair<Tensor, LSTMImpl::State> by_cell(const LSTM& lstm, const Tensor& x) {
  const std::vector<Tensor> w = lstm->all_weights();
  Tensor h = zeros({x.size(1), w[1].size(1)}, x.options()), c = zeros_like(h);
  std::vector<Tensor> y;
  for (int64_t t = 0; t < x.size(0); ++t) {
    const std::vector<Tensor> gates = (linear(x[t], w[0], w[2]) + linear(h, w[1], w[3])).chunk(4, 1);
    c = gates[1].sigmoid() * c + gates[0].sigmoid() * gates[2].tanh();
    h = gates[3].sigmoid() * c.tanh();
    y.push_back(h);
  }
  return {stack(y), {h, c}};
}

class Sizes : public ::testing::TestWithParam<std::array<int64_t, 4>> {};

/// Float, over sizes that cut units and rows in all ways, and short sequences that pack no weights.
TEST_P(Sizes, LSTMIsItsFormula) {
  const auto [steps, batch, features, units] = GetParam();
  manual_seed(2);
  LSTM lstm(features, units);
  const Tensor x = randn({steps, batch, features}).requires_grad_(), g = randn({steps, batch, units});
  const auto [y, state] = lstm(x);
  const auto [want, want_state] = by_cell(lstm, x);
  EXPECT_TRUE(near(y, want));
  EXPECT_TRUE(near(std::get<0>(state)[0], std::get<0>(want_state)));
  EXPECT_TRUE(near(std::get<1>(state)[0], std::get<1>(want_state)));
  std::vector<Tensor> inputs = lstm->parameters();
  inputs.push_back(x);
  const auto got = autograd::grad({(y * g).sum() + std::get<1>(state).sum()}, inputs);
  const auto expected = autograd::grad({(want * g).sum() + std::get<1>(want_state).sum()}, inputs);
  for (size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(near(got[i], expected[i], 2e-4)) << "gradient " << i;
}
INSTANTIATE_TEST_SUITE_P(LSTM, Sizes,
                         ::testing::Values(std::array<int64_t, 4>{1, 1, 3, 5}, std::array<int64_t, 4>{3, 5, 2, 33},
                                           std::array<int64_t, 4>{4, 1, 7, 64}, std::array<int64_t, 4>{5, 17, 3, 40},
                                           std::array<int64_t, 4>{6, 30, 20, 96},
                                           std::array<int64_t, 4>{2, 9, 4, 130}));

TEST(RNN, SameBitsOnAnyNumberOfThreads) {
  const int before = get_num_threads();
  std::vector<Tensor> first;
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    manual_seed(3);
    GRU gru(GRUOptions(40, 200).num_layers(2).bidirectional(true));
    const Tensor x = randn({9, 24, 40});
    const auto [y, h] = gru(x);
    (y.pow(2).sum() + h.sum()).backward();
    std::vector<Tensor> all{y.detach(), h.detach()};
    for (const Tensor& p : gru->parameters()) all.push_back(p.grad());
    if (first.empty()) first = all;
    for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(equal(all[i], first[i])) << threads << " threads, tensor " << i;
  }
  set_num_threads(before);
}

TEST(RNN, TakesStridedInputsAndStates) {
  LSTM lstm(LSTMOptions(3, 4).num_layers(2).bidirectional(true));
  const Tensor x = randn({2, 6, 3}).transpose(0, 1), h = randn({2, 4, 4}).transpose(0, 1),
               c = randn({4, 2, 8}).slice(2, 0, 8, 2);
  const auto [y, state] = lstm(x, std::make_tuple(h, c));
  const auto [z, other] = lstm(x.contiguous(), std::make_tuple(h.contiguous(), c.contiguous()));
  EXPECT_TRUE(equal(y, z));
  EXPECT_TRUE(equal(std::get<0>(state), std::get<0>(other)));
  EXPECT_TRUE(std::get<0>(state).sizes() == IntArrayRef({4, 2, 4}));
}

TEST(RNN, WithoutABatch) {
  for (const bool first : {false, true}) {
    GRU gru(GRUOptions(3, 4).batch_first(first));
    const Tensor x = randn({5, 3}), h = randn({1, 4});
    const auto [y, last] = gru(x, h);
    const auto [batch, batch_last] = gru(x.unsqueeze(first ? 0 : 1), h.unsqueeze(1));
    EXPECT_TRUE(equal(y, batch.squeeze(first ? 0 : 1)));
    EXPECT_TRUE(equal(last, batch_last.squeeze(1)));
    EXPECT_THROW(gru(x, randn({1, 1, 4})), ShapeError);
  }
  LSTMCell cell(3, 4);
  const Tensor x = randn({3});
  EXPECT_TRUE(equal(std::get<0>(cell(x)), std::get<0>(cell(x.unsqueeze(0))).squeeze(0)));
}

TEST(RNN, EmptyBatch) {
  LSTM lstm(3, 4);
  const Tensor x = zeros({5, 0, 3}).requires_grad_();
  const auto [y, state] = lstm(x);
  EXPECT_EQ(y.sizes(), IntArrayRef({5, 0, 4}));
  EXPECT_EQ(std::get<0>(state).sizes(), IntArrayRef({1, 0, 4}));
  y.sum().backward();
  EXPECT_EQ(lstm->all_weights()[1].grad().abs().sum().item<float>(), 0);
  EXPECT_THROW(lstm(zeros({0, 2, 3})), ValueError);
}

TEST(RNN, HalvesGoThroughFloat) {
  manual_seed(4);
  GRU gru(3, 4);
  gru->to(kBFloat16);
  const Tensor x = randn({4, 2, 3}).to(kBFloat16);
  const Tensor y = std::get<0>(gru(x));
  EXPECT_EQ(y.scalar_type(), kBFloat16);
  gru->to(kFloat);
  EXPECT_TRUE(near(y.to(kFloat), std::get<0>(gru(x.to(kFloat))), 3e-2));
}

TEST(RNN, DropoutFallsBetweenLayersWhileTraining) {
  manual_seed(5);
  RNN net(RNNOptions(3, 50).num_layers(2).dropout(0.5));
  const Tensor x = randn({4, 2, 3});
  EXPECT_FALSE(equal(std::get<0>(net(x)), std::get<0>(net(x))));
  net->eval();
  const Tensor y = std::get<0>(net(x));
  EXPECT_TRUE(equal(y, std::get<0>(net(x))));
  RNN all(RNNOptions(3, 5).num_layers(2).dropout(1.0).bias(false));
  EXPECT_EQ(std::get<0>(all(x)).abs().sum().item<float>(), 0) << "nothing reaches the second layer";
}

TEST(RNN, ProjectionsHaveAllGradients) {
  manual_seed(6);
  LSTM lstm(LSTMOptions(3, 5).proj_size(2).bidirectional(true));
  lstm->to(kDouble);
  const Tensor x = randn({4, 2, 3}, kDouble).requires_grad_();
  const auto loss = [&] { return std::get<0>(lstm(x)).pow(2).sum(); };
  loss().backward();
  for (const auto& p : lstm->named_parameters()) {
    const Tensor w = p.value().data(), before = w[0].clone();
    const double h = 1e-6;
    w[0].add_(h);
    const double above = loss().item<double>();
    w[0].sub_(2 * h);
    const double below = loss().item<double>();
    w[0].copy_(before);
    EXPECT_NEAR(p.value().grad()[0].sum().item<double>(), (above - below) / (2 * h), 1e-6) << p.key();
  }
}

TEST(RNN, OptionsAndShapesAreChecked) {
  EXPECT_THROW(LSTM(3, 0), ValueError);
  EXPECT_THROW(LSTM(LSTMOptions(3, 4).num_layers(0)), ValueError);
  EXPECT_THROW(LSTM(LSTMOptions(3, 4).dropout(1.5)), ValueError);
  EXPECT_THROW(LSTM(LSTMOptions(3, 4).proj_size(4)), ValueError);
  LSTM lstm(3, 4);
  EXPECT_THROW(lstm(randn({2, 2, 5})), ShapeError);
  EXPECT_THROW(lstm(randn({2})), ShapeError);
  EXPECT_THROW(lstm(randn({2, 2, 3}), std::make_tuple(zeros({1, 2, 4}), zeros({1, 3, 4}))), ShapeError);
  EXPECT_THROW(lstm(randn({2, 2, 3}, kDouble)), DtypeError);
  EXPECT_THROW(GRUCell(3, 4)(randn({2, 2})), ShapeError);
  EXPECT_THROW(GRUCell(3, 4)(randn({2, 3}), randn({1, 4})), ShapeError);
}

TEST(RNN, ClonesAndLoads) {
  LSTM a(LSTMOptions(3, 4).num_layers(2)), b(LSTMOptions(3, 4).num_layers(2));
  b->load_state_dict(a->state_dict());
  const auto copy = std::dynamic_pointer_cast<LSTMImpl>(a->clone());
  const Tensor x = randn({3, 2, 3});
  EXPECT_TRUE(equal(std::get<0>(a(x)), std::get<0>(b(x))));
  EXPECT_TRUE(equal(std::get<0>(a(x)), std::get<0>(copy->forward(x))));
  EXPECT_FALSE(copy->all_weights()[0].is_alias_of(a->all_weights()[0]));
  a->to(kDouble);
  EXPECT_EQ(std::get<0>(a(x.to(kDouble))).scalar_type(), kDouble);
  AnyModule any(b);
  EXPECT_TRUE(equal(std::get<0>(any.forward<std::tuple<Tensor, LSTMImpl::State>>(x)), std::get<0>(b(x))));
}

TEST(PackedSequence, GoesThereAndBack) {
  const Tensor a = randn({3, 2}).requires_grad_(), b = randn({5, 2}), c = randn({1, 2});
  const auto packed = rnn::pack_sequence({a, b, c}, false);
  EXPECT_TRUE(equal(packed.sorted_indices(), tensor({1, 0, 2})));
  const auto [padded, lengths] = rnn::pad_packed_sequence(packed, true, 9, 6);
  EXPECT_TRUE(equal(lengths, tensor({3, 5, 1})));
  EXPECT_EQ(padded.sizes(), IntArrayRef({3, 6, 2}));
  EXPECT_TRUE(equal(padded[0].slice(0, 0, 3), a));
  EXPECT_EQ(padded[2].slice(0, 1, 6).min().item<float>(), 9);
  padded.sum().backward();
  EXPECT_EQ(a.grad().sum().item<float>(), 6);
  const std::vector<Tensor> parts = rnn::unpack_sequence(packed);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_TRUE(equal(parts[0], a) && equal(parts[1], b) && equal(parts[2], c));
  EXPECT_THROW(rnn::unpad_sequence(padded, tensor({1, 2}), true), ShapeError);
  EXPECT_THROW(rnn::pack_sequence({a, b, c}), ValueError) << "not sorted";
  EXPECT_THROW(rnn::pad_packed_sequence(packed, true, 0, 4), ValueError);
  EXPECT_TRUE(equal(rnn::invert_permutation(tensor({2, 0, 1})), tensor({1, 2, 0})));
  EXPECT_FALSE(rnn::invert_permutation({}).defined());
  EXPECT_EQ(packed.to(kDouble).data().scalar_type(), kDouble);
}

TEST(PackedSequence, EachSequenceIsAsIfAlone) {
  manual_seed(7);
  LSTM lstm(LSTMOptions(2, 3).num_layers(2).bidirectional(true));
  const std::vector<Tensor> parts{randn({3, 2}), randn({5, 2}), randn({1, 2})};
  const auto [y, state] = lstm->forward_with_packed_input(rnn::pack_sequence(parts, false));
  const Tensor padded = std::get<0>(rnn::pad_packed_sequence(y));
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto [own, last] = lstm(parts[i].unsqueeze(1));
    const auto n = static_cast<int64_t>(i);
    EXPECT_TRUE(near(padded.select(1, n).slice(0, 0, parts[i].size(0)), own.squeeze(1)));
    EXPECT_TRUE(near(std::get<0>(state).select(1, n), std::get<0>(last).squeeze(1)));
    EXPECT_TRUE(near(std::get<1>(state).select(1, n), std::get<1>(last).squeeze(1)));
  }
}

}  // namespace
}  // namespace hearth::nn
