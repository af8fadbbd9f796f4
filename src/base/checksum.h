#pragma once

#include <cstddef>
#include <cstdint>

namespace hearth {

/// CRC32C (Castagnoli) of bytes that follow those of `crc`. Of "123456789": 0xe3069283.
uint32_t crc32c(const void* data, size_t size, uint32_t crc = 0);
/// The same where the processor has no instruction for it.
uint32_t crc32c_portable(const void* data, size_t size, uint32_t crc = 0);

/// The 64-bit digest XXH64, seed 0, of bytes that come in pieces.
/// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
class Digest64 {
 public:
  Digest64();
  void add(const void* data, size_t size);
  uint64_t value() const;

 private:
  void round(const uint8_t* block);

  uint64_t lanes_[4];
  uint8_t waiting_[32];
  uint64_t size_ = 0;
};

}  // namespace hearth
