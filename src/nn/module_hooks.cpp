// The hooks that run before and after a module's forward.
#include <algorithm>

#include "hearth/error.h"
#include "hearth/nn/module.h"

namespace hearth::nn {

/// A hook that is removed while hooks run stays until they have.
struct detail::ModuleHooks {
  template <class Hook>
  struct Entry {
    int64_t id;
    Hook hook;
  };
  std::vector<Entry<Module::ForwardPreHook>> before;
  std::vector<Entry<Module::ForwardHook>> after;
  int64_t last_id = 0;
};
detail::HookList::HookList(const HookList& other)
    : hooks(other.hooks ? std::make_shared<ModuleHooks>(*other.hooks) : nullptr) {}
detail::HookList& detail::HookList::operator=(const HookList& other) {
  if (this != &other) hooks = other.hooks ? std::make_shared<ModuleHooks>(*other.hooks) : nullptr;
  return *this;
}
void detail::run_pre_hooks(ModuleHooks& hooks, Module& module, std::vector<Tensor>& inputs) {
  for (const auto& entry : std::vector(hooks.before)) entry.hook(module, inputs);
}
void detail::run_hooks(ModuleHooks& hooks, Module& module, const std::vector<Tensor>& inputs,
                       std::vector<Tensor>& outputs) {
  for (const auto& entry : std::vector(hooks.after)) entry.hook(module, inputs, outputs);
}
void RemovableHandle::remove() {
  const auto hooks = hooks_.lock();
  if (!hooks) return;
  const auto drop = [this](auto& list) {
    list.erase(std::remove_if(list.begin(), list.end(), [this](const auto& entry) { return entry.id == id_; }),
               list.end());
  };
  drop(hooks->before);
  drop(hooks->after);
}
RemovableHandle Module::register_forward_pre_hook(ForwardPreHook hook) {
  if (!hook) throw TypeError("[register_forward_pre_hook] the hook is empty; give a function");
  if (!hooks_.hooks) hooks_.hooks = std::make_shared<detail::ModuleHooks>();
  hooks_.hooks->before.push_back({++hooks_.hooks->last_id, std::move(hook)});
  return {hooks_.hooks, hooks_.hooks->last_id};
}
RemovableHandle Module::register_forward_hook(ForwardHook hook) {
  if (!hook) throw TypeError("[register_forward_hook] the hook is empty; give a function");
  if (!hooks_.hooks) hooks_.hooks = std::make_shared<detail::ModuleHooks>();
  hooks_.hooks->after.push_back({++hooks_.hooks->last_id, std::move(hook)});
  return {hooks_.hooks, hooks_.hooks->last_id};
}

}  // namespace hearth::nn
