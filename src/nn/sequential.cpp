#include "hearth/nn/sequential.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ostream>

#include "base/demangle.h"

template class std::vector<hearth::nn::AnyModule>;  // once for all programs

namespace hearth::nn {

namespace {
std::string type_text(const std::type_info& type) { return demangle(type.name()); }
}  // namespace

void detail::throw_value_type(const std::type_info& held, const std::type_info& wanted) {
  throw TypeError(
      fmt::format("[AnyValue] attempted to cast a value of type {} to {}; name the type that is there, as in "
                  "forward<Type>(…)",
                  type_text(held), type_text(wanted)));
}
void detail::throw_argument_count(const std::string& module, size_t expected, size_t required, size_t got) {
  const std::string count =
      expected == required ? std::to_string(expected) : fmt::format("at least {} and at most {}", required, expected);
  throw TypeError(
      fmt::format("[{}] its forward() method expects {} argument(s), but received {}; if forward() has default "
                  "arguments, say so with FORWARD_HAS_DEFAULT_ARGS",
                  module, count, got));
}
void detail::throw_argument_type(const std::string& module, size_t position, const std::type_info& wanted,
                                 const std::type_info& got) {
  throw TypeError(fmt::format("[{}] expected argument #{} to be of type {}, but received value of type {}", module,
                              position, type_text(wanted), type_text(got)));
}
void detail::throw_empty_any() { throw ValueError("[AnyModule] it holds no module; assign one before using it"); }

std::vector<AnyValue> detail::with_defaults(std::vector<AnyValue>&& arguments, DefaultArguments defaults) {
  for (const auto& item : defaults)
    if (item.first >= arguments.size()) arguments.push_back(item.second);
  return std::move(arguments);
}

AnyValue::Placeholder::~Placeholder() = default;
AnyValue::AnyValue(AnyValue&&) noexcept = default;
AnyValue& AnyValue::operator=(AnyValue&&) noexcept = default;
AnyValue::AnyValue(const AnyValue& other) : content_(other.content_->clone()) {}
AnyValue& AnyValue::operator=(const AnyValue& other) {
  content_ = other.content_->clone();
  return *this;
}
AnyValue::~AnyValue() = default;

AnyModulePlaceholder::~AnyModulePlaceholder() = default;
AnyModule::AnyModule() = default;
AnyModule::AnyModule(AnyModule&&) noexcept = default;
AnyModule& AnyModule::operator=(AnyModule&&) noexcept = default;
AnyModule::AnyModule(const AnyModule& other) : content_(other.content_ ? other.content_->copy() : nullptr) {}
AnyModule& AnyModule::operator=(const AnyModule& other) {
  content_ = other.content_ ? other.content_->copy() : nullptr;
  return *this;
}
AnyModule::~AnyModule() = default;
AnyModule AnyModule::clone(std::optional<Device> device) const {
  AnyModule copy;
  if (content_) copy.content_ = content_->clone_module(device);
  return copy;
}
AnyValue AnyModule::any_forward(std::vector<AnyValue>&& values) { return content().forward(std::move(values)); }
bool AnyModule::forward_tensor(const Tensor& input, Tensor& output) { return content().forward_tensor(input, output); }
AnyModulePlaceholder& AnyModule::content() const {
  if (!content_) detail::throw_empty_any();
  return *content_;
}
NamedAnyModule::NamedAnyModule(std::string name, AnyModule module)
    : name_(std::move(name)), module_(std::move(module)) {}

SequentialImpl::SequentialImpl() = default;
SequentialImpl::SequentialImpl(OrderedDict<std::string, AnyModule>&& modules) {
  for (auto& item : modules) push_back(item.key(), std::move(item.value()));
}
SequentialImpl::SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
  for (const NamedAnyModule& m : modules) push_back(m.name(), m.module());
}
void SequentialImpl::push_back(AnyModule module) { push_back(std::to_string(modules_.size()), std::move(module)); }
Sequential::Sequential() = default;
Sequential::Sequential(std::initializer_list<NamedAnyModule> modules)
    : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}

void SequentialImpl::push_back(std::string name, AnyModule module) {
  register_module(std::move(name), module.ptr());
  modules_.push_back(std::move(module));
}

AnyModule& SequentialImpl::entry(size_t index) const {
  if (index >= size())
    throw IndexError(fmt::format("[Sequential] index {} is out of range for {} modules", index, size()),
                     static_cast<int64_t>(index), static_cast<int64_t>(size()));
  return const_cast<AnyModule&>(modules_[index]);
}

