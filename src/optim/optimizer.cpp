#include "hearth/optim/optimizer.h"

#include <fmt/format.h>

#include <cmath>
#include <unordered_set>

#include "hearth/error.h"

namespace hearth::optim {

OptimizerParamState::~OptimizerParamState() = default;
OptimizerOptions::~OptimizerOptions() = default;
Optimizer::~Optimizer() = default;

OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& other)
    : params_(other.params_), options_(other.options_ ? other.options_->clone() : nullptr) {}

OptimizerOptions& OptimizerParamGroup::options() {
  if (!options_) throw ValueError("[optim] this parameter group has no options yet; add it to an optimizer first");
  return *options_;
}
const OptimizerOptions& OptimizerParamGroup::options() const {
  return const_cast<OptimizerParamGroup*>(this)->options();
}

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  for (const OptimizerParamGroup& group : param_groups) add_param_group(group);
}
Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  add_param_group(OptimizerParamGroup(std::move(parameters)));
}

void Optimizer::add_param_group(const OptimizerParamGroup& group) {
  std::unordered_set<const void*> seen;
  for (const OptimizerParamGroup& own : param_groups_)
    for (const Tensor& p : own.params()) seen.insert(p.unsafeGetTensorImpl());
  for (size_t i = 0; i < group.params().size(); ++i) {
    const Tensor& p = group.params()[i];
    if (!p.defined()) throw TypeError(fmt::format("[optim] parameter {} of the group is an undefined tensor", i));
    if (!p.is_leaf())
      throw ValueError(
          fmt::format("[optim] can't optimize a non-leaf Tensor (parameter {}, shape {}); pass module "
                      "parameters, or leaves that require gradients",
                      i, to_string(p.sizes())));
    if (!seen.insert(p.unsafeGetTensorImpl()).second)
      throw ValueError(fmt::format("[optim] parameter {} (shape {}) appears more than once in the parameter groups", i,
                                   to_string(p.sizes())));
  }
  OptimizerParamGroup own(group.params(), group.has_options() ? group.options().clone() : defaults_->clone());
  param_groups_.push_back(std::move(own));
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  std::vector<Tensor>& own = param_groups_.at(0).params();
  own.insert(own.end(), parameters.begin(), parameters.end());
}

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& group : param_groups_)
    for (const Tensor& p : group.params()) {
      Tensor& grad = p.mutable_grad();
      if (!grad.defined()) continue;
      if (set_to_none) {
        grad.reset();
      } else {
        if (grad.requires_grad()) grad = grad.detach();
        grad.zero_();
      }
    }
}

size_t Optimizer::size() const noexcept {
  size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

std::string Optimizer::key_of(const Tensor& p) {
  return std::to_string(reinterpret_cast<uintptr_t>(p.unsafeGetTensorImpl()));
}

void Optimizer::check_option(const char* optimizer, const char* option, double value, double least, double below) {
  if (std::isfinite(value) && value >= least && value < below) return;
  const std::string range =
      std::isinf(below) ? fmt::format("at least {}", least) : fmt::format("at least {} and below {}", least, below);
  throw ValueError(fmt::format("[{}] Invalid {}: {}; it must be {}", optimizer, option, value, range));
}

nn::StateDict Optimizer::state_dict() const {
  nn::StateDict out;
  size_t number = 0;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    out.insert(fmt::format("group.{}.lr", g), full({}, param_groups_[g].options().get_lr(), kDouble));
    for (const Tensor& p : param_groups_[g].params()) {
      const std::string prefix = std::to_string(number++) + ".";
      const auto entry = state_.find(key_of(p));
      if (entry == state_.end()) continue;
      entry->second->visit(
          [&](const char* name, Tensor& t) {
            if (t.defined()) out.insert(prefix + name, t);
          },
          [&](const char* name, int64_t& n) { out.insert(prefix + name, full({}, n, kLong)); });
    }
  }
  return out;
}

void Optimizer::load_state_dict(const nn::StateDict& state) {
  const NoGradGuard no_grad;
  State loaded;
  std::vector<double> rates;
  size_t used = 0, number = 0;
  const auto take = [&](const std::string& key) -> const Tensor* {
    const Tensor* t = state.find(key);
    used += t ? 1 : 0;
    return t;
  };
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    const Tensor* lr = take(fmt::format("group.{}.lr", g));
    if (!lr)
      throw ValueError(fmt::format("[optim] the state has no learning rate of group {} (\"group.{}.lr\")", g, g));
    rates.push_back(lr->item<double>());
    for (const Tensor& p : param_groups_[g].params()) {
      const std::string prefix = std::to_string(number++) + ".";
      std::unique_ptr<OptimizerParamState> entry = make_state();
      bool any = false;
      entry->visit(
          [&](const char* name, Tensor& t) {
            const Tensor* given = take(prefix + name);
            if (!given) return;
            if (given->sizes() != p.sizes())
              throw ShapeError(fmt::format("[optim] state \"{}{}\" has shape {} but the parameter has {}", prefix, name,
                                           to_string(given->sizes()), to_string(p.sizes())),
                               given->sizes().vec(), p.sizes().vec());
            t = given->to(p.scalar_type()).clone();
            any = true;
          },
          [&](const char* name, int64_t& n) {
            if (const Tensor* given = take(prefix + name)) {
              n = given->item<int64_t>();
              any = true;
            }
          });
      if (any) loaded[key_of(p)] = std::move(entry);
    }
  }
  if (used != state.size())
    for (const auto& item : state) {
      const std::string& key = item.key();
      const size_t dot = key.find('.');
      const bool group = key.substr(0, dot) == "group";
      if (!group && std::strtoull(key.c_str(), nullptr, 10) >= number)
        throw ValueError(
            fmt::format("[optim] the state has an entry \"{}\" but there are only {} parameters", key, number));
    }
  if (used != state.size())
    throw ValueError(
        fmt::format("[optim] {} of the state's {} entries are not this optimizer's; was it saved by another "
                    "kind of optimizer?",
                    state.size() - used, state.size()));
  state_ = std::move(loaded);
  for (size_t g = 0; g < rates.size(); ++g) param_groups_[g].options().set_lr(rates[g]);
}

}  // namespace hearth::optim
