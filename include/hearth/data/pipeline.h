#pragma once

#include <typeinfo>

#include "hearth/data/dataset.h"
#include "hearth/data/stack.h"
#include "hearth/data/transforms.h"

// How a loader takes a dataset and the transforms behind it apart: into samples that threads make one by one, each with
// its own random stream, and what is done with the whole batch.
namespace hearth::data::detail {

class StageClock;
HEARTH_API void lap_now(StageClock& clock, size_t stage);
/// The time since the last lap goes to the stage. Most short samples are not timed: their clock is null.
inline void lap(StageClock* clock, size_t stage) {
  if (clock) lap_now(*clock, stage);
}
/// enter_sample, and the clock if this sample is to be timed.
HEARTH_API StageClock* enter_timed_sample(uint64_t index);

/// The names of a pipeline's stages, as their types give them.
class HEARTH_API StageNames {
 public:
  void add(const std::type_info& type);
  std::vector<std::string> names;
};

/// While one lives, no other batch is taken from a stateful dataset: they come in the order of their numbers.
class HEARTH_API Turn {
 public:
  Turn();
  ~Turn();
  /// So many samples came: they get the next numbers of the epoch, by which their random streams go.
  void gave(size_t samples);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
};

template <class D, class = void>
struct HasOwnRows : std::false_type {};
template <class D>
struct HasOwnRows<D, std::void_t<typename D::RowsOf>> : std::is_same<typename D::RowsOf, D> {};

/// Whether the pointer to member &D::get_batch is Dataset's own, and so on.
template <class D, class = void>
struct MakesSamples : std::false_type {};
template <class D>
struct MakesSamples<D, std::void_t<typename D::ExampleType, decltype(&D::get_batch)>>
    : std::is_same<decltype(&D::get_batch),
                   std::vector<typename D::ExampleType> (
                       datasets::Dataset<typename D::SelfType, typename D::ExampleType>::*)(ArrayRef<size_t>)> {};
template <class T, class = void>
struct TakesSamples : std::false_type {};
template <class T>
struct TakesSamples<T, std::void_t<typename T::InputType, typename T::OutputType, decltype(&T::apply_batch)>>
    : std::is_same<decltype(&T::apply_batch),
                   std::vector<typename T::OutputType> (
                       transforms::Transform<typename T::InputType, typename T::OutputType>::*)(
                       std::vector<typename T::InputType>)> {};
template <class T>
struct StacksExamples : std::false_type {};
template <class T>
struct StacksExamples<transforms::Stack<T>> : std::true_type {};

template <class Batch>
struct IsSamples : std::false_type {};
template <class Sample>
struct IsSamples<std::optional<std::vector<Sample>>> : std::true_type {};

/// A dataset of which only whole batches can be had.
template <class D, class Enable = void>
struct Pipeline {
  static constexpr bool by_sample = false, gives_samples = false;
  static constexpr size_t stages = 1;
  static void names(StageNames& out) { out.add(typeid(D)); }
  static typename D::BatchType whole(D& d, typename D::BatchRequestType request, StageClock* clock) {
    if constexpr (D::is_stateful) {
      Turn turn;
      typename D::BatchType batch = d.get_batch(std::move(request));
      if constexpr (IsSamples<typename D::BatchType>::value) {
        if (batch) turn.gave(batch->size());
      }
      lap(clock, 0);
      return batch;
    } else {
      typename D::BatchType batch = d.get_batch(std::move(request));
      lap(clock, 0);
      return batch;
    }
  }
};

/// Samples of a batch until all are there.
template <class Sample>
using SampleParts = std::vector<std::optional<Sample>>;
template <class Sample>
std::vector<Sample> take_samples(SampleParts<Sample>& parts) {
  std::vector<Sample> out;
  out.reserve(parts.size());
  for (auto& sample : parts)
    if (sample) out.push_back(std::move(*sample));
  parts.clear();
  return out;
}

/// What pipelines that give samples share; P is the pipeline.
template <class D, class P, class SampleType>
struct Samples {
  static constexpr bool by_sample = true, gives_samples = true;
  using Sample = SampleType;
  using Parts = SampleParts<Sample>;
  static void start(D&, Parts&) {}
  static void put(D& d, Parts& parts, size_t k, const size_t* index, const size_t*, StageClock* clock) {
    parts[k].emplace(P::get(d, *index, clock));
  }
  static std::vector<Sample> finish(D&, Parts& parts, StageClock*) { return take_samples(parts); }
};

/// A plain dataset: get(index).
template <class D>
struct Pipeline<D, std::enable_if_t<MakesSamples<D>::value>> : Samples<D, Pipeline<D>, typename D::ExampleType> {
  static constexpr size_t stages = 1;
  static void names(StageNames& out) { out.add(typeid(D)); }
  static typename D::ExampleType get(D& d, size_t index, StageClock* clock) {
    if (!clock) return d.get(index);
    typename D::ExampleType sample = d.get(index);
    lap(clock, 0);
    return sample;
  }
};

/// One that all workers share.
template <class U>
struct Pipeline<datasets::SharedBatchDataset<U>, std::enable_if_t<MakesSamples<U>::value>>
    : Samples<datasets::SharedBatchDataset<U>, Pipeline<datasets::SharedBatchDataset<U>>, typename U::ExampleType> {
  static constexpr size_t stages = 1;
  static void names(StageNames& out) { out.add(typeid(U)); }
  static typename U::ExampleType get(datasets::SharedBatchDataset<U>& d, size_t index, StageClock* clock) {
    return Pipeline<U>::get(*d, index, clock);
  }
};

/// What a transform behind a dataset comes to.
enum class Step { whole, sample, stack, batch };
template <class S, class T>
constexpr Step step_of() {
  using P = Pipeline<S>;
  if (!P::by_sample) return Step::whole;
  if (P::gives_samples && TakesSamples<T>::value) return Step::sample;
  return P::gives_samples && StacksExamples<T>::value ? Step::stack : Step::batch;
}

template <class S, class T>
struct Pipeline<datasets::MapDataset<S, T>, std::enable_if_t<step_of<S, T>() == Step::whole>> {
  using D = datasets::MapDataset<S, T>;
  static constexpr bool by_sample = false, gives_samples = false;
  static constexpr size_t stages = Pipeline<S>::stages + 1;
  static void names(StageNames& out) {
    Pipeline<S>::names(out);
    out.add(typeid(T));
  }
  static typename D::BatchType whole(D& d, typename D::BatchRequestType request, StageClock* clock) {
    typename D::BatchType batch = d.apply(Pipeline<S>::whole(d.dataset_, std::move(request), clock));
    lap(clock, stages - 1);
    return batch;
  }
};

/// A step of each sample by itself.
template <class S, class T>
struct Pipeline<datasets::MapDataset<S, T>, std::enable_if_t<step_of<S, T>() == Step::sample>>
    : Samples<datasets::MapDataset<S, T>, Pipeline<datasets::MapDataset<S, T>>, typename T::OutputType> {
  static constexpr size_t stages = Pipeline<S>::stages + 1;
  static void names(StageNames& out) {
    Pipeline<S>::names(out);
    out.add(typeid(T));
  }
  static typename T::OutputType get(datasets::MapDataset<S, T>& d, size_t index, StageClock* clock) {
    if (!clock) return d.transform_.apply(Pipeline<S>::get(d.dataset_, index, nullptr));
    typename T::OutputType sample = d.transform_.apply(Pipeline<S>::get(d.dataset_, index, clock));
    lap(clock, stages - 1);
    return sample;
  }
};

/// A step of the batch as a whole, once its samples are there.
template <class S, class T>
struct Pipeline<datasets::MapDataset<S, T>, std::enable_if_t<step_of<S, T>() == Step::batch>> {
  using D = datasets::MapDataset<S, T>;
  static constexpr bool by_sample = true, gives_samples = false;
  static constexpr size_t stages = Pipeline<S>::stages + 1;
  using Parts = typename Pipeline<S>::Parts;
  static void names(StageNames& out) {
    Pipeline<S>::names(out);
    out.add(typeid(T));
  }
  static void start(D& d, Parts& parts) { Pipeline<S>::start(d.dataset_, parts); }
  static void put(D& d, Parts& parts, size_t k, const size_t* index, const size_t* next, StageClock* clock) {
    Pipeline<S>::put(d.dataset_, parts, k, index, next, clock);
  }
  static typename D::BatchType finish(D& d, Parts& parts, StageClock* clock) {
    auto batch = Pipeline<S>::finish(d.dataset_, parts, clock);
    typename D::BatchType out = d.transform_.apply_batch(std::move(batch));
    lap(clock, stages - 1);
    return out;
  }
};

/// Examples whose tensors are written into their places in the batch.
struct StackParts {
  explicit StackParts(size_t n) : data(n), target(n) {}
  StackInto data, target;
};

/// Where the samples to stack come from: normalizing on the way into the batch gives the same numbers in one pass.
template <class S>
struct StackSource : std::false_type {
  using Dataset = S;
};
template <class S, class Target>
struct StackSource<datasets::MapDataset<S, transforms::Normalize<Target>>> : std::true_type {
  using Dataset = S;
};

template <class S, class T>
struct Pipeline<datasets::MapDataset<S, T>, std::enable_if_t<step_of<S, T>() == Step::stack>> {
  using D = datasets::MapDataset<S, T>;
  static constexpr bool by_sample = true, gives_samples = false;
  static constexpr size_t stages = Pipeline<S>::stages + 1;
  static constexpr bool normalizes = StackSource<S>::value;
  static constexpr bool has_target = std::is_same_v<typename D::BatchType, Example<>>;
  using Source = typename StackSource<S>::Dataset;
  using Parts = StackParts;
  static void names(StageNames& out) {
    Pipeline<S>::names(out);
    out.add(typeid(T));
  }
  static void start(D& d, Parts& parts) {
    if constexpr (normalizes) parts.data.normalize_by(d.dataset_.transform_.mean, d.dataset_.transform_.stddev);
  }
  static void put(D& d, Parts& parts, size_t k, const size_t* index, const size_t* next, StageClock* clock) {
    Source& source = source_of(d);
    if constexpr (HasOwnRows<Source>::value) {  // get is not even called
      const auto rows = source.rows();
      parts.data.put_row(k, *rows[0], *index, next);
      if constexpr (has_target) parts.target.put_row(k, *rows[1], *index, next);
    } else {
      auto sample = Pipeline<Source>::get(source, *index, clock);
      parts.data.put(k, std::move(sample.data));
      if constexpr (has_target) parts.target.put(k, std::move(sample.target));
    }
    lap(clock, stages - 1);
  }
  static typename D::BatchType finish(D&, Parts& parts, StageClock* clock) {
    typename D::BatchType out;
    out.data = parts.data.finish();
    if constexpr (has_target) out.target = parts.target.finish();
    lap(clock, stages - 1);
    return out;
  }

 private:
  static Source& source_of(D& d) {
    if constexpr (normalizes) {
      return d.dataset_.dataset_;
    } else {
      return d.dataset_;
    }
  }
};

}  // namespace hearth::data::detail
