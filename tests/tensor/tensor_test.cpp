#include "hearth/tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <thread>

#include "hearth/hearth.h"
#include "tensor/allocator.h"

namespace hearth {
namespace {

using indexing::Ellipsis;
using indexing::None;
using indexing::Slice;

template <class T>
std::string text(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

TEST(Tensor, UndefinedOnesSaySo) {
  const Tensor t;
  EXPECT_FALSE(t.defined());
  EXPECT_THROW(t.sizes(), TypeError);
  EXPECT_THROW(t + 1, TypeError);
  EXPECT_EQ(text(t), "[ Tensor (undefined) ]");
}

TEST(Tensor, GeometryAndKind) {
  const Tensor t = zeros({2, 3, 4});
  EXPECT_EQ(t.sizes(), (std::vector<int64_t>{2, 3, 4}));
  EXPECT_EQ(text(t.sizes()), "[2, 3, 4]");
  EXPECT_EQ(t.strides(), (std::vector<int64_t>{12, 4, 1}));
  EXPECT_EQ(t.size(-1), 4);
  EXPECT_EQ(t.numel(), 24);
  EXPECT_EQ(t.nbytes(), 96U);
  EXPECT_THROW(t.size(3), IndexError);
  EXPECT_TRUE(t.dtype() == kFloat);
  EXPECT_EQ(text(t.dtype()), "float");
  EXPECT_FALSE(t.transpose(0, 1).is_contiguous());
  EXPECT_TRUE(t.transpose(0, 1).is_non_overlapping_and_dense());
  EXPECT_TRUE(
      empty({2, 3, 4, 5}, TensorOptions(), MemoryFormat::ChannelsLast).is_contiguous(MemoryFormat::ChannelsLast));
}

TEST(Tensor, AllTenDtypesAndUint16) {
  for (const ScalarType t : {kByte, kChar, kShort, kUInt16, kInt, kLong, kHalf, kFloat, kDouble, kBool, kBFloat16}) {
    const Tensor x = ones({2, 2}, t);
    EXPECT_EQ(x.scalar_type(), t);
    EXPECT_EQ(x[1][1].item<int>(), 1) << toString(t);
  }
}

TEST(Tensor, TensorFromBraces) {
  EXPECT_EQ(tensor({{1, 2}, {3, 4}}).scalar_type(), kLong);
  EXPECT_EQ(tensor({1.0, 2.0}).scalar_type(), kFloat);
  EXPECT_EQ(tensor({true, false}).scalar_type(), kBool);
  EXPECT_EQ(tensor(3).dim(), 0);
  EXPECT_EQ(tensor({{{1, 2, 3}}}).sizes(), (std::vector<int64_t>{1, 1, 3}));
  EXPECT_EQ(tensor(std::vector<float>{1, 2}, kDouble).scalar_type(), kDouble);
  EXPECT_EQ(tensor({}).numel(), 0);
  EXPECT_THROW(tensor({{1, 2}, {3}}), ShapeError);
}

TEST(Tensor, AccessorsAndItem) {
  Tensor t = arange(6, kFloat).view({2, 3});
  auto a = t.accessor<float, 2>();
  a[1][2] = 10;
  EXPECT_EQ(t[1][2].item<float>(), 10);
  EXPECT_THROW((t.accessor<float, 3>()), ShapeError);
  EXPECT_THROW(t.data_ptr<double>(), DtypeError);
  EXPECT_THROW(t.item(), ShapeError);
}

TEST(Tensor, FromBlobKeepsForeignMemory) {
  float data[6] = {1, 2, 3, 4, 5, 6};
  int freed = 0;
  {
    Tensor t = from_blob(data, {2, 3}, [&](void* p) { freed += p == data; });
    const Tensor view = t[1];
    t.reset();
    EXPECT_EQ(freed, 0);
    EXPECT_EQ(view[0].item<float>(), 4);
  }
  EXPECT_EQ(freed, 1);
  EXPECT_EQ(from_blob(data, {3}, {2})[1].item<float>(), 3);
  EXPECT_THROW(from_blob(nullptr, {1}), ValueError);
}

TEST(Tensor, AssignmentToATemporaryWritesThrough) {
  Tensor x = zeros({2, 2});
  x[0][1] = 5;
  x[1] = ones({2});
  EXPECT_TRUE(equal(x, tensor({{0.0, 5.0}, {1.0, 1.0}})));
  Tensor y = x;
  y = zeros({1});
  EXPECT_EQ(x.dim(), 2) << "assignment to a named tensor rebinds";
}

TEST(Tensor, IndexingFollowsNumPy) {
  const Tensor x = arange(24).view({2, 3, 4});
  EXPECT_EQ(x.index({1, Ellipsis, Slice(None, None, 2)}).sizes(), (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(x.index({None, 0}).sizes(), (std::vector<int64_t>{1, 3, 4}));
  EXPECT_TRUE(x.index({0}).is_alias_of(x)) << "a view where NumPy has one";
  EXPECT_EQ(x.index({tensor({0, 1}), Slice(), tensor({0, 1})}).sizes(), (std::vector<int64_t>{2, 3}))
      << "apart: in front";
  EXPECT_EQ(x.index({Slice(), tensor({0, 1}), tensor({0, 1})}).sizes(), (std::vector<int64_t>{2, 2}))
      << "adjacent: in place";
  EXPECT_EQ(x.index({x.gt(20)}).sizes(), (std::vector<int64_t>{3}));
  EXPECT_EQ(x.index({Slice(), x[0].gt(5)}).sizes(), (std::vector<int64_t>{2, 6}));
  EXPECT_EQ(x.index({tensor({{0}, {1}}), tensor({0, 1, 2})}).sizes(), (std::vector<int64_t>{2, 3, 4}));
  EXPECT_EQ(x.index({true}).sizes(), (std::vector<int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(x.index({false}).sizes(), (std::vector<int64_t>{0, 2, 3, 4}));
  EXPECT_EQ(x.index({tensor(1)}).sizes(), (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(x[tensor({1, 0})][0][0][0].item<int64_t>(), 12);
  EXPECT_THROW(x.index({2}), IndexError);
  EXPECT_THROW(x.index({0, 0, 0, 0}), IndexError);
  EXPECT_THROW(x.index({Ellipsis, Ellipsis}), IndexError);
  EXPECT_THROW(x.index({Slice(0, 2, -1)}), ValueError);
}

TEST(Tensor, IndexedAssignment) {
  Tensor x = zeros({3, 4}, kLong);
  x.index_put_({Slice(), 1}, tensor({1, 2, 3}));
  x.index_put_({tensor({0, 2}), tensor({3, 3})}, 9);
  x.index_put_({x.eq(0)}, -1);
  EXPECT_TRUE(equal(x, tensor({{-1, 1, -1, 9}, {-1, 2, -1, -1}, {-1, 3, -1, 9}})));
  x.index_put_({Ellipsis, Slice(2, None)}, tensor({{5, 6}}));
  EXPECT_TRUE(equal(x.select(1, 3), tensor({6, 6, 6})));
  EXPECT_THROW(x.index_put_({0}, ones({5}, kLong)), ShapeError);
}

TEST(Tensor, PromotionRules) {
  EXPECT_EQ((ones({2}, kInt) + ones({2}, kFloat)).scalar_type(), kFloat);
  EXPECT_EQ((ones({2}, kByte) + ones({2}, kChar)).scalar_type(), kShort);
  EXPECT_EQ((ones({2}, kInt) + 1.5).scalar_type(), kFloat);
  EXPECT_EQ((ones({2}, kFloat) + ones({}, kDouble)).scalar_type(), kFloat) << "0-dim tensors count by kind";
  EXPECT_EQ((ones({2}, kLong) / 2).scalar_type(), kFloat);
  EXPECT_EQ((ones({2}, kBool) + 1).scalar_type(), kLong);
  EXPECT_EQ(ones({2}, kInt).sum().scalar_type(), kLong);
  EXPECT_THROW(ones({2}, kLong).add_(1.5), DtypeError);
}

TEST(Tensor, PrintsAsLibTorch) {
  EXPECT_EQ(text(tensor({1, 20, 300})), "   1\n  20\n 300\n[ CPULongType{3} ]");
  EXPECT_EQ(text(tensor({{1.5, 2.0}, {-3.25, 4.0}})), " 1.5000  2.0000\n-3.2500  4.0000\n[ CPUFloatType{2,2} ]");
  EXPECT_EQ(text(tensor(3.5)), "3.5\n[ CPUFloatType{} ]");
  EXPECT_EQ(text(zeros({2, 1, 1})), "(1,.,.) = \n  0\n\n(2,.,.) = \n  0\n[ CPUFloatType{2,1,1} ]");
  EXPECT_EQ(text(tensor({1e-5, 1000.0})), " 1.0000e-05\n 1.0000e+03\n[ CPUFloatType{2} ]");
  EXPECT_EQ(text(empty({0})), "[ CPUFloatType{0} ]");
  EXPECT_EQ(text(TensorOptions(kLong)).substr(0, 27), "TensorOptions(dtype=long in");
}

TEST(Tensor, CreationFunctions) {
  EXPECT_TRUE(equal(arange(1, 7, 2), tensor({1, 3, 5})));
  EXPECT_EQ(arange(0, 1, 0.25).numel(), 4);
  EXPECT_TRUE(allclose(linspace(0, 1, 5), tensor({0.0, 0.25, 0.5, 0.75, 1.0})));
  EXPECT_TRUE(allclose(logspace(0, 2, 3), tensor({1.0, 10.0, 100.0})));
  EXPECT_EQ(range(0, 4, 2).numel(), 3);
  EXPECT_EQ(eye(2, 3).sum().item<float>(), 2);
  EXPECT_EQ(full({2}, 3).scalar_type(), kLong);
  EXPECT_EQ(full({2}, true).scalar_type(), kBool);
  EXPECT_EQ(ones_like(zeros({2, 2}, kInt)).scalar_type(), kInt);
  EXPECT_EQ(empty_strided({2, 2}, {1, 2}).strides(), (std::vector<int64_t>{1, 2}));
  EXPECT_THROW(arange(0, 5, -1), ValueError);
  EXPECT_THROW(zeros({-1}), ValueError);
  EXPECT_THROW(zeros({int64_t{1} << 40, int64_t{1} << 40}), ValueError);
  EXPECT_THROW(zeros({2}, kCUDA), NotImplementedError);
  EXPECT_THROW(zeros({2}, kSparse), NotImplementedError);
}

TEST(Tensor, SameSeedSameNumbersAsPyTorch) {
  manual_seed(0);
  EXPECT_TRUE(allclose(rand({3}), tensor({0.4962565899, 0.7682217956, 0.0884774327}), 0, 1e-7));
  manual_seed(0);
  EXPECT_TRUE(allclose(randn({3}), tensor({1.5409961, -0.2934289, -2.1787894}), 1e-6, 0));
  manual_seed(42);
  EXPECT_TRUE(equal(randperm(10), tensor({2, 6, 1, 8, 4, 5, 0, 9, 3, 7})));
  Generator own = detail::createCPUGenerator(0);
  const Tensor drawn = randint(100, {5}, own);
  own.set_current_seed(0);
  EXPECT_TRUE(equal(randint(100, {5}, own), drawn));
}

TEST(Memory, IsCountedCachedAndLimited) {
  const int64_t before = memory_stats().current;
  {
    const Tensor t = empty({1 << 20});
    EXPECT_GE(memory_stats().current, before + (4 << 20));
    EXPECT_GE(memory_stats().peak, before + (4 << 20));
    set_memory_limit(before + (5 << 20));
    EXPECT_THROW(empty({1 << 20}), OutOfMemoryError);
    set_memory_limit(0);
  }
  EXPECT_EQ(memory_stats().current, before);
  empty_cache();
  EXPECT_EQ(memory_stats().cached, 0);
  reset_peak_memory_stats();
  EXPECT_LE(memory_stats().peak, before + (1 << 17));
  EXPECT_THROW(set_memory_limit(-1), ValueError);
  EXPECT_THROW(set_cache_limit(-1), ValueError);
}

TEST(Memory, BlocksAreAlignedAndMoveBetweenThreads) {
  for (const size_t bytes :
       {size_t{0}, size_t{1}, size_t{64}, size_t{65}, size_t{1000}, size_t{1} << 16, size_t{3} << 20}) {
    void* block = allocate_block(bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 64, 0U);
    std::thread([&] { free_block(block, bytes); }).join();
  }
}

TEST(Errors, SayWhatDoesNotFit) {
  try {
    linear(ones({2, 7}), ones({4, 2}));
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_EQ(e.got, (std::vector<int64_t>{2, 7}));
    const std::string what = e.what();
    for (const char* part : {"[linear]", "7 features", "[2, 7]", "takes 2", "check"})
      EXPECT_NE(what.find(part), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace hearth
