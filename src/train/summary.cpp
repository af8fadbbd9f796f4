#include "hearth/train/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "hearth/error.h"
#include "hearth/nn/sequential.h"

namespace hearth::train {

namespace {
std::string short_name(const nn::Module& module) {
  std::string name = module.name();
  if (const size_t colon = name.rfind("::"); colon != std::string::npos) name = name.substr(colon + 2);
  if (name.size() > 4 && name.compare(name.size() - 4, 4, "Impl") == 0) name.resize(name.size() - 4);
  return name;
}
int64_t count(const nn::Module& module) {
  int64_t n = 0;
  for (const Tensor& p : module.parameters()) n += p.numel();
  return n;
}
}  // namespace

std::vector<LayerSummary> summarize(nn::Module& model, const Tensor& input) {
  auto* layers = model.as<nn::SequentialImpl>();
  if (!layers)
    throw TypeError(fmt::format("[summary] {} is no Sequential; only those are walked layer by layer", model.name()));
  const NoGradGuard no_grad;
  const bool training = model.is_training();
  model.eval();
  std::vector<LayerSummary> out;
  Tensor x = input;
  const auto names = layers->named_children().keys();
  for (size_t i = 0; i < layers->size(); ++i) {
    nn::AnyModule layer = *(layers->begin() + static_cast<std::ptrdiff_t>(i));
    x = layer.forward(x);
    out.push_back({names[i], short_name(*layers->ptr(i)), x.sizes().vec(), count(*layers->ptr(i))});
  }
  model.train(training);
  return out;
}

std::string summary_table(nn::Module& model, const Tensor& input) {
  const std::vector<LayerSummary> layers = summarize(model, input);
  size_t wide = 5;
  for (const LayerSummary& l : layers) wide = std::max(wide, l.path.size());
  std::string text = fmt::format("{:<{}}  {:<12} {:>18} {:>12}\n", "layer", wide, "kind", "output", "parameters");
  int64_t total = 0;
  for (const LayerSummary& l : layers) {
    text += fmt::format("{:<{}}  {:<12} {:>18} {:>12}\n", l.path, wide, l.kind, to_string(l.output), l.parameters);
    total += l.parameters;
  }
  return text + fmt::format("{:<{}}  {:<12} {:>18} {:>12}\n", "total", wide, "", "", total);
}

}  // namespace hearth::train
