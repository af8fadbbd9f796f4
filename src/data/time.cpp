// Dates as numbers.
#include "data/time.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/fail.h"
#include "hearth/data/table.h"

namespace hearth::data {

// Days by the proleptic Gregorian calendar. http://howardhinnant.github.io/date_algorithms.html
int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Civil civil_from_days(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t of_era = days - era * 146097;
  const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t shifted = (5 * of_year + 2) / 153;
  const int64_t month = shifted + (shifted < 10 ? 3 : -9);
  return {year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1};
}

namespace {

/// Takes numbers and signs off the front of a text.
struct Scanner {
  std::string_view text;

  std::optional<int64_t> digits(size_t least, size_t most) {
    size_t n = 0;
    int64_t value = 0;
    while (n < text.size() && n < most && text[n] >= '0' && text[n] <= '9') value = value * 10 + (text[n++] - '0');
    if (n < least) return std::nullopt;
    text.remove_prefix(n);
    return value;
  }
  bool one_of(std::string_view signs) {
    if (text.empty() || signs.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  }
};

int64_t days_in(int64_t year, int64_t month) {
  return days_from_civil(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
         days_from_civil(year, month, 1);
}

/// hh:mm[:ss[.fff]] and the zone behind it, in seconds.
std::optional<double> parse_clock(Scanner& s) {
  const auto hour = s.digits(2, 2);
  if (!hour || !s.one_of(":")) return std::nullopt;
  const auto minute = s.digits(2, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  double seconds = static_cast<double>(*hour * 3600 + *minute * 60);
  if (s.one_of(":")) {
    const auto whole = s.digits(2, 2);
    if (!whole || *whole > 60) return std::nullopt;
    seconds += static_cast<double>(*whole);
    if (s.one_of(".")) {
      const size_t before = s.text.size();
      const auto part = s.digits(1, 9);
      if (!part) return std::nullopt;
      seconds += static_cast<double>(*part) / std::pow(10, before - s.text.size());
    }
  }
  if (s.one_of("Z")) return seconds;
  const bool east = !s.text.empty() && s.text[0] == '+';
  if (!s.one_of("+-")) return seconds;
  const auto hours = s.digits(2, 2);
  s.one_of(":");
  const auto minutes = s.digits(2, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const auto shift = static_cast<double>(*hours * 3600 + *minutes * 60);
  return east ? seconds - shift : seconds + shift;
}

}  // namespace

std::optional<double> parse_time(std::string_view text) {
  Scanner s{text};
  const auto year = s.digits(4, 4);
  const char sign = s.text.empty() ? '\0' : s.text[0];
  if (!year || !s.one_of("-/")) return std::nullopt;
  const auto month = s.digits(1, 2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  if (s.text.empty() && sign == '-') return static_cast<double>(days_from_civil(*year, *month, 1)) * kDay;
  if (!s.one_of({&sign, 1})) return std::nullopt;
  const auto day = s.digits(1, 2);
  if (!day || *day < 1 || *day > days_in(*year, *month)) return std::nullopt;
  double seconds = static_cast<double>(days_from_civil(*year, *month, *day)) * kDay;
  if (s.one_of("T ")) {
    const auto clock = parse_clock(s);
    if (!clock) return std::nullopt;
    seconds += *clock;
  }
  return s.text.empty() ? std::optional(seconds) : std::nullopt;
}

std::string time_text(double seconds) {
  const double days = std::floor(seconds / kDay);
  if (!(std::abs(days) < 1e8)) return "a time beyond reason";
  const Civil c = civil_from_days(static_cast<int64_t>(days));
  const auto rest = static_cast<int64_t>(std::floor(seconds - days * kDay));
  std::string out = fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
  if (rest > 0) out += fmt::format("T{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  return out;
}

int month_number(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                               "may",       "june",     "july",     "august",
                                                               "september", "october",  "november", "december"};
  std::string lower(name.substr(0, 16));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (lower.size() > 1 && lower.back() == '.') lower.pop_back();
  for (size_t i = 0; i < kMonths.size(); ++i)
    if (lower == kMonths[i] || (lower.size() == 3 && kMonths[i].substr(0, 3) == lower) || (i == 8 && lower == "sept"))
      return static_cast<int>(i) + 1;
  return 0;
}

}  // namespace hearth::data
