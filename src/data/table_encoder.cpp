// Fitting: what each column is, and what is left of it.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/fail.h"
#include "data/time.h"
#include "hearth/data/table.h"

namespace hearth::data {

namespace {

using Task = TableEncoder::Task;
using Categories = TableEncoderOptions::Categories;

constexpr size_t kFewClasses = 10;

std::vector<double> present(const Column& c, ArrayRef<int64_t> rows) {
  std::vector<double> out;
  for (const int64_t r : rows)
    if (!c.is_missing(r)) out.push_back(c.numbers[static_cast<size_t>(r)]);
  return out;
}

struct Moments {
  double mean = 0, deviation = 0;
};
Moments moments(const std::vector<double>& x) {
  Moments m;
  const auto n = static_cast<double>(x.size());
  for (const double v : x) m.mean += v / n;
  for (const double v : x) m.deviation += (v - m.mean) * (v - m.mean) / n;
  m.deviation = std::sqrt(m.deviation);
  if (!(m.deviation > 1e-12 * std::abs(m.mean))) m.deviation = 0;  // rounding, or beyond a double
  return m;
}

double median(std::vector<double> x) {
  const size_t half = x.size() / 2;
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(half), x.end());
  if (x.size() % 2 == 1) return x[half];
  return (x[half] + *std::max_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(half))) / 2;
}

/// The texts of a categorical column among these rows, sorted.
std::vector<std::string> levels_of(const Column& c, ArrayRef<int64_t> rows) {
  std::set<std::string> seen;
  for (const int64_t r : rows)
    if (!c.is_missing(r)) seen.insert(c.levels[static_cast<size_t>(c.codes[static_cast<size_t>(r)])]);
  return {seen.begin(), seen.end()};
}

/// Whether the column only counts the table's rows, or is called an id and has no number twice.
bool is_id(const Column& c) {
  if (c.kind != ColumnKind::kNumeric || c.missing > 0 || c.numbers.size() < 10) return false;
  std::string name = c.name;
  std::transform(name.begin(), name.end(), name.begin(), [](char x) { return static_cast<char>(std::tolower(x)); });
  const bool named = name == "id" || name.ends_with("_id") || name.ends_with(" id") || name == "column_1";
  std::set<double> seen;
  bool counts = c.numbers[0] == 0 || c.numbers[0] == 1, different = true;
  for (size_t i = 0; i < c.numbers.size() && (counts || (named && different)); ++i) {
    counts = counts && c.numbers[i] == c.numbers[0] + static_cast<double>(i);
    if (named) different = c.numbers[i] == std::floor(c.numbers[i]) && seen.insert(c.numbers[i]).second;
  }
  return counts || (named && different);
}

bool looks_like_classes(const std::vector<double>& x) {
  std::map<double, int> seen;
  for (const double v : x)
    if (v != std::floor(v) || (++seen[v], seen.size() > kFewClasses)) return false;
  return std::all_of(seen.begin(), seen.end(), [](const auto& entry) { return entry.second > 1; });
}

}  // namespace

