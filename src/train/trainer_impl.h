#pragma once

#include "base/clock.h"
#include "hearth/train/trainer.h"

namespace hearth::train {

/// An exponential moving average of parameters. Its decay grows with the number of updates n, as (1 + n) / (10 + n), up
/// to the given one, so that the random start is soon forgotten.
class Ema {
 public:
  Ema(std::vector<Tensor> parameters, double decay) : parameters_(std::move(parameters)), decay_(decay) {}
  bool on() const { return decay_ > 0; }
  void update();
  /// Puts the averages in the parameters' place, and the parameters in theirs.
  void swap();
  IValue state() const;
  void load_state(const IValue& state);

 private:
  std::vector<Tensor> parameters_, averages_;
  double decay_;
  int64_t updates_ = 0;
};

/// The averages are in place while one lives.
class EmaScope {
 public:
  explicit EmaScope(Ema& ema) : ema_(ema) { ema_.swap(); }
  ~EmaScope() { ema_.swap(); }
  EmaScope(const EmaScope&) = delete;
  EmaScope& operator=(const EmaScope&) = delete;

 private:
  Ema& ema_;
};

/// What made a loss infinite or NaN: a sentence that names the input, the parameter, or the first module whose output
/// is not finite though its inputs are.
std::string culprit(const Model& model, const data::Example<>& batch);
/// The parameter whose gradient is not finite, with the op that made it where that is found by doing the backward pass
/// of `loss` again.
std::string gradient_culprit(const nn::Module& module, const std::function<Tensor()>& loss);

struct Trainer::Impl {
  Impl(Trainer& t, Model m, optim::Optimizer& o, Loss l, TrainerOptions settings);

  // trainer.cpp: the training
  Result fit(Batches& train, Batches* validation);
  void check_options() const;
  void begin(Batches& train);
  /// One epoch, or the rest of it. False where the training ends within it.
  bool epoch(Batches& train);
  void train_batch(data::Example<>& batch, int64_t group);
  void optimize();
  bool after_step(Batches& train);
  void end_epoch(Batches& train, bool whole);
  void validate();
  void judge(const Scores& scores);
  Scores evaluate(Batches& batches, const std::string& part, int64_t limit, const Visitor& each, bool stoppable);
  void finish(Result& result);
  bool out_of_budget() const;
  /// What the model makes of a batch, and the loss; in bfloat16 where the options say so, the output in float32 again.
  std::pair<Tensor, Tensor> run_model(const data::Example<>& batch) const;
  bool stopped() const { return options.stop() && options.stop()(); }

  // trainer_records.cpp: what it tells
  void record(Scores extra);
  void update_rates();
  Scores epoch_scores() const;
  std::vector<Tensor> gradients() const;
  void measure_layers();
  [[noreturn]] void fail_nonfinite(double value, const data::Example<>& batch);
  template <class F>
  void tell(F&& f) {
    for (const auto& c : callbacks) f(*c);
  }

  // trainer_checkpoint.cpp
  IValue checkpoint(const Batches* train) const;
  void load(const IValue& content);
  void save(const Batches* train);
  void snapshot_best();

  Trainer& self;
  Model model;
  optim::Optimizer& optimizer;
  Loss loss;
  TrainerOptions options;
  std::vector<Tensor> parameters;
  std::vector<std::pair<std::string, std::unique_ptr<Metric>>> metrics;
  std::vector<std::shared_ptr<Callback>> callbacks;
  std::shared_ptr<optim::LRScheduler> schedule;
  std::shared_ptr<optim::ReduceLROnPlateau> plateau;
  bool by_step = false;
  Ema ema;

  TrainState state;
  Batches* validation = nullptr;
  double loss_sum = 0, loss_seen = 0;      // of this epoch
  double window_sum = 0, window_seen = 0;  // since the last record
  double monitored = 0;                    // at this step, where it is known
  bool has_monitored = false;
  int64_t stale = 0;          // validations since the best one
  bool epoch_done = false;    // its batches are through, and what comes at its end is not
  bool validate_due = false;  // a validation in mid-epoch that was asked for and not done
  nn::StateDict best_weights;
  Scores best_scores;
  int64_t records = 0;
  std::vector<std::pair<std::string, std::vector<Tensor>>> layers;  // modules with parameters of their own
  Scores layer_norms;                                               // of their gradients, at the last step recorded
  int64_t in_group = 0;                                             // batches whose gradients are added up

  double begun = 0, seconds_before = 0;                                 // this fit's start, and seconds before a resume
  double window_begun = 0, waited = 0, last_saved = 0, last_rates = 0;  // clocks
  int64_t window_samples = 0, first_step = 0;
  std::optional<IValue> place;                   // of the batches, from a checkpoint
  std::vector<uint8_t> generator;                // likewise
  std::optional<data::Example<>> closure_batch;  // for optimizers that evaluate the loss themselves
};

}  // namespace hearth::train
