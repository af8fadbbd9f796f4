#pragma once

#include "hearth/dtype.h"
#include "hearth/export.h"

namespace hearth {

/// While one lives, the thread's matrix products, linear layers, convolutions, attention and recurrent layers run in a
/// half precision: their float32 inputs are converted. Softmax, losses, norms and reductions convert halves back to
/// float32. Weights stay float32, and so do their gradients; a weight is converted once in the outermost scope, or
/// again after it was changed.
///
///     for (auto& batch : *loader) {
///       Tensor loss;
///       { AutocastGuard autocast; loss = F::cross_entropy(net->forward(batch.data), batch.target); }
///       loss.backward();  // outside: it runs in the precision of what was recorded
///     }
class HEARTH_API AutocastGuard {
 public:
  /// kBFloat16 or kHalf; a ValueError for others.
  explicit AutocastGuard(bool enabled = true, ScalarType dtype = ScalarType::BFloat16);
  AutocastGuard(const AutocastGuard&) = delete;
  AutocastGuard& operator=(const AutocastGuard&) = delete;
  ~AutocastGuard();

 private:
  ScalarType before_;
};

HEARTH_API bool is_autocast_enabled();
/// What it converts to; kBFloat16 where it is off.
HEARTH_API ScalarType get_autocast_dtype();
/// Forgets the converted weights.
HEARTH_API void clear_autocast_cache();

}  // namespace hearth
