// Modules behind the models that are no plain list of layers.
#include "kit/modules.h"

#include <cmath>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "kit/text_reader.h"

namespace hearth::kit {

using train::Model;
using train::Options;
using train::Shapes;

void push_activation(nn::SequentialImpl& net, const std::string& name, const std::string& kind) {
  if (kind == "relu") return net.push_back(name, nn::ReLU());
  if (kind == "gelu") return net.push_back(name, nn::GELU());
  if (kind == "silu") return net.push_back(name, nn::SiLU());
  if (kind == "tanh") return net.push_back(name, nn::Tanh());
  if (kind == "sigmoid") return net.push_back(name, nn::Sigmoid());
  if (kind == "leaky_relu") return net.push_back(name, nn::LeakyReLU());
  if (kind == "elu") return net.push_back(name, nn::ELU());
  fail("[model] there is no activation \"{}\"", kind);
}

namespace {

nn::Conv2d conv3(int64_t in, int64_t out, int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

/// Two 3x3 convolutions around which the input goes: [N, in, H, W] to [N, out, H / stride, W / stride].
struct ResidualBlockImpl : nn::Module {
  ResidualBlockImpl(int64_t in, int64_t out, int64_t stride)
      : conv1(register_module("conv1", conv3(in, out, stride))),
        norm1(register_module("norm1", nn::BatchNorm2d(out))),
        conv2(register_module("conv2", conv3(out, out, 1))),
        norm2(register_module("norm2", nn::BatchNorm2d(out))) {
    if (stride == 1 && in == out) return;
    down = register_module("down", nn::Sequential(nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false)),
                                                  nn::BatchNorm2d(out)));
  }
  Tensor forward(const Tensor& x) {
    const Tensor y = norm2(conv2(relu(norm1(conv1(x)))));
    return relu(y + (down.is_empty() ? x : down->forward(x)));
  }
  nn::Conv2d conv1;
  nn::BatchNorm2d norm1;
  nn::Conv2d conv2;
  nn::BatchNorm2d norm2;
  nn::Sequential down{nullptr};
};
HEARTH_MODULE(ResidualBlock);

/// Layers over time: [N, T] tokens or [N, T, C] numbers to [N, outputs], or [N, T, outputs] with each_step.
struct RecurrentImpl : nn::Module, TextModel {
  RecurrentImpl(std::string k, const Options& o, const Shapes& s) : kind(std::move(k)), each_step(s.each_step) {
    int64_t wide = s.input.size() > 1 ? s.input[1] : 1;
    if (s.vocabulary > 0) {
      wide = o.integer("embedding");
      embedding = register_module("embedding", nn::Embedding(s.vocabulary, wide));
    } else if (s.input.size() != 2) {
      throw ShapeError(fmt::format("[model] {} wants sequences [steps, features], but a sample is {}; use mlp", kind,
                                   to_string(IntArrayRef(s.input))),
                       s.input);
    }
    const int64_t hidden = o.integer("hidden"), layers = o.integer("layers");
    const bool both = o.flag("bidirectional");
    const double dropout = layers > 1 ? o.number("dropout") : 0;
    const auto with = [&](auto options) {
      return options.num_layers(layers).batch_first(true).bidirectional(both).dropout(dropout);
    };
    if (kind == "rnn") rnn = register_module("rnn", nn::RNN(with(nn::RNNOptions(wide, hidden))));
    if (kind == "lstm") lstm = register_module("lstm", nn::LSTM(with(nn::LSTMOptions(wide, hidden))));
    if (kind == "gru") gru = register_module("gru", nn::GRU(with(nn::GRUOptions(wide, hidden))));
    drop = register_module("drop", nn::Dropout(o.number("dropout")));
    out = register_module("out", nn::Linear(both ? 2 * hidden : hidden, s.outputs));
  }
  Tensor forward(const Tensor& x) {
    Tensor h, c;
    return forward_from(x, h, c);
  }
  /// From a state, which becomes the one after x; undefined: zeros. c is an LSTM's.
  Tensor forward_from(const Tensor& x, Tensor& h, Tensor& c) {
    const Tensor input = embedding.is_empty() ? x : embedding(x);
    Tensor y;
    if (kind == "lstm") {
      std::optional<std::tuple<Tensor, Tensor>> state;
      if (h.defined()) state = std::make_tuple(h, c);
      std::tie(y, state) = lstm(input, state);
      std::tie(h, c) = *state;
    } else {
      std::tie(y, h) = kind == "rnn" ? rnn(input, h) : gru(input, h);
    }
    if (!each_step) y = y.select(1, y.size(1) - 1);
    return out(drop(y));
  }
  std::unique_ptr<TextReader> reader() override;
  std::string kind;
  bool each_step;
  nn::Embedding embedding{nullptr};
  nn::RNN rnn{nullptr};
  nn::LSTM lstm{nullptr};
  nn::GRU gru{nullptr};
  nn::Dropout drop{nullptr};
  nn::Linear out{nullptr};
};

/// A recurrent layer's state is all that it knows of a text, however long that is.
class RecurrentReader : public TextReader {
 public:
  explicit RecurrentReader(RecurrentImpl& model) : model_(model) {}
  Tensor read(const std::vector<int64_t>& ids) override {
    const Tensor scores = model_.forward_from(tensor(ids).unsqueeze(0), h_, c_);
    return scores.select(1, scores.size(1) - 1).squeeze(0);
  }

