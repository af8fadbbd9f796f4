#include "hearth/io/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "base/fail.h"
#include "base/files.h"

namespace hearth::io {

namespace {

std::string_view trim(std::string_view s) {
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  return s;
}

constexpr size_t kMostColumns = 100'000;  // each costs far more memory than its delimiter has bytes

/// Where a cell's text is: in the file, or unquoted in the row's own room.
struct Cell {
  bool own = false;
  size_t begin = 0, size = 0;
};

/// Cuts bytes into rows.
class Cutter {
 public:
  Cutter(const char* data, size_t size, const std::string& name) : data_(data), size_(size), name_(name) {}

  void start(char delimiter, size_t at) {
    delimiter_ = delimiter;
    at_ = at;
    next_line_ = 1;
  }
  bool next() {
    cells_.clear();
    room_.clear();
    while (at_ < size_ && (data_[at_] == '\n' || data_[at_] == '\r')) end_line();
    if (at_ == size_) return false;
    line_ = next_line_;
    while (read_cell()) {
    }
    return true;
  }
  size_t size() const { return cells_.size(); }
  std::string_view operator[](size_t i) const {
    const Cell& c = cells_[i];
    return {(c.own ? room_.data() : data_) + c.begin, c.size};
  }
  int64_t line() const { return line_; }
  size_t at() const { return at_; }

  [[noreturn]] void fail(int64_t line, size_t column, size_t offset, const std::string& what) const {
    throw FileError(fmt::format("[csv] '{}' line {}, column {}: {}", name_, line, column + 1, what), name_,
                    static_cast<int64_t>(offset));
  }

 private:
  void end_line() {  // CRLF, LF or CR
    at_ += data_[at_] == '\r' && at_ + 1 < size_ && data_[at_ + 1] == '\n' ? 2 : 1;
    ++next_line_;
  }
  /// One cell and what ends it; false behind the row's last.
  bool read_cell() {
    if (cells_.size() == kMostColumns)
      fail(line_, cells_.size(), at_, fmt::format("more than {} cells in a row; this is no table", kMostColumns));
    if (at_ < size_ && data_[at_] == '"') {
      read_quoted();
    } else {
      const size_t begin = at_;
      while (at_ < size_ && data_[at_] != delimiter_ && data_[at_] != '\n' && data_[at_] != '\r') {
        if (data_[at_] == '\0') fail(line_, cells_.size(), at_, "a zero byte; this is no text, or it is UTF-16");
        ++at_;
      }
      cells_.push_back({false, begin, at_ - begin});
    }
    if (at_ == size_) return false;
    if (data_[at_] == delimiter_) {
      ++at_;
      return true;
    }
    end_line();
    return false;
  }
  void read_quoted() {
    const size_t open = at_++;
    const int64_t open_line = next_line_;
    const size_t own = room_.size();
    bool doubled = false;
    for (size_t begin = at_;;) {
      while (at_ < size_ && data_[at_] != '"') {
        if (data_[at_] == '\n') ++next_line_;
        ++at_;
      }
      if (at_ == size_) fail(open_line, cells_.size(), open, "nothing closes the quote that opens here; add one");
      const bool twice = at_ + 1 < size_ && data_[at_ + 1] == '"';
      if (doubled || twice) room_.append(data_ + begin, at_ - begin + (twice ? 1 : 0));
      doubled = doubled || twice;
      at_ += twice ? 2 : 1;
      if (!twice) {
        cells_.push_back(doubled ? Cell{true, own, room_.size() - own} : Cell{false, begin, at_ - 1 - begin});
        break;
      }
      begin = at_;
    }
    if (at_ < size_ && data_[at_] != delimiter_ && data_[at_] != '\n' && data_[at_] != '\r')
      fail(next_line_, cells_.size() - 1, at_, "text follows a closing quote; double the quotes within a cell");
  }

