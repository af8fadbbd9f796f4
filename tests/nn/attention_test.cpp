#include "hearth/nn/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hearth/hearth.h"
#include "hearth/memory.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

namespace F = functional;

bool near(const Tensor& a, const Tensor& b, double tolerance = 1e-5) {
  return a.sizes() == b.sizes() && allclose(a.detach(), b.detach(), tolerance, tolerance);
}

Tensor plain(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, bool causal) {
  Tensor scores = matmul(q, k.transpose(-2, -1)) / std::sqrt(static_cast<double>(q.size(-1)));
  const double never = -std::numeric_limits<double>::infinity();
  if (causal) scores = scores.masked_fill(ones({q.size(-2), k.size(-2)}).triu(1).ne(0), never);
  if (mask.defined())
    scores = mask.scalar_type() == kBool ? scores.masked_fill(mask.logical_not(), never) : scores + mask;
  return matmul(scores.softmax(-1), v);
}

struct Case {
  std::vector<int64_t> lead;
  int64_t length, keys, features, values;
};
class Attention : public ::testing::TestWithParam<Case> {};

/// Values and all gradients, over sizes of less and more than a tile, few heads and many.
TEST_P(Attention, IsItsFormula) {
  const Case& c = GetParam();
  manual_seed(1);
  const auto make = [&](int64_t rows, int64_t cols) {
    std::vector<int64_t> sizes = c.lead;
    sizes.push_back(rows);
    sizes.push_back(cols);
    return randn(sizes, kDouble).requires_grad_();
  };
  const Tensor q = make(c.length, c.features), k = make(c.keys, c.features), v = make(c.keys, c.values);
  Tensor allowed = rand({c.length, c.keys}).gt(0.3);
  allowed.select(1, 0).fill_(true);
  for (const int kind : {0, 1, 2, 3}) {
    const Tensor mask = kind == 2 ? allowed : kind == 3 ? randn({c.length, c.keys}, kDouble) : Tensor();
    const Tensor got = scaled_dot_product_attention(q, k, v, mask, 0, kind == 1),
                 want = plain(q, k, v, mask, kind == 1);
    EXPECT_TRUE(near(got, want, 1e-10)) << kind;
    const Tensor g = randn(got.sizes(), kDouble);
    const auto dg = autograd::grad({got}, {q, k, v}, {g}), dw = autograd::grad({want}, {q, k, v}, {g});
    for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(near(dg[i], dw[i], 1e-9)) << "mask " << kind << " gradient " << i;
  }
}
INSTANTIATE_TEST_SUITE_P(Sizes, Attention,
                         ::testing::Values(Case{{2, 3}, 5, 7, 4, 3}, Case{{1}, 1, 1, 1, 1},
                                           Case{{2, 8}, 130, 260, 8, 8}, Case{{1, 2}, 300, 129, 16, 5},
                                           Case{{}, 128, 128, 64, 64}, Case{{2, 1, 2}, 9, 3, 4, 4}));

TEST(ScaledDotProductAttention, FloatIsCloseAndTheSameOnAnyNumberOfThreads) {
  manual_seed(2);
  const Tensor q = randn({2, 200, 3, 32}).transpose(1, 2).requires_grad_(), k = randn({2, 3, 150, 32}).requires_grad_(),
               v = randn({2, 3, 150, 32}).requires_grad_();
  EXPECT_TRUE(near(scaled_dot_product_attention(q, k, v), plain(q, k, v, {}, false)));
  const int before = get_num_threads();
  std::vector<Tensor> first;
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    const Tensor y = scaled_dot_product_attention(q, k, v, {}, 0, true);
    auto got = autograd::grad({y.pow(2).sum()}, {q, k, v});
    got.push_back(y.detach());
    if (first.empty()) first = got;
    for (size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(equal(got[i], first[i])) << threads;
  }
  set_num_threads(before);
}

TEST(ScaledDotProductAttention, NeverHoldsTheScores) {
  const int64_t length = 4096;  // whose scores would take 64 MB
  const Tensor q = randn({1, length, 16}).requires_grad_();
  const auto before = memory_stats().current;
  reset_peak_memory_stats();
  scaled_dot_product_attention(q, q, q, {}, 0, true).sum().backward();
  EXPECT_LT(memory_stats().peak - before, int64_t{16} << 20);
}

