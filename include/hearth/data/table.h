#pragma once

#include <map>
#include <string>
#include <vector>

#include "hearth/data/dataset.h"
#include "hearth/io/csv.h"

namespace hearth::data {

/// What a column of a table holds.
enum class ColumnKind : uint8_t {
  kNumeric,      ///< numbers
  kCategorical,  ///< texts out of a few
  kTime,         ///< dates, or dates with times, as ISO 8601 writes them: 2024-05-01, 2024-05, 2024-05-01T12:30:00Z
  kText,         ///< texts that hardly repeat: names, remarks
};
HEARTH_API const char* name_of(ColumnKind kind);

/// One column.
struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::kNumeric;
  std::vector<double> numbers;      ///< numeric: values; time: seconds since 1970 in UTC; NaN where missing
  std::vector<int32_t> codes;       ///< categorical and text: index into levels, -1 where missing
  std::vector<std::string> levels;  ///< the different texts, in the order of their first appearance
  int64_t missing = 0;
  std::string note;  ///< what was odd: which cell keeps a column of numbers from being one

  /// A cell as text; "" where it is missing.
  std::string text(int64_t row) const;
  bool is_missing(int64_t row) const;
};

struct TableOptions {
  io::CsvOptions csv;
  char decimal = '.';  ///< the decimal point of numbers: '.' or ','
  /// Kinds by column's name, which are inferred otherwise; a cell that does not fit is then an error. Names that the
  /// file lacks are passed over.
  std::map<std::string, ColumnKind> kinds;
};

/// Columns of equal length. Kinds are inferred so: a column whose present cells are all numbers is numeric; one whose
/// cells are all dates is a time; other texts are categorical, unless there are more than 20 different ones and they
/// make up more than half of the cells: then they are text.
class HEARTH_API Table {
 public:
  Table() = default;
  /// Reads a CSV file in one pass; in two where a column turns out late not to be numeric.
  static Table read_csv(const std::string& path, const TableOptions& options = {});
  static Table read_csv(io::CsvReader reader, const TableOptions& options = {});
  explicit Table(std::vector<Column> columns);

  int64_t rows() const { return rows_; }
  const std::vector<Column>& columns() const { return columns_; }
  bool contains(const std::string& name) const { return find(name) != nullptr; }
  /// ValueError, which lists the names, where there is none.
  const Column& column(const std::string& name) const;
  /// These rows, in this order. IndexError for one that isn't there.
  Table select(ArrayRef<int64_t> rows) const;
  /// The rows where the column is not missing.
  std::vector<int64_t> rows_with(const std::string& column) const;
  /// The row's line in the file it came from, counted from 1; 0 where it came from none.
  int64_t line(int64_t row) const;
  /// What messages call it: the file's path, or "table".
  const std::string& source() const { return source_; }

 private:
  const Column* find(const std::string& name) const;

  void add_line(int64_t line);

  std::vector<Column> columns_;
  int64_t first_line_ = 0;
  std::vector<int64_t> lines_;  // only where rows and lines do not simply follow each other
  std::string source_ = "table";
  int64_t rows_ = 0;
};

/// Seconds since 1970 in UTC of an ISO 8601 date or date and time; no value where it is none.
HEARTH_API std::optional<double> parse_time(std::string_view text);
/// "2024-05-01", or "2024-05-01T12:30:00" where it is not midnight.
HEARTH_API std::string time_text(double seconds);
/// 1 to 12 for "January", "jan", … in English; 0 otherwise.
HEARTH_API int month_number(std::string_view name);

struct TableEncoderOptions {
  std::string target;               ///< column to predict; "": none
  std::vector<std::string> ignore;  ///< columns to leave out
  enum class Categories : uint8_t { kOneHot, kIndex } categories = Categories::kOneHot;
  int64_t max_categories = 100;  ///< a categorical column with more different texts is left out
  /// Whether the target is a class or a number. Inferred: texts are classes, and so are whole numbers of which there
  /// are at most 10 different ones, each at least twice.
  enum class Task : uint8_t { kInfer, kClassification, kRegression } task = Task::kInfer;
};

