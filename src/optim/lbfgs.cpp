#include "hearth/optim/lbfgs.h"

#include <fmt/format.h>

#include <cmath>

#include "hearth/error.h"
#include "optim/fused.h"
#include "optim/line_search.h"
#include "optim/options.h"

namespace hearth::optim {

namespace {

constexpr const char* kName = "LBFGS";

[[noreturn]] void fail_groups(size_t count) {
  throw ValueError(fmt::format(
      "[LBFGS] LBFGS doesn't support per-parameter options (parameter groups): got {} groups; give it one", count));
}

double product(const Tensor& a, const Tensor& b) { return a.dot(b).item<double>(); }
double largest(const Tensor& x) { return x.numel() == 0 ? 0 : x.abs().max().item<double>(); }

/// All parameters as one vector.
class Parameters {
 public:
  explicit Parameters(const std::vector<Tensor>& params) : params_(params) {
    for (const Tensor& p : params) {
      if (p.scalar_type() != params[0].scalar_type())
        throw DtypeError(fmt::format("[LBFGS] parameters are {} and {}; all must have one dtype",
                                     toString(params[0].scalar_type()), toString(p.scalar_type())),
                         p.scalar_type());
      before_.push_back(p.detach().clone());
    }
  }
  Tensor gradient() const {
    std::vector<Tensor> parts;
    for (const Tensor& p : params_) {
      if (p.grad().defined()) check_gradient(p, p.grad());
      parts.push_back(p.grad().defined() ? p.grad().detach().reshape({-1}) : zeros({p.numel()}, p.scalar_type()));
    }
    return cat(parts);
  }
  /// Each parameter is what it was in `from`, moved by t * d.
  void move(const std::vector<Tensor>& from, double t, const Tensor& d) const {
    int64_t at = 0;
    for (size_t i = 0; i < params_.size(); ++i) {
      const int64_t n = params_[i].numel();
      params_[i].copy_(from[i].add(d.narrow(0, at, n).view(params_[i].sizes()), t));
      at += n;
    }
  }
  std::vector<Tensor> copies() const {
    std::vector<Tensor> out;
    for (const Tensor& p : params_) out.push_back(p.detach().clone());
    return out;
  }
  void restore() const {
    for (size_t i = 0; i < params_.size(); ++i) params_[i].copy_(before_[i]);
  }

 private:
  const std::vector<Tensor>& params_;
  std::vector<Tensor> before_;
};

/// The change since the last iteration enters the history, if the loss curves upwards along it.
void remember(LBFGSParamState& s, const Tensor& gradient, int64_t history_size) {
  const Tensor change = gradient - s.prev_flat_grad(), move = s.d() * s.t();
  const double both = product(change, move);
  if (both <= 1e-10) return;
  if (static_cast<int64_t>(s.old_dirs().size()) == history_size)
    for (std::vector<Tensor>* list : {&s.old_dirs(), &s.old_stps(), &s.ro()}) list->erase(list->begin());
  s.old_dirs().push_back(change);
  s.old_stps().push_back(move);
  s.ro().push_back(full({}, 1 / both, gradient.scalar_type()));
  s.H_diag(full({}, both / product(change, change), gradient.scalar_type()));
}

/// Minus the gradient times the approximate inverse Hessian: the two loops of Nocedal's recursion.
Tensor direction(LBFGSParamState& s, const Tensor& gradient) {
  const size_t count = s.old_dirs().size();
  Tensor q = gradient.neg();
  std::vector<Tensor> al(count);
  for (size_t i = count; i-- > 0;) {
    al[i] = s.old_stps()[i].dot(q) * s.ro()[i];
    q.sub_(s.old_dirs()[i] * al[i]);
  }
  Tensor r = q * s.H_diag();
  for (size_t i = 0; i < count; ++i) r.add_(s.old_stps()[i] * (al[i] - s.old_dirs()[i].dot(r) * s.ro()[i]));
  s.al(std::move(al));
  return r;
}

}  // namespace

void LBFGSOptions::visit(Fields& fields) {
  fields("max_iter", max_iter_);
  int64_t most = max_eval_.value_or(-1);
  fields("max_eval", most);
  max_eval_ = most < 0 ? std::nullopt : std::optional<int64_t>(most);
  fields("tolerance_grad", tolerance_grad_);
  fields("tolerance_change", tolerance_change_);
  fields("history_size", history_size_);
  fields("line_search_fn", line_search_fn_);
}

void LBFGSParamState::visit(Fields& fields) {
  fields("func_evals", func_evals_);
  fields("n_iter", n_iter_);
  fields("t", t_);
  fields("prev_loss", prev_loss_);
  fields("d", d_);
  fields("H_diag", H_diag_);
  fields("prev_flat_grad", prev_flat_grad_);
  fields("old_dirs", old_dirs_);
  fields("old_stps", old_stps_);
  fields("ro", ro_);
}

void LBFGS::check_options(const OptimizerOptions& options) const {
  const auto& o = options_as<LBFGSOptions>(kName, options);
  check_range(kName, "learning rate", o.lr());
  check_range(kName, "max_iter", static_cast<double>(o.max_iter()), 1);
  check_range(kName, "max_eval", static_cast<double>(o.max_eval().value_or(1)), 1);
  check_range(kName, "tolerance_grad", o.tolerance_grad());
  check_range(kName, "tolerance_change", o.tolerance_change());
  check_range(kName, "history_size", static_cast<double>(o.history_size()), 1);
  if (o.line_search_fn().value_or("strong_wolfe") != "strong_wolfe")
    throw ValueError(
        fmt::format("[LBFGS] line_search_fn is \"{}\"; only \"strong_wolfe\" is supported", *o.line_search_fn()));
  if (param_groups_.size() > 1) fail_groups(param_groups_.size());
}

/// Numbers are 0-dim, the rest as long as all parameters together.
void LBFGS::check_state(const Tensor& p, const std::string& name, const Tensor& value) const {
  int64_t numbers = 0;
  for (const Tensor& each : parameters()) numbers += each.numel();
  const bool number = name.find(".ro.") != std::string::npos || name.find(".H_diag") != std::string::npos;
  const std::vector<int64_t> sizes = number ? std::vector<int64_t>() : std::vector<int64_t>{numbers};
  if (value.sizes() != sizes || !p.is_same(parameters()[0]))
    throw ShapeError(fmt::format("[LBFGS] state \"{}\" has shape {}; it belongs to the first parameter with shape {}",
                                 name, to_string(value.sizes()), to_string(sizes)),
                     value.sizes().vec(), sizes);
}

LBFGS::LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<LBFGSOptions>(defaults)) {
  check_all_options();
  auto& own = static_cast<LBFGSOptions&>(*defaults_);
  if (!own.max_eval()) own.max_eval(own.max_iter() * 5 / 4);
  for (OptimizerParamGroup& group : param_groups_) {
    auto& options = static_cast<LBFGSOptions&>(group.options());
    if (!options.max_eval()) options.max_eval(options.max_iter() * 5 / 4);
  }
}
LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

