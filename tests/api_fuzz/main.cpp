// Random calls of every public function, method, in-place and out form. A call may return or throw a hearth::Error;
// anything else (a signal, another exception, minutes of work, memory that is not given back) is a failure, and what
// was called is printed with its number, by which it can be repeated alone.
//
//   hearth_api_fuzz [--calls 20000] [--seed 1] [--first 0] [--name PART] [--verbose]
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "api_fuzz/calls.h"
#include "hearth/memory.h"

extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));  // there in such a build only

namespace hearth::api_fuzz {
namespace {

constexpr int64_t kMemory = int64_t{64} << 20;  // for the tensors of one call
constexpr time_t kSeconds = 20;                 // of processor time for one call: a busy machine is no failure

struct Arguments {
  int64_t calls = 20000, first = 0;
  uint64_t seed = 1;
  std::string name;
  bool verbose = false;
};

// What the signal handler prints: written before each call.
char g_current[256];

void on_signal(int signal) {
  const char* what = signal == SIGPROF ? "took too long: " : "died by a signal: ";
  (void)!write(2, what, std::strlen(what));
  (void)!write(2, g_current, std::strlen(g_current));
  _exit(1);
}

void watch_signals() {
  if (__sanitizer_set_death_callback)
    __sanitizer_set_death_callback([] { (void)!write(2, g_current, std::strlen(g_current)); });
  static std::array<char, 65536> memory;  // a stack of its own: the other may have overflowed
  const stack_t stack{memory.data(), 0, memory.size()};
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  for (const int signal : {SIGPROF, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(signal, &action, nullptr);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit limit{rlim_t{8} << 30, rlim_t{8} << 30};  // an untyped allocation beyond it throws bad_alloc
  setrlimit(RLIMIT_AS, &limit);
#endif
}

void allow_seconds(time_t seconds) {
  const itimerval timer{{}, {seconds, 0}};
  setitimer(ITIMER_PROF, &timer, nullptr);
}

/// Reads all of a result and, at times, asks for its gradients.
void use(const std::vector<Tensor>& results, Draw& d) {
  for (const Tensor& t : results) {
    if (!t.defined()) continue;
    const Tensor sum = t.detach().to(kDouble).sum();
    (void)sum.item<double>();
    if (t.requires_grad() && t.is_floating_point() && d.chance(0.3)) t.sum().backward();
  }
}

/// Empty, or what went wrong.
std::string one_call(const Entry& entry, uint64_t seed, std::string& arguments, bool& refused) {
  manual_seed(seed);
  Draw d(seed);
  std::vector<Tensor> results;
  std::string wrong;
  refused = false;
  try {
    entry.call(d, results);
    use(results, d);
  } catch (const Error& e) {
    refused = true;
    if (std::string(e.what()).empty()) wrong = "an error without a message";
  } catch (const std::exception& e) {
    wrong = std::string("threw something untyped: ") + e.what();
  }
  arguments = d.text();
  return wrong;
}

uint64_t mixed(uint64_t seed, int64_t number) {
  uint64_t x = seed * 0x9E3779B97F4A7C15ULL + static_cast<uint64_t>(number);
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

int run(const Arguments& a) {
  Calls calls;
  add_generated(calls);
  add_by_hand(calls);
  const auto wanted = [&](const Entry& e) { return e.name.find(a.name) != std::string::npos; };
  if (std::ranges::none_of(calls.entries, wanted)) {
    std::fprintf(stderr, "no function's name contains %s\n", a.name.c_str());
    return 2;
  }
  set_memory_limit(kMemory);
  watch_signals();
  int64_t failures = 0, refusals = 0;
  std::map<std::string, int> failed;
  int64_t made = 0;
  for (int64_t i = a.first; made < a.calls; ++i) {
    const uint64_t seed = mixed(a.seed, i);
    const Entry& entry = calls.entries[static_cast<size_t>(i) % calls.entries.size()];
    if (!wanted(entry)) continue;
    ++made;
    std::snprintf(g_current, sizeof g_current, "call %lld of seed %llu, %s: --seed %llu --first %lld --calls 1\n",
                  static_cast<long long>(i), static_cast<unsigned long long>(a.seed), entry.name.c_str(),
                  static_cast<unsigned long long>(a.seed), static_cast<long long>(i));
    if (a.verbose) std::fputs(g_current, stderr);
    allow_seconds(kSeconds);
    std::string arguments;
    bool refused = false;
    const int64_t before = memory_stats().current;
    std::string wrong = one_call(entry, seed, arguments, refused);
    allow_seconds(0);
    const int64_t left = memory_stats().current - before;
    if (wrong.empty() && left > 0) wrong = "left " + std::to_string(left) + " bytes of tensor memory behind";
    refusals += refused;
    if (wrong.empty()) continue;
    ++failures;
    if (failed[entry.name]++ < 3)
      std::printf("%s  %s(%s)\n  %s\n", g_current, entry.name.c_str(), arguments.c_str(), wrong.c_str());
  }
  std::printf("api_fuzz: %zu forms, %lld calls, %lld refused with typed errors, %lld failures\n", calls.entries.size(),
              static_cast<long long>(a.calls), static_cast<long long>(refusals), static_cast<long long>(failures));
  return failures ? 1 : 0;
}

int main_of(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0 && i + 1 < argc; };
    if (is("--calls")) {
      a.calls = std::atoll(argv[++i]);
    } else if (is("--seed")) {
      a.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (is("--first")) {
      a.first = std::atoll(argv[++i]);
    } else if (is("--name")) {
      a.name = argv[++i];
    } else if (std::strcmp(argv[i], "--verbose") == 0) {
      a.verbose = true;
    } else {
      std::fprintf(stderr, "usage: hearth_api_fuzz [--calls N] [--seed N] [--first N] [--name PART] [--verbose]\n");
      return 2;
    }
  }
  return run(a);
}

}  // namespace
}  // namespace hearth::api_fuzz

int main(int argc, char** argv) { return hearth::api_fuzz::main_of(argc, argv); }
