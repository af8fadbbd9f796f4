#pragma once

#include <algorithm>

#include "hearth/nn/rnn.h"

/// Layers whose weights are computed anew before each forward: `auto fc = weight_norm(Linear(20, 40));` is a Linear in
/// every way (options, forward, printing, `as<Linear>()`), but its state dict has `weight_g` and `weight_v` in place of
/// `weight`. Works for every module with an `options` and a `weight`, and for recurrent layers and cells, whose weights
/// are named: `weight_norm(LSTM(8, 16), {"weight_hh_l0"})`.
namespace hearth::nn::utils {

namespace detail {
/// |v| over all dimensions but dim, which is kept; over all where dim is -1.
HEARTH_API Tensor norm_except_dim(const Tensor& v, int64_t dim);
HEARTH_API Tensor weight_normed(const Tensor& v, const Tensor& g, int64_t dim);
/// The tensor called `name`, which the module no longer registers. ValueError, with the names that there are, where
/// there is none.
HEARTH_API Tensor take_parameter(OrderedDict<std::string, Tensor>& parameters, const std::string& name);
[[noreturn]] HEARTH_API void throw_no_weight(const std::string& layer, const std::string& name);

/// A weight that is computed, and the tensors that it is computed from.
struct ComputedWeight {
  std::string name;
  size_t place;  ///< among the layer's parameters
  std::vector<Tensor> from;
};
using WeightNames = std::vector<std::string>;

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

/// Impl with weights that are computed; Derived says how.
template <class Derived, class Impl>
class WithComputedWeights : public Impl {
 public:
  /// Shares the layer's other parameters.
  WithComputedWeights(const Impl& layer, const WeightNames& names) : Impl(layer) {
    if (names.empty()) throw_no_weight(this->name(), "");
    const auto all = this->parameters_.keys();
    for (const std::string& name : names) {
      const auto place = static_cast<size_t>(std::find(all.begin(), all.end(), name) - all.begin());
      weights_.push_back({name, place, {take_parameter(this->parameters_, name).detach()}});
    }
  }
  /// Recurrent layers take packed sequences too.
  template <class... Args, class Layer = Impl>
  auto forward_with_packed_input(Args&&... args)
      -> decltype(std::declval<Layer&>().forward_with_packed_input(std::forward<Args>(args)...)) {
    update_weights(this->is_training());
    return Impl::forward_with_packed_input(std::forward<Args>(args)...);
  }
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override {
    const auto layer = std::dynamic_pointer_cast<Impl>(plain()->clone(device));
    const std::shared_ptr<Derived> copy = derived().around(*layer, names());
    copy->load_state_dict(this->state_dict());
    copy->train(this->is_training());
    return copy;
  }
  /// The layer with its weights as they are now, without the computation.
  std::shared_ptr<Impl> plain() const {
    const NoGradGuard no_grad;
    auto& self = const_cast<WithComputedWeights&>(*this);
    self.update_weights(false);
    auto layer = std::make_shared<Impl>(this->options);
    const auto own = this->named_parameters(/*recurse=*/false);
    for (const auto& p : layer->named_parameters(/*recurse=*/false)) {
      const Tensor* t = own.find(p.key());
      if (t) p.value().set_data(t->detach()), p.value().requires_grad_(t->requires_grad());
    }
    for (const ComputedWeight& w : weights_)
      layer->named_parameters(/*recurse=*/false)[w.name].set_data(self.place_of(w).detach().clone());
    layer->train(this->is_training());
    return layer;
  }

 protected:
  void update_weights(bool training) {
    for (const ComputedWeight& w : weights_) place_of(w) = derived().compute(w, training);
  }
  WeightNames names() const {
    WeightNames out;
    for (const ComputedWeight& w : weights_) out.push_back(w.name);
    return out;
  }
  /// What the layer computes with.
  Tensor& place_of(const ComputedWeight& w) {
    if constexpr (std::is_base_of_v<nn::detail::RNNImplBase<Impl>, Impl>) {
      return this->flat_weights_.at(w.place);
    } else if constexpr (std::is_base_of_v<nn::detail::RNNCellImplBase<Impl>, Impl>) {
      if (w.name == "weight_ih") return this->weight_ih;
      if (w.name == "weight_hh") return this->weight_hh;
    } else {
      if (w.name == "weight") return this->weight;
    }
    throw_no_weight(this->name(), w.name);
  }
  std::vector<ComputedWeight> weights_;

