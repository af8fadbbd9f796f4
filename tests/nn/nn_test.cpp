#include <cmath>

#include "nn/helpers.h"

namespace hearth::nn {
namespace {

struct NetImpl : Module {
  NetImpl() {
    fc1 = register_module("fc1", Linear(3, 4));
    fc2 = register_module("fc2", Linear(LinearOptions(4, 2).bias(false)));
    scale = register_parameter("scale", ones({1}));
    counter = register_buffer("counter", zeros({1}, kLong));
  }
  Tensor forward(const Tensor& x) { return fc2->forward(fc1->forward(x).relu()) * scale; }
  Linear fc1{nullptr}, fc2{nullptr};
  Tensor scale, counter;
};
HEARTH_MODULE(Net);

TEST(Module, NamesParametersBuffersAndChildren) {
  Net net;
  EXPECT_EQ(net->named_parameters().keys(),
            (std::vector<std::string>{"scale", "fc1.weight", "fc1.bias", "fc2.weight"}));
  EXPECT_EQ(net->state_dict().keys(),
            (std::vector<std::string>{"scale", "counter", "fc1.weight", "fc1.bias", "fc2.weight"}));
  EXPECT_EQ(net->parameters(/*recurse=*/false).size(), 1U);
  EXPECT_EQ(net->buffers().size(), 1U);
  EXPECT_EQ(net->children().size(), 2U);
  EXPECT_EQ(net->modules().size(), 3U);
  EXPECT_EQ(net->named_modules().keys(), (std::vector<std::string>{"", "fc1", "fc2"}));
  EXPECT_TRUE(net->fc1->as<Linear>());
  EXPECT_FALSE(net->fc1->as<Conv2d>());
  EXPECT_THROW(net->register_module("fc1", Linear(1, 1)), ValueError);
  EXPECT_THROW(net->register_module("a.b", Linear(1, 1)), ValueError);
  EXPECT_THROW(net->register_parameter("", ones({1})), ValueError);
  EXPECT_THROW(net->register_parameter("whole", ones({1}, kLong)), DtypeError);
}

TEST(Module, PrintsAsLibTorch) {
  EXPECT_EQ(text(Linear(3, 4)), "torch::nn::Linear(in_features=3, out_features=4, bias=true)");
  EXPECT_EQ(text(Conv2d(Conv2dOptions(1, 8, 3).stride(2).padding(1).groups(1).bias(false))),
            "torch::nn::Conv2d(1, 8, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1], bias=false)");
  EXPECT_EQ(text(Conv1d(Conv1dOptions(1, 8, 3).padding(kSame).padding_mode(kCircular))),
            "torch::nn::Conv1d(1, 8, kernel_size=3, stride=1, padding='same', padding_mode=kCircular)");
  EXPECT_EQ(text(BatchNorm2d(4)),
            "torch::nn::BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  EXPECT_EQ(
      text(MaxPool2d(2)),
      "torch::nn::MaxPool2d(kernel_size=[2, 2], stride=[2, 2], padding=[0, 0], dilation=[1, 1], ceil_mode=false)");
  EXPECT_EQ(text(Dropout(0.25)), "torch::nn::Dropout(p=0.25, inplace=false)");
  EXPECT_EQ(text(ReLU()), "torch::nn::ReLU()");
  EXPECT_EQ(text(ReLU(ReLUOptions(true))), "torch::nn::ReLU(inplace=true)");
  EXPECT_EQ(text(Flatten()), "torch::nn::Flatten(start_dim=1, end_dim=-1)");
  EXPECT_EQ(text(Identity()), "torch::nn::Identity()");
  EXPECT_EQ(text(CrossEntropyLoss()) + text(MSELoss()) + text(BCEWithLogitsLoss()) + text(NLLLoss()),
            "torch::nn::CrossEntropyLoss()torch::nn::MSELoss()torch::nn::BCEWithLogitsLoss()torch::nn::NLLLoss()");
  EXPECT_EQ(text(Sequential(Linear(1, 2), ReLU())),
            "torch::nn::Sequential(\n  (0): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n  (1): "
            "torch::nn::ReLU()\n)");
  EXPECT_EQ(text(ModuleList(Dropout2d(0.5))),
            "torch::nn::ModuleList(\n  (0): torch::nn::Dropout2d(p=0.5, inplace=false)\n)");
  const std::string own = text(Net());
  EXPECT_NE(own.find("NetImpl(\n  (fc1): torch::nn::Linear"), std::string::npos) << own;
}

TEST(Module, HoldersHaveANullState) {
  Linear empty = nullptr;
  EXPECT_FALSE(empty);
  EXPECT_THROW(empty->reset(), ValueError);
  EXPECT_THROW(empty(ones({1})), ValueError);
  empty = Linear(2, 3);
  EXPECT_EQ(empty(ones({1, 2})).size(1), 3);
}

TEST(Module, TrainsEvalsAndZeroesGradients) {
  Net net;
  net->eval();
  EXPECT_FALSE(net->fc1->is_training());
  net->train();
  EXPECT_TRUE(net->is_training());
  net->forward(ones({2, 3})).sum().backward();
  net->zero_grad();
  EXPECT_EQ(net->scale.grad().abs().sum().item<float>(), 0);
  net->zero_grad(/*set_to_none=*/true);
  EXPECT_FALSE(net->scale.grad().defined());
}

TEST(Module, ConvertsAndClones) {
  Net net;
  net->to(kDouble);
  EXPECT_EQ(net->fc1->weight.scalar_type(), kDouble);
  EXPECT_EQ(net->counter.scalar_type(), kLong) << "integers stay";
  Linear layer(2, 2);
  auto copy = std::dynamic_pointer_cast<LinearImpl>(layer->clone());
  EXPECT_TRUE(equal(copy->weight, layer->weight));
  EXPECT_FALSE(copy->weight.is_alias_of(layer->weight));
  EXPECT_TRUE(copy->weight.requires_grad());
  EXPECT_THROW(net->clone(), NotImplementedError);
  Sequential chain(Linear(2, 3), BatchNorm1d(3), ReLU());
  const auto twin = std::dynamic_pointer_cast<SequentialImpl>(chain->clone());
  chain->eval();
  twin->eval();
  EXPECT_TRUE(equal(chain->forward(ones({2, 2})), twin->forward(ones({2, 2}))));
  int visited = 0;
  chain->apply([&](Module&) { ++visited; });
  EXPECT_EQ(visited, 4);
}

TEST(Module, LoadingIsStrictAndNamesEverything) {
  Net a, b;
  b->load_state_dict(a->state_dict());
  EXPECT_TRUE(equal(a->fc1->weight, b->fc1->weight));
  StateDict wrong;
  wrong.insert("fc1.weigth", ones({4, 3}));
  wrong.insert("scale", ones({2}));
  const Tensor before = b->fc1->weight.detach().clone();
  try {
    b->load_state_dict(wrong);
    FAIL();
  } catch (const ValueError& e) {
    const std::string what = e.what();
    for (const char* part :
         {"missing: fc1.weight (nearest: fc1.weigth)", "unexpected: fc1.weigth (nearest: fc1.weight)",
          "shape: scale is [2] but the module has [1]", "missing: counter"})
      EXPECT_NE(what.find(part), std::string::npos) << what;
  }
  EXPECT_TRUE(equal(before, b->fc1->weight));
  StateDict part;
  part.insert("scale", full({1}, 3.0));
  b->load_state_dict(part, /*strict=*/false);
  EXPECT_EQ(b->scale.item<float>(), 3);
}

struct PairImpl : Module {
  Tensor forward(Tensor a, Tensor b) { return a + b; }
};
struct ScaledImpl : Module {
  Tensor forward(Tensor a, double by = 2, bool negate = false) { return negate ? -(a * by) : a * by; }

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(2.0)}, {2, AnyValue(false)})
};
struct CountImpl : Module {
  int64_t forward(Tensor a) { return a.numel(); }
};
HEARTH_MODULE(Pair);
HEARTH_MODULE(Scaled);
HEARTH_MODULE(Count);

