#pragma once

#include <algorithm>
#include <cstdint>

#include "hearth/threads.h"

namespace hearth {

/// The one pool. A region is cut into chunks by the problem's size alone, never by the number of threads, and threads
/// claim chunks as they come free. So sums that are made per chunk have the same bits on 1, 2 or 64 threads, and a
/// thread that the system has put aside costs one chunk instead of a share.
int num_threads();
/// Processors that this process may use: by its affinity, and by its container's quota.
int usable_processors();

/// Runs on each thread of the pool when it starts, and once on every other thread before its first region: where
/// oneDNN's file sets OpenMP to one thread. May be set at any time.
void set_thread_start_hook(void (*hook)());
/// Runs the hook on the calling thread unless it has run there: for code that needs it outside any region.
void prepare_thread();

/// While one lives, regions stay on the calling thread: a data loader's worker holds one.
class InlineParallelGuard {
 public:
  InlineParallelGuard();
  ~InlineParallelGuard();
  InlineParallelGuard(const InlineParallelGuard&) = delete;
  InlineParallelGuard& operator=(const InlineParallelGuard&) = delete;
};

/// The untyped core: call(ctx, i) for every i in [0, chunks), on the caller and the pool. Where chunks throw, no new
/// ones start and the first exception in chunk order is rethrown after all have ended. Nested calls, calls beside
/// another thread's region, and calls under InlineParallelGuard run on the caller.
void run_chunks(int64_t chunks, void (*call)(void* ctx, int64_t chunk), void* ctx);

/// call(ctx) on a thread with a stack of its own, which the caller waits for; what it throws is rethrown here. Such a
/// thread draws from the caller's random generator and keeps regions inline where the caller would.
void run_on_fresh_stack(void (*call)(void* ctx), void* ctx);

/// How n items are cut: chunk i is [i * size, min(n, (i + 1) * size)).
struct Chunks {
  int64_t n, count, size;
};

/// At most this many chunks: enough for 64 threads to even out, few enough to sum one partial each.
constexpr int64_t kMaxChunks = 256;

/// Chunks of at least `grain` items; fewer than 2 * grain items are one chunk.
constexpr Chunks cut(int64_t n, int64_t grain) {
  grain = std::max<int64_t>(grain, 1);
  if (n / 2 < grain) return {n, n > 0 ? 1 : 0, n};
  int64_t count = std::min(n / grain, kMaxChunks);
  // Even shares for 2, 4, 8 … threads: a power of two, and multiples of 16 above.
  if (count >= 16) {
    count -= count % 16;
  } else {
    count = count >= 8 ? 8 : count >= 4 ? 4 : 2;
  }
  int64_t size = (n + count - 1) / count;
  if (size >= 512) size = (size + 15) / 16 * 16;  // whole cache lines and vectors where that costs no balance
  return {n, (n + size - 1) / size, size};
}

/// f(chunk, begin, end) for every chunk, where a partial per chunk is wanted.
template <class F>
void parallel_chunks(const Chunks& chunks, F&& f) {
  if (chunks.count <= 0) return;
  if (chunks.count == 1) return f(int64_t{0}, int64_t{0}, chunks.n);
  auto body = [&](int64_t chunk) {
    const int64_t begin = chunk * chunks.size;
    f(chunk, begin, std::min(chunks.n, begin + chunks.size));
  };
  run_chunks(
      chunks.count, [](void* ctx, int64_t chunk) { (*static_cast<decltype(body)*>(ctx))(chunk); }, &body);
}

/// f(begin, end) over [begin, end) in chunks of at least `grain` items. A single chunk is a plain call.
template <class F>
void parallel_for(int64_t begin, int64_t end, int64_t grain, F&& f) {
  const int64_t n = end - begin;
  if (n <= 0) return;
  if (n / 2 < grain) return f(begin, end);
  parallel_chunks(cut(n, grain), [&](int64_t, int64_t from, int64_t to) { f(begin + from, begin + to); });
}

/// The grain for items that take this long: a chunk is worth at least 15 µs, so that less than 30 µs of work never
/// leaves its thread: waking a sleeping one takes longer than it would save.
constexpr int64_t grain_for(double ns_per_item) {
  constexpr double chunk_ns = 15000.0;
  if (!(ns_per_item > chunk_ns * 1e-12)) return static_cast<int64_t>(1e12);
  return ns_per_item >= chunk_ns ? 1 : static_cast<int64_t>(chunk_ns / ns_per_item);
}

}  // namespace hearth
