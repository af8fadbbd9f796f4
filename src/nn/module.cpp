#include "hearth/nn/module.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <typeinfo>

#include "base/demangle.h"
#include "hearth/error.h"
#include "hearth/nn/any.h"

template class std::vector<std::shared_ptr<hearth::nn::Module>>;  // once for all programs

namespace hearth {

void detail::throw_dict_key(const std::string& what, const std::string& key, bool duplicate) {
  throw ValueError(duplicate ? fmt::format("{} '{}' already defined", what, key)
                             : fmt::format("{} '{}' is not defined", what, key));
}

template class OrderedDict<std::string, Tensor>;
template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

namespace nn {

void detail::throw_empty_holder() {
  throw ValueError("[ModuleHolder] Accessing empty ModuleHolder; construct the module, or assign one, before using it");
}
void detail::throw_forward_default_args(const std::string& module) {
  throw ValueError(
      fmt::format("[{}] a module whose forward has default arguments must say so with "
                  "FORWARD_HAS_DEFAULT_ARGS before a container can call it with fewer",
                  module));
}
void detail::throw_wrong_module(const Module& module, const std::string& name) {
  throw TypeError(
      fmt::format("[clone] attempted to clone submodule of type {}, but it is of a different type than the "
                  "submodule it was to be cloned into ({})",
                  module.name(), name));
}

namespace {
std::string joined(const std::string& path, const std::string& name) { return path.empty() ? name : path + "." + name; }
std::string shape_text(const Tensor& t) { return to_string(t.sizes()); }
}  // namespace

Module::Module() = default;
Module::Module(std::string name) : name_(std::move(name)) {}
// A copy shares the children, which stay where they are; who takes a module's members over takes the children too.
Module::Module(const Module& other)
    : std::enable_shared_from_this<Module>(other),
      parameters_(other.parameters_),
      buffers_(other.buffers_),
      children_(other.children_),
      name_(other.name_),
      hooks_(other.hooks_),
      is_training_(other.is_training_) {}
Module& Module::operator=(const Module& other) {
  if (this != &other) *this = Module(other);
  return *this;
}
Module::Module(Module&& other) noexcept
    : parameters_(std::move(other.parameters_)),
      buffers_(std::move(other.buffers_)),
      children_(std::move(other.children_)),
      name_(std::move(other.name_)),
      hooks_(std::move(other.hooks_)),
      is_training_(other.is_training_) {
  adopt_children();
}
Module& Module::operator=(Module&& other) noexcept {
  if (this == &other) return *this;
  leave_children();
  parameters_ = std::move(other.parameters_);
  buffers_ = std::move(other.buffers_);
  children_ = std::move(other.children_);
  name_ = std::move(other.name_);
  hooks_ = std::move(other.hooks_);
  is_training_ = other.is_training_;
  adopt_children();
  return *this;
}
Module::~Module() { leave_children(); }

void Module::adopt_children() {
  for (const auto& child : children_)
    if (child.value()) child.value()->parent_ = this;
}
void Module::leave_children() {
  for (const auto& child : children_)
    if (child.value() && child.value()->parent_ == this) child.value()->parent_ = nullptr;
}
std::string Module::path() const {
  if (!parent_) return {};
  for (const auto& child : parent_->children_)
    if (child.value().get() == this) return joined(parent_->path(), child.key());
  return {};
}
void detail::add_path(const Module& module, Error& error) {
  if (error.context().empty()) error.add_context(module.path());
}

std::shared_ptr<void> detail::own_module(Module* module, void* contained) {
  return {std::shared_ptr<Module>(module), contained};
}
std::shared_ptr<Module> detail::share_module(const std::shared_ptr<void>& owner, Module* module) {
  return {owner, module};
}

const std::string& Module::name() const noexcept {
  if (name_.empty()) name_ = demangle(typeid(*this).name());
  return name_;
}

std::shared_ptr<Module> Module::clone(const std::optional<Device>&) const {
  throw NotImplementedError(
      fmt::format("[clone] clone() has not been implemented for {}; subclass "
                  "hearth::nn::Cloneable<{}> instead of hearth::nn::Module to inherit it",
                  name(), name()));
}
void Module::clone_(Module&, const std::optional<Device>&) {}

void Module::copy_state_of(const Module& from, const std::optional<Device>& device) {
  const auto check = [&](const char* kind, size_t mine, size_t theirs) {
    if (mine != theirs)
      throw ValueError(
          fmt::format("[clone] the cloned {} does not have the same number of {}s as the original after "
                      "calling reset() ({} and {}); register them all in reset()",
                      from.name(), kind, mine, theirs));
  };
  const auto copied = [&](const Tensor& t) { return device ? t.to(*device).clone() : t.clone(); };
  check("parameter", parameters_.size(), from.parameters_.size());
  for (const auto& p : from.parameters_)
    if (p.value().defined()) parameters_[p.key()].set_data(copied(p.value().detach()));
  check("buffer", buffers_.size(), from.buffers_.size());
  for (const auto& b : from.buffers_)
    if (b.value().defined()) buffers_[b.key()].set_data(copied(b.value().detach()));
  check("child module", children_.size(), from.children_.size());
  for (const auto& child : from.children_) children_[child.key()]->clone_(*child.value(), device);
}

void Module::visit(
    const std::function<void(const std::string&, const Module&, const std::shared_ptr<Module>&)>& function,
    const std::string& path, const std::shared_ptr<Module>& self) const {
  function(path, *this, self);
  for (const auto& child : children_)
    if (child.value()) child.value()->visit(function, joined(path, child.key()), child.value());
}

void Module::apply(const ModuleApplyFunction& function) {
  visit([&](const std::string&, const Module& m, const auto&) { function(const_cast<Module&>(m)); }, "", nullptr);
}
void Module::apply(const ConstModuleApplyFunction& function) const {
  visit([&](const std::string&, const Module& m, const auto&) { function(m); }, "", nullptr);
}
void Module::apply(const NamedModuleApplyFunction& function, const std::string& prefix) {
  visit([&](const std::string& path, const Module& m, const auto&) { function(path, const_cast<Module&>(m)); }, prefix,
        nullptr);
}
void Module::apply(const ConstNamedModuleApplyFunction& function, const std::string& prefix) const {
  visit([&](const std::string& path, const Module& m, const auto&) { function(path, m); }, prefix, nullptr);
}
void Module::apply(const ModulePointerApplyFunction& function) const {
  for (const auto& m : modules()) function(m);
}
void Module::apply(const NamedModulePointerApplyFunction& function, const std::string& prefix) const {
  for (const auto& m : named_modules(prefix)) function(m.key(), m.value());
}

namespace {
/// Members of every module of the tree, by path.
template <class Pick>
OrderedDict<std::string, Tensor> collect(const Module& root, bool recurse, Pick&& pick) {
  OrderedDict<std::string, Tensor> out;
  const auto take = [&](const std::string& path, const Module& m) {
    for (const auto& item : pick(m))
      if (item.value().defined()) out.insert(joined(path, item.key()), item.value());
  };
  if (recurse) {
    root.apply(Module::ConstNamedModuleApplyFunction(take));
  } else {
    take("", root);
  }
  return out;
}
}  // namespace

OrderedDict<std::string, Tensor> Module::named_parameters(bool recurse) const {
  return collect(
      *this, recurse, [](const Module& m) -> const auto& { return m.parameters_; });
}
OrderedDict<std::string, Tensor> Module::named_buffers(bool recurse) const {
  return collect(
      *this, recurse, [](const Module& m) -> const auto& { return m.buffers_; });
}
std::vector<Tensor> Module::parameters(bool recurse) const { return named_parameters(recurse).values(); }
std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& prefix,
                                                                        bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> out;
  std::shared_ptr<Module> self;
  if (include_self) {
    self = std::const_pointer_cast<Module>(weak_from_this().lock());
    if (!self)
      throw ValueError(
          fmt::format("[modules] {} is not held by a shared pointer, so it can't hand out one to itself; "
                      "make it with std::make_shared, or pass include_self=false",
                      name()));
  }
  visit(
      [&](const std::string& path, const Module&, const std::shared_ptr<Module>& m) {
        if (m && (include_self || m != self)) out.insert(path, m);
      },
      prefix, self);
  return out;
}
std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  return named_modules("", include_self).values();
}

