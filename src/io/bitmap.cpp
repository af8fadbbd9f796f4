// BMP, and the family of PGM and PPM.
#include <algorithm>
#include <array>
#include <bit>

#include "hearth/ops.h"
#include "io/image.h"

namespace hearth::io {

namespace {

/// The header of a BMP file. https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage
struct Bmp {
  explicit Bmp(const Bytes& file) : bytes(file) {
    if (bytes.size < 26) damaged("bmp", bytes.name, bytes.size, "the file ends within its header");
    begin = load_le<uint32_t>(bytes.data + 10);
    header = load_le<uint32_t>(bytes.data + 14);
    if (header == 12) {
      width = load_le<uint16_t>(bytes.data + 18);
      height = load_le<uint16_t>(bytes.data + 20);
      bits = load_le<uint16_t>(bytes.data + 24);
    } else if (header >= 40 && header <= 4096 && bytes.size >= 14 + size_t{header}) {
      width = load_le<int32_t>(bytes.data + 18);
      height = load_le<int32_t>(bytes.data + 22);
      bits = load_le<uint16_t>(bytes.data + 28);
      compression = load_le<uint32_t>(bytes.data + 30);
      colours = load_le<uint32_t>(bytes.data + 46);
    } else {
      damaged("bmp", bytes.name, 14, "a header of {} bytes is not known, or the file ends within it", header);
    }
    upside_down = height > 0;
    height = height < 0 ? -height : height;
    read_masks();
    if (bits <= 8) read_palette();
  }

  void read_masks() {
    const bool fields = compression == 3 || compression == 6;
    if (!(compression == 0 || (fields && (bits == 16 || bits == 32))))
      damaged("bmp", bytes.name, 30, "compression {} with {} bits is not read; save it as PNG", compression, bits);
    if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
      damaged("bmp", bytes.name, 28, "{} bits a pixel", bits);
    if (bits == 16) masks = {0x7c00, 0x3e0, 0x1f, 0};
    if (!fields) return;
    if (bytes.size < 66) damaged("bmp", bytes.name, bytes.size, "the file ends within its masks");
    for (size_t i = 0; i < 3; ++i) masks[i] = load_le<uint32_t>(bytes.data + 54 + 4 * i);
    if (header >= 56 && bytes.size >= 70) masks[3] = load_le<uint32_t>(bytes.data + 66);
    for (const uint32_t m : masks)
      if (const uint32_t low = m == 0 ? 0 : m >> std::countr_zero(m); (low & (low + 1)) != 0)
        damaged("bmp", bytes.name, 54, "the mask {:#x} has gaps", m);
  }

  void read_palette() {
    const size_t each = header == 12 ? 3 : 4, start = 14 + size_t{header};
    size_t n = colours == 0 ? size_t{1} << bits : std::min<size_t>(colours, size_t{1} << bits);
    if (start < begin) n = std::min(n, (begin - start) / each);
    if (start + n * each > bytes.size) damaged("bmp", bytes.name, bytes.size, "the file ends within its palette");
    palette.assign(size_t{1} << bits, {0, 0, 0});
    for (size_t i = 0; i < n; ++i)
      for (size_t c = 0; c < 3; ++c) palette[i][c] = bytes.data[start + i * each + 2 - c];
    gray = std::all_of(palette.begin(), palette.end(), [](const auto& p) { return p[0] == p[1] && p[1] == p[2]; });
  }

  int64_t channels() const { return gray ? 1 : masks[3] != 0 ? 4 : 3; }

  const Bytes& bytes;
  uint32_t begin = 0, header = 0, compression = 0, colours = 0;
  int64_t width = 0, height = 0;
  int bits = 0;
  bool upside_down = true, gray = false;
  std::array<uint32_t, 4> masks{};  // red, green, blue, alpha; of none: 8 bits each
  std::vector<std::array<uint8_t, 3>> palette;
};

/// A masked field spread over 8 bits.
uint8_t field(uint32_t value, uint32_t mask) {
  if (mask == 0) return 0;
  const uint32_t most = mask >> std::countr_zero(mask);
  return static_cast<uint8_t>((uint64_t{(value & mask) >> std::countr_zero(mask)} * 255 + most / 2) / most);
}

/// Reads the words of a PGM or PPM header, and numbers in text.
class Pnm {
 public:
  explicit Pnm(const Bytes& bytes) : bytes_(bytes) {
    kind_ = bytes_.size > 1 ? bytes_.data[1] : uint8_t{0};
    at_ = 2;
    width = number("width");
    height = number("height");
    most = number("largest value");
    if (most < 1 || most > 65535) damaged("pnm", bytes_.name, at_, "{} as the largest value", most);
    if (!is_text() && (at_ >= bytes_.size || !space(bytes_.data[at_++])))
      damaged("pnm", bytes_.name, at_, "no blank behind the header");
  }
  bool is_text() const { return kind_ < '4'; }
  int64_t channels() const { return kind_ == '3' || kind_ == '6' ? 3 : 1; }
  int64_t sample_bytes() const { return most > 255 ? 2 : 1; }

