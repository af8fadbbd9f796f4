#pragma once

#include <cstdint>

namespace hearth::data {

constexpr double kDay = 86400;

struct Civil {
  int64_t year, month, day;
};
/// Days since 1970-01-01.
int64_t days_from_civil(int64_t year, int64_t month, int64_t day);
Civil civil_from_days(int64_t days);

}  // namespace hearth::data
