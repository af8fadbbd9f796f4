// Matrix products and convolutions: implementations in order, best first, the reference last.
#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_conv.h"
#include "backend/cpu/dnnl_matmul.h"
#include "backend/cpu/packed_matmul.h"
#include "backend/cpu/reference_conv.h"
#include "backend/cpu/reference_matmul.h"

namespace hearth::cpu {

void matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  if (own_matmul(out, a, b, bias, beta, alpha)) return;
  if (dnnl_matmul(out, a, b, bias, beta, alpha)) return;
  reference_matmul(out, a, b, bias, beta, alpha);
}

void conv(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params) {
  if (dnnl_conv(y, x, w, bias, params)) return;
  reference_conv(y, x, w, bias, params);
}

void conv_backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params) {
  if (dnnl_conv_backward_input(gx, g, w, params)) return;
  reference_conv_backward_input(gx, g, w, params);
}

void conv_backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                          const ConvParams& params) {
  if (dnnl_conv_backward_weight(gw, gbias, g, x, params)) return;
  reference_conv_backward_weight(gw, gbias, g, x, params);
}

}  // namespace hearth::cpu
