#pragma once

#include <string>
#include <vector>

#include "hearth/nn/module.h"
#include "hearth/optim/lr_cycles.h"
#include "hearth/train/batches.h"
#include "hearth/train/metrics.h"

namespace hearth::train {

/// Numbers by name, in order: "val/loss", "val/accuracy", …
using Scores = std::vector<std::pair<std::string, double>>;
/// The one of that name; null where there is none.
HEARTH_API const double* find(const Scores& scores, const std::string& name);

/// A module of whatever class that makes one tensor of one tensor.
struct Model {
  Model() = default;
  Model(std::shared_ptr<nn::Module> m, std::function<Tensor(const Tensor&)> f)
      : module(std::move(m)), forward(std::move(f)) {}
  template <class M, class = std::enable_if_t<std::is_base_of_v<nn::Module, M>>>
  Model(std::shared_ptr<M> m)  // NOLINT: implicit
      : module(m), forward([m](const Tensor& x) -> Tensor {
          return m->has_forward_hooks() ? nn::detail::call_hooked(*m, x) : m->forward(x);
        }) {}
  template <class M>
  Model(const nn::ModuleHolder<M>& holder) : Model(holder.ptr()) {}  // NOLINT
  std::shared_ptr<nn::Module> module;
  std::function<Tensor(const Tensor&)> forward;
};

struct TrainerOptions {
  HEARTH_ARG(int64_t, epochs) = 10;
  /// Ends after this many steps of the optimizer, or seconds; 0: never.
  HEARTH_ARG(int64_t, max_steps) = 0;
  HEARTH_ARG(double, max_seconds) = 0;
  /// Batches whose gradients make one step: their mean.
  HEARTH_ARG(int64_t, accumulate) = 1;
  /// The largest norm of the gradient, and the largest element; 0: any.
  HEARTH_ARG(double, clip_norm) = 0;
  HEARTH_ARG(double, clip_value) = 0;
  /// Products, convolutions, attention and recurrent layers in bfloat16; losses, norms and weights stay float32.
  HEARTH_ARG(bool, autocast) = false;
  /// Keeps an exponential average of the weights, which is what validates and what remains at the end; 0: none.
  HEARTH_ARG(double, ema_decay) = 0;
  /// Steps between validations; 0: at the end of each epoch.
  HEARTH_ARG(int64_t, validate_every) = 0;
  /// Batches of validation before anything else, so that a fault there does not wait for the end of an epoch.
  HEARTH_ARG(int64_t, sanity_batches) = 2;
  /// Steps between records; there is one at the end of each epoch besides. 0: those alone.
  HEARTH_ARG(int64_t, log_every) = 50;
  /// Records hold the norm of each layer's gradient besides, before any clipping: "grad_norm/<module>".
  HEARTH_ARG(bool, log_gradients) = false;

  /// The score that says which weights are best: "val/loss", "val/<metric>", "train/loss", "train/<metric>".
  HEARTH_ARG(std::string, monitor) = "val/loss";
  /// "min", "max", or "auto": by what the metric is.
  HEARTH_ARG(std::string, mode) = "auto";
  /// Stops after this many validations that were no better than the best by more than min_delta; 0: never.
  HEARTH_ARG(int64_t, patience) = 0;
  HEARTH_ARG(double, min_delta) = 0;
  /// Takes the best weights at the end. They are kept in memory and in checkpoints.
  HEARTH_ARG(bool, restore_best) = false;

  /// The folder for checkpoints; "": none. It must exist.
  HEARTH_ARG(std::string, checkpoints);
  /// One after so many steps, minutes, and epochs (0: none), and where a training is interrupted.
  HEARTH_ARG(int64_t, checkpoint_steps) = 0;
  HEARTH_ARG(double, checkpoint_minutes) = 0;
  HEARTH_ARG(int64_t, checkpoint_epochs) = 1;
  HEARTH_ARG(int64_t, keep_last) = 2;
  HEARTH_ARG(int64_t, keep_best) = 1;
  /// Goes into each checkpoint as "config".
  HEARTH_ARG(std::string, config);

