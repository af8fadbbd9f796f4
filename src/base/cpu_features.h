#pragma once

namespace hearth {

/// x86-64 levels: v2 SSE4.2, v3 AVX2 and FMA, v4 AVX-512; base is everything below and every other processor.
enum class Isa { base, v2, v3, v4 };

/// The best level that this processor and system have, found once. HEARTH_CPU_ISA=base|v2|v3|v4 lowers it, never raises
/// it; another value is a ValueError.
Isa cpu_isa();

/// What `setting` (HEARTH_CPU_ISA's text, or null) makes of the level that was found.
Isa lowered_isa(Isa found, const char* setting);

/// "v3".
const char* isa_name(Isa isa);

}  // namespace hearth