  const char* data_;
  size_t size_;
  const std::string& name_;
  char delimiter_ = ',';
  size_t at_ = 0;
  int64_t line_ = 1, next_line_ = 1;
  std::vector<Cell> cells_;
  std::string room_;
};

constexpr size_t kSniffedRows = 64;

}  // namespace

struct CsvReader::State {
  State(std::string file_name, CsvOptions o) : name(std::move(file_name)), options(std::move(o)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void open(const char* data, size_t bytes) {
    size = bytes;
    cutter.emplace(data, bytes, name);
    if (bytes >= 2 && ((data[0] == '\xff' && data[1] == '\xfe') || (data[0] == '\xfe' && data[1] == '\xff')))
      cutter->fail(1, 0, 0, "this is UTF-16; save it as UTF-8");
    if (std::string_view(data, bytes).starts_with("\xef\xbb\xbf")) start = 3;
    for (const std::string& m : options.missing) {
      missing.insert(std::string(trim(m)));
      longest_missing = std::max(longest_missing, m.size());
      if (!trim(m).empty()) missing_begins[static_cast<uint8_t>(trim(m)[0])] = true;
    }
    if (!options.delimiter) options.delimiter = sniff_delimiter();
    cutter->start(*options.delimiter, start);
    if (!cutter->next()) cutter->fail(1, 0, start, "the file holds no rows; give another");
    width = cutter->size();
    if (!options.header) options.header = sniff_header();
    name_columns();
    rewind();
  }

  /// The delimiter that cuts most of the first rows into one and the same number of cells above 1.
  char sniff_delimiter() {
    char best = ',';
    double most = 0;
    for (const char c : {',', ';', '\t', '|'}) {
      const double score = rate(c);
      if (score > most * 1.0000001) {
        most = score;
        best = c;
      }
    }
    return best;
  }
  double rate(char delimiter) {
    std::vector<size_t> widths;
    try {
      cutter->start(delimiter, start);
      while (widths.size() < kSniffedRows && cutter->next()) widths.push_back(cutter->size());
    } catch (const FileError&) {  // quotes that make no sense with this one, or with any: reading will tell
    }
    if (widths.empty() || widths[0] < 2) return 0;
    const auto same = static_cast<double>(std::count(widths.begin(), widths.end(), widths[0]));
    return same / static_cast<double>(widths.size()) + static_cast<double>(std::min<size_t>(widths[0], 1000)) * 1e-6;
  }

  bool sniff_header() {
    std::vector<std::string> first;
    for (size_t i = 0; i < width; ++i) {
      first.emplace_back(trim((*cutter)[i]));
      const bool index = i == 0 && width > 1 && first[0].empty();  // row numbers as pandas writes them
      if (!index && (first.back().empty() || parse_number(first.back()))) return false;
    }
    const bool different = std::unordered_set<std::string>(first.begin(), first.end()).size() == width;
    size_t rows = 0;
    bool numbers = false, repeats = false, names_repeat = false;
    std::vector<std::unordered_set<std::string>> seen(width);
    for (; rows < kSniffedRows && cutter->next() && cutter->size() == width; ++rows)
      for (size_t i = 0; i < width; ++i) {
        const std::string value(trim((*cutter)[i]));
        if (missing.count(value)) continue;
        numbers = numbers || parse_number(value);
        names_repeat = names_repeat || value == first[i];
        repeats = !seen[i].insert(value).second || repeats;
      }
    return numbers || (different && (rows == 0 || (width > 1 && repeats && !names_repeat)));
  }

  void name_columns() {
    cutter->start(*options.delimiter, start);
    cutter->next();
    std::unordered_set<std::string> seen;
    for (size_t i = 0; i < width; ++i) {
      std::string column = *options.header ? std::string(trim((*cutter)[i])) : fmt::format("column_{}", i + 1);
      if (column.empty()) column = fmt::format("column_{}", i + 1);
      if (!seen.insert(column).second)
        cutter->fail(1, i, start, fmt::format("the name \"{}\" stands twice in the header; rename one", column));
      names.push_back(std::move(column));
    }
  }

  void rewind() {
    cutter->start(*options.delimiter, start);
    if (*options.header) cutter->next();
  }

  std::string name;
  CsvOptions options;
  MappedFile file;
  std::string text;
  size_t size = 0, start = 0, width = 0;
  std::optional<Cutter> cutter;
  std::unordered_set<std::string> missing;
  size_t longest_missing = 0;
  std::array<bool, 256> missing_begins{};  // by their first byte: most cells need no look at the set
  std::vector<std::string> names;
};

CsvReader::CsvReader(const std::string& path, CsvOptions options)
    : state_(std::make_unique<State>(path, std::move(options))) {
  state_->file = MappedFile(path, "csv");
  state_->open(reinterpret_cast<const char*>(state_->file.data()), state_->file.size());
}
CsvReader::CsvReader(std::string text, std::string name, CsvOptions options)
    : state_(std::make_unique<State>(std::move(name), std::move(options))) {
  state_->text = std::move(text);
  state_->open(state_->text.data(), state_->text.size());
}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

const std::vector<std::string>& CsvReader::names() const { return state_->names; }
char CsvReader::delimiter() const { return *state_->options.delimiter; }
bool CsvReader::has_header() const { return *state_->options.header; }
const std::string& CsvReader::path() const { return state_->name; }
size_t CsvReader::bytes() const { return state_->size; }
int64_t CsvReader::line() const { return state_->cutter->line(); }
void CsvReader::rewind() { state_->rewind(); }

bool CsvReader::next() {
  Cutter& cutter = *state_->cutter;
  if (!cutter.next()) return false;
  if (cutter.size() != state_->width)
    cutter.fail(cutter.line(), std::min(cutter.size(), state_->width), cutter.at(),
                fmt::format("the row has {} cells where the first has {}; quote cells that hold '{}'", cutter.size(),
                            state_->width, delimiter()));
  return true;
}

std::string_view CsvReader::cell(size_t column) const { return (*state_->cutter)[column]; }
std::string_view CsvReader::trimmed(size_t column) const { return trim(cell(column)); }
bool CsvReader::is_missing(size_t column) const {
  const std::string_view text = trimmed(column);
  const State& s = *state_;
  if (!text.empty() && !s.missing_begins[static_cast<uint8_t>(text[0])]) return false;
  return text.size() <= s.longest_missing && s.missing.count(std::string(text)) != 0;
}

void CsvReader::fail(size_t column, const std::string& what) const {
  const Cutter& cutter = *state_->cutter;
  cutter.fail(line(), column, cutter.at(), fmt::format("(\"{}\") {}", names().at(column), what));
}

std::optional<double> parse_number(std::string_view text, char decimal) {
  text = trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  if (text.empty() || (text[0] != '-' && text[0] != '.' && text[0] != decimal && (text[0] < '0' || text[0] > '9')))
    return std::nullopt;  // no "inf" and "nan": a word is a word
  char swapped[64];
  if (decimal != '.') {
    if (text.size() >= sizeof swapped) return std::nullopt;
    std::replace_copy(text.begin(), text.end(), swapped, decimal, '.');
    text = {swapped, text.size()};
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || (text[0] == '-' && text.size() > 1 && (text[1] == 'i' || text[1] == 'n')))
    return std::nullopt;
  if (error != std::errc()) return std::nullopt;  // beyond a double
  return value;
}

std::string csv_line(const std::vector<std::string>& cells, char delimiter) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += delimiter;
    const std::string& cell = cells[i];
    const bool quoted = (cells.size() == 1 && cell.empty()) || cell.find_first_of("\"\r\n") != std::string::npos ||
                        cell.find(delimiter) != std::string::npos || trim(cell).size() != cell.size();
    if (!quoted) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
    out += '"';
  }
  return out;
}

}  // namespace hearth::io
