// Gradients against central differences.
#include "hearth/gradcheck.h"

#include <cmath>

#include "base/fail.h"
#include "hearth/generator.h"
#include "hearth/ops.h"
#include "hearth/warning.h"

namespace hearth::autograd::detail_gradcheck {

namespace {

/// A function of the inputs that are varied, with the others held.
class Probe {
 public:
  Probe(Call call, void* function, const variable_list& inputs) : call_(call), function_(function) {
    for (const Tensor& x : inputs) {
      // Elements that share memory could not be varied one by one.
      all_.push_back(x.defined() && x.requires_grad() ? x.detach().clone().contiguous().requires_grad_() : x);
      if (x.defined() && x.requires_grad()) varied_.push_back(all_.size() - 1);
    }
    if (varied_.empty())
      fail<ValueError>("[gradcheck] none of the inputs requires gradients; set requires_grad on one");
    for (const size_t i : varied_)
      if (all_[i].scalar_type() != kDouble)
        warn(fmt::format("[gradcheck] input {} is not of float64; central differences will be coarse", i));
  }
  variable_list outputs() const {
    variable_list kept;
    for (const Tensor& y : call_(function_, all_))
      if (y.defined() && y.is_floating_point()) kept.push_back(y);
    return kept;
  }
  variable_list inputs() const {
    variable_list list;
    for (const size_t i : varied_) list.push_back(all_[i]);
    return list;
  }
  size_t number(size_t varied) const { return varied_[varied]; }

