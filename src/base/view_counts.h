#pragma once

#include <array>

#include "hearth/tensor.h"

namespace hearth {

class StorageImpl;

/// What the views that died on a thread had counted, for its next views of the same. Threads that cut their samples
/// from one tensor would otherwise take the line with its counts from each other four times a sample, at 100 ns a time.
/// Lives for a batch: a base that nobody else has any more is freed with it, or when its place is needed.
class ViewCounts {
 public:
  ViewCounts();
  ~ViewCounts();
  ViewCounts(const ViewCounts&) = delete;
  ViewCounts& operator=(const ViewCounts&) = delete;
  /// This thread's innermost; null where views count for themselves.
  static ViewCounts* current();

  /// A counted handle on the base, with a count on the storage that is the caller's now; undefined where none is kept.
  Tensor take(const Tensor& base, const StorageImpl* storage);
  /// Takes over the handle and the caller's count on the storage; false where they stay the caller's.
  bool give(Tensor& base, StorageImpl* storage);

 private:
  struct Place {
    Tensor base;
    StorageImpl* storage = nullptr;
  };
  std::array<Place, 4> places_;
  ViewCounts* before_;
};

}  // namespace hearth
