#pragma once

#include "hearth/ops.h"

namespace hearth::nn::utils {

/// The norm of order norm_type of all elements of all tensors taken together, as if they were one vector; with
/// error_if_nonfinite, one that is infinite or NaN throws.
HEARTH_API double get_total_norm(const std::vector<Tensor>& tensors, double norm_type = 2.0,
                                 bool error_if_nonfinite = false);

/// Scales the gradients of parameters down so that their total norm is at most max_norm; returns what it was. Order 0
/// counts the gradients. With error_if_nonfinite, a norm that is infinite or NaN throws and nothing is changed.
HEARTH_API double clip_grad_norm_(std::vector<Tensor> parameters, double max_norm, double norm_type = 2.0,
                                  bool error_if_nonfinite = false);
HEARTH_API double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type = 2.0,
                                  bool error_if_nonfinite = false);
HEARTH_API double clip_grad_norm_(Tensor parameter, double max_norm, double norm_type = 2.0,
                                  bool error_if_nonfinite = false);
/// The second half: scales by a norm that is known.
HEARTH_API void clip_grads_with_norm_(const std::vector<Tensor>& parameters, double max_norm, double total_norm);

/// Limits every element of the gradients to [-clip_value, clip_value].
HEARTH_API void clip_grad_value_(std::vector<Tensor> parameters, double clip_value);
HEARTH_API void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value);
HEARTH_API void clip_grad_value_(Tensor parameter, double clip_value);

}  // namespace hearth::nn::utils
