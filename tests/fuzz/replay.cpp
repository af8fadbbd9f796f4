// Every fuzz target over small files and mutations of them: replay [SECONDS EACH]; over files: replay TARGET FILE...;
// replay --write FOLDER puts the small files there, a folder for each target, for libFuzzer to start from.
// With a compiler's sanitizers this is a fuzzer of the simplest kind; without, it finds crashes, hangs and memory.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "fuzz/targets.h"
#include "hearth/data/table.h"
#include "hearth/data/text.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/io/image.h"
#include "hearth/io/npy.h"
#include "hearth/io/safetensors.h"
#include "hearth/io/torch_file.h"

#if defined(__has_feature)
#define HEARTH_HAS_FEATURE(x) __has_feature(x)
#else
#define HEARTH_HAS_FEATURE(x) 0
#endif

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || HEARTH_HAS_FEATURE(address_sanitizer) || \
    HEARTH_HAS_FEATURE(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

using namespace hearth;  // NOLINT: a program of its own

struct Target {
  const char* name;
  void (*run)(const std::string&);
  std::vector<std::string> (*files)();
};

IValue values() {
  const Tensor t = arange(12).to(kFloat).view({3, 4});
  return IValue::Dict{{"a", t},
                      {"row", t[1]},
                      {"flags", ones({3}, kBool)},
                      {"short", ones({2}, kUInt16)},
                      {"list", std::vector<IValue>{1, 300, -5, 0.5, "text", IValue(), true}},
                      {"inner", IValue::Dict{{int64_t{1}, IValue::Tuple{{2, 3}}}}}};
}
nn::StateDict arrays() {
  nn::StateDict out;
  out.insert("a", arange(6).to(kFloat).view({2, 3}));
  out.insert("flags", ones({3}, kBool));
  return out;
}
std::string pickle_of(const std::string& pt) {  // stored as it is, from the protocol to the stop
  const size_t begin = pt.find("\x80\x02");
  return pt.substr(begin, pt.find("PK", begin) - begin);
}

std::string csv_text() { return "x,c,when,y\n1,a,2024-01-01,p\n2.5,b,2024-02-01,q\n,a,2024-03-01,p\n"; }
Tensor picture(int64_t channels) {
  return arange(channels * 20 * 24).remainder(251).to(kByte).view({channels, 20, 24});
}
std::string bmp_file(uint16_t bits) {  // 4 x 2 pixels
  std::string s("BM\0\0\0\0\0\0\0\0", 10);
  const auto put = [&](uint32_t value, size_t bytes) { s.append(reinterpret_cast<const char*>(&value), bytes); };
  const uint32_t palette = bits == 8 ? 1024 : 0;
  for (const uint32_t v : {54 + palette, 40U, 4U, 2U}) put(v, 4);
  put(1, 2);
  put(bits, 2);
  for (int i = 0; i < 6; ++i) put(0, 4);
  for (uint32_t i = 0; i < palette / 4; ++i) put(i * 0x10203, 4);
  return s + std::string(size_t{8} * bits / 8, '\x55');
}

const Target kTargets[] = {
    {"pt", fuzz::pt,
     [] {
       const std::string whole = io::to_pt(values()), small = io::to_pt(ones({2}));
       return std::vector{whole, small, pickle_of(whole), pickle_of(small)};
     }},
    {"safetensors", fuzz::safetensors,
     [] {
       return std::vector{to_safetensors({arrays(), {{"format", "pt"}}}), to_safetensors({arrays(), {}})};
     }},
    {"npy", fuzz::npy,
     [] {
       return std::vector{io::to_npy(arrays()["a"]), io::to_npy(arrays()["flags"]), io::to_npy(ones({2, 3}).t())};
     }},
    {"npz", fuzz::npz,
     [] {
       return std::vector{io::to_npz(arrays()), io::to_npz(arrays(), true)};
     }},
    {"checkpoint", fuzz::checkpoint,
     [] {
       return std::vector{io::to_checkpoint(values()), io::to_checkpoint(ones({2}))};
     }},
    {"csv", fuzz::csv,
     [] {
       return std::vector<std::string>{csv_text(), "a;b\n1,5;x\n\"2\";\"y\"\"\nz\"\n",
                                       "\xef\xbb\xbf"
                                       "1\t2\r\n3\t?\r\n"};
     }},
    {"jpeg", fuzz::jpeg,
     [] {
       return std::vector{io::to_jpeg(picture(3), 80), io::to_jpeg(picture(1), 30)};
     }},
    {"png", fuzz::png,
     [] {
       return std::vector{io::to_png(picture(3)), io::to_png(picture(2))};
     }},
    {"bmp", fuzz::bmp,
     [] {
       return std::vector{bmp_file(24), bmp_file(8), bmp_file(16)};
     }},
    {"pnm", fuzz::pnm,
     [] {
       return std::vector<std::string>{"P5 2 2 255\nabcd", "P3 1 2 9\n# x\n1 2 3 4 5 6", "P6 1 1 65535\nabcdef"};
     }},
    {"idx", fuzz::idx,
     [] {
       return std::vector{std::string("\0\0\10\2\0\0\0\2\0\0\0\3abcdef", 18), std::string("\0\0\15\1\0\0\0\1abcd", 12)};
     }},
    {"cifar", fuzz::cifar,
     [] {
       return std::vector{std::string(2 * 3073, '\1'), std::string(2 * 3074, '\2')};
     }},
    {"tokenizer", fuzz::tokenizer,
     [] {
       const std::string corpus = "to be, or not to be";
       return std::vector{data::CharTokenizer(corpus).to_json(), data::WordTokenizer(corpus).to_json(),
                          data::BpeTokenizer(corpus, {270, 2, {"<end>"}}).to_json()};
     }},
    {"text", fuzz::text,
     [] {
       return std::vector<std::string>{"to be, or not to be", "\xc3\xa4 \xff\n  42 aaaaaaaa"};
     }},
    {"encoder", fuzz::encoder, [] {
       data::TableEncoderOptions options;
       options.target = "y";
       return std::vector{
           data::TableEncoder::fit(data::Table::read_csv(io::CsvReader(csv_text(), "t", {})), options).to_json()};
     }}};

/// A few bytes changed, removed, repeated, or swapped for numbers that readers trip over.
std::string mutate(std::string s, std::mt19937_64& random) {
  const auto below = [&](size_t n) { return n == 0 ? 0 : static_cast<size_t>(random() % n); };
  for (size_t times = 1 + below(4); times > 0 && !s.empty(); --times) {
    const size_t at = below(s.size()), length = below(std::min<size_t>(s.size() - at, 16)) + 1;
    static constexpr uint64_t kNumbers[] = {0, 1, 0x7f, 0xff, 0x7fffffff, 0xffffffff, uint64_t{1} << 62, ~uint64_t{0}};
    const uint64_t number = kNumbers[below(8)];
    const size_t wide = std::min(size_t{1} << below(4), s.size() - at);
    switch (below(6)) {
      case 0: s[at] = static_cast<char>(random()); break;
      case 1: s[at] = static_cast<char>(s[at] ^ (1 << below(8))); break;
      case 2: s.erase(at, length); break;
      case 3: s.insert(below(s.size()), s.substr(at, length)); break;
      case 4: s.replace(at, wide, reinterpret_cast<const char*>(&number), wide); break;
      default: s.resize(at);
    }
  }
  return s;
}

/// A file that is made to need much more memory than it has bytes: `part` over and over.
struct Hungry {
  const Target* target;
  std::string begin, part, end;

  std::string file(size_t size) const {
    std::string out = begin;
    out.reserve(size + 64);
    while (out.size() < size) out += part;
    out += end;
    if (target->run == fuzz::safetensors) {
      const uint64_t length = out.size();
      out.insert(0, reinterpret_cast<const char*>(&length), 8);
    }
    return out;
  }
};
std::vector<Hungry> hungry() {
  const Target *pt = &kTargets[0], *safetensors = &kTargets[1], *csv = &kTargets[5], *pnm = &kTargets[9];
  const Target *tokenizer = &kTargets[12], *encoder = &kTargets[14];
  return {{pt, "\x80\x02", ")", "."},
          {pt, "\x80\x02", "]", "."},
          {pt, "\x80\x02", "(", "."},
          {pt, "\x80\x02]q", std::string("\0h", 2), "."},
          {pt, "\x80\x02](", "K\x05", "e."},
          {pt, "\x80\x02](", "J\x05\x05\x05\x05", "e."},
          {pt, "\x80\x02", "}(K\x05", "."},
          {safetensors, "{\"a\":[", "1,", "1]}"},
          {safetensors, "{", "\"\":0,", "\"a\":1}"},
          {safetensors, "{\"a\":", "[", ""},
          {safetensors, "{\"a\":[", "[],", "1]}"},
          {csv, "", ",", "\n"},
          {csv, "", "\"\"\"\"", "\n"},
          {csv, "\"", "\"\"", "\n"},
          {pnm, "P2 1 1 ", "#\n", "9 1"},
          {tokenizer, "", "[", ""},
          {encoder, "{\"a\":[", "[],", "1]}"}};
}

int64_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

void replay(const Target& target, double seconds) {
  std::mt19937_64 random(1);
  const std::vector<std::string> files = target.files();
  int64_t runs = 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  for (; elapsed() < seconds; ++runs) {
    std::string bytes = files[static_cast<size_t>(runs) % files.size()];
    if (runs >= static_cast<int64_t>(files.size())) bytes = mutate(std::move(bytes), random);
    target.run(bytes);
  }
  std::printf("%-12s %8lld runs in %.1f s\n", target.name, static_cast<long long>(runs), elapsed());
}

void write_files(const std::filesystem::path& folder) {
  for (const Target& t : kTargets) {
    std::filesystem::create_directories(folder / t.name);
    int number = 0;
    for (const std::string& bytes : t.files())
      std::ofstream(folder / t.name / std::to_string(number++), std::ios::binary) << bytes;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && argv[1] == std::string("--write")) {
    write_files(argv[2]);
    return 0;
  }
  if (argc > 2) {
    for (const Target& t : kTargets)
      for (int i = 2; t.name == std::string(argv[1]) && i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        t.run({std::istreambuf_iterator<char>(file), {}});
      }
    return 0;
  }
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  for (const Target& t : kTargets) t.run(t.files()[0]);
  const int64_t before = peak_bytes();
  constexpr int64_t kHungry = 16 << 20;
  for (const Hungry& h : hungry()) h.target->run(h.file(kHungry));
  std::printf("memory grew by %lld KiB over hungry files of %lld KiB\n",
              static_cast<long long>((peak_bytes() - before) / 1024), static_cast<long long>(kHungry / 1024));
  for (const Target& t : kTargets) replay(t, seconds);
  const int64_t grown = peak_bytes() - before;
  std::printf("memory grew by %lld KiB\n", static_cast<long long>(grown / 1024));
  if (kSanitized) return 0;              // freed memory stays in quarantine
  constexpr int64_t file = 3 * kHungry;  // the file, and an archive that a target makes of it
  return grown < file + 2 * kHungry + (64 << 20) ? 0 : 1;
}
