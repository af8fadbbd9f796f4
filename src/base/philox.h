#pragma once

#include <array>
#include <cstdint>

namespace hearth {

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four random words from a key
/// and a counter, with no state, so that masks are filled in parallel. Always inlined, since the files that are built
/// per instruction set may define no shared copy.
[[gnu::always_inline]] inline std::array<uint32_t, 4> philox(std::array<uint32_t, 2> key,
                                                             std::array<uint32_t, 4> counter) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{0xD2511F53U} * counter[0];
    const uint64_t product1 = uint64_t{0xCD9E8D57U} * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

/// The same with the key and the counter's halves as 64-bit words: block `low` of stream `high`.
[[gnu::always_inline]] inline std::array<uint32_t, 4> philox(uint64_t key, uint64_t low, uint64_t high = 0) {
  return philox(std::array<uint32_t, 2>{static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)},
                std::array<uint32_t, 4>{static_cast<uint32_t>(low), static_cast<uint32_t>(low >> 32),
                                        static_cast<uint32_t>(high), static_cast<uint32_t>(high >> 32)});
}

}  // namespace hearth
