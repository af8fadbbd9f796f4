#include "helpers.h"

namespace hearth::test {
namespace {

TEST(Copy, EveryPairOfDtypes) {
  std::vector<ScalarType> dtypes = all_dtypes();
  dtypes.push_back(kBool);
  for (const ScalarType from : dtypes) {
    const Tensor x = random_tensor({5, 7}, from, 0, 9);
    for (const ScalarType to : dtypes) {
      const Tensor flat = make_tensor({5, 7}, to), turned = transposed(make_tensor({7, 5}, to), 0, 1);
      cpu().copy(flat, x);
      cpu().copy(turned, x);
      for (int64_t i = 0; i < 35; ++i) {
        double want = get(x, i);
        if (to == kBool) {
          want = want != 0 ? 1 : 0;
        } else if (!isFloatingType(to)) {
          want = std::trunc(want);
        }
        expect_near(get(flat, i), want, isFloatingType(to) ? std::max(tolerance(to), tolerance(from)) : 0);
        EXPECT_EQ(get(turned, i), get(flat, i));
      }
    }
  }
}

TEST(Copy, FloatToIntegerTruncates) {
  const Tensor y = make_tensor({4}, kLong);
  cpu().copy(y, tensor1({1.9, -1.9, 0.5, -0.5}));
  EXPECT_EQ(values(y), (std::vector<double>{1, -1, 0, 0}));
  const Tensor bytes = make_tensor({2}, kByte);
  cpu().copy(bytes, tensor1({-1, 257}));  // by way of int64, as the processor does it
  EXPECT_EQ(values(bytes), (std::vector<double>{255, 1}));
  const Tensor truth = make_tensor({3}, kBool);
  cpu().copy(truth, tensor1({0.1, 0, NAN}));
  EXPECT_EQ(values(truth), (std::vector<double>{1, 0, 1}));
}

TEST(Copy, LayoutsOfEveryWidth) {
  for (const ScalarType dtype : {kChar, kShort, kFloat, kDouble}) {
    const Tensor x = random_tensor({3, 70, 50}, dtype, -100, 100);
    const Tensor views[] = {
        x, transposed(x, 1, 2), transposed(x, 0, 2), transposed(x, 0, 1), every_second(x, 2), every_second(x, 1)};
    for (const Tensor& view : views) {
      const Tensor out = make_tensor(impl(view)->sizes, dtype);
      cpu().copy(out, view);
      for (int64_t i = 0; i < impl(view)->numel; ++i) ASSERT_EQ(get(out, i), get(view, i));
      if (impl(view)->numel != impl(x)->numel) continue;
      const Tensor back = make_tensor({3, 70, 50}, dtype);  // and written through the view
      const Tensor target = make_alias(back, impl(view)->sizes, impl(view)->strides, 0);
      cpu().copy(target, out);
      EXPECT_TRUE(same_bits(back, x));
    }
  }
}

TEST(Copy, Broadcasts) {
  const Tensor x = random_tensor({4, 1}, kInt), out = make_tensor({3, 4, 5}, kInt),
               cast = make_tensor({3, 4, 5}, kDouble);
  cpu().copy(out, x);
  cpu().copy(cast, x);
  for (int64_t i = 0; i < 60; ++i) {
    EXPECT_EQ(get(out, i), broadcast_get(x, {3, 4, 5}, i));
    EXPECT_EQ(get(cast, i), get(out, i));
  }
}

TEST(Fill, EveryDtypeAndLayout) {
  for (const ScalarType dtype : all_dtypes()) {
    const Tensor base = random_tensor({4, 6}, dtype, 1, 2), view = every_second(base, 1);
    const double before = get(base, 0);
    cpu().fill(view, Scalar(7));
    for (int64_t i = 0; i < 24; ++i) {
      if (i % 2 == 1) {
        EXPECT_EQ(get(base, i), 7);
      }
    }
    EXPECT_EQ(get(base, 0), before);
  }
  const Tensor truth = make_tensor({2}, kBool);
  cpu().fill(truth, Scalar(3));
  EXPECT_EQ(values(truth), (std::vector<double>{1, 1}));
}

TEST(Ranges, ArangeAndLinspace) {
  const Tensor whole = make_tensor({4}, kLong), real = make_tensor({3}, kFloat);
  cpu().arange(whole, Scalar(5), Scalar(-2));
  EXPECT_EQ(values(whole), (std::vector<double>{5, 3, 1, -1}));
  cpu().arange(real, Scalar(0.5), Scalar(0.25));
  EXPECT_EQ(values(real), (std::vector<double>{0.5, 0.75, 1}));
  const Tensor line = make_tensor({5}, kDouble), one = make_tensor({1}, kFloat), counts = make_tensor({3}, kInt);
  cpu().linspace(line, Scalar(-1.0), Scalar(1.0));
  EXPECT_EQ(values(line), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  cpu().linspace(one, Scalar(3.0), Scalar(9.0));
  EXPECT_EQ(get(one, 0), 3);
  cpu().linspace(counts, Scalar(0), Scalar(5));
  EXPECT_EQ(values(counts), (std::vector<double>{0, 2, 5}));
  // Symmetric: the ends are exact and the halves mirror each other.
  const Tensor many = make_tensor({101}, kFloat);
  cpu().linspace(many, Scalar(-0.1), Scalar(0.1));
  for (int64_t i = 0; i < 101; ++i) EXPECT_EQ(get(many, i), -get(many, 100 - i));
}

TEST(Copy, SameBitsForAnyThreads) {
  const Tensor x = random_floats({1500, 1700});
  expect_same_bits_for_any_threads("transpose", [&] {
    const Tensor out = make_tensor({1700, 1500}, kFloat);
    cpu().copy(out, transposed(x, 0, 1));
    return out;
  });
}

}  // namespace
}  // namespace hearth::test
