#include "ops/autocast.h"

#include "base/fail.h"
#include "hearth/autocast.h"

namespace hearth {

namespace {

/// Weights that were converted in this scope, so that a step converts each once.
struct Converted {
  Tensor source, result;
  int64_t version;
};
struct Cache {
  int depth = 0;
  std::vector<Converted> entries;
};
thread_local Cache t_cache;

}  // namespace

AutocastGuard::AutocastGuard(bool enabled, ScalarType dtype) : before_(autograd::t_state.autocast) {
  if (enabled && dtype != kBFloat16 && dtype != kHalf)
    fail<ValueError>("[AutocastGuard] dtype is {}; it must be bfloat16 or float16", dtype);
  autograd::t_state.autocast = enabled ? dtype : ScalarType::Undefined;
  ++t_cache.depth;
}

AutocastGuard::~AutocastGuard() {
  autograd::t_state.autocast = before_;
  if (--t_cache.depth == 0) t_cache.entries.clear();
}

bool is_autocast_enabled() { return autograd::t_state.autocast != ScalarType::Undefined; }
ScalarType get_autocast_dtype() { return is_autocast_enabled() ? autograd::t_state.autocast : kBFloat16; }
void clear_autocast_cache() { t_cache.entries.clear(); }

namespace autocast {

bool detail::any_float(std::initializer_list<const Tensor*> inputs) {
  for (const Tensor* t : inputs)
    if (t->defined() && t->scalar_type() == kFloat) return true;
  return false;
}

Tensor lowered(const Tensor& t) {
  if (!t.defined() || t.scalar_type() != kFloat) return t;
  const ScalarType dtype = autograd::t_state.autocast;
  // Only leaves with gradients, recorded: a copy made without history would cut a later use off from its weight.
  if (!(t.requires_grad() && t.is_leaf() && GradMode::is_enabled())) return t.to(dtype);
  for (size_t i = 0; i < t_cache.entries.size(); ++i) {
    Converted& c = t_cache.entries[i];
    if (!c.source.is_same(t)) continue;
    if (c.version == t._version() && c.result.scalar_type() == dtype) return c.result;
    t_cache.entries.erase(t_cache.entries.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  t_cache.entries.push_back({t, t.to(dtype), static_cast<int64_t>(t._version())});
  return t_cache.entries.back().result;
}

std::vector<Tensor> lowered(TensorList tensors) {
  std::vector<Tensor> out;
  out.reserve(tensors.size());
  for (const Tensor& t : tensors) out.push_back(lowered(t));
  return out;
}

Tensor raised(const Tensor& t) {
  return t.defined() && (t.scalar_type() == kHalf || t.scalar_type() == kBFloat16) ? t.to(kFloat) : t;
}

}  // namespace autocast
}  // namespace hearth
