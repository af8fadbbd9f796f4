#include "fuzz/targets.h"

#include <cstring>

#include "base/checksum.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/io/npy.h"
#include "hearth/io/safetensors.h"
#include "hearth/io/torch_file.h"
#include "hearth/serialize.h"
#include "io/zip.h"

namespace hearth::fuzz {
namespace {

template <class F>
void attempt(F&& f) {
  try {
    f();
  } catch (const Error&) {
  }
}

/// Replaces what checks a checkpoint's bytes by what fits them, so that the code behind the checks is reached.
std::string with_checksums(std::string bytes) {
  if (bytes.size() < 64) return bytes;
  const auto put = [&](size_t at, auto value) { std::memcpy(bytes.data() + at, &value, sizeof value); };
  uint64_t header;
  std::memcpy(&header, bytes.data() + 24, sizeof header);
  put(32, static_cast<uint64_t>(bytes.size()));
  if (header <= bytes.size() - 64) put(12, crc32c(bytes.data() + 48, header));
  Digest64 start, whole;
  start.add(bytes.data(), 16);
  start.add(bytes.data() + 24, 24);
  put(16, start.value());
  whole.add(bytes.data(), bytes.size() - 16);
  put(bytes.size() - 16, whole.value());
  return bytes;
}

/// An archive with these bytes as its pickle, and one storage.
std::string archive(const std::string& pickle) {
  std::string out;
  io::ZipWriter zip([&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  zip.add("archive/data.pkl", pickle);
  zip.add("archive/data/0", std::string(64, '\1'));
  zip.finish();
  return out;
}

}  // namespace

void pt(const std::string& bytes) {
  attempt([&] { io::load_pt(bytes, "fuzz"); });
  attempt([&] { io::load_pt(archive(bytes), "fuzz"); });
  attempt([&] {
    serialize::InputArchive in;
    in.load_from(bytes.data(), bytes.size());
    in.entries();
  });
}
void safetensors(const std::string& bytes) {
  attempt([&] { from_safetensors(bytes, "fuzz"); });
}
void npy(const std::string& bytes) {
  attempt([&] { io::from_npy(bytes, "fuzz"); });
}
void npz(const std::string& bytes) {
  attempt([&] { io::from_npz(bytes, "fuzz", 16 << 20); });
}
void checkpoint(const std::string& bytes) {
  attempt([&] { io::from_checkpoint(bytes, "fuzz"); });
  attempt([&] { io::from_checkpoint(with_checksums(bytes), "fuzz"); });
}

}  // namespace hearth::fuzz
