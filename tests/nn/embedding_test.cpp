#include "hearth/nn/embedding.h"

#include <gtest/gtest.h>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

namespace F = functional;

TEST(Embedding, TakesIndicesOfAnyShape) {
  Embedding table(10, 3);
  EXPECT_EQ(table(tensor({1, 2})).sizes(), IntArrayRef({2, 3}));
  EXPECT_EQ(table(tensor(4)).sizes(), IntArrayRef({3}));
  EXPECT_EQ(table(zeros({0}, kLong)).sizes(), IntArrayRef({0, 3}));
  EXPECT_EQ(table(zeros({2, 0, 4}, kInt)).sizes(), IntArrayRef({2, 0, 4, 3}));
  EXPECT_TRUE(equal(table(tensor({{1, 2}, {3, 4}}).t()), table(tensor({{1, 3}, {2, 4}}))));
  EXPECT_THROW(table(tensor({10})), IndexError);
  EXPECT_THROW(table(ones({2})), DtypeError);
}

TEST(Embedding, GradientsAddUpTheSameOnAnyNumberOfThreads) {
  manual_seed(1);
  const Tensor ids = randint(50, {20000}), g = randn({20000, 16});
  const auto gradient = [&](int threads) {
    set_num_threads(threads);
    Embedding table(50, 16);
    table(ids).backward(g);
    return table->weight.grad();
  };
  const int before = get_num_threads();
  const Tensor one = gradient(1);
  for (const int threads : {2, 3, 4}) EXPECT_TRUE(equal(gradient(threads), one)) << threads;
  set_num_threads(before);
  EXPECT_TRUE(allclose(one.to(kDouble), zeros({50, 16}, kDouble).index_add(0, ids, g.to(kDouble)), 1e-4, 1e-4));
}

TEST(Embedding, SecondDerivativesFlowThrough) {
  Embedding table(4, 2);
  table->to(kDouble);
  const Tensor y = table(tensor({1, 3, 1})).pow(3).sum();
  const auto g = autograd::grad({y}, {table->weight}, {}, true, true);
  g[0].pow(2).sum().backward();
  const Tensor w = table->weight.detach(), count = tensor({0.0, 2.0, 0.0, 1.0}, kDouble).unsqueeze(1);
  EXPECT_TRUE(allclose(table->weight.grad(), count * count * 36 * w.pow(3)));
}

TEST(Embedding, PaddingIsWrappedAndChecked) {
  Embedding table(EmbeddingOptions(5, 2).padding_idx(-1));
  EXPECT_EQ(table->options.padding_idx(), 4);
  EXPECT_EQ(table->weight[4].abs().sum().item<float>(), 0);
  table(tensor({4, 1})).sum().backward();
  EXPECT_EQ(table->weight.grad()[4].abs().sum().item<float>(), 0);
  EXPECT_THROW(Embedding(EmbeddingOptions(5, 2).padding_idx(5)), ValueError);
  EXPECT_THROW(Embedding(EmbeddingOptions(5, 2).padding_idx(-6)), ValueError);
  EXPECT_THROW(Embedding(EmbeddingOptions(5, 2).sparse(true)), NotImplementedError);
  EXPECT_THROW(Embedding(EmbeddingOptions(5, 2)._weight(ones({5, 3}))), ShapeError);
  EXPECT_THROW(F::embedding(tensor({1}), ones({3, 2}), F::EmbeddingFuncOptions().padding_idx(3)), ValueError);
}

TEST(Embedding, MaxNormChangesUsedRowsOnly) {
  Embedding table =
      Embedding::from_pretrained(ones({3, 4}), EmbeddingFromPretrainedOptions().max_norm(1.0).freeze(false));
  EXPECT_TRUE(table->weight.requires_grad());
  table(tensor({1}));
  EXPECT_NEAR(table->weight[1].norm().item<float>(), 1, 1e-5);
  EXPECT_EQ(table->weight[0].norm().item<float>(), 2);
  const auto copy = std::dynamic_pointer_cast<EmbeddingImpl>(table->clone());
  EXPECT_FALSE(copy->weight.is_alias_of(table->weight));
  EXPECT_THROW(Embedding::from_pretrained(ones({3})), ShapeError);
}

TEST(Embedding, ClonesAndConverts) {
  Embedding table(4, 2);
  const auto copy = std::dynamic_pointer_cast<EmbeddingImpl>(table->clone());
  EXPECT_TRUE(equal(copy->weight, table->weight));
  EXPECT_FALSE(copy->weight.is_alias_of(table->weight));
  EXPECT_EQ(table->state_dict().keys(), std::vector<std::string>{"weight"});
  manual_seed(5);
  const Embedding a(4, 2);
  manual_seed(5);
  EXPECT_TRUE(equal(a->weight, Embedding(4, 2)->weight));
}

TEST(EmbeddingBag, OptionsAreChecked) {
  EmbeddingBag bag(EmbeddingBagOptions(5, 2).mode(kMax));
  EXPECT_TRUE(equal(bag(tensor({{1, 2}}))[0], maximum(bag->weight[1], bag->weight[2])));
  EXPECT_EQ(bag(zeros({0, 3}, kLong)).sizes(), IntArrayRef({0, 2}));
  EXPECT_EQ(bag(zeros({3, 0}, kLong)).abs().sum().item<float>(), 0) << "empty bags are 0";
  EXPECT_THROW(bag(tensor({1, 2})), ShapeError) << "offsets are missing";
  EXPECT_THROW(bag(tensor({{1, 2}}), tensor({0})), ValueError);
  EXPECT_THROW(bag(tensor({1, 2}), tensor({0, 3})), ValueError);
  EXPECT_THROW(bag(tensor({{1, 2}}), Tensor(), ones({1, 2})), ValueError) << "weights go with sums";
  EXPECT_THROW(bag(zeros({1, 1, 1}, kLong)), ShapeError);
  EmbeddingBag sums(EmbeddingBagOptions(5, 2).mode(kSum));
  EXPECT_THROW(sums(tensor({{1, 2}}), Tensor(), ones({2})), ShapeError);
  EXPECT_TRUE(allclose(sums(tensor({{1, 2}}), Tensor(), tensor({{2.0, 3.0}}, kFloat))[0],
                       2 * sums->weight[1] + 3 * sums->weight[2]));
  AnyModule any(sums);
  EXPECT_TRUE(equal(any.forward(tensor({{1, 2}})), sums(tensor({{1, 2}}))));
}

}  // namespace
}  // namespace hearth::nn
