#include "hearth/train/metrics.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "hearth/nn/functional/activation.h"
#include "hearth/nn/functional/loss.h"
#include "train/values.h"

namespace hearth::train {

namespace {

const double kNan = std::nan("");

void check_shapes(const char* metric, const Tensor& prediction, const Tensor& target, bool scores) {
  const IntArrayRef p = prediction.sizes(), t = target.sizes();
  const bool equal = p == t, one_more = p.size() == t.size() + 1 && p.slice(0, t.size()) == t;
  if (scores ? !one_more && !equal : !equal)
    throw ShapeError(fmt::format("[{}] predictions are {} and targets {}; {}", metric, to_string(p), to_string(t),
                                 scores ? "scores have the targets' shape and one more dimension, of classes"
                                        : "both must have the same shape"),
                     p.vec(), t.vec());
}

/// Class numbers, int64 and contiguous.
Tensor classes_of(const char* metric, const Tensor& prediction, const Tensor& target, double threshold) {
  check_shapes(metric, prediction, target, true);
  if (prediction.dim() == target.dim() + 1) return prediction.argmax(-1).contiguous();
  if (prediction.is_floating_point()) return prediction.gt(threshold).to(kLong).contiguous();
  return prediction.to(kLong).contiguous();
}
Tensor labels_of(const Tensor& target) { return target.to(kLong).contiguous(); }

Tensor doubles(const Tensor& t) { return t.detach().to(kDouble).contiguous(); }

}  // namespace

Metric::~Metric() = default;
void Metric::reset() {
  sums_.clear();
  kept_.clear();
}
IValue Metric::state() const { return IValue::Dict{{"sums", sums_}, {"kept", kept_}}; }
void Metric::load_state(const IValue& state) {
  sums_ = to_doubles(state.at("sums"));
  kept_ = to_tensors(state.at("kept"));
}

void Accuracy::update(const Tensor& prediction, const Tensor& target) {
  const Tensor classes = classes_of("Accuracy", prediction, target, threshold_);
  sums_.resize(2);
  sums_[0] += static_cast<double>(classes.eq(target).sum().item<int64_t>());
  sums_[1] += static_cast<double>(target.numel());
}
double Accuracy::compute() const { return sums_.empty() ? kNan : sums_[0] / sums_[1]; }

TopK::TopK(int64_t k) : k_(k) {
  if (k < 1) fail("[TopK] k is {}; it must be at least 1", k);
}
void TopK::update(const Tensor& prediction, const Tensor& target) {
  check_shapes("TopK", prediction, target, true);
  if (prediction.dim() != target.dim() + 1) fail("[TopK] needs scores of all classes, not class numbers");
  const int64_t classes = prediction.size(-1);
  const Tensor scores = doubles(prediction).view({-1, classes}), labels = labels_of(target).view({-1});
  const double* s = scores.data_ptr<double>();
  const int64_t* y = labels.data_ptr<int64_t>();
  double right = 0;
  for (int64_t i = 0; i < labels.numel(); ++i, s += classes) {
    if (y[i] < 0 || y[i] >= classes)
      throw IndexError(fmt::format("[TopK] target {} is class {}, but there are {}", i, y[i], classes), y[i], classes);
    int64_t above = 0;
    for (int64_t c = 0; c < classes; ++c) above += s[c] > s[y[i]] || (s[c] == s[y[i]] && c < y[i]);
    right += above < k_ && s[y[i]] == s[y[i]];
  }
  sums_.resize(2);
  sums_[0] += right;
  sums_[1] += static_cast<double>(labels.numel());
}
double TopK::compute() const { return sums_.empty() ? kNan : sums_[0] / sums_[1]; }

int64_t ConfusionMatrix::classes_of(const std::vector<double>& sums) {
  return std::llround(std::sqrt(static_cast<double>(sums.size())));
}
void ConfusionMatrix::update(const Tensor& prediction, const Tensor& target) {
  const Tensor predicted = train::classes_of("ConfusionMatrix", prediction, target, threshold_).view({-1});
  const Tensor labels = labels_of(target).view({-1});
  const int64_t *p = predicted.data_ptr<int64_t>(), *y = labels.data_ptr<int64_t>();
  const int64_t known = classes();
  int64_t all = std::max<int64_t>(known, prediction.dim() == target.dim() + 1 ? prediction.size(-1) : 2);
  for (int64_t i = 0; i < labels.numel(); ++i) {
    if (y[i] < 0 || p[i] < 0)
      throw IndexError(
          fmt::format("[ConfusionMatrix] sample {} has target {} and prediction {}; classes start at 0", i, y[i], p[i]),
          std::min(y[i], p[i]), all);
    all = std::max({all, y[i] + 1, p[i] + 1});
  }
  if (all > 100000) fail("[ConfusionMatrix] there are {} classes; at most 100000 make a matrix", all);
  if (all > known) {
    std::vector<double> larger(static_cast<size_t>(all * all));
    for (int64_t i = 0; i < known; ++i) std::copy_n(sums_.begin() + i * known, known, larger.begin() + i * all);
    sums_ = std::move(larger);
  }
  for (int64_t i = 0; i < labels.numel(); ++i) ++sums_[static_cast<size_t>(y[i] * all + p[i])];
}
std::vector<ConfusionMatrix::Counts> ConfusionMatrix::counts() const {
  const auto n = static_cast<size_t>(classes());
  std::vector<Counts> all(n);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j) {
      const double count = sums_[i * n + j];
      all[i].actual += count;
      all[j].predicted += count;
      if (i == j) all[i].right += count;
    }
  return all;
}
double ConfusionMatrix::compute() const {
  double right = 0, seen = 0;
  for (const Counts& c : counts()) {
    right += c.right;
    seen += c.actual;
  }
  return seen > 0 ? right / seen : kNan;
}
Tensor ConfusionMatrix::matrix() const {
  const int64_t n = classes();
  return tensor(sums_, kDouble).to(kLong).view({n, n});
}

