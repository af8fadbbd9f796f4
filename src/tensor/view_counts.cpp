#include "base/view_counts.h"

#include <utility>

#include "tensor/impl.h"

namespace hearth {

namespace {

__attribute__((tls_model("initial-exec"))) constinit thread_local ViewCounts* t_counts = nullptr;

}  // namespace

ViewCounts::ViewCounts() : before_(std::exchange(t_counts, this)) {}

ViewCounts::~ViewCounts() {
  t_counts = before_;
  for (const Place& place : places_)
    if (place.storage) place.storage->drop();
}

ViewCounts* ViewCounts::current() { return t_counts; }

Tensor ViewCounts::take(const Tensor& base, const StorageImpl* storage) {
  for (Place& place : places_) {
    if (place.storage != storage || !place.base.is_same(base)) continue;
    place.storage = nullptr;
    return std::move(place.base);
  }
  return {};
}

bool ViewCounts::give(Tensor& base, StorageImpl* storage) {
  Place* free = nullptr;
  for (Place& place : places_) {
    if (place.storage == storage && place.base.is_same(base)) return false;
    if (!place.storage) free = &place;
  }
  for (Place& place : places_) {  // one of a base that is gone but for us
    if (free) break;
    if (place.base.use_count() == 1) free = &place;
  }
  if (!free) return false;
  const Place old = std::exchange(*free, Place{std::move(base), storage});
  if (old.storage) old.storage->drop();
  return true;  // what was kept there ends here, and may come here again
}

}  // namespace hearth
