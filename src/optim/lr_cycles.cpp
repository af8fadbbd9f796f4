#include "hearth/optim/lr_cycles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hearth/error.h"
#include "optim/scheduling.h"

namespace hearth::optim {

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult,
                                                         double eta_min)
    : EpochScheduler(optimizer), T_0_(T_0), T_mult_(T_mult), eta_min_(eta_min), T_i_(static_cast<double>(T_0)) {
  check_within("CosineAnnealingWarmRestarts", "T_0", static_cast<double>(T_0), 1);
  check_within("CosineAnnealingWarmRestarts", "T_mult", static_cast<double>(T_mult), 1);
  LRScheduler::step();
}

std::vector<double> CosineAnnealingWarmRestarts::get_lrs() {
  std::vector<double> rates = base_lrs_;
  for (double& rate : rates) rate = eta_min_ + (rate - eta_min_) * (1 + std::cos(M_PI * T_cur_ / T_i_)) / 2;
  return rates;
}

void CosineAnnealingWarmRestarts::step() {
  T_cur_ += 1;
  if (T_cur_ >= T_i_) {
    T_cur_ -= T_i_;
    T_i_ *= static_cast<double>(T_mult_);
  }
  LRScheduler::step();
}

void CosineAnnealingWarmRestarts::step(double epoch) {
  check_within("CosineAnnealingWarmRestarts", "epoch", epoch, 0, 1e15);
  T_i_ = static_cast<double>(T_0_);
  if (T_mult_ == 1) {
    T_cur_ = std::fmod(epoch, T_i_);
  } else {
    for (T_cur_ = epoch; T_cur_ >= T_i_; T_i_ *= static_cast<double>(T_mult_)) T_cur_ -= T_i_;
  }
  step_count_ = static_cast<unsigned>(epoch);
  LRScheduler::step();
}

void CosineAnnealingWarmRestarts::visit(Fields& fields) {
  EpochScheduler::visit(fields);
  fields("T_i", T_i_);
  fields("T_cur", T_cur_);
}

namespace {
/// Finds "momentum" or "betas.0" among an options' fields; gives it a value if there is one to give.
class MomentumField : public Fields {
 public:
  explicit MomentumField(std::optional<double> set = std::nullopt) : set_(set) {}
  using Fields::operator();
  void operator()(const std::string& name, double& value) override {
    if (name != "momentum" && name != "betas.0") return;
    value = set_.value_or(value);
    found = value;
  }
  void operator()(const std::string&, Tensor&) override {}
  void operator()(const std::string&, int64_t&) override {}
  void operator()(const std::string&, std::vector<Tensor>&) override {}
  std::optional<double> found;

 private:
  const std::optional<double> set_;
};
}  // namespace

void CycleScheduler::check_momentum(const char* scheduler) const {
  for (OptimizerParamGroup& group : optimizer().param_groups()) {
    MomentumField look;
    group.options().visit(look);
    if (!look.found)
      throw ValueError(
          fmt::format("[{}] optimizer must support momentum or beta1 with `cycle_momentum` option "
                      "enabled; set cycle_momentum(false)",
                      scheduler));
  }
}

std::vector<double> CycleScheduler::get_momenta() const {
  std::vector<double> momenta;
  for (OptimizerParamGroup& group : optimizer().param_groups()) {
    MomentumField look;
    group.options().visit(look);
    momenta.push_back(look.found.value_or(0));
  }
  return momenta;
}

void CycleScheduler::set_momenta(const std::vector<double>& momenta) {
  auto& groups = optimizer().param_groups();
  for (size_t i = 0; cycle_momentum_ && i < momenta.size() && i < groups.size(); ++i) {
    MomentumField set(momenta[i]);
    groups[i].options().visit(set);
  }
}

void CycleScheduler::restart() {
  step_count_ = 0;
  LRScheduler::step();
}

void CycleScheduler::visit(Fields& fields) {
  EpochScheduler::visit(fields);
  if (!cycle_momentum_) return;
  std::vector<double> momenta = get_momenta();
  fields("last_momentum", momenta);
  set_momenta(momenta);
}

CyclicLR::CyclicLR(Optimizer& optimizer, CyclicLROptions options)
    : CycleScheduler(optimizer), options_(std::move(options)) {
  constexpr const char* name = "CyclicLR";
  CyclicLROptions& o = options_;
  check_within(name, "step_size_up", static_cast<double>(o.step_size_up()), 1);
  check_within(name, "step_size_down", static_cast<double>(o.step_size_down().value_or(1)), 1);
  if (!o.scale_fn() && o.mode() != "triangular" && o.mode() != "triangular2" && o.mode() != "exp_range")
    throw ValueError(fmt::format(
        "[CyclicLR] mode is \"{}\"; it must be \"triangular\", \"triangular2\" or \"exp_range\", or give scale_fn",
        o.mode()));
  if (o.scale_mode() != "cycle" && o.scale_mode() != "iterations")
    throw ValueError(
        fmt::format("[CyclicLR] scale_mode is \"{}\"; it must be \"cycle\" or \"iterations\"", o.scale_mode()));
  o.base_lr(spread(name, "base_lr", o.base_lr(), optimizer));
  o.max_lr(spread(name, "max_lr", o.max_lr(), optimizer));
  o.base_momentum(spread(name, "base_momentum", o.base_momentum(), optimizer));
  o.max_momentum(spread(name, "max_momentum", o.max_momentum(), optimizer));
  if (!o.scale_fn()) {
    o.scale_mode(o.mode() == "exp_range" ? "iterations" : "cycle");
    o.scale_fn([mode = o.mode(), gamma = o.gamma()](double x) {
      return mode == "triangular" ? 1 : mode == "triangular2" ? std::pow(0.5, x - 1) : std::pow(gamma, x);
    });
  }
  cycle_momentum_ = o.cycle_momentum();
  if (cycle_momentum_) check_momentum(name);
  base_lrs_ = o.base_lr();
  for (size_t i = 0; i < base_lrs_.size(); ++i) optimizer.param_groups()[i].initial_lr() = base_lrs_[i];
  LRScheduler::step();
}

