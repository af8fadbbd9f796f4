#include "hearth/optim/optimizer.h"

#include <fmt/format.h>

#include <unordered_set>

#include "hearth/error.h"
#include "optim/fields.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
[[noreturn]] void not_there(const char* what) {
  throw NotImplementedError(fmt::format("[optim] this class has no {}; derive from OptimizerCloneable…", what));
}
}  // namespace

OptimizerParamState::~OptimizerParamState() = default;
std::unique_ptr<OptimizerParamState> OptimizerParamState::clone() const { not_there("clone()"); }
void OptimizerParamState::assign(OptimizerParamState&&) { not_there("assign()"); }
void OptimizerParamState::visit(Fields&) {}
OptimizerOptions::~OptimizerOptions() = default;
std::unique_ptr<OptimizerOptions> OptimizerOptions::clone() const { not_there("clone()"); }
double OptimizerOptions::get_lr() const { not_there("get_lr()"); }
void OptimizerOptions::set_lr(double) { not_there("set_lr()"); }
void OptimizerOptions::visit(Fields&) {}
Optimizer::~Optimizer() = default;

OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& other)
    : params_(other.params_),
      options_(other.options_ ? other.options_->clone() : nullptr),
      initial_lr_(other.initial_lr_) {}

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

namespace {
/// Throws unless `added` are leaves that are in no group yet.
void check_parameters(const std::vector<OptimizerParamGroup>& groups, const std::vector<Tensor>& added) {
  std::unordered_set<const void*> seen;
  for (const OptimizerParamGroup& own : groups)
    for (const Tensor& p : own.params()) seen.insert(p.unsafeGetTensorImpl());
  for (size_t i = 0; i < added.size(); ++i) {
    const Tensor& p = added[i];
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
}
}  // namespace

void Optimizer::add_param_group(const OptimizerParamGroup& group) {
  check_parameters(param_groups_, group.params());
  OptimizerParamGroup own(group);
  if (!own.has_options()) own.set_options(defaults_->clone());
  check_options(own.options());
  param_groups_.push_back(std::move(own));
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  std::vector<Tensor>& own = this->parameters();
  check_parameters(param_groups_, parameters);
  own.insert(own.end(), parameters.begin(), parameters.end());
}

std::vector<Tensor>& Optimizer::parameters() {
  if (param_groups_.empty()) throw ValueError("[optim] the optimizer has no parameter groups; add_param_group() first");
  return param_groups_[0].params();
}
const std::vector<Tensor>& Optimizer::parameters() const { return const_cast<Optimizer*>(this)->parameters(); }

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

std::unique_ptr<OptimizerParamState> Optimizer::make_state() const { return nullptr; }
void Optimizer::check_options(const OptimizerOptions&) const {}
void Optimizer::check_all_options() const {
  check_options(*defaults_);
  for (const OptimizerParamGroup& group : param_groups_) check_options(group.options());
}

void Optimizer::check_state(const Tensor& p, const std::string& name, const Tensor& value) const {
  if (value.sizes() != p.sizes())
    throw ShapeError(fmt::format("[optim] state \"{}\" has shape {} but the parameter has {}", name,
                                 to_string(value.sizes()), to_string(p.sizes())),
                     value.sizes().vec(), p.sizes().vec());
}

Tensor Optimizer::evaluate(const LossClosure& closure) {
  if (!closure) return Tensor();
  const AutoGradMode enable(true);
  return closure();
}

nn::StateDict Optimizer::state_dict() const {
  nn::StateDict out;
  size_t number = 0;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    const OptimizerParamGroup& group = param_groups_[g];
    WriteFields write(out, fmt::format("group.{}.", g));
    double lr = group.options().get_lr();
    write("lr", lr);
    if (std::optional<double> first = group.initial_lr()) write("initial_lr", *first);
    group.options().clone()->visit(write);
    for (const Tensor& p : group.params()) {
      const auto entry = state_.find(state_key(p));
      WriteFields write_state(out, fmt::format("{}.", number++));
      if (entry != state_.end()) entry->second->visit(write_state);
    }
  }
  return out;
}

namespace {
/// Names one entry that nobody took.
[[noreturn]] void fail_unused(const nn::StateDict& state, size_t used, size_t parameters, size_t groups) {
  for (const auto& item : state) {
    const std::string& key = item.key();
    const bool group = key.rfind("group.", 0) == 0;
    const size_t number = std::strtoull(key.c_str() + (group ? 6 : 0), nullptr, 10);
    if (number >= (group ? groups : parameters))
      throw ValueError(fmt::format("[optim] the state has an entry \"{}\" but there are only {} {}", key,
                                   group ? groups : parameters, group ? "parameter groups" : "parameters"));
  }
  throw ValueError(
      fmt::format("[optim] {} of the state's {} entries are not this optimizer's; was it saved by another kind of "
                  "optimizer?",
                  state.size() - used, state.size()));
}
}  // namespace

void Optimizer::load_state_dict(const nn::StateDict& state) {
  const NoGradGuard no_grad;
  State loaded;
  std::vector<OptimizerParamGroup> groups(param_groups_);
  size_t used = 0, number = 0;
  for (size_t g = 0; g < groups.size(); ++g) {
    ReadFields read(state, fmt::format("group.{}.", g));
    double lr = 0, first = 0;
    read("lr", lr);
    if (read.taken() == 0)
      throw ValueError(fmt::format("[optim] the state has no learning rate of group {} (\"group.{}.lr\")", g, g));
    groups[g].options().set_lr(lr);
    read("initial_lr", first);
    if (read.taken() == 2) groups[g].initial_lr() = first;
    groups[g].options().visit(read);
    check_options(groups[g].options());
    used += read.taken();
    for (const Tensor& p : groups[g].params()) {
      const std::string prefix = fmt::format("{}.", number++);
      const std::unique_ptr<OptimizerParamState> entry = make_state();
      ReadFields read_state(state, prefix, [&](const std::string& name, const Tensor& value) {
        check_state(p, prefix + name, value);
        return value.detach().to(p.scalar_type()).clone();
      });
      if (entry) entry->visit(read_state);
      used += read_state.taken();
      if (read_state.taken() != 0) loaded[state_key(p)] = entry->clone();
    }
  }
  if (used != state.size()) fail_unused(state, used, number, groups.size());
  state_ = std::move(loaded);
  for (size_t g = 0; g < groups.size(); ++g) {  // references to the groups and their parameters stay good
    param_groups_[g].set_options(groups[g].options().clone());
    param_groups_[g].initial_lr() = groups[g].initial_lr();
  }
}

}  // namespace hearth::optim
