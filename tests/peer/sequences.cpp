// Embeddings, recurrent layers, attention and transformers: initial weights from one seed, printed forms, names, values
// and gradients.
#include <torch/torch.h>

#include <cstdio>
#include <iostream>
#include <vector>

using torch::Tensor;
namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

uint64_t state = 11;
Tensor numbers(std::vector<int64_t> sizes, double low = -1, double high = 1) {
  Tensor t = torch::empty(sizes, torch::kDouble);
  double* p = t.data_ptr<double>();
  for (int64_t i = 0; i < t.numel(); ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    p[i] = low + (high - low) * static_cast<double>(state >> 11) * 0x1p-53;
  }
  return t;
}
void show(const char* name, const Tensor& t) {
  std::printf("%s", name);
  const Tensor flat = t.detach().to(torch::kDouble).contiguous().view({-1});
  for (int64_t i = 0; i < flat.numel(); ++i) std::printf(" %.8g", flat[i].item<double>());
  std::printf("\n");
}
Tensor weighted(const Tensor& t) {
  return (t * torch::arange(1, t.numel() + 1, torch::kDouble).view(t.sizes()).cos()).sum();
}
/// The sum of the gradient and of its elements' products with 1, 2, 3 …
void show_gradients(nn::Module& module) {
  for (const auto& p : module.named_parameters()) {
    if (!p.value().grad().defined()) continue;
    const Tensor g = p.value().grad().reshape({-1});
    std::printf("grad %s %.8g %.8g\n", p.key().c_str(), g.sum().item<double>(),
                (g * torch::arange(1, g.numel() + 1, torch::kDouble)).sum().item<double>());
  }
}

/// Prints a module made from seed 3: its form, names and initial values; then moves it to double.
template <class M>
M made(M module) {
  std::cout << module << std::endl;
  for (const auto& p : module->named_parameters()) {
    const Tensor v = p.value().detach().to(torch::kDouble).reshape({-1});
    std::printf("%s %.8g %.8g\n", p.key().c_str(), v[0].item<double>(), v.sum().item<double>());
  }
  module->to(torch::kDouble);
  return module;
}
#define MADE(...) (torch::manual_seed(3), made(__VA_ARGS__))

void embeddings() {
  const Tensor ids = torch::tensor({{1, 2, 1}, {0, 4, 2}});
  for (const bool by_freq : {false, true}) {
    auto table = MADE(nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(-1).scale_grad_by_freq(by_freq)));
    const Tensor y = table->forward(ids);
    show("embedding", y);
    weighted(y).backward();
    show("grad", table->weight.grad());
  }
  auto limited = MADE(nn::Embedding(nn::EmbeddingOptions(5, 3).max_norm(0.8).norm_type(1)));
  show("embedding", limited->forward(ids));
  show("weight", limited->weight);
  auto fixed = nn::Embedding::from_pretrained(numbers({4, 2}));
  std::printf("%d\n", fixed->weight.requires_grad() ? 1 : 0);
  show("embedding", fixed->forward(torch::tensor({3, 0})));
  using Mode = nn::EmbeddingBagMode;
  for (const Mode& mode : {Mode(torch::kSum), Mode(torch::kMean), Mode(torch::kMax)}) {
    auto bag = MADE(nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 3).mode(mode).padding_idx(2)));
    Tensor y = bag->forward(ids);
    show("bag", y);
    weighted(y).backward();
    y = bag->forward(ids.view({-1}), torch::tensor({0, 2, 2}));
    show("bag", y);
    weighted(y).backward();
    show("grad", bag->weight.grad());
  }
  auto bag = MADE(nn::EmbeddingBag(
      nn::EmbeddingBagOptions(5, 3).mode(torch::kSum).include_last_offset(true).scale_grad_by_freq(true)));
  const Tensor weights = numbers({6}).requires_grad_();
  const Tensor y = bag->forward(ids.view({-1}), torch::tensor({0, 2, 6}), weights);
  show("bag", y);
  weighted(y).backward();
  show("grad", weights.grad());
}

template <class M>
void run_rnn(M rnn, const Tensor& x, const Tensor& h0) {
  const Tensor in = x.clone().requires_grad_(), h = h0.clone().requires_grad_();
  auto [y, hn] = rnn->forward(in, h);
  show("y", y);
  show("h", hn);
  (weighted(y) + weighted(hn)).backward();
  show("dx", in.grad());
  show("dh", h.grad());
  show_gradients(*rnn);
}
void run_lstm(nn::LSTM rnn, const Tensor& x, const Tensor& h0, const Tensor& c0) {
  const Tensor in = x.clone().requires_grad_(), h = h0.clone().requires_grad_(), c = c0.clone().requires_grad_();
  auto [y, last] = rnn->forward(in, std::make_tuple(h, c));
  show("y", y);
  show("h", std::get<0>(last));
  show("c", std::get<1>(last));
  (weighted(y) + weighted(std::get<0>(last)) + weighted(std::get<1>(last))).backward();
  show("dx", in.grad());
  show("dh", h.grad());
  show("dc", c.grad());
  show_gradients(*rnn);
}

