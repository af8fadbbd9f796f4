#pragma once

#include "hearth/nn/module.h"

/// Layers whose weight is computed anew before each forward: `auto fc = weight_norm(Linear(20, 40));` is a Linear in
/// every way (options, forward, printing, `as<Linear>()`), but its state dict has `weight_g` and `weight_v` in place of
/// `weight`. Works for every module with an `options` and a `weight`.
namespace hearth::nn::utils {

namespace detail {
/// |v| over all dimensions but dim, which is kept; over all where dim is -1.
HEARTH_API Tensor norm_except_dim(const Tensor& v, int64_t dim);
HEARTH_API Tensor weight_normed(const Tensor& v, const Tensor& g, int64_t dim);
/// The tensor called `name`, which the module no longer registers.
HEARTH_API Tensor take_parameter(OrderedDict<std::string, Tensor>& parameters, const std::string& name);

struct SpectralState {
  int64_t n_power_iterations = 1, dim = 0;
  double eps = 1e-12;
};
/// Throws unless weight and state fit.
HEARTH_API void check_spectral(const Tensor& weight, const SpectralState& state);
/// A random vector of length 1: left of the weight as a matrix [size of dim, the rest], or right of it.
HEARTH_API Tensor spectral_vector(const Tensor& weight, const SpectralState& state, bool left);
/// weight over its largest singular value; u and v take their power iterations in place while training.
HEARTH_API Tensor spectral_normed(const Tensor& weight, const Tensor& u, const Tensor& v, const SpectralState& state,
                                  bool training);

/// Impl with a forward that sets the weight first; Derived says how.
template <class Derived, class Impl, class Forward = decltype(&Impl::forward)>
class Reparametrized;
template <class Derived, class Impl, class R, class C, class... Args>
class Reparametrized<Derived, Impl, R (C::*)(Args...)> : public Impl {
 public:
  /// Shares the layer's other parameters.
  explicit Reparametrized(const Impl& layer) : Impl(layer) {}
  R forward(Args... args) {
    derived().update_weight(this->is_training());
    return Impl::forward(std::forward<Args>(args)...);
  }
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override {
    const auto layer = std::dynamic_pointer_cast<Impl>(plain()->clone(device));
    auto copy = std::make_shared<Derived>(*layer, derived().settings());
    copy->load_state_dict(this->state_dict());
    copy->train(this->is_training());
    return copy;
  }
  /// The layer with its weight as it is now, without the computation.
  std::shared_ptr<Impl> plain() const {
    const NoGradGuard no_grad;
    derived().update_weight(false);
    auto layer = std::make_shared<Impl>(this->options);
    const auto own = this->named_parameters(/*recurse=*/false);
    for (const auto& p : layer->named_parameters(/*recurse=*/false)) {
      const Tensor* t = own.find(p.key());
      p.value().set_data(t ? t->detach() : this->weight.detach().clone());
      p.value().requires_grad_(!t || t->requires_grad());
    }
    layer->train(this->is_training());
    return layer;
  }

 private:
  Derived& derived() const { return const_cast<Derived&>(static_cast<const Derived&>(*this)); }
};
}  // namespace detail

/// weight = weight_g * weight_v / |weight_v| (Salimans and Kingma, 2016).
template <class Impl>
class WeightNormImpl : public detail::Reparametrized<WeightNormImpl<Impl>, Impl> {
 public:
  explicit WeightNormImpl(const Impl& layer, int64_t dim = 0)
      : detail::Reparametrized<WeightNormImpl<Impl>, Impl>(layer), dim_(dim) {
    const Tensor w = detail::take_parameter(this->parameters_, "weight").detach();
    weight_g = this->register_parameter("weight_g", detail::norm_except_dim(w, dim));
    weight_v = this->register_parameter("weight_v", w.clone());
    update_weight(false);
  }
  void update_weight(bool /*training*/) { this->weight = detail::weight_normed(weight_v, weight_g, dim_); }
  int64_t settings() const { return dim_; }
  Tensor weight_g;  ///< the weight's size along dim, 1 elsewhere
  Tensor weight_v;

 private:
  int64_t dim_;
};

/// weight = weight_orig / its largest singular value (Miyato et al., 2018), found by power iterations: one a forward
/// while training.
template <class Impl>
class SpectralNormImpl : public detail::Reparametrized<SpectralNormImpl<Impl>, Impl> {
 public:
  explicit SpectralNormImpl(const Impl& layer, detail::SpectralState state = {})
      : detail::Reparametrized<SpectralNormImpl<Impl>, Impl>(layer), state_(state) {
    detail::check_spectral(this->weight, state_);
    const Tensor w = detail::take_parameter(this->parameters_, "weight").detach();
    weight_orig = this->register_parameter("weight_orig", w.clone());
    weight_u = this->register_buffer("weight_u", detail::spectral_vector(w, state_, true));
    weight_v = this->register_buffer("weight_v", detail::spectral_vector(w, state_, false));
    this->weight = w;
  }
  void update_weight(bool training) {
    this->weight = detail::spectral_normed(weight_orig, weight_u, weight_v, state_, training);
  }
  detail::SpectralState settings() const { return state_; }
  Tensor weight_orig, weight_u, weight_v;

 private:
  detail::SpectralState state_;
};

template <class Layer>
using WeightNorm = ModuleHolder<WeightNormImpl<typename Layer::ContainedType>>;
template <class Layer>
using SpectralNorm = ModuleHolder<SpectralNormImpl<typename Layer::ContainedType>>;

/// The layer anew, with its weight as length and direction along dim; -1: one length for all.
template <class Layer>
WeightNorm<Layer> weight_norm(const Layer& layer, int64_t dim = 0) {
  return std::make_shared<WeightNormImpl<typename Layer::ContainedType>>(*layer, dim);
}
/// The layer anew, with its weight divided by its largest singular value as a matrix [size of dim, the rest]. For
/// transposed convolutions dim is 1.
template <class Layer>
SpectralNorm<Layer> spectral_norm(const Layer& layer, int64_t n_power_iterations = 1, double eps = 1e-12,
                                  int64_t dim = 0) {
  return std::make_shared<SpectralNormImpl<typename Layer::ContainedType>>(
      *layer, detail::SpectralState{n_power_iterations, dim, eps});
}
/// A plain layer with the weight as it is now.
template <class Impl>
std::shared_ptr<Impl> remove_weight_norm(const ModuleHolder<WeightNormImpl<Impl>>& layer) {
  return layer->plain();
}
template <class Impl>
std::shared_ptr<Impl> remove_spectral_norm(const ModuleHolder<SpectralNormImpl<Impl>>& layer) {
  return layer->plain();
}

}  // namespace hearth::nn::utils
