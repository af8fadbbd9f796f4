#pragma once

#include "hearth/enums.h"
#include "hearth/nn/any.h"
#include "hearth/nn/utils/rnn.h"

namespace hearth::nn {

namespace detail {
using rnn_nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;

/// What all recurrent layers' options amount to.
struct RNNOptionsBase {
  using rnn_options_base_mode_t =
      std::variant<enumtype::kLSTM, enumtype::kGRU, enumtype::kRNN_TANH, enumtype::kRNN_RELU>;
  RNNOptionsBase(rnn_options_base_mode_t mode, int64_t input_size, int64_t hidden_size)
      : mode_(mode), input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(rnn_options_base_mode_t, mode);
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(int64_t, num_layers) = 1;
  HEARTH_ARG(bool, bias) = true;
  HEARTH_ARG(bool, batch_first) = false;
  HEARTH_ARG(double, dropout) = 0.0;
  HEARTH_ARG(bool, bidirectional) = false;
  HEARTH_ARG(int64_t, proj_size) = 0;
};
}  // namespace detail

struct RNNOptions {
  using nonlinearity_t = detail::rnn_nonlinearity_t;
  RNNOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(int64_t, num_layers) = 1;
  HEARTH_ARG(nonlinearity_t, nonlinearity) = kTanh;
  HEARTH_ARG(bool, bias) = true;
  /// Inputs and outputs are [N, T, features] instead of [T, N, features].
  HEARTH_ARG(bool, batch_first) = false;
  /// Probability of dropping an output between layers, while training.
  HEARTH_ARG(double, dropout) = 0.0;
  HEARTH_ARG(bool, bidirectional) = false;
};

struct LSTMOptions {
  LSTMOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(int64_t, num_layers) = 1;
  HEARTH_ARG(bool, bias) = true;
  HEARTH_ARG(bool, batch_first) = false;
  HEARTH_ARG(double, dropout) = 0.0;
  HEARTH_ARG(bool, bidirectional) = false;
  /// h is projected to so many features; 0: it isn't (Sak, Senior and Beaufays, 2014).
  HEARTH_ARG(int64_t, proj_size) = 0;
};

struct GRUOptions {
  GRUOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(int64_t, num_layers) = 1;
  HEARTH_ARG(bool, bias) = true;
  HEARTH_ARG(bool, batch_first) = false;
  HEARTH_ARG(double, dropout) = 0.0;
  HEARTH_ARG(bool, bidirectional) = false;
};

namespace detail {
/// Parameters weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 (weight_hr_l0) of each layer, "_reverse" for the other
/// direction, drawn uniformly within 1 / sqrt(hidden_size).
template <class Derived>
class HEARTH_API RNNImplBase : public Cloneable<Derived> {
 public:
  explicit RNNImplBase(const RNNOptionsBase& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  /// There for LibTorch's sake: weights are packed inside each call.
  void flatten_parameters() {}
  /// Layer after layer, direction after direction, in order of registration.
  std::vector<Tensor> all_weights() const { return flat_weights_; }
  RNNOptionsBase options_base;

 protected:
  struct Run {
    Tensor output, h, c;
  };
  /// h and c may be undefined: zeros.
  Run run_any(const Tensor& input, Tensor h, Tensor c) const;
  Run run_packed(const utils::rnn::PackedSequence& input, Tensor h, Tensor c) const;
  /// batch_sizes and the permutations are undefined for a padded input.
  Run run(const Tensor& input, const Tensor& batch_sizes, const Tensor& sorted, const Tensor& unsorted, Tensor h,
          Tensor c) const;
  std::vector<Tensor> flat_weights_;
};
}  // namespace detail

/// Layers of h = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu: input [T, N, input_size] to outputs
/// [T, N, D hidden_size] and the last h [L D, N, hidden_size]; also without the batch's dimension.
class HEARTH_API RNNImpl : public detail::RNNImplBase<RNNImpl> {
 public:
  RNNImpl(int64_t input_size, int64_t hidden_size) : RNNImpl(RNNOptions(input_size, hidden_size)) {}
  explicit RNNImpl(const RNNOptions& options_);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
  RNNOptions options;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(RNN);

/// Long short-term memory (Hochreiter and Schmidhuber, 1997): as RNN, with a state of h and c.
class HEARTH_API LSTMImpl : public detail::RNNImplBase<LSTMImpl> {
 public:
  using State = std::tuple<Tensor, Tensor>;
  LSTMImpl(int64_t input_size, int64_t hidden_size) : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
  explicit LSTMImpl(const LSTMOptions& options_);
  std::tuple<Tensor, State> forward(const Tensor& input, std::optional<State> hx_opt = {});
  std::tuple<utils::rnn::PackedSequence, State> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, std::optional<State> hx_opt = {});
  LSTMOptions options;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>())})
};
HEARTH_LIBRARY_MODULE(LSTM);

