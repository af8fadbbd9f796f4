// A graph far deeper than any stack: nothing may recurse, neither backward nor the graph's end.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hearth/hearth.h"

namespace hearth {
namespace {

bool is_instrumented() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
  return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
  return false;
#endif
}

void chain(int64_t nodes) {
  const Tensor x = ones({1}, TensorOptions().requires_grad(true));
  {
    Tensor y = x;
    for (int64_t i = 0; i < nodes; ++i) y = y + 1;
    y.backward();
  }
  EXPECT_EQ(x.grad().item<float>(), 1);
}

TEST(DeepGraph, TenMillionNodesOnAnOrdinaryStack) {
  rlimit stack{};
  ASSERT_EQ(::getrlimit(RLIMIT_STACK, &stack), 0);
  if (stack.rlim_cur == RLIM_INFINITY || stack.rlim_cur > rlim_t{16} << 20)
    GTEST_SKIP() << "the stack is larger than 16 MiB; run with ulimit -s 8192";
  const int64_t free_bytes = ::sysconf(_SC_AVPHYS_PAGES) * ::sysconf(_SC_PAGESIZE);
  if (is_instrumented()) return chain(200'000);
  if (free_bytes < int64_t{9} << 30) {
    chain(1'000'000);
    GTEST_SKIP() << "ten million nodes take 7.1 GB, and " << (free_bytes >> 20) << " MiB are free; a million ran";
  }
  chain(10'000'000);
}

}  // namespace
}  // namespace hearth
