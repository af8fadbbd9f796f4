#include "hearth/nn/activation.h"

#include "base/fail.h"
#include "hearth/nn/functional/activation.h"
#include "hearth/nn/init.h"
#include "nn/print.h"

namespace hearth::nn {

namespace F = functional;

void ReLUImpl::pretty_print(std::ostream& stream) const { Line(stream, "ReLU").inplace(options.inplace()); }
Tensor ReLUImpl::forward(Tensor input) { return F::relu(std::move(input), options); }

void ReLU6Impl::pretty_print(std::ostream& stream) const { Line(stream, "ReLU6").inplace(options.inplace()); }
Tensor ReLU6Impl::forward(Tensor input) { return F::relu6(std::move(input), options); }

void ELUImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "ELU")("alpha", options.alpha()).inplace(options.inplace());
}
Tensor ELUImpl::forward(Tensor input) { return F::elu(std::move(input), options); }

void SELUImpl::pretty_print(std::ostream& stream) const { Line(stream, "SELU").inplace(options.inplace()); }
Tensor SELUImpl::forward(Tensor input) { return F::selu(std::move(input), options); }

void CELUImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "CELU")("alpha", options.alpha()).inplace(options.inplace());
}
Tensor CELUImpl::forward(Tensor input) { return F::celu(std::move(input), options); }

void GELUImpl::pretty_print(std::ostream& stream) const { Line(stream, "GELU"); }
Tensor GELUImpl::forward(const Tensor& input) { return F::gelu(input, options); }

void GLUImpl::pretty_print(std::ostream& stream) const { Line(stream, "GLU")("dim", options.dim()); }
Tensor GLUImpl::forward(const Tensor& input) { return F::glu(input, options); }

void HardshrinkImpl::pretty_print(std::ostream& stream) const { Line(stream, "Hardshrink")(options.lambda()); }
Tensor HardshrinkImpl::forward(const Tensor& input) { return F::hardshrink(input, options); }

SoftshrinkImpl::SoftshrinkImpl(const SoftshrinkOptions& options_) : Optioned(options_) {
  if (!(options.lambda() >= 0)) fail("[Softshrink] lambda is {}; it must not be negative", options.lambda());
}
void SoftshrinkImpl::pretty_print(std::ostream& stream) const { Line(stream, "Softshrink")(options.lambda()); }
Tensor SoftshrinkImpl::forward(const Tensor& input) { return F::softshrink(input, options); }

HardtanhImpl::HardtanhImpl(const HardtanhOptions& options_) : Optioned(options_) {
  if (!(options.max_val() > options.min_val()))
    fail("[Hardtanh] max_val {} must be greater than min_val {}", options.max_val(), options.min_val());
}
void HardtanhImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Hardtanh")("min_val", options.min_val())("max_val", options.max_val()).inplace(options.inplace());
}
Tensor HardtanhImpl::forward(Tensor input) { return F::hardtanh(std::move(input), options); }

void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "LeakyReLU")("negative_slope", options.negative_slope()).inplace(options.inplace());
}
Tensor LeakyReLUImpl::forward(Tensor input) { return F::leaky_relu(std::move(input), options); }

void SoftmaxImpl::pretty_print(std::ostream& stream) const { Line(stream, "Softmax")("dim", options.dim()); }
Tensor SoftmaxImpl::forward(const Tensor& input) { return input.softmax(options.dim()); }

void SoftminImpl::pretty_print(std::ostream& stream) const { Line(stream, "Softmin")("dim", options.dim()); }
Tensor SoftminImpl::forward(const Tensor& input) { return F::softmin(input, options.dim()); }

void LogSoftmaxImpl::pretty_print(std::ostream& stream) const { Line(stream, "LogSoftmax")("dim", options.dim()); }
Tensor LogSoftmaxImpl::forward(const Tensor& input) { return input.log_softmax(options.dim()); }

