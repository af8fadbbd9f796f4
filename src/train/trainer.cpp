#include "hearth/train/trainer.h"

#include <cmath>

#include "base/fail.h"
#include "hearth/autocast.h"
#include "hearth/hearth.h"
#include "hearth/nn/utils/clip_grad.h"
#include "hearth/optim/lbfgs.h"
#include "train/first_batches.h"
#include "train/trainer_impl.h"

namespace hearth::train {

Callback::~Callback() = default;

const double* find(const Scores& scores, const std::string& name) {
  for (const auto& [key, value] : scores)
    if (key == name) return &value;
  return nullptr;
}

namespace {

/// Evaluation mode and an untouched default generator, for a scope.
class EvaluationScope {
 public:
  explicit EvaluationScope(nn::Module& module) : generator_(hearth::detail::getDefaultCPUGenerator()) {
    state_ = generator_.get_state();
    module.apply([this](nn::Module& m) { modes_.emplace_back(&m, m.is_training()); });
    module.eval();
  }
  ~EvaluationScope() {
    for (const auto& [module, training] : modes_) module->train(training);
    generator_.set_state(state_);
  }
  EvaluationScope(const EvaluationScope&) = delete;
  EvaluationScope& operator=(const EvaluationScope&) = delete;

 private:
  Generator generator_;
  std::vector<uint8_t> state_;
  std::vector<std::pair<nn::Module*, bool>> modes_;  // parents before children
  NoGradGuard no_grad_;
};

/// A validation that was broken off, since the training is to stop.
struct Stopped {};

}  // namespace

Trainer::Impl::Impl(Trainer& t, Model m, optim::Optimizer& o, Loss l, TrainerOptions settings)
    : self(t),
      model(std::move(m)),
      optimizer(o),
      loss(std::move(l)),
      options(std::move(settings)),
      ema(model.module ? model.module->parameters() : std::vector<Tensor>(), options.ema_decay()) {
  if (!model.module || !model.forward || !loss) throw TypeError("[Trainer] needs a model and a loss");
  parameters = model.module->parameters();
  check_options();
  if (options.dry_run()) options.epochs(1).max_steps(2).checkpoints("").sanity_batches(0);
}

void Trainer::Impl::check_options() const {
  const auto refuse = [](const char* name, auto value, const char* rule) {
    fail("[Trainer] {} is {}; it must be {}", name, value, rule);
  };
  if (options.epochs() < 1) refuse("epochs", options.epochs(), "at least 1");
  if (options.accumulate() < 1) refuse("accumulate", options.accumulate(), "at least 1");
  if (options.max_steps() < 0) refuse("max_steps", options.max_steps(), "0 (no limit) or more");
  if (!(options.max_seconds() >= 0)) refuse("max_seconds", options.max_seconds(), "0 (no limit) or more");
  if (!(options.clip_norm() >= 0)) refuse("clip_norm", options.clip_norm(), "0 (none) or more");
  if (!(options.clip_value() >= 0)) refuse("clip_value", options.clip_value(), "0 (none) or more");
  if (!(options.ema_decay() >= 0 && options.ema_decay() < 1))
    refuse("ema_decay", options.ema_decay(), "0 (none) or more, and below 1");
  if (options.keep_last() < 1) refuse("keep_last", options.keep_last(), "at least 1");
  if (options.mode() != "min" && options.mode() != "max" && options.mode() != "auto")
    refuse("mode", options.mode(), "\"min\", \"max\" or \"auto\"");
}

void Trainer::Impl::begin(Batches& train) {
  state.epochs = options.epochs();
  state.batches = train.batches();
  state.lr = optimizer.param_groups()[0].options().get_lr();
  if (!validation && options.monitor().starts_with("val/")) options.monitor("train" + options.monitor().substr(3));
  const std::string name = options.monitor().substr(options.monitor().find('/') + 1);
  bool higher = false, known = name == "loss";
  std::string all = "loss";
  for (const auto& [key, metric] : metrics) {
    all += ", " + key;
    if (key != name) continue;
    higher = metric->higher_is_better();
    known = true;
  }
  if (!known || (!options.monitor().starts_with("val/") && !options.monitor().starts_with("train/")))
    fail("[Trainer] there is no score \"{}\" to monitor; use train/ or val/ and one of {}", options.monitor(), all);
  if (options.mode() == "auto") options.mode(higher ? "max" : "min");
  if (validation && !state.resumed && options.sanity_batches() > 0)
    evaluate(*validation, "val", options.sanity_batches(), {}, false);
  begun = window_begun = last_saved = clock_seconds();
  first_step = state.step;
  waited = 0;
  window_samples = 0;
}

Result Trainer::Impl::fit(Batches& train, Batches* val) {
  std::optional<FirstBatches> few;
  if (options.overfit() > 0) few.emplace(train, options.overfit());
  Batches& source = few ? *few : train;
  validation = few ? &*few : val;
  begin(source);
  tell([&](Callback& c) { c.on_fit_begin(self); });
  if (!generator.empty()) {
    Generator own = hearth::detail::getDefaultCPUGenerator();
    own.set_state(generator);
  }
  Result result;
  try {
    bool on = !out_of_budget();
    while (on && state.epoch < state.epochs && !(options.patience() > 0 && stale >= options.patience()))
      on = epoch(source);
    if (options.patience() > 0 && stale >= options.patience()) result.status = Result::Status::stopped_early;
    if (!on && stopped()) result.status = Result::Status::interrupted;
  } catch (const Stopped&) {
    save(&source);
    result.status = Result::Status::interrupted;
  } catch (const Error& e) {
    tell([&](Callback& c) { c.on_failure(self, e); });
    throw;
  }
  finish(result);
  return result;
}

bool Trainer::Impl::out_of_budget() const {
  return (options.max_steps() > 0 && state.step >= options.max_steps()) ||
         (options.max_seconds() > 0 && seconds_before + clock_seconds() - begun >= options.max_seconds());
}

bool Trainer::Impl::epoch(Batches& train) {
  model.module->train();
  if (place) {
    train.load_state_dict(*place);
    place.reset();
  } else if (!epoch_done) {
    train.start(state.epoch);
    state.batch = 0;
  }
  tell([&](Callback& c) { c.on_epoch_begin(self); });
  if (validate_due) validate();
  const int64_t all = train.batches();
  data::Example<> batch;
  bool on = true;
  while (on && !epoch_done) {
    const double before = clock_seconds();
    const bool more = train.next(batch);
    waited += clock_seconds() - before;
    epoch_done = !more;
    if (epoch_done) break;
    ++state.batch;
    const int64_t group_begin = state.batch - 1 - in_group;
    const int64_t group = std::max<int64_t>(1, std::min(options.accumulate(), all - group_begin));
    train_batch(batch, group);
    if (++in_group < group) continue;
    in_group = 0;
    optimize();
    on = after_step(train);
  }
  if (!on && stopped()) {
    save(&train);
    return false;
  }
  end_epoch(train, on);
  if (on && stopped()) save(nullptr);
  return on && !out_of_budget() && !stopped();
}

std::pair<Tensor, Tensor> Trainer::Impl::run_model(const data::Example<>& batch) const {
  const AutocastGuard autocast(options.autocast());
  const Tensor output = model.forward(batch.data);
  const Tensor value = loss(output, batch.target);
  const bool is_half = output.scalar_type() == kBFloat16;
  return {is_half && options.autocast() ? output.to(kFloat) : output, value};
}

void Trainer::Impl::train_batch(data::Example<>& batch, int64_t group) {
  tell([&](Callback& c) { c.on_batch_begin(self, batch); });
  if (in_group == 0) optimizer.zero_grad(/*set_to_none=*/true);
  const auto [output, value] = run_model(batch);
  tell([&, &output = output, &value = value](Callback& c) { c.on_loss(self, output, value); });
  const double number = value.item<double>();
  if (!std::isfinite(number) && options.stop_on_nonfinite()) fail_nonfinite(number, batch);
  (group > 1 ? value / static_cast<double>(group) : value).backward();
  const auto samples = static_cast<double>(batch.data.size(0));
  loss_sum += number * samples;
  loss_seen += samples;
  window_sum += number * samples;
  window_seen += samples;
  window_samples += batch.data.size(0);
  state.samples += batch.data.size(0);
  state.loss = loss_sum / loss_seen;
  closure_batch = batch;
  if (metrics.empty()) return;
  const NoGradGuard no_grad;
  for (const auto& [name, metric] : metrics) metric->update(output.detach(), batch.target);
}

void Trainer::Impl::optimize() {
  tell([&](Callback& c) { c.on_gradients(self); });
  const bool due = (options.log_every() > 0 && (state.step + 1) % options.log_every() == 0) ||
                   state.batch == state.batches;  // a record follows
  if (due && options.log_gradients()) measure_layers();
  if (options.clip_norm() > 0) {
    state.grad_norm = nn::utils::clip_grad_norm_(parameters, options.clip_norm());
  } else if (due) {
    state.grad_norm = nn::utils::get_total_norm(gradients());
  }
  const auto again = [&] { return run_model(*closure_batch).second; };
  if (!std::isfinite(state.grad_norm) && options.stop_on_nonfinite())
    fail(
        "[train] the norm of the gradient is {} at step {} (epoch {}, batch {}): {}; lower the learning rate ({}), "
        "or limit the gradient",
        state.grad_norm, state.step + 1, state.epoch + 1, state.batch, gradient_culprit(*model.module, again),
        state.lr);
  if (options.clip_value() > 0) nn::utils::clip_grad_value_(parameters, options.clip_value());
  if (dynamic_cast<optim::LBFGS*>(&optimizer)) {
    optimizer.step([&] {
      optimizer.zero_grad(/*set_to_none=*/true);
      Tensor value = again();
      value.backward();
      return value;
    });
  } else {
    optimizer.step();
  }
  if (ema.on()) ema.update();
  ++state.step;
  if (schedule && by_step) schedule->step();
  state.lr = optimizer.param_groups()[0].options().get_lr();
}

bool Trainer::Impl::after_step(Batches& train) {
  const int64_t step = state.step;
  if (clock_seconds() - last_rates > 0.1) update_rates();
  has_monitored = false;
  const bool last = state.batch == state.batches;
  if (options.log_every() > 0 && step % options.log_every() == 0 && !last) record({});
  tell([&](Callback& c) { c.on_step_end(self); });
  if (validation && options.validate_every() > 0 && step % options.validate_every() == 0) {
    validate_due = true;
    validate();
  }
  const bool save_now =
      (options.checkpoint_steps() > 0 && step % options.checkpoint_steps() == 0) ||
      (options.checkpoint_minutes() > 0 && clock_seconds() - last_saved >= 60 * options.checkpoint_minutes());
  if (save_now) save(&train);
  return !out_of_budget() && !stopped();
}

void Trainer::Impl::validate() {
  tell([&](Callback& c) { c.on_validation_begin(self); });
  const Scores scores = evaluate(*validation, "val", options.dry_run() ? 1 : 0, {}, true);
  validate_due = false;
  state.validation = scores;
  tell([&](Callback& c) { c.on_validation_end(self, scores); });
  if (options.validate_every() > 0) {
    record(scores);
    judge(scores);
  }
}

void Trainer::Impl::judge(const Scores& scores) {
  const double* value = find(scores, options.monitor());
  if (!value) return;
  monitored = *value;
  has_monitored = true;
  const double gain = options.mode() == "max" ? *value - state.best : state.best - *value;
  if (state.best_step < 0 ? *value == *value : gain > options.min_delta()) {
    state.best = *value;
    state.best_step = state.step;
    state.best_epoch = state.epoch + 1;
    stale = 0;
    best_scores = scores;
    if (options.restore_best()) snapshot_best();
    tell([&](Callback& c) { c.on_improvement(self); });
  } else {
    ++stale;
  }
  if (plateau) plateau->step(*value);
}

void Trainer::Impl::end_epoch(Batches& train, bool whole) {
  Scores scores = epoch_scores();
  has_monitored = false;
  if (validation && options.validate_every() == 0) {
    validate();
    scores.insert(scores.end(), state.validation.begin(), state.validation.end());
  }
  record(scores);
  const bool by_epoch = options.validate_every() == 0 || options.monitor().starts_with("train/");
  if (by_epoch) judge(scores);
  tell([&](Callback& c) { c.on_epoch_end(self); });
  if (!whole) return save(&train);
  if (schedule && !by_step) schedule->step();
  state.lr = optimizer.param_groups()[0].options().get_lr();
  ++state.epoch;
  epoch_done = false;
  state.batch = 0;
  loss_sum = loss_seen = 0;
  for (const auto& [name, metric] : metrics) metric->reset();
  const bool ends = state.epoch == state.epochs || (options.patience() > 0 && stale >= options.patience());
  if ((options.checkpoint_epochs() > 0 && state.epoch % options.checkpoint_epochs() == 0) || ends) save(nullptr);
}

Scores Trainer::Impl::evaluate(Batches& batches, const std::string& part, int64_t limit, const Visitor& each,
                               bool stoppable) {
  const EvaluationScope scope(*model.module);
  std::optional<EmaScope> averaged;
  if (ema.on()) averaged.emplace(ema);
  std::vector<IValue> before;
  for (const auto& [name, metric] : metrics) {
    before.push_back(metric->state());
    metric->reset();
  }
  double sum = 0, seen = 0;
  bool broken_off = false;
  batches.start(0);
  data::Example<> batch;
  for (int64_t i = 0; (limit == 0 || i < limit) && !broken_off && batches.next(batch); ++i) {
    const auto [output, value] = run_model(batch);
    const auto samples = static_cast<double>(batch.data.size(0));
    sum += value.item<double>() * samples;
    seen += samples;
    for (const auto& [name, metric] : metrics) metric->update(output, batch.target);
    if (each) each(batch, output);
    broken_off = stoppable && stopped();
  }
  Scores scores = {{part + "/loss", sum / seen}};
  for (size_t i = 0; i < metrics.size(); ++i) {
    scores.emplace_back(part + "/" + metrics[i].first, metrics[i].second->compute());
    metrics[i].second->load_state(before[i]);
  }
  if (broken_off) throw Stopped();
  return scores;
}

void Trainer::Impl::finish(Result& result) {
  result.epochs = state.epoch;
  result.steps = state.step;
  result.seconds = state.seconds = seconds_before + clock_seconds() - begun;
  result.best = state.best;
  result.best_step = state.best_step;
  result.best_epoch = state.best_epoch;
  result.validation = state.validation;
  if (result.status != Result::Status::interrupted) {
    if (ema.on()) {
      ema.swap();
      ema = Ema({}, 0);
    }
    if (options.restore_best() && !best_weights.is_empty()) {
      model.module->load_state_dict(best_weights);
      result.validation = best_scores;
    }
  }
  model.module->eval();
  tell([&](Callback& c) { c.on_fit_end(self, result); });
}

Trainer::Trainer(Model model, optim::Optimizer& optimizer, Loss loss, TrainerOptions options)
    : impl_(std::make_unique<Impl>(*this, std::move(model), optimizer, std::move(loss), std::move(options))) {}
Trainer::~Trainer() = default;
void Trainer::add_metric(std::string name, std::unique_ptr<Metric> metric) {
  impl_->metrics.emplace_back(std::move(name), std::move(metric));
}
void Trainer::add_callback(std::shared_ptr<Callback> callback) { impl_->callbacks.push_back(std::move(callback)); }
void Trainer::set_schedule(std::shared_ptr<optim::LRScheduler> schedule, bool by_step /* = false */) {
  impl_->schedule = std::move(schedule);
  impl_->by_step = by_step;
}
void Trainer::set_schedule(std::shared_ptr<optim::ReduceLROnPlateau> schedule) { impl_->plateau = std::move(schedule); }
void Trainer::set_checkpoints(std::string folder, std::string config /* = {} */) {
  if (!impl_->options.dry_run()) impl_->options.checkpoints(std::move(folder)).config(std::move(config));
}
void Trainer::load_checkpoint(const IValue& content) { impl_->load(content); }
Result Trainer::fit(Batches& train, Batches* validation /* = nullptr */) { return impl_->fit(train, validation); }
Scores Trainer::evaluate(Batches& batches, const std::string& part /* = "test" */, int64_t limit /* = 0 */,
                         const Visitor& each /* = {} */) {
  return impl_->evaluate(batches, part, limit, each, false);
}
const TrainState& Trainer::state() const { return impl_->state; }
const TrainerOptions& Trainer::options() const { return impl_->options; }
const Model& Trainer::model() const { return impl_->model; }
optim::Optimizer& Trainer::optimizer() { return impl_->optimizer; }
Scores Trainer::training_scores() const { return impl_->epoch_scores(); }
int64_t Trainer::records() const { return impl_->records; }

}  // namespace hearth::train
