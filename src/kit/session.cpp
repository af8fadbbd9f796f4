#include "kit/session.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/io/safetensors.h"
#include "hearth/io/text_file.h"
#include "hearth/nn/summary.h"
#include "hearth/threads.h"
#include "kit/event_writer.h"
#include "kit/nearest.h"

namespace hearth::kit {

using train::Config;
using train::Trainer;

namespace {

std::string run_name(const Config& config) {
  if (config.has("run.name")) return config.text("run.name");
  if (config.has("data.name")) return config.text("data.name");
  std::string path = config.text("data.path");
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  path = path.substr(path.rfind('/') + 1);
  return path.substr(0, path.find('.'));
}

/// What the data and the model leave open.
void choose_rest(Config& config, const Loaded& loaded) {
  config.choose("model.name", "mlp", "fits any data");
  config.choose("loss.name", loaded.data.loss, "suits the target");
  config.choose("optimizer.name", "adamw", "works untuned");
  config.choose("optimizer.lr", 1e-3, "a common rate");
  config.choose("scheduler.name", "cosine", "ends with small steps");
  config.choose("scheduler.warmup", int64_t{0}, "not needed");
  config.choose("run.epochs", int64_t{10}, "a common number");
  config.choose("run.clip_norm", 1.0, "keeps a bad batch from doing harm");
  config.choose("run.ema_decay", 0.0, "not needed");
  config.choose("run.patience", int64_t{0}, "the schedule says when to end");
  config.choose("run.restore_best", false, "the last weights are the best where the rate ends low");
  std::vector<IValue> metrics(loaded.data.metrics.begin(), loaded.data.metrics.end());
  config.choose("run.metrics", IValue(std::move(metrics)), "suit the target");
  config.choose("run.monitor", "val/loss", "the loss says most");
  config.choose("run.checkpoint_epochs", std::max<int64_t>(1, config.integer("run.epochs") / 20),
                "about 20 in the whole run");
}

train::TrainerOptions trainer_options(const Config& c, const std::function<bool()>& stop) {
  train::TrainerOptions o;
  o.epochs(c.integer("run.epochs")).max_steps(c.integer("run.max_steps")).max_seconds(c.number("run.max_seconds"));
  o.accumulate(c.integer("run.accumulate")).clip_norm(c.number("run.clip_norm")).clip_value(c.number("run.clip_value"));
  o.ema_decay(c.number("run.ema_decay")).validate_every(c.integer("run.validate_every"));
  o.sanity_batches(c.integer("run.sanity_batches")).log_every(c.integer("run.log_every"));
  o.log_gradients(c.flag("run.log_gradients"));
  o.monitor(c.text("run.monitor")).mode(c.text("run.mode")).patience(c.integer("run.patience"));
  o.min_delta(c.number("run.min_delta")).restore_best(c.flag("run.restore_best"));
  o.checkpoint_steps(c.integer("run.checkpoint_steps")).checkpoint_minutes(c.number("run.checkpoint_minutes"));
  o.checkpoint_epochs(c.integer("run.checkpoint_epochs")).keep_last(c.integer("run.keep_last"));
  o.keep_best(c.integer("run.keep_best")).dry_run(c.flag("run.dry_run")).overfit(c.integer("run.overfit"));
  o.stop_on_nonfinite(c.flag("run.stop_on_nonfinite")).autocast(c.flag("run.autocast")).stop(stop);
  return o;
}

/// What TensorBoard's page of settings shows.
train::SummaryWriter::HParams hyperparameters(const Config& c) {
  train::SummaryWriter::HParams h;
  for (const char* key : {"optimizer.lr", "run.ema_decay", "run.clip_norm"}) h.numbers.emplace_back(key, c.number(key));
  for (const char* key : {"run.batch_size", "run.epochs", "run.seed"})
    h.numbers.emplace_back(key, static_cast<double>(c.integer(key)));
  for (const char* key : {"model.name", "optimizer.name", "scheduler.name", "loss.name"})
    h.words.emplace_back(key, c.text(key));
  return h;
}

/// A metric of values in the target's own unit.
class Unscaled : public train::Metric {
 public:
  Unscaled(std::unique_ptr<train::Metric> inner, std::function<Tensor(const Tensor&)> unscale)
      : inner_(std::move(inner)), unscale_(std::move(unscale)) {}
  void update(const Tensor& prediction, const Tensor& target) override {
    inner_->update(unscale_(prediction), unscale_(target));
  }
  double compute() const override { return inner_->compute(); }
  void reset() override { inner_->reset(); }
  IValue state() const override { return inner_->state(); }
  void load_state(const IValue& state) override { inner_->load_state(state); }
  bool higher_is_better() const override { return inner_->higher_is_better(); }

