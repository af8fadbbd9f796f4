#include "optim/fields.h"

#include <fmt/format.h>

#include <typeinfo>

#include "hearth/error.h"

namespace hearth::optim {

Fields::~Fields() = default;

void Fields::operator()(const std::string& name, bool& value) {
  int64_t number = value ? 1 : 0;
  (*this)(name, number);
  value = number != 0;
}

void Fields::operator()(const std::string& name, std::vector<double>& value) {
  Tensor list = tensor(ArrayRef<double>(value), kDouble);
  (*this)(name, list);
  value.clear();
  for (int64_t i = 0; i < list.numel(); ++i) value.push_back(list.reshape({-1})[i].item<double>());
}

void Fields::operator()(const std::string& name, std::tuple<double, double>& value) {
  (*this)(name + ".0", std::get<0>(value));
  (*this)(name + ".1", std::get<1>(value));
}

void Fields::operator()(const std::string&, std::optional<std::string>&) {}

void WriteFields::operator()(const std::string& name, Tensor& value) {
  if (value.defined()) out_.insert(prefix_ + name, value);
}
void WriteFields::operator()(const std::string& name, double& value) {
  out_.insert(prefix_ + name, full({}, value, kDouble));
}
void WriteFields::operator()(const std::string& name, int64_t& value) {
  out_.insert(prefix_ + name, full({}, value, kLong));
}
void WriteFields::operator()(const std::string& name, std::vector<Tensor>& value) {
  for (size_t i = 0; i < value.size(); ++i) (*this)(fmt::format("{}.{}", name, i), value[i]);
}

const Tensor* ReadFields::find(const std::string& name) {
  const Tensor* t = from_.find(prefix_ + name);
  if (t && !t->defined())
    throw ValueError(fmt::format("[optim] the state's entry \"{}{}\" is an undefined tensor", prefix_, name));
  taken_ += t ? 1 : 0;
  return t;
}
const Tensor* ReadFields::find_number(const std::string& name) {
  const Tensor* t = find(name);
  if (t && t->numel() != 1)
    throw ShapeError(fmt::format("[optim] the state's entry \"{}{}\" has shape {} but should be one number", prefix_,
                                 name, to_string(t->sizes())),
                     t->sizes().vec(), {});
  return t;
}

void ReadFields::operator()(const std::string& name, Tensor& value) {
  const Tensor* t = find(name);
  if (t) value = admit_ ? admit_(name, *t) : t->detach().clone();
}
void ReadFields::operator()(const std::string& name, double& value) {
  if (const Tensor* t = find_number(name)) value = t->item<double>();
}
void ReadFields::operator()(const std::string& name, int64_t& value) {
  const Tensor* t = find_number(name);
  if (!t) return;
  const auto given = t->item<int64_t>();
  if (given < 0 && (name.ends_with("step") || name.ends_with("n_iter") || name.ends_with("step_count")))
    throw ValueError(fmt::format("[optim] the state's entry \"{}{}\" is {}, but counts from 0; is it damaged?", prefix_,
                                 name, given));
  value = given;
}
void ReadFields::operator()(const std::string& name, std::vector<Tensor>& value) {
  value.clear();
  for (Tensor t; from_.contains(fmt::format("{}{}.{}", prefix_, name, value.size())); t = Tensor()) {
    (*this)(fmt::format("{}.{}", name, value.size()), t);
    value.push_back(t);
  }
}

namespace {
/// Fields show only what may be assigned, but writing assigns nothing.
template <class T>
nn::StateDict fields_of(const T& x) {
  nn::StateDict out;
  WriteFields write(out, "");
  const_cast<T&>(x).visit(write);
  return out;
}
bool same(const nn::StateDict& a, const nn::StateDict& b) {
  if (a.size() != b.size()) return false;
  for (const auto& item : a) {
    const Tensor* other = b.find(item.key());
    if (!other || other->scalar_type() != item.value().scalar_type() || !equal(*other, item.value())) return false;
  }
  return true;
}
}  // namespace

bool detail::same_fields(const OptimizerOptions& a, const OptimizerOptions& b) {
  return typeid(a) == typeid(b) && a.get_lr() == b.get_lr() && same(fields_of(a), fields_of(b));
}
bool detail::same_fields(const OptimizerParamState& a, const OptimizerParamState& b) {
  return typeid(a) == typeid(b) && same(fields_of(a), fields_of(b));
}

}  // namespace hearth::optim
