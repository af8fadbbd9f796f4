#pragma once

#include <typeinfo>

#include "hearth/make_as.h"
#include "hearth/nn/module.h"

namespace hearth::nn {

class SequentialImpl;

namespace detail {
[[noreturn]] HEARTH_API void throw_value_type(const std::type_info& held, const std::type_info& wanted);
[[noreturn]] HEARTH_API void throw_argument_count(const std::string& module, size_t expected, size_t required,
                                                  size_t got);
[[noreturn]] HEARTH_API void throw_argument_type(const std::string& module, size_t position,
                                                 const std::type_info& wanted, const std::type_info& got);
[[noreturn]] HEARTH_API void throw_empty_any();

/// Whether M::forward is one function, and neither overloaded nor a template.
template <class M, class = void>
struct HasOneForward : std::false_type {};
template <class M>
struct HasOneForward<M, std::void_t<decltype(&M::forward)>> : std::true_type {};
}  // namespace detail

/// A value of any type, copied in and taken out with its exact type.
class HEARTH_API AnyValue {
 public:
  AnyValue(AnyValue&&) noexcept;
  AnyValue& operator=(AnyValue&&) noexcept;
  AnyValue(const AnyValue& other);
  AnyValue& operator=(const AnyValue& other);
  ~AnyValue();
  template <class T, class = std::enable_if_t<!std::is_same_v<AnyValue, std::decay_t<T>>>>
  explicit AnyValue(T&& value);

  /// Null where the type is another.
  template <class T>
  T* try_get() {
    if (type_info() != typeid(T)) return nullptr;
    return &static_cast<Holder<T>&>(*content_).value;
  }
  /// Throws TypeError where the type is another.
  template <class T>
  T get() {
    if (T* value = try_get<T>()) return *value;
    detail::throw_value_type(type_info(), typeid(T));
  }
  const std::type_info& type_info() const noexcept { return content_->type; }

