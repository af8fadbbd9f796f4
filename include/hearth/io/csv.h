#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/export.h"

namespace hearth::io {

/// How a CSV file is written. What is unset is found out from the file's first rows.
struct CsvOptions {
  std::optional<char> delimiter;  ///< else the one of , ; tab | that cuts the first rows into equally many cells
  /// Whether the first row holds names. Else it does if its cells are texts, none a number, and below one of them stand
  /// numbers, or they are different and texts below repeat while the names don't.
  std::optional<bool> header;
  /// Cells that mean "missing"; spaces around a cell don't count.
  std::vector<std::string> missing = {"", "NA", "N/A", "NaN", "nan", "null", "None", "?"};
};

/// Rows of a CSV file, one after the other (RFC 4180): cells in quotes with doubled quotes, delimiters and line ends in
/// them, LF or CRLF, with or without a byte-order mark. Blank lines are passed over; a quote within an unquoted cell
/// stands for itself. The file is mapped, and one row is held at a time. Whatever does not fit is a FileError that
/// names line and column: a row with more or fewer cells than the first, a quote that nothing closes, text behind a
/// closing quote, a zero byte, UTF-16, more than 100,000 columns.
class HEARTH_API CsvReader {
 public:
  explicit CsvReader(const std::string& path, CsvOptions options = {});
  /// The same of a text; `name` stands for it in messages.
  CsvReader(std::string text, std::string name, CsvOptions options);
  CsvReader(CsvReader&&) noexcept;
  ~CsvReader();

  /// The header's names, where they are not empty; else "column_1" and so on. A doubled name is a FileError.
  const std::vector<std::string>& names() const;
  size_t columns() const { return names().size(); }
  char delimiter() const;
  bool has_header() const;

  /// Moves on to the next row; false behind the last.
  bool next();
  /// A cell of the row, without its quotes. Valid until the next call of next().
  std::string_view cell(size_t column) const;
  /// The same without spaces around it.
  std::string_view trimmed(size_t column) const;
  bool is_missing(size_t column) const;
  /// Where the row begins in the file, counted from 1.
  int64_t line() const;
  /// Goes back to the first row.
  void rewind();
  /// Throws a FileError about a cell of the row: file, line, column, and `what`.
  [[noreturn]] void fail(size_t column, const std::string& what) const;
  const std::string& path() const;
  size_t bytes() const;  ///< the file's size

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A number as CSV files hold them: all of the text, with "." or "," as decimal point. No value where it is none.
HEARTH_API std::optional<double> parse_number(std::string_view text, char decimal = '.');

/// One line of a CSV file, with quotes where a cell needs them, and CRLF left to the caller.
HEARTH_API std::string csv_line(const std::vector<std::string>& cells, char delimiter = ',');

}  // namespace hearth::io
