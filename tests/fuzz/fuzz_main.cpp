// libFuzzer's entry for the target that HEARTH_FUZZ_TARGET names.
#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hearth::fuzz::HEARTH_FUZZ_TARGET(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
