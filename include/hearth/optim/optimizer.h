#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "hearth/nn/module.h"

namespace hearth::optim {

/// Goes over the fields of options, of a parameter's state or of a scheduler by their names; it may read each or
/// assign it.
class HEARTH_API Fields {
 public:
  virtual ~Fields();
  virtual void operator()(const std::string& name, Tensor& value) = 0;
  virtual void operator()(const std::string& name, double& value) = 0;
  virtual void operator()(const std::string& name, int64_t& value) = 0;
  virtual void operator()(const std::string& name, std::vector<Tensor>& value) = 0;
  // Unless overridden, these are shown as values of the kinds above; text isn't shown, a state dict having no place for
  // it.
  virtual void operator()(const std::string& name, bool& value);
  virtual void operator()(const std::string& name, std::vector<double>& value);
  virtual void operator()(const std::string& name, std::tuple<double, double>& value);
  virtual void operator()(const std::string& name, std::optional<std::string>& value);
};

/// What an optimizer remembers of one parameter.
class HEARTH_API OptimizerParamState {
 public:
  virtual ~OptimizerParamState();
  virtual std::unique_ptr<OptimizerParamState> clone() const;
  /// Becomes what `other`, of the same class, is.
  virtual void assign(OptimizerParamState&& other);
  /// Shows what belongs into a state dict.
  virtual void visit(Fields& fields);
  /// The same to an archive and from it, each field under its name; tensors that are undefined, or not there, are left
  /// out. Throws ValueError for a number that is not there.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
};
template <class Derived>
class HEARTH_API OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override;
  void assign(OptimizerParamState&& other) override;
};
// Not inline, so that those of the library's own optimizers are compiled in src/optim/library_optimizers.cpp alone.
template <class Derived>
std::unique_ptr<OptimizerParamState> OptimizerCloneableParamState<Derived>::clone() const {
  return std::make_unique<Derived>(static_cast<const Derived&>(*this));
}
template <class Derived>
void OptimizerCloneableParamState<Derived>::assign(OptimizerParamState&& other) {
  static_cast<Derived&>(*this) = std::move(dynamic_cast<Derived&>(other));
}

/// The settings of one parameter group.
class HEARTH_API OptimizerOptions {
 public:
  virtual ~OptimizerOptions();
  virtual std::unique_ptr<OptimizerOptions> clone() const;
  virtual double get_lr() const;
  virtual void set_lr(double lr);
  /// Shows the numbers, but the learning rate, that belong into a state dict.
  virtual void visit(Fields& fields);
  /// The same and the learning rate to an archive and from it, each under its name. Throws ValueError for a number that
  /// is not there.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
};
template <class Derived>
class HEARTH_API OptimizerCloneableOptions : public OptimizerOptions {
 public:
  double get_lr() const override;
  void set_lr(double lr) override;
  std::unique_ptr<OptimizerOptions> clone() const override;
};
template <class Derived>
double OptimizerCloneableOptions<Derived>::get_lr() const {
  return static_cast<const Derived&>(*this).lr();
}
template <class Derived>
void OptimizerCloneableOptions<Derived>::set_lr(double lr) {
  static_cast<Derived&>(*this).lr(lr);
}
template <class Derived>
std::unique_ptr<OptimizerOptions> OptimizerCloneableOptions<Derived>::clone() const {
  return std::make_unique<Derived>(static_cast<const Derived&>(*this));
}

namespace detail {
HEARTH_API bool same_fields(const OptimizerOptions& a, const OptimizerOptions& b);
HEARTH_API bool same_fields(const OptimizerParamState& a, const OptimizerParamState& b);
}  // namespace detail
template <class Derived>
bool operator==(const OptimizerCloneableOptions<Derived>& a, const OptimizerCloneableOptions<Derived>& b) {
  return detail::same_fields(a, b);
}
template <class Derived>
bool operator==(const OptimizerCloneableParamState<Derived>& a, const OptimizerCloneableParamState<Derived>& b) {
  return detail::same_fields(a, b);
}

/// Parameters that share settings.
class HEARTH_API OptimizerParamGroup {
 public:
  OptimizerParamGroup(const OptimizerParamGroup& other);
  OptimizerParamGroup(OptimizerParamGroup&&) = default;
  OptimizerParamGroup& operator=(OptimizerParamGroup&&) = default;
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}  // NOLINT: implicit, as in LibTorch
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  bool has_options() const { return options_ != nullptr; }
  /// Throws where the group has none yet.
  OptimizerOptions& options();
  const OptimizerOptions& options() const;
  void set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }
  /// The learning rate that schedulers start from: the group's own when the first of them came.
  std::optional<double>& initial_lr() { return initial_lr_; }
  const std::optional<double>& initial_lr() const { return initial_lr_; }

 private:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
  std::optional<double> initial_lr_;
};

/// The base of every optimizer: parameter groups, and a state for each parameter by the address of its impl.
class HEARTH_API Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  using State = std::unordered_map<std::string, std::unique_ptr<OptimizerParamState>>;

  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(Optimizer&&) = default;
  explicit Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults);
  explicit Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  virtual ~Optimizer();

  /// Moves the parameters by their gradients; those without one stay. A closure is called first, with grad mode on,
  /// and its loss returned.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  /// Makes every gradient zero, or undefined with set_to_none.
  void zero_grad(bool set_to_none = false);

  void add_param_group(const OptimizerParamGroup& group);
  /// Adds to the first group.
  void add_parameters(const std::vector<Tensor>& parameters);
  /// Those of the first group.
  const std::vector<Tensor>& parameters() const;
  std::vector<Tensor>& parameters();
  /// How many parameters there are in all groups.
  size_t size() const noexcept;
  OptimizerOptions& defaults() noexcept { return *defaults_; }
  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  State& state() noexcept { return state_; }
  const State& state() const noexcept { return state_; }

  /// The state of all parameters as tensors named by their number: "0.exp_avg", "0.step" (int64, 0-dim), and each
  /// group's numbers, "group.0.lr", "group.0.weight_decay" (0-dim). Tensors are shared with the optimizer.
  nn::StateDict state_dict() const;
  /// Throws, and changes nothing, where the entries don't fit the parameters or are another optimizer's. A group's
  /// numbers that are not there, but the learning rate, stay as they are.
  void load_state_dict(const nn::StateDict& state);
  /// What `archive << optimizer` and `archive >> optimizer` do.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

 protected:
  /// An empty state of one parameter; null where the optimizer keeps none that load_state_dict could fill.
  virtual std::unique_ptr<OptimizerParamState> make_state() const;
  /// Throws where a group could not have these options.
  virtual void check_options(const OptimizerOptions& options) const;
  /// Throws where a loaded state does not belong to parameter p; unless overridden, its tensors have p's shape.
  virtual void check_state(const Tensor& p, const std::string& name, const Tensor& value) const;
  /// Checks the defaults and every group's options: for constructors.
  void check_all_options() const;
  /// The closure's loss, taken with grad mode on; undefined without a closure.
  static Tensor evaluate(const LossClosure& closure);

  std::vector<OptimizerParamGroup> param_groups_;
  State state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

class FusedPasses;

/// An optimizer whose parameters move in as few passes through memory as can be: one, where each element moves by
/// itself.
class HEARTH_API FusedOptimizer : public Optimizer {
 public:
  using Optimizer::Optimizer;
  /// Where it throws, no parameter and no state has changed.
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  /// Adds p's move to the passes. `state` is what it will be after the step: counts go up, missing tensors are made.
  virtual void plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                    FusedPasses& passes) const = 0;
};

}  // namespace hearth::optim
