#include "tensor/allocator.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "base/fail.h"
#include "hearth/memory.h"

namespace hearth {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCaching = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kCaching = false;
#else
constexpr bool kCaching = true;
#endif
#else
constexpr bool kCaching = true;
#endif

constexpr size_t kAlign = 64;
constexpr size_t kHuge = size_t{2} << 20;           // from here blocks are aligned to, and asked as, huge pages
constexpr size_t kThreadLimit = size_t{256} << 10;  // larger blocks go to the shared lists
constexpr int64_t kFlush = 64 << 10;                // a thread's uncounted bytes before it adds them to the total

// Classes: 64-byte steps up to 256, then four to each power of two.
constexpr int kClasses = 4 + 4 * 52;
int class_of(size_t bytes) {
  if (bytes <= 256) return bytes == 0 ? 0 : static_cast<int>((bytes - 1) / 64);
  const auto top = static_cast<int>(std::bit_width(bytes - 1)) - 1;  // 2^top <= bytes - 1
  const auto quarter = static_cast<int>((bytes - 1) >> (top - 2)) & 3;
  return 4 + (top - 8) * 4 + quarter;
}
size_t class_bytes(int c) {
  if (c < 4) return static_cast<size_t>(c + 1) * 64;
  const int top = 8 + (c - 4) / 4;
  return (size_t{1} << top) + (static_cast<size_t>((c - 4) % 4 + 1) << (top - 2));
}

struct FreeBlock {
  FreeBlock* next;
};

void* system_allocate(size_t bytes) {
  const size_t align = bytes >= kHuge ? kHuge : kAlign;
  const size_t rounded = (bytes + align - 1) / align * align;
  void* block = std::aligned_alloc(align, rounded);
  if (block && bytes >= kHuge) madvise(block, rounded, MADV_HUGEPAGE);
  return block;
}

int64_t quarter_of_memory() { return static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGE_SIZE) / 4; }

struct ThreadCache;

/// What all threads share. Never destroyed: tensors may outlive any static.
struct Shared {
  std::mutex mutex;
  std::array<FreeBlock*, kClasses> lists{};
  std::vector<ThreadCache*> threads;
  std::atomic<int64_t> current{0}, peak{0}, cached{0};
  std::atomic<int64_t> limit{0}, cache_limit{quarter_of_memory()};

  void add(int64_t bytes) {
    const int64_t now = current.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    int64_t seen = peak.load(std::memory_order_relaxed);
    while (now > seen && !peak.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
    }
  }
  void* take(int c) {
    const std::lock_guard lock(mutex);
    FreeBlock* block = lists[static_cast<size_t>(c)];
    if (block) {
      lists[static_cast<size_t>(c)] = block->next;
      cached.fetch_sub(static_cast<int64_t>(class_bytes(c)), std::memory_order_relaxed);
    }
    return block;
  }
  void give(void* p, int c) {
    const auto bytes = static_cast<int64_t>(class_bytes(c));
    if (!kCaching || cached.load(std::memory_order_relaxed) + bytes > cache_limit.load(std::memory_order_relaxed)) {
      std::free(p);
      return;
    }
    const std::lock_guard lock(mutex);
    auto* block = static_cast<FreeBlock*>(p);
    block->next = lists[static_cast<size_t>(c)];
    lists[static_cast<size_t>(c)] = block;
    cached.fetch_add(bytes, std::memory_order_relaxed);
  }
};

Shared& shared() {
  static Shared& instance = *std::make_unique<Shared>().release();  // never destroyed
  return instance;
}

constexpr int kThreadClasses = 4 + 4 * 10;  // up to 256 KiB
constexpr uint32_t kBlocksKept = 64;

struct ThreadCache {
  std::array<FreeBlock*, kThreadClasses> lists{};
  std::array<uint32_t, kThreadClasses> counts{};
  std::atomic<int64_t> uncounted{0};  // written by the owner alone; others read it for the totals
  std::atomic<int64_t> kept{0};

  ThreadCache() {
    const std::lock_guard lock(shared().mutex);
    shared().threads.push_back(this);
  }
  void count(int64_t bytes) {
    const int64_t sum = uncounted.load(std::memory_order_relaxed) + bytes;
    if (sum > kFlush || sum < -kFlush) {
      uncounted.store(0, std::memory_order_relaxed);
      shared().add(sum);
    } else {
      uncounted.store(sum, std::memory_order_relaxed);
    }
  }
  void* take(int c) {
    const auto i = static_cast<size_t>(c);
    FreeBlock* block = lists[i];
    if (!block) return shared().take(c);
    lists[i] = block->next;
    --counts[i];
    kept.store(kept.load(std::memory_order_relaxed) - static_cast<int64_t>(class_bytes(c)), std::memory_order_relaxed);
    return block;
  }
  void give(void* p, int c) {
    const auto i = static_cast<size_t>(c);
    if (counts[i] >= kBlocksKept || class_bytes(c) * counts[i] > kThreadLimit * 2) return shared().give(p, c);
    auto* block = static_cast<FreeBlock*>(p);
    block->next = lists[i];
    lists[i] = block;
    ++counts[i];
    kept.store(kept.load(std::memory_order_relaxed) + static_cast<int64_t>(class_bytes(c)), std::memory_order_relaxed);
  }
  void flush() {
    shared().add(uncounted.exchange(0));
    for (int c = 0; c < kThreadClasses; ++c) {
      const auto i = static_cast<size_t>(c);
      while (FreeBlock* block = lists[i]) {
        lists[i] = block->next;
        shared().give(block, c);
      }
      counts[i] = 0;
    }
    kept.store(0);
  }
  ~ThreadCache() {
    flush();
    const std::lock_guard lock(shared().mutex);
    std::erase(shared().threads, this);
  }
};

