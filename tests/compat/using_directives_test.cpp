// Programs that say `using namespace torch;`, or that of a namespace in it: each name is found once.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

using namespace torch;  // NOLINT: what is tested

namespace torch {
namespace nn {
struct DoubledImpl : Module {  // programs add to torch::nn
  Tensor forward(Tensor x) { return x * 2; }
};
TORCH_MODULE(Doubled);
}  // namespace nn
}  // namespace torch

namespace {

struct Net : nn::Module {
  Net() { fc = register_module("fc", nn::Linear(nn::LinearOptions(4, 2).bias(false))); }
  Tensor forward(const Tensor& x) { return nn::functional::relu(fc(x)); }
  nn::Linear fc{nullptr};
};

struct Twice : autograd::Function<Twice> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x * 2; }
  static autograd::tensor_list backward(autograd::AutogradContext*, const autograd::tensor_list& g) {
    return {g[0] * 2};
  }
};

TEST(UsingTorch, FindsEachNamespaceOnce) {
  manual_seed(0);
  Net net;
  optim::SGD optimizer(net.parameters(), optim::SGDOptions(0.1).momentum(0.9));
  auto loader = data::make_data_loader<data::samplers::SequentialSampler>(
      data::datasets::TensorDataset(ones({6, 4})).map(data::transforms::Stack<data::TensorExample>()), 3);
  int batches = 0;
  for (auto& batch : *loader) {
    optimizer.zero_grad();
    net.forward(batch.data).sum().backward();
    nn::utils::clip_grad_norm_(net.parameters(), 1.0);
    optimizer.step();
    ++batches;
  }
  EXPECT_EQ(batches, 2);
  EXPECT_EQ(nn::Doubled()(ones({2})).sum().item<float>(), 4);
  nn::init::constant_(net.fc->weight, 3);
  EXPECT_EQ(net.fc->weight.index({indexing::Slice(0, 1), 0}).item<float>(), 3);
  EXPECT_EQ(ones({3}).index({indexing::Slice(), indexing::None}).dim(), 2);
  EXPECT_NEAR(special::expit(zeros({1})).item<float>(), 0.5, 1e-7);
  EXPECT_EQ(linalg::det(eye(3)).item<float>(), 1);
  EXPECT_FALSE(cuda::is_available());
  const Tensor x = ones({2}, requires_grad());
  Twice::apply(x).sum().backward();
  EXPECT_TRUE(x.grad().equal(full({2}, 2.f)));
  const serialize::OutputArchive archive;
  EXPECT_EQ(kFloat, kF32);
  EXPECT_EQ(static_cast<int64_t>(at::Reduction::Mean), 1);
}

TEST(UsingTorch, TogetherWithItsParts) {
  using namespace at;           // NOLINT
  using namespace torch::nn;    // NOLINT
  using namespace torch::data;  // NOLINT
  Sequential net(Linear(2, 3), BatchNorm1d(3), ReLU());
  EXPECT_EQ(functional::relu(ones({1})).item<float>(), 1);
  init::ones_(net[0]->as<Linear>()->weight);
  EXPECT_EQ(utils::parameters_to_vector(net->parameters()).numel(), 2 * 3 + 3 + 3 + 3);
  EXPECT_EQ(datasets::TensorDataset(ones({5, 1})).size().value(), 5u);
  EXPECT_EQ(ones({3, 3}).index({indexing::Ellipsis, 0}).dim(), 1);
  EXPECT_EQ(nn::Linear(2, 3)->weight.size(0), 3);
}

}  // namespace
