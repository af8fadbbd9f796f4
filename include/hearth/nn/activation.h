#pragma once

#include "hearth/nn/plain.h"

namespace hearth::nn {

/// An option that many activations have: whether the input is overwritten.
struct InplaceOptions {
  InplaceOptions(bool inplace = false) : inplace_(inplace) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(bool, inplace);
};
using ReLUOptions = InplaceOptions;
using ReLU6Options = InplaceOptions;
using SELUOptions = InplaceOptions;
struct ELUOptions {
  HEARTH_ARG(double, alpha) = 1.0;
  HEARTH_ARG(bool, inplace) = false;
};
struct CELUOptions {
  HEARTH_ARG(double, alpha) = 1.0;
  HEARTH_ARG(bool, inplace) = false;
};
struct GLUOptions {
  GLUOptions(int64_t dim = -1) : dim_(dim) {}  // NOLINT
  HEARTH_ARG(int64_t, dim);
};
struct GELUOptions {
  /// "none" or "tanh".
  HEARTH_ARG(std::string, approximate) = "none";
};
struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}  // NOLINT
  HEARTH_ARG(double, lambda);
};
struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}  // NOLINT
  HEARTH_ARG(double, lambda);
};
struct HardtanhOptions {
  HEARTH_ARG(double, min_val) = -1.0;
  HEARTH_ARG(double, max_val) = 1.0;
  HEARTH_ARG(bool, inplace) = false;
};
struct LeakyReLUOptions {
  HEARTH_ARG(double, negative_slope) = 1e-2;
  HEARTH_ARG(bool, inplace) = false;
};
struct SoftmaxOptions {
  SoftmaxOptions(int64_t dim) : dim_(dim) {}  // NOLINT
  HEARTH_ARG(int64_t, dim);
};
using SoftminOptions = SoftmaxOptions;
using LogSoftmaxOptions = SoftmaxOptions;
struct PReLUOptions {
  /// 1, or one for each channel (dimension 1).
  HEARTH_ARG(int64_t, num_parameters) = 1;
  HEARTH_ARG(double, init) = 0.25;
};
struct RReLUOptions {
  HEARTH_ARG(double, lower) = 1.0 / 8.0;
  HEARTH_ARG(double, upper) = 1.0 / 3.0;
  HEARTH_ARG(bool, inplace) = false;
};
struct SoftplusOptions {
  HEARTH_ARG(double, beta) = 1.0;
  /// Where beta * x is larger, x stands in.
  HEARTH_ARG(double, threshold) = 20.0;
};
struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  HEARTH_ARG(double, threshold);
  HEARTH_ARG(double, value);
  HEARTH_ARG(bool, inplace) = false;
};