 private:
  std::unique_ptr<train::Metric> inner_;
  std::function<Tensor(const Tensor&)> unscale_;
};

int64_t total_steps(const Config& config, const train::Batches& batches) {
  const int64_t accumulate = config.integer("run.accumulate");
  const int64_t steps = config.integer("run.epochs") * ((batches.batches() + accumulate - 1) / accumulate);
  const int64_t most = config.integer("run.max_steps");
  return most > 0 ? std::min(most, steps) : steps;
}

void save_model(const train::Model& model, const RunFolder& folder, const Json& recipe) {
  save_safetensors({model.module->state_dict(), {{"format", "pt"}, {"model", "hearth run"}}},
                   folder.file("model.safetensors"));
  folder.write_json("model.json", recipe);
}

Json shapes_json(const train::Shapes& s) {
  return {{"input", s.input}, {"outputs", s.outputs}, {"vocabulary", s.vocabulary}, {"each_step", s.each_step}};
}

/// Everything of one training, in the order in which it comes to be.
class Session {
 public:
  explicit Session(TrainRequest& request) : r_(request), config_(request.config) {}

  TrainOutcome run() {
    prepare();
    build();
    open_folder();
    describe();
    if (r_.started) r_.started();
    TrainOutcome outcome;
    outcome.folder = folder_ ? folder_->path() : "";
    try {
      outcome.result = trainer_->fit(*loaded_.data.train, loaded_.data.val.get());
      finish(outcome);
    } catch (const Error& e) {
      fail_run(e);
      throw;
    }
    return outcome;
  }

 private:
  void say(const std::string& text) const {
    if (r_.say) r_.say(text);
  }

  void prepare() {
    if (config_.integer("run.threads") > 0) set_num_threads(static_cast<int>(config_.integer("run.threads")));
    config_.check();
    manual_seed(static_cast<uint64_t>(config_.integer("run.seed")));
    loaded_ = load_data(config_, r_.datasets);
    choose_rest(config_, loaded_);
    loaded_.recipe["shapes"] = shapes_json(loaded_.data.shapes);
    config_.check();
  }

  void build() {
    manual_seed(static_cast<uint64_t>(config_.integer("run.seed")));
    train::Model model = build_model(config_, loaded_, r_.models);
    optimizer_ = make_optimizer(config_, *model.module);
    trainer_ =
        std::make_unique<Trainer>(std::move(model), *optimizer_, make_loss(config_), trainer_options(config_, r_.stop));
    add_metrics(*trainer_, config_, loaded_);
    check_loss();
    check_monitor();
    const train::Schedule schedule =
        make_schedule(config_, *optimizer_, total_steps(config_, *loaded_.data.train), config_.integer("run.epochs"));
    if (schedule.scheduler) trainer_->set_schedule(schedule.scheduler, schedule.by_step);
    if (schedule.plateau) trainer_->set_schedule(schedule.plateau);
  }

  /// Before a folder is made; the first batch would say it too, but less plainly. A program's own data is its own
  /// affair.
  void check_loss() const {
    const std::string& name = config_.text("loss.name");
    if (loaded_.data.task == "custom") return;
    const bool autoencoder = config_.text("model.name") == "autoencoder";
    const bool classes = loaded_.data.loss == "cross_entropy" && !autoencoder;
    if (classes == (name == "cross_entropy" || name == "nll") || (autoencoder && name == "bce")) return;
    fail("[config] loss.name is {}, which does not go with a target of {}; use {}", name,
         classes ? "classes" : "numbers",
         classes ? "cross_entropy, or nll where the model gives log-probabilities" : "mse, l1 or huber");
  }

