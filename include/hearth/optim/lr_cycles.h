#pragma once

#include "hearth/optim/lr_scheduler.h"

namespace hearth::optim {

/// CosineAnnealingLR that starts anew after T_0 epochs, then after T_mult times as many each time.
class HEARTH_API CosineAnnealingWarmRestarts : public EpochScheduler {
 public:
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult = 1, double eta_min = 0);
  void step() override;
  /// The rates at this epoch, which may be a fraction: epoch + batch / batches.
  void step(double epoch);
  void restart() override { step(0.0); }
  void visit(Fields& fields) override;

 private:
  std::vector<double> get_lrs() override;
  const int64_t T_0_, T_mult_;
  const double eta_min_;
  double T_i_, T_cur_ = 0;
};

/// A scheduler that moves the momentum (or the first beta) along with the rate.
class HEARTH_API CycleScheduler : public EpochScheduler {
 public:
  void restart() override;
  void visit(Fields& fields) override;

 protected:
  explicit CycleScheduler(Optimizer& optimizer) : EpochScheduler(optimizer) {}
  /// Throws where a group's options have no momentum to cycle.
  void check_momentum(const char* scheduler) const;
  /// Nothing without cycle_momentum.
  void set_momenta(const std::vector<double>& momenta);
  std::vector<double> get_momenta() const;
  bool cycle_momentum_ = false;
};

/// Between base_lr and max_lr and back (Smith, 2017), by batch. Each vector has one number for all groups, or one each.
struct HEARTH_API CyclicLROptions {
  CyclicLROptions(std::vector<double> base_lr, std::vector<double> max_lr)
      : base_lr_(std::move(base_lr)), max_lr_(std::move(max_lr)) {}
  CyclicLROptions(double base_lr, double max_lr) : base_lr_{base_lr}, max_lr_{max_lr} {}
  using scale_fn_t = std::function<double(double)>;
  HEARTH_ARG(std::vector<double>, base_lr);
  HEARTH_ARG(std::vector<double>, max_lr);
  HEARTH_ARG(int64_t, step_size_up) = 2000;
  /// step_size_up unless given.
  HEARTH_ARG(std::optional<int64_t>, step_size_down) = std::nullopt;
  /// "triangular", "triangular2" (half as high each cycle) or "exp_range" (times gamma each iteration).
  HEARTH_ARG(std::string, mode) = "triangular";
  HEARTH_ARG(double, gamma) = 1.0;
  /// Takes the place of mode: the height by the cycle, from 1, or by the iteration.
  HEARTH_ARG(scale_fn_t, scale_fn);
  /// "cycle" or "iterations": what scale_fn is given.
  HEARTH_ARG(std::string, scale_mode) = "cycle";
  HEARTH_ARG(bool, cycle_momentum) = true;
  HEARTH_ARG(std::vector<double>, base_momentum) = {0.8};
  HEARTH_ARG(std::vector<double>, max_momentum) = {0.9};
};
class HEARTH_API CyclicLR : public CycleScheduler {
 public:
  CyclicLR(Optimizer& optimizer, CyclicLROptions options);

 private:
  std::vector<double> get_lrs() override;
  CyclicLROptions options_;
};

/// One rise from max_lr / div_factor to max_lr, and a fall to max_lr / div_factor / final_div_factor (Smith and Topin,
/// 2018), by batch. step() throws when it is called more than total_steps times.
struct HEARTH_API OneCycleLROptions {
  OneCycleLROptions(double max_lr) : max_lr_{max_lr} {}                          // NOLINT
  OneCycleLROptions(std::vector<double> max_lr) : max_lr_(std::move(max_lr)) {}  // NOLINT
  HEARTH_ARG(std::vector<double>, max_lr);
  /// Either this, or both of the next two.
  HEARTH_ARG(std::optional<int64_t>, total_steps) = std::nullopt;
  HEARTH_ARG(std::optional<int64_t>, epochs) = std::nullopt;
  HEARTH_ARG(std::optional<int64_t>, steps_per_epoch) = std::nullopt;
  /// The share of the steps that rise.
  HEARTH_ARG(double, pct_start) = 0.3;
  /// "cos" or "linear".
  HEARTH_ARG(std::string, anneal_strategy) = "cos";
  HEARTH_ARG(bool, cycle_momentum) = true;
  HEARTH_ARG(std::vector<double>, base_momentum) = {0.85};
  HEARTH_ARG(std::vector<double>, max_momentum) = {0.95};
  HEARTH_ARG(double, div_factor) = 25.0;
  HEARTH_ARG(double, final_div_factor) = 1e4;
  /// Falls to where it rose from first, in as many steps.
  HEARTH_ARG(bool, three_phase) = false;
};
class HEARTH_API OneCycleLR : public CycleScheduler {
 public:
  OneCycleLR(Optimizer& optimizer, OneCycleLROptions options);
  int64_t total_steps() const { return total_steps_; }