TEST(ScaledDotProductAttention, BroadcastsDropsAndGivesTheMaskItsGradient) {
  manual_seed(3);
  const Tensor q = randn({4, 2, 5, 8}), k = randn({1, 2, 6, 8}), v = randn({2, 6, 3});
  EXPECT_TRUE(near(scaled_dot_product_attention(q, k, v), plain(q, k, v, {}, false)));
  const Tensor mask = zeros({5, 6}).requires_grad_();
  scaled_dot_product_attention(q, k, v, mask).pow(2).sum().backward();
  EXPECT_GT(mask.grad().abs().sum().item<float>(), 0);
  const Tensor even = ones({1, 400, 1});
  const Tensor dropped = scaled_dot_product_attention(zeros({1, 200, 1}), zeros({1, 400, 1}), even, {}, 0.5);
  EXPECT_NEAR(dropped.mean().item<float>(), 1, 0.05);
  EXPECT_GT(dropped.std().item<float>(), 0.01);
  const Tensor half = randn({2, 3, 4}).to(kHalf);
  EXPECT_EQ(scaled_dot_product_attention(half, half, half).scalar_type(), kHalf);
  EXPECT_EQ(scaled_dot_product_attention(zeros({0, 3, 4}), zeros({0, 3, 4}), zeros({0, 3, 4})).numel(), 0);
  const Tensor none = scaled_dot_product_attention(ones({1, 2}), ones({3, 2}), ones({3, 2}), zeros({1, 3}, kBool));
  EXPECT_TRUE(none.isnan().all().item<bool>()) << "a query without keys";
}

TEST(MultiheadAttention, MasksOfEveryKindAgree) {
  manual_seed(4);
  MultiheadAttention attention(8, 2);
  const Tensor x = randn({5, 3, 8}), hide = rand({5, 5}).lt(0.3).logical_and(eye(5).eq(0)),
               padded = zeros({3, 5}, kBool);
  padded[1][4].fill_(true);
  const double never = -std::numeric_limits<double>::infinity();
  const auto added = [&](const Tensor& t) { return zeros(t.sizes()).masked_fill(t, never); };
  const auto run = [&](const Tensor& padding, const Tensor& mask, bool weights) {
    return std::get<0>(attention(x, x, x, padding, weights, mask));
  };
  const Tensor want = run(padded, hide, true);
  EXPECT_TRUE(near(run(padded, hide, false), want)) << "with and without weights";
  EXPECT_TRUE(near(run(padded, added(hide), false), want));
  EXPECT_TRUE(near(run(added(padded), hide, true), want));
  EXPECT_TRUE(near(run(padded, hide.unsqueeze(0).expand({6, 5, 5}), true), want));
  EXPECT_TRUE(near(run({}, {}, true), run({}, {}, false)));
  const auto [y, w] = attention(x, x, x, padded, true, hide, false);
  EXPECT_EQ(w.sizes(), IntArrayRef({3, 2, 5, 5}));
  EXPECT_EQ(w[1].select(2, 4).abs().sum().item<float>(), 0);
  EXPECT_TRUE(near(w.sum(-1), ones({3, 2, 5})));
  EXPECT_THROW(run(padded, hide.slice(0, 0, 4), true), ShapeError);
  EXPECT_THROW(run(padded.t(), {}, true), ShapeError);
}

TEST(MultiheadAttention, LayoutsAndSameTensors) {
  manual_seed(5);
  MultiheadAttention attention(8, 2), first(MultiheadAttentionOptions(8, 2).batch_first(true));
  first->load_state_dict(attention->state_dict());
  const Tensor q = randn({4, 3, 8}), k = randn({6, 3, 8});
  const auto [y, w] = attention(q, k, k);
  const auto [z, u] = first(q.transpose(0, 1), k.transpose(0, 1), k.transpose(0, 1));
  EXPECT_TRUE(near(y, z.transpose(0, 1)));
  EXPECT_TRUE(near(w, u));
  EXPECT_TRUE(near(y, std::get<0>(attention(q, k, k.clone())))) << "projected apart";
  EXPECT_TRUE(near(std::get<0>(attention(q, q, q)), std::get<0>(attention(q, q.clone(), q.clone()))));
  const auto [one, weights] = attention(q.select(1, 0), k.select(1, 0), k.select(1, 0));
  EXPECT_TRUE(near(one, y.select(1, 0)));
  EXPECT_TRUE(near(weights, w[0]));
  EXPECT_EQ(std::get<0>(attention(q.slice(1, 0, 0), k.slice(1, 0, 0), k.slice(1, 0, 0))).numel(), 0);
  EXPECT_THROW(MultiheadAttention(8, 3), ValueError);
  EXPECT_THROW(attention(randn({4, 3, 7}), k, k), ShapeError);
  EXPECT_THROW(attention(q, k, q), ShapeError);
}

