#include "base/checksum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/cpu_features.h"

namespace hearth {
namespace {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

/// tables[k][b]: what byte b does to the CRC when k more bytes follow in the same step.
constexpr Tables make_tables() {
  Tables tables{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78U : 0U);
    tables[0][b] = crc;
  }
  for (uint32_t b = 0; b < 256; ++b)
    for (size_t k = 1; k < 8; ++k) tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xff];
  return tables;
}
constexpr Tables kTables = make_tables();

constexpr uint64_t kPrimes[] = {0x9e3779b185ebca87, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9, 0x85ebca77c2b2ae63,
                                0x27d4eb2f165667c5};

template <class T>
T load(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}
uint64_t mix(uint64_t lane, uint64_t input) { return std::rotl(lane + input * kPrimes[1], 31) * kPrimes[0]; }

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] uint32_t crc32c_hardware(const void* data, size_t size, uint32_t crc) {
  const auto* p = static_cast<const uint8_t*>(data);
  uint64_t state = ~crc;
  for (; size >= 8; p += 8, size -= 8) state = __builtin_ia32_crc32di(state, load<uint64_t>(p));
  auto rest = static_cast<uint32_t>(state);
  for (; size > 0; ++p, --size) rest = __builtin_ia32_crc32qi(rest, *p);
  return ~rest;
}
#endif

}  // namespace

uint32_t crc32c(const void* data, size_t size, uint32_t crc) {
#if defined(__x86_64__)
  if (cpu_isa() != Isa::base) return crc32c_hardware(data, size, crc);
#endif
  return crc32c_portable(data, size, crc);
}

uint32_t crc32c_portable(const void* data, size_t size, uint32_t crc) {
  const auto* p = static_cast<const uint8_t*>(data);
  crc = ~crc;
  for (; size >= 8; p += 8, size -= 8) {
    const uint64_t word = load<uint64_t>(p) ^ crc;
    crc = 0;
    for (unsigned k = 0; k < 8; ++k) crc ^= kTables[7 - k][(word >> (8 * k)) & 0xff];
  }
  for (; size > 0; ++p, --size) crc = (crc >> 8) ^ kTables[0][(crc ^ *p) & 0xff];
  return ~crc;
}

Digest64::Digest64() : lanes_{kPrimes[0] + kPrimes[1], kPrimes[1], 0, 0 - kPrimes[0]}, waiting_{} {}

void Digest64::round(const uint8_t* block) {
  for (size_t i = 0; i < 4; ++i) lanes_[i] = mix(lanes_[i], load<uint64_t>(block + 8 * i));
}

void Digest64::add(const void* data, size_t size) {
  const auto* p = static_cast<const uint8_t*>(data);
  if (size_t begun = size_ % 32; begun > 0) {
    const size_t take = std::min(size, 32 - begun);
    std::memcpy(waiting_ + begun, p, take);
    size_ += take;
    p += take;
    size -= take;
    if (begun + take < 32) return;
    round(waiting_);
  }
  size_ += size;
  for (; size >= 32; p += 32, size -= 32) round(p);
  if (size > 0) std::memcpy(waiting_, p, size);
}

uint64_t Digest64::value() const {
  uint64_t hash = kPrimes[4];
  if (size_ >= 32) {
    hash = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) + std::rotl(lanes_[3], 18);
    for (const uint64_t lane : lanes_) hash = (hash ^ mix(0, lane)) * kPrimes[0] + kPrimes[3];
  }
  hash += size_;
  const uint8_t *p = waiting_, *const end = waiting_ + size_ % 32;
  for (; end - p >= 8; p += 8) hash = std::rotl(hash ^ mix(0, load<uint64_t>(p)), 27) * kPrimes[0] + kPrimes[3];
  if (end - p >= 4) {
    hash = std::rotl(hash ^ load<uint32_t>(p) * kPrimes[0], 23) * kPrimes[1] + kPrimes[2];
    p += 4;
  }
  for (; p < end; ++p) hash = std::rotl(hash ^ *p * kPrimes[4], 11) * kPrimes[0];
  hash = (hash ^ (hash >> 33)) * kPrimes[1];
  hash = (hash ^ (hash >> 29)) * kPrimes[2];
  return hash ^ (hash >> 32);
}

}  // namespace hearth
