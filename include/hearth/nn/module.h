#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "hearth/arg.h"
#include "hearth/nn/ordered_dict.h"
#include "hearth/ops.h"

namespace hearth {

namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace nn {

class Module;
class AnyValue;
template <class Contained>
class ModuleHolder;
namespace detail {
template <class M, class... Args>
decltype(auto) call_hooked(M& module, Args&&... args);
}

namespace detail {
struct ModuleHooks;
/// A module's hooks, shared with the handles that remove them; a copy of the module has a list of its own.
struct HEARTH_API HookList {
  HookList() = default;
  HookList(const HookList& other);
  HookList& operator=(const HookList& other);
  HookList(HookList&&) = default;
  HookList& operator=(HookList&&) = default;
  ~HookList() = default;
  std::shared_ptr<ModuleHooks> hooks;
};
struct ModuleHolderIndicator {};
template <class T>
constexpr bool is_module_holder = std::is_base_of_v<ModuleHolderIndicator, std::decay_t<T>>;
[[noreturn]] HEARTH_API void throw_empty_holder();
/// Takes a new module over; the pointer that comes back points to `contained`, the same as the class that it is.
HEARTH_API std::shared_ptr<void> own_module(Module* module, void* contained);
HEARTH_API std::shared_ptr<Module> share_module(const std::shared_ptr<void>& owner, Module* module);
[[noreturn]] HEARTH_API void throw_forward_default_args(const std::string& module);
[[noreturn]] HEARTH_API void throw_wrong_module(const Module& module, const std::string& name);
/// Tells an error that came out of the module its path, unless it knows one from further in.
HEARTH_API void add_path(const Module& module, Error& error);
}  // namespace detail

/// Takes a hook away again; does nothing once the module is gone.
class HEARTH_API RemovableHandle {
 public:
  RemovableHandle() = default;
  RemovableHandle(const std::shared_ptr<detail::ModuleHooks>& hooks, int64_t id) : hooks_(hooks), id_(id) {}
  void remove();

 private:
  std::weak_ptr<detail::ModuleHooks> hooks_;
  int64_t id_ = 0;
};

/// What a state dict is: parameters and buffers by their paths ("encoder.fc1.weight").
using StateDict = OrderedDict<std::string, Tensor>;

/// The base of every module: a tree of named parameters, buffers and submodules.
class HEARTH_API Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction = std::function<void(const std::string&, const std::shared_ptr<Module>&)>;

  // Nothing of a module's own is inline: every program with a module would compile it again.
  Module();
  explicit Module(std::string name);
  Module(const Module&);
  Module& operator=(const Module&);
  Module(Module&&) noexcept;
  Module& operator=(Module&&) noexcept;
  virtual ~Module();

  /// The name given, or the C++ type's.
  const std::string& name() const noexcept;
  /// The names under which this module and those around it are registered, outermost first: "encoder.fc1". Empty for a
  /// module that none has registered; of two that have, the later one counts.
  std::string path() const;
  /// A deep copy; only of classes that derive from Cloneable.
  virtual std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const;

  /// Calls the function with this module and everything below it.
  void apply(const ModuleApplyFunction& function);
  void apply(const ConstModuleApplyFunction& function) const;
  void apply(const NamedModuleApplyFunction& function, const std::string& name_prefix = std::string());
  void apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix = std::string()) const;
  void apply(const ModulePointerApplyFunction& function) const;
  void apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix = std::string()) const;

  std::vector<Tensor> parameters(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const;
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(const std::string& name_prefix = std::string(),
                                                                  bool include_self = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  /// Parameters and buffers, in the order of registration, as Python's state_dict() has them.
  StateDict state_dict() const;
  /// Copies values in. Strict: missing, unexpected and misshapen entries throw one ValueError that lists them all, and
  /// nothing is changed. Otherwise what fits is taken; misshapen entries throw all the same.
  void load_state_dict(const StateDict& state, bool strict = true);

  virtual void train(bool on = true);
  void eval() { train(false); }
  virtual bool is_training() const noexcept { return is_training_; }

  virtual void to(Device device, ScalarType dtype, bool non_blocking = false);
  virtual void to(ScalarType dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);
  /// Makes every gradient zero, or undefined with set_to_none.
  virtual void zero_grad(bool set_to_none = false);

  /// This module as another class; null where it is none.
  template <class M>
  auto* as() noexcept {
    if constexpr (detail::is_module_holder<M>) {
      return dynamic_cast<typename M::ContainedType*>(this);
    } else {
      return dynamic_cast<M*>(this);
    }
  }
  template <class M>
  const auto* as() const noexcept {
    return const_cast<Module*>(this)->as<M>();
  }

  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);
  /// Writes the module's own line; children are printed by operator<<.
  virtual void pretty_print(std::ostream& stream) const;
  virtual bool is_serializable() const { return true; }

  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  Tensor& register_buffer(std::string name, Tensor tensor);
  template <class M>
  std::shared_ptr<M> register_module(std::string name, std::shared_ptr<M> module) {
    register_child(std::move(name), module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> register_module(std::string name, ModuleHolder<M> holder) {
    register_child(std::move(name), holder.module());
    return holder.ptr();
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, std::shared_ptr<M> module) {
    replace_child(name, module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, ModuleHolder<M> holder) {
    return replace_module(name, holder.ptr());
  }
  void unregister_module(const std::string& name);

  /// Called before each call of a module through its holder, Sequential or AnyModule, with the tensors among the
  /// arguments; what the hook puts in their places is what forward() gets.
  using ForwardPreHook = std::function<void(Module& module, std::vector<Tensor>& inputs)>;
  /// Called after each such call, with the tensors of the result (of a tuple: those that it holds); what the hook puts
  /// in their places is what the caller gets.
  using ForwardHook =
      std::function<void(Module& module, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs)>;
  RemovableHandle register_forward_pre_hook(ForwardPreHook hook);
  RemovableHandle register_forward_hook(ForwardHook hook);
  bool has_forward_hooks() const noexcept { return hooks_.hooks != nullptr; }

 protected:
  virtual bool _forward_has_default_args() { return false; }
  virtual unsigned int _forward_num_required_args() { detail::throw_forward_default_args(name()); }
  virtual std::vector<AnyValue> _forward_populate_default_args(std::vector<AnyValue>&& arguments);

  OrderedDict<std::string, Tensor> parameters_{"Parameter"};

 private:
  template <class Derived>
  friend class Cloneable;
  template <class M, class... Arguments>
  friend struct AnyModuleHolder;
  template <class M, class... Args>
  friend decltype(auto) detail::call_hooked(M& module, Args&&... args);
  HEARTH_API friend std::ostream& operator<<(std::ostream& stream, const Module& module);

  static void check_name(const char* kind, const std::string& name);
  void register_child(std::string name, std::shared_ptr<Module> module);
  void replace_child(const std::string& name, std::shared_ptr<Module> module);
  /// The children have this module around them from now on, or, if they had it, none.
  void adopt_children();
  void leave_children();
  /// Copies parameters, buffers and children of `from` into this freshly reset copy of it.
  virtual void clone_(Module& other, const std::optional<Device>& device);
  void copy_state_of(const Module& from, const std::optional<Device>& device);
  void convert(const TensorOptions& options);
  void print_tree(std::ostream& stream, const std::string& indentation) const;
  void visit(const std::function<void(const std::string&, const Module&, const std::shared_ptr<Module>&)>& function,
             const std::string& path, const std::shared_ptr<Module>& self) const;

  OrderedDict<std::string, Tensor> buffers_{"Buffer"};
  OrderedDict<std::string, std::shared_ptr<Module>> children_{"Submodule"};
  mutable std::string name_;
  detail::HookList hooks_;
  Module* parent_ = nullptr;  // as long as it lives
  bool is_training_ = true;
};

namespace detail {
HEARTH_API void run_pre_hooks(ModuleHooks& hooks, Module& module, std::vector<Tensor>& inputs);
HEARTH_API void run_hooks(ModuleHooks& hooks, Module& module, const std::vector<Tensor>& inputs,
                          std::vector<Tensor>& outputs);

template <class T>
struct IsTuple : std::false_type {};
template <class... T>
struct IsTuple<std::tuple<T...>> : std::true_type {};

/// f(tensor) for every tensor that a value is or, as a tuple, holds.
template <class T, class F>
void each_tensor(T& value, F&& f) {
  if constexpr (std::is_same_v<std::remove_const_t<T>, Tensor>) {
    f(value);
  } else if constexpr (IsTuple<std::remove_const_t<T>>::value) {
    std::apply([&](auto&... part) { (each_tensor(part, f), ...); }, value);
  }
}
template <class T>
std::vector<Tensor> tensors_of(const T& value) {
  std::vector<Tensor> out;
  each_tensor(value, [&](const Tensor& t) { out.push_back(t); });
  return out;
}
template <class T>
void put_tensors(T& value, const std::vector<Tensor>& from) {
  size_t i = 0;
  each_tensor(value, [&](Tensor& t) {
    if (i < from.size()) t = from[i];
    ++i;
  });
}

/// Tensors are kept by value, since hooks put others in their places; other arguments are passed on as they came.
template <class Arg>
using KeptArgument = std::conditional_t<std::is_same_v<std::decay_t<Arg>, Tensor> || IsTuple<std::decay_t<Arg>>::value,
                                        std::decay_t<Arg>, Arg&&>;

/// module.forward(args…) with the hooks before and after it.
template <class M, class... Args>
decltype(auto) call_hooked(M& module, Args&&... args) {
  std::tuple<KeptArgument<Args>...> own(std::forward<Args>(args)...);
  const std::shared_ptr<ModuleHooks> hooks = static_cast<Module&>(module).hooks_.hooks;
  std::vector<Tensor> inputs = tensors_of(own);
  run_pre_hooks(*hooks, module, inputs);
  put_tensors(own, inputs);
  const auto call = [&](auto&... a) -> decltype(auto) { return module.forward(static_cast<Args&&>(a)...); };
  using R = std::decay_t<decltype(std::apply(call, own))>;
  if constexpr (std::is_void_v<R>) {
    std::apply(call, own);
    std::vector<Tensor> none;
    run_hooks(*hooks, module, inputs, none);
  } else {
    R result = std::apply(call, own);
    std::vector<Tensor> outputs = tensors_of(result);
    run_hooks(*hooks, module, inputs, outputs);
    put_tensors(result, outputs);
    return result;
  }
}
}  // namespace detail

HEARTH_API std::ostream& operator<<(std::ostream& stream, const Module& module);

/// A shared pointer to a module that constructs, calls and dereferences like the module itself.
template <class Contained>
class ModuleHolder : detail::ModuleHolderIndicator {
 protected:
  std::shared_ptr<void> impl_;  // a Contained; its own kind of pointer would be compiled for every module there is

 public:
  using ContainedType = Contained;

  ModuleHolder() : impl_(make_default()) {
    static_assert(std::is_default_constructible_v<Contained>,
                  "This module has no default constructor: write `Linear linear = nullptr;` for an empty holder");
  }
  ModuleHolder(std::nullptr_t) : impl_(nullptr) {}  // NOLINT: implicit, as in LibTorch
  template <class Head, class... Tail,
            class = std::enable_if_t<!(std::is_base_of_v<ModuleHolder, std::decay_t<Head>> && sizeof...(Tail) == 0)>>
  explicit ModuleHolder(Head&& head, Tail&&... tail)
      : impl_(own(new Contained(std::forward<Head>(head), std::forward<Tail>(tail)...))) {}
  ModuleHolder(std::shared_ptr<Contained> module) : impl_(std::move(module)) {}  // NOLINT

  explicit operator bool() const noexcept { return !is_empty(); }
  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  std::shared_ptr<Contained> ptr() const {
    if (is_empty()) detail::throw_empty_holder();
    return std::static_pointer_cast<Contained>(impl_);
  }
  /// The same as its base class.
  std::shared_ptr<Module> module() const { return detail::share_module(impl_, const_cast<ModuleHolder*>(this)->get()); }
  Contained* get() {
    if (is_empty()) detail::throw_empty_holder();
    return static_cast<Contained*>(impl_.get());
  }
  const Contained* get() const { return const_cast<ModuleHolder*>(this)->get(); }
  template <class... Args, class C = Contained>
  auto operator()(Args&&... args) -> decltype(std::declval<C&>().forward(std::forward<Args>(args)...)) {
    Contained& module = *get();
    try {
      if (module.has_forward_hooks()) return detail::call_hooked(module, std::forward<Args>(args)...);
      return module.forward(std::forward<Args>(args)...);
    } catch (Error& error) {
      detail::add_path(module, error);
      throw;
    }
  }
  template <class Arg>
  decltype(auto) operator[](Arg&& arg) {
    if constexpr (std::is_integral_v<std::decay_t<Arg>>) {
      return (*get())[static_cast<size_t>(arg)];
    } else {
      return (*get())[std::forward<Arg>(arg)];
    }
  }
  bool is_empty() const noexcept { return impl_ == nullptr; }

 private:
  // Not make_shared: some forty functions that would be compiled anew for every kind of module.
  static std::shared_ptr<void> own(Contained* module) { return detail::own_module(module, module); }
  static std::shared_ptr<void> make_default() {
    if constexpr (std::is_default_constructible_v<Contained>) {
      return own(new Contained());
    } else {
      return nullptr;
    }
  }
};

template <class M>
std::ostream& operator<<(std::ostream& stream, const ModuleHolder<M>& module) {
  return stream << static_cast<const Module&>(*module);
}

/// Gives a module clone(): a derived class registers everything anew in reset().
template <class Derived>
class HEARTH_API Cloneable : public Module {
 public:
  using Module::Module;
  virtual void reset() = 0;
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;

 private:
  void clone_(Module& other, const std::optional<Device>& device) final;
};

// Not inline, so that the library's own modules are compiled there alone (HEARTH_LIBRARY_MODULE).
template <class Derived>
std::shared_ptr<Module> Cloneable<Derived>::clone(const std::optional<Device>& device) const {
  const NoGradGuard no_grad;
  auto copy = std::make_shared<Derived>(static_cast<const Derived&>(*this));
  copy->parameters_.clear();
  copy->buffers_.clear();
  copy->children_.clear();
  copy->reset();
  copy->copy_state_of(*this, device);
  return copy;
}
template <class Derived>
void Cloneable<Derived>::clone_(Module& other, const std::optional<Device>& device) {
  auto copy = std::dynamic_pointer_cast<Derived>(other.clone(device));
  if (!copy) detail::throw_wrong_module(other, name());
  static_cast<Derived&>(*this) = *copy;
}

}  // namespace nn

extern template class OrderedDict<std::string, Tensor>;
extern template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

}  // namespace hearth

extern template class std::vector<std::shared_ptr<hearth::nn::Module>>;

/// Defines `Name`, a ModuleHolder of NameImpl.
#define HEARTH_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::hearth::nn::ModuleHolder<ImplType> {  \
   public:                                                    \
    using ::hearth::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl [[maybe_unused]] = ImplType;                   \
  }
#define HEARTH_MODULE(Name) HEARTH_MODULE_IMPL(Name, Name##Impl)
/// The same for a module of the library, whose templates are compiled in src/nn/library_modules.cpp and nowhere else.
#define HEARTH_LIBRARY_MODULE(Name)            \
  extern template class Cloneable<Name##Impl>; \
  HEARTH_MODULE_IMPL(Name, Name##Impl)
