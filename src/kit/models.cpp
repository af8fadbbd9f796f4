// The models that a configuration can name.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "hearth/nn.h"
#include "hearth/train/registry.h"
#include "kit/modules.h"
#include "kit/schema.h"

namespace hearth::kit {

using train::Model;
using train::ModelEntry;
using train::Options;
using train::Setting;
using train::Shapes;
using Kind = train::Setting::Kind;

namespace {

IValue ints(std::vector<int64_t> list) { return IValue(std::vector<IValue>(list.begin(), list.end())); }

Setting activation_setting() {
  return {"activation", "relu", "between layers", {"relu", "gelu", "silu", "tanh", "sigmoid", "leaky_relu", "elu"}};
}
Setting dropout_setting(double p) { return {"dropout", p, "the chance that a value is dropped in training", 0, 0.95}; }

int64_t product(const std::vector<int64_t>& sizes) {
  int64_t n = 1;
  for (const int64_t s : sizes) n *= s;
  return n;
}

void want_image(const char* model, const Shapes& s) {
  if (s.input.size() != 3)
    throw ShapeError(fmt::format("[model] {} wants pictures [channels, height, width], but a sample is {}; use mlp",
                                 model, to_string(IntArrayRef(s.input))),
                     s.input);
}

Model mlp(const Options& o, const Shapes& s) {
  nn::Sequential net;
  int64_t wide = product(s.input), number = 0;
  if (s.input.size() != 1) net->push_back("flatten", nn::Flatten());
  for (const int64_t next : o.integers("hidden")) {
    const std::string n = std::to_string(++number);
    net->push_back("fc" + n, nn::Linear(wide, next));
    if (o.text("norm") == "batch") net->push_back("norm" + n, nn::BatchNorm1d(next));
    if (o.text("norm") == "layer") net->push_back("norm" + n, nn::LayerNorm(nn::LayerNormOptions({next})));
    push_activation(*net, o.text("activation") + n, o.text("activation"));
    if (o.number("dropout") > 0) net->push_back("drop" + n, nn::Dropout(o.number("dropout")));
    wide = next;
  }
  net->push_back("out", nn::Linear(wide, s.outputs));
  return net;
}

Model cnn(const Options& o, const Shapes& s) {
  want_image("cnn", s);
  nn::Sequential net;
  int64_t channels = s.input[0], high = s.input[1], wide = s.input[2], number = 0;
  for (const int64_t next : o.integers("channels")) {
    const std::string n = std::to_string(++number);
    if (high < 2 || wide < 2)
      throw ShapeError(fmt::format("[model] pictures of {} are too small for {} layers that each halve them; give "
                                   "model.channels fewer numbers",
                                   to_string(IntArrayRef(s.input)), o.integers("channels").size()),
                       s.input);
    net->push_back("conv" + n, nn::Conv2d(nn::Conv2dOptions(channels, next, 3).padding(1)));
    net->push_back("norm" + n, nn::BatchNorm2d(next));
    net->push_back("relu" + n, nn::ReLU());
    net->push_back("pool" + n, nn::MaxPool2d(2));
    channels = next, high /= 2, wide /= 2;
  }
  net->push_back("flatten", nn::Flatten());
  if (o.number("dropout") > 0) net->push_back("drop", nn::Dropout(o.number("dropout")));
  net->push_back("fc1", nn::Linear(channels * high * wide, o.integer("hidden")));
  net->push_back("relu", nn::ReLU());
  net->push_back("fc2", nn::Linear(o.integer("hidden"), s.outputs));
  return net;
}

Model lenet(const Options& o, const Shapes& s) {
  want_image("lenet", s);
  const int64_t high = (s.input[1] / 2 - 4) / 2, wide = (s.input[2] / 2 - 4) / 2;
  if (high < 1 || wide < 1)
    throw ShapeError(fmt::format("[model] pictures of {} are too small for lenet; it needs at least 12 x 12",
                                 to_string(IntArrayRef(s.input))),
                     s.input);
  nn::Sequential net;
  const std::string& a = o.text("activation");
  net->push_back("conv1", nn::Conv2d(nn::Conv2dOptions(s.input[0], 6, 5).padding(2)));
  push_activation(*net, a + "1", a);
  net->push_back("pool1", nn::MaxPool2d(2));
  net->push_back("conv2", nn::Conv2d(6, 16, 5));
  push_activation(*net, a + "2", a);
  net->push_back("pool2", nn::MaxPool2d(2));
  net->push_back("flatten", nn::Flatten());
  net->push_back("fc1", nn::Linear(16 * high * wide, 120));
  push_activation(*net, a + "3", a);
  net->push_back("fc2", nn::Linear(120, 84));
  push_activation(*net, a + "4", a);
  net->push_back("fc3", nn::Linear(84, s.outputs));
  return net;
}

Model autoencoder(const Options& o, const Shapes& s) {
  const std::vector<int64_t> hidden = o.integers("hidden");
  if (hidden.empty()) fail("[model] model.hidden of the autoencoder is empty; give it at least one width");
  nn::Sequential net;
  int64_t wide = product(s.input);
  net->push_back("flatten", nn::Flatten());
  std::vector<int64_t> widths = hidden;
  for (size_t i = hidden.size() - 1; i-- > 0;) widths.push_back(hidden[i]);
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string n = std::to_string(i + 1);
    net->push_back((i < hidden.size() ? "encode" : "decode") + n, nn::Linear(wide, widths[i]));
    push_activation(*net, o.text("activation") + n, o.text("activation"));
    wide = widths[i];
  }
  net->push_back("out", nn::Linear(wide, product(s.input)));
  net->push_back("unflatten", nn::Unflatten(nn::UnflattenOptions(1, s.input)));
  return net;
}

train::Variant recurrent_variant(const char* name, const char* doc) {
  return {name,
          doc,
          {{"hidden", 128, "features of the state", 1, 65536},
           {"layers", 1, "on top of each other", 1, 64},
           {"embedding", 64, "features of a token, where the input is tokens", 1, 65536},
           {"bidirectional", false, "reads backwards besides (not for text that is to be generated)"},
           dropout_setting(0.0)}};
}

std::vector<ModelEntry> entries() {
  return {
      {{"mlp",
        "fully connected layers",
        {{"hidden", Kind::integers, ints({128, 128}), "widths of the hidden layers; [] for a linear model", 1, 1e6},
         activation_setting(),
         {"norm", "none", "after each hidden layer", {"none", "batch", "layer"}},
         dropout_setting(0.0)}},
       mlp},
      {{"cnn",
        "3x3 convolutions with batch norm, each halving the picture, and two linear layers",
        {{"channels", Kind::integers, ints({32, 64}), "of each convolution", 1, 65536},
         {"hidden", 128, "features of the first linear layer", 1, 1e6},
         dropout_setting(0.25)}},
       cnn},
      {{"lenet", "LeNet-5 (LeCun et al., 1998) with max pooling", {activation_setting()}}, lenet},
      {{"resnet",
        "residual network for small pictures (He et al., 2016): a 3x3 stem, stages that halve the picture",
        {{"blocks", Kind::integers, ints({3, 3, 3}), "blocks of two convolutions in each stage", 1, 1000},
         {"width", 16, "channels of the first stage; each further one has twice as many", 1, 65536}}},
       make_resnet},
      {recurrent_variant("rnn", "plain recurrent layers (tanh)"),
       [](const Options& o, const Shapes& s) { return make_recurrent("rnn", o, s); }},
      {recurrent_variant("lstm", "long short-term memory"),
       [](const Options& o, const Shapes& s) { return make_recurrent("lstm", o, s); }},
      {recurrent_variant("gru", "gated recurrent units"),
       [](const Options& o, const Shapes& s) { return make_recurrent("gru", o, s); }},
      {{"gpt",
        "a transformer that predicts the next token (Radford et al., 2019)",
        {{"layers", 4, "on top of each other", 1, 1000},
         {"heads", 4, "of attention", 1, 1000},
         {"width", 128, "features of a token", 1, 65536},
         dropout_setting(0.0)}},
       make_gpt},
      {{"autoencoder",
        "linear layers down to a code and back; its target is its input",
        {{"hidden", Kind::integers, ints({128, 32}), "widths down to the code", 1, 1e6}, activation_setting()}},
       autoencoder},
      {{"layers",
        "a list of layers, one after the other",
        {{"layers",
          Kind::any,
          {},
          "such as [{conv: {channels: 16, kernel: 3}}, relu, {maxpool: 2}, flatten, {linear: "
          "outputs}]; also dropout, batchnorm, layernorm, avgpool, globalpool and activations"}}},
       make_layers},
  };
}

}  // namespace

std::vector<train::Variant> model_variants() {
  std::vector<train::Variant> all;
  for (ModelEntry& e : entries()) all.push_back(std::move(e.variant));
  return all;
}

}  // namespace hearth::kit

namespace hearth::train {

Model make_model(const Config& config, const Shapes& shapes, const std::vector<ModelEntry>& own /* = {} */) {
  const std::string& name = config.text("model.name");
  const Options options = config.section("model");
  for (const auto& list : {own, kit::entries()})
    for (const ModelEntry& e : list)
      if (e.variant.name == name) return e.make(options, shapes);
  fail("[make_model] there is no model \"{}\"", name);
}

}  // namespace hearth::train
