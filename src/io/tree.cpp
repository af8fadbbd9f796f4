#include "io/tree.h"

#include "base/fail.h"

namespace hearth::io {
namespace {

std::string key_text(const IValue& key) { return key.isInt() ? std::to_string(key.toInt()) : key.toStringRef(); }

void collect(nn::StateDict& out, const std::string& path, const IValue& v) {
  const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
  if (v.isTensor()) {
    out.insert(path, v.toTensor());
  } else if (v.isTensorList()) {
    for (size_t i = 0; i < v.toTensorVector().size(); ++i) out.insert(below(std::to_string(i)), v.toTensorVector()[i]);
  } else if (v.isTuple() || (v.isList() && !v.isIntList() && !v.isDoubleList())) {
    const std::vector<IValue>& items = v.isTuple() ? v.toTupleRef() : v.toListRef();
    for (size_t i = 0; i < items.size(); ++i) collect(out, below(std::to_string(i)), items[i]);
  } else if (v.isGenericDict() && v.find("_parameters") && v.find("_buffers") && v.find("_modules")) {
    for (const char* part : {"_parameters", "_buffers", "_modules"}) collect(out, path, v.at(part));
  } else if (v.isGenericDict()) {
    for (const auto& [key, item] : v.toGenericDict()) collect(out, below(key_text(key)), item);
  }
}

bool is_number(const IValue& v) { return v.isScalar(); }

/// A 0-dim tensor as a Python number.
IValue number_of(const std::string& name, const Tensor& t) {
  for (const char* flag : {"amsgrad", "maximize", "nesterov", "centered", "decoupled_weight_decay"})
    if (name == flag) return t.item<int64_t>() != 0;
  return IValue(t.item());
}

bool is_index(const std::string& text) {
  return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

/// Adds "betas.0", "betas.1" to the list at "betas", anything else under its name.
void put(IValue::Dict& out, const std::string& name, IValue value) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos || !is_index(name.substr(dot + 1))) {
    out.emplace_back(name, std::move(value));
    return;
  }
  const std::string list = name.substr(0, dot);
  if (out.empty() || out.back().first.toStringRef() != list) out.emplace_back(list, IValue::Tuple{});
  std::vector<IValue> items = out.back().second.toTupleRef();
  items.push_back(std::move(value));
  out.back().second = IValue::Tuple{std::move(items)};
}

Tensor as_tensor(const IValue& v) {
  if (v.isTensor()) return v.toTensor();
  return v.isDouble() ? full({}, v.toDouble(), kDouble) : full({}, v.isBool() ? int64_t{v.toBool()} : v.toInt(), kLong);
}

/// Adds a value of Python's as `name`, the items of a list as `name`.0 and so on; None and strings are nothing.
void put_flat(nn::StateDict& out, const std::string& name, const IValue& v) {
  if (v.isTensor() || is_number(v)) {
    out.insert(name, as_tensor(v));
  } else if (v.isTuple() || (v.isList() && !v.isTensorList() && !v.isIntList() && !v.isDoubleList())) {
    const std::vector<IValue>& items = v.isTuple() ? v.toTupleRef() : v.toListRef();
    for (size_t i = 0; i < items.size(); ++i) put_flat(out, fmt::format("{}.{}", name, i), items[i]);
  } else if (v.isGenericDict()) {
    for (const auto& [key, item] : v.toGenericDict()) put_flat(out, name + "." + key_text(key), item);
  }
}

/// What a file keeps of one parameter group, whoever wrote it.
struct Group {
  const IValue* options = nullptr;
  std::vector<const IValue*> states;  // null: nothing is known of this parameter
};

std::vector<Group> python_groups(const IValue& tree) {
  std::vector<Group> groups;
  const IValue& state = tree.at("state");
  for (const IValue& group : tree.at("param_groups").toListRef()) {
    groups.push_back({&group, {}});
    for (const IValue& number : group.at("params").toListRef())
      groups.back().states.push_back(state.find(number.toInt()));
  }
  return groups;
}

std::vector<Group> libtorch_groups(const IValue& tree) {
  std::vector<Group> groups;
  const IValue &state = tree.at("state"), &list = tree.at("param_groups");
  const auto count = [](const IValue& v, const std::string& name) {
    const Tensor size = as_tensor(v.at(name + "/size"));
    if (size.numel() != 1) fail("[load] the file's entry {}/size is no number; was an optimizer saved in it?", name);
    return size.item<int64_t>();
  };
  for (int64_t g = 0; g < count(list, "param_groups"); ++g) {
    const IValue& group = list.at(fmt::format("param_groups/{}", g));
    groups.push_back({&group.at("options"), {}});
    for (int64_t i = 0; i < count(group, "params"); ++i)
      groups.back().states.push_back(state.find(group.at(fmt::format("params/{}", i)).toStringRef()));
  }
  return groups;
}

/// The settings of a group that are text, as Python's entries; None where unset.
class Texts : public optim::Fields {
 public:
  explicit Texts(IValue::Dict& out) : out_(out) {}
  using Fields::operator();
  void operator()(const std::string&, Tensor&) override {}
  void operator()(const std::string&, double&) override {}
  void operator()(const std::string&, int64_t&) override {}
  void operator()(const std::string&, std::vector<Tensor>&) override {}
  void operator()(const std::string&, std::vector<double>&) override {}
  void operator()(const std::string& name, std::optional<std::string>& value) override {
    out_.emplace_back(name, IValue(value));
  }