TableEncoder TableEncoder::fit(const Table& table, const Options& options) {
  std::vector<int64_t> rows(static_cast<size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  return fit(table, options.target.empty() ? rows : table.rows_with(options.target), options);
}

TableEncoder TableEncoder::fit(const Table& table, ArrayRef<int64_t> rows, const Options& options) {
  if (rows.empty()) fail("[TableEncoder] no rows to fit on, of {} in {}", table.rows(), table.source());
  for (const int64_t r : rows)
    if (r < 0 || r >= table.rows())
      throw IndexError(fmt::format("[TableEncoder] row {} of {} rows was asked for", r, table.rows()), r, table.rows());
  for (const std::string& name : options.ignore) table.column(name);  // says where there is none
  TableEncoder e;
  e.categories_ = options.categories;
  if (!options.target.empty()) e.fit_target(table, rows, options);
  std::vector<const Column*> ids;
  for (const Column& c : table.columns()) {
    if (c.name == options.target) continue;
    if (std::count(options.ignore.begin(), options.ignore.end(), c.name)) {
      e.dropped_.push_back({c.name, "left out as told"});
    } else if (is_id(c)) {
      ids.push_back(&c);
    } else {
      e.fit_input(c, rows, options);
    }
  }
  for (const Column* c : ids) {
    if (e.inputs_.empty() && e.dropped_.empty() && ids.size() == 1) {
      e.fit_input(*c, rows, options);  // it is all there is
    } else {
      e.dropped_.push_back({c->name, "an id, which only tells the rows apart"});
    }
  }
  if (e.inputs_.empty()) {
    std::string why;
    for (const Dropped& d : e.dropped_) why += fmt::format("; {}: {}", d.column, d.why);
    fail("[TableEncoder] no column of {} is left to learn from{}", table.source(), why);
  }
  e.name_features();
  return e;
}

void TableEncoder::fit_target(const Table& table, ArrayRef<int64_t> rows, const Options& options) {
  const Column& c = table.column(options.target);
  target_ = c.name;
  target_kind_ = c.kind;
  for (const int64_t r : rows)
    if (c.is_missing(r))
      fail("[TableEncoder] {} line {}: the target \"{}\" is missing; leave the row out (Table::rows_with)",
           table.source(), table.line(r), target_);
  const bool texts = !c.codes.empty();
  std::vector<double> values = texts ? std::vector<double>() : present(c, rows);
  task_ = options.task;
  if (task_ == Task::kInfer)
    task_ = texts || (c.kind == ColumnKind::kNumeric && looks_like_classes(values)) ? Task::kClassification
                                                                                    : Task::kRegression;
  if (task_ == Task::kRegression) {
    if (texts)
      fail("[TableEncoder] the target \"{}\" holds texts ({}), so it can't be predicted as a number{}{}", target_,
           c.levels.empty() ? "" : c.levels[0], c.note.empty() ? "" : "; ", c.note);
    const Moments m = moments(values);
    if (!std::isfinite(m.deviation)) fail("[TableEncoder] the target \"{}\" is beyond what can be scaled", target_);
    if (m.deviation == 0)
      fail("[TableEncoder] the target \"{}\" is {} in every row; nothing to learn", target_, m.mean);
    target_mean_ = m.mean;
    target_deviation_ = m.deviation;
    return;
  }
  if (texts) {
    labels_ = levels_of(c, rows);
  } else {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const double v : values) labels_.push_back(fmt::format("{}", v));
  }
  if (labels_.size() < 2)
    fail("[TableEncoder] the target \"{}\" is {} in every row; nothing to learn", target_, labels_[0]);
  if (labels_.size() > rows.size() / 2 && labels_.size() > kFewClasses)
    fail("[TableEncoder] the target \"{}\" has {} classes in {} rows; choose a column whose values repeat", target_,
         labels_.size(), rows.size());
}

void TableEncoder::fit_input(const Column& c, ArrayRef<int64_t> rows, const Options& options) {
  const auto drop = [&](std::string why) { dropped_.push_back({c.name, std::move(why)}); };
  Input in;
  in.name = c.name;
  in.kind = c.kind;
  const std::string note = c.note.empty() ? "" : " (" + c.note + ")";
  if (c.kind == ColumnKind::kText) return drop(fmt::format("text of {} different values{}", c.levels.size(), note));
  if (c.kind == ColumnKind::kCategorical) {
    in.levels = levels_of(c, rows);
    if (in.levels.size() > static_cast<size_t>(options.max_categories))
      return drop(fmt::format("{} different values, more than {}{}", in.levels.size(), options.max_categories, note));
    const bool missing = std::any_of(rows.begin(), rows.end(), [&](int64_t r) { return c.is_missing(r); });
    if (in.levels.size() + (missing ? 1U : 0U) < 2) return drop("it is the same in every row");
    inputs_.push_back(std::move(in));
    return;
  }
  const std::vector<double> values = present(c, rows);
  in.indicator = c.kind == ColumnKind::kNumeric && values.size() < rows.size();
  if (values.empty()) return drop("it is missing in every row");
  const Moments m = moments(values);
  if (m.deviation == 0 && !in.indicator) return drop("it is the same in every row");
  in.mean = m.mean;
  in.deviation = m.deviation > 0 ? m.deviation : 1;
  in.median = median(values);
  if (!std::isfinite(in.mean) || !std::isfinite(in.deviation)) return drop("its numbers are beyond what can be scaled");
  in.daily = c.kind == ColumnKind::kTime &&
             std::any_of(values.begin(), values.end(), [](double v) { return std::fmod(v, kDay) != 0; });
  inputs_.push_back(std::move(in));
}

void TableEncoder::name_features() {
  feature_names_.clear();
  for (const Input& in : inputs_) {
    if (in.kind == ColumnKind::kCategorical) {
      if (categories_ == Categories::kIndex) continue;
      for (const std::string& level : in.levels) feature_names_.push_back(in.name + "=" + level);
      feature_names_.push_back(in.name + "=?");
      continue;
    }
    feature_names_.push_back(in.name);
    if (in.indicator) feature_names_.push_back(in.name + " missing");
    if (in.kind != ColumnKind::kTime) continue;
    for (const char* cycle : {"year", "week", "day"})
      if (cycle[0] != 'd' || in.daily)
        for (const char* part : {"sine", "cosine"})
          feature_names_.push_back(fmt::format("{} {} {}", in.name, cycle, part));
  }
}

}  // namespace hearth::data
