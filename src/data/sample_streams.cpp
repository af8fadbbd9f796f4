#include "hearth/data/sample_streams.h"

#include "data/worker.h"

namespace hearth::data::detail {

namespace {

/// Words between the places where the steps of a batch begin in a sample's stream: more than a step draws.
constexpr uint64_t kStride = uint64_t{1} << 40;

}  // namespace

struct SampleStreams::State {
  State(Worker& w, const AskedSamples& a)
      : worker(w), samples(a), from(w.steps++ * kStride), before(*w.generator.unsafeGetGeneratorImpl()) {}
  Worker& worker;
  const AskedSamples samples;
  const uint64_t from;
  const RandomStream before;
};

SampleStreams::SampleStreams(size_t samples) {
  Worker* const worker = this_worker();
  if (worker && samples > 0 && worker->asked.count == samples && !worker->in_sample())
    state_ = std::make_unique<State>(*worker, worker->asked);
}

SampleStreams::SampleStreams(ArrayRef<size_t> indices) {
  Worker* const worker = this_worker();
  if (worker && !worker->in_sample())
    state_ = std::make_unique<State>(*worker, AskedSamples{indices.data(), 0, indices.size()});
}

SampleStreams::~SampleStreams() {
  if (!state_) return;
  static_cast<RandomStream&>(*state_->worker.generator.unsafeGetGeneratorImpl()) = state_->before;
  state_->worker.sample.store(kNoSample, std::memory_order_relaxed);
}

void SampleStreams::enter_stream(size_t k) {
  const AskedSamples& samples = state_->samples;
  state_->worker.enter_sample(samples.indices ? samples.indices[k] : samples.first + k, state_->from);
}

void ask_for(ArrayRef<size_t> indices, uint64_t steps) {
  Worker* const worker = this_worker();
  if (!worker) return;
  worker->asked = {indices.data(), 0, indices.size()};
  worker->steps = steps;
}

}  // namespace hearth::data::detail
