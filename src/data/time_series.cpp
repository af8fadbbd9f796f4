#include "hearth/data/time_series.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/fail.h"
#include "data/time.h"
#include "hearth/ops.h"
#include "io/json.h"

namespace hearth::data {

namespace {

constexpr const char* kFormat = "series scaler";

/// Where a row stands in time.
class Clock {
 public:
  Clock(const Table& table, const std::vector<std::string>& names) : table_(table) {
    if (names.empty()) {
      find();
    } else {
      for (const std::string& n : names) columns_.push_back(&table.column(n));
    }
    if (columns_.size() > 3)
      fail("[read_series] {} columns for the time; one of dates, or year, month and day are wanted", columns_.size());
  }
  bool tells() const { return !columns_.empty(); }
  bool uses(const Column& c) const { return std::count(columns_.begin(), columns_.end(), &c) > 0; }

  double time(int64_t row) const {
    for (const Column* c : columns_)
      if (c->is_missing(row)) refuse(row, *c, "no time");
    const Column& first = *columns_[0];
    if (first.kind == ColumnKind::kTime) return first.numbers[static_cast<size_t>(row)];
    const int64_t year = part(row, 0, 0, 9999);
    const int64_t month = columns_.size() > 1 ? part(row, 1, 1, 12) : 1;
    const int64_t last =
        days_from_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1) - days_from_civil(year, month, 1);
    const int64_t day = columns_.size() > 2 ? part(row, 2, 1, last) : 1;
    return static_cast<double>(days_from_civil(year, month, day)) * kDay;
  }

 private:
  void find() {
    std::vector<const Column*> dates;
    const Column* parts[3] = {};
    for (const Column& c : table_.columns()) {
      if (c.kind == ColumnKind::kTime) dates.push_back(&c);
      for (size_t i = 0; i < 3; ++i)
        if (static constexpr const char* kNames[] = {"year", "month", "day"};
            c.name.size() == std::char_traits<char>::length(kNames[i]) &&
            std::equal(c.name.begin(), c.name.end(), kNames[i], [](char a, char b) { return (a | 0x20) == b; }))
          parts[i] = &c;
    }
    if (dates.size() > 1)
      fail("[read_series] {} has {} columns of dates, \"{}\" and \"{}\" among them; say which one is the time",
           table_.source(), dates.size(), dates[0]->name, dates[1]->name);
    if (dates.empty())
      for (const Column* c : parts) {
        if (!c) break;
        dates.push_back(c);
      }
    columns_ = dates;
  }
  [[noreturn]] void refuse(int64_t row, const Column& c, const char* what) const {
    fail("[read_series] {} line {}, column \"{}\": \"{}\" is {}; mend the row or leave it out", table_.source(),
         table_.line(row), c.name, c.text(row), what);
  }
  int64_t part(int64_t row, size_t i, int64_t least, int64_t most) const {
    const Column& c = *columns_[i];
    double value = 0;
    if (c.kind == ColumnKind::kNumeric) {
      value = c.numbers[static_cast<size_t>(row)];
    } else {
      const std::string text = c.kind == ColumnKind::kTime ? "" : c.text(row);
      value = month_number(text);
      if (value == 0) value = io::parse_number(text).value_or(-1);
    }
    if (!(value >= static_cast<double>(least) && value <= static_cast<double>(most)) || value != std::floor(value))
      refuse(row, c, i == 0 ? "no year" : i == 1 ? "no month" : "no day of that month");
    return static_cast<int64_t>(value);
  }

  const Table& table_;
  std::vector<const Column*> columns_;
};

/// Months since the year 0 where the time is the beginning of a month, else nothing.
std::optional<int64_t> month_of(double time) {
  if (std::fmod(time, kDay) != 0) return std::nullopt;
  const Civil c = civil_from_days(static_cast<int64_t>(std::floor(time / kDay)));
  if (c.day != 1) return std::nullopt;
  return c.year * 12 + c.month - 1;
}

/// Times as counts of steps from the first.
struct Steps {
  int64_t months = 0;
  double seconds = 0;
  std::vector<int64_t> at;
  double first = 0;