StateDict Module::state_dict() const {
  StateDict out;
  apply(ConstNamedModuleApplyFunction([&](const std::string& path, const Module& m) {
    for (const auto* members : {&m.parameters_, &m.buffers_})
      for (const auto& item : *members)
        if (item.value().defined()) out.insert(joined(path, item.key()), item.value());
  }));
  return out;
}

namespace {
size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}
std::string nearest(const std::string& key, const StateDict& among) {
  const std::string* best = nullptr;
  size_t least = key.size();
  for (const auto& item : among)
    if (const size_t d = edit_distance(key, item.key()); d < least) {
      least = d;
      best = &item.key();
    }
  return best ? fmt::format(" (nearest: {})", *best) : std::string();
}
}  // namespace

void Module::load_state_dict(const StateDict& state, bool strict) {
  const StateDict own = state_dict();
  std::string problems;
  for (const auto& item : own) {
    const Tensor* given = state.find(item.key());
    if (!given) {
      if (strict) problems += fmt::format("\n  missing: {}{}", item.key(), nearest(item.key(), state));
    } else if (given->sizes() != item.value().sizes()) {
      problems += fmt::format("\n  shape: {} is {} but the module has {}", item.key(), shape_text(*given),
                              shape_text(item.value()));
    }
  }
  if (strict)
    for (const auto& item : state)
      if (!own.contains(item.key()))
        problems += fmt::format("\n  unexpected: {}{}", item.key(), nearest(item.key(), own));
  if (!problems.empty())
    throw ValueError(
        fmt::format("[load_state_dict] the state does not fit {}:{}\nload it with strict=false to take only "
                    "what fits, or map the names",
                    name(), problems));
  const NoGradGuard no_grad;
  for (const auto& item : own)
    if (const Tensor* given = state.find(item.key())) Tensor(item.value()).copy_(*given);
}