/// max(x, 0)
class HEARTH_API ReLUImpl : public Optioned<ReLUImpl, ReLUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(ReLU);
/// min(max(x, 0), 6)
class HEARTH_API ReLU6Impl : public Optioned<ReLU6Impl, ReLU6Options> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(ReLU6);
/// x where positive, else alpha * (exp(x) - 1) (Clevert et al., 2015).
class HEARTH_API ELUImpl : public Optioned<ELUImpl, ELUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(ELU);
/// The self-normalising ELU (Klambauer et al., 2017).
class HEARTH_API SELUImpl : public Optioned<SELUImpl, SELUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(SELU);
/// ELU with a slope that is smooth at 0 (Barron, 2017).
class HEARTH_API CELUImpl : public Optioned<CELUImpl, CELUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(CELU);
/// x * P(N(0, 1) <= x) (Hendrycks and Gimpel, 2016).
class HEARTH_API GELUImpl : public Optioned<GELUImpl, GELUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(GELU);
/// The first half of `dim` times the sigmoid of the second (Dauphin et al., 2016).
class HEARTH_API GLUImpl : public Optioned<GLUImpl, GLUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(GLU);
/// 0 within [-lambda, lambda], else x.
class HEARTH_API HardshrinkImpl : public Optioned<HardshrinkImpl, HardshrinkOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Hardshrink);
/// x moved towards 0 by lambda, 0 where it would cross.
class HEARTH_API SoftshrinkImpl : public Optioned<SoftshrinkImpl, SoftshrinkOptions> {
 public:
  explicit SoftshrinkImpl(const SoftshrinkOptions& options_ = {});
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Softshrink);
/// x limited to [min_val, max_val].
class HEARTH_API HardtanhImpl : public Optioned<HardtanhImpl, HardtanhOptions> {
 public:
  explicit HardtanhImpl(const HardtanhOptions& options_ = {});
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(Hardtanh);
/// x where positive, else negative_slope * x.
class HEARTH_API LeakyReLUImpl : public Optioned<LeakyReLUImpl, LeakyReLUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(LeakyReLU);
/// exp(x) / sum(exp(x)) along dim.
class HEARTH_API SoftmaxImpl : public Optioned<SoftmaxImpl, SoftmaxOptions> {
 public:
  explicit SoftmaxImpl(int64_t dim) : Optioned(dim) {}
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Softmax);
/// Softmax of -x.
class HEARTH_API SoftminImpl : public Optioned<SoftminImpl, SoftminOptions> {
 public:
  explicit SoftminImpl(int64_t dim) : Optioned(dim) {}
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Softmin);
/// The logarithm of softmax.
class HEARTH_API LogSoftmaxImpl : public Optioned<LogSoftmaxImpl, LogSoftmaxOptions> {
 public:
  explicit LogSoftmaxImpl(int64_t dim) : Optioned(dim) {}
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(LogSoftmax);
/// Softmax over the channels of [N, C, H, W] or [C, H, W].
class HEARTH_API Softmax2dImpl : public Plain<Softmax2dImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Softmax2d);
/// x where positive, else a learned weight times x (He et al., 2015).
class HEARTH_API PReLUImpl : public Cloneable<PReLUImpl> {
 public:
  explicit PReLUImpl(const PReLUOptions& options_ = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  PReLUOptions options;
  Tensor weight;  ///< [num_parameters]
};
HEARTH_LIBRARY_MODULE(PReLU);
/// x where positive, else times a slope: at random of [lower, upper] while training, their middle otherwise (Xu et al.,
/// 2015).
class HEARTH_API RReLUImpl : public Optioned<RReLUImpl, RReLUOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(RReLU);
/// log(1 + exp(beta * x)) / beta
class HEARTH_API SoftplusImpl : public Optioned<SoftplusImpl, SoftplusOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Softplus);
/// x where above `threshold`, else `value`.
class HEARTH_API ThresholdImpl : public Optioned<ThresholdImpl, ThresholdOptions> {
 public:
  ThresholdImpl(double threshold, double value) : Optioned(ThresholdOptions(threshold, value)) {}
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
HEARTH_LIBRARY_MODULE(Threshold);

/// log(1 / (1 + exp(-x)))
class HEARTH_API LogSigmoidImpl : public Plain<LogSigmoidImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(LogSigmoid);
/// x / (1 + exp(-x))
class HEARTH_API SiLUImpl : public Plain<SiLUImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(SiLU);
/// x * tanh(softplus(x)) (Misra, 2019).
class HEARTH_API MishImpl : public Plain<MishImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Mish);
/// 1 / (1 + exp(-x))
class HEARTH_API SigmoidImpl : public Plain<SigmoidImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Sigmoid);
/// x / (1 + |x|)
class HEARTH_API SoftsignImpl : public Plain<SoftsignImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Softsign);
class HEARTH_API TanhImpl : public Plain<TanhImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Tanh);
/// x - tanh(x)
class HEARTH_API TanhshrinkImpl : public Plain<TanhshrinkImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Tanhshrink);
/// min(max(x + 3, 0), 6) / 6
class HEARTH_API HardsigmoidImpl : public Plain<HardsigmoidImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Hardsigmoid);
/// x * hardsigmoid(x) (Howard et al., 2019).
class HEARTH_API HardswishImpl : public Plain<HardswishImpl> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Hardswish);

}  // namespace hearth::nn
