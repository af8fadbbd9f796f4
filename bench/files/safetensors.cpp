// How fast a large safetensors file is written and read, against dd and cat on the same disk.
//
//     cmake --build build/release --target hearth_bench_safetensors
//     build/release/hearth_bench_safetensors [FOLDER=.] [MIB=1024]
//
// Saving ends with fsync, as dd does with conv=fsync. dd copies the file that was just saved, since some disks make
// nothing of zeros; once over its last copy, which it empties first, and once as a safe save must, into a new file that
// is then renamed: that needs the memory and the room for both. SafeTensorsFile maps the file, and "and copied" is what
// a module does with that (one copy, into memory that it has); load_safetensors() gives tensors of their own. cat >
// /dev/null is the copy that the kernel makes of the page cache.
#include "hearth/io/safetensors.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "base/clock.h"
#include "hearth/hearth.h"

namespace {

using namespace hearth;

constexpr int kRounds = 9;

double seconds_of(const std::function<void()>& work) {
  const double begin = clock_seconds();
  work();
  return clock_seconds() - begin;
}

void shell(const std::string& command) {
  if (std::system(command.c_str()) != 0) {
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::exit(1);
  }
}

struct Way {
  const char* name;
  std::function<void()> work;
  std::vector<double> seconds = {};
};

/// Each in turn, round after round, so that all meet the same disk; prints the middle and the best. Two rounds go first
/// untimed: a virtual machine gets the memory for its page cache only then.
void compare(std::vector<Way> ways, double gigabytes) {
  for (int round = -2; round < kRounds; ++round)
    for (Way& w : ways) {
      const double seconds = seconds_of(w.work);
      if (round >= 0) w.seconds.push_back(seconds);
    }
  for (Way& w : ways) {
    std::sort(w.seconds.begin(), w.seconds.end());
    std::printf("%-28s %6.2f GB/s (best %.2f)\n", w.name, gigabytes / w.seconds[kRounds / 2],
                gigabytes / w.seconds.front());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  const int64_t mib = argc > 2 ? std::atoll(argv[2]) : 1024;
  const double gigabytes = static_cast<double>(mib << 20) / 1e9;
  const std::string path = folder + "/hearth_bench.safetensors", plain = folder + "/hearth_bench.dd";
  SafeTensors content;
  for (int i = 0; i < 16; ++i) content.tensors.insert("layer" + std::to_string(i), rand({mib / 16, 1 << 18}));
  const auto dd = [&](const std::string& to) {
    shell("dd if='" + path + "' of='" + to + "' bs=4M conv=fsync status=none");
  };
  compare({{"save_safetensors", [&] { save_safetensors(content, path); }},
           {"dd conv=fsync, and renamed",
            [&] {
              dd(plain + ".tmp");
              std::rename((plain + ".tmp").c_str(), plain.c_str());
            }},
           {"dd conv=fsync", [&] { dd(plain); }}},
          gigabytes);
  std::remove(plain.c_str());
  nn::StateDict memory;
  for (auto& item : content.tensors) memory.insert(item.key(), zeros_like(item.value()));
  compare({{"load_safetensors", [&] { load_safetensors(path); }},
           {"SafeTensorsFile, and copied",
            [&] {
              const io::SafeTensorsFile file(path);
              for (auto& item : memory) item.value().copy_(file.get(item.key()));
            }},
           {"cat > /dev/null", [&] { shell("cat '" + path + "' > /dev/null"); }},
           {"cat | cat > /dev/null", [&] { shell("cat '" + path + "' | cat > /dev/null"); }}},
          gigabytes);
  std::remove(path.c_str());
}
