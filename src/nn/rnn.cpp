#include "hearth/nn/rnn.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

#include "hearth/error.h"
#include "hearth/nn/init.h"
#include "hearth/warning.h"

namespace hearth::nn {

using utils::rnn::PackedSequence;

namespace detail {

namespace {

enum Mode { kModeLSTM, kModeGRU, kModeTanh, kModeReLU };  // the variant's order
constexpr const char* kNames[] = {"LSTM", "GRU", "RNN", "RNN"};

Mode mode_of(const RNNOptionsBase& o) { return static_cast<Mode>(o.mode().index()); }

void check(const RNNOptionsBase& o) {
  const char* name = kNames[o.mode().index()];
  if (o.input_size() < 0 || o.hidden_size() <= 0)
    throw ValueError(
        fmt::format("[{}] hidden_size must be positive and input_size not negative, but they are {} and {}", name,
                    o.hidden_size(), o.input_size()));
  if (o.num_layers() <= 0)
    throw ValueError(fmt::format("[{}] num_layers is {} but must be greater than zero", name, o.num_layers()));
  if (!(o.dropout() >= 0 && o.dropout() <= 1))
    throw ValueError(
        fmt::format("[{}] dropout should be a number in range [0, 1] representing the probability of an "
                    "element being zeroed, but is {}",
                    name, o.dropout()));
  if (o.proj_size() < 0 || (o.proj_size() > 0 && o.proj_size() >= o.hidden_size()))
    throw ValueError(fmt::format("[{}] proj_size is {} but has to be smaller than hidden_size {}, and not negative",
                                 name, o.proj_size(), o.hidden_size()));
  if (o.dropout() > 0 && o.num_layers() == 1)
    warn(
        fmt::format("[{}] dropout falls between layers, so non-zero dropout expects num_layers greater than 1, but got "
                    "dropout={} and num_layers={}",
                    name, o.dropout(), o.num_layers()));
}

void check_state(const char* name, const Tensor& h, IntArrayRef expected) {
  if (h.sizes() != expected)
    throw ShapeError(
        fmt::format("[{}] Expected hidden size {}, got {}", name, to_string(expected), to_string(h.sizes())),
        h.sizes().vec(), expected.vec());
}

}  // namespace

template <class Derived>
RNNImplBase<Derived>::RNNImplBase(const RNNOptionsBase& options_) : options_base(options_) {
  RNNImplBase::reset();
}

template <class Derived>
void RNNImplBase<Derived>::reset() {
  const RNNOptionsBase& o = options_base;
  check(o);
  flat_weights_.clear();
  const int64_t gates = (mode_of(o) == kModeLSTM ? 4 : mode_of(o) == kModeGRU ? 3 : 1) * o.hidden_size();
  const int64_t directions = o.bidirectional() ? 2 : 1, width = o.proj_size() > 0 ? o.proj_size() : o.hidden_size();
  for (int64_t layer = 0; layer < o.num_layers(); ++layer)
    for (int64_t d = 0; d < directions; ++d) {
      const std::string suffix = fmt::format("_l{}{}", layer, d == 1 ? "_reverse" : "");
      const auto add = [&](const char* name, IntArrayRef sizes) {
        flat_weights_.push_back(this->register_parameter(name + suffix, empty(sizes)));
      };
      add("weight_ih", {gates, layer == 0 ? o.input_size() : width * directions});
      add("weight_hh", {gates, width});
      if (o.bias()) add("bias_ih", {gates});
      if (o.bias()) add("bias_hh", {gates});
      if (o.proj_size() > 0) add("weight_hr", {o.proj_size(), o.hidden_size()});
    }
  reset_parameters();
}

template <class Derived>
void RNNImplBase<Derived>::reset_parameters() {
  const double width = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& weight : flat_weights_) init::uniform_(weight, -width, width);
}

template <class Derived>
void RNNImplBase<Derived>::pretty_print(std::ostream& stream) const {
  const RNNOptionsBase& o = options_base;
  stream << std::boolalpha << "torch::nn::" << kNames[o.mode().index()] << "(input_size=" << o.input_size()
         << ", hidden_size=" << o.hidden_size() << ", num_layers=" << o.num_layers() << ", bias=" << o.bias()
         << ", batch_first=" << o.batch_first() << ", dropout=" << o.dropout()
         << ", bidirectional=" << o.bidirectional();
  if (o.proj_size() > 0) stream << ", proj_size=" << o.proj_size();
  stream << ")";
}

template <class Derived>
typename RNNImplBase<Derived>::Run RNNImplBase<Derived>::run(const Tensor& input, const Tensor& batch_sizes,
                                                             const Tensor& sorted, const Tensor& unsorted, Tensor h,
                                                             Tensor c) const {
  const RNNOptionsBase& o = options_base;
  const char* name = kNames[o.mode().index()];
  const bool packed = batch_sizes.defined(), lstm = mode_of(o) == kModeLSTM;
  if (!input.defined() || input.dim() != (packed ? 2 : 3) || input.size(-1) != o.input_size())
    throw ShapeError(
        fmt::format("[{}] input must have {} dimensions and {} features in the last (input_size), but its "
                    "shape is {}",
                    name, packed ? 2 : 3, o.input_size(), input.defined() ? to_string(input.sizes()) : "undefined"),
        input.defined() ? input.sizes().vec() : std::vector<int64_t>(), {o.input_size()});
  const int64_t batch = packed ? batch_sizes[0].item<int64_t>() : input.size(o.batch_first() ? 0 : 1);
  const int64_t states = o.num_layers() * (o.bidirectional() ? 2 : 1);
  const int64_t width = o.proj_size() > 0 ? o.proj_size() : o.hidden_size();
  const auto prepare = [&](Tensor& state, int64_t features) {
    if (!state.defined()) {
      state = zeros({states, batch, features}, input.options().requires_grad(false));
      return;
    }
    check_state(name, state, {states, batch, features});
    if (sorted.defined()) state = state.index_select(1, sorted);
  };
  prepare(h, width);
  if (lstm) prepare(c, o.hidden_size());
  const bool train = this->is_training();
  Run r;
  if (lstm) {
    std::tie(r.output, r.h, r.c) = packed ? hearth::lstm(input, batch_sizes, {h, c}, flat_weights_, o.bias(),
                                                         o.num_layers(), o.dropout(), train, o.bidirectional())
                                          : hearth::lstm(input, {h, c}, flat_weights_, o.bias(), o.num_layers(),
                                                         o.dropout(), train, o.bidirectional(), o.batch_first());
  } else {
    const auto call = [&](auto padded_op, auto packed_op) {
      std::tie(r.output, r.h) = packed ? packed_op(input, batch_sizes, h, flat_weights_, o.bias(), o.num_layers(),
                                                   o.dropout(), train, o.bidirectional())
                                       : padded_op(input, h, flat_weights_, o.bias(), o.num_layers(), o.dropout(),
                                                   train, o.bidirectional(), o.batch_first());
    };
    using Padded = std::tuple<Tensor, Tensor> (*)(const Tensor&, const Tensor&, TensorList, bool, int64_t, double, bool,
                                                  bool, bool);
    using Packed = std::tuple<Tensor, Tensor> (*)(const Tensor&, const Tensor&, const Tensor&, TensorList, bool,
                                                  int64_t, double, bool, bool);
    if (mode_of(o) == kModeGRU) {
      call(static_cast<Padded>(hearth::gru), static_cast<Packed>(hearth::gru));
    } else if (mode_of(o) == kModeTanh) {
      call(static_cast<Padded>(hearth::rnn_tanh), static_cast<Packed>(hearth::rnn_tanh));
    } else {
      call(static_cast<Padded>(hearth::rnn_relu), static_cast<Packed>(hearth::rnn_relu));
    }
  }
  if (unsorted.defined()) {
    r.h = r.h.index_select(1, unsorted);
    if (lstm) r.c = r.c.index_select(1, unsorted);
  }
  return r;
}

template <class Derived>
typename RNNImplBase<Derived>::Run RNNImplBase<Derived>::run_any(const Tensor& input, Tensor h, Tensor c) const try {
  if (!input.defined() || input.dim() != 2) return run(input, {}, {}, {}, std::move(h), std::move(c));
  const int64_t at = options_base.batch_first() ? 0 : 1;  // one sequence, [T, features]
  const auto widen = [&](const Tensor& state) {
    if (state.defined() && state.dim() != 2)
      throw ShapeError(fmt::format("[{}] for an input without batch, [T, features], the state must have 2 dimensions, "
                                   "but its shape is {}",
                                   kNames[options_base.mode().index()], to_string(state.sizes())),
                       state.sizes().vec());
    return state.defined() ? state.unsqueeze(1) : state;
  };
  Run r = run(input.unsqueeze(at), {}, {}, {}, widen(h), widen(c));
  r.output = r.output.squeeze(at);
  r.h = r.h.squeeze(1);
  if (r.c.defined()) r.c = r.c.squeeze(1);
  return r;
} catch (Error& e) {
  add_path(*this, e);
  throw;
}

template <class Derived>
typename RNNImplBase<Derived>::Run RNNImplBase<Derived>::run_packed(const PackedSequence& x, Tensor h, Tensor c) const
    try {
  return run(x.data(), x.batch_sizes(), x.sorted_indices(), x.unsorted_indices(), std::move(h), std::move(c));
} catch (Error& e) {
  add_path(*this, e);
  throw;
}

template class RNNImplBase<RNNImpl>;
template class RNNImplBase<LSTMImpl>;
template class RNNImplBase<GRUImpl>;

namespace {
template <class Options>
RNNOptionsBase base_of(RNNOptionsBase::rnn_options_base_mode_t mode, const Options& o) {
  return RNNOptionsBase(mode, o.input_size(), o.hidden_size())
      .num_layers(o.num_layers())
      .bias(o.bias())
      .batch_first(o.batch_first())
      .dropout(o.dropout())
      .bidirectional(o.bidirectional());
}
PackedSequence repacked(const Tensor& data, const PackedSequence& like) {
  return PackedSequence(data, like.batch_sizes(), like.sorted_indices(), like.unsorted_indices());
}
RNNOptionsBase::rnn_options_base_mode_t rnn_mode(const RNNOptions& o) {
  if (std::holds_alternative<enumtype::kReLU>(o.nonlinearity())) return kRNN_RELU;
  return kRNN_TANH;
}
}  // namespace
}  // namespace detail