 private:
  RecurrentImpl& model_;
  Tensor h_, c_;
};

std::unique_ptr<TextReader> RecurrentImpl::reader() {
  const bool both = kind == "lstm"  ? lstm->options.bidirectional()
                    : kind == "gru" ? gru->options.bidirectional()
                                    : rnn->options.bidirectional();
  if (embedding.is_empty() || !each_step || both) return nullptr;
  return std::make_unique<RecurrentReader>(*this);
}

struct WindowNormImpl : nn::Module {
  WindowNormImpl(Model m, int64_t s, int64_t h) : inner(std::move(m)), season(std::max<int64_t>(s, 1)), horizon(h) {
    register_module("inner", inner.module);
  }
  Tensor forward(const Tensor& x) {
    const Tensor series = x.select(2, 0);  // [N, T]
    const int64_t steps = series.size(1);
    const Tensor mean = series.mean(1, true), spread = (series - mean).square().mean(1, true).sqrt() + 1e-3;
    // The last season again and again is what a naive forecast would say; the model says what to add.
    const Tensor last = series.narrow(1, steps - season, season);
    const int64_t rounds = (horizon + season - 1) / season;
    const Tensor base = last.repeat({1, rounds}).narrow(1, 0, horizon);
    Tensor normal = ((series - mean) / spread).unsqueeze(2);
    if (x.size(2) > 1) normal = cat({normal, x.narrow(2, 1, x.size(2) - 1)}, 2);
    return base + inner.forward(normal) * spread;
  }
  Model inner;
  int64_t season, horizon;
};

}  // namespace

Model make_resnet(const Options& o, const Shapes& s) {
  if (s.input.size() != 3)
    throw ShapeError(fmt::format("[model] resnet wants pictures [channels, height, width], but a sample is {}; use mlp",
                                 to_string(IntArrayRef(s.input))),
                     s.input);
  nn::Sequential net;
  int64_t wide = o.integer("width"), stage = 0;
  net->push_back("stem", conv3(s.input[0], wide, 1));
  net->push_back("norm", nn::BatchNorm2d(wide));
  net->push_back("relu", nn::ReLU());
  for (const int64_t blocks : o.integers("blocks")) {
    const int64_t next = stage == 0 ? wide : 2 * wide;
    for (int64_t i = 0; i < blocks; ++i)
      net->push_back(fmt::format("stage{}_{}", stage + 1, i + 1),
                     ResidualBlock(i == 0 ? wide : next, next, stage > 0 && i == 0 ? 2 : 1));
    wide = next;
    ++stage;
  }
  net->push_back("pool", nn::AdaptiveAvgPool2d(1));
  net->push_back("flatten", nn::Flatten());
  net->push_back("out", nn::Linear(wide, s.outputs));
  return net;
}

Model make_recurrent(const std::string& kind, const Options& o, const Shapes& s) {
  return std::make_shared<RecurrentImpl>(kind, o, s);
}

Model with_window_norm(Model inner, int64_t season, int64_t horizon) {
  return std::make_shared<WindowNormImpl>(std::move(inner), season, horizon);
}

}  // namespace hearth::kit
