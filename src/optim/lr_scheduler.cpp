#include "hearth/optim/lr_scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hearth/error.h"
#include "optim/scheduling.h"

namespace hearth::optim {

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {
  for (OptimizerParamGroup& group : optimizer.param_groups())
    if (!group.initial_lr()) group.initial_lr() = group.options().get_lr();
}
LRScheduler::~LRScheduler() = default;

void LRScheduler::step() {
  set_lrs(get_lrs());
  ++step_count_;
}

void LRScheduler::set_lrs(const std::vector<double>& rates) {
  auto& groups = optimizer_.param_groups();
  if (rates.size() != groups.size())
    throw ValueError(fmt::format("[LRScheduler] {} learning rates for {} parameter groups; give one for each",
                                 rates.size(), groups.size()));
  for (size_t i = 0; i < rates.size(); ++i) groups[i].options().set_lr(rates[i]);
}

std::vector<double> LRScheduler::get_current_lrs() const { return rates_of(optimizer_); }

void LRScheduler::restart() {
  set_lrs(initial_rates(optimizer_));
  step_count_ = 0;
  step();
}

void LRScheduler::visit(Fields& fields) {
  int64_t count = step_count_;
  fields("step_count", count);
  step_count_ = static_cast<unsigned>(count);
}

nn::StateDict LRScheduler::state_dict() const {
  return scheduler_state(optimizer_, [this](Fields& fields) { const_cast<LRScheduler*>(this)->visit(fields); });
}
void LRScheduler::load_state_dict(const nn::StateDict& state) {
  load_scheduler_state(optimizer_, state, [this](Fields& fields) { visit(fields); });
}

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma)
    : LRScheduler(optimizer), step_size_(step_size), gamma_(gamma) {
  if (step_size == 0) throw ValueError("[StepLR] step_size is 0; it must be at least 1");
}

// LibTorch counts from 0: the rate falls at the calls numbered step_size, 2 step_size, …, the first being number 0.
std::vector<double> StepLR::get_lrs() {
  std::vector<double> rates = get_current_lrs();
  if (step_count_ != 0 && step_count_ % step_size_ == 0)
    for (double& rate : rates) rate *= gamma_;
  return rates;
}

EpochScheduler::EpochScheduler(Optimizer& optimizer) : LRScheduler(optimizer), base_lrs_(initial_rates(optimizer)) {}

void EpochScheduler::restart() {
  step_count_ = 0;
  set_lrs(base_lrs_);
  step();
}

void EpochScheduler::visit(Fields& fields) {
  LRScheduler::visit(fields);
  fields("base_lrs", base_lrs_);
}

std::vector<double> FactorScheduler::closed_form() const {
  std::vector<double> rates;
  for (const double base : base_lrs_) rates.push_back(floor_ + (base - floor_) * factor(epoch()));
  return rates;
}

void FactorScheduler::restart() {
  step_count_ = 0;
  set_lrs(closed_form());
  step_count_ = 1;
}

std::vector<double> FactorScheduler::get_lrs() {
  const double before = epoch() == 0 ? 1 : factor(epoch() - 1), now = factor(epoch());
  if (before == 0) return closed_form();
  std::vector<double> rates = get_current_lrs();
  if (now != before)
    for (double& rate : rates) rate = floor_ + (rate - floor_) * (now / before);
  return rates;
}

namespace {
template <class Function>
std::vector<Function> one_each(const char* name, const Optimizer& optimizer, std::vector<Function> functions) {
  check_count(name, "lr_lambda", functions.size(), optimizer.param_groups().size());
  for (const Function& f : functions)
    if (!f) throw ValueError(fmt::format("[{}] lr_lambda is an empty function", name));
  return functions;
}
}  // namespace

LambdaLR::LambdaLR(Optimizer& optimizer, Function lr_lambda)
    : LambdaLR(optimizer, std::vector<Function>(optimizer.param_groups().size(), lr_lambda)) {}
LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<Function> lr_lambdas)
    : EpochScheduler(optimizer), functions_(one_each("LambdaLR", optimizer, std::move(lr_lambdas))) {
  LRScheduler::step();
}
std::vector<double> LambdaLR::get_lrs() {
  std::vector<double> rates = base_lrs_;
  for (size_t i = 0; i < rates.size(); ++i) rates[i] *= functions_.at(i)(epoch());
  return rates;
}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, Function lr_lambda)
    : MultiplicativeLR(optimizer, std::vector<Function>(optimizer.param_groups().size(), lr_lambda)) {}
MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<Function> lr_lambdas)
    : EpochScheduler(optimizer), functions_(one_each("MultiplicativeLR", optimizer, std::move(lr_lambdas))) {
  LRScheduler::step();
}
std::vector<double> MultiplicativeLR::get_lrs() {
  std::vector<double> rates = get_current_lrs();
  for (size_t i = 0; epoch() > 0 && i < rates.size(); ++i) rates[i] *= functions_.at(i)(epoch());
  return rates;
}

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma)
    : FactorScheduler(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  std::sort(milestones_.begin(), milestones_.end());
  LRScheduler::step();
}
double MultiStepLR::factor(int64_t epoch) const {
  const auto passed = std::upper_bound(milestones_.begin(), milestones_.end(), epoch) - milestones_.begin();
  return std::pow(gamma_, static_cast<double>(passed));
}

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, int64_t total_iters)
    : FactorScheduler(optimizer), factor_(factor), total_iters_(total_iters) {
  check_within("ConstantLR", "factor", factor, 0, 1);
  LRScheduler::step();
}
double ConstantLR::factor(int64_t epoch) const { return epoch < total_iters_ ? factor_ : 1; }

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters)
    : FactorScheduler(optimizer), start_factor_(start_factor), end_factor_(end_factor), total_iters_(total_iters) {
  check_within("LinearLR", "start_factor", start_factor, 0, 1);
  check_within("LinearLR", "end_factor", end_factor, 0, 1);
  check_within("LinearLR", "total_iters", static_cast<double>(total_iters), 1);
  if (start_factor == 0) throw ValueError("[LinearLR] start_factor is 0; it must be above 0");
  LRScheduler::step();
}
double LinearLR::factor(int64_t epoch) const {
  const auto done = static_cast<double>(std::min(epoch, total_iters_)) / static_cast<double>(total_iters_);
  return start_factor_ + (end_factor_ - start_factor_) * done;
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma) : FactorScheduler(optimizer), gamma_(gamma) {
  check_within("ExponentialLR", "gamma", gamma, 0);
  LRScheduler::step();
}
double ExponentialLR::factor(int64_t epoch) const { return std::pow(gamma_, static_cast<double>(epoch)); }

PolynomialLR::PolynomialLR(Optimizer& optimizer, int64_t total_iters, double power)
    : FactorScheduler(optimizer), total_iters_(total_iters), power_(power) {
  check_within("PolynomialLR", "total_iters", static_cast<double>(total_iters), 1);
  check_within("PolynomialLR", "power", power, 0);
  LRScheduler::step();
}
double PolynomialLR::factor(int64_t epoch) const {
  const auto done = static_cast<double>(std::min(epoch, total_iters_)) / static_cast<double>(total_iters_);
  return std::pow(1 - done, power_);
}

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min)
    : FactorScheduler(optimizer, eta_min), T_max_(T_max) {
  check_within("CosineAnnealingLR", "T_max", static_cast<double>(T_max), 1);
  check_within("CosineAnnealingLR", "eta_min", eta_min, 0);
  LRScheduler::step();
}
double CosineAnnealingLR::factor(int64_t epoch) const {
  return (1 + std::cos(M_PI * static_cast<double>(epoch % (2 * T_max_)) / static_cast<double>(T_max_))) / 2;
}

}  // namespace hearth::optim
