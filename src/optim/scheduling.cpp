#include "optim/scheduling.h"

#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "optim/fields.h"

namespace hearth::optim {

std::vector<double> rates_of(const Optimizer& optimizer) {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer.param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}
std::vector<double> initial_rates(const Optimizer& optimizer) {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer.param_groups())
    rates.push_back(group.initial_lr().value_or(group.options().get_lr()));
  return rates;
}

void check_within(const char* scheduler, const char* option, double value, double least, double most) {
  if (std::isfinite(value) && value >= least && value <= most) return;
  const std::string range =
      std::isinf(most) ? fmt::format("at least {}", least) : fmt::format("between {} and {}", least, most);
  throw ValueError(fmt::format("[{}] {} is {}; it must be {}", scheduler, option, value, range));
}

void check_count(const char* scheduler, const char* option, size_t count, size_t groups) {
  if (count != groups)
    throw ValueError(fmt::format("[{}] {} has {} entries for {} parameter groups; give one, or one for each", scheduler,
                                 option, count, groups));
}

std::vector<double> spread(const char* scheduler, const char* option, const std::vector<double>& values,
                           const Optimizer& optimizer) {
  const size_t groups = optimizer.param_groups().size();
  if (values.size() == 1) return std::vector<double>(groups, values[0]);
  check_count(scheduler, option, values.size(), groups);
  return values;
}

double anneal(const char* scheduler, const std::string& strategy, double x) {
  if (strategy == "cos") return (1 + std::cos(M_PI * x)) / 2;
  if (strategy == "linear") return 1 - x;
  throw ValueError(
      fmt::format("[{}] anneal_strategy is \"{}\"; it must be \"cos\" or \"linear\"", scheduler, strategy));
}

nn::StateDict scheduler_state(const Optimizer& optimizer, const Visit& visit) {
  nn::StateDict out;
  WriteFields write(out, "");
  visit(write);
  std::vector<double> rates = rates_of(optimizer);
  static_cast<Fields&>(write)("last_lr", rates);
  return out;
}

void load_scheduler_state(Optimizer& optimizer, const nn::StateDict& state, const Visit& visit) {
  const nn::StateDict before = scheduler_state(optimizer, visit);
  for (const auto& item : before) {
    const Tensor* given = state.find(item.key());
    if (!given) throw ValueError(fmt::format("[LRScheduler] the state has no entry \"{}\"", item.key()));
    if (!given->defined() || given->sizes() != item.value().sizes())
      throw ShapeError(fmt::format("[LRScheduler] the state's entry \"{}\" does not fit: this scheduler's has shape {}",
                                   item.key(), to_string(item.value().sizes())),
                       given->defined() ? given->sizes().vec() : std::vector<int64_t>(), item.value().sizes().vec());
  }
  for (const auto& item : state)
    if (!before.contains(item.key()))
      throw ValueError(
          fmt::format("[LRScheduler] the state's entry \"{}\" is not this scheduler's; was it saved by "
                      "another kind?",
                      item.key()));
  ReadFields read(state, "");
  std::vector<double> rates;
  static_cast<Fields&>(read)("last_lr", rates);
  for (const double rate : rates) check_within("LRScheduler", "the state's learning rate", rate, 0);
  int64_t count = 0;
  read("step_count", count);
  visit(read);
  for (size_t i = 0; i < rates.size(); ++i) optimizer.param_groups()[i].options().set_lr(rates[i]);
}

}  // namespace hearth::optim
