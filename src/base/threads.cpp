#include "base/threads.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "base/fail.h"
#include "base/rng.h"

namespace hearth {
namespace {

constexpr int kMaxWorkers = 511;  // more threads than this may be asked for, and get that many
constexpr uint32_t kOpen = 1;     // gate: workers may enter
constexpr uint32_t kCallerAsleep = 2;
constexpr uint32_t kInside = 4;  // one worker

/// One region at a time: its owner holds `busy`, fills the job in, opens the gate and raises the epoch. A worker that
/// sees a new epoch enters (counts itself into the gate in the same step that tells it whether the gate is open),
/// claims chunks until none is left, and leaves. The owner claims too, closes the gate, and waits until nobody is
/// inside: a worker that never came costs nothing, and none can meet a job that has changed under it.
struct Pool {
  // Polled by idle workers: a count of regions above 16 bits, below them how many workers may join.
  alignas(64) std::atomic<uint64_t> epoch{0};

  alignas(64) std::atomic<uint32_t> gate{0};
  std::atomic<int64_t> next{0};
  int64_t chunks = 0;
  void (*call)(void*, int64_t) = nullptr;
  void* ctx = nullptr;

  alignas(64) std::atomic<uint32_t> sleepers{0};
  std::atomic<bool> busy{false};
  int workers = 0;  // started so far; belongs to the owner of `busy`
  std::mutex failure_lock;
  int64_t failed_chunk = 0;
  std::exception_ptr* failure = nullptr;  // the owner's