// Plain pointers, so that memory freed while the thread's other locals die still finds its way.
__attribute__((tls_model("initial-exec"))) thread_local ThreadCache* t_cache = nullptr;
__attribute__((tls_model("initial-exec"))) thread_local bool t_ended = false;

ThreadCache* make_thread_cache() {
  struct Owner {
    ThreadCache cache;
    ~Owner() {
      t_cache = nullptr;
      t_ended = true;
    }
  };
  static thread_local Owner owner;
  return t_cache = &owner.cache;
}

ThreadCache* thread_cache() {
  if (t_cache) return t_cache;
  return t_ended || !kCaching ? nullptr : make_thread_cache();
}

void count(ThreadCache* cache, int64_t bytes) {
  if (cache) {
    cache->count(bytes);
  } else {
    shared().add(bytes);
  }
}

void* take_or_make(ThreadCache* cache, int c) {
  void* block = nullptr;
  if (kCaching) block = cache && c < kThreadClasses ? cache->take(c) : shared().take(c);
  if (!block) block = system_allocate(class_bytes(c));
  if (!block && kCaching) {  // perhaps what is kept for other sizes is in the way
    empty_cache();
    block = system_allocate(class_bytes(c));
  }
  return block;
}

[[noreturn]] void throw_out_of_memory(size_t bytes, int64_t limit) {
  const auto wanted = static_cast<int64_t>(bytes);
  const int64_t current = memory_stats().current;
  if (limit > 0)
    throw OutOfMemoryError(fmt::format("[allocate] {} bytes wanted, but tensors hold {} bytes and the limit is {}; "
                                       "raise set_memory_limit or use smaller batches",
                                       wanted, current, limit),
                           wanted, limit);
  throw OutOfMemoryError(fmt::format("[allocate] the system gives no {} bytes (tensors hold {}); use smaller batches "
                                     "or free tensors",
                                     wanted, current),
                         wanted, 0);
}

}  // namespace

void* allocate_block(size_t bytes) {
  ThreadCache* cache = thread_cache();
  if (bytes > (size_t{1} << 46)) throw_out_of_memory(bytes, shared().limit.load());
  const int c = class_of(bytes);
  const auto size = static_cast<int64_t>(class_bytes(c));
  if (const int64_t limit = shared().limit.load(std::memory_order_relaxed); limit > 0)
    if (memory_stats().current + size > limit) throw_out_of_memory(bytes, limit);
  void* block = take_or_make(cache, c);
  if (!block) throw_out_of_memory(bytes, 0);
  count(cache, size);
  return block;
}

void free_block(void* block, size_t bytes) noexcept {
  if (!block) return;
  const int c = class_of(bytes);
  ThreadCache* cache = thread_cache();
  count(cache, -static_cast<int64_t>(class_bytes(c)));
  if (cache && c < kThreadClasses) {
    cache->give(block, c);
  } else {
    shared().give(block, c);
  }
}

void* allocate_object(size_t bytes) {
  void* object = take_or_make(thread_cache(), class_of(bytes));
  if (!object) throw_out_of_memory(bytes, 0);
  return object;
}

void free_object(void* object, size_t bytes) noexcept {
  const int c = class_of(bytes);
  if (ThreadCache* cache = thread_cache(); cache && c < kThreadClasses) {
    cache->give(object, c);
  } else {
    shared().give(object, c);
  }
}

MemoryStats memory_stats() {
  MemoryStats stats;
  const std::lock_guard lock(shared().mutex);
  stats.current = shared().current.load();
  stats.cached = shared().cached.load();
  for (const ThreadCache* cache : shared().threads) {
    stats.current += cache->uncounted.load(std::memory_order_relaxed);
    stats.cached += cache->kept.load(std::memory_order_relaxed);
  }
  stats.peak = std::max(stats.current, shared().peak.load());
  return stats;
}

void reset_peak_memory_stats() {
  shared().peak.store(0);
  shared().add(0);
}

void empty_cache() {
  if (t_cache) t_cache->flush();
  const std::lock_guard lock(shared().mutex);
  for (int c = 0; c < kClasses; ++c)
    while (FreeBlock* block = shared().lists[static_cast<size_t>(c)]) {
      shared().lists[static_cast<size_t>(c)] = block->next;
      shared().cached.fetch_sub(static_cast<int64_t>(class_bytes(c)));
      std::free(block);
    }
}

void set_memory_limit(int64_t bytes) {
  if (bytes < 0) fail("[set_memory_limit] limit is {} bytes; give 0 for none, or a positive number", bytes);
  shared().limit.store(bytes);
}

void set_cache_limit(int64_t bytes) {
  if (bytes < 0) fail("[set_cache_limit] limit is {} bytes; give 0 to keep nothing, or a positive number", bytes);
  shared().cache_limit.store(bytes);
}

}  // namespace hearth
