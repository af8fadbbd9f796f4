#pragma once

#include <string>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>

#include "hearth/autograd.h"
#include "hearth/ivalue.h"

namespace hearth::autograd {

class CustomNode;

/// What a custom function keeps between its forward and its backward.
class HEARTH_API AutogradContext {
 public:
  /// Plain values for backward. Tensors that are inputs or outputs belong in save_for_backward, which watches them.
  std::unordered_map<std::string, IValue> saved_data;

  /// Keeps inputs, outputs or intermediate tensors; called once, in forward. Undefined tensors come back undefined.
  void save_for_backward(variable_list to_save) { to_save_ = std::move(to_save); }
  /// What was kept, in the same order. AutogradError where one was written in place since, or the graph was freed.
  variable_list get_saved_variables() const;
  /// Forward wrote these inputs in place; they must be among its outputs.
  void mark_dirty(variable_list inputs) { dirty_ = std::move(inputs); }
  /// These outputs carry no gradient.
  void mark_non_differentiable(variable_list outputs) { non_differentiable_ = std::move(outputs); }
  /// Whether backward sees zeros in place of gradients that did not come (the default), or undefined tensors.
  void set_materialize_grads(bool value) { materialize_grads_ = value; }
  /// Whether the gradient of the i-th tensor among forward's arguments is wanted.
  bool needs_input_grad(size_t i) const;

 private:
  friend class CustomNode;
  variable_list to_save_, dirty_, non_differentiable_;
  bool materialize_grads_ = true;
  const CustomNode* node_ = nullptr;
};

/// One call of a custom function, without its type.
class HEARTH_API CustomCall {
 public:
  using Backward = variable_list (*)(AutogradContext*, variable_list);
  CustomCall(const std::type_info& type, Backward backward);
  AutogradContext* context();
  void add(const Tensor& input);
  void add(const std::optional<Tensor>& input) { add(input ? *input : Tensor()); }
  void add(TensorList inputs) {
    for (const Tensor& t : inputs) add(t);
  }
  void add(const std::vector<Tensor>& inputs) { add(TensorList(inputs)); }
  template <class T>
  void add(const T&) {
    add_other();
  }
  /// Gives the outputs of forward their history.
  variable_list finish(variable_list outputs);
  Tensor finish(Tensor output) { return finish(variable_list{std::move(output)})[0]; }

 private:
  void add_other();
  NodePtr node_;
};

/// A differentiable function of one's own: T has
///   static Tensor (or variable_list) forward(AutogradContext* ctx, …any arguments…);
///   static variable_list backward(AutogradContext* ctx, variable_list grad_outputs);
/// and is called as T::apply(…the arguments…). backward returns one gradient for each argument of forward (one for each
/// tensor of a list), undefined for those that are no tensors. Forward runs without grad mode; backward runs with it
/// under create_graph, so a backward made of ops has derivatives of its own.
template <class T>
struct Function {
  template <class X = T, class... Args>
  static auto apply(Args&&... args)
      -> std::enable_if_t<std::is_same_v<X, T>, decltype(X::forward(nullptr, std::forward<Args>(args)...))> {
    CustomCall call(typeid(T), [](AutogradContext* ctx, variable_list grads) -> variable_list {
      return X::backward(ctx, std::move(grads));
    });
    (call.add(args), ...);
    auto outputs = [&] {
      const NoGradGuard no_grad;
      return X::forward(call.context(), std::forward<Args>(args)...);
    }();
    return call.finish(std::move(outputs));
  }
};

}  // namespace hearth::autograd
