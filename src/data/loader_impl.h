#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/threads.h"
#include "data/worker.h"
#include "hearth/data/loader.h"

namespace hearth::data::detail {

/// The numbers of batches, in whose order a stateful dataset is asked for them.
struct Turns {
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t next = 0;
  uint64_t samples = 0;  // given so far in the epoch
};

/// The thread makes a batch as this worker.
class WorkerScope {
 public:
  explicit WorkerScope(Worker& worker) : guard_(worker.generator), before_(std::exchange(this_worker(), &worker)) {}
  WorkerScope(const WorkerScope&) = delete;
  WorkerScope& operator=(const WorkerScope&) = delete;
  ~WorkerScope() { this_worker() = before_; }

 private:
  DefaultGeneratorGuard guard_;
  Worker* before_;
};

/// "sample 13 of batch 3", or "batch 3" where the sample is not known.
std::string place_text(std::optional<uint64_t> sample, uint64_t batch);
/// What an exception says, and the file that it names, if it is a FileError.
std::string message_of(const std::exception_ptr& error);
std::string file_of(const std::exception_ptr& error);
/// A generator's state, taken under its lock.
std::vector<uint8_t> state_of(const Generator& generator);

/// A loader's threads (loader_threads.cpp), its loop (loader_loop.cpp), its state and its account (loader_state.cpp).
/// Workers touch what comes after `mutex` under it alone; `next_epoch` and what follows belongs to the loop's thread.
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
  /// Times the loop's wait for a batch.
  struct LoopScope {
    explicit LoopScope(State& s);
    ~LoopScope();
    LoopScope(const LoopScope&) = delete;
    LoopScope& operator=(const LoopScope&) = delete;
    State& state;
  };
  State(const DataLoaderOptions& o, std::unique_ptr<HeldDataset> d);

  /// A copy for each worker, as in LibTorch, unless it is shared.
  void copy_dataset();
  /// That of a worker, or past them all the one that the loop's own thread may use, if there is one.
  void* dataset_of(size_t worker) const;

  // ---- threads

  void start();
  void run(size_t id, Worker& worker);

  /// Takes the next part and makes it, with this dataset; the lock is not held meanwhile.
  void run_part(Worker& worker, void* with, std::unique_lock<std::mutex>& lock);
  /// Whether the loop's thread, where it would wait, makes a part instead: a batch takes less time than waking a thread
  /// is worth.
  bool loop_helps() const;
  bool help(std::unique_lock<std::mutex>& lock);
  void prepare(Worker& worker, uint64_t number) const;
  static void make(Worker& worker, BatchWork& work, void* with, size_t from, size_t to);

  /// The first sample that failed, in the batch's order, is the one to name; those after it need not be made.
  void keep_error(Job& job, size_t from, std::exception_ptr error, uint64_t sample);
  void put_together(Worker& worker, Job& job, void* with, std::unique_lock<std::mutex>& lock);
  static void finish(Worker& worker, BatchWork& work, void* with);
  static void leave_out_whole(Job& job);

  /// Puts the laps of this worker to the loader's account, scaled to the time that they stand for.
  void settle(Worker& worker, int64_t took);
  void learn(int64_t took, size_t count);

  /// How many samples of a batch are handed out at a time: all where they are cheap.
  size_t part_of(size_t size) const;
  /// Wakes a worker that sleeps, if there is a part for it and a processor.
  void wake_worker();
  void drain(std::unique_lock<std::mutex>& lock);
  void end_threads();

  // ---- the loop's side; all of this is called by its thread alone

  bool wants_more() const;
  void push(std::unique_ptr<BatchWork> work);
  /// The next batch, or its error; null where none is in flight. Throws TimeoutError.
  std::unique_ptr<BatchWork> pop();
  void run_here(BatchWork& work, void* with);
  void count(BatchSizes sizes);
  std::deque<std::unique_ptr<Job>>::iterator ready();
  [[noreturn]] void give_up() const;

  /// Counts what was left out of a batch. Past the budget the batch is an error after all.
  void count_left_out(BatchWork& work, std::vector<LeftOut>& left_out, uint64_t number);
  void add_loop_time(int64_t ns);

  /// auto_workers: one more while the loop waits and the last one helped; one less where it did not.
  void adapt();
  void open_window();

  // ---- epochs and their random numbers

  /// Forgets everything in flight and opens the next epoch. Returns how many batches of it were handed out before, in
  /// the run that is resumed.
  size_t open_epoch();
  void end_epoch();
  /// Runs f with the generator that this epoch's sampler draws from.
  void with_generator(const std::function<void()>& f) const;
  const Generator& root() const;

  /// The generator that this epoch's order is drawn from.
  void choose_source(const std::optional<Resume>& from);
  const FullDataLoaderOptions options;
  const std::unique_ptr<HeldDataset> dataset;
  const std::optional<size_t> dataset_size;
  std::vector<std::unique_ptr<HeldDataset>> copies;
  const StageNames stages;
  std::vector<std::unique_ptr<Thread>> threads;
  Worker here;
  Turns turns;
  mutable std::mutex mutex;
  std::condition_variable has_job, has_result, drained;
  std::deque<std::unique_ptr<Job>> flight;  // by number
  std::deque<Job*> todo;                    // those of them with parts to hand out
  size_t running = 0, idle = 0, active = 0;
  const size_t processors = static_cast<size_t>(usable_processors());
  bool quit = false, joined = false, waiting = false, draining = false, helping = false;
  int64_t sample_ns = 0;  // what a sample takes, about

  int64_t epoch = 0, next_epoch = 0;
  uint64_t seed = 0, pushed = 0, delivered = 0;  // of this epoch
  bool in_epoch = false, keyed = false, keyed_epoch = false, started = false, at_end = false;
  size_t round = 0;  // begins so far
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

}  // namespace hearth::data::detail
