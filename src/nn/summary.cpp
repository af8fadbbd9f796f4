#include "hearth/nn/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "hearth/nn/attention.h"
#include "hearth/nn/conv.h"
#include "hearth/nn/linear.h"
#include "hearth/nn/rnn.h"

namespace hearth::nn {

namespace {

std::string short_name(const Module& module) {
  std::string name = module.name();
  if (const size_t colon = name.rfind("::"); colon != std::string::npos) name = name.substr(colon + 2);
  if (name.size() > 4 && name.compare(name.size() - 4, 4, "Impl") == 0) name.resize(name.size() - 4);
  return name;
}

int64_t count(const std::vector<Tensor>& tensors) {
  int64_t n = 0;
  for (const Tensor& t : tensors) n += t.numel();
  return n;
}

/// Elements of the module's matrices and filters.
int64_t matrix_elements(const Module& module) {
  int64_t n = 0;
  for (const Tensor& p : module.parameters(/*recurse=*/false)) n += p.dim() > 1 ? p.numel() : 0;
  return n;
}

template <class... Impl>
bool is_any(const Module& module) {
  return (... || (module.as<Impl>() != nullptr));
}

int64_t multiply_adds(const Module& module, const std::vector<Tensor>& in, const std::vector<Tensor>& out) {
  if (in.empty() || out.empty() || !in[0].defined() || !out[0].defined()) return 0;
  const Tensor &x = in[0], &y = out[0];
  if (const auto* linear = module.as<LinearImpl>()) return y.numel() * linear->options.in_features();
  if (is_any<Conv1dImpl, Conv2dImpl, Conv3dImpl>(module)) {
    const Tensor w = *module.named_parameters(false).find("weight");
    return y.numel() * (w.numel() / std::max<int64_t>(1, w.size(0)));
  }
  if (is_any<ConvTranspose1dImpl, ConvTranspose2dImpl, ConvTranspose3dImpl>(module)) {
    const Tensor w = *module.named_parameters(false).find("weight");
    return x.numel() * (w.numel() / std::max<int64_t>(1, w.size(0)));
  }
  if (is_any<RNNImpl, LSTMImpl, GRUImpl, RNNCellImpl, LSTMCellImpl, GRUCellImpl>(module))
    return x.numel() / std::max<int64_t>(1, x.size(-1)) * matrix_elements(module);
  if (const auto* attention = module.as<MultiheadAttentionImpl>(); attention && in.size() >= 3) {
    const int64_t width = attention->options.embed_dim(),
                  batch = x.dim() == 3 ? x.size(attention->options.batch_first() ? 0 : 1) : 1;
    const int64_t queries = x.numel() / width, keys = in[1].numel() / std::max<int64_t>(1, in[1].size(-1));
    const int64_t projections = 2 * queries * width * width + (in[1].numel() + in[2].numel()) * width;
    return projections + 2 * queries * (keys / std::max<int64_t>(1, batch)) * width;
  }
  return 0;
}

}  // namespace

struct detail::SummaryScope::State {
  std::vector<LayerSummary> rows;
  std::vector<RemovableHandle> handles;
  std::vector<std::pair<Module*, bool>> modes;  // parents before children
  Module* model = nullptr;
};

detail::SummaryScope::SummaryScope(Module& model) : state_(std::make_unique<State>()) {
  state_->model = &model;
  size_t places = 0;
  model.apply([&](const std::string&, Module&) { ++places; });
  state_->rows.reserve(places);  // hooks keep pointers to them
  model.apply([&](const std::string& path, Module& module) {
    state_->modes.emplace_back(&module, module.is_training());
    const int64_t own = count(module.parameters(/*recurse=*/false));
    if (own == 0 && !module.children().empty()) return;
    state_->rows.push_back({path, short_name(module), {}, own});
    LayerSummary* row = &state_->rows.back();
    state_->handles.push_back(
        module.register_forward_hook([row](Module& called, const std::vector<Tensor>& in, std::vector<Tensor>& out) {
          ++row->calls;
          if (!out.empty() && out[0].defined()) row->output = out[0].sizes().vec();
          for (const Tensor& t : out)
            if (t.defined()) row->activation_bytes += static_cast<int64_t>(t.nbytes());
          row->multiply_adds += multiply_adds(called, in, out);
        }));
  });
  model.eval();
}

detail::SummaryScope::~SummaryScope() {
  for (RemovableHandle& handle : state_->handles) handle.remove();
  for (const auto& [module, training] : state_->modes) module->train(training);
}

Summary detail::SummaryScope::finish() const {
  Summary s;
  s.layers = state_->rows;
  std::vector<const void*> seen;
  for (const Tensor& p : state_->model->parameters()) {
    if (std::find(seen.begin(), seen.end(), p.unsafeGetTensorImpl()) != seen.end()) continue;
    seen.push_back(p.unsafeGetTensorImpl());
    s.parameters += p.numel();
    if (p.requires_grad()) s.trainable += p.numel();
  }
  for (const LayerSummary& row : s.layers) {
    s.multiply_adds += row.multiply_adds;
    s.activation_bytes += row.activation_bytes;
  }
  return s;
}

std::string Summary::table() const {
  size_t wide = 5, kinds = 4, sizes = 6;
  for (const LayerSummary& l : layers) {
    wide = std::max(wide, l.path.size());
    kinds = std::max(kinds, l.kind.size());
    sizes = std::max(sizes, to_string(l.output).size());
  }
  const auto line = [&](const std::string& path, const std::string& kind, const std::string& output, const auto& a,
                        const auto& b, const auto& c) {
    return fmt::format("{:<{}}  {:<{}}  {:>{}}  {:>12}  {:>14}  {:>16}\n", path, wide, kind, kinds, output, sizes, a, b,
                       c);
  };
  std::string text = line("layer", "kind", "output", "parameters", "multiply-adds", "activation bytes");
  for (const LayerSummary& l : layers)
    text += line(l.path, l.kind, l.output.empty() && l.calls == 0 ? "-" : to_string(l.output), l.parameters,
                 l.multiply_adds, l.activation_bytes);
  return text + line("total", "", "", parameters, multiply_adds, activation_bytes);
}

std::ostream& operator<<(std::ostream& stream, const Summary& summary) { return stream << summary.table(); }

}  // namespace hearth::nn