  /// Before a folder is made; the trainer would say it too.
  void check_monitor() const {
    const std::string& monitor = config_.text("run.monitor");
    std::vector<std::string> known;
    for (const char* part : {"val/", "train/"}) {
      known.push_back(part + std::string("loss"));
      for (const std::string& m : config_.texts("run.metrics"))
        if (m != "loss") known.push_back(part + m);
    }
    if (std::find(known.begin(), known.end(), monitor) == known.end())
      fail("[config] run.monitor: there is no score \"{}\"{}; use {}", monitor, did_you_mean(monitor, known),
           one_of(known));
  }

  void open_folder() {
    if (config_.flag("run.dry_run")) return;
    if (!r_.resume.empty()) return resume();
    folder_ = RunFolder::create(config_.has("run.out") ? config_.text("run.out") : "", run_name(config_));
    io::write_text(folder_->file("config.yaml"), config_.yaml());
    folder_->write_json("environment.json", environment(r_.words, config_.integer("run.seed")));
    folder_->write_json("model.json", loaded_.recipe);
    attach();
  }

  void resume() {
    folder_ = RunFolder::open(r_.resume);
    const io::FoundCheckpoint found = io::find_latest(folder_->file("checkpoints"));
    for (const auto& bad : found.rejected) say(fmt::format("passed over {}: {}", bad.path, bad.why));
    if (found.path.empty() && !found.rejected.empty())
      throw FileError(fmt::format("[train] every checkpoint of {} is damaged ({}); train anew with another --out",
                                  folder_->path(), found.rejected[0].why),
                      found.rejected[0].path);
    if (!found.path.empty()) {
      trainer_->load_checkpoint(found.content);
      const bool done = trainer_->state().epoch >= config_.integer("run.epochs");
      say(fmt::format("{} {} (step {})", done ? "nothing is left to train after" : "going on from", found.path,
                      found.step));
    } else {
      say(fmt::format("{} has no checkpoint to go on from; starting anew", folder_->path()));
    }
    if (!exists(folder_->file("model.json"))) folder_->write_json("model.json", loaded_.recipe);
    attach();
    Json parts = Json::array();
    if (exists(folder_->file("environment.json"))) {
      Json before = folder_->read_json("environment.json");
      if (before.contains("resumed")) parts = before["resumed"];
      parts.push_back(environment(r_.words, config_.integer("run.seed")));
      before["resumed"] = parts;
      folder_->write_json("environment.json", before);
    }
  }

  void attach() {
    trainer_->set_checkpoints(folder_->file("checkpoints"), config_.yaml());
    log_ = std::make_unique<Log>(folder_->file("log.txt"));
    trainer_->add_callback(std::make_shared<RecordWriter>(*folder_, trainer_->records()));
    if (config_.flag("run.tensorboard"))
      trainer_->add_callback(std::make_shared<EventWriter>(
          folder_->path(), r_.resume.empty() ? -1 : trainer_->state().step, hyperparameters(config_)));
    for (const auto& w : r_.watchers) trainer_->add_callback(w);
  }

  void describe() {
    const std::string table = model_table(trainer_->model(), blank_sample(loaded_.data.shapes));
    std::string text;
    for (const std::string& note : loaded_.data.notes) text += "data: " + note + "\n";
    for (const auto& [name, value] : loaded_.baselines) text += fmt::format("to beat: {} {:.4g}\n", name, value);
    text += fmt::format("model: {}; optimizer: {} at {:g}; schedule: {}; {} epochs of {} batches of {}\n",
                        config_.text("model.name"), config_.text("optimizer.name"), config_.number("optimizer.lr"),
                        config_.text("scheduler.name"), config_.integer("run.epochs"), loaded_.data.train->batches(),
                        config_.integer("run.batch_size"));
    say(text + "\n" + table);
    if (folder_)
      say(fmt::format("everything goes to {}; why each setting is what it is: hearth train … --print-config\n",
                      folder_->path()));
    if (!log_) {
      for (const auto& w : r_.watchers) trainer_->add_callback(w);
      return;
    }
    io::write_text(folder_->file("model.txt"), table);
    log_->info(text);
    log_->info("the model:\n" + table);
    log_->info("the configuration and where it comes from:\n" + config_.origins());
  }

