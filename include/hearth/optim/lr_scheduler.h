#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

/// Changes the learning rates of an optimizer, which must outlive it; call step() once an epoch, after the optimizer's.
/// A class of one's own overrides get_lrs().
class HEARTH_API LRScheduler {
 public:
  /// Groups that no scheduler has seen yet get their learning rate as initial_lr().
  explicit LRScheduler(Optimizer& optimizer);
  virtual ~LRScheduler();
  virtual void step();
  /// The learning rate of each group.
  std::vector<double> get_last_lr() const { return get_current_lrs(); }
  /// How often the rates were set.
  unsigned step_count() const { return step_count_; }
  void set_step_count(unsigned count) { step_count_ = count; }
  Optimizer& optimizer() const { return optimizer_; }
  /// Sets the rates of the first epoch, from the initial ones, to go on from there.
  virtual void restart();

  /// Where the scheduler is, and the rates of now, as tensors; functions and constructor arguments are not in it.
  nn::StateDict state_dict() const;
  /// Throws, and changes nothing, where the entries are not this scheduler's. Sets the optimizer's rates too.
  void load_state_dict(const nn::StateDict& state);
  virtual void visit(Fields& fields);

 protected:
  /// The next rate of each group; step_count() is how many came before.
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;
  void set_lrs(const std::vector<double>& rates);
  unsigned step_count_ = 0;

 private:
  Optimizer& optimizer_;
};

/// Multiplies the learning rates by gamma every step_size steps.
class HEARTH_API StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  const unsigned step_size_;
  const double gamma_;
};

/// A scheduler that counts epochs as Python's do: constructing it sets the rates of epoch 0, each step() those of the
/// next one.
class HEARTH_API EpochScheduler : public LRScheduler {
 public:
  explicit EpochScheduler(Optimizer& optimizer);
  int64_t last_epoch() const { return static_cast<int64_t>(step_count_) - 1; }
  const std::vector<double>& base_lrs() const { return base_lrs_; }
  void restart() override;
  void visit(Fields& fields) override;

 protected:
  /// The epoch that get_lrs() is asked for.
  int64_t epoch() const { return static_cast<int64_t>(step_count_); }
  std::vector<double> base_lrs_;
};

/// Rates that are base_lr * factor(epoch), or floor + (base_lr - floor) * factor(epoch). A step multiplies the rate of
/// now by the factors' ratio, so that several schedulers can act on one optimizer.
class HEARTH_API FactorScheduler : public EpochScheduler {
 public:
  void restart() override;

 protected:
  explicit FactorScheduler(Optimizer& optimizer, double floor = 0) : EpochScheduler(optimizer), floor_(floor) {}
  virtual double factor(int64_t epoch) const = 0;

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form() const;
  const double floor_;
};

/// base_lr * lr_lambda(epoch); one function for all groups, or one for each.
class HEARTH_API LambdaLR : public EpochScheduler {
 public:
  using Function = std::function<double(int64_t epoch)>;
  LambdaLR(Optimizer& optimizer, Function lr_lambda);
  LambdaLR(Optimizer& optimizer, std::vector<Function> lr_lambdas);

 private:
  std::vector<double> get_lrs() override;
  const std::vector<Function> functions_;
};

/// Multiplies the rates by lr_lambda(epoch) at each step.
class HEARTH_API MultiplicativeLR : public EpochScheduler {
 public:
  using Function = std::function<double(int64_t epoch)>;
  MultiplicativeLR(Optimizer& optimizer, Function lr_lambda);
  MultiplicativeLR(Optimizer& optimizer, std::vector<Function> lr_lambdas);

 private:
  std::vector<double> get_lrs() override;
  const std::vector<Function> functions_;
};

/// Multiplies the rates by gamma at each of the milestones.
class HEARTH_API MultiStepLR : public FactorScheduler {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma = 0.1);

 private:
  double factor(int64_t epoch) const override;
  std::vector<int64_t> milestones_;
  const double gamma_;
};

/// factor * base_lr for total_iters epochs, base_lr then.
class HEARTH_API ConstantLR : public FactorScheduler {
 public:
  explicit ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, int64_t total_iters = 5);

 private:
  double factor(int64_t epoch) const override;
  const double factor_;
  const int64_t total_iters_;
};

/// From start_factor * base_lr to end_factor * base_lr on a line of total_iters epochs.
class HEARTH_API LinearLR : public FactorScheduler {
 public:
  explicit LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0,
                    int64_t total_iters = 5);

 private:
  double factor(int64_t epoch) const override;
  const double start_factor_, end_factor_;
  const int64_t total_iters_;
};

/// base_lr * gamma^epoch
class HEARTH_API ExponentialLR : public FactorScheduler {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma);

 private:
  double factor(int64_t epoch) const override;
  const double gamma_;
};

/// base_lr * (1 - epoch / total_iters)^power, 0 from total_iters on.
class HEARTH_API PolynomialLR : public FactorScheduler {
 public:
  explicit PolynomialLR(Optimizer& optimizer, int64_t total_iters = 5, double power = 1.0);

 private:
  double factor(int64_t epoch) const override;
  const int64_t total_iters_;
  const double power_;
};

/// eta_min + (base_lr - eta_min) * (1 + cos(pi epoch / T_max)) / 2 (Loshchilov and Hutter, 2017, without restarts).
class HEARTH_API CosineAnnealingLR : public FactorScheduler {
 public:
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0);

 private:
  double factor(int64_t epoch) const override;
  const int64_t T_max_;
};

}  // namespace hearth::optim