TEST(MultiheadAttention, FixedKeysAndValues) {
  manual_seed(6);
  MultiheadAttention attention(MultiheadAttentionOptions(4, 2).add_zero_attn(true));
  const Tensor q = randn({3, 1, 4}), k = randn({5, 1, 4}), fixed = randn({2, 5, 2});
  auto options =
      F::MultiheadAttentionForwardFuncOptions(4, 2, attention->in_proj_weight, attention->in_proj_bias, {}, {}, true, 0,
                                              attention->out_proj->weight, attention->out_proj->bias);
  const auto [y, w] = F::multi_head_attention_forward(q, k, k, options.static_k(fixed).static_v(fixed));
  EXPECT_EQ(w.sizes(), IntArrayRef({1, 3, 6})) << "one key of zeros";
  EXPECT_THROW(F::multi_head_attention_forward(q, k, k, options.static_k(fixed[0])), ShapeError);
}

TEST(Transformer, NormFirstAndBatchFirst) {
  manual_seed(7);
  TransformerEncoderLayerOptions options(8, 2);
  options.dim_feedforward(16).dropout(0);
  TransformerEncoderLayer after(options), before(options.norm_first(true)), turned(options.batch_first(true));
  before->load_state_dict(after->state_dict());
  turned->load_state_dict(after->state_dict());
  const Tensor x = randn({5, 2, 8});
  const Tensor y = before(x);
  EXPECT_FALSE(near(y, after(x)));
  EXPECT_TRUE(near(y, turned(x.transpose(0, 1)).transpose(0, 1)));
  const auto attend = [&](const Tensor& t) { return std::get<0>(before->self_attn(t, t, t)); };
  const Tensor middle = x + attend(before->norm1(x));
  EXPECT_TRUE(near(y, middle + before->linear2(before->linear1(before->norm2(middle)).relu())));
}

TEST(Transformer, CustomPartsClonesAndChecks) {
  manual_seed(8);
  Transformer net(TransformerOptions(8, 2, 1, 1).dim_feedforward(16).dropout(0).custom_encoder(AnyModule(Identity())));
  EXPECT_THROW(net->forward(randn({3, 2, 8}), randn({4, 2, 8})), TypeError) << "an encoder takes masks too";
  Transformer whole(TransformerOptions(8, 2, 1, 1).dim_feedforward(16).dropout(0).activation(kGELU));
  const Tensor src = randn({3, 2, 8}), tgt = randn({4, 2, 8});
  const auto copy = std::dynamic_pointer_cast<TransformerImpl>(whole->clone());
  EXPECT_TRUE(near(whole(src, tgt), copy->forward(src, tgt)));
  EXPECT_EQ(whole->named_parameters().keys()[0], "encoder.layers.0.self_attn.in_proj_weight");
  EXPECT_THROW(whole(src, randn({4, 3, 8})), ShapeError);
  EXPECT_THROW(whole(src, randn({4, 2, 6})), ShapeError);
  EXPECT_THROW(TransformerEncoderLayer(8, 3), ValueError);
  EXPECT_THROW(TransformerEncoderLayer(TransformerEncoderLayerOptions(8, 2).dropout(2)), ValueError);
  const Tensor mask = TransformerImpl::generate_square_subsequent_mask(2);
  EXPECT_EQ(mask[1][0].item<float>(), 0);
  EXPECT_TRUE(std::isinf(mask[0][1].item<float>()));
  TransformerEncoderLayer noisy(TransformerEncoderLayerOptions(8, 2).dropout(0.5));
  EXPECT_FALSE(equal(noisy(src), noisy(src)));
  noisy->eval();
  EXPECT_TRUE(equal(noisy(src), noisy(src)));
}

}  // namespace
}  // namespace hearth::nn