  Json summary(const char* status, const train::Result& result) const {
    int64_t parameters = 0;
    for (const Tensor& p : trainer_->model().module->parameters()) parameters += p.numel();
    Json s = {{"status", status},          {"epochs", result.epochs},  {"steps", result.steps},
              {"seconds", result.seconds}, {"parameters", parameters}, {"task", loaded_.data.task}};
    if (result.best_step >= 0)
      s["best"] = {{"epoch", result.best_epoch},
                   {"step", result.best_step},
                   {"monitor", trainer_->options().monitor()},
                   {"mode", trainer_->options().mode()},
                   {"value", number(result.best)}};
    s["classes"] = loaded_.data.classes;
    s["notes"] = loaded_.data.notes;
    for (const auto& [name, value] : loaded_.baselines) s["baselines"][name] = number(value);
    return s;
  }

  void finish(TrainOutcome& outcome) {
    const bool interrupted = outcome.result.status == train::Result::Status::interrupted;
    if (interrupted) {
      if (folder_) {
        folder_->write_json("summary.json", summary("interrupted", outcome.result));
        log_->warning(fmt::format("interrupted after step {}", outcome.result.steps));
      }
      return;
    }
    Evaluation test;
    if (loaded_.data.test || loaded_.data.val) test = evaluate_test(*trainer_, loaded_, folder_ ? &*folder_ : nullptr);
    outcome.test = test.scores;
    outcome.metric = test.metric;
    outcome.value = test.value;
    if (!folder_) return;
    save_model(trainer_->model(), *folder_, loaded_.recipe);
    Json s = summary("finished", outcome.result);
    if (outcome.result.status == train::Result::Status::stopped_early) s["stopped_early"] = true;
    for (const auto& [name, value] : test.scores) s["test"][name.substr(name.find('/') + 1)] = number(value);
    for (const auto& [key, value] : test.details.items()) s[key] = value;
    folder_->write_json("summary.json", s);
    log_->info(fmt::format("finished after {} steps in {:.1f} s", outcome.result.steps, outcome.result.seconds));
    for (const auto& [name, value] : test.scores) log_->info(fmt::format("{} {:.6g}", name, value));
  }

  /// Leaves word of what went wrong, as far as that can still be written.
  void fail_run(const Error& e) {
    if (!folder_) return;
    try {
      log_->error(e.msg());
      train::Result so_far;
      so_far.epochs = trainer_->state().epoch;
      so_far.steps = trainer_->state().step;
      so_far.seconds = trainer_->state().seconds;
      Json s = summary("failed", so_far);
      s["error"] = e.msg();
      folder_->write_json("summary.json", s);
    } catch (const std::exception&) {  // the first error is the one to tell
    }
  }

  TrainRequest& r_;
  Config& config_;
  Loaded loaded_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  std::unique_ptr<Trainer> trainer_;
  std::optional<RunFolder> folder_;
  std::unique_ptr<Log> log_;
};

}  // namespace

bool is_free_key(const std::string& difference) {
  for (const char* key : {"run.threads:", "run.workers:", "run.out:", "run.name:", "run.max_seconds:", "run.keep_last:",
                          "run.keep_best:"})
    if (difference.starts_with(key)) return true;
  return false;
}

void add_metrics(Trainer& trainer, const Config& config, const Loaded& loaded) {
  for (const std::string& name : config.texts("run.metrics")) {
    if (name == "loss") continue;  // every training has it
    std::unique_ptr<train::Metric> metric = train::make_metric(name);
    if (loaded.unscale) metric = std::make_unique<Unscaled>(std::move(metric), loaded.unscale);
    trainer.add_metric(name, std::move(metric));
  }
}

Loaded choose_all(Config& config, const std::vector<train::DataEntry>& datasets) {
  config.check();
  Loaded loaded = load_data(config, datasets);
  choose_rest(config, loaded);
  config.check();
  return loaded;
}

std::string model_table(const train::Model& model, const Tensor& sample) {
  const NoGradGuard no_grad;
  const nn::detail::SummaryScope scope(*model.module);
  model.forward(sample);
  return scope.finish().table();
}

Tensor blank_sample(const train::Shapes& shapes) {
  std::vector<int64_t> sizes = shapes.input;
  sizes.insert(sizes.begin(), 1);
  return zeros(sizes, shapes.vocabulary > 0 ? kLong : kFloat);
}

TrainOutcome run_training(TrainRequest& request) { return Session(request).run(); }

}  // namespace hearth::kit
