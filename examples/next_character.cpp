// A recurrent network that learns which character follows, and writes on by itself.
#include <cstdio>
#include <string>

#include "hearth/data/text.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"

using namespace hearth;

namespace {
struct WriterImpl : nn::Module {
  explicit WriterImpl(int64_t characters)
      : embedding(characters, 16), gru(nn::GRUOptions(16, 64).batch_first(true)), head(64, characters) {
    register_module("embedding", embedding);
    register_module("gru", gru);
    register_module("head", head);
  }
  /// ids [N, T] to scores [N, T, characters], and the state after the last one.
  std::tuple<Tensor, Tensor> forward(const Tensor& ids, Tensor state = {}) {
    const auto [h, last] = gru->forward(embedding->forward(ids), std::move(state));
    return {head->forward(h), last};
  }
  nn::Embedding embedding;
  nn::GRU gru;
  nn::Linear head;
};
}  // namespace

int main() {
  manual_seed(0);
  std::string corpus;
  for (int i = 0; i < 60; ++i) corpus += "the cat sat on the mat. the dog ran to the log. ";
  const data::CharTokenizer tokenizer(corpus);
  const Tensor ids = tokenizer.encode_tensor(corpus);
  WriterImpl writer(tokenizer.size());
  optim::Adam adam(writer.parameters(), optim::AdamOptions(1e-2));

  const int64_t batch = 16, length = 48;
  double loss_value = 0;
  for (int step = 0; step < 120; ++step) {
    std::vector<Tensor> x, y;
    const Tensor starts = randint(0, ids.numel() - length - 1, {batch});
    for (int64_t i = 0; i < batch; ++i) {
      const auto at = starts[i].item<int64_t>();
      x.push_back(ids.narrow(0, at, length));
      y.push_back(ids.narrow(0, at + 1, length));
    }
    adam.zero_grad();
    const Tensor scores = std::get<0>(writer.forward(stack(x)));
    const Tensor loss = cross_entropy_loss(scores.flatten(0, 1), stack(y).flatten());
    loss.backward();
    adam.step();
    loss_value = loss.item<double>();
    if (step % 30 == 0) std::printf("step %3d  loss %.3f\n", step, loss_value);
  }

  const NoGradGuard no_grad;
  std::string text = "the ";
  Tensor scores, state, next = tokenizer.encode_tensor(text).unsqueeze(0);
  for (int i = 0; i < 60; ++i) {
    std::tie(scores, state) = writer.forward(next, state);
    next = scores.select(1, -1).argmax(1, /*keepdim=*/true);
    text += tokenizer.decode(next.flatten());
  }
  std::printf("%s\n", text.c_str());
  return loss_value < 0.3 && text.find("the") != std::string::npos ? 0 : 1;
}