  double time(int64_t step) const {
    if (months == 0) return first + static_cast<double>(step) * seconds;
    const int64_t month = *month_of(first) + step * months;
    return static_cast<double>(days_from_civil(month / 12, month % 12 + 1, 1)) * kDay;
  }
};

/// The step is the smallest distance, in months where all times begin one and they are not equally many days apart.
Steps find_steps(const std::vector<double>& times) {
  Steps s;
  s.first = times[0];
  s.at.assign(times.size(), 0);
  if (times.size() < 2) return s;
  std::vector<int64_t> months;
  for (const double t : times)
    if (const auto m = month_of(t)) months.push_back(*m);
  if (months.size() == times.size()) {
    for (size_t i = 1; i < months.size(); ++i) s.months = std::gcd(s.months, months[i] - months[0]);
    for (size_t i = 1; i < months.size(); ++i) s.at[i] = (months[i] - months[0]) / s.months;
    return s;
  }
  s.seconds = HUGE_VAL;
  for (size_t i = 1; i < times.size(); ++i) s.seconds = std::min(s.seconds, times[i] - times[i - 1]);
  for (size_t i = 1; i < times.size(); ++i) {
    const double n = (times[i] - s.first) / s.seconds;
    // Beyond 2^53 steps nothing is told apart; a step that does not fit comes out as no whole number.
    s.at[i] = n < 9e15 && std::abs(n - std::round(n)) < 1e-3 ? static_cast<int64_t>(std::round(n)) : -1;
  }
  return s;
}

constexpr int64_t kMostFilled = 10;  // times the rows: a wrong year must not take all memory

}  // namespace

