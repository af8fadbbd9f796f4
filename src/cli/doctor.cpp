#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "cli/commands.h"
#include "hearth/cpu.h"
#include "hearth/hearth.h"
#include "hearth/version.h"

namespace hearth::cli {

namespace {

/// The best of some runs, in seconds.
double best_time(int runs, const std::function<void()>& f) {
  double best = HUGE_VAL;
  for (int i = 0; i < runs; ++i) {
    const double begin = clock_seconds();
    f();
    best = std::min(best, clock_seconds() - begin);
  }
  return best;
}

/// Findings: what is, and what would be better.
class Findings {
 public:
  template <class... T>
  void fact(const char* name, fmt::format_string<T...> text, T&&... args) {
    fmt::print("{:<22}{}\n", name, fmt::format(text, std::forward<T>(args)...));
    std::fflush(stdout);
  }
  void advise(std::string text) { advice_.push_back(std::move(text)); }
  void close() const {
    fmt::print("\n");
    if (advice_.empty()) fmt::print("nothing to mend\n");
    for (const std::string& a : advice_) fmt::print("- {}\n", a);
  }

 private:
  std::vector<std::string> advice_;
};

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

void look_at_processor(Findings& f) {
  const int threads = get_num_threads(), processors = static_cast<int>(std::thread::hardware_concurrency());
  f.fact("hearth", "{}", version());
  f.fact("processor", "{}", processor_name());
  f.fact("instruction set", "{} (x86-64 levels: v4 is AVX-512, v3 AVX2, v2 SSE4.2)", instruction_set());
  f.fact("threads", "{} of {} processors", threads, processors);
  if (std::getenv("HEARTH_CPU_ISA")) f.advise("HEARTH_CPU_ISA keeps kernels on an older instruction set; unset it");
  if (threads < processors)
    f.advise(
        fmt::format("only {} of {} processors are used; unset HEARTH_NUM_THREADS and OMP_NUM_THREADS, or raise them",
                    threads, processors));
  double load[1] = {0};
  if (::getloadavg(load, 1) == 1) {
    f.fact("load", "{:.1f}", load[0]);
    if (load[0] > 0.5 * processors)
      f.advise(fmt::format("other programs keep {:.1f} processors busy; the speeds below are lower for it", load[0]));
  }
}

/// The names of the implementations that were chosen, "brg:avx512_core"; "hearth's own" where no choice was told.
std::string chosen(const KernelChoices& choices) {
  std::string out;
  for (const std::string& line : choices.lines()) {
    const size_t at = line.rfind(" by ");
    if (at == std::string::npos) continue;
    const std::string name = line.substr(at + 4);
    if (out.find(name) == std::string::npos) out += (out.empty() ? "" : ", ") + name;
  }
  return out.empty() ? "hearth's own" : out;
}

struct Speed {
  double gigaflops;
  std::string kernel;
};

/// The speed of work of so many operations, and what did it.
Speed measured(int runs, double operations, const std::function<void()>& work) {
  const KernelChoices choices;
  work();
  const std::string kernel = chosen(choices);
  return {operations / best_time(runs, work) / 1e9, kernel};
}

Speed product_speed(int64_t n, ScalarType dtype) {
  const NoGradGuard no_grad;
  const Tensor a = rand({n, n}).to(dtype), b = rand({n, n}).to(dtype);
  return measured(5, 2.0 * std::pow(static_cast<double>(n), 3), [&] { mm(a, b); });
}

/// Forward, or with the gradients of weight and input.
Speed convolution_speed(bool backward) {
  const int64_t n = 32, channels = 64, side = 56;
  const Tensor weight = rand({channels, channels, 3, 3}).requires_grad_(backward),
               image = rand({n, channels, side, side}).requires_grad_(backward);
  const auto once = static_cast<double>(2 * n * channels * channels * 9 * side * side);
  return measured(3, backward ? 3 * once : once, [&] {
    const Tensor y = conv2d(image, weight, {}, 1, 1);
    if (backward) y.sum().backward();
  });
}

void look_at_speed(Findings& f) {
  const int threads = get_num_threads();
  const Speed all = product_speed(1024, kFloat);
  set_num_threads(1);
  const Speed one = product_speed(1024, kFloat);
  set_num_threads(threads);
  const Speed half = product_speed(1024, kBFloat16);
  f.fact("matrix products", "{:.0f} Gflop/s float32 ({:.0f} on one thread), {:.0f} bfloat16", all.gigaflops,
         one.gigaflops, half.gigaflops);
  const Tensor x = rand({64, 1024, 256}), y = empty_like(x);
  const double copy = best_time(5, [&] { y.copy_(x); });
  f.fact("memory", "{:.1f} GB/s copying", 2.0 * static_cast<double>(x.nbytes()) / copy / 1e9);
  const Speed forward = convolution_speed(false), both = convolution_speed(true);
  f.fact("convolutions", "{:.0f} Gflop/s forward, {:.0f} with gradients (3x3, 64 channels)", forward.gigaflops,
         both.gigaflops);
  f.fact("kernels", "products {}; bfloat16 {}; convolutions {}; with gradients {}", all.kernel, half.kernel,
         forward.kernel, both.kernel);
  if (threads > 1 && all.gigaflops < 1.3 * one.gigaflops)
    f.advise(fmt::format(
        "{} threads are hardly quicker than one; the processors may share a core, or be taken by others", threads));
  if (half.gigaflops > 1.4 * all.gigaflops) f.advise("bfloat16 products are much quicker here; try run.autocast=true");
  if (half.gigaflops < 0.7 * all.gigaflops)
    f.advise("bfloat16 products are slower than float32 here; leave run.autocast at false");
  for (const auto& [what, speed] : {std::pair("products", all), std::pair("convolutions", forward)})
    if (speed.kernel.find("ref") != std::string::npos || speed.kernel.find("own loops") != std::string::npos)
      f.advise(fmt::format("{} run on plain loops ({}); a newer oneDNN, or a processor with AVX2, has quicker ones",
                           what, speed.kernel));
}

void look_at_memory_and_disk(Findings& f) {
  const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  const double free = static_cast<double>(::sysconf(_SC_AVPHYS_PAGES)) * page,
               all = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * page;
  f.fact("memory, free", "{:.1f} of {:.1f} GB", free / 1e9, all / 1e9);
  if (free < 1e9)
    f.advise("less than 1 GB of memory is free; close programs, or use a smaller batch (hearth plan says how small)");
  struct statvfs disk {};
  if (::statvfs(".", &disk) == 0) {
    const double room = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
    f.fact("disk, free", "{:.1f} GB in this folder", room / 1e9);
    if (room < 1e9)
      f.advise(
          "less than 1 GB is free in this folder; checkpoints may not fit: run.out elsewhere, or a smaller "
          "run.keep_last");
  }
  const std::string path = fmt::format(".hearth_doctor.{}", ::getpid());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    f.advise("this folder can't be written to; give run folders elsewhere with --out");
    return;
  }
  const std::vector<char> block(size_t{1} << 22, 'x');
  const double begin = clock_seconds();
  bool good = true;
  for (int i = 0; i < 16 && good; ++i)
    good = ::write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size());
  good = good && ::fsync(fd) == 0;
  const double rate = 16.0 * static_cast<double>(block.size()) / (clock_seconds() - begin) / 1e6;
  ::close(fd);
  ::unlink(path.c_str());
  if (good) f.fact("disk, writing", "{:.0f} MB/s, synced", rate);
  if (!good) f.advise("64 MB can't be written into this folder; it may be full");
  if (good && rate < 50) f.advise("the disk is slow; make checkpoints rarer with run.checkpoint_epochs");
}

void look_at_limits(Findings& f) {
  rlimit files{}, stack{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  ::getrlimit(RLIMIT_STACK, &stack);
  f.fact("limits", "{} open files, stack {}", files.rlim_cur,
         stack.rlim_cur == RLIM_INFINITY ? std::string("unlimited") : fmt::format("{} KiB", stack.rlim_cur >> 10));
  if (files.rlim_cur < 256) f.advise("fewer than 256 files may be open at once; ulimit -n 1024");
}

}  // namespace

void add_doctor(CLI::App& command, Context& context) {
  command.callback([&context] {
    Findings f;
    look_at_processor(f);
    look_at_speed(f);
    look_at_memory_and_disk(f);
    look_at_limits(f);
    f.close();
    context.status = 0;
  });
}

}  // namespace hearth::cli
