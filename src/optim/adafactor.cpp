#include "hearth/optim/adafactor.h"

#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Adafactor";

double machine_epsilon(ScalarType dtype) {
  return dtype == kDouble ? 0x1p-52 : dtype == kFloat ? 0x1p-23 : dtype == kHalf ? 0x1p-10 : 0x1p-7;
}

/// old + (now - old) * fresh; the average starts at 0.
Tensor averaged(const Tensor& old, const Tensor& now, double fresh) {
  return old.defined() ? old.lerp(now, fresh) : now * fresh;
}
}  // namespace

void AdafactorOptions::visit(Fields& fields) {
  fields("beta2_decay", beta2_decay_);
  double least = std::get<0>(eps_).value_or(-1);
  fields("eps.0", least);
  std::get<0>(eps_) = least < 0 ? std::nullopt : std::optional<double>(least);
  fields("eps.1", std::get<1>(eps_));
  fields("d", d_);
  fields("weight_decay", weight_decay_);
  fields("maximize", maximize_);
}

void AdafactorParamState::visit(Fields& fields) {
  fields("step", step_);
  fields("row_var", row_var_);
  fields("col_var", col_var_);
  fields("variance", variance_);
}

void Adafactor::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<AdafactorOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  if (!(o.beta2_decay() <= 0 && std::isfinite(o.beta2_decay())))
    throw ValueError(fmt::format("[Adafactor] Invalid beta2_decay: {}; it must be at most 0", o.beta2_decay()));
  check_range(kName, "epsilon parameter at index 0", std::get<0>(o.eps()).value_or(0));
  check_range(kName, "epsilon parameter at index 1", std::get<1>(o.eps()));
  check_range(kName, "clipping threshold d", o.d(), 1);
  check_range(kName, "weight_decay value", o.weight_decay());
}

Adafactor::Adafactor(std::vector<OptimizerParamGroup> param_groups, AdafactorOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<AdafactorOptions>(defaults)) {
  check_all_options();
}
Adafactor::Adafactor(std::vector<Tensor> params, AdafactorOptions defaults)
    : Adafactor(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

/// row_var and col_var have p's shape but for one dimension, which is 1.
void Adafactor::check_state(const Tensor& p, const std::string& name, const Tensor& value) const {
  std::vector<int64_t> sizes = p.sizes().vec();
  const bool row = name.find("row_var") != std::string::npos, column = name.find("col_var") != std::string::npos;
  if (sizes.size() > 1 && row) sizes.back() = 1;
  if (sizes.size() > 1 && column) sizes[sizes.size() - 2] = 1;
  if (value.sizes() != sizes || (row || column) != (sizes.size() > 1))
    throw ShapeError(fmt::format("[Adafactor] state \"{}\" has shape {} but should have {}, by the parameter's {}",
                                 name, to_string(value.sizes()), to_string(sizes), to_string(p.sizes())),
                     value.sizes().vec(), sizes);
}

void Adafactor::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                     FusedPasses& passes) const {
  const auto& o = options_as<AdafactorOptions>(kName, options);
  auto& s = state_as<AdafactorParamState>(kName, state);
  const Tensor g = o.maximize() ? -p.grad() : p.grad();
  const auto [least_square, least_scale] = o.eps();
  const double least = least_square.value_or(machine_epsilon(p.scalar_type()));
  s.step(s.step() + 1);
  const auto t = static_cast<double>(s.step()), numbers = static_cast<double>(std::max<int64_t>(p.numel(), 1));
  const double fresh = std::pow(t, o.beta2_decay());
  const double rate =
      std::max(least_scale, p.norm().item<double>() / std::sqrt(numbers)) * std::min(o.lr(), 1 / std::sqrt(t));
  Tensor square;
  if (p.dim() > 1) {
    s.row_var(averaged(s.row_var(), g.square().mean(-1, /*keepdim=*/true), fresh));
    s.col_var(averaged(s.col_var(), g.square().mean(-2, /*keepdim=*/true), fresh));
    square = s.row_var().matmul(s.col_var()) / s.row_var().mean(-2, /*keepdim=*/true).clamp_min(least);
  } else {
    s.variance(averaged(s.variance(), g.square(), fresh));
    square = s.variance();
  }
  const Tensor update = square.clamp_min(least * least).rsqrt() * g;
  const double size = update.norm().item<double>() / (std::sqrt(numbers) * o.d());
  passes.then([p, update, by = -rate / std::max(1.0, size), keep = 1 - o.lr() * o.weight_decay()] {
    if (keep != 1) p.mul_(keep);
    p.add_(update, by);
  });
}

}  // namespace hearth::optim