std::string Series::step_text() const {
  const auto text = [](double n, const char* unit) { return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s"); };
  if (step_months > 0) {
    return step_months % 12 == 0 ? text(static_cast<double>(step_months / 12), "year")
                                 : text(static_cast<double>(step_months), "month");
  }
  if (!(step_seconds > 0)) return "steps";
  for (const auto& [unit, seconds] : {std::pair("day", kDay), std::pair("hour", 3600.0), std::pair("minute", 60.0)})
    if (std::fmod(step_seconds, seconds) == 0) return text(step_seconds / seconds, unit);
  return text(step_seconds, "second");
}

int64_t Series::season() const {
  if (step_months > 0) return step_months < 12 && 12 % step_months == 0 ? 12 / step_months : 1;
  if (step_seconds == kDay) return 7;
  if (step_seconds == 7 * kDay) return 52;
  if (step_seconds > 0 && step_seconds < kDay && std::fmod(kDay, step_seconds) == 0)
    return static_cast<int64_t>(kDay / step_seconds);
  return 1;
}

Series read_series(const Table& table, const SeriesOptions& options) {
  using Gaps = SeriesOptions::Gaps;
  const Clock clock(table, options.time);
  std::vector<const Column*> columns;
  for (const std::string& name : options.values) columns.push_back(&table.column(name));
  if (columns.empty())
    for (const Column& c : table.columns())
      if (c.kind == ColumnKind::kNumeric && !clock.uses(c)) columns.push_back(&c);
  const int64_t rows = table.rows(), width = static_cast<int64_t>(columns.size());
  if (rows == 0 || width == 0)
    fail("[read_series] {} has {} rows and {} columns of numbers; nothing to forecast", table.source(), rows, width);
  for (const Column* c : columns)
    if (c->kind != ColumnKind::kNumeric)
      fail("[read_series] {} column \"{}\" is {} and holds no numbers{}{}", table.source(), c->name, name_of(c->kind),
           c->note.empty() ? "" : ": ", c->note);

  std::vector<int64_t> order(static_cast<size_t>(rows));
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> times(order.begin(), order.end());
  Steps steps;
  if (clock.tells()) {
    for (int64_t i = 0; i < rows; ++i) times[static_cast<size_t>(i)] = clock.time(i);
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
      return times[static_cast<size_t>(a)] < times[static_cast<size_t>(b)];
    });
    std::sort(times.begin(), times.end());
    for (size_t i = 1; i < times.size(); ++i)
      if (times[i] == times[i - 1])
        fail("[read_series] {} lines {} and {} are both of {}; keep one, or select the rows of one series first",
             table.source(), table.line(order[i - 1]), table.line(order[i]), time_text(times[i]));
    steps = find_steps(times);
  } else {
    steps.at = order;
  }
  Series out;
  out.step_months = steps.months;
  out.step_seconds = clock.tells() ? steps.seconds : 0;
  for (size_t i = 1; i < order.size(); ++i) {
    if (options.gaps == Gaps::kKeep || steps.at[i] == steps.at[i - 1] + 1) continue;
    const bool fits = steps.at[i] > steps.at[i - 1];
    if (options.gaps == Gaps::kError || !fits)
      fail("[read_series] {}: steps are {} apart, but {} (line {}) is followed by {} (line {}); {}", table.source(),
           out.step_text(), time_text(times[i - 1]), table.line(order[i - 1]), time_text(times[i]),
           table.line(order[i]),
           fits ? "add what is missing, or choose how to go on (SeriesOptions::gaps)" : "mend the times");
  }
  const int64_t length = options.gaps == Gaps::kFill ? steps.at.back() + 1 : rows;
  if (length > (rows + 100) * kMostFilled)
    fail("[read_series] {}: {} rows from {} to {} in steps of {} would become {}; check the times", table.source(),
         rows, time_text(times[0]), time_text(times.back()), out.step_text(), length);

  out.values = full({length, width}, std::nan(""));
  float* const to = out.values.data_ptr<float>();
  for (int64_t i = 0; i < length; ++i)
    out.times.push_back(clock.tells() && length != rows ? steps.time(i)
                                                        : times[static_cast<size_t>(std::min(i, rows - 1))]);
  for (int64_t k = 0; k < width; ++k) {
    const Column& c = *columns[static_cast<size_t>(k)];
    out.names.push_back(c.name);
    for (size_t i = 0; i < order.size(); ++i) {
      const int64_t at = options.gaps == Gaps::kFill ? steps.at[i] : static_cast<int64_t>(i);
      const bool missing = c.is_missing(order[i]);
      if (missing && (options.gaps != Gaps::kFill || i == 0 || i + 1 == order.size()))
        fail("[read_series] {} line {}: \"{}\" is missing; fill it in{}", table.source(), table.line(order[i]), c.name,
             options.gaps == Gaps::kFill ? "" : ", or choose SeriesOptions::Gaps::kFill");
      if (!missing) to[at * width + k] = static_cast<float>(c.numbers[static_cast<size_t>(order[i])]);
    }
    for (int64_t i = 1, last = 0; i < length; ++i) {  // a straight line over what is missing
      const float value = to[i * width + k], before = to[last * width + k];
      if (std::isnan(value)) continue;
      for (int64_t j = last + 1; j < i; ++j)
        to[j * width + k] = before + (value - before) * static_cast<float>(j - last) / static_cast<float>(i - last);
      last = i;
    }
  }
  out.filled = length - rows;
  return out;
}

SeriesScaler::SeriesScaler(const Series& series, int64_t length) {
  if (length < 1 || length > series.length())
    fail("[SeriesScaler] {} steps to fit on, of {}; give the length of the training part", length, series.length());
  const Tensor part = series.values.narrow(0, 0, length).to(kDouble);
  const Tensor mean = part.mean(0), deviation = part.sub(mean).pow(2).mean(0).sqrt();
  for (int64_t i = 0; i < mean.size(0); ++i) {
    mean_.push_back(mean[i].item<double>());
    const auto d = deviation[i].item<double>();
    deviation_.push_back(d > 1e-12 * std::abs(mean_.back()) ? d : 1);
  }
}

Tensor SeriesScaler::transform(const Tensor& values) const {
  return values.sub(tensor(mean_, kFloat)).div(tensor(deviation_, kFloat));
}
Tensor SeriesScaler::inverse(const Tensor& scaled) const {
  return scaled.mul(tensor(deviation_, kFloat)).add(tensor(mean_, kFloat));
}

