#include "hearth/nn/containers.h"

#include <ostream>

#include "base/fail.h"

namespace hearth::nn {

std::shared_ptr<Module> ModuleDictImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ModuleDictImpl>();
  for (const auto& item : modules_) copy->insert(item.key(), item.value()->clone(device));
  copy->train(is_training());
  return copy;
}
ModuleDictImpl::ModuleDictImpl() = default;
ModuleDictImpl::ModuleDictImpl(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
  update(modules);
}
ModuleDictImpl::ModuleDictImpl(const Dict& modules) { update(modules); }
std::vector<std::pair<std::string, std::shared_ptr<Module>>> ModuleDictImpl::items() const { return modules_.pairs(); }
std::vector<std::string> ModuleDictImpl::keys() const { return modules_.keys(); }
std::vector<std::shared_ptr<Module>> ModuleDictImpl::values() const { return modules_.values(); }
void ModuleDictImpl::update(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
  for (const auto& item : modules) insert(item.first, item.second);
}
void ModuleDictImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleDict"; }
void ModuleDictImpl::clear() {
  for (const auto& item : modules_) unregister_module(item.key());
  modules_.clear();
}
std::shared_ptr<Module> ModuleDictImpl::pop(const std::string& key) {
  std::shared_ptr<Module> module = modules_[key];
  modules_.erase(key);
  unregister_module(key);
  return module;
}
void ModuleDictImpl::insert(const std::string& key, std::shared_ptr<Module> module) {
  if (!module) fail<TypeError>("[ModuleDict] the module for '{}' is null; construct it first", key);
  if (std::shared_ptr<Module>* own = modules_.find(key)) {
    *own = replace_module(key, std::move(module));
    return;
  }
  register_module(key, module);
  modules_.insert(key, std::move(module));
}

namespace {

void print_parameters(std::ostream& stream, const char* name, const OrderedDict<std::string, Tensor>& parameters) {
  stream << "torch::nn::" << name << "(\n";
  for (const auto& item : parameters) {
    stream << '(' << item.key() << "): Parameter containing: ";
    if (item.value().defined()) {
      stream << '[' << toString(item.value().scalar_type()) << " of size " << item.value().sizes() << "]\n";
    } else {
      stream << "[Undefined]\n";
    }
  }
  stream << ')';
}

/// The parameters under their names, copied.
template <class Container>
std::shared_ptr<Container> copied(const OrderedDict<std::string, Tensor>& parameters, Container&& empty_copy,
                                  const std::optional<Device>& device) {
  const NoGradGuard no_grad;
  auto copy = std::make_shared<Container>(std::move(empty_copy));
  for (const auto& item : parameters) {
    const Tensor& p = item.value();
    Tensor value = !p.defined() ? p : device ? p.detach().to(*device).clone() : p.detach().clone();
    copy->register_parameter(item.key(), value, p.defined() && p.requires_grad());
  }
  return copy;
}

}  // namespace

ParameterDictImpl::ParameterDictImpl() = default;
ParameterDictImpl::ParameterDictImpl(const OrderedDict<std::string, Tensor>& params) { parameters_ = params; }
Tensor& ParameterDictImpl::insert(std::string key, Tensor param) {
  const bool learns = param.requires_grad();
  return register_parameter(std::move(key), std::move(param), learns);
}
Tensor ParameterDictImpl::pop(const std::string& key) {
  Tensor value = parameters_[key];
  parameters_.erase(key);
  return value;
}
std::vector<std::string> ParameterDictImpl::keys() const { return parameters_.keys(); }
std::vector<Tensor> ParameterDictImpl::values() const { return parameters_.values(); }
void ParameterDictImpl::clear() { parameters_.clear(); }
std::shared_ptr<Module> ParameterDictImpl::clone(const std::optional<Device>& device) const {
  ParameterDictImpl copy(*this);
  copy.clear();
  return copied(parameters_, std::move(copy), device);
}
void ParameterDictImpl::pretty_print(std::ostream& stream) const {
  print_parameters(stream, "ParameterDict", parameters_);
}

void ParameterListImpl::append(const Tensor& param) {
  register_parameter(std::to_string(parameters_.size()), param, param.requires_grad());
}
std::shared_ptr<Module> ParameterListImpl::clone(const std::optional<Device>& device) const {
  ParameterListImpl copy(*this);
  copy.parameters_.clear();
  return copied(parameters_, std::move(copy), device);
}
void ParameterListImpl::pretty_print(std::ostream& stream) const {
  print_parameters(stream, "ParameterList", parameters_);
}
Tensor& ParameterListImpl::at(size_t index) {
  if (index >= size())
    throw IndexError(fmt::format("[ParameterList] index {} is out of range for {} parameters", index, size()),
                     static_cast<int64_t>(index), static_cast<int64_t>(size()));
  return parameters_[index].value();
}

FunctionalImpl::FunctionalImpl(Function function) : function_(std::move(function)) {
  if (!function_) fail<TypeError>("[Functional] the function is empty; give one that takes and gives a Tensor");
}
void FunctionalImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Functional()"; }
Tensor FunctionalImpl::forward(Tensor input) { return function_(std::move(input)); }

}  // namespace hearth::nn
