#include <fmt/format.h>

#include <algorithm>

#include "data/loader_impl.h"

namespace hearth::data::detail {

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

StageNames stages_of(const HeldDataset& dataset) {
  StageNames names;
  dataset.add_stages(names);
  return names;
}

}  // namespace

std::string place_text(std::optional<uint64_t> sample, uint64_t batch) {
  return sample ? fmt::format("sample {} of batch {}", *sample, batch) : fmt::format("batch {}", batch);
}

std::vector<uint8_t> state_of(const Generator& generator) {
  Generator handle = generator;
  const std::lock_guard lock(handle.mutex());
  return handle.get_state();
}

LoaderCore::State::State(const DataLoaderOptions& o, std::unique_ptr<HeldDataset> d)
    : options(o),
      dataset(std::move(d)),
      dataset_size(dataset->size()),
      stages(stages_of(*dataset)),
      here(stages.names.size()) {
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

LoaderCore::State::LoopScope::LoopScope(State& s) : state(s) {
  const int64_t now = now_ns();
  if (state.in_epoch) state.add_loop_time(now - state.loop_at);
  state.loop_at = now;
}

LoaderCore::State::LoopScope::~LoopScope() {
  const int64_t now = now_ns();
  state.add_loop_time(now - state.loop_at);
  state.wait_ns += now - state.loop_at;
  state.loop_at = now;
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

void LoaderCore::State::copy_dataset() {
  copies.clear();
  if (dataset->is_shared()) return;
  for (size_t i = 0; i < options.workers; ++i) {
    std::unique_ptr<HeldDataset> copy = dataset->copy();
    if (copy) {
      copies.push_back(std::move(copy));
    } else if (options.workers > 1) {
      throw ValueError(
          "[DataLoader] this dataset can't be copied for each worker; use make_shared_dataset, or declare it "
          "is_thread_safe, or use one worker");
    }
  }
}

void* LoaderCore::State::dataset_of(size_t worker) const {
  if (worker < copies.size()) return copies[worker]->dataset();
  return dataset->is_shared() || worker == 0 || !copies.empty() ? dataset->dataset() : nullptr;
}

size_t LoaderCore::State::open_epoch() {
  std::unique_lock lock(mutex);
  if (joined) throw ValueError("[DataLoader] the loader was joined; make a new one");
  drain(lock);
  const std::optional<Resume> from = std::exchange(resume, std::nullopt);
  epoch = from ? from->epoch : next_epoch;
  keyed_epoch = from ? from->keyed : keyed;
  seed = from ? from->seed : loaded_seed.value_or(root().current_seed());
  bad_of_epoch = from ? from->bad : 0;
  next_epoch = epoch + 1;
  pushed = delivered = turns.next = turns.samples = 0;
  choose_source(from);
  in_epoch = true;
  lock.unlock();
  return from ? static_cast<size_t>(from->delivered) : 0;
}

void LoaderCore::State::with_generator(const std::function<void()>& f) const {
  std::optional<DefaultGeneratorGuard> guard;
  if (source) guard.emplace(*source);
  f();
}

bool LoaderCore::State::wants_more() const {
  const std::lock_guard lock(mutex);
  const size_t most = options.auto_workers && !options.fixed_jobs ? options.prefetch_factor * active : options.max_jobs;
  return flight.size() < most;
}

void LoaderCore::State::push(std::unique_ptr<BatchWork> work) {
  auto job = std::make_unique<Job>();
  job->size = std::max<size_t>(work->parts, 1);
  job->work = std::move(work);
  const std::lock_guard lock(mutex);
  job->number = pushed++;
  job->part = part_of(job->size);
  todo.push_back(job.get());
  flight.push_back(std::move(job));
  wake_worker();
}

std::unique_ptr<BatchWork> LoaderCore::State::pop() {
  std::unique_lock lock(mutex);
  if (flight.empty()) return nullptr;
  const auto arrived = [&] { return ready() != flight.end(); };
  while (!arrived() && help(lock)) {
  }
  wake_worker();  // for parts that were left to this thread, and turned out too long for it
  waiting = true;
  bool in_time = true;
  if (!options.timeout) {
    has_result.wait(lock, arrived);
  } else {
    in_time = has_result.wait_for(lock, *options.timeout, arrived);
  }
  waiting = false;
  if (!in_time) give_up();
  const auto place = ready();
  const std::unique_ptr<Job> job = std::move(*place);
  flight.erase(place);
  ++delivered;
  count_left_out(*job->work, job->left_out, job->number);
  if (options.auto_workers) adapt();
  return std::move(job->work);
}

void LoaderCore::State::run_here(BatchWork& work, void* with) {
  const uint64_t number = pushed++;
  ++delivered;
  Worker& worker = here;
  const WorkerScope scope(worker);
  prepare(worker, number);
  const int64_t began = now_ns();
  try {
    make(worker, work, with, 0, work.parts);
    if (work.parts > 0) learn(now_ns() - began, work.parts);
    work.left_out = work.parts > 0 && worker.left_out.size() == work.parts;
    if (work.parts > 0 && !work.left_out) {
      worker.enter_batch(number);
      finish(worker, work, with);
    }
  } catch (...) {
    worker.timing = false;
    if (work.parts > 0 || !worker.leaves_out) rethrow_with_place(worker, work, number);
    for (size_t i = 0; i < std::max<size_t>(1, work.requested()); ++i)
      worker.left_out.push_back({i, std::nullopt, std::current_exception()});
    work.left_out = true;
  }
  const std::lock_guard lock(mutex);
  settle(worker, now_ns() - began);
  count_left_out(work, worker.left_out, number);
  if (work.error) std::rethrow_exception(work.error);
}

void LoaderCore::State::end_epoch() {
  in_epoch = false;
  if (!options.persistent_workers) end_threads();
}

void LoaderCore::State::count(BatchSizes sizes) {
  ++batches;
  samples += sizes.samples;
  bytes += sizes.bytes;
}

}  // namespace hearth::data::detail