std::string SeriesScaler::to_json() const {
  return nlohmann::json{{"format", "hearth series scaler"}, {"mean", mean_}, {"deviation", deviation_}}.dump();
}
SeriesScaler SeriesScaler::from_json(const std::string& text, const std::string& name) {
  const nlohmann::json all = io::parse_json(kFormat, text, name);
  return io::read_json(kFormat, name, [&] {
    SeriesScaler s;
    all.at("mean").get_to(s.mean_);
    all.at("deviation").get_to(s.deviation_);
    if (all.at("format") != "hearth series scaler" || s.mean_.empty() || s.mean_.size() != s.deviation_.size() ||
        !std::all_of(s.deviation_.begin(), s.deviation_.end(), [](double d) { return d > 0; }))
      io::fail_json(kFormat, name, "format, mean or deviation");
    return s;
  });
}

SeriesSplit split_in_time(int64_t length, double validation, double test) {
  if (!(validation >= 0 && test >= 0 && validation + test < 1))
    fail("[split_in_time] shares of {} and {} must be 0 or more and leave something to train on", validation, test);
  const auto share = [&](double part) { return static_cast<int64_t>(static_cast<double>(length) * part); };
  const int64_t last = share(test), middle = share(validation), train = length - last - middle;
  return {{0, train}, {train, train + middle}, {train + middle, length}};
}

Tensor seasonal_naive(const Tensor& history, int64_t season, int64_t horizon) {
  if (history.dim() != 2 || season < 1 || horizon < 1 || history.size(0) < season)
    throw ShapeError(fmt::format("[seasonal_naive] history {} must be [L, C] with L at least the season ({}), and the "
                                 "horizon ({}) positive",
                                 shape_text(history.sizes()), season, horizon),
                     history.sizes().vec());
  const Tensor last = history.narrow(0, history.size(0) - season, season);
  return last.repeat({(horizon + season - 1) / season, 1}).narrow(0, 0, horizon);
}

Tensor seasonal_naive_error(const Tensor& values, SeriesRange range, int64_t season, int64_t horizon) {
  if (values.dim() != 2 || range.end > values.size(0) || range.begin < season || range.size() < horizon)
    throw ShapeError(
        fmt::format("[seasonal_naive_error] values {} have no window of {} steps from {} to {} with a season "
                    "of {} before it",
                    shape_text(values.sizes()), horizon, range.begin, range.end, season),
        values.sizes().vec());
  Tensor sum = zeros({values.size(1)}, kDouble);
  int64_t windows = 0;
  for (int64_t at = range.begin; at + horizon <= range.end; ++at, ++windows)
    sum += values.narrow(0, at, horizon).sub(seasonal_naive(values.narrow(0, 0, at), season, horizon)).abs().mean(0);
  return sum.div(static_cast<double>(windows)).to(kFloat);
}

namespace datasets {

SeriesWindows::SeriesWindows(Tensor values, SeriesRange range, const Options& o)
    : values_(std::move(values)), lookback_(o.lookback), horizon_(o.horizon), stride_(o.stride) {
  if (values_.dim() != 2)
    throw ShapeError(fmt::format("[SeriesWindows] values {} must be [L, C]", shape_text(values_.sizes())),
                     values_.sizes().vec());
  if (lookback_ < 1 || horizon_ < 1 || stride_ < 1)
    fail("[SeriesWindows] lookback {}, horizon {} and stride {} must be positive", lookback_, horizon_, stride_);
  if (range.begin < 0 || range.end > values_.size(0))
    throw IndexError(
        fmt::format("[SeriesWindows] steps {} to {} of a series of {}", range.begin, range.end, values_.size(0)),
        range.end, values_.size(0));
  first_ = std::max(range.begin, lookback_);
  count_ = range.end - first_ - horizon_ + 1;
  if (count_ < 1)
    fail("[SeriesWindows] steps {} to {} hold no window of {} steps to see and {} to forecast", range.begin, range.end,
         lookback_, horizon_);
  count_ = (count_ - 1) / stride_ + 1;
  targets_ = o.targets.empty() ? values_ : values_.index_select(1, tensor(o.targets));
}

Example<> SeriesWindows::get(size_t index) {
  if (index >= static_cast<size_t>(count_))
    throw IndexError(fmt::format("[SeriesWindows] sample {} of {}", index, count_), static_cast<int64_t>(index),
                     count_);
  const int64_t at = target_begin(index);
  return {values_.narrow(0, at - lookback_, lookback_), targets_.narrow(0, at, horizon_)};
}

}  // namespace datasets
}  // namespace hearth::data