namespace {

/// One number from the classes' counts; `of` makes a class's.
template <class Counts, class F>
double averaged(const char* metric, const std::vector<Counts>& counts, Average average, F of) {
  if (counts.empty()) return kNan;
  if (average == Average::binary) {
    if (counts.size() != 2)
      fail("[{}] the average \"binary\" is for 2 classes, and there are {}", metric, counts.size());
    return of(counts[1]);
  }
  Counts all;
  double sum = 0, occur = 0;
  for (const Counts& c : counts) {
    all.right += c.right;
    all.predicted += c.predicted;
    all.actual += c.actual;
    if (c.predicted + c.actual == 0) continue;
    sum += of(c);
    ++occur;
  }
  return average == Average::micro ? of(all) : sum / occur;
}
double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

double Precision::compute() const {
  return averaged("Precision", counts(), average_, [](const Counts& c) { return share(c.right, c.predicted); });
}
double Recall::compute() const {
  return averaged("Recall", counts(), average_, [](const Counts& c) { return share(c.right, c.actual); });
}
double F1::compute() const {
  return averaged("F1", counts(), average_, [](const Counts& c) { return share(2 * c.right, c.predicted + c.actual); });
}

void RocAuc::update(const Tensor& prediction, const Tensor& target) {
  check_shapes("RocAuc", prediction, target, true);
  Tensor scores = doubles(prediction);
  if (prediction.dim() == target.dim() + 1) {
    scores = scores.view({-1, scores.size(-1)});
    scores = scores.size(1) == 2 ? (scores.select(1, 1) - scores.select(1, 0)).unsqueeze(1) : scores.softmax(1);
  } else {
    scores = scores.view({-1, 1});
  }
  if (!kept_.empty() && kept_[0].size(1) != scores.size(1))
    throw ShapeError(fmt::format("[RocAuc] a batch has {} columns of scores after others with {}", scores.size(1),
                                 kept_[0].size(1)));
  kept_.push_back(scores);
  kept_.push_back(labels_of(target).view({-1}));
}
namespace {
/// The area for one column of scores: from the sum of the ranks of class 1, equal scores sharing theirs.
double area(std::vector<std::pair<double, bool>> rows) {
  std::sort(rows.begin(), rows.end());
  double positives = 0, ranks = 0;
  for (size_t i = 0; i < rows.size();) {
    size_t end = i;
    double here = 0;
    for (; end < rows.size() && rows[end].first == rows[i].first; ++end) here += rows[end].second;
    ranks += here * (static_cast<double>(i + end) + 1) / 2;
    positives += here;
    i = end;
  }
  const double negatives = static_cast<double>(rows.size()) - positives;
  return positives > 0 && negatives > 0 ? (ranks - positives * (positives + 1) / 2) / (positives * negatives) : kNan;
}
}  // namespace
double RocAuc::compute() const {
  if (kept_.empty()) return kNan;
  const int64_t columns = kept_[0].size(1);
  double sum = 0, defined = 0;
  for (int64_t c = 0; c < columns; ++c) {
    std::vector<std::pair<double, bool>> rows;
    for (size_t b = 0; b < kept_.size(); b += 2) {
      const double* s = kept_[b].data_ptr<double>();
      const int64_t* y = kept_[b + 1].data_ptr<int64_t>();
      for (int64_t i = 0; i < kept_[b + 1].numel(); ++i) {
        if (std::isnan(s[i * columns + c])) return kNan;
        rows.emplace_back(s[i * columns + c], y[i] == (columns == 1 ? 1 : c));
      }
    }
    if (const double a = area(std::move(rows)); !std::isnan(a)) {
      sum += a;
      ++defined;
    }
  }
  return defined > 0 ? sum / defined : kNan;
}

void MeanSquaredError::update(const Tensor& prediction, const Tensor& target) {
  check_shapes("MeanSquaredError", prediction, target, false);
  sums_.resize(2);
  sums_[0] += (doubles(prediction) - doubles(target)).square().sum().item<double>();
  sums_[1] += static_cast<double>(target.numel());
}
double MeanSquaredError::compute() const { return sums_.empty() ? kNan : sums_[0] / sums_[1]; }

void MeanAbsoluteError::update(const Tensor& prediction, const Tensor& target) {
  check_shapes("MeanAbsoluteError", prediction, target, false);
  sums_.resize(2);
  sums_[0] += (doubles(prediction) - doubles(target)).abs().sum().item<double>();
  sums_[1] += static_cast<double>(target.numel());
}
double MeanAbsoluteError::compute() const { return sums_.empty() ? kNan : sums_[0] / sums_[1]; }

// sums_: count, then for each column the mean, the squared deviations from it, and the squared errors.
void R2::update(const Tensor& prediction, const Tensor& target) {
  check_shapes("R2", prediction, target, false);
  if (target.numel() == 0) return;
  const int64_t columns = target.dim() > 1 ? target.size(-1) : 1, rows = target.numel() / columns;
  const Tensor p = doubles(prediction), t = doubles(target);
  const auto wide = static_cast<size_t>(3 * columns + 1);
  if (!sums_.empty() && sums_.size() != wide)
    throw ShapeError(fmt::format("[R2] a batch has {} columns after others with {}", columns, sums_.size() / 3));
  sums_.resize(wide);
  const double *a = p.data_ptr<double>(), *b = t.data_ptr<double>();
  for (int64_t i = 0; i < rows; ++i) {
    const double n = ++sums_[0];
    for (int64_t c = 0; c < columns; ++c, ++a, ++b) {  // Welford (1962)
      double* s = &sums_[static_cast<size_t>(3 * c + 1)];
      const double delta = *b - s[0];
      s[0] += delta / n;
      s[1] += delta * (*b - s[0]);
      s[2] += (*a - *b) * (*a - *b);
    }
  }
}
double R2::compute() const {
  if (sums_.empty()) return kNan;
  double sum = 0, columns = 0;
  for (size_t i = 1; i < sums_.size(); i += 3, ++columns)
    sum += sums_[i + 1] > 0 ? 1 - sums_[i + 2] / sums_[i + 1] : sums_[i + 2] == 0 ? 1 : 0;
  return sum / columns;
}

void Perplexity::update(const Tensor& prediction, const Tensor& target) {
  check_shapes("Perplexity", prediction, target, true);
  if (prediction.dim() != target.dim() + 1) fail("[Perplexity] needs scores of all classes, not class numbers");
  const NoGradGuard no_grad;
  const Tensor nats = nn::functional::cross_entropy(prediction.detach().reshape({-1, prediction.size(-1)}),
                                                    labels_of(target).view({-1}),
                                                    nn::functional::CrossEntropyFuncOptions().reduction(kSum));
  sums_.resize(2);
  sums_[0] += nats.item<double>();
  sums_[1] += static_cast<double>(target.numel());
}
double Perplexity::compute() const { return sums_.empty() ? kNan : std::exp(sums_[0] / sums_[1]); }

std::unique_ptr<Metric> make_metric(const std::string& name) {
  const size_t cut = name.find('_');
  const std::string base = name.substr(0, cut), rest = cut == std::string::npos ? "macro" : name.substr(cut + 1);
  const bool average = rest == "macro" || rest == "micro" || rest == "binary";
  const Average how = rest == "micro" ? Average::micro : rest == "binary" ? Average::binary : Average::macro;
  if (name == "accuracy") return std::make_unique<Accuracy>();
  if (base == "precision" && average) return std::make_unique<Precision>(how);
  if (base == "recall" && average) return std::make_unique<Recall>(how);
  if (base == "f1" && average) return std::make_unique<F1>(how);
  if (name == "roc_auc") return std::make_unique<RocAuc>();
  if (name == "mse") return std::make_unique<MeanSquaredError>();
  if (name == "mae") return std::make_unique<MeanAbsoluteError>();
  if (name == "r2") return std::make_unique<R2>();
  if (name == "perplexity") return std::make_unique<Perplexity>();
  if (name.starts_with("top") && name.size() > 3 && name.size() < 8 &&
      std::all_of(name.begin() + 3, name.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::make_unique<TopK>(std::stoll(name.substr(3)));
  fail(
      "[make_metric] there is no metric \"{}\"; use accuracy, top<k>, precision, recall, f1 (these three also with "
      "_micro, _macro or _binary), roc_auc, mse, mae, r2 or perplexity",
      name);
}

}  // namespace hearth::train
