// A language model of two LSTM layers over characters. The text is read as several streams at once; the state goes on
// from piece to piece, cut off from the graph, so that a gradient reaches back one piece (truncated backpropagation
// through time). lstm_language_model [STEPS]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
using State = std::tuple<Tensor, Tensor>;  // hidden and cell state, [layers, N, size] each

struct LanguageModelImpl : nn::Module {
  LanguageModelImpl(int64_t characters, int64_t size) {
    embedding = register_module("embedding", nn::Embedding(characters, 32));
    lstm = register_module("lstm", nn::LSTM(nn::LSTMOptions(32, size).num_layers(2).dropout(0.1).batch_first(true)));
    head = register_module("head", nn::Linear(size, characters));
  }
  /// ids [N, T] to scores [N, T, characters], and the state after the last of them.
  std::tuple<Tensor, State> forward(const Tensor& ids, const std::optional<State>& state) {
    auto [h, after] = lstm->forward(embedding->forward(ids), state);
    return {head->forward(h), after};
  }
  nn::Embedding embedding{nullptr};
  nn::LSTM lstm{nullptr};
  nn::Linear head{nullptr};
};

State detached(const State& state) { return {std::get<0>(state).detach(), std::get<1>(state).detach()}; }

/// The text cut into N streams of equal length, [N, L].
Tensor streams(const Tensor& ids, int64_t count) {
  const int64_t length = ids.numel() / count;
  return ids.narrow(0, 0, count * length).view({count, length});
}

/// Mean loss a character over [N, L], read from the start with the state carried on.
double held_out_loss(LanguageModelImpl& model, const Tensor& ids, int64_t piece) {
  const NoGradGuard no_grad;
  model.eval();
  std::optional<State> state;
  double sum = 0, pieces = 0;
  for (int64_t at = 0; at + piece < ids.size(1); at += piece) {
    const auto [scores, after] = model.forward(ids.narrow(1, at, piece), state);
    sum += cross_entropy_loss(scores.flatten(0, 1), ids.narrow(1, at + 1, piece).flatten()).item<double>();
    state = after;
    ++pieces;
  }
  model.train();
  return sum / pieces;
}

std::string write_on(LanguageModelImpl& model, const data::CharTokenizer& tokenizer, std::string text, int64_t count) {
  const NoGradGuard no_grad;
  model.eval();
  std::optional<State> state;
  Tensor next = tokenizer.encode_tensor(text).unsqueeze(0);
  for (int64_t i = 0; i < count; ++i) {
    const auto [scores, after] = model.forward(next, state);
    state = after;
    next = (scores.select(1, -1) / 0.7).softmax(1).multinomial(1);
    text += tokenizer.decode(next.flatten());
  }
  model.train();
  return text;
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t steps = support::count_from(argc, argv, 250), batch = 32, piece = 32;
  const std::string text = support::text();
  const data::CharTokenizer tokenizer(text);
  const Tensor ids = tokenizer.encode_tensor(text);
  const int64_t testing = std::min<int64_t>(ids.numel() / 10, 20000), training = ids.numel() - testing;
  const Tensor known = streams(ids.narrow(0, 0, training), batch),
               held_out = streams(ids.narrow(0, training, testing), 8);

  LanguageModelImpl model(tokenizer.size(), 96);
  optim::Adam adam(model.parameters(), optim::AdamOptions(5e-3));
  std::optional<State> state;
  int64_t at = 0;
  for (int64_t step = 1; step <= steps; ++step) {
    if (at + piece >= known.size(1)) at = 0, state.reset();  // the text is read: from the start again
    adam.zero_grad();
    const auto [scores, after] = model.forward(known.narrow(1, at, piece), state);
    const Tensor loss = cross_entropy_loss(scores.flatten(0, 1), known.narrow(1, at + 1, piece).flatten());
    loss.backward();
    nn::utils::clip_grad_norm_(model.parameters(), 1.0);
    adam.step();
    state = detached(after);
    at += piece;
    if (step % 50 == 0) std::printf("step %4lld  loss %.3f\n", static_cast<long long>(step), loss.item<double>());
  }
  const double loss = held_out_loss(model, held_out, piece);
  std::printf("held-out loss %.3f, %.2f likely characters\n%s\n", loss, std::exp(loss),
              write_on(model, tokenizer, "the ", 160).c_str());
  return loss < 2.2 ? 0 : 1;
}
