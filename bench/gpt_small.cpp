// Character-level transformer: 6 layers, 6 heads, 384 wide, block 128, batch 8,
// 65 characters, AdamW; attention is written with basic operations.
#include <limits>

#include "bench.h"

constexpr int64_t kLayers = 6, kHeads = 6, kWide = 384, kBlock = 128, kBatch = 8, kVocab = 65;

struct LayerImpl : torch::nn::Module {
  LayerImpl() {
    norm1 = register_module("norm1", torch::nn::LayerNorm(torch::nn::LayerNormOptions({kWide})));
    qkv = register_module("qkv", torch::nn::Linear(torch::nn::LinearOptions(kWide, 3 * kWide).bias(false)));
    proj = register_module("proj", torch::nn::Linear(torch::nn::LinearOptions(kWide, kWide).bias(false)));
    norm2 = register_module("norm2", torch::nn::LayerNorm(torch::nn::LayerNormOptions({kWide})));
    up = register_module("up", torch::nn::Linear(torch::nn::LinearOptions(kWide, 4 * kWide).bias(false)));
    down = register_module("down", torch::nn::Linear(torch::nn::LinearOptions(4 * kWide, kWide).bias(false)));
    mask = register_buffer("mask", torch::ones({kBlock, kBlock}).tril().eq(0));
  }
  torch::Tensor attend(torch::Tensor x) {
    int64_t b = x.size(0), t = x.size(1);
    auto parts = qkv->forward(x).split(kWide, 2);
    auto heads = [&](torch::Tensor v) { return v.view({b, t, kHeads, kWide / kHeads}).transpose(1, 2); };
    auto q = heads(parts[0]), k = heads(parts[1]), v = heads(parts[2]);
    auto scores = torch::matmul(q, k.transpose(-2, -1)) * (1.0 / std::sqrt(64.0));
    scores = scores.masked_fill(mask, -std::numeric_limits<float>::infinity());
    auto y = torch::matmul(torch::softmax(scores, -1), v);
    return proj->forward(y.transpose(1, 2).contiguous().view({b, t, kWide}));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = x + attend(norm1->forward(x));
    return x + down->forward(torch::gelu(up->forward(norm2->forward(x))));
  }
  torch::nn::LayerNorm norm1{nullptr}, norm2{nullptr};
  torch::nn::Linear qkv{nullptr}, proj{nullptr}, up{nullptr}, down{nullptr};
  torch::Tensor mask;
};
TORCH_MODULE(Layer);

struct NetImpl : torch::nn::Module {
  NetImpl() {
    tokens = register_module("tokens", torch::nn::Embedding(kVocab, kWide));
    places = register_module("places", torch::nn::Embedding(kBlock, kWide));
    layers = register_module("layers", torch::nn::ModuleList());
    for (int64_t i = 0; i < kLayers; ++i) layers->push_back(Layer());
    norm = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({kWide})));
    head = register_module("head", torch::nn::Linear(torch::nn::LinearOptions(kWide, kVocab).bias(false)));
  }
  torch::Tensor forward(torch::Tensor ids) {
    auto place = torch::arange(ids.size(1), torch::kInt64);
    auto x = tokens->forward(ids) + places->forward(place);
    for (const auto& layer : *layers) x = layer->as<Layer>()->forward(x);
    return head->forward(norm->forward(x));
  }
  torch::nn::Embedding tokens{nullptr}, places{nullptr};
  torch::nn::ModuleList layers{nullptr};
  torch::nn::LayerNorm norm{nullptr};
  torch::nn::Linear head{nullptr};
};
TORCH_MODULE(Net);

int main() {
  bench::init();
  Net net;
  bench::init_parameters(*net);
  torch::optim::AdamW optimizer(net->parameters(), torch::optim::AdamWOptions(1e-3).weight_decay(0.1));
  auto x = bench::labels({kBatch, kBlock}, kVocab, 1);
  auto y = bench::labels({kBatch * kBlock}, kVocab, 2);
  torch::Tensor loss;
  auto step = [&] {
    optimizer.zero_grad();
    loss = torch::nn::functional::cross_entropy(net->forward(x).view({-1, kVocab}), y);
    loss.backward();
    optimizer.step();
  };
  bench::Part p;
  p.name = "gpt_small";
  p.metric = "seconds per step";
  for (int i = 0; i < 3; ++i) step();
  p.check = loss.item<float>();
  double t = kBatch * kBlock;
  p.items = t;
  double macs = t * (12.0 * kWide * kWide * kLayers + kWide * kVocab) + t * kLayers * 2.0 * kBlock * kWide;
  p.flops = 2.0 * 3 * macs;
  // Activations of a layer that must be written, and read later: norm, qkv,
  // scores and weights, heads, proj, norm, up, gelu, down.
  double floats = t * kLayers * (kWide * (1.0 + 3 + 1 + 1 + 1 + 4 + 4 + 1) + 2.0 * kHeads * kBlock);
  p.bytes = 40.0 * bench::count_parameters(*net) + 4.0 * 5 * floats;
  bench::measure(p, step, 7, 8);
  bench::print(p);
}
