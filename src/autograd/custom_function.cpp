// A user's own differentiable function as a node of the graph.
#include "hearth/custom_function.h"

#include <algorithm>

#include "autograd/record.h"
#include "base/demangle.h"
#include "base/fail.h"
#include "hearth/ops.h"

namespace hearth::autograd {

class CustomNode final : public GraphNode {
 public:
  CustomNode(const std::type_info& type, CustomCall::Backward backward)
      : backward_(backward), type_(demangle(type.name())) {
    op = "custom function";
    context.node_ = this;
  }
  std::string name() const override { return "torch::autograd::CppNode<" + type_ + ">"; }

  void add_input(const Tensor& input) {
    is_tensor_.push_back(true);
    inputs_.push_back(input);
    if (input.defined()) executable_ |= t_state.grad_mode && needs_grad(input);
    sizes_.emplace_back(input.defined() ? input.sizes() : IntArrayRef());
    dtypes_.push_back(input.defined() ? input.scalar_type() : ScalarType::Undefined);
    add_edge(gradient_edge(input));
  }
  void add_other() { is_tensor_.push_back(false); }
  variable_list finish(variable_list results);
  Grads apply(Grads&& grads) override;
  void release_saved() override {
    saved_.clear();
    context.saved_data.clear();
    released_ = true;
  }
  variable_list unpack() const {
    if (released_) throw_graph_freed(*this);
    variable_list out;
    for (const Kept& kept : saved_) out.push_back(kept.is_output ? *kept.output : *kept.input);
    return out;
  }

  AutogradContext context;

 private:
  struct Kept {
    Saved input;
    SavedOutput output;
    bool is_output = false;
  };
  static bool has(const variable_list& list, const Tensor& t) {
    return std::any_of(list.begin(), list.end(), [&](const Tensor& x) { return x.is_same(t); });
  }
  void check_dirty(const variable_list& results) const;
  Tensor give_history(Tensor y, uint32_t nr);
  void keep(const variable_list& results);
  Tensor fit(Tensor grad, size_t input) const;

