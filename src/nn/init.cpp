#include "hearth/nn/init.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"

namespace hearth::nn::init {

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (std::holds_alternative<enumtype::kTanh>(nonlinearity)) return 5.0 / 3.0;
  if (std::holds_alternative<enumtype::kReLU>(nonlinearity)) return std::sqrt(2.0);
  if (std::holds_alternative<enumtype::kLeakyReLU>(nonlinearity)) return std::sqrt(2.0 / (1 + param * param));
  return 1.0;
}

std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  if (tensor.dim() < 2)
    throw ShapeError(
        fmt::format("[init] fan in and fan out can not be computed for tensor with fewer than 2 dimensions "
                    "(shape {}); use uniform_ or constant_ for it",
                    to_string(tensor.sizes())),
        tensor.sizes().vec());
  int64_t kernel = 1;
  for (int64_t d = 2; d < tensor.dim(); ++d) kernel *= tensor.size(d);
  return {tensor.size(1) * kernel, tensor.size(0) * kernel};
}

namespace {
double kaiming_std(const Tensor& tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  const int64_t fan = std::holds_alternative<enumtype::kFanIn>(mode) ? fan_in : fan_out;
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(fan));
}
double xavier_std(const Tensor& tensor, double gain) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return gain * std::sqrt(2.0 / static_cast<double>(fan_in + fan_out));
}
}  // namespace

Tensor constant_(Tensor tensor, Scalar value) {
  const NoGradGuard no_grad;
  return tensor.fill_(value);
}
Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }
Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }
Tensor eye_(Tensor matrix) {
  if (matrix.dim() != 2)
    throw ShapeError(
        fmt::format("[eye_] only tensors with 2 dimensions are supported, got shape {}", to_string(matrix.sizes())),
        matrix.sizes().vec());
  const NoGradGuard no_grad;
  return matrix.copy_(eye(matrix.size(0), matrix.size(1), matrix.options()));
}
Tensor dirac_(Tensor tensor) {
  const int64_t rank = tensor.dim();
  if (rank < 3 || rank > 5)
    fail<ShapeError>("[dirac_] only tensors with 3, 4, or 5 dimensions are supported, got shape {}",
                     shape_text(tensor.sizes()));
  const NoGradGuard no_grad;
  tensor.zero_();
  for (int64_t c = 0; c < std::min(tensor.size(0), tensor.size(1)); ++c) {
    Tensor place = tensor.select(0, c).select(0, c);
    while (place.dim() > 0) place = place.select(0, place.size(0) / 2);
    place.fill_(1);
  }
  return tensor;
}
Tensor normal_(Tensor tensor, double mean, double std) {
  const NoGradGuard no_grad;
  return tensor.normal_(mean, std);
}
Tensor uniform_(Tensor tensor, double low, double high) {
  const NoGradGuard no_grad;
  return tensor.uniform_(low, high);
}
Tensor trunc_normal_(Tensor tensor, double mean, double std, double a, double b) {
  if (!(std > 0) || !(a < b)) fail("[trunc_normal_] std {} must be positive, and a {} below b {}", std, a, b);
  const NoGradGuard no_grad;
  // The inverse of the distribution, of uniform numbers between its values at the ends.
  const auto below = [&](double x) { return (1 + std::erf((x - mean) / std / std::sqrt(2.0))) / 2; };
  const double low = below(a), high = below(b);
  tensor.uniform_(2 * low - 1, 2 * high - 1).erfinv_();
  return tensor.mul_(std * std::sqrt(2.0)).add_(mean).clamp_(a, b);
}

namespace {
/// Orthonormal columns that span those of m [rows, cols], rows >= cols, in their order (Gram and Schmidt, each column
/// twice for accuracy).
void orthonormalize(double* m, int64_t rows, int64_t cols) {
  for (int64_t j = 0; j < cols; ++j)
    for (int pass = 0; pass < 2; ++pass) {
      for (int64_t k = 0; k < j; ++k) {
        double dot = 0;
        for (int64_t r = 0; r < rows; ++r) dot += m[r * cols + j] * m[r * cols + k];
        for (int64_t r = 0; r < rows; ++r) m[r * cols + j] -= dot * m[r * cols + k];
      }
      double square = 0;
      for (int64_t r = 0; r < rows; ++r) square += m[r * cols + j] * m[r * cols + j];
      for (int64_t r = 0; r < rows; ++r) m[r * cols + j] /= std::sqrt(square);
    }
}
}  // namespace

Tensor orthogonal_(Tensor tensor, double gain) {
  if (tensor.dim() < 2)
    fail<ShapeError>("[orthogonal_] only tensors with 2 or more dimensions are supported, got shape {}",
                     shape_text(tensor.sizes()));
  const NoGradGuard no_grad;
  if (tensor.numel() == 0) return tensor;
  const int64_t rows = tensor.size(0), cols = tensor.numel() / rows;
  Tensor m = randn({rows, cols}).to(kDouble);
  if (rows < cols) m = m.t();
  m = m.contiguous();
  orthonormalize(m.data_ptr<double>(), m.size(0), m.size(1));
  if (rows < cols) m = m.t();
  return tensor.copy_(m.reshape(tensor.sizes())).mul_(gain);
}

Tensor sparse_(Tensor tensor, double sparsity, double std) {
  if (tensor.dim() != 2)
    fail<ShapeError>("[sparse_] only tensors with 2 dimensions are supported, got shape {}",
                     shape_text(tensor.sizes()));
  if (!(sparsity >= 0 && sparsity <= 1)) fail("[sparse_] sparsity is {}; it must be of [0, 1]", sparsity);
  const NoGradGuard no_grad;
  const auto zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(tensor.size(0))));
  tensor.normal_(0, std);
  for (int64_t c = 0; c < tensor.size(1); ++c) {
    Tensor column = tensor.select(1, c);
    column.index_fill_(0, randperm(tensor.size(0)).slice(0, 0, zeros), 0);
  }
  return tensor;
}
Tensor kaiming_normal_(Tensor tensor, double a) { return kaiming_normal_(std::move(tensor), a, kFanIn); }
Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode) {
  return kaiming_normal_(std::move(tensor), a, mode, kLeakyReLU);
}
Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std(tensor, a, mode, nonlinearity);
  return normal_(std::move(tensor), 0, std);
}
Tensor kaiming_uniform_(Tensor tensor, double a) { return kaiming_uniform_(std::move(tensor), a, kFanIn); }
Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode) {
  return kaiming_uniform_(std::move(tensor), a, mode, kLeakyReLU);
}
Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double bound = std::sqrt(3.0) * kaiming_std(tensor, a, mode, nonlinearity);
  return uniform_(std::move(tensor), -bound, bound);
}
Tensor xavier_normal_(Tensor tensor, double gain) {
  const double std = xavier_std(tensor, gain);
  return normal_(std::move(tensor), 0, std);
}
Tensor xavier_uniform_(Tensor tensor, double gain) {
  const double bound = std::sqrt(3.0) * xavier_std(tensor, gain);
  return uniform_(std::move(tensor), -bound, bound);
}

}  // namespace hearth::nn::init
