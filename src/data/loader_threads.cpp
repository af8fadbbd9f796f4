#include <algorithm>
#include <iterator>

#include "base/threads.h"
#include "base/view_counts.h"
#include "data/loader_impl.h"

namespace hearth::data::detail {

namespace {

constexpr int64_t kPartNs = 200'000;        // a part of a batch is worth handing out from here on
constexpr int64_t kSlowNs = 10'000;         // samples that take this long are all timed, shorter ones now and then
constexpr int64_t kWindowNs = 300'000'000;  // auto_workers decides this often

}  // namespace

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
  Turns& turns = *worker->turns;
  std::unique_lock lock(turns.mutex);
  turns.changed.wait(lock, [&] { return turns.next == worker->number.load(std::memory_order_relaxed); });
}

Turn::~Turn() {
  Worker* const worker = this_worker();
  if (!worker) return;
  Turns& turns = *worker->turns;
  const std::lock_guard lock(turns.mutex);
  ++turns.next;
  turns.changed.notify_all();
}

void Turn::gave(size_t samples) {
  Worker* const worker = this_worker();
  if (!worker) return;
  Turns& turns = *worker->turns;
  const std::lock_guard lock(turns.mutex);
  worker->asked = {nullptr, turns.samples, samples};
  turns.samples += samples;
}

void LoaderCore::State::start() {
  quit = false;
  for (size_t i = 0; i < options.workers; ++i) {
    threads.push_back(std::make_unique<Thread>(stages.names.size()));
    Thread& t = *threads.back();
    t.worker.turns = &turns;
    t.thread = std::thread([this, i, &t] { run(i, t.worker); });
  }
}

void LoaderCore::State::run(size_t id, Worker& worker) {
  const InlineParallelGuard on_this_thread;  // kernels called here don't take the pool's threads
  const WorkerScope scope(worker);
  std::unique_lock lock(mutex);
  while (true) {
    ++idle;
    has_job.wait(lock, [&] { return quit || (id < active && !todo.empty()); });
    --idle;
    if (quit) return;
    run_part(worker, dataset_of(id), lock);
  }
}

void LoaderCore::State::run_part(Worker& worker, void* with, std::unique_lock<std::mutex>& lock) {
  Job& job = *todo.front();
  const size_t from = job.handed, to = std::min(job.size, from + job.part);
  job.handed = to;
  if (to == job.size) todo.pop_front();
  ++job.open;
  ++running;
  wake_worker();
  prepare(worker, job.number);
  lock.unlock();
  const int64_t began = now_ns();
  bool failed = false;
  std::exception_ptr error;
  try {
    make(worker, *job.work, with, from, to);
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
  worker.number.store(kNoSample, std::memory_order_relaxed);
  --job.open;
  if (job.open == 0 && job.handed == job.size) put_together(worker, job, with, lock);
  --running;
  if (running == 0 && draining) drained.notify_all();
}

bool LoaderCore::State::loop_helps() const {
  if (todo.empty() || sample_ns == 0 || options.timeout || !options.persistent_workers) return false;
  const Job& job = *todo.front();
  if (job.work->parts == 0 || sample_ns * static_cast<int64_t>(job.size) > kPartNs) return false;
  return dataset_of(SIZE_MAX) != nullptr;
}

bool LoaderCore::State::help(std::unique_lock<std::mutex>& lock) {
  if (!loop_helps()) return false;
  const InlineParallelGuard on_this_thread;
  const WorkerScope scope(here);
  helping = true;
  run_part(here, dataset_of(SIZE_MAX), lock);
  helping = false;
  return true;
}

void LoaderCore::State::prepare(Worker& worker, uint64_t number) const {
  worker.seed = seed;
  worker.epoch = static_cast<uint64_t>(epoch);
  worker.slow = sample_ns > kSlowNs;
  worker.leaves_out = options.skip_bad_samples > 0;
  worker.left_out.clear();
  worker.entered = 0;
  worker.enter_batch(number);
}

void LoaderCore::State::make(Worker& worker, BatchWork& work, void* with, size_t from, size_t to) {
  const ViewCounts counts;  // samples are views of the same few tensors
  worker.timing = work.parts == 0;
  if (worker.timing) worker.clock.start();
  work.make(with, from, to, &worker.clock);
  worker.timing = false;
}

void LoaderCore::State::keep_error(Job& job, size_t from, std::exception_ptr error, uint64_t sample) {
  if (job.handed < job.size) {
    job.handed = job.size;
    const auto place = std::find(todo.begin(), todo.end(), &job);
    if (place != todo.end()) todo.erase(place);  // it is not there where the epoch is being left
  }
  if (from >= job.error_at) return;
  job.error_at = from;
  const bool known = job.work->parts > 0 && sample != kNoSample;
  job.work->error = std::move(error);
  job.work->sample = known ? std::optional(static_cast<size_t>(sample)) : std::nullopt;
  job.work->where = place_text(known ? std::optional(sample) : std::nullopt, job.number);
}

void LoaderCore::State::put_together(Worker& worker, Job& job, void* with, std::unique_lock<std::mutex>& lock) {
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
      finish(worker, work, with);
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

void LoaderCore::State::finish(Worker& worker, BatchWork& work, void* with) {
  worker.timing = true;
  worker.clock.start();
  work.finish(with, &worker.clock);
  worker.timing = false;
}

void LoaderCore::State::leave_out_whole(Job& job) {
  for (size_t i = 0; i < std::max<size_t>(1, job.work->requested()); ++i)
    job.left_out.push_back({i, std::nullopt, job.work->error});
  job.work->error = nullptr;
  job.work->left_out = true;
}

void LoaderCore::State::settle(Worker& worker, int64_t took) {
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

void LoaderCore::State::learn(int64_t took, size_t count) {
  const int64_t each = took / static_cast<int64_t>(count);
  sample_ns = sample_ns == 0 ? std::max<int64_t>(each, 1) : (3 * sample_ns + each) / 4;
}

size_t LoaderCore::State::part_of(size_t size) const {
  if (active <= 1 || size <= 1) return std::max<size_t>(size, 1);
  const size_t share = (size + active - 1) / active;
  if (sample_ns == 0) return share;
  const auto worth = static_cast<size_t>(std::max<int64_t>(1, kPartNs / std::max<int64_t>(1, sample_ns)));
  return worth >= size ? size : std::max<size_t>(1, std::min(worth, share));
}

void LoaderCore::State::wake_worker() {
  if (idle == 0 || todo.empty()) return;
  const size_t workers = running - (helping ? 1 : 0);
  if (loop_helps() && workers + 1 >= processors) return;  // the loop's thread has a processor of its own to use
  if (options.auto_workers) {
    has_job.notify_all();  // one that is not to work yet may be among them
  } else {
    has_job.notify_one();
  }
}

void LoaderCore::State::drain(std::unique_lock<std::mutex>& lock) {
  todo.clear();
  draining = true;
  drained.wait(lock, [this] { return running == 0; });
  draining = false;
  flight.clear();
}

void LoaderCore::State::end_threads() {
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

void LoaderCore::State::adapt() {
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

void LoaderCore::State::open_window() {
  window_began = loop_ns;
  window_batches = 0;
  window_wait = wait_ns;
}

}  // namespace hearth::data::detail
