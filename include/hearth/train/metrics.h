#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hearth/ivalue.h"

namespace hearth::train {

/// A number over all samples seen since reset(): batches of any sizes add up to what one batch of all would give.
/// Classes are predicted by scores [..., C] (logits or probabilities) for targets [...] of class numbers, or directly
/// by class numbers, or (two classes) by one score each, which is class 1 above the metric's threshold.
class HEARTH_API Metric {
 public:
  virtual ~Metric();
  /// Adds a batch. Throws ShapeError or IndexError, and changes nothing, where the two do not fit.
  virtual void update(const Tensor& prediction, const Tensor& target) = 0;
  /// NaN where nothing was seen.
  virtual double compute() const = 0;
  virtual void reset();
  virtual bool higher_is_better() const { return true; }
  /// Everything seen so far, to go on from later.
  virtual IValue state() const;
  virtual void load_state(const IValue& state);

 protected:
  std::vector<double> sums_;  ///< sums and counts (exact up to 2^53)
  std::vector<Tensor> kept_;  ///< what can't be summed up
};

/// The share of right classes.
class HEARTH_API Accuracy : public Metric {
 public:
  explicit Accuracy(double threshold = 0.5) : threshold_(threshold) {}
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;

 private:
  double threshold_;
};

/// The share of targets whose class is among the k largest scores; equal scores count for the lower class.
class HEARTH_API TopK : public Metric {
 public:
  explicit TopK(int64_t k);
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;

 private:
  int64_t k_;
};

/// How often class i was taken for class j.
class HEARTH_API ConfusionMatrix : public Metric {
 public:
  explicit ConfusionMatrix(double threshold = 0.5) : threshold_(threshold) {}
  void update(const Tensor& prediction, const Tensor& target) override;
  /// The accuracy.
  double compute() const override;
  /// [C, C], int64: the row is the target's class, the column the predicted one.
  Tensor matrix() const;
  int64_t classes() const { return classes_of(sums_); }

 protected:
  static int64_t classes_of(const std::vector<double>& sums);
  /// Of one class: right ones, all that were predicted, all that there are.
  struct Counts {
    double right = 0, predicted = 0, actual = 0;
  };
  std::vector<Counts> counts() const;
  double threshold_;
};

/// How to make one number of those of the classes.
enum class Average {
  binary,  ///< that of class 1
  micro,   ///< of all classes' counts together
  macro    ///< the plain mean over classes that occur as target or prediction
};

/// right / predicted; 0 where nothing was predicted.
class HEARTH_API Precision : public ConfusionMatrix {
 public:
  explicit Precision(Average average = Average::macro, double threshold = 0.5)
      : ConfusionMatrix(threshold), average_(average) {}
  double compute() const override;

 private:
  Average average_;
};
/// right / actual; 0 where there is none.
class HEARTH_API Recall : public ConfusionMatrix {
 public:
  explicit Recall(Average average = Average::macro, double threshold = 0.5)
      : ConfusionMatrix(threshold), average_(average) {}
  double compute() const override;

 private:
  Average average_;
};
/// 2 right / (predicted + actual)
class HEARTH_API F1 : public ConfusionMatrix {
 public:
  explicit F1(Average average = Average::macro, double threshold = 0.5)
      : ConfusionMatrix(threshold), average_(average) {}
  double compute() const override;

 private:
  Average average_;
};

/// The area under the ROC curve: the chance that a sample of class 1 scores above one of class 0, equal scores counting
/// half (Mann and Whitney, 1947). Scores are [N], or [N, 2] of which the difference counts; with [N, C] each class
/// against the rest by softmax, and the plain mean. Keeps all scores.
class HEARTH_API RocAuc : public Metric {
 public:
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;
};

/// The mean of (prediction - target)^2 over all elements.
class HEARTH_API MeanSquaredError : public Metric {
 public:
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;
  bool higher_is_better() const override { return false; }
};
/// The mean of |prediction - target| over all elements.
class HEARTH_API MeanAbsoluteError : public Metric {
 public:
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;
  bool higher_is_better() const override { return false; }
};
/// 1 - (sum of squared errors) / (sum of squared deviations from the mean); of [N, D] the plain mean over columns.
class HEARTH_API R2 : public Metric {
 public:
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;
};
/// exp of the mean cross-entropy of scores [..., C] (logits) and classes [...].
class HEARTH_API Perplexity : public Metric {
 public:
  void update(const Tensor& prediction, const Tensor& target) override;
  double compute() const override;
  bool higher_is_better() const override { return false; }
};

/// By name: "accuracy", "top<k>", "precision", "recall", "f1" (each also with "_micro" or "_binary"), "roc_auc", "mse",
/// "mae", "r2", "perplexity". Throws ValueError, which lists them.
HEARTH_API std::unique_ptr<Metric> make_metric(const std::string& name);

}  // namespace hearth::train
