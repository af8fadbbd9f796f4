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
  bool enabled = true;
  ScalarType preferred = kBFloat16;  // of set_autocast_enabled
  std::vector<Converted> entries;
};
thread_local Cache t_cache;

void check_dtype(const char* op, ScalarType dtype) {
  if (dtype != kBFloat16 && dtype != kHalf)
    fail<ValueError>("[{}] dtype is {}; it must be bfloat16 or float16", op, dtype);
}

}  // namespace

AutocastGuard::AutocastGuard(bool enabled, ScalarType dtype) : before_(autograd::t_state.autocast) {
  if (enabled) check_dtype("AutocastGuard", dtype);
  autograd::t_state.autocast = enabled ? dtype : ScalarType::Undefined;
  increment_autocast_nesting();
}

AutocastGuard::~AutocastGuard() {
  autograd::t_state.autocast = before_;
  if (t_cache.depth > 0) decrement_autocast_nesting();
}

bool is_autocast_enabled() { return autograd::t_state.autocast != ScalarType::Undefined; }
ScalarType get_autocast_dtype() { return is_autocast_enabled() ? autograd::t_state.autocast : t_cache.preferred; }
void clear_autocast_cache() { t_cache.entries.clear(); }

void set_autocast_enabled(bool enabled) {
  autograd::t_state.autocast = enabled ? t_cache.preferred : ScalarType::Undefined;
}
void set_autocast_dtype(ScalarType dtype) {
  check_dtype("set_autocast_dtype", dtype);
  t_cache.preferred = dtype;
  if (is_autocast_enabled()) autograd::t_state.autocast = dtype;
}
int increment_autocast_nesting() { return ++t_cache.depth; }
int decrement_autocast_nesting() {
  if (t_cache.depth == 0) fail("[decrement_autocast_nesting] no scope is open; call it once for each increment");
  if (--t_cache.depth == 0) t_cache.entries.clear();
  return t_cache.depth;
}
bool is_autocast_cache_enabled() { return t_cache.enabled; }
void set_autocast_cache_enabled(bool enabled) { t_cache.enabled = enabled; }

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
  if (!(t.requires_grad() && t.is_leaf() && GradMode::is_enabled() && t_cache.enabled)) return t.to(dtype);
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
