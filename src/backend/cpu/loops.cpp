#include "backend/cpu/isa/loops.h"

#include "base/cpu_features.h"

namespace hearth::cpu {
namespace {

Loops choose() {
#if defined(__x86_64__)
  switch (cpu_isa()) {
    case Isa::v4: return v4::loops();
    case Isa::v3: return v3::loops();
    case Isa::v2:
    case Isa::base: return v2::loops();
  }
  return v2::loops();
#else
  return base::loops();
#endif
}

}  // namespace

const Loops& loops() {
  static const Loops chosen = choose();
  return chosen;
}

}  // namespace hearth::cpu