 private:
  struct HEARTH_API Placeholder {
    explicit Placeholder(const std::type_info& t) noexcept : type(t) {}
    virtual ~Placeholder();
    virtual std::unique_ptr<Placeholder> clone() const = 0;
    const std::type_info& type;
  };
  template <class T>
  struct Holder final : Placeholder {
    template <class U>
    explicit Holder(U&& v) : Placeholder(typeid(T)), value(std::forward<U>(v)) {}
    std::unique_ptr<Placeholder> clone() const override { return hearth::detail::make_as<Placeholder, Holder>(value); }
    T value;
  };
  std::unique_ptr<Placeholder> content_;
};

// Not inline, so that the kinds that the library's own modules have as defaults are compiled there alone.
template <class T, class>
AnyValue::AnyValue(T&& value)
    : content_(hearth::detail::make_as<Placeholder, Holder<std::decay_t<T>>>(std::forward<T>(value))) {}
extern template HEARTH_API AnyValue::AnyValue(Tensor&&);
extern template HEARTH_API AnyValue::AnyValue(bool&&);
extern template HEARTH_API AnyValue::AnyValue(std::optional<IntArrayRef>&&);
extern template HEARTH_API AnyValue::AnyValue(std::optional<std::vector<int64_t>>&&);
extern template HEARTH_API AnyValue::AnyValue(std::optional<std::tuple<Tensor, Tensor>>&&);

namespace detail {
/// What HEARTH_FORWARD_HAS_DEFAULT_ARGS names: a position and the value there.
using DefaultArguments = std::initializer_list<std::pair<unsigned int, AnyValue>>;
/// The arguments, and the defaults of those that are missing behind them.
HEARTH_API std::vector<AnyValue> with_defaults(std::vector<AnyValue>&& arguments, DefaultArguments defaults);
}  // namespace detail

/// The erased side of AnyModule.
struct HEARTH_API AnyModulePlaceholder {
  AnyModulePlaceholder() = default;
  AnyModulePlaceholder(const AnyModulePlaceholder&) = default;
  AnyModulePlaceholder& operator=(const AnyModulePlaceholder&) = delete;
  virtual ~AnyModulePlaceholder();
  virtual AnyValue forward(std::vector<AnyValue>&& arguments) = 0;
  /// The short way of modules from one Tensor to one Tensor; false for the others.
  virtual bool forward_tensor(const Tensor& input, Tensor& output) = 0;
  virtual std::shared_ptr<Module> ptr() = 0;
  virtual const std::type_info& type() const noexcept = 0;
  virtual std::unique_ptr<AnyModulePlaceholder> copy() const = 0;
  virtual std::unique_ptr<AnyModulePlaceholder> clone_module(std::optional<Device> device) const = 0;
};

template <class M, class... Arguments>
struct AnyModuleHolder final : AnyModulePlaceholder {
  explicit AnyModuleHolder(std::shared_ptr<M> m) : module(std::move(m)) {}
  AnyValue forward(std::vector<AnyValue>&& arguments) override {
    constexpr size_t expected = sizeof...(Arguments);
    Module& base = *module;
    if (base._forward_has_default_args()) {
      const size_t required = base._forward_num_required_args();
      if (arguments.size() < required || arguments.size() > expected)
        detail::throw_argument_count(base.name(), expected, required, arguments.size());
      arguments = base._forward_populate_default_args(std::move(arguments));
    }
    if (arguments.size() != expected) detail::throw_argument_count(base.name(), expected, expected, arguments.size());
    return call(arguments, std::index_sequence_for<Arguments...>());
  }
  bool forward_tensor(const Tensor& input, Tensor& output) override {
    if constexpr (sizeof...(Arguments) == 1 && (std::is_same_v<std::decay_t<Arguments>, Tensor> && ...)) {
      if constexpr (std::is_same_v<decltype(module->forward(Tensor())), Tensor>) {
        output = module->has_forward_hooks() ? detail::call_hooked(*module, input) : module->forward(input);
        return true;
      }
    }
    (void)input, (void)output;
    return false;
  }
  std::shared_ptr<Module> ptr() override { return module; }
  const std::type_info& type() const noexcept override { return typeid(M); }
  std::unique_ptr<AnyModulePlaceholder> copy() const override {
    return hearth::detail::make_as<AnyModulePlaceholder, AnyModuleHolder>(*this);
  }
  std::unique_ptr<AnyModulePlaceholder> clone_module(std::optional<Device> device) const override {
    return hearth::detail::make_as<AnyModulePlaceholder, AnyModuleHolder>(
        std::dynamic_pointer_cast<M>(module->clone(device)));
  }
  std::shared_ptr<M> module;

 private:
  template <class T>
  decltype(auto) argument(std::vector<AnyValue>& arguments, size_t i) {
    using V = std::decay_t<T>;
    V* value = arguments[i].template try_get<V>();
    if (!value) detail::throw_argument_type(module->name(), i, typeid(V), arguments[i].type_info());
    if constexpr (std::is_lvalue_reference_v<T>) {
      return (*value);
    } else {
      return V(std::move(*value));
    }
  }
  template <size_t... I>
  AnyValue call(std::vector<AnyValue>& arguments, std::index_sequence<I...>) {
    if (module->has_forward_hooks())
      return AnyValue(detail::call_hooked(*module, argument<Arguments>(arguments, I)...));
    return AnyValue(module->forward(argument<Arguments>(arguments, I)...));
  }
};

/// A module of any type whose forward takes anything.
class HEARTH_API AnyModule {
 public:
  AnyModule();
  template <class M, class = std::enable_if_t<std::is_base_of_v<Module, M>>>
  explicit AnyModule(std::shared_ptr<M> module) : content_(hold(std::move(module))) {}
  template <class M, class = std::enable_if_t<std::is_base_of_v<Module, std::decay_t<M>>>, class = void>
  explicit AnyModule(M&& module) : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}
  AnyModule(AnyModule&&) noexcept;
  AnyModule& operator=(AnyModule&&) noexcept;
  AnyModule(const AnyModule& other);
  AnyModule& operator=(const AnyModule& other);
  ~AnyModule();
  template <class M>
  AnyModule& operator=(std::shared_ptr<M> module) {
    return *this = AnyModule(std::move(module));
  }
  AnyModule clone(std::optional<Device> device = std::nullopt) const;

