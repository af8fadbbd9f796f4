#pragma once

#include <memory>

#include "hearth/array_ref.h"
#include "hearth/export.h"

namespace hearth::data::detail {

/// Gives samples of a batch that is handled as a whole random numbers of their own. While one lives, and the thread is
/// a loader's, enter(k) goes over to the stream of sample k; afterwards the batch's own goes on where it was. Each one
/// begins at another place of the samples' streams. It does nothing on other threads, within a sample, and where it is
/// not known which samples these are: there are more or fewer than were asked for, or they have no indices.
class HEARTH_API SampleStreams {
 public:
  /// Of the samples that the batch was asked for.
  explicit SampleStreams(size_t samples);
  explicit SampleStreams(ArrayRef<size_t> indices);
  ~SampleStreams();
  SampleStreams(const SampleStreams&) = delete;
  SampleStreams& operator=(const SampleStreams&) = delete;
  void enter(size_t k) {
    if (state_) enter_stream(k);
  }

 private:
  struct State;
  void enter_stream(size_t k);
  std::unique_ptr<State> state_;
};

/// Says which samples this thread's batch is made of, and how many steps have drawn from their streams already. The
/// array must outlive the work on the batch.
HEARTH_API void ask_for(ArrayRef<size_t> indices, uint64_t steps);

}  // namespace hearth::data::detail
