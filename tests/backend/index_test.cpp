#include "hearth/error.h"
#include "helpers.h"

namespace hearth::test {
namespace {

using V = std::vector<double>;

TEST(IndexSelect, AnyDimDtypeAndLayout) {
  for (const ScalarType dtype : {kBool, kShort, kFloat, kDouble}) {
    const Tensor base = random_tensor({3, 4, 5}, dtype);
    for (const Tensor& x : {base, transposed(base, 0, 2)}) {
      for (size_t dim = 0; dim < 3; ++dim) {
        DimVector sizes = impl(x)->sizes;
        sizes[dim] = 4;
        const Tensor out = make_tensor(sizes, dtype);
        const V at = {2, -1, 0, 2};
        cpu().index_select(out, x, static_cast<int64_t>(dim), tensor1(at, kLong));
        for (int64_t i = 0; i < impl(out)->numel; ++i) {
          int64_t rest = i, from = impl(x)->offset;
          for (size_t d = 3; d-- > 0;) {
            int64_t k = rest % sizes[d];
            rest /= sizes[d];
            if (d == dim)
              k = (static_cast<int64_t>(at[static_cast<size_t>(k)]) + impl(x)->sizes[d]) % impl(x)->sizes[d];
            from += k * impl(x)->strides[d];
          }
          EXPECT_EQ(get(out, i), get_at(x, from));
        }
      }
    }
  }
}

TEST(IndexFamily, OutOfRangeThrowsBeforeWriting) {
  const Tensor x = random_tensor({4, 3}, kFloat), out = random_tensor({2, 3}, kFloat, 5, 6);
  const V before = values(out);
  const Tensor bad = tensor1({1, 4}, kLong), negative = tensor1({-5, 0}, kLong);
  try {
    cpu().index_select(out, x, 0, bad);
    FAIL();
  } catch (const IndexError& e) {
    EXPECT_EQ(e.index, 4);
    EXPECT_EQ(e.size, 4);
    EXPECT_NE(e.msg().find("index_select"), std::string::npos);
    EXPECT_NE(e.msg().find("element 1"), std::string::npos);
  }
  EXPECT_THROW(cpu().index_select(out, x, 0, negative), IndexError);
  const Tensor square = from_values({0, 1, 2, 9, 0, 0}, {2, 3}, kLong);
  EXPECT_THROW(cpu().gather(out, x, 0, square), IndexError);
  EXPECT_THROW(cpu().index(out, x, {bad}), IndexError);
  EXPECT_EQ(values(out), before);
  const V whole = values(x);
  EXPECT_THROW(cpu().scatter(ScatterOp::add, x, 0, square, out), IndexError);
  EXPECT_THROW(cpu().index_add(x, 0, bad, out, Scalar(1)), IndexError);
  EXPECT_THROW(cpu().index_put(x, {bad}, out, true), IndexError);
  EXPECT_EQ(values(x), whole);
  const Tensor empty = make_tensor({0, 3}, kFloat);
  EXPECT_THROW(cpu().index_select(out, empty, 0, tensor1({0, 0}, kLong)), IndexError);
}

TEST(Gather, AgainstOneByOne) {
  for (const ScalarType dtype : {kChar, kHalf, kFloat, kLong}) {
    const Tensor x = random_tensor({5, 6}, dtype);
    const Tensor at = from_values({0, 5, -1, 2, 3, -6}, {2, 3}, kLong), out = make_tensor({2, 3}, dtype);
    cpu().gather(out, x, 1, at);
    for (int64_t i = 0; i < 6; ++i) {
      const auto k = (static_cast<int64_t>(get(at, i)) + 6) % 6;
      EXPECT_EQ(get(out, i), get(x, i / 3 * 6 + k));
    }
    const Tensor rows = from_values({4, 0, 1}, {1, 3}, kLong), picked = make_tensor({1, 3}, dtype);
    cpu().gather(picked, x, 0, rows);
    EXPECT_EQ(get(picked, 0), get(x, 24));
    EXPECT_EQ(get(picked, 1), get(x, 1));
    EXPECT_EQ(get(picked, 2), get(x, 8));
  }
}

TEST(Scatter, EveryOp) {
  for (const ScalarType dtype : {kInt, kFloat, kHalf, kDouble}) {
    const Tensor src = from_values({1, 2, 3, 4, 5, 6}, {2, 3}, dtype),
                 at = from_values({0, 0, 1, 1, 1, -1}, {2, 3}, kLong);
    const auto run = [&](ScatterOp op) {
      const Tensor out = from_values({10, 20, 30, 40, 50, 60}, {2, 3}, dtype);
      cpu().scatter(op, out, 0, at, src);
      return values(out);
    };
    EXPECT_EQ(run(ScatterOp::set), (V{1, 2, 30, 4, 5, 6}));
    EXPECT_EQ(run(ScatterOp::add), (V{11, 22, 30, 44, 55, 69}));
    EXPECT_EQ(run(ScatterOp::multiply), (V{10, 40, 30, 160, 250, 1080}));
    EXPECT_EQ(run(ScatterOp::amax), (V{10, 20, 30, 40, 50, 60}));
    EXPECT_EQ(run(ScatterOp::amin), (V{1, 2, 30, 4, 5, 3}));
  }
  const Tensor line = tensor1({0, 0, 0}), at = tensor1({1, 1, 1}, kLong);
  cpu().scatter(ScatterOp::set, line, 0, at, tensor1({7, 8, 9}));
  EXPECT_EQ(values(line), (V{0, 9, 0}));  // the last of a repeated index
  cpu().scatter(ScatterOp::amax, line, 0, at, tensor1({7, NAN, 9}));
  EXPECT_TRUE(std::isnan(get(line, 1)));
}

TEST(IndexAdd, RepeatsAddUp) {
  for (const ScalarType dtype : {kFloat, kLong, kHalf}) {
    const Tensor out = from_values({1, 1, 1, 1, 1, 1}, {3, 2}, dtype), src = from_values({1, 2, 3, 4}, {2, 2}, dtype);
    cpu().index_add(out, 0, tensor1({2, 2}, kLong), src, Scalar(2));
    EXPECT_EQ(values(out), (V{1, 1, 1, 1, 9, 13}));
    cpu().index_add(out, 1, tensor1({0, -1}, kLong), from_values({1, 2, 3, 4, 5, 6}, {3, 2}, dtype), Scalar(1));
    EXPECT_EQ(values(out), (V{2, 3, 4, 5, 14, 19}));
  }
}

TEST(IndexAdd, LargeIsTheSameForAnyThreads) {
  const Tensor src = random_floats({20000, 32}), at = make_tensor({20000}, kLong);
  std::mt19937 random(3);
  for (int64_t i = 0; i < 20000; ++i) set_at(at, i, static_cast<double>(random() % 100));
  expect_same_bits_for_any_threads("index_add", [&] {
    const Tensor out = make_tensor({100, 32}, kFloat);
    cpu().fill(out, Scalar(0));
    cpu().index_add(out, 0, at, src, Scalar(1));
    return out;
  });
}

TEST(Index, SeveralIndices) {
  const Tensor base = random_tensor({3, 4, 5}, kFloat);
  for (const Tensor& x : {base, transposed(random_tensor({4, 3, 5}, kFloat), 0, 1)}) {
    const Tensor i = from_values({0, -1, 2, 1}, {2, 2}, kLong), j = expanded(from_values({3, 1}, {2}, kLong), {2, 2});
    const Tensor out = make_tensor({2, 2, 5}, kFloat);
    cpu().index(out, x, {i, j});
    for (int64_t k = 0; k < 20; ++k) {
      const int64_t a = (static_cast<int64_t>(get(i, k / 5)) + 3) % 3, b = static_cast<int64_t>(get(j, k / 5));
      EXPECT_EQ(get(out, k), get(x, (a * 4 + b) * 5 + k % 5));
    }
    const Tensor all = make_tensor({4}, kFloat);
    cpu().index(all, x, {tensor1({0, 1, 2, 0}, kLong), tensor1({0, 1, 2, 3}, kLong), tensor1({4, 3, -5, 1}, kLong)});
    EXPECT_EQ(get(all, 0), get(x, 4));
    EXPECT_EQ(get(all, 2), get(x, 2 * 20 + 2 * 5));
  }
}

TEST(IndexPut, WritesAndAccumulates) {
  for (const ScalarType dtype : {kFloat, kInt, kBFloat16}) {
    const Tensor x = from_values({0, 0, 0, 0, 0, 0}, {3, 2}, dtype), v = from_values({1, 2, 3, 4, 5, 6}, {3, 2}, dtype);
    cpu().index_put(x, {tensor1({0, 2, 0}, kLong)}, v, false);
    EXPECT_EQ(values(x), (V{5, 6, 0, 0, 3, 4}));
    cpu().index_put(x, {tensor1({0, 2, 0}, kLong)}, v, true);
    EXPECT_EQ(values(x), (V{11, 14, 0, 0, 6, 8}));
    const Tensor view = transposed(x, 0, 1);
    cpu().index_put(view, {tensor1({1}, kLong), tensor1({0}, kLong)}, tensor1({99}, dtype), false);
    EXPECT_EQ(get(x, 1), 99);
  }
}

TEST(Nonzero, RowMajorPlaces) {
  for (const ScalarType dtype : {kBool, kFloat, kLong}) {
    const Tensor x = from_values({0, 1, 1, 0, 0, 1}, {2, 3}, dtype), out = make_tensor({3, 2}, kLong);
    cpu().nonzero(out, x);
    EXPECT_EQ(values(out), (V{0, 1, 0, 2, 1, 2}));
    cpu().nonzero(out, transposed(x, 0, 1));
    EXPECT_EQ(values(out), (V{1, 0, 2, 0, 2, 1}));
  }
  const Tensor big = random_tensor({100000}, kBool);
  const int64_t count = cpu().count_nonzero(big);
  const Tensor out = make_tensor({count, 1}, kLong);
  cpu().nonzero(out, big);
  int64_t next = 0;
  for (int64_t i = 0; i < 100000; ++i) {
    if (get(big, i) != 0) {
      ASSERT_EQ(get(out, next++), i);
    }
  }
}

}  // namespace
}  // namespace hearth::test
