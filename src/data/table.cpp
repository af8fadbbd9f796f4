#include "hearth/data/table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <unordered_map>

#include "base/fail.h"

namespace hearth::data {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kFewLevels = 20;

/// Lets a map of strings be searched with a view.
struct Hash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
};

/// Collects one column while its kind shows.
class Builder {
 public:
  Builder(std::string name, std::optional<ColumnKind> kind, char decimal)
      : name_(std::move(name)), decimal_(decimal), forced_(kind) {
    if (kind) form_ = form_of(*kind);
  }

  void add(const io::CsvReader& csv, size_t at) {
    if (csv.is_missing(at)) return add_missing();
    const std::string_view text = csv.trimmed(at);
    if (form_ == Form::kUnknown) form_ = first_form(text);
    if (form_ == Form::kText) return add_text(text);
    if (form_ == Form::kLate) return;
    const std::optional<double> value = form_ == Form::kTime ? parse_time(text) : io::parse_number(text, decimal_);
    if (value) {
      numbers_.push_back(*value);
      return;
    }
    const char* wanted = form_ == Form::kTime ? "date" : "number";
    const std::string shown(text.substr(0, 40));
    if (forced_) csv.fail(at, fmt::format("\"{}\" is no {}; mend it, or give the column another kind", shown, wanted));
    note_ = fmt::format("{}s up to line {}, where \"{}\" stands", wanted, csv.line(), shown);
    form_ = Form::kLate;
    numbers_ = {};
  }
  bool is_late() const { return form_ == Form::kLate; }
  /// The second time around: as texts.
  void start_again() {
    form_ = Form::kText;
    missing_ = 0;
  }

  Column finish() {
    Column out;
    out.name = std::move(name_);
    out.note = std::move(note_);
    out.missing = missing_;
    if (form_ == Form::kText) {
      out.codes = std::move(codes_);
      out.levels.resize(index_.size());
      while (!index_.empty()) {
        auto node = index_.extract(index_.begin());
        out.levels[static_cast<size_t>(node.mapped())] = std::move(node.key());
      }
      out.kind = forced_.value_or(is_text(out) ? ColumnKind::kText : ColumnKind::kCategorical);
      return out;
    }
    if (form_ == Form::kUnknown) numbers_.assign(static_cast<size_t>(missing_), kMissing);
    out.numbers = std::move(numbers_);
    out.kind = form_ == Form::kTime ? ColumnKind::kTime : ColumnKind::kNumeric;
    return out;
  }

 private:
  enum class Form : uint8_t { kUnknown, kNumber, kTime, kText, kLate };  // late: not numbers after all

  static Form form_of(ColumnKind kind) {
    if (kind == ColumnKind::kNumeric) return Form::kNumber;
    return kind == ColumnKind::kTime ? Form::kTime : Form::kText;
  }
  Form first_form(std::string_view text) {
    const Form form = io::parse_number(text, decimal_) ? Form::kNumber : parse_time(text) ? Form::kTime : Form::kText;
    if (form == Form::kText) {
      codes_.assign(static_cast<size_t>(missing_), -1);
    } else {
      numbers_.assign(static_cast<size_t>(missing_), kMissing);
    }
    return form;
  }
  void add_missing() {
    ++missing_;
    if (form_ == Form::kText) codes_.push_back(-1);
    if (form_ == Form::kNumber || form_ == Form::kTime) numbers_.push_back(kMissing);
  }
  void add_text(std::string_view text) {
    auto at = index_.find(text);
    if (at == index_.end()) at = index_.emplace(text, static_cast<int32_t>(index_.size())).first;
    codes_.push_back(at->second);
  }
  static bool is_text(const Column& c) {
    const size_t present = c.codes.size() - static_cast<size_t>(c.missing);
    return c.levels.size() > kFewLevels && 2 * c.levels.size() > present;
  }

  std::string name_;
  char decimal_;
  std::optional<ColumnKind> forced_;
  Form form_ = Form::kUnknown;
  int64_t missing_ = 0;
  std::vector<double> numbers_;
  std::vector<int32_t> codes_;
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> index_;
  std::string note_;
};

}  // namespace

const char* name_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kNumeric: return "numeric";
    case ColumnKind::kCategorical: return "categorical";
    case ColumnKind::kTime: return "time";
    case ColumnKind::kText: return "text";
  }
  return "unknown";
}

bool Column::is_missing(int64_t row) const {
  const auto i = static_cast<size_t>(row);
  return numbers.empty() ? codes.at(i) < 0 : std::isnan(numbers.at(i));
}

