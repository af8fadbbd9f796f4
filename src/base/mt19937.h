#pragma once

#include <array>
#include <cstdint>

namespace hearth {

/// The Mersenne twister (Matsumoto, Nishimura 1998) with 32-bit output: the same stream as std::mt19937.
class Mt19937 {
 public:
  static constexpr int kWords = 624;
  struct State {
    std::array<uint32_t, kWords> words;
    uint32_t used;  // words already given out, at most kWords
  };

  explicit Mt19937(uint64_t seed = 5489) { reseed(seed); }
  void reseed(uint64_t seed);  ///< only the seed's lower 32 bits count

  uint32_t operator()() {
    if (state_.used == kWords) refill();
    return temper(state_.words[state_.used++]);
  }
  /// The next n numbers, several times faster than one by one.
  void fill(uint32_t* out, int64_t n);

  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  static uint32_t temper(uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
  }
  void refill();

  State state_;
};

}  // namespace hearth
