#include "base/cpu_features.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "hearth/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "base/fail.h"
#include "base/verbose.h"

namespace hearth {
namespace {

#if defined(__x86_64__)
/// The parts of v3 that __builtin_cpu_supports has no name for in every compiler: F16C, MOVBE, LZCNT.
bool has_small_v3_parts() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned f16c = 1U << 29, movbe = 1U << 22, lzcnt = 1U << 5;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & f16c) == 0 || (c & movbe) == 0) return false;
  return __get_cpuid(0x80000001U, &a, &b, &c, &d) != 0 && (c & lzcnt) != 0;
}

Isa detect() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt")) return Isa::base;
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && has_small_v3_parts();
  if (!v3) return Isa::v2;
  const bool v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  return v4 ? Isa::v4 : Isa::v3;
}
#else
Isa detect() { return Isa::base; }
#endif

Isa choose() {
  const Isa found = detect();
  const Isa chosen = lowered_isa(found, std::getenv("HEARTH_CPU_ISA"));
  log_once("instruction set {} (processor has {})", isa_name(chosen), isa_name(found));
  return chosen;
}

}  // namespace

Isa cpu_isa() {
  static const Isa isa = choose();
  return isa;
}

Isa lowered_isa(Isa found, const char* setting) {
  if (setting == nullptr || *setting == '\0') return found;
  for (const Isa isa : {Isa::base, Isa::v2, Isa::v3, Isa::v4}) {
    if (std::string_view(setting) == isa_name(isa)) return std::min(found, isa);
  }
  fail("[cpu_isa] HEARTH_CPU_ISA is '{}' but must be base, v2, v3 or v4; unset it for the best", setting);
}

const char* isa_name(Isa isa) {
  switch (isa) {
    case Isa::base: return "base";
    case Isa::v2: return "v2";
    case Isa::v3: return "v3";
    case Isa::v4: return "v4";
  }
  return "?";
}

const char* instruction_set() { return isa_name(cpu_isa()); }

}  // namespace hearth
