#pragma once

#include "hearth/nn/any.h"

namespace hearth::nn {

/// Modules, other Sequentials among them, called one after the other; each may take and give anything.
class HEARTH_API SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl();
  template <class... Modules, class = std::enable_if_t<!(std::is_same_v<std::decay_t<Modules>, SequentialImpl> || ...)>>
  explicit SequentialImpl(Modules&&... modules) {
    modules_.reserve(sizeof...(Modules));
    (push_back(std::forward<Modules>(modules)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules);
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules);
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  /// The last module's result; R is its type.
  template <class R = Tensor, class... Inputs>
  R forward(Inputs&&... inputs) {
    if constexpr (std::is_same_v<R, Tensor> && sizeof...(Inputs) == 1 &&
                  (std::is_same_v<std::decay_t<Inputs>, Tensor> && ...)) {
      return run_tensor(inputs...);
    } else {
      std::vector<AnyValue> values;
      (values.push_back(AnyValue(std::forward<Inputs>(inputs))), ...);
      AnyValue result = run(std::move(values), 0);
      if (R* value = result.template try_get<R>()) return std::move(*value);
      detail::throw_value_type(result.type_info(), typeid(R));
    }
  }

  void push_back(AnyModule module);
  void push_back(std::string name, AnyModule module);
  template <class M, class = std::enable_if_t<std::is_base_of_v<Module, M>>>
  void push_back(std::shared_ptr<M> module) {
    push_back(AnyModule(std::move(module)));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(AnyModule(holder));
  }
  template <class M, class = std::enable_if_t<std::is_base_of_v<Module, std::decay_t<M>>>, class = void>
  void push_back(M&& module) {
    push_back(AnyModule(std::forward<M>(module)));
  }
  template <class M>
  void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  template <class M>
  M& at(size_t index) {
    return entry(index).template get<M>();
  }
  template <class M>
  const M& at(size_t index) const {
    return const_cast<SequentialImpl*>(this)->at<M>(index);
  }
  std::shared_ptr<Module> ptr(size_t index) const { return entry(index).ptr(); }
  template <class M>
  std::shared_ptr<M> ptr(size_t index) const {
    return entry(index).template ptr<M>();
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

 private:
  friend struct AnyModuleHolder<SequentialImpl>;
  Tensor run_tensor(const Tensor& input);
  AnyValue run(std::vector<AnyValue>&& values, size_t from);
  AnyModule& entry(size_t index) const;
  std::vector<AnyModule> modules_;
};

extern template class Cloneable<SequentialImpl>;

/// A Sequential in another: its forward is a template, and what it takes shows in the call alone.
template <>
struct HEARTH_API AnyModuleHolder<SequentialImpl> final : AnyModulePlaceholder {
  explicit AnyModuleHolder(std::shared_ptr<SequentialImpl> m) : module(std::move(m)) {}
  AnyValue forward(std::vector<AnyValue>&& arguments) override;
  bool forward_tensor(const Tensor&, Tensor&) override { return false; }  // what comes out is known afterwards
  std::shared_ptr<Module> ptr() override { return module; }
  const std::type_info& type() const noexcept override;
  std::unique_ptr<AnyModulePlaceholder> copy() const override;
  std::unique_ptr<AnyModulePlaceholder> clone_module(std::optional<Device> device) const override;
  std::shared_ptr<SequentialImpl> module;
};

/// `Sequential net(Linear(3, 4), ReLU(), …)`, or with names: `Sequential net({{"fc", Linear(3, 4)}, …})`.
class HEARTH_API Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  Sequential();
  Sequential(std::initializer_list<NamedAnyModule> modules);
};

/// Modules in a list; calls nothing by itself.
class HEARTH_API ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  ModuleListImpl() = default;
  template <class... Modules, class = std::enable_if_t<!(std::is_same_v<std::decay_t<Modules>, ModuleListImpl> || ...)>>
  explicit ModuleListImpl(Modules&&... modules) {
    (push_back(std::forward<Modules>(modules)), ...);
  }
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  void push_back(std::shared_ptr<Module> module);
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(std::static_pointer_cast<Module>(holder.ptr()));
  }
  template <class M, class = std::enable_if_t<std::is_base_of_v<Module, std::decay_t<M>>>>
  void push_back(M&& module) {
    push_back(std::static_pointer_cast<Module>(std::make_shared<std::decay_t<M>>(std::forward<M>(module))));
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }
  auto begin() { return modules_.begin(); }
  auto begin() const { return modules_.begin(); }
  auto end() { return modules_.end(); }
  auto end() const { return modules_.end(); }
  std::shared_ptr<Module> ptr(size_t index) const;
  template <class M>
  std::shared_ptr<M> ptr(size_t index) const {
    return std::dynamic_pointer_cast<M>(ptr(index));
  }
  template <class M>
  M& at(size_t index) {
    M* module = ptr(index)->template as<M>();
    if (!module) detail::throw_wrong_module(*ptr(index), "at()");
    return *module;
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};
HEARTH_LIBRARY_MODULE(ModuleList);

}  // namespace hearth::nn
