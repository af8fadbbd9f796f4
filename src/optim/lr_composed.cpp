// Schedulers made of others, and the one that looks at a metric.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hearth/error.h"
#include "hearth/optim/lr_cycles.h"
#include "optim/scheduling.h"

namespace hearth::optim {

namespace {

/// Fields of a scheduler inside another, by its number.
class Nested : public Fields {
 public:
  Nested(Fields& outer, std::string prefix) : outer_(outer), prefix_(std::move(prefix)) {}
  using Fields::operator();
  void operator()(const std::string& name, Tensor& value) override { outer_(prefix_ + name, value); }
  void operator()(const std::string& name, double& value) override { outer_(prefix_ + name, value); }
  void operator()(const std::string& name, int64_t& value) override { outer_(prefix_ + name, value); }
  void operator()(const std::string& name, std::vector<Tensor>& value) override { outer_(prefix_ + name, value); }

 private:
  Fields& outer_;
  const std::string prefix_;
};

void visit_all(const std::vector<std::shared_ptr<LRScheduler>>& schedulers, Fields& fields) {
  for (size_t i = 0; i < schedulers.size(); ++i) {
    Nested nested(fields, fmt::format("{}.", i));
    schedulers[i]->visit(nested);
  }
}

void check_schedulers(const char* name, const std::vector<std::shared_ptr<LRScheduler>>& schedulers,
                      const Optimizer* optimizer) {
  if (schedulers.empty()) throw ValueError(fmt::format("[{}] got no schedulers; give at least one", name));
  for (size_t i = 0; i < schedulers.size(); ++i) {
    if (!schedulers[i]) throw TypeError(fmt::format("[{}] scheduler {} is a null pointer", name, i));
    if (&schedulers[i]->optimizer() != (optimizer ? optimizer : &schedulers[0]->optimizer()))
      throw ValueError(fmt::format("[{}] scheduler {} belongs to another optimizer", name, i));
  }
}

Optimizer& optimizer_of(const std::vector<std::shared_ptr<LRScheduler>>& schedulers) {
  check_schedulers("ChainedScheduler", schedulers, nullptr);
  return schedulers[0]->optimizer();
}

}  // namespace

SequentialLR::SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
                           std::vector<int64_t> milestones)
    : LRScheduler(optimizer), schedulers_(std::move(schedulers)), milestones_(std::move(milestones)) {
  check_schedulers("SequentialLR", schedulers_, &optimizer);
  if (milestones_.size() + 1 != schedulers_.size())
    throw ValueError(fmt::format("[SequentialLR] {} milestones for {} schedulers; give one fewer than schedulers",
                                 milestones_.size(), schedulers_.size()));
  if (!std::is_sorted(milestones_.begin(), milestones_.end()) || (!milestones_.empty() && milestones_[0] < 1))
    throw ValueError("[SequentialLR] milestones must be at least 1 and grow");
  restart();
}

void SequentialLR::restart() {
  schedulers_[0]->restart();
  step_count_ = 1;
}

void SequentialLR::step() {
  const auto epoch = static_cast<int64_t>(step_count_);
  const auto passed = std::upper_bound(milestones_.begin(), milestones_.end(), epoch) - milestones_.begin();
  LRScheduler& now = *schedulers_[static_cast<size_t>(passed)];
  if (passed > 0 && milestones_[static_cast<size_t>(passed) - 1] == epoch) {
    now.restart();
  } else {
    now.step();
  }
  ++step_count_;
}

void SequentialLR::visit(Fields& fields) {
  LRScheduler::visit(fields);
  visit_all(schedulers_, fields);
}

ChainedScheduler::ChainedScheduler(std::vector<std::shared_ptr<LRScheduler>> schedulers)
    : LRScheduler(optimizer_of(schedulers)), schedulers_(std::move(schedulers)) {
  step_count_ = 1;
}
void ChainedScheduler::step() {
  for (const auto& scheduler : schedulers_) scheduler->step();
  ++step_count_;
}
void ChainedScheduler::restart() {
  // The first sets the rates; what the others make of them follows by their own factors.
  std::vector<double> total(optimizer().param_groups().size(), 1);
  const std::vector<double> first = initial_rates(optimizer());
  for (const auto& scheduler : schedulers_) {
    scheduler->restart();
    const std::vector<double> rates = get_current_lrs();
    for (size_t i = 0; i < rates.size(); ++i) total[i] *= first[i] == 0 ? 1 : rates[i] / first[i];
  }
  for (size_t i = 0; i < total.size(); ++i) total[i] *= first[i];
  set_lrs(total);
  step_count_ = 1;
}
void ChainedScheduler::visit(Fields& fields) {
  LRScheduler::visit(fields);
  visit_all(schedulers_, fields);
}