  /// Two steps and one batch of validation, and no checkpoint: does everything fit together?
  HEARTH_ARG(bool, dry_run) = false;
  /// Trains on the first so many batches over and over, and validates on them: can the model learn at all? 0: all.
  HEARTH_ARG(int64_t, overfit) = 0;
  /// Ends the training with an error that names the culprit as soon as a loss is infinite or NaN.
  HEARTH_ARG(bool, stop_on_nonfinite) = true;
  /// Asked after each step; true ends the training there, with a checkpoint. It may look at a flag of another thread.
  HEARTH_ARG(std::function<bool()>, stop);
};

/// Where a training is. Losses and metrics are those of this epoch so far.
struct TrainState {
  int64_t epoch = 0, epochs = 0;   ///< epochs done, and in all
  int64_t batch = 0, batches = 0;  ///< of this epoch
  int64_t step = 0;                ///< steps of the optimizer
  int64_t samples = 0;             ///< of all epochs
  double loss = 0;                 ///< mean
  double lr = 0;                   ///< of the first parameter group
  double grad_norm = 0;            ///< of the last step whose norm was needed
  double seconds = 0;              ///< of training, without times before a resume's
  double samples_per_second = 0;   ///< of the last record or so
  double data_wait = 0;            ///< share of the time that waited for batches, likewise
  double seconds_left = 0;         ///< a guess
  bool resumed = false;
  Scores validation;  ///< the last one's
  double best = 0;    ///< the monitor's best value
  int64_t best_step = -1, best_epoch = -1;
};

/// What is written down now and then.
struct Record {
  int64_t step = 0;
  double epoch = 0;    ///< with the part of it that is done
  double seconds = 0;  ///< since the start, with those before a resume
  Scores values;       ///< "train/loss", "val/accuracy", "lr", "grad_norm", "samples_per_second", "data_wait", …
};

struct Result {
  enum class Status { finished, stopped_early, interrupted } status = Status::finished;
  int64_t epochs = 0, steps = 0;
  double seconds = 0;
  Scores validation;  ///< of the weights that remain, as far as that is known
  double best = 0;
  int64_t best_step = -1, best_epoch = -1;  ///< -1 where nothing was validated
};

class Trainer;

/// Looks on, and may interfere. What a callback throws ends the training.
class HEARTH_API Callback {
 public:
  virtual ~Callback();
  virtual void on_fit_begin(Trainer&) {}
  virtual void on_fit_end(Trainer&, const Result&) {}
  virtual void on_epoch_begin(Trainer&) {}
  virtual void on_epoch_end(Trainer&) {}
  /// Before the forward pass; may change the batch.
  virtual void on_batch_begin(Trainer&, data::Example<>&) {}
  /// After the forward pass.
  virtual void on_loss(Trainer&, const Tensor& /*output*/, const Tensor& /*loss*/) {}
  /// The gradients of a step are complete, and not clipped yet.
  virtual void on_gradients(Trainer&) {}
  virtual void on_step_end(Trainer&) {}
  virtual void on_validation_begin(Trainer&) {}
  virtual void on_validation_end(Trainer&, const Scores&) {}
  /// The monitor is better than ever.
  virtual void on_improvement(Trainer&) {}
  virtual void on_record(Trainer&, const Record&) {}
  virtual void on_checkpoint(Trainer&, const std::string& /*path*/) {}
  virtual void on_failure(Trainer&, const Error&) {}
};

/// Trains a model:
///
///     train::Trainer trainer(net, optimizer, [](auto& y, auto& t) { return nll_loss(y, t); }, options);
///     trainer.add_metric("accuracy", std::make_unique<train::Accuracy>());
///     train::Result result = trainer.fit(*train::batches(digits, 64), &*train::batches(others, 500));
///
/// Everything that decides how it goes on is in its checkpoints, so that a training which was interrupted, in whatever
/// batch, ends with the same bits.
class HEARTH_API Trainer {
 public:
  using Loss = std::function<Tensor(const Tensor& output, const Tensor& target)>;

  /// The optimizer must outlive the trainer. `loss` gives the mean over a batch.
  Trainer(Model model, optim::Optimizer& optimizer, Loss loss, TrainerOptions options = {});
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// A metric of training and of each validation: "train/<name>", "val/<name>".
  void add_metric(std::string name, std::unique_ptr<Metric> metric);
  void add_callback(std::shared_ptr<Callback> callback);
  /// Steps it after each epoch, or with `by_step` after each step.
  void set_schedule(std::shared_ptr<optim::LRScheduler> schedule, bool by_step = false);
  /// Steps it after each validation, with the monitor.
  void set_schedule(std::shared_ptr<optim::ReduceLROnPlateau> schedule);
  /// Where checkpoints go, and the text that goes into them as "config": in place of the options'.
  void set_checkpoints(std::string folder, std::string config = {});
  /// Goes on from a checkpoint of such a trainer. Throws ValueError, or what a part of it throws, where it is
  /// another's.
  void load_checkpoint(const IValue& content);

  /// Trains. Throws ValueError where a loss is not finite.
  Result fit(Batches& train, Batches* validation = nullptr);
  /// "<part>/loss" and the metrics over all batches (or the first `limit`), in evaluation mode, without gradients, and
  /// without a trace in the default generator. `each`, if given, sees every batch and what the model made of it.
  using Visitor = std::function<void(const data::Example<>& batch, const Tensor& output)>;
  Scores evaluate(Batches& batches, const std::string& part = "test", int64_t limit = 0, const Visitor& each = {});

  const TrainState& state() const;
  const TrainerOptions& options() const;
  const Model& model() const;
  optim::Optimizer& optimizer();
  /// Of this epoch so far: "train/loss" and the metrics.
  Scores training_scores() const;
  /// How many records were made, those before a resume included.
  int64_t records() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth::train
