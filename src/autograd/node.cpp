#include "autograd/node.h"

#include <mutex>

#include "autograd/meta.h"
#include "base/fail.h"
#include "hearth/ops.h"
#include "tensor/allocator.h"

namespace hearth {
detail::HookBase::~HookBase() = default;
}

namespace hearth::autograd {

constinit thread_local ThreadState t_state;

Node::~Node() = default;

void* GraphNode::operator new(size_t bytes) { return allocate_object(bytes); }
void GraphNode::operator delete(void* p, size_t bytes) noexcept { free_object(p, bytes); }

void Node::retain(Node* node) noexcept {
  __atomic_fetch_add(&static_cast<GraphNode*>(node)->references_, 1U, __ATOMIC_RELAXED);
}

bool GraphNode::try_retain() noexcept {
  uint32_t seen = __atomic_load_n(&references_, __ATOMIC_RELAXED);
  while (seen != 0)
    if (__atomic_compare_exchange_n(&references_, &seen, seen + 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
      return true;
  return false;
}

// A node's death releases the nodes before it. They queue up here instead of nesting, so that a graph of any depth is
// freed on a small stack.
void Node::release(Node* node) noexcept {
  static thread_local GraphNode* dead = nullptr;
  static thread_local bool draining = false;
  auto* gone = static_cast<GraphNode*>(node);
  if (__atomic_sub_fetch(&gone->references_, 1U, __ATOMIC_ACQ_REL) != 0) return;
  gone->next_dead_ = dead;
  dead = gone;
  if (draining) return;
  draining = true;
  while (GraphNode* next = dead) {
    dead = next->next_dead_;
    delete next;
  }
  draining = false;
}

// "max_pool2d" -> "MaxPool2DBackward0", as LibTorch spells it.
std::string GraphNode::name() const {
  std::string text;
  bool upper = true;
  for (const char* p = op; *p; ++p) {
    if (*p == '_') {
      upper = true;
      continue;
    }
    const auto c = static_cast<unsigned char>(*p);
    text += upper ? static_cast<char>(std::toupper(c)) : *p;
    upper = std::isdigit(c) != 0;
  }
  return text + "Backward0";
}

void GraphNode::run_hooks(Grads& grads) const {
  if (!hooks) return;
  for (size_t i = 0; i < hooks->size(); ++i) {  // a hook may add hooks
    const std::shared_ptr<detail::HookBase> hook = (*hooks)[i].hook;
    const uint32_t nr = (*hooks)[i].output_nr;
    if (!hook || !grads[nr].defined()) continue;
    Tensor replaced = hook->call(grads[nr]);
    if (replaced.defined()) grads[nr] = std::move(replaced);
  }
}

FunctionPreHook::~FunctionPreHook() = default;
FunctionPostHook::~FunctionPostHook() = default;

namespace {
NodeHooks& hooks_of(Node* node) {
  auto& hooks = static_cast<GraphNode*>(node)->node_hooks;
  if (!hooks) hooks = std::make_unique<NodeHooks>();
  return *hooks;
}
}  // namespace

unsigned Node::add_pre_hook(std::unique_ptr<FunctionPreHook> hook) {
  NodeHooks& hooks = hooks_of(this);
  hooks.before.emplace_back(hooks.next, std::move(hook));
  return hooks.next++;
}
unsigned Node::add_post_hook(std::unique_ptr<FunctionPostHook> hook) {
  NodeHooks& hooks = hooks_of(this);
  hooks.after.emplace_back(hooks.next, std::move(hook));
  return hooks.next++;
}
void Node::remove_hook(unsigned number) {
  NodeHooks& hooks = hooks_of(this);
  const auto is_it = [&](const auto& h) { return h.first == number; };
  if (std::erase_if(hooks.before, is_it) + std::erase_if(hooks.after, is_it) == 0)
    throw IndexError(fmt::format("[remove_hook] no hook of {} has number {}; use what add_pre_hook, add_post_hook or "
                                 "register_hook returned",
                                 name(), number),
                     number, hooks.next);
}

namespace {
std::mutex& accumulator_mutex() {
  static std::mutex& mutex = *std::make_unique<std::mutex>().release();  // never destroyed
  return mutex;
}
}  // namespace

AccumulateGrad::AccumulateGrad(Tensor leaf) : variable(std::move(leaf)) { sequence = UINT64_MAX; }

AccumulateGrad::~AccumulateGrad() {
  const std::lock_guard lock(accumulator_mutex());
  Meta& meta = *impl(variable)->meta;
  if (meta.accumulator == this) meta.accumulator = nullptr;
}

static NodePtr accumulator_of(const Tensor& leaf) {
  Meta& meta = *impl(leaf)->meta;
  const std::lock_guard lock(accumulator_mutex());
  if (meta.accumulator && meta.accumulator->try_retain()) return NodePtr(meta.accumulator);
  meta.accumulator = new AccumulateGrad(leaf);
  return NodePtr(meta.accumulator);
}

Edge gradient_edge(const Tensor& t) {
  if (!needs_grad(t)) return {};
  const Meta& meta = *impl(t)->meta;
  if (meta.base.defined()) {
    NodePtr node = current_grad_fn(t);
    if (node) return {std::move(node), meta.output_nr};
  } else if (meta.grad_fn) {
    return {meta.grad_fn, meta.output_nr};
  }
  return {accumulator_of(t), 0};
}

namespace {
// A gradient that nobody else holds may become the leaf's own.
bool may_steal(const Tensor& grad) {
  return grad.use_count() == 1 && !needs_grad(grad) && grad.is_non_overlapping_and_dense() &&
         impl(grad)->storage->references() == 1;
}
}  // namespace

Grads AccumulateGrad::apply(Grads&& grads) {
  Tensor grad = std::move(grads[0]);
  if (!grad.defined()) return {};
  Meta& meta = *impl(variable)->meta;
  for (size_t i = 0; i < meta.leaf_hooks.size(); ++i) {
    const std::shared_ptr<detail::HookBase> hook = meta.leaf_hooks[i].hook;
    if (!hook) continue;
    Tensor replaced = hook->call(grad);
    if (replaced.defined()) grad = std::move(replaced);
  }
  static std::array<std::mutex, 16>& mutexes = *std::make_unique<std::array<std::mutex, 16>>().release();
  const std::lock_guard lock(mutexes[reinterpret_cast<uintptr_t>(&meta) / 256 % mutexes.size()]);
  if (!meta.grad.defined()) {
    meta.grad = t_state.grad_mode ? grad : may_steal(grad) ? std::move(grad) : grad.detach().clone();
    if (t_state.grad_mode && grad.is_same(meta.grad) && !needs_grad(grad)) meta.grad = grad.clone();
  } else if (t_state.grad_mode) {
    meta.grad = meta.grad + grad;
  } else {
    meta.grad.add_(grad);
  }
  return {};
}

}  // namespace hearth::autograd
