#include "hearth/nn/linear.h"

#include <cmath>

#include "base/fail.h"
#include "hearth/nn/init.h"
#include "nn/print.h"

namespace hearth::nn {

void IdentityImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Identity()"; }

LinearImpl::LinearImpl(const LinearOptions& options_) : options(options_) { LinearImpl::reset(); }

void LinearImpl::reset() {
  weight = register_parameter("weight", empty({options.out_features(), options.in_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor(), options.bias());
  reset_parameters();
}

void LinearImpl::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const int64_t fan_in = std::get<0>(init::_calculate_fan_in_and_fan_out(weight));
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}

void LinearImpl::pretty_print(std::ostream& stream) const {
  stream << std::boolalpha << "torch::nn::Linear(in_features=" << options.in_features()
         << ", out_features=" << options.out_features() << ", bias=" << options.bias() << ")";
}

Tensor LinearImpl::forward(const Tensor& input) try { return linear(input, weight, bias); } catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

void FlattenImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Flatten")("start_dim", options.start_dim())("end_dim", options.end_dim());
}

void UnflattenImpl::pretty_print(std::ostream& stream) const {
  std::string sizes;
  const auto add = [&](const std::string& text) { sizes += (sizes.empty() ? "" : ", ") + text; };
  if (!options.namedshape().empty()) {
    for (const auto& [name, size] : options.namedshape()) add("{\"" + name + "\", " + std::to_string(size) + "}");
    Line(stream, "Unflatten")("dim", "\"" + options.dimname() + "\"")("unflattened_size", "{" + sizes + "}");
    return;
  }
  for (const int64_t size : options.sizes()) add(std::to_string(size));
  Line(stream, "Unflatten")("dim", options.dim())("unflattened_size", "{" + sizes + "}");
}
Tensor UnflattenImpl::forward(const Tensor& input) {
  if (!options.namedshape().empty())
    fail<NotImplementedError>("[Unflatten] tensors have no named dimensions here; give dim {} by its number",
                              options.dimname());
  return input.unflatten(options.dim(), options.sizes());
}

BilinearImpl::BilinearImpl(const BilinearOptions& options_) : options(options_) { BilinearImpl::reset(); }
void BilinearImpl::reset() {
  if (options.in1_features() < 1) fail("[Bilinear] in1_features is {}; it must be positive", options.in1_features());
  weight =
      register_parameter("weight", empty({options.out_features(), options.in1_features(), options.in2_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor(), options.bias());
  reset_parameters();
}
void BilinearImpl::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(weight.size(1)));
  init::uniform_(weight, -bound, bound);
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}
void BilinearImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Bilinear")("in1_features", options.in1_features())("in2_features", options.in2_features())(
      "out_features", options.out_features())("bias", options.bias());
}
Tensor BilinearImpl::forward(const Tensor& input1, const Tensor& input2) try {
  return bilinear(input1, input2, weight, bias);
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

}  // namespace hearth::nn
