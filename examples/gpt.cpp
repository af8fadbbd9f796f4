// A transformer that writes (Radford et al., 2019, "Language models are unsupervised multitask learners"), on
// characters: causal attention, weight decay on matrices alone, warm-up and a cosine. gpt [STEPS]
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
constexpr int64_t context = 48, width = 64, heads = 4, layers = 2;

struct AttentionImpl : nn::Module {
  AttentionImpl() {
    qkv = register_module("qkv", nn::Linear(width, 3 * width));
    out = register_module("out", nn::Linear(width, width));
  }
  /// [N, T, width] to the same; no place sees the ones after it.
  Tensor forward(const Tensor& x) {
    const int64_t n = x.size(0), t = x.size(1);
    const auto parts = qkv->forward(x).view({n, t, 3, heads, width / heads}).permute({2, 0, 3, 1, 4}).unbind(0);
    const Tensor y = scaled_dot_product_attention(parts[0], parts[1], parts[2], {}, 0, /*is_causal=*/true);
    return out->forward(y.transpose(1, 2).reshape({n, t, width}));
  }
  nn::Linear qkv{nullptr}, out{nullptr};
};

struct BlockImpl : nn::Module {
  BlockImpl() {
    norm1 = register_module("norm1", nn::LayerNorm(nn::LayerNormOptions({width})));
    attention = register_module("attention", std::make_shared<AttentionImpl>());
    norm2 = register_module("norm2", nn::LayerNorm(nn::LayerNormOptions({width})));
    mlp =
        register_module("mlp", nn::Sequential(nn::Linear(width, 4 * width), nn::GELU(), nn::Linear(4 * width, width)));
  }
  Tensor forward(const Tensor& x) {
    const Tensor y = x + attention->forward(norm1->forward(x));
    return y + mlp->forward(norm2->forward(y));
  }
  nn::LayerNorm norm1{nullptr}, norm2{nullptr};
  std::shared_ptr<AttentionImpl> attention;
  nn::Sequential mlp{nullptr};
};

struct GptImpl : nn::Module {
  explicit GptImpl(int64_t characters) {
    embedding = register_module("embedding", nn::Embedding(characters, width));
    places = register_module("places", nn::Embedding(context, width));
    for (int64_t i = 0; i < layers; ++i) blocks->push_back(std::make_shared<BlockImpl>());
    register_module("blocks", blocks);
    norm = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({width})));
    head = register_module("head", nn::Linear(nn::LinearOptions(width, characters).bias(false)));
    const NoGradGuard no_grad;
    for (const Tensor& p : parameters())
      if (p.dim() > 1) nn::init::normal_(p, 0, 0.02);
  }
  /// ids [N, T], T at most `context`, to scores [N, T, characters].
  Tensor forward(const Tensor& ids) {
    const Tensor x = embedding->forward(ids) + places->forward(arange(ids.size(1), kLong));
    return head->forward(norm->forward(blocks->forward(x)));
  }
  nn::Embedding embedding{nullptr}, places{nullptr};
  nn::Sequential blocks;
  nn::LayerNorm norm{nullptr};
  nn::Linear head{nullptr};
};

/// Decay pulls at matrices; biases and the scales of norms are left alone.
std::vector<optim::OptimizerParamGroup> groups(const GptImpl& model) {
  std::vector<Tensor> matrices, others;
  for (const Tensor& p : model.parameters()) (p.dim() > 1 ? matrices : others).push_back(p);
  std::vector<optim::OptimizerParamGroup> both;
  both.emplace_back(matrices, std::make_unique<optim::AdamWOptions>(optim::AdamWOptions(5e-3).weight_decay(0.1)));
  both.emplace_back(others, std::make_unique<optim::AdamWOptions>(optim::AdamWOptions(5e-3).weight_decay(0)));
  return both;
}

/// Mean loss a character of pieces that begin at `starts`.
Tensor loss_of(GptImpl& model, const Tensor& ids, const Tensor& starts) {
  const Tensor at = starts.unsqueeze(1) + arange(context + 1, kLong);  // [N, context + 1]
  const Tensor pieces = ids.index_select(0, at.flatten()).view(at.sizes());
  const Tensor scores = model.forward(pieces.narrow(1, 0, context));
  return cross_entropy_loss(scores.flatten(0, 1), pieces.narrow(1, 1, context).flatten());
}

/// Writes on, each character drawn from the `top` likeliest.
std::string write_on(GptImpl& model, const data::CharTokenizer& tokenizer, const std::string& start, int64_t count,
                     int64_t top) {
  const NoGradGuard no_grad;
  Tensor ids = tokenizer.encode_tensor(start).unsqueeze(0);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t seen = std::min(ids.size(1), context);
    const Tensor scores = model.forward(ids.narrow(1, ids.size(1) - seen, seen)).select(1, -1);
    const auto [best, which] = scores.topk(top, 1);
    ids = cat({ids, which.gather(1, best.softmax(1).multinomial(1))}, 1);
  }
  return tokenizer.decode(ids.flatten());
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const int64_t steps = support::count_from(argc, argv, 400), warm_up = 20, batch = 16;
  const std::string text = support::text();
  const data::CharTokenizer tokenizer(text);
  const Tensor ids = tokenizer.encode_tensor(text);
  const int64_t training = ids.numel() * 9 / 10;

  GptImpl model(tokenizer.size());
  optim::AdamW adam(groups(model), optim::AdamWOptions(5e-3));
  optim::LambdaLR schedule(adam, [&](int64_t step) {
    if (step < warm_up) return static_cast<double>(step + 1) / static_cast<double>(warm_up);
    return 0.1 + 0.45 * (1 + std::cos(3.14159265 * static_cast<double>(step - warm_up) /
                                      static_cast<double>(steps - warm_up)));
  });
  for (int64_t step = 1; step <= steps; ++step) {
    adam.zero_grad();
    const Tensor loss = loss_of(model, ids, randint(0, training - context - 1, {batch}));
    loss.backward();
    nn::utils::clip_grad_norm_(model.parameters(), 1.0);
    adam.step();
    schedule.step();
    if (step % 50 == 0) std::printf("step %4lld  loss %.3f\n", static_cast<long long>(step), loss.item<double>());
  }
  const NoGradGuard no_grad;
  const double loss = loss_of(model, ids, randint(training, ids.numel() - context - 1, {128})).item<double>();
  std::printf("held-out loss %.3f\n%s\n", loss, write_on(model, tokenizer, "the ", 160, 8).c_str());
  return loss < 2.3 ? 0 : 1;
}
