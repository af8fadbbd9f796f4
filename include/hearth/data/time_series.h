#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hearth/data/table.h"

namespace hearth::data {

struct SeriesOptions {
  /// Columns that tell the time: one of dates, or a year with a month (its number or English name) and a day where
  /// there are such. Unset: the table's only column of dates, else its columns named year, month and day.
  std::vector<std::string> time;
  std::vector<std::string> values;  ///< columns to take, in this order; unset: all numeric ones that tell no time
  /// What to do where a step of time is missing: refuse, fill it on a straight line between its neighbours, or let the
  /// neighbours touch.
  enum class Gaps : uint8_t { kError, kFill, kKeep } gaps = Gaps::kError;
};

/// Numbers at equal steps of time.
struct HEARTH_API Series {
  Tensor values;                   ///< [L, C] (float32)
  std::vector<double> times;       ///< L of them, rising: seconds since 1970 in UTC
  std::vector<std::string> names;  ///< C of them
  int64_t step_months = 0;         ///< the step where it is months or years
  double step_seconds = 0;         ///< the step otherwise; 0 where the table tells no time
  int64_t filled = 0;              ///< steps that Gaps::kFill made

  int64_t length() const { return values.size(0); }
  /// "1 month", "2 days", "15 minutes", "steps".
  std::string step_text() const;
  /// How many steps a season has, by custom: 12 months, 4 quarters, 7 days, 24 hours, 52 weeks; 1 where none is known.
  int64_t season() const;
};

/// The rows of a table in the order of their time, which is checked: ValueError, with the line, for a time that is
/// missing, unreadable or there twice, for a gap, and for a value that is missing (Gaps::kFill fills those too, but for
/// the first and the last). A table that tells no time is taken in its own order.
HEARTH_API Series read_series(const Table& table, const SeriesOptions& options = {});

/// (x - mean) / deviation for each column, fitted on the training part.
class HEARTH_API SeriesScaler {
 public:
  /// From the first `length` steps. A column that is constant there keeps its size.
  SeriesScaler(const Series& series, int64_t length);
  Tensor transform(const Tensor& values) const;  ///< [..., C]
  Tensor inverse(const Tensor& scaled) const;
  const std::vector<double>& mean() const { return mean_; }
  const std::vector<double>& deviation() const { return deviation_; }
  std::string to_json() const;
  static SeriesScaler from_json(const std::string& text, const std::string& name = "series scaler");

 private:
  SeriesScaler() = default;
  std::vector<double> mean_, deviation_;
};

/// A part of a series: the steps from begin to end, without end.
struct SeriesRange {
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};
/// Cuts a series in time: the first part to train, then one to choose by, then one to judge by. The shares are of the
/// whole, between 0 and 1, and leave more than nothing to train on.
struct SeriesSplit {
  SeriesRange train, validation, test;
};
HEARTH_API SeriesSplit split_in_time(int64_t length, double validation, double test = 0);

/// The last season over and over: the forecast [horizon, C] that a model has to beat. `history` is [L, C], L at least a
/// season.
HEARTH_API Tensor seasonal_naive(const Tensor& history, int64_t season, int64_t horizon);
/// The mean absolute error of seasonal_naive for each column [C], over all windows of `horizon` steps within the range.
HEARTH_API Tensor seasonal_naive_error(const Tensor& values, SeriesRange range, int64_t season, int64_t horizon);

namespace datasets {

struct SeriesWindowsOptions {
  int64_t lookback = 24;         ///< steps that the model sees
  int64_t horizon = 1;           ///< steps that it is to forecast
  int64_t stride = 1;            ///< steps from one window to the next
  std::vector<int64_t> targets;  ///< columns to forecast; unset: all
};

/// Pieces of a series: data [lookback, C], target [horizon, targets]. All steps of a target lie within the range; what
/// the model sees may begin before it, since by then that is past.
class HEARTH_API SeriesWindows : public Dataset<SeriesWindows> {
 public:
  using Options = SeriesWindowsOptions;
  /// `values` is [L, C], scaled as the model wants it. ValueError where the range holds no window.
  SeriesWindows(Tensor values, SeriesRange range, const Options& options);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(count_); }
  /// The step at which a sample's target begins.
  int64_t target_begin(size_t index) const { return first_ + static_cast<int64_t>(index) * stride_; }

 private:
  Tensor values_, targets_;
  int64_t lookback_, horizon_, stride_, first_, count_;
};

}  // namespace datasets
}  // namespace hearth::data