TEST(Sequential, TakesAnySignatures) {
  Sequential net{Pair(), Scaled(), Count()};
  EXPECT_EQ(net->forward<int64_t>(ones({2}), ones({2})), 2);
  EXPECT_THROW(net->forward(ones({2}), ones({2})), TypeError) << "the result is an int64_t";
  EXPECT_THROW(net->forward<int64_t>(ones({2})), TypeError) << "one argument short";
  Sequential named({{"first", Linear(2, 3)}, {"act", ReLU()}});
  EXPECT_EQ(named->named_parameters().keys()[0], "first.weight");
  EXPECT_EQ(named->size(), 2U);
  EXPECT_EQ(named->at<LinearImpl>(0).options.out_features(), 3);
  EXPECT_THROW(named->ptr(2), IndexError);
  EXPECT_THROW(Sequential()->forward(ones({1})), ValueError);
  try {
    named->forward(ones({2, 5}));
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_NE(std::string(e.what()).find("first"), std::string::npos) << "names the module: " << e.what();
  }
}

TEST(AnyModule, ForwardsWithDefaultsAndChecksTypes) {
  AnyModule any{Scaled()};
  EXPECT_EQ(any.forward(ones({1})).item<float>(), 2);
  EXPECT_EQ(any.forward(ones({1}), 3.0, true).item<float>(), -3);
  EXPECT_THROW(any.forward(ones({1}), 3), TypeError) << "an int is no double";
  EXPECT_THROW(any.forward<int>(ones({1})), TypeError);
  EXPECT_THROW(AnyModule().forward(ones({1})), ValueError);
  AnyModule linear{Linear(2, 2)};
  EXPECT_EQ(linear.get<LinearImpl>().options.in_features(), 2);
  EXPECT_EQ(linear.get<Linear>()->options.in_features(), 2);
  EXPECT_THROW(linear.get<ReLUImpl>(), TypeError);
  EXPECT_FALSE(linear.clone().ptr() == linear.ptr());
}

