#include "hearth/nn/utils/norm_layers.h"

#include <fmt/ranges.h>

#include "hearth/error.h"
#include "hearth/operators.h"

namespace hearth::nn::utils::detail {

namespace {

int64_t wrapped(const char* op, int64_t dim, int64_t rank) {
  if (dim < -rank || dim >= rank)
    throw IndexError(fmt::format("[{}] dim {} is out of range for a weight of {} dimensions", op, dim, rank), dim,
                     rank);
  return dim < 0 ? dim + rank : dim;
}

Tensor as_matrix(const Tensor& weight, int64_t dim) {
  return (dim == 0 ? weight : weight.transpose(0, dim)).flatten(1);
}
Tensor unit(const Tensor& x, double eps) { return x / x.norm().clamp_min(eps); }

}  // namespace

Tensor norm_except_dim(const Tensor& v, int64_t dim) {
  if (dim == -1) return v.norm();
  dim = wrapped("weight_norm", dim, v.dim());
  std::vector<int64_t> others;
  for (int64_t d = 0; d < v.dim(); ++d)
    if (d != dim) others.push_back(d);
  return others.empty() ? v.abs() : v.norm(2, others, /*keepdim=*/true);
}

Tensor weight_normed(const Tensor& v, const Tensor& g, int64_t dim) { return v * (g / norm_except_dim(v, dim)); }

Tensor take_parameter(OrderedDict<std::string, Tensor>& parameters, const std::string& name) {
  if (!parameters.contains(name))
    throw ValueError(fmt::format("[weight_norm] the layer has no parameter \"{}\"; it has {}: give one of their names",
                                 name, fmt::join(parameters.keys(), ", ")));
  const Tensor t = parameters[name];
  parameters.erase(name);
  return t;
}
void throw_no_weight(const std::string& layer, const std::string& name) {
  throw ValueError(
      fmt::format("[weight_norm] \"{}\" of {} can't be computed anew in each call; give the name of a weight, such as "
                  "weight, weight_hh, weight_hh_l0",
                  name, layer));
}

void check_spectral(const Tensor& weight, const SpectralState& state) {
  if (state.n_power_iterations <= 0)
    throw ValueError(fmt::format("[spectral_norm] expected n_power_iterations to be positive, but got {}",
                                 state.n_power_iterations));
  if (weight.dim() < 2)
    throw ShapeError(fmt::format("[spectral_norm] the weight must be a matrix or more, but its shape is {}",
                                 to_string(weight.sizes())),
                     weight.sizes().vec());
  wrapped("spectral_norm", state.dim, weight.dim());
}

Tensor spectral_vector(const Tensor& weight, const SpectralState& state, bool left) {
  const NoGradGuard no_grad;
  const Tensor matrix = as_matrix(weight, wrapped("spectral_norm", state.dim, weight.dim()));
  return unit(empty({matrix.size(left ? 0 : 1)}, weight.options().requires_grad(false)).normal_(0, 1), state.eps);
}

Tensor spectral_normed(const Tensor& weight, const Tensor& u, const Tensor& v, const SpectralState& state,
                       bool training) {
  const Tensor matrix = as_matrix(weight, wrapped("spectral_norm", state.dim, weight.dim()));
  if (training) {
    const NoGradGuard no_grad;
    const Tensor fixed = matrix.detach();
    for (int64_t i = 0; i < state.n_power_iterations; ++i) {
      v.copy_(unit(fixed.t().mv(u), state.eps));
      u.copy_(unit(fixed.mv(v), state.eps));
    }
  }
  // Copies, so that the next call's iterations leave this one's graph alone.
  const Tensor sigma = u.clone().dot(matrix.mv(v.clone()));
  return weight / sigma;
}

}  // namespace hearth::nn::utils::detail
