// Random kernels: PyTorch's numbers (taken from LibTorch 1.13, seed 42) and masks that no thread count changes.
#include "base/rng.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;

TEST(Random, PyTorchsNumbers) {
  GeneratorImpl g;
  const auto seeded = [&]() -> GeneratorImpl& {
    g.set_current_seed(42);
    return g;
  };
  const Tensor ten = make_tensor({10}, kLong), six = make_tensor({6}, kInt), eight = make_tensor({8}, kLong);
  cpu().randperm(ten, seeded());
  EXPECT_EQ(values(ten), (V{2, 6, 1, 8, 4, 5, 0, 9, 3, 7}));
  cpu().randperm(six, seeded());
  EXPECT_EQ(values(six), (V{0, 3, 2, 4, 1, 5}));
  cpu().random_integers(eight, 0, 1000, seeded());
  EXPECT_EQ(values(eight), (V{542, 67, 876, 414, 26, 335, 620, 924}));
  const Tensor real = make_tensor({8}, kFloat);
  cpu().random_integers(real, -5, 10, seeded());
  EXPECT_EQ(values(real), (V{-3, 2, 1, -1, 1, 0, -5, -1}));
  const Tensor big = make_tensor({4}, kLong);
  cpu().random_integers(big, 0, uint64_t{1} << 40, seeded());
  expect_values(big, {4.4150779e+11, 3.95924838e+11, 4.58615281e+11, 8.10017304e+11}, 1e-8);
  const Tensor five = make_tensor({5}, kFloat), five64 = make_tensor({5}, kDouble);
  cpu().draw(DrawOp::exponential, five, tensor1({2}, kDouble), tensor1({0}, kDouble), seeded());
  expect_values(five, {0.0299570076, 0.032488063, 0.0659583881, 0.0270064753, 0.373455346}, 1e-7);
  cpu().draw(DrawOp::exponential, five64, tensor1({0.5}, kDouble), tensor1({0}, kDouble), seeded());
  expect_values(five64, {0.119828031, 0.129952258, 0.26383356, 0.108025904, 1.49382135}, 1e-8);
  cpu().uniform(five, -1, 3, seeded());
  expect_values(five, {2.52907705, 2.66001582, 0.53145504, 2.83722258, 0.56179285}, 1e-7);
  cpu().normal(five, 1, 2, seeded());
  expect_values(five, {1.67338073, 1.25761878, 1.46892476, 1.46066606, -1.24571276}, 1e-6);
  const Tensor many = make_tensor({18}, kFloat);
  cpu().normal(many, 0, 1, seeded());
  expect_near(get(many, 0), 1.92691529, 1e-6);
  expect_near(get(many, 17), -0.395710498, 1e-6);
}

TEST(Random, StridedOutputsGetTheSameNumbers) {
  GeneratorImpl g, h;
  const Tensor flat = make_tensor({6, 4}, kFloat), view = transposed(make_tensor({4, 6}, kFloat), 0, 1);
  cpu().normal(flat, 0, 1, g);
  cpu().normal(view, 0, 1, h);
  EXPECT_EQ(values(flat), values(view));
}

TEST(Dropout, KeepsScalesAndDropsByTheMask) {
  for (const ScalarType dtype : float_dtypes()) {
    const Tensor x = random_tensor({5003}, dtype, 1, 2), y = make_tensor({5003}, dtype),
                 mask = make_tensor({5003}, kBool);
    cpu().dropout(y, mask, x, 0.25, 99);
    int64_t kept = 0;
    for (int64_t i = 0; i < 5003; ++i) {
      kept += get(mask, i) != 0;
      expect_near(get(y, i), get(mask, i) != 0 ? get(x, i) / 0.75 : 0, tolerance(dtype));
    }
    EXPECT_NEAR(static_cast<double>(kept) / 5003, 0.75, 0.03);
    cpu().dropout(y, mask, x, 1, 99);
    EXPECT_EQ(get(y, 5), 0);
    cpu().dropout(y, mask, x, 0, 99);
    for (int64_t i = 0; i < 5003; ++i) EXPECT_EQ(get(y, i), get(x, i));
  }
}

TEST(Dropout, SameForAnyThreadsAndLayout) {
  const Tensor x = random_floats({500, 1001});
  expect_same_bits_for_any_threads("dropout", [&] {
    const Tensor y = make_tensor({500, 1001}, kFloat), mask = make_tensor({500, 1001}, kBool);
    cpu().dropout(y, mask, x, 0.5, 7);
    return y;
  });
  // One element depends on its place alone: a shorter tensor starts with the same mask.
  const Tensor a = make_tensor({1000}, kBool), b = make_tensor({10}, kBool), half = from_values({0.5}, {}, kFloat);
  cpu().bernoulli(a, half, 3);
  cpu().bernoulli(b, half, 3);
  for (int64_t i = 0; i < 10; ++i) EXPECT_EQ(get(a, i), get(b, i));
}

TEST(Bernoulli, ProbabilitiesBroadcast) {
  const Tensor p = from_values({0, 1, 0.3}, {3, 1}, kFloat), out = make_tensor({3, 4000}, kFloat);
  cpu().bernoulli(out, p, 11);
  V sums(3, 0.0);
  for (int64_t i = 0; i < 12000; ++i) sums[static_cast<size_t>(i / 4000)] += get(out, i);
  EXPECT_EQ(sums[0], 0);
  EXPECT_EQ(sums[1], 4000);
  EXPECT_NEAR(sums[2] / 4000, 0.3, 0.03);
}

}  // namespace
}  // namespace hearth::test