void recurrent() {
  const Tensor x = numbers({4, 2, 3}), h1 = numbers({1, 2, 5}), c1 = numbers({1, 2, 5}), h4 = numbers({4, 2, 5}),
               c4 = numbers({4, 2, 5});
  run_rnn(MADE(nn::RNN(3, 5)), x, h1);
  run_rnn(MADE(nn::RNN(nn::RNNOptions(3, 5).num_layers(2).bidirectional(true).nonlinearity(torch::kReLU))), x, h4);
  run_rnn(MADE(nn::GRU(3, 5)), x, h1);
  run_rnn(MADE(nn::GRU(nn::GRUOptions(3, 5).num_layers(2).bidirectional(true).bias(false).batch_first(true))),
          x.transpose(0, 1), h4);
  run_lstm(MADE(nn::LSTM(3, 5)), x, h1, c1);
  run_lstm(MADE(nn::LSTM(nn::LSTMOptions(3, 5).num_layers(2).bidirectional(true).batch_first(true))), x.transpose(0, 1),
           h4, c4);
  run_lstm(MADE(nn::LSTM(nn::LSTMOptions(3, 5).num_layers(2).bidirectional(true).proj_size(2))), x, numbers({4, 2, 2}),
           c4);
  auto bare = MADE(nn::LSTM(nn::LSTMOptions(3, 5).dropout(0.5).num_layers(2)));
  bare->eval();
  show("y", std::get<0>(bare->forward(x)));
  for (const Tensor& w : bare->all_weights()) std::cout << w.sizes() << std::endl;
}

void packed() {
  namespace rnn = nn::utils::rnn;
  const std::vector<Tensor> parts{numbers({2, 3}), numbers({4, 3}), numbers({1, 3})};
  const Tensor padded = rnn::pad_sequence(parts, /*batch_first=*/true, 0.5);
  show("padded", padded);
  const auto sequence = rnn::pack_sequence(parts, /*enforce_sorted=*/false);
  show("data", sequence.data());
  show("sizes", sequence.batch_sizes());
  show("sorted", sequence.sorted_indices());
  show("unsorted", sequence.unsorted_indices());
  auto lstm = MADE(nn::LSTM(nn::LSTMOptions(3, 4).bidirectional(true)));
  auto [y, last] = lstm->forward_with_packed_input(sequence);
  auto [unpacked, lengths] = rnn::pad_packed_sequence(y, /*batch_first=*/false, -1.0, 5);
  show("y", unpacked);
  show("lengths", lengths);
  show("h", std::get<0>(last));
  show("c", std::get<1>(last));
  (weighted(unpacked) + weighted(std::get<0>(last))).backward();
  show_gradients(*lstm);
  auto gru = MADE(nn::GRU(nn::GRUOptions(3, 4).bidirectional(true).num_layers(2)));
  auto [z, h] = gru->forward_with_packed_input(
      rnn::pack_padded_sequence(padded.transpose(0, 1), torch::tensor({2, 4, 1}), false, false), numbers({4, 3, 4}));
  show("z", z.data());
  show("h", h);
  (weighted(z.data()) + weighted(h)).backward();
  show_gradients(*gru);
}

void cells() {
  const Tensor x = numbers({2, 3}), h = numbers({2, 4}), c = numbers({2, 4});
  auto tanh_cell = MADE(nn::RNNCell(3, 4));
  auto relu_cell = MADE(nn::RNNCell(nn::RNNCellOptions(3, 4).nonlinearity(torch::kReLU).bias(false)));
  auto gru_cell = MADE(nn::GRUCell(3, 4));
  auto lstm_cell = MADE(nn::LSTMCell(3, 4));
  weighted(tanh_cell->forward(x, h)).backward();
  show_gradients(*tanh_cell);
  show("relu", relu_cell->forward(x));
  weighted(gru_cell->forward(x, h)).backward();
  show_gradients(*gru_cell);
  auto [h1, c1] = lstm_cell->forward(x, std::make_tuple(h, c));
  show("h", h1);
  show("c", c1);
  (weighted(h1) + weighted(c1)).backward();
  show_gradients(*lstm_cell);
}

