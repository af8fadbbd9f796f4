#include "hearth/nn/dropout.h"

#include "base/fail.h"
#include "hearth/nn/functional/dropout.h"
#include "nn/print.h"

namespace hearth::nn {

namespace F = functional;

void detail::check_dropout(double p) {
  if (!(p >= 0 && p <= 1)) fail("[Dropout] dropout probability has to be between 0 and 1, but got {}", p);
}

namespace {

void print(std::ostream& stream, const char* name, const DropoutOptions& o) {
  Line(stream, name)("p", o.p())("inplace", o.inplace());
}
template <class FuncOptions>
FuncOptions as_function(const DropoutOptions& o, bool training) {
  return FuncOptions().p(o.p()).training(training).inplace(o.inplace());
}
/// Whole channels of an input of `rank` dimensions, or of one less. In place through a view of it.
Tensor drop_channels(Tensor input, const F::DropoutFuncOptions& o, int64_t rank) {
  const bool batched = input.dim() == rank;
  Tensor x = batched ? input : input.unsqueeze(0);
  if (o.inplace()) {
    feature_dropout_(x, o.p(), o.training());
    return input;
  }
  const Tensor y = feature_dropout(x, o.p(), o.training());
  return batched ? y : y.squeeze(0);
}

}  // namespace

void DropoutImpl::pretty_print(std::ostream& stream) const { print(stream, "Dropout", options); }
Tensor DropoutImpl::forward(Tensor input) {
  return options.inplace() ? dropout_(input, options.p(), is_training()) : dropout(input, options.p(), is_training());
}
void Dropout2dImpl::pretty_print(std::ostream& stream) const { print(stream, "Dropout2d", options); }
Tensor Dropout2dImpl::forward(Tensor input) {
  return F::dropout2d(std::move(input), as_function<F::Dropout2dFuncOptions>(options, is_training()));
}
void Dropout3dImpl::pretty_print(std::ostream& stream) const { print(stream, "Dropout3d", options); }
Tensor Dropout3dImpl::forward(Tensor input) {
  return F::dropout3d(std::move(input), as_function<F::Dropout3dFuncOptions>(options, is_training()));
}
void AlphaDropoutImpl::pretty_print(std::ostream& stream) const { print(stream, "AlphaDropout", options); }
Tensor AlphaDropoutImpl::forward(const Tensor& input) {
  return F::alpha_dropout(input, as_function<F::AlphaDropoutFuncOptions>(options, is_training()));
}
void FeatureAlphaDropoutImpl::pretty_print(std::ostream& stream) const {
  print(stream, "FeatureAlphaDropout", options);
}
Tensor FeatureAlphaDropoutImpl::forward(const Tensor& input) {
  return F::feature_alpha_dropout(input, as_function<F::FeatureAlphaDropoutFuncOptions>(options, is_training()));
}

Tensor F::dropout(Tensor input, const DropoutFuncOptions& o) {
  return o.inplace() ? dropout_(input, o.p(), o.training()) : hearth::dropout(input, o.p(), o.training());
}
Tensor F::dropout2d(Tensor input, const Dropout2dFuncOptions& o) { return drop_channels(std::move(input), o, 4); }
Tensor F::dropout3d(Tensor input, const Dropout3dFuncOptions& o) { return drop_channels(std::move(input), o, 5); }
Tensor F::alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& o) {
  return o.inplace() ? alpha_dropout_(input, o.p(), o.training()) : hearth::alpha_dropout(input, o.p(), o.training());
}
Tensor F::feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& o) {
  return o.inplace() ? feature_alpha_dropout_(input, o.p(), o.training())
                     : hearth::feature_alpha_dropout(input, o.p(), o.training());
}

}  // namespace hearth::nn
