// Clipping of gradients; parameters as one vector.
#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "hearth/nn/utils/clip_grad.h"
#include "hearth/nn/utils/convert_parameters.h"

namespace hearth::nn::utils {

namespace {
std::vector<Tensor> grads_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> out;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) out.push_back(p.grad());
  return out;
}
}  // namespace

double get_total_norm(const std::vector<Tensor>& tensors, double norm_type, bool error_if_nonfinite) {
  if (tensors.empty()) return 0;
  if (!(norm_type >= 0))
    throw ValueError(fmt::format("[get_total_norm] norm_type is {} but must not be negative", norm_type));
  const double total = norm_type == 0 ? static_cast<double>(tensors.size()) : _total_norm(tensors, norm_type);
  if (error_if_nonfinite && !std::isfinite(total))
    throw ValueError(
        fmt::format("[clip_grad_norm_] The total norm of order {} for gradients from `parameters` is "
                    "non-finite, so it cannot be clipped. To disable this error and scale the gradients "
                    "with the non-finite norm anyway, set `error_if_nonfinite=false`",
                    norm_type));
  return total;
}

void clip_grads_with_norm_(const std::vector<Tensor>& parameters, double max_norm, double total_norm) {
  const double factor = max_norm / (total_norm + 1e-6);
  if (factor < 1 || std::isnan(factor)) _scale_(grads_of(parameters), factor);
}

double clip_grad_norm_(std::vector<Tensor> parameters, double max_norm, double norm_type, bool error_if_nonfinite) {
  const double total = get_total_norm(grads_of(parameters), norm_type, error_if_nonfinite);
  clip_grads_with_norm_(parameters, max_norm, total);
  return total;
}
double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>(parameters), max_norm, norm_type, error_if_nonfinite);
}
double clip_grad_norm_(Tensor parameter, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(std::vector<Tensor> parameters, double clip_value) {
  const NoGradGuard no_grad;
  for (const Tensor& grad : grads_of(parameters)) grad.detach().clamp_(-clip_value, clip_value);
}
void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value) {
  clip_grad_value_(std::vector<Tensor>(parameters), clip_value);
}
void clip_grad_value_(Tensor parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> flat;
  for (const Tensor& p : parameters) flat.push_back(p.reshape({-1}));
  return cat(flat);
}

void vector_to_parameters(const Tensor& vec, std::vector<Tensor> parameters) {
  int64_t total = 0;
  for (const Tensor& p : parameters) total += p.numel();
  if (vec.dim() != 1 || vec.numel() != total)
    throw ShapeError(fmt::format("[vector_to_parameters] vec has shape {} but the parameters have {} elements",
                                 to_string(vec.sizes()), total),
                     vec.sizes().vec(), {total});
  int64_t at = 0;
  for (const Tensor& p : parameters) {
    p.set_data(vec.slice(0, at, at + p.numel()).view_as(p).data());
    at += p.numel();
  }
}

}  // namespace hearth::nn::utils
