#include "autograd/anomaly.h"
#include "autograd/record.h"
#include "base/fail.h"
#include "hearth/ops.h"

namespace hearth::autograd {

namespace {
[[noreturn]] void throw_modified(const Tensor& t, uint32_t saved) {
  const TensorImpl* i = impl(t);
  const GraphNode* node = t_state.evaluating;
  fail<AutogradError>(
      "[backward] one of the variables needed for gradient computation has been modified by an inplace operation: a "
      "{} tensor of shape {} that {} saved is at version {}; expected version {} instead. It was last written by {}_; "
      "use the out-of-place form there, or clone the tensor before",
      i->dtype, shape_text(t.sizes()), node ? node->op : "an op", i->version(), saved, i->storage->last_writer());
}
}  // namespace

// The tensor that an in-place form is about to overwrite is kept as a copy.
Saved::Saved(const Tensor& t) {
  if (!t.defined()) return;
  if (impl(t)->inference)
    fail<AutogradError>("[autograd] an inference tensor (shape {}) can't be saved for backward; clone it first",
                        shape_text(t.sizes()));
  const Destination& d = t_state.destination;
  tensor_ = d.in_place && d.target == impl(t) ? t.clone() : t;
  version_ = impl(tensor_)->version();
}

Tensor Saved::operator*() const {
  if (tensor_.defined() && impl(tensor_)->version() != version_) throw_modified(tensor_, version_);
  return tensor_;
}

SavedOutput::SavedOutput(const Tensor& y, uint32_t output_nr)
    : alias_(make_alias(y, y.sizes(), y.strides(), y.storage_offset())),
      version_(impl(y)->version()),
      output_nr_(output_nr) {}

Tensor SavedOutput::operator*() const {
  if (!alias_.defined()) return alias_;
  if (impl(alias_)->version() != version_) throw_modified(alias_, version_);
  if (!t_state.grad_mode) return alias_;
  Tensor y = make_alias(alias_, alias_.sizes(), alias_.strides(), alias_.storage_offset());
  Node::retain(t_state.evaluating);
  set_history(y, NodePtr(t_state.evaluating), output_nr_);
  return y;
}

void throw_graph_freed(const GraphNode& node) {
  fail<AutogradError>(
      "[backward] Trying to backward through the graph a second time: {} has let go of what it saved. Pass "
      "retain_graph=true to the first backward if you need a second",
      node.name());
}

bool should_record(TensorList inputs) {
  for (const Tensor& t : inputs)
    if (needs_grad(t)) return true;
  return false;
}

void attach(const NodePtr& node, const char* name, std::initializer_list<const Tensor*> outputs) {
  graph_node(node)->op = name;
  if (t_state.anomaly) remember_origin(*graph_node(node));
  uint32_t nr = 0;
  for (const Tensor* y : outputs) {
    if (y->defined() && y->is_floating_point()) {
      const Destination& d = t_state.destination;
      if (d.in_place && d.target == impl(*y)) {
        rebase_history(*y, node);
      } else {
        set_history(*y, node, nr);
      }
    }
    ++nr;
  }
}

}  // namespace hearth::autograd
