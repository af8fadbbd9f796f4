#include "hearth/optim/lr_scheduler.h"

#include <fmt/format.h>

#include "hearth/error.h"

namespace hearth::optim {

LRScheduler::~LRScheduler() = default;

void LRScheduler::step() {
  const std::vector<double> rates = get_lrs();
  auto& groups = optimizer_.param_groups();
  if (rates.size() != groups.size())
    throw ValueError(fmt::format("[LRScheduler] {} learning rates for {} parameter groups; give one for each",
                                 rates.size(), groups.size()));
  for (size_t i = 0; i < rates.size(); ++i) groups[i].options().set_lr(rates[i]);
  ++step_count_;
}

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer_.param_groups()) rates.push_back(group.options().get_lr());
  return rates;
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

}  // namespace hearth::optim