 private:
  Call call_;
  void* function_;
  variable_list all_;
  std::vector<size_t> varied_;
};

Tensor flat(const Tensor& t) { return t.detach().to(kDouble).reshape({-1}); }

/// d outputs[o] / d input, [outputs, inputs], by central differences.
std::vector<Tensor> numerical(const Probe& probe, const Tensor& input, double eps) {
  const NoGradGuard no_grad;
  const Tensor elements = input.detach().view({-1});
  std::vector<variable_list> columns;
  for (int64_t i = 0; i < elements.numel(); ++i) {
    const Tensor element = elements[i], before = element.clone();
    element.add_(eps);
    variable_list high = probe.outputs();
    for (Tensor& y : high) y = flat(y).clone();
    element.copy_(before).sub_(eps);
    const variable_list low = probe.outputs();
    element.copy_(before);
    for (size_t o = 0; o < high.size(); ++o) high[o] = (high[o] - flat(low[o])) / (2 * eps);
    columns.push_back(std::move(high));
  }
  std::vector<Tensor> jacobians;
  for (size_t o = 0; !columns.empty() && o < columns[0].size(); ++o) {
    variable_list parts;
    for (const variable_list& c : columns) parts.push_back(c[o]);
    jacobians.push_back(stack(parts, 1));
  }
  return jacobians;
}

/// The same by backward, row by row; for every input.
std::vector<Tensor> analytical(const Tensor& output, const variable_list& inputs) {
  std::vector<variable_list> rows(inputs.size());
  for (int64_t i = 0; i < output.numel(); ++i) {
    Tensor seed = zeros_like(output.detach()).contiguous();
    seed.view({-1})[i].fill_(1);
    const variable_list grads = grad({output}, inputs, {seed}, true, false, true);
    for (size_t k = 0; k < inputs.size(); ++k) {
      if (grads[k].defined() && grads[k].sizes() != inputs[k].sizes())
        throw ShapeError(fmt::format("[gradcheck] the gradient of input {} has shape {}, the input {}", k,
                                     shape_text(grads[k].sizes()), shape_text(inputs[k].sizes())),
                         grads[k].sizes().vec(), inputs[k].sizes().vec());
      rows[k].push_back(grads[k].defined() ? flat(grads[k]) : zeros({inputs[k].numel()}, kDouble));
    }
  }
  std::vector<Tensor> jacobians;
  for (size_t k = 0; k < inputs.size(); ++k)
    jacobians.push_back(rows[k].empty() ? zeros({0, inputs[k].numel()}, kDouble) : stack(rows[k]));
  return jacobians;
}

/// Where a and b are farthest apart beyond what is allowed; empty if nowhere.
std::string difference(const Tensor& a, const Tensor& n, double atol, double rtol) {
  const Tensor excess = (a - n).abs() - (atol + rtol * n.abs());
  const Tensor wrong = excess.le(0).logical_not();  // NaN as well
  const auto count = wrong.sum().item<int64_t>();
  if (count == 0) return "";
  const auto at = excess.nan_to_num(INFINITY).argmax().item<int64_t>();
  const int64_t columns = a.size(1);
  return fmt::format(
      "{} of {} entries differ; at output element {}, input element {}: numerical {:.10g}, analytical {:.10g}", count,
      a.numel(), at / columns, at % columns, n.reshape({-1})[at].item<double>(), a.reshape({-1})[at].item<double>());
}

void check_undefined(const Probe& probe) {
  const variable_list outputs = probe.outputs(), inputs = probe.inputs();
  for (const Tensor& y : outputs) {
    if (!y.grad_fn()) continue;
    const variable_list grads = grad({y}, inputs, {zeros_like(y.detach())}, true, false, true);
    for (const Tensor& g : grads)
      if (g.defined() && g.ne(0).any().item<bool>())
        fail<AutogradError>("[gradcheck] a gradient of zeros gives gradients that are not zero");
  }
}

void check(const Probe& probe, const GradcheckOptions& o) {
  const variable_list inputs = probe.inputs(), outputs = probe.outputs();
  if (outputs.empty()) fail<ValueError>("[gradcheck] the function returns no floating tensor");
  std::vector<std::vector<Tensor>> by_backward;
  for (const Tensor& y : outputs) {
    const bool flows = y.requires_grad();
    by_backward.push_back(flows ? analytical(y, inputs) : std::vector<Tensor>());
    if (!flows) {
      for (const Tensor& x : inputs) by_backward.back().push_back(zeros({y.numel(), x.numel()}, kDouble));
      continue;
    }
    const std::vector<Tensor> again = analytical(y, inputs);
    for (size_t k = 0; k < again.size(); ++k)
      if (const std::string text = difference(again[k], by_backward.back()[k], o.nondet_tol, 0); !text.empty())
        fail<AutogradError>("[gradcheck] backward does not give the same twice, for input {}: {}", probe.number(k),
                            text);
  }
  for (size_t k = 0; k < inputs.size(); ++k) {
    const std::vector<Tensor> by_differences = numerical(probe, inputs[k], o.eps);
    for (size_t i = 0; i < by_differences.size(); ++i)
      if (const std::string text = difference(by_backward[i][k], by_differences[i], o.atol, o.rtol); !text.empty())
        fail<AutogradError>("[gradcheck] Jacobian mismatch for output {} with respect to input {}: {}", i,
                            probe.number(k), text);
  }
  if (o.check_undefined_grad) check_undefined(probe);
}

}  // namespace

bool gradcheck(Call call, void* function, const variable_list& inputs, const GradcheckOptions& options) {
  const AutoGradMode enabled(true);
  try {
    check(Probe(call, function, inputs), options);
    return true;
  } catch (const Error&) {
    if (options.raise_exception) throw;
    return false;
  }
}

bool gradgradcheck(Call call, void* function, const variable_list& inputs, const variable_list& grad_outputs,
                   const GradcheckOptions& options) {
  const AutoGradMode enabled(true);
  variable_list weights;
  size_t used = 0;
  Generator generator = hearth::detail::createCPUGenerator(7);
  for (const Tensor& y : call(function, inputs)) {
    if (!y.defined() || !y.is_floating_point()) continue;
    if (used < grad_outputs.size()) {
      weights.push_back(grad_outputs[used++]);
    } else {
      weights.push_back(randn(y.sizes(), generator, y.detach().options()).requires_grad_());
    }
  }
  variable_list both = inputs;
  both.insert(both.end(), weights.begin(), weights.end());
  const auto gradients = [&](const variable_list& all) {
    const AutoGradMode recording(true);
    const auto split = all.begin() + static_cast<std::ptrdiff_t>(inputs.size());
    const variable_list x(all.begin(), split), w(split, all.end());
    variable_list outputs, wanted, w_used;
    for (const Tensor& y : call(function, x))
      if (y.defined() && y.is_floating_point()) outputs.push_back(y);
    variable_list flowing;
    for (size_t i = 0; i < outputs.size(); ++i)
      if (outputs[i].requires_grad()) {
        flowing.push_back(outputs[i]);
        w_used.push_back(w[i]);
      }
    for (const Tensor& t : x)
      if (t.defined() && t.requires_grad()) wanted.push_back(t);
    variable_list g = grad(flowing, wanted, w_used, true, true, true);
    for (size_t i = 0; i < g.size(); ++i)
      if (!g[i].defined()) g[i] = zeros_like(wanted[i].detach());
    return g;
  };
  using F = std::remove_const_t<decltype(gradients)>;
  return gradcheck(&detail_gradcheck::call<const F>, const_cast<F*>(&gradients), both, options);
}

}  // namespace hearth::autograd::detail_gradcheck
