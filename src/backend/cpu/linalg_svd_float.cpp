#include "backend/cpu/linalg_svd.h"

template void hearth::cpu::svd_of<float>(const Tensor&, const Tensor&, const Tensor&, const Tensor&);
