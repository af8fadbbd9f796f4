// Linear and recurrent layers, embeddings, attention and transformers: in float, from memory with gaps, for one sample
// and for none, with the gradients of all parameters.
#include <torch/torch.h>

#include <cstdio>
#include <tuple>
#include <vector>

#include "variants.h"

using torch::Tensor;
using Tensors = std::vector<Tensor>;
namespace nn = torch::nn;

namespace {

Tensor numbers(std::vector<int64_t> sizes, int64_t seed = 1) {
  int64_t n = 1;
  for (const int64_t s : sizes) n *= s;
  const Tensor i = torch::arange(n, torch::kDouble) + static_cast<double>(seed) * 0.37;
  return ((i * 12.9898).sin() * 43758.5453).frac().view(sizes);
}
/// All that a call gives, as one row.
Tensor row(const Tensors& parts) {
  Tensors flat;
  for (const Tensor& t : parts) flat.push_back(t.reshape({-1}));
  return torch::cat(flat);
}
Tensor row(const Tensor& t) { return t; }
Tensor row(const std::tuple<Tensor, Tensor>& t) { return row(Tensors{std::get<0>(t), std::get<1>(t)}); }
Tensor row(const std::tuple<Tensor, std::tuple<Tensor, Tensor>>& t) {
  return row(Tensors{std::get<0>(t), std::get<0>(std::get<1>(t)), std::get<1>(std::get<1>(t))});
}

/// A module from seed 3 whose call(module, inputs) is compared. batch: the dimension of the samples.
template <class M, class Call>
void forms(const char* name, M module, const Tensors& inputs, int64_t batch, const Call& call, bool none = true) {
  {
    torch::NoGradGuard no_grad;
    int64_t seed = 40;
    for (auto& p : module->parameters()) p.copy_(numbers(p.sizes().vec(), ++seed) * 0.5);
  }
  variants::Options options;
  options.batch = batch;
  options.none = none;
  options.parameters = [&] { return module->parameters(); };
  const auto f = [&](const Tensors& x) {
    for (const Tensor& t : x)
      if (t.is_floating_point()) module->to(t.scalar_type());
    if (!x[0].is_floating_point() && x.size() == 1) module->to(torch::kDouble);
    return row(call(module, x));
  };
  variants::check(name, f, inputs, options);
}
template <class M>
void forms(const char* name, M module, const Tensors& inputs, int64_t batch = 0, bool none = true) {
  forms(
      name, module, inputs, batch, [](M& m, const Tensors& x) { return m->forward(x[0]); }, none);
}

void simple() {
  forms("Linear", nn::Linear(4, 3), {numbers({5, 4})});
  forms("Linear.3d", nn::Linear(nn::LinearOptions(4, 3).bias(false)), {numbers({5, 2, 4})});
  forms("Flatten", nn::Flatten(), {numbers({5, 2, 4})});
  forms("Embedding", nn::Embedding(6, 3), {torch::tensor({{1, 2, 1}, {0, 4, 2}})});
  forms("Embedding.padding", nn::Embedding(nn::EmbeddingOptions(6, 3).padding_idx(2)),
        {torch::tensor({{1, 2, 1}, {0, 4, 2}})});
  using Mode = nn::EmbeddingBagMode;
  const char* names[] = {"EmbeddingBag.sum", "EmbeddingBag.mean", "EmbeddingBag.max"};
  const Mode modes[] = {torch::kSum, torch::kMean, torch::kMax};
  for (size_t i = 0; i < 3; ++i)
    forms(names[i], nn::EmbeddingBag(nn::EmbeddingBagOptions(6, 3).mode(modes[i])),
          {torch::tensor({{1, 2, 1}, {0, 4, 2}})});
  forms("AdaptiveLogSoftmaxWithLoss",
        nn::AdaptiveLogSoftmaxWithLoss(nn::AdaptiveLogSoftmaxWithLossOptions(8, 12, {4, 8}).div_value(2.0)),
        {numbers({5, 8}), torch::tensor({1, 5, 11, 3, 8})}, 0,
        [](auto& m, const Tensors& x) { return m->forward(x[0], x[1]).output; });
}

void recurrent() {
  const Tensor x = numbers({4, 2, 3});
  const auto states = [](auto& m, const Tensors& t) { return m->forward(t[0], t[1]); };
  const auto two_states = [](auto& m, const Tensors& t) { return m->forward(t[0], std::make_tuple(t[1], t[2])); };
  forms("RNN", nn::RNN(3, 5), {x}, 1);
  forms("RNN.deep", nn::RNN(nn::RNNOptions(3, 5).num_layers(2).bidirectional(true).nonlinearity(torch::kReLU)),
        {x, numbers({4, 2, 5}, 2)}, 1, states);
  forms("GRU", nn::GRU(3, 5), {x}, 1);
  forms("GRU.deep", nn::GRU(nn::GRUOptions(3, 5).num_layers(2).bidirectional(true).bias(false)),
        {x, numbers({4, 2, 5}, 2)}, 1, states);
  forms("GRU.batch_first", nn::GRU(nn::GRUOptions(3, 5).batch_first(true)), {numbers({2, 4, 3})}, 0);
  forms("LSTM", nn::LSTM(3, 5), {x}, 1);
  forms("LSTM.deep", nn::LSTM(nn::LSTMOptions(3, 5).num_layers(2).bidirectional(true)),
        {x, numbers({4, 2, 5}, 2), numbers({4, 2, 5}, 3)}, 1, two_states);
  forms("LSTM.projected", nn::LSTM(nn::LSTMOptions(3, 5).proj_size(2)), {x}, 1);
  forms("RNNCell", nn::RNNCell(3, 5), {numbers({4, 3}), numbers({4, 5}, 2)}, 0, states);
  forms("GRUCell", nn::GRUCell(3, 5), {numbers({4, 3}), numbers({4, 5}, 2)}, 0, states);
  forms("LSTMCell", nn::LSTMCell(3, 5), {numbers({4, 3}), numbers({4, 5}, 2), numbers({4, 5}, 3)}, 0, two_states);
}

void attention() {
  const Tensor q = numbers({3, 2, 8}), k = numbers({4, 2, 8}, 2), v = numbers({4, 2, 8}, 3);
  forms(
      "MultiheadAttention", nn::MultiheadAttention(8, 2), {q, k, v}, 1,
      [](auto& m, const Tensors& t) { return m->forward(t[0], t[1], t[2]); }, false);
  forms(
      "MultiheadAttention.self", nn::MultiheadAttention(8, 2), {q}, 1,
      [](auto& m, const Tensors& t) { return m->forward(t[0], t[0], t[0]); }, false);
  forms("TransformerEncoderLayer",
        nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(6).dropout(0)), {q}, 1,
        false);
  forms(
      "TransformerDecoderLayer",
      nn::TransformerDecoderLayer(nn::TransformerDecoderLayerOptions(8, 2).dim_feedforward(6).dropout(0)), {q, k}, 1,
      [](auto& m, const Tensors& t) { return m->forward(t[0], t[1]); }, false);
  nn::TransformerOptions options(8, 2, 1, 1);
  options.dim_feedforward(6).dropout(0);
  forms(
      "Transformer", nn::Transformer(options), {q, k}, 1,
      [](auto& m, const Tensors& t) { return m->forward(t[0], t[1]); }, false);
}

}  // namespace

int main() {
  simple();
  recurrent();
  attention();
}