RNNImpl::RNNImpl(const RNNOptions& options_)
    : RNNImplBase(detail::base_of(detail::rnn_mode(options_), options_)), options(options_) {}
std::tuple<Tensor, Tensor> RNNImpl::forward(const Tensor& input, Tensor hx) {
  Run r = run_any(input, std::move(hx), {});
  return {r.output, r.h};
}
std::tuple<PackedSequence, Tensor> RNNImpl::forward_with_packed_input(const PackedSequence& packed_input, Tensor hx) {
  Run r = run_packed(packed_input, std::move(hx), {});
  return {detail::repacked(r.output, packed_input), r.h};
}

GRUImpl::GRUImpl(const GRUOptions& options_) : RNNImplBase(detail::base_of(kGRU, options_)), options(options_) {}
std::tuple<Tensor, Tensor> GRUImpl::forward(const Tensor& input, Tensor hx) {
  Run r = run_any(input, std::move(hx), {});
  return {r.output, r.h};
}
std::tuple<PackedSequence, Tensor> GRUImpl::forward_with_packed_input(const PackedSequence& packed_input, Tensor hx) {
  Run r = run_packed(packed_input, std::move(hx), {});
  return {detail::repacked(r.output, packed_input), r.h};
}

LSTMImpl::LSTMImpl(const LSTMOptions& options_)
    : RNNImplBase(detail::base_of(kLSTM, options_).proj_size(options_.proj_size())), options(options_) {}
std::tuple<Tensor, LSTMImpl::State> LSTMImpl::forward(const Tensor& input, std::optional<State> hx_opt) {
  auto [h, c] = hx_opt.value_or(State());
  Run r = run_any(input, std::move(h), std::move(c));
  return {r.output, State(r.h, r.c)};
}
std::tuple<PackedSequence, LSTMImpl::State> LSTMImpl::forward_with_packed_input(const PackedSequence& packed_input,
                                                                                std::optional<State> hx_opt) {
  auto [h, c] = hx_opt.value_or(State());
  Run r = run_packed(packed_input, std::move(h), std::move(c));
  return {detail::repacked(r.output, packed_input), State(r.h, r.c)};
}

}  // namespace hearth::nn