  struct alignas(64) Slot {
    std::atomic<uint32_t> asleep{0};
  };
  Slot slots[kMaxWorkers];
};

/// Workers outlive main's static objects, so the pool is never destroyed.
union Immortal {
  Pool pool;
  constexpr Immortal() : pool() {}
  ~Immortal() {}  // NOLINT: leaves the pool as it is
};
constinit Immortal immortal;
Pool& pool = immortal.pool;

constinit std::atomic<int> threads_setting{0};  // 0: not read yet
constinit std::atomic<int> interop_setting{0};

thread_local constinit bool in_region = false;
thread_local constinit int inline_guards = 0;
using Hook = void (*)();
constinit std::atomic<Hook> start_hook{nullptr};
thread_local constinit Hook hook_done = nullptr;

void futex_wait(std::atomic<uint32_t>& word, uint32_t expected) {
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void futex_wake(std::atomic<uint32_t>& word) {
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Processors that this process may run on.
int allowed_processors() {
  static const int count = [] {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(CPU_COUNT(&set), 1);
    return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
  }();
  return count;
}

/// A container's quota in whole processors, or a large number: threads beyond it would spin the quota away.
int quota_processors() {
  double quota = 0, period = 0;
  if (std::FILE* file = std::fopen("/sys/fs/cgroup/cpu.max", "r")) {
    if (std::fscanf(file, "%lf %lf", &quota, &period) != 2) quota = 0;  // "max 100000": no quota
    std::fclose(file);
  }
  return quota > 0 && period > 0 ? std::max(static_cast<int>(quota / period + 0.5), 1)
                                 : std::numeric_limits<int>::max();
}

int default_threads() {
  if (const char* text = std::getenv("HEARTH_NUM_THREADS"); text != nullptr && *text != '\0') {
    int value = 0;
    const char* end = text + std::strlen(text);
    const auto [rest, error] = std::from_chars(text, end, value);
    if (error != std::errc() || rest != end || value < 1) {
      fail(
          "[threads] HEARTH_NUM_THREADS is '{}' but must be a whole number of at least 1; unset it to use all "
          "processors",
          text);
    }
    return value;
  }
  if (const char* text = std::getenv("OMP_NUM_THREADS")) {  // may be a list; anything else is OpenMP's to report
    int value = 0;
    std::from_chars(text, text + std::strlen(text), value);
    if (value >= 1) return value;
  }
  return usable_processors();
}

/// How long to spin before sleeping. Where threads share processors, whoever spins stands in another's way.
int64_t spin_ns() { return num_threads() <= allowed_processors() ? 50'000 : 1'000; }

/// Spins until done() or the deadline; true if done.
template <class Done>
bool spin_until(Done&& done, int64_t deadline) {
  for (uint32_t turn = 0;; ++turn) {
    if (done()) return true;
    pause();
    if (turn % 32 == 31 && now_ns() > deadline) return false;
  }
}

void record_failure(int64_t chunk) {
  const std::lock_guard lock(pool.failure_lock);
  pool.next.store(pool.chunks, std::memory_order_relaxed);  // start no more; every lower chunk has been claimed
  if (*pool.failure && chunk > pool.failed_chunk) return;
  pool.failed_chunk = chunk;
  *pool.failure = std::current_exception();
}

void work(int64_t chunk) {
  while (chunk < pool.chunks) {
    try {
      pool.call(pool.ctx, chunk);
    } catch (...) {
      record_failure(chunk);
    }
    chunk = pool.next.fetch_add(1, std::memory_order_relaxed);
  }
}

/// Wakes up to two sleepers of the first `limit` workers. Each that wakes does the same, so that the owner of a region
/// never pays for more than two.
void wake_two(int limit) {
  int left = 2;
  for (int id = 0; id < limit && left > 0; ++id) {
    std::atomic<uint32_t>& asleep = pool.slots[id].asleep;
    if (asleep.load(std::memory_order_relaxed) != 0 && asleep.exchange(0) != 0) {
      futex_wake(asleep);
      --left;
    }
  }
}

/// Returns the epoch that follows `seen`. Sleepers count themselves before they look a last time, and an owner looks
/// for sleepers after it has raised the epoch: one of the two sees the other.
uint64_t await_epoch(int id, uint64_t seen, int64_t deadline, bool& slept) {
  slept = false;
  const auto changed = [&] { return pool.epoch.load(std::memory_order_acquire) != seen; };
  if (!spin_until(changed, deadline)) {
    std::atomic<uint32_t>& asleep = pool.slots[id].asleep;
    asleep.store(1);
    pool.sleepers.fetch_add(1);
    while (pool.epoch.load() == seen && asleep.load() != 0) futex_wait(asleep, 1);
    asleep.store(0);
    pool.sleepers.fetch_sub(1);
    slept = true;
  }
  return pool.epoch.load(std::memory_order_acquire);
}

void worker_loop(int id, uint64_t seen) {
  pthread_setname_np(pthread_self(), "hearth");
  in_region = true;
  prepare_thread();
  int64_t deadline = now_ns() + spin_ns();
  for (;;) {
    bool slept;
    seen = await_epoch(id, seen, deadline, slept);
    const int limit = static_cast<int>(seen & 0xffffU);
    if (id >= limit || (pool.gate.load(std::memory_order_relaxed) & kOpen) == 0) continue;
    prepare_thread();
    if ((pool.gate.fetch_add(kInside, std::memory_order_acq_rel) & kOpen) != 0) {
      if (slept) wake_two(limit);
      work(pool.next.fetch_add(1, std::memory_order_relaxed));
    }
    const uint32_t before = pool.gate.fetch_sub(kInside, std::memory_order_acq_rel);
    if ((before & kCallerAsleep) != 0 && before / kInside == 1) futex_wake(pool.gate);
    deadline = now_ns() + spin_ns();
  }
}

/// The child of a fork has no workers: it starts over. (A fork from inside a region can't finish that region.)
void forget_workers() {
  new (&pool) Pool;
  in_region = false;
}

/// Starts workers up to `wanted`; fewer where the system gives no more. They take no signals: those are the program's.
void start_workers(int wanted) {
  static const int registered = pthread_atfork(nullptr, nullptr, forget_workers);
  static_cast<void>(registered);
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  try {
    for (; pool.workers < wanted; ++pool.workers) {
      std::thread(worker_loop, pool.workers, pool.epoch.load(std::memory_order_relaxed)).detach();
    }
  } catch (const std::system_error&) {
    // The region runs on the threads that there are.
  } catch (const std::bad_alloc&) {
  }
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

void await_empty_gate() {
  const auto empty = [] { return pool.gate.load(std::memory_order_acquire) / kInside == 0; };
  if (empty() || spin_until(empty, now_ns() + spin_ns())) return;
  uint32_t gate = pool.gate.fetch_or(kCallerAsleep, std::memory_order_acq_rel) | kCallerAsleep;
  while (gate / kInside != 0) {
    futex_wait(pool.gate, gate);
    gate = pool.gate.load(std::memory_order_acquire);
  }
  pool.gate.fetch_and(~kCallerAsleep, std::memory_order_acq_rel);
}

/// Runs the region as the owner of `busy`, with up to `limit` workers, and returns what it threw.
std::exception_ptr run_region(int limit, int64_t chunks, void (*call)(void*, int64_t), void* ctx) {
  std::exception_ptr failure;
  pool.chunks = chunks;
  pool.call = call;
  pool.ctx = ctx;
  pool.failure = &failure;
  pool.next.store(1, std::memory_order_relaxed);  // the owner has chunk 0
  pool.gate.fetch_or(kOpen, std::memory_order_acq_rel);
  const uint64_t epoch = pool.epoch.load(std::memory_order_relaxed);
  pool.epoch.store(((epoch >> 16) + 1) << 16 | static_cast<uint64_t>(limit));
  if (pool.sleepers.load() != 0) wake_two(limit);

  in_region = true;
  work(0);
  in_region = false;
  pool.gate.fetch_and(~kOpen, std::memory_order_acq_rel);
  await_empty_gate();
  return failure;
}

}  // namespace

int usable_processors() { return std::min(allowed_processors(), quota_processors()); }

int num_threads() {
  int threads = threads_setting.load(std::memory_order_relaxed);
  if (threads == 0) {
    const int read = default_threads();
    if (threads_setting.compare_exchange_strong(threads, read)) threads = read;
  }
  return threads;
}

int get_num_threads() { return num_threads(); }

void set_num_threads(int threads) {
  if (threads < 1) fail("[set_num_threads] threads is {} but must be at least 1; use 1 to run on the caller", threads);
  threads_setting.store(threads, std::memory_order_relaxed);
}

int get_num_interop_threads() {
  const int threads = interop_setting.load(std::memory_order_relaxed);
  return threads > 0 ? threads : allowed_processors();
}

void set_num_interop_threads(int threads) {
  if (threads < 1) fail("[set_num_interop_threads] threads is {} but must be at least 1", threads);
  interop_setting.store(threads, std::memory_order_relaxed);
}

void init_num_threads() {
  num_threads();
  prepare_thread();
}

bool in_parallel_region() { return in_region; }

void set_thread_start_hook(void (*hook)()) { start_hook.store(hook, std::memory_order_release); }

void prepare_thread() {
  const Hook hook = start_hook.load(std::memory_order_acquire);
  if (hook == hook_done) return;
  hook_done = hook;
  if (hook != nullptr) hook();
}

InlineParallelGuard::InlineParallelGuard() { ++inline_guards; }
InlineParallelGuard::~InlineParallelGuard() { --inline_guards; }

void run_on_fresh_stack(void (*call)(void* ctx), void* ctx) {
  const Generator generator = detail::getDefaultCPUGenerator();
  const int guards = inline_guards + (in_region ? 1 : 0);
  std::exception_ptr failure;
  const auto body = [&] {
    inline_guards = guards;
    try {
      const DefaultGeneratorGuard same_numbers(generator);
      call(ctx);
    } catch (...) {
      failure = std::current_exception();
    }
  };
  try {
    std::thread(body).join();
  } catch (const std::system_error& e) {
    fail("[threads] no thread can be started: {}; raise the limit on threads (ulimit -u) or nest less deeply",
         e.what());
  }
  if (failure) std::rethrow_exception(failure);
}

void run_chunks(int64_t chunks, void (*call)(void* ctx, int64_t chunk), void* ctx) {
  if (chunks <= 0) return;
  prepare_thread();
  const int threads = num_threads();
  const auto limit = static_cast<int>(std::min<int64_t>({threads - 1, chunks - 1, kMaxWorkers}));
  const bool alone = limit == 0 || in_region || inline_guards > 0 || pool.busy.load(std::memory_order_relaxed);
  if (alone || pool.busy.exchange(true, std::memory_order_acquire)) {
    for (int64_t chunk = 0; chunk < chunks; ++chunk) call(ctx, chunk);
    return;
  }
  if (pool.workers < limit) start_workers(limit);
  const std::exception_ptr failure = run_region(limit, chunks, call, ctx);
  pool.busy.store(false, std::memory_order_release);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hearth
