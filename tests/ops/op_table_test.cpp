#include "ops/op_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace hearth::op_table {
namespace {

const Rows& all_rows() {
  static const Rows rows = [] {
    Rows r;
    add_pointwise_rows(r);
    add_activation_rows(r);
    add_compare_rows(r);
    add_reduce_rows(r);
    add_shape_rows(r);
    add_index_rows(r);
    add_matmul_rows(r);
    add_conv_rows(r);
    add_norm_rows(r);
    add_optim_rows(r);
    add_resample_rows(r);
    add_layer_rows(r);
    add_loss_rows(r);
    add_margin_loss_rows(r);
    add_sequence_rows(r);
    add_recurrent_rows(r);
    add_random_rows(r);
    add_copy_rows(r);
    add_alias_rows(r);
    add_rearrange_rows(r);
    add_special_rows(r);
    add_search_rows(r);
    add_contraction_rows(r);
    add_linalg_rows(r);
    return r;
  }();
  return rows;
}

const char* const kOpNames[] = {
#include "ops/generated/op_names.inc"
};

std::string base_name(const std::string& name) { return name.substr(0, name.find('.')); }

::testing::AssertionResult close(const Tensor& got, const Tensor& want, double rtol, double atol) {
  if (got.sizes() != want.sizes())
    return ::testing::AssertionFailure() << "shape " << to_string(got.sizes()) << ", expected "
                                         << to_string(want.sizes());
  const Tensor a = got.detach().to(kDouble).contiguous(), b = want.detach().to(kDouble).contiguous();
  for (int64_t i = 0; i < a.numel(); ++i) {
    const double x = a.data_ptr<double>()[i], y = b.data_ptr<double>()[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    if (!(std::abs(x - y) <= atol + rtol * std::abs(y)))
      return ::testing::AssertionFailure() << "element " << i << " is " << x << ", expected " << y;
  }
  return ::testing::AssertionSuccess();
}

bool floating(const Tensor& t) { return t.defined() && t.is_floating_point(); }

In cast_all(const In& x, ScalarType dtype) {
  In out;
  for (const Tensor& t : x) out.push_back(floating(t) ? t.to(dtype) : t);
  return out;
}

In clone_all(const In& x) {
  In out;
  for (const Tensor& t : x) out.push_back(t.defined() ? t.detach().clone() : t);
  return out;
}

/// The same values with other strides: reversed dimensions, or every second element of something larger.
Tensor strided_copy(const Tensor& t, bool sliced) {
  if (!t.defined() || t.dim() == 0) return t;
  if (sliced) {
    std::vector<int64_t> sizes = t.sizes().vec();
    sizes.back() = sizes.back() * 2 + 1;
    Tensor whole = t.new_zeros(sizes);
    Tensor part = whole.slice(-1, 1, std::nullopt, 2);
    part.copy_(t);
    return part;
  }
  std::vector<int64_t> order;
  for (int64_t d = t.dim(); d-- > 0;) order.push_back(d);
  return t.permute(order).clone().permute(order);
}

class OpTable : public ::testing::TestWithParam<size_t> {
 protected:
  const Row& row() const { return all_rows()[GetParam()]; }
  bool differentiable(const In& x, size_t i) const {
    if (!floating(x[i])) return false;
    return row().differentiable.empty() || row().differentiable[i];
  }
  In leaves(const In& x) const {
    In out = clone_all(x);
    for (size_t i = 0; i < out.size(); ++i)
      if (differentiable(out, i)) out[i].requires_grad_();
    return out;
  }
};

TEST_P(OpTable, Value) {
  ASSERT_FALSE(row().samples.empty()) << "a row needs samples";
  if (!row().reference) return;
  for (const In& x : row().samples)
    EXPECT_TRUE(close(row().function(clone_all(x)), row().reference(x), row().tolerance, row().tolerance));
}

TEST_P(OpTable, Layouts) {
  if (!row().layouts) return;
  for (const In& x : row().samples) {
    const Tensor want = row().function(clone_all(x));
    for (const bool sliced : {false, true}) {
      In strided;
      for (const Tensor& t : x) strided.push_back(strided_copy(t, sliced));
      EXPECT_TRUE(close(row().function(strided), want, 1e-9, 1e-12)) << (sliced ? "sliced" : "transposed");
    }
  }
}

double precision(ScalarType t) {
  switch (t) {
    case kFloat: return 2e-6;
    case kHalf: return 2e-3;
    case kBFloat16: return 1.6e-2;
    default: return 0;
  }
}

TEST_P(OpTable, Dtypes) {
  if (!row().reference) return;
  for (const ScalarType t : row().dtypes)
    for (const In& x : row().samples) {
      const In low = cast_all(x, t);
      const double tolerance = precision(t) * row().loss_of_precision;
      const Tensor got = row().function(clone_all(low));
      EXPECT_TRUE(close(got, row().reference(cast_all(low, kDouble)), tolerance, tolerance)) << toString(t);
    }
  for (const ScalarType t : row().integer_dtypes)
    for (const In& x : row().samples) {
      In whole;
      for (const Tensor& in : x) whole.push_back(floating(in) ? (in * 3).trunc().abs().to(t) : in);
      In wide;
      for (const Tensor& in : whole) wide.push_back(in.to(kDouble));
      EXPECT_TRUE(close(row().function(clone_all(whole)), row().reference(wide), 1e-5, 1e-5)) << toString(t);
    }
}

TEST_P(OpTable, Forms) {
  for (const In& x : row().samples) {
    const Tensor want = row().function(clone_all(x));
    if (row().method) {
      EXPECT_TRUE(close(row().method(clone_all(x)), want, 0, 0)) << "method";
    }
    if (row().out) {
      Tensor out = empty({0}, want.scalar_type());
      const Tensor returned = row().out(out, clone_all(x));
      EXPECT_TRUE(close(out, want, 0, 0)) << "out";
      EXPECT_TRUE(returned.is_same(out)) << "out returns out";
      Tensor exact = empty(want.sizes(), want.scalar_type());  // written directly
      row().out(exact, clone_all(x));
      EXPECT_TRUE(close(exact, want, 0, 0)) << "out of the right shape";
    }
    if (row().in_place && want.sizes() == x[0].sizes()) {
      In own = clone_all(x);
      const int64_t version = own[0]._version();
      const Tensor returned = row().in_place(own);
      EXPECT_TRUE(returned.is_same(own[0])) << "in place returns self";
      EXPECT_TRUE(close(own[0], want.to(own[0].scalar_type()), 0, 0)) << "in place";
      EXPECT_GT(own[0]._version(), version) << "in place counts the write";
    }
  }
}

/// In place on a view: the base sees the values, and gradients flow as through the out-of-place form.
TEST_P(OpTable, InPlaceThroughAView) {
  if (!row().in_place) return;
  for (const In& x : row().samples) {
    if (row().function(clone_all(x)).sizes() != x[0].sizes()) continue;
    const Tensor pair = stack({x[0], x[0] * 0.5});
    In plain = leaves(x);
    Tensor a = pair.clone().requires_grad_(), b = pair.clone().requires_grad_();
    Tensor base = a * 1;
    In through = leaves(x);
    through[0] = base.select(0, 1);
    row().in_place(through);
    In direct = plain;
    direct[0] = (b * 1).select(0, 1);
    Tensor result = row().function(direct);
    if (!floating(result)) result = result.to(kDouble);
    const Tensor want = stack({(b * 1).select(0, 0), result});
    EXPECT_TRUE(close(base, want, 0, 0));
    const Tensor weights = numbers(want.sizes(), 0.5, 1.5, 77);
    (base * weights).sum().backward();
    (want * weights).sum().backward();
    EXPECT_TRUE(close(a.grad(), b.grad(), 1e-12, 1e-12));
    for (size_t i = 1; i < x.size(); ++i)
      if (differentiable(x, i) && row().gradient) {
        EXPECT_TRUE(close(through[i].grad(), plain[i].grad(), 1e-12, 1e-12)) << "input " << i;
      }
  }
}

/// d(sum(weights * f(x)))/dx_i by central differences.
Tensor numeric_gradient(const std::function<Tensor(const In&)>& f, const In& x, size_t i) {
  const NoGradGuard no_grad;
  In at = clone_all(x);
  at[i] = at[i].contiguous();
  Tensor gradient = zeros_like(at[i]);
  double* p = at[i].data_ptr<double>();
  for (int64_t k = 0; k < at[i].numel(); ++k) {
    const double value = p[k], h = 1e-6 * std::max(1.0, std::abs(value));
    p[k] = value + h;
    const double above = f(at).item<double>();
    p[k] = value - h;
    const double below = f(at).item<double>();
    p[k] = value;
    gradient.data_ptr<double>()[k] = (above - below) / (2 * h);
  }
  return gradient;
}

Tensor weighted(const Tensor& y, uint64_t seed) {
  return (y * numbers(y.sizes(), 0.5, 1.5, seed).to(y.scalar_type())).sum();
}

TEST_P(OpTable, Gradient) {
  if (!row().gradient) return;
  bool any = false;
  for (const In& sample : row().samples) {
    const In x = leaves(sample);
    const auto loss = [&](const In& in) { return weighted(row().function(in), 50); };
    const Tensor y = loss(x);
    if (!y.requires_grad()) continue;
    y.backward();
    for (size_t i = 0; i < x.size(); ++i) {
      if (!differentiable(x, i)) continue;
      any = true;
      const Tensor want = numeric_gradient(loss, x, i);
      const Tensor got = x[i].grad().defined() ? x[i].grad() : zeros_like(x[i]);
      EXPECT_TRUE(close(got, want, 1e-5, 1e-7)) << "input " << i << " of shape " << to_string(x[i].sizes());
    }
  }
  EXPECT_TRUE(any) << "no sample has a gradient: set gradient to false if that is meant";
}

TEST_P(OpTable, SecondGradient) {
  if (!row().gradient || !row().second) return;
  for (const In& sample : row().samples) {
    const In x = leaves(sample);
    // sum over inputs of <weights, d loss / d input>, as a function of the inputs
    const auto slope = [&](const In& in) {
      const AutoGradMode enable(true);
      In own = in;
      std::vector<Tensor> wanted;
      for (size_t i = 0; i < own.size(); ++i)
        if (differentiable(own, i)) {
          if (!own[i].requires_grad()) own[i] = own[i].detach().requires_grad_();
          wanted.push_back(own[i]);
        }
      const Tensor y = row().function(own);
      const Tensor loss = weighted(y * y, 50);  // the square keeps linear ops from having a trivial slope
      const auto g = autograd::grad({loss}, wanted, {}, true, true, true);
      Tensor sum = zeros({}, kDouble);
      for (size_t i = 0; i < g.size(); ++i)
        if (g[i].defined()) sum = sum + weighted(g[i], 60 + i);
      return sum;
    };
    if (!row().function(x).requires_grad()) continue;
    const Tensor s = slope(x);
    if (!s.requires_grad()) continue;
    s.backward();
    for (size_t i = 0; i < x.size(); ++i) {
      if (!differentiable(x, i)) continue;
      const Tensor want = numeric_gradient(slope, x, i);
      const Tensor got = x[i].grad().defined() ? x[i].grad() : zeros_like(x[i]);
      EXPECT_TRUE(close(got, want, 2e-5, 1e-6)) << "input " << i << " of shape " << to_string(x[i].sizes());
    }
  }
}

TEST_P(OpTable, BadInputs) {
  EXPECT_GE(row().bad.size(), 3U) << "a row needs three bad inputs";
  for (const Bad& b : row().bad) {
    try {
      b.call();
      ADD_FAILURE() << b.what << ": nothing was thrown";
    } catch (const Error& e) {
      EXPECT_TRUE(b.is_expected(e)) << b.what << ": another kind of error: " << e.what();
      EXPECT_EQ(e.what()[0], '[') << b.what << ": the message does not open with the op: " << e.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, OpTable, ::testing::Range<size_t>(0, all_rows().size()), [](const auto& row) {
  std::string name = all_rows()[row.param].name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(OpTableItself, EveryPublicOpHasARow) {
  std::set<std::string> rows;
  for (const Row& r : all_rows()) rows.insert(base_name(r.name));
  std::string missing, unknown;
  std::set<std::string> names;
  for (const char* name : kOpNames) {
    names.insert(name);
    if (!rows.count(name)) missing += std::string(" ") + name;
  }
  for (const std::string& r : rows)
    if (!names.count(r)) unknown += " " + r;
  EXPECT_EQ(missing, "") << "public ops without a row in tests/ops/*_cases.cpp";
  EXPECT_EQ(unknown, "") << "rows of ops that do not exist";
}

TEST(OpTableItself, NamesAreUnique) {
  std::set<std::string> seen;
  for (const Row& r : all_rows()) EXPECT_TRUE(seen.insert(r.name).second) << r.name;
}

}  // namespace
}  // namespace hearth::op_table
