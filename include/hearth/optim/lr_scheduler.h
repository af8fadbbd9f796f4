#pragma once

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

/// Changes the learning rates of an optimizer, which must outlive it; call step() once an epoch, after the optimizer's.
class HEARTH_API LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {}
  virtual ~LRScheduler();
  void step();
  /// The learning rate of each group.
  std::vector<double> get_last_lr() const { return get_current_lrs(); }
  /// How often step() was called; set it to go on after a resume.
  unsigned step_count() const { return step_count_; }
  void set_step_count(unsigned count) { step_count_ = count; }

 protected:
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;
  unsigned step_count_ = 0;

 private:
  Optimizer& optimizer_;
};

/// Multiplies the learning rates by gamma every step_size steps.
class HEARTH_API StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  const unsigned step_size_;
  const double gamma_;
};

}  // namespace hearth::optim