void attention() {
  const Tensor q = numbers({3, 2, 8}), k = numbers({4, 2, 8}), v = numbers({4, 2, 8});
  const Tensor padding = torch::tensor({{false, false, true, false}, {false, false, false, false}});
  auto plain = MADE(nn::MultiheadAttention(8, 2));
  auto [a, w] = plain->forward(q, k, v, padding);
  show("out", a);
  show("weights", w);
  weighted(a).backward();
  show_gradients(*plain);
  auto [b, none] =
      plain->forward(q, q, q, {}, /*need_weights=*/false, torch::full({3, 3}, -1e9, torch::kDouble).triu(1));
  std::printf("%d\n", none.defined() ? 1 : 0);
  show("out", b);
  show("out", std::get<0>(plain->forward(q, k, k, {}, true, numbers({3, 4}))));
  show("weights", std::get<1>(plain->forward(q, k, k, {}, true, {}, /*average_attn_weights=*/false)));
  auto rich = MADE(nn::MultiheadAttention(nn::MultiheadAttentionOptions(8, 2).add_bias_kv(true).add_zero_attn(true)));
  auto [c, x] = rich->forward(q, k, v, padding, true, numbers({3, 4}));
  show("out", c);
  show("weights", x);
  weighted(c).backward();
  show_gradients(*rich);
  auto other = MADE(nn::MultiheadAttention(nn::MultiheadAttentionOptions(8, 2).kdim(5).vdim(5).bias(false)));
  show("out", std::get<0>(other->forward(q, numbers({4, 2, 5}), numbers({4, 2, 5}))));
}

void transformers() {
  const Tensor src = numbers({3, 2, 8}), tgt = numbers({4, 2, 8});
  nn::TransformerEncoderLayerOptions encoder_options(8, 2);
  encoder_options.dim_feedforward(5).dropout(0);
  nn::TransformerDecoderLayerOptions decoder_options(8, 2);
  decoder_options.dim_feedforward(5).dropout(0).activation(torch::kGELU);
  auto layer = MADE(nn::TransformerEncoderLayer(encoder_options));
  show("layer", layer->forward(src));
  auto decoder_layer = MADE(nn::TransformerDecoderLayer(decoder_options));
  show("layer", decoder_layer->forward(tgt, src));
  auto encoder =
      MADE(nn::TransformerEncoder(nn::TransformerEncoderOptions(encoder_options, 2)
                                      .norm(nn::AnyModule(nn::LayerNorm(nn::LayerNormOptions({8}).eps(1e-3))))));
  const Tensor mask = nn::TransformerImpl::generate_square_subsequent_mask(3);
  show("mask", mask);
  const Tensor y =
      encoder->forward(src, mask.to(torch::kDouble), torch::tensor({{false, false, true}, {false, false, false}}));
  show("encoder", y);
  weighted(y).backward();
  show_gradients(*encoder);
  auto decoder = MADE(nn::TransformerDecoder(nn::TransformerDecoderOptions(decoder_options, 2)));
  show("decoder", decoder->forward(tgt, src));
  nn::TransformerOptions options(8, 2, 2, 1);
  options.dim_feedforward(6).dropout(0).activation([](const Tensor& x) { return torch::tanh(x); });
  auto whole = MADE(nn::Transformer(options));
  const Tensor z =
      whole->forward(src, tgt, {}, nn::TransformerImpl::generate_square_subsequent_mask(4).to(torch::kDouble));
  show("transformer", z);
  weighted(z).backward();
  show_gradients(*whole);
  torch::manual_seed(3);
  encoder->reset_parameters();
  show("reset", encoder->parameters()[0].slice(0, 0, 1));
}

void adaptive() {
  auto softmax = MADE(nn::AdaptiveLogSoftmaxWithLoss(
      nn::AdaptiveLogSoftmaxWithLossOptions(16, 12, {4, 8}).div_value(2.0).head_bias(true)));
  const Tensor x = numbers({5, 16}).requires_grad_(), target = torch::tensor({1, 5, 11, 3, 8});
  const auto out = softmax->forward(x, target);
  show("output", out.output);
  std::printf("%.8g\n", out.loss);
  weighted(out.output).backward();
  show("dx", x.grad());
  show_gradients(*softmax);
  show("log_prob", softmax->log_prob(x));
  show("predict", softmax->predict(x));
}

void utilities() {
  const Tensor a = numbers({3}).requires_grad_(), b = numbers({2, 2}).requires_grad_();
  for (const double order : {2.0, 1.0, 3.0, 0.0, std::numeric_limits<double>::infinity()}) {
    a.mutable_grad() = numbers({3}, -3, 3);
    b.mutable_grad() = numbers({2, 2}, -3, 3);
    std::printf("norm %.6g\n", nn::utils::clip_grad_norm_({a, b}, 1.5, order));
    show("a", a.grad());
    show("b", b.grad());
  }
  nn::utils::clip_grad_value_({a, b}, 0.1);
  show("b", b.grad());
  const Tensor all = nn::utils::parameters_to_vector({a, b});
  show("vector", all);
  nn::utils::vector_to_parameters(all.detach() * 2, {a, b});
  show("b", b);
}

}  // namespace

int main() {
  embeddings();
  recurrent();
  packed();
  cells();
  attention();
  transformers();
  adaptive();
  utilities();
}
