#include "backend/kernels.h"

#include "base/fail.h"

namespace hearth {

const Kernels& kernels(Device device) {
  if (device.is_cpu()) return cpu::table();
  fail<NotImplementedError>(
      "[kernels] this build has no CUDA backend, so nothing can be computed on {}; use kCPU for tensors and modules",
      device.str());
}

}  // namespace hearth
