#include "hearth/custom_function.h"

#include <gtest/gtest.h>

#include "hearth/hearth.h"

namespace hearth {
namespace {

using autograd::AutogradContext;
using autograd::Function;
using autograd::variable_list;

bool same(const Tensor& a, const Tensor& b) { return allclose(a.to(kDouble), b.to(kDouble), 1e-9, 1e-12); }
Tensor leaf(std::vector<double> values) { return tensor(values, kDouble).requires_grad_(); }

/// a + factor * b + a * b
struct Affine : Function<Affine> {
  static Tensor forward(AutogradContext* ctx, Tensor a, double factor, Tensor b) {
    ctx->saved_data["factor"] = factor;
    ctx->save_for_backward({a, b});
    return a + b * factor + a * b;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const double factor = ctx->saved_data["factor"].toDouble();
    EXPECT_FALSE(ctx->saved_data.empty());
    return {grads[0] + grads[0] * saved[1], Tensor(), grads[0] * factor + grads[0] * saved[0]};
  }
};

TEST(CustomFunction, MixesTensorsAndPlainValues) {
  const Tensor a = leaf({1, 2, 3}), b = leaf({4, 5, 6});
  const Tensor y = Affine::apply(a, 2.0, b);
  EXPECT_NE(y.grad_fn()->name().find("CppNode<"), std::string::npos);
  EXPECT_NE(y.grad_fn()->name().find("Affine"), std::string::npos);
  EXPECT_EQ(y.grad_fn()->next_edges().size(), 2U);
  (y * 3).sum().backward({}, true);
  EXPECT_TRUE(same(a.grad(), (b.detach() + 1) * 3));
  EXPECT_TRUE(same(b.grad(), (a.detach() + 2) * 3));
  EXPECT_FALSE(Affine::apply(a.detach(), 2.0, b.detach()).requires_grad());
  const NoGradGuard no_grad;
  EXPECT_FALSE(Affine::apply(a, 2.0, b).requires_grad());
}

TEST(CustomFunction, HasDerivativesOfItsDerivatives) {
  const auto f = [](const variable_list& x) { return Affine::apply(x[0], 2.0, x[1]); };
  const variable_list inputs{leaf({1, 2, 3}), leaf({4, 5, 6})};
  EXPECT_TRUE(autograd::gradcheck(f, inputs));
  EXPECT_TRUE(autograd::gradgradcheck(f, inputs));
}

TEST(CustomFunction, FreedGraphAndWritesAreNoticed) {
  const Tensor a = leaf({1, 2}), b = leaf({3, 4});
  const Tensor y = Affine::apply(a, 1.0, b);
  y.sum().backward();
  EXPECT_THROW(y.sum().backward(), AutogradError);
  const Tensor z = Affine::apply(a, 1.0, b);
  {
    const NoGradGuard no_grad;
    Tensor(a).add_(1);
  }
  EXPECT_THROW(z.sum().backward(), AutogradError);
}

/// Several outputs of which one is not differentiable; saves an output.
struct ExpAndSign : Function<ExpAndSign> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x) {
    Tensor y = x.exp(), s = x.sign();
    ctx->save_for_backward({y});
    ctx->mark_non_differentiable({s});
    return {y, s};
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    EXPECT_TRUE(grads[1].defined()) << "materialized";
    return {grads[0] * ctx->get_saved_variables()[0]};
  }
};

TEST(CustomFunction, SavesOutputsWithoutACycle) {
  const int64_t before = memory_stats().current;
  {
    const Tensor x = leaf({-1, 2});
    const variable_list y = ExpAndSign::apply(x);
    EXPECT_TRUE(y[0].requires_grad());
    EXPECT_FALSE(y[1].requires_grad());
    y[0].sum().backward();
    EXPECT_TRUE(same(x.grad(), x.detach().exp()));
    EXPECT_TRUE(autograd::gradgradcheck([](const variable_list& in) { return ExpAndSign::apply(in[0])[0]; },
                                        {leaf({0.3, -0.4})}));
  }
  EXPECT_EQ(memory_stats().current, before);
}

struct DoubleInPlace : Function<DoubleInPlace> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static variable_list backward(AutogradContext*, variable_list grads) { return {grads[0] * 2}; }
};

TEST(CustomFunction, MarkDirtyWritesHistory) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 3;
  const auto version = y._version();
  Tensor z = DoubleInPlace::apply(y);
  EXPECT_TRUE(z.is_same(y));
  EXPECT_GT(y._version(), version);
  (y * y).sum().backward();
  EXPECT_TRUE(same(x.grad(), x.detach() * 72));
  EXPECT_THROW(DoubleInPlace::apply(x), AutogradError) << "a leaf";
  Tensor base = x * 1, view = base.narrow(0, 0, 1);
  DoubleInPlace::apply(view);
  x.mutable_grad().reset();
  base.sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({2.0, 1.0})));
}