 private:
  std::vector<double> get_lrs() override;
  OneCycleLROptions options_;
  int64_t total_steps_ = 0;
};

/// One scheduler after another: the next one starts, from the initial rates, at each milestone.
class HEARTH_API SequentialLR : public LRScheduler {
 public:
  SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
               std::vector<int64_t> milestones);
  void step() override;
  void restart() override;
  void visit(Fields& fields) override;

 private:
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  const std::vector<std::shared_ptr<LRScheduler>> schedulers_;
  const std::vector<int64_t> milestones_;
};

/// All of them at each step, in this order.
class HEARTH_API ChainedScheduler : public LRScheduler {
 public:
  explicit ChainedScheduler(std::vector<std::shared_ptr<LRScheduler>> schedulers);
  void step() override;
  void restart() override;
  void visit(Fields& fields) override;

 private:
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  const std::vector<std::shared_ptr<LRScheduler>> schedulers_;
};

/// Rises from start_factor of the initial rates to all of them in warmup_steps steps, "linear"ly or "exponential"ly, or
/// stays at start_factor ("constant"); then `after` starts, if there is one.
class HEARTH_API WarmupLR : public LRScheduler {
 public:
  WarmupLR(Optimizer& optimizer, int64_t warmup_steps, std::shared_ptr<LRScheduler> after = nullptr,
           std::string mode = "linear", double start_factor = 0.01);
  void step() override;
  void restart() override;
  void visit(Fields& fields) override;

 private:
  std::vector<double> get_lrs() override;
  const int64_t warmup_steps_;
  const std::shared_ptr<LRScheduler> after_;
  const std::string mode_;
  const double start_factor_;
};

/// Multiplies the rates by factor when a metric has not got better for more than `patience` calls of step(metric).
class HEARTH_API ReduceLROnPlateau {
 public:
  enum SchedulerMode { min, max };
  /// Better is: by this share of the best, or by this much.
  enum ThresholdMode { rel, abs };
  explicit ReduceLROnPlateau(Optimizer& optimizer, SchedulerMode mode = min, double factor = 0.1, int64_t patience = 10,
                             double threshold = 1e-4, ThresholdMode threshold_mode = rel, int64_t cooldown = 0,
                             std::vector<double> min_lr = {}, double eps = 1e-8);
  /// NaN never is better.
  void step(double metric);
  void step(const Tensor& metric) { step(metric.item<double>()); }
  std::vector<double> get_last_lr() const;
  double best() const { return best_; }
  int64_t num_bad_epochs() const { return num_bad_epochs_; }
  int64_t last_epoch() const { return last_epoch_; }
  bool in_cooldown() const { return cooldown_counter_ > 0; }
  nn::StateDict state_dict() const;
  void load_state_dict(const nn::StateDict& state);

 private:
  void visit(Fields& fields);
  bool is_better(double metric) const;
  Optimizer& optimizer_;
  const SchedulerMode mode_;
  const ThresholdMode threshold_mode_;
  const double factor_, threshold_, eps_;
  const int64_t patience_, cooldown_;
  std::vector<double> min_lrs_;
  double best_;
  int64_t num_bad_epochs_ = 0, cooldown_counter_ = 0, last_epoch_ = 0;
};
using ReduceLROnPlateauScheduler = ReduceLROnPlateau;

}  // namespace hearth::optim
