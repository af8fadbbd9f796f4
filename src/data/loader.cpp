#include "hearth/data/loader.h"

#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/rng.h"
#include "base/threads.h"

namespace hearth::data {

namespace {

std::string message_of(const std::exception_ptr& original) {
  try {
    std::rethrow_exception(original);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

/// The random streams of the batch that this thread makes: one for the batch, then one for each sample.
struct BatchStreams {
  Generator generator;
  uint64_t seed = 0, epoch = 0;
};
thread_local BatchStreams* t_streams = nullptr;

class StreamScope {
 public:
  StreamScope(BatchStreams& streams, uint64_t batch) : guard_(streams.generator) {
    // Batches and samples must not share streams: batches take the odd epochs' place, samples the even ones'.
    streams.generator.unsafeGetGeneratorImpl()->set_stream(streams.seed, 2 * streams.epoch + 1, batch);
    t_streams = &streams;
  }
  StreamScope(const StreamScope&) = delete;
  StreamScope& operator=(const StreamScope&) = delete;
  ~StreamScope() { t_streams = nullptr; }

 private:
  DefaultGeneratorGuard guard_;
};

}  // namespace

WorkerException::WorkerException(std::exception_ptr original)
    : Error("Caught exception in DataLoader worker. Original message: " + message_of(original)),
      original_exception(std::move(original)) {}

void detail::enter_sample(uint64_t index) {
  if (BatchStreams* s = t_streams) s->generator.unsafeGetGeneratorImpl()->set_stream(s->seed, 2 * s->epoch, index);
}

struct detail::LoaderCore::State {
  struct Job {
    uint64_t epoch, number;
    std::shared_ptr<void> request;
  };
  struct Result {
    std::shared_ptr<void> value;
    std::exception_ptr error;
  };

  State(const FullDataLoaderOptions& o, Work w) : options(o), work(std::move(w)) {}

  void start() {
    for (size_t i = 0; i < options.workers; ++i) threads.emplace_back([this, i] { run(i); });
  }

  void run(size_t worker) {
    const InlineParallelGuard on_this_thread;  // kernels called here don't take the pool's threads
    BatchStreams streams{hearth::detail::createCPUGenerator(), 0, 0};
    std::unique_lock lock(mutex);
    while (true) {
      has_job.wait(lock, [this] { return quit || !jobs.empty(); });
      if (quit) return;
      const Job job = std::move(jobs.front());
      jobs.pop_front();
      ++running;
      streams.seed = seed;
      streams.epoch = job.epoch;
      lock.unlock();
      Result result = make(worker, job, streams);
      lock.lock();
      --running;
      if (job.epoch == epoch) results.emplace(job.number, std::move(result));
      has_result.notify_all();
    }
  }

  Result make(size_t worker, const Job& job, BatchStreams& streams) {
    try {
      const StreamScope scope(streams, job.number);
      return {work(worker, job.request), nullptr};
    } catch (...) {
      return {nullptr, std::current_exception()};
    }
  }

  auto ready() {
    if (!options.enforce_ordering) return results.begin();
    return results.find(next_number);
  }

  FullDataLoaderOptions options;
  Work work;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable has_job, has_result;
  std::deque<Job> jobs;
  std::map<uint64_t, Result> results;
  uint64_t epoch = 0, seed = 0;
  uint64_t pushed = 0, next_number = 0;  // of this epoch
  size_t running = 0;
  bool quit = false, joined = false;
  BatchStreams here{hearth::detail::createCPUGenerator(), 0, 0};
};

detail::LoaderCore::LoaderCore(const FullDataLoaderOptions& options, Work work)
    : state_(std::make_unique<State>(options, std::move(work))) {
  if (options.batch_size == 0) throw ValueError("[DataLoader] batch_size is 0; it must be at least 1");
  if (options.workers > 0 && options.max_jobs == 0)
    throw ValueError("[DataLoader] max_jobs is 0, so no worker would ever get one; leave it unset");
}

detail::LoaderCore::~LoaderCore() { join(); }

void detail::LoaderCore::reset() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  if (s.joined) throw ValueError("[DataLoader] the loader was joined; make a new one");
  s.jobs.clear();
  s.has_result.wait(lock, [&] { return s.running == 0; });
  s.results.clear();
  ++s.epoch;
  s.seed = hearth::detail::getDefaultCPUGenerator().current_seed();
  s.pushed = s.next_number = 0;
  if (s.threads.empty()) s.start();
}

void detail::LoaderCore::push(std::shared_ptr<void> request) {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  s.jobs.push_back({s.epoch, s.pushed++, std::move(request)});
  s.has_job.notify_one();
}

std::shared_ptr<void> detail::LoaderCore::pop() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  if (s.next_number == s.pushed) return nullptr;
  const auto arrived = [&] { return s.ready() != s.results.end(); };
  if (!s.options.timeout) {
    s.has_result.wait(lock, arrived);
  } else if (!s.has_result.wait_for(lock, *s.options.timeout, arrived)) {
    throw ValueError(
        fmt::format("[DataLoader] timeout in DataLoader queue while waiting for next batch: batch {} was not "
                    "ready after {} ms",
                    s.next_number, s.options.timeout->count()));
  }
  auto entry = s.ready();
  State::Result result = std::move(entry->second);
  s.results.erase(entry);
  ++s.next_number;
  if (result.error) throw WorkerException(result.error);
  return result.value;
}

size_t detail::LoaderCore::in_flight() const {
  const std::lock_guard lock(state_->mutex);
  return state_->pushed - state_->next_number;
}

std::shared_ptr<void> detail::LoaderCore::run_here(const std::shared_ptr<void>& request) {
  State& s = *state_;
  s.here.seed = s.seed;
  s.here.epoch = s.epoch;
  const StreamScope scope(s.here, s.pushed++);
  ++s.next_number;
  return s.work(0, request);
}

void detail::LoaderCore::join() {
  State& s = *state_;
  {
    const std::lock_guard lock(s.mutex);
    if (s.joined) return;
    s.joined = s.quit = true;
    s.has_job.notify_all();
  }
  for (std::thread& t : s.threads) t.join();
}

}  // namespace hearth::data
