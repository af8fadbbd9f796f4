#include "backend/cpu/linalg_svd.h"

namespace hearth::cpu {

void svd(const Tensor& u, const Tensor& s, const Tensor& vh, const Tensor& x) {
  visit_real("svd", impl(x)->dtype, [&](auto tag) { svd_of<typename decltype(tag)::type>(u, s, vh, x); });
}

}  // namespace hearth::cpu
