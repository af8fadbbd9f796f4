#include "hearth/ivalue.h"

#include <variant>

#include "base/fail.h"

namespace hearth {

namespace {
constexpr const char* kKinds[] = {"None",         "Tensor",    "bool",        "int",  "double", "str",
                                  "List[Tensor]", "List[int]", "List[float]", "List", "Dict",   "Tuple"};

template <class T, class Value>
const T& get(const std::unique_ptr<Value>& value, const char* wanted) {
  const T* held = value ? std::get_if<T>(&value->held) : nullptr;
  if (held) return *held;
  fail<TypeError>("[IValue] a {} is asked for, but the value is a {}; ask for what was stored", wanted,
                  kKinds[value ? value->held.index() : 0]);
}
}  // namespace

struct IValue::Value {
  std::variant<std::monostate, Tensor, bool, int64_t, double, std::string, std::vector<Tensor>, std::vector<int64_t>,
               std::vector<double>, std::vector<IValue>, Dict, Tuple>
      held;
};

size_t IValue::kind() const { return value_ ? value_->held.index() : 0; }

IValue::IValue() = default;
IValue::IValue(const IValue& other) : value_(other.value_ ? std::make_unique<Value>(*other.value_) : nullptr) {}
IValue::IValue(IValue&& other) noexcept = default;
IValue& IValue::operator=(const IValue& other) { return *this = IValue(other); }
IValue& IValue::operator=(IValue&& other) noexcept = default;
IValue::~IValue() = default;
IValue::IValue(std::nullopt_t) {}
IValue::IValue(Tensor value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(bool value) : value_(std::make_unique<Value>(Value{value})) {}
IValue::IValue(int value) : value_(std::make_unique<Value>(Value{int64_t{value}})) {}
IValue::IValue(int64_t value) : value_(std::make_unique<Value>(Value{value})) {}
IValue::IValue(double value) : value_(std::make_unique<Value>(Value{value})) {}
IValue::IValue(const char* value) : value_(std::make_unique<Value>(Value{std::string(value)})) {}
IValue::IValue(std::string value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(std::vector<Tensor> value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(std::vector<int64_t> value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(std::vector<double> value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(std::vector<IValue> value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(Dict value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(Tuple value) : value_(std::make_unique<Value>(Value{std::move(value)})) {}
IValue::IValue(const Scalar& value) {
  if (value.isBoolean()) {
    *this = value.to<bool>();
  } else if (value.isIntegral(false)) {
    *this = value.to<int64_t>();
  } else {
    *this = value.to<double>();
  }
}

const char* IValue::tagKind() const { return kKinds[kind()]; }
const Tensor& IValue::toTensor() const { return get<Tensor>(value_, "Tensor"); }
bool IValue::toBool() const { return get<bool>(value_, "bool"); }
int64_t IValue::toInt() const { return get<int64_t>(value_, "int"); }
double IValue::toDouble() const { return get<double>(value_, "double"); }
Scalar IValue::toScalar() const {
  return isDouble() ? Scalar(toDouble()) : isBool() ? Scalar(toBool()) : Scalar(toInt());
}
const std::string& IValue::toStringRef() const { return get<std::string>(value_, "str"); }
const std::vector<Tensor>& IValue::toTensorVector() const { return get<std::vector<Tensor>>(value_, "List[Tensor]"); }
const std::vector<int64_t>& IValue::toIntVector() const { return get<std::vector<int64_t>>(value_, "List[int]"); }
const std::vector<double>& IValue::toDoubleVector() const { return get<std::vector<double>>(value_, "List[float]"); }
const std::vector<IValue>& IValue::toListRef() const { return get<std::vector<IValue>>(value_, "List"); }

const IValue::Dict& IValue::toGenericDict() const { return get<Dict>(value_, "Dict"); }
IValue::Dict& IValue::toGenericDict() { return const_cast<Dict&>(std::as_const(*this).toGenericDict()); }
const std::vector<IValue>& IValue::toTupleRef() const { return get<Tuple>(value_, "Tuple").items; }

const IValue* IValue::find(const std::string& key) const {
  for (const auto& [name, value] : toGenericDict())
    if (name.isString() && name.toStringRef() == key) return &value;
  return nullptr;
}
const IValue* IValue::find(int64_t key) const {
  for (const auto& [name, value] : toGenericDict())
    if (name.isInt() && name.toInt() == key) return &value;
  return nullptr;
}
const IValue& IValue::at(const std::string& key) const {
  if (const IValue* value = find(key)) return *value;
  std::string keys;
  for (const auto& entry : toGenericDict()) {
    const IValue& name = entry.first;
    keys +=
        fmt::format("{}{}", keys.empty() ? "" : ", ", name.isInt() ? std::to_string(name.toInt()) : name.toStringRef());
    if (keys.size() > 500) break;
  }
  fail("[IValue] the dictionary has no key \"{}\"; it has {}", key, keys.empty() ? "none" : keys);
}

}  // namespace hearth