WarmupLR::WarmupLR(Optimizer& optimizer, int64_t warmup_steps, std::shared_ptr<LRScheduler> after, std::string mode,
                   double start_factor)
    : LRScheduler(optimizer),
      warmup_steps_(warmup_steps),
      after_(std::move(after)),
      mode_(std::move(mode)),
      start_factor_(start_factor) {
  check_within("WarmupLR", "warmup_steps", static_cast<double>(warmup_steps), 0);
  check_within("WarmupLR", "start_factor", start_factor, 0, 1);
  if (mode_ != "linear" && mode_ != "constant" && mode_ != "exponential")
    throw ValueError(
        fmt::format("[WarmupLR] mode is \"{}\"; it must be \"linear\", \"constant\" or \"exponential\"", mode_));
  if (mode_ == "exponential" && start_factor == 0)
    throw ValueError("[WarmupLR] start_factor is 0, from which nothing rises exponentially; it must be above 0");
  if (after_) check_schedulers("WarmupLR", {after_}, &optimizer);
  restart();
}

std::vector<double> WarmupLR::get_lrs() {
  std::vector<double> rates = initial_rates(optimizer());
  const double done =
      std::min(1.0, static_cast<double>(step_count_) / static_cast<double>(std::max<int64_t>(warmup_steps_, 1)));
  double factor = start_factor_ + (1 - start_factor_) * done;
  if (mode_ == "constant") factor = start_factor_;
  if (mode_ == "exponential") factor = std::pow(start_factor_, 1 - done);
  if (step_count_ >= warmup_steps_) factor = 1;
  for (double& rate : rates) rate *= factor;
  return rates;
}

void WarmupLR::restart() {
  step_count_ = 0;
  step();
}

void WarmupLR::step() {
  if (!after_ || step_count_ < warmup_steps_) return LRScheduler::step();
  if (step_count_ == warmup_steps_) {
    after_->restart();
  } else {
    after_->step();
  }
  ++step_count_;
}

void WarmupLR::visit(Fields& fields) {
  LRScheduler::visit(fields);
  if (after_) visit_all({after_}, fields);
}

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, SchedulerMode mode, double factor, int64_t patience,
                                     double threshold, ThresholdMode threshold_mode, int64_t cooldown,
                                     std::vector<double> min_lr, double eps)
    : optimizer_(optimizer),
      mode_(mode),
      threshold_mode_(threshold_mode),
      factor_(factor),
      threshold_(threshold),
      eps_(eps),
      patience_(patience),
      cooldown_(cooldown),
      best_(mode == min ? INFINITY : -INFINITY) {
  constexpr const char* name = "ReduceLROnPlateau";
  check_within(name, "factor", factor, 0);
  if (factor >= 1) throw ValueError(fmt::format("[{}] factor is {}; it must be below 1", name, factor));
  check_within(name, "patience", static_cast<double>(patience), 0);
  check_within(name, "cooldown", static_cast<double>(cooldown), 0);
  check_within(name, "threshold", threshold, 0);
  check_within(name, "eps", eps, 0);
  min_lrs_ = spread(name, "min_lr", min_lr.empty() ? std::vector<double>{0} : min_lr, optimizer);
}

bool ReduceLROnPlateau::is_better(double metric) const {
  if (mode_ == min) return metric < (threshold_mode_ == rel ? best_ * (1 - threshold_) : best_ - threshold_);
  return metric > (threshold_mode_ == rel ? best_ * (1 + threshold_) : best_ + threshold_);
}

void ReduceLROnPlateau::step(double metric) {
  ++last_epoch_;
  if (is_better(metric)) {
    best_ = metric;
    num_bad_epochs_ = 0;
  } else {
    ++num_bad_epochs_;
  }
  if (cooldown_counter_ > 0) {
    --cooldown_counter_;
    num_bad_epochs_ = 0;
  }
  if (num_bad_epochs_ <= patience_) return;
  auto& groups = optimizer_.param_groups();
  for (size_t i = 0; i < groups.size(); ++i) {
    const double old = groups[i].options().get_lr(), least = i < min_lrs_.size() ? min_lrs_[i] : 0;
    const double rate = std::max(old * factor_, least);
    if (old - rate > eps_) groups[i].options().set_lr(rate);
  }
  cooldown_counter_ = cooldown_;
  num_bad_epochs_ = 0;
}

std::vector<double> ReduceLROnPlateau::get_last_lr() const { return rates_of(optimizer_); }

void ReduceLROnPlateau::visit(Fields& fields) {
  fields("best", best_);
  fields("num_bad_epochs", num_bad_epochs_);
  fields("cooldown_counter", cooldown_counter_);
  fields("last_epoch", last_epoch_);
}
nn::StateDict ReduceLROnPlateau::state_dict() const {
  return scheduler_state(optimizer_, [this](Fields& fields) { const_cast<ReduceLROnPlateau*>(this)->visit(fields); });
}
void ReduceLROnPlateau::load_state_dict(const nn::StateDict& state) {
  load_scheduler_state(optimizer_, state, [this](Fields& fields) { visit(fields); });
}

}  // namespace hearth::optim
