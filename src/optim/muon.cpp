#include "hearth/optim/muon.h"

#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "optim/fused.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {
constexpr const char* kName = "Muon";

/// Nearly orthogonal rows or columns, whichever are fewer, by Newton and Schulz's iteration.
Tensor orthogonal(const Tensor& x, const MuonOptions& o) {
  const auto [a, b, c] = o.ns_coefficients();
  const bool tall = x.size(0) > x.size(1);
  Tensor y = tall ? x.t() : x;
  y = y / std::max(y.norm().item<double>(), o.eps());
  for (int64_t i = 0; i < o.ns_steps(); ++i) {
    const Tensor gram = y.mm(y.t());
    y = addmm(y, addmm(gram, gram, gram, b, c), y, a);
  }
  return tall ? y.t() : y;
}

double adjusted(const MuonOptions& o, const Tensor& p) {
  const auto rows = static_cast<double>(p.size(0)), columns = static_cast<double>(p.size(1));
  if (o.adjust_lr_fn().value_or("original") == "original") return o.lr() * std::sqrt(std::max(1.0, rows / columns));
  return o.lr() * 0.2 * std::sqrt(std::max(rows, columns));
}
}  // namespace

void MuonOptions::visit(Fields& fields) {
  fields("weight_decay", weight_decay_);
  fields("momentum", momentum_);
  fields("nesterov", nesterov_);
  fields("ns_coefficients.0", std::get<0>(ns_coefficients_));
  fields("ns_coefficients.1", std::get<1>(ns_coefficients_));
  fields("ns_coefficients.2", std::get<2>(ns_coefficients_));
  fields("eps", eps_);
  fields("ns_steps", ns_steps_);
  fields("adjust_lr_fn", adjust_lr_fn_);
}

void MuonParamState::visit(Fields& fields) { fields("momentum_buffer", momentum_buffer_); }

void Muon::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<MuonOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_range(kName, "weight_decay value", o.weight_decay());
  check_range(kName, "momentum value", o.momentum());
  check_range(kName, "epsilon value", o.eps());
  check_range(kName, "ns_steps", static_cast<double>(o.ns_steps()), 1, 100);
  const std::string rule = o.adjust_lr_fn().value_or("original");
  if (rule != "original" && rule != "match_rms_adamw")
    throw ValueError(
        fmt::format("[Muon] Invalid adjust_lr_fn: \"{}\"; it must be \"original\" or \"match_rms_adamw\"", rule));
}

Muon::Muon(std::vector<OptimizerParamGroup> param_groups, MuonOptions defaults)
    : FusedOptimizer(std::move(param_groups), std::make_unique<MuonOptions>(defaults)) {
  check_all_options();
}
Muon::Muon(std::vector<Tensor> params, MuonOptions defaults)
    : Muon(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Muon::plan(const OptimizerOptions& options, const Tensor& p, OptimizerParamState& state,
                FusedPasses& passes) const {
  const auto& o = options_as<MuonOptions>(kName, options);
  auto& s = state_as<MuonParamState>(kName, state);
  if (p.dim() != 2)
    throw ShapeError(
        fmt::format("[Muon] moves matrices only, but a parameter has shape {}; give it to AdamW", to_string(p.sizes())),
        p.sizes().vec(), {});
  s.momentum_buffer(s.momentum_buffer().defined() ? s.momentum_buffer().lerp(p.grad(), 1 - o.momentum())
                                                  : p.grad() * (1 - o.momentum()));
  const Tensor update =
      orthogonal(o.nesterov() ? p.grad().lerp(s.momentum_buffer(), o.momentum()) : s.momentum_buffer(), o);
  passes.then([p, update, by = -adjusted(o, p), keep = 1 - o.lr() * o.weight_decay()] {
    p.mul_(keep);
    p.add_(update, by);
  });
}

}  // namespace hearth::optim
