#include "backend/cpu/convert.h"

#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// Truncates as C++ does; what does not fit an int64, NaN too, becomes its smallest value and is then cut to T.
template <class T, class F>
T to_integer(F x) {
  const bool fits = x > F(-9.2233720368547758e18) && x < F(9.2233720368547758e18);
  return static_cast<T>(fits ? static_cast<int64_t>(x) : std::numeric_limits<int64_t>::min());
}

template <class To, class From>
To convert(From value) {
  const auto x = static_cast<Math<From>>(value);
  if constexpr (std::is_same_v<To, bool>) {
    return x != 0;
  } else if constexpr (is_float<From> && !is_float<To>) {
    return to_integer<To>(x);
  } else {
    return static_cast<To>(static_cast<Math<To>>(x));
  }
}

template <class To, class From>
void run(const void* px, void* py, int64_t n) {
  if constexpr (std::is_same_v<From, Half> && std::is_same_v<To, float>) {
    loops().half_to_float(static_cast<const uint16_t*>(px), static_cast<float*>(py), n);
  } else if constexpr (std::is_same_v<From, float> && std::is_same_v<To, Half>) {
    loops().float_to_half(static_cast<const float*>(px), static_cast<uint16_t*>(py), n);
  } else if constexpr (std::is_same_v<From, float> && std::is_same_v<To, BFloat16>) {
    loops().float_to_bfloat16(static_cast<const float*>(px), static_cast<uint16_t*>(py), n);
  } else if constexpr (std::is_same_v<From, BFloat16> && std::is_same_v<To, float>) {
    loops().bfloat16_to_float(static_cast<const uint16_t*>(px), static_cast<float*>(py), n);
  } else {
    const auto* x = static_cast<const From*>(px);
    auto* y = static_cast<To*>(py);
    for (int64_t i = 0; i < n; ++i) y[i] = convert<To>(x[i]);
  }
}

}  // namespace

ConvertRun convert_run(ScalarType to, ScalarType from) {
  return visit_all("to", to, [&](auto to_tag) {
    return visit_all("to", from, [&](auto from_tag) -> ConvertRun {
      return run<typename decltype(to_tag)::type, typename decltype(from_tag)::type>;
    });
  });
}

}  // namespace hearth::cpu
