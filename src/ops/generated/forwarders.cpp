// Made by tools/gen_api.py from src/ops; do not edit.

#include "autograd/destination.h"
#include "autograd/names.h"
#include "hearth/ops.h"

namespace hearth {

Tensor Tensor::relu() const { return hearth::relu(*this); }
Tensor& Tensor::relu_() const { return autograd::in_place("relu", *this, [&] { return hearth::relu(*this); }); }
Tensor& relu_(const Tensor& self) { return autograd::in_place("relu", self, [&] { return hearth::relu(self); }); }
Tensor& relu_out(Tensor& out, const Tensor& self) { return autograd::into("relu", out, [&] { return hearth::relu(self); }); }
Tensor Tensor::relu6() const { return hearth::relu6(*this); }
Tensor& Tensor::relu6_() const { return autograd::in_place("relu6", *this, [&] { return hearth::relu6(*this); }); }
Tensor& relu6_(const Tensor& self) { return autograd::in_place("relu6", self, [&] { return hearth::relu6(self); }); }
Tensor Tensor::sigmoid() const { return hearth::sigmoid(*this); }
Tensor& Tensor::sigmoid_() const { return autograd::in_place("sigmoid", *this, [&] { return hearth::sigmoid(*this); }); }
Tensor& sigmoid_(const Tensor& self) { return autograd::in_place("sigmoid", self, [&] { return hearth::sigmoid(self); }); }
Tensor& sigmoid_out(Tensor& out, const Tensor& self) { return autograd::into("sigmoid", out, [&] { return hearth::sigmoid(self); }); }
Tensor Tensor::tanh() const { return hearth::tanh(*this); }
Tensor& Tensor::tanh_() const { return autograd::in_place("tanh", *this, [&] { return hearth::tanh(*this); }); }
Tensor& tanh_(const Tensor& self) { return autograd::in_place("tanh", self, [&] { return hearth::tanh(self); }); }
Tensor& tanh_out(Tensor& out, const Tensor& self) { return autograd::into("tanh", out, [&] { return hearth::tanh(self); }); }
Tensor Tensor::gelu(std::string_view approximate) const { return hearth::gelu(*this, approximate); }
Tensor& Tensor::gelu_(std::string_view approximate) const { return autograd::in_place("gelu", *this, [&] { return hearth::gelu(*this, approximate); }); }
Tensor& gelu_(const Tensor& self, std::string_view approximate) { return autograd::in_place("gelu", self, [&] { return hearth::gelu(self, approximate); }); }
Tensor& gelu_out(Tensor& out, const Tensor& self, std::string_view approximate) { return autograd::into("gelu", out, [&] { return hearth::gelu(self, approximate); }); }
Tensor Tensor::silu() const { return hearth::silu(*this); }
Tensor& Tensor::silu_() const { return autograd::in_place("silu", *this, [&] { return hearth::silu(*this); }); }
Tensor& silu_(const Tensor& self) { return autograd::in_place("silu", self, [&] { return hearth::silu(self); }); }
Tensor& silu_out(Tensor& out, const Tensor& self) { return autograd::into("silu", out, [&] { return hearth::silu(self); }); }
Tensor Tensor::mish() const { return hearth::mish(*this); }
Tensor& Tensor::mish_() const { return autograd::in_place("mish", *this, [&] { return hearth::mish(*this); }); }
Tensor& mish_(const Tensor& self) { return autograd::in_place("mish", self, [&] { return hearth::mish(self); }); }
Tensor& mish_out(Tensor& out, const Tensor& self) { return autograd::into("mish", out, [&] { return hearth::mish(self); }); }
Tensor Tensor::softplus(const Scalar& beta, const Scalar& threshold) const { return hearth::softplus(*this, beta, threshold); }
Tensor& softplus_out(Tensor& out, const Tensor& self, const Scalar& beta, const Scalar& threshold) { return autograd::into("softplus", out, [&] { return hearth::softplus(self, beta, threshold); }); }
Tensor Tensor::elu(const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) const { return hearth::elu(*this, alpha, scale, input_scale); }
Tensor& Tensor::elu_(const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) const { return autograd::in_place("elu", *this, [&] { return hearth::elu(*this, alpha, scale, input_scale); }); }
Tensor& elu_(const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) { return autograd::in_place("elu", self, [&] { return hearth::elu(self, alpha, scale, input_scale); }); }
Tensor& elu_out(Tensor& out, const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) { return autograd::into("elu", out, [&] { return hearth::elu(self, alpha, scale, input_scale); }); }
Tensor Tensor::celu(const Scalar& alpha) const { return hearth::celu(*this, alpha); }
Tensor& Tensor::celu_(const Scalar& alpha) const { return autograd::in_place("celu", *this, [&] { return hearth::celu(*this, alpha); }); }
Tensor& celu_(const Tensor& self, const Scalar& alpha) { return autograd::in_place("celu", self, [&] { return hearth::celu(self, alpha); }); }
Tensor Tensor::selu() const { return hearth::selu(*this); }
Tensor& Tensor::selu_() const { return autograd::in_place("selu", *this, [&] { return hearth::selu(*this); }); }
Tensor& selu_(const Tensor& self) { return autograd::in_place("selu", self, [&] { return hearth::selu(self); }); }
Tensor Tensor::leaky_relu(const Scalar& negative_slope) const { return hearth::leaky_relu(*this, negative_slope); }
Tensor& Tensor::leaky_relu_(const Scalar& negative_slope) const { return autograd::in_place("leaky_relu", *this, [&] { return hearth::leaky_relu(*this, negative_slope); }); }
Tensor& leaky_relu_(const Tensor& self, const Scalar& negative_slope) { return autograd::in_place("leaky_relu", self, [&] { return hearth::leaky_relu(self, negative_slope); }); }
Tensor& leaky_relu_out(Tensor& out, const Tensor& self, const Scalar& negative_slope) { return autograd::into("leaky_relu", out, [&] { return hearth::leaky_relu(self, negative_slope); }); }
Tensor Tensor::hardtanh(const Scalar& min_val, const Scalar& max_val) const { return hearth::hardtanh(*this, min_val, max_val); }
Tensor& Tensor::hardtanh_(const Scalar& min_val, const Scalar& max_val) const { return autograd::in_place("hardtanh", *this, [&] { return hearth::hardtanh(*this, min_val, max_val); }); }
Tensor& hardtanh_(const Tensor& self, const Scalar& min_val, const Scalar& max_val) { return autograd::in_place("hardtanh", self, [&] { return hearth::hardtanh(self, min_val, max_val); }); }
Tensor& hardtanh_out(Tensor& out, const Tensor& self, const Scalar& min_val, const Scalar& max_val) { return autograd::into("hardtanh", out, [&] { return hearth::hardtanh(self, min_val, max_val); }); }
Tensor Tensor::hardsigmoid() const { return hearth::hardsigmoid(*this); }
Tensor& Tensor::hardsigmoid_() const { return autograd::in_place("hardsigmoid", *this, [&] { return hearth::hardsigmoid(*this); }); }
Tensor& hardsigmoid_(const Tensor& self) { return autograd::in_place("hardsigmoid", self, [&] { return hearth::hardsigmoid(self); }); }
Tensor& hardsigmoid_out(Tensor& out, const Tensor& self) { return autograd::into("hardsigmoid", out, [&] { return hearth::hardsigmoid(self); }); }
Tensor Tensor::hardswish() const { return hearth::hardswish(*this); }
Tensor& Tensor::hardswish_() const { return autograd::in_place("hardswish", *this, [&] { return hearth::hardswish(*this); }); }
Tensor& hardswish_(const Tensor& self) { return autograd::in_place("hardswish", self, [&] { return hearth::hardswish(self); }); }
Tensor& hardswish_out(Tensor& out, const Tensor& self) { return autograd::into("hardswish", out, [&] { return hearth::hardswish(self); }); }
Tensor Tensor::softsign() const { return hearth::softsign(*this); }
Tensor Tensor::log_sigmoid() const { return hearth::log_sigmoid(*this); }
Tensor& log_sigmoid_out(Tensor& out, const Tensor& self) { return autograd::into("log_sigmoid", out, [&] { return hearth::log_sigmoid(self); }); }
Tensor Tensor::hardshrink(const Scalar& lambd) const { return hearth::hardshrink(*this, lambd); }
Tensor& hardshrink_out(Tensor& out, const Tensor& self, const Scalar& lambd) { return autograd::into("hardshrink", out, [&] { return hearth::hardshrink(self, lambd); }); }
Tensor Tensor::softshrink(const Scalar& lambd) const { return hearth::softshrink(*this, lambd); }
Tensor& softshrink_out(Tensor& out, const Tensor& self, const Scalar& lambd) { return autograd::into("softshrink", out, [&] { return hearth::softshrink(self, lambd); }); }
Tensor Tensor::threshold(const Scalar& threshold, const Scalar& value) const { return hearth::threshold(*this, threshold, value); }
Tensor& Tensor::threshold_(const Scalar& threshold, const Scalar& value) const { return autograd::in_place("threshold", *this, [&] { return hearth::threshold(*this, threshold, value); }); }
Tensor& threshold_(const Tensor& self, const Scalar& threshold, const Scalar& value) { return autograd::in_place("threshold", self, [&] { return hearth::threshold(self, threshold, value); }); }
Tensor& threshold_out(Tensor& out, const Tensor& self, const Scalar& threshold, const Scalar& value) { return autograd::into("threshold", out, [&] { return hearth::threshold(self, threshold, value); }); }
Tensor Tensor::prelu(const Tensor& weight) const { return hearth::prelu(*this, weight); }
Tensor Tensor::glu(int64_t dim) const { return hearth::glu(*this, dim); }
Tensor Tensor::arccos() const { return hearth::arccos(*this); }
Tensor& Tensor::arccos_() const { return autograd::in_place("arccos", *this, [&] { return hearth::arccos(*this); }); }
Tensor& arccos_(const Tensor& self) { return autograd::in_place("arccos", self, [&] { return hearth::arccos(self); }); }
Tensor& arccos_out(Tensor& out, const Tensor& self) { return autograd::into("arccos", out, [&] { return hearth::arccos(self); }); }
Tensor Tensor::arccosh() const { return hearth::arccosh(*this); }
Tensor& Tensor::arccosh_() const { return autograd::in_place("arccosh", *this, [&] { return hearth::arccosh(*this); }); }
Tensor& arccosh_(const Tensor& self) { return autograd::in_place("arccosh", self, [&] { return hearth::arccosh(self); }); }
Tensor& arccosh_out(Tensor& out, const Tensor& self) { return autograd::into("arccosh", out, [&] { return hearth::arccosh(self); }); }
Tensor Tensor::arcsin() const { return hearth::arcsin(*this); }
Tensor& Tensor::arcsin_() const { return autograd::in_place("arcsin", *this, [&] { return hearth::arcsin(*this); }); }
Tensor& arcsin_(const Tensor& self) { return autograd::in_place("arcsin", self, [&] { return hearth::arcsin(self); }); }
Tensor& arcsin_out(Tensor& out, const Tensor& self) { return autograd::into("arcsin", out, [&] { return hearth::arcsin(self); }); }
Tensor Tensor::arcsinh() const { return hearth::arcsinh(*this); }
Tensor& Tensor::arcsinh_() const { return autograd::in_place("arcsinh", *this, [&] { return hearth::arcsinh(*this); }); }
Tensor& arcsinh_(const Tensor& self) { return autograd::in_place("arcsinh", self, [&] { return hearth::arcsinh(self); }); }
Tensor& arcsinh_out(Tensor& out, const Tensor& self) { return autograd::into("arcsinh", out, [&] { return hearth::arcsinh(self); }); }
Tensor Tensor::arctan() const { return hearth::arctan(*this); }
Tensor& Tensor::arctan_() const { return autograd::in_place("arctan", *this, [&] { return hearth::arctan(*this); }); }
Tensor& arctan_(const Tensor& self) { return autograd::in_place("arctan", self, [&] { return hearth::arctan(self); }); }
Tensor& arctan_out(Tensor& out, const Tensor& self) { return autograd::into("arctan", out, [&] { return hearth::arctan(self); }); }
Tensor Tensor::arctanh() const { return hearth::arctanh(*this); }
Tensor& Tensor::arctanh_() const { return autograd::in_place("arctanh", *this, [&] { return hearth::arctanh(*this); }); }
Tensor& arctanh_(const Tensor& self) { return autograd::in_place("arctanh", self, [&] { return hearth::arctanh(self); }); }
Tensor& arctanh_out(Tensor& out, const Tensor& self) { return autograd::into("arctanh", out, [&] { return hearth::arctanh(self); }); }
Tensor Tensor::arctan2(const Tensor& other) const { return hearth::arctan2(*this, other); }
Tensor& Tensor::arctan2_(const Tensor& other) const { return autograd::in_place("arctan2", *this, [&] { return hearth::arctan2(*this, other); }); }
Tensor& arctan2_(const Tensor& self, const Tensor& other) { return autograd::in_place("arctan2", self, [&] { return hearth::arctan2(self, other); }); }
Tensor& arctan2_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("arctan2", out, [&] { return hearth::arctan2(self, other); }); }
Tensor Tensor::deg2rad() const { return hearth::deg2rad(*this); }
Tensor& Tensor::deg2rad_() const { return autograd::in_place("deg2rad", *this, [&] { return hearth::deg2rad(*this); }); }
Tensor& deg2rad_(const Tensor& self) { return autograd::in_place("deg2rad", self, [&] { return hearth::deg2rad(self); }); }
Tensor& deg2rad_out(Tensor& out, const Tensor& self) { return autograd::into("deg2rad", out, [&] { return hearth::deg2rad(self); }); }
Tensor Tensor::rad2deg() const { return hearth::rad2deg(*this); }
Tensor& Tensor::rad2deg_() const { return autograd::in_place("rad2deg", *this, [&] { return hearth::rad2deg(*this); }); }
Tensor& rad2deg_(const Tensor& self) { return autograd::in_place("rad2deg", self, [&] { return hearth::rad2deg(self); }); }
Tensor& rad2deg_out(Tensor& out, const Tensor& self) { return autograd::into("rad2deg", out, [&] { return hearth::rad2deg(self); }); }
Tensor Tensor::greater(const Tensor& other) const { return hearth::greater(*this, other); }
Tensor& Tensor::greater_(const Tensor& other) const { return autograd::in_place("greater", *this, [&] { return hearth::greater(*this, other); }); }
Tensor& greater_(const Tensor& self, const Tensor& other) { return autograd::in_place("greater", self, [&] { return hearth::greater(self, other); }); }
Tensor& greater_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("greater", out, [&] { return hearth::greater(self, other); }); }
Tensor Tensor::greater(const Scalar& other) const { return hearth::greater(*this, other); }
Tensor& Tensor::greater_(const Scalar& other) const { return autograd::in_place("greater", *this, [&] { return hearth::greater(*this, other); }); }
Tensor& greater_(const Tensor& self, const Scalar& other) { return autograd::in_place("greater", self, [&] { return hearth::greater(self, other); }); }
Tensor& greater_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("greater", out, [&] { return hearth::greater(self, other); }); }
Tensor Tensor::greater_equal(const Tensor& other) const { return hearth::greater_equal(*this, other); }
Tensor& Tensor::greater_equal_(const Tensor& other) const { return autograd::in_place("greater_equal", *this, [&] { return hearth::greater_equal(*this, other); }); }
Tensor& greater_equal_(const Tensor& self, const Tensor& other) { return autograd::in_place("greater_equal", self, [&] { return hearth::greater_equal(self, other); }); }
Tensor& greater_equal_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("greater_equal", out, [&] { return hearth::greater_equal(self, other); }); }
Tensor Tensor::greater_equal(const Scalar& other) const { return hearth::greater_equal(*this, other); }
Tensor& Tensor::greater_equal_(const Scalar& other) const { return autograd::in_place("greater_equal", *this, [&] { return hearth::greater_equal(*this, other); }); }
Tensor& greater_equal_(const Tensor& self, const Scalar& other) { return autograd::in_place("greater_equal", self, [&] { return hearth::greater_equal(self, other); }); }
Tensor& greater_equal_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("greater_equal", out, [&] { return hearth::greater_equal(self, other); }); }
Tensor Tensor::less(const Tensor& other) const { return hearth::less(*this, other); }
Tensor& Tensor::less_(const Tensor& other) const { return autograd::in_place("less", *this, [&] { return hearth::less(*this, other); }); }
Tensor& less_(const Tensor& self, const Tensor& other) { return autograd::in_place("less", self, [&] { return hearth::less(self, other); }); }
Tensor& less_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("less", out, [&] { return hearth::less(self, other); }); }
Tensor Tensor::less(const Scalar& other) const { return hearth::less(*this, other); }
Tensor& Tensor::less_(const Scalar& other) const { return autograd::in_place("less", *this, [&] { return hearth::less(*this, other); }); }
Tensor& less_(const Tensor& self, const Scalar& other) { return autograd::in_place("less", self, [&] { return hearth::less(self, other); }); }
Tensor& less_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("less", out, [&] { return hearth::less(self, other); }); }
Tensor Tensor::less_equal(const Tensor& other) const { return hearth::less_equal(*this, other); }
Tensor& Tensor::less_equal_(const Tensor& other) const { return autograd::in_place("less_equal", *this, [&] { return hearth::less_equal(*this, other); }); }
Tensor& less_equal_(const Tensor& self, const Tensor& other) { return autograd::in_place("less_equal", self, [&] { return hearth::less_equal(self, other); }); }
Tensor& less_equal_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("less_equal", out, [&] { return hearth::less_equal(self, other); }); }
Tensor Tensor::less_equal(const Scalar& other) const { return hearth::less_equal(*this, other); }
Tensor& Tensor::less_equal_(const Scalar& other) const { return autograd::in_place("less_equal", *this, [&] { return hearth::less_equal(*this, other); }); }
Tensor& less_equal_(const Tensor& self, const Scalar& other) { return autograd::in_place("less_equal", self, [&] { return hearth::less_equal(self, other); }); }
Tensor& less_equal_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("less_equal", out, [&] { return hearth::less_equal(self, other); }); }
Tensor Tensor::not_equal(const Tensor& other) const { return hearth::not_equal(*this, other); }
Tensor& Tensor::not_equal_(const Tensor& other) const { return autograd::in_place("not_equal", *this, [&] { return hearth::not_equal(*this, other); }); }
Tensor& not_equal_(const Tensor& self, const Tensor& other) { return autograd::in_place("not_equal", self, [&] { return hearth::not_equal(self, other); }); }
Tensor& not_equal_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("not_equal", out, [&] { return hearth::not_equal(self, other); }); }
Tensor Tensor::not_equal(const Scalar& other) const { return hearth::not_equal(*this, other); }
Tensor& Tensor::not_equal_(const Scalar& other) const { return autograd::in_place("not_equal", *this, [&] { return hearth::not_equal(*this, other); }); }
Tensor& not_equal_(const Tensor& self, const Scalar& other) { return autograd::in_place("not_equal", self, [&] { return hearth::not_equal(self, other); }); }
Tensor& not_equal_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("not_equal", out, [&] { return hearth::not_equal(self, other); }); }
Tensor& concatenate_out(Tensor& out, TensorList tensors, int64_t dim) { return autograd::into("concatenate", out, [&] { return hearth::concatenate(tensors, dim); }); }
Tensor Tensor::moveaxis(IntArrayRef source, IntArrayRef destination) const { return hearth::moveaxis(*this, source, destination); }
Tensor Tensor::moveaxis(int64_t source, int64_t destination) const { return hearth::moveaxis(*this, source, destination); }
Tensor Tensor::float_power(const Tensor& exponent) const { return hearth::float_power(*this, exponent); }
Tensor& Tensor::float_power_(const Tensor& exponent) const { return autograd::in_place("float_power", *this, [&] { return hearth::float_power(*this, exponent); }); }
Tensor& float_power_(const Tensor& self, const Tensor& exponent) { return autograd::in_place("float_power", self, [&] { return hearth::float_power(self, exponent); }); }
Tensor& float_power_out(Tensor& out, const Tensor& self, const Tensor& exponent) { return autograd::into("float_power", out, [&] { return hearth::float_power(self, exponent); }); }
Tensor Tensor::float_power(const Scalar& exponent) const { return hearth::float_power(*this, exponent); }
Tensor& Tensor::float_power_(const Scalar& exponent) const { return autograd::in_place("float_power", *this, [&] { return hearth::float_power(*this, exponent); }); }
Tensor& float_power_(const Tensor& self, const Scalar& exponent) { return autograd::in_place("float_power", self, [&] { return hearth::float_power(self, exponent); }); }
Tensor& float_power_out(Tensor& out, const Tensor& self, const Scalar& exponent) { return autograd::into("float_power", out, [&] { return hearth::float_power(self, exponent); }); }
Tensor Tensor::ldexp(const Tensor& other) const { return hearth::ldexp(*this, other); }
Tensor& Tensor::ldexp_(const Tensor& other) const { return autograd::in_place("ldexp", *this, [&] { return hearth::ldexp(*this, other); }); }
Tensor& ldexp_(const Tensor& self, const Tensor& other) { return autograd::in_place("ldexp", self, [&] { return hearth::ldexp(self, other); }); }
Tensor& ldexp_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("ldexp", out, [&] { return hearth::ldexp(self, other); }); }
Tensor Tensor::isreal() const { return hearth::isreal(*this); }
Tensor Tensor::conj() const { return hearth::conj(*this); }
Tensor Tensor::conj_physical() const { return hearth::conj_physical(*this); }
Tensor& Tensor::conj_physical_() const { return autograd::in_place("conj_physical", *this, [&] { return hearth::conj_physical(*this); }); }
Tensor& conj_physical_(const Tensor& self) { return autograd::in_place("conj_physical", self, [&] { return hearth::conj_physical(self); }); }
Tensor& conj_physical_out(Tensor& out, const Tensor& self) { return autograd::into("conj_physical", out, [&] { return hearth::conj_physical(self); }); }
Tensor Tensor::resolve_conj() const { return hearth::resolve_conj(*this); }
Tensor Tensor::resolve_neg() const { return hearth::resolve_neg(*this); }
Tensor Tensor::angle() const { return hearth::angle(*this); }
Tensor& angle_out(Tensor& out, const Tensor& self) { return autograd::into("angle", out, [&] { return hearth::angle(self); }); }
Tensor Tensor::diff(int64_t n, int64_t dim, const std::optional<Tensor>& prepend, const std::optional<Tensor>& append) const { return hearth::diff(*this, n, dim, prepend, append); }
Tensor& diff_out(Tensor& out, const Tensor& self, int64_t n, int64_t dim, const std::optional<Tensor>& prepend, const std::optional<Tensor>& append) { return autograd::into("diff", out, [&] { return hearth::diff(self, n, dim, prepend, append); }); }
Tensor Tensor::cov(int64_t correction, const std::optional<Tensor>& fweights, const std::optional<Tensor>& aweights) const { return hearth::cov(*this, correction, fweights, aweights); }
Tensor Tensor::corrcoef() const { return hearth::corrcoef(*this); }
Tensor Tensor::renorm(const Scalar& p, int64_t dim, const Scalar& maxnorm) const { return hearth::renorm(*this, p, dim, maxnorm); }
Tensor& Tensor::renorm_(const Scalar& p, int64_t dim, const Scalar& maxnorm) const { return autograd::in_place("renorm", *this, [&] { return hearth::renorm(*this, p, dim, maxnorm); }); }
Tensor& renorm_(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm) { return autograd::in_place("renorm", self, [&] { return hearth::renorm(self, p, dim, maxnorm); }); }
Tensor& renorm_out(Tensor& out, const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm) { return autograd::into("renorm", out, [&] { return hearth::renorm(self, p, dim, maxnorm); }); }
Tensor Tensor::eq(const Tensor& other) const { return hearth::eq(*this, other); }
Tensor& Tensor::eq_(const Tensor& other) const { return autograd::in_place("eq", *this, [&] { return hearth::eq(*this, other); }); }
Tensor& eq_(const Tensor& self, const Tensor& other) { return autograd::in_place("eq", self, [&] { return hearth::eq(self, other); }); }
Tensor& eq_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("eq", out, [&] { return hearth::eq(self, other); }); }
Tensor Tensor::eq(const Scalar& other) const { return hearth::eq(*this, other); }
Tensor& Tensor::eq_(const Scalar& other) const { return autograd::in_place("eq", *this, [&] { return hearth::eq(*this, other); }); }
Tensor& eq_(const Tensor& self, const Scalar& other) { return autograd::in_place("eq", self, [&] { return hearth::eq(self, other); }); }
Tensor& eq_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("eq", out, [&] { return hearth::eq(self, other); }); }
Tensor Tensor::ne(const Tensor& other) const { return hearth::ne(*this, other); }
Tensor& Tensor::ne_(const Tensor& other) const { return autograd::in_place("ne", *this, [&] { return hearth::ne(*this, other); }); }
Tensor& ne_(const Tensor& self, const Tensor& other) { return autograd::in_place("ne", self, [&] { return hearth::ne(self, other); }); }
Tensor& ne_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("ne", out, [&] { return hearth::ne(self, other); }); }
Tensor Tensor::ne(const Scalar& other) const { return hearth::ne(*this, other); }
Tensor& Tensor::ne_(const Scalar& other) const { return autograd::in_place("ne", *this, [&] { return hearth::ne(*this, other); }); }
Tensor& ne_(const Tensor& self, const Scalar& other) { return autograd::in_place("ne", self, [&] { return hearth::ne(self, other); }); }
Tensor& ne_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("ne", out, [&] { return hearth::ne(self, other); }); }
Tensor Tensor::lt(const Tensor& other) const { return hearth::lt(*this, other); }
Tensor& Tensor::lt_(const Tensor& other) const { return autograd::in_place("lt", *this, [&] { return hearth::lt(*this, other); }); }
Tensor& lt_(const Tensor& self, const Tensor& other) { return autograd::in_place("lt", self, [&] { return hearth::lt(self, other); }); }
Tensor& lt_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("lt", out, [&] { return hearth::lt(self, other); }); }
Tensor Tensor::lt(const Scalar& other) const { return hearth::lt(*this, other); }
Tensor& Tensor::lt_(const Scalar& other) const { return autograd::in_place("lt", *this, [&] { return hearth::lt(*this, other); }); }
Tensor& lt_(const Tensor& self, const Scalar& other) { return autograd::in_place("lt", self, [&] { return hearth::lt(self, other); }); }
Tensor& lt_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("lt", out, [&] { return hearth::lt(self, other); }); }
Tensor Tensor::le(const Tensor& other) const { return hearth::le(*this, other); }
Tensor& Tensor::le_(const Tensor& other) const { return autograd::in_place("le", *this, [&] { return hearth::le(*this, other); }); }
Tensor& le_(const Tensor& self, const Tensor& other) { return autograd::in_place("le", self, [&] { return hearth::le(self, other); }); }
Tensor& le_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("le", out, [&] { return hearth::le(self, other); }); }
Tensor Tensor::le(const Scalar& other) const { return hearth::le(*this, other); }
Tensor& Tensor::le_(const Scalar& other) const { return autograd::in_place("le", *this, [&] { return hearth::le(*this, other); }); }
Tensor& le_(const Tensor& self, const Scalar& other) { return autograd::in_place("le", self, [&] { return hearth::le(self, other); }); }
Tensor& le_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("le", out, [&] { return hearth::le(self, other); }); }
Tensor Tensor::gt(const Tensor& other) const { return hearth::gt(*this, other); }
Tensor& Tensor::gt_(const Tensor& other) const { return autograd::in_place("gt", *this, [&] { return hearth::gt(*this, other); }); }
Tensor& gt_(const Tensor& self, const Tensor& other) { return autograd::in_place("gt", self, [&] { return hearth::gt(self, other); }); }
Tensor& gt_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("gt", out, [&] { return hearth::gt(self, other); }); }
Tensor Tensor::gt(const Scalar& other) const { return hearth::gt(*this, other); }
Tensor& Tensor::gt_(const Scalar& other) const { return autograd::in_place("gt", *this, [&] { return hearth::gt(*this, other); }); }
Tensor& gt_(const Tensor& self, const Scalar& other) { return autograd::in_place("gt", self, [&] { return hearth::gt(self, other); }); }
Tensor& gt_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("gt", out, [&] { return hearth::gt(self, other); }); }
Tensor Tensor::ge(const Tensor& other) const { return hearth::ge(*this, other); }
Tensor& Tensor::ge_(const Tensor& other) const { return autograd::in_place("ge", *this, [&] { return hearth::ge(*this, other); }); }
Tensor& ge_(const Tensor& self, const Tensor& other) { return autograd::in_place("ge", self, [&] { return hearth::ge(self, other); }); }
Tensor& ge_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("ge", out, [&] { return hearth::ge(self, other); }); }
Tensor Tensor::ge(const Scalar& other) const { return hearth::ge(*this, other); }
Tensor& Tensor::ge_(const Scalar& other) const { return autograd::in_place("ge", *this, [&] { return hearth::ge(*this, other); }); }
Tensor& ge_(const Tensor& self, const Scalar& other) { return autograd::in_place("ge", self, [&] { return hearth::ge(self, other); }); }
Tensor& ge_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("ge", out, [&] { return hearth::ge(self, other); }); }
Tensor Tensor::logical_and(const Tensor& other) const { return hearth::logical_and(*this, other); }
Tensor& Tensor::logical_and_(const Tensor& other) const { return autograd::in_place("logical_and", *this, [&] { return hearth::logical_and(*this, other); }); }
Tensor& logical_and_(const Tensor& self, const Tensor& other) { return autograd::in_place("logical_and", self, [&] { return hearth::logical_and(self, other); }); }
Tensor& logical_and_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("logical_and", out, [&] { return hearth::logical_and(self, other); }); }
Tensor Tensor::logical_or(const Tensor& other) const { return hearth::logical_or(*this, other); }
Tensor& Tensor::logical_or_(const Tensor& other) const { return autograd::in_place("logical_or", *this, [&] { return hearth::logical_or(*this, other); }); }
Tensor& logical_or_(const Tensor& self, const Tensor& other) { return autograd::in_place("logical_or", self, [&] { return hearth::logical_or(self, other); }); }
Tensor& logical_or_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("logical_or", out, [&] { return hearth::logical_or(self, other); }); }
Tensor Tensor::logical_xor(const Tensor& other) const { return hearth::logical_xor(*this, other); }
Tensor& Tensor::logical_xor_(const Tensor& other) const { return autograd::in_place("logical_xor", *this, [&] { return hearth::logical_xor(*this, other); }); }
Tensor& logical_xor_(const Tensor& self, const Tensor& other) { return autograd::in_place("logical_xor", self, [&] { return hearth::logical_xor(self, other); }); }
Tensor& logical_xor_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("logical_xor", out, [&] { return hearth::logical_xor(self, other); }); }
Tensor Tensor::logical_not() const { return hearth::logical_not(*this); }
Tensor& Tensor::logical_not_() const { return autograd::in_place("logical_not", *this, [&] { return hearth::logical_not(*this); }); }
Tensor& logical_not_(const Tensor& self) { return autograd::in_place("logical_not", self, [&] { return hearth::logical_not(self); }); }
Tensor& logical_not_out(Tensor& out, const Tensor& self) { return autograd::into("logical_not", out, [&] { return hearth::logical_not(self); }); }
Tensor Tensor::bitwise_and(const Tensor& other) const { return hearth::bitwise_and(*this, other); }
Tensor& Tensor::bitwise_and_(const Tensor& other) const { return autograd::in_place("bitwise_and", *this, [&] { return hearth::bitwise_and(*this, other); }); }
Tensor& bitwise_and_(const Tensor& self, const Tensor& other) { return autograd::in_place("bitwise_and", self, [&] { return hearth::bitwise_and(self, other); }); }
Tensor& bitwise_and_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("bitwise_and", out, [&] { return hearth::bitwise_and(self, other); }); }
Tensor Tensor::bitwise_and(const Scalar& other) const { return hearth::bitwise_and(*this, other); }
Tensor& Tensor::bitwise_and_(const Scalar& other) const { return autograd::in_place("bitwise_and", *this, [&] { return hearth::bitwise_and(*this, other); }); }
Tensor& bitwise_and_(const Tensor& self, const Scalar& other) { return autograd::in_place("bitwise_and", self, [&] { return hearth::bitwise_and(self, other); }); }
Tensor& bitwise_and_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("bitwise_and", out, [&] { return hearth::bitwise_and(self, other); }); }
Tensor Tensor::bitwise_or(const Tensor& other) const { return hearth::bitwise_or(*this, other); }
Tensor& Tensor::bitwise_or_(const Tensor& other) const { return autograd::in_place("bitwise_or", *this, [&] { return hearth::bitwise_or(*this, other); }); }
Tensor& bitwise_or_(const Tensor& self, const Tensor& other) { return autograd::in_place("bitwise_or", self, [&] { return hearth::bitwise_or(self, other); }); }
Tensor& bitwise_or_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("bitwise_or", out, [&] { return hearth::bitwise_or(self, other); }); }
Tensor Tensor::bitwise_or(const Scalar& other) const { return hearth::bitwise_or(*this, other); }
Tensor& Tensor::bitwise_or_(const Scalar& other) const { return autograd::in_place("bitwise_or", *this, [&] { return hearth::bitwise_or(*this, other); }); }
Tensor& bitwise_or_(const Tensor& self, const Scalar& other) { return autograd::in_place("bitwise_or", self, [&] { return hearth::bitwise_or(self, other); }); }
Tensor& bitwise_or_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("bitwise_or", out, [&] { return hearth::bitwise_or(self, other); }); }
Tensor Tensor::bitwise_xor(const Tensor& other) const { return hearth::bitwise_xor(*this, other); }
Tensor& Tensor::bitwise_xor_(const Tensor& other) const { return autograd::in_place("bitwise_xor", *this, [&] { return hearth::bitwise_xor(*this, other); }); }
Tensor& bitwise_xor_(const Tensor& self, const Tensor& other) { return autograd::in_place("bitwise_xor", self, [&] { return hearth::bitwise_xor(self, other); }); }
Tensor& bitwise_xor_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("bitwise_xor", out, [&] { return hearth::bitwise_xor(self, other); }); }
Tensor Tensor::bitwise_xor(const Scalar& other) const { return hearth::bitwise_xor(*this, other); }
Tensor& Tensor::bitwise_xor_(const Scalar& other) const { return autograd::in_place("bitwise_xor", *this, [&] { return hearth::bitwise_xor(*this, other); }); }
Tensor& bitwise_xor_(const Tensor& self, const Scalar& other) { return autograd::in_place("bitwise_xor", self, [&] { return hearth::bitwise_xor(self, other); }); }
Tensor& bitwise_xor_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("bitwise_xor", out, [&] { return hearth::bitwise_xor(self, other); }); }
Tensor Tensor::bitwise_not() const { return hearth::bitwise_not(*this); }
Tensor& Tensor::bitwise_not_() const { return autograd::in_place("bitwise_not", *this, [&] { return hearth::bitwise_not(*this); }); }
Tensor& bitwise_not_(const Tensor& self) { return autograd::in_place("bitwise_not", self, [&] { return hearth::bitwise_not(self); }); }
Tensor& bitwise_not_out(Tensor& out, const Tensor& self) { return autograd::into("bitwise_not", out, [&] { return hearth::bitwise_not(self); }); }
Tensor Tensor::bitwise_left_shift(const Tensor& other) const { return hearth::bitwise_left_shift(*this, other); }
Tensor& Tensor::bitwise_left_shift_(const Tensor& other) const { return autograd::in_place("bitwise_left_shift", *this, [&] { return hearth::bitwise_left_shift(*this, other); }); }
Tensor& bitwise_left_shift_(const Tensor& self, const Tensor& other) { return autograd::in_place("bitwise_left_shift", self, [&] { return hearth::bitwise_left_shift(self, other); }); }
Tensor& bitwise_left_shift_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("bitwise_left_shift", out, [&] { return hearth::bitwise_left_shift(self, other); }); }
Tensor Tensor::bitwise_right_shift(const Tensor& other) const { return hearth::bitwise_right_shift(*this, other); }
Tensor& Tensor::bitwise_right_shift_(const Tensor& other) const { return autograd::in_place("bitwise_right_shift", *this, [&] { return hearth::bitwise_right_shift(*this, other); }); }
Tensor& bitwise_right_shift_(const Tensor& self, const Tensor& other) { return autograd::in_place("bitwise_right_shift", self, [&] { return hearth::bitwise_right_shift(self, other); }); }
Tensor& bitwise_right_shift_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("bitwise_right_shift", out, [&] { return hearth::bitwise_right_shift(self, other); }); }
Tensor Tensor::isnan() const { return hearth::isnan(*this); }
Tensor& isnan_out(Tensor& out, const Tensor& self) { return autograd::into("isnan", out, [&] { return hearth::isnan(self); }); }
Tensor Tensor::isinf() const { return hearth::isinf(*this); }
Tensor& isinf_out(Tensor& out, const Tensor& self) { return autograd::into("isinf", out, [&] { return hearth::isinf(self); }); }
Tensor Tensor::isfinite() const { return hearth::isfinite(*this); }
Tensor Tensor::isposinf() const { return hearth::isposinf(*this); }
Tensor& isposinf_out(Tensor& out, const Tensor& self) { return autograd::into("isposinf", out, [&] { return hearth::isposinf(self); }); }
Tensor Tensor::isneginf() const { return hearth::isneginf(*this); }
Tensor& isneginf_out(Tensor& out, const Tensor& self) { return autograd::into("isneginf", out, [&] { return hearth::isneginf(self); }); }
Tensor Tensor::signbit() const { return hearth::signbit(*this); }
Tensor& signbit_out(Tensor& out, const Tensor& self) { return autograd::into("signbit", out, [&] { return hearth::signbit(self); }); }
Tensor Tensor::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const { return hearth::isclose(*this, other, rtol, atol, equal_nan); }
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const { return hearth::allclose(*this, other, rtol, atol, equal_nan); }
bool Tensor::equal(const Tensor& other) const { return hearth::equal(*this, other); }
Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& self, const Tensor& other) { return autograd::into("where", out, [&] { return hearth::where(condition, self, other); }); }
Tensor& where_out(Tensor& out, const Tensor& condition, const Scalar& self, const Tensor& other) { return autograd::into("where", out, [&] { return hearth::where(condition, self, other); }); }
Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& self, const Scalar& other) { return autograd::into("where", out, [&] { return hearth::where(condition, self, other); }); }
Tensor& where_out(Tensor& out, const Tensor& condition, const Scalar& self, const Scalar& other) { return autograd::into("where", out, [&] { return hearth::where(condition, self, other); }); }
Tensor method_where(const Tensor& self, const Tensor& condition, const Tensor& other);
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const { return method_where(*this, condition, other); }
bool Tensor::is_nonzero() const { return hearth::is_nonzero(*this); }
bool Tensor::is_same_size(const Tensor& other) const { return hearth::is_same_size(*this, other); }
bool method_is_set_to(const Tensor& self, const Tensor& tensor);
bool Tensor::is_set_to(const Tensor& tensor) const { return method_is_set_to(*this, tensor); }
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const { return hearth::masked_fill(*this, mask, value); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const { return autograd::in_place("masked_fill", *this, [&] { return hearth::masked_fill(*this, mask, value); }); }
Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Tensor& value) { return autograd::in_place("masked_fill", self, [&] { return hearth::masked_fill(self, mask, value); }); }
Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const { return hearth::masked_fill(*this, mask, value); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const { return autograd::in_place("masked_fill", *this, [&] { return hearth::masked_fill(*this, mask, value); }); }
Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Scalar& value) { return autograd::in_place("masked_fill", self, [&] { return hearth::masked_fill(self, mask, value); }); }
Tensor Tensor::lerp(const Tensor& end, const Scalar& weight) const { return hearth::lerp(*this, end, weight); }
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const { return autograd::in_place("lerp", *this, [&] { return hearth::lerp(*this, end, weight); }); }
Tensor& lerp_(const Tensor& self, const Tensor& end, const Scalar& weight) { return autograd::in_place("lerp", self, [&] { return hearth::lerp(self, end, weight); }); }
Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Scalar& weight) { return autograd::into("lerp", out, [&] { return hearth::lerp(self, end, weight); }); }
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return hearth::lerp(*this, end, weight); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const { return autograd::in_place("lerp", *this, [&] { return hearth::lerp(*this, end, weight); }); }
Tensor& lerp_(const Tensor& self, const Tensor& end, const Tensor& weight) { return autograd::in_place("lerp", self, [&] { return hearth::lerp(self, end, weight); }); }
Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Tensor& weight) { return autograd::into("lerp", out, [&] { return hearth::lerp(self, end, weight); }); }
Tensor Tensor::addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return hearth::addcmul(*this, tensor1, tensor2, value); }
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return autograd::in_place("addcmul", *this, [&] { return hearth::addcmul(*this, tensor1, tensor2, value); }); }
Tensor& addcmul_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) { return autograd::in_place("addcmul", self, [&] { return hearth::addcmul(self, tensor1, tensor2, value); }); }
Tensor& addcmul_out(Tensor& out, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) { return autograd::into("addcmul", out, [&] { return hearth::addcmul(self, tensor1, tensor2, value); }); }
Tensor Tensor::addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return hearth::addcdiv(*this, tensor1, tensor2, value); }
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return autograd::in_place("addcdiv", *this, [&] { return hearth::addcdiv(*this, tensor1, tensor2, value); }); }
Tensor& addcdiv_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) { return autograd::in_place("addcdiv", self, [&] { return hearth::addcdiv(self, tensor1, tensor2, value); }); }
Tensor& addcdiv_out(Tensor& out, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) { return autograd::into("addcdiv", out, [&] { return hearth::addcdiv(self, tensor1, tensor2, value); }); }
Tensor& tensordot_out(Tensor& out, const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other) { return autograd::into("tensordot", out, [&] { return hearth::tensordot(self, other, dims_self, dims_other); }); }
Tensor Tensor::inner(const Tensor& other) const { return hearth::inner(*this, other); }
Tensor& inner_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("inner", out, [&] { return hearth::inner(self, other); }); }
Tensor Tensor::kron(const Tensor& other) const { return hearth::kron(*this, other); }
Tensor& kron_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("kron", out, [&] { return hearth::kron(self, other); }); }
Tensor Tensor::cross(const Tensor& other, std::optional<int64_t> dim) const { return hearth::cross(*this, other, dim); }
Tensor& cross_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<int64_t> dim) { return autograd::into("cross", out, [&] { return hearth::cross(self, other, dim); }); }
Tensor Tensor::addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) const { return hearth::addr(*this, vec1, vec2, beta, alpha); }
Tensor& Tensor::addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) const { return autograd::in_place("addr", *this, [&] { return hearth::addr(*this, vec1, vec2, beta, alpha); }); }
Tensor& addr_(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) { return autograd::in_place("addr", self, [&] { return hearth::addr(self, vec1, vec2, beta, alpha); }); }
Tensor& addr_out(Tensor& out, const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) { return autograd::into("addr", out, [&] { return hearth::addr(self, vec1, vec2, beta, alpha); }); }
Tensor Tensor::clone(std::optional<MemoryFormat> memory_format) const { return hearth::clone(*this, memory_format); }
Tensor Tensor::contiguous(MemoryFormat memory_format) const { return hearth::contiguous(*this, memory_format); }
Tensor Tensor::type_as(const Tensor& other) const { return hearth::type_as(*this, other); }
Tensor& method_copy_(const Tensor& self, const Tensor& src, bool non_blocking);
Tensor& Tensor::copy_(const Tensor& src, bool non_blocking) const { return method_copy_(*this, src, non_blocking); }
Tensor& method_fill_(const Tensor& self, const Scalar& value);
Tensor& Tensor::fill_(const Scalar& value) const { return method_fill_(*this, value); }
Tensor& method_fill_(const Tensor& self, const Tensor& value);
Tensor& Tensor::fill_(const Tensor& value) const { return method_fill_(*this, value); }
Tensor& method_zero_(const Tensor& self);
Tensor& Tensor::zero_() const { return method_zero_(*this); }
Tensor& method_resize_(const Tensor& self, IntArrayRef size);
Tensor& Tensor::resize_(IntArrayRef size) const { return method_resize_(*this, size); }
Tensor& method_resize_as_(const Tensor& self, const Tensor& other);
Tensor& Tensor::resize_as_(const Tensor& other) const { return method_resize_as_(*this, other); }
Tensor method_new_empty(const Tensor& self, IntArrayRef size, const TensorOptions& options);
Tensor Tensor::new_empty(IntArrayRef size, const TensorOptions& options) const { return method_new_empty(*this, size, options); }
Tensor method_new_empty_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride, const TensorOptions& options);
Tensor Tensor::new_empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& options) const { return method_new_empty_strided(*this, size, stride, options); }
Tensor method_new_zeros(const Tensor& self, IntArrayRef size, const TensorOptions& options);
Tensor Tensor::new_zeros(IntArrayRef size, const TensorOptions& options) const { return method_new_zeros(*this, size, options); }
Tensor method_new_ones(const Tensor& self, IntArrayRef size, const TensorOptions& options);
Tensor Tensor::new_ones(IntArrayRef size, const TensorOptions& options) const { return method_new_ones(*this, size, options); }
Tensor method_new_full(const Tensor& self, IntArrayRef size, const Scalar& fill_value, const TensorOptions& options);
Tensor Tensor::new_full(IntArrayRef size, const Scalar& fill_value, const TensorOptions& options) const { return method_new_full(*this, size, fill_value, options); }
Tensor& linalg::cholesky_out(Tensor& out, const Tensor& self, bool upper) { return autograd::into("cholesky", out, [&] { return hearth::linalg::cholesky(self, upper); }); }
Tensor& linalg::eigvalsh_out(Tensor& out, const Tensor& self, std::string_view UPLO) { return autograd::into("eigvalsh", out, [&] { return hearth::linalg::eigvalsh(self, UPLO); }); }
Tensor& linalg::svdvals_out(Tensor& out, const Tensor& self, std::optional<std::string_view> driver) { return autograd::into("svdvals", out, [&] { return hearth::linalg::svdvals(self, driver); }); }
Tensor& linalg::householder_product_out(Tensor& out, const Tensor& input, const Tensor& tau) { return autograd::into("householder_product", out, [&] { return hearth::linalg::householder_product(input, tau); }); }
Tensor Tensor::index_select(int64_t dim, const Tensor& index) const { return hearth::index_select(*this, dim, index); }
Tensor& index_select_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index) { return autograd::into("index_select", out, [&] { return hearth::index_select(self, dim, index); }); }
Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const { return hearth::index_add(*this, dim, index, source, alpha); }
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const { return autograd::in_place("index_add", *this, [&] { return hearth::index_add(*this, dim, index, source, alpha); }); }
Tensor& index_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) { return autograd::in_place("index_add", self, [&] { return hearth::index_add(self, dim, index, source, alpha); }); }
Tensor& index_add_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) { return autograd::into("index_add", out, [&] { return hearth::index_add(self, dim, index, source, alpha); }); }
Tensor Tensor::index_copy(int64_t dim, const Tensor& index, const Tensor& source) const { return hearth::index_copy(*this, dim, index, source); }
Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const { return autograd::in_place("index_copy", *this, [&] { return hearth::index_copy(*this, dim, index, source); }); }
Tensor& index_copy_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) { return autograd::in_place("index_copy", self, [&] { return hearth::index_copy(self, dim, index, source); }); }
Tensor& index_copy_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) { return autograd::into("index_copy", out, [&] { return hearth::index_copy(self, dim, index, source); }); }
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Scalar& value) const { return hearth::index_fill(*this, dim, index, value); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const { return autograd::in_place("index_fill", *this, [&] { return hearth::index_fill(*this, dim, index, value); }); }
Tensor& index_fill_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) { return autograd::in_place("index_fill", self, [&] { return hearth::index_fill(self, dim, index, value); }); }
Tensor& index_fill_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) { return autograd::into("index_fill", out, [&] { return hearth::index_fill(self, dim, index, value); }); }
Tensor Tensor::gather(int64_t dim, const Tensor& index, bool sparse_grad) const { return hearth::gather(*this, dim, index, sparse_grad); }
Tensor& gather_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad) { return autograd::into("gather", out, [&] { return hearth::gather(self, dim, index, sparse_grad); }); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src) const { return hearth::scatter(*this, dim, index, src); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const { return autograd::in_place("scatter", *this, [&] { return hearth::scatter(*this, dim, index, src); }); }
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) { return autograd::in_place("scatter", self, [&] { return hearth::scatter(self, dim, index, src); }); }
Tensor& scatter_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) { return autograd::into("scatter", out, [&] { return hearth::scatter(self, dim, index, src); }); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value) const { return hearth::scatter(*this, dim, index, value); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const { return autograd::in_place("scatter", *this, [&] { return hearth::scatter(*this, dim, index, value); }); }
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) { return autograd::in_place("scatter", self, [&] { return hearth::scatter(self, dim, index, value); }); }
Tensor& scatter_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) { return autograd::into("scatter", out, [&] { return hearth::scatter(self, dim, index, value); }); }
Tensor Tensor::scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const { return hearth::scatter_add(*this, dim, index, src); }
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const { return autograd::in_place("scatter_add", *this, [&] { return hearth::scatter_add(*this, dim, index, src); }); }
Tensor& scatter_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) { return autograd::in_place("scatter_add", self, [&] { return hearth::scatter_add(self, dim, index, src); }); }
Tensor& scatter_add_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) { return autograd::into("scatter_add", out, [&] { return hearth::scatter_add(self, dim, index, src); }); }
Tensor Tensor::masked_select(const Tensor& mask) const { return hearth::masked_select(*this, mask); }
Tensor& masked_select_out(Tensor& out, const Tensor& self, const Tensor& mask) { return autograd::into("masked_select", out, [&] { return hearth::masked_select(self, mask); }); }
Tensor Tensor::nonzero() const { return hearth::nonzero(*this); }
Tensor& nonzero_out(Tensor& out, const Tensor& self) { return autograd::into("nonzero", out, [&] { return hearth::nonzero(self); }); }
Tensor Tensor::nonzero_static(int64_t size, int64_t fill_value) const { return hearth::nonzero_static(*this, size, fill_value); }
std::vector<Tensor> Tensor::nonzero_numpy() const { return hearth::nonzero_numpy(*this); }
Tensor Tensor::argwhere() const { return hearth::argwhere(*this); }
Tensor& argwhere_out(Tensor& out, const Tensor& self) { return autograd::into("argwhere", out, [&] { return hearth::argwhere(self); }); }
Tensor Tensor::take(const Tensor& index) const { return hearth::take(*this, index); }
Tensor& take_out(Tensor& out, const Tensor& self, const Tensor& index) { return autograd::into("take", out, [&] { return hearth::take(self, index); }); }
Tensor Tensor::take_along_dim(const Tensor& indices, std::optional<int64_t> dim) const { return hearth::take_along_dim(*this, indices, dim); }
Tensor& take_along_dim_out(Tensor& out, const Tensor& self, const Tensor& indices, std::optional<int64_t> dim) { return autograd::into("take_along_dim", out, [&] { return hearth::take_along_dim(self, indices, dim); }); }
Tensor Tensor::index_put(const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) const { return hearth::index_put(*this, indices, values, accumulate); }
Tensor& cat_out(Tensor& out, TensorList tensors, int64_t dim) { return autograd::into("cat", out, [&] { return hearth::cat(tensors, dim); }); }
Tensor& concat_out(Tensor& out, TensorList tensors, int64_t dim) { return autograd::into("concat", out, [&] { return hearth::concat(tensors, dim); }); }
Tensor& stack_out(Tensor& out, TensorList tensors, int64_t dim) { return autograd::into("stack", out, [&] { return hearth::stack(tensors, dim); }); }
Tensor& vstack_out(Tensor& out, TensorList tensors) { return autograd::into("vstack", out, [&] { return hearth::vstack(tensors); }); }
Tensor& hstack_out(Tensor& out, TensorList tensors) { return autograd::into("hstack", out, [&] { return hearth::hstack(tensors); }); }
Tensor Tensor::repeat(IntArrayRef repeats) const { return hearth::repeat(*this, repeats); }
Tensor Tensor::tile(IntArrayRef dims) const { return hearth::tile(*this, dims); }
Tensor Tensor::repeat_interleave(int64_t repeats, std::optional<int64_t> dim) const { return hearth::repeat_interleave(*this, repeats, dim); }
Tensor Tensor::flip(IntArrayRef dims) const { return hearth::flip(*this, dims); }
Tensor Tensor::fliplr() const { return hearth::fliplr(*this); }
Tensor Tensor::flipud() const { return hearth::flipud(*this); }
Tensor Tensor::roll(IntArrayRef shifts, IntArrayRef dims) const { return hearth::roll(*this, shifts, dims); }
Tensor Tensor::rot90(int64_t k, IntArrayRef dims) const { return hearth::rot90(*this, k, dims); }
Tensor Tensor::tril(int64_t diagonal) const { return hearth::tril(*this, diagonal); }
Tensor& Tensor::tril_(int64_t diagonal) const { return autograd::in_place("tril", *this, [&] { return hearth::tril(*this, diagonal); }); }
Tensor& tril_(const Tensor& self, int64_t diagonal) { return autograd::in_place("tril", self, [&] { return hearth::tril(self, diagonal); }); }
Tensor& tril_out(Tensor& out, const Tensor& self, int64_t diagonal) { return autograd::into("tril", out, [&] { return hearth::tril(self, diagonal); }); }
Tensor Tensor::triu(int64_t diagonal) const { return hearth::triu(*this, diagonal); }
Tensor& Tensor::triu_(int64_t diagonal) const { return autograd::in_place("triu", *this, [&] { return hearth::triu(*this, diagonal); }); }
Tensor& triu_(const Tensor& self, int64_t diagonal) { return autograd::in_place("triu", self, [&] { return hearth::triu(self, diagonal); }); }
Tensor& triu_out(Tensor& out, const Tensor& self, int64_t diagonal) { return autograd::into("triu", out, [&] { return hearth::triu(self, diagonal); }); }
Tensor Tensor::diag(int64_t diagonal) const { return hearth::diag(*this, diagonal); }
Tensor& diag_out(Tensor& out, const Tensor& self, int64_t diagonal) { return autograd::into("diag", out, [&] { return hearth::diag(self, diagonal); }); }
Tensor Tensor::trace() const { return hearth::trace(*this); }
Tensor& linalg::ldl_solve_out(Tensor& out, const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian) { return autograd::into("ldl_solve", out, [&] { return hearth::linalg::ldl_solve(LD, pivots, B, hermitian); }); }
std::tuple<Tensor, Tensor> Tensor::geqrf() const { return hearth::geqrf(*this); }
Tensor Tensor::ormqr(const Tensor& input2, const Tensor& input3, bool left, bool transpose) const { return hearth::ormqr(*this, input2, input3, left, transpose); }
Tensor& ormqr_out(Tensor& out, const Tensor& self, const Tensor& input2, const Tensor& input3, bool left, bool transpose) { return autograd::into("ormqr", out, [&] { return hearth::ormqr(self, input2, input3, left, transpose); }); }
Tensor& linalg::pinv_out(Tensor& out, const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol, bool hermitian) { return autograd::into("pinv", out, [&] { return hearth::linalg::pinv(self, atol, rtol, hermitian); }); }
Tensor& linalg::matrix_power_out(Tensor& out, const Tensor& self, int64_t n) { return autograd::into("matrix_power", out, [&] { return hearth::linalg::matrix_power(self, n); }); }
Tensor& linalg::tensorinv_out(Tensor& out, const Tensor& self, int64_t ind) { return autograd::into("tensorinv", out, [&] { return hearth::linalg::tensorinv(self, ind); }); }
Tensor& linalg::tensorsolve_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<IntArrayRef> dims) { return autograd::into("tensorsolve", out, [&] { return hearth::linalg::tensorsolve(self, other, dims); }); }
Tensor& linalg::vecdot_out(Tensor& out, const Tensor& x, const Tensor& y, int64_t dim) { return autograd::into("vecdot", out, [&] { return hearth::linalg::vecdot(x, y, dim); }); }
Tensor& linalg::cross_out(Tensor& out, const Tensor& self, const Tensor& other, int64_t dim) { return autograd::into("cross", out, [&] { return hearth::linalg::cross(self, other, dim); }); }
Tensor& linalg::matmul_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("matmul", out, [&] { return hearth::linalg::matmul(self, other); }); }
Tensor& linalg::vector_norm_out(Tensor& out, const Tensor& self, const Scalar& ord, std::optional<IntArrayRef> dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("vector_norm", out, [&] { return hearth::linalg::vector_norm(self, ord, dim, keepdim, dtype); }); }
Tensor& linalg::matrix_norm_out(Tensor& out, const Tensor& self, const Scalar& ord, IntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("matrix_norm", out, [&] { return hearth::linalg::matrix_norm(self, ord, dim, keepdim, dtype); }); }
Tensor Tensor::det() const { return hearth::det(*this); }
std::tuple<Tensor, Tensor> Tensor::slogdet() const { return hearth::slogdet(*this); }
Tensor Tensor::logdet() const { return hearth::logdet(*this); }
Tensor Tensor::inverse() const { return hearth::inverse(*this); }
Tensor& inverse_out(Tensor& out, const Tensor& self) { return autograd::into("inverse", out, [&] { return hearth::inverse(self); }); }
Tensor Tensor::pinverse(double rcond) const { return hearth::pinverse(*this, rcond); }
Tensor Tensor::matrix_power(int64_t n) const { return hearth::matrix_power(*this, n); }
Tensor Tensor::matrix_exp() const { return hearth::matrix_exp(*this); }
Tensor Tensor::cholesky(bool upper) const { return hearth::cholesky(*this, upper); }
Tensor Tensor::cholesky_inverse(bool upper) const { return hearth::cholesky_inverse(*this, upper); }
Tensor Tensor::cholesky_solve(const Tensor& input2, bool upper) const { return hearth::cholesky_solve(*this, input2, upper); }
std::tuple<Tensor, Tensor> Tensor::qr(bool some) const { return hearth::qr(*this, some); }
std::tuple<Tensor, Tensor, Tensor> Tensor::svd(bool some, bool compute_uv) const { return hearth::svd(*this, some, compute_uv); }
std::tuple<Tensor, Tensor> Tensor::triangular_solve(const Tensor& A, bool upper, bool transpose, bool unitriangular) const { return hearth::triangular_solve(*this, A, upper, transpose, unitriangular); }
Tensor Tensor::lu_solve(const Tensor& LU_data, const Tensor& LU_pivots) const { return hearth::lu_solve(*this, LU_data, LU_pivots); }
Tensor Tensor::orgqr(const Tensor& input2) const { return hearth::orgqr(*this, input2); }
Tensor& linalg::solve_triangular_out(Tensor& out, const Tensor& self, const Tensor& B, bool upper, bool left, bool unitriangular) { return autograd::into("solve_triangular", out, [&] { return hearth::linalg::solve_triangular(self, B, upper, left, unitriangular); }); }
Tensor& linalg::solve_out(Tensor& out, const Tensor& A, const Tensor& B, bool left) { return autograd::into("solve", out, [&] { return hearth::linalg::solve(A, B, left); }); }
Tensor& linalg::lu_solve_out(Tensor& out, const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint) { return autograd::into("lu_solve", out, [&] { return hearth::linalg::lu_solve(LU, pivots, B, left, adjoint); }); }
Tensor& linalg::inv_out(Tensor& out, const Tensor& self) { return autograd::into("inv", out, [&] { return hearth::linalg::inv(self); }); }
Tensor& linalg::det_out(Tensor& out, const Tensor& self) { return autograd::into("det", out, [&] { return hearth::linalg::det(self); }); }
Tensor& mse_loss_out(Tensor& out, const Tensor& self, const Tensor& target, int64_t reduction) { return autograd::into("mse_loss", out, [&] { return hearth::mse_loss(self, target, reduction); }); }
Tensor& smooth_l1_loss_out(Tensor& out, const Tensor& self, const Tensor& target, int64_t reduction, double beta) { return autograd::into("smooth_l1_loss", out, [&] { return hearth::smooth_l1_loss(self, target, reduction, beta); }); }
Tensor& huber_loss_out(Tensor& out, const Tensor& self, const Tensor& target, int64_t reduction, double delta) { return autograd::into("huber_loss", out, [&] { return hearth::huber_loss(self, target, reduction, delta); }); }
Tensor Tensor::mm(const Tensor& mat2) const { return hearth::mm(*this, mat2); }
Tensor& mm_out(Tensor& out, const Tensor& self, const Tensor& mat2) { return autograd::into("mm", out, [&] { return hearth::mm(self, mat2); }); }
Tensor Tensor::bmm(const Tensor& mat2) const { return hearth::bmm(*this, mat2); }
Tensor& bmm_out(Tensor& out, const Tensor& self, const Tensor& mat2) { return autograd::into("bmm", out, [&] { return hearth::bmm(self, mat2); }); }
Tensor Tensor::mv(const Tensor& vec) const { return hearth::mv(*this, vec); }
Tensor& mv_out(Tensor& out, const Tensor& self, const Tensor& vec) { return autograd::into("mv", out, [&] { return hearth::mv(self, vec); }); }
Tensor Tensor::dot(const Tensor& tensor) const { return hearth::dot(*this, tensor); }
Tensor& dot_out(Tensor& out, const Tensor& self, const Tensor& tensor) { return autograd::into("dot", out, [&] { return hearth::dot(self, tensor); }); }
Tensor Tensor::vdot(const Tensor& other) const { return hearth::vdot(*this, other); }
Tensor& vdot_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("vdot", out, [&] { return hearth::vdot(self, other); }); }
Tensor Tensor::outer(const Tensor& vec2) const { return hearth::outer(*this, vec2); }
Tensor& outer_out(Tensor& out, const Tensor& self, const Tensor& vec2) { return autograd::into("outer", out, [&] { return hearth::outer(self, vec2); }); }
Tensor Tensor::ger(const Tensor& vec2) const { return hearth::ger(*this, vec2); }
Tensor& ger_out(Tensor& out, const Tensor& self, const Tensor& vec2) { return autograd::into("ger", out, [&] { return hearth::ger(self, vec2); }); }
Tensor Tensor::matmul(const Tensor& other) const { return hearth::matmul(*this, other); }
Tensor& matmul_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("matmul", out, [&] { return hearth::matmul(self, other); }); }
Tensor Tensor::addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const { return hearth::addmm(*this, mat1, mat2, beta, alpha); }
Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const { return autograd::in_place("addmm", *this, [&] { return hearth::addmm(*this, mat1, mat2, beta, alpha); }); }
Tensor& addmm_(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) { return autograd::in_place("addmm", self, [&] { return hearth::addmm(self, mat1, mat2, beta, alpha); }); }
Tensor& addmm_out(Tensor& out, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) { return autograd::into("addmm", out, [&] { return hearth::addmm(self, mat1, mat2, beta, alpha); }); }
Tensor Tensor::addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const { return hearth::addmv(*this, mat, vec, beta, alpha); }
Tensor& Tensor::addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const { return autograd::in_place("addmv", *this, [&] { return hearth::addmv(*this, mat, vec, beta, alpha); }); }
Tensor& addmv_(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) { return autograd::in_place("addmv", self, [&] { return hearth::addmv(self, mat, vec, beta, alpha); }); }
Tensor& addmv_out(Tensor& out, const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) { return autograd::into("addmv", out, [&] { return hearth::addmv(self, mat, vec, beta, alpha); }); }
Tensor Tensor::addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const { return hearth::addbmm(*this, batch1, batch2, beta, alpha); }
Tensor& Tensor::addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const { return autograd::in_place("addbmm", *this, [&] { return hearth::addbmm(*this, batch1, batch2, beta, alpha); }); }
Tensor& addbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) { return autograd::in_place("addbmm", self, [&] { return hearth::addbmm(self, batch1, batch2, beta, alpha); }); }
Tensor& addbmm_out(Tensor& out, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) { return autograd::into("addbmm", out, [&] { return hearth::addbmm(self, batch1, batch2, beta, alpha); }); }
Tensor Tensor::baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const { return hearth::baddbmm(*this, batch1, batch2, beta, alpha); }
Tensor& Tensor::baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const { return autograd::in_place("baddbmm", *this, [&] { return hearth::baddbmm(*this, batch1, batch2, beta, alpha); }); }
Tensor& baddbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) { return autograd::in_place("baddbmm", self, [&] { return hearth::baddbmm(self, batch1, batch2, beta, alpha); }); }
Tensor& baddbmm_out(Tensor& out, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) { return autograd::into("baddbmm", out, [&] { return hearth::baddbmm(self, batch1, batch2, beta, alpha); }); }
Tensor& linear_out(Tensor& out, const Tensor& input, const Tensor& weight, const Tensor& bias) { return autograd::into("linear", out, [&] { return hearth::linear(input, weight, bias); }); }
Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim, Dimname out_dim) const { return hearth::flatten(*this, start_dim, end_dim, out_dim); }
Tensor Tensor::flatten(Dimname start_dim, Dimname end_dim, Dimname out_dim) const { return hearth::flatten(*this, start_dim, end_dim, out_dim); }
Tensor Tensor::flatten(DimnameList dims, Dimname out_dim) const { return hearth::flatten(*this, dims, out_dim); }
Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes, DimnameList names) const { return hearth::unflatten(*this, dim, sizes, names); }
Tensor Tensor::unflatten(Dimname dim, IntArrayRef sizes, DimnameList names) const { return hearth::unflatten(*this, dim, sizes, names); }
Tensor& cat_out(Tensor& out, TensorList tensors, Dimname dim) { return autograd::into("cat", out, [&] { return hearth::cat(tensors, dim); }); }
Tensor& rrelu_(const Tensor& self, const Scalar& lower, const Scalar& upper, bool training, std::optional<Generator> generator) { return autograd::in_place("rrelu", self, [&] { return hearth::rrelu(self, lower, upper, training, generator); }); }
Tensor& alpha_dropout_(const Tensor& self, double p, bool train) { return autograd::in_place("alpha_dropout", self, [&] { return hearth::alpha_dropout(self, p, train); }); }
Tensor& feature_alpha_dropout_(const Tensor& self, double p, bool train) { return autograd::in_place("feature_alpha_dropout", self, [&] { return hearth::feature_alpha_dropout(self, p, train); }); }
Tensor Tensor::add(const Tensor& other, const Scalar& alpha) const { return hearth::add(*this, other, alpha); }
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const { return autograd::in_place("add", *this, [&] { return hearth::add(*this, other, alpha); }); }
Tensor& add_(const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::in_place("add", self, [&] { return hearth::add(self, other, alpha); }); }
Tensor& add_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::into("add", out, [&] { return hearth::add(self, other, alpha); }); }
Tensor Tensor::add(const Scalar& other, const Scalar& alpha) const { return hearth::add(*this, other, alpha); }
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const { return autograd::in_place("add", *this, [&] { return hearth::add(*this, other, alpha); }); }
Tensor& add_(const Tensor& self, const Scalar& other, const Scalar& alpha) { return autograd::in_place("add", self, [&] { return hearth::add(self, other, alpha); }); }
Tensor& add_out(Tensor& out, const Tensor& self, const Scalar& other, const Scalar& alpha) { return autograd::into("add", out, [&] { return hearth::add(self, other, alpha); }); }
Tensor Tensor::sub(const Tensor& other, const Scalar& alpha) const { return hearth::sub(*this, other, alpha); }
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const { return autograd::in_place("sub", *this, [&] { return hearth::sub(*this, other, alpha); }); }
Tensor& sub_(const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::in_place("sub", self, [&] { return hearth::sub(self, other, alpha); }); }
Tensor& sub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::into("sub", out, [&] { return hearth::sub(self, other, alpha); }); }
Tensor Tensor::sub(const Scalar& other, const Scalar& alpha) const { return hearth::sub(*this, other, alpha); }
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const { return autograd::in_place("sub", *this, [&] { return hearth::sub(*this, other, alpha); }); }
Tensor& sub_(const Tensor& self, const Scalar& other, const Scalar& alpha) { return autograd::in_place("sub", self, [&] { return hearth::sub(self, other, alpha); }); }
Tensor& sub_out(Tensor& out, const Tensor& self, const Scalar& other, const Scalar& alpha) { return autograd::into("sub", out, [&] { return hearth::sub(self, other, alpha); }); }
Tensor Tensor::subtract(const Tensor& other, const Scalar& alpha) const { return hearth::subtract(*this, other, alpha); }
Tensor& Tensor::subtract_(const Tensor& other, const Scalar& alpha) const { return autograd::in_place("subtract", *this, [&] { return hearth::subtract(*this, other, alpha); }); }
Tensor& subtract_(const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::in_place("subtract", self, [&] { return hearth::subtract(self, other, alpha); }); }
Tensor& subtract_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::into("subtract", out, [&] { return hearth::subtract(self, other, alpha); }); }
Tensor Tensor::rsub(const Tensor& other, const Scalar& alpha) const { return hearth::rsub(*this, other, alpha); }
Tensor& rsub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) { return autograd::into("rsub", out, [&] { return hearth::rsub(self, other, alpha); }); }
Tensor Tensor::rsub(const Scalar& other, const Scalar& alpha) const { return hearth::rsub(*this, other, alpha); }
Tensor& rsub_out(Tensor& out, const Tensor& self, const Scalar& other, const Scalar& alpha) { return autograd::into("rsub", out, [&] { return hearth::rsub(self, other, alpha); }); }
Tensor Tensor::mul(const Tensor& other) const { return hearth::mul(*this, other); }
Tensor& Tensor::mul_(const Tensor& other) const { return autograd::in_place("mul", *this, [&] { return hearth::mul(*this, other); }); }
Tensor& mul_(const Tensor& self, const Tensor& other) { return autograd::in_place("mul", self, [&] { return hearth::mul(self, other); }); }
Tensor& mul_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("mul", out, [&] { return hearth::mul(self, other); }); }
Tensor Tensor::mul(const Scalar& other) const { return hearth::mul(*this, other); }
Tensor& Tensor::mul_(const Scalar& other) const { return autograd::in_place("mul", *this, [&] { return hearth::mul(*this, other); }); }
Tensor& mul_(const Tensor& self, const Scalar& other) { return autograd::in_place("mul", self, [&] { return hearth::mul(self, other); }); }
Tensor& mul_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("mul", out, [&] { return hearth::mul(self, other); }); }
Tensor Tensor::multiply(const Tensor& other) const { return hearth::multiply(*this, other); }
Tensor& Tensor::multiply_(const Tensor& other) const { return autograd::in_place("multiply", *this, [&] { return hearth::multiply(*this, other); }); }
Tensor& multiply_(const Tensor& self, const Tensor& other) { return autograd::in_place("multiply", self, [&] { return hearth::multiply(self, other); }); }
Tensor& multiply_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("multiply", out, [&] { return hearth::multiply(self, other); }); }
Tensor Tensor::div(const Tensor& other) const { return hearth::div(*this, other); }
Tensor& Tensor::div_(const Tensor& other) const { return autograd::in_place("div", *this, [&] { return hearth::div(*this, other); }); }
Tensor& div_(const Tensor& self, const Tensor& other) { return autograd::in_place("div", self, [&] { return hearth::div(self, other); }); }
Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("div", out, [&] { return hearth::div(self, other); }); }
Tensor Tensor::div(const Scalar& other) const { return hearth::div(*this, other); }
Tensor& Tensor::div_(const Scalar& other) const { return autograd::in_place("div", *this, [&] { return hearth::div(*this, other); }); }
Tensor& div_(const Tensor& self, const Scalar& other) { return autograd::in_place("div", self, [&] { return hearth::div(self, other); }); }
Tensor& div_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("div", out, [&] { return hearth::div(self, other); }); }
Tensor Tensor::div(const Tensor& other, std::optional<std::string_view> rounding_mode) const { return hearth::div(*this, other, rounding_mode); }
Tensor& Tensor::div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const { return autograd::in_place("div", *this, [&] { return hearth::div(*this, other, rounding_mode); }); }
Tensor& div_(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode) { return autograd::in_place("div", self, [&] { return hearth::div(self, other, rounding_mode); }); }
Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode) { return autograd::into("div", out, [&] { return hearth::div(self, other, rounding_mode); }); }
Tensor Tensor::div(const Scalar& other, std::optional<std::string_view> rounding_mode) const { return hearth::div(*this, other, rounding_mode); }
Tensor& Tensor::div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const { return autograd::in_place("div", *this, [&] { return hearth::div(*this, other, rounding_mode); }); }
Tensor& div_(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode) { return autograd::in_place("div", self, [&] { return hearth::div(self, other, rounding_mode); }); }
Tensor& div_out(Tensor& out, const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode) { return autograd::into("div", out, [&] { return hearth::div(self, other, rounding_mode); }); }
Tensor Tensor::divide(const Tensor& other) const { return hearth::divide(*this, other); }
Tensor& Tensor::divide_(const Tensor& other) const { return autograd::in_place("divide", *this, [&] { return hearth::divide(*this, other); }); }
Tensor& divide_(const Tensor& self, const Tensor& other) { return autograd::in_place("divide", self, [&] { return hearth::divide(self, other); }); }
Tensor& divide_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("divide", out, [&] { return hearth::divide(self, other); }); }
Tensor Tensor::true_divide(const Tensor& other) const { return hearth::true_divide(*this, other); }
Tensor& Tensor::true_divide_(const Tensor& other) const { return autograd::in_place("true_divide", *this, [&] { return hearth::true_divide(*this, other); }); }
Tensor& true_divide_(const Tensor& self, const Tensor& other) { return autograd::in_place("true_divide", self, [&] { return hearth::true_divide(self, other); }); }
Tensor& true_divide_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("true_divide", out, [&] { return hearth::true_divide(self, other); }); }
Tensor Tensor::floor_divide(const Tensor& other) const { return hearth::floor_divide(*this, other); }
Tensor& Tensor::floor_divide_(const Tensor& other) const { return autograd::in_place("floor_divide", *this, [&] { return hearth::floor_divide(*this, other); }); }
Tensor& floor_divide_(const Tensor& self, const Tensor& other) { return autograd::in_place("floor_divide", self, [&] { return hearth::floor_divide(self, other); }); }
Tensor& floor_divide_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("floor_divide", out, [&] { return hearth::floor_divide(self, other); }); }
Tensor Tensor::floor_divide(const Scalar& other) const { return hearth::floor_divide(*this, other); }
Tensor& Tensor::floor_divide_(const Scalar& other) const { return autograd::in_place("floor_divide", *this, [&] { return hearth::floor_divide(*this, other); }); }
Tensor& floor_divide_(const Tensor& self, const Scalar& other) { return autograd::in_place("floor_divide", self, [&] { return hearth::floor_divide(self, other); }); }
Tensor Tensor::remainder(const Tensor& other) const { return hearth::remainder(*this, other); }
Tensor& Tensor::remainder_(const Tensor& other) const { return autograd::in_place("remainder", *this, [&] { return hearth::remainder(*this, other); }); }
Tensor& remainder_(const Tensor& self, const Tensor& other) { return autograd::in_place("remainder", self, [&] { return hearth::remainder(self, other); }); }
Tensor& remainder_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("remainder", out, [&] { return hearth::remainder(self, other); }); }
Tensor Tensor::remainder(const Scalar& other) const { return hearth::remainder(*this, other); }
Tensor& Tensor::remainder_(const Scalar& other) const { return autograd::in_place("remainder", *this, [&] { return hearth::remainder(*this, other); }); }
Tensor& remainder_(const Tensor& self, const Scalar& other) { return autograd::in_place("remainder", self, [&] { return hearth::remainder(self, other); }); }
Tensor& remainder_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("remainder", out, [&] { return hearth::remainder(self, other); }); }
Tensor Tensor::fmod(const Tensor& other) const { return hearth::fmod(*this, other); }
Tensor& Tensor::fmod_(const Tensor& other) const { return autograd::in_place("fmod", *this, [&] { return hearth::fmod(*this, other); }); }
Tensor& fmod_(const Tensor& self, const Tensor& other) { return autograd::in_place("fmod", self, [&] { return hearth::fmod(self, other); }); }
Tensor& fmod_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("fmod", out, [&] { return hearth::fmod(self, other); }); }
Tensor Tensor::fmod(const Scalar& other) const { return hearth::fmod(*this, other); }
Tensor& Tensor::fmod_(const Scalar& other) const { return autograd::in_place("fmod", *this, [&] { return hearth::fmod(*this, other); }); }
Tensor& fmod_(const Tensor& self, const Scalar& other) { return autograd::in_place("fmod", self, [&] { return hearth::fmod(self, other); }); }
Tensor& fmod_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("fmod", out, [&] { return hearth::fmod(self, other); }); }
Tensor Tensor::pow(const Tensor& exponent) const { return hearth::pow(*this, exponent); }
Tensor& Tensor::pow_(const Tensor& exponent) const { return autograd::in_place("pow", *this, [&] { return hearth::pow(*this, exponent); }); }
Tensor& pow_(const Tensor& self, const Tensor& exponent) { return autograd::in_place("pow", self, [&] { return hearth::pow(self, exponent); }); }
Tensor& pow_out(Tensor& out, const Tensor& self, const Tensor& exponent) { return autograd::into("pow", out, [&] { return hearth::pow(self, exponent); }); }
Tensor Tensor::pow(const Scalar& exponent) const { return hearth::pow(*this, exponent); }
Tensor& Tensor::pow_(const Scalar& exponent) const { return autograd::in_place("pow", *this, [&] { return hearth::pow(*this, exponent); }); }
Tensor& pow_(const Tensor& self, const Scalar& exponent) { return autograd::in_place("pow", self, [&] { return hearth::pow(self, exponent); }); }
Tensor& pow_out(Tensor& out, const Tensor& self, const Scalar& exponent) { return autograd::into("pow", out, [&] { return hearth::pow(self, exponent); }); }
Tensor& pow_out(Tensor& out, const Scalar& self, const Tensor& exponent) { return autograd::into("pow", out, [&] { return hearth::pow(self, exponent); }); }
Tensor Tensor::atan2(const Tensor& other) const { return hearth::atan2(*this, other); }
Tensor& Tensor::atan2_(const Tensor& other) const { return autograd::in_place("atan2", *this, [&] { return hearth::atan2(*this, other); }); }
Tensor& atan2_(const Tensor& self, const Tensor& other) { return autograd::in_place("atan2", self, [&] { return hearth::atan2(self, other); }); }
Tensor& atan2_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("atan2", out, [&] { return hearth::atan2(self, other); }); }
Tensor Tensor::hypot(const Tensor& other) const { return hearth::hypot(*this, other); }
Tensor& Tensor::hypot_(const Tensor& other) const { return autograd::in_place("hypot", *this, [&] { return hearth::hypot(*this, other); }); }
Tensor& hypot_(const Tensor& self, const Tensor& other) { return autograd::in_place("hypot", self, [&] { return hearth::hypot(self, other); }); }
Tensor& hypot_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("hypot", out, [&] { return hearth::hypot(self, other); }); }
Tensor Tensor::maximum(const Tensor& other) const { return hearth::maximum(*this, other); }
Tensor& maximum_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("maximum", out, [&] { return hearth::maximum(self, other); }); }
Tensor Tensor::minimum(const Tensor& other) const { return hearth::minimum(*this, other); }
Tensor& minimum_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("minimum", out, [&] { return hearth::minimum(self, other); }); }
Tensor Tensor::fmax(const Tensor& other) const { return hearth::fmax(*this, other); }
Tensor& fmax_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("fmax", out, [&] { return hearth::fmax(self, other); }); }
Tensor Tensor::fmin(const Tensor& other) const { return hearth::fmin(*this, other); }
Tensor& fmin_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("fmin", out, [&] { return hearth::fmin(self, other); }); }
Tensor Tensor::logaddexp(const Tensor& other) const { return hearth::logaddexp(*this, other); }
Tensor& logaddexp_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("logaddexp", out, [&] { return hearth::logaddexp(self, other); }); }
Tensor Tensor::logaddexp2(const Tensor& other) const { return hearth::logaddexp2(*this, other); }
Tensor& logaddexp2_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("logaddexp2", out, [&] { return hearth::logaddexp2(self, other); }); }
Tensor Tensor::xlogy(const Tensor& other) const { return hearth::xlogy(*this, other); }
Tensor& Tensor::xlogy_(const Tensor& other) const { return autograd::in_place("xlogy", *this, [&] { return hearth::xlogy(*this, other); }); }
Tensor& xlogy_(const Tensor& self, const Tensor& other) { return autograd::in_place("xlogy", self, [&] { return hearth::xlogy(self, other); }); }
Tensor& xlogy_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("xlogy", out, [&] { return hearth::xlogy(self, other); }); }
Tensor Tensor::heaviside(const Tensor& values) const { return hearth::heaviside(*this, values); }
Tensor& Tensor::heaviside_(const Tensor& values) const { return autograd::in_place("heaviside", *this, [&] { return hearth::heaviside(*this, values); }); }
Tensor& heaviside_(const Tensor& self, const Tensor& values) { return autograd::in_place("heaviside", self, [&] { return hearth::heaviside(self, values); }); }
Tensor& heaviside_out(Tensor& out, const Tensor& self, const Tensor& values) { return autograd::into("heaviside", out, [&] { return hearth::heaviside(self, values); }); }
Tensor Tensor::copysign(const Tensor& other) const { return hearth::copysign(*this, other); }
Tensor& Tensor::copysign_(const Tensor& other) const { return autograd::in_place("copysign", *this, [&] { return hearth::copysign(*this, other); }); }
Tensor& copysign_(const Tensor& self, const Tensor& other) { return autograd::in_place("copysign", self, [&] { return hearth::copysign(self, other); }); }
Tensor& copysign_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("copysign", out, [&] { return hearth::copysign(self, other); }); }
Tensor Tensor::nextafter(const Tensor& other) const { return hearth::nextafter(*this, other); }
Tensor& Tensor::nextafter_(const Tensor& other) const { return autograd::in_place("nextafter", *this, [&] { return hearth::nextafter(*this, other); }); }
Tensor& nextafter_(const Tensor& self, const Tensor& other) { return autograd::in_place("nextafter", self, [&] { return hearth::nextafter(self, other); }); }
Tensor& nextafter_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("nextafter", out, [&] { return hearth::nextafter(self, other); }); }
Tensor Tensor::gcd(const Tensor& other) const { return hearth::gcd(*this, other); }
Tensor& Tensor::gcd_(const Tensor& other) const { return autograd::in_place("gcd", *this, [&] { return hearth::gcd(*this, other); }); }
Tensor& gcd_(const Tensor& self, const Tensor& other) { return autograd::in_place("gcd", self, [&] { return hearth::gcd(self, other); }); }
Tensor& gcd_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("gcd", out, [&] { return hearth::gcd(self, other); }); }
Tensor Tensor::lcm(const Tensor& other) const { return hearth::lcm(*this, other); }
Tensor& Tensor::lcm_(const Tensor& other) const { return autograd::in_place("lcm", *this, [&] { return hearth::lcm(*this, other); }); }
Tensor& lcm_(const Tensor& self, const Tensor& other) { return autograd::in_place("lcm", self, [&] { return hearth::lcm(self, other); }); }
Tensor& lcm_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("lcm", out, [&] { return hearth::lcm(self, other); }); }
Tensor Tensor::neg() const { return hearth::neg(*this); }
Tensor& Tensor::neg_() const { return autograd::in_place("neg", *this, [&] { return hearth::neg(*this); }); }
Tensor& neg_(const Tensor& self) { return autograd::in_place("neg", self, [&] { return hearth::neg(self); }); }
Tensor& neg_out(Tensor& out, const Tensor& self) { return autograd::into("neg", out, [&] { return hearth::neg(self); }); }
Tensor Tensor::negative() const { return hearth::negative(*this); }
Tensor& Tensor::negative_() const { return autograd::in_place("negative", *this, [&] { return hearth::negative(*this); }); }
Tensor& negative_(const Tensor& self) { return autograd::in_place("negative", self, [&] { return hearth::negative(self); }); }
Tensor& negative_out(Tensor& out, const Tensor& self) { return autograd::into("negative", out, [&] { return hearth::negative(self); }); }
Tensor Tensor::positive() const { return hearth::positive(*this); }
Tensor Tensor::abs() const { return hearth::abs(*this); }
Tensor& Tensor::abs_() const { return autograd::in_place("abs", *this, [&] { return hearth::abs(*this); }); }
Tensor& abs_(const Tensor& self) { return autograd::in_place("abs", self, [&] { return hearth::abs(self); }); }
Tensor& abs_out(Tensor& out, const Tensor& self) { return autograd::into("abs", out, [&] { return hearth::abs(self); }); }
Tensor Tensor::absolute() const { return hearth::absolute(*this); }
Tensor& Tensor::absolute_() const { return autograd::in_place("absolute", *this, [&] { return hearth::absolute(*this); }); }
Tensor& absolute_(const Tensor& self) { return autograd::in_place("absolute", self, [&] { return hearth::absolute(self); }); }
Tensor& absolute_out(Tensor& out, const Tensor& self) { return autograd::into("absolute", out, [&] { return hearth::absolute(self); }); }
Tensor Tensor::square() const { return hearth::square(*this); }
Tensor& Tensor::square_() const { return autograd::in_place("square", *this, [&] { return hearth::square(*this); }); }
Tensor& square_(const Tensor& self) { return autograd::in_place("square", self, [&] { return hearth::square(self); }); }
Tensor& square_out(Tensor& out, const Tensor& self) { return autograd::into("square", out, [&] { return hearth::square(self); }); }
Tensor Tensor::sign() const { return hearth::sign(*this); }
Tensor& Tensor::sign_() const { return autograd::in_place("sign", *this, [&] { return hearth::sign(*this); }); }
Tensor& sign_(const Tensor& self) { return autograd::in_place("sign", self, [&] { return hearth::sign(self); }); }
Tensor& sign_out(Tensor& out, const Tensor& self) { return autograd::into("sign", out, [&] { return hearth::sign(self); }); }
Tensor Tensor::sgn() const { return hearth::sgn(*this); }
Tensor& Tensor::sgn_() const { return autograd::in_place("sgn", *this, [&] { return hearth::sgn(*this); }); }
Tensor& sgn_(const Tensor& self) { return autograd::in_place("sgn", self, [&] { return hearth::sgn(self); }); }
Tensor& sgn_out(Tensor& out, const Tensor& self) { return autograd::into("sgn", out, [&] { return hearth::sgn(self); }); }
Tensor Tensor::ceil() const { return hearth::ceil(*this); }
Tensor& Tensor::ceil_() const { return autograd::in_place("ceil", *this, [&] { return hearth::ceil(*this); }); }
Tensor& ceil_(const Tensor& self) { return autograd::in_place("ceil", self, [&] { return hearth::ceil(self); }); }
Tensor& ceil_out(Tensor& out, const Tensor& self) { return autograd::into("ceil", out, [&] { return hearth::ceil(self); }); }
Tensor Tensor::floor() const { return hearth::floor(*this); }
Tensor& Tensor::floor_() const { return autograd::in_place("floor", *this, [&] { return hearth::floor(*this); }); }
Tensor& floor_(const Tensor& self) { return autograd::in_place("floor", self, [&] { return hearth::floor(self); }); }
Tensor& floor_out(Tensor& out, const Tensor& self) { return autograd::into("floor", out, [&] { return hearth::floor(self); }); }
Tensor Tensor::trunc() const { return hearth::trunc(*this); }
Tensor& Tensor::trunc_() const { return autograd::in_place("trunc", *this, [&] { return hearth::trunc(*this); }); }
Tensor& trunc_(const Tensor& self) { return autograd::in_place("trunc", self, [&] { return hearth::trunc(self); }); }
Tensor& trunc_out(Tensor& out, const Tensor& self) { return autograd::into("trunc", out, [&] { return hearth::trunc(self); }); }
Tensor Tensor::fix() const { return hearth::fix(*this); }
Tensor& Tensor::fix_() const { return autograd::in_place("fix", *this, [&] { return hearth::fix(*this); }); }
Tensor& fix_(const Tensor& self) { return autograd::in_place("fix", self, [&] { return hearth::fix(self); }); }
Tensor& fix_out(Tensor& out, const Tensor& self) { return autograd::into("fix", out, [&] { return hearth::fix(self); }); }
Tensor Tensor::round() const { return hearth::round(*this); }
Tensor& Tensor::round_() const { return autograd::in_place("round", *this, [&] { return hearth::round(*this); }); }
Tensor& round_(const Tensor& self) { return autograd::in_place("round", self, [&] { return hearth::round(self); }); }
Tensor& round_out(Tensor& out, const Tensor& self) { return autograd::into("round", out, [&] { return hearth::round(self); }); }
Tensor Tensor::round(int64_t decimals) const { return hearth::round(*this, decimals); }
Tensor& Tensor::round_(int64_t decimals) const { return autograd::in_place("round", *this, [&] { return hearth::round(*this, decimals); }); }
Tensor& round_(const Tensor& self, int64_t decimals) { return autograd::in_place("round", self, [&] { return hearth::round(self, decimals); }); }
Tensor& round_out(Tensor& out, const Tensor& self, int64_t decimals) { return autograd::into("round", out, [&] { return hearth::round(self, decimals); }); }
Tensor Tensor::frac() const { return hearth::frac(*this); }
Tensor& Tensor::frac_() const { return autograd::in_place("frac", *this, [&] { return hearth::frac(*this); }); }
Tensor& frac_(const Tensor& self) { return autograd::in_place("frac", self, [&] { return hearth::frac(self); }); }
Tensor& frac_out(Tensor& out, const Tensor& self) { return autograd::into("frac", out, [&] { return hearth::frac(self); }); }
Tensor Tensor::reciprocal() const { return hearth::reciprocal(*this); }
Tensor& Tensor::reciprocal_() const { return autograd::in_place("reciprocal", *this, [&] { return hearth::reciprocal(*this); }); }
Tensor& reciprocal_(const Tensor& self) { return autograd::in_place("reciprocal", self, [&] { return hearth::reciprocal(self); }); }
Tensor& reciprocal_out(Tensor& out, const Tensor& self) { return autograd::into("reciprocal", out, [&] { return hearth::reciprocal(self); }); }
Tensor Tensor::nan_to_num(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const { return hearth::nan_to_num(*this, nan, posinf, neginf); }
Tensor& Tensor::nan_to_num_(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const { return autograd::in_place("nan_to_num", *this, [&] { return hearth::nan_to_num(*this, nan, posinf, neginf); }); }
Tensor& nan_to_num_(const Tensor& self, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) { return autograd::in_place("nan_to_num", self, [&] { return hearth::nan_to_num(self, nan, posinf, neginf); }); }
Tensor& nan_to_num_out(Tensor& out, const Tensor& self, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) { return autograd::into("nan_to_num", out, [&] { return hearth::nan_to_num(self, nan, posinf, neginf); }); }
Tensor Tensor::clamp(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return hearth::clamp(*this, min, max); }
Tensor& Tensor::clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return autograd::in_place("clamp", *this, [&] { return hearth::clamp(*this, min, max); }); }
Tensor& clamp_(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) { return autograd::in_place("clamp", self, [&] { return hearth::clamp(self, min, max); }); }
Tensor& clamp_out(Tensor& out, const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) { return autograd::into("clamp", out, [&] { return hearth::clamp(self, min, max); }); }
Tensor Tensor::clip(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return hearth::clip(*this, min, max); }
Tensor& Tensor::clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return autograd::in_place("clip", *this, [&] { return hearth::clip(*this, min, max); }); }
Tensor& clip_(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) { return autograd::in_place("clip", self, [&] { return hearth::clip(self, min, max); }); }
Tensor& clip_out(Tensor& out, const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) { return autograd::into("clip", out, [&] { return hearth::clip(self, min, max); }); }
Tensor Tensor::clamp_min(const Scalar& min) const { return hearth::clamp_min(*this, min); }
Tensor& Tensor::clamp_min_(const Scalar& min) const { return autograd::in_place("clamp_min", *this, [&] { return hearth::clamp_min(*this, min); }); }
Tensor& clamp_min_(const Tensor& self, const Scalar& min) { return autograd::in_place("clamp_min", self, [&] { return hearth::clamp_min(self, min); }); }
Tensor& clamp_min_out(Tensor& out, const Tensor& self, const Scalar& min) { return autograd::into("clamp_min", out, [&] { return hearth::clamp_min(self, min); }); }
Tensor Tensor::clamp_max(const Scalar& max) const { return hearth::clamp_max(*this, max); }
Tensor& Tensor::clamp_max_(const Scalar& max) const { return autograd::in_place("clamp_max", *this, [&] { return hearth::clamp_max(*this, max); }); }
Tensor& clamp_max_(const Tensor& self, const Scalar& max) { return autograd::in_place("clamp_max", self, [&] { return hearth::clamp_max(self, max); }); }
Tensor& clamp_max_out(Tensor& out, const Tensor& self, const Scalar& max) { return autograd::into("clamp_max", out, [&] { return hearth::clamp_max(self, max); }); }
Tensor& method_uniform_(const Tensor& self, double from, double to, std::optional<Generator> generator);
Tensor& Tensor::uniform_(double from, double to, std::optional<Generator> generator) const { return method_uniform_(*this, from, to, generator); }
Tensor& method_normal_(const Tensor& self, double mean, double std, std::optional<Generator> generator);
Tensor& Tensor::normal_(double mean, double std, std::optional<Generator> generator) const { return method_normal_(*this, mean, std, generator); }
Tensor& method_exponential_(const Tensor& self, double lambd, std::optional<Generator> generator);
Tensor& Tensor::exponential_(double lambd, std::optional<Generator> generator) const { return method_exponential_(*this, lambd, generator); }
Tensor& method_cauchy_(const Tensor& self, double median, double sigma, std::optional<Generator> generator);
Tensor& Tensor::cauchy_(double median, double sigma, std::optional<Generator> generator) const { return method_cauchy_(*this, median, sigma, generator); }
Tensor& method_log_normal_(const Tensor& self, double mean, double std, std::optional<Generator> generator);
Tensor& Tensor::log_normal_(double mean, double std, std::optional<Generator> generator) const { return method_log_normal_(*this, mean, std, generator); }
Tensor& method_geometric_(const Tensor& self, double p, std::optional<Generator> generator);
Tensor& Tensor::geometric_(double p, std::optional<Generator> generator) const { return method_geometric_(*this, p, generator); }
Tensor& method_random_(const Tensor& self, int64_t from, std::optional<int64_t> to, std::optional<Generator> generator);
Tensor& Tensor::random_(int64_t from, std::optional<int64_t> to, std::optional<Generator> generator) const { return method_random_(*this, from, to, generator); }
Tensor& method_random_(const Tensor& self, int64_t to, std::optional<Generator> generator);
Tensor& Tensor::random_(int64_t to, std::optional<Generator> generator) const { return method_random_(*this, to, generator); }
Tensor& method_random_(const Tensor& self, std::optional<Generator> generator);
Tensor& Tensor::random_(std::optional<Generator> generator) const { return method_random_(*this, generator); }
Tensor Tensor::bernoulli(std::optional<Generator> generator) const { return hearth::bernoulli(*this, generator); }
Tensor Tensor::bernoulli(double p, std::optional<Generator> generator) const { return hearth::bernoulli(*this, p, generator); }
Tensor& method_bernoulli_(const Tensor& self, double p, std::optional<Generator> generator);
Tensor& Tensor::bernoulli_(double p, std::optional<Generator> generator) const { return method_bernoulli_(*this, p, generator); }
Tensor& dropout_(const Tensor& self, double p, bool train) { return autograd::in_place("dropout", self, [&] { return hearth::dropout(self, p, train); }); }
Tensor& feature_dropout_(const Tensor& self, double p, bool train) { return autograd::in_place("feature_dropout", self, [&] { return hearth::feature_dropout(self, p, train); }); }
Tensor Tensor::multinomial(int64_t num_samples, bool replacement, std::optional<Generator> generator) const { return hearth::multinomial(*this, num_samples, replacement, generator); }
Tensor Tensor::adjoint() const { return hearth::adjoint(*this); }
Tensor method_mT(const Tensor& self);
Tensor Tensor::mT() const { return method_mT(*this); }
Tensor method_mH(const Tensor& self);
Tensor Tensor::mH() const { return method_mH(*this); }
Tensor method_matrix_H(const Tensor& self);
Tensor Tensor::matrix_H() const { return method_matrix_H(*this); }
Tensor method_numpy_T(const Tensor& self);
Tensor Tensor::numpy_T() const { return method_numpy_T(*this); }
std::vector<Tensor> Tensor::tensor_split(int64_t sections, int64_t dim) const { return hearth::tensor_split(*this, sections, dim); }
std::vector<Tensor> Tensor::tensor_split(IntArrayRef indices, int64_t dim) const { return hearth::tensor_split(*this, indices, dim); }
std::vector<Tensor> Tensor::tensor_split(const Tensor& tensor_indices_or_sections, int64_t dim) const { return hearth::tensor_split(*this, tensor_indices_or_sections, dim); }
std::vector<Tensor> Tensor::hsplit(int64_t sections) const { return hearth::hsplit(*this, sections); }
std::vector<Tensor> Tensor::hsplit(IntArrayRef indices) const { return hearth::hsplit(*this, indices); }
std::vector<Tensor> Tensor::vsplit(int64_t sections) const { return hearth::vsplit(*this, sections); }
std::vector<Tensor> Tensor::vsplit(IntArrayRef indices) const { return hearth::vsplit(*this, indices); }
std::vector<Tensor> Tensor::dsplit(int64_t sections) const { return hearth::dsplit(*this, sections); }
std::vector<Tensor> Tensor::dsplit(IntArrayRef indices) const { return hearth::dsplit(*this, indices); }
std::vector<Tensor> Tensor::unsafe_split(int64_t split_size, int64_t dim) const { return hearth::unsafe_split(*this, split_size, dim); }
std::vector<Tensor> Tensor::unsafe_chunk(int64_t chunks, int64_t dim) const { return hearth::unsafe_chunk(*this, chunks, dim); }
std::vector<Tensor> Tensor::unsafe_split_with_sizes(IntArrayRef split_sizes, int64_t dim) const { return hearth::unsafe_split_with_sizes(*this, split_sizes, dim); }
Tensor Tensor::narrow_copy(int64_t dim, int64_t start, int64_t length) const { return hearth::narrow_copy(*this, dim, start, length); }
Tensor& column_stack_out(Tensor& out, TensorList tensors) { return autograd::into("column_stack", out, [&] { return hearth::column_stack(tensors); }); }
Tensor& dstack_out(Tensor& out, TensorList tensors) { return autograd::into("dstack", out, [&] { return hearth::dstack(tensors); }); }
Tensor& row_stack_out(Tensor& out, TensorList tensors) { return autograd::into("row_stack", out, [&] { return hearth::row_stack(tensors); }); }
Tensor Tensor::sum_to_size(IntArrayRef size) const { return hearth::sum_to_size(*this, size); }
Tensor Tensor::diag_embed(int64_t offset, int64_t dim1, int64_t dim2) const { return hearth::diag_embed(*this, offset, dim1, dim2); }
Tensor Tensor::diagflat(int64_t offset) const { return hearth::diagflat(*this, offset); }
Tensor Tensor::combinations(int64_t r, bool with_replacement) const { return hearth::combinations(*this, r, with_replacement); }
Tensor Tensor::select_scatter(const Tensor& src, int64_t dim, int64_t index) const { return hearth::select_scatter(*this, src, dim, index); }
Tensor Tensor::slice_scatter(const Tensor& src, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const { return hearth::slice_scatter(*this, src, dim, start, end, step); }
Tensor Tensor::diagonal_scatter(const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) const { return hearth::diagonal_scatter(*this, src, offset, dim1, dim2); }
Tensor Tensor::as_strided_scatter(const Tensor& src, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) const { return hearth::as_strided_scatter(*this, src, size, stride, storage_offset); }
Tensor Tensor::fill_diagonal(const Scalar& fill_value, bool wrap) const { return hearth::fill_diagonal(*this, fill_value, wrap); }
Tensor& Tensor::fill_diagonal_(const Scalar& fill_value, bool wrap) const { return autograd::in_place("fill_diagonal", *this, [&] { return hearth::fill_diagonal(*this, fill_value, wrap); }); }
Tensor& fill_diagonal_(const Tensor& self, const Scalar& fill_value, bool wrap) { return autograd::in_place("fill_diagonal", self, [&] { return hearth::fill_diagonal(self, fill_value, wrap); }); }
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::sum(*this, dim, keepdim, dtype); }
Tensor sum(const Tensor& self, DimnameList dim, bool keepdim, std::optional<ScalarType> dtype) { return sum(self, names::positions("sum", self, dim), keepdim, dtype); }
Tensor Tensor::sum(DimnameList dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::sum(*this, dim, keepdim, dtype); }
Tensor& sum_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("sum", out, [&] { return hearth::sum(self, dim, keepdim, dtype); }); }
Tensor Tensor::sum(std::optional<ScalarType> dtype) const { return hearth::sum(*this, dtype); }
Tensor& sum_out(Tensor& out, const Tensor& self, std::optional<ScalarType> dtype) { return autograd::into("sum", out, [&] { return hearth::sum(self, dtype); }); }
Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::nansum(*this, dim, keepdim, dtype); }
Tensor& nansum_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("nansum", out, [&] { return hearth::nansum(self, dim, keepdim, dtype); }); }
Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::mean(*this, dim, keepdim, dtype); }
Tensor mean(const Tensor& self, DimnameList dim, bool keepdim, std::optional<ScalarType> dtype) { return mean(self, names::positions("mean", self, dim), keepdim, dtype); }
Tensor Tensor::mean(DimnameList dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::mean(*this, dim, keepdim, dtype); }
Tensor& mean_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("mean", out, [&] { return hearth::mean(self, dim, keepdim, dtype); }); }
Tensor Tensor::mean(std::optional<ScalarType> dtype) const { return hearth::mean(*this, dtype); }
Tensor Tensor::nanmean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::nanmean(*this, dim, keepdim, dtype); }
Tensor& nanmean_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("nanmean", out, [&] { return hearth::nanmean(self, dim, keepdim, dtype); }); }
Tensor Tensor::prod(int64_t dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::prod(*this, dim, keepdim, dtype); }
Tensor prod(const Tensor& self, Dimname dim, bool keepdim, std::optional<ScalarType> dtype) { return prod(self, names::position("prod", self, dim), keepdim, dtype); }
Tensor Tensor::prod(Dimname dim, bool keepdim, std::optional<ScalarType> dtype) const { return hearth::prod(*this, dim, keepdim, dtype); }
Tensor& prod_out(Tensor& out, const Tensor& self, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) { return autograd::into("prod", out, [&] { return hearth::prod(self, dim, keepdim, dtype); }); }
Tensor Tensor::prod(std::optional<ScalarType> dtype) const { return hearth::prod(*this, dtype); }
Tensor& prod_out(Tensor& out, const Tensor& self, std::optional<ScalarType> dtype) { return autograd::into("prod", out, [&] { return hearth::prod(self, dtype); }); }
Tensor Tensor::amax(OptionalIntArrayRef dim, bool keepdim) const { return hearth::amax(*this, dim, keepdim); }
Tensor& amax_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim) { return autograd::into("amax", out, [&] { return hearth::amax(self, dim, keepdim); }); }
Tensor Tensor::amin(OptionalIntArrayRef dim, bool keepdim) const { return hearth::amin(*this, dim, keepdim); }
Tensor& amin_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim) { return autograd::into("amin", out, [&] { return hearth::amin(self, dim, keepdim); }); }
Tensor Tensor::max() const { return hearth::max(*this); }
Tensor Tensor::min() const { return hearth::min(*this); }
std::tuple<Tensor, Tensor> Tensor::aminmax(std::optional<int64_t> dim, bool keepdim) const { return hearth::aminmax(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::max(int64_t dim, bool keepdim) const { return hearth::max(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> max(const Tensor& self, Dimname dim, bool keepdim) { return max(self, names::position("max", self, dim), keepdim); }
std::tuple<Tensor, Tensor> Tensor::max(Dimname dim, bool keepdim) const { return hearth::max(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::min(int64_t dim, bool keepdim) const { return hearth::min(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> min(const Tensor& self, Dimname dim, bool keepdim) { return min(self, names::position("min", self, dim), keepdim); }
std::tuple<Tensor, Tensor> Tensor::min(Dimname dim, bool keepdim) const { return hearth::min(*this, dim, keepdim); }
Tensor Tensor::max(const Tensor& other) const { return hearth::max(*this, other); }
Tensor& max_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("max", out, [&] { return hearth::max(self, other); }); }
Tensor Tensor::min(const Tensor& other) const { return hearth::min(*this, other); }
Tensor& min_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("min", out, [&] { return hearth::min(self, other); }); }
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const { return hearth::argmax(*this, dim, keepdim); }
Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const { return hearth::argmin(*this, dim, keepdim); }
Tensor Tensor::all() const { return hearth::all(*this); }
Tensor Tensor::all(int64_t dim, bool keepdim) const { return hearth::all(*this, dim, keepdim); }
Tensor all(const Tensor& self, Dimname dim, bool keepdim) { return all(self, names::position("all", self, dim), keepdim); }
Tensor Tensor::all(Dimname dim, bool keepdim) const { return hearth::all(*this, dim, keepdim); }
Tensor& all_out(Tensor& out, const Tensor& self, int64_t dim, bool keepdim) { return autograd::into("all", out, [&] { return hearth::all(self, dim, keepdim); }); }
Tensor Tensor::any() const { return hearth::any(*this); }
Tensor Tensor::any(int64_t dim, bool keepdim) const { return hearth::any(*this, dim, keepdim); }
Tensor any(const Tensor& self, Dimname dim, bool keepdim) { return any(self, names::position("any", self, dim), keepdim); }
Tensor Tensor::any(Dimname dim, bool keepdim) const { return hearth::any(*this, dim, keepdim); }
Tensor& any_out(Tensor& out, const Tensor& self, int64_t dim, bool keepdim) { return autograd::into("any", out, [&] { return hearth::any(self, dim, keepdim); }); }
Tensor Tensor::count_nonzero(OptionalIntArrayRef dim) const { return hearth::count_nonzero(*this, dim); }
Tensor Tensor::cumsum(int64_t dim, std::optional<ScalarType> dtype) const { return hearth::cumsum(*this, dim, dtype); }
Tensor& Tensor::cumsum_(int64_t dim, std::optional<ScalarType> dtype) const { return autograd::in_place("cumsum", *this, [&] { return hearth::cumsum(*this, dim, dtype); }); }
Tensor cumsum(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype) { return cumsum(self, names::position("cumsum", self, dim), dtype); }
Tensor Tensor::cumsum(Dimname dim, std::optional<ScalarType> dtype) const { return hearth::cumsum(*this, dim, dtype); }
Tensor& cumsum_(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return autograd::in_place("cumsum", self, [&] { return hearth::cumsum(self, dim, dtype); }); }
Tensor& cumsum_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return autograd::into("cumsum", out, [&] { return hearth::cumsum(self, dim, dtype); }); }
Tensor Tensor::cumprod(int64_t dim, std::optional<ScalarType> dtype) const { return hearth::cumprod(*this, dim, dtype); }
Tensor& Tensor::cumprod_(int64_t dim, std::optional<ScalarType> dtype) const { return autograd::in_place("cumprod", *this, [&] { return hearth::cumprod(*this, dim, dtype); }); }
Tensor cumprod(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype) { return cumprod(self, names::position("cumprod", self, dim), dtype); }
Tensor Tensor::cumprod(Dimname dim, std::optional<ScalarType> dtype) const { return hearth::cumprod(*this, dim, dtype); }
Tensor& cumprod_(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return autograd::in_place("cumprod", self, [&] { return hearth::cumprod(self, dim, dtype); }); }
Tensor& cumprod_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return autograd::into("cumprod", out, [&] { return hearth::cumprod(self, dim, dtype); }); }
Tensor Tensor::logcumsumexp(int64_t dim) const { return hearth::logcumsumexp(*this, dim); }
Tensor logcumsumexp(const Tensor& self, Dimname dim) { return logcumsumexp(self, names::position("logcumsumexp", self, dim)); }
Tensor Tensor::logcumsumexp(Dimname dim) const { return hearth::logcumsumexp(*this, dim); }
Tensor& logcumsumexp_out(Tensor& out, const Tensor& self, int64_t dim) { return autograd::into("logcumsumexp", out, [&] { return hearth::logcumsumexp(self, dim); }); }
std::tuple<Tensor, Tensor> Tensor::cummax(int64_t dim) const { return hearth::cummax(*this, dim); }
std::tuple<Tensor, Tensor> cummax(const Tensor& self, Dimname dim) { return cummax(self, names::position("cummax", self, dim)); }
std::tuple<Tensor, Tensor> Tensor::cummax(Dimname dim) const { return hearth::cummax(*this, dim); }
std::tuple<Tensor, Tensor> Tensor::cummin(int64_t dim) const { return hearth::cummin(*this, dim); }
std::tuple<Tensor, Tensor> cummin(const Tensor& self, Dimname dim) { return cummin(self, names::position("cummin", self, dim)); }
std::tuple<Tensor, Tensor> Tensor::cummin(Dimname dim) const { return hearth::cummin(*this, dim); }
Tensor Tensor::softmax(int64_t dim, std::optional<ScalarType> dtype) const { return hearth::softmax(*this, dim, dtype); }
Tensor softmax(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype) { return softmax(self, names::position("softmax", self, dim), dtype); }
Tensor Tensor::softmax(Dimname dim, std::optional<ScalarType> dtype) const { return hearth::softmax(*this, dim, dtype); }
Tensor& softmax_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return autograd::into("softmax", out, [&] { return hearth::softmax(self, dim, dtype); }); }
Tensor Tensor::log_softmax(int64_t dim, std::optional<ScalarType> dtype) const { return hearth::log_softmax(*this, dim, dtype); }
Tensor log_softmax(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype) { return log_softmax(self, names::position("log_softmax", self, dim), dtype); }
Tensor Tensor::log_softmax(Dimname dim, std::optional<ScalarType> dtype) const { return hearth::log_softmax(*this, dim, dtype); }
Tensor& log_softmax_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return autograd::into("log_softmax", out, [&] { return hearth::log_softmax(self, dim, dtype); }); }
Tensor Tensor::put(const Tensor& index, const Tensor& source, bool accumulate) const { return hearth::put(*this, index, source, accumulate); }
Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const { return autograd::in_place("put", *this, [&] { return hearth::put(*this, index, source, accumulate); }); }
Tensor& put_(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) { return autograd::in_place("put", self, [&] { return hearth::put(self, index, source, accumulate); }); }
Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const { return hearth::masked_scatter(*this, mask, source); }
Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const { return autograd::in_place("masked_scatter", *this, [&] { return hearth::masked_scatter(*this, mask, source); }); }
Tensor& masked_scatter_(const Tensor& self, const Tensor& mask, const Tensor& source) { return autograd::in_place("masked_scatter", self, [&] { return hearth::masked_scatter(self, mask, source); }); }
Tensor Tensor::scatter_reduce(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) const { return hearth::scatter_reduce(*this, dim, index, src, reduce, include_self); }
Tensor& Tensor::scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) const { return autograd::in_place("scatter_reduce", *this, [&] { return hearth::scatter_reduce(*this, dim, index, src, reduce, include_self); }); }
Tensor& scatter_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) { return autograd::in_place("scatter_reduce", self, [&] { return hearth::scatter_reduce(self, dim, index, src, reduce, include_self); }); }
Tensor& scatter_reduce_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) { return autograd::into("scatter_reduce", out, [&] { return hearth::scatter_reduce(self, dim, index, src, reduce, include_self); }); }
Tensor Tensor::index_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return hearth::index_reduce(*this, dim, index, source, reduce, include_self); }
Tensor& Tensor::index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return autograd::in_place("index_reduce", *this, [&] { return hearth::index_reduce(*this, dim, index, source, reduce, include_self); }); }
Tensor& index_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) { return autograd::in_place("index_reduce", self, [&] { return hearth::index_reduce(self, dim, index, source, reduce, include_self); }); }
Tensor& index_reduce_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) { return autograd::into("index_reduce", out, [&] { return hearth::index_reduce(self, dim, index, source, reduce, include_self); }); }
Tensor Tensor::bincount(const std::optional<Tensor>& weights, int64_t minlength) const { return hearth::bincount(*this, weights, minlength); }
Tensor Tensor::histc(int64_t bins, const Scalar& min, const Scalar& max) const { return hearth::histc(*this, bins, min, max); }
Tensor& histc_out(Tensor& out, const Tensor& self, int64_t bins, const Scalar& min, const Scalar& max) { return autograd::into("histc", out, [&] { return hearth::histc(self, bins, min, max); }); }
Tensor& searchsorted_out(Tensor& out, const Tensor& sorted_sequence, const Tensor& self, bool out_int32, bool right, std::optional<std::string_view> side, const std::optional<Tensor>& sorter) { return autograd::into("searchsorted", out, [&] { return hearth::searchsorted(sorted_sequence, self, out_int32, right, side, sorter); }); }
Tensor& bucketize_out(Tensor& out, const Tensor& self, const Tensor& boundaries, bool out_int32, bool right) { return autograd::into("bucketize", out, [&] { return hearth::bucketize(self, boundaries, out_int32, right); }); }
std::tuple<Tensor, Tensor> Tensor::histogram(const Tensor& bins, const std::optional<Tensor>& weight, bool density) const { return hearth::histogram(*this, bins, weight, density); }
std::tuple<Tensor, Tensor> Tensor::histogram(int64_t bins, const std::optional<std::vector<double>>& range, const std::optional<Tensor>& weight, bool density) const { return hearth::histogram(*this, bins, range, weight, density); }
Tensor& isin_out(Tensor& out, const Tensor& elements, const Tensor& test_elements, bool assume_unique, bool invert) { return autograd::into("isin", out, [&] { return hearth::isin(elements, test_elements, assume_unique, invert); }); }
Tensor& isin_out(Tensor& out, const Tensor& elements, const Scalar& test_element, bool assume_unique, bool invert) { return autograd::into("isin", out, [&] { return hearth::isin(elements, test_element, assume_unique, invert); }); }
Tensor& isin_out(Tensor& out, const Scalar& element, const Tensor& test_elements, bool assume_unique, bool invert) { return autograd::into("isin", out, [&] { return hearth::isin(element, test_elements, assume_unique, invert); }); }
std::tuple<Tensor, Tensor> Tensor::mode(int64_t dim, bool keepdim) const { return hearth::mode(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> mode(const Tensor& self, Dimname dim, bool keepdim) { return mode(self, names::position("mode", self, dim), keepdim); }
std::tuple<Tensor, Tensor> Tensor::mode(Dimname dim, bool keepdim) const { return hearth::mode(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::nanmedian(int64_t dim, bool keepdim) const { return hearth::nanmedian(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, Dimname dim, bool keepdim) { return nanmedian(self, names::position("nanmedian", self, dim), keepdim); }
std::tuple<Tensor, Tensor> Tensor::nanmedian(Dimname dim, bool keepdim) const { return hearth::nanmedian(*this, dim, keepdim); }
Tensor Tensor::nanmedian() const { return hearth::nanmedian(*this); }
Tensor Tensor::quantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return hearth::quantile(*this, q, dim, keepdim, interpolation); }
Tensor Tensor::quantile(double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return hearth::quantile(*this, q, dim, keepdim, interpolation); }
Tensor Tensor::nanquantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return hearth::nanquantile(*this, q, dim, keepdim, interpolation); }
Tensor Tensor::nanquantile(double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return hearth::nanquantile(*this, q, dim, keepdim, interpolation); }
Tensor& method_unsqueeze_(const Tensor& self, int64_t dim);
Tensor& Tensor::unsqueeze_(int64_t dim) const { return method_unsqueeze_(*this, dim); }
Tensor& method_squeeze_(const Tensor& self);
Tensor& Tensor::squeeze_() const { return method_squeeze_(*this); }
Tensor& method_squeeze_(const Tensor& self, int64_t dim);
Tensor& Tensor::squeeze_(int64_t dim) const { return method_squeeze_(*this, dim); }
Tensor& method_transpose_(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor& Tensor::transpose_(int64_t dim0, int64_t dim1) const { return method_transpose_(*this, dim0, dim1); }
Tensor& method_t_(const Tensor& self);
Tensor& Tensor::t_() const { return method_t_(*this); }
Tensor& method_swapaxes_(const Tensor& self, int64_t axis0, int64_t axis1);
Tensor& Tensor::swapaxes_(int64_t axis0, int64_t axis1) const { return method_swapaxes_(*this, axis0, axis1); }
Tensor& method_swapdims_(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor& Tensor::swapdims_(int64_t dim0, int64_t dim1) const { return method_swapdims_(*this, dim0, dim1); }
Tensor& method_as_strided_(const Tensor& self, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset);
Tensor& Tensor::as_strided_(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) const { return method_as_strided_(*this, size, stride, storage_offset); }
Tensor& method_set_(const Tensor& self, const Tensor& source);
Tensor& Tensor::set_(const Tensor& source) const { return method_set_(*this, source); }
Tensor& method_set_(const Tensor& self, const Storage& source);
Tensor& Tensor::set_(const Storage& source) const { return method_set_(*this, source); }
Tensor& method_set_(const Tensor& self, const Storage& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride);
Tensor& Tensor::set_(const Storage& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride) const { return method_set_(*this, source, storage_offset, size, stride); }
Tensor& method_set_(const Tensor& self);
Tensor& Tensor::set_() const { return method_set_(*this); }
Tensor Tensor::view(IntArrayRef size) const { return hearth::view(*this, size); }
Tensor Tensor::reshape(IntArrayRef shape) const { return hearth::reshape(*this, shape); }
Tensor Tensor::view_as(const Tensor& other) const { return hearth::view_as(*this, other); }
Tensor Tensor::reshape_as(const Tensor& other) const { return hearth::reshape_as(*this, other); }
Tensor Tensor::ravel() const { return hearth::ravel(*this); }
Tensor Tensor::alias() const { return hearth::alias(*this); }
Tensor Tensor::as_strided(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) const { return hearth::as_strided(*this, size, stride, storage_offset); }
Tensor Tensor::expand(IntArrayRef size, bool implicit) const { return hearth::expand(*this, size, implicit); }
Tensor Tensor::expand_as(const Tensor& other) const { return hearth::expand_as(*this, other); }
Tensor Tensor::broadcast_to(IntArrayRef size) const { return hearth::broadcast_to(*this, size); }
Tensor Tensor::permute(IntArrayRef dims) const { return hearth::permute(*this, dims); }
Tensor Tensor::transpose(int64_t dim0, int64_t dim1) const { return hearth::transpose(*this, dim0, dim1); }
Tensor transpose(const Tensor& self, Dimname dim0, Dimname dim1) { return transpose(self, names::position("transpose", self, dim0), names::position("transpose", self, dim1)); }
Tensor Tensor::transpose(Dimname dim0, Dimname dim1) const { return hearth::transpose(*this, dim0, dim1); }
Tensor Tensor::t() const { return hearth::t(*this); }
Tensor Tensor::swapaxes(int64_t axis0, int64_t axis1) const { return hearth::swapaxes(*this, axis0, axis1); }
Tensor Tensor::swapdims(int64_t dim0, int64_t dim1) const { return hearth::swapdims(*this, dim0, dim1); }
Tensor Tensor::movedim(IntArrayRef source, IntArrayRef destination) const { return hearth::movedim(*this, source, destination); }
Tensor Tensor::movedim(int64_t source, int64_t destination) const { return hearth::movedim(*this, source, destination); }
Tensor Tensor::squeeze() const { return hearth::squeeze(*this); }
Tensor Tensor::squeeze(int64_t dim) const { return hearth::squeeze(*this, dim); }
Tensor squeeze(const Tensor& self, Dimname dim) { return squeeze(self, names::position("squeeze", self, dim)); }
Tensor Tensor::squeeze(Dimname dim) const { return hearth::squeeze(*this, dim); }
Tensor Tensor::unsqueeze(int64_t dim) const { return hearth::unsqueeze(*this, dim); }
Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim) const { return hearth::flatten(*this, start_dim, end_dim); }
Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes) const { return hearth::unflatten(*this, dim, sizes); }
Tensor Tensor::select(int64_t dim, int64_t index) const { return hearth::select(*this, dim, index); }
Tensor select(const Tensor& self, Dimname dim, int64_t index) { return select(self, names::position("select", self, dim), index); }
Tensor Tensor::select(Dimname dim, int64_t index) const { return hearth::select(*this, dim, index); }
Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const { return hearth::slice(*this, dim, start, end, step); }
Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const { return hearth::narrow(*this, dim, start, length); }
std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef split_sizes, int64_t dim) const { return hearth::split_with_sizes(*this, split_sizes, dim); }
std::vector<Tensor> Tensor::split(int64_t split_size, int64_t dim) const { return hearth::split(*this, split_size, dim); }
std::vector<Tensor> Tensor::split(IntArrayRef split_sizes, int64_t dim) const { return hearth::split(*this, split_sizes, dim); }
std::vector<Tensor> Tensor::chunk(int64_t chunks, int64_t dim) const { return hearth::chunk(*this, chunks, dim); }
std::vector<Tensor> Tensor::unbind(int64_t dim) const { return hearth::unbind(*this, dim); }
std::vector<Tensor> unbind(const Tensor& self, Dimname dim) { return unbind(self, names::position("unbind", self, dim)); }
std::vector<Tensor> Tensor::unbind(Dimname dim) const { return hearth::unbind(*this, dim); }
Tensor Tensor::diagonal(int64_t offset, int64_t dim1, int64_t dim2) const { return hearth::diagonal(*this, offset, dim1, dim2); }
Tensor Tensor::unfold(int64_t dimension, int64_t size, int64_t step) const { return hearth::unfold(*this, dimension, size, step); }
std::tuple<Tensor, Tensor> Tensor::sort(std::optional<bool> stable, int64_t dim, bool descending) const { return hearth::sort(*this, stable, dim, descending); }
std::tuple<Tensor, Tensor> Tensor::sort(int64_t dim, bool descending) const { return hearth::sort(*this, dim, descending); }
Tensor Tensor::argsort(int64_t dim, bool descending) const { return hearth::argsort(*this, dim, descending); }
Tensor Tensor::argsort(bool stable, int64_t dim, bool descending) const { return hearth::argsort(*this, stable, dim, descending); }
Tensor Tensor::msort() const { return hearth::msort(*this); }
Tensor& msort_out(Tensor& out, const Tensor& self) { return autograd::into("msort", out, [&] { return hearth::msort(self); }); }
std::tuple<Tensor, Tensor> Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const { return hearth::topk(*this, k, dim, largest, sorted); }
std::tuple<Tensor, Tensor> Tensor::kthvalue(int64_t k, int64_t dim, bool keepdim) const { return hearth::kthvalue(*this, k, dim, keepdim); }
std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, Dimname dim, bool keepdim) { return kthvalue(self, k, names::position("kthvalue", self, dim), keepdim); }
std::tuple<Tensor, Tensor> Tensor::kthvalue(int64_t k, Dimname dim, bool keepdim) const { return hearth::kthvalue(*this, k, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::median(int64_t dim, bool keepdim) const { return hearth::median(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> median(const Tensor& self, Dimname dim, bool keepdim) { return median(self, names::position("median", self, dim), keepdim); }
std::tuple<Tensor, Tensor> Tensor::median(Dimname dim, bool keepdim) const { return hearth::median(*this, dim, keepdim); }
Tensor Tensor::median() const { return hearth::median(*this); }
Tensor& polygamma_out(Tensor& out, int64_t n, const Tensor& self) { return autograd::into("polygamma", out, [&] { return hearth::polygamma(n, self); }); }
Tensor method_polygamma(const Tensor& self, int64_t n);
Tensor Tensor::polygamma(int64_t n) const { return method_polygamma(*this, n); }
Tensor& Tensor::polygamma_(int64_t n) const { return autograd::in_place("polygamma", *this, [&] { return method_polygamma(*this, n); }); }
Tensor Tensor::mvlgamma(int64_t p) const { return hearth::mvlgamma(*this, p); }
Tensor& Tensor::mvlgamma_(int64_t p) const { return autograd::in_place("mvlgamma", *this, [&] { return hearth::mvlgamma(*this, p); }); }
Tensor& mvlgamma_(const Tensor& self, int64_t p) { return autograd::in_place("mvlgamma", self, [&] { return hearth::mvlgamma(self, p); }); }
Tensor& mvlgamma_out(Tensor& out, const Tensor& self, int64_t p) { return autograd::into("mvlgamma", out, [&] { return hearth::mvlgamma(self, p); }); }
Tensor Tensor::i0() const { return hearth::i0(*this); }
Tensor& Tensor::i0_() const { return autograd::in_place("i0", *this, [&] { return hearth::i0(*this); }); }
Tensor& i0_(const Tensor& self) { return autograd::in_place("i0", self, [&] { return hearth::i0(self); }); }
Tensor& i0_out(Tensor& out, const Tensor& self) { return autograd::into("i0", out, [&] { return hearth::i0(self); }); }
Tensor Tensor::igamma(const Tensor& other) const { return hearth::igamma(*this, other); }
Tensor& Tensor::igamma_(const Tensor& other) const { return autograd::in_place("igamma", *this, [&] { return hearth::igamma(*this, other); }); }
Tensor& igamma_(const Tensor& self, const Tensor& other) { return autograd::in_place("igamma", self, [&] { return hearth::igamma(self, other); }); }
Tensor& igamma_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("igamma", out, [&] { return hearth::igamma(self, other); }); }
Tensor Tensor::igammac(const Tensor& other) const { return hearth::igammac(*this, other); }
Tensor& Tensor::igammac_(const Tensor& other) const { return autograd::in_place("igammac", *this, [&] { return hearth::igammac(*this, other); }); }
Tensor& igammac_(const Tensor& self, const Tensor& other) { return autograd::in_place("igammac", self, [&] { return hearth::igammac(self, other); }); }
Tensor& igammac_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("igammac", out, [&] { return hearth::igammac(self, other); }); }
Tensor& special::gammaln_out(Tensor& out, const Tensor& self) { return autograd::into("gammaln", out, [&] { return hearth::special::gammaln(self); }); }
Tensor& special::digamma_out(Tensor& out, const Tensor& self) { return autograd::into("digamma", out, [&] { return hearth::special::digamma(self); }); }
Tensor& special::psi_out(Tensor& out, const Tensor& self) { return autograd::into("psi", out, [&] { return hearth::special::psi(self); }); }
Tensor& special::polygamma_out(Tensor& out, int64_t n, const Tensor& self) { return autograd::into("polygamma", out, [&] { return hearth::special::polygamma(n, self); }); }
Tensor& special::multigammaln_out(Tensor& out, const Tensor& self, int64_t p) { return autograd::into("multigammaln", out, [&] { return hearth::special::multigammaln(self, p); }); }
Tensor& special::gammainc_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("gammainc", out, [&] { return hearth::special::gammainc(self, other); }); }
Tensor& special::gammaincc_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("gammaincc", out, [&] { return hearth::special::gammaincc(self, other); }); }
Tensor& special::zeta_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("zeta", out, [&] { return hearth::special::zeta(self, other); }); }
Tensor& special::zeta_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("zeta", out, [&] { return hearth::special::zeta(self, other); }); }
Tensor& special::zeta_out(Tensor& out, const Scalar& self, const Tensor& other) { return autograd::into("zeta", out, [&] { return hearth::special::zeta(self, other); }); }
Tensor& special::i0_out(Tensor& out, const Tensor& self) { return autograd::into("i0", out, [&] { return hearth::special::i0(self); }); }
Tensor& special::i0e_out(Tensor& out, const Tensor& self) { return autograd::into("i0e", out, [&] { return hearth::special::i0e(self); }); }
Tensor& special::i1_out(Tensor& out, const Tensor& self) { return autograd::into("i1", out, [&] { return hearth::special::i1(self); }); }
Tensor& special::i1e_out(Tensor& out, const Tensor& self) { return autograd::into("i1e", out, [&] { return hearth::special::i1e(self); }); }
Tensor& special::bessel_j0_out(Tensor& out, const Tensor& self) { return autograd::into("bessel_j0", out, [&] { return hearth::special::bessel_j0(self); }); }
Tensor& special::bessel_j1_out(Tensor& out, const Tensor& self) { return autograd::into("bessel_j1", out, [&] { return hearth::special::bessel_j1(self); }); }
Tensor& special::bessel_y0_out(Tensor& out, const Tensor& self) { return autograd::into("bessel_y0", out, [&] { return hearth::special::bessel_y0(self); }); }
Tensor& special::bessel_y1_out(Tensor& out, const Tensor& self) { return autograd::into("bessel_y1", out, [&] { return hearth::special::bessel_y1(self); }); }
Tensor& special::modified_bessel_i0_out(Tensor& out, const Tensor& self) { return autograd::into("modified_bessel_i0", out, [&] { return hearth::special::modified_bessel_i0(self); }); }
Tensor& special::modified_bessel_i1_out(Tensor& out, const Tensor& self) { return autograd::into("modified_bessel_i1", out, [&] { return hearth::special::modified_bessel_i1(self); }); }
Tensor& special::modified_bessel_k0_out(Tensor& out, const Tensor& self) { return autograd::into("modified_bessel_k0", out, [&] { return hearth::special::modified_bessel_k0(self); }); }
Tensor& special::modified_bessel_k1_out(Tensor& out, const Tensor& self) { return autograd::into("modified_bessel_k1", out, [&] { return hearth::special::modified_bessel_k1(self); }); }
Tensor& special::scaled_modified_bessel_k0_out(Tensor& out, const Tensor& self) { return autograd::into("scaled_modified_bessel_k0", out, [&] { return hearth::special::scaled_modified_bessel_k0(self); }); }
Tensor& special::scaled_modified_bessel_k1_out(Tensor& out, const Tensor& self) { return autograd::into("scaled_modified_bessel_k1", out, [&] { return hearth::special::scaled_modified_bessel_k1(self); }); }
Tensor& special::spherical_bessel_j0_out(Tensor& out, const Tensor& self) { return autograd::into("spherical_bessel_j0", out, [&] { return hearth::special::spherical_bessel_j0(self); }); }
Tensor& special::airy_ai_out(Tensor& out, const Tensor& self) { return autograd::into("airy_ai", out, [&] { return hearth::special::airy_ai(self); }); }
Tensor& special::erf_out(Tensor& out, const Tensor& self) { return autograd::into("erf", out, [&] { return hearth::special::erf(self); }); }
Tensor& special::erfc_out(Tensor& out, const Tensor& self) { return autograd::into("erfc", out, [&] { return hearth::special::erfc(self); }); }
Tensor& special::erfinv_out(Tensor& out, const Tensor& self) { return autograd::into("erfinv", out, [&] { return hearth::special::erfinv(self); }); }
Tensor& special::erfcx_out(Tensor& out, const Tensor& self) { return autograd::into("erfcx", out, [&] { return hearth::special::erfcx(self); }); }
Tensor& special::ndtr_out(Tensor& out, const Tensor& self) { return autograd::into("ndtr", out, [&] { return hearth::special::ndtr(self); }); }
Tensor& special::ndtri_out(Tensor& out, const Tensor& self) { return autograd::into("ndtri", out, [&] { return hearth::special::ndtri(self); }); }
Tensor& special::log_ndtr_out(Tensor& out, const Tensor& self) { return autograd::into("log_ndtr", out, [&] { return hearth::special::log_ndtr(self); }); }
Tensor& special::entr_out(Tensor& out, const Tensor& self) { return autograd::into("entr", out, [&] { return hearth::special::entr(self); }); }
Tensor& special::expit_out(Tensor& out, const Tensor& self) { return autograd::into("expit", out, [&] { return hearth::special::expit(self); }); }
Tensor& special::exp2_out(Tensor& out, const Tensor& self) { return autograd::into("exp2", out, [&] { return hearth::special::exp2(self); }); }
Tensor& special::expm1_out(Tensor& out, const Tensor& self) { return autograd::into("expm1", out, [&] { return hearth::special::expm1(self); }); }
Tensor& special::log1p_out(Tensor& out, const Tensor& self) { return autograd::into("log1p", out, [&] { return hearth::special::log1p(self); }); }
Tensor& special::logit_out(Tensor& out, const Tensor& self, std::optional<double> eps) { return autograd::into("logit", out, [&] { return hearth::special::logit(self, eps); }); }
Tensor& special::logsumexp_out(Tensor& out, const Tensor& self, IntArrayRef dim, bool keepdim) { return autograd::into("logsumexp", out, [&] { return hearth::special::logsumexp(self, dim, keepdim); }); }
Tensor& special::round_out(Tensor& out, const Tensor& self, int64_t decimals) { return autograd::into("round", out, [&] { return hearth::special::round(self, decimals); }); }
Tensor& special::sinc_out(Tensor& out, const Tensor& self) { return autograd::into("sinc", out, [&] { return hearth::special::sinc(self); }); }
Tensor& special::xlogy_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("xlogy", out, [&] { return hearth::special::xlogy(self, other); }); }
Tensor& special::xlogy_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("xlogy", out, [&] { return hearth::special::xlogy(self, other); }); }
Tensor& special::xlogy_out(Tensor& out, const Scalar& self, const Tensor& other) { return autograd::into("xlogy", out, [&] { return hearth::special::xlogy(self, other); }); }
Tensor& special::xlog1py_out(Tensor& out, const Tensor& self, const Tensor& other) { return autograd::into("xlog1py", out, [&] { return hearth::special::xlog1py(self, other); }); }
Tensor& special::xlog1py_out(Tensor& out, const Tensor& self, const Scalar& other) { return autograd::into("xlog1py", out, [&] { return hearth::special::xlog1py(self, other); }); }
Tensor& special::xlog1py_out(Tensor& out, const Scalar& self, const Tensor& other) { return autograd::into("xlog1py", out, [&] { return hearth::special::xlog1py(self, other); }); }
Tensor& special::chebyshev_polynomial_t_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("chebyshev_polynomial_t", out, [&] { return hearth::special::chebyshev_polynomial_t(x, n); }); }
Tensor& special::chebyshev_polynomial_u_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("chebyshev_polynomial_u", out, [&] { return hearth::special::chebyshev_polynomial_u(x, n); }); }
Tensor& special::chebyshev_polynomial_v_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("chebyshev_polynomial_v", out, [&] { return hearth::special::chebyshev_polynomial_v(x, n); }); }
Tensor& special::chebyshev_polynomial_w_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("chebyshev_polynomial_w", out, [&] { return hearth::special::chebyshev_polynomial_w(x, n); }); }
Tensor& special::shifted_chebyshev_polynomial_t_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("shifted_chebyshev_polynomial_t", out, [&] { return hearth::special::shifted_chebyshev_polynomial_t(x, n); }); }
Tensor& special::shifted_chebyshev_polynomial_u_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("shifted_chebyshev_polynomial_u", out, [&] { return hearth::special::shifted_chebyshev_polynomial_u(x, n); }); }
Tensor& special::shifted_chebyshev_polynomial_v_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("shifted_chebyshev_polynomial_v", out, [&] { return hearth::special::shifted_chebyshev_polynomial_v(x, n); }); }
Tensor& special::shifted_chebyshev_polynomial_w_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("shifted_chebyshev_polynomial_w", out, [&] { return hearth::special::shifted_chebyshev_polynomial_w(x, n); }); }
Tensor& special::hermite_polynomial_h_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("hermite_polynomial_h", out, [&] { return hearth::special::hermite_polynomial_h(x, n); }); }
Tensor& special::hermite_polynomial_he_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("hermite_polynomial_he", out, [&] { return hearth::special::hermite_polynomial_he(x, n); }); }
Tensor& special::laguerre_polynomial_l_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("laguerre_polynomial_l", out, [&] { return hearth::special::laguerre_polynomial_l(x, n); }); }
Tensor& special::legendre_polynomial_p_out(Tensor& out, const Tensor& x, const Tensor& n) { return autograd::into("legendre_polynomial_p", out, [&] { return hearth::special::legendre_polynomial_p(x, n); }); }
Tensor Tensor::var(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const { return hearth::var(*this, dim, correction, keepdim); }
Tensor var(const Tensor& self, DimnameList dim, std::optional<int64_t> correction, bool keepdim) { return var(self, names::positions("var", self, dim), correction, keepdim); }
Tensor Tensor::var(DimnameList dim, std::optional<int64_t> correction, bool keepdim) const { return hearth::var(*this, dim, correction, keepdim); }
Tensor& var_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) { return autograd::into("var", out, [&] { return hearth::var(self, dim, correction, keepdim); }); }
Tensor Tensor::var(bool unbiased) const { return hearth::var(*this, unbiased); }
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return hearth::var(*this, dim, unbiased, keepdim); }
Tensor var(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim) { return var(self, names::positions("var", self, dim), unbiased, keepdim); }
Tensor Tensor::var(DimnameList dim, bool unbiased, bool keepdim) const { return hearth::var(*this, dim, unbiased, keepdim); }
Tensor Tensor::std(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const { return hearth::std(*this, dim, correction, keepdim); }
Tensor std(const Tensor& self, DimnameList dim, std::optional<int64_t> correction, bool keepdim) { return std(self, names::positions("std", self, dim), correction, keepdim); }
Tensor Tensor::std(DimnameList dim, std::optional<int64_t> correction, bool keepdim) const { return hearth::std(*this, dim, correction, keepdim); }
Tensor& std_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) { return autograd::into("std", out, [&] { return hearth::std(self, dim, correction, keepdim); }); }
Tensor Tensor::std(bool unbiased) const { return hearth::std(*this, unbiased); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return hearth::std(*this, dim, unbiased, keepdim); }
Tensor std(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim) { return std(self, names::positions("std", self, dim), unbiased, keepdim); }
Tensor Tensor::std(DimnameList dim, bool unbiased, bool keepdim) const { return hearth::std(*this, dim, unbiased, keepdim); }
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim) { return var_mean(self, names::positions("var_mean", self, dim), unbiased, keepdim); }
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim) { return std_mean(self, names::positions("std_mean", self, dim), unbiased, keepdim); }
Tensor Tensor::norm(const std::optional<Scalar>& p, OptionalIntArrayRef dim, bool keepdim) const { return hearth::norm(*this, p, dim, keepdim); }
Tensor norm(const Tensor& self, const std::optional<Scalar>& p, DimnameList dim, bool keepdim) { return norm(self, p, names::positions("norm", self, dim), keepdim); }
Tensor Tensor::norm(const std::optional<Scalar>& p, DimnameList dim, bool keepdim) const { return hearth::norm(*this, p, dim, keepdim); }
Tensor& norm_out(Tensor& out, const Tensor& self, const std::optional<Scalar>& p, OptionalIntArrayRef dim, bool keepdim) { return autograd::into("norm", out, [&] { return hearth::norm(self, p, dim, keepdim); }); }
Tensor Tensor::norm(const Scalar& p) const { return hearth::norm(*this, p); }
Tensor& norm_out(Tensor& out, const Tensor& self, const Scalar& p) { return autograd::into("norm", out, [&] { return hearth::norm(self, p); }); }
Tensor Tensor::dist(const Tensor& other, const Scalar& p) const { return hearth::dist(*this, other, p); }
Tensor Tensor::logsumexp(OptionalIntArrayRef dim, bool keepdim) const { return hearth::logsumexp(*this, dim, keepdim); }
Tensor logsumexp(const Tensor& self, DimnameList dim, bool keepdim) { return logsumexp(self, names::positions("logsumexp", self, dim), keepdim); }
Tensor Tensor::logsumexp(DimnameList dim, bool keepdim) const { return hearth::logsumexp(*this, dim, keepdim); }
Tensor& logsumexp_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim) { return autograd::into("logsumexp", out, [&] { return hearth::logsumexp(self, dim, keepdim); }); }
Tensor Tensor::exp() const { return hearth::exp(*this); }
Tensor& Tensor::exp_() const { return autograd::in_place("exp", *this, [&] { return hearth::exp(*this); }); }
Tensor& exp_(const Tensor& self) { return autograd::in_place("exp", self, [&] { return hearth::exp(self); }); }
Tensor& exp_out(Tensor& out, const Tensor& self) { return autograd::into("exp", out, [&] { return hearth::exp(self); }); }
Tensor Tensor::exp2() const { return hearth::exp2(*this); }
Tensor& Tensor::exp2_() const { return autograd::in_place("exp2", *this, [&] { return hearth::exp2(*this); }); }
Tensor& exp2_(const Tensor& self) { return autograd::in_place("exp2", self, [&] { return hearth::exp2(self); }); }
Tensor& exp2_out(Tensor& out, const Tensor& self) { return autograd::into("exp2", out, [&] { return hearth::exp2(self); }); }
Tensor Tensor::expm1() const { return hearth::expm1(*this); }
Tensor& Tensor::expm1_() const { return autograd::in_place("expm1", *this, [&] { return hearth::expm1(*this); }); }
Tensor& expm1_(const Tensor& self) { return autograd::in_place("expm1", self, [&] { return hearth::expm1(self); }); }
Tensor& expm1_out(Tensor& out, const Tensor& self) { return autograd::into("expm1", out, [&] { return hearth::expm1(self); }); }
Tensor Tensor::log() const { return hearth::log(*this); }
Tensor& Tensor::log_() const { return autograd::in_place("log", *this, [&] { return hearth::log(*this); }); }
Tensor& log_(const Tensor& self) { return autograd::in_place("log", self, [&] { return hearth::log(self); }); }
Tensor& log_out(Tensor& out, const Tensor& self) { return autograd::into("log", out, [&] { return hearth::log(self); }); }
Tensor Tensor::log2() const { return hearth::log2(*this); }
Tensor& Tensor::log2_() const { return autograd::in_place("log2", *this, [&] { return hearth::log2(*this); }); }
Tensor& log2_(const Tensor& self) { return autograd::in_place("log2", self, [&] { return hearth::log2(self); }); }
Tensor& log2_out(Tensor& out, const Tensor& self) { return autograd::into("log2", out, [&] { return hearth::log2(self); }); }
Tensor Tensor::log10() const { return hearth::log10(*this); }
Tensor& Tensor::log10_() const { return autograd::in_place("log10", *this, [&] { return hearth::log10(*this); }); }
Tensor& log10_(const Tensor& self) { return autograd::in_place("log10", self, [&] { return hearth::log10(self); }); }
Tensor& log10_out(Tensor& out, const Tensor& self) { return autograd::into("log10", out, [&] { return hearth::log10(self); }); }
Tensor Tensor::log1p() const { return hearth::log1p(*this); }
Tensor& Tensor::log1p_() const { return autograd::in_place("log1p", *this, [&] { return hearth::log1p(*this); }); }
Tensor& log1p_(const Tensor& self) { return autograd::in_place("log1p", self, [&] { return hearth::log1p(self); }); }
Tensor& log1p_out(Tensor& out, const Tensor& self) { return autograd::into("log1p", out, [&] { return hearth::log1p(self); }); }
Tensor Tensor::sqrt() const { return hearth::sqrt(*this); }
Tensor& Tensor::sqrt_() const { return autograd::in_place("sqrt", *this, [&] { return hearth::sqrt(*this); }); }
Tensor& sqrt_(const Tensor& self) { return autograd::in_place("sqrt", self, [&] { return hearth::sqrt(self); }); }
Tensor& sqrt_out(Tensor& out, const Tensor& self) { return autograd::into("sqrt", out, [&] { return hearth::sqrt(self); }); }
Tensor Tensor::rsqrt() const { return hearth::rsqrt(*this); }
Tensor& Tensor::rsqrt_() const { return autograd::in_place("rsqrt", *this, [&] { return hearth::rsqrt(*this); }); }
Tensor& rsqrt_(const Tensor& self) { return autograd::in_place("rsqrt", self, [&] { return hearth::rsqrt(self); }); }
Tensor& rsqrt_out(Tensor& out, const Tensor& self) { return autograd::into("rsqrt", out, [&] { return hearth::rsqrt(self); }); }
Tensor Tensor::sin() const { return hearth::sin(*this); }
Tensor& Tensor::sin_() const { return autograd::in_place("sin", *this, [&] { return hearth::sin(*this); }); }
Tensor& sin_(const Tensor& self) { return autograd::in_place("sin", self, [&] { return hearth::sin(self); }); }
Tensor& sin_out(Tensor& out, const Tensor& self) { return autograd::into("sin", out, [&] { return hearth::sin(self); }); }
Tensor Tensor::cos() const { return hearth::cos(*this); }
Tensor& Tensor::cos_() const { return autograd::in_place("cos", *this, [&] { return hearth::cos(*this); }); }
Tensor& cos_(const Tensor& self) { return autograd::in_place("cos", self, [&] { return hearth::cos(self); }); }
Tensor& cos_out(Tensor& out, const Tensor& self) { return autograd::into("cos", out, [&] { return hearth::cos(self); }); }
Tensor Tensor::tan() const { return hearth::tan(*this); }
Tensor& Tensor::tan_() const { return autograd::in_place("tan", *this, [&] { return hearth::tan(*this); }); }
Tensor& tan_(const Tensor& self) { return autograd::in_place("tan", self, [&] { return hearth::tan(self); }); }
Tensor& tan_out(Tensor& out, const Tensor& self) { return autograd::into("tan", out, [&] { return hearth::tan(self); }); }
Tensor Tensor::sinc() const { return hearth::sinc(*this); }
Tensor& Tensor::sinc_() const { return autograd::in_place("sinc", *this, [&] { return hearth::sinc(*this); }); }
Tensor& sinc_(const Tensor& self) { return autograd::in_place("sinc", self, [&] { return hearth::sinc(self); }); }
Tensor& sinc_out(Tensor& out, const Tensor& self) { return autograd::into("sinc", out, [&] { return hearth::sinc(self); }); }
Tensor Tensor::asin() const { return hearth::asin(*this); }
Tensor& Tensor::asin_() const { return autograd::in_place("asin", *this, [&] { return hearth::asin(*this); }); }
Tensor& asin_(const Tensor& self) { return autograd::in_place("asin", self, [&] { return hearth::asin(self); }); }
Tensor& asin_out(Tensor& out, const Tensor& self) { return autograd::into("asin", out, [&] { return hearth::asin(self); }); }
Tensor Tensor::acos() const { return hearth::acos(*this); }
Tensor& Tensor::acos_() const { return autograd::in_place("acos", *this, [&] { return hearth::acos(*this); }); }
Tensor& acos_(const Tensor& self) { return autograd::in_place("acos", self, [&] { return hearth::acos(self); }); }
Tensor& acos_out(Tensor& out, const Tensor& self) { return autograd::into("acos", out, [&] { return hearth::acos(self); }); }
Tensor Tensor::atan() const { return hearth::atan(*this); }
Tensor& Tensor::atan_() const { return autograd::in_place("atan", *this, [&] { return hearth::atan(*this); }); }
Tensor& atan_(const Tensor& self) { return autograd::in_place("atan", self, [&] { return hearth::atan(self); }); }
Tensor& atan_out(Tensor& out, const Tensor& self) { return autograd::into("atan", out, [&] { return hearth::atan(self); }); }
Tensor Tensor::sinh() const { return hearth::sinh(*this); }
Tensor& Tensor::sinh_() const { return autograd::in_place("sinh", *this, [&] { return hearth::sinh(*this); }); }
Tensor& sinh_(const Tensor& self) { return autograd::in_place("sinh", self, [&] { return hearth::sinh(self); }); }
Tensor& sinh_out(Tensor& out, const Tensor& self) { return autograd::into("sinh", out, [&] { return hearth::sinh(self); }); }
Tensor Tensor::cosh() const { return hearth::cosh(*this); }
Tensor& Tensor::cosh_() const { return autograd::in_place("cosh", *this, [&] { return hearth::cosh(*this); }); }
Tensor& cosh_(const Tensor& self) { return autograd::in_place("cosh", self, [&] { return hearth::cosh(self); }); }
Tensor& cosh_out(Tensor& out, const Tensor& self) { return autograd::into("cosh", out, [&] { return hearth::cosh(self); }); }
Tensor Tensor::asinh() const { return hearth::asinh(*this); }
Tensor& Tensor::asinh_() const { return autograd::in_place("asinh", *this, [&] { return hearth::asinh(*this); }); }
Tensor& asinh_(const Tensor& self) { return autograd::in_place("asinh", self, [&] { return hearth::asinh(self); }); }
Tensor& asinh_out(Tensor& out, const Tensor& self) { return autograd::into("asinh", out, [&] { return hearth::asinh(self); }); }
Tensor Tensor::acosh() const { return hearth::acosh(*this); }
Tensor& Tensor::acosh_() const { return autograd::in_place("acosh", *this, [&] { return hearth::acosh(*this); }); }
Tensor& acosh_(const Tensor& self) { return autograd::in_place("acosh", self, [&] { return hearth::acosh(self); }); }
Tensor& acosh_out(Tensor& out, const Tensor& self) { return autograd::into("acosh", out, [&] { return hearth::acosh(self); }); }
Tensor Tensor::atanh() const { return hearth::atanh(*this); }
Tensor& Tensor::atanh_() const { return autograd::in_place("atanh", *this, [&] { return hearth::atanh(*this); }); }
Tensor& atanh_(const Tensor& self) { return autograd::in_place("atanh", self, [&] { return hearth::atanh(self); }); }
Tensor& atanh_out(Tensor& out, const Tensor& self) { return autograd::into("atanh", out, [&] { return hearth::atanh(self); }); }
Tensor Tensor::erf() const { return hearth::erf(*this); }
Tensor& Tensor::erf_() const { return autograd::in_place("erf", *this, [&] { return hearth::erf(*this); }); }
Tensor& erf_(const Tensor& self) { return autograd::in_place("erf", self, [&] { return hearth::erf(self); }); }
Tensor& erf_out(Tensor& out, const Tensor& self) { return autograd::into("erf", out, [&] { return hearth::erf(self); }); }
Tensor Tensor::erfc() const { return hearth::erfc(*this); }
Tensor& Tensor::erfc_() const { return autograd::in_place("erfc", *this, [&] { return hearth::erfc(*this); }); }
Tensor& erfc_(const Tensor& self) { return autograd::in_place("erfc", self, [&] { return hearth::erfc(self); }); }
Tensor& erfc_out(Tensor& out, const Tensor& self) { return autograd::into("erfc", out, [&] { return hearth::erfc(self); }); }
Tensor Tensor::erfinv() const { return hearth::erfinv(*this); }
Tensor& Tensor::erfinv_() const { return autograd::in_place("erfinv", *this, [&] { return hearth::erfinv(*this); }); }
Tensor& erfinv_(const Tensor& self) { return autograd::in_place("erfinv", self, [&] { return hearth::erfinv(self); }); }
Tensor& erfinv_out(Tensor& out, const Tensor& self) { return autograd::into("erfinv", out, [&] { return hearth::erfinv(self); }); }
Tensor Tensor::lgamma() const { return hearth::lgamma(*this); }
Tensor& Tensor::lgamma_() const { return autograd::in_place("lgamma", *this, [&] { return hearth::lgamma(*this); }); }
Tensor& lgamma_(const Tensor& self) { return autograd::in_place("lgamma", self, [&] { return hearth::lgamma(self); }); }
Tensor& lgamma_out(Tensor& out, const Tensor& self) { return autograd::into("lgamma", out, [&] { return hearth::lgamma(self); }); }
Tensor Tensor::digamma() const { return hearth::digamma(*this); }
Tensor& Tensor::digamma_() const { return autograd::in_place("digamma", *this, [&] { return hearth::digamma(*this); }); }
Tensor& digamma_(const Tensor& self) { return autograd::in_place("digamma", self, [&] { return hearth::digamma(self); }); }
Tensor& digamma_out(Tensor& out, const Tensor& self) { return autograd::into("digamma", out, [&] { return hearth::digamma(self); }); }
Tensor Tensor::logit(std::optional<double> eps) const { return hearth::logit(*this, eps); }
Tensor& Tensor::logit_(std::optional<double> eps) const { return autograd::in_place("logit", *this, [&] { return hearth::logit(*this, eps); }); }
Tensor& logit_(const Tensor& self, std::optional<double> eps) { return autograd::in_place("logit", self, [&] { return hearth::logit(self, eps); }); }
Tensor& logit_out(Tensor& out, const Tensor& self, std::optional<double> eps) { return autograd::into("logit", out, [&] { return hearth::logit(self, eps); }); }
std::tuple<Tensor, Tensor> Tensor::frexp() const { return hearth::frexp(*this); }
std::tuple<Tensor, Tensor, Tensor> Tensor::unique_consecutive(bool return_inverse, bool return_counts, std::optional<int64_t> dim) const { return hearth::unique_consecutive(*this, return_inverse, return_counts, dim); }

}  // namespace hearth
