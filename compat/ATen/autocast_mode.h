#pragma once

// at::autocast, the switches of mixed precision. Those named cpu are hearth's; those of other devices, which no tensor
// here is on, are remembered and change nothing.
#include "hearth/autocast.h"
#include "torch/types.h"

namespace at {
namespace autocast {

inline bool is_cpu_enabled() { return hearth::is_autocast_enabled(); }
inline void set_cpu_enabled(bool enabled) { hearth::set_autocast_enabled(enabled); }
inline ScalarType get_autocast_cpu_dtype() { return hearth::get_autocast_dtype(); }
inline void set_autocast_cpu_dtype(ScalarType dtype) { hearth::set_autocast_dtype(dtype); }
inline bool is_autocast_cache_enabled() { return hearth::is_autocast_cache_enabled(); }
inline void set_autocast_cache_enabled(bool enabled) { hearth::set_autocast_cache_enabled(enabled); }
inline void clear_cache() { hearth::clear_autocast_cache(); }
inline int increment_nesting() { return hearth::increment_autocast_nesting(); }
inline int decrement_nesting() { return hearth::decrement_autocast_nesting(); }

namespace detail {
struct OtherDevices {
  bool enabled = false;
  ScalarType dtype = hearth::kHalf;
};
inline OtherDevices& other_devices() {
  thread_local OtherDevices state;
  return state;
}
}  // namespace detail
inline bool is_enabled() { return detail::other_devices().enabled; }
inline void set_enabled(bool enabled) { detail::other_devices().enabled = enabled; }
inline ScalarType get_autocast_gpu_dtype() { return detail::other_devices().dtype; }
inline void set_autocast_gpu_dtype(ScalarType dtype) { detail::other_devices().dtype = dtype; }

}  // namespace autocast
}  // namespace at

namespace torch {
namespace autocast = at::autocast;
}