namespace {

/// One step(): iterations on the parameters, with the state of those before.
struct Descent {
  const LBFGSOptions& o;
  const Parameters& all;
  const Optimizer::LossClosure& closure;
  LBFGSParamState& s;
  double loss;
  Tensor gradient;
  int64_t calls = 1;

  /// The loss and the gradient where the parameters are.
  void look() {
    const AutoGradMode enable(true);
    loss = closure().item<double>();
    gradient = all.gradient();
    ++calls;
  }
  bool flat() const { return largest(gradient) <= o.tolerance_grad(); }

  /// Chooses direction and first length of the next move; the slope along it.
  double aim() {
    s.n_iter(s.n_iter() + 1);
    if (s.n_iter() == 1) {
      s.H_diag(ones({}, gradient.scalar_type()));
      s.t(std::min(1.0, 1 / gradient.abs().sum().item<double>()) * o.lr());
    } else {
      remember(s, gradient, o.history_size());
      s.t(o.lr());
    }
    s.d(direction(s, gradient));
    s.prev_flat_grad(gradient);
    s.prev_loss(loss);
    return product(gradient, s.d());
  }

  void search(const std::vector<Tensor>& from, double slope) {
    const auto at = [&](double t) {
      all.move(from, t, s.d());
      look();
      return LinePoint{t, loss, gradient, product(gradient, s.d())};
    };
    const LinePoint best = strong_wolfe(at, {0, loss, gradient, slope}, s.t(), largest(s.d()));
    loss = best.loss;
    gradient = best.gradient;
    s.t(best.t);
    all.move(from, s.t(), s.d());
  }

  void run() {
    const int64_t most_calls = o.max_eval().value_or(o.max_iter() * 5 / 4);
    for (int64_t i = 1; i <= o.max_iter(); ++i) {
      const double slope = aim();
      if (slope > -o.tolerance_change()) return;
      const std::vector<Tensor> from = all.copies();
      if (o.line_search_fn()) {
        search(from, slope);
      } else {
        all.move(from, s.t(), s.d());
        if (i < o.max_iter()) look();  // else nobody would use it
      }
      if (calls >= most_calls || flat() || largest(s.d() * s.t()) <= o.tolerance_change() ||
          std::abs(loss - s.prev_loss()) < o.tolerance_change())
        return;
    }
  }
};

}  // namespace

Tensor LBFGS::step(LossClosure closure) {
  if (!closure) throw ValueError("[LBFGS] step() needs a closure that computes the loss and its gradients again");
  if (param_groups_.size() != 1) fail_groups(param_groups_.size());
  const NoGradGuard no_grad;
  const auto o = options_as<LBFGSOptions>(kName, param_groups_[0].options());
  if (parameters().empty()) return evaluate(closure);
  const Parameters all(parameters());
  const auto entry = state_.find(state_key(parameters()[0]));
  LBFGSParamState s = entry == state_.end() ? LBFGSParamState() : state_as<LBFGSParamState>(kName, *entry->second);
  Tensor first;
  try {
    first = evaluate(closure);
    Descent descent{o, all, closure, s, first.item<double>(), all.gradient()};
    if (!descent.flat()) descent.run();
    s.func_evals(s.func_evals() + descent.calls);
  } catch (...) {
    all.restore();
    throw;
  }
  std::unique_ptr<OptimizerParamState>& kept = state_[state_key(parameters()[0])];
  if (!kept) kept = make_state();
  kept->assign(std::move(s));
  return first;
}

}  // namespace hearth::optim