TEST(Layers, InitialWeightsAreSeeded) {
  manual_seed(0);
  const Linear a(784, 4);
  EXPECT_NEAR(a->weight[0][0].item<float>(), (0.4962565899 * 2 - 1) / 28, 1e-7) << "the first number of the stream";
  manual_seed(0);
  EXPECT_TRUE(equal(a->weight, Linear(784, 4)->weight));
}

TEST(Layers, ConvolutionOptions) {
  Conv2d same(Conv2dOptions(1, 2, 3).padding(kSame)), valid(Conv2dOptions(1, 2, 3).padding(kValid));
  EXPECT_EQ(same->forward(ones({1, 1, 5, 5})).size(3), 5);
  EXPECT_EQ(valid->forward(ones({1, 1, 5, 5})).size(3), 3);
  for (const auto& mode : {detail::conv_padding_mode_t(kReflect), detail::conv_padding_mode_t(kReplicate),
                           detail::conv_padding_mode_t(kCircular)}) {
    Conv1d conv(Conv1dOptions(1, 1, 3).padding(1).padding_mode(mode).bias(false));
    init::constant_(conv->weight, 0);
    conv->weight.data()[0][0][0] = 1;  // picks the left neighbour
    const Tensor y = conv->forward(tensor({1.0, 2.0, 3.0}).view({1, 1, 3}));
    const double border = mode.index() == 1 ? 2 : mode.index() == 2 ? 1 : 3;
    EXPECT_TRUE(equal(y.view({3}), tensor({border, 1.0, 2.0}))) << mode.index();
  }
  EXPECT_THROW(Conv2d(Conv2dOptions(3, 4, 3).groups(2)), ValueError);
  EXPECT_THROW(Conv2d(Conv2dOptions(2, 4, 3).stride(2).padding(kSame)), ValueError);
  EXPECT_THROW((Conv2dOptions(2, 4, {3, 3, 3})), ValueError);
  EXPECT_EQ(Conv3d(1, 2, 2)->forward(ones({1, 1, 3, 3, 3})).dim(), 5);
}

