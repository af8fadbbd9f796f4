#pragma once

// What the schedulers' sources share.

#include <limits>

#include "hearth/optim/lr_scheduler.h"

namespace hearth::optim {

/// The rates of all groups, and those that schedulers start from.
std::vector<double> rates_of(const Optimizer& optimizer);
std::vector<double> initial_rates(const Optimizer& optimizer);

/// Throws ValueError unless `value` is finite, at least `least` and at most `most`.
void check_within(const char* scheduler, const char* option, double value, double least,
                  double most = std::numeric_limits<double>::infinity());
/// Throws ValueError unless there is one for each group.
void check_count(const char* scheduler, const char* option, size_t count, size_t groups);
/// `values`, or its only one for each group.
std::vector<double> spread(const char* scheduler, const char* option, const std::vector<double>& values,
                           const Optimizer& optimizer);

/// From 1 to 0 while x goes from 0 to 1; "cos" or "linear", else a ValueError.
double anneal(const char* scheduler, const std::string& strategy, double x);

using Visit = std::function<void(Fields&)>;
/// A scheduler's fields and the rates of now.
nn::StateDict scheduler_state(const Optimizer& optimizer, const Visit& visit);
/// Sets them; throws, and changes nothing, where they are another scheduler's.
void load_scheduler_state(Optimizer& optimizer, const nn::StateDict& state, const Visit& visit);

}  // namespace hearth::optim
