#include "hearth/data/loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/fail.h"
#include "data/loader_core.h"

namespace hearth::data {

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
    : Error("Caught exception in DataLoader worker thread. Original message: " + detail::message_of(original) +
            (where.empty() ? "" : " (" + where + ")")),
      original_exception(std::move(original)),
      message(msg()),
      sample_index(sample),
      file(detail::file_of(original_exception)) {}

TimeoutError::TimeoutError(std::string text, std::optional<size_t> sample)
    : Error(std::move(text)), sample_index(sample) {}

namespace detail {

namespace {

constexpr size_t kBadKept = 100;  // in stats()

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

}  // namespace

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

std::vector<uint8_t> state_of(const Generator& generator) {
  Generator handle = generator;
  const std::lock_guard lock(handle.mutex());
  return handle.get_state();
}

BatchWork::~BatchWork() = default;

BatchSizes sizes_of(const Tensor& batch) {
  if (!batch.defined()) return {0, 0};
  return {batch.dim() > 0 ? batch.size(0) : 1, batch.numel() * static_cast<int64_t>(batch.element_size())};
}

LoaderCore::State::State(const FullDataLoaderOptions& o, StageNames s, std::function<void*(size_t)> d)
    : options(o), stages(std::move(s)), datasets(std::move(d)), here(stages.names.size()) {
  here.turns = &turns;
  active = options.auto_workers ? 1 : options.workers;
  stage_seconds.resize(stages.names.size());
}

std::deque<std::unique_ptr<LoaderCore::State::Job>>::iterator LoaderCore::State::ready() {
  if (options.enforce_ordering) return !flight.empty() && flight.front()->done ? flight.begin() : flight.end();
  return std::find_if(flight.begin(), flight.end(), [](const auto& job) { return job->done; });
}

void LoaderCore::State::give_up() const {
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

void LoaderCore::State::count_left_out(BatchWork& work, std::vector<LeftOut>& left_out, uint64_t number) {
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

void LoaderCore::State::add_loop_time(int64_t ns) {
  loop_ns += ns;
  worker_ns += ns * static_cast<int64_t>(std::max<size_t>(1, active));
}

const Generator& LoaderCore::State::root() const {
  return options.generator ? *options.generator : hearth::detail::getDefaultCPUGenerator();
}

void LoaderCore::State::choose_source(const std::optional<Resume>& from) {
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

bool LoaderCore::epoch_was_set() const { return state_->keyed_epoch; }

}  // namespace detail

}  // namespace hearth::data
