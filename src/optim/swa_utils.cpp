#include "hearth/optim/swa_utils.h"

#include <fmt/format.h>

#include <algorithm>

#include "hearth/error.h"
#include "hearth/nn/batchnorm.h"
#include "optim/scheduling.h"

namespace hearth::optim::swa_utils {

namespace {

double checked_decay(double decay) {
  check_within("AveragedModel", "decay", decay, 0, 1);
  return decay;
}

/// averaged += (current - averaged) * share: gradient descent on half their squared distance.
void approach(TensorList averaged, TensorList current, double share) {
  StepArgs args;
  args.lr = share;
  args.decay = 1;
  args.maximize = true;
  _fused_step_(StepOp::sgd, averaged, current, {}, args);
}

}  // namespace

AvgFn get_swa_avg_fn() {
  return [](const Tensor& averaged, const Tensor& current, int64_t n) {
    return averaged + (current - averaged) / static_cast<double>(n + 1);
  };
}
MultiAvgFn get_swa_multi_avg_fn() {
  return [](TensorList averaged, TensorList current, int64_t n) {
    approach(averaged, current, 1 / static_cast<double>(n + 1));
  };
}
AvgFn get_ema_avg_fn(double decay) {
  return [decay = checked_decay(decay)](const Tensor& averaged, const Tensor& current, int64_t) {
    return averaged + (current - averaged) * (1 - decay);
  };
}
MultiAvgFn get_ema_multi_avg_fn(double decay) {
  return [decay = checked_decay(decay)](TensorList averaged, TensorList current, int64_t) {
    approach(averaged, current, 1 - decay);
  };
}

AveragedModelBase::AveragedModelBase(std::shared_ptr<nn::Module> module, AveragedModelOptions options)
    : nn::Module("AveragedModel"), average_(std::move(module)), options_(std::move(options)) {
  if (!average_) throw TypeError("[AveragedModel] the model is a null pointer, or its clone() is another class");
  n_averaged = register_buffer("n_averaged", zeros({}, kLong));
  register_module("module", average_);
}

namespace {
void check_same(const char* what, const std::vector<Tensor>& own, const std::vector<Tensor>& given) {
  if (own.size() != given.size())
    throw ValueError(
        fmt::format("[AveragedModel] the model has {} {} but the average {}; give the model it was made of",
                    given.size(), what, own.size()));
  for (size_t i = 0; i < own.size(); ++i)
    if (own[i].sizes() != given[i].sizes() || own[i].scalar_type() != given[i].scalar_type())
      throw ShapeError(fmt::format("[AveragedModel] number {} of the {} is {} of shape {} but the average's is {} of "
                                   "shape {}",
                                   i, what, toString(given[i].scalar_type()), to_string(given[i].sizes()),
                                   toString(own[i].scalar_type()), to_string(own[i].sizes())),
                       given[i].sizes().vec(), own[i].sizes().vec());
}
}  // namespace

void AveragedModelBase::update_parameters(const nn::Module& model) {
  const NoGradGuard no_grad;
  const std::vector<Tensor> own = average_->parameters(), given = model.parameters();
  const std::vector<Tensor> own_buffers = average_->buffers(), given_buffers = model.buffers();
  check_same("parameters", own, given);
  check_same("buffers", own_buffers, given_buffers);
  const auto count = n_averaged.item<int64_t>();
  std::vector<Tensor> averaged, current;  // what is averaged; the rest is copied
  const auto sort_out = [&](const Tensor& to, const Tensor& from, bool average) {
    if (!average || count == 0 || !to.is_floating_point()) {
      to.copy_(from);
    } else {
      averaged.push_back(to);
      current.push_back(from.detach());
    }
  };
  for (size_t i = 0; i < own.size(); ++i) sort_out(own[i], given[i], true);
  for (size_t i = 0; i < own_buffers.size(); ++i) sort_out(own_buffers[i], given_buffers[i], options_.use_buffers());
  if (options_.multi_avg_fn()) {
    if (!averaged.empty()) options_.multi_avg_fn()(averaged, current, count);
  } else if (options_.avg_fn()) {
    for (size_t i = 0; i < averaged.size(); ++i)
      averaged[i].copy_(options_.avg_fn()(averaged[i].detach(), current[i], count));
  } else if (!averaged.empty()) {
    get_swa_multi_avg_fn()(averaged, current, count);
  }
  n_averaged.add_(1);
}

BatchNormUpdate::BatchNormUpdate(nn::Module& model) : model_(model), training_(model.is_training()) {
  for (const auto& module : model.modules())
    if (auto* norm = dynamic_cast<nn::detail::BatchNormState*>(module.get())) {
      if (!norm->running_mean.defined()) continue;
      norm->reset_running_stats();
      momenta_.emplace_back(&norm->options.momentum(), norm->options.momentum());
      norm->options.momentum(std::nullopt);
    }
  if (needed()) model.train();
}
BatchNormUpdate::~BatchNormUpdate() {
  for (auto& [momentum, before] : momenta_) *momentum = before;
  if (needed()) model_.train(training_);
}

SWALR::SWALR(Optimizer& optimizer, std::vector<double> swa_lr, int64_t anneal_epochs, std::string anneal_strategy)
    : LRScheduler(optimizer),
      swa_lrs_(spread("SWALR", "swa_lr", swa_lr, optimizer)),
      anneal_epochs_(anneal_epochs),
      anneal_strategy_(std::move(anneal_strategy)) {
  check_within("SWALR", "anneal_epochs", static_cast<double>(anneal_epochs), 0);
  anneal("SWALR", anneal_strategy_, 0);
  LRScheduler::step();
}

double SWALR::share(double steps) const {
  const auto all = static_cast<double>(std::max<int64_t>(anneal_epochs_, 1));
  return 1 - anneal("SWALR", anneal_strategy_, std::max(0.0, std::min(1.0, steps / all)));
}

// Each step finds where the rates came from, so that they may be changed meanwhile.
std::vector<double> SWALR::get_lrs() {
  auto steps = static_cast<double>(step_count_);
  if (anneal_epochs_ == 0) steps = std::max(1.0, steps);
  const double before = share(steps - 1), now = share(steps);
  std::vector<double> rates = get_current_lrs();
  for (size_t i = 0; i < rates.size(); ++i) {
    const double from = before == 1 ? swa_lrs_.at(i) : (rates[i] - before * swa_lrs_.at(i)) / (1 - before);
    rates[i] = swa_lrs_.at(i) * now + from * (1 - now);
  }
  return rates;
}

}  // namespace hearth::optim::swa_utils
