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
/// What it converts to, or would if it were switched on without a dtype.
HEARTH_API ScalarType get_autocast_dtype();
/// Forgets the converted weights.
HEARTH_API void clear_autocast_cache();

// The switches by hand, for programs that keep a scope of their own; AutocastGuard is the safer form.

/// On or off for this thread, until it is switched again or the AutocastGuard around it ends.
HEARTH_API void set_autocast_enabled(bool enabled);
/// What set_autocast_enabled(true) converts to, and at once what a scope that is on does: kBFloat16, the default, or
/// kHalf; a ValueError for others.
HEARTH_API void set_autocast_dtype(ScalarType dtype);
/// How many scopes are open, after one more or one less; the last one to end forgets the converted weights.
HEARTH_API int increment_autocast_nesting();
HEARTH_API int decrement_autocast_nesting();
/// Whether converted weights are kept; true at first.
HEARTH_API bool is_autocast_cache_enabled();
HEARTH_API void set_autocast_cache_enabled(bool enabled);

}  // namespace hearth
