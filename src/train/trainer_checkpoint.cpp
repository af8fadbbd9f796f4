// A training as one value, and back: whatever decides how it goes on.
#include <cmath>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "io/tree.h"
#include "train/trainer_impl.h"
#include "train/values.h"

namespace hearth::train {

void Ema::update() {
  const NoGradGuard no_grad;
  if (averages_.empty())
    for (const Tensor& p : parameters_) averages_.push_back(p.detach().clone());
  const double n = static_cast<double>(++updates_), decay = std::min(decay_, (1 + n) / (10 + n));
  for (size_t i = 0; i < averages_.size(); ++i) averages_[i].lerp_(parameters_[i].detach(), 1 - decay);
}
void Ema::swap() {
  const NoGradGuard no_grad;
  for (size_t i = 0; i < averages_.size(); ++i) {
    const Tensor kept = parameters_[i].detach().clone();
    parameters_[i].detach().copy_(averages_[i]);
    averages_[i].copy_(kept);
  }
}
IValue Ema::state() const { return IValue::Dict{{"updates", updates_}, {"averages", averages_}}; }
void Ema::load_state(const IValue& state) {
  updates_ = state.at("updates").toInt();
  averages_ = to_tensors(state.at("averages"));
  if (!averages_.empty() && averages_.size() != parameters_.size())
    fail("[load_checkpoint] there are averages of {} parameters, and the model has {}", averages_.size(),
         parameters_.size());
}

namespace {

IValue to_value(const Scores& scores) {
  IValue::Dict dict;
  for (const auto& [name, value] : scores) dict.emplace_back(name, value);
  return dict;
}
Scores to_scores(const IValue& value) {
  Scores scores;
  if (value.isGenericDict())
    for (const auto& [name, number] : value.toGenericDict()) scores.emplace_back(name.toStringRef(), number.toDouble());
  return scores;
}
nn::StateDict copy_of(const nn::StateDict& state) {
  nn::StateDict copy;
  for (const auto& item : state) copy.insert(item.key(), item.value().detach().clone());
  return copy;
}

}  // namespace

void Trainer::Impl::snapshot_best() {
  std::optional<EmaScope> averaged;
  if (ema.on()) averaged.emplace(ema);
  best_weights = copy_of(model.module->state_dict());
}

IValue Trainer::Impl::checkpoint(const Batches* train) const {
  const std::vector<uint8_t> random = hearth::detail::getDefaultCPUGenerator().get_state();
  std::vector<IValue> metric_states;
  for (const auto& [name, metric] : metrics) metric_states.push_back(metric->state());
  IValue::Dict content = {{"kind", "hearth training"},
                          {"version", 1},
                          {"step", state.step},
                          {"epoch", state.epoch},
                          {"batch", state.batch},
                          {"samples", state.samples},
                          {"config", options.config()},
                          {"model", io::dict_of(model.module->state_dict())},
                          {"optimizer", io::dict_of(optimizer.state_dict())},
                          {"schedule", schedule ? io::dict_of(schedule->state_dict()) : IValue()},
                          {"plateau", plateau ? io::dict_of(plateau->state_dict()) : IValue()},
                          {"ema", ema.state()},
                          {"generator", tensor(random, kByte)},
                          {"place", train && !epoch_done ? train->state_dict() : IValue()},
                          {"epoch_done", epoch_done},
                          {"sums", std::vector<double>{loss_sum, loss_seen, window_sum, window_seen, state.grad_norm}},
                          {"layer_norms", to_value(layer_norms)},
                          {"metrics", metric_states},
                          {"validation", to_value(state.validation)},
                          {"validate_due", validate_due},
                          {"stale", stale},
                          {"best", IValue::Dict{{"value", state.best},
                                                {"step", state.best_step},
                                                {"epoch", state.best_epoch},
                                                {"scores", to_value(best_scores)},
                                                {"weights", io::dict_of(best_weights)}}},
                          {"records", records},
                          {"seconds", seconds_before + clock_seconds() - begun}};
  if (has_monitored) content.emplace_back("metric", monitored);
  return content;
}

void Trainer::Impl::save(const Batches* train) {
  last_saved = clock_seconds();
  if (options.checkpoints().empty()) return;
  const std::string path = fmt::format("{}/step-{:08}.ckpt", options.checkpoints(), state.step);
  io::save_checkpoint(checkpoint(train), path);
  io::PruneOptions prune;
  prune.keep_last = options.keep_last();
  prune.keep_best = options.keep_best();
  prune.higher_is_better = options.mode() == "max";
  io::prune_checkpoints(options.checkpoints(), prune);
  tell([&](Callback& c) { c.on_checkpoint(self, path); });
}

void Trainer::Impl::load(const IValue& content) {
  const IValue* kind = content.isGenericDict() ? content.find("kind") : nullptr;
  if (!kind || !kind->isString() || kind->toStringRef() != "hearth training")
    fail("[load_checkpoint] this is no checkpoint of a training");
  const auto part = [&](const char* name, bool have) -> const IValue* {
    const IValue& value = content.at(name);
    if (value.isNone() == have)
      fail("[load_checkpoint] the checkpoint has {} {}, and this training {}", have ? "no" : "a", name,
           have ? "has one" : "has none");
    return have ? &value : nullptr;
  };
  const std::vector<IValue>& metric_states = content.at("metrics").toListRef();
  if (metric_states.size() != metrics.size())
    fail("[load_checkpoint] the checkpoint has {} metrics, and this training {}", metric_states.size(), metrics.size());
  const IValue *s = part("schedule", schedule != nullptr), *p = part("plateau", plateau != nullptr);
  const IValue& best = content.at("best");
  model.module->load_state_dict(io::tensors_of(content.at("model")));
  optimizer.load_state_dict(io::tensors_of(content.at("optimizer")));
  if (s) schedule->load_state_dict(io::tensors_of(*s));
  if (p) plateau->load_state_dict(io::tensors_of(*p));
  ema.load_state(content.at("ema"));
  for (size_t i = 0; i < metrics.size(); ++i) metrics[i].second->load_state(metric_states[i]);
  const Tensor random = content.at("generator").toTensor().contiguous();
  generator.assign(random.data_ptr<uint8_t>(), random.data_ptr<uint8_t>() + random.numel());
  epoch_done = content.at("epoch_done").toBool();
  place.reset();
  if (!content.at("place").isNone()) place = content.at("place");
  const std::vector<double> sums = to_doubles(content.at("sums"));
  if (sums.size() != 5) fail("[load_checkpoint] the checkpoint's sums are {} numbers instead of 5", sums.size());
  loss_sum = sums[0], loss_seen = sums[1], window_sum = sums[2], window_seen = sums[3], state.grad_norm = sums[4];
  if (const IValue* norms = content.find("layer_norms")) layer_norms = to_scores(*norms);
  state.step = content.at("step").toInt();
  state.epoch = content.at("epoch").toInt();
  state.batch = content.at("batch").toInt();
  state.samples = content.at("samples").toInt();
  state.validation = to_scores(content.at("validation"));
  validate_due = content.at("validate_due").toBool();
  stale = content.at("stale").toInt();
  state.best = best.at("value").toDouble();
  state.best_step = best.at("step").toInt();
  state.best_epoch = best.at("epoch").toInt();
  best_scores = to_scores(best.at("scores"));
  best_weights = io::tensors_of(best.at("weights"));
  records = content.at("records").toInt();
  state.seconds = seconds_before = content.at("seconds").toDouble();
  state.resumed = true;
}

}  // namespace hearth::train