TEST(Layers, BatchNormTracksStatistics) {
  BatchNorm1d norm(2);
  const Tensor x = tensor({{1.0, 10.0}, {3.0, 30.0}});
  const Tensor y = norm->forward(x);
  EXPECT_TRUE(allclose(y.detach(), tensor({{-1.0, -1.0}, {1.0, 1.0}}), 1e-3, 1e-3));
  EXPECT_TRUE(allclose(norm->running_mean, tensor({0.2, 2.0})));
  EXPECT_TRUE(allclose(norm->running_var, tensor({0.9 + 0.2, 0.9 + 20})));
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 1);
  norm->eval();
  EXPECT_FALSE(allclose(norm->forward(x).detach(), y.detach()));
  BatchNorm1d average(BatchNorm1dOptions(2).momentum(std::nullopt));
  average->forward(x);
  EXPECT_TRUE(allclose(average->running_mean, tensor({2.0, 20.0})));
  EXPECT_THROW(BatchNorm2d(2)->forward(x), ShapeError);
  EXPECT_EQ(text(average).find("momentum=None") != std::string::npos, true);
}

TEST(Layers, DropoutOnlyWhileTraining) {
  Dropout drop(0.5);
  const Tensor x = ones({1000});
  EXPECT_NEAR(drop->forward(x).mean().item<float>(), 1, 0.15);
  drop->eval();
  EXPECT_TRUE(equal(drop->forward(x), x));
  EXPECT_THROW(Dropout(1.5), ValueError);
  Dropout2d channels(0.5);
  const Tensor y = channels->forward(ones({1, 64, 3, 1})).amax({0, 2, 3});
  EXPECT_GT(y.eq(0).sum().item<int64_t>(), 10);
}

TEST(Losses, TakeTheirOptions) {
  const Tensor x = tensor({{2.0, 1.0}, {0.0, 3.0}}), t = tensor({0, 1});
  EXPECT_NEAR(CrossEntropyLoss()(x, t).item<float>(), (std::log1p(std::exp(-1.0)) + std::log1p(std::exp(-3.0))) / 2,
              1e-6);
  EXPECT_EQ(CrossEntropyLoss(CrossEntropyLossOptions().reduction(kNone))(x, t).numel(), 2);
  EXPECT_NEAR(NLLLoss()(x.log_softmax(1), t).item<float>(), CrossEntropyLoss()(x, t).item<float>(), 1e-6);
  EXPECT_EQ(MSELoss(MSELossOptions(kSum))(ones({3}), zeros({3})).item<float>(), 3);
  EXPECT_NEAR(BCEWithLogitsLoss()(zeros({2}), ones({2})).item<float>(), std::log(2.0), 1e-6);
  EXPECT_NEAR(functional::cross_entropy(x, t, functional::CrossEntropyFuncOptions().label_smoothing(0.1)).item<float>(),
              cross_entropy_loss(x, t, {}, Reduction::Mean, -100, 0.1).item<float>(), 1e-6);
}

TEST(Init, FillsAsAsked) {
  Tensor w = empty({200, 100});
  init::kaiming_normal_(w, 0, kFanIn, kReLU);
  EXPECT_NEAR(w.std().item<float>(), std::sqrt(2.0 / 100), 0.01);
  init::xavier_uniform_(w);
  EXPECT_LE(w.abs().max().item<float>(), std::sqrt(6.0 / 300));
  init::xavier_normal_(w, 2.0);
  EXPECT_NEAR(w.std().item<float>(), 2 * std::sqrt(2.0 / 300), 0.01);
  EXPECT_EQ(init::ones_(w).sum().item<float>(), 20000);
  EXPECT_EQ(init::zeros_(w).sum().item<float>(), 0);
  EXPECT_EQ(init::eye_(w).sum().item<float>(), 100);
  EXPECT_NEAR(init::normal_(w, 3, 0.1).mean().item<float>(), 3, 0.01);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kTanh), 5.0 / 3);
  EXPECT_THROW(init::kaiming_uniform_(ones({3})), ShapeError);
}

}  // namespace
}  // namespace hearth::nn
