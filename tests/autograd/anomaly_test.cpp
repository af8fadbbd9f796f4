#include <gtest/gtest.h>

#include "hearth/hearth.h"

namespace hearth {
namespace {

using autograd::AnomalyMode;
using autograd::DetectAnomalyGuard;
using autograd::variable_list;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Anomaly, NamesTheOpThatMadeNaN) {
  const Tensor x = zeros({2}, requires_grad());
  const auto run = [&] { (x.sqrt() * 0).sum().backward(); };  // 0 / 0
  EXPECT_EQ(message_of(run), "");
  const DetectAnomalyGuard guard;
  const std::string text = message_of(run);
  EXPECT_NE(text.find("Function 'SqrtBackward0' returned nan values in its 0th output"), std::string::npos) << text;
  EXPECT_NE(text.find("SqrtBackward0 was made by"), std::string::npos) << text;
  EXPECT_GT(std::count(text.begin(), text.end(), '\n'), 3) << text;
}

TEST(Anomaly, ModeIsScopedAndNaNCheckOptional) {
  EXPECT_FALSE(AnomalyMode::is_enabled());
  {
    const DetectAnomalyGuard guard(/*check_nan=*/false);
    EXPECT_TRUE(AnomalyMode::is_enabled());
    EXPECT_FALSE(AnomalyMode::should_check_nan());
    const Tensor x = zeros({2}, requires_grad());
    EXPECT_NO_THROW((x.sqrt() * 0).sum().backward());
  }
  EXPECT_FALSE(AnomalyMode::is_enabled());
}

TEST(Anomaly, WarnsWhereAnErrorComesFrom) {
  struct Catch : WarningHandler {
    void process(const SourceLocation&, const std::string& message, bool) override { text += message; }
    std::string text;
  } handler;
  Warning::set_warning_handler(&handler);
  {
    const DetectAnomalyGuard guard;
    const Tensor x = ones({2}, requires_grad());
    Tensor y = x.exp();
    const Tensor z = y.sum();
    y.detach().add_(1);
    EXPECT_THROW(z.backward(), AutogradError);
  }
  Warning::set_warning_handler(nullptr);
  EXPECT_NE(handler.text.find("Error detected in ExpBackward0"), std::string::npos) << handler.text;
}

TEST(Anomaly, SecondDerivativesTellTheirParent) {
  const DetectAnomalyGuard guard;
  const Tensor x = tensor({1.0}, requires_grad());
  const Tensor g = autograd::grad({x.pow(3).sum()}, {x}, {}, true, true)[0];
  const std::string text = message_of([&] { (g * 0 / (g - g)).sum().backward(); });
  EXPECT_NE(text.find("nan values"), std::string::npos) << text;
}

TEST(NodeHooks, SeeAndReplaceGradients) {
  const Tensor x = ones({2}, requires_grad());
  Tensor y = x * 3;
  int seen = 0;
  y.grad_fn()->register_prehook([&](const variable_list& grads) {
    ++seen;
    return variable_list{grads[0] * 10};
  });
  const unsigned number = y.grad_fn()->register_hook([&](const variable_list& outputs, const variable_list& inputs) {
    ++seen;
    EXPECT_EQ(outputs[0][0].item<float>(), 30.0F);
    EXPECT_EQ(inputs[0][0].item<float>(), 10.0F);
  });
  y.sum().backward({}, true);
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(x.grad()[0].item<float>(), 30.0F);
  y.grad_fn()->remove_hook(number);
  EXPECT_THROW(y.grad_fn()->remove_hook(number), IndexError);
  y.sum().backward({}, true);
  EXPECT_EQ(seen, 3);
  y.grad_fn()->register_hook([](const variable_list&, const variable_list&) { return variable_list{}; });
  EXPECT_THROW(y.sum().backward(), AutogradError);
}

TEST(NodeHooks, OfALeafRunWhereItsGradientArrives) {
  const Tensor x = ones({2}, requires_grad());
  const Tensor y = x * 3;
  y.grad_fn()->next_edges()[0].function->register_prehook(
      [](const variable_list& grads) { return variable_list{grads[0] + 1}; });
  y.sum().backward();
  EXPECT_EQ(x.grad()[0].item<float>(), 4.0F);
}

TEST(Gradcheck, AcceptsRightAndRefusesWrongGradients) {
  const Tensor x = tensor({{0.5, -1.5}, {2.0, 0.3}}, kDouble).requires_grad_();
  const auto right = [](const variable_list& in) { return (in[0] * in[0]).sin(); };
  EXPECT_TRUE(autograd::gradcheck(right, {x}));
  EXPECT_TRUE(autograd::gradgradcheck(right, {x}));
  const auto wrong = [](const variable_list& in) { return in[0] * in[0].detach(); };
  autograd::GradcheckOptions quiet;
  quiet.raise_exception = false;
  EXPECT_FALSE(autograd::gradcheck(wrong, {x}, quiet));
  const std::string text = message_of([&] { autograd::gradcheck(wrong, {x}); });
  EXPECT_NE(text.find("Jacobian mismatch for output 0 with respect to input 0"), std::string::npos) << text;
  const auto wrong_second = [](const variable_list& in) {
    return in[0] * in[0] * in[0].detach() / 2 + in[0] * in[0].detach() * in[0].detach() * 2;
  };
  EXPECT_TRUE(autograd::gradcheck(right, {x.t()})) << "inputs of any layout";
  EXPECT_FALSE(autograd::gradgradcheck(wrong_second, {x}, {}, quiet));
  EXPECT_THROW(autograd::gradcheck(right, {x.detach()}), ValueError);
}

TEST(Gradcheck, SeveralInputsAndOutputs) {
  const Tensor a = tensor({1.0, 2.0}, kDouble).requires_grad_(), b = tensor({3.0}, kDouble).requires_grad_(),
               c = tensor({1, 2});
  const auto f = [](const variable_list& in) { return variable_list{in[0] * in[1], in[1].exp(), in[2] * 2}; };
  EXPECT_TRUE(autograd::gradcheck(f, {a, b, c}));
  EXPECT_TRUE(autograd::gradgradcheck(f, {a, b, c}));
}

}  // namespace
}  // namespace hearth
