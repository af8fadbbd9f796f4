// Sequentials in Sequentials, and errors that say in which module they arose.
#include "nn/helpers.h"

namespace hearth::nn {
namespace {

TEST(NestedSequential, CallsPrintsAndClones) {
  manual_seed(1);
  Sequential inner(Linear(3, 4), ReLU());
  Sequential net(inner, Sequential(Linear(4, 5), Sequential(ReLU(), Linear(5, 2))), Tanh());
  const Tensor x = randn({2, 3}), y = net->forward(x);
  EXPECT_EQ(net->named_parameters().keys(), (std::vector<std::string>{"0.0.weight", "0.0.bias", "1.0.weight",
                                                                      "1.0.bias", "1.1.1.weight", "1.1.1.bias"}));
  Tensor by_hand = inner->forward(x);
  by_hand = net->at<SequentialImpl>(1).forward(by_hand).tanh();
  EXPECT_TRUE(equal(y, by_hand));
  EXPECT_EQ(text(inner),
            "torch::nn::Sequential(\n  (0): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
            "  (1): torch::nn::ReLU()\n)");
  const auto copy = std::dynamic_pointer_cast<SequentialImpl>(net->clone());
  EXPECT_TRUE(equal(copy->forward(x), y));
  EXPECT_FALSE(copy->parameters()[0].is_alias_of(net->parameters()[0]));
  EXPECT_TRUE(net->ptr<SequentialImpl>(0) == inner.ptr());
  Sequential named({{"body", inner}, {"head", Linear(4, 1)}});
  EXPECT_EQ(named->forward(x).size(1), 1);
  EXPECT_EQ(AnyModule(inner).forward(x).size(1), 4);
}

struct PairImpl : Module {
  std::tuple<Tensor, Tensor> forward(const Tensor& x) { return {x, x * 2}; }
};
HEARTH_MODULE(Pair);
struct SumImpl : Module {
  Tensor forward(std::tuple<Tensor, Tensor> x) { return std::get<0>(x) + std::get<1>(x); }
};
HEARTH_MODULE(Sum);

TEST(NestedSequential, HandsOnWhatComesOut) {
  Sequential net{Sequential{Pair()}, Sum(), Sequential{Pair(), Sum()}};
  EXPECT_EQ(net->forward(ones({1})).item<float>(), 9);
  EXPECT_THROW((Sequential { Sequential{Pair()}, ReLU() } -> forward(ones({1}))), TypeError);
  Sequential inner{ReLU()};
  int calls = 0;
  auto before = inner->register_forward_pre_hook([&](Module&, std::vector<Tensor>& in) { in.at(0) = in[0] - 3; });
  auto after = inner->register_forward_hook([&](Module& m, const std::vector<Tensor>& in, std::vector<Tensor>& out) {
    ++calls;
    EXPECT_EQ(&m, inner.get());
    EXPECT_EQ(in.at(0).item<float>(), -2);
    out.at(0) = out[0] + 7;
  });
  Sequential outer{inner, Identity()};
  EXPECT_EQ(outer->forward(ones({1})).item<float>(), 7);
  before.remove();
  after.remove();
  EXPECT_EQ(outer->forward(ones({1})).item<float>(), 1);
  EXPECT_EQ(calls, 1);
}

/// A Sequential with a forward of its own, as ported networks have.
struct DenseImpl : SequentialImpl {
  DenseImpl() : SequentialImpl(Linear(2, 2)) {}
  Tensor forward(const Tensor& x) { return cat({x, SequentialImpl::forward(x)}, 1); }
};
HEARTH_MODULE(Dense);
struct PlainImpl : SequentialImpl {
  PlainImpl() : SequentialImpl(Linear(4, 3)) {}
};
HEARTH_MODULE(Plain);

TEST(NestedSequential, DerivedOnesKeepTheirForward) {
  Sequential net{Dense(), Plain()};
  EXPECT_EQ(net->forward(ones({1, 2})).size(1), 3);
  EXPECT_EQ(net->at<PlainImpl>(1).size(), 1U) << "of its own type";
}

struct EncoderImpl : Module {
  EncoderImpl() {
    fc1 = register_module("fc1", Linear(3, 4));
    layers->push_back(Linear(4, 4));
    layers->push_back(Linear(5, 4));
    register_module("layers", layers);
  }
  Tensor forward(const Tensor& x) {
    Tensor h = fc1->forward(x);
    for (const auto& layer : *layers) h = layer->as<Linear>()->forward(h);
    return h;
  }
  Linear fc1{nullptr};
  ModuleList layers;
};
HEARTH_MODULE(Encoder);
struct NetImpl : Module {
  NetImpl() { encoder = register_module("encoder", Encoder()); }
  Tensor forward(const Tensor& x) { return encoder->forward(x); }
  Encoder encoder{nullptr};
};
HEARTH_MODULE(Net);

template <class F>
std::string where(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.context();
  }
  return "no error";
}

TEST(ModulePath, StandsInErrorsOfModulesCalledDirectly) {
  Net net;
  EXPECT_EQ(where([&] { net->forward(ones({2, 7})); }), "encoder.fc1");
  EXPECT_EQ(where([&] { net->forward(ones({2, 3})); }), "encoder.layers.1");
  EXPECT_EQ(where([&] { net(ones({2, 3})); }), "encoder.layers.1");
  EXPECT_EQ(net->encoder->fc1->path(), "encoder.fc1");
  EXPECT_EQ(net->path(), "");
  Sequential around({{"first", Net()}});
  EXPECT_EQ(where([&] { around->forward(ones({2, 7})); }), "first.encoder.fc1");
  try {
    net->forward(ones({2, 7}));
  } catch (const ShapeError& e) {
    EXPECT_NE(std::string(e.what()).find("encoder.fc1"), std::string::npos) << e.what();
  }
}

TEST(ModulePath, OfNestedSequentials) {
  Sequential net(Linear(2, 3), Sequential(ReLU(), Sequential(Linear(4, 1))));
  EXPECT_EQ(where([&] { net->forward(ones({1, 2})); }), "1.1.0");
  Sequential pools({{"pool", Sequential(MaxPool2d(2))}});
  EXPECT_EQ(where([&] { pools->forward(ones({3})); }), "pool.0");
}

TEST(ModulePath, OfEveryModuleWithWeights) {
  struct Holder : Module {
  } holder;
  int64_t count = 0;
  const auto check = [&](auto module, auto&&... bad) {
    const std::string name = "m" + std::to_string(count++);
    holder.register_module(name, module);
    EXPECT_EQ(where([&] { module->forward(bad...); }), name) << text(module);
  };
  const Tensor x = ones({7, 7});
  check(Linear(2, 2), x);
  check(Bilinear(2, 2, 2), x, x);
  check(Conv1d(Conv1dOptions(2, 2, 1)), x);
  check(Conv2d(Conv2dOptions(2, 2, 1)), x);
  check(Conv3d(Conv3dOptions(2, 2, 1)), x);
  check(ConvTranspose1d(ConvTranspose1dOptions(2, 2, 1)), x);
  check(ConvTranspose2d(ConvTranspose2dOptions(2, 2, 1)), x);
  check(ConvTranspose3d(ConvTranspose3dOptions(2, 2, 1)), x);
  check(BatchNorm1d(2), x);
  check(BatchNorm2d(2), x);
  check(BatchNorm3d(2), x);
  check(InstanceNorm1d(InstanceNorm1dOptions(2).affine(true)), x);
  check(InstanceNorm2d(2), x);
  check(InstanceNorm3d(2), x);
  check(LayerNorm(LayerNormOptions({2})), x);
  check(RMSNorm(RMSNormOptions({2})), x);
  check(GroupNorm(GroupNormOptions(1, 2)), x);
  check(PReLU(PReLUOptions().num_parameters(3)), x);
  check(Embedding(1, 2), x.to(kLong));
  check(EmbeddingBag(1, 2), x.to(kLong));
  check(RNN(2, 2), x);
  check(LSTM(2, 2), x);
  check(GRU(2, 2), x);
  check(RNNCell(2, 2), x);
  check(LSTMCell(2, 2), x);
  check(GRUCell(2, 2), x);
  check(MultiheadAttention(MultiheadAttentionOptions(2, 1)), x, x, x);
  check(AdaptiveLogSoftmaxWithLoss(AdaptiveLogSoftmaxWithLossOptions(8, 5, {2})), x, ones({6}, kLong));
  LSTM packed(2, 2);
  holder.register_module("packed", packed);
  const auto sequence = utils::rnn::pack_sequence({ones({3, 5})});
  EXPECT_EQ(where([&] { packed->forward_with_packed_input(sequence); }), "packed");
}

TEST(ModulePath, FollowsMovesCopiesAndRemovals) {
  Linear fc(2, 2);
  const auto bad = [&] { return where([&] { fc->forward(ones({1, 3})); }); };
  EXPECT_EQ(bad(), "") << "nobody has registered it";
  {
    EncoderImpl one;
    one.register_module("late", fc);
    EXPECT_EQ(bad(), "late");
    EncoderImpl other = std::move(one);
    other.register_module("latest", Linear(1, 1));
    EXPECT_EQ(bad(), "late") << "its place has moved";
    const EncoderImpl copy = other;
    EXPECT_EQ(bad(), "late");
    other.unregister_module("late");
    EXPECT_EQ(bad(), "");
    other.register_module("back", fc);
    other.replace_module("back", Linear(1, 1));
    EXPECT_EQ(bad(), "") << "it was replaced";
    other.register_module("again", fc);
    EXPECT_EQ(bad(), "again");
  }
  EXPECT_EQ(bad(), "") << "what was around it is gone";
  Sequential net(fc);
  const auto copy = std::dynamic_pointer_cast<SequentialImpl>(Sequential({{"a", net}})->clone());
  EXPECT_EQ(where([&] { copy->forward(ones({1, 3})); }), "a.0");
  EXPECT_EQ(bad(), "0") << "the original is where it was";
}

}  // namespace
}  // namespace hearth::nn