  CustomCall::Backward backward_;
  std::string type_;
  std::vector<bool> is_tensor_;  // of each argument
  variable_list inputs_;         // until forward is done
  std::vector<DimVector> sizes_, output_sizes_;
  std::vector<ScalarType> dtypes_, output_dtypes_;
  std::vector<Kept> saved_;
  bool executable_ = false, released_ = false;
};

void CustomNode::check_dirty(const variable_list& results) const {
  for (const Tensor& t : context.dirty_) {
    if (!has(inputs_, t)) fail<AutogradError>("[{}] mark_dirty was given a tensor that is no input of forward", type_);
    if (!has(results, t))
      fail<AutogradError>("[{}] a tensor marked dirty (shape {}) must be among forward's outputs", type_,
                          shape_text(t.sizes()));
    if (executable_) check_in_place(type_.c_str(), t, true);
    if (executable_ && t.is_view() && results.size() > 1)
      fail<AutogradError>("[{}] a view (shape {}) is written in place by a function of {} outputs; return it alone",
                          type_, shape_text(t.sizes()), results.size());
  }
}

Tensor CustomNode::give_history(Tensor y, uint32_t nr) {
  const bool dirty = has(context.dirty_, y), is_input = has(inputs_, y);
  if (dirty) wrote_in_place(op, y);
  if (!executable_ || !y.is_floating_point() || has(context.non_differentiable_, y)) {
    if (is_input && !dirty) return y.detach();
    if (dirty && needs_grad(y) && !y.is_view()) y.detach_();
    return y;
  }
  Tensor out = is_input && !dirty ? make_alias(y, y.sizes(), y.strides(), y.storage_offset()) : std::move(y);
  Node::retain(this);
  const NodePtr self(this);
  if (dirty) {
    rebase_history(out, self, nr);
  } else {
    set_history(out, self, nr);
  }
  return out;
}

void CustomNode::keep(const variable_list& results) {
  for (const Tensor& t : context.to_save_) {
    Kept kept;
    for (size_t i = 0; i < results.size() && !kept.is_output; ++i)
      if (t.defined() && results[i].is_same(t)) {
        kept.output = SavedOutput(t, static_cast<uint32_t>(i));
        kept.is_output = true;
      }
    if (!kept.is_output) kept.input = Saved(t);
    saved_.push_back(std::move(kept));
  }
}

variable_list CustomNode::finish(variable_list results) {
  check_dirty(results);
  outputs = static_cast<uint32_t>(std::max<size_t>(results.size(), 1));
  variable_list out;
  for (const Tensor& y : results) {
    output_sizes_.emplace_back(y.defined() ? y.sizes() : IntArrayRef());
    output_dtypes_.push_back(y.defined() ? y.scalar_type() : ScalarType::Undefined);
    out.push_back(y.defined() ? give_history(y, static_cast<uint32_t>(out.size())) : y);
  }
  if (executable_) keep(out);
  inputs_.clear();
  context.to_save_.clear();
  context.dirty_.clear();
  context.non_differentiable_.clear();
  return out;
}

Tensor CustomNode::fit(Tensor grad, size_t input) const {
  const IntArrayRef wanted = sizes_[input];
  if (grad.sizes() != wanted) {
    if (grad.dim() < static_cast<int64_t>(wanted.size()) ||
        !(IntArrayRef(broadcast_sizes(type_.c_str(), grad.sizes(), wanted)) == grad.sizes()))
      throw ShapeError(fmt::format("[{}] backward returned a gradient of shape {} for an input of shape {}", type_,
                                   shape_text(grad.sizes()), shape_text(wanted)),
                       grad.sizes().vec(), wanted.vec());
    grad = grad.sum_to_size(wanted);
  }
  return grad.scalar_type() == dtypes_[input] ? grad : grad.to(dtypes_[input]);
}

Grads CustomNode::apply(Grads&& grads) {
  if (released_) throw_graph_freed(*this);
  const Scoped<GraphNode*> scope(t_state.evaluating, this);
  variable_list given;
  for (size_t i = 0; i < output_sizes_.size(); ++i) {
    Tensor g = i < grads.size() ? grads[i] : Tensor();
    if (!g.defined() && context.materialize_grads_ && isFloatingType(output_dtypes_[i]))
      g = zeros(output_sizes_[i], output_dtypes_[i]);
    given.push_back(std::move(g));
  }
  variable_list back = backward_(&context, std::move(given));
  while (back.size() > is_tensor_.size() && !back.back().defined()) back.pop_back();
  if (back.size() != is_tensor_.size())
    fail<AutogradError>(
        "[{}] backward returned {} gradients, but forward takes {} arguments; return one for each, "
        "undefined (Tensor()) for those that are no tensors",
        type_, back.size(), is_tensor_.size());
  Grads out(edges.size());
  size_t input = 0;
  for (size_t i = 0; i < back.size(); ++i) {
    if (!is_tensor_[i]) {
      if (back[i].defined())
        fail<AutogradError>("[{}] backward returned a gradient for argument {}, which is no tensor; return Tensor()",
                            type_, i);
      continue;
    }
    if (back[i].defined() && edges[input].is_valid()) out[input] = fit(std::move(back[i]), input);
    ++input;
  }
  return out;
}

CustomCall::CustomCall(const std::type_info& type, Backward backward) : node_(new CustomNode(type, backward)) {}
static CustomNode& custom(const NodePtr& node) { return *static_cast<CustomNode*>(node.get()); }
AutogradContext* CustomCall::context() { return &custom(node_).context; }
void CustomCall::add(const Tensor& input) { custom(node_).add_input(input); }
void CustomCall::add_other() { custom(node_).add_other(); }
variable_list CustomCall::finish(variable_list outputs) { return custom(node_).finish(std::move(outputs)); }

variable_list AutogradContext::get_saved_variables() const { return node_->unpack(); }
bool AutogradContext::needs_input_grad(size_t i) const {
  if (i >= node_->edges.size())
    throw IndexError(fmt::format("[needs_input_grad] there is no tensor argument {}; forward took {} tensors", i,
                                 node_->edges.size()),
                     static_cast<int64_t>(i), static_cast<int64_t>(node_->edges.size()));
  return node_->edges[i].is_valid();
}

}  // namespace hearth::autograd
