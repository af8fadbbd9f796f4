// Tensor's autograd methods and the modes.
#include "autograd/meta.h"
#include "autograd/names.h"
#include "base/fail.h"
#include "hearth/ops.h"

namespace hearth {

using autograd::Meta;
using autograd::meta_of;
using autograd::t_state;

bool GradMode::is_enabled() { return t_state.grad_mode; }
void GradMode::set_enabled(bool enabled) { t_state.grad_mode = enabled; }
AutoGradMode::AutoGradMode(bool enabled) : before_(t_state.grad_mode) { t_state.grad_mode = enabled; }
AutoGradMode::~AutoGradMode() { t_state.grad_mode = before_; }
InferenceMode::InferenceMode(bool enabled) : grad_before_(t_state.grad_mode), inference_before_(t_state.inference) {
  t_state.grad_mode = !enabled;
  t_state.inference = enabled;
}
InferenceMode::~InferenceMode() {
  t_state.grad_mode = grad_before_;
  t_state.inference = inference_before_;
}
bool InferenceMode::is_enabled() { return t_state.inference; }

namespace {
const Tensor& undefined_tensor() {
  static const Tensor none;
  return none;
}
const Meta* meta_or_null(const char* op, const Tensor& t) { return checked_impl(op, t)->meta; }
}  // namespace

bool Tensor::requires_grad() const {
  checked_impl("requires_grad", *this);
  return autograd::needs_grad(*this);
}

const Tensor& Tensor::set_requires_grad(bool wanted) const {
  const TensorImpl* i = checked_impl("requires_grad_", *this);
  if (wanted && !isFloatingType(i->dtype))
    throw DtypeError(fmt::format("[requires_grad_] only floating tensors can require gradients, and this one is {}; "
                                 "convert it with to(kFloat) first",
                                 i->dtype),
                     i->dtype, kFloat);
  if (!is_leaf()) {
    if (!wanted)
      fail<AutogradError>("[requires_grad_] you can only change requires_grad flags of leaf variables; use detach()");
    return *this;
  }
  if (wanted && i->inference)
    fail<AutogradError>("[requires_grad_] an inference tensor can't require gradients; clone it outside InferenceMode");
  if (wanted || i->meta) meta_of(*this).requires_grad = wanted;
  return *this;
}

bool Tensor::is_leaf() const {
  checked_impl("is_leaf", *this);
  return !autograd::needs_grad(*this) || autograd::current_grad_fn(*this) == nullptr;
}

const Tensor& Tensor::grad() const {
  const Meta* meta = meta_or_null("grad", *this);
  return meta ? meta->grad : undefined_tensor();
}

Tensor& Tensor::mutable_grad() const {
  checked_impl("mutable_grad", *this);
  return meta_of(*this).grad;
}

autograd::NodePtr Tensor::grad_fn() const {
  checked_impl("grad_fn", *this);
  return autograd::current_grad_fn(*this);
}

int64_t Tensor::output_nr() const {
  const Meta* meta = meta_or_null("output_nr", *this);
  return meta ? meta->output_nr : 0;
}

void Tensor::backward(const Tensor& gradient, std::optional<bool> retain_graph, bool create_graph,
                      std::optional<TensorList> inputs) const {
  autograd::backward({*this}, {gradient}, retain_graph, create_graph,
                     inputs ? inputs->vec() : autograd::variable_list{});
}

unsigned Tensor::add_hook(detail::HookBase* owned) const {
  std::shared_ptr<detail::HookBase> hook(owned);
  checked_impl("register_hook", *this);
  if (!requires_grad())
    fail<AutogradError>("[register_hook] cannot register a hook on a tensor that doesn't require gradient (shape {})",
                        shape_text(sizes()));
  Meta& meta = meta_of(*this);
  const unsigned number = meta.next_hook++;
  if (const autograd::NodePtr node = grad_fn()) {
    auto& hooks = graph_node(node)->hooks;
    if (!hooks) hooks = std::make_unique<std::vector<autograd::OutputHook>>();
    hooks->push_back({meta.output_nr, number, std::move(hook)});
  } else {
    meta.leaf_hooks.push_back({0, number, std::move(hook)});
  }
  return number;
}

void Tensor::remove_hook(unsigned position) const {
  checked_impl("remove_hook", *this);
  Meta& meta = meta_of(*this);
  const autograd::NodePtr node = grad_fn();
  std::vector<autograd::OutputHook>* hooks = node ? graph_node(node)->hooks.get() : &meta.leaf_hooks;
  const size_t nr = node ? meta.output_nr : 0;
  if (hooks)
    for (autograd::OutputHook& h : *hooks)
      if (h.number == position && h.output_nr == nr && h.hook) {
        h.hook.reset();
        return;
      }
  throw IndexError(fmt::format("[remove_hook] no hook has number {}; use what register_hook returned", position),
                   position, meta.next_hook);
}

void Tensor::retain_grad() const {
  checked_impl("retain_grad", *this);
  if (!requires_grad()) fail<AutogradError>("[retain_grad] can't retain_grad on Tensor that has requires_grad=False");
  if (is_leaf() || retains_grad()) return;
  Meta& meta = meta_of(*this);
  meta.retain = std::make_shared<autograd::RetainSlot>(autograd::RetainSlot{impl(*this)});
  register_hook([slot = meta.retain](const Tensor& g) {
    if (!slot->self) return;
    Tensor& kept = slot->self->meta->grad;
    kept = kept.defined() ? kept + g : t_state.grad_mode ? g : g.clone();
  });
}

bool Tensor::retains_grad() const {
  const Meta* meta = meta_or_null("retains_grad", *this);
  return meta && meta->retain && !is_leaf();
}

Tensor Tensor::detach() const {
  checked_impl("detach", *this);
  return names::kept("detach", make_alias(*this, sizes(), strides(), storage_offset()), *this);
}

Tensor& Tensor::detach_() const {
  checked_impl("detach_", *this);
  if (is_view())
    fail<AutogradError>("[detach_] can't detach views in-place (shape {}); use detach()", shape_text(sizes()));
  if (TensorImpl* i = impl(*this); i->meta) {
    i->meta->grad_fn = nullptr;
    i->meta->output_nr = 0;
    i->meta->requires_grad = false;
    i->meta->retain.reset();
  }
  return const_cast<Tensor&>(*this);
}

Tensor Tensor::data() const {
  checked_impl("data", *this);
  TensorImpl* i = impl(*this);
  i->storage->retain();
  auto* alias = new TensorImpl(i->storage, i->sizes, i->strides, i->offset, i->dtype);
  alias->own_version = VersionCounter::make();
  return names::kept("data", Tensor(alias), *this);
}

Tensor Tensor::tensor_data() const { return detach(); }

void Tensor::set_data(const Tensor& new_data) const {
  TensorImpl* mine = checked_impl("set_data", *this);
  TensorImpl* other = checked_impl("set_data", new_data);
  if (autograd::needs_grad(*this) && !isFloatingType(other->dtype))
    throw DtypeError(
        fmt::format("[set_data] this tensor requires gradients, so the new data can't be {}", other->dtype),
        other->dtype, mine->dtype);
  other->storage->retain();
  mine->set_storage(other->storage);
  mine->set_geometry(other->sizes, other->strides, other->offset);
  mine->dtype = other->dtype;
  if (mine->own_version) mine->own_version->drop();
  mine->own_version = VersionCounter::make();
}

bool Tensor::is_view() const {
  const Meta* meta = meta_or_null("is_view", *this);
  return meta && meta->base.defined();
}

const Tensor& Tensor::_base() const {
  const Meta* meta = meta_or_null("_base", *this);
  if (!meta || !meta->base.defined()) fail<AutogradError>("[_base] can't get base of non-view Tensor");
  return meta->base;
}

}  // namespace hearth
