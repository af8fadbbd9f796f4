#include "hearth/data/loader.h"

#include "base/fail.h"
#include "data/loader_impl.h"

namespace hearth::data::detail {

BatchWork::~BatchWork() = default;

HeldDataset::~HeldDataset() = default;

size_t size_to_sample(std::optional<size_t> size) {
  if (!size)
    throw ValueError(
        "[make_data_loader] expected the dataset to be sized in order to construct the Sampler; pass a "
        "sampler instead");
  return *size;
}

BatchSizes sizes_of(const Tensor& batch) {
  if (!batch.defined()) return {0, 0};
  return {batch.dim() > 0 ? batch.size(0) : 1, batch.numel() * static_cast<int64_t>(batch.element_size())};
}

LoaderCore::LoaderCore(const DataLoaderOptions& options, std::unique_ptr<HeldDataset> dataset)
    : state_(std::make_unique<State>(options, std::move(dataset))) {
  const FullDataLoaderOptions& o = state_->options;
  if (o.batch_size == 0) throw ValueError("[DataLoader] batch_size is 0; it must be at least 1");
  if (o.workers > 0 && o.max_jobs == 0)
    throw ValueError(
        "[DataLoader] max_jobs or prefetch_factor is 0, so no worker would ever get a job; leave it unset");
  state_->copy_dataset();
}

LoaderCore::~LoaderCore() { join(); }

const FullDataLoaderOptions& LoaderCore::options() const noexcept { return state_->options; }

void* LoaderCore::dataset() const { return state_->dataset->dataset(); }

bool LoaderCore::is_batch(size_t samples) const {
  if (samples == 0)
    throw ValueError("[DataLoader] the sampler gave an empty batch; next must return nothing at the epoch's end");
  return !state_->options.drop_last || samples >= state_->options.batch_size;
}

size_t LoaderCore::begin_epoch() {
  State& s = *state_;
  if (s.started && !s.options.persistent_workers) {
    s.end_threads();
    s.copy_dataset();
  }
  s.started = true;
  s.at_end = false;
  const size_t before = s.open_epoch();
  s.with_generator([&] { start_source(epoch(), s.keyed_epoch); });
  if (s.threads.empty()) s.start();
  s.loop_at = now_ns();
  skip(before);
  if (s.options.workers > 0) prefetch();
  return ++s.round;
}

std::unique_ptr<BatchWork> LoaderCore::numbered_work() {
  std::unique_ptr<BatchWork> work;
  state_->with_generator([&] { work = next_work(); });
  return work;
}

void LoaderCore::skip(size_t n) {
  for (size_t i = 0; i < n; ++i)
    if (!numbered_work()) break;
  state_->pushed = state_->delivered = n;
  state_->turns.next = n;
}

void LoaderCore::prefetch() {
  State& s = *state_;
  while (!s.at_end && s.wants_more()) {
    auto work = numbered_work();
    s.at_end = !work;
    if (work) s.push(std::move(work));
  }
}

std::unique_ptr<BatchWork> LoaderCore::make_next() {
  std::unique_ptr<BatchWork> work = state_->at_end ? nullptr : numbered_work();
  if (work) make_here(*work);
  return work;
}

std::unique_ptr<BatchWork> LoaderCore::take_next() {
  std::unique_ptr<BatchWork> work = state_->pop();
  prefetch();  // before an error is thrown: the loop may go on after it
  if (work && work->error) throw WorkerException(work->error, work->where, work->sample);
  return work;
}

std::unique_ptr<BatchWork> LoaderCore::next() {
  State& s = *state_;
  const State::LoopScope scope(s);
  while (std::unique_ptr<BatchWork> work = s.options.workers == 0 ? make_next() : take_next()) {
    if (work->left_out) continue;
    if (work->batch()) {
      s.count(work->sizes());
      return work;
    }
    s.at_end = true;  // a stateful dataset has no more
  }
  s.end_epoch();
  return nullptr;
}

void LoaderCore::make_here(BatchWork& work) { state_->run_here(work, dataset()); }

void LoaderCore::join() {
  State& s = *state_;
  if (s.joined) return;
  s.joined = true;
  s.end_threads();
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

BatchCursor::BatchCursor() = default;
BatchCursor::BatchCursor(LoaderCore& loader) : loader_(&loader), round_(loader.begin_epoch()) {}
BatchCursor::BatchCursor(const BatchCursor&) = default;
BatchCursor& BatchCursor::operator=(const BatchCursor&) = default;
BatchCursor::~BatchCursor() = default;

void BatchCursor::fetch() const {
  if (fetched_ || !loader_) return;
  work_.reset();  // before the next one is made, so that its memory can be used again
  if (round_ == loader_->state_->round) work_ = loader_->next();
  fetched_ = true;
}

void BatchCursor::advance() {
  fetch();
  if (!work_) throw ValueError("[DataLoader] attempted to increment an iterator past the end");
  fetched_ = false;
}

void* BatchCursor::batch() const {
  fetch();
  if (!work_) throw ValueError("[DataLoader] attempted to dereference an iterator that was past the end");
  return work_->batch();
}

bool BatchCursor::at_end() const {
  fetch();
  return !work_;
}

}  // namespace hearth::data::detail