/// Makes numbers of a table's rows. Fitted on the rows of the training part alone, kept with the model as JSON text,
/// and applied to any other table with these columns. Features, in the order of the table's columns:
/// - numeric: (x - mean) / standard deviation, with the median where x is missing, and a column "NAME missing" of 0 and
/// 1 if any
///   was missing in training;
/// - categorical: a column "NAME=LEVEL" of 0 and 1 for each level, levels in code-point order, and "NAME=?" for texts
///   that were not there in training and for missing ones. With Categories::kIndex they are left out of the features
///   and come as indices: 0 for unknown or missing, 1 … for the levels;
/// - time: standardized, as a number, and the sine and cosine of the time of year, of week, and of day if that varies.
/// Left out, each with its reason: text, categorical columns of too many levels, columns of one value or none, and
/// numbers that only count the rows.
class HEARTH_API TableEncoder {
 public:
  using Options = TableEncoderOptions;
  using Task = TableEncoderOptions::Task;
  struct Dropped {
    std::string column, why;
  };
  /// What transform met that training had not.
  struct Counts {
    int64_t missing = 0, unknown = 0;
    std::map<std::string, int64_t> by_column;  ///< both, where there were any
  };

  /// Fits on these rows of the table, whose target must not be missing. ValueError where that leaves nothing to learn
  /// from: no rows, no features, a target of one class.
  static TableEncoder fit(const Table& table, ArrayRef<int64_t> rows, const Options& options);
  static TableEncoder fit(const Table& table, const Options& options);  ///< on all rows that have a target

  /// Features [N, F] (float32) of all rows. ValueError where the table lacks a column, or has one of
  /// another kind: read it with table_options().
  Tensor transform(const Table& table, Counts* counts = nullptr) const;
  /// Indices [N, K] (int64) of the categorical columns, with Categories::kIndex.
  Tensor categories(const Table& table, Counts* counts = nullptr) const;
  /// Classes [N] (int64), or the scaled target [N, 1] (float32). ValueError, with the line, for a missing target or a
  /// class that was not there in training.
  Tensor targets(const Table& table) const;
  /// The scaled target or prediction [...] in the target's own unit.
  Tensor inverse_target(const Tensor& scaled) const;

  bool is_classification() const { return task_ == Task::kClassification; }
  const std::string& target() const { return target_; }
  const std::vector<std::string>& labels() const { return labels_; }  ///< class names, sorted
  double target_mean() const { return target_mean_; }
  double target_deviation() const { return target_deviation_; }
  const std::vector<std::string>& feature_names() const { return feature_names_; }
  int64_t features() const { return static_cast<int64_t>(feature_names_.size()); }
  /// With Categories::kIndex: the columns, and how many indices each has, unknown among them.
  std::vector<std::string> category_names() const;
  std::vector<int64_t> category_sizes() const;
  const std::vector<Dropped>& dropped() const { return dropped_; }
  /// Reads a table as this encoder wants it: the same kinds; columns that it does not use become text.
  TableOptions table_options() const;

  std::string to_json() const;
  /// `name` stands for the text in messages. FileError where it is not one of to_json.
  static TableEncoder from_json(const std::string& text, const std::string& name = "table encoder");

 private:
  struct Input {
    std::string name;
    ColumnKind kind = ColumnKind::kNumeric;
    double mean = 0, deviation = 1, median = 0;
    bool indicator = false, daily = false;
    std::vector<std::string> levels;  // sorted
  };
  TableEncoder() = default;
  void fit_target(const Table& table, ArrayRef<int64_t> rows, const Options& options);
  void fit_input(const Column& column, ArrayRef<int64_t> rows, const Options& options);
  void name_features();
  const Column& column_of(const Table& table, const std::string& name, ColumnKind kind) const;

  Options::Categories categories_ = Options::Categories::kOneHot;
  std::vector<Input> inputs_;
  std::vector<Dropped> dropped_;
  std::vector<std::string> feature_names_;
  std::string target_;
  ColumnKind target_kind_ = ColumnKind::kNumeric;
  Task task_ = Task::kInfer;
  std::vector<std::string> labels_;
  double target_mean_ = 0, target_deviation_ = 1;
};

namespace datasets {

/// Rows of a table as features [F] and target (a class, or [1]).
class HEARTH_API TableDataset : public Dataset<TableDataset> {
 public:
  TableDataset(const Table& table, const TableEncoder& encoder);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(features_.size(0)); }
  const Tensor& features() const { return features_; }
  const Tensor& targets() const { return targets_; }

 private:
  Tensor features_, targets_;
};

}  // namespace datasets
}  // namespace hearth::data
