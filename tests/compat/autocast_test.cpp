#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace {

TEST(CompatAutocast, SwitchesOfLibTorchAreHearths) {
  const torch::Tensor x = torch::ones({2, 2});
  EXPECT_FALSE(at::autocast::is_cpu_enabled());
  EXPECT_EQ(at::autocast::increment_nesting(), 1);
  at::autocast::set_cpu_enabled(true);
  EXPECT_EQ(torch::mm(x, x).scalar_type(), at::autocast::get_autocast_cpu_dtype());
  EXPECT_EQ(torch::mm(x, x).scalar_type(), torch::kBFloat16);
  torch::autocast::set_autocast_cpu_dtype(torch::kHalf);
  EXPECT_EQ(torch::mm(x, x).scalar_type(), torch::kHalf);
  torch::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
  at::autocast::set_cpu_enabled(false);
  EXPECT_EQ(torch::mm(x, x).scalar_type(), torch::kFloat);
  at::autocast::clear_cache();
  EXPECT_EQ(at::autocast::decrement_nesting(), 0);
  at::autocast::set_autocast_cache_enabled(false);
  EXPECT_FALSE(at::autocast::is_autocast_cache_enabled());
  at::autocast::set_autocast_cache_enabled(true);
}

TEST(CompatAutocast, OtherDevicesChangeNothingHere) {
  at::autocast::set_enabled(true);
  EXPECT_TRUE(at::autocast::is_enabled());
  EXPECT_FALSE(at::autocast::is_cpu_enabled());
  const torch::Tensor x = torch::ones({2, 2});
  EXPECT_EQ(torch::mm(x, x).scalar_type(), torch::kFloat);
  at::autocast::set_enabled(false);
  EXPECT_EQ(at::autocast::get_autocast_gpu_dtype(), torch::kHalf);
}

}  // namespace