void Module::train(bool on) {
  for (const auto& child : children_)
    if (child.value()) child.value()->train(on);
  is_training_ = on;
}

void Module::convert(const TensorOptions& options) {
  const NoGradGuard no_grad;
  for (auto* members : {&parameters_, &buffers_})
    for (auto& item : *members) {
      Tensor& t = item.value();
      if (!t.defined()) continue;
      t.set_data(t.is_floating_point() ? t.detach().to(options) : t.detach().to(TensorOptions(options.device())));
    }
}
void Module::to(Device device, ScalarType dtype, bool non_blocking) {
  for (const auto& child : children_) child.value()->to(device, dtype, non_blocking);
  convert(TensorOptions(dtype).device(device));
}
void Module::to(ScalarType dtype, bool non_blocking) {
  for (const auto& child : children_) child.value()->to(dtype, non_blocking);
  convert(TensorOptions(dtype));
}
void Module::to(Device device, bool non_blocking) {
  for (const auto& child : children_) child.value()->to(device, non_blocking);
  convert(TensorOptions(device));
}

void Module::zero_grad(bool set_to_none) {
  for (const Tensor& p : parameters()) {
    Tensor& grad = p.mutable_grad();
    if (!grad.defined()) continue;
    if (set_to_none) {
      grad.reset();
    } else {
      grad = grad.detach();
      grad.zero_();
    }
  }
}

void Module::check_name(const char* kind, const std::string& name) {
  if (name.empty()) throw ValueError(fmt::format("[register] {} name must not be empty", kind));
  if (name.find('.') != std::string::npos)
    throw ValueError(fmt::format("[register] {} name must not contain a dot (got '{}')", kind, name));
}

void Module::register_child(std::string name, std::shared_ptr<Module> module) {
  check_name("Submodule", name);
  if (Module* child = children_.insert(std::move(name), std::move(module)).get()) child->parent_ = this;
}
void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  std::shared_ptr<Module>& child = children_[name];
  leave_children();
  child = std::move(module);
  adopt_children();
}
void Module::unregister_module(const std::string& name) {
  leave_children();
  children_.erase(name);
  adopt_children();
}
std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }
OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_name("Parameter", name);
  if (tensor.defined() && tensor.is_floating_point()) {
    tensor.set_requires_grad(requires_grad);
  } else if (tensor.defined() && requires_grad) {
    throw DtypeError(fmt::format("[register_parameter] parameter '{}' is {}, which has no gradient; pass "
                                 "requires_grad=false",
                                 name, toString(tensor.scalar_type())),
                     tensor.scalar_type(), kFloat);
  }
  return parameters_.insert(std::move(name), std::move(tensor));
}
Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("Buffer", name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

std::vector<AnyValue> Module::_forward_populate_default_args(std::vector<AnyValue>&&) {
  detail::throw_forward_default_args(name());
}

void Module::pretty_print(std::ostream& stream) const { stream << name(); }

void Module::print_tree(std::ostream& stream, const std::string& indentation) const {
  pretty_print(stream);
  if (children_.is_empty()) return;
  stream << "(\n";
  const std::string deeper = indentation + "  ";
  for (const auto& child : children_) {
    stream << deeper << "(" << child.key() << "): ";
    child.value()->print_tree(stream, deeper);
    stream << '\n';
  }
  stream << indentation << ")";
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.print_tree(stream, "");
  return stream;
}

}  // namespace nn
}  // namespace hearth
