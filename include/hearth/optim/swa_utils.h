#pragma once

#include "hearth/optim/lr_scheduler.h"

namespace hearth::optim::swa_utils {

/// The new average of one tensor, from the old one, the model's, and how many models the old one is of (at least 1).
using AvgFn = std::function<Tensor(const Tensor& averaged, const Tensor& current, int64_t num_averaged)>;
/// The same in place, for all tensors at once.
using MultiAvgFn = std::function<void(TensorList averaged, TensorList current, int64_t num_averaged)>;

/// The plain average of all models (Izmailov et al., 2018).
HEARTH_API AvgFn get_swa_avg_fn();
HEARTH_API MultiAvgFn get_swa_multi_avg_fn();
/// decay * averaged + (1 - decay) * current
HEARTH_API AvgFn get_ema_avg_fn(double decay = 0.999);
HEARTH_API MultiAvgFn get_ema_multi_avg_fn(double decay = 0.999);

struct HEARTH_API AveragedModelOptions {
  AveragedModelOptions() = default;
  AveragedModelOptions(AvgFn avg_fn) : avg_fn_(std::move(avg_fn)) {}             // NOLINT
  AveragedModelOptions(MultiAvgFn avg_fn) : multi_avg_fn_(std::move(avg_fn)) {}  // NOLINT
  /// Without either, the plain average; multi_avg_fn is faster, and goes before avg_fn.
  HEARTH_ARG(AvgFn, avg_fn);
  HEARTH_ARG(MultiAvgFn, multi_avg_fn);
  /// Averages floating buffers (running means) too; otherwise they are the last model's.
  HEARTH_ARG(bool, use_buffers) = false;
};

/// The average of a model's weights over time, of whatever type the model is. State dict: "n_averaged" and "module.…".
class HEARTH_API AveragedModelBase : public nn::Module {
 public:
  /// `module` becomes the average: a copy of the model, which nobody else changes.
  AveragedModelBase(std::shared_ptr<nn::Module> module, AveragedModelOptions options);
  /// Takes the model's weights of now into the average; the first are copied. Throws, and changes nothing, where its
  /// parameters or buffers are not those of the average.
  void update_parameters(const nn::Module& model);

  /// 0-dim, int64: how many models are averaged.
  Tensor n_averaged;

 private:
  std::shared_ptr<nn::Module> average_;
  AveragedModelOptions options_;
};

/// `AveragedModel<nn::SequentialImpl> ema(net, get_ema_multi_avg_fn(0.999))`, then ema.update_parameters(*net) after
/// each step, and ema.forward(x).
template <class M>
class AveragedModel : public AveragedModelBase {
 public:
  /// Copies the model by its clone().
  explicit AveragedModel(const std::shared_ptr<M>& model, AveragedModelOptions options = {})
      : AveragedModel(0, std::dynamic_pointer_cast<M>(model->clone()), std::move(options)) {}
  explicit AveragedModel(const nn::ModuleHolder<M>& model, AveragedModelOptions options = {})
      : AveragedModel(model.ptr(), std::move(options)) {}
  template <class... Args>
  auto forward(Args&&... args) -> decltype(std::declval<M&>().forward(std::forward<Args>(args)...)) {
    return module->forward(std::forward<Args>(args)...);
  }

  std::shared_ptr<M> module;

 private:
  AveragedModel(int, std::shared_ptr<M> copy, AveragedModelOptions options)
      : AveragedModelBase(copy, std::move(options)), module(std::move(copy)) {}
};

/// While it lives, the batch norms of a model gather the plain average of all batches, from nothing.
class HEARTH_API BatchNormUpdate {
 public:
  explicit BatchNormUpdate(nn::Module& model);
  ~BatchNormUpdate();
  BatchNormUpdate(const BatchNormUpdate&) = delete;
  BatchNormUpdate& operator=(const BatchNormUpdate&) = delete;
  /// Whether there is any batch norm.
  bool needed() const { return !momenta_.empty(); }

 private:
  nn::Module& model_;
  const bool training_;
  std::vector<std::pair<std::optional<double>*, std::optional<double>>> momenta_;
};

namespace detail {
inline const Tensor& input_of(const Tensor& batch) { return batch; }
template <class Batch>
auto input_of(const Batch& batch) -> decltype((batch.data)) {
  return batch.data;
}
}  // namespace detail

/// Computes the running statistics of a model's batch norms anew, by one pass over the batches (tensors, or examples
/// whose `data` is the input) of a loader.
template <class Loader, class M>
void update_bn(Loader& loader, M& model) {
  BatchNormUpdate update(model);
  if (!update.needed()) return;
  const NoGradGuard no_grad;
  for (auto& batch : loader) model.forward(detail::input_of(batch));
}

/// Goes from the rates of now to swa_lr (one for all groups, or one each) in anneal_epochs steps, "cos" or "linear".
class HEARTH_API SWALR : public LRScheduler {
 public:
  SWALR(Optimizer& optimizer, std::vector<double> swa_lr, int64_t anneal_epochs = 10,
        std::string anneal_strategy = "cos");
  SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs = 10, std::string anneal_strategy = "cos")
      : SWALR(optimizer, std::vector<double>{swa_lr}, anneal_epochs, std::move(anneal_strategy)) {}

 private:
  std::vector<double> get_lrs() override;
  /// The share of swa_lr after so many steps.
  double share(double steps) const;
  const std::vector<double> swa_lrs_;
  const int64_t anneal_epochs_;
  const std::string anneal_strategy_;
};

}  // namespace hearth::optim::swa_utils
