#include "hearth/data/chunk.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "hearth/data/loader.h"

namespace hearth::data::datasets {

ChunkDatasetOptions::ChunkDatasetOptions(size_t preloader_count, size_t batch_size, size_t cache_size,
                                         size_t cross_chunk_shuffle_count)
    : preloader_count_(preloader_count),
      batch_size_(batch_size),
      cache_size_(cache_size),
      cross_chunk_shuffle_count_(cross_chunk_shuffle_count) {
  const auto positive = [](const char* name, size_t value) {
    if (value == 0) fail("[ChunkDatasetOptions] {} is 0; it must be at least 1", name);
  };
  positive("preloader_count", preloader_count);
  positive("batch_size", batch_size);
  positive("cache_size", cache_size);
  positive("cross_chunk_shuffle_count", cross_chunk_shuffle_count);
  if (cache_size < batch_size)
    fail("[ChunkDatasetOptions] cache_size {} is less than batch_size {}; it must hold a batch", cache_size,
         batch_size);
}

namespace detail {

struct ChunkFeeder::State {
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::thread> threads;
  std::deque<Slot> slots;
  size_t batch_size = 1, capacity = 1;
  size_t ready = 0;                        // samples in the slots
  uint64_t drawn = 0, added = 0, key = 0;  // chunks; and the epoch's random streams
  size_t running = 0;                      // threads
  bool quit = false, none_left = false, started = false;

  /// Whether the first batch will grow no more, or there will be none.
  bool can_take() const {
    if (running == 0) return true;
    return !slots.empty() && (slots.front().error || slots.front().count >= batch_size || slots.size() > 1);
  }
};

ChunkFeeder::ChunkFeeder() : state_(std::make_unique<State>()) {}
ChunkFeeder::~ChunkFeeder() { stop(); }

void ChunkFeeder::stop() {
  State& s = *state_;
  {
    const std::lock_guard lock(s.mutex);
    s.quit = true;
    s.changed.notify_all();
  }
  for (std::thread& t : s.threads) t.join();
  s.threads.clear();
}

void ChunkFeeder::start(const ChunkDatasetOptions& options) {
  State& s = *state_;
  s.slots.clear();
  s.batch_size = options.batch_size();
  s.capacity = options.cache_size();
  s.ready = 0;
  s.drawn = s.added = 0;
  {
    GeneratorImpl& generator = generator_or_default(nullptr);
    const std::lock_guard lock(generator.lock);
    s.key = generator.random64();
  }
  s.quit = s.none_left = false;
  s.started = true;
  s.running = options.preloader_count();
  for (size_t i = 0; i < options.preloader_count(); ++i) s.threads.emplace_back([this] { run(); });
}

void ChunkFeeder::run() {
  State& s = *state_;
  const InlineParallelGuard on_this_thread;
  Generator generator = hearth::detail::createCPUGenerator();
  const DefaultGeneratorGuard guard(generator);
  std::unique_lock lock(s.mutex);
  while (!s.quit && !s.none_left) {
    const uint64_t number = s.drawn++;
    generator.unsafeGetGeneratorImpl()->set_stream(s.key, 0, number);  // whichever thread reads this chunk
    std::shared_ptr<void> chunk;
    std::exception_ptr error;
    try {
      const std::optional<std::vector<size_t>> indices = draw_chunks();
      s.none_left = !indices;
      if (indices) {
        lock.unlock();
        chunk = read_chunks(*indices);
        lock.lock();
      }
    } catch (...) {
      if (lock.owns_lock()) {
        s.none_left = true;  // the sampler itself failed
      } else {
        lock.lock();
      }
      error = std::current_exception();
    }
    s.changed.wait(lock, [&] { return s.quit || (s.added == number && s.ready < s.capacity); });
    if (s.quit) break;
    try {
      if (chunk) s.ready += add(chunk.get());
    } catch (...) {
      error = std::current_exception();
    }
    if (error) s.slots.push_back({nullptr, 0, error});
    ++s.added;
    s.changed.notify_all();
  }
  --s.running;
  s.changed.notify_all();
}

ChunkFeeder::Slot& ChunkFeeder::open_slot() {
  State& s = *state_;
  if (s.slots.empty() || s.slots.back().error || s.slots.back().count >= s.batch_size) s.slots.emplace_back();
  return s.slots.back();
}

std::shared_ptr<void> ChunkFeeder::take() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  if (!s.started) throw ValueError("[ChunkDataset] reset() must be called before get_batch()");
  s.changed.wait(lock, [&] { return s.can_take(); });
  if (s.slots.empty()) return nullptr;
  const Slot slot = std::move(s.slots.front());
  s.slots.pop_front();
  s.ready -= std::min(s.ready, slot.count);
  s.changed.notify_all();
  if (slot.error) throw WorkerException(slot.error);
  return slot.batch;
}

void ChunkFeeder::pause(const std::function<void()>& f) const {
  const std::lock_guard lock(state_->mutex);
  f();
}

}  // namespace detail

}  // namespace hearth::data::datasets