  template <class... Args>
  AnyValue any_forward(Args&&... args) {
    std::vector<AnyValue> values;
    values.reserve(sizeof...(Args));
    (values.push_back(AnyValue(std::forward<Args>(args))), ...);
    return content().forward(std::move(values));
  }
  AnyValue any_forward(std::vector<AnyValue>&& values);
  template <class R = Tensor, class... Args>
  R forward(Args&&... args) {
    return any_forward(std::forward<Args>(args)...).template get<R>();
  }
  bool forward_tensor(const Tensor& input, Tensor& output);

  /// The module as M; throws TypeError where it is another.
  template <class M, class = std::enable_if_t<!detail::is_module_holder<M>>>
  M& get() {
    if (type_info() != typeid(M)) detail::throw_value_type(type_info(), typeid(M));
    return static_cast<M&>(*ptr());
  }
  template <class M, class = std::enable_if_t<!detail::is_module_holder<M>>>
  const M& get() const {
    return const_cast<AnyModule*>(this)->get<M>();
  }
  template <class M, class C = typename M::ContainedType>
  M get() const {
    return M(std::static_pointer_cast<C>(const_cast<AnyModule*>(this)->get<C>().shared_from_this()));
  }
  std::shared_ptr<Module> ptr() const { return content().ptr(); }
  template <class M>
  std::shared_ptr<M> ptr() const {
    const_cast<AnyModule*>(this)->get<M>();
    return std::static_pointer_cast<M>(ptr());
  }
  const std::type_info& type_info() const { return content().type(); }
  bool is_empty() const noexcept { return content_ == nullptr; }

 private:
  AnyModulePlaceholder& content() const;
  template <class M>
  static std::unique_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module) {
    if constexpr (std::is_base_of_v<SequentialImpl, M> && !detail::HasOneForward<M>::value) {
      return hearth::detail::make_as<AnyModulePlaceholder, AnyModuleHolder<SequentialImpl>>(std::move(module));
    } else {
      return make(std::move(module), &M::forward);
    }
  }
  template <class M, class C, class R, class... Args>
  static std::unique_ptr<AnyModulePlaceholder> make(std::shared_ptr<M> module, R (C::*)(Args...)) {
    return hearth::detail::make_as<AnyModulePlaceholder, AnyModuleHolder<M, Args...>>(std::move(module));
  }
  template <class M, class C, class R, class... Args>
  static std::unique_ptr<AnyModulePlaceholder> make(std::shared_ptr<M> module, R (C::*)(Args...) const) {
    return hearth::detail::make_as<AnyModulePlaceholder, AnyModuleHolder<M, Args...>>(std::move(module));
  }
  std::unique_ptr<AnyModulePlaceholder> content_;
};

/// A module with the name under which a container registers it.
class HEARTH_API NamedAnyModule {
 public:
  template <class M>
  NamedAnyModule(std::string name, M&& module) : name_(std::move(name)), module_(AnyModule(std::forward<M>(module))) {}
  NamedAnyModule(std::string name, AnyModule module);
  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}  // namespace hearth::nn

extern template class std::vector<hearth::nn::AnyModule>;

/// Inside a module class: forward's trailing arguments have defaults, given as {position, AnyValue(value)}.
#define HEARTH_FORWARD_HAS_DEFAULT_ARGS(...)                                                                          \
  template <class M, class... Arguments>                                                                              \
  friend struct ::hearth::nn::AnyModuleHolder;                                                                        \
  bool _forward_has_default_args() override { return true; }                                                          \
  unsigned int _forward_num_required_args() override {                                                                \
    return ::hearth::nn::detail::DefaultArguments{__VA_ARGS__}.begin()->first;                                        \
  }                                                                                                                   \
  std::vector<::hearth::nn::AnyValue> _forward_populate_default_args(std::vector<::hearth::nn::AnyValue>&& arguments) \
      override {                                                                                                      \
    return ::hearth::nn::detail::with_defaults(std::move(arguments), {__VA_ARGS__});                                  \
  }