/// Takes a list and an optional tensor; leaves gradients that did not come undefined.
struct SumOfSquares : Function<SumOfSquares> {
  static variable_list forward(AutogradContext* ctx, const std::vector<Tensor>& parts, std::optional<Tensor> extra,
                               const std::string& label) {
    EXPECT_EQ(label, "name");
    ctx->set_materialize_grads(false);
    ctx->save_for_backward(parts);
    Tensor sum = parts[0] * parts[0];
    for (size_t i = 1; i < parts.size(); ++i) sum = sum + parts[i] * parts[i];
    return {sum, extra ? *extra * 1 : sum * 1};
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    EXPECT_TRUE(ctx->needs_input_grad(0));
    EXPECT_FALSE(ctx->needs_input_grad(1));
    EXPECT_THROW(static_cast<void>(ctx->needs_input_grad(9)), IndexError);
    EXPECT_FALSE(grads[1].defined());
    variable_list out;
    for (const Tensor& p : ctx->get_saved_variables()) out.push_back(grads[0] * p * 2);
    out.emplace_back();
    out.emplace_back();
    return out;
  }
};

TEST(CustomFunction, TakesListsAndOptionals) {
  const Tensor a = leaf({1, 2}), b = tensor({3.0, 4.0});
  const variable_list y = SumOfSquares::apply(std::vector<Tensor>{a, b}, std::optional<Tensor>(), std::string("name"));
  y[0].sum().backward();
  EXPECT_TRUE(same(a.grad(), tensor({2.0, 4.0})));
}

struct Wrong : Function<Wrong> {
  static Tensor forward(AutogradContext*, Tensor x, int, int64_t) { return x * 1; }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    (void)ctx;
    return {grads[0], grads[0]};
  }
};
struct WrongShape : Function<WrongShape> {
  static Tensor forward(AutogradContext*, Tensor x) { return x * 1; }
  static variable_list backward(AutogradContext*, variable_list) { return {ones({7})}; }
};
struct BroadcastGradient : Function<BroadcastGradient> {
  static Tensor forward(AutogradContext*, Tensor x) { return x.expand({3, 2}) * 1; }
  static variable_list backward(AutogradContext*, variable_list grads) { return {grads[0].to(kFloat)}; }
};

TEST(CustomFunction, BadBackwardsAreNamed) {
  const Tensor x = leaf({1, 2});
  EXPECT_THROW(Wrong::apply(x, 1, 2).sum().backward(), AutogradError);
  EXPECT_THROW(WrongShape::apply(x).sum().backward(), ShapeError);
  BroadcastGradient::apply(x).sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({3.0, 3.0})));
  EXPECT_EQ(x.grad().scalar_type(), kDouble);
}

struct Identity : Function<Identity> {
  static Tensor forward(AutogradContext*, Tensor x) { return x; }
  static variable_list backward(AutogradContext*, variable_list grads) { return {grads[0] * -1}; }
};

TEST(CustomFunction, ReturningAnInputMakesANewTensor) {  // reverses gradients
  const Tensor x = leaf({1, 2});
  const Tensor y = Identity::apply(x);
  EXPECT_FALSE(y.is_same(x));
  EXPECT_TRUE(x.is_leaf());
  y.sum().backward();
  EXPECT_TRUE(same(x.grad(), tensor({-1.0, -1.0})));
}

/// Differentiates again inside its backward: each level starts a pass of its own.
struct Deep : Function<Deep> {
  static Tensor forward(AutogradContext* ctx, Tensor x, int64_t depth) {
    ctx->saved_data["depth"] = depth;
    return x * 1;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    if (depth > 0) {
      const AutoGradMode enabled(true);
      const Tensor x = ones({1}, requires_grad());
      Deep::apply(x, depth - 1).sum().backward();
      EXPECT_EQ(x.grad().item<float>(), 1.0F);
    }
    return {grads[0], Tensor()};
  }
};

TEST(CustomFunction, BackwardNestsThousandsDeep) {
  const Tensor x = ones({1}, requires_grad());
  Deep::apply(x, 10000).sum().backward();
  EXPECT_EQ(x.grad().item<float>(), 1.0F);
}

struct Throws : Function<Throws> {
  static Tensor forward(AutogradContext* ctx, Tensor x, int64_t depth) {
    ctx->saved_data["depth"] = depth;
    return x * 1;
  }
  static variable_list backward(AutogradContext* ctx, variable_list) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    if (depth == 0) throw ValueError("[test] from the depth");
    const AutoGradMode enabled(true);
    Throws::apply(ones({1}, requires_grad()), depth - 1).sum().backward();
    return {};
  }
};

TEST(CustomFunction, ExceptionsComeUpFromAnyDepth) {
  EXPECT_THROW(Throws::apply(ones({1}, requires_grad()), 200).sum().backward(), ValueError);
  const Tensor x = ones({1}, requires_grad());  // and the thread is as before
  (x * 2).sum().backward();
  EXPECT_EQ(x.grad().item<float>(), 2.0F);
}

TEST(IValue, SaysWhatItHolds) {
  const IValue none, number = 3, real = 2.5, text = "hi", flag = true, list = std::vector<int64_t>{1, 2};
  EXPECT_TRUE(none.isNone());
  EXPECT_EQ(number.toInt(), 3);
  EXPECT_EQ(real.toDouble(), 2.5);
  EXPECT_EQ(text.toStringRef(), "hi");
  EXPECT_TRUE(flag.toBool());
  EXPECT_EQ(list.toIntVector().size(), 2U);
  EXPECT_EQ(IValue(std::optional<double>()).tagKind(), std::string("None"));
  EXPECT_EQ(IValue(Scalar(2.5)).toScalar().to<double>(), 2.5);
  EXPECT_THROW(number.toTensor(), TypeError);
  EXPECT_THROW(number.toDouble(), TypeError);
}

}  // namespace
}  // namespace hearth
