// Containers, hooks, and initialisers.
#include <cmath>

#include "nn/helpers.h"

namespace hearth::nn {
namespace {

using Named = std::vector<std::pair<std::string, std::shared_ptr<Module>>>;

TEST(ModuleDict, HoldsModulesByName) {
  ModuleDict dict(Named{{"a", Linear(1, 2).ptr()}, {"b", ReLU().ptr()}});
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(dict->size(), 2U);
  EXPECT_TRUE(dict->contains("a"));
  EXPECT_EQ(dict->at<LinearImpl>("a").options.out_features(), 2);
  EXPECT_THROW(dict->at<Conv2dImpl>("a"), TypeError);
  EXPECT_THROW((*dict)["c"], ValueError);
  EXPECT_EQ(dict->named_parameters().keys(), (std::vector<std::string>{"a.weight", "a.bias"}));
  dict->update(Named{{"a", Linear(1, 5).ptr()}, {"c", Tanh().ptr()}});
  EXPECT_EQ(dict->at<LinearImpl>("a").options.out_features(), 5);
  EXPECT_EQ(dict->named_parameters()["a.weight"].size(0), 5);
  OrderedDict<std::string, std::shared_ptr<Module>> more;
  more.insert("d", std::static_pointer_cast<Module>(Linear(2, 2).ptr()));
  dict->update(more);
  dict->update(*ModuleDict(more));
  EXPECT_EQ(dict->size(), 4U);
  const auto copy = std::dynamic_pointer_cast<ModuleDictImpl>(dict->clone());
  EXPECT_EQ(copy->keys(), dict->keys());
  EXPECT_FALSE(copy->at<LinearImpl>("a").weight.is_alias_of(dict->at<LinearImpl>("a").weight));
  EXPECT_TRUE(dict->pop("a")->as<Linear>());
  EXPECT_EQ(dict->named_parameters().keys(), (std::vector<std::string>{"d.weight", "d.bias"})) << "it has left";
  int seen = 0;
  for (const auto& item : *dict) seen += item.value() ? 1 : 0;
  EXPECT_EQ(seen, 3);
  dict->clear();
  EXPECT_TRUE(dict->empty());
  EXPECT_TRUE(dict->children().empty());
  EXPECT_THROW(dict->update(Named{{"e", nullptr}}), TypeError);
}

TEST(ParameterList, HoldsParametersInOrder) {
  ParameterList list(ones({2}).requires_grad_(), zeros({3}));
  list->append(full({1}, 2.0));
  EXPECT_EQ(list->size(), 3U);
  EXPECT_TRUE(list->at(0).requires_grad());
  EXPECT_FALSE(list->at(1).requires_grad());
  EXPECT_EQ(list[2].item<float>(), 2);
  EXPECT_THROW(list->at(3), IndexError);
  list->extend(std::vector<Tensor>{ones({4})});
  *list += *ParameterList(ones({5}));
  EXPECT_EQ(list->named_parameters().keys(), (std::vector<std::string>{"0", "1", "2", "3", "4"}));
  const auto copy = std::dynamic_pointer_cast<ParameterListImpl>(list->clone());
  EXPECT_EQ(copy->size(), 5U);
  EXPECT_TRUE(copy->at(0).requires_grad());
  EXPECT_TRUE(equal(copy->at(0), list->at(0)));
  EXPECT_FALSE(copy->at(0).is_alias_of(list->at(0)));
}

TEST(ParameterDict, HoldsParametersByName) {
  ParameterDict dict;
  dict->insert("a", ones({2}).requires_grad_());
  dict->insert("b", zeros({3}));
  EXPECT_THROW(dict->insert("a", ones({1})), ValueError);
  EXPECT_THROW(dict->get("c"), ValueError);
  EXPECT_TRUE(dict["a"].requires_grad());
  OrderedDict<std::string, Tensor> more;
  more.insert("b", full({1}, 4.0));
  more.insert("c", ones({1}));
  dict->update(more);
  EXPECT_EQ(dict->get("b").item<float>(), 4);
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(dict->pop("b").item<float>(), 4);
  EXPECT_FALSE(dict->contains("b"));
  EXPECT_EQ(std::dynamic_pointer_cast<ParameterDictImpl>(dict->clone())->keys(), dict->keys());
  dict->clear();
  EXPECT_TRUE(dict->empty());
}

TEST(Functional, BindsArguments) {
  EXPECT_EQ(Functional(relu)(tensor({-1.0, 2.0})).sum().item<float>(), 2);
  EXPECT_EQ(Functional(elu, 1, 0, 1)(ones({1})).item<float>(), 0) << "scale 0";
  Functional doubled([](Tensor x) { return x * 2; });
  Sequential net(Linear(2, 2), doubled, Functional(max_pool1d, 2, 2, 0, 1, false));
  EXPECT_EQ(net->forward(ones({1, 3, 2})).size(2), 1);
  EXPECT_EQ(text(doubled), "torch::nn::Functional()");
  EXPECT_FALSE(doubled->is_serializable());
  EXPECT_EQ(std::dynamic_pointer_cast<FunctionalImpl>(doubled->clone())->forward(ones({1})).item<float>(), 2);
  EXPECT_THROW(Functional{FunctionalImpl::Function()}, TypeError);
}

struct SplitImpl : Module {
  std::tuple<Tensor, Tensor> forward(Tensor x, int64_t at) {
    return {x.narrow(0, 0, at), x.narrow(0, at, x.size(0) - at)};
  }
};
HEARTH_MODULE(Split);

TEST(Hooks, RunAroundEachCall) {
  Linear layer(2, 2);
  init::eye_(layer->weight);
  init::zeros_(layer->bias);
  std::vector<std::string> order;
  auto before = layer->register_forward_pre_hook([&](Module& m, std::vector<Tensor>& inputs) {
    order.push_back("before");
    EXPECT_EQ(&m, layer.get());
    inputs[0] = inputs[0] + 1;
  });
  auto after =
      layer->register_forward_hook([&](Module&, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs) {
        order.push_back("after");
        EXPECT_EQ(inputs[0].sum().item<float>(), 4) << "the input as forward() got it";
        outputs[0] = outputs[0] * 10;
      });
  EXPECT_EQ(layer(ones({1, 2})).sum().item<float>(), 40);
  EXPECT_EQ(order, (std::vector<std::string>{"before", "after"}));
  EXPECT_EQ(Sequential(layer, ReLU())->forward(ones({1, 2})).sum().item<float>(), 40) << "in a container";
  EXPECT_EQ(AnyModule(layer).forward(ones({1, 2})).sum().item<float>(), 40);
  EXPECT_EQ(layer->forward(ones({1, 2})).sum().item<float>(), 2) << "forward() itself has none";
  before.remove();
  after.remove();
  after.remove();
  EXPECT_EQ(layer(ones({1, 2})).sum().item<float>(), 2);
  EXPECT_EQ(order.size(), 6U);
  EXPECT_THROW(layer->register_forward_hook(nullptr), TypeError);
  EXPECT_THROW(layer->register_forward_pre_hook(nullptr), TypeError);
}

TEST(Hooks, SeeTheTensorsOfATuple) {
  Split split;
  split->register_forward_hook([](Module&, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs) {
    EXPECT_EQ(inputs.size(), 1U) << "the number is no tensor";
    ASSERT_EQ(outputs.size(), 2U);
    std::swap(outputs[0], outputs[1]);
  });
  const auto [a, b] = split(ones({5}), 2);
  EXPECT_EQ(a.size(0), 3);
  EXPECT_EQ(b.size(0), 2);
}

struct OwnerImpl : Module {
  Tensor forward(std::unique_ptr<int> by, const Tensor& x, int& calls) {
    ++calls;
    return x * *by;
  }
};
HEARTH_MODULE(Owner);

TEST(Hooks, PassOnWhatIsNoTensor) {
  Owner owner;
  owner->register_forward_pre_hook([](Module&, std::vector<Tensor>& inputs) { inputs[0] = inputs[0] + 1; });
  int calls = 0;
  EXPECT_EQ(owner(std::make_unique<int>(3), ones({1}), calls).item<float>(), 6);
  EXPECT_EQ(calls, 1);
}

TEST(Hooks, AreTheModulesOwn) {
  RemovableHandle handle;
  int calls = 0;
  {
    ReLU layer;
    handle = layer->register_forward_hook([&](Module&, const std::vector<Tensor>&, std::vector<Tensor>&) { ++calls; });
    auto copy = AnyModule(layer).clone();
    layer(ones({1}));
    copy.forward(ones({1}));
    EXPECT_EQ(calls, 2) << "a clone has the hooks too";
    handle.remove();
    layer(ones({1}));
    copy.forward(ones({1}));
    EXPECT_EQ(calls, 3) << "but keeps them when the original loses them";
  }
  handle.remove();  // the module is gone
  ReLU other;
  RemovableHandle self;
  self = other->register_forward_hook([&](Module&, const std::vector<Tensor>&, std::vector<Tensor>&) {
    ++calls;
    self.remove();
  });
  other(ones({1}));
  other(ones({1}));
  EXPECT_EQ(calls, 4) << "a hook may remove itself";
}

TEST(Sequential, ErrorsNameThePath) {
  Sequential net{{"head", Split()}, {"tail", ReLU()}};
  try {
    net->forward(ones({2}), int64_t{5});
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("head"), std::string::npos) << e.what();
  }
  struct BlockImpl : Module {
    BlockImpl() { inner = register_module("inner", Sequential({{"fc", Linear(2, 2)}})); }
    Tensor forward(const Tensor& x) { return inner->forward(x); }
    Sequential inner;
  };
  Sequential deep{{"block", std::make_shared<BlockImpl>()}};
  try {
    deep->forward(ones({1, 3}));
    FAIL();
  } catch (const ShapeError& e) {
    const std::string what = e.what();
    EXPECT_LT(what.find("block"), what.find("fc")) << what;
  }
}

TEST(Init, TruncatedNormalStaysInside) {
  manual_seed(0);
  const Tensor t = init::trunc_normal_(empty({20000}), 1, 2, -1, 2);
  EXPECT_GE(t.min().item<float>(), -1);
  EXPECT_LE(t.max().item<float>(), 2);
  EXPECT_NEAR(t.mean().item<double>(), 0.584, 0.03) << "mean of N(1, 2) between -1 and 2";
  EXPECT_THROW(init::trunc_normal_(empty({2}), 0, 1, 2, -2), ValueError);
  EXPECT_THROW(init::trunc_normal_(empty({2}), 0, 0), ValueError);
}

TEST(Init, OrthogonalSparseDirac) {
  manual_seed(0);
  const Tensor wide = init::orthogonal_(empty({3, 5}));
  EXPECT_TRUE(close(wide.matmul(wide.t()), eye(3), 0, 1e-6));
  // What LibTorch 1.13 gives for the same seed.
  EXPECT_TRUE(close(wide[0], tensor({0.5222, -0.0994, -0.7384, 0.1926, -0.3675}), 0, 6e-5));
  const Tensor tall = init::orthogonal_(empty({6, 2, 2}, kDouble), 2).view({6, 4});
  EXPECT_TRUE(close(tall.t().matmul(tall), eye(4, kDouble) * 4, 0, 1e-6));
  const Tensor sparse = init::sparse_(empty({10, 4}), 0.25);
  EXPECT_TRUE(equal(sparse.eq(0).sum(0), full({4}, 3, kLong))) << "ceil(2.5) zeros in each column";
  const Tensor x = numbers({1, 3, 5}), w = init::dirac_(empty({3, 3, 3}, kDouble));
  EXPECT_TRUE(close(conv1d(x, w, {}, 1, 1), x)) << "passes its input through";
  EXPECT_THROW(init::orthogonal_(ones({3})), ShapeError);
  EXPECT_THROW(init::dirac_(ones({3, 3})), ShapeError);
  EXPECT_THROW(init::sparse_(ones({3, 3, 3}), 0.5), ShapeError);
  EXPECT_THROW(init::sparse_(ones({3, 3}), 1.5), ValueError);
  EXPECT_THROW(init::eye_(ones({3})), ShapeError);
}

}  // namespace
}  // namespace hearth::nn