  int64_t number(const char* what) {
    while (at_ < bytes_.size && (space(bytes_.data[at_]) || bytes_.data[at_] == '#'))
      if (bytes_.data[at_++] == '#')
        while (at_ < bytes_.size && bytes_.data[at_] != '\n') ++at_;
    int64_t value = 0;
    const size_t begin = at_;
    for (; at_ < bytes_.size && bytes_.data[at_] >= '0' && bytes_.data[at_] <= '9'; ++at_)
      if ((value = value * 10 + bytes_.data[at_] - '0') > INT32_MAX)
        damaged("pnm", bytes_.name, begin, "the {} has too many digits", what);
    if (at_ == begin) damaged("pnm", bytes_.name, at_, "no {} here", what);
    return value;
  }
  size_t at() const { return at_; }

  int64_t width, height, most;

 private:
  static bool space(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  const Bytes& bytes_;
  uint8_t kind_ = 0;
  size_t at_ = 0;
};

}  // namespace

ImageInfo bmp_info(const Bytes& bytes) {
  const Bmp b(bytes);
  return {"bmp", b.height, b.width, b.channels()};
}

Tensor decode_bmp(const Bytes& bytes, const ImageOptions& options) {
  const Bmp b(bytes);
  check_size("bmp", bytes, b.height, b.width, b.channels(), options, 32);
  const uint64_t stride = (static_cast<uint64_t>(b.width) * static_cast<uint64_t>(b.bits) + 31) / 32 * 4;
  const uint64_t wanted = stride * static_cast<uint64_t>(b.height);
  if (b.begin < 14 || b.begin > bytes.size || wanted > bytes.size - b.begin)
    damaged("bmp", bytes.name, bytes.size, "{} bytes of pixels should begin at byte {}, and the file has {} bytes",
            wanted, b.begin, bytes.size);
  const int64_t channels = b.channels();
  Tensor out = empty({b.height, b.width, channels}, kByte);
  uint8_t* to = out.data_ptr<uint8_t>();
  const bool plain = b.bits == 24 || (b.bits == 32 && b.masks[0] == 0);
  for (int64_t y = 0; y < b.height; ++y) {
    const auto row_at = static_cast<uint64_t>(b.upside_down ? b.height - 1 - y : y);
    const uint8_t* const row = bytes.data + b.begin + row_at * stride;
    for (int64_t x = 0; x < b.width; ++x, to += channels) {
      if (b.bits <= 8) {
        const int64_t bit = x * b.bits;
        const int value = row[bit / 8] >> (8 - b.bits - bit % 8) & ((1 << b.bits) - 1);
        std::copy_n(b.palette[static_cast<size_t>(value)].begin(), channels, to);
      } else if (plain) {
        const uint8_t* const p = row + x * b.bits / 8;
        to[0] = p[2];
        to[1] = p[1];
        to[2] = p[0];
      } else {
        const uint32_t value = b.bits == 16 ? load_le<uint16_t>(row + 2 * x) : load_le<uint32_t>(row + 4 * x);
        for (int64_t c = 0; c < channels; ++c) to[c] = field(value, b.masks[static_cast<size_t>(c)]);
      }
    }
  }
  return out;
}

ImageInfo pnm_info(const Bytes& bytes) {
  const Pnm p(bytes);
  return {"pnm", p.height, p.width, p.channels()};
}

Tensor decode_pnm(const Bytes& bytes, const ImageOptions& options) {
  Pnm p(bytes);
  check_size("pnm", bytes, p.height, p.width, p.channels(), options, 1);
  const int64_t n = p.height * p.width * p.channels(), each = p.sample_bytes();
  if (!p.is_text() && static_cast<uint64_t>(n * each) > bytes.size - p.at())
    damaged("pnm", bytes.name, bytes.size, "{} bytes of pixels should follow the header, and {} do", n * each,
            bytes.size - p.at());
  Tensor out = empty({p.height, p.width, p.channels()}, kByte);
  uint8_t* const to = out.data_ptr<uint8_t>();
  const uint8_t* const from = bytes.data + p.at();
  if (!p.is_text() && p.most == 255) {
    std::copy_n(from, n, to);
    return out;
  }
  for (int64_t i = 0; i < n; ++i) {
    int64_t value = 0;
    if (p.is_text()) {
      value = p.number("pixel");
    } else {
      value = each == 1 ? from[i] : from[2 * i] << 8 | from[2 * i + 1];
    }
    if (value > p.most) damaged("pnm", bytes.name, p.at(), "a pixel of {}, above {}", value, p.most);
    to[i] = static_cast<uint8_t>((value * 255 + p.most / 2) / p.most);
  }
  return out;
}

}  // namespace hearth::io
