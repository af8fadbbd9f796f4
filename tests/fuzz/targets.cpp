#include "fuzz/targets.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/checksum.h"
#include "hearth/data/cifar.h"
#include "hearth/data/table.h"
#include "hearth/data/text.h"
#include "hearth/data/vision.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/io/idx.h"
#include "hearth/io/image.h"
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

const uint8_t* begin_of(const std::string& bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }

/// Whole, in another mode and size, and a part.
void picture(const std::string& bytes) {
  const io::EncodedImage image{begin_of(bytes), bytes.size(), "fuzz"};
  io::ImageOptions options;
  options.max_pixels = 1 << 18;
  attempt([&] { io::decode_image(image, options); });
  attempt([&] {
    const io::ImageInfo info = io::image_info(image);
    if (info.height > 4096 / std::max<int64_t>(info.width, 1)) return;  // what follows takes the usual limit
    data::vision::RandomResizedCrop crop(8);
    crop(image);
    io::ImageOptions turned;
    turned.mode = io::ImageOptions::Mode::kGray;
    turned.exif_orientation = true;
    turned.min_size = 4;
    io::decode_image(image, turned);
  });
}

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

void csv(const std::string& bytes) {
  attempt([&] {
    const data::Table table = data::Table::read_csv(io::CsvReader(bytes, "fuzz", {}));
    data::TableEncoderOptions options;
    options.target = table.columns().back().name;
    const data::TableEncoder encoder = data::TableEncoder::fit(table, options);
    if (table.rows() * encoder.features() > 1 << 20) return;
    const Tensor features = encoder.transform(table);
    must(equal(features.isfinite(), ones_like(features, kBool)));
    must(equal(data::TableEncoder::from_json(encoder.to_json()).transform(table), features));
  });
}
void jpeg(const std::string& bytes) { picture(bytes); }
void png(const std::string& bytes) { picture(bytes); }
void bmp(const std::string& bytes) { picture(bytes); }
void pnm(const std::string& bytes) { picture(bytes); }
void idx(const std::string& bytes) {
  attempt([&] { io::parse_idx(begin_of(bytes), bytes.size(), "fuzz"); });
}
void cifar(const std::string& bytes) {
  const int64_t ten[] = {10}, hundred[] = {20, 100};
  attempt([&] { data::parse_cifar(begin_of(bytes), bytes.size(), "fuzz", ten, 0); });
  attempt([&] { data::parse_cifar(begin_of(bytes), bytes.size(), "fuzz", hundred, 2); });
}
void tokenizer(const std::string& bytes) {
  attempt([&] {
    const auto t = data::load_tokenizer(bytes, "fuzz");
    must(data::load_tokenizer(t->to_json())->to_json() == t->to_json());
    const std::string text = "to be, or not \xff";
    const std::vector<int64_t> ids = t->encode(text);
    if (dynamic_cast<const data::BpeTokenizer*>(t.get())) must(t->decode(ids) == text);
  });
}
/// The first byte says which tokenizer the other bytes train: all three in each run were too slow for millions of runs.
void text(const std::string& bytes) {
  attempt([&] {
    const std::string corpus = bytes.substr(std::min<size_t>(1, bytes.size()));
    const int which = bytes.empty() ? 0 : static_cast<uint8_t>(bytes[0]) % 3;
    if (which == 0) {
      const data::BpeTokenizer bpe(corpus, {264, 2, {}});  // a few merges: each costs as much as all the rest
      must(bpe.decode(bpe.encode(corpus)) == corpus);
    } else if (which == 1) {
      const data::CharTokenizer characters(corpus);
      must(characters.decode(characters.encode(corpus)) == corpus);
      must(data::load_tokenizer(characters.to_json())->encode(corpus) == characters.encode(corpus));
    } else {
      const data::WordTokenizer words(corpus);
      must(words.decode(words.encode(corpus)) == corpus);
    }
  });
}
void encoder(const std::string& bytes) {
  attempt([&] {
    const data::TableEncoder e = data::TableEncoder::from_json(bytes, "fuzz");
    const data::Table table =
        data::Table::read_csv(io::CsvReader("x,c,when,y\n1,a,2024-01-01,p\n", "t", {}), e.table_options());
    e.transform(table);
    e.targets(table);
  });
}

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
