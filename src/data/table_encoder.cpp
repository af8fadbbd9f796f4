#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

#include "base/fail.h"
#include "data/time.h"
#include "hearth/data/table.h"
#include "hearth/ops.h"
#include "io/json.h"

namespace hearth::data {

namespace {

using nlohmann::json;
using Task = TableEncoder::Task;
using Categories = TableEncoderOptions::Categories;

constexpr const char* kFormat = "table encoder";
constexpr double kYear = 365.2425 * kDay, kWeek = 7 * kDay;
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

/// Where each level of the column stands in `sorted`; -1 where it does not.
std::vector<int64_t> places(const Column& c, const std::vector<std::string>& sorted) {
  std::vector<int64_t> out;
  for (const std::string& level : c.levels) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), level);
    out.push_back(at != sorted.end() && *at == level ? at - sorted.begin() : -1);
  }
  return out;
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

void count(TableEncoder::Counts* counts, const std::string& column, bool missing) {
  if (!counts) return;
  ++(missing ? counts->missing : counts->unknown);
  ++counts->by_column[column];
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

const Column& TableEncoder::column_of(const Table& table, const std::string& name, ColumnKind kind) const {
  const Column& c = table.column(name);
  const bool empty = c.missing == table.rows();  // of whatever kind
  if (c.kind != kind && !empty)
    fail("[TableEncoder] {} column \"{}\" is {} here and was {} in training{}{}; read the table with table_options()",
         table.source(), name, name_of(c.kind), name_of(kind), c.note.empty() ? "" : ": ", c.note);
  return c;
}

Tensor TableEncoder::transform(const Table& table, Counts* counts) const {
  const int64_t n = table.rows(), width = features();
  Tensor out = zeros({n, width});
  float* const to = out.data_ptr<float>();
  int64_t at = 0;
  for (const Input& in : inputs_) {
    const Column& c = column_of(table, in.name, in.kind);
    if (in.kind == ColumnKind::kCategorical) {
      if (categories_ == Categories::kIndex) continue;
      const std::vector<int64_t> place = places(c, in.levels);
      const auto unknown = static_cast<int64_t>(in.levels.size());
      for (int64_t i = 0; i < n; ++i) {
        const bool missing = c.is_missing(i);
        const int64_t level = missing ? -1 : place[static_cast<size_t>(c.codes[static_cast<size_t>(i)])];
        if (level < 0) count(counts, in.name, missing);
        to[i * width + at + (level < 0 ? unknown : level)] = 1;
      }
      at += unknown + 1;
      continue;
    }
    const int64_t cycles = in.kind != ColumnKind::kTime ? 0 : in.daily ? 3 : 2;
    for (int64_t i = 0; i < n; ++i) {
      float* const row = to + i * width + at;
      const bool missing = c.is_missing(i);
      if (missing) count(counts, in.name, true);
      const double value = missing ? in.median : c.numbers[static_cast<size_t>(i)];
      row[0] = static_cast<float>((value - in.mean) / in.deviation);
      if (in.indicator) row[1] = missing ? 1 : 0;
      for (int64_t k = 0; k < cycles; ++k) {
        const double angle = 2 * std::numbers::pi * value / (k == 0 ? kYear : k == 1 ? kWeek : kDay);
        row[1 + 2 * k] = static_cast<float>(std::sin(angle));
        row[2 + 2 * k] = static_cast<float>(std::cos(angle));
      }
    }
    at += 1 + (in.indicator ? 1 : 0) + 2 * cycles;
  }
  return out;
}

Tensor TableEncoder::categories(const Table& table, Counts* counts) const {
  if (categories_ != Categories::kIndex)
    fail("[TableEncoder] categories are one-hot among the features here; fit with Categories::kIndex for indices");
  const int64_t n = table.rows(), width = static_cast<int64_t>(category_sizes().size());
  Tensor out = zeros({n, width}, kLong);
  int64_t* const to = out.data_ptr<int64_t>();
  int64_t at = 0;
  for (const Input& in : inputs_) {
    if (in.kind != ColumnKind::kCategorical) continue;
    const Column& c = column_of(table, in.name, in.kind);
    const std::vector<int64_t> place = places(c, in.levels);
    for (int64_t i = 0; i < n; ++i) {
      const bool missing = c.is_missing(i);
      const int64_t level = missing ? -1 : place[static_cast<size_t>(c.codes[static_cast<size_t>(i)])];
      if (level < 0) count(counts, in.name, missing);
      to[i * width + at] = level + 1;
    }
    ++at;
  }
  return out;
}

Tensor TableEncoder::targets(const Table& table) const {
  if (target_.empty()) fail("[TableEncoder] was fitted without a target; name one in TableEncoderOptions");
  const Column& c = column_of(table, target_, target_kind_);
  const int64_t n = table.rows();
  const auto where = [&](int64_t row) { return fmt::format("{} line {}", table.source(), table.line(row)); };
  std::map<std::string, int64_t> index;
  for (size_t i = 0; i < labels_.size(); ++i) index[labels_[i]] = static_cast<int64_t>(i);
  Tensor out = is_classification() ? empty({n}, kLong) : empty({n, 1});
  for (int64_t i = 0; i < n; ++i) {
    if (c.is_missing(i)) fail("[TableEncoder] {}: the target \"{}\" is missing", where(i), target_);
    if (!is_classification()) {
      out.data_ptr<float>()[i] =
          static_cast<float>((c.numbers[static_cast<size_t>(i)] - target_mean_) / target_deviation_);
      continue;
    }
    const auto label = index.find(c.text(i));
    if (label == index.end())
      fail("[TableEncoder] {}: \"{}\" is no class that training had; they are {}", where(i), c.text(i),
           fmt::join(labels_, ", "));
    out.data_ptr<int64_t>()[i] = label->second;
  }
  return out;
}

Tensor TableEncoder::inverse_target(const Tensor& scaled) const {
  if (task_ != Task::kRegression) fail("[TableEncoder] the target \"{}\" is no number to scale back", target_);
  return scaled.mul(target_deviation_).add(target_mean_);
}

std::vector<std::string> TableEncoder::category_names() const {
  std::vector<std::string> out;
  for (const Input& in : inputs_)
    if (in.kind == ColumnKind::kCategorical && categories_ == Categories::kIndex) out.push_back(in.name);
  return out;
}
std::vector<int64_t> TableEncoder::category_sizes() const {
  std::vector<int64_t> out;
  for (const Input& in : inputs_)
    if (in.kind == ColumnKind::kCategorical && categories_ == Categories::kIndex)
      out.push_back(static_cast<int64_t>(in.levels.size()) + 1);
  return out;
}

TableOptions TableEncoder::table_options() const {
  TableOptions out;
  for (const Input& in : inputs_) out.kinds[in.name] = in.kind;
  for (const Dropped& d : dropped_) out.kinds[d.column] = ColumnKind::kText;
  if (!target_.empty()) out.kinds[target_] = target_kind_;
  return out;
}

std::string TableEncoder::to_json() const {
  json inputs = json::array(), dropped = json::array();
  for (const Input& in : inputs_)
    inputs.push_back({{"name", io::json_of_bytes(in.name)},
                      {"kind", name_of(in.kind)},
                      {"mean", in.mean},
                      {"deviation", in.deviation},
                      {"median", in.median},
                      {"indicator", in.indicator},
                      {"daily", in.daily},
                      {"levels", io::json_of_bytes(in.levels)}});
  for (const Dropped& d : dropped_) dropped.push_back({io::json_of_bytes(d.column), io::json_of_bytes(d.why)});
  const json all = {{"format", "hearth table encoder"},
                    {"version", 1},
                    {"categories", categories_ == Categories::kIndex ? "index" : "one-hot"},
                    {"inputs", inputs},
                    {"dropped", dropped},
                    {"target", io::json_of_bytes(target_)},
                    {"target_kind", name_of(target_kind_)},
                    {"task", task_ == Task::kInfer ? "none"
                             : is_classification() ? "classification"
                                                   : "regression"},
                    {"labels", io::json_of_bytes(labels_)},
                    {"target_mean", target_mean_},
                    {"target_deviation", target_deviation_}};
  return all.dump();
}

TableEncoder TableEncoder::from_json(const std::string& text, const std::string& name) {
  const json all = io::parse_json(kFormat, text, name);
  return io::read_json(kFormat, name, [&] {
    const auto one_of = [&](const json& value, const auto& values, auto to_text) {
      for (const auto v : values)
        if (value.get<std::string>() == to_text(v)) return v;
      io::fail_json(kFormat, name, fmt::format("\"{}\" is not known", value.get<std::string>()).c_str());
    };
    static constexpr ColumnKind kKinds[] = {ColumnKind::kNumeric, ColumnKind::kCategorical, ColumnKind::kTime,
                                            ColumnKind::kText};
    if (all.at("format") != "hearth table encoder" || all.at("version") != 1)
      io::fail_json(kFormat, name, "format or version");
    TableEncoder e;
    e.categories_ = one_of(all.at("categories"), std::array{Categories::kOneHot, Categories::kIndex},
                           [](Categories c) { return c == Categories::kIndex ? "index" : "one-hot"; });
    for (const json& in : all.at("inputs")) {
      Input& to = e.inputs_.emplace_back();
      to.name = io::bytes_of_json(in.at("name"));
      to.kind = one_of(in.at("kind"), kKinds, name_of);
      in.at("mean").get_to(to.mean);
      in.at("deviation").get_to(to.deviation);
      in.at("median").get_to(to.median);
      in.at("indicator").get_to(to.indicator);
      in.at("daily").get_to(to.daily);
      to.levels = io::list_of_json(in.at("levels"));
      if (!(to.deviation > 0) || to.kind == ColumnKind::kText || !std::is_sorted(to.levels.begin(), to.levels.end()))
        io::fail_json(kFormat, name, fmt::format("column \"{}\"", to.name).c_str());
    }
    for (const json& d : all.at("dropped"))
      e.dropped_.push_back({io::bytes_of_json(d.at(0)), io::bytes_of_json(d.at(1))});
    e.target_ = io::bytes_of_json(all.at("target"));
    e.target_kind_ = one_of(all.at("target_kind"), kKinds, name_of);
    e.task_ = one_of(all.at("task"), std::array{Task::kInfer, Task::kClassification, Task::kRegression}, [](Task t) {
      return t == Task::kInfer ? "none" : t == Task::kClassification ? "classification" : "regression";
    });
    e.labels_ = io::list_of_json(all.at("labels"));
    all.at("target_mean").get_to(e.target_mean_);
    all.at("target_deviation").get_to(e.target_deviation_);
    if (!(e.target_deviation_ > 0)) io::fail_json(kFormat, name, "target_deviation");
    e.name_features();
    return e;
  });
}

namespace datasets {

TableDataset::TableDataset(const Table& table, const TableEncoder& encoder)
    : features_(encoder.transform(table)), targets_(encoder.targets(table)) {}

Example<> TableDataset::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {features_[i], targets_[i]};
}

}  // namespace datasets
}  // namespace hearth::data