std::vector<double> CyclicLR::get_lrs() {
  const auto up = static_cast<double>(options_.step_size_up()),
             total = up + static_cast<double>(options_.step_size_down().value_or(options_.step_size_up()));
  const auto at = static_cast<double>(epoch());
  const double cycle = std::floor(1 + at / total), x = 1 + at / total - cycle, top = up / total;
  double height = x <= top ? x / top : (x - 1) / (top - 1);
  height *= options_.scale_fn()(options_.scale_mode() == "cycle" ? cycle : at);
  std::vector<double> rates = base_lrs_, momenta = options_.max_momentum();
  for (size_t i = 0; i < rates.size(); ++i) {
    rates[i] += (options_.max_lr()[i] - rates[i]) * height;
    momenta[i] -= (momenta[i] - options_.base_momentum()[i]) * height;
  }
  set_momenta(momenta);
  return rates;
}

OneCycleLR::OneCycleLR(Optimizer& optimizer, OneCycleLROptions options)
    : CycleScheduler(optimizer), options_(std::move(options)) {
  constexpr const char* name = "OneCycleLR";
  OneCycleLROptions& o = options_;
  if (!o.total_steps() && !(o.epochs() && o.steps_per_epoch()))
    throw ValueError("[OneCycleLR] give total_steps, or both epochs and steps_per_epoch");
  if (!o.total_steps()) {
    check_within(name, "epochs", static_cast<double>(*o.epochs()), 1, 1e9);
    check_within(name, "steps_per_epoch", static_cast<double>(*o.steps_per_epoch()), 1, 1e9);
  }
  total_steps_ = o.total_steps() ? *o.total_steps() : *o.epochs() * *o.steps_per_epoch();
  check_within(name, "total_steps", static_cast<double>(total_steps_), 1);
  check_within(name, "pct_start", o.pct_start(), 0, 1);
  check_within(name, "div_factor", o.div_factor(), std::numeric_limits<double>::min());
  check_within(name, "final_div_factor", o.final_div_factor(), std::numeric_limits<double>::min());
  anneal(name, o.anneal_strategy(), 0);
  o.max_lr(spread(name, "max_lr", o.max_lr(), optimizer));
  o.base_momentum(spread(name, "base_momentum", o.base_momentum(), optimizer));
  o.max_momentum(spread(name, "max_momentum", o.max_momentum(), optimizer));
  cycle_momentum_ = o.cycle_momentum();
  if (cycle_momentum_) check_momentum(name);
  for (size_t i = 0; i < base_lrs_.size(); ++i) {
    base_lrs_[i] = o.max_lr()[i] / o.div_factor();
    optimizer.param_groups()[i].initial_lr() = base_lrs_[i];
  }
  LRScheduler::step();
}

std::vector<double> OneCycleLR::get_lrs() {
  if (epoch() > total_steps_)
    throw ValueError(fmt::format("[OneCycleLR] step() number {}, but total_steps is {}; make a new scheduler", epoch(),
                                 total_steps_));
  // A loop that calls step() after each of its batches comes to total_steps: the rate stays the last one.
  const auto at = static_cast<double>(std::min(epoch(), total_steps_ - 1)), all = static_cast<double>(total_steps_);
  const double top = options_.pct_start() * all - 1, foot = options_.three_phase() ? 2 * top : all - 1;
  // Which phase, how far in it.
  const int phase = at <= top ? 0 : at <= foot || !options_.three_phase() ? 1 : 2;
  const double from = phase == 0 ? 0 : phase == 1 ? top : foot, to = phase == 0 ? top : phase == 1 ? foot : all - 1;
  const double left = anneal("OneCycleLR", options_.anneal_strategy(), to > from ? (at - from) / (to - from) : 1);
  std::vector<double> rates, momenta;
  for (size_t i = 0; i < base_lrs_.size(); ++i) {
    const double low = base_lrs_[i], high = options_.max_lr()[i], end = low / options_.final_div_factor();
    const double start = phase == 0 ? low : phase == 1 ? high : low;
    const double stop = phase == 0 ? high : phase == 1 && options_.three_phase() ? low : end;
    rates.push_back(stop + (start - stop) * left);
    const double slow = options_.base_momentum()[i], fast = options_.max_momentum()[i];
    const double before = phase == 1 ? slow : fast, after = phase == 0 ? slow : fast;
    momenta.push_back(after + (before - after) * left);
  }
  set_momenta(momenta);
  return rates;
}

}  // namespace hearth::optim
