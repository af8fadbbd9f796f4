#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "hearth/nn/module.h"

namespace hearth::optim {

/// What an optimizer remembers of one parameter.
class HEARTH_API OptimizerParamState {
 public:
  virtual ~OptimizerParamState();
  virtual std::unique_ptr<OptimizerParamState> clone() const = 0;
  /// Calls visit(name, tensor) for each tensor, and visit_number(name, number) for each count; both may assign.
  virtual void visit(const std::function<void(const char*, Tensor&)>& tensor,
                     const std::function<void(const char*, int64_t&)>& number) = 0;
};
template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

/// The settings of one parameter group.
class HEARTH_API OptimizerOptions {
 public:
  virtual ~OptimizerOptions();
  virtual std::unique_ptr<OptimizerOptions> clone() const = 0;
  virtual double get_lr() const = 0;
  virtual void set_lr(double lr) = 0;
};
template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  double get_lr() const override { return static_cast<const Derived&>(*this).lr(); }
  void set_lr(double lr) override { static_cast<Derived&>(*this).lr(lr); }
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

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

 private:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
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
  const std::vector<Tensor>& parameters() const { return param_groups_.at(0).params(); }
  std::vector<Tensor>& parameters() { return param_groups_.at(0).params(); }
  /// How many parameters there are in all groups.
  size_t size() const noexcept;
  OptimizerOptions& defaults() noexcept { return *defaults_; }
  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  State& state() noexcept { return state_; }
  const State& state() const noexcept { return state_; }

  /// The state of all parameters as tensors named by their number: "0.exp_avg", "0.step" (int64, 0-dim), and each
  /// group's learning rate, "group.0.lr" (float64, 0-dim).
  nn::StateDict state_dict() const;
  /// Throws, and changes nothing, where the entries don't fit the parameters.
  void load_state_dict(const nn::StateDict& state);

 protected:
  /// The state of p, made on first use.
  template <class ParamState>
  ParamState& state_of(const Tensor& p) {
    auto& entry = state_[key_of(p)];
    if (!entry) entry = std::make_unique<ParamState>();
    return static_cast<ParamState&>(*entry);
  }
  virtual std::unique_ptr<OptimizerParamState> make_state() const = 0;
  static std::string key_of(const Tensor& p);
  /// Throws ValueError unless `value` is finite and at least `least` (and below `below`).
  static void check_option(const char* optimizer, const char* option, double value, double least, double below);

  std::vector<OptimizerParamGroup> param_groups_;
  State state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

}  // namespace hearth::optim
