#include "base/mt19937.h"

#include <algorithm>

namespace hearth {
namespace {

constexpr int kMiddle = 397;

/// The upper bit of one word and the rest of the next, times the twist matrix; without a branch, so that it vectorizes.
uint32_t twist(uint32_t upper, uint32_t lower) {
  const uint32_t mixed = (upper & 0x80000000U) | (lower & 0x7fffffffU);
  return (mixed >> 1) ^ ((0U - (lower & 1U)) & 0x9908b0dfU);
}

}  // namespace

void Mt19937::reseed(uint64_t seed) {
  auto& words = state_.words;
  words[0] = static_cast<uint32_t>(seed);
  for (uint32_t i = 1; i < kWords; ++i) words[i] = 1812433253U * (words[i - 1] ^ (words[i - 1] >> 30)) + i;
  state_.used = kWords;
}

void Mt19937::refill() {
  uint32_t* const w = state_.words.data();
  for (int i = 0; i < kWords - kMiddle; ++i) w[i] = w[i + kMiddle] ^ twist(w[i], w[i + 1]);
  for (int i = kWords - kMiddle; i < kWords - 1; ++i) w[i] = w[i + kMiddle - kWords] ^ twist(w[i], w[i + 1]);
  w[kWords - 1] = w[kMiddle - 1] ^ twist(w[kWords - 1], w[0]);
  state_.used = 0;
}

void Mt19937::fill(uint32_t* out, int64_t n) {
  while (n > 0) {
    if (state_.used == kWords) refill();
    const auto count = static_cast<uint32_t>(std::min<int64_t>(n, kWords - state_.used));
    const uint32_t* const words = state_.words.data() + state_.used;
    for (uint32_t i = 0; i < count; ++i) out[i] = temper(words[i]);
    state_.used += count;
    out += count;
    n -= count;
  }
}

}  // namespace hearth
