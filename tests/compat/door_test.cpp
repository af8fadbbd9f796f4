// The door, from inside a program that was written for LibTorch.
#include <ATen/ATen.h>
#include <c10/util/irange.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace torch {
int reopened() { return 7; }  // programs do this
}  // namespace torch

namespace {

TEST(Door, NamespacesShowOneSetOfTypes) {
  static_assert(std::is_same_v<torch::Tensor, at::Tensor>);
  static_assert(std::is_same_v<torch::Tensor, torch::autograd::Variable>);
  static_assert(std::is_same_v<c10::Error, hearth::Error>);
  static_assert(std::is_same_v<torch::optional<int>, std::optional<int>>);
  EXPECT_EQ(torch::reopened(), 7);
  EXPECT_FALSE(torch::cuda::is_available());
  EXPECT_EQ(torch::kF32, torch::kFloat);
}

TEST(Door, OpsOfNamespacesHaveFlatNamesToo) {
  const torch::Tensor a = torch::eye(2) * 2;
  EXPECT_EQ(torch::linalg_det(a).item<float>(), 4);
  EXPECT_TRUE(at::linalg_inv(a).equal(torch::eye(2) / 2));
  torch::Tensor out;
  EXPECT_EQ(torch::special_expit_out(out, torch::zeros({1})).item<float>(), 0.5f);
}

TEST(Door, AtTensorKeepsTheTypeOfItsNumbers) {
  EXPECT_EQ(at::tensor(1).scalar_type(), torch::kInt);
  EXPECT_EQ(at::tensor(1.5).scalar_type(), torch::kDouble);
  EXPECT_EQ(at::tensor({1, 2}).scalar_type(), torch::kInt);
  EXPECT_EQ(torch::tensor(1).scalar_type(), torch::kLong);
  EXPECT_EQ(torch::tensor(1.5).scalar_type(), torch::kFloat);
}

TEST(Door, ChecksThrowWithTheirText) {
  EXPECT_NO_THROW(TORCH_CHECK(true, "never"));
  try {
    TORCH_CHECK(1 == 2, "got ", 3, " of ", torch::ones({2}).sizes());
    FAIL();
  } catch (const c10::Error& e) {
    EXPECT_EQ(std::string(e.what_without_backtrace()), "got 3 of [2]");
  }
  EXPECT_THROW(TORCH_CHECK_INDEX(false, "i"), c10::Error);
  EXPECT_THROW(AT_ASSERT(false), c10::Error);
  EXPECT_THROW(TORCH_INTERNAL_ASSERT(false), c10::Error);
}

struct Collect : hearth::WarningHandler {
  void process(const hearth::SourceLocation&, const std::string& message, bool) override { all.push_back(message); }
  std::vector<std::string> all;
};

TEST(Door, WarningsGoThroughAHandler) {
  Collect collect;
  hearth::Warning::set_warning_handler(&collect);
  for (int i = 0; i < 3; ++i) TORCH_WARN_ONCE("once ", i);
  TORCH_WARN("each");
  hearth::Warning::set_warning_handler(nullptr);
  EXPECT_EQ(collect.all, (std::vector<std::string>{"once 0", "each"}));
}

struct SquareImpl : torch::nn::Module {
  torch::Tensor forward(torch::Tensor x) { return x * x; }
};
TORCH_MODULE(Square);

struct Options {
  TORCH_ARG(int64_t, size) = 3;
};

TEST(Door, MacrosMakeModulesAndOptions) {
  torch::nn::Sequential net(Square(), torch::nn::Linear(2, 1));
  EXPECT_EQ(net->forward(torch::ones({4, 2})).size(0), 4);
  EXPECT_EQ(Options().size(5).size(), 5);
  int64_t sum = 0;
  for (const auto i : c10::irange(4)) sum += i;
  EXPECT_EQ(sum, 6);
}

TEST(Door, IndexingWords) {
  using namespace torch::indexing;
  const auto x = torch::arange(6).view({2, 3});
  EXPECT_EQ(x.index({Ellipsis, Slice(1, None)}).sizes(), (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(x.index({"...", 0}).sizes(), (std::vector<int64_t>{2}));
}

}  // namespace
