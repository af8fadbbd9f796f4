// Backward under observation: a node's hooks, and where a node was made when its gradient goes wrong.
#include "autograd/anomaly.h"

#include <dlfcn.h>
#include <execinfo.h>

#include "base/demangle.h"
#include "base/fail.h"
#include "hearth/ops.h"
#include "hearth/warning.h"

namespace hearth::autograd {

namespace {

/// "function+0x1c (program+0x2f10)", as far as the symbols go.
std::string describe_frame(void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0) return fmt::format("{}", address);
  const auto offset = [&](const void* from) {
    return static_cast<const char*>(address) - static_cast<const char*>(from);
  };
  const std::string place = fmt::format("{}+{:#x}", info.dli_fname, offset(info.dli_fbase));
  if (!info.dli_sname) return place;
  return fmt::format("{} ({})", demangle(info.dli_sname), place);
}

std::string describe_origin(const GraphNode& node) {
  constexpr size_t kMostFrames = 24;
  if (!node.origin)
    return " It was not made in anomaly mode, so where is not known; switch the mode on before the forward pass.";
  std::string text =
      fmt::format("\n{} was made by (innermost call first; addr2line -e PROGRAM ADDRESS gives lines):", node.name());
  for (size_t i = 0; i < node.origin->frames.size() && i < kMostFrames; ++i)
    text += "\n  " + describe_frame(node.origin->frames[i]);
  if (node.origin->parent) text += "\nin the backward of" + describe_origin(*graph_node(node.origin->parent));
  return text;
}

void check_count(const GraphNode& node, size_t got, size_t wanted) {
  if (got != wanted)
    fail<AutogradError>("[backward] a hook on {} returned {} gradients in place of {}", node.name(), got, wanted);
}

template <class Hooks, class Run>
void run_node_hooks(const GraphNode& node, const Hooks& hooks, Grads& grads, Run&& run) {
  for (size_t i = 0; i < hooks.size(); ++i) {
    const auto hook = hooks[i].second;  // it may remove itself
    const variable_list replaced = run(*hook, variable_list(grads.begin(), grads.end()));
    check_count(node, replaced.size(), grads.size());
    std::copy(replaced.begin(), replaced.end(), grads.begin());
  }
}

void check_nan(const GraphNode& node, const Grads& grads) {
  for (size_t i = 0; i < grads.size(); ++i)
    if (grads[i].defined() && grads[i].is_floating_point() && grads[i].isnan().any().item<bool>())
      fail<AutogradError>("[backward] Function '{}' returned nan values in its {}th output (shape {}).{}", node.name(),
                          i, shape_text(grads[i].sizes()), describe_origin(node));
}

}  // namespace

void remember_origin(GraphNode& node) {
  constexpr int kMostFrames = 64, kOurOwn = 2;
  void* frames[kMostFrames];
  const int count = backtrace(frames, kMostFrames);
  node.origin = std::make_unique<Origin>();
  if (count > kOurOwn) node.origin->frames.assign(frames + kOurOwn, frames + count);
  if (t_state.evaluating) {
    Node::retain(t_state.evaluating);
    node.origin->parent = NodePtr(t_state.evaluating);
  }
}

Grads apply_watched(GraphNode& node, Grads&& grads) {
  if (node.node_hooks)
    run_node_hooks(node, node.node_hooks->before, grads, [](auto& hook, variable_list g) { return hook(g); });
  const variable_list inputs =
      node.node_hooks && !node.node_hooks->after.empty() ? variable_list(grads.begin(), grads.end()) : variable_list();
  Grads out;
  try {
    out = node.apply(std::move(grads));
  } catch (const std::exception&) {
    if (t_state.anomaly) warn(fmt::format("Error detected in {}.{}", node.name(), describe_origin(node)));
    throw;
  }
  if (t_state.check_nan) {
    const NoGradGuard no_grad;
    check_nan(node, out);
  }
  if (node.node_hooks)
    run_node_hooks(node, node.node_hooks->after, out, [&](auto& hook, variable_list g) { return hook(g, inputs); });
  return out;
}

bool AnomalyMode::is_enabled() { return t_state.anomaly; }
bool AnomalyMode::should_check_nan() { return t_state.check_nan; }
void AnomalyMode::set_enabled(bool enabled, bool check_nan) {
  t_state.anomaly = enabled;
  t_state.check_nan = enabled && check_nan;
}
DetectAnomalyGuard::DetectAnomalyGuard(bool check_nan)
    : enabled_before_(t_state.anomaly), check_before_(t_state.check_nan) {
  AnomalyMode::set_enabled(true, check_nan);
}
DetectAnomalyGuard::~DetectAnomalyGuard() { AnomalyMode::set_enabled(enabled_before_, check_before_); }

}  // namespace hearth::autograd
