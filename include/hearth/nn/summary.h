#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

/// One module as a forward pass met it.
struct LayerSummary {
  std::string path, kind;
  std::vector<int64_t> output;  ///< sizes of its first result; empty where it was not called (see `calls`)
  int64_t parameters = 0;       ///< its own, without its children's
  int64_t multiply_adds = 0;    ///< of products, convolutions, recurrences and attention
  int64_t activation_bytes = 0;
  int64_t calls = 0;
};

/// What summary() gives. Prints as a table.
struct HEARTH_API Summary {
  /// Leaves, and other modules with parameters of their own, in order of registration.
  std::vector<LayerSummary> layers;
  int64_t parameters = 0, trainable = 0;  ///< of the whole model; shared ones count once
  int64_t multiply_adds = 0, activation_bytes = 0;
  std::string table() const;
};
HEARTH_API std::ostream& operator<<(std::ostream& stream, const Summary& summary);

namespace detail {
/// Puts a hook on every module of a model, and takes them away again; meanwhile the model evaluates.
class HEARTH_API SummaryScope {
 public:
  explicit SummaryScope(Module& model);
  ~SummaryScope();
  SummaryScope(const SummaryScope&) = delete;
  SummaryScope& operator=(const SummaryScope&) = delete;
  Summary finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace detail

/// Runs input through the model, without gradients and in evaluation mode, and says what each module made of it. A
/// module is seen when it is called through its holder, `fc(x)`, a Sequential or an AnyModule; one that is reached by
/// `fc->forward(x)` shows its parameters only.
template <class M, class = std::enable_if_t<std::is_base_of_v<Module, M>>>
Summary summary(M& model, const Tensor& input) {
  const NoGradGuard no_grad;
  const detail::SummaryScope scope(model);
  if (static_cast<Module&>(model).has_forward_hooks()) {
    detail::call_hooked(model, input);
  } else {
    model.forward(input);
  }
  return scope.finish();
}
template <class M>
Summary summary(ModuleHolder<M>& model, const Tensor& input) {
  return summary(*model, input);
}

}  // namespace hearth::nn