 private:
  Derived& derived() const { return const_cast<Derived&>(static_cast<const Derived&>(*this)); }
};

/// The same with Impl's forward, which computes the weights first.
template <class Derived, class Impl, class Forward = decltype(&Impl::forward)>
class Reparametrized;
template <class Derived, class Impl, class R, class C, class Input>
class Reparametrized<Derived, Impl, R (C::*)(Input)> : public WithComputedWeights<Derived, Impl> {
 public:
  using WithComputedWeights<Derived, Impl>::WithComputedWeights;
  R forward(Input input) {
    this->update_weights(this->is_training());
    return Impl::forward(std::forward<Input>(input));
  }
};
/// A second argument, a state or a size, may be left out, as it may of Impl's.
template <class Derived, class Impl, class R, class C, class Input, class Second>
class Reparametrized<Derived, Impl, R (C::*)(Input, Second)> : public WithComputedWeights<Derived, Impl> {
 public:
  using WithComputedWeights<Derived, Impl>::WithComputedWeights;
  R forward(Input input, Second second = std::decay_t<Second>()) {
    this->update_weights(this->is_training());
    return Impl::forward(std::forward<Input>(input), std::forward<Second>(second));
  }
};
}  // namespace detail

/// weight = weight_g * weight_v / |weight_v| (Salimans and Kingma, 2016).
template <class Impl>
class WeightNormImpl : public detail::Reparametrized<WeightNormImpl<Impl>, Impl> {
 public:
  explicit WeightNormImpl(const Impl& layer, int64_t dim = 0, const detail::WeightNames& names = {"weight"})
      : detail::Reparametrized<WeightNormImpl<Impl>, Impl>(layer, names), dim_(dim) {
    for (detail::ComputedWeight& w : this->weights_) {
      const Tensor plain = w.from[0];
      const Tensor g = this->register_parameter(w.name + "_g", detail::norm_except_dim(plain, dim));
      w.from = {g, this->register_parameter(w.name + "_v", plain.clone())};
    }
    weight_g = this->weights_.at(0).from[0];
    weight_v = this->weights_.at(0).from[1];
    this->update_weights(false);
  }
  Tensor compute(const detail::ComputedWeight& w, bool /*training*/) const {
    return detail::weight_normed(w.from[1], w.from[0], dim_);
  }
  std::shared_ptr<WeightNormImpl> around(const Impl& layer, const detail::WeightNames& names) const {
    return std::make_shared<WeightNormImpl>(layer, dim_, names);
  }
  Tensor weight_g;  ///< the (first) weight's size along dim, 1 elsewhere
  Tensor weight_v;

 private:
  int64_t dim_;
};

/// weight = weight_orig / its largest singular value (Miyato et al., 2018), found by power iterations: one a forward
/// while training.
template <class Impl>
class SpectralNormImpl : public detail::Reparametrized<SpectralNormImpl<Impl>, Impl> {
 public:
  explicit SpectralNormImpl(const Impl& layer, detail::SpectralState state = {},
                            const detail::WeightNames& names = {"weight"})
      : detail::Reparametrized<SpectralNormImpl<Impl>, Impl>(layer, names), state_(state) {
    for (detail::ComputedWeight& w : this->weights_) {
      const Tensor plain = w.from[0];
      detail::check_spectral(plain, state_);
      const Tensor orig = this->register_parameter(w.name + "_orig", plain.clone());
      const Tensor u = this->register_buffer(w.name + "_u", detail::spectral_vector(plain, state_, true));
      w.from = {orig, u, this->register_buffer(w.name + "_v", detail::spectral_vector(plain, state_, false))};
      this->place_of(w) = plain;
    }
    weight_orig = this->weights_.at(0).from[0];
    weight_u = this->weights_.at(0).from[1];
    weight_v = this->weights_.at(0).from[2];
  }
  Tensor compute(const detail::ComputedWeight& w, bool training) const {
    return detail::spectral_normed(w.from[0], w.from[1], w.from[2], state_, training);
  }
  std::shared_ptr<SpectralNormImpl> around(const Impl& layer, const detail::WeightNames& names) const {
    return std::make_shared<SpectralNormImpl>(layer, state_, names);
  }
  Tensor weight_orig, weight_u, weight_v;  ///< of the (first) weight

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
/// The same of the weights of these names, one or more. ValueError for a name that isn't a weight of the layer.
template <class Layer>
WeightNorm<Layer> weight_norm(const Layer& layer, const std::vector<std::string>& names, int64_t dim = 0) {
  return std::make_shared<WeightNormImpl<typename Layer::ContainedType>>(*layer, dim, names);
}
/// The layer anew, with its weight divided by its largest singular value as a matrix [size of dim, the rest]. For
/// transposed convolutions dim is 1.
template <class Layer>
SpectralNorm<Layer> spectral_norm(const Layer& layer, int64_t n_power_iterations = 1, double eps = 1e-12,
                                  int64_t dim = 0) {
  return std::make_shared<SpectralNormImpl<typename Layer::ContainedType>>(
      *layer, detail::SpectralState{n_power_iterations, dim, eps});
}
/// The same of the weights of these names, one or more. ValueError for a name that isn't a weight of the layer.
template <class Layer>
SpectralNorm<Layer> spectral_norm(const Layer& layer, const std::vector<std::string>& names,
                                  int64_t n_power_iterations = 1, double eps = 1e-12, int64_t dim = 0) {
  return std::make_shared<SpectralNormImpl<typename Layer::ContainedType>>(
      *layer, detail::SpectralState{n_power_iterations, dim, eps}, names);
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