 private:
  IValue::Dict& out_;
};

}  // namespace

nn::StateDict tensors_of(const IValue& tree) {
  nn::StateDict out;
  if (!tree.isTensor()) collect(out, "", tree);
  if (tree.isTensor()) out.insert("0", tree.toTensor());
  return out;
}

IValue dict_of(const nn::StateDict& state) {
  IValue::Dict out;
  for (const auto& item : state) out.emplace_back(item.key(), item.value());
  return out;
}

IValue map_tensors(const IValue& tree, const std::function<Tensor(const Tensor&)>& f) {
  if (tree.isTensor()) return f(tree.toTensor());
  if (tree.isTensorList()) {
    std::vector<Tensor> out;
    for (const Tensor& t : tree.toTensorVector()) out.push_back(f(t));
    return out;
  }
  if (tree.isGenericDict()) {
    IValue::Dict out;
    for (const auto& [key, item] : tree.toGenericDict()) out.emplace_back(key, map_tensors(item, f));
    return out;
  }
  if (!tree.isTuple() && (!tree.isList() || tree.isIntList() || tree.isDoubleList())) return tree;
  std::vector<IValue> out;
  for (const IValue& item : tree.isTuple() ? tree.toTupleRef() : tree.toListRef()) out.push_back(map_tensors(item, f));
  if (tree.isTuple()) return IValue::Tuple{std::move(out)};
  return out;
}

IValue python_state(const optim::Optimizer& optimizer) {
  const nn::StateDict flat = optimizer.state_dict();
  std::vector<const Tensor*> parameters;
  std::vector<IValue> groups;
  for (const optim::OptimizerParamGroup& group : optimizer.param_groups()) {
    IValue::Dict options;
    const std::string prefix = fmt::format("group.{}.", groups.size());
    for (const auto& item : flat)
      if (item.key().compare(0, prefix.size(), prefix) == 0) {
        const std::string name = item.key().substr(prefix.size());
        put(options, name, item.value().dim() == 0 ? number_of(name, item.value()) : IValue(item.value()));
      }
    Texts texts(options);
    group.options().clone()->visit(texts);
    std::vector<IValue> numbers;
    for (const Tensor& p : group.params()) {
      numbers.emplace_back(static_cast<int64_t>(parameters.size()));
      parameters.push_back(&p);
    }
    options.emplace_back("params", std::move(numbers));
    groups.emplace_back(std::move(options));
  }
  std::vector<IValue::Dict> states(parameters.size());
  for (const auto& item : flat) {
    const size_t dot = item.key().find('.');
    if (!is_index(item.key().substr(0, dot))) continue;
    const size_t number = std::stoul(item.key());
    const std::string name = item.key().substr(dot + 1);
    const Tensor& t = item.value();
    if (name == "step") {  // a float tensor since PyTorch 1.12
      states.at(number).emplace_back(name, t.to(t.item<int64_t>() < (1 << 24) ? kFloat : kDouble));
    } else {
      const bool counts = t.dim() == 0 && (t.scalar_type() == kLong || parameters.at(number)->dim() > 0);
      put(states.at(number), name, counts ? number_of(name, t) : IValue(t.detach()));
    }
  }
  IValue::Dict state;
  for (IValue::Dict& entries : states)
    for (auto& [name, value] : entries)
      if (value.isTuple()) value = std::vector<IValue>(value.toTupleRef());  // Python's LBFGS appends to its lists
  for (size_t i = 0; i < states.size(); ++i)
    if (!states[i].empty()) state.emplace_back(static_cast<int64_t>(i), std::move(states[i]));
  return IValue::Dict{{"state", std::move(state)}, {"param_groups", std::move(groups)}};
}

nn::StateDict optimizer_state(const IValue& tree, const optim::Optimizer& optimizer) {
  const bool nested = tree.isGenericDict() && tree.find("state") && tree.find("param_groups");
  if (!nested) return tensors_of(tree);
  const bool libtorch = tree.at("param_groups").isGenericDict();
  const std::vector<Group> groups = libtorch ? libtorch_groups(tree) : python_groups(tree);
  if (groups.size() != optimizer.param_groups().size())
    fail("[load] the file has {} parameter groups but the optimizer has {}; make it with the groups that were saved",
         groups.size(), optimizer.param_groups().size());
  const nn::StateDict own = optimizer.state_dict();
  nn::StateDict out;
  size_t number = 0;
  for (size_t g = 0; g < groups.size(); ++g) {
    const size_t mine = optimizer.param_groups()[g].params().size();
    if (groups[g].states.size() != mine)
      fail("[load] group {} of the file has {} parameters but the optimizer's has {}; make it for the same module", g,
           groups[g].states.size(), mine);
    nn::StateDict options;
    put_flat(options, fmt::format("group.{}", g), *groups[g].options);
    for (const auto& item : options)
      if (own.contains(item.key()) || item.key() == fmt::format("group.{}.initial_lr", g))
        out.insert(item.key(), item.value());
    for (const IValue* state : groups[g].states) {
      if (state) put_flat(out, std::to_string(number), *state);
      ++number;
    }
  }
  return out;
}

}  // namespace hearth::io
