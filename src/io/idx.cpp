#include "hearth/io/idx.h"

#include <algorithm>

#include "base/files.h"
#include "hearth/ops.h"
#include "io/bytes.h"

namespace hearth::io {

namespace {

constexpr int64_t kMostUnpacked = int64_t{1} << 33;

ScalarType dtype_of(uint8_t code) {
  switch (code) {
    case 0x08: return kByte;
    case 0x09: return kChar;
    case 0x0b: return kShort;
    case 0x0c: return kInt;
    case 0x0d: return kFloat;
    case 0x0e: return kDouble;
    default: return ScalarType::Undefined;
  }
}

}  // namespace

Tensor parse_idx(const uint8_t* data, size_t size, const std::string& name) {
  if (size < 4) damaged("idx", name, size, "the file ends within its header");
  const ScalarType type = dtype_of(data[2]);
  const size_t dims = data[3];
  if (data[0] != 0 || data[1] != 0 || type == ScalarType::Undefined || dims < 1 || dims > 8)
    damaged("idx", name, 0, "it begins with {:02x} {:02x} {:02x} {:02x}, as no IDX file does", data[0], data[1],
            data[2], data[3]);
  const size_t begin = 4 + 4 * dims;
  if (size < begin) damaged("idx", name, size, "the file ends within its header of {} bytes", begin);
  uint64_t wanted = elementSize(type);
  std::vector<int64_t> sizes;
  for (size_t d = 0; d < dims; ++d) {
    uint32_t n = 0;
    for (size_t i = 0; i < 4; ++i) n = n << 8 | data[4 + 4 * d + i];
    sizes.push_back(n);
    if (__builtin_mul_overflow(wanted, uint64_t{n}, &wanted)) wanted = UINT64_MAX;
  }
  const uint64_t have = size - begin;
  if (wanted != have)
    damaged("idx", name, begin + std::min(wanted, have), "it says that it holds {} bytes of data and has {}; it is {}",
            wanted, have, have < wanted ? "cut short" : "too long");
  Tensor out = empty(sizes, type);
  const size_t each = elementSize(type);
  auto* const to = static_cast<uint8_t*>(out.data_ptr());
  for (uint64_t i = 0; i < have; i += each)
    for (size_t b = 0; b < each; ++b) to[i + b] = data[begin + i + each - 1 - b];  // from big-endian
  return out;
}

Tensor read_idx(const std::string& path) {
  std::vector<uint8_t> bytes = read_file(path, kMostUnpacked, "read_idx");
  if (is_gzip(bytes.data(), bytes.size())) bytes = gunzip(bytes.data(), bytes.size(), path, kMostUnpacked);
  return parse_idx(bytes.data(), bytes.size(), path);
}

}  // namespace hearth::io