namespace {
[[noreturn]] void throw_empty() {
  throw ValueError("[Sequential] cannot call forward() on an empty Sequential; push_back a module first");
}
}  // namespace

Tensor SequentialImpl::run_tensor(const Tensor& input) {
  if (modules_.empty()) throw_empty();
  Tensor x = input;
  size_t i = 0, rest = 0;  // rest: from where on something other than a tensor is handed on
  std::vector<AnyValue> values;
  try {
    for (; i < modules_.size(); ++i) {
      Tensor y;
      if (!modules_[i].forward_tensor(x, y)) {
        values = std::vector<AnyValue>();
        values.push_back(AnyValue(x));
        AnyValue result = modules_[i].any_forward(std::move(values));
        if (Tensor* t = result.try_get<Tensor>()) {
          y = std::move(*t);
        } else {
          values.clear();
          values.push_back(std::move(result));
          rest = i + 1;
          break;
        }
      }
      x = std::move(y);
    }
  } catch (Error& e) {
    detail::add_path(*modules_[i].ptr(), e);
    throw;
  }
  return rest > 0 ? run(std::move(values), rest).get<Tensor>() : x;
}

AnyValue SequentialImpl::run(std::vector<AnyValue>&& values, size_t from) {
  if (modules_.empty()) throw_empty();
  size_t i = from;
  try {
    for (; i < modules_.size(); ++i) {
      AnyValue result = modules_[i].any_forward(std::move(values));
      values = std::vector<AnyValue>();
      values.push_back(std::move(result));
    }
  } catch (Error& e) {
    detail::add_path(*modules_[i].ptr(), e);
    throw;
  }
  return std::move(values.front());
}

AnyValue AnyModuleHolder<SequentialImpl>::forward(std::vector<AnyValue>&& arguments) {
  const std::shared_ptr<detail::ModuleHooks> hooks = static_cast<Module&>(*module).hooks_.hooks;
  if (!hooks) return module->run(std::move(arguments), 0);
  std::vector<Tensor> inputs, outputs;
  for (AnyValue& argument : arguments)
    if (const Tensor* t = argument.try_get<Tensor>()) inputs.push_back(*t);
  detail::run_pre_hooks(*hooks, *module, inputs);
  size_t i = 0;
  for (AnyValue& argument : arguments)
    if (Tensor* t = argument.try_get<Tensor>(); t && i < inputs.size()) *t = inputs[i++];
  AnyValue result = module->run(std::move(arguments), 0);
  Tensor* y = result.try_get<Tensor>();
  if (y) outputs.push_back(*y);
  detail::run_hooks(*hooks, *module, inputs, outputs);
  if (y && !outputs.empty()) *y = outputs[0];
  return result;
}
const std::type_info& AnyModuleHolder<SequentialImpl>::type() const noexcept {
  const Module& held = *module;
  return typeid(held);
}
std::unique_ptr<AnyModulePlaceholder> AnyModuleHolder<SequentialImpl>::copy() const {
  return std::make_unique<AnyModuleHolder>(*this);
}
std::unique_ptr<AnyModulePlaceholder> AnyModuleHolder<SequentialImpl>::clone_module(
    std::optional<Device> device) const {
  return std::make_unique<AnyModuleHolder>(std::dynamic_pointer_cast<SequentialImpl>(module->clone(device)));
}

std::shared_ptr<Module> SequentialImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<SequentialImpl>();
  for (size_t i = 0; i < size(); ++i) copy->push_back(named_children()[i].key(), modules_[i].clone(device));
  copy->train(is_training());
  return copy;
}
void SequentialImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sequential"; }

void ModuleListImpl::push_back(std::shared_ptr<Module> module) {
  modules_.push_back(module);
  register_module(std::to_string(modules_.size() - 1), std::move(module));
}
std::shared_ptr<Module> ModuleListImpl::ptr(size_t index) const {
  if (index >= size())
    throw IndexError(fmt::format("[ModuleList] index {} is out of range for {} modules", index, size()),
                     static_cast<int64_t>(index), static_cast<int64_t>(size()));
  return modules_[index];
}
std::shared_ptr<Module> ModuleListImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ModuleListImpl>();
  for (const auto& module : modules_) copy->push_back(module->clone(device));
  return copy;
}
void ModuleListImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleList"; }

}  // namespace hearth::nn
