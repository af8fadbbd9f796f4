#pragma once

#include <type_traits>

#include "hearth/autograd.h"

namespace hearth::autograd {

struct GradcheckOptions {
  double eps = 1e-6;   // of the central differences
  double atol = 1e-5;  // numerical and analytical may differ by atol + rtol * |numerical|
  double rtol = 1e-3;
  bool raise_exception = true;  // else the answer is false
  double nondet_tol = 0.0;      // how far two backward passes may differ
  bool check_undefined_grad = true;
};

namespace detail_gradcheck {
using Call = variable_list (*)(void* function, const variable_list& inputs);
HEARTH_API bool gradcheck(Call call, void* function, const variable_list& inputs, const GradcheckOptions& options);
HEARTH_API bool gradgradcheck(Call call, void* function, const variable_list& inputs, const variable_list& grad_outputs,
                              const GradcheckOptions& options);
template <class F>
variable_list call(void* function, const variable_list& inputs) {
  if constexpr (std::is_same_v<std::decay_t<decltype((*static_cast<F*>(function))(inputs))>, Tensor>) {
    return {(*static_cast<F*>(function))(inputs)};
  } else {
    return (*static_cast<F*>(function))(inputs);
  }
}
}  // namespace detail_gradcheck

/// Whether the gradients of `function` (variable_list -> Tensor or variable_list) with respect to those inputs that
/// require gradients are what central differences say, every element of the Jacobian. Inputs should be float64. Throws
/// AutogradError with both Jacobians' entries where they differ, or gives false without raise_exception. Also checked:
/// that backward gives the same twice, that gradients have their input's shape, and that undefined ones are taken.
template <class F>
bool gradcheck(F&& function, const variable_list& inputs, const GradcheckOptions& options = {}) {
  return detail_gradcheck::gradcheck(&detail_gradcheck::call<std::remove_reference_t<F>>,
                                     const_cast<std::remove_const_t<std::remove_reference_t<F>>*>(&function), inputs,
                                     options);
}
/// The same of the gradients' own gradients. `grad_outputs` weigh the outputs; random numbers (of a seed of its own)
/// unless given.
template <class F>
bool gradgradcheck(F&& function, const variable_list& inputs, const variable_list& grad_outputs = {},
                   const GradcheckOptions& options = {}) {
  return detail_gradcheck::gradgradcheck(&detail_gradcheck::call<std::remove_reference_t<F>>,
                                         const_cast<std::remove_const_t<std::remove_reference_t<F>>*>(&function),
                                         inputs, grad_outputs, options);
}

}  // namespace hearth::autograd