void Softmax2dImpl::pretty_print(std::ostream& stream) const { Line(stream, "Softmax2d"); }
Tensor Softmax2dImpl::forward(const Tensor& input) {
  if (input.dim() != 3 && input.dim() != 4)
    fail<ShapeError>("[Softmax2d] requires a 3D or 4D tensor as input, got shape {}", shape_text(input.sizes()));
  return input.softmax(-3);
}

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { PReLUImpl::reset(); }
void PReLUImpl::reset() {
  if (options.num_parameters() < 1) fail("[PReLU] num_parameters is {}; it must be positive", options.num_parameters());
  weight = register_parameter("weight", full({options.num_parameters()}, options.init(), kFloat));
}
void PReLUImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "PReLU")("num_parameters", options.num_parameters());
}
Tensor PReLUImpl::forward(const Tensor& input) try { return F::prelu(input, weight); } catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

void RReLUImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "RReLU")("lower", options.lower())("upper", options.upper()).inplace(options.inplace());
}
Tensor RReLUImpl::forward(Tensor input) {
  return F::rrelu(std::move(input), F::RReLUFuncOptions()
                                        .lower(options.lower())
                                        .upper(options.upper())
                                        .training(is_training())
                                        .inplace(options.inplace()));
}

void SoftplusImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Softplus")("beta", options.beta())("threshold", options.threshold());
}
Tensor SoftplusImpl::forward(const Tensor& input) { return F::softplus(input, options); }

void ThresholdImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Threshold")("threshold", options.threshold())("value", options.value()).inplace(options.inplace());
}
Tensor ThresholdImpl::forward(Tensor input) { return F::threshold(std::move(input), options); }

void LogSigmoidImpl::pretty_print(std::ostream& stream) const { Line(stream, "LogSigmoid"); }
Tensor LogSigmoidImpl::forward(const Tensor& input) { return input.log_sigmoid(); }
void SiLUImpl::pretty_print(std::ostream& stream) const { Line(stream, "SiLU"); }
Tensor SiLUImpl::forward(const Tensor& input) { return input.silu(); }
void MishImpl::pretty_print(std::ostream& stream) const { Line(stream, "Mish"); }
Tensor MishImpl::forward(const Tensor& input) { return input.mish(); }
void SigmoidImpl::pretty_print(std::ostream& stream) const { Line(stream, "Sigmoid"); }
Tensor SigmoidImpl::forward(const Tensor& input) { return input.sigmoid(); }
void SoftsignImpl::pretty_print(std::ostream& stream) const { Line(stream, "Softsign"); }
Tensor SoftsignImpl::forward(const Tensor& input) { return input.softsign(); }
void TanhImpl::pretty_print(std::ostream& stream) const { Line(stream, "Tanh"); }
Tensor TanhImpl::forward(const Tensor& input) { return input.tanh(); }
void TanhshrinkImpl::pretty_print(std::ostream& stream) const { Line(stream, "Tanhshrink"); }
Tensor TanhshrinkImpl::forward(const Tensor& input) { return F::tanhshrink(input); }
void HardsigmoidImpl::pretty_print(std::ostream& stream) const { Line(stream, "Hardsigmoid"); }
Tensor HardsigmoidImpl::forward(const Tensor& input) { return input.hardsigmoid(); }
void HardswishImpl::pretty_print(std::ostream& stream) const { Line(stream, "Hardswish"); }
Tensor HardswishImpl::forward(const Tensor& input) { return input.hardswish(); }

Tensor functional::gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options) {
  if (!(options.tau() > 0)) fail("[gumbel_softmax] tau is {}; a temperature is positive", options.tau());
  const Tensor noise = -empty_like(logits.detach()).exponential_().log();
  const Tensor soft = ((logits + noise) / options.tau()).softmax(options.dim());
  if (!options.hard()) return soft;
  const Tensor places = std::get<1>(soft.detach().max(options.dim(), /*keepdim=*/true));
  return zeros_like(soft.detach()).scatter_(options.dim(), places, 1.0) - soft.detach() + soft;
}

}  // namespace hearth::nn
