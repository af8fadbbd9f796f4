// A model as a list of layers in a configuration.
#include <algorithm>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "kit/modules.h"
#include "kit/nearest.h"

namespace hearth::kit {

using train::Options;
using train::Setting;
using train::Shapes;
using Kind = train::Setting::Kind;

namespace {

struct Layer {
  const char* kind;
  std::vector<Setting> settings;  // the first is what a value without a name means
  void (*add)(nn::SequentialImpl& net, const std::string& name, const Options& o, IntArrayRef in);
};

int64_t size_at(IntArrayRef in, size_t i, const std::string& layer) {
  if (in.size() <= i)
    throw ShapeError(
        fmt::format("[model] layer {} gets batches of {}, which have too few dimensions", layer, to_string(in)),
        in.vec());
  return in[i];
}

int64_t channels_of(IntArrayRef in, const std::string& layer) {
  size_at(in, 3, layer);
  return in[1];
}

const std::vector<Layer>& layers() {
  static const std::vector<Layer> all = {
      {"linear",
       {{"out", 64, "features", 1, 1e7}, {"bias", true, ""}},
       [](nn::SequentialImpl& net, const std::string& name, const Options& o, IntArrayRef in) {
         net.push_back(name, nn::Linear(nn::LinearOptions(in.back(), o.integer("out")).bias(o.flag("bias"))));
       }},
      {"conv",
       {{"channels", 16, "", 1, 1e6},
        {"kernel", 3, "", 1, 1000},
        {"stride", 1, "", 1, 1000},
        {"padding", 0, "", 0, 1000}},
       [](nn::SequentialImpl& net, const std::string& name, const Options& o, IntArrayRef in) {
         net.push_back(name,
                       nn::Conv2d(nn::Conv2dOptions(channels_of(in, name), o.integer("channels"), o.integer("kernel"))
                                      .stride(o.integer("stride"))
                                      .padding(o.integer("padding"))));
       }},
      {"maxpool",
       {{"size", 2, "", 1, 1000}},
       [](nn::SequentialImpl& net, const std::string& name, const Options& o, IntArrayRef) {
         net.push_back(name, nn::MaxPool2d(o.integer("size")));
       }},
      {"avgpool",
       {{"size", 2, "", 1, 1000}},
       [](nn::SequentialImpl& net, const std::string& name, const Options& o, IntArrayRef) {
         net.push_back(name, nn::AvgPool2d(o.integer("size")));
       }},
      {"globalpool",
       {},
       [](nn::SequentialImpl& net, const std::string& name, const Options&, IntArrayRef) {
         net.push_back(name, nn::AdaptiveAvgPool2d(1));
       }},
      {"flatten",
       {},
       [](nn::SequentialImpl& net, const std::string& name, const Options&, IntArrayRef) {
         net.push_back(name, nn::Flatten());
       }},
      {"dropout",
       {{"p", 0.5, "", 0, 0.95}},
       [](nn::SequentialImpl& net, const std::string& name, const Options& o, IntArrayRef) {
         net.push_back(name, nn::Dropout(o.number("p")));
       }},
      {"batchnorm",
       {},
       [](nn::SequentialImpl& net, const std::string& name, const Options&, IntArrayRef in) {
         if (in.size() == 4) return net.push_back(name, nn::BatchNorm2d(in[1]));
         net.push_back(name, nn::BatchNorm1d(size_at(in, 1, name)));
       }},
      {"layernorm",
       {},
       [](nn::SequentialImpl& net, const std::string& name, const Options&, IntArrayRef in) {
         net.push_back(name, nn::LayerNorm(nn::LayerNormOptions({in.back()})));
       }},
  };
  return all;
}

const std::vector<std::string> kActivations = {"relu", "gelu", "silu", "tanh", "sigmoid", "leaky_relu", "elu"};

/// What an item of the list says: a word, or a word with one value or several by name.
struct Item {
  std::string kind;
  IValue settings;
};
Item read_item(const IValue& item, size_t number) {
  if (item.isString()) return {item.toStringRef(), {}};
  if (!item.isGenericDict() || item.toGenericDict().size() != 1)
    fail(
        "[model] item {} of model.layers is {}; write a word such as relu, or one with its value such as {{linear: "
        "64}}",
        number, train::to_yaml(item));
  const auto& [kind, settings] = item.toGenericDict()[0];
  return {kind.toStringRef(), settings};
}

void set_all(Options& o, const Layer& layer, const IValue& given, const Shapes& shapes, size_t number) {
  const std::string where = fmt::format(" (item {} of model.layers)", number);
  const auto meant = [&](const IValue& v) {  // "outputs" is what the data asks for
    return v.isString() && v.toStringRef() == "outputs" ? IValue(shapes.outputs) : v;
  };
  if (given.isGenericDict()) {
    for (const auto& [name, value] : given.toGenericDict()) o.set(name.toStringRef(), meant(value), where);
  } else if (!given.isNone()) {
    if (layer.settings.empty()) fail("[model] {} takes no value{}", layer.kind, where);
    o.set(layer.settings[0].name, meant(given), where);
  }
}

}  // namespace

train::Model make_layers(const Options& options, const Shapes& shapes) {
  const IValue& list = options.value("layers");
  if (!list.isList() || list.isTensorList()) fail("[model] the model \"layers\" needs model.layers, a list of layers");
  std::vector<std::string> kinds = kActivations;
  for (const Layer& l : layers()) kinds.push_back(l.kind);
  nn::Sequential net;
  net->eval();
  std::vector<int64_t> sizes = shapes.input;
  sizes.insert(sizes.begin(), 2);
  const NoGradGuard no_grad;
  Tensor x = zeros(sizes);
  size_t number = 0;
  for (const IValue& entry : list.toListRef()) {
    const Item item = read_item(entry, ++number);
    const std::string name = fmt::format("{}{}", item.kind, number);
    const auto layer =
        std::find_if(layers().begin(), layers().end(), [&](const Layer& l) { return item.kind == l.kind; });
    if (layer != layers().end()) {
      Options o("the layer " + item.kind, layer->settings);
      set_all(o, *layer, item.settings, shapes, number);
      layer->add(*net, name, o, x.sizes());
    } else if (std::find(kActivations.begin(), kActivations.end(), item.kind) != kActivations.end()) {
      push_activation(*net, name, item.kind);
    } else {
      fail("[model] there is no layer \"{}\" (item {} of model.layers){}; use {}", item.kind, number,
           did_you_mean(item.kind, kinds), one_of(kinds));
    }
    nn::SequentialImpl last;
    last.push_back((*net.ptr()).end()[-1]);
    last.eval();
    x = last.forward(x);
  }
  if (x.dim() != 2 || x.size(1) != shapes.outputs)
    throw ShapeError(
        fmt::format("[model] the last of model.layers gives {} for a batch of 2, and the data asks for [2, "
                    "{}]; end with {{linear: outputs}}",
                    to_string(x.sizes()), shapes.outputs),
        x.sizes().vec(), {2, shapes.outputs});
  net->train();
  return net;
}

}  // namespace hearth::kit
