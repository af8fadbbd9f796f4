#include "hearth/nn/summary.h"

#include <gtest/gtest.h>

#include <sstream>

#include "hearth/hearth.h"
#include "hearth/nn.h"

namespace hearth::nn {
namespace {

using Sizes = std::vector<int64_t>;

TEST(Summary, OfASequential) {
  Sequential net(Conv2d(Conv2dOptions(3, 8, 3).padding(1)), ReLU(), Flatten(), Linear(8 * 6 * 6, 10));
  net->train();
  const Summary s = summary(net, ones({2, 3, 6, 6}));
  ASSERT_EQ(s.layers.size(), 4U);
  EXPECT_EQ(s.layers[0].path, "0");
  EXPECT_EQ(s.layers[0].kind, "Conv2d");
  EXPECT_EQ(s.layers[0].output, (Sizes{2, 8, 6, 6}));
  EXPECT_EQ(s.layers[0].parameters, 8 * 27 + 8);
  EXPECT_EQ(s.layers[0].multiply_adds, 2 * 8 * 36 * 27);
  EXPECT_EQ(s.layers[0].activation_bytes, 2 * 8 * 36 * 4);
  EXPECT_EQ(s.layers[3].multiply_adds, 2 * 288 * 10);
  EXPECT_EQ(s.parameters, 224 + 2890);
  EXPECT_EQ(s.multiply_adds, s.layers[0].multiply_adds + s.layers[3].multiply_adds);
  EXPECT_TRUE(net->is_training()) << "left as it was";
  EXPECT_TRUE(net->parameters()[0].grad().defined() == false);
  net->forward(ones({2, 3, 6, 6}));  // no hook is left
  std::ostringstream text;
  text << s;
  EXPECT_NE(text.str().find("[2, 8, 6, 6]"), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("total"), std::string::npos);
}

struct TaggerImpl : Module {
  TaggerImpl() {
    embed = register_module("embed", Embedding(20, 4));
    lstm = register_module("lstm", LSTM(4, 5));
    out = register_module("out", Linear(5, 3));
    out->weight.requires_grad_(false);
    lstm->eval();
  }
  Tensor forward(const Tensor& ids) { return out->forward(std::get<0>(lstm(embed(ids)))); }
  Embedding embed{nullptr};
  LSTM lstm{nullptr};
  Linear out{nullptr};
};
HEARTH_MODULE(Tagger);

TEST(Summary, OfAModuleOfOnesOwn) {
  Tagger net;
  const Summary s = summary(net, zeros({6, 2}, kLong));
  ASSERT_EQ(s.layers.size(), 3U);
  EXPECT_EQ(s.layers[0].multiply_adds, 0);
  EXPECT_EQ(s.layers[1].output, (Sizes{6, 2, 5}));
  EXPECT_EQ(s.layers[1].multiply_adds, 12 * 20 * (4 + 5));
  EXPECT_EQ(s.layers[1].activation_bytes, (60 + 10 + 10) * 4) << "outputs, h and c";
  EXPECT_EQ(s.layers[2].calls, 0) << "called by ->forward, unseen";
  EXPECT_EQ(s.layers[2].parameters, 18);
  EXPECT_EQ(s.parameters - s.trainable, 15);
  EXPECT_TRUE(net->is_training());
  EXPECT_FALSE(net->lstm->is_training()) << "each as it was";
}

TEST(Summary, OfOneLayerAndOfAttention) {
  Linear alone(2, 3);
  const Summary s = summary(alone, ones({4, 2}));
  EXPECT_EQ(s.layers.at(0).multiply_adds, 24);
  TransformerEncoderLayer layer(TransformerEncoderLayerOptions(8, 2).dim_feedforward(16));
  const Summary t = summary(layer, ones({5, 2, 8}));
  EXPECT_EQ(t.layers.at(0).path, "self_attn");
  EXPECT_EQ(t.layers.at(0).multiply_adds, 4 * 10 * 64 + 2 * 10 * 5 * 8);
  EXPECT_EQ(t.parameters, 8 * 24 + 24 + 72 + 8 * 16 + 16 + 16 * 8 + 8 + 32);
  EXPECT_EQ(t.multiply_adds, t.layers[0].multiply_adds + 2 * 10 * 8 * 16);
}

}  // namespace
}  // namespace hearth::nn
