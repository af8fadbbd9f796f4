#include "base/view_counts.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

#include "hearth/hearth.h"

namespace hearth {
namespace {

TEST(ViewCounts, AViewThatDiesLeavesItsCountsToTheNext) {
  const Tensor base = tensor({{0, 1}, {2, 3}, {4, 5}});
  const size_t handles = base.use_count(), storages = base.storage().use_count();
  {
    const ViewCounts counts;
    for (int64_t i = 0; i < 3; ++i) {
      const Tensor row = base[i];
      EXPECT_EQ(base.use_count(), handles + 1);
      EXPECT_EQ(row.sum().item<int64_t>(), 4 * i + 1);
    }
    EXPECT_EQ(base.use_count(), handles + 1);
    EXPECT_EQ(base.storage().use_count(), storages + 1);
    const Tensor two[] = {base[0], base[1]};
    EXPECT_EQ(base.use_count(), handles + 2);
  }
  EXPECT_EQ(base.use_count(), handles);
  EXPECT_EQ(base.storage().use_count(), storages);
}

TEST(ViewCounts, BasesThatAreGoneMakeRoomAndEndWithTheGuard) {
  const int64_t before = memory_stats().current;
  {
    const ViewCounts counts;
    for (int i = 0; i < 100; ++i) zeros({1000})[3].fill_(1);
    EXPECT_LE(memory_stats().current - before, 5 * 4096);  // the four places, and what is at hand
    const Tensor kept = zeros({1000});
    kept[1].fill_(2);
    EXPECT_EQ(kept.use_count(), 2U);
  }
  EXPECT_EQ(memory_stats().current, before);
}

TEST(ViewCounts, MoreBasesThanPlacesCountForThemselves) {
  std::vector<Tensor> bases;
  for (int i = 0; i < 9; ++i) bases.push_back(full({4, 2}, i));
  const ViewCounts counts;
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < 9; ++i) EXPECT_EQ(bases[static_cast<size_t>(i)][round].sum().item<float>(), 2 * i);
  size_t kept = 0;
  for (const Tensor& base : bases) kept += base.use_count() - 1;
  EXPECT_EQ(kept, 4U);
}

TEST(ViewCounts, AnotherStorageIsAnotherBase) {
  Tensor base = zeros({2, 2});
  const ViewCounts counts;
  (void)base[0];
  base.set_data(ones({2, 2}));
  EXPECT_EQ(base[0].sum().item<float>(), 2);
  const Tensor row = base[1];
  EXPECT_TRUE(row.is_alias_of(base));
  EXPECT_EQ(row.sum().item<float>(), 2);
}

TEST(ViewCounts, ViewsKeepTheirPlaceInHistory) {
  const Tensor base = ones({3}).requires_grad_();
  const ViewCounts counts;
  (void)base[0];
  const Tensor product = base * 2;
  for (int64_t i = 0; i < 3; ++i) product[i].mul_(static_cast<double>(i));  // views of views' base: history goes on
  product.sum().backward();
  EXPECT_EQ(base.grad()[2].item<float>(), 4);
  EXPECT_THROW(base[0].fill_(1), AutogradError);
}

TEST(ViewCounts, GuardsNestAndThreadsHaveTheirOwn) {
  const Tensor base = zeros({2});
  EXPECT_EQ(ViewCounts::current(), nullptr);
  std::optional<ViewCounts> outer(std::in_place);
  {
    const ViewCounts inner;
    EXPECT_EQ(ViewCounts::current(), &inner);
    (void)base[0];
  }
  EXPECT_EQ(ViewCounts::current(), &*outer);
  EXPECT_EQ(base.use_count(), 1U);
  std::thread([&] {
    EXPECT_EQ(ViewCounts::current(), nullptr);
    const ViewCounts mine;
    for (int i = 0; i < 1000; ++i) (void)base[1];
  }).join();
  for (int i = 0; i < 1000; ++i) (void)base[1];
  outer.reset();
  EXPECT_EQ(base.use_count(), 1U);
}

TEST(ViewCounts, ATensorOutlivesItsStorageAndTheOtherWayRound) {
  const int64_t before = memory_stats().current;
  {
    Tensor a = zeros({1000}), b = ones({500});
    const Tensor old = a.detach();
    a.set_data(b);  // a's object is left by its storage's last user but one
    EXPECT_EQ(a.sum().item<float>(), 500);
    a = Tensor();
    EXPECT_EQ(old.sum().item<float>(), 0);
    EXPECT_EQ(b.sum().item<float>(), 500);
  }
  EXPECT_EQ(memory_stats().current, before);
}

}  // namespace
}  // namespace hearth
