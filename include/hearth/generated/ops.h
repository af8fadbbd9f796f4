#pragma once

// Made by tools/gen_api.py from src/ops; do not edit.

#include "hearth/fused_step.h"
#include "hearth/generator.h"
#include "hearth/reduction.h"
#include "hearth/tensor.h"

namespace hearth {

/// max(self, 0)
HEARTH_API Tensor relu(const Tensor& self);
HEARTH_API Tensor& relu_(const Tensor& self);
HEARTH_API Tensor& relu_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor relu6(const Tensor& self);
HEARTH_API Tensor& relu6_(const Tensor& self);
/// 1 / (1 + exp(-self))
HEARTH_API Tensor sigmoid(const Tensor& self);
HEARTH_API Tensor& sigmoid_(const Tensor& self);
HEARTH_API Tensor& sigmoid_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor tanh(const Tensor& self);
HEARTH_API Tensor& tanh_(const Tensor& self);
HEARTH_API Tensor& tanh_out(Tensor& out, const Tensor& self);
/// x * P(N(0, 1) <= x); approximate "tanh" takes the tanh form of Hendrycks and Gimpel (2016).
HEARTH_API Tensor gelu(const Tensor& self, std::string_view approximate = "none");
HEARTH_API Tensor& gelu_(const Tensor& self, std::string_view approximate = "none");
HEARTH_API Tensor& gelu_out(Tensor& out, const Tensor& self, std::string_view approximate = "none");
/// self * sigmoid(self), also called swish.
HEARTH_API Tensor silu(const Tensor& self);
HEARTH_API Tensor& silu_(const Tensor& self);
HEARTH_API Tensor& silu_out(Tensor& out, const Tensor& self);
/// self * tanh(softplus(self)) (Misra, 2019).
HEARTH_API Tensor mish(const Tensor& self);
HEARTH_API Tensor& mish_(const Tensor& self);
HEARTH_API Tensor& mish_out(Tensor& out, const Tensor& self);
/// log(1 + exp(beta * self)) / beta, and self where beta * self > threshold.
HEARTH_API Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
HEARTH_API Tensor& softplus_out(Tensor& out, const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
/// self where positive, else alpha * (exp(input_scale * self) - 1); all times scale.
HEARTH_API Tensor elu(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
HEARTH_API Tensor& elu_(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
HEARTH_API Tensor& elu_out(Tensor& out, const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
/// elu with the slope that is smooth at 0 for any alpha (Barron, 2017).
HEARTH_API Tensor celu(const Tensor& self, const Scalar& alpha = 1);
HEARTH_API Tensor& celu_(const Tensor& self, const Scalar& alpha = 1);
/// The self-normalising elu (Klambauer et al., 2017).
HEARTH_API Tensor selu(const Tensor& self);
HEARTH_API Tensor& selu_(const Tensor& self);
HEARTH_API Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);
HEARTH_API Tensor& leaky_relu_(const Tensor& self, const Scalar& negative_slope = 0.01);
HEARTH_API Tensor& leaky_relu_out(Tensor& out, const Tensor& self, const Scalar& negative_slope = 0.01);
/// self limited to [min_val, max_val].
HEARTH_API Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
HEARTH_API Tensor& hardtanh_(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
HEARTH_API Tensor& hardtanh_out(Tensor& out, const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
/// clamp(self + 3, 0, 6) / 6
HEARTH_API Tensor hardsigmoid(const Tensor& self);
HEARTH_API Tensor& hardsigmoid_(const Tensor& self);
HEARTH_API Tensor& hardsigmoid_out(Tensor& out, const Tensor& self);
/// self * hardsigmoid(self)
HEARTH_API Tensor hardswish(const Tensor& self);
HEARTH_API Tensor& hardswish_(const Tensor& self);
HEARTH_API Tensor& hardswish_out(Tensor& out, const Tensor& self);
/// self / (1 + |self|)
HEARTH_API Tensor softsign(const Tensor& self);
/// log(sigmoid(self))
HEARTH_API Tensor log_sigmoid(const Tensor& self);
HEARTH_API Tensor& log_sigmoid_out(Tensor& out, const Tensor& self);
/// 0 within [-lambd, lambd], else self.
HEARTH_API Tensor hardshrink(const Tensor& self, const Scalar& lambd = 0.5);
HEARTH_API Tensor& hardshrink_out(Tensor& out, const Tensor& self, const Scalar& lambd = 0.5);
/// self moved towards 0 by lambd, 0 where it would cross.
HEARTH_API Tensor softshrink(const Tensor& self, const Scalar& lambd = 0.5);
HEARTH_API Tensor& softshrink_out(Tensor& out, const Tensor& self, const Scalar& lambd = 0.5);
/// self where above `threshold`, else `value`.
HEARTH_API Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);
HEARTH_API Tensor& threshold_(const Tensor& self, const Scalar& threshold, const Scalar& value);
HEARTH_API Tensor& threshold_out(Tensor& out, const Tensor& self, const Scalar& threshold, const Scalar& value);
/// self where positive, else weight * self; weight has one element, or one for each channel (dimension 1).
HEARTH_API Tensor prelu(const Tensor& self, const Tensor& weight);
/// The first half of `dim` times the sigmoid of the second.
HEARTH_API Tensor glu(const Tensor& self, int64_t dim = -1);
HEARTH_API Tensor arccos(const Tensor& self);
HEARTH_API Tensor& arccos_(const Tensor& self);
HEARTH_API Tensor& arccos_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor arccosh(const Tensor& self);
HEARTH_API Tensor& arccosh_(const Tensor& self);
HEARTH_API Tensor& arccosh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor arcsin(const Tensor& self);
HEARTH_API Tensor& arcsin_(const Tensor& self);
HEARTH_API Tensor& arcsin_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor arcsinh(const Tensor& self);
HEARTH_API Tensor& arcsinh_(const Tensor& self);
HEARTH_API Tensor& arcsinh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor arctan(const Tensor& self);
HEARTH_API Tensor& arctan_(const Tensor& self);
HEARTH_API Tensor& arctan_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor arctanh(const Tensor& self);
HEARTH_API Tensor& arctanh_(const Tensor& self);
HEARTH_API Tensor& arctanh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor arctan2(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& arctan2_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& arctan2_out(Tensor& out, const Tensor& self, const Tensor& other);
/// Degrees as radians.
HEARTH_API Tensor deg2rad(const Tensor& self);
HEARTH_API Tensor& deg2rad_(const Tensor& self);
HEARTH_API Tensor& deg2rad_out(Tensor& out, const Tensor& self);
/// Radians as degrees.
HEARTH_API Tensor rad2deg(const Tensor& self);
HEARTH_API Tensor& rad2deg_(const Tensor& self);
HEARTH_API Tensor& rad2deg_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor greater(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& greater_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& greater_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor greater(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& greater_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& greater_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor greater_equal(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& greater_equal_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& greater_equal_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor greater_equal(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& greater_equal_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& greater_equal_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor less(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& less_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& less_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor less(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& less_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& less_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor less_equal(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& less_equal_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& less_equal_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor less_equal(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& less_equal_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& less_equal_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor not_equal(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& not_equal_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& not_equal_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor not_equal(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& not_equal_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& not_equal_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor concatenate(TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor& concatenate_out(Tensor& out, TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination);
HEARTH_API Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination);
/// self ^ exponent in float64: the power of integers without overflow.
HEARTH_API Tensor float_power(const Tensor& self, const Tensor& exponent);
HEARTH_API Tensor& float_power_(const Tensor& self, const Tensor& exponent);
HEARTH_API Tensor& float_power_out(Tensor& out, const Tensor& self, const Tensor& exponent);
HEARTH_API Tensor float_power(const Tensor& self, const Scalar& exponent);
HEARTH_API Tensor& float_power_(const Tensor& self, const Scalar& exponent);
HEARTH_API Tensor& float_power_out(Tensor& out, const Tensor& self, const Scalar& exponent);
/// self * 2 ^ other
HEARTH_API Tensor ldexp(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& ldexp_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& ldexp_out(Tensor& out, const Tensor& self, const Tensor& other);
/// True everywhere.
HEARTH_API Tensor isreal(const Tensor& self);
HEARTH_API Tensor real(const Tensor& self);
HEARTH_API Tensor conj(const Tensor& self);
HEARTH_API Tensor conj_physical(const Tensor& self);
HEARTH_API Tensor& conj_physical_(const Tensor& self);
HEARTH_API Tensor& conj_physical_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor resolve_conj(const Tensor& self);
HEARTH_API Tensor resolve_neg(const Tensor& self);
/// pi below 0, else 0; NaN of NaN.
HEARTH_API Tensor angle(const Tensor& self);
HEARTH_API Tensor& angle_out(Tensor& out, const Tensor& self);
HEARTH_API ScalarType promote_types(ScalarType type1, ScalarType type2);
/// The dtype of an operation on both: 0-dim tensors and numbers only decide between bool, integer and floating.
HEARTH_API ScalarType result_type(const Tensor& tensor, const Tensor& other);
HEARTH_API ScalarType result_type(const Tensor& tensor, const Scalar& other);
HEARTH_API ScalarType result_type(const Scalar& scalar, const Tensor& tensor);
HEARTH_API ScalarType result_type(const Scalar& scalar1, const Scalar& scalar2);
/// Whether in-place operations may store results of dtype `from` in `to`: no floating ones in integers, no numbers in
/// bools.
HEARTH_API bool can_cast(ScalarType from, ScalarType to);
/// softmax(scale * query key^T + attn_mask) value. query [*, L, E], key [*, S, E], value [*, S, D]; leading dimensions
/// broadcast. attn_mask broadcasts to [*, L, S]: bool (true takes part) or added. is_causal: query i sees keys 0 to i.
/// scale: 1 / sqrt(E) unless given. Takes O(L + S) memory, but for dropout, halves, a mask's gradient and second
/// derivatives.
HEARTH_API Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& attn_mask = {}, double dropout_p = 0, bool is_causal = false, std::optional<double> scale = std::nullopt);
/// Differences of neighbours along dim, n times; `prepend` and `append` are joined on first.
HEARTH_API Tensor diff(const Tensor& self, int64_t n = 1, int64_t dim = -1, const std::optional<Tensor>& prepend = {}, const std::optional<Tensor>& append = {});
HEARTH_API Tensor& diff_out(Tensor& out, const Tensor& self, int64_t n = 1, int64_t dim = -1, const std::optional<Tensor>& prepend = {}, const std::optional<Tensor>& append = {});
/// The slopes of self along each of dims, by differences of second order inside and of edge_order at the ends;
/// `spacing` is the distance of neighbours.
HEARTH_API std::vector<Tensor> gradient(const Tensor& self, const Scalar& spacing, IntArrayRef dim, int64_t edge_order = 1);
HEARTH_API std::vector<Tensor> gradient(const Tensor& self, const std::optional<Scalar>& spacing = std::nullopt, std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1);
HEARTH_API std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order = 1);
/// A distance for each dimension, or the coordinates along each.
HEARTH_API std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1);
HEARTH_API std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1);
/// The integral of y along dim by the trapezoid rule, at the points x or dx apart.
HEARTH_API Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
HEARTH_API Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
HEARTH_API Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1);
HEARTH_API Tensor trapz(const Tensor& y, double dx = 1, int64_t dim = -1);
/// The running integral: one element fewer than y along dim.
HEARTH_API Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
HEARTH_API Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
/// The covariance matrix of variables (rows) over observations (columns); fweights count an observation several times,
/// aweights weigh it.
HEARTH_API Tensor cov(const Tensor& self, int64_t correction = 1, const std::optional<Tensor>& fweights = {}, const std::optional<Tensor>& aweights = {});
/// Pearson's correlation of the variables (rows).
HEARTH_API Tensor corrcoef(const Tensor& self);
/// Slices along dim scaled down to a p-norm of at most maxnorm.
HEARTH_API Tensor renorm(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm);
HEARTH_API Tensor& renorm_(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm);
HEARTH_API Tensor& renorm_out(Tensor& out, const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm);
/// (sum |x|^p)^(1/p) over all elements of all tensors; the largest magnitude for infinite p.
HEARTH_API double _total_norm(TensorList tensors, double norm_type);
/// Every tensor times factor, in place; nothing is recorded.
HEARTH_API void _scale_(TensorList tensors, double factor);
HEARTH_API Tensor eq(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& eq_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& eq_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor eq(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& eq_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& eq_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor ne(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& ne_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& ne_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor ne(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& ne_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& ne_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor lt(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& lt_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& lt_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor lt(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& lt_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& lt_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor le(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& le_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& le_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor le(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& le_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& le_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor gt(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& gt_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& gt_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor gt(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& gt_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& gt_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor ge(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& ge_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& ge_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor ge(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& ge_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& ge_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor logical_and(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logical_and_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logical_and_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor logical_or(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logical_or_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logical_or_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor logical_xor(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logical_xor_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logical_xor_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor logical_not(const Tensor& self);
HEARTH_API Tensor& logical_not_(const Tensor& self);
HEARTH_API Tensor& logical_not_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor bitwise_and(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_and_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_and_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor bitwise_and(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& bitwise_and_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& bitwise_and_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor bitwise_or(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_or_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_or_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor bitwise_or(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& bitwise_or_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& bitwise_or_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor bitwise_xor(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_xor_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_xor_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor bitwise_xor(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& bitwise_xor_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& bitwise_xor_out(Tensor& out, const Tensor& self, const Scalar& other);
/// The complement of an integer's bits; `not` of a bool.
HEARTH_API Tensor bitwise_not(const Tensor& self);
HEARTH_API Tensor& bitwise_not_(const Tensor& self);
HEARTH_API Tensor& bitwise_not_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor bitwise_left_shift(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_left_shift_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_left_shift_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor bitwise_right_shift(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_right_shift_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& bitwise_right_shift_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor isnan(const Tensor& self);
HEARTH_API Tensor& isnan_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor isinf(const Tensor& self);
HEARTH_API Tensor& isinf_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor isfinite(const Tensor& self);
HEARTH_API Tensor isposinf(const Tensor& self);
HEARTH_API Tensor& isposinf_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor isneginf(const Tensor& self);
HEARTH_API Tensor& isneginf_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor signbit(const Tensor& self);
HEARTH_API Tensor& signbit_out(Tensor& out, const Tensor& self);
/// |self - other| <= atol + rtol * |other|, elementwise; equal infinities are close, NaNs where equal_nan.
HEARTH_API Tensor isclose(const Tensor& self, const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false);
HEARTH_API bool allclose(const Tensor& self, const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false);
/// Whether two tensors have the same shape and elements.
HEARTH_API bool equal(const Tensor& self, const Tensor& other);
/// self where condition, else other; all broadcast.
HEARTH_API Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
HEARTH_API Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& self, const Tensor& other);
HEARTH_API Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
HEARTH_API Tensor& where_out(Tensor& out, const Tensor& condition, const Scalar& self, const Tensor& other);
HEARTH_API Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
HEARTH_API Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& self, const Scalar& other);
HEARTH_API Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
HEARTH_API Tensor& where_out(Tensor& out, const Tensor& condition, const Scalar& self, const Scalar& other);
/// Whether the one element is not zero.
HEARTH_API bool is_nonzero(const Tensor& self);
HEARTH_API bool is_same_size(const Tensor& self, const Tensor& other);
/// self with `value` (0-dim) where mask is true; mask broadcasts with self.
HEARTH_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);
HEARTH_API Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Tensor& value);
HEARTH_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
HEARTH_API Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Scalar& value);
/// start + weight * (end - start)
HEARTH_API Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight);
HEARTH_API Tensor& lerp_(const Tensor& self, const Tensor& end, const Scalar& weight);
HEARTH_API Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Scalar& weight);
HEARTH_API Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
HEARTH_API Tensor& lerp_(const Tensor& self, const Tensor& end, const Tensor& weight);
HEARTH_API Tensor& lerp_out(Tensor& out, const Tensor& self, const Tensor& end, const Tensor& weight);
/// self + value * tensor1 * tensor2
HEARTH_API Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
HEARTH_API Tensor& addcmul_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
HEARTH_API Tensor& addcmul_out(Tensor& out, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
/// self + value * tensor1 / tensor2
HEARTH_API Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
HEARTH_API Tensor& addcdiv_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
HEARTH_API Tensor& addcdiv_out(Tensor& out, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
/// Sums of products after Einstein's convention: einsum("bij,bjk->bik", {a, b}). Repeated labels of one tensor take its
/// diagonal, "..." stands for dimensions without names, which broadcast; without "->" the labels that come once are the
/// result's. `path`: the order of pairs to contract, by place; from left to right unless given.
HEARTH_API Tensor einsum(std::string_view equation, TensorList tensors, const std::optional<std::vector<int64_t>>& path = std::nullopt);
/// The sum over dims_self of self with dims_other of other.
HEARTH_API Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other);
HEARTH_API Tensor& tensordot_out(Tensor& out, const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other);
/// The sum over the last dimension of both; a product if one is 0-dim.
HEARTH_API Tensor inner(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& inner_out(Tensor& out, const Tensor& self, const Tensor& other);
/// The Kronecker product: blocks of other, weighted by the elements of self.
HEARTH_API Tensor kron(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& kron_out(Tensor& out, const Tensor& self, const Tensor& other);
/// The cross product of vectors of 3 along dim (the first dimension of size 3 unless given).
HEARTH_API Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim = std::nullopt);
HEARTH_API Tensor& cross_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<int64_t> dim = std::nullopt);
/// beta * self + alpha * the outer product of vec1 and vec2
HEARTH_API Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addr_(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addr_out(Tensor& out, const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1);
namespace linalg {
/// The product of matrices, in the order that takes the fewest multiplications.
HEARTH_API Tensor multi_dot(TensorList tensors);
}  // namespace linalg
HEARTH_API Tensor chain_matmul(TensorList matrices);
/// The general convolution over 1 to 3 spatial dimensions: input [N, C, …], weight [O, C / groups, k…] (transposed:
/// [C, O / groups, k…]), bias [O] or undefined. Cross-correlation, as everywhere in deep learning.
HEARTH_API Tensor convolution(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups);
HEARTH_API Tensor conv1d(const Tensor& input, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
HEARTH_API Tensor conv2d(const Tensor& input, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
HEARTH_API Tensor conv3d(const Tensor& input, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
/// With padding "same" (output as large as the input) or "valid" (none).
HEARTH_API Tensor conv1d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation = 1, int64_t groups = 1);
HEARTH_API Tensor conv2d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation = 1, int64_t groups = 1);
HEARTH_API Tensor conv3d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation = 1, int64_t groups = 1);
HEARTH_API Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1);
HEARTH_API Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1);
HEARTH_API Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1);
/// self with `value` around it: pad holds two numbers for each of the last dimensions, last dimension first; negative
/// ones cut off.
HEARTH_API Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value = 0);
/// A contiguous copy; recorded.
HEARTH_API Tensor clone(const Tensor& self, std::optional<MemoryFormat> memory_format = std::nullopt);
/// self, or a copy of it whose elements lie in row-major order.
HEARTH_API Tensor contiguous(const Tensor& self, MemoryFormat memory_format = MemoryFormat::Contiguous);
HEARTH_API Tensor type_as(const Tensor& self, const Tensor& other);
/// The negative log-likelihood of label sequences, summed over all alignments (Graves et al., 2006). log_probs [T, N,
/// C] (or [T, C]) come from log_softmax: the gradient is the one that its gradient turns into softmax - posterior, as
/// in LibTorch. targets [N, S], or all of them in one row. The mean divides by the target lengths first.
HEARTH_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths, int64_t blank = 0, int64_t reduction = Reduction::Mean, bool zero_infinity = false);
HEARTH_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths, int64_t blank = 0, int64_t reduction = Reduction::Mean, bool zero_infinity = false);
/// The cosine of the angle between x1 and x2 along dim; norms count as at least eps.
HEARTH_API Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-08);
/// The p-norm of x1 - x2 + eps along the last dimension.
HEARTH_API Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-06, bool keepdim = false);
/// All distances between the rows of x1 [B…, P, M] and x2 [B…, R, M]: [B…, P, R]. compute_mode: 0 or none: by a matrix
/// product where p is 2 and there are more than 25 rows, 1: always for p = 2, 2: never.
HEARTH_API Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2, std::optional<int64_t> compute_mode = std::nullopt);
/// The distances between all pairs of rows of self [N, M], in the order (0, 1), (0, 2), …, (1, 2), …: [N (N - 1) / 2].
HEARTH_API Tensor pdist(const Tensor& self, double p = 2);
/// out[…, o] = input1[…, :] weight[o] input2[…, :]^T + bias[o]; weight [O, M1, M2].
HEARTH_API Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = {});
/// Rows of weight [num, features] for indices [n], combined by bags that begin at offsets: mode 0 sums, 1 takes the
/// mean, 2 the largest. include_last_offset: the last offset is the end. padding_idx counts nowhere. per_sample_weights
/// [n] multiply the rows (mode 0). Gives the bags [B, features], each index's bag, the bags' sizes, and the indices
/// that won (mode 2). An empty bag is 0.
HEARTH_API std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq = false, int64_t mode = 0, bool sparse = false, const Tensor& per_sample_weights = {}, bool include_last_offset = false, std::optional<int64_t> padding_idx = std::nullopt);
/// Rows of self that indices name and whose norm exceeds max_norm are scaled down to it, in place.
HEARTH_API Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type);
namespace linalg {
/// The factor L of self = L L^T (or U of U^T U) and, for each matrix, 0 or the order of the leading minor that is not
/// positive definite. check_errors throws LinAlgError in place of the latter.
HEARTH_API std::tuple<Tensor, Tensor> cholesky_ex(const Tensor& self, bool upper = false, bool check_errors = false);
}  // namespace linalg
namespace linalg {
/// The factor L of a positive definite self = L L^T, or U of U^T U. LinAlgError where self is not.
HEARTH_API Tensor cholesky(const Tensor& self, bool upper = false);
HEARTH_API Tensor& cholesky_out(Tensor& out, const Tensor& self, bool upper = false);
}  // namespace linalg
namespace linalg {
/// P L U packed: L below the diagonal (its own is 1), U on and above it; the row swaps, from 1; and for each matrix 0
/// or the place of the first zero on U's diagonal.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> lu_factor_ex(const Tensor& self, bool pivot = true, bool check_errors = false);
}  // namespace linalg
namespace linalg {
HEARTH_API std::tuple<Tensor, Tensor> lu_factor(const Tensor& self, bool pivot = true);
}  // namespace linalg
namespace linalg {
/// P, L and U of self = P L U.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> lu(const Tensor& self, bool pivot = true);
}  // namespace linalg
namespace linalg {
/// self = Q R. mode: "reduced" (Q [m, k], R [k, n]), "complete" (Q [m, m], R [m, n]), or "r" (Q empty).
HEARTH_API std::tuple<Tensor, Tensor> qr(const Tensor& self, std::string_view mode = "reduced");
}  // namespace linalg
namespace linalg {
/// Eigenvalues, rising, and eigenvectors (columns) of a symmetric matrix, of which one triangle is read. The gradient
/// of the vectors is finite only where all values differ.
HEARTH_API std::tuple<Tensor, Tensor> eigh(const Tensor& self, std::string_view UPLO = "L");
}  // namespace linalg
namespace linalg {
/// The eigenvalues alone; their gradient is always finite.
HEARTH_API Tensor eigvalsh(const Tensor& self, std::string_view UPLO = "L");
HEARTH_API Tensor& eigvalsh_out(Tensor& out, const Tensor& self, std::string_view UPLO = "L");
}  // namespace linalg
namespace linalg {
/// Out of scope: eigenvalues of a matrix that is not symmetric are complex.
HEARTH_API std::tuple<Tensor, Tensor> eig(const Tensor& self);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor eigvals(const Tensor& self);
}  // namespace linalg
namespace linalg {
/// self = U diag(S) Vh with S falling; full_matrices makes U and Vh square. Gradients of U and Vh are finite only where
/// all singular values differ (and are not zero), and only of the first min(m, n) vectors.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool full_matrices = true, std::optional<std::string_view> driver = std::nullopt);
}  // namespace linalg
namespace linalg {
/// The singular values alone, falling; their gradient is always finite.
HEARTH_API Tensor svdvals(const Tensor& self, std::optional<std::string_view> driver = std::nullopt);
HEARTH_API Tensor& svdvals_out(Tensor& out, const Tensor& self, std::optional<std::string_view> driver = std::nullopt);
}  // namespace linalg
namespace linalg {
/// The product of Householder reflections 1 - tau v v^T, v in the columns of input below its diagonal: [m, n].
HEARTH_API Tensor householder_product(const Tensor& input, const Tensor& tau);
HEARTH_API Tensor& householder_product_out(Tensor& out, const Tensor& input, const Tensor& tau);
}  // namespace linalg
/// P, L and U from a packed LU and its pivots.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data = true, bool unpack_pivots = true);
/// The windows of self [N, C, H, W] (or without N) as columns: [N, C * kernel, windows].
HEARTH_API Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride);
/// Columns [N, C * kernel, windows] (or without N) summed into planes [N, C, output_size]: im2col's gradient.
HEARTH_API Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride);
/// [*, C * r^2, H, W] as [*, C, H * r, W * r] (Shi et al., 2016).
HEARTH_API Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor);
/// [*, C, H * r, W * r] as [*, C * r^2, H, W].
HEARTH_API Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor);
/// The channels [N, C, …], C being groups * n, reordered so that neighbours come of different groups (Zhang et al.,
/// 2018).
HEARTH_API Tensor channel_shuffle(const Tensor& self, int64_t groups);
/// input [N, C, H, W] at the points of grid [N, h, w, 2] as [N, C, h, w]; with a depth, [N, C, D, H, W] and
/// [N, d, h, w, 3]. A point is (x, y) or (x, y, z), -1 and 1 being the outermost elements (align_corners) or their
/// outer edges. interpolation_mode: 0 bilinear, 1 nearest, 2 bicubic; padding_mode, for points outside: 0 zeros, 1 the
/// border's element, 2 mirrored.
HEARTH_API Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners);
/// The grid that theta [N, 2, 3] (or [N, 3, 4]) makes of the regular one, for outputs of `size` [N, C, H, W] (or
/// [N, C, D, H, W]): [N, H, W, 2] or [N, D, H, W, 3].
HEARTH_API Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners);
/// The slices index[i] of dimension dim.
HEARTH_API Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index);
HEARTH_API Tensor& index_select_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index);
/// self with alpha * source added at the slices index[i] of dimension dim.
HEARTH_API Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
HEARTH_API Tensor& index_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
HEARTH_API Tensor& index_add_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
/// self with source written at the slices index[i] of dimension dim.
HEARTH_API Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
HEARTH_API Tensor& index_copy_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
HEARTH_API Tensor& index_copy_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
/// self with `value` at the slices index[i] of dimension dim.
HEARTH_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
HEARTH_API Tensor& index_fill_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
HEARTH_API Tensor& index_fill_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
/// out[i][j] = self[index[i][j]][j] for dim 0, and so on.
HEARTH_API Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad = false);
HEARTH_API Tensor& gather_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad = false);
/// self with src written at index: out[index[i][j]][j] = src[i][j] for dim 0. The last of equal places wins, and only
/// its gradient would be right: use scatter_add where places repeat.
HEARTH_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
HEARTH_API Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
HEARTH_API Tensor& scatter_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
HEARTH_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
HEARTH_API Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
HEARTH_API Tensor& scatter_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
/// self with src added at index; places may repeat.
HEARTH_API Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
HEARTH_API Tensor& scatter_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
HEARTH_API Tensor& scatter_add_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
/// The elements where mask is true, as a vector; mask broadcasts with self.
HEARTH_API Tensor masked_select(const Tensor& self, const Tensor& mask);
HEARTH_API Tensor& masked_select_out(Tensor& out, const Tensor& self, const Tensor& mask);
/// The coordinates of the elements that are not zero, one row each.
HEARTH_API Tensor nonzero(const Tensor& self);
HEARTH_API Tensor& nonzero_out(Tensor& out, const Tensor& self);
/// Its first `size` rows; where there are fewer, the rest is fill_value.
HEARTH_API Tensor nonzero_static(const Tensor& self, int64_t size, int64_t fill_value = -1);
/// The coordinates as one index tensor for each dimension, as NumPy has them.
HEARTH_API std::vector<Tensor> nonzero_numpy(const Tensor& self);
/// The same, as one index tensor for each dimension.
HEARTH_API std::vector<Tensor> where(const Tensor& condition);
HEARTH_API Tensor argwhere(const Tensor& self);
HEARTH_API Tensor& argwhere_out(Tensor& out, const Tensor& self);
/// The elements at flat places.
HEARTH_API Tensor take(const Tensor& self, const Tensor& index);
HEARTH_API Tensor& take_out(Tensor& out, const Tensor& self, const Tensor& index);
/// gather whose index broadcasts with self.
HEARTH_API Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim = std::nullopt);
HEARTH_API Tensor& take_along_dim_out(Tensor& out, const Tensor& self, const Tensor& indices, std::optional<int64_t> dim = std::nullopt);
/// Rows of weight [num, features] for each index; the result has features as a new last dimension. The row padding_idx
/// gets no gradient.
HEARTH_API Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1, bool scale_grad_by_freq = false, bool sparse = false);
/// 1 at each index along a new last dimension of num_classes (the largest index + 1), else 0.
HEARTH_API Tensor one_hot(const Tensor& self, int64_t num_classes = -1);
/// self[indices], one tensor for each dimension.
HEARTH_API Tensor index(const Tensor& self, const std::vector<Tensor>& indices);
/// Writes values at self[indices], or adds them where accumulate is true (places may repeat then).
HEARTH_API Tensor& index_put_(Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate = false);
HEARTH_API Tensor index_put(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate = false);
/// Tensors one after the other along dim; the other sizes must be equal. Empty 1-dim tensors are left out, as in
/// PyTorch.
HEARTH_API Tensor cat(TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor& cat_out(Tensor& out, TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor concat(TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor& concat_out(Tensor& out, TensorList tensors, int64_t dim = 0);
/// Tensors of one shape, along a new dimension dim.
HEARTH_API Tensor stack(TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor& stack_out(Tensor& out, TensorList tensors, int64_t dim = 0);
HEARTH_API Tensor vstack(TensorList tensors);
HEARTH_API Tensor& vstack_out(Tensor& out, TensorList tensors);
HEARTH_API Tensor hstack(TensorList tensors);
HEARTH_API Tensor& hstack_out(Tensor& out, TensorList tensors);
/// self repeats[i] times along each dimension; repeats may be longer than self's dimensions.
HEARTH_API Tensor repeat(const Tensor& self, IntArrayRef repeats);
/// Like repeat, with missing repeats counted as 1 in front.
HEARTH_API Tensor tile(const Tensor& self, IntArrayRef dims);
/// Each element (or slice along dim) `repeats` times in a row.
HEARTH_API Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim = std::nullopt);
/// Reversed along dims.
HEARTH_API Tensor flip(const Tensor& self, IntArrayRef dims);
/// Columns reversed: the second dimension.
HEARTH_API Tensor fliplr(const Tensor& self);
/// Rows reversed: the first dimension.
HEARTH_API Tensor flipud(const Tensor& self);
/// Shifted along dims, what falls out coming back at the other end; without dims, of the flattened tensor.
HEARTH_API Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});
/// The last two dimensions turned by k * 90 degrees, from dims[0] towards dims[1].
HEARTH_API Tensor rot90(const Tensor& self, int64_t k = 1, IntArrayRef dims = {0, 1});
/// The elements on and below the diagonal of the last two dimensions, the others 0.
HEARTH_API Tensor tril(const Tensor& self, int64_t diagonal = 0);
HEARTH_API Tensor& tril_(const Tensor& self, int64_t diagonal = 0);
HEARTH_API Tensor& tril_out(Tensor& out, const Tensor& self, int64_t diagonal = 0);
HEARTH_API Tensor triu(const Tensor& self, int64_t diagonal = 0);
HEARTH_API Tensor& triu_(const Tensor& self, int64_t diagonal = 0);
HEARTH_API Tensor& triu_out(Tensor& out, const Tensor& self, int64_t diagonal = 0);
/// A vector as a matrix's diagonal, or a matrix's diagonal as a vector.
HEARTH_API Tensor diag(const Tensor& self, int64_t diagonal = 0);
HEARTH_API Tensor& diag_out(Tensor& out, const Tensor& self, int64_t diagonal = 0);
/// The sum of a matrix's diagonal.
HEARTH_API Tensor trace(const Tensor& self);
/// Coordinates of a grid: one tensor for each input vector; indexing is "ij" or "xy".
HEARTH_API std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing = "ij");
namespace linalg {
/// The factors of a symmetric self, packed as LAPACK's sytrf does (L below the diagonal, D of blocks of 1 and 2), the
/// pivots, and 0 or the place of the first block of D that is zero. Only the lower triangle is read.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> ldl_factor_ex(const Tensor& self, bool hermitian = false, bool check_errors = false);
}  // namespace linalg
namespace linalg {
HEARTH_API std::tuple<Tensor, Tensor> ldl_factor(const Tensor& self, bool hermitian = false);
}  // namespace linalg
namespace linalg {
/// X of A X = B by what ldl_factor gave for A.
HEARTH_API Tensor ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false);
HEARTH_API Tensor& ldl_solve_out(Tensor& out, const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false);
}  // namespace linalg
/// self = Q R with Q left as reflections: R on and above the diagonal, their vectors below it, and their factors tau.
/// linalg::householder_product makes Q of them, ormqr multiplies by it.
HEARTH_API std::tuple<Tensor, Tensor> geqrf(const Tensor& self);
/// Q input3 (or input3 Q without left) for the Q of geqrf's result self and input2, or its transpose.
HEARTH_API Tensor ormqr(const Tensor& self, const Tensor& input2, const Tensor& input3, bool left = true, bool transpose = false);
HEARTH_API Tensor& ormqr_out(Tensor& out, const Tensor& self, const Tensor& input2, const Tensor& input3, bool left = true, bool transpose = false);
namespace linalg {
/// The Moore-Penrose inverse; singular values of at most max(atol, rtol * the largest) count as zero.
HEARTH_API Tensor pinv(const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol = {}, bool hermitian = false);
HEARTH_API Tensor& pinv_out(Tensor& out, const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol = {}, bool hermitian = false);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor pinv(const Tensor& self, double rcond = 1e-15, bool hermitian = false);
}  // namespace linalg
namespace linalg {
/// How many singular values (or sizes of eigenvalues) exceed max(atol, rtol * the largest).
HEARTH_API Tensor matrix_rank(const Tensor& self, std::optional<double> atol = std::nullopt, std::optional<double> rtol = std::nullopt, bool hermitian = false);
}  // namespace linalg
namespace linalg {
/// The X that minimises |self X - B|, of least norm: X, the residuals (where self has full rank and more rows than
/// columns), the rank, and the singular values (drivers gelsd and gelss). Drivers gels and gelsy are by QR, which wants
/// full rank.
HEARTH_API std::tuple<Tensor, Tensor, Tensor, Tensor> lstsq(const Tensor& self, const Tensor& b, std::optional<double> rcond = std::nullopt, std::optional<std::string_view> driver = std::nullopt);
}  // namespace linalg
namespace linalg {
/// self multiplied by itself n times, or its inverse -n times.
HEARTH_API Tensor matrix_power(const Tensor& self, int64_t n);
HEARTH_API Tensor& matrix_power_out(Tensor& out, const Tensor& self, int64_t n);
}  // namespace linalg
namespace linalg {
/// The exponential of square matrices, by scaling and squaring of the Padé approximant of degree 13 (Higham, "The
/// scaling and squaring method for the matrix exponential revisited", 2005).
HEARTH_API Tensor matrix_exp(const Tensor& self);
}  // namespace linalg
namespace linalg {
/// The inverse of self as a linear map from its last dimensions to its first `ind`.
HEARTH_API Tensor tensorinv(const Tensor& self, int64_t ind = 2);
HEARTH_API Tensor& tensorinv_out(Tensor& out, const Tensor& self, int64_t ind = 2);
}  // namespace linalg
namespace linalg {
/// X of tensordot(self, X, X.dim()) = other; `dims` of self are moved to its end first.
HEARTH_API Tensor tensorsolve(const Tensor& self, const Tensor& other, std::optional<IntArrayRef> dims = std::nullopt);
HEARTH_API Tensor& tensorsolve_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<IntArrayRef> dims = std::nullopt);
}  // namespace linalg
namespace linalg {
/// The sum of products along dim.
HEARTH_API Tensor vecdot(const Tensor& x, const Tensor& y, int64_t dim = -1);
HEARTH_API Tensor& vecdot_out(Tensor& out, const Tensor& x, const Tensor& y, int64_t dim = -1);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor cross(const Tensor& self, const Tensor& other, int64_t dim = -1);
HEARTH_API Tensor& cross_out(Tensor& out, const Tensor& self, const Tensor& other, int64_t dim = -1);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor diagonal(const Tensor& A, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor matmul(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& matmul_out(Tensor& out, const Tensor& self, const Tensor& other);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor vander(const Tensor& x, std::optional<int64_t> N = std::nullopt);
}  // namespace linalg
namespace linalg {
/// The ord-norm of vectors along dim, or of all elements.
HEARTH_API Tensor vector_norm(const Tensor& self, const Scalar& ord = 2, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& vector_norm_out(Tensor& out, const Tensor& self, const Scalar& ord = 2, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace linalg
namespace linalg {
/// The norm of matrices: the largest (ord 2) or least (-2) singular value, the largest or least sum of a column (1, -1)
/// or row (inf, -inf).
HEARTH_API Tensor matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& matrix_norm_out(Tensor& out, const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace linalg
namespace linalg {
/// "fro": the root of the sum of squares; "nuc": the sum of the singular values.
HEARTH_API Tensor matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace linalg
namespace linalg {
/// vector_norm, or matrix_norm where dim names two dimensions or is left out for a matrix with an ord.
HEARTH_API Tensor norm(const Tensor& self, const std::optional<Scalar>& ord = std::nullopt, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor norm(const Tensor& self, std::string_view ord, std::optional<IntArrayRef> dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace linalg
namespace linalg {
/// norm(self) * norm(inverse of self); by singular values for 2 (the default) and -2.
HEARTH_API Tensor cond(const Tensor& self, const std::optional<Scalar>& p = std::nullopt);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor cond(const Tensor& self, std::string_view p);
}  // namespace linalg
HEARTH_API Tensor det(const Tensor& self);
HEARTH_API std::tuple<Tensor, Tensor> slogdet(const Tensor& self);
/// The logarithm of the determinant; NaN where it is negative.
HEARTH_API Tensor logdet(const Tensor& self);
HEARTH_API Tensor inverse(const Tensor& self);
HEARTH_API Tensor& inverse_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor pinverse(const Tensor& self, double rcond = 1e-15);
HEARTH_API Tensor matrix_power(const Tensor& self, int64_t n);
HEARTH_API Tensor matrix_exp(const Tensor& self);
HEARTH_API Tensor cholesky(const Tensor& self, bool upper = false);
/// The inverse of the matrix whose Cholesky factor self is.
HEARTH_API Tensor cholesky_inverse(const Tensor& self, bool upper = false);
/// X of A X = self, where input2 is A's Cholesky factor.
HEARTH_API Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper = false);
HEARTH_API std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some = true);
/// U, S and V (not its transpose) of self = U diag(S) V^T.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some = true, bool compute_uv = true);
/// X of A X = self for a triangular A, and a copy of A.
HEARTH_API std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper = true, bool transpose = false, bool unitriangular = false);
HEARTH_API Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots);
HEARTH_API Tensor orgqr(const Tensor& self, const Tensor& input2);
HEARTH_API Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false);
HEARTH_API Tensor nuclear_norm(const Tensor& self, bool keepdim = false);
namespace linalg {
/// X of self X = B (left) or X self = B, for a triangular self; only its triangle is read.
HEARTH_API Tensor solve_triangular(const Tensor& self, const Tensor& B, bool upper, bool left = true, bool unitriangular = false);
HEARTH_API Tensor& solve_triangular_out(Tensor& out, const Tensor& self, const Tensor& B, bool upper, bool left = true, bool unitriangular = false);
}  // namespace linalg
namespace linalg {
/// X of A X = B (or X A = B without left) and 0 for each matrix that could be solved. B may be a vector.
HEARTH_API std::tuple<Tensor, Tensor> solve_ex(const Tensor& A, const Tensor& B, bool left = true, bool check_errors = false);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor solve(const Tensor& A, const Tensor& B, bool left = true);
HEARTH_API Tensor& solve_out(Tensor& out, const Tensor& A, const Tensor& B, bool left = true);
}  // namespace linalg
namespace linalg {
/// solve by what lu_factor gave.
HEARTH_API Tensor lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false);
HEARTH_API Tensor& lu_solve_out(Tensor& out, const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false);
}  // namespace linalg
namespace linalg {
/// The inverse, and 0 for each matrix that has one.
HEARTH_API std::tuple<Tensor, Tensor> inv_ex(const Tensor& self, bool check_errors = false);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor inv(const Tensor& self);
HEARTH_API Tensor& inv_out(Tensor& out, const Tensor& self);
}  // namespace linalg
namespace linalg {
HEARTH_API Tensor det(const Tensor& self);
HEARTH_API Tensor& det_out(Tensor& out, const Tensor& self);
}  // namespace linalg
namespace linalg {
/// The sign of the determinant (0 of a singular matrix) and the logarithm of its size.
HEARTH_API std::tuple<Tensor, Tensor> slogdet(const Tensor& self);
}  // namespace linalg
/// The negative log-likelihood of target [N, …] (class indices, int64) under log-probabilities self [N, C, …] or [C].
/// Targets equal to ignore_index don't count; the mean is weighted by weight [C] where defined.
HEARTH_API Tensor nll_loss(const Tensor& self, const Tensor& target, const Tensor& weight = {}, int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
HEARTH_API Tensor nll_loss_nd(const Tensor& self, const Tensor& target, const Tensor& weight = {}, int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
HEARTH_API Tensor nll_loss2d(const Tensor& self, const Tensor& target, const Tensor& weight = {}, int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
/// The cross entropy between logits self [N, C, …] or [C] and target: class indices [N, …] (int64), or probabilities of
/// self's shape.
HEARTH_API Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const Tensor& weight = {}, int64_t reduction = Reduction::Mean, int64_t ignore_index = -100, double label_smoothing = 0);
/// (self - target)^2
HEARTH_API Tensor mse_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
HEARTH_API Tensor& mse_loss_out(Tensor& out, const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
/// |self - target|
HEARTH_API Tensor l1_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
/// Squared below beta and linear above (Girshick, 2015).
HEARTH_API Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, double beta = 1);
HEARTH_API Tensor& smooth_l1_loss_out(Tensor& out, const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, double beta = 1);
/// Squared below delta and linear above (Huber, 1964).
HEARTH_API Tensor huber_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, double delta = 1);
HEARTH_API Tensor& huber_loss_out(Tensor& out, const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, double delta = 1);
/// -(target * log(self) + (1 - target) * log(1 - self)), logarithms at least -100; self must be in [0, 1].
HEARTH_API Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const Tensor& weight = {}, int64_t reduction = Reduction::Mean);
/// The same of sigmoid(self), without overflow; pos_weight multiplies the positive part of each class (last dimension).
HEARTH_API Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const Tensor& weight = {}, const Tensor& pos_weight = {}, int64_t reduction = Reduction::Mean);
/// target * (log(target) - self) for log-probabilities self; with log_target, target holds logarithms too.
HEARTH_API Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, bool log_target = false);
/// self where target is 1, max(0, margin - self) where it is -1.
HEARTH_API Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin = 1, int64_t reduction = Reduction::Mean);
/// 1 - cos(input1, input2) where target is 1, max(0, cos - margin) where it is -1. Inputs [N, D] with target [N], or
/// [D] with a 0-dim target.
HEARTH_API Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0, int64_t reduction = Reduction::Mean);
/// max(0, margin - target * (input1 - input2)); target 1 asks that input1 ranks higher, -1 lower.
HEARTH_API Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0, int64_t reduction = Reduction::Mean);
/// sum over the other classes i of weight[y] max(0, margin - self[y] + self[i])^p / C for the class y of target [N].
HEARTH_API Tensor multi_margin_loss(const Tensor& self, const Tensor& target, const Scalar& p = 1, const Scalar& margin = 1, const Tensor& weight = {}, int64_t reduction = Reduction::Mean);
/// sum over the labels y and the other classes i of max(0, 1 - (self[y] - self[i])) / C. target has self's shape [N, C]
/// or [C] and lists each row's labels, ended by -1.
HEARTH_API Tensor multilabel_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
/// log(1 + exp(-target * self)) for targets 1 and -1.
HEARTH_API Tensor soft_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
/// max(0, margin + d(anchor, positive) - d(anchor, negative)) with d the p-norm; with swap, the nearer of anchor and
/// positive counts against the negative (Balntas et al., 2016).
HEARTH_API Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin = 1, double p = 2, double eps = 1e-06, bool swap = false, int64_t reduction = Reduction::Mean);
/// -log P(target) of a Poisson distribution without constants: exp(input) - target * input, or, without log_input,
/// input - target * log(input + eps); `full` adds Stirling's approximation of log(target!) for targets above 1.
HEARTH_API Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps, int64_t reduction);
/// The product of two matrices.
HEARTH_API Tensor mm(const Tensor& self, const Tensor& mat2);
HEARTH_API Tensor& mm_out(Tensor& out, const Tensor& self, const Tensor& mat2);
/// The products of two stacks of matrices, [B, M, K] and [B, K, N].
HEARTH_API Tensor bmm(const Tensor& self, const Tensor& mat2);
HEARTH_API Tensor& bmm_out(Tensor& out, const Tensor& self, const Tensor& mat2);
/// A matrix times a vector.
HEARTH_API Tensor mv(const Tensor& self, const Tensor& vec);
HEARTH_API Tensor& mv_out(Tensor& out, const Tensor& self, const Tensor& vec);
/// The sum of the products of two vectors' elements.
HEARTH_API Tensor dot(const Tensor& self, const Tensor& tensor);
HEARTH_API Tensor& dot_out(Tensor& out, const Tensor& self, const Tensor& tensor);
HEARTH_API Tensor vdot(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& vdot_out(Tensor& out, const Tensor& self, const Tensor& other);
/// All products of two vectors' elements, as a matrix.
HEARTH_API Tensor outer(const Tensor& self, const Tensor& vec2);
HEARTH_API Tensor& outer_out(Tensor& out, const Tensor& self, const Tensor& vec2);
HEARTH_API Tensor ger(const Tensor& self, const Tensor& vec2);
HEARTH_API Tensor& ger_out(Tensor& out, const Tensor& self, const Tensor& vec2);
/// Products over the last two dimensions, with the leading ones broadcast; vectors count as a row on the left and as a
/// column on the right, and that dimension is dropped again.
HEARTH_API Tensor matmul(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& matmul_out(Tensor& out, const Tensor& self, const Tensor& other);
/// beta * self + alpha * (mat1 @ mat2); self broadcasts.
HEARTH_API Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addmm_(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addmm_out(Tensor& out, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addmv_(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addmv_out(Tensor& out, const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& addbmm_out(Tensor& out, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& baddbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
HEARTH_API Tensor& baddbmm_out(Tensor& out, const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// input [*, in] times weight [out, in] transposed, plus bias [out] if it is defined.
HEARTH_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
HEARTH_API Tensor& linear_out(Tensor& out, const Tensor& input, const Tensor& weight, const Tensor& bias = {});
/// Dimensions start_dim to end_dim as one, called out_dim.
HEARTH_API Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim, Dimname out_dim);
HEARTH_API Tensor flatten(const Tensor& self, Dimname start_dim, Dimname end_dim, Dimname out_dim);
/// The dimensions dims, neighbours in this order, as one called out_dim.
HEARTH_API Tensor flatten(const Tensor& self, DimnameList dims, Dimname out_dim);
/// Dimension dim as several, each with its name; one size may be -1.
HEARTH_API Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes, DimnameList names);
HEARTH_API Tensor unflatten(const Tensor& self, Dimname dim, IntArrayRef sizes, DimnameList names);
/// Joined along the dimension that the first tensor calls dim.
HEARTH_API Tensor cat(TensorList tensors, Dimname dim);
HEARTH_API Tensor& cat_out(Tensor& out, TensorList tensors, Dimname dim);
/// self where positive, else times a slope: of [lower, upper] for each element at random while training, their middle
/// otherwise (Xu et al., 2015).
HEARTH_API Tensor rrelu(const Tensor& self, const Scalar& lower = 0.125, const Scalar& upper = 0.3333333333333333, bool training = false, std::optional<Generator> generator = std::nullopt);
HEARTH_API Tensor& rrelu_(const Tensor& self, const Scalar& lower = 0.125, const Scalar& upper = 0.3333333333333333, bool training = false, std::optional<Generator> generator = std::nullopt);
/// Elements are dropped with probability p so that SELU's mean and variance stay.
HEARTH_API Tensor alpha_dropout(const Tensor& self, double p, bool train);
HEARTH_API Tensor& alpha_dropout_(const Tensor& self, double p, bool train);
/// Whole channels (dimension 1) are.
HEARTH_API Tensor feature_alpha_dropout(const Tensor& self, double p, bool train);
HEARTH_API Tensor& feature_alpha_dropout_(const Tensor& self, double p, bool train);
/// input [N, C, …] normalised over all but the channels, times weight [C] plus bias [C] where defined. Training: by the
/// batch's statistics, towards which running_mean and running_var [C] move by momentum; else by the running ones
/// (Ioffe and Szegedy, 2015).
HEARTH_API Tensor batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean, const Tensor& running_var, bool training, double momentum, double eps, bool cudnn_enabled = true);
/// input normalised over its last dimensions, which must be normalized_shape, times weight plus bias of that shape
/// where defined (Ba, Kiros and Hinton, 2016).
HEARTH_API Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight = {}, const Tensor& bias = {}, double eps = 1e-05, bool cudnn_enable = true);
/// input [N, C, …] normalised over each of num_groups groups of channels, times weight [C] plus bias [C] where defined
/// (Wu and He, 2018).
HEARTH_API Tensor group_norm(const Tensor& input, int64_t num_groups, const Tensor& weight = {}, const Tensor& bias = {}, double eps = 1e-05, bool cudnn_enabled = true);
/// input [N, C, …] with each channel of each image normalised by itself (Ulyanov et al., 2016), or by running_mean and
/// running_var [C] where use_input_stats is false. Running statistics that are given move by momentum.
HEARTH_API Tensor instance_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean, const Tensor& running_var, bool use_input_stats, double momentum, double eps, bool cudnn_enabled = true);
/// input divided by the root of the mean of its squares over the last dimensions, which must be normalized_shape, times
/// weight of that shape where defined (Zhang and Sennrich, 2019). eps defaults to the smallest step of the dtype at 1.
HEARTH_API Tensor rms_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight = {}, std::optional<double> eps = std::nullopt);
/// One step of an optimizer on all of `self` at once: StepOp says what happens to each element. states[k][i] is the
/// k-th state of the i-th parameter; a state that the pass may go without is left out or an empty list.
HEARTH_API void _fused_step_(StepOp kind, TensorList self, TensorList grads, const std::vector<std::vector<Tensor>>& states, const StepArgs& args);
/// self with its elements mirrored at the borders, which are not repeated: padding is two numbers a dimension, last
/// dimension first.
HEARTH_API Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding);
HEARTH_API Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding);
HEARTH_API Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding);
/// self with its outermost elements repeated.
HEARTH_API Tensor replication_pad1d(const Tensor& self, IntArrayRef padding);
HEARTH_API Tensor replication_pad2d(const Tensor& self, IntArrayRef padding);
HEARTH_API Tensor replication_pad3d(const Tensor& self, IntArrayRef padding);
/// self with a border: two numbers for each of the last dimensions, last one first. mode is "constant" (of `value`, 0
/// if none), "reflect", "replicate" or "circular" (from the other side); the latter three leave the first one or two
/// dimensions alone.
HEARTH_API Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode = "constant", std::optional<double> value = std::nullopt);
/// self + alpha * other. Shapes broadcast; the result has the promoted dtype.
HEARTH_API Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& add_(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& add_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
HEARTH_API Tensor& add_(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
HEARTH_API Tensor& add_out(Tensor& out, const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self - alpha * other. Shapes broadcast; bool tensors throw DtypeError.
HEARTH_API Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& sub_(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& sub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
HEARTH_API Tensor& sub_(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
HEARTH_API Tensor& sub_out(Tensor& out, const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
HEARTH_API Tensor subtract(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& subtract_(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& subtract_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
/// other - alpha * self.
HEARTH_API Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor& rsub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
HEARTH_API Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
HEARTH_API Tensor& rsub_out(Tensor& out, const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self * other. Shapes broadcast; the result has the promoted dtype.
HEARTH_API Tensor mul(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& mul_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& mul_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor mul(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& mul_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& mul_out(Tensor& out, const Tensor& self, const Scalar& other);
HEARTH_API Tensor multiply(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& multiply_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& multiply_out(Tensor& out, const Tensor& self, const Tensor& other);
/// self / other; integers become the default dtype.
HEARTH_API Tensor div(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& div_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor div(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& div_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& div_out(Tensor& out, const Tensor& self, const Scalar& other);
/// self / other rounded to "floor" or towards zero ("trunc"), in the promoted dtype; without a mode, div.
HEARTH_API Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode);
HEARTH_API Tensor& div_(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode);
HEARTH_API Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode);
HEARTH_API Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode);
HEARTH_API Tensor& div_(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode);
HEARTH_API Tensor& div_out(Tensor& out, const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode);
HEARTH_API Tensor divide(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& divide_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& divide_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor true_divide(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& true_divide_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& true_divide_out(Tensor& out, const Tensor& self, const Tensor& other);
/// self / other rounded down.
HEARTH_API Tensor floor_divide(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& floor_divide_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& floor_divide_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor floor_divide(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& floor_divide_(const Tensor& self, const Scalar& other);
/// Python's modulus: the result has the sign of other.
HEARTH_API Tensor remainder(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& remainder_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& remainder_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor remainder(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& remainder_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& remainder_out(Tensor& out, const Tensor& self, const Scalar& other);
/// C's modulus: the result has the sign of self.
HEARTH_API Tensor fmod(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& fmod_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& fmod_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor fmod(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& fmod_(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& fmod_out(Tensor& out, const Tensor& self, const Scalar& other);
/// self to the power of exponent, elementwise.
HEARTH_API Tensor pow(const Tensor& self, const Tensor& exponent);
HEARTH_API Tensor& pow_(const Tensor& self, const Tensor& exponent);
HEARTH_API Tensor& pow_out(Tensor& out, const Tensor& self, const Tensor& exponent);
HEARTH_API Tensor pow(const Tensor& self, const Scalar& exponent);
HEARTH_API Tensor& pow_(const Tensor& self, const Scalar& exponent);
HEARTH_API Tensor& pow_out(Tensor& out, const Tensor& self, const Scalar& exponent);
HEARTH_API Tensor pow(const Scalar& self, const Tensor& exponent);
HEARTH_API Tensor& pow_out(Tensor& out, const Scalar& self, const Tensor& exponent);
/// The angle of the point (other, self).
HEARTH_API Tensor atan2(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& atan2_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& atan2_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor hypot(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& hypot_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& hypot_out(Tensor& out, const Tensor& self, const Tensor& other);
/// The larger of two; NaN wins. Equal elements share the gradient.
HEARTH_API Tensor maximum(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& maximum_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor minimum(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& minimum_out(Tensor& out, const Tensor& self, const Tensor& other);
/// The larger of two; a number wins over NaN.
HEARTH_API Tensor fmax(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& fmax_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor fmin(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& fmin_out(Tensor& out, const Tensor& self, const Tensor& other);
/// log(exp(self) + exp(other)) without overflow. Shapes broadcast.
HEARTH_API Tensor logaddexp(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logaddexp_out(Tensor& out, const Tensor& self, const Tensor& other);
/// log2(2^self + 2^other) without overflow.
HEARTH_API Tensor logaddexp2(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& logaddexp2_out(Tensor& out, const Tensor& self, const Tensor& other);
/// self * log(other), 0 where self is 0.
HEARTH_API Tensor xlogy(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& xlogy_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& xlogy_out(Tensor& out, const Tensor& self, const Tensor& other);
/// 0 where self < 0, values where self is 0, else 1.
HEARTH_API Tensor heaviside(const Tensor& self, const Tensor& values);
HEARTH_API Tensor& heaviside_(const Tensor& self, const Tensor& values);
HEARTH_API Tensor& heaviside_out(Tensor& out, const Tensor& self, const Tensor& values);
/// The size of self with the sign of other.
HEARTH_API Tensor copysign(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& copysign_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& copysign_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor nextafter(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& nextafter_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& nextafter_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor gcd(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& gcd_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& gcd_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor lcm(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& lcm_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& lcm_out(Tensor& out, const Tensor& self, const Tensor& other);
/// -self; bool tensors throw DtypeError.
HEARTH_API Tensor neg(const Tensor& self);
HEARTH_API Tensor& neg_(const Tensor& self);
HEARTH_API Tensor& neg_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor negative(const Tensor& self);
HEARTH_API Tensor& negative_(const Tensor& self);
HEARTH_API Tensor& negative_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor positive(const Tensor& self);
HEARTH_API Tensor abs(const Tensor& self);
HEARTH_API Tensor& abs_(const Tensor& self);
HEARTH_API Tensor& abs_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor absolute(const Tensor& self);
HEARTH_API Tensor& absolute_(const Tensor& self);
HEARTH_API Tensor& absolute_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor square(const Tensor& self);
HEARTH_API Tensor& square_(const Tensor& self);
HEARTH_API Tensor& square_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor sign(const Tensor& self);
HEARTH_API Tensor& sign_(const Tensor& self);
HEARTH_API Tensor& sign_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor sgn(const Tensor& self);
HEARTH_API Tensor& sgn_(const Tensor& self);
HEARTH_API Tensor& sgn_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor ceil(const Tensor& self);
HEARTH_API Tensor& ceil_(const Tensor& self);
HEARTH_API Tensor& ceil_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor floor(const Tensor& self);
HEARTH_API Tensor& floor_(const Tensor& self);
HEARTH_API Tensor& floor_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor trunc(const Tensor& self);
HEARTH_API Tensor& trunc_(const Tensor& self);
HEARTH_API Tensor& trunc_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor fix(const Tensor& self);
HEARTH_API Tensor& fix_(const Tensor& self);
HEARTH_API Tensor& fix_out(Tensor& out, const Tensor& self);
/// Rounds half to even.
HEARTH_API Tensor round(const Tensor& self);
HEARTH_API Tensor& round_(const Tensor& self);
HEARTH_API Tensor& round_out(Tensor& out, const Tensor& self);
/// Rounds half to even at `decimals` digits after the point (before it, if negative).
HEARTH_API Tensor round(const Tensor& self, int64_t decimals);
HEARTH_API Tensor& round_(const Tensor& self, int64_t decimals);
HEARTH_API Tensor& round_out(Tensor& out, const Tensor& self, int64_t decimals);
HEARTH_API Tensor frac(const Tensor& self);
HEARTH_API Tensor& frac_(const Tensor& self);
HEARTH_API Tensor& frac_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor reciprocal(const Tensor& self);
HEARTH_API Tensor& reciprocal_(const Tensor& self);
HEARTH_API Tensor& reciprocal_out(Tensor& out, const Tensor& self);
/// Replaces NaN by nan (0), and infinities by posinf and neginf (the dtype's limits).
HEARTH_API Tensor nan_to_num(const Tensor& self, std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt);
HEARTH_API Tensor& nan_to_num_(const Tensor& self, std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt);
HEARTH_API Tensor& nan_to_num_out(Tensor& out, const Tensor& self, std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt);
/// Elements below min become min, above max become max; NaN stays. At least one bound.
HEARTH_API Tensor clamp(const Tensor& self, const std::optional<Scalar>& min = std::nullopt, const std::optional<Scalar>& max = std::nullopt);
HEARTH_API Tensor& clamp_(const Tensor& self, const std::optional<Scalar>& min = std::nullopt, const std::optional<Scalar>& max = std::nullopt);
HEARTH_API Tensor& clamp_out(Tensor& out, const Tensor& self, const std::optional<Scalar>& min = std::nullopt, const std::optional<Scalar>& max = std::nullopt);
HEARTH_API Tensor clip(const Tensor& self, const std::optional<Scalar>& min = std::nullopt, const std::optional<Scalar>& max = std::nullopt);
HEARTH_API Tensor& clip_(const Tensor& self, const std::optional<Scalar>& min = std::nullopt, const std::optional<Scalar>& max = std::nullopt);
HEARTH_API Tensor& clip_out(Tensor& out, const Tensor& self, const std::optional<Scalar>& min = std::nullopt, const std::optional<Scalar>& max = std::nullopt);
HEARTH_API Tensor clamp_min(const Tensor& self, const Scalar& min);
HEARTH_API Tensor& clamp_min_(const Tensor& self, const Scalar& min);
HEARTH_API Tensor& clamp_min_out(Tensor& out, const Tensor& self, const Scalar& min);
HEARTH_API Tensor clamp_max(const Tensor& self, const Scalar& max);
HEARTH_API Tensor& clamp_max_(const Tensor& self, const Scalar& max);
HEARTH_API Tensor& clamp_max_out(Tensor& out, const Tensor& self, const Scalar& max);
/// The largest element of each window; stride defaults to kernel_size.
HEARTH_API Tensor max_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
HEARTH_API Tensor max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
HEARTH_API Tensor max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
/// The same, and where each stood: its flat place in the channel's plane.
HEARTH_API std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
HEARTH_API std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
HEARTH_API std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
/// The mean of each window; divisor_override divides the sum instead of the window's size.
HEARTH_API Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true);
HEARTH_API Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt);
HEARTH_API Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt);
/// Means over as many windows as output_size asks for.
HEARTH_API Tensor adaptive_avg_pool1d(const Tensor& self, IntArrayRef output_size);
HEARTH_API Tensor adaptive_avg_pool2d(const Tensor& self, IntArrayRef output_size);
HEARTH_API Tensor adaptive_avg_pool3d(const Tensor& self, IntArrayRef output_size);
/// Maxima over as many cells as output_size asks for, and where they stood.
HEARTH_API std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& self, IntArrayRef output_size);
HEARTH_API std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& self, IntArrayRef output_size);
HEARTH_API std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& self, IntArrayRef output_size);
/// Maxima over cells of kernel_size that random_samples [N, C, 2], of [0, 1), move about (Graham, 2014).
HEARTH_API std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size, const Tensor& random_samples);
HEARTH_API std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size, const Tensor& random_samples);
/// Zeros with self's elements at the places that max pooling gave for them.
HEARTH_API Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size);
/// The same in three dimensions; stride and padding are the pooling's, and must be possible ones.
HEARTH_API Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride, IntArrayRef padding);
/// 1 with the probability that self holds, else 0.
HEARTH_API Tensor bernoulli(const Tensor& self, std::optional<Generator> generator = std::nullopt);
HEARTH_API Tensor bernoulli(const Tensor& self, double p, std::optional<Generator> generator = std::nullopt);
/// Numbers of the Poisson distributions whose rates self holds, up to 2^53.
HEARTH_API Tensor poisson(const Tensor& self, std::optional<Generator> generator = std::nullopt);
/// Successes among `count` trials of probability prob, element by element; both of one shape and floating dtype.
HEARTH_API Tensor binomial(const Tensor& count, const Tensor& prob, std::optional<Generator> generator = std::nullopt);
/// Elements are zeroed with probability p and the others divided by 1 - p, where train is true.
HEARTH_API Tensor dropout(const Tensor& self, double p, bool train);
HEARTH_API Tensor& dropout_(const Tensor& self, double p, bool train);
/// Whole channels (dimension 1) are zeroed with probability p.
HEARTH_API Tensor feature_dropout(const Tensor& self, double p, bool train);
HEARTH_API Tensor& feature_dropout_(const Tensor& self, double p, bool train);
/// num_samples indices of each row, drawn with probabilities in proportion to the row.
HEARTH_API Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement = false, std::optional<Generator> generator = std::nullopt);
/// The matrix transpose of the last two dimensions.
HEARTH_API Tensor adjoint(const Tensor& self);
/// `sections` parts along dim; the first ones are longer by one where the size is no multiple.
HEARTH_API std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim = 0);
/// Parts along dim that begin at 0 and at each of indices.
HEARTH_API std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim = 0);
HEARTH_API std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& tensor_indices_or_sections, int64_t dim = 0);
/// Equal parts along dim 1 (dim 0 of a vector).
HEARTH_API std::vector<Tensor> hsplit(const Tensor& self, int64_t sections);
HEARTH_API std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices);
/// Equal parts along dim 0.
HEARTH_API std::vector<Tensor> vsplit(const Tensor& self, int64_t sections);
HEARTH_API std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices);
/// Equal parts along dim 2.
HEARTH_API std::vector<Tensor> dsplit(const Tensor& self, int64_t sections);
HEARTH_API std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices);
/// As split, chunk and split_with_sizes, but the parts are copies, which may be written in place.
HEARTH_API std::vector<Tensor> unsafe_split(const Tensor& self, int64_t split_size, int64_t dim = 0);
HEARTH_API std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
HEARTH_API std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
HEARTH_API Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length);
/// At least one dimension: a 0-dim tensor becomes [1].
HEARTH_API Tensor atleast_1d(const Tensor& self);
/// At least two: [n] becomes [1, n].
HEARTH_API Tensor atleast_2d(const Tensor& self);
/// At least three: [n] becomes [1, n, 1], [n, m] becomes [n, m, 1].
HEARTH_API Tensor atleast_3d(const Tensor& self);
HEARTH_API std::vector<Tensor> atleast_1d(TensorList tensors);
HEARTH_API std::vector<Tensor> atleast_2d(TensorList tensors);
HEARTH_API std::vector<Tensor> atleast_3d(TensorList tensors);
/// The tensors side by side, vectors as columns.
HEARTH_API Tensor column_stack(TensorList tensors);
HEARTH_API Tensor& column_stack_out(Tensor& out, TensorList tensors);
/// Along dim 2, of tensors with at least three dimensions.
HEARTH_API Tensor dstack(TensorList tensors);
HEARTH_API Tensor& dstack_out(Tensor& out, TensorList tensors);
HEARTH_API Tensor row_stack(TensorList tensors);
HEARTH_API Tensor& row_stack_out(Tensor& out, TensorList tensors);
/// All in the shape that they broadcast to, as views.
HEARTH_API std::vector<Tensor> broadcast_tensors(TensorList tensors);
/// The sum over the dimensions along which a tensor of `size` was broadcast to self.
HEARTH_API Tensor sum_to_size(const Tensor& self, IntArrayRef size);
/// A tensor with self's last dimension on the diagonal `offset` of the planes dim1, dim2, zeros elsewhere.
HEARTH_API Tensor diag_embed(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
/// The elements of self as the diagonal `offset` of a matrix.
HEARTH_API Tensor diagflat(const Tensor& self, int64_t offset = 0);
/// The matrices along the diagonal of one, zeros elsewhere; vectors are rows.
HEARTH_API Tensor block_diag(TensorList tensors);
/// Every combination of one element of each vector, a row each.
HEARTH_API Tensor cartesian_prod(TensorList tensors);
/// All ways to choose r elements of a vector, in order, a row each.
HEARTH_API Tensor combinations(const Tensor& self, int64_t r = 2, bool with_replacement = false);
/// Powers of x: the last dimension holds x^(N-1) … x^0, or the other way round if increasing.
HEARTH_API Tensor vander(const Tensor& x, std::optional<int64_t> N = std::nullopt, bool increasing = false);
/// self with src at the same place as select, slice, diagonal or as_strided would take it from.
HEARTH_API Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index);
HEARTH_API Tensor slice_scatter(const Tensor& self, const Tensor& src, int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1);
HEARTH_API Tensor diagonal_scatter(const Tensor& self, const Tensor& src, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
HEARTH_API Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt);
/// self with `value` on the diagonal of its first two dimensions; with wrap, a tall matrix's diagonal starts anew
/// below it.
HEARTH_API Tensor fill_diagonal(const Tensor& self, const Scalar& fill_value, bool wrap = false);
HEARTH_API Tensor& fill_diagonal_(const Tensor& self, const Scalar& fill_value, bool wrap = false);
/// Layers of long short-term memory (Hochreiter and Schmidhuber, 1997; gates i, f, g, o) over input [T, N, I], or
/// [N, T, I] with batch_first. hx: h [L D, N, R] and c [L D, N, H] for L layers in D directions. params: for each layer
/// and direction weight_ih, weight_hh, then bias_ih, bias_hh if has_biases, then weight_hr where h is projected to R.
/// dropout falls between layers while training. Gives the last layer's outputs [T, N, D R] and the last h and c.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional, bool batch_first);
/// The same over a packed sequence: data [rows, I], and how many sequences each step has.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional);
/// Layers of gated recurrent units (Cho et al., 2014; gates r, z, n), as lstm.
HEARTH_API std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional, bool batch_first);
HEARTH_API std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional);
/// Layers of h = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990), as lstm.
HEARTH_API std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional, bool batch_first);
HEARTH_API std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional);
/// The same with relu.
HEARTH_API std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional, bool batch_first);
HEARTH_API std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional);
/// One step: input [N, I], hx = {h, c} [N, H]; gives the next h and c.
HEARTH_API std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih = {}, const Tensor& b_hh = {});
HEARTH_API Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih = {}, const Tensor& b_hh = {});
HEARTH_API Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih = {}, const Tensor& b_hh = {});
HEARTH_API Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih = {}, const Tensor& b_hh = {});
/// The sum over dims (all, if none are named). Integers sum in int64 unless dtype says another.
HEARTH_API Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& sum_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor sum(const Tensor& self, DimnameList dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor sum(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& sum_out(Tensor& out, const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
/// The sum without the NaNs.
HEARTH_API Tensor nansum(const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& nansum_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
/// The mean over dims (all, if none are named); floating dtypes only.
HEARTH_API Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& mean_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor mean(const Tensor& self, DimnameList dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor mean(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
/// The mean without the NaNs.
HEARTH_API Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& nanmean_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor prod(const Tensor& self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& prod_out(Tensor& out, const Tensor& self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor prod(const Tensor& self, Dimname dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor prod(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& prod_out(Tensor& out, const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor amax(const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false);
HEARTH_API Tensor& amax_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false);
HEARTH_API Tensor amin(const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false);
HEARTH_API Tensor& amin_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim = {}, bool keepdim = false);
/// The largest element; NaN wins.
HEARTH_API Tensor max(const Tensor& self);
HEARTH_API Tensor min(const Tensor& self);
HEARTH_API std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
/// The largest elements along dim and where they are (the first of equals).
HEARTH_API std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> max(const Tensor& self, Dimname dim, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> min(const Tensor& self, Dimname dim, bool keepdim = false);
HEARTH_API Tensor max(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& max_out(Tensor& out, const Tensor& self, const Tensor& other);
HEARTH_API Tensor min(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& min_out(Tensor& out, const Tensor& self, const Tensor& other);
/// Where the largest element is, along dim or in the flattened tensor.
HEARTH_API Tensor argmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
HEARTH_API Tensor argmin(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
HEARTH_API Tensor all(const Tensor& self);
HEARTH_API Tensor all(const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API Tensor& all_out(Tensor& out, const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API Tensor all(const Tensor& self, Dimname dim, bool keepdim = false);
HEARTH_API Tensor any(const Tensor& self);
HEARTH_API Tensor any(const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API Tensor& any_out(Tensor& out, const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API Tensor any(const Tensor& self, Dimname dim, bool keepdim = false);
HEARTH_API Tensor count_nonzero(const Tensor& self, OptionalIntArrayRef dim = {});
/// Running sums along dim.
HEARTH_API Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& cumsum_(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& cumsum_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor cumsum(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype = std::nullopt);
/// Running products along dim.
HEARTH_API Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& cumprod_(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& cumprod_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor cumprod(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype = std::nullopt);
/// log of the running sums of exp along dim.
HEARTH_API Tensor logcumsumexp(const Tensor& self, int64_t dim);
HEARTH_API Tensor& logcumsumexp_out(Tensor& out, const Tensor& self, int64_t dim);
HEARTH_API Tensor logcumsumexp(const Tensor& self, Dimname dim);
/// Running maxima along dim and where they stand.
HEARTH_API std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim);
HEARTH_API std::tuple<Tensor, Tensor> cummax(const Tensor& self, Dimname dim);
HEARTH_API std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim);
HEARTH_API std::tuple<Tensor, Tensor> cummin(const Tensor& self, Dimname dim);
/// exp(self) divided by its sum along dim.
HEARTH_API Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& softmax_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor softmax(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype = std::nullopt);
/// The logarithm of softmax, exact for small probabilities.
HEARTH_API Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor& log_softmax_out(Tensor& out, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
HEARTH_API Tensor log_softmax(const Tensor& self, Dimname dim, std::optional<ScalarType> dtype = std::nullopt);
/// self, seen as a vector, with source written (or added) at index.
HEARTH_API Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);
HEARTH_API Tensor& put_(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);
/// self with the first elements of source, in order, where mask is true; mask broadcasts to self.
HEARTH_API Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source);
HEARTH_API Tensor& masked_scatter_(const Tensor& self, const Tensor& mask, const Tensor& source);
/// src combined into self at index along dim, by reduce: sum, prod, mean, amax or amin. Without include_self a place
/// that gets something starts from nothing.
HEARTH_API Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true);
HEARTH_API Tensor& scatter_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true);
HEARTH_API Tensor& scatter_reduce_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true);
/// Slices of source combined into self at index along dim.
HEARTH_API Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true);
HEARTH_API Tensor& index_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true);
HEARTH_API Tensor& index_reduce_out(Tensor& out, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true);
/// How often each of 0 … max(self, minlength - 1) is in self; with weights, their sums.
HEARTH_API Tensor bincount(const Tensor& self, const std::optional<Tensor>& weights = {}, int64_t minlength = 0);
/// How many elements fall into each of `bins` equal bins from min to max (both 0: self's own); others are left out.
HEARTH_API Tensor histc(const Tensor& self, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);
HEARTH_API Tensor& histc_out(Tensor& out, const Tensor& self, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);
/// Where each value would go into the sorted sequence (its last dimension), as to keep it sorted: before equal
/// elements, or behind them with right or side "right". `sorter` sorts a sequence that is not.
HEARTH_API Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32 = false, bool right = false, std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
HEARTH_API Tensor& searchsorted_out(Tensor& out, const Tensor& sorted_sequence, const Tensor& self, bool out_int32 = false, bool right = false, std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
HEARTH_API Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32 = false, bool right = false, std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
/// searchsorted in a vector of boundaries.
HEARTH_API Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
HEARTH_API Tensor& bucketize_out(Tensor& out, const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
HEARTH_API Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
/// Counts of self's elements between edges, (hist, edges), with weights and as a density if wanted. The last bin holds
/// its right edge too.
HEARTH_API std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins, const std::optional<Tensor>& weight = {}, bool density = false);
/// The same over `bins` equal bins of range, or from self's least to its largest element.
HEARTH_API std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins = 100, const std::optional<std::vector<double>>& range = std::nullopt, const std::optional<Tensor>& weight = {}, bool density = false);
/// Whether each element of `elements` is among test_elements; invert: is not.
HEARTH_API Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
HEARTH_API Tensor& isin_out(Tensor& out, const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
HEARTH_API Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique = false, bool invert = false);
HEARTH_API Tensor& isin_out(Tensor& out, const Tensor& elements, const Scalar& test_element, bool assume_unique = false, bool invert = false);
HEARTH_API Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
HEARTH_API Tensor& isin_out(Tensor& out, const Scalar& element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
/// The most frequent value along dim (the least of several) and where it is last.
HEARTH_API std::tuple<Tensor, Tensor> mode(const Tensor& self, int64_t dim = -1, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> mode(const Tensor& self, Dimname dim, bool keepdim = false);
/// The lower of the middle elements that are no NaN, and where it is; NaN where there are none.
HEARTH_API std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, Dimname dim, bool keepdim = false);
HEARTH_API Tensor nanmedian(const Tensor& self);
/// The q-quantiles along dim, or of all elements; several q come first: [Q, ...].
HEARTH_API Tensor quantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = "linear");
HEARTH_API Tensor quantile(const Tensor& self, double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = "linear");
/// The same without the NaN.
HEARTH_API Tensor nanquantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = "linear");
HEARTH_API Tensor nanquantile(const Tensor& self, double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = "linear");
/// sequences [T_i, *] as one tensor [T, N, *], or [N, T, *] with batch_first, padding_value past each end.
HEARTH_API Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0.0);
/// The rows of input [T, N, *] ([N, T, *] with batch_first) that lengths [N], from long to short, leave, step after
/// step, and how many there are of each step.
HEARTH_API std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first);
/// The way back: [T, N, *] with padding_value past each end, and the lengths [N]; T is total_length or the longest.
HEARTH_API std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes, bool batch_first, const Scalar& padding_value, int64_t total_length);
/// The same elements in other sizes; one size may be -1. Throws where that needs a copy: use reshape there.
HEARTH_API Tensor view(const Tensor& self, IntArrayRef size);
/// The same elements in other sizes; one size may be -1. A view where possible, else a copy.
HEARTH_API Tensor reshape(const Tensor& self, IntArrayRef shape);
HEARTH_API Tensor view_as(const Tensor& self, const Tensor& other);
HEARTH_API Tensor reshape_as(const Tensor& self, const Tensor& other);
HEARTH_API Tensor ravel(const Tensor& self);
/// A view with the same geometry.
HEARTH_API Tensor alias(const Tensor& self);
/// Any sizes and strides over self's memory, checked against its bounds.
HEARTH_API Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt);
/// Dimensions of size 1 repeated without a copy; -1 keeps a size.
HEARTH_API Tensor expand(const Tensor& self, IntArrayRef size, bool implicit = false);
HEARTH_API Tensor expand_as(const Tensor& self, const Tensor& other);
HEARTH_API Tensor broadcast_to(const Tensor& self, IntArrayRef size);
/// Dimension i of the result is dims[i] of self.
HEARTH_API Tensor permute(const Tensor& self, IntArrayRef dims);
HEARTH_API Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
HEARTH_API Tensor transpose(const Tensor& self, Dimname dim0, Dimname dim1);
/// The transpose of a matrix; vectors stay.
HEARTH_API Tensor t(const Tensor& self);
HEARTH_API Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1);
HEARTH_API Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1);
/// Moves dims `source` to the places `destination`; the others keep their order.
HEARTH_API Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination);
HEARTH_API Tensor movedim(const Tensor& self, int64_t source, int64_t destination);
/// Without dimensions of size 1.
HEARTH_API Tensor squeeze(const Tensor& self);
/// Without dimension dim, if its size is 1.
HEARTH_API Tensor squeeze(const Tensor& self, int64_t dim);
HEARTH_API Tensor squeeze(const Tensor& self, Dimname dim);
/// With a dimension of size 1 at place dim.
HEARTH_API Tensor unsqueeze(const Tensor& self, int64_t dim);
/// Dimensions start_dim to end_dim as one.
HEARTH_API Tensor flatten(const Tensor& self, int64_t start_dim = 0, int64_t end_dim = -1);
/// Dimension dim as several; one size may be -1.
HEARTH_API Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes);
/// The slice at `index` of dimension dim, without that dimension.
HEARTH_API Tensor select(const Tensor& self, int64_t dim, int64_t index);
HEARTH_API Tensor select(const Tensor& self, Dimname dim, int64_t index);
/// Elements start, start + step, … below end of dimension dim; out-of-range bounds are clamped, negative ones count
/// from the end.
HEARTH_API Tensor slice(const Tensor& self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1);
/// `length` elements of dimension dim from `start`.
HEARTH_API Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);
/// Parts of the given sizes along dim.
HEARTH_API std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
/// Parts of split_size along dim; the last may be smaller.
HEARTH_API std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim = 0);
HEARTH_API std::vector<Tensor> split(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
/// At most `chunks` parts of equal size along dim; the last may be smaller.
HEARTH_API std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
/// The slices along dim, without that dimension.
HEARTH_API std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);
HEARTH_API std::vector<Tensor> unbind(const Tensor& self, Dimname dim);
/// The elements whose places along dim1 and dim2 differ by offset, as a new last dimension.
HEARTH_API Tensor diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
/// Windows of `size` elements along `dimension`, `step` apart, as a new last dimension.
HEARTH_API Tensor unfold(const Tensor& self, int64_t dimension, int64_t size, int64_t step);
/// self in order along dim, and where each element came from. Equal elements keep their order if stable.
HEARTH_API std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool> stable, int64_t dim = -1, bool descending = false);
HEARTH_API std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false);
HEARTH_API Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false);
HEARTH_API Tensor argsort(const Tensor& self, bool stable, int64_t dim, bool descending = false);
HEARTH_API Tensor msort(const Tensor& self);
HEARTH_API Tensor& msort_out(Tensor& out, const Tensor& self);
/// The k largest (or smallest) elements along dim, in order if sorted, and where they are.
HEARTH_API std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true);
/// The k-th smallest element along dim, and where it is.
HEARTH_API std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim = -1, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, Dimname dim, bool keepdim = false);
/// The lower of the middle elements along dim, and where it is; NaN if there is one.
HEARTH_API std::tuple<Tensor, Tensor> median(const Tensor& self, int64_t dim, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> median(const Tensor& self, Dimname dim, bool keepdim = false);
/// The lower of the middle elements of all; NaN of none.
HEARTH_API Tensor median(const Tensor& self);
/// The n-th derivative of digamma, for n of at least 0.
HEARTH_API Tensor polygamma(int64_t n, const Tensor& self);
HEARTH_API Tensor& polygamma_out(Tensor& out, int64_t n, const Tensor& self);
/// The multivariate log-gamma function of dimension p, defined where every element exceeds (p - 1) / 2.
HEARTH_API Tensor mvlgamma(const Tensor& self, int64_t p);
HEARTH_API Tensor& mvlgamma_(const Tensor& self, int64_t p);
HEARTH_API Tensor& mvlgamma_out(Tensor& out, const Tensor& self, int64_t p);
/// The modified Bessel function of the first kind, order 0.
HEARTH_API Tensor i0(const Tensor& self);
HEARTH_API Tensor& i0_(const Tensor& self);
HEARTH_API Tensor& i0_out(Tensor& out, const Tensor& self);
/// The regularised lower incomplete gamma function P(self, other).
HEARTH_API Tensor igamma(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& igamma_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& igamma_out(Tensor& out, const Tensor& self, const Tensor& other);
/// The upper one, 1 - igamma.
HEARTH_API Tensor igammac(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& igammac_(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& igammac_out(Tensor& out, const Tensor& self, const Tensor& other);
namespace special {
HEARTH_API Tensor gammaln(const Tensor& self);
HEARTH_API Tensor& gammaln_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor digamma(const Tensor& self);
HEARTH_API Tensor& digamma_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor psi(const Tensor& self);
HEARTH_API Tensor& psi_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor polygamma(int64_t n, const Tensor& self);
HEARTH_API Tensor& polygamma_out(Tensor& out, int64_t n, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor multigammaln(const Tensor& self, int64_t p);
HEARTH_API Tensor& multigammaln_out(Tensor& out, const Tensor& self, int64_t p);
}  // namespace special
namespace special {
HEARTH_API Tensor gammainc(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& gammainc_out(Tensor& out, const Tensor& self, const Tensor& other);
}  // namespace special
namespace special {
HEARTH_API Tensor gammaincc(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& gammaincc_out(Tensor& out, const Tensor& self, const Tensor& other);
}  // namespace special
namespace special {
/// The sum of (k + other)^-self over k = 0, 1, …
HEARTH_API Tensor zeta(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& zeta_out(Tensor& out, const Tensor& self, const Tensor& other);
}  // namespace special
namespace special {
HEARTH_API Tensor zeta(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& zeta_out(Tensor& out, const Tensor& self, const Scalar& other);
}  // namespace special
namespace special {
HEARTH_API Tensor zeta(const Scalar& self, const Tensor& other);
HEARTH_API Tensor& zeta_out(Tensor& out, const Scalar& self, const Tensor& other);
}  // namespace special
namespace special {
HEARTH_API Tensor i0(const Tensor& self);
HEARTH_API Tensor& i0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// exp(-|self|) i0(self)
HEARTH_API Tensor i0e(const Tensor& self);
HEARTH_API Tensor& i0e_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor i1(const Tensor& self);
HEARTH_API Tensor& i1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// exp(-|self|) i1(self)
HEARTH_API Tensor i1e(const Tensor& self);
HEARTH_API Tensor& i1e_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor bessel_j0(const Tensor& self);
HEARTH_API Tensor& bessel_j0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor bessel_j1(const Tensor& self);
HEARTH_API Tensor& bessel_j1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor bessel_y0(const Tensor& self);
HEARTH_API Tensor& bessel_y0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor bessel_y1(const Tensor& self);
HEARTH_API Tensor& bessel_y1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor modified_bessel_i0(const Tensor& self);
HEARTH_API Tensor& modified_bessel_i0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor modified_bessel_i1(const Tensor& self);
HEARTH_API Tensor& modified_bessel_i1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor modified_bessel_k0(const Tensor& self);
HEARTH_API Tensor& modified_bessel_k0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor modified_bessel_k1(const Tensor& self);
HEARTH_API Tensor& modified_bessel_k1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// exp(self) k0(self)
HEARTH_API Tensor scaled_modified_bessel_k0(const Tensor& self);
HEARTH_API Tensor& scaled_modified_bessel_k0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// exp(self) k1(self)
HEARTH_API Tensor scaled_modified_bessel_k1(const Tensor& self);
HEARTH_API Tensor& scaled_modified_bessel_k1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// sin(self) / self
HEARTH_API Tensor spherical_bessel_j0(const Tensor& self);
HEARTH_API Tensor& spherical_bessel_j0_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor airy_ai(const Tensor& self);
HEARTH_API Tensor& airy_ai_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor erf(const Tensor& self);
HEARTH_API Tensor& erf_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor erfc(const Tensor& self);
HEARTH_API Tensor& erfc_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor erfinv(const Tensor& self);
HEARTH_API Tensor& erfinv_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// exp(self^2) erfc(self)
HEARTH_API Tensor erfcx(const Tensor& self);
HEARTH_API Tensor& erfcx_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// The normal distribution function.
HEARTH_API Tensor ndtr(const Tensor& self);
HEARTH_API Tensor& ndtr_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// Its inverse.
HEARTH_API Tensor ndtri(const Tensor& self);
HEARTH_API Tensor& ndtri_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// Its logarithm, exact far to the left.
HEARTH_API Tensor log_ndtr(const Tensor& self);
HEARTH_API Tensor& log_ndtr_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
/// -self log(self); 0 at 0, -inf below.
HEARTH_API Tensor entr(const Tensor& self);
HEARTH_API Tensor& entr_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor expit(const Tensor& self);
HEARTH_API Tensor& expit_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor exp2(const Tensor& self);
HEARTH_API Tensor& exp2_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor expm1(const Tensor& self);
HEARTH_API Tensor& expm1_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor log1p(const Tensor& self);
HEARTH_API Tensor& log1p_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor logit(const Tensor& self, std::optional<double> eps = std::nullopt);
HEARTH_API Tensor& logit_out(Tensor& out, const Tensor& self, std::optional<double> eps = std::nullopt);
}  // namespace special
namespace special {
HEARTH_API Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);
HEARTH_API Tensor& logsumexp_out(Tensor& out, const Tensor& self, IntArrayRef dim, bool keepdim = false);
}  // namespace special
namespace special {
HEARTH_API Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace special
namespace special {
HEARTH_API Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
}  // namespace special
namespace special {
HEARTH_API Tensor round(const Tensor& self, int64_t decimals = 0);
HEARTH_API Tensor& round_out(Tensor& out, const Tensor& self, int64_t decimals = 0);
}  // namespace special
namespace special {
HEARTH_API Tensor sinc(const Tensor& self);
HEARTH_API Tensor& sinc_out(Tensor& out, const Tensor& self);
}  // namespace special
namespace special {
HEARTH_API Tensor xlogy(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& xlogy_out(Tensor& out, const Tensor& self, const Tensor& other);
}  // namespace special
namespace special {
HEARTH_API Tensor xlogy(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& xlogy_out(Tensor& out, const Tensor& self, const Scalar& other);
}  // namespace special
namespace special {
HEARTH_API Tensor xlogy(const Scalar& self, const Tensor& other);
HEARTH_API Tensor& xlogy_out(Tensor& out, const Scalar& self, const Tensor& other);
}  // namespace special
namespace special {
/// self * log(1 + other), 0 where self is 0 and other no NaN.
HEARTH_API Tensor xlog1py(const Tensor& self, const Tensor& other);
HEARTH_API Tensor& xlog1py_out(Tensor& out, const Tensor& self, const Tensor& other);
}  // namespace special
namespace special {
HEARTH_API Tensor xlog1py(const Tensor& self, const Scalar& other);
HEARTH_API Tensor& xlog1py_out(Tensor& out, const Tensor& self, const Scalar& other);
}  // namespace special
namespace special {
HEARTH_API Tensor xlog1py(const Scalar& self, const Tensor& other);
HEARTH_API Tensor& xlog1py_out(Tensor& out, const Scalar& self, const Tensor& other);
}  // namespace special
namespace special {
/// The polynomial of degree n at x; other families alike.
HEARTH_API Tensor chebyshev_polynomial_t(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& chebyshev_polynomial_t_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_t(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_u(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& chebyshev_polynomial_u_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_u(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_v(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& chebyshev_polynomial_v_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_v(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_w(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& chebyshev_polynomial_w_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor chebyshev_polynomial_w(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
HEARTH_API Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& shifted_chebyshev_polynomial_t_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& shifted_chebyshev_polynomial_u_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& shifted_chebyshev_polynomial_v_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& shifted_chebyshev_polynomial_w_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
/// Hermite polynomials, the physicists'.
HEARTH_API Tensor hermite_polynomial_h(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& hermite_polynomial_h_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor hermite_polynomial_h(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
/// Hermite polynomials, the probabilists'.
HEARTH_API Tensor hermite_polynomial_he(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& hermite_polynomial_he_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor hermite_polynomial_he(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
HEARTH_API Tensor laguerre_polynomial_l(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& laguerre_polynomial_l_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor laguerre_polynomial_l(const Tensor& x, const Scalar& n);
}  // namespace special
namespace special {
HEARTH_API Tensor legendre_polynomial_p(const Tensor& x, const Tensor& n);
HEARTH_API Tensor& legendre_polynomial_p_out(Tensor& out, const Tensor& x, const Tensor& n);
}  // namespace special
namespace special {
HEARTH_API Tensor legendre_polynomial_p(const Tensor& x, const Scalar& n);
}  // namespace special
/// The variance over dims, divided by (count - correction).
HEARTH_API Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
HEARTH_API Tensor& var_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
HEARTH_API Tensor var(const Tensor& self, DimnameList dim, std::optional<int64_t> correction, bool keepdim = false);
HEARTH_API Tensor var(const Tensor& self, bool unbiased = true);
HEARTH_API Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false);
HEARTH_API Tensor var(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim = false);
/// The square root of var.
HEARTH_API Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
HEARTH_API Tensor& std_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
HEARTH_API Tensor std(const Tensor& self, DimnameList dim, std::optional<int64_t> correction, bool keepdim = false);
HEARTH_API Tensor std(const Tensor& self, bool unbiased = true);
HEARTH_API Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false);
HEARTH_API Tensor std(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased = true);
HEARTH_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased = true);
HEARTH_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false);
HEARTH_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, DimnameList dim, bool unbiased, bool keepdim = false);
/// (sum |x|^p)^(1/p) over dims; p may be 0 (how many are not zero) or infinite.
HEARTH_API Tensor norm(const Tensor& self, const std::optional<Scalar>& p, OptionalIntArrayRef dim, bool keepdim = false);
HEARTH_API Tensor& norm_out(Tensor& out, const Tensor& self, const std::optional<Scalar>& p, OptionalIntArrayRef dim, bool keepdim = false);
HEARTH_API Tensor norm(const Tensor& self, const std::optional<Scalar>& p, DimnameList dim, bool keepdim = false);
HEARTH_API Tensor norm(const Tensor& self, const Scalar& p = 2);
HEARTH_API Tensor& norm_out(Tensor& out, const Tensor& self, const Scalar& p = 2);
/// The norm of self - other.
HEARTH_API Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p = 2);
/// log(sum(exp(self))) over dims without overflow.
HEARTH_API Tensor logsumexp(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false);
HEARTH_API Tensor& logsumexp_out(Tensor& out, const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false);
HEARTH_API Tensor logsumexp(const Tensor& self, DimnameList dim, bool keepdim = false);
HEARTH_API Tensor exp(const Tensor& self);
HEARTH_API Tensor& exp_(const Tensor& self);
HEARTH_API Tensor& exp_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor exp2(const Tensor& self);
HEARTH_API Tensor& exp2_(const Tensor& self);
HEARTH_API Tensor& exp2_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor expm1(const Tensor& self);
HEARTH_API Tensor& expm1_(const Tensor& self);
HEARTH_API Tensor& expm1_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor log(const Tensor& self);
HEARTH_API Tensor& log_(const Tensor& self);
HEARTH_API Tensor& log_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor log2(const Tensor& self);
HEARTH_API Tensor& log2_(const Tensor& self);
HEARTH_API Tensor& log2_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor log10(const Tensor& self);
HEARTH_API Tensor& log10_(const Tensor& self);
HEARTH_API Tensor& log10_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor log1p(const Tensor& self);
HEARTH_API Tensor& log1p_(const Tensor& self);
HEARTH_API Tensor& log1p_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor sqrt(const Tensor& self);
HEARTH_API Tensor& sqrt_(const Tensor& self);
HEARTH_API Tensor& sqrt_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor rsqrt(const Tensor& self);
HEARTH_API Tensor& rsqrt_(const Tensor& self);
HEARTH_API Tensor& rsqrt_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor sin(const Tensor& self);
HEARTH_API Tensor& sin_(const Tensor& self);
HEARTH_API Tensor& sin_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor cos(const Tensor& self);
HEARTH_API Tensor& cos_(const Tensor& self);
HEARTH_API Tensor& cos_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor tan(const Tensor& self);
HEARTH_API Tensor& tan_(const Tensor& self);
HEARTH_API Tensor& tan_out(Tensor& out, const Tensor& self);
/// sin(pi self) / (pi self), 1 at 0.
HEARTH_API Tensor sinc(const Tensor& self);
HEARTH_API Tensor& sinc_(const Tensor& self);
HEARTH_API Tensor& sinc_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor asin(const Tensor& self);
HEARTH_API Tensor& asin_(const Tensor& self);
HEARTH_API Tensor& asin_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor acos(const Tensor& self);
HEARTH_API Tensor& acos_(const Tensor& self);
HEARTH_API Tensor& acos_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor atan(const Tensor& self);
HEARTH_API Tensor& atan_(const Tensor& self);
HEARTH_API Tensor& atan_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor sinh(const Tensor& self);
HEARTH_API Tensor& sinh_(const Tensor& self);
HEARTH_API Tensor& sinh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor cosh(const Tensor& self);
HEARTH_API Tensor& cosh_(const Tensor& self);
HEARTH_API Tensor& cosh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor asinh(const Tensor& self);
HEARTH_API Tensor& asinh_(const Tensor& self);
HEARTH_API Tensor& asinh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor acosh(const Tensor& self);
HEARTH_API Tensor& acosh_(const Tensor& self);
HEARTH_API Tensor& acosh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor atanh(const Tensor& self);
HEARTH_API Tensor& atanh_(const Tensor& self);
HEARTH_API Tensor& atanh_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor erf(const Tensor& self);
HEARTH_API Tensor& erf_(const Tensor& self);
HEARTH_API Tensor& erf_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor erfc(const Tensor& self);
HEARTH_API Tensor& erfc_(const Tensor& self);
HEARTH_API Tensor& erfc_out(Tensor& out, const Tensor& self);
HEARTH_API Tensor erfinv(const Tensor& self);
HEARTH_API Tensor& erfinv_(const Tensor& self);
HEARTH_API Tensor& erfinv_out(Tensor& out, const Tensor& self);
/// The logarithm of |gamma(self)|
HEARTH_API Tensor lgamma(const Tensor& self);
HEARTH_API Tensor& lgamma_(const Tensor& self);
HEARTH_API Tensor& lgamma_out(Tensor& out, const Tensor& self);
/// The logarithmic derivative of gamma.
HEARTH_API Tensor digamma(const Tensor& self);
HEARTH_API Tensor& digamma_(const Tensor& self);
HEARTH_API Tensor& digamma_out(Tensor& out, const Tensor& self);
/// log(x / (1 - x)); with eps, x is clamped to [eps, 1 - eps] first.
HEARTH_API Tensor logit(const Tensor& self, std::optional<double> eps = std::nullopt);
HEARTH_API Tensor& logit_(const Tensor& self, std::optional<double> eps = std::nullopt);
HEARTH_API Tensor& logit_out(Tensor& out, const Tensor& self, std::optional<double> eps = std::nullopt);
/// Mantissas of [0.5, 1), with self's signs, and exponents (Int) whose powers of 2 times them are self.
HEARTH_API std::tuple<Tensor, Tensor> frexp(const Tensor& self);
/// The different values in order (so always, whatever `sorted` says); with return_inverse where each element of self
/// went, with return_counts how often each came. What is not asked for is empty.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true, bool return_inverse = false, bool return_counts = false);
HEARTH_API std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true, bool return_inverse = false);
/// _unique2 under the name that Python has for it.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> unique(const Tensor& self, bool sorted = true, bool return_inverse = false, bool return_counts = false);
/// The different slices along dim, in lexicographic order.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool sorted = true, bool return_inverse = false, bool return_counts = false);
/// The values without those that equal the one before; along dim, or of all elements.
HEARTH_API std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse = false, bool return_counts = false, std::optional<int64_t> dim = std::nullopt);
HEARTH_API std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, int64_t dim, bool return_inverse = false, bool return_counts = false);
/// self [N, C, W] as [N, C, output_size]: each output takes the element whose cell holds its lower edge. A scale, where
/// given, is used in place of the sizes' ratio.
HEARTH_API Tensor upsample_nearest1d(const Tensor& self, IntArrayRef output_size, std::optional<double> scales = std::nullopt);
HEARTH_API Tensor upsample_nearest2d(const Tensor& self, IntArrayRef output_size, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
HEARTH_API Tensor upsample_nearest3d(const Tensor& self, IntArrayRef output_size, std::optional<double> scales_d = std::nullopt, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
/// The same by the output's middle, as other libraries have it.
HEARTH_API Tensor _upsample_nearest_exact1d(const Tensor& self, IntArrayRef output_size, std::optional<double> scales = std::nullopt);
HEARTH_API Tensor _upsample_nearest_exact2d(const Tensor& self, IntArrayRef output_size, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
HEARTH_API Tensor _upsample_nearest_exact3d(const Tensor& self, IntArrayRef output_size, std::optional<double> scales_d = std::nullopt, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
/// Linear between the two nearest elements; align_corners: the outermost elements fall on each other.
HEARTH_API Tensor upsample_linear1d(const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales = std::nullopt);
HEARTH_API Tensor upsample_bilinear2d(const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
HEARTH_API Tensor upsample_trilinear3d(const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_d = std::nullopt, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
/// Cubic convolution over 4 elements of each dimension, a = -0.75 (Keys, 1981).
HEARTH_API Tensor upsample_bicubic2d(const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
/// With filters as wide as the step where the image shrinks, as Pillow does.
HEARTH_API Tensor _upsample_bilinear2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);
HEARTH_API Tensor _upsample_bicubic2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);

}  // namespace hearth
