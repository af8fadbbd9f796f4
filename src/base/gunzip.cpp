#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/fail.h"
#include "base/files.h"

namespace hearth {
namespace {

struct Inflate {
  z_stream stream{};
  bool ready = inflateInit2(&stream, 15 + 16) == Z_OK;  // the largest window, gzip's header and checksum
  Inflate() = default;
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  ~Inflate() { inflateEnd(&stream); }
};

}  // namespace

std::vector<uint8_t> gunzip(const uint8_t* data, size_t size, const std::string& path, int64_t max_bytes) {
  constexpr size_t step = std::numeric_limits<uInt>::max() / 2;
  const auto limit = static_cast<size_t>(std::max<int64_t>(max_bytes, 0));
  size_t in = 0, out = 0;
  const auto damaged = [&](const char* what) {
    throw FileError(fmt::format("[gunzip] '{}' {} at byte {} of {}; get the file again", path, what, in, size), path,
                    static_cast<int64_t>(in));
  };
  if (!is_gzip(data, size)) damaged("is not gzip data");

  Inflate inflater;
  if (!inflater.ready) throw OutOfMemoryError("[gunzip] no memory for zlib's window", 1 << 16, 0);
  z_stream& stream = inflater.stream;
  std::vector<uint8_t> result(std::min(limit, size * 4 + 64));
  for (;;) {
    if (out == result.size() && out < limit) result.resize(std::min(limit, out + out / 2 + 64));
    uint8_t beyond = 0;  // with the limit reached, one more byte shows that the data goes on
    const bool full = out == limit;
    stream.next_in = const_cast<Bytef*>(data + in);
    stream.avail_in = static_cast<uInt>(std::min(size - in, step));
    stream.next_out = full ? &beyond : result.data() + out;
    stream.avail_out = full ? 1 : static_cast<uInt>(std::min(result.size() - out, step));
    const uInt in_before = stream.avail_in, out_before = stream.avail_out;
    const int status = inflate(&stream, Z_NO_FLUSH);
    in += in_before - stream.avail_in;
    const size_t made = out_before - stream.avail_out;
    if (full && made > 0) {
      throw FileError(
          fmt::format("[gunzip] '{}' unpacks to more than {} bytes; it is not what it should be", path, limit), path,
          static_cast<int64_t>(in));
    }
    out += made;
    if (status == Z_STREAM_END) {
      if (in == size) break;
      if (!is_gzip(data + in, size - in)) damaged("has something else behind its end");
      inflateReset(&stream);
    } else if (status == Z_MEM_ERROR) {
      throw OutOfMemoryError("[gunzip] no memory for zlib's window", 1 << 16, 0);
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      damaged(stream.msg != nullptr ? fmt::format("is damaged ({})", stream.msg).c_str() : "is damaged");
    } else if (in == size && made == 0) {
      damaged("ends too early");
    }
  }
  result.resize(out);
  return result;
}

}  // namespace hearth
