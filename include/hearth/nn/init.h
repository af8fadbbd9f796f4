#pragma once

#include "hearth/enums.h"
#include "hearth/ops.h"

namespace hearth::nn::init {

using NonlinearityType =
    std::variant<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D, enumtype::kConvTranspose1D,
                 enumtype::kConvTranspose2D, enumtype::kConvTranspose3D, enumtype::kSigmoid, enumtype::kTanh,
                 enumtype::kReLU, enumtype::kLeakyReLU>;
using FanModeType = std::variant<enumtype::kFanIn, enumtype::kFanOut>;

/// The factor by which a nonlinearity wants its layer's weights larger; param is leaky_relu's slope.
HEARTH_API double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);
HEARTH_API Tensor constant_(Tensor tensor, Scalar value);
HEARTH_API Tensor ones_(Tensor tensor);
HEARTH_API Tensor zeros_(Tensor tensor);
/// The identity matrix.
HEARTH_API Tensor eye_(Tensor matrix);
/// Of a weight [out, in, k…]: each channel passes through to its own, as far as there are.
HEARTH_API Tensor dirac_(Tensor tensor);
HEARTH_API Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
HEARTH_API Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
/// The normal distribution limited to [a, b].
HEARTH_API Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2);
/// A random matrix with orthonormal rows or columns, times gain (Saxe et al., 2013); dimensions after the first count
/// as one.
HEARTH_API Tensor orthogonal_(Tensor tensor, double gain = 1.0);
/// Normal numbers in a matrix, of which the share `sparsity` of each column is 0 (Martens, 2010).
HEARTH_API Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01);
/// He et al. (2015): variance 2 / fan for ReLU; `a` is the slope of the leaky ReLU behind the layer.
/// By default mode = kFanIn, nonlinearity = kLeakyReLU: forms of their own, as a default would have to be compiled.
HEARTH_API Tensor kaiming_normal_(Tensor tensor, double a = 0);
HEARTH_API Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode);
HEARTH_API Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity);
HEARTH_API Tensor kaiming_uniform_(Tensor tensor, double a = 0);
HEARTH_API Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode);
HEARTH_API Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity);
/// Glorot and Bengio (2010): variance 2 / (fan in + fan out), times gain squared.
HEARTH_API Tensor xavier_normal_(Tensor tensor, double gain = 1.0);
HEARTH_API Tensor xavier_uniform_(Tensor tensor, double gain = 1.0);
/// Inputs and outputs of a weight [out, in, …], times the size of its kernel; at least two dimensions.
HEARTH_API std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

}  // namespace hearth::nn::init
