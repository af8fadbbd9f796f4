#include "hearth/data/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/fail.h"
#include "base/threads.h"
#include "data/worker.h"

namespace hearth::data {

namespace {

using detail::BatchWork;
using detail::kNoSample;
using detail::LeftOut;
using detail::now_ns;
using detail::Worker;

constexpr int64_t kPartNs = 200'000;        // a part of a batch is worth handing out from here on
constexpr int64_t kSlowNs = 10'000;         // samples that take this long are all timed, shorter ones now and then
constexpr size_t kBadKept = 100;            // in stats()
constexpr int64_t kWindowNs = 300'000'000;  // auto_workers decides this often

std::string message_of(const std::exception_ptr& original) {
  try {
    std::rethrow_exception(original);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

std::string file_of(const std::exception_ptr& original) {
  try {
    std::rethrow_exception(original);
  } catch (const FileError& e) {
    return e.path;
  } catch (...) {
    return {};
  }
}

std::string place_text(std::optional<uint64_t> sample, uint64_t batch) {
  return sample ? fmt::format("sample {} of batch {}", *sample, batch) : fmt::format("batch {}", batch);
}

/// The numbers of batches, in whose order a stateful dataset is asked for them.
struct Turns {
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t next = 0;
};

/// The thread makes a batch as this worker.
class WorkerScope {
 public:
  explicit WorkerScope(Worker& worker)
      : guard_(worker.generator), before_(std::exchange(detail::this_worker(), &worker)) {}
  WorkerScope(const WorkerScope&) = delete;
  WorkerScope& operator=(const WorkerScope&) = delete;
  ~WorkerScope() { detail::this_worker() = before_; }

 private:
  DefaultGeneratorGuard guard_;
  Worker* before_;
};

Tensor bytes_tensor(const std::vector<uint8_t>& bytes) {
  Tensor out = empty({static_cast<int64_t>(bytes.size())}, kByte);
  std::copy(bytes.begin(), bytes.end(), out.data_ptr<uint8_t>());
  return out;
}

/// The exception in flight, which says where if it is one of ours.
[[noreturn]] void rethrow_with_place(const Worker& worker, const BatchWork& work, uint64_t number) {
  const uint64_t at = worker.sample.load(std::memory_order_relaxed);
  try {
    throw;
  } catch (Error& e) {
    e.add_context(place_text(work.parts > 0 && at != kNoSample ? std::optional(at) : std::nullopt, number));
    throw;
  }
}

std::vector<uint8_t> state_of(const Generator& generator) {
  Generator handle = generator;
  const std::lock_guard lock(handle.mutex());
  return handle.get_state();
}

}  // namespace

FullDataLoaderOptions::FullDataLoaderOptions(const DataLoaderOptions& o)
    : batch_size(o.batch_size()),
      workers(o.workers() == data::auto_workers ? std::max(1U, std::thread::hardware_concurrency()) : o.workers()),
      max_jobs(o.max_jobs().value_or(o.prefetch_factor() * workers)),
      timeout(o.timeout()),
      enforce_ordering(o.enforce_ordering()),
      drop_last(o.drop_last()),
      prefetch_factor(o.prefetch_factor()),
      persistent_workers(o.persistent_workers()),
      auto_workers(o.workers() == data::auto_workers),
      fixed_jobs(o.max_jobs().has_value()),
      generator(o.generator()),
      skip_bad_samples(o.skip_bad_samples()) {}

WorkerException::WorkerException(std::exception_ptr original, const std::string& where, std::optional<size_t> sample)
    : Error("Caught exception in DataLoader worker thread. Original message: " + message_of(original) +
            (where.empty() ? "" : " (" + where + ")")),
      original_exception(std::move(original)),
      message(msg()),
      sample_index(sample),
      file(file_of(original_exception)) {}

TimeoutError::TimeoutError(std::string text, std::optional<size_t> sample)
    : Error(std::move(text)), sample_index(sample) {}

namespace detail {

Worker*& this_worker() {
  static thread_local constinit Worker* worker = nullptr;
  return worker;
}

void enter_sample(uint64_t index) {
  if (Worker* const worker = this_worker()) worker->enter_sample(index);
}

StageClock* enter_timed_sample(uint64_t index) {
  Worker* const worker = this_worker();
  if (!worker) return nullptr;
  worker->enter_sample(index);
  worker->timing = worker->slow || worker->entered % 16 == 0;
  ++worker->entered;
  if (!worker->timing) return nullptr;
  worker->clock.start();
  return &worker->clock;
}

bool leave_out(size_t place, uint64_t index) {
  Worker* const worker = this_worker();
  if (!worker || !worker->leaves_out) return false;
  worker->left_out.push_back({place, index, std::current_exception()});
  return true;
}

Turn::Turn() {
  Worker* const worker = this_worker();
  if (!worker) return;
  auto& turns = *static_cast<Turns*>(worker->turns);
  std::unique_lock lock(turns.mutex);
  turns.changed.wait(lock, [&] { return turns.next == worker->number.load(std::memory_order_relaxed); });
}

Turn::~Turn() {
  Worker* const worker = this_worker();
  if (!worker) return;
  auto& turns = *static_cast<Turns*>(worker->turns);
  const std::lock_guard lock(turns.mutex);
  ++turns.next;
  turns.changed.notify_all();
}

BatchWork::~BatchWork() = default;

BatchSizes sizes_of(const Tensor& batch) {
  if (!batch.defined()) return {0, 0};
  return {batch.dim() > 0 ? batch.size(0) : 1, batch.numel() * static_cast<int64_t>(batch.element_size())};
}

struct LoaderCore::State {
  /// A batch on its way: parts are handed out in order, and the thread that ends the last one puts them together.
  struct Job {
    std::unique_ptr<BatchWork> work;
    uint64_t number;
    size_t size, part;            // in all, and at a time
    size_t handed = 0, open = 0;  // samples handed out; parts not ended
    size_t error_at = SIZE_MAX;   // where the part that failed began
    std::vector<LeftOut> left_out;
    bool done = false;
  };
  struct Thread {
    explicit Thread(size_t stages) : worker(stages) {}
    Worker worker;
    std::thread thread;
  };
  /// Where an epoch is to go on.
  struct Resume {
    int64_t epoch = 0;
    uint64_t seed = 0, delivered = 0;
    size_t bad = 0;
    bool keyed = false;
    std::vector<uint8_t> generator;  // as it was before the epoch's order was drawn; empty: not known
  };

  State(const FullDataLoaderOptions& o, StageNames s, std::function<void*(size_t)> d)
      : options(o), stages(std::move(s)), datasets(std::move(d)), here(stages.names.size()) {
    here.turns = &turns;
    active = options.auto_workers ? 1 : options.workers;
    stage_seconds.resize(stages.names.size());
  }

  // ---- threads

  void start() {
    quit = false;
    for (size_t i = 0; i < options.workers; ++i) {
      threads.push_back(std::make_unique<Thread>(stages.names.size()));
      Thread& t = *threads.back();
      t.worker.turns = &turns;
      t.thread = std::thread([this, i, &t] { run(i, t.worker); });
    }
  }

  void run(size_t id, Worker& worker) {
    const InlineParallelGuard on_this_thread;  // kernels called here don't take the pool's threads
    const WorkerScope scope(worker);
    std::unique_lock lock(mutex);
    while (true) {
      ++idle;
      has_job.wait(lock, [&] { return quit || (id < active && !todo.empty()); });
      --idle;
      if (quit) return;
      run_part(worker, datasets(id), lock);
    }
  }

  /// Takes the next part and makes it; the lock is not held meanwhile.
  void run_part(Worker& worker, void* dataset, std::unique_lock<std::mutex>& lock) {
    Job& job = *todo.front();
    const size_t from = job.handed, to = std::min(job.size, from + job.part);
    job.handed = to;
    if (to == job.size) todo.pop_front();
    if (idle > 0 && !todo.empty()) wake_worker();
    ++job.open;
    ++running;
    prepare(worker, job.number);
    lock.unlock();
    const int64_t began = now_ns();
    bool failed = false;
    std::exception_ptr error;
    try {
      make(worker, *job.work, dataset, from, to);
    } catch (...) {
      error = std::current_exception();
      failed = true;
    }
    const int64_t took = now_ns() - began;
    lock.lock();
    settle(worker, took);
    if (job.work->parts > 0) learn(took, to - from);
    std::move(worker.left_out.begin(), worker.left_out.end(), std::back_inserter(job.left_out));
    if (failed) keep_error(job, from, std::move(error), worker.sample.load(std::memory_order_relaxed));
    --job.open;
    if (job.open == 0 && job.handed == job.size) put_together(worker, job, dataset, lock);
    --running;
    if (running == 0 && draining) drained.notify_all();
  }

  void prepare(Worker& worker, uint64_t number) const {
    worker.seed = seed;
    worker.epoch = static_cast<uint64_t>(epoch);
    worker.slow = sample_ns > kSlowNs;
    worker.leaves_out = options.skip_bad_samples > 0;
    worker.left_out.clear();
    worker.entered = 0;
    worker.enter_batch(number);
  }

  static void make(Worker& worker, BatchWork& work, void* dataset, size_t from, size_t to) {
    worker.timing = work.parts == 0;
    if (worker.timing) worker.clock.start();
    work.make(dataset, from, to, &worker.clock);
    worker.timing = false;
  }

  /// The first sample that failed, in the batch's order, is the one to name; those after it need not be made.
  void keep_error(Job& job, size_t from, std::exception_ptr error, uint64_t sample) {
    if (job.handed < job.size) {
      job.handed = job.size;
      todo.erase(std::find(todo.begin(), todo.end(), &job));
    }
    if (from >= job.error_at) return;
    job.error_at = from;
    const bool known = job.work->parts > 0 && sample != kNoSample;
    job.work->error = std::move(error);
    job.work->sample = known ? std::optional(static_cast<size_t>(sample)) : std::nullopt;
    job.work->where = place_text(known ? std::optional(sample) : std::nullopt, job.number);
  }

  void put_together(Worker& worker, Job& job, void* dataset, std::unique_lock<std::mutex>& lock) {
    BatchWork& work = *job.work;
    if (work.error && work.parts == 0 && options.skip_bad_samples > 0) leave_out_whole(job);
    std::sort(job.left_out.begin(), job.left_out.end(), [](const auto& a, const auto& b) { return a.place < b.place; });
    work.left_out = work.left_out || (work.parts > 0 && job.left_out.size() == work.parts);
    if (!work.error && !work.left_out && work.parts > 0) {
      lock.unlock();
      worker.enter_batch(job.number);
      const int64_t began = now_ns();
      std::exception_ptr error;
      try {
        finish(worker, work, dataset);
      } catch (...) {
        error = std::current_exception();
      }
      const int64_t took = now_ns() - began;
      lock.lock();
      settle(worker, took);
      if (error) keep_error(job, 0, std::move(error), kNoSample);
    }
    worker.number.store(kNoSample, std::memory_order_relaxed);
    job.done = true;
    if (waiting && (!options.enforce_ordering || flight.front().get() == &job)) has_result.notify_all();
  }

  static void finish(Worker& worker, BatchWork& work, void* dataset) {
    worker.timing = true;
    worker.clock.start();
    work.finish(dataset, &worker.clock);
    worker.timing = false;
  }

  static void leave_out_whole(Job& job) {
    for (size_t i = 0; i < std::max<size_t>(1, job.work->requested()); ++i)
      job.left_out.push_back({i, std::nullopt, job.work->error});
    job.work->error = nullptr;
    job.work->left_out = true;
  }

  /// Puts the laps of this worker to the loader's account, scaled to the time that they stand for.
  void settle(Worker& worker, int64_t took) {
    busy_ns += took;
    int64_t lapped = 0;
    for (const int64_t ns : worker.clock.laps) lapped += ns;
    for (const auto& [name, ns] : worker.clock.named) lapped += ns;
    if (lapped > 0) {
      const double scale = static_cast<double>(took) / static_cast<double>(lapped) * 1e-9;
      for (size_t i = 0; i < stage_seconds.size(); ++i)
        stage_seconds[i] += static_cast<double>(worker.clock.laps[i]) * scale;
      for (const auto& [name, ns] : worker.clock.named) named_seconds[name] += static_cast<double>(ns) * scale;
    }
    std::fill(worker.clock.laps.begin(), worker.clock.laps.end(), 0);
    worker.clock.named.clear();
  }

  void learn(int64_t took, size_t count) {
    const int64_t each = took / static_cast<int64_t>(count);
    sample_ns = sample_ns == 0 ? std::max<int64_t>(each, 1) : (3 * sample_ns + each) / 4;
  }

  /// How many samples of a batch are handed out at a time: all where they are cheap.
  size_t part_of(size_t size) const {
    if (active <= 1 || size <= 1) return std::max<size_t>(size, 1);
    const size_t share = (size + active - 1) / active;
    if (sample_ns == 0) return share;
    const auto worth = static_cast<size_t>(std::max<int64_t>(1, kPartNs / std::max<int64_t>(1, sample_ns)));
    return worth >= size ? size : std::max<size_t>(1, std::min(worth, share));
  }

  void wake_worker() {
    if (options.auto_workers) {
      has_job.notify_all();  // one that is not to work yet may be among them
    } else {
      has_job.notify_one();
    }
  }

  void drain(std::unique_lock<std::mutex>& lock) {
    todo.clear();
    draining = true;
    drained.wait(lock, [this] { return running == 0; });
    draining = false;
    flight.clear();
  }

  void end_threads() {
    {
      std::unique_lock lock(mutex);
      quit = true;
      has_job.notify_all();
    }
    for (const auto& t : threads) t->thread.join();
    threads.clear();
    todo.clear();
    flight.clear();
  }

  // ---- the loop's side; all of this is called by its thread alone

  std::deque<std::unique_ptr<Job>>::iterator ready() {
    if (options.enforce_ordering) return !flight.empty() && flight.front()->done ? flight.begin() : flight.end();
    return std::find_if(flight.begin(), flight.end(), [](const auto& job) { return job->done; });
  }

  [[noreturn]] void give_up() const {
    const uint64_t number = flight.front()->number;
    std::string stuck;
    std::optional<size_t> first;
    for (size_t i = 0; i < threads.size(); ++i) {
      const Worker& worker = threads[i]->worker;
      const uint64_t at = worker.number.load(std::memory_order_relaxed);
      const uint64_t sample = worker.sample.load(std::memory_order_relaxed);
      if (at == kNoSample || (options.enforce_ordering && at != number)) continue;
      const auto known = sample != kNoSample ? std::optional(sample) : std::nullopt;
      if (known && !first) first = static_cast<size_t>(sample);
      stuck += fmt::format("; worker {} is at {}", i, place_text(known, at));
    }
    throw TimeoutError(fmt::format("[DataLoader] timeout in DataLoader queue while waiting for next batch: batch {} "
                                   "was not ready after {} ms{}. Mend that sample or allow more time",
                                   number, options.timeout->count(), stuck),
                       first);
  }

  /// Counts what was left out of a batch. Past the budget the batch is an error after all.
  void count_left_out(BatchWork& work, std::vector<LeftOut>& left_out, uint64_t number) {
    for (LeftOut& sample : left_out) {
      ++bad_total;
      if (bad_kept.size() < kBadKept)
        bad_kept.push_back(
            {static_cast<size_t>(sample.index.value_or(kNoSample)), file_of(sample.error), message_of(sample.error)});
      if (++bad_of_epoch <= options.skip_bad_samples || work.error) continue;
      work.error = sample.error;
      work.sample = sample.index ? std::optional(static_cast<size_t>(*sample.index)) : std::nullopt;
      work.where = fmt::format("{}, one more bad sample than skip_bad_samples = {} allows",
                               place_text(sample.index, number), options.skip_bad_samples);
    }
  }

  void add_loop_time(int64_t ns) {
    loop_ns += ns;
    worker_ns += ns * static_cast<int64_t>(std::max<size_t>(1, active));
  }

  /// auto_workers: one more while the loop waits and the last one helped; one less where it did not.
  void adapt() {
    ++window_batches;
    const int64_t elapsed = loop_ns - window_began;  // of the loops' time: what lies between epochs says nothing
    if (elapsed < kWindowNs || window_batches < 4) return;
    const double rate = static_cast<double>(window_batches) / static_cast<double>(elapsed);
    const double waited = static_cast<double>(wait_ns - window_wait) / static_cast<double>(elapsed);
    if (raised && rate < 1.05 * rate_before) {
      active -= 1;
      quiet_windows = 20;  // some seconds before the next try
    } else if (waited > 0.05 && active < options.workers && quiet_windows == 0) {
      raised = true;
      rate_before = rate;
      active += 1;
      has_job.notify_all();
      return open_window();
    }
    raised = false;
    if (quiet_windows > 0) --quiet_windows;
    open_window();
  }
  void open_window() {
    window_began = loop_ns;
    window_batches = 0;
    window_wait = wait_ns;
  }

  // ---- epochs and their random numbers

  const Generator& root() const {
    return options.generator ? *options.generator : hearth::detail::getDefaultCPUGenerator();
  }

  /// The generator that this epoch's order is drawn from.
  void choose_source(const std::optional<Resume>& from) {
    source.reset();
    before.clear();
    if (keyed_epoch) {
      source = hearth::detail::createCPUGenerator();
      source->unsafeGetGeneratorImpl()->set_stream(seed, 2 * static_cast<uint64_t>(epoch) + 1, UINT64_MAX);
      return;
    }
    if (options.generator) source = *options.generator;
    if (from && !from->generator.empty()) {
      if (!source) source = hearth::detail::createCPUGenerator();
      const std::lock_guard lock(source->mutex());
      source->set_state(from->generator);
    }
    before = state_of(source ? *source : root());
  }

  const FullDataLoaderOptions options;
  StageNames stages;
  std::function<void*(size_t)> datasets;
  std::vector<std::unique_ptr<Thread>> threads;
  Worker here;
  Turns turns;

  mutable std::mutex mutex;
  std::condition_variable has_job, has_result, drained;
  std::deque<std::unique_ptr<Job>> flight;  // by number
  std::deque<Job*> todo;                    // those of them with parts to hand out
  size_t running = 0, idle = 0, active = 0;
  bool quit = false, joined = false, waiting = false, draining = false;
  int64_t sample_ns = 0;  // what a sample takes, about

  int64_t epoch = 0, next_epoch = 0;
  uint64_t seed = 0, pushed = 0, delivered = 0;  // of this epoch
  bool in_epoch = false, keyed = false, keyed_epoch = false;
  std::optional<uint64_t> loaded_seed;
  std::optional<Resume> resume;
  std::optional<Generator> source;
  std::vector<uint8_t> before;  // source's state before the order was drawn

  int64_t loop_ns = 0, wait_ns = 0, busy_ns = 0, worker_ns = 0, loop_at = 0;
  int64_t batches = 0, samples = 0, bytes = 0, bad_total = 0;
  size_t bad_of_epoch = 0;
  std::vector<double> stage_seconds;
  std::map<std::string, double> named_seconds;
  std::vector<BadSample> bad_kept;

  int64_t window_began = 0, window_batches = 0, window_wait = 0;
  double rate_before = 0;
  bool raised = false;
  int quiet_windows = 0;
};

LoaderCore::LoaderCore(const FullDataLoaderOptions& options, StageNames stages,
                       std::function<void*(size_t worker)> datasets)
    : state_(std::make_unique<State>(options, std::move(stages), std::move(datasets))) {
  if (options.batch_size == 0) throw ValueError("[DataLoader] batch_size is 0; it must be at least 1");
  if (options.workers > 0 && options.max_jobs == 0)
    throw ValueError(
        "[DataLoader] max_jobs or prefetch_factor is 0, so no worker would ever get a job; leave it unset");
}

LoaderCore::~LoaderCore() { join(); }

size_t LoaderCore::begin(const std::function<void()>& reset_source) {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  if (s.joined) throw ValueError("[DataLoader] the loader was joined; make a new one");
  s.drain(lock);
  const std::optional<State::Resume> from = std::exchange(s.resume, std::nullopt);
  s.epoch = from ? from->epoch : s.next_epoch;
  s.keyed_epoch = from ? from->keyed : s.keyed;
  s.seed = from ? from->seed : s.loaded_seed.value_or(s.root().current_seed());
  s.bad_of_epoch = from ? from->bad : 0;
  s.next_epoch = s.epoch + 1;
  s.pushed = s.delivered = s.turns.next = 0;
  s.choose_source(from);
  s.in_epoch = true;
  lock.unlock();
  with_generator(reset_source);
  if (s.threads.empty()) s.start();
  s.loop_at = now_ns();
  return from ? static_cast<size_t>(from->delivered) : 0;
}

void LoaderCore::with_generator(const std::function<void()>& f) const {
  std::optional<DefaultGeneratorGuard> guard;
  if (state_->source) guard.emplace(*state_->source);
  f();
}

void LoaderCore::skip_to(size_t number) {
  state_->pushed = state_->delivered = number;
  state_->turns.next = number;
}

bool LoaderCore::wants_more() const {
  const State& s = *state_;
  const std::lock_guard lock(s.mutex);
  const size_t most =
      s.options.auto_workers && !s.options.fixed_jobs ? s.options.prefetch_factor * s.active : s.options.max_jobs;
  return s.flight.size() < most;
}

void LoaderCore::push(std::unique_ptr<BatchWork> work) {
  State& s = *state_;
  auto job = std::make_unique<State::Job>();
  job->size = std::max<size_t>(work->parts, 1);
  job->work = std::move(work);
  const std::lock_guard lock(s.mutex);
  job->number = s.pushed++;
  job->part = s.part_of(job->size);
  s.todo.push_back(job.get());
  s.flight.push_back(std::move(job));
  if (s.idle > 0) s.wake_worker();
}

std::unique_ptr<BatchWork> LoaderCore::pop() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  if (s.flight.empty()) return nullptr;
  const auto arrived = [&] { return s.ready() != s.flight.end(); };
  s.waiting = true;
  bool in_time = true;
  if (!s.options.timeout) {
    s.has_result.wait(lock, arrived);
  } else {
    in_time = s.has_result.wait_for(lock, *s.options.timeout, arrived);
  }
  s.waiting = false;
  if (!in_time) s.give_up();
  const auto place = s.ready();
  const std::unique_ptr<State::Job> job = std::move(*place);
  s.flight.erase(place);
  ++s.delivered;
  s.count_left_out(*job->work, job->left_out, job->number);
  if (s.options.auto_workers) s.adapt();
  return std::move(job->work);
}

void LoaderCore::run_here(BatchWork& work, void* dataset) {
  State& s = *state_;
  const uint64_t number = s.pushed++;
  ++s.delivered;
  Worker& worker = s.here;
  const WorkerScope scope(worker);
  s.prepare(worker, number);
  const int64_t began = now_ns();
  try {
    State::make(worker, work, dataset, 0, work.parts);
    if (work.parts > 0) s.learn(now_ns() - began, work.parts);
    work.left_out = work.parts > 0 && worker.left_out.size() == work.parts;
    if (work.parts > 0 && !work.left_out) {
      worker.enter_batch(number);
      State::finish(worker, work, dataset);
    }
  } catch (...) {
    worker.timing = false;
    if (work.parts > 0 || !worker.leaves_out) rethrow_with_place(worker, work, number);
    for (size_t i = 0; i < std::max<size_t>(1, work.requested()); ++i)
      worker.left_out.push_back({i, std::nullopt, std::current_exception()});
    work.left_out = true;
  }
  const std::lock_guard lock(s.mutex);
  s.settle(worker, now_ns() - began);
  s.count_left_out(work, worker.left_out, number);
  if (work.error) std::rethrow_exception(work.error);
}

void LoaderCore::end_epoch() {
  State& s = *state_;
  s.in_epoch = false;
  if (!s.options.persistent_workers) s.end_threads();
}

void LoaderCore::end_workers() { state_->end_threads(); }

void LoaderCore::count(int64_t batch_samples, int64_t batch_bytes) {
  State& s = *state_;
  ++s.batches;
  s.samples += batch_samples;
  s.bytes += batch_bytes;
}

void LoaderCore::join() {
  State& s = *state_;
  if (s.joined) return;
  s.joined = true;
  s.end_threads();
}

void LoaderCore::enter_loop() {
  State& s = *state_;
  const int64_t now = now_ns();
  if (s.in_epoch) s.add_loop_time(now - s.loop_at);
  s.loop_at = now;
}

void LoaderCore::leave_loop() {
  State& s = *state_;
  const int64_t now = now_ns();
  s.add_loop_time(now - s.loop_at);
  s.wait_ns += now - s.loop_at;
  s.loop_at = now;
}

void LoaderCore::set_epoch(int64_t epoch) {
  State& s = *state_;
  if (epoch < 0) fail("[DataLoader] set_epoch: the epoch is {}; it counts from 0", epoch);
  s.keyed = true;
  s.next_epoch = epoch;
  if (s.resume && s.resume->epoch != epoch) s.resume.reset();
}

int64_t LoaderCore::epoch() const {
  const State& s = *state_;
  if (s.resume) return s.resume->epoch;
  return s.in_epoch ? s.epoch : s.next_epoch;
}

std::optional<int64_t> LoaderCore::told_epoch() const {
  return state_->keyed_epoch ? std::optional(state_->epoch) : std::nullopt;
}

IValue LoaderCore::state_dict(std::optional<size_t> dataset_size) const {
  const State& s = *state_;
  State::Resume at;
  if (s.resume) {
    at = *s.resume;
  } else if (s.in_epoch) {
    if (s.options.workers > 0 && !s.options.enforce_ordering)
      fail(
          "[DataLoader] state_dict: batches come out of order, so no place in the epoch says which were seen; "
          "set enforce_ordering(true)");
    at = {s.epoch, s.seed, s.delivered, s.bad_of_epoch, s.keyed_epoch, s.before};
  } else {
    at = {s.next_epoch, s.loaded_seed.value_or(s.root().current_seed()), 0, 0, s.keyed, {}};
    if (s.options.generator && !s.keyed) at.generator = state_of(*s.options.generator);
  }
  return IValue::Dict{{"version", 1},
                      {"epoch", at.epoch},
                      {"delivered", static_cast<int64_t>(at.delivered)},
                      {"bad_samples", static_cast<int64_t>(at.bad)},
                      {"seed", static_cast<int64_t>(at.seed)},
                      {"epoch_was_set", at.keyed},
                      {"generator", at.generator.empty() ? IValue() : IValue(bytes_tensor(at.generator))},
                      {"batch_size", static_cast<int64_t>(s.options.batch_size)},
                      {"dataset_size", dataset_size ? IValue(static_cast<int64_t>(*dataset_size)) : IValue()}};
}

void LoaderCore::load_state_dict(const IValue& state, std::optional<size_t> dataset_size) {
  State& s = *state_;
  const auto number = [&](const char* key) {
    const int64_t value = state.at(key).toInt();
    if (value < 0) fail("[DataLoader] load_state_dict: {} is {}; the state is damaged", key, value);
    return value;
  };
  if (const int64_t version = state.at("version").toInt(); version != 1)
    fail("[DataLoader] load_state_dict: the state has version {}, this hearth reads version 1", version);
  const auto same = [&](const char* what, int64_t theirs, int64_t ours) {
    if (theirs != ours)
      fail(
          "[DataLoader] load_state_dict: the state was taken with {} {} and this loader has {}; the next batch would "
          "be another",
          what, theirs, ours);
  };
  same("batch_size", number("batch_size"), static_cast<int64_t>(s.options.batch_size));
  if (dataset_size && !state.at("dataset_size").isNone())
    same("a dataset of size", number("dataset_size"), static_cast<int64_t>(*dataset_size));
  State::Resume at{number("epoch"),
                   static_cast<uint64_t>(state.at("seed").toInt()),
                   static_cast<uint64_t>(number("delivered")),
                   static_cast<size_t>(number("bad_samples")),
                   state.at("epoch_was_set").toBool(),
                   {}};
  if (const IValue& generator = state.at("generator"); !generator.isNone()) {
    const Tensor bytes = generator.toTensor().to(kByte).contiguous();
    at.generator.assign(bytes.data_ptr<uint8_t>(), bytes.data_ptr<uint8_t>() + bytes.numel());
    hearth::detail::createCPUGenerator().set_state(at.generator);  // throws where it is none
  }
  s.keyed = s.keyed || at.keyed;
  s.next_epoch = at.epoch;
  s.loaded_seed = at.seed;
  s.resume = std::move(at);
}

LoaderStats LoaderCore::stats() const {
  const State& s = *state_;
  const std::lock_guard lock(s.mutex);
  constexpr double second = 1e-9;
  LoaderStats out;
  out.loop_seconds = static_cast<double>(s.loop_ns) * second;
  out.wait_seconds = static_cast<double>(s.wait_ns) * second;
  out.busy_seconds = static_cast<double>(s.busy_ns) * second;
  out.worker_seconds = static_cast<double>(s.worker_ns) * second;
  out.batches = s.batches;
  out.samples = s.samples;
  out.bytes = s.bytes;
  out.bad_samples = s.bad_total;
  out.workers = s.options.workers == 0 ? 0 : s.active;
  out.bad = s.bad_kept;
  for (size_t i = 0; i < s.stage_seconds.size(); ++i)
    if (s.stage_seconds[i] > 0) out.stages.push_back({s.stages.names[i], s.stage_seconds[i]});
  for (const auto& [name, seconds] : s.named_seconds) out.stages.push_back({name, seconds});
  std::stable_sort(out.stages.begin(), out.stages.end(),
                   [](const StageTime& a, const StageTime& b) { return a.seconds > b.seconds; });
  return out;
}

void LoaderCore::reset_stats() {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  s.loop_ns = s.wait_ns = s.busy_ns = s.worker_ns = 0;
  s.batches = s.samples = s.bytes = s.bad_total = 0;
  std::fill(s.stage_seconds.begin(), s.stage_seconds.end(), 0.0);
  s.named_seconds.clear();
  s.bad_kept.clear();
}

}  // namespace detail

}  // namespace hearth::data
