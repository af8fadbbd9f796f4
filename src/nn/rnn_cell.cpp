#include <fmt/format.h>

#include <cmath>
#include <ostream>

#include "hearth/error.h"
#include "hearth/nn/init.h"
#include "hearth/nn/rnn.h"

namespace hearth::nn {

namespace detail {

namespace {
const char* cell_name(int64_t chunks) { return chunks == 4 ? "LSTMCell" : chunks == 3 ? "GRUCell" : "RNNCell"; }
}  // namespace

template <class Derived>
RNNCellImplBase<Derived>::RNNCellImplBase(const RNNCellOptionsBase& options_) : options_base(options_) {
  RNNCellImplBase::reset();
}

template <class Derived>
void RNNCellImplBase<Derived>::reset() {
  const RNNCellOptionsBase& o = options_base;
  if (o.input_size() < 0 || o.hidden_size() <= 0)
    throw ValueError(
        fmt::format("[{}] hidden_size must be positive and input_size not negative, but they are {} and {}",
                    cell_name(o.num_chunks()), o.hidden_size(), o.input_size()));
  const int64_t gates = o.num_chunks() * o.hidden_size();
  weight_ih = this->register_parameter("weight_ih", empty({gates, o.input_size()}));
  weight_hh = this->register_parameter("weight_hh", empty({gates, o.hidden_size()}));
  bias_ih = this->register_parameter("bias_ih", o.bias() ? empty({gates}) : Tensor(), o.bias());
  bias_hh = this->register_parameter("bias_hh", o.bias() ? empty({gates}) : Tensor(), o.bias());
  reset_parameters();
}

template <class Derived>
void RNNCellImplBase<Derived>::reset_parameters() {
  const double width = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& weight : this->parameters()) init::uniform_(weight, -width, width);
}

template <class Derived>
void RNNCellImplBase<Derived>::pretty_print(std::ostream& stream) const {
  const RNNCellOptionsBase& o = options_base;
  stream << "torch::nn::" << cell_name(o.num_chunks()) << "(" << o.input_size() << ", " << o.hidden_size();
  if (!o.bias()) stream << ", bias=" << std::boolalpha << false;
  const std::string nonlinearity = get_nonlinearity_str();
  if (!nonlinearity.empty() && nonlinearity != "kTanh") stream << ", nonlinearity=" << nonlinearity;
  stream << ")";
}

template <class Derived>
bool RNNCellImplBase<Derived>::prepare(Tensor& input, std::initializer_list<Tensor*> states) const {
  const RNNCellOptionsBase& o = options_base;
  const char* name = cell_name(o.num_chunks());
  if (!input.defined() || (input.dim() != 1 && input.dim() != 2) || input.size(-1) != o.input_size())
    throw ShapeError(
        fmt::format("[{}] input has inconsistent input_size: its shape is {} but the cell takes "
                    "[N, {}] or [{}]",
                    name, input.defined() ? to_string(input.sizes()) : "undefined", o.input_size(), o.input_size()),
        input.defined() ? input.sizes().vec() : std::vector<int64_t>(), {o.input_size()});
  const bool vector = input.dim() == 1;
  if (vector) input = input.unsqueeze(0);
  const std::vector<int64_t> expected{input.size(0), o.hidden_size()};
  for (Tensor* state : states) {
    if (!state->defined()) {
      *state = zeros(expected, input.options().requires_grad(false));
      continue;
    }
    if (vector && state->dim() == 1) *state = state->unsqueeze(0);
    if (state->sizes() != IntArrayRef(expected))
      throw ShapeError(fmt::format("[{}] the state has shape {} but must be {} for this input", name,
                                   to_string(state->sizes()), to_string(expected)),
                       state->sizes().vec(), expected);
  }
  return vector;
}

template class RNNCellImplBase<RNNCellImpl>;
template class RNNCellImplBase<LSTMCellImpl>;
template class RNNCellImplBase<GRUCellImpl>;

}  // namespace detail

RNNCellImpl::RNNCellImpl(const RNNCellOptions& options_)
    : RNNCellImplBase({options_.input_size(), options_.hidden_size(), options_.bias(), 1}), options(options_) {}
std::string RNNCellImpl::get_nonlinearity_str() const {
  return std::holds_alternative<enumtype::kReLU>(options.nonlinearity()) ? "kReLU" : "kTanh";
}
Tensor RNNCellImpl::forward(const Tensor& input, Tensor hx) try {
  Tensor x = input;
  const bool vector = prepare(x, {&hx});
  const Tensor h = std::holds_alternative<enumtype::kReLU>(options.nonlinearity())
                       ? rnn_relu_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh)
                       : rnn_tanh_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
  return vector ? h.squeeze(0) : h;
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

LSTMCellImpl::LSTMCellImpl(const LSTMCellOptions& options_)
    : RNNCellImplBase({options_.input_size(), options_.hidden_size(), options_.bias(), 4}), options(options_) {}
std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input,
                                                 std::optional<std::tuple<Tensor, Tensor>> hx_opt) try {
  auto [h, c] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  Tensor x = input;
  const bool vector = prepare(x, {&h, &c});
  std::tie(h, c) = lstm_cell(x, {h, c}, weight_ih, weight_hh, bias_ih, bias_hh);
  return vector ? std::make_tuple(h.squeeze(0), c.squeeze(0)) : std::make_tuple(h, c);
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

GRUCellImpl::GRUCellImpl(const GRUCellOptions& options_)
    : RNNCellImplBase({options_.input_size(), options_.hidden_size(), options_.bias(), 3}), options(options_) {}
Tensor GRUCellImpl::forward(const Tensor& input, Tensor hx) try {
  Tensor x = input;
  const bool vector = prepare(x, {&hx});
  const Tensor h = gru_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
  return vector ? h.squeeze(0) : h;
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

}  // namespace hearth::nn