/// Gated recurrent units (Cho et al., 2014), as RNN.
class HEARTH_API GRUImpl : public detail::RNNImplBase<GRUImpl> {
 public:
  GRUImpl(int64_t input_size, int64_t hidden_size) : GRUImpl(GRUOptions(input_size, hidden_size)) {}
  explicit GRUImpl(const GRUOptions& options_);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
  GRUOptions options;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(GRU);

namespace detail {
struct RNNCellOptionsBase {
  RNNCellOptionsBase(int64_t input_size, int64_t hidden_size, bool bias, int64_t num_chunks)
      : input_size_(input_size), hidden_size_(hidden_size), bias_(bias), num_chunks_(num_chunks) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(bool, bias);
  HEARTH_ARG(int64_t, num_chunks);
};
}  // namespace detail

struct RNNCellOptions {
  using nonlinearity_t = detail::rnn_nonlinearity_t;
  RNNCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(bool, bias) = true;
  HEARTH_ARG(nonlinearity_t, nonlinearity) = kTanh;
};
struct LSTMCellOptions {
  LSTMCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(bool, bias) = true;
};
struct GRUCellOptions {
  GRUCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  HEARTH_ARG(int64_t, input_size);
  HEARTH_ARG(int64_t, hidden_size);
  HEARTH_ARG(bool, bias) = true;
};

namespace detail {
template <class Derived>
class HEARTH_API RNNCellImplBase : public Cloneable<Derived> {
 public:
  explicit RNNCellImplBase(const RNNCellOptionsBase& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  RNNCellOptionsBase options_base;
  Tensor weight_ih, weight_hh, bias_ih, bias_hh;

 protected:
  virtual std::string get_nonlinearity_str() const { return {}; }
  /// input as [N, input_size] and each state as [N, hidden_size], zeros where undefined; true if input was a vector.
  bool prepare(Tensor& input, std::initializer_list<Tensor*> states) const;
};
}  // namespace detail

/// One step of an RNN: input [N, input_size] and h [N, hidden_size] (zeros unless given) to the next h.
class HEARTH_API RNNCellImpl : public detail::RNNCellImplBase<RNNCellImpl> {
 public:
  RNNCellImpl(int64_t input_size, int64_t hidden_size) : RNNCellImpl(RNNCellOptions(input_size, hidden_size)) {}
  explicit RNNCellImpl(const RNNCellOptions& options_);
  Tensor forward(const Tensor& input, Tensor hx = {});
  RNNCellOptions options;

 protected:
  std::string get_nonlinearity_str() const override;
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(RNNCell);

/// One step of an LSTM, to the next h and c.
class HEARTH_API LSTMCellImpl : public detail::RNNCellImplBase<LSTMCellImpl> {
 public:
  LSTMCellImpl(int64_t input_size, int64_t hidden_size) : LSTMCellImpl(LSTMCellOptions(input_size, hidden_size)) {}
  explicit LSTMCellImpl(const LSTMCellOptions& options_);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  LSTMCellOptions options;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>())})
};
HEARTH_LIBRARY_MODULE(LSTMCell);

/// One step of a GRU.
class HEARTH_API GRUCellImpl : public detail::RNNCellImplBase<GRUCellImpl> {
 public:
  GRUCellImpl(int64_t input_size, int64_t hidden_size) : GRUCellImpl(GRUCellOptions(input_size, hidden_size)) {}
  explicit GRUCellImpl(const GRUCellOptions& options_);
  Tensor forward(const Tensor& input, Tensor hx = {});
  GRUCellOptions options;

 protected:
  HEARTH_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
HEARTH_LIBRARY_MODULE(GRUCell);

}  // namespace hearth::nn
