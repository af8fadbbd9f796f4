// A fitted encoder at work: a table's features, categories and targets.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/fail.h"
#include "data/time.h"
#include "hearth/data/table.h"
#include "hearth/ops.h"

namespace hearth::data {

namespace {

using Task = TableEncoder::Task;
using Categories = TableEncoderOptions::Categories;

constexpr double kYear = 365.2425 * kDay, kWeek = 7 * kDay;

/// Where each level of the column stands in `sorted`; -1 where it does not.
std::vector<int64_t> places(const Column& c, const std::vector<std::string>& sorted) {
  std::vector<int64_t> out;
  for (const std::string& level : c.levels) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), level);
    out.push_back(at != sorted.end() && *at == level ? at - sorted.begin() : -1);
  }
  return out;
}

void count(TableEncoder::Counts* counts, const std::string& column, bool missing) {
  if (!counts) return;
  ++(missing ? counts->missing : counts->unknown);
  ++counts->by_column[column];
}

/// (value - mean) / deviation, if a float holds it.
float scaled(const Table& table, int64_t row, const std::string& column, double value, double mean, double deviation) {
  const double x = (value - mean) / deviation;
  if (!(std::abs(x) <= std::numeric_limits<float>::max()))
    fail(
        "[TableEncoder] {} line {}: \"{}\" is {}, too far from the training part's mean of {} to be scaled (by {}); "
        "mend it, or leave the row out",
        table.source(), table.line(row), column, value, mean, deviation);
  return static_cast<float>(x);
}

}  // namespace

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
      row[0] = scaled(table, i, in.name, value, in.mean, in.deviation);
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
      const double value = c.numbers[static_cast<size_t>(i)];
      out.data_ptr<float>()[i] = scaled(table, i, target_, value, target_mean_, target_deviation_);
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

namespace datasets {

TableDataset::TableDataset(const Table& table, const TableEncoder& encoder)
    : features_(encoder.transform(table)), targets_(encoder.targets(table)) {}

Example<> TableDataset::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {features_[i], targets_[i]};
}

}  // namespace datasets
}  // namespace hearth::data