std::string Column::text(int64_t row) const {
  if (is_missing(row)) return {};
  const auto i = static_cast<size_t>(row);
  if (numbers.empty()) return levels[static_cast<size_t>(codes[i])];
  return kind == ColumnKind::kTime ? time_text(numbers[i]) : fmt::format("{}", numbers[i]);
}

Table Table::read_csv(const std::string& path, const TableOptions& options) {
  return read_csv(io::CsvReader(path, options.csv), options);
}

Table Table::read_csv(io::CsvReader reader, const TableOptions& options) {
  std::vector<Builder> builders;
  for (const std::string& name : reader.names()) {
    const auto kind = options.kinds.find(name);
    builders.emplace_back(name, kind == options.kinds.end() ? std::nullopt : std::optional(kind->second),
                          options.decimal);
  }
  Table table;
  table.source_ = reader.path();
  while (reader.next()) {
    for (size_t i = 0; i < builders.size(); ++i) builders[i].add(reader, i);
    table.add_line(reader.line());
  }
  std::vector<size_t> late;
  for (size_t i = 0; i < builders.size(); ++i)
    if (builders[i].is_late()) late.push_back(i);
  for (const size_t i : late) builders[i].start_again();
  reader.rewind();
  while (!late.empty() && reader.next())
    for (const size_t i : late) builders[i].add(reader, i);
  for (Builder& b : builders) table.columns_.push_back(b.finish());
  return table;
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  const auto length = [](const Column& c) { return std::max(c.numbers.size(), c.codes.size()); };
  for (const Column& c : columns_) {
    const bool numbers = c.kind == ColumnKind::kNumeric || c.kind == ColumnKind::kTime;
    if ((numbers ? c.codes.size() : c.numbers.size()) > 0 || length(c) != length(columns_[0]))
      fail(
          "[Table] column \"{}\" ({}) has {} numbers and {} codes where the first column has {} rows; give each row "
          "one",
          c.name, name_of(c.kind), c.numbers.size(), c.codes.size(), length(columns_[0]));
    for (const int32_t code : c.codes)
      if (code < -1 || code >= static_cast<int64_t>(c.levels.size()))
        fail<IndexError>("[Table] column \"{}\" has code {} for {} levels", c.name, code, c.levels.size());
  }
  rows_ = columns_.empty() ? 0 : static_cast<int64_t>(length(columns_[0]));
}

void Table::add_line(int64_t line) {
  if (rows_ == 0) first_line_ = line;
  if (lines_.empty() && line != first_line_ + rows_)
    for (int64_t i = 0; i < rows_; ++i) lines_.push_back(first_line_ + i);
  if (!lines_.empty()) lines_.push_back(line);
  ++rows_;
}

int64_t Table::line(int64_t row) const {
  if (!lines_.empty()) return lines_.at(static_cast<size_t>(row));
  return first_line_ == 0 ? 0 : first_line_ + row;
}

const Column* Table::find(const std::string& name) const {
  const auto at = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
  return at == columns_.end() ? nullptr : &*at;
}

const Column& Table::column(const std::string& name) const {
  if (const Column* c = find(name)) return *c;
  std::string names;
  for (const Column& c : columns_) names += (names.empty() ? "" : ", ") + c.name;
  fail("[Table] {} has no column \"{}\"; its columns are {}", source_, name, names);
}

Table Table::select(ArrayRef<int64_t> rows) const {
  for (const int64_t r : rows)
    if (r < 0 || r >= rows_)
      throw IndexError(fmt::format("[Table] row {} of {} with {} rows was asked for", r, source_, rows_), r, rows_);
  Table out;
  out.source_ = source_;
  out.columns_.reserve(columns_.size());
  for (const Column& c : columns_) {
    Column& part = out.columns_.emplace_back();
    part.name = c.name;
    part.kind = c.kind;
    part.levels = c.levels;
    part.note = c.note;
    for (const int64_t r : rows) {
      if (!c.numbers.empty()) part.numbers.push_back(c.numbers[static_cast<size_t>(r)]);
      if (!c.codes.empty()) part.codes.push_back(c.codes[static_cast<size_t>(r)]);
      part.missing += c.is_missing(r);
    }
  }
  for (const int64_t r : rows) out.add_line(line(r));
  return out;
}

std::vector<int64_t> Table::rows_with(const std::string& name) const {
  const Column& c = column(name);
  std::vector<int64_t> out;
  for (int64_t i = 0; i < rows_; ++i)
    if (!c.is_missing(i)) out.push_back(i);
  return out;
}

}  // namespace hearth::data
